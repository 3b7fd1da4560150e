/*
 * Working out a pattern at one node: which actions its movers have, the cells that their joint
 * actions span, and for each cell what is paid on average and what it changes with which
 * probability. In a stage of several movers the draws of each mover's action are put together here:
 * assignments first, then the sum of all increments, saturated once. Branches are one if they lead to the
 * same place and take the stage's secret the same way.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "game/explorer.h"
#include "model/regime.h"

/* The node under expansion. */
typedef struct expansion {
    dt_explorer *explorer;
    uint32_t stage, number;
    const dt_stage *is;
    dt_stage_found *found;
    const dt_menu *menu;
    const uint32_t *base; /* its key */
    dt_draws *draws;      /* [actions] of enabled actions; [1] of a chance stage */
    dt_payments *payment; /* likewise */
} expansion;

/* `place`: of the policy's lines; what they say of actions is told there. */
static bool any_holds(dt_explorer *explorer, int count, const int64_t *condition,
                      const uint32_t *key, dt_place place)
{
    for (int i = 0; i < count; i++) {
        if (dt_formula_holds(explorer->formulas, condition[i], key, place))
            return true;
    }
    return false;
}

/* Sets words[1 + a] to whether action a can be chosen: its guard holds, nothing forbids it, and no
 * other action of its mover is forced unless it is forced too. False if some mover has none. */
static bool find_actions(const expansion *node, uint32_t *words)
{
    dt_explorer *explorer = node->explorer;
    const dt_stage *stage = node->is;
    const dt_orders *orders = explorer->rules->stage[node->stage].orders;
    const dt_place orders_place = explorer->rules->place;
    bool forced[DT_MAX_MOVERS] = {0}, able[DT_MAX_MOVERS] = {0};
    enum { ENABLED = 1, FORCED = 2 };
    for (int a = 0; a < stage->actions; a++) {
        words[1 + a] =
            dt_formula_holds(explorer->formulas, stage->action[a].guard, node->base,
                             stage->action[a].is.place) &&
            !any_holds(explorer, orders[a].forbids, orders[a].forbid, node->base, orders_place);
        if (words[1 + a] &&
            any_holds(explorer, orders[a].forces, orders[a].force, node->base, orders_place)) {
            words[1 + a] |= FORCED;
            forced[stage->action[a].mover] = true;
        }
    }
    for (int a = 0; a < stage->actions; a++) {
        int mover = stage->action[a].mover;
        words[1 + a] = forced[mover] ? words[1 + a] >> 1 : words[1 + a];
        assert(words[1 + a] <= ENABLED);
        able[mover] |= words[1 + a] != 0;
    }
    for (int m = 0; m < stage->movers; m++) {
        if (able[m])
            continue;
        const dt_rules *rules = explorer->rules;
        dt_text under = {.arena = explorer->arena};
        dt_text_print(&under, "%s", rules->under);
        if (rules->policy != DT_NONE && explorer->model->levers > 0) {
            dt_text_print(&under, ", with ");
            dt_settings_print(explorer->model, rules->setting, &under);
        }
        dt_fault fault = {
            .code = DT_NO_ACTION,
            .place = stage->is.place,
            .first = dt_owner_name(explorer->model, stage->mover[m]),
            .second = stage->is.name,
            .third = dt_text_get(&under),
            .secret = DT_NONE,
        };
        dt_explorer_fail(explorer, node->stage, node->number, &fault);
        return false;
    }
    return true;
}

/* Fills in one agent's joint actions: all combinations of its movers' enabled actions, the last
 * mover's varying fastest. `action` has a place for every option and mover. */
static void list_options(const expansion *node, const uint32_t *words, int agent, int options,
                         int *action)
{
    const dt_stage *stage = node->is;
    const dt_stage_rules *rules = &node->explorer->rules->stage[node->stage];
    int period = 1;
    for (int m = stage->movers - 1; m >= 0; m--) {
        if (rules->mover_agent[m] != agent) {
            for (int o = 0; o < options; o++)
                action[o * stage->movers + m] = DT_NONE;
            continue;
        }
        int count = 0;
        for (int a = 0; a < stage->actions; a++)
            count += stage->action[a].mover == m && words[1 + a];
        for (int o = 0; o < options; o++) {
            int pick = o / period % count;
            for (int a = 0; a < stage->actions; a++) {
                if (stage->action[a].mover == m && words[1 + a] && pick-- == 0)
                    action[o * stage->movers + m] = a;
            }
        }
        period *= count;
    }
}

