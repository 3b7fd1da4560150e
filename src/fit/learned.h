/*
 * What was learned: each fitted number before and after, and which hang together.
 */
#ifndef DT_FIT_LEARNED_H
#define DT_FIT_LEARNED_H

#include "fit/fitting.h"

/* Fills in numbers and pairs of an answer from draws of the posterior in normal scores, score[draws][free].
 * `swarm` is whose particles these are; NULL: they are independent, and `effective` is NaN. */
void dt_learned(const dt_fitting *fitting, dt_arena *arena, const double *score, size_t draws,
                const dt_swarm *swarm, dt_fit *fit);

/* A prior is looked at in the middles of so many equal shares; its mean and deviation, found so. */
enum { DT_PRIOR_MIDPOINTS = 4096 };
void dt_prior_moments(const dt_quantile *prior, double *mean, double *sd);

#endif
