/*
 * Sobol's sensitivity indices from Saltelli's design.
 */
#ifndef DT_ROBUST_SOBOL_H
#define DT_ROBUST_SOBOL_H

#include "base/arena.h"
#include "detente_study.h"

/* The outcome over the blocks of the design, row by row. */
typedef struct dt_blocks {
    size_t rows, parameters;
    const double *a, *b; /* [rows] */
    const double *ab;    /* [parameters][rows] block A with the parameter's column from B */
} dt_blocks;

/* Variance of the rows of A and B together. */
double dt_blocks_variance(const dt_blocks *blocks);

/* Indices [parameters] with 95 % bootstrap intervals. The variance must not be 0. */
void dt_sobol_indices(dt_arena *scratch, const dt_blocks *blocks, uint64_t seed, size_t resamples,
                      dt_sobol_index *index);

#endif
