/*
 * Rankings of policies, and whether two of them agree.
 */
#ifndef DT_ROBUST_RANKING_H
#define DT_ROBUST_RANKING_H

#include <stddef.h>

/* Two numbers are tied if they differ by no more than this of the larger, or of 1. Solutions are
 * good to about as much, so that less than that is no difference. */
#define DT_TIE 1e-9

/* 1 if `a` is better than `b` where more is better, -1 if it is worse, 0 if they are tied. */
int dt_better(double a, double b);

/* Ranks from 1 of scores [count], more being better: one more than the number of scores that are
 * better, so that the tied share one. */
void dt_rank(const double *score, size_t count, size_t *rank);

/* Kendall's tau-b of two lists of scores: 1 the same order, -1 the opposite; NaN if either ranks
 * nothing. */
double dt_kendall(const double *a, const double *b, size_t count);

#endif
