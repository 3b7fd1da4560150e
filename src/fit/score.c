/*
 * Proper scores (Gneiting & Raftery 2007): nobody who believes a forecast expects a better score from
 * another one. The logarithmic one for everything; beside it Brier's where values have no order, the
 * ranked one where they have. Differences of two forecasters' losses are paired, period by period, and
 * neighbours depend on each other: blocks of periods are resampled together.
 */
#include "fit/score.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "study/random.h"

double dt_log_loss(const double *probability, int came)
{
    assert(came >= 0);
    return -log(probability[came]);
}

double dt_brier(const double *probability, size_t values, int came)
{
    double sum = 0;
    for (size_t v = 0; v < values; v++) {
        const double d = probability[v] - (v == (size_t)came);
        sum += d * d;
    }
    return sum;
}

double dt_ranked(const double *probability, size_t values, int came)
{
    double sum = 0, below = 0;
    for (size_t v = 0; v + 1 < values; v++) {
        below += probability[v];
        const double d = below - ((size_t)came <= v);
        sum += d * d;
    }
    return values > 1 ? sum / (double)(values - 1) : 0;
}

double dt_entropy(const double *probability, size_t values)
{
    double sum = 0;
    for (size_t v = 0; v < values; v++)
        sum -= probability[v] > 0 ? probability[v] * log(probability[v]) : 0;
    return sum;
}

dt_interval_mean dt_block_bootstrap(const double *difference, size_t count, size_t block,
                                    uint64_t seed, double *room)
{
    dt_interval_mean found = {.mean = NAN, .low = NAN, .high = NAN};
    if (count == 0)
        return found;
    found.mean = gsl_stats_mean(difference, 1, count);
    if (count < 2 || !isfinite(found.mean))
        return found;
    block = block < 1 ? 1 : block > count ? count : block;
    const uint64_t blocks = dt_identity("blocks");
    for (uint64_t b = 0; b < DT_BOOTSTRAPS; b++) {
        double sum = 0;
        size_t start = 0;
        for (size_t i = 0; i < count; i++) {
            if (i % block == 0)
                start = (size_t)(dt_random(seed, b << 32 | i, blocks) * (double)count);
            sum += difference[(start + i % block) % count];
        }
        room[b] = sum / (double)count;
    }
    gsl_sort(room, 1, DT_BOOTSTRAPS);
    found.low = gsl_stats_quantile_from_sorted_data(room, 1, DT_BOOTSTRAPS, 0.05);
    found.high = gsl_stats_quantile_from_sorted_data(room, 1, DT_BOOTSTRAPS, 0.95);
    return found;
}
