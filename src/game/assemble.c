/*
 * Laying out what the search found: nodes of each stage one after the other, leaves behind them,
 * branches rewritten from (kind, number) to places. The lists of the search are given back as they
 * are copied, so that the peak is little more than the game itself. Also used half-way, when an
 * error is to be told with the way that leads to it; nodes not yet expanded then have no cells.
 */
#include <assert.h>
#include <string.h>

#include "game/explorer.h"
#include "game/secret.h"

static uint32_t *take_indices(dt_explorer *explorer, dt_indices *list, size_t count)
{
    assert(list->count <= count);
    uint32_t *copy = dt_new(explorer->arena, uint32_t, count);
    if (list->count)
        memcpy(copy, list->at, list->count * sizeof *copy);
    dt_drop(explorer->arena, list);
    return copy;
}

static void take_rows(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    const dt_sequences *rows = &explorer->rows;
    game->rows = (uint32_t)rows->first.count;
    size_t entries = (rows->words.count - (game->rows - 1)) / 2; /* a marker each, but row 0 */
    game->row_first = dt_new(explorer->arena, uint32_t, (size_t)game->rows + 1);
    game->row_column = dt_new(explorer->arena, uint16_t, entries);
    game->row_coefficient = dt_new(explorer->arena, uint32_t, entries);
    game->row_pays = dt_new(explorer->arena, uint8_t, game->rows);
    uint32_t at = 0;
    for (uint32_t r = 0; r < game->rows; r++) {
        game->row_first[r] = at;
        game->row_pays[r] = 1;
        uint32_t length = dt_sequence_length(rows, r);
        const uint32_t *words = length ? rows->words.at + rows->first.at[r] : NULL;
        if (length)
            game->row_pays[r] = (uint8_t)words[0];
        for (uint32_t i = 1; i < length; i += 2, at++) {
            assert(words[i] <= UINT16_MAX);
            game->row_column[at] = (uint16_t)words[i];
            game->row_coefficient[at] = words[i + 1];
        }
    }
    assert(at == entries);
    game->row_first[game->rows] = at;
    dt_sequences_drop(&explorer->rows);
    dt_sequences_drop(&explorer->menus);
}

static void take_places(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    game->stage_first = dt_new(explorer->arena, uint32_t, (size_t)game->stages + 2);
    for (uint32_t s = 0; s <= explorer->leaf_kind; s++)
        game->stage_first[s + 1] = game->stage_first[s] + explorer->keys[s].count;
    game->nodes = game->stage_first[game->stages];
    game->leaves = game->stage_first[game->stages + 1] - game->nodes;
    game->states = explorer->keys[explorer->state_kind].count;
    game->depths = (uint32_t)(explorer->counts.count / (game->stages + 1));
    game->stage_count = take_indices(explorer, &explorer->counts, explorer->counts.count);

    for (uint32_t k = 0; k <= explorer->state_kind; k++)
        dt_keys_drop_table(&explorer->keys[k]);
    game->layout = explorer->layout;
    size_t words = (size_t)(game->nodes + game->leaves) * game->layout.words;
    game->key = dt_room(explorer->arena, words);
    uint32_t *key = game->key;
    for (uint32_t s = 0; s <= explorer->leaf_kind; s++) {
        const dt_indices *keys = &explorer->keys[s].key;
        if (keys->count)
            memcpy(key, keys->at, keys->count * sizeof *key);
        key += keys->count;
        dt_drop(explorer->arena, &explorer->keys[s].key);
    }
    dt_drop(explorer->arena, &explorer->keys[explorer->state_kind].key);

    game->state_place = dt_new(explorer->arena, uint32_t, game->states);
    for (size_t s = 0; s < explorer->state_number.count; s++)
        game->state_place[s] =
            game->stage_first[explorer->state_kind_of.at[s]] + explorer->state_number.at[s];
    dt_drop(explorer->arena, &explorer->state_kind_of);
    dt_drop(explorer->arena, &explorer->state_number);
}