/* The menu of a new set of enabled actions. False if it spans too many cells. */
static bool make_menu(const expansion *node, const uint32_t *words)
{
    dt_explorer *explorer = node->explorer;
    dt_arena *arena = explorer->arena;
    const dt_stage *stage = node->is;
    const dt_stage_rules *rules = &explorer->rules->stage[node->stage];
    dt_menu menu = {.stage = (int)node->stage, .agents = rules->agents, .cells = 1};
    menu.agent = rules->agent;
    int *options = dt_new(arena, int, (size_t)rules->agents);
    for (int k = 0; k < rules->agents; k++) {
        options[k] = 1;
        for (int m = 0; m < stage->movers; m++) {
            int count = 0;
            for (int a = 0; a < stage->actions; a++)
                count += stage->action[a].mover == m && words[1 + a];
            if (rules->mover_agent[m] == rules->agent[k] && options[k] <= DT_MAX_CELLS)
                options[k] *= count;
        }
        menu.cells = menu.cells <= DT_MAX_CELLS
                         ? menu.cells * (options[k] <= DT_MAX_CELLS ? options[k] : DT_MAX_CELLS + 1)
                         : menu.cells;
        menu.total += options[k];
        if (menu.cells > DT_MAX_CELLS) {
            char most[32];
            dt_fault fault = {.code = DT_TOO_MANY_PROFILES,
                              .place = stage->is.place,
                              .first = stage->is.name,
                              .second = dt_print_number(most, DT_MAX_CELLS),
                              .secret = DT_NONE};
            dt_explorer_fail(explorer, node->stage, node->number, &fault);
            return false;
        }
    }
    menu.options = options;
    int *action = dt_new(arena, int, (size_t)menu.total *(size_t)stage->movers);
    menu.action = action;
    for (int k = 0; k < rules->agents; k++) {
        list_options(node, words, rules->agent[k], options[k], action);
        action += options[k] * stage->movers;
    }
    dt_push(arena, &explorer->menu, menu);
    return true;
}

/* Finds what can be chosen at the node, and its menu. */
static bool choose_menu(expansion *node)
{
    dt_explorer *explorer = node->explorer;
    uint32_t length = 1 + (uint32_t)node->is->actions;
    explorer->row.count = 0;
    dt_reserve(explorer->arena, &explorer->row, length);
    uint32_t *words = explorer->row.at;
    words[0] = node->stage;
    if (!find_actions(node, words))
        return false;
    for (int a = 0; a < node->is->actions; a++)
        explorer->game->action_reached[explorer->first_action[node->stage] + a] |=
            (uint8_t)words[1 + a];
    bool added;
    uint32_t menu = dt_sequences_intern(&explorer->menus, words, length, &added);
    if (added && !make_menu(node, words))
        return false;
    node->menu = &explorer->menu.at[menu];
    explorer->outline.count = 0;
    dt_push(explorer->arena, &explorer->outline, menu);
    return true;
}

/* Runs effects from the node's situation; tells a fault. */
static bool run_effects(expansion *node, dt_effects effects, int at)
{
    dt_explorer *explorer = node->explorer;
    dt_effects_engine *engine = explorer->engine;
    engine->where = node->number;
    bool fine = dt_effects_run(engine, effects, node->base, node->is->movers > 1, &node->draws[at],
                               &node->payment[at]);
    while (explorer->check_stage.count < engine->checks.count)
        dt_push(explorer->arena, &explorer->check_stage, node->stage);
    if (!fine)
        dt_explorer_fail(explorer, node->stage, node->number, &engine->fault);
    return fine;
}

static void begin_cell(dt_explorer *explorer)
{
    explorer->chance.count = explorer->moved.count = 0;
    explorer->branch.count = 0;
    explorer->branch.key.count = 0;
    if (explorer->branch.bits)
        dt_keys_drop_table(&explorer->branch);
    memset(explorer->overwritten, 0, explorer->layout.words * sizeof *explorer->overwritten);
}

