/*
 * Play forever: the stationary equilibrium that ever longer lookaheads tend to, by repeating the
 * sweep of backward induction from zero values until, for every actor i,
 *     max over states of |ΔV_i| · δ_i / (1 - δ_i) <= 1e-12 max(1, max |V_i|)        (docs/method.md),
 * the distance that is still to go if each sweep shrinks changes by δ_i. Where δ_i is so near to 1
 * that this asks for less than the rounding of a sweep, a change within that rounding is enough.
 * Worlds that have settled stand still while others go on.
 *
 * Every sweep solves every node anew: whatever a node looked like in the sweep before, its solution
 * is on the branch that starts at the centroid. The last strategies only serve as guesses where the
 * solution is certainly unique (stage_game.h).
 *
 * Where play never ends each sweep is followed by a leap (leap.c), else by a step of accelerate.c, once
 * sweeps have become calm.
 *
 * The values of ever longer lookaheads may have no limit but go round. If they come back, bit for
 * bit, to those of an earlier sweep (Brent 1980 compares with sweeps 1, 2, 4, 8 …) no more are made.
 * Invariant: after sweep k, `next` holds the values of a lookahead of k periods, but for a constant
 * of each actor if play never ends, until sweeps are accelerated.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/accelerate.h"
#include "solve/sweep.h"

static const double CLOSE = 1e-12;

/* How far the actor of a world that has most still to go has to. */
static double distance(const dt_group *group, size_t world)
{
    double left = 0;
    for (size_t i = 0; i < group->plan->actors; i++) {
        const double own = dt_distance(group, i, world, CLOSE);
        left = own <= left ? left : own; /* NaN is far */
    }
    return left;
}

/* Compares the values of actors with those of an earlier sweep, bit for bit. */
static bool same_as_earlier(const dt_group *group, size_t world)
{
    const dt_group_plan *plan = group->plan;
    for (size_t s = 0; s < plan->states; s++) {
        for (size_t i = 0; i < plan->actors; i++) {
            const double *now = &group->next[(s * plan->columns + i) * plan->width + world];
            if (memcmp(now, &group->earlier[(s * plan->actors + i) * plan->width + world],
                       sizeof *now) != 0)
                return false;
        }
    }
    return true;
}

/* Takes the values of worlds in plain sweeps. */
static void remember(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width, size = plan->actors * width;
    for (size_t w = 0; w < width; w++) {
        if (!dt_acceleration_plain(group, w))
            continue;
        for (size_t s = 0; s < plan->states; s++) {
            for (size_t i = w; i < size; i += width)
                group->earlier[s * size + i] = group->next[s * plan->columns * width + i];
        }
    }
}

/* Looks at a world after a sweep; false if it stands still from now on. */
static bool go_on(dt_group *group, size_t world, uint64_t sweeps, double *left)
{
    dt_found *found = &group->found[world];
    *left = distance(group, world);
    found->sweeps = sweeps;
    found->settled = *left <= 1 && dt_acceleration_arrived(group, world);
    for (size_t i = 0; i < group->plan->actors && found->settled; i++)
        found->bound = dt_greater(dt_bound(group, i, world), found->bound);
    for (size_t i = 0; i < group->plan->actors && group->plan->endless && !found->settled; i++)
        dt_leap(group, i, world);
    return !found->settled &&
           !(sweeps > 1 && dt_acceleration_plain(group, world) && same_as_earlier(group, world));
}

/* Sweeps until values settle or go round, or there have been too many. Those that still go on at the
 * end have failed. */
static bool settle(dt_group *group, dt_pass pass)
{
    int64_t active[DT_WORLDS], going[DT_WORLDS];
    double first = 1;
    if (group->acceleration)
        dt_acceleration_begin(group);
    memcpy(active, group->active, sizeof active);
    memcpy(going, active, sizeof going);
    for (uint64_t sweeps = 1; sweeps <= DT_MAX_SWEEPS && dt_group_going(group, going); sweeps++) {
        memcpy(group->active, going, sizeof going); /* those that stand still aren't solved */
        if (!dt_sweep_run(&pass))
            return false;
        pass.guess = pass.strategy;
        dt_sweep_turn(group, 0, pass.beyond, going);
        double most = 0;
        for (size_t w = 0; w < group->plan->width; w++) {
            if (!going[w])
                continue;
            double left = 0;
            if (!group->active[w]) /* failed just now */
                active[w] = going[w] = 0;
            else if (!go_on(group, w, sweeps, &left))
                going[w] = 0;
            most = dt_greater(left, most);
        }
        if ((sweeps & (sweeps - 1)) == 0)
            remember(group);
        if (group->acceleration)
            dt_acceleration_step(group, sweeps, going);
        first = dt_greater(most, first);
        if (most > 1) /* changes shrink geometrically */
            group->done = dt_greater(group->done, 0.75 * (1 - log(most) / log(first)));
    }
    memcpy(group->active, active, sizeof active);
    return !group->stopped;
}

/* The values that play begins with, without constants. */
static void begin_from(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const size_t actors = plan->actors, width = plan->width;
    for (size_t s = 0; s < plan->states; s++) {
        for (size_t i = 0; i < actors * width; i++)
            group->next[s * plan->columns * width + i] =
                group->from[s * actors * width + i] - group->constant[i];
    }
}

void dt_forever(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    dt_pass pass = {.group = group,
                    .period = DT_EVERY_PERIOD,
                    .beyond = plan->actors,
                    .decide = true,
                    .strategy = dt_group_strategy(group, 0)};
    assert(plan->game->forever);
    dt_constant_forever(group);
    dt_constant_over(group, 0);
    if (group->from)
        begin_from(group);
    if (!settle(group, pass))
        return;
    /* the strategy at the final values, then those values once more against the strategy */
    pass.guess = pass.strategy;
    pass.count = true;
    if (!dt_sweep_run(&pass))
        return;
    dt_sweep_turn(group, 0, plan->actors, NULL);
    pass.decide = false;
    if (!dt_sweep_run(&pass))
        return;
    dt_sweep_turn(group, 0, plan->actors, NULL);
    dt_group_take_start(group, 0, plan->actors);
    dt_group_keep_worth(group, 0);
}
