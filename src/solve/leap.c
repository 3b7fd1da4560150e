/*
 * How far repeated sweeps of play forever still have to go, and leaping over most of the way.
 *
 * Where play never ends, a constant added to all that an actor may get next period moves no choice and
 * adds δ_i times itself to what the actor has now. So the differences between states go on as they
 * did, whatever constant is added after a sweep; and if a sweep changes all values of an actor by
 * about m, m δ_i/(1 - δ_i) is about what all further sweeps would add. It is added at once (MacQueen
 * 1966; Puterman 1994, §6.6): what is left to wait for is that the differences settle, which takes
 * no patience but only that play forgets where it began.
 */
#include <assert.h>
#include <float.h>
#include <math.h>

#include "solve/greater.h"
#include "solve/sweep.h"

static const double ROUNDING = 4 * DBL_EPSILON;

double dt_distance(const dt_sweep *sweep, size_t column, double close)
{
    const double discount = sweep->discount[column];
    double change = 0, size = 1;
    for (size_t s = 0; s < sweep->states; s++) {
        const double now = sweep->next[s * sweep->columns + column];
        change = dt_greater(change, fabs(now - sweep->before[s * sweep->columns + column]));
        size = dt_greater(size, fabs(now));
    }
    const double allowed = dt_greater(close * (1 - discount), ROUNDING * discount) * size;
    assert(discount < 1 && allowed > 0);
    return change * discount / allowed;
}

bool dt_never_ends(const dt_game *game)
{
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++) {
        if (game->leaf_next[leaf] == DT_NOWHERE)
            return false;
    }
    return true;
}

void dt_leap(const double *before, double *next, size_t states, size_t stride, double discount)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t at = 0; at < states * stride; at += stride) {
        least = dt_lesser(next[at] - before[at], least);
        most = dt_greater(next[at] - before[at], most);
    }
    const double all = (least + most) / 2 * discount / (1 - discount);
    for (size_t at = 0; at < states * stride; at += stride)
        next[at] += all;
}