static void end_cell(dt_explorer *explorer, uint32_t row)
{
    bool added;
    const uint32_t types = explorer->engine->types;
    explorer->form.count = 0;
    dt_push(explorer->arena, &explorer->form, row);
    for (size_t b = 0; b < explorer->moved.count; b++)
        dt_push(explorer->arena, &explorer->form,
                dt_effects_choose(explorer->engine, explorer->chance.at + b * types));
    for (size_t b = 0; b < explorer->moved.count && explorer->model->privates; b++)
        dt_push(explorer->arena, &explorer->form, explorer->moved.at[b]);
    dt_push(explorer->arena, &explorer->outline,
            dt_sequences_intern(&explorer->forms, explorer->form.at, (uint32_t)explorer->form.count,
                                &added));
}

/* The cell takes an action, or chance its course (0): notes what is overwritten in all its draws. */
static void take_action(expansion *node, int action)
{
    dt_explorer *explorer = node->explorer;
    const uint32_t words = explorer->layout.words;
    for (uint32_t w = 0; w < words; w++)
        explorer->overwritten[w] |= node->found->assigned[(size_t)action * words + w];
}

/* Writes what takes the node's key to explorer->after, at a place of some kind: choices are kept
 * while they are live; overwritten fields and the stage's own choices are set, the other variables
 * changed by as much as they were here. One addition does both, as no field overflows. */
static void describe_change(expansion *node, uint32_t kind, uint32_t *keep, uint32_t *add)
{
    const dt_explorer *explorer = node->explorer;
    const uint32_t *live = explorer->live_mask + (size_t)kind * explorer->layout.words;
    for (uint32_t w = 0; w < explorer->layout.words; w++) {
        keep[w] = live[w] & ~explorer->overwritten[w];
        add[w] = (explorer->after[w] & live[w]) - (node->base[w] & keep[w]);
    }
}

/* The number of a move: rank [types] that each type goes to; what stays is 0. */
static uint32_t find_move(dt_explorer *explorer, const uint32_t *rank)
{
    bool added;
    uint32_t *padded = explorer->move;
    for (uint32_t k = 0; k < explorer->engine->most_types; k++)
        padded[k] = k < explorer->engine->types ? rank[k] : k;
    const uint32_t move =
        dt_sequences_intern(&explorer->moves, padded, explorer->engine->most_types, &added);
    if (move > UINT16_MAX)
        dt_refuse(explorer->arena, "private variables can't go more than 65536 different ways");
    return move;
}

/* A branch as a key: where it leads, by which move. */
static const uint32_t *key_of(dt_explorer *explorer, uint32_t kind, uint32_t move,
                              const uint32_t *write)
{
    explorer->branch_key[0] = kind;
    explorer->branch_key[1] = move;
    memcpy(explorer->branch_key + 2, write, 2 * explorer->layout.words * sizeof *write);
    return explorer->branch_key;
}

/* The branch of the cell that leads there already by the same move, or UINT32_MAX. `write` follows what those
 * before write. Up to some each is compared, later they are keys: a limit is to be met soon, too. */
static uint32_t find_same(expansion *node, uint32_t kind, uint32_t move, const uint32_t *write)
{
    enum { FEW = 16 };
    dt_explorer *explorer = node->explorer;
    const size_t words = 2 * (size_t)explorer->layout.words, branches = explorer->moved.count;
    if (branches == 0)
        return UINT32_MAX;
    const uint8_t *kinds = node->found->write_kind.at + node->found->write_kind.count - branches;
    const uint32_t *writes = write - branches * words, *moves = explorer->moved.at;
    for (uint32_t b = 0; b < branches && branches <= FEW; b++) {
        if (kinds[b] == kind && moves[b] == move &&
            memcmp(writes + b * words, write, words * sizeof *write) == 0)
            return b;
    }
    if (branches <= FEW)
        return UINT32_MAX;
    dt_keys *set = &explorer->branch;
    for (uint32_t b = set->count; b < branches; b++) {
        const uint32_t *key = key_of(explorer, kinds[b], moves[b], writes + b * words);
        dt_keys_add(set, key, dt_key_hash(key, set->words));
    }
    const uint32_t *key = key_of(explorer, kind, move, write);
    return dt_keys_find(set, key, set->words, dt_key_hash(key, set->words));
}

