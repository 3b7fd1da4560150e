/*
 * One step of play that is drawn: a cell by the strategies, then one of its branches, then, where something was
 * learned, the signal. A number belongs to its history, period, stage and purpose and to nothing else (Philox,
 * study/random.h), so that a history is the same whatever else is drawn; and who is played by somebody else changes
 * nobody's numbers: the others do in a stage what they would have done, and chance draws as before.
 */
#include "history/draw.h"

#include <assert.h>

#include "study/random.h"

void dt_draw(uint64_t seed, uint64_t number, size_t period, uint32_t stage, double u[DT_PURPOSES])
{
    const uint64_t counter[4] = {number, period, stage, dt_identity("history")};
    const uint64_t key[2] = {seed, 0};
    uint64_t word[4];
    dt_philox(counter, key, word);
    for (int i = 0; i < DT_PURPOSES; i++)
        u[i] = ((double)(word[i] >> 12) + 0.5) * 0x1p-52;
}

uint32_t dt_draw_column(const dt_stand *stand, const double *begins, const double u[DT_PURPOSES])
{
    if (!begins)
        return 0;
    const uint32_t types = stand->beliefs->types, points = stand->beliefs->points;
    uint32_t type = 0, point = 0;
    double left = u[DT_FOR_BRANCH], all = 0;
    for (uint32_t k = 0; k < types && left >= 0; k++) {
        double sum = 0;
        for (uint32_t p = 0; p < points; p++)
            sum += begins[p * (size_t)types + k];
        if (sum > 0) {
            type = k;
            all = sum;
        }
        left -= sum;
    }
    left = u[DT_FOR_SIGNAL] * all;
    for (uint32_t p = 0; p < points && left >= 0; p++) {
        if (begins[p * (size_t)types + type] > 0)
            point = p;
        left -= begins[p * (size_t)types + type];
    }
    return point * types + type;
}

/* The first step at which the chances pass the share u of their sum, of those by a branch (-1: any); NULL if there is
 * none. */
static const dt_step *pick(const dt_flow *flow, int branch, double u)
{
    double sum = 0;
    const dt_step *last = NULL;
    for (size_t i = 0; i < flow->step.count; i++) {
        const dt_step *step = &flow->step.at[i];
        if (branch < 0 || step->branch == branch)
            sum += dt_wide_double(step->chance);
    }
    double left = u * sum;
    for (size_t i = 0; i < flow->step.count && (!last || left >= 0); i++) {
        const dt_step *step = &flow->step.at[i];
        const double chance = dt_wide_double(step->chance);
        if ((branch >= 0 && step->branch != branch) || chance == 0)
            continue;
        last = step;
        left -= chance;
    }
    return last;
}

int dt_draw_cell(dt_flow *flow, uint32_t node, uint32_t column, const double u[DT_PURPOSES])
{
    dt_flow_steps(flow, node, column);
    const dt_step *step = pick(flow, -1, u[DT_FOR_CELL]);
    return step ? step->cell : DT_NONE;
}

const dt_step *dt_draw_step(dt_flow *flow, uint32_t node, uint32_t column, int cell,
                            const double u[DT_PURPOSES])
{
    assert(cell >= 0);
    dt_flow_steps_of(flow, node, column, cell);
    const dt_step *step = pick(flow, -1, u[DT_FOR_BRANCH]);
    return step ? pick(flow, step->branch, u[DT_FOR_SIGNAL]) : NULL;
}
