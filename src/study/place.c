/*
 * A world from a point of the unit cube. A coordinate is the share of its parameter's range, or of
 * its distribution, that lies below the number wanted. Risks that correlate go through the Gaussian
 * copula as in draw.c: coordinates to independent normal scores z, L z, back to shares, to numbers; but
 * not those of a plan that is marginal, which leaves correlations out or has seen to them itself.
 *
 * Invariant: a plan that isn't marginal, in which everything varies, fed with the random numbers of a
 * world, gives to the last bit what dt_draws_world gives.
 */
#include "study/place.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct dt_placing {
    const dt_plan *plan;
    const dt_draws *draws;
    dt_joint joint;         /* without rows if the plan is marginal */
    const bool *correlates; /* [varied] */
};

dt_placing *dt_placing_new(dt_arena *arena, const dt_plan *plan, const dt_draws *draws)
{
    dt_placing *placing = dt_new(arena, dt_placing, 1);
    bool *correlates = dt_new(arena, bool, plan->varied);
    *placing = (dt_placing){plan, draws, {0}, correlates};
    if (!plan->marginal)
        placing->joint = dt_joint_of(arena, plan->model, plan->vary, plan->varied);
    for (size_t r = 0; r < placing->joint.rows; r++)
        correlates[placing->joint.row[r]] = true;
    return placing;
}

void dt_placing_world(const dt_placing *placing, const double *share, double *values)
{
    const dt_plan *plan = placing->plan;
    const size_t params = (size_t)plan->model->params;
    memcpy(values, plan->held, params * sizeof *values);
    for (size_t i = 0; i < plan->varied; i++) {
        const size_t param = plan->vary[i];
        const dt_share own = {share[i], 1 - share[i]};
        if (isnan(share[i]))
            continue;
        if (placing->correlates[i]) /* its independent score, for now */
            values[param] = dt_normal_score(own);
        else
            values[param] = dt_quantile_at(dt_draws_quantile(placing->draws, param), own);
    }
    /* L z from the last row up, so that the scores a row needs are still there. */
    const dt_joint *joint = &placing->joint;
    const bool nominal = joint->rows && isnan(share[joint->row[0]]);
    for (size_t r = nominal ? 0 : joint->rows; r-- > 0;) {
        double score = 0;
        for (size_t j = 0; j <= r; j++)
            score += joint->factor[r * joint->rows + j] * values[plan->vary[joint->row[j]]];
        const size_t param = plan->vary[joint->row[r]];
        values[param] =
            dt_quantile_at(dt_draws_quantile(placing->draws, param), dt_normal_share(score));
    }
}
