/*
 * The elementary effect of the parameter that differs between two neighbouring points of a trajectory
 * is the difference of the outcome over that of the coordinate in the unit cube (Morris 1991). Their
 * mean says which way, the mean of their absolute values (Campolongo, Cariboni & Saltelli 2007) how
 * much, and their standard deviation how far that depends on the other numbers or isn't linear.
 */
#include "robust/morris.h"

#include <assert.h>
#include <math.h>

#include "robust/ranking.h"

/* The coordinate in which two points differ; `parameters` if it isn't one. */
static size_t moved(const double *from, const double *to, size_t parameters)
{
    size_t at = parameters, moves = 0;
    for (size_t i = 0; i < parameters; i++) {
        if (from[i] != to[i]) {
            moves++;
            at = i;
        }
    }
    return moves == 1 ? at : parameters;
}

/* The effect of the step that begins at a world, and of which parameter; NaN if it isn't known. What
 * is rounding beside outcomes of that size is no effect. */
static double effect_of(const double *share, const double *y, double size, size_t world,
                        size_t parameters, size_t *parameter)
{
    const double *from = share + world * parameters, *to = from + parameters;
    *parameter = moved(from, to, parameters);
    if (*parameter == parameters)
        return NAN;
    if (dt_better(y[world + 1], y[world], size) == 0)
        return 0;
    return (y[world + 1] - y[world]) / (to[*parameter] - from[*parameter]);
}

void dt_morris(const double *share, const double *y, size_t worlds, size_t parameters,
               dt_elementary *elementary)
{
    const size_t length = parameters + 1;
    const double size = dt_size_of(y, worlds);
    assert(worlds % length == 0);
    for (size_t i = 0; i < parameters; i++)
        elementary[i] = (dt_elementary){0};
    size_t i;
    for (size_t w = 0; w + 1 < worlds; w++) {
        if (w % length == parameters)
            continue; /* the next point begins another trajectory */
        const double effect = effect_of(share, y, size, w, parameters, &i);
        if (isnan(effect))
            continue;
        elementary[i].effects++;
        elementary[i].mean += effect;
        elementary[i].size += fabs(effect);
    }
    for (i = 0; i < parameters; i++) {
        elementary[i].mean /= (double)elementary[i].effects; /* NaN of none */
        elementary[i].size /= (double)elementary[i].effects;
    }
    for (size_t w = 0; w + 1 < worlds; w++) {
        if (w % length == parameters)
            continue;
        const double effect = effect_of(share, y, size, w, parameters, &i);
        if (!isnan(effect))
            elementary[i].spread += pow(effect - elementary[i].mean, 2);
    }
    for (i = 0; i < parameters; i++)
        elementary[i].spread =
            elementary[i].effects > 1
                ? sqrt(elementary[i].spread / (double)(elementary[i].effects - 1))
                : (double)NAN;
    for (i = 0; i < parameters; i++) {
        const double mean = fabs(elementary[i].mean);
        if (dt_better(mean + elementary[i].spread, mean, size) == 0)
            elementary[i].spread = 0;
    }
}
