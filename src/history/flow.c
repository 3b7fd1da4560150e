/*
 * The ways on from a place. Where nothing private happens a cell has the probability of its actions, and its branches
 * their own. Where something can be learned, the node is a signalling game (solve/signal_game.h): true type k takes
 * the stage to the event e and the value k' with P(e, k'|k), the belief goes from b to b', and a signal moves
 * it on to a point g of the grid, with probability w_g(b') g(k')/b'(k'). Then one pass of a row forwards, and
 * one back; every branch leads to a later place, so that places in order are enough.
 */
#include "history/flow.h"

#include <assert.h>
#include <string.h>

#include "solve/told.h"

/* The ways on from any node: each branch, told in one way for each joint type at most. */
static size_t most_steps(const dt_stand *stand)
{
    const dt_game *game = stand->game;
    uint64_t most = 0;
    for (uint32_t node = 0; node < game->nodes; node++) {
        const uint64_t cell = game->node_cell[node],
                       beyond = cell + (uint64_t)game->menu[game->node_menu[node]].cells,
                       branches = game->cell_branch[beyond] - game->cell_branch[cell];
        most = branches > most ? branches : most;
    }
    return (size_t)most * (stand->beliefs ? stand->beliefs->types : 1);
}

dt_flow *dt_flow_of_steps(dt_arena *arena, const dt_stand *stand, dt_play *play)
{
    dt_flow *flow = dt_new(arena, dt_flow, 1);
    flow->stand = stand;
    flow->play = play;
    flow->columns = stand->columns;
    /* all the room at once: flows of several threads share the arena, and take nothing from it later */
    dt_reserve(arena, &flow->step, most_steps(stand));
    return flow;
}

dt_flow *dt_flow_new(dt_arena *arena, const dt_stand *stand, dt_play *play)
{
    dt_flow *flow = dt_flow_of_steps(arena, stand, play);
    const size_t places = (size_t)stand->game->nodes + stand->game->leaves;
    flow->mass = dt_take(arena, places, stand->columns * sizeof(dt_wide));
    flow->mark = dt_new(arena, uint32_t, places);
    return flow;
}

double dt_flow_bytes(const dt_stand *stand)
{
    return ((double)stand->game->nodes + stand->game->leaves) *
               ((double)stand->columns * sizeof(dt_wide) + sizeof(uint32_t)) +
           (double)most_steps(stand) * sizeof(dt_step);
}

void dt_flow_turn(dt_flow *flow, size_t lane)
{
    flow->lane = lane;
    flow->lost = false;
    flow->signal = NULL;
}

/* ---- ways on ----------------------------------------------------------------------------------- */

/* The joint probability of a cell at a node where nothing is private. */
static dt_wide chance_of_cell(dt_flow *flow, uint32_t node, uint32_t point, const dt_menu *menu,
                              int cell)
{
    dt_wide chance = {1, 0};
    int option[DT_MAX_MOVERS];
    dt_cell_options(menu, cell, option);
    for (int k = menu->agents - 1; k >= 0; k--)
        chance =
            dt_wide_times(chance, dt_play_chance(flow->play, node, point, flow->lane, option[k]));
    return chance;
}

static void add_step(dt_flow *flow, dt_step step)
{
    assert(flow->step.count < flow->step.room);
    flow->step.at[flow->step.count++] = step;
}

/* What is left out of chances when a cell is given: that it is played. */
enum { ANY_CELL = -1 };

static void step_plainly(dt_flow *flow, uint32_t node, uint32_t column, int given)
{
    const dt_game *game = flow->stand->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const dt_beliefs *beliefs = flow->stand->beliefs;
    const uint32_t point = beliefs ? column / beliefs->types : 0;
    const dt_play *play = flow->play;
    const double *coefficient =
        play->private ? play->private->typed->coefficient : play->coefficient + flow->lane;
    const size_t width = play->private ? beliefs->types : play->width;
    for (int c = 0; c < menu->cells; c++) {
        const uint64_t cell = game->node_cell[node] + (uint64_t)c;
        if (given != ANY_CELL && c != given)
            continue;
        const dt_wide chance =
            given == ANY_CELL ? chance_of_cell(flow, node, point, menu, c) : dt_wide_of(1);
        for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
            const double p = coefficient[dt_branch_coefficient(game, cell, b) * width];
            if (p > 0)
                add_step(flow,
                         (dt_step){c, (int)(b - game->cell_branch[cell]), game->branch_target[b],
                                   column, dt_wide_times(chance, dt_wide_of(p))});
        }
    }
}

