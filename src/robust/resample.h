/*
 * Resampling: points drawn with replacement (the bootstrap), without (halves), or put into another
 * order. Everything is a function of seed, purpose and number of the resample, so that it can be had
 * in any order and by any thread, and is the same for ever.
 */
#ifndef DT_ROBUST_RESAMPLE_H
#define DT_ROBUST_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* What is drawn; each has random numbers of its own. */
typedef enum dt_purpose {
    DT_FOR_BOOTSTRAP,
    DT_FOR_INDICES,
    DT_FOR_HALVES,
    DT_FOR_ORDER
} dt_purpose;

/* How often each of `points` points is drawn when so many are drawn with replacement. */
void dt_resample(uint64_t seed, dt_purpose purpose, uint64_t number, size_t points,
                 uint32_t *times);

/* A random order of 0 … points-1 (Fisher & Yates). The first m are m drawn without replacement. */
void dt_shuffle(uint64_t seed, dt_purpose purpose, uint64_t number, size_t points, size_t *order);

/* The middle 95 % of `count` resampled numbers, which are sorted by this: a percentile interval (Efron
 * 1981). */
void dt_interval(double *number, size_t count, double *low, double *high);

#endif