static void take_leaves(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    size_t done = explorer->leaf_ended.count;
    game->leaf_next = take_indices(explorer, &explorer->leaf_next, game->leaves);
    for (size_t l = done; l < game->leaves; l++)
        game->leaf_next[l] = DT_NOWHERE;
    game->leaf_payoff = take_indices(explorer, &explorer->leaf_payoff, game->leaves);
    game->leaf_outcome = take_indices(explorer, &explorer->leaf_outcome, game->leaves);
    game->leaf_standing = take_indices(explorer, &explorer->leaf_standing, game->leaves);
    game->leaf_ended = dt_new(explorer->arena, uint8_t, game->leaves);
    if (done)
        memcpy(game->leaf_ended, explorer->leaf_ended.at, done);
    dt_drop(explorer->arena, &explorer->leaf_ended);
}

static void take_moves(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    const dt_sequences *moves = &explorer->moves;
    game->moves = (uint32_t)moves->first.count;
    game->most_values = explorer->engine->most_types;
    game->move = dt_new(explorer->arena, uint8_t, moves->words.count);
    for (size_t i = 0; i < moves->words.count; i++)
        game->move[i] = (uint8_t)moves->words.at[i];
    dt_sequences_drop(&explorer->moves);
}

static void take_forms(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    const uint32_t each = explorer->model->privates ? 2 : 1; /* words of a branch */
    const dt_sequences *forms = &explorer->forms;
    game->forms = (uint32_t)forms->first.count;
    game->form_row = dt_new(explorer->arena, uint32_t, game->forms);
    game->form_first = dt_new(explorer->arena, uint32_t, (size_t)game->forms + 1);
    const size_t all = (forms->words.count - game->forms) / each;
    game->form_coefficient = dt_new(explorer->arena, uint32_t, all);
    game->form_move = game->moves > 1 ? dt_new(explorer->arena, uint16_t, all) : NULL;
    uint32_t at = 0;
    for (uint32_t f = 0; f < game->forms; f++) {
        const uint32_t *word = dt_sequence_at(forms, f);
        const uint32_t branches = (dt_sequence_length(forms, f) - 1) / each;
        game->form_row[f] = word[0];
        game->form_first[f] = at;
        memcpy(game->form_coefficient + at, word + 1, branches * sizeof *word);
        for (uint32_t b = 0; b < branches && game->form_move; b++)
            game->form_move[at + b] = (uint16_t)word[1 + branches + b];
        at += branches;
    }
    assert(at == all);
    game->form_first[game->forms] = at;
    dt_sequences_drop(&explorer->forms);
}

/* Copies one stage's nodes, cells and branches behind those of the stages before it. */
static void take_stage(dt_explorer *explorer, uint32_t stage)
{
    dt_game *game = explorer->game;
    dt_stage_found *found = &explorer->found[stage];
    size_t in_stage = 0;
    for (uint32_t n = game->stage_first[stage]; n < game->stage_first[stage + 1]; n++) {
        uint32_t i = n - game->stage_first[stage];
        game->node_cell[n] = (uint32_t)game->cells;
        if (i >= found->outline.count)
            continue;
        const uint32_t *outline = dt_sequence_at(&explorer->outlines, found->outline.at[i]);
        const dt_menu *menu = &explorer->menu.at[outline[0]];
        game->node_menu[n] = outline[0];
        for (int c = 1; c <= menu->cells; c++) {
            game->cell_form[game->cells] = outline[c];
            game->cell_branch[game->cells++] = (uint32_t)(game->branches + in_stage);
            in_stage += game->form_first[outline[c] + 1] - game->form_first[outline[c]];
        }
    }
    assert(in_stage == found->target.count);
    uint32_t *target = game->branch_target + game->branches;
    for (size_t b = 0; b < in_stage; b++)
        target[b] = game->stage_first[found->kind.at[b]] + found->target.at[b];
    game->branches += in_stage;
    dt_drop(explorer->arena, &found->outline);
    dt_drop(explorer->arena, &found->target);
    dt_drop(explorer->arena, &found->kind);
}

