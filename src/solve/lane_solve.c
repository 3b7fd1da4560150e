/*
 * A lane group from parameters to results: with a finite horizon the backward induction of
 * backward.c, one sweep per period over all columns; with lookahead forever the iteration of
 * stationary.c, in which worlds that have settled stand still, then the program of certificate.c.
 * Then outcomes. One source for every kernel (lane.h).
 *
 * Invariant: after each sweep `next` holds the values at which the next period to be solved ends.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "solve/greater.h"
#include "solve/lane_nodes.h"
#include "solve/lanes.h"

static const double CLOSE = 1e-12;      /* as in stationary.c */
static const double CLOSE_GAPS = 1e-13; /* as in certificate.c */

static bool any(const int64_t *mask)
{
    int64_t any = 0;
    for (int w = 0; w < DT_WORLDS; w++)
        any |= mask[w];
    return any != 0;
}

/* Whether there is more to do. */
static bool going_on(dt_lane_group *group, const int64_t *mask)
{
    if (!group->stopped && group->go_on)
        group->stopped = !group->go_on(group->context);
    return !group->stopped && any(mask);
}

static void sweep(dt_lane_group *group, dt_lane_sweep sweep)
{
    DT_KERNEL(dt_lane_sweep_run)(group, &sweep);
}

/* Reads the numbers at the start, of some columns. */
static void take_start(dt_lane_group *group, size_t first, size_t beyond)
{
    const dt_lane_plan *plan = group->plan;
    const double *start = group->next + plan->game->start * plan->columns * DT_WORLDS;
    memcpy(group->start + first * DT_WORLDS, start + first * DT_WORLDS,
           (beyond - first) * DT_WORLDS * sizeof *start);
}

/* ---- a finite horizon ------------------------------------------------------------------------ */

/* Moves the values of actors between `next` and the place where those of a period are kept. */
static void keep(dt_lane_group *group, uint32_t period, bool restore)
{
    const dt_lane_plan *plan = group->plan;
    const size_t size = plan->actors * DT_WORLDS;
    double *kept = group->kept + period * plan->states * size;
    for (size_t s = 0; s < plan->states; s++) {
        double *next = group->next + s * plan->columns * DT_WORLDS;
        memcpy(restore ? next : kept + s * size, restore ? kept + s * size : next,
               size * sizeof *next);
    }
}

static void solve_backward(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const double *anchor = dt_lane_sigma(group, plan->anchor);
    DT_KERNEL(dt_lane_world_teams)(group, game->periods - 1);
    for (uint32_t t = game->periods; t-- > 0 && going_on(group, group->active);) {
        if (!group->steady)
            DT_KERNEL(dt_lane_world_teams)(group, t);
        if (plan->outcomes && !group->keeps && t < game->horizon)
            keep(group, t, false);
        sweep(group, (dt_lane_sweep){.mode = DT_LANE_DECIDE,
                                     .sigma = dt_lane_sigma(group, t),
                                     .guess = t + 1 < game->periods ? anchor : NULL,
                                     .count = true,
                                     .beyond = plan->columns,
                                     .period = t});
        DT_KERNEL(dt_lane_sweep_turn)(group, 0, plan->columns, NULL);
    }
    take_start(group, 0, plan->columns);
    for (int w = 0; w < DT_WORLDS; w++)
        group->settled[w] = true;
}

/* Strategies of one period after the other, made anew if they weren't kept, and where they lead. */
static void find_outcomes(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    DT_KERNEL(dt_lane_forward_begin)(group);
    for (uint32_t t = 0; t < game->horizon && going_on(group, group->active); t++) {
        double *sigma = dt_lane_sigma(group, t);
        /* those of the first period and of the anchor are at hand */
        if (t > 0 && t < plan->anchor && !game->forever && !group->keeps) {
            keep(group, t, true);
            sweep(group, (dt_lane_sweep){.mode = DT_LANE_DECIDE,
                                         .sigma = sigma,
                                         .guess = dt_lane_sigma(group, plan->anchor),
                                         .beyond = plan->actors,
                                         .period = t});
        }
        DT_KERNEL(dt_lane_forward_run)(group, sigma, t);
    }
    DT_KERNEL(dt_lane_forward_end)(group);
}

/* ---- play forever ---------------------------------------------------------------------------- */

