/*
 * Shapley effects from their own design.
 */
#ifndef DT_ROBUST_SHAPLEY_H
#define DT_ROBUST_SHAPLEY_H

#include "base/arena.h"
#include "detente_study.h"

/* The outcome over the steps from A to B, row by row. */
typedef struct dt_stairs {
    size_t rows, parameters;
    const double *y; /* [parameters + 1][rows] with 0, 1, … all parameters drawn anew */
    const size_t
        *step; /* [parameters][rows] with how many of them the parameter is first among them */
} dt_stairs;

/* Effects [parameters] with 95 % bootstrap intervals. False if the outcome is the same in A and B. */
bool dt_shapley_effects(dt_arena *scratch, const dt_stairs *stairs, uint64_t seed, size_t resamples,
                        dt_shapley_effect *effect);

#endif