/* Adds to the cell a branch to explorer->after, or to the branch that leads there already by the same move.
 * Draws of a mover alone are all different. `probability` [types]. */
static bool add_branch(expansion *node, const uint32_t *probability, uint32_t move)
{
    dt_explorer *explorer = node->explorer;
    dt_stage_found *found = node->found;
    const size_t words = 2 * (size_t)explorer->layout.words;
    uint32_t kind = dt_explorer_advance(explorer, node->stage + 1, explorer->after);
    const uint32_t branches = (uint32_t)explorer->moved.count;
    const uint32_t types = explorer->engine->types;
    dt_reserve(explorer->arena, &found->write, words);
    uint32_t *write = found->write.at + found->write.count;
    describe_change(node, kind, write, write + explorer->layout.words);
    assert(found->write.count == found->write_kind.count * words);
    const uint32_t same = node->is->movers > 1 ? find_same(node, kind, move, write) : UINT32_MAX;
    if (same != UINT32_MAX) {
        uint32_t *sum = explorer->chance.at + (size_t)same * types;
        for (uint32_t k = 0; k < types; k++)
            sum[k] =
                dt_expression_make(explorer->coefficient, DT_OP_ADD, sum[k], probability[k], 0);
        return true;
    }
    if (branches >= DT_MAX_BRANCHES) {
        char most[32];
        dt_fault fault = {.code = DT_TOO_MANY_BRANCHES,
                          .place = node->is->is.place,
                          .first = dt_print_number(most, DT_MAX_BRANCHES),
                          .secret = DT_NONE};
        dt_explorer_fail(explorer, node->stage, node->number, &fault);
        return false;
    }
    found->write.count += words;
    dt_push(explorer->arena, &found->write_kind, (uint8_t)kind);
    dt_push(explorer->arena, &explorer->moved, move);
    for (uint32_t k = 0; k < types; k++)
        dt_push(explorer->arena, &explorer->chance, probability[k]);
    return true;
}

/* The row of the sum of several payments. */
static uint32_t sum_payments(dt_explorer *explorer, const dt_payments *const *payments, int count)
{
    size_t at[DT_MAX_MOVERS] = {0};
    dt_explorer_row_begin(explorer, true);
    for (;;) {
        uint32_t least = UINT32_MAX;
        for (int i = 0; i < count; i++) {
            if (at[i] < payments[i]->term.count && payments[i]->term.at[at[i]] < least)
                least = payments[i]->term.at[at[i]];
        }
        if (least == UINT32_MAX)
            return dt_explorer_row_end(explorer);
        uint32_t sum = explorer->engine->zero;
        for (int i = 0; i < count; i++) {
            if (at[i] < payments[i]->term.count && payments[i]->term.at[at[i]] == least)
                sum = dt_expression_make(explorer->coefficient, DT_OP_ADD, sum,
                                         payments[i]->coefficient.at[at[i]++], 0);
        }
        dt_explorer_row_add(explorer, least, sum);
    }
}

/* A cell of a stage of one mover, or of chance (action DT_NONE): each draw is a whole situation. */
static bool expand_alone(expansion *node, int action)
{
    dt_explorer *explorer = node->explorer;
    dt_draws *draws = &node->draws[0];
    dt_effects effects = action == DT_NONE ? node->is->effects : node->is->action[action].effects;
    if (!run_effects(node, effects, 0))
        return false;
    begin_cell(explorer);
    take_action(node, action == DT_NONE ? 0 : action);
    for (size_t d = 0; d < draws->count; d++) {
        const uint32_t *content = draws->content.at + d * draws->width;
        const uint32_t words = explorer->layout.words;
        dt_key_copy(explorer->after, content, words);
        if (action != DT_NONE)
            dt_key_set(&explorer->layout.field[node->is->first_choice], explorer->after,
                       1 + action);
        if (!add_branch(node, draws->probability.at + d * explorer->engine->types,
                        draws->width > words ? find_move(explorer, content + words) : 0))
            return false;
    }
    const dt_payments *payments = &node->payment[0];
    end_cell(explorer, sum_payments(explorer, &payments, 1));
    return true;
}

