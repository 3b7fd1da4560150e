/*
 * Measures of how a policy does over many worlds, without probabilities: Laplace's mean, Wald's
 * worst case, Hurwicz's mixture, Savage's regret and its ninth decile.
 */
#ifndef DT_ROBUST_MEASURES_H
#define DT_ROBUST_MEASURES_H

#include "base/arena.h"
#include "detente_study.h"

/* Room for the measures of `policies` policies at up to `points` points. */
typedef struct dt_measuring {
    double *best;   /* [points] of all policies */
    double *sorted; /* [points] */
} dt_measuring;

dt_measuring dt_measuring_new(dt_arena *arena, size_t points);

/* Of utilities u [policies][points], more being better, to measure [policies][DT_MEASURES]. */
void dt_measure_policies(const dt_measuring *room, const double *u, size_t policies, size_t points,
                         double optimism, double *measure);

/* 1 if more of a measure is better, -1 of regrets. */
int dt_measure_sense(dt_measure measure);

#endif
