/*
 * Backward induction over horizon + lookahead periods, values zero after the last: the equilibrium
 * is found node by node, with continuation values already final (docs/method.md). Only what can occur
 * in a period is solved in it. The gaps' dynamic program (gaps.c) runs in the same sweeps if gaps are
 * wanted: it needs strategies of this period and later ones alone.
 */
#include <assert.h>
#include <string.h>

#include "solve/sweep.h"

/* Moves what the last period of a block goes by between where it is worked with and where it is kept. */
static void move_checkpoint(dt_group *group, uint32_t block, bool restore)
{
    const dt_group_plan *plan = group->plan;
    const size_t size = plan->actors * plan->width;
    double *kept = group->kept + block * plan->states * size;
    double *constant = group->kept_constant + block * size;
    for (size_t s = 0; s < plan->states; s++) {
        double *next = group->next + s * plan->columns * plan->width;
        memcpy(restore ? next : kept + s * size, restore ? kept + s * size : next,
               size * sizeof *next);
    }
    memcpy(restore ? group->constant : constant, restore ? constant : group->constant,
           size * sizeof *constant);
}

/* The periods that have blocks, and the first one past a period's. */
static uint32_t count_kept(const dt_group *group)
{
    const dt_game *game = group->plan->game;
    return group->keep == DT_KEEP_VALUES ? game->horizon : game->periods;
}

static uint32_t end_of_block(const dt_group *group, uint32_t period)
{
    const uint32_t left = count_kept(group) - period, more = group->block - period % group->block;
    return period + (more < left ? more : left);
}

/* Where the strategies are kept that a block's last period has as guesses; NULL if nobody reads any, or
 * they are those of the anchor. */
static double *find_guess(const dt_group *group, uint32_t period)
{
    const dt_group_plan *plan = group->plan;
    if (!plan->together || period < plan->anchor || period + 1 == plan->game->periods)
        return NULL;
    const size_t number = period / group->block - plan->anchor / group->block;
    return group->kept_guess + number * plan->game->options;
}

/* Keeps what the block goes by of which a period is the last. */
static void keep_checkpoint(dt_group *group, uint32_t period)
{
    move_checkpoint(group, period / group->block, false);
    double *guess = group->keep == DT_KEEP_CHECKPOINTS ? find_guess(group, period) : NULL;
    if (guess)
        memcpy(guess, dt_group_strategy(group, period + 1),
               group->plan->game->options * sizeof *guess);
}

void dt_backward(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const dt_game *game = plan->game;
    assert(!game->forever && game->periods >= 1);
    group->held = DT_NOWHERE;
    for (uint32_t t = game->periods; t-- > 0 && dt_group_going(group, group->active);) {
        dt_group_turn(group, t);
        if (t + 1 == game->periods || !dt_gaps_steady(group) || game->dated)
            dt_gaps_weigh(group, t);
        if (group->kept && t < count_kept(group) && t + 1 == end_of_block(group, t))
            keep_checkpoint(group, t);
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
        if (t < game->horizon)
            dt_group_keep_worth(group, t);
    }
    dt_group_take_start(group, 0, plan->columns);
    for (size_t w = 0; w < plan->width; w++)
        group->found[w].settled = true;
    if (group->keep == DT_KEEP_VALUES)
        group->held = 0; /* it was the last to be worked on */
}

double *dt_group_recalled(const dt_group *group, uint32_t period)
{
    const dt_group_plan *plan = group->plan;
    assert(group->held <= period && period - group->held < group->block);
    return group->strategy +
           (1 + period % group->block) * (size_t)plan->game->options * plan->width;
}

/* One period of a block, from the period after, to its strategies. */
static bool work_out_again(dt_group *group, uint32_t t, bool last_of_block)
{
    const dt_group_plan *plan = group->plan;
    const double *guess = NULL;
    if (t < plan->anchor)
        guess = dt_group_strategy(group, plan->anchor);
    else if (t + 1 < plan->game->periods)
        guess = last_of_block ? find_guess(group, t) : dt_group_recalled(group, t + 1);
    dt_group_turn(group, t);
    dt_constant_over(group, t);
    return dt_sweep_run(&(dt_pass){.group = group,
                                   .period = t,
                                   .beyond = plan->actors,
                                   .decide = true,
                                   .strategy = dt_group_recalled(group, t),
                                   .guess = guess});
}

bool dt_group_recall(dt_group *group, uint32_t period)
{
    const dt_group_plan *plan = group->plan;
    if (!group->kept || (group->keep == DT_KEEP_VALUES && period >= plan->anchor))
        return true; /* it is at hand */
    assert(period < count_kept(group));
    const uint32_t first = period - period % group->block, end = end_of_block(group, first);
    if (group->held == first)
        return true;
    group->held = first;
    move_checkpoint(group, first / group->block, true);
    memset(dt_group_recalled(group, first), 0,
           group->block * (size_t)plan->game->options * plan->width * sizeof(double));
    for (uint32_t t = end; t-- > first;) {
        if (!work_out_again(group, t, t + 1 == end)) {
            group->held = DT_NOWHERE;
            return false;
        }
        if (t > first) {
            dt_sweep_turn(group, 0, plan->actors, NULL);
            dt_constant_turn(group);
        }
    }
    return true;
}