/* The chance that types [subjects] play a cell. */
static dt_wide chance_of_types(const dt_signal_game *game, const dt_signal_space *space, int cell,
                               const int *type)
{
    dt_wide chance = {1, 0};
    for (int p = 0; p < game->players; p++) {
        const int x = game->player[p].subject;
        chance = dt_wide_times(chance,
                               dt_wide_of(dt_signal_chance(space, p, x < 0 ? 0 : type[x], cell)));
    }
    return chance;
}

/* The ways by a branch, after which subjects have the types `after`: one for each point that can be told. */
static void step_branch(dt_flow *flow, const dt_signal_branch *branch, const int *after,
                        dt_wide chance, uint32_t type)
{
    const dt_signal_game *game = flow->signal;
    const uint32_t target = game->event[branch->event].target;
    dt_told told;
    uint32_t column;
    double share;
    dt_told_begin(&told, flow->stand->beliefs, dt_private_signal(flow->play->private), game, branch,
                  after, type);
    while (dt_told_next(&told, &column, &share)) {
        const dt_wide p = dt_wide_times(chance, dt_wide_of(share));
        if (p.part > 0)
            add_step(flow,
                     (dt_step){branch->cell, (int)(branch - game->branch), target, column, p});
    }
}

static void step_signalling(dt_flow *flow, uint32_t node, uint32_t column, int given)
{
    const dt_beliefs *beliefs = flow->stand->beliefs;
    const uint32_t point = column / beliefs->types, type = column % beliefs->types;
    if (!flow->signal || flow->signal_node != node || flow->signal_point != point)
        flow->signal = dt_private_see(flow->play->private, node, point, flow->play->period, false);
    flow->signal_node = node;
    flow->signal_point = point;
    const dt_signal_game *game = flow->signal;
    flow->lost |= !game;
    if (!game)
        return;
    int own[DT_MOST_SUBJECTS], after[DT_MOST_SUBJECTS];
    for (int x = 0; x < game->subjects; x++) {
        const dt_subject *subject = &game->subject[x];
        const int rank = dt_beliefs_rank(beliefs, (size_t)subject->variable, type);
        for (own[x] = 0; subject->type[own[x]] != rank; own[x]++) {
            if (own[x] + 1 == subject->types)
                return; /* what isn't believed doesn't happen */
        }
    }
    for (int b = 0; b < game->branches; b++) {
        const dt_signal_branch *branch = &game->branch[b];
        const int k = game->secret < 0 ? 0 : own[game->secret];
        if (branch->chance[k] == 0 || (given != ANY_CELL && branch->cell != given))
            continue;
        memcpy(after, own, sizeof after);
        if (game->secret >= 0)
            after[game->secret] = branch->after[k];
        dt_wide chance = dt_wide_of(branch->chance[k]);
        if (given == ANY_CELL)
            chance =
                dt_wide_times(chance, chance_of_types(game, dt_private_signal(flow->play->private),
                                                      branch->cell, own));
        step_branch(flow, branch, after, chance, type);
    }
}

void dt_flow_steps_of(dt_flow *flow, uint32_t node, uint32_t column, int cell)
{
    const dt_private_plan *plan = flow->play->plan->private;
    flow->step.count = 0;
    if (plan && plan->node_mixes[plan->places->place[node]])
        step_signalling(flow, node, column, cell);
    else
        step_plainly(flow, node, column, cell);
}

void dt_flow_steps(dt_flow *flow, uint32_t node, uint32_t column)
{
    dt_flow_steps_of(flow, node, column, ANY_CELL);
}

/* ---- a row ------------------------------------------------------------------------------------- */

void dt_flow_begin(dt_flow *flow, const int32_t *value, dt_wide *mass)
{
    const dt_private *private = flow->play->private;
    const dt_game *game = flow->stand->game;
    dt_wide all = {0, 0};
    for (size_t c = 0; c < flow->columns; c++) {
        mass[c] = dt_wide_of(private ? private->begins[c] : 1);
        if (!dt_row_lets_type(value, game, (uint32_t)c % game->types))
            mass[c] = (dt_wide){0, 0};
        all = dt_wide_plus(all, mass[c]);
    }
    for (size_t c = 0; c < flow->columns && all.part > 0; c++)
        mass[c] = dt_wide_over(mass[c], all);
}