/* Writes one combination of the movers' draws over the node's situation into explorer->after. Returns the
 * move of the stage's secret. */
static uint32_t combine(expansion *node, const int *action, const size_t *draw)
{
    dt_explorer *explorer = node->explorer;
    const dt_model *model = explorer->model;
    const dt_field *field = explorer->layout.field;
    uint32_t *after = explorer->after, move = 0;
    dt_key_copy(after, node->base, explorer->layout.words);
    for (int v = 0; v < model->variables; v++) {
        const int64_t low = model->variable[v].low, high = model->variable[v].high;
        const bool secret = v == explorer->engine->secret;
        int64_t sum = 0, assigned = DT_UNASSIGNED;
        for (int m = 0; m < node->is->movers; m++) {
            const dt_draws *draws = &node->draws[action[m]];
            const int32_t *written = (int32_t *)draws->content.at + draw[m] * draws->width;
            if (written[v] != DT_UNASSIGNED)
                assigned = written[v];
            sum += written[model->variables + v];
        }
        if (assigned != DT_UNASSIGNED && !secret)
            dt_key_set(&field[v], after, (int)assigned);
        if (sum != 0 && !secret) {
            sum += dt_key_get(&field[v], after);
            dt_key_set(&field[v], after, (int)(sum < low ? low : sum > high ? high : sum));
        }
        for (uint32_t k = 0; secret && k < explorer->engine->types; k++) {
            int64_t value = (assigned != DT_UNASSIGNED ? assigned : low + k) + sum;
            value = value < low ? low : value > high ? high : value;
            explorer->rank[k] = (uint32_t)(value - low);
        }
        if (secret)
            move = find_move(explorer, explorer->rank);
    }
    for (int m = 0; m < node->is->movers; m++)
        dt_key_set(&field[node->is->first_choice + m], after, 1 + action[m]);
    return move;
}

/* The chance of one combination of the movers' draws, for each type: they are independent. False if it is
 * the constant 0 for every type. */
static bool multiply(const expansion *node, const int *action, const size_t *draw,
                     uint32_t *probability)
{
    dt_explorer *explorer = node->explorer;
    const uint32_t types = explorer->engine->types;
    bool any = types == 1;
    for (uint32_t k = 0; k < types; k++) {
        probability[k] = explorer->engine->one;
        for (int m = 0; m < node->is->movers; m++) {
            const uint32_t own = node->draws[action[m]].probability.at[draw[m] * types + k];
            probability[k] =
                dt_expression_make(explorer->coefficient, DT_OP_MULTIPLY, probability[k], own, 0);
        }
        any |= probability[k] != explorer->engine->zero;
    }
    return any;
}

/* A cell of a stage of several movers: all combinations of their draws, which are independent. */
static bool expand_at_once(expansion *node, const int *action)
{
    dt_explorer *explorer = node->explorer;
    int movers = node->is->movers;
    size_t draw[DT_MAX_MOVERS] = {0};
    const dt_payments *payments[DT_MAX_MOVERS];
    begin_cell(explorer);
    for (int m = 0; m < movers; m++)
        take_action(node, action[m]);
    for (;;) {
        uint32_t *probability = explorer->engine->product;
        if (multiply(node, action, draw, probability) &&
            !add_branch(node, probability, combine(node, action, draw)))
            return false;
        int m = movers - 1;
        while (m >= 0 && ++draw[m] == node->draws[action[m]].count)
            draw[m--] = 0;
        if (m < 0)
            break;
    }
    for (int m = 0; m < movers; m++)
        payments[m] = &node->payment[action[m]];
    end_cell(explorer, sum_payments(explorer, payments, movers));
    return true;
}

