/*
 * Worlds drawn: what one file of draws shares with those that place points of a design.
 */
#ifndef DT_STUDY_DRAW_H
#define DT_STUDY_DRAW_H

#include "study/quantile.h"

/* The quantiles of a parameter that isn't fixed. */
const dt_quantile *dt_draws_quantile(const dt_draws *draws, size_t param);

#endif
