/*
 * A solution of the whole stationary game followed from one world to another along the straight segment
 * between their parameters: from one point to the next by the secant through the last two, then Newton's
 * method, with steps that adapt (Allgower & Georg 1990, §2). The orientation, the sign of det dF/dz, must
 * not change on the way: where it does, or where steps shrink to nothing, the solution folds back and
 * doesn't reach the other world.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "stationary/whole.h"

static const double LEAST_STEP = 1e-6;
static const double STRAY =
    0.5; /* how far a corrected point may lie from the predicted one, in log odds */

/* Evaluates the world at a share of the way. False if it isn't right there. */
static bool stand(dt_whole *whole, const dt_segment *segment, double share)
{
    dt_group *group = whole->group;
    const size_t params = (size_t)group->plan->game->model->params;
    for (size_t p = 0; p < params; p++)
        group->world->parameter[p] =
            share == 1 ? segment->to[p]
                       : segment->from[p] + share * (segment->to[p] - segment->from[p]);
    if (!dt_group_numbers(group, 1))
        return false;
    dt_whole_renew(whole);
    return true;
}

double dt_whole_continue(dt_whole *whole, const dt_segment *segment, double *z)
{
    const size_t n = whole->unknowns;
    double *before = whole->follow[0], *there = whole->follow[1], *predicted = whole->follow[2];
    double share = 0, step = 1, last = 0;
    int orientation = 0;
    if (!stand(whole, segment, 0) || !dt_whole_newton(whole, z, 1, &orientation) ||
        orientation == 0)
        return 0;
    memcpy(before, z, n * sizeof *z);
    while (share < 1 && dt_whole_going(whole)) {
        const double next = dt_lesser(share + step, 1);
        int sign = 0;
        double moved = 0;
        for (size_t u = 0; u < n; u++) {
            const double slope = last > 0 ? (z[u] - before[u]) / last : 0;
            predicted[u] = there[u] = z[u] + (next - share) * slope;
        }
        if (!stand(whole, segment, next))
            return share;
        const bool found = dt_whole_newton(whole, there, 1, &sign);
        for (size_t u = 0; u < n; u++)
            moved = dt_greater(fabs(there[u] - predicted[u]), moved);
        if (!found || sign != orientation || moved > STRAY) {
            step = (next - share) / 2;
            if (step < LEAST_STEP)
                return share;
            continue;
        }
        last = next - share;
        share = next;
        memcpy(before, z, n * sizeof *z);
        memcpy(z, there, n * sizeof *z);
        step *= moved < STRAY / 4 ? 2 : 1;
    }
    return share;
}
