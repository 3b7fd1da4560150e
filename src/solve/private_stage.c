/*
 * Stages in which points are mixed: each node at each point as a signalling game, solved, and valued for all
 * columns. Where its shape allows it and the solution is certainly the only one, the points of a node are
 * lanes (lane_signal.h), and only lanes that don't settle are done by themselves. Nodes of such a stage at
 * which nothing private happens are left to the lanes of worlds.
 *
 * A thread takes runs of nodes and writes what belongs to these alone; what it finds besides is merged in the
 * order of nodes. A strategy that is certainly the only one is looked for from the centroid or from that of
 * the point before. So what is found at a node hangs on nothing but this node.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "base/threads.h"
#include "solve/private_node.h"
#include "solve/sweep.h"

/* Nodes that a thread takes at a time. */
enum { NODES = 16 };

/* What is to be done in a stage. */
typedef struct stage_work {
    dt_private *work;
    uint32_t period;
    bool decide, count;
    size_t first, beyond; /* columns */
    uint32_t node, after; /* places */
    bool steepness;       /* bounds for places that follow are looked for, and nothing else */
} stage_work;

/* ---- strategies ------------------------------------------------------------------------------ */

/* Where agents' strategies stand among a node's options: those of a type are a menu's options apart. */
static void move_strategies(const dt_private *work, struct dt_private_space *space, uint32_t place,
                            uint32_t point, uint32_t period, bool read)
{
    const dt_private_plan *plan = work->plan;
    const dt_signal_game *game = &space->game;
    double *to = dt_typed_of(&work->strategy, period == DT_EVERY_PERIOD ? 0 : period, point) +
                 plan->places->option[place] * DT_POINTS;
    double *sigma = space->sigma;
    for (int p = 0; p < game->players; p++) {
        const dt_player *player = &space->player[p];
        const dt_subject *subject = player->subject < 0 ? NULL : &space->subject[player->subject];
        if (player->options == 1) { /* there is one entry, whatever is known */
            for (int k = 0; k < (subject ? subject->types : 1); k++)
                *sigma++ = 1;
            *to = 1;
            to += DT_WORLDS;
            continue;
        }
        for (int k = 0, at = 0; k < (subject ? subject->grid->values : 1); k++) {
            const bool possible = !subject || (at < subject->types && subject->type[at] == k);
            for (int o = 0; o < player->options; o++, to += DT_WORLDS) {
                if (read && possible)
                    sigma[o] = *to;
                else if (!read)
                    *to = possible ? sigma[o] : 0;
            }
            at += possible && subject;
            sigma += possible ? player->options : 0;
        }
    }
}

/* ---- what follows, at its steepest ------------------------------------------------------------- */

/* Bounds for a place, for all columns of owners; see signal_unique.c. */
static void find_steepness(const dt_private *work, uint32_t place)
{
    const dt_private_plan *plan = work->plan;
    const dt_beliefs *beliefs = plan->beliefs;
    const dt_ahead ahead = {work->value, plan->group->columns, beliefs->variables, NULL, 0};
    for (int i = 0; i < plan->game->model->actors; i++) {
        const int x = beliefs->owned[i];
        for (int k = 0; x >= 0 && k < beliefs->grid[x]->values; k++) {
            const int column = plan->value_column[i][k];
            const size_t at =
                (place * plan->group->columns + (size_t)column) * beliefs->variables + (size_t)x;
            dt_steep_find(&ahead, place, column, beliefs->grid[x], beliefs->stride[x],
                          beliefs->points, k, work->steep + at * 2);
        }
    }
}

/* The places that a node leads to: whoever comes first looks for their bounds. */
static void find_all_steepness(const dt_private *work, uint32_t node)
{
    const dt_game *game = work->plan->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    bool knows = false;
    for (int k = 0; k < menu->agents; k++)
        knows |= work->plan->beliefs->agent_variable[menu->agent[k]] >= 0;
    if (!knows || menu->agents > 1) /* nobody asks for them */
        return;
    const uint64_t first = game->node_cell[node];
    for (uint64_t c = first; c < first + (uint64_t)menu->cells; c++) {
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++) {
            const uint32_t place = work->plan->places->place[game->branch_target[b]];
            if (__atomic_exchange_n(&work->steep_at[place], work->sweep, __ATOMIC_RELAXED) !=
                work->sweep)
                find_steepness(work, place);
        }
    }
}

/* ---- a node ---------------------------------------------------------------------------------- */

static void note(const dt_private *work, struct dt_private_space *space, uint32_t place,
                 uint32_t period, const dt_branch_result *result)
{
    dt_found *found = &space->found;
    found->residual = dt_greater(result->residual, found->residual);
    if (result->end == DT_BRANCH_ARRIVED && !result->crossed)
        return;
    const uint32_t nodes = dt_places_alike(work->plan->places, place, period);
    if (result->crossed)
        found->crossed += nodes;
    if (result->end == DT_BRANCH_ARRIVED)
        return;
    found->failures += nodes;
    const dt_failure failure = {work->plan->places->node[place], period, nodes, *result};
    dt_found_name(found, &failure);
}

