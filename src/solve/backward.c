/*
 * Backward induction over horizon + lookahead periods, values zero after the last: the equilibrium
 * is found node by node, with continuation values already final (docs/method.md). Only what can occur
 * in a period is solved in it. The gaps' dynamic program (gaps.c) runs in the same sweeps if gaps are
 * wanted: it needs strategies of this period and later ones alone.
 */
#include <assert.h>
#include <string.h>

#include "solve/sweep.h"

/* Moves the values of actors between `next` and the place where those of a period are kept. */
static void keep(dt_group *group, uint32_t period, bool restore)
{
    const dt_group_plan *plan = group->plan;
    const size_t size = plan->actors * plan->width;
    double *kept = group->kept + period * plan->states * size;
    for (size_t s = 0; s < plan->states; s++) {
        double *next = group->next + s * plan->columns * plan->width;
        memcpy(restore ? next : kept + s * size, restore ? kept + s * size : next,
               size * sizeof *next);
    }
}

void dt_backward(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const dt_game *game = plan->game;
    assert(!game->forever && game->periods >= 1);
    for (uint32_t t = game->periods; t-- > 0 && dt_group_going(group, group->active);) {
        if (t + 1 == game->periods || !dt_gaps_steady(group))
            dt_gaps_weigh(group, t);
        if (group->kept && t < game->horizon) {
            keep(group, t, false);
            memcpy(group->kept_constant + t * plan->actors * plan->width, group->constant,
                   plan->actors * plan->width * sizeof *group->constant);
        }
        const uint32_t like = t < plan->anchor ? plan->anchor : t + 1; /* the guess */
        const dt_pass pass = {.group = group,
                              .period = t,
                              .beyond = plan->columns,
                              .decide = true,
                              .count = true,
                              .strategy = dt_group_strategy(group, t),
                              .guess =
                                  t + 1 < game->periods ? dt_group_strategy(group, like) : NULL};
        group->done = (double)(game->periods - 1 - t) / game->periods;
        dt_constant_over(group, t);
        if (!dt_sweep_run(&pass))
            return;
        dt_sweep_turn(group, 0, plan->columns, NULL);
        dt_constant_turn(group);
    }
    dt_group_take_start(group, 0, plan->columns);
    for (size_t w = 0; w < plan->width; w++)
        group->found[w].settled = true;
}

bool dt_group_recall(dt_group *group, uint32_t period)
{
    const dt_group_plan *plan = group->plan;
    /* those of the first period and of the anchor are at hand */
    if (plan->game->forever || !group->kept || period == 0 || period >= plan->anchor)
        return true;
    keep(group, period, true);
    memcpy(group->constant, group->kept_constant + period * plan->actors * plan->width,
           plan->actors * plan->width * sizeof *group->constant);
    dt_constant_over(group, period);
    return dt_sweep_run(&(dt_pass){.group = group,
                                   .period = period,
                                   .beyond = plan->actors,
                                   .decide = true,
                                   .strategy = dt_group_strategy(group, period),
                                   .guess = dt_group_strategy(group, plan->anchor)});
}
