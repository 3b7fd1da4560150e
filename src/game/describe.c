/*
 * Telling about a game: situations in words, the way to a place, names of joint actions, counts.
 */
#include <assert.h>
#include <string.h>

#include "game/game.h"
#include "model/calendar.h"

void dt_game_unpack(const dt_game *game, uint32_t place, int *slot)
{
    assert(place < game->nodes + game->leaves);
    const uint32_t *key = game->key + (size_t)place * game->layout.words;
    for (int i = 0; i < game->model->slots; i++)
        slot[i] = dt_key_get(&game->layout.field[i], key);
    for (int v = 0; v < game->model->variables; v++) {
        if (game->known[v] != DT_DRAWN)
            slot[v] = game->known[v];
    }
}

uint32_t dt_game_stage(const dt_game *game, uint32_t place)
{
    uint32_t stage = 0;
    while (stage < game->stages && place >= game->stage_first[stage + 1])
        stage++;
    return stage;
}

uint32_t dt_game_count(const dt_game *game, uint32_t stage, uint32_t period)
{
    assert(stage <= game->stages && game->depths > 0);
    uint32_t depth = period < game->depths ? period : game->depths - 1;
    return game->stage_count[(size_t)depth * (game->stages + 1) + stage];
}

void dt_game_describe(const dt_game *game, uint32_t place, dt_text *text)
{
    const dt_model *model = game->model;
    int *slot = dt_new(text->arena, int, (size_t)model->slots);
    dt_game_unpack(game, place, slot);
    bool any = false;
    for (int i = 0; i < model->slots; i++) {
        if ((i >= model->variables && slot[i] == 0) || dt_slot_is_private(model, i))
            continue; /* a choice that isn't live, or of a stage that was skipped; or it isn't known */
        dt_text_print(text, "%s", any ? " " : "");
        dt_slot_name(model, i, text);
        dt_text_print(text, "=");
        dt_slot_value_name(model, i, slot[i], text);
        any = true;
    }
    if (!any)
        dt_text_print(text, "(no variables)");
}

void dt_option_name(const dt_game *game, const dt_menu *menu, int k, int option, dt_text *text)
{
    const dt_stage *stage = &game->model->stage[menu->stage];
    for (int i = 0; i < k; i++)
        option += menu->options[i];
    const int *action = menu->action + option * stage->movers;
    bool any = false;
    for (int m = 0; m < stage->movers; m++) {
        if (action[m] == DT_NONE)
            continue;
        dt_text_print(text, "%s%s.%s", any ? " + " : "",
                      dt_owner_name(game->model, stage->mover[m]),
                      stage->action[action[m]].is.name);
        any = true;
    }
}

dt_place dt_game_text_place(const dt_game *game, uint32_t place)
{
    const dt_model *model = game->model;
    const uint32_t stage = dt_game_stage(game, place);
    if (stage < game->stages)
        return model->stage[stage].is.place;
    for (int t = 0; t < model->terms; t++) {
        if (model->term[t].payoff != DT_NONE)
            return model->term[t].payoff_place;
    }
    return model->is.place;
}

/* One step of a way: what was done at `node` for play to come to `next`. */
static void describe_step(const dt_game *game, uint32_t node, uint32_t next, dt_text *text)
{
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    dt_text_print(text, "%s: ", game->model->stage[menu->stage].is.name);
    uint64_t cell = game->node_cell[node];
    for (; cell < game->node_cell[node + 1]; cell++) {
        bool leads = false;
        for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
            leads |= game->branch_target[b] == next;
        if (leads)
            break;
    }
    if (menu->agents == 0)
        dt_text_print(text, "chance");
    int rest = (int)(cell - game->node_cell[node]);
    int cells = menu->cells;
    for (int k = 0; k < menu->agents; k++) {
        cells /= menu->options[k];
        dt_text_print(text, "%s", k ? ", " : "");
        dt_option_name(game, menu, k, rest / cells, text);
        rest %= cells;
    }
}

/* For each place that is met on the search from the start, the one before it: a node, or the leaf
 * that ends the period before. DT_NOWHERE: the start, or not met. */