/* Strategies of the game at hand: made or followed; `near`: those of the last time are. True if they are
 * what is at hand now. */
static bool decide_point(const stage_work *s, struct dt_private_space *space, uint32_t place,
                         uint32_t point, bool near, dt_branch_result *result)
{
    const dt_private *work = s->work;
    const dt_signal_game *game = &space->game;
    bool proved;
    if (game->players == 0)
        return false;
    if (!s->decide) {
        move_strategies(work, space, place, point, s->period, true);
        if (s->first == 0) {
            dt_private_node_pay_players(work, space);
            result->residual = dt_signal_residual(game, space->signal, space->sigma);
        }
        return false;
    }
    dt_private_node_pay_players(work, space);
    memcpy(space->near, space->sigma, work->plan->sigma_room * sizeof *space->near);
    *result =
        dt_signal_follow(game, space->signal, near ? space->near : NULL, space->sigma, &proved);
    move_strategies(work, space, place, point, s->period, false);
    space->count.games++;
    space->count.proved += proved;
    space->count.steps += (uint64_t)result->steps;
    return result->end == DT_BRANCH_ARRIVED;
}

/* One point of a node by itself, but for the strategies that may be near. */
static void run_point(const stage_work *s, struct dt_private_space *space, uint32_t place,
                      uint32_t point, bool near)
{
    dt_private *work = s->work;
    const dt_private_plan *plan = work->plan;
    const size_t columns = plan->group->columns;
    dt_branch_result result = {.end = DT_BRANCH_ARRIVED};
    dt_private_node_pay(work, space, point, s->first, s->beyond);
    const bool found = decide_point(s, space, place, point, near, &result);
    const int voices =
        dt_private_node_voices(work, space, plan->places->node[place], s->first, s->beyond);
    memset(space->value, 0, columns * sizeof *space->value);
    if (!dt_signal_value(&space->game, space->signal, found ? NULL : space->sigma, voices,
                         space->voice, space->column_pay, space->value) &&
        result.end == DT_BRANCH_ARRIVED)
        result.end = DT_BRANCH_UNDERFLOW;
    double *to =
        work->pack[point / DT_WORLDS]->value + place * columns * DT_WORLDS + point % DT_WORLDS;
    for (size_t i = s->first; i < s->beyond; i++)
        to[i * DT_WORLDS] = space->value[i];
    if (s->count || result.end != DT_BRANCH_ARRIVED || !s->decide)
        note(work, space, place, s->period, &result);
}

/* Points first … beyond-1 of a node, those of a mask, one by one. `again`: the node is the one that was set up last;
 * `asked`: space->upto is known. */
static void run_points(const stage_work *s, struct dt_private_space *space, uint32_t place,
                       uint32_t first, uint32_t beyond, uint32_t mask, bool again, bool asked)
{
    const uint32_t node = s->work->plan->places->node[place];
    bool before = false; /* the point before was run, too */
    for (uint32_t point = first; point < beyond; point++) {
        const bool wanted = mask >> (point % DT_WORLDS) & 1;
        if (wanted) {
            const bool same = dt_private_node_set(s->work, space, node, point, again);
            space->game.ahead = dt_private_ahead(s->work);
            space->game.asked = asked;
            space->game.upto = space->upto[point];
            space->game.start = NULL;
            if (asked && space->upto[point] == 1)
                space->game.start = dt_private_lanes_start(space, point);
            run_point(s, space, place, point, before && same);
            again = true;
        }
        before = wanted;
    }
}

/* All points of a node in lanes; false if it can't be done, or isn't certain. */
static bool run_lanes(const stage_work *s, struct dt_private_space *space, uint32_t place)
{
    dt_private *work = s->work;
    const dt_private_plan *plan = work->plan;
    const uint32_t node = plan->places->node[place], points = plan->beliefs->points;
    double residual[DT_WORLDS];
    uint32_t left[DT_MOST_POINTS / DT_WORLDS], inside, any = 0;
    if (!dt_private_lanes_fit(plan, node, &inside))
        return false;
    dt_private_node_set(work, space, node, inside, false);
    space->game.ahead = dt_private_ahead(work);
    const bool each = s->decide && !dt_signal_certain(&space->game, space->signal);
    space->taken = 0;
    if (each && !dt_signal_may_be_certain(&space->game, space->signal, space->taken))
        return false;
    dt_private_lanes_set(work, space, node, s->first, s->beyond, s->decide);
    for (size_t b = 0; b < plan->packs; b++) {
        const uint32_t first = (uint32_t)(b * DT_WORLDS), rest = points - first;
        const uint32_t seats = rest < DT_WORLDS ? (1U << rest) - 1 : 0xff;
        const uint32_t done = dt_private_lanes_run(work, space, place, b, s->period, s->first,
                                                   s->beyond, each, residual);
        for (uint32_t l = 0; l < DT_WORLDS; l++) {
            if (!(done >> l & 1))
                continue;
            if (s->count || !s->decide)
                space->found.residual = dt_greater(residual[l], space->found.residual);
            space->count.games += s->decide && space->game.players > 0;
            space->count.proved += s->decide && space->game.players > 0;
        }
        left[b] = seats & ~done;
        any |= left[b];
    }
    for (size_t b = 0; b < plan->packs && any != 0; b++) {
        const uint32_t first = (uint32_t)(b * DT_WORLDS);
        if (left[b] != 0)
            run_points(s, space, place, first,
                       points - first < DT_WORLDS ? points : first + DT_WORLDS, left[b], true,
                       each);
    }
    return true;
}

