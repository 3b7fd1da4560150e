/*
 * Laying out what the search found: nodes of each stage one after the other, leaves behind them,
 * branches rewritten from (kind, number) to places. The lists of the search are given back as they
 * are copied, so that the peak is little more than the game itself. Also used half-way, when an
 * error is to be told with the way that leads to it; nodes not yet expanded then have no cells.
 */
#include <assert.h>
#include <string.h>

#include "game/explore.h"

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
    game->row_column = dt_new(explorer->arena, uint32_t, entries);
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
            game->row_column[at] = words[i];
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
        game->stage_first[s + 1] = game->stage_first[s] + dt_keys_count(&explorer->keys, s);
    game->nodes = game->stage_first[game->stages];
    game->leaves = game->stage_first[game->stages + 1] - game->nodes;
    game->states = dt_keys_count(&explorer->keys, explorer->state_kind);
    game->depths = (uint32_t)(explorer->counts.count / (game->stages + 1));
    game->stage_count = take_indices(explorer, &explorer->counts, explorer->counts.count);

    dt_keys_drop_table(&explorer->keys);
    game->key_words = explorer->keys.words;
    size_t words = (size_t)(game->nodes + game->leaves) * game->key_words;
    game->key = dt_new(explorer->arena, uint32_t, words);
    uint32_t *key = game->key;
    for (uint32_t s = 0; s <= explorer->leaf_kind; s++) {
        const dt_indices *keys = &explorer->keys.key[s];
        if (keys->count)
            memcpy(key, keys->at, keys->count * sizeof *key);
        key += keys->count;
        dt_drop(explorer->arena, &explorer->keys.key[s]);
    }
    dt_drop(explorer->arena, &explorer->keys.key[explorer->state_kind]);
    game->slot_word = explorer->slot_word;
    game->slot_shift = explorer->slot_shift;
    game->slot_mask = explorer->slot_mask;

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

/* Copies one stage's nodes, cells and branches behind those of the stages before it. */
static void take_stage(dt_explorer *explorer, uint32_t stage, uint64_t *cell, uint64_t *branch)
{
    dt_game *game = explorer->game;
    dt_stage_found *found = &explorer->found[stage];
    size_t in_cell = 0, in_branch = 0;
    for (uint32_t n = game->stage_first[stage]; n < game->stage_first[stage + 1]; n++) {
        uint32_t i = n - game->stage_first[stage];
        game->node_cell[n] = *cell;
        game->node_option[n] = game->options;
        if (i >= found->cells.count)
            continue;
        game->node_menu[n] = found->menu.at[i];
        game->options += (uint64_t)explorer->menu.at[found->menu.at[i]].total;
        for (uint32_t c = 0; c < found->cells.at[i]; c++, in_cell++) {
            game->cell_row[*cell] = found->cell_row.at[in_cell];
            game->cell_branch[*cell] = *branch;
            *cell += 1;
            for (uint32_t b = 0; b < found->cell_branches.at[in_cell]; b++, in_branch++) {
                game->branch_target[*branch] =
                    game->stage_first[found->kind.at[in_branch]] + found->target.at[in_branch];
                game->branch_coefficient[*branch] = found->coefficient.at[in_branch];
                assert(game->branch_target[*branch] > n);
                *branch += 1;
            }
        }
    }
    dt_drop(explorer->arena, &found->menu);
    dt_drop(explorer->arena, &found->cells);
    dt_drop(explorer->arena, &found->cell_row);
    dt_drop(explorer->arena, &found->cell_branches);
    dt_drop(explorer->arena, &found->target);
    dt_drop(explorer->arena, &found->kind);
    dt_drop(explorer->arena, &found->coefficient);
}

static void take_nodes(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    for (uint32_t s = 0; s < game->stages; s++) {
        dt_stage_found *found = &explorer->found[s];
        /* A node whose expansion failed may have left cells and branches behind. */
        uint64_t cells = 0, branches = 0;
        for (size_t i = 0; i < found->cells.count; i++)
            cells += found->cells.at[i];
        for (size_t c = 0; c < cells; c++)
            branches += found->cell_branches.at[c];
        game->cells += cells;
        game->branches += branches;
    }
    game->menus = (uint32_t)explorer->menu.count;
    game->menu = explorer->menu.at;
    game->node_menu = dt_new(explorer->arena, uint32_t, game->nodes);
    game->node_cell = dt_new(explorer->arena, uint64_t, (size_t)game->nodes + 1);
    game->node_option = dt_new(explorer->arena, uint64_t, (size_t)game->nodes + 1);
    game->cell_row = dt_new(explorer->arena, uint32_t, game->cells);
    game->cell_branch = dt_new(explorer->arena, uint64_t, game->cells + 1);
    game->branch_target = dt_new(explorer->arena, uint32_t, game->branches);
    game->branch_coefficient = dt_new(explorer->arena, uint32_t, game->branches);
    uint64_t cell = 0, branch = 0;
    for (uint32_t s = 0; s < game->stages; s++)
        take_stage(explorer, s, &cell, &branch);
    assert(cell == game->cells && branch == game->branches);
    game->node_cell[game->nodes] = cell;
    game->node_option[game->nodes] = game->options;
    game->cell_branch[cell] = branch;
}

void dt_explorer_assemble(dt_explorer *explorer)
{
    dt_game *game = explorer->game;
    take_rows(explorer);
    take_places(explorer);
    take_leaves(explorer);
    take_nodes(explorer);
    game->checks = (uint32_t)explorer->engine->checks.count;
    game->check = explorer->engine->checks.at;
    for (uint32_t i = 0; i < game->checks; i++)
        game->check[i].where += game->stage_first[explorer->check_stage.at[i]];
}

void dt_explorer_fail(dt_explorer *explorer, uint32_t kind, uint32_t number, const dt_fault *fault)
{
    dt_explorer_assemble(explorer);
    uint32_t place = explorer->game->stage_first[kind] + number;
    dt_text state = {.arena = explorer->arena};
    dt_text_print(&state, "in the state ");
    dt_game_describe(explorer->game, place, &state);
    dt_text_print(&state, "\nreached by\n");
    dt_game_way(explorer->game, place, &state);
    dt_complain_more(explorer->diagnostics, fault->code, fault->place, NULL, dt_text_get(&state),
                     fault->first, fault->second, fault->third);
}