static uint32_t *find_ways(const dt_game *game, uint32_t goal, dt_arena *arena)
{
    uint32_t places = game->nodes + game->leaves;
    uint32_t *before = dt_new(arena, uint32_t, places);
    memset(before, 0xff, places * sizeof *before);
    uint8_t *met = dt_new(arena, uint8_t, places);
    dt_indices queue = {0};
    for (uint32_t i = 0; i < game->starts; i++) {
        const uint32_t start = game->state_place[i];
        if (!met[start])
            dt_push(arena, &queue, start);
        met[start] = 1;
    }
    for (size_t done = 0; done < queue.count && !met[goal]; done++) {
        uint32_t place = queue.at[done];
        if (place >= game->nodes) {
            uint32_t state = game->leaf_next[place - game->nodes];
            uint32_t next = state == DT_NOWHERE ? DT_NOWHERE : game->state_place[state];
            if (next != DT_NOWHERE && !met[next]) {
                met[next] = 1;
                before[next] = place;
                dt_push(arena, &queue, next);
            }
            continue;
        }
        uint64_t first = game->cell_branch[game->node_cell[place]];
        uint64_t end = game->cell_branch[game->node_cell[place + 1]];
        for (uint64_t b = first; b < end; b++) {
            uint32_t next = game->branch_target[b];
            if (!met[next]) {
                met[next] = 1;
                before[next] = place;
                dt_push(arena, &queue, next);
            }
        }
    }
    dt_drop(arena, &queue);
    return before;
}

void dt_game_way(const dt_game *game, uint32_t place, dt_text *text)
{
    enum { SHOWN = 24 };
    uint32_t *before = find_ways(game, place, text->arena);
    dt_indices way = {0}; /* from the place back to the start */
    for (uint32_t at = place; at != DT_NOWHERE; at = before[at])
        dt_push(text->arena, &way, at);
    uint32_t period = 1;
    size_t steps = way.count;
    for (size_t i = steps; i-- > 1;) {
        bool leaf = way.at[i] >= game->nodes;
        bool shown = steps - i <= SHOWN / 2 || i <= SHOWN / 2;
        if (!shown && steps - i == SHOWN / 2 + 1)
            dt_text_print(text, "  ...\n");
        if (!leaf && shown) {
            dt_text_print(text, "  ");
            dt_period_print(game->model, period, text);
            dt_text_print(text, ", ");
            describe_step(game, way.at[i], way.at[i - 1], text);
            dt_text_print(text, "\n");
        }
        period += leaf;
    }
    dt_text_print(text, "  ");
    dt_period_print(game->model, period, text);
    dt_text_print(text, ", here\n");
    dt_drop(text->arena, &way);
}

dt_counts dt_game_counts(const dt_game *game)
{
    if (!game)
        return (dt_counts){0};
    dt_counts counts = {
        .states = game->states,
        .nodes = game->nodes,
        .branches = game->branches,
        .coefficients = game->coefficient->list.count,
        .bytes = dt_arena_bytes(game->arena),
    };
    for (uint32_t n = 0; n < game->nodes; n++) {
        int agents = game->menu[game->node_menu[n]].agents;
        counts.chance += agents == 0;
        counts.sole += agents == 1;
        counts.simultaneous += agents > 1;
    }
    return counts;
}

const char *dt_game_name(const dt_game *game)
{
    return game ? game->rules->name : "";
}

void dt_game_settings(const dt_game *game, double *values)
{
    if (!game || !values)
        return;
    const dt_regime *in = game->rules->regime;
    for (int i = 0; i < in->sets; i++)
        values[in->set[i].parameter] = in->set[i].value;
}

uint32_t dt_game_row_place(const dt_game *game, uint32_t row)
{
    for (uint32_t n = 0; n < game->nodes; n++) {
        for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
            if (dt_cell_row(game, c) == row)
                return n;
        }
    }
    uint32_t leaf = 0;
    while (leaf + 1 < game->leaves && game->leaf_payoff[leaf] != row)
        leaf++;
    return game->nodes + leaf;
}
