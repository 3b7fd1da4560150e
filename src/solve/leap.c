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

#include "base/greater.h"
#include "solve/group.h"

static const double ROUNDING = 4 * DBL_EPSILON;

/* The largest change of a column in one world, and its largest value, at least 1. */
static double measure(const dt_group *group, size_t column, size_t world, double *most)
{
    const size_t size = group->plan->columns * group->plan->width;
    const size_t first = column * group->plan->width + world;
    double change = 0;
    *most = 1;
    for (size_t s = 0, at = first; s < group->plan->states; s++, at += size) {
        change = dt_greater(fabs(group->next[at] - group->before[at]), change);
        *most = dt_greater(fabs(group->next[at]), *most);
    }
    return change;
}

double dt_bound(const dt_group *group, size_t column, size_t world)
{
    const double discount = group->discount[column * group->plan->width + world];
    double most;
    const double change = measure(group, column, world, &most);
    return dt_greater(change / most, ROUNDING) * discount / (1 - discount);
}

double dt_distance(const dt_group *group, size_t column, size_t world, double close)
{
    const double discount = group->discount[column * group->plan->width + world];
    double most;
    const double change = measure(group, column, world, &most);
    return change * discount / (dt_greater(close * (1 - discount), ROUNDING * discount) * most);
}

void dt_leap(dt_group *group, size_t column, size_t world)
{
    const size_t size = group->plan->columns * group->plan->width;
    const size_t first = column * group->plan->width + world;
    const double discount = group->discount[first];
    double least = INFINITY, most = -INFINITY;
    for (size_t s = 0, at = first; s < group->plan->states; s++, at += size) {
        least = dt_lesser(group->next[at] - group->before[at], least);
        most = dt_greater(group->next[at] - group->before[at], most);
    }
    const double all = (least + most) / 2 * discount / (1 - discount);
    for (size_t s = 0, at = first; s < group->plan->states; s++, at += size)
        group->next[at] += all;
}