/* Marks the places of a slice. */
static void mark(dt_flow *flow, const dt_slice_row *slice)
{
    flow->calls++;
    for (uint32_t i = 0; i < slice->nodes; i++)
        flow->mark[slice->node[i]] = flow->calls;
    for (uint32_t i = 0; i < slice->leaves; i++)
        flow->mark[flow->stand->game->nodes + slice->leaf[i]] = flow->calls;
}

bool dt_flow_counts(const dt_flow *flow, const dt_row_view *view, uint32_t node,
                    const dt_step *step)
{
    const dt_game *game = flow->stand->game;
    const uint32_t menu = game->node_menu[node], stage = (uint32_t)game->menu[menu].stage;
    return dt_row_lets_cell(view, menu, step->cell) && dt_row_lets_go(view, stage, step->target) &&
           flow->mark[step->target] == flow->calls;
}

void dt_flow_clear(dt_flow *flow, const dt_slice_row *slice)
{
    const size_t bytes = flow->columns * sizeof(dt_wide);
    for (uint32_t i = 0; i < slice->nodes; i++)
        memset(flow->mass + slice->node[i] * flow->columns, 0, bytes);
    for (uint32_t i = 0; i < slice->leaves; i++)
        memset(flow->mass + ((size_t)flow->stand->game->nodes + slice->leaf[i]) * flow->columns, 0,
               bytes);
}

void dt_flow_forward(dt_flow *flow, const dt_slice_row *slice, const dt_row_view *view,
                     const dt_wide *begin, dt_wide *end, bool keep)
{
    const dt_game *game = flow->stand->game;
    const size_t columns = flow->columns;
    mark(flow, slice);
    for (uint32_t i = 0; i < slice->roots; i++) {
        const uint32_t place = game->state_place[slice->root[i]];
        if (flow->mark[place] != flow->calls || !dt_row_lets_go(view, game->stages, place))
            continue;
        for (size_t c = 0; c < columns; c++)
            flow->mass[place * columns + c] =
                dt_wide_plus(flow->mass[place * columns + c], begin[slice->root[i] * columns + c]);
    }
    for (uint32_t i = 0; i < slice->nodes; i++) {
        const uint32_t node = slice->node[i];
        for (size_t c = 0; c < columns; c++) {
            const dt_wide here = flow->mass[node * columns + c];
            if (here.part == 0)
                continue;
            dt_flow_steps(flow, node, (uint32_t)c);
            for (size_t s = 0; s < flow->step.count; s++) {
                const dt_step *step = &flow->step.at[s];
                if (!dt_flow_counts(flow, view, node, step))
                    continue;
                dt_wide *to = &flow->mass[step->target * columns + step->column];
                *to = dt_wide_plus(*to, dt_wide_times(here, step->chance));
            }
        }
    }
    for (uint32_t i = 0; i < slice->leaves; i++) {
        dt_wide *mass = flow->mass + ((size_t)game->nodes + slice->leaf[i]) * columns;
        for (size_t c = 0; c < columns; c++) {
            if (!dt_row_lets_type(view->value, game, (uint32_t)c % game->types))
                mass[c] = (dt_wide){0, 0};
            end[i * columns + c] = mass[c];
        }
    }
    if (!keep)
        dt_flow_clear(flow, slice);
}

void dt_flow_backward(dt_flow *flow, const dt_slice_row *slice, const dt_row_view *view,
                      const dt_wide *end, dt_wide *value)
{
    const dt_game *game = flow->stand->game;
    const size_t columns = flow->columns;
    mark(flow, slice);
    for (uint32_t i = 0; i < slice->leaves; i++) {
        for (size_t c = 0; c < columns; c++) {
            const bool lets = dt_row_lets_type(view->value, game, (uint32_t)c % game->types);
            value[((size_t)game->nodes + slice->leaf[i]) * columns + c] =
                lets ? end[i * columns + c] : (dt_wide){0, 0};
        }
    }
    for (uint32_t i = slice->nodes; i-- > 0;) {
        const uint32_t node = slice->node[i];
        for (size_t c = 0; c < columns; c++) {
            dt_wide sum = {0, 0};
            dt_flow_steps(flow, node, (uint32_t)c);
            for (size_t s = 0; s < flow->step.count; s++) {
                const dt_step *step = &flow->step.at[s];
                if (dt_flow_counts(flow, view, node, step))
                    sum = dt_wide_plus(
                        sum,
                        dt_wide_times(value[step->target * columns + step->column], step->chance));
            }
            value[node * columns + c] = sum;
        }
    }
}