/* A node at which nothing private happens. */
static void run_alone(const stage_work *s, int worker, uint32_t place)
{
    dt_private *work = s->work;
    for (size_t b = 0; b < work->plan->packs; b++) {
        dt_group *pack = work->pack[b];
        const dt_pass pass = {.group = pack,
                              .period = s->period,
                              .first = s->first,
                              .beyond = s->beyond,
                              .decide = s->decide,
                              .count = s->count,
                              .strategy = dt_typed_of(&work->strategy,
                                                      s->period == DT_EVERY_PERIOD ? 0 : s->period,
                                                      (uint32_t)(b * DT_POINTS))};
        pack->code->worlds->alone(&pass, &pack->space[worker], place);
    }
}

/* ---- a stage --------------------------------------------------------------------------------- */

static bool run_task(void *context, int worker, size_t task)
{
    const stage_work *s = context;
    const dt_private_plan *plan = s->work->plan;
    struct dt_private_space *space = s->work->space[worker];
    const uint32_t first = s->node + (uint32_t)task * NODES;
    const uint32_t beyond = s->after - first < NODES ? s->after : first + NODES;
    for (uint32_t place = first; place < beyond; place++) {
        if (s->steepness)
            find_all_steepness(s->work, plan->places->node[place]);
        else if (!plan->node_mixes[place])
            run_alone(s, worker, place);
        else if (!run_lanes(s, space, place))
            run_points(s, space, place, 0, plan->beliefs->points, 0xff, false, false);
    }
    return worker > 0 || s->steepness || dt_private_going(s->work);
}

/* Of what the threads have found. */
static void merge(dt_private *work)
{
    for (int j = 0; j < work->jobs; j++) {
        struct dt_private_space *space = work->space[j];
        dt_found_merge(&work->found, &space->found);
        work->count.games += space->count.games;
        work->count.proved += space->count.proved;
        work->count.steps += space->count.steps;
    }
    for (size_t b = 0; b < work->plan->packs; b++) {
        for (int j = 0; j < work->jobs; j++) {
            for (size_t s = 0; s < DT_WORLDS && work->pack[b]->active[s]; s++)
                dt_found_merge(&work->found, &work->pack[b]->space[j].found[s]);
        }
    }
}

bool dt_private_stage(dt_private *work, uint32_t stage, uint32_t period, bool decide, bool count,
                      size_t first, size_t beyond)
{
    const dt_places *places = work->plan->places;
    const uint32_t node = places->stage_first[stage];
    const uint32_t nodes = dt_places_count(places, stage, period);
    stage_work s = {work, period, decide, count, first, beyond, node, node + nodes, decide};
    const size_t tasks = (nodes + NODES - 1) / NODES;
    for (int j = 0; j < work->jobs; j++) {
        work->space[j]->found = (dt_found){0};
        work->space[j]->count = (dt_signal_count){0};
        for (size_t b = 0; b < work->plan->packs; b++)
            memset(work->pack[b]->space[j].found, 0, DT_WORLDS * sizeof(dt_found));
    }
    if (decide)
        dt_threads_run(work->jobs, tasks, run_task, &s);
    s.steepness = false;
    const bool done = dt_threads_run(work->jobs, tasks, run_task, &s);
    merge(work);
    return done;
}

const dt_signal_game *dt_private_see(dt_private *work, uint32_t node, uint32_t point,
                                     uint32_t period, bool again)
{
    struct dt_private_space *space = work->space[0];
    assert(dt_typed_kept(&work->strategy, period));
    const bool same = dt_private_node_players(work, space, node, point) && again;
    move_strategies(work, space, work->plan->places->place[node], point, period, true);
    if (!same || work->plan->game->carried)
        dt_private_node_branches(work, space, node);
    return dt_signal_see(&space->game, space->signal, space->sigma) ? &space->game : NULL;
}

void dt_private_doubt(dt_private *work)
{
    for (int j = 0; j < work->jobs; j++)
        dt_signal_space_doubt(work->space[j]->signal);
}

const dt_signal_space *dt_private_signal(const dt_private *work)
{
    return work->space[0]->signal;
}
