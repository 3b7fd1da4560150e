/*
 * Sobol's sensitivity indices from Saltelli's design.
 */
#ifndef DT_ROBUST_SOBOL_H
#define DT_ROBUST_SOBOL_H

#include "base/arena.h"
#include "detente_study.h"

/* The outcome over the blocks of the design, row by row. */
typedef struct dt_blocks {
    size_t rows, groups;
    const double *a, *b; /* [rows] */
    const double *ab;    /* [groups][rows] block A with the group's columns from B */
    double unit;         /* a power of two: the outcome is a, b and ab times this */
} dt_blocks;

/* Those of an outcome under a policy: the rows that are known in all blocks. b follows a. */
dt_blocks dt_blocks_of(dt_arena *arena, const dt_study_data *data, size_t policy, size_t outcome,
                       size_t groups);

/* Variance of the outcome in the rows of A and B together; infinite or 0 where a double can't hold it. */
double dt_blocks_variance(const dt_blocks *blocks);

/* Indices [groups] with 95 % bootstrap intervals. The variance must not be 0. */
void dt_sobol_indices(dt_arena *scratch, const dt_blocks *blocks, uint64_t seed, size_t resamples,
                      dt_sobol_index *index);

/* The sum of the first-order indices, and 1.96 standard errors of it. */
void dt_sobol_sum(const dt_blocks *blocks, double *sum, double *error);

#endif
