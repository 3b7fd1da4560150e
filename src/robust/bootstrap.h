/*
 * How firm a choice among policies is: every measure computed again of resampled points.
 */
#ifndef DT_ROBUST_BOOTSTRAP_H
#define DT_ROBUST_BOOTSTRAP_H

#include "robust/measures.h"

typedef struct dt_bootstrap dt_bootstrap;

/* Room for one outcome at a time of so many policies. */
dt_bootstrap *dt_bootstrap_new(dt_arena *arena, size_t policies, size_t points);

/* Of utilities u [policies][points], more being better: mean [policies][resamples] the mean in each
 * resample, chosen [policies][DT_MEASURES] the share of resamples in which the policy is first by the
 * measure, ties counting for each. */
void dt_bootstrap_run(dt_bootstrap *room, const double *u, double optimism, uint64_t seed,
                      size_t resamples, double *mean, double *chosen);

#endif
