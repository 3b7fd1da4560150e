/*
 * A stationary strategy that is given: what play is worth if everybody keeps to it for ever, by following
 * sweeps until values settle as those of play forever do, with the leaps of leap.c; then the residual of
 * its equations at those values, and the gaps. What comes out is a solution if and only if the strategy is
 * an equilibrium: it is judged as any other.
 */
#include <assert.h>

#include "base/greater.h"
#include "solve/sweep.h"

static const double CLOSE = 1e-12;

void dt_group_follow(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    dt_pass pass = {.group = group,
                    .period = DT_EVERY_PERIOD,
                    .beyond = plan->actors,
                    .strategy = dt_group_strategy(group, 0)};
    dt_found *found = &group->found[0];
    assert(plan->width == 1 && plan->game->forever);
    if (!dt_group_numbers(group, 1))
        return;
    dt_constant_forever(group);
    dt_constant_over(group, 0);
    while (!found->settled && found->sweeps++ < DT_MAX_SWEEPS &&
           dt_group_going(group, group->active)) {
        if (!dt_sweep_run(&pass))
            return;
        dt_sweep_turn(group, 0, plan->actors, NULL);
        found->settled = true;
        found->bound = 0;
        for (size_t i = 0; i < plan->actors; i++) {
            found->settled &= dt_distance(group, i, 0, CLOSE) <= 1;
            found->bound = dt_greater(dt_bound(group, i, 0), found->bound);
            if (plan->endless)
                dt_leap(group, i, 0);
        }
    }
    found->residual = 0; /* of strategies at values that had not settled */
    pass.count = true;
    if (!group->active[0] || !dt_sweep_run(&pass))
        return;
    dt_sweep_turn(group, 0, plan->actors, NULL);
    dt_group_take_start(group, 0, plan->actors);
    dt_group_keep_worth(group, 0);
    if (plan->gaps)
        dt_gaps_forever(group);
}
