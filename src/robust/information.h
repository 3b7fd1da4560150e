/*
 * The expected value of knowing one parameter before choosing a policy.
 */
#ifndef DT_ROBUST_INFORMATION_H
#define DT_ROBUST_INFORMATION_H

#include "base/arena.h"
#include "detente_study.h"

/* Bins for so many points; 0 if they are too few. */
size_t dt_information_bins(size_t points);

/* The value of knowing a parameter with numbers x [points]: sets worth, turn, best_low and best_high.
 * u [policies][points], more being better. */
void dt_information(dt_arena *scratch, const double *x, const double *u, size_t policies,
                    size_t points, dt_decisive *found);

/* What that gives of a parameter that has nothing to do with u: mean and largest over random
 * orders of the points. */
void dt_information_floor(dt_arena *scratch, const double *u, size_t policies, size_t points,
                          uint64_t seed, size_t resamples, double *mean, double *floor);

/* The value of knowing everything: the mean over points of the best policy there, less the best mean. */
double dt_information_perfect(const double *u, size_t policies, size_t points);

#endif
