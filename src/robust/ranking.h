/*
 * Rankings of policies, and whether two of them agree.
 */
#ifndef DT_ROBUST_RANKING_H
#define DT_ROBUST_RANKING_H

#include <stddef.h>

#include "detente.h"

/* The largest absolute number of many: the size by which dt_better tells rounding. */
double dt_size_of(const double *number, size_t count);

/* Divides many numbers by a power of two that brings the largest below 2, so that squares of them
 * neither overflow nor vanish; returns it. Ratios of such squares stay as they are, to the last bit. */
double dt_to_unit(double *number, size_t count);

/* Whether numbers differ by more than rounding. */
bool dt_varies(const double *number, size_t count);

/* Ranks from 1 of scores [count], more being better: one more than the number of scores that are
 * better, so that the tied share one. `size`: of the numbers that the scores are made of. */
void dt_rank(const double *score, size_t count, double size, size_t *rank);

/* Kendall's tau-b of two lists of scores: 1 the same order, -1 the opposite; NaN if either ranks
 * nothing. */
double dt_kendall(const double *a, const double *b, size_t count, double size);

#endif