/* Counts cells, branches and options, which are numbered by 32 bits. */
static void count_nodes(dt_explorer *explorer, uint64_t *cells, uint64_t *branches)
{
    uint64_t options = 0;
    *cells = *branches = 0;
    for (uint32_t s = 0; s < explorer->leaf_kind; s++) {
        const dt_stage_found *found = &explorer->found[s];
        *branches += found->target.count;
        for (size_t i = 0; i < found->outline.count; i++) {
            uint32_t menu = *dt_sequence_at(&explorer->outlines, found->outline.at[i]);
            *cells += (uint64_t)explorer->menu.at[menu].cells;
            options += (uint64_t)explorer->menu.at[menu].total;
        }
    }
    if (*cells >= UINT32_MAX || *branches >= UINT32_MAX || options >= UINT32_MAX)
        dt_refuse(explorer->arena, "a graph can't have more than 4294967294 branches or profiles "
                                   "of joint actions");
}

static void drop_search(dt_explorer *explorer)
{
    dt_sequences_drop(&explorer->outlines);
    for (uint32_t s = 0; s < explorer->leaf_kind; s++) {
        dt_stage_found *found = &explorer->found[s];
        dt_view_drop(&found->view);
        dt_drop(explorer->arena, &found->pattern);
        dt_drop(explorer->arena, &found->write);
        dt_drop(explorer->arena, &found->write_kind);
    }
    dt_formulas_drop(explorer->formulas);
    dt_leaf_row_drop(&explorer->payoffs);
    dt_leaf_row_drop(&explorer->outcomes);
}

static void take_dead(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    game->node_dead = dt_new(explorer->arena, uint8_t, game->nodes);
    for (uint32_t s = 0; s < game->stages; s++) {
        const dt_stage_found *found = &explorer->found[s];
        for (size_t i = 0; i < found->dead.count; i++)
            game->node_dead[game->stage_first[s] + i] = found->dead.at[i];
    }
}

static void take_nodes(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    uint64_t cells, branches;
    count_nodes(explorer, &cells, &branches);
    game->menus = (uint32_t)explorer->menu.count;
    game->menu = explorer->menu.at;
    game->node_menu = dt_new(explorer->arena, uint32_t, game->nodes);
    game->node_cell = dt_room(explorer->arena, (size_t)game->nodes + 1);
    game->cell_form = dt_room(explorer->arena, cells);
    game->cell_branch = dt_room(explorer->arena, cells + 1);
    game->branch_target = dt_room(explorer->arena, branches);
    for (uint32_t s = 0; s < game->stages; s++)
        take_stage(explorer, s);
    if (explorer->roots)
        take_dead(explorer);
    assert(cells == game->cells && branches == game->branches);
    game->node_cell[game->nodes] = (uint32_t)game->cells;
    game->cell_branch[game->cells] = (uint32_t)game->branches;
}

void dt_explorer_assemble(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    take_rows(explorer);
    take_places(explorer);
    take_leaves(explorer);
    take_moves(explorer);
    take_forms(explorer);
    take_nodes(explorer);
    drop_search(explorer);
    game->checks = (uint32_t)explorer->engine->checks.count;
    game->check = explorer->engine->checks.at;
    for (uint32_t i = 0; i < game->checks; i++) {
        if (game->check[i].where != DT_NOWHERE)
            game->check[i].where += game->stage_first[explorer->check_stage.at[i]];
    }
}

void dt_explorer_fail(dt_explorer *explorer, uint32_t kind, uint32_t number, const dt_fault *fault)
{
    if (explorer->roots && kind < explorer->leaf_kind)
        return;
    const dt_fault undefined = {
        .code = DT_UNDEFINED_CONDITION,
        .place = explorer->formulas->undefined,
        .first = explorer->rules->under,
        .secret = DT_NONE,
    };
    if (undefined.place.length != 0)
        fault = &undefined; /* whatever else is wrong may follow from it */
    assert(fault);
    dt_explorer_assemble(explorer);
    uint32_t place = explorer->game->stage_first[kind] + number;
    dt_text state = {.arena = explorer->arena};
    dt_text_print(&state, "in the state ");
    dt_game_describe(explorer->game, place, &state);
    if (fault->secret != DT_NONE) {
        dt_text_print(&state, ", if ");
        dt_secret_print(explorer->model, fault->secret, fault->value, &state);
    }
    dt_text_print(&state, "\nreached by\n");
    dt_game_way(explorer->game, place, &state);
    dt_complain_more(explorer->diagnostics, fault->code, fault->place, NULL, dt_text_get(&state),
                     fault->first, fault->second, fault->third);
}
