/*
 * Scores of forecasts: distributions over the values of several columns, a number of steps ahead, beside
 * what was then observed. All losses: less is better.
 */
#ifndef DT_FIT_SCORE_H
#define DT_FIT_SCORE_H

#include "base/arena.h"
#include "detente_fit.h"

/* What was observed: a table of values counted from 0, or -1: not observed. */
typedef struct dt_series {
    size_t rows, columns;
    const size_t *values; /* [columns] how many each has */
    const size_t *first;  /* [columns] where its own begin in a list of all columns' values */
    size_t all;           /* values of all columns */
    const bool *ordered;  /* [columns] whether a near value is better than a far one */
    const int *value;     /* [rows][columns] */
    size_t histories;
    const dt_forecast_rows *history; /* [histories] whose rows follow each other */
} dt_series;

static inline int dt_series_at(const dt_series *series, size_t row, size_t column)
{
    return series->value[row * series->columns + column];
}

/* -log p of what came (Good 1952); INFINITY if p is 0. */
double dt_log_loss(const double *probability, int came);
/* Σ (p - 1 of what came, 0 of the others)² (Brier 1950): 0 to 2. */
double dt_brier(const double *probability, size_t values, int came);
/* The ranked probability score (Epstein 1969, Murphy 1971): the mean over the values - 1 places between neighbours of
 * (P(at most so much) - whether it was so)²: 0 to 1. */
double dt_ranked(const double *probability, size_t values, int came);
/* -Σ p log p: how little a forecast commits itself. */
double dt_entropy(const double *probability, size_t values);

/* A mean of differences and the 5 % and 95 % points of its bootstrap distribution. */
typedef struct dt_interval_mean {
    double mean, low, high;
} dt_interval_mean;

enum { DT_BOOTSTRAPS = 2000 };

/* The circular block bootstrap (Politis & Romano 1992) of a mean of `count` numbers in order of time, blocks
 * of `block` or of all. `room` [DT_BOOTSTRAPS]. Of fewer than 2 numbers low and high are NaN. */
dt_interval_mean dt_block_bootstrap(const double *difference, size_t count, size_t block,
                                    uint64_t seed, double *room);

#endif
