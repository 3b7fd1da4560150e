/*
 * Rank correlations of parameters with an outcome, one by one and all together.
 */
#ifndef DT_ROBUST_RANKS_H
#define DT_ROBUST_RANKS_H

#include "base/arena.h"
#include "detente_study.h"

/* Ranks of x [points], the tied sharing the average of theirs, brought to mean 0 and length 1; all 0 if
 * all are tied. So the correlation of two is their product. `order` has room for [points]. */
void dt_put_ranks(const double *x, size_t points, size_t *order, double *rank);
double dt_ranks_product(const double *a, const double *b, size_t points);

/* Of numbers x [parameters][points] and y [points] to effect [parameters]. Returns R² of the regression on
 * ranks, NaN if it can't be had: too few points, or parameters whose ranks depend on each other. */
double dt_rank_effects(dt_arena *scratch, const double *x, const double *y, size_t parameters,
                       size_t points, dt_rank_effect *effect);

#endif
