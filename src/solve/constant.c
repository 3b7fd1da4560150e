/*
 * What is paid at every period's end, whatever happens, and is left out of the columns (group.h):
 *     K_i(t) = common_i + δ_i K_i(t+1),   K_i = common_i / (1 - δ_i) with lookahead forever,
 * for actors; an agent's columns (gaps.c) have Σ_m w_m ρ_m^t of its members'.
 */
#include <assert.h>

#include "solve/group.h"

void dt_constant_over(dt_group *group, uint32_t period)
{
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width;
    for (size_t i = 0; i < plan->actors * width; i++)
        group->over[i] = -(group->discount[i] * group->constant[i]);
    for (size_t c = plan->best; c < plan->columns; c++) {
        const dt_agent *agent = &plan->game->rules->agent[(c - plan->best) % plan->agents];
        for (size_t w = 0; w < width; w++) {
            double sum = 0;
            for (int m = 0; m < agent->members; m++)
                sum += dt_member_weight(group, c, m, w, period) *
                       group->over[(size_t)agent->member[m] * width + w];
            group->over[c * width + w] = sum;
        }
    }
}

void dt_constant_turn(dt_group *group)
{
    for (size_t i = 0; i < group->plan->actors * group->plan->width; i++)
        group->constant[i] = group->common[i] + group->discount[i] * group->constant[i];
}

void dt_group_keep_worth(dt_group *group, uint32_t period)
{
    const dt_group_plan *plan = group->plan;
    const size_t actors = plan->actors;
    if (!group->worth_kept)
        return;
    assert(plan->width == 1);
    double *worth = group->worth_kept + period * plan->states * actors;
    for (size_t s = 0; s < plan->states; s++, worth += actors) {
        for (size_t i = 0; i < actors; i++)
            worth[i] = group->next[s * plan->columns + i] + group->constant[i];
    }
}

void dt_constant_forever(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width;
    for (size_t i = 0; i < plan->actors * width; i++)
        group->constant[i] = group->common[i] / (1 - group->discount[i]);
    /* where play never ends, a constant added to all values moves nothing */
    for (size_t s = 0; s < plan->states && !plan->endless; s++) {
        for (size_t i = 0; i < plan->actors * width; i++)
            group->next[s * plan->columns * width + i] = -group->constant[i];
    }
}
