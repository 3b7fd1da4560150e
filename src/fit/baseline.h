/*
 * Forecasters that know nothing of games: what a model has to beat.
 */
#ifndef DT_FIT_BASELINE_H
#define DT_FIT_BASELINE_H

#include "detente_fit.h"
#include "fit/score.h"

/* Forecasts of a column `steps` periods after each of the rows first … first+origins-1, by what rows `from` … `to`
 * taught, both included: probability [origins][values of the column]. A forecast from an origin knows the rows
 * up to it. */
void dt_baseline_forecast(dt_arena *arena, dt_forecaster baseline, const dt_series *series,
                          size_t column, size_t from, size_t to, size_t first, size_t origins,
                          size_t steps, double *probability);

#endif
