/*
 * Forecasters that know nothing of games: what a model has to beat.
 */
#ifndef DT_FIT_BASELINE_H
#define DT_FIT_BASELINE_H

#include "detente_fit.h"
#include "fit/score.h"

/* Forecasts of a column `steps` periods after each of the rows first … first+origins-1, all of one history, by what
 * the training rows of every history taught: probability [origins][values of the column]. A forecast from an origin
 * knows the rows of its history up to it. */
void dt_baseline_forecast(dt_arena *arena, dt_forecaster baseline, const dt_series *series,
                          size_t column, size_t first, size_t origins, size_t steps,
                          double *probability);

#endif
