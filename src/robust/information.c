/*
 * The expected value of partial perfect information about parameter x is
 *
 *     E_x [max_p E(u_p | x)] - max_p E(u_p).
 *
 * The conditional expectations are had from the sample alone by a nonparametric regression on x (Strong,
 * Oakley & Brennan 2014), of the simplest kind: means over bins of equally many points, as in Strong
 * & Oakley (2013), about N^(1/3) of them. Points with the same number share a bin.
 *
 * It has two biases. The maximum of noisy means is too large, more so with more bins; the same
 * computed of the points in random orders, where x can tell nothing, says by how much, and what must
 * be passed to mean anything: the largest of them, as a model has many parameters to be taken in by. And a mean over a bin hides what happens inside it, which makes the
 * estimate too small, less so with more bins.
 */
#include "robust/information.h"

#include <assert.h>
#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "robust/ranking.h"
#include "robust/resample.h"

enum { LEAST_POINTS = 16, MOST_BINS = 40 };

size_t dt_information_bins(size_t points)
{
    if (points < LEAST_POINTS)
        return 0;
    const size_t bins = (size_t)lround(cbrt((double)points));
    return bins < MOST_BINS ? bins : MOST_BINS;
}

/* The mean of a policy over order[from … to). */
static double mean_of(const double *u, const size_t *order, size_t from, size_t to)
{
    double sum = 0;
    for (size_t r = from; r < to; r++)
        sum += u[order[r]];
    return sum / (double)(to - from);
}

/* Where bin number `bin` ends: at its share of the points, or later if x (may be NULL) is tied there. */
static size_t end_of(const double *x, const size_t *order, size_t points, size_t bins, size_t bin,
                     size_t from)
{
    size_t to = (bin + 1) * points / bins;
    if (to <= from)
        to = from;
    while (x && to > from && to < points && x[order[to]] == x[order[to - 1]])
        to++;
    return to;
}

static double best_mean(const double *u, size_t policies, size_t points)
{
    double best = -INFINITY;
    for (size_t p = 0; p < policies; p++)
        best = fmax(best, gsl_stats_mean(u + p * points, 1, points));
    return best;
}

/* What a maximum of means is above another; 0 if that is rounding. */
static double above(double most, double alone, double size)
{
    return dt_better(most, alone, size) > 0 ? most - alone : 0;
}

/* The expected maximum of the bins' means; with `means` these are kept: [policies + 1][bins], the
 * last row those of x, and *used of them. */
static double binned(const double *x, const double *u, size_t policies, size_t points,
                     const size_t *order, double *means, size_t *used)
{
    const size_t bins = dt_information_bins(points);
    double sum = 0;
    size_t kept = 0;
    for (size_t bin = 0, from = 0; bin < bins && from < points; bin++) {
        const size_t to = end_of(x, order, points, bins, bin, from);
        if (to == from)
            continue; /* ties have used it up */
        double best = -INFINITY;
        for (size_t p = 0; p < policies; p++) {
            const double mean = mean_of(u + p * points, order, from, to);
            best = fmax(best, mean);
            if (means)
                means[p * bins + kept] = mean;
        }
        if (means)
            means[policies * bins + kept] = mean_of(x, order, from, to);
        sum += best * (double)(to - from) / (double)points;
        kept++;
        from = to;
    }
    if (used)
        *used = kept;
    return sum;
}

static size_t best_in(const double *means, size_t policies, size_t bins, size_t bin)
{
    size_t best = 0;
    for (size_t p = 1; p < policies; p++) {
        if (means[p * bins + bin] > means[best * bins + bin])
            best = p;
    }
    return best;
}

void dt_information(dt_arena *scratch, const double *x, const double *u, size_t policies,
                    size_t points, dt_decisive *found)
{
    const size_t bins = dt_information_bins(points);
    found->worth = found->turn = NAN;
    found->best_low = found->best_high = 0;
    if (bins == 0)
        return;
    size_t *order = dt_new(scratch, size_t, points), used;
    double *means = dt_new(scratch, double, (policies + 1) * bins);
    gsl_sort_index(order, x, 1, points);
    const double most = binned(x, u, policies, points, order, means, &used);
    found->worth = above(most, best_mean(u, policies, points), dt_size_of(u, policies * points));
    found->best_low = best_in(means, policies, bins, 0);
    found->best_high = best_in(means, policies, bins, used - 1);
    const double *low = means + found->best_low * bins, *high = means + found->best_high * bins;
    const double *at = means + policies * bins;
    for (size_t b = 0; b + 1 < used && isnan(found->turn); b++) {
        const double before = low[b] - high[b], after = low[b + 1] - high[b + 1];
        if (before > 0 && after <= 0)
            found->turn = at[b] + before / (before - after) * (at[b + 1] - at[b]);
    }
    assert(found->best_low != found->best_high || isnan(found->turn));
}

void dt_information_floor(dt_arena *scratch, const double *u, size_t policies, size_t points,
                          uint64_t seed, size_t resamples, double *mean, double *floor)
{
    *mean = *floor = NAN;
    if (dt_information_bins(points) == 0)
        return;
    size_t *order = dt_new(scratch, size_t, points);
    double *worth = dt_new(scratch, double, resamples);
    const double alone = best_mean(u, policies, points), size = dt_size_of(u, policies * points);
    for (size_t r = 0; r < resamples; r++) {
        dt_shuffle(seed, DT_FOR_ORDER, r, points, order);
        worth[r] = above(binned(NULL, u, policies, points, order, NULL, NULL), alone, size);
    }
    gsl_sort(worth, 1, resamples);
    *mean = gsl_stats_mean(worth, 1, resamples);
    *floor = worth[resamples - 1];
}

double dt_information_perfect(const double *u, size_t policies, size_t points)
{
    double sum = 0;
    for (size_t n = 0; n < points; n++) {
        double best = -INFINITY;
        for (size_t p = 0; p < policies; p++)
            best = fmax(best, u[p * points + n]);
        sum += best;
    }
    return above(sum / (double)points, best_mean(u, policies, points),
                 dt_size_of(u, policies * points));
}
