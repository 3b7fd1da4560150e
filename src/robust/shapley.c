/*
 * Shapley effects (Owen 2014; Song, Nelson & Staum 2016): what a parameter adds to the variance that a
 * set of them explains, averaged over the orders in which they may be added. They sum to the variance,
 * are never negative, and don't depend on the order of declaration, whether parameters correlate or
 * not. With c(R) = E Var(f | all but R), row by row in a random order of its own,
 *
 *     φ_i = E [c(R_t) - c(R_t-1)],  R_t the first t parameters, i the t-th
 *     c(R_t) is estimated by (1/2) (y_0 - y_t)²,
 *
 * y_t the outcome with R_t drawn anew given the others (Song, Nelson & Staum's theorem 1 for c in place of
 * the variance explained; Goda 2021 for one order a row). A row's increments sum to (1/2) (y_0 - y_all)²,
 * whose mean is the variance by which they are divided, so that shares sum to 1. Intervals are percentile
 * intervals of a bootstrap that draws rows.
 */
#include "robust/shapley.h"

#include <assert.h>
#include <math.h>

#include "robust/resample.h"

static double half_square(double a, double b)
{
    return (a - b) * (a - b) / 2;
}

/* What row `row` says of a parameter's part of the variance. */
static double increment(const dt_stairs *stairs, size_t parameter, size_t row)
{
    const size_t rows = stairs->rows, t = stairs->step[parameter * rows + row];
    assert(t >= 1 && t <= stairs->parameters);
    const double *y = stairs->y + row;
    return half_square(y[0], y[t * rows]) - half_square(y[0], y[(t - 1) * rows]);
}

/* The mean over the first `rows` rows, each counted so many times, or once. */
static double mean_of(const double *number, const uint32_t *times, size_t rows)
{
    double sum = 0;
    for (size_t j = 0; j < rows; j++)
        sum += times ? times[j] * number[j] : number[j];
    return sum / (double)rows;
}

bool dt_shapley_effects(dt_arena *scratch, const dt_stairs *stairs, uint64_t seed, size_t resamples,
                        dt_shapley_effect *effect)
{
    const size_t k = stairs->parameters, rows = stairs->rows, half = (rows + 1) / 2;
    double *part = dt_take(scratch, k, rows * sizeof *part);
    double *all = dt_new(scratch, double, rows);
    for (size_t j = 0; j < rows; j++) {
        all[j] = half_square(stairs->y[j], stairs->y[k * rows + j]);
        for (size_t i = 0; i < k; i++)
            part[i * rows + j] = increment(stairs, i, j);
    }
    const double variance = mean_of(all, NULL, rows), half_variance = mean_of(all, NULL, half);
    if (!(variance > 0))
        return false;
    for (size_t i = 0; i < k; i++) {
        effect[i].effect = mean_of(part + i * rows, NULL, rows) / variance;
        effect[i].half =
            half_variance > 0 ? mean_of(part + i * rows, NULL, half) / half_variance : 0;
    }
    double *drawn = dt_take(scratch, k, resamples * sizeof *drawn);
    uint32_t *times = dt_new(scratch, uint32_t, rows);
    for (size_t r = 0; r < resamples; r++) {
        dt_resample(seed, DT_FOR_INDICES, r, rows, times);
        const double here = mean_of(all, times, rows);
        for (size_t i = 0; i < k; i++)
            drawn[i * resamples + r] = here > 0 ? mean_of(part + i * rows, times, rows) / here : 0;
    }
    for (size_t i = 0; i < k; i++)
        dt_interval(drawn + i * resamples, resamples, &effect[i].low, &effect[i].high);
    return true;
}