/* How far a column's change in one world is from small enough; see dt_distance in leap.c. */
static double distance(const dt_lane_group *group, size_t column, size_t w, double close)
{
    const dt_lane_plan *plan = group->plan;
    const double discount = group->discount[column * DT_WORLDS + w];
    double change = 0, size = 1;
    for (size_t s = 0; s < plan->states; s++) {
        const size_t at = (s * plan->columns + column) * DT_WORLDS + w;
        change = dt_greater(fabs(group->next[at] - group->before[at]), change);
        size = dt_greater(fabs(group->next[at]), size);
    }
    return change * discount /
           (dt_greater(close * (1 - discount), 4 * DBL_EPSILON * discount) * size);
}

static bool settled(const dt_lane_group *group, size_t w, size_t first, size_t beyond, double close)
{
    for (size_t c = first; c < beyond; c++) {
        if (!(distance(group, c, w, close) <= 1))
            return false;
    }
    return true;
}

/* Compares the values of actors with those of an earlier sweep, bit for bit, or replaces these. */
static bool same_as_earlier(const dt_lane_group *group, size_t w)
{
    const dt_lane_plan *plan = group->plan;
    for (size_t s = 0; s < plan->states; s++) {
        for (size_t i = 0; i < plan->actors; i++) {
            const double *now = &group->next[(s * plan->columns + i) * DT_WORLDS + w];
            if (memcmp(now, &group->earlier[(s * plan->actors + i) * DT_WORLDS + w], sizeof *now))
                return false;
        }
    }
    return true;
}

static void remember(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    const size_t size = plan->actors * DT_WORLDS;
    for (size_t s = 0; s < plan->states; s++)
        memcpy(group->earlier + s * size, group->next + s * plan->columns * DT_WORLDS,
               size * sizeof *group->next);
}

/* The leaps of leap.c, in the columns of one world. */
static void leap(dt_lane_group *group, size_t w, size_t first, size_t beyond)
{
    const dt_lane_plan *plan = group->plan;
    for (size_t c = first; c < beyond; c++) {
        const size_t at = c * DT_WORLDS + w;
        dt_leap(group->before + at, group->next + at, plan->states, plan->columns * DT_WORLDS,
                group->discount[at]);
    }
}

/* Values at which play settles, and the strategies at them. */
static void solve_stationary(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    dt_lane_sweep decide = {.mode = DT_LANE_DECIDE,
                            .sigma = group->sigma,
                            .beyond = plan->actors,
                            .period = DT_EVERY_PERIOD};
    const bool endless = dt_never_ends(plan->game);
    int64_t active[DT_WORLDS], going[DT_WORLDS];
    memcpy(active, group->active, sizeof active);
    memcpy(going, active, sizeof going);
    for (uint64_t sweeps = 1; sweeps <= DT_MAX_SWEEPS && going_on(group, going); sweeps++) {
        memcpy(group->active, going, sizeof going); /* those that stand still aren't solved */
        sweep(group, decide);
        decide.guess = group->sigma;
        DT_KERNEL(dt_lane_sweep_turn)(group, 0, plan->actors, going);
        for (size_t w = 0; w < DT_WORLDS; w++) {
            if (!going[w])
                continue;
            if (!group->active[w]) { /* failed just now */
                active[w] = going[w] = 0;
                continue;
            }
            group->sweeps[w] = sweeps;
            group->settled[w] = settled(group, w, 0, plan->actors, CLOSE);
            if (endless && !group->settled[w])
                leap(group, w, 0, plan->actors);
            if (group->settled[w] || (sweeps > 1 && same_as_earlier(group, w)))
                going[w] = 0;
        }
        if ((sweeps & (sweeps - 1)) == 0)
            remember(group);
    }
    memcpy(group->active, active, sizeof active);
    decide.count = true;
    sweep(group, decide);
    DT_KERNEL(dt_lane_sweep_turn)(group, 0, plan->actors, NULL);
    decide.mode = DT_LANE_FOLLOW;
    sweep(group, decide);
    DT_KERNEL(dt_lane_sweep_turn)(group, 0, plan->actors, NULL);
    take_start(group, 0, plan->actors);
}