/* All cells of a stage of several movers: the agents' options in order, the last varying fastest. */
static bool expand_cells(expansion *node)
{
    const dt_menu *menu = node->menu;
    int movers = node->is->movers;
    for (int o = 0; o < menu->total; o++) {
        for (int m = 0; m < movers; m++) {
            int a = menu->action[o * movers + m];
            if (a == DT_NONE || node->draws[a].count != 0)
                continue;
            if (!run_effects(node, node->is->action[a].effects, a))
                return false;
        }
    }
    int option[DT_MAX_MOVERS] = {0};
    for (int cell = 0; cell < menu->cells; cell++) {
        int action[DT_MAX_MOVERS];
        int first = 0;
        for (int k = 0; k < menu->agents; k++) {
            for (int m = 0; m < movers; m++) {
                int a = menu->action[(first + option[k]) * movers + m];
                if (a != DT_NONE)
                    action[m] = a;
            }
            first += menu->options[k];
        }
        if (!expand_at_once(node, action))
            return false;
        for (int k = menu->agents - 1; k >= 0 && ++option[k] == menu->options[k]; k--)
            option[k] = 0;
    }
    return true;
}

bool dt_explorer_make_pattern(dt_explorer *explorer, uint32_t stage, uint32_t number)
{
    const dt_stage *is = &explorer->model->stage[stage];
    dt_stage_found *found = &explorer->found[stage];
    const size_t first = found->write_kind.count;
    expansion node = {explorer,      stage,           number,           is, found, NULL,
                      explorer->key, explorer->draws, explorer->payment};
    dt_effects_begin(explorer->engine, is->secret);
    if (!choose_menu(&node))
        return false;
    bool fine = true;
    if (is->movers == 0)
        fine = expand_alone(&node, DT_NONE);
    else if (is->movers > 1)
        fine = expand_cells(&node);
    for (int o = 0; is->movers == 1 && o < node.menu->total && fine; o++)
        fine = expand_alone(&node, node.menu->action[o]);
    for (int a = 0; a < is->actions || a == 0; a++)
        explorer->draws[a].count = 0; /* an action's effects are run once a node */
    if (!fine)
        return false;
    bool added;
    dt_pattern pattern = {
        .outline = dt_sequences_intern(&explorer->outlines, explorer->outline.at,
                                       (uint32_t)explorer->outline.count, &added),
        .branches = (uint32_t)(found->write_kind.count - first),
        .first = first,
    };
    dt_push(explorer->arena, &found->pattern, pattern);
    return true;
}

void dt_explorer_make_dead(dt_explorer *explorer, uint32_t stage)
{
    dt_stage_found *found = &explorer->found[stage];
    const uint32_t words = explorer->layout.words;
    const uint32_t length = 1 + (uint32_t)explorer->model->stage[stage].actions;
    bool added;
    dt_reserve(explorer->arena, &explorer->row, length);
    memset(explorer->row.at, 0, length * sizeof *explorer->row.at);
    explorer->row.at[0] = stage;
    const uint32_t menu = dt_sequences_intern(&explorer->menus, explorer->row.at, length, &added);
    if (added)
        dt_push(explorer->arena, &explorer->menu, (dt_menu){.stage = (int)stage, .cells = 1});
    const dt_pattern pattern = {.branches = 1, .first = found->write_kind.count, .dead = true};
    dt_reserve(explorer->arena, &found->write, 2 * (size_t)words);
    uint32_t *write = found->write.at + found->write.count;
    dt_key_copy(write, explorer->live_mask + (size_t)explorer->leaf_kind * words, words);
    memset(write + words, 0, words * sizeof *write);
    found->write.count += 2 * (size_t)words;
    dt_push(explorer->arena, &found->write_kind, (uint8_t)explorer->leaf_kind);
    explorer->outline.count = 0;
    dt_push(explorer->arena, &explorer->outline, menu);
    dt_effects_begin(explorer->engine, DT_NONE);
    begin_cell(explorer);
    dt_push(explorer->arena, &explorer->chance, explorer->engine->one);
    dt_push(explorer->arena, &explorer->moved, 0);
    end_cell(explorer, 0);
    dt_push(explorer->arena, &found->pattern, pattern);
    found->pattern.at[found->pattern.count - 1].outline = dt_sequences_intern(
        &explorer->outlines, explorer->outline.at, (uint32_t)explorer->outline.count, &added);
}