/* Periods after which nothing counts any more; see certificate.c. */
static uint32_t long_enough(const dt_lane_group *group, size_t w)
{
    const dt_lane_plan *plan = group->plan;
    double discount = 0;
    for (size_t c = plan->best; c < plan->columns; c++)
        discount = dt_greater(group->discount[c * DT_WORLDS + w], discount);
    double periods = discount == 0 ? 1 : ceil(log(CLOSE_GAPS * (1 - discount)) / log(discount));
    return (uint32_t)dt_lesser(dt_greater(periods, 1), DT_MAX_SWEEPS);
}

/* The columns past the actors' of one world, from the values of playing along forever, in the units
 * of period t. */
static void start_from(dt_lane_group *group, size_t w, uint32_t t)
{
    const dt_lane_plan *plan = group->plan;
    for (size_t c = plan->best; c < plan->columns; c++) {
        const dt_agent *agent = &plan->game->rules->agent[(c - plan->best) % plan->agents];
        const double most = group->discount[c * DT_WORLDS + w];
        for (size_t s = 0; s < plan->states; s++) {
            double *next = group->next + s * plan->columns * DT_WORLDS, sum = 0;
            for (int m = 0; m < agent->members; m++) {
                const size_t i = (size_t)agent->member[m];
                const double own = group->discount[i * DT_WORLDS + w];
                sum += agent->weight[m] * dt_lane_power(own, most, t) * next[i * DT_WORLDS + w];
            }
            next[c * DT_WORLDS + w] = sum;
        }
    }
}

static void solve_gaps(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    uint32_t periods[DT_WORLDS], most = 0;
    int64_t going[DT_WORLDS] = {0};
    const bool endless = dt_never_ends(plan->game);
    DT_KERNEL(dt_lane_world_teams)(group, 0);
    for (size_t w = 0; w < DT_WORLDS; w++) {
        periods[w] = group->active[w] ? long_enough(group, w) : 0;
        most = periods[w] > most ? periods[w] : most;
    }
    for (uint32_t t = most; t-- > 0;) {
        bool waiting = false;
        for (size_t w = 0; w < DT_WORLDS; w++) {
            if (t + 1 == periods[w]) {
                start_from(group, w, t + 1);
                going[w] = -1;
            }
            waiting |= t + 1 > periods[w] && periods[w] != 0;
        }
        if (!any(going) && waiting)
            continue;
        if (!going_on(group, going))
            break;
        if (!group->steady)
            DT_KERNEL(dt_lane_world_teams)(group, t);
        sweep(group, (dt_lane_sweep){.mode = DT_LANE_FOLLOW,
                                     .sigma = group->sigma,
                                     .first = plan->best,
                                     .beyond = plan->columns,
                                     .period = DT_EVERY_PERIOD});
        DT_KERNEL(dt_lane_sweep_turn)(group, plan->best, plan->columns, going);
        for (size_t w = 0; w < DT_WORLDS; w++) {
            if (!going[w] || !group->steady_world[w])
                continue;
            if (settled(group, w, plan->best, plan->columns, CLOSE_GAPS))
                going[w] = 0;
            else if (endless)
                leap(group, w, plan->best, plan->columns);
        }
    }
    take_start(group, plan->best, plan->columns);
}

static void solve(dt_lane_group *group, int worlds)
{
    const dt_lane_plan *plan = group->plan;
    assert(worlds >= 1 && worlds <= DT_WORLDS);
    for (int w = 0; w < DT_WORLDS; w++) {
        group->active[w] = w < worlds ? -1 : 0;
        group->residual[w] = 0;
        group->fault[w] = (dt_lane_fault){.code = DT_CODES};
        group->failures[w] = group->crossed[w] = group->sweeps[w] = 0;
        group->settled[w] = false;
    }
    group->stopped = false;
    DT_KERNEL(dt_lane_world_make)(group);
    if (!any(group->active))
        return;
    memset(group->next, 0, plan->states * plan->columns * DT_WORLDS * sizeof *group->next);
    if (plan->game->forever) {
        solve_stationary(group);
        if (plan->gaps && any(group->active))
            solve_gaps(group);
    } else {
        solve_backward(group);
    }
    if (plan->outcomes)
        find_outcomes(group);
}

const dt_lane_code DT_KERNEL(dt_lane_code) = {DT_KERNEL(dt_lane_space_new), solve,
                                              DT_KERNEL(dt_nodes_sum), DT_KERNEL(dt_nodes_run)};
