/*
 * With f(A)_j the outcome at row j of block A, and AB_i block A with the columns of group i from B:
 *
 *     S_i  = (1/N) Σ_j f(B)_j (f(AB_i)_j - f(A)_j) / V       (Saltelli et al. 2010, table 2 b)
 *     ST_i = (1/2N) Σ_j (f(A)_j - f(AB_i)_j)² / V            (Jansen 1999; table 2 f there)
 *
 * V is the variance of A's and B's rows together. The mean is taken off f(B) first: it doesn't change
 * what S_i estimates, and without it the estimate is as rough as the mean is far from 0. Intervals
 * are percentile intervals of a bootstrap that draws rows, all blocks together (Archer, Saltelli &
 * Sobol' 1997). Rows of a quasi-random design are more even than independent ones, so that its
 * intervals are rather too wide.
 */
#include "robust/sobol.h"

#include <assert.h>
#include <math.h>

#include "robust/ranking.h"
#include "robust/resample.h"
#include "robust/view.h"

dt_blocks dt_blocks_of(dt_arena *arena, const dt_study_data *data, size_t policy, size_t outcome,
                       size_t groups)
{
    const size_t all = data->trajectories;
    size_t *row = dt_new(arena, size_t, all), rows = 0;
    for (size_t j = 0; j < all; j++) {
        bool whole = true;
        for (size_t block = 0; block < groups + 2; block++)
            whole &= !isnan(dt_view_number(data, policy, outcome, block * all + j));
        if (whole)
            row[rows++] = j;
    }
    double *y = dt_take(arena, groups + 2, rows * sizeof *y);
    for (size_t block = 0; block < groups + 2; block++) {
        for (size_t r = 0; r < rows; r++)
            y[block * rows + r] = dt_view_number(data, policy, outcome, block * all + row[r]);
    }
    const double unit = dt_to_unit(y, (groups + 2) * rows);
    return (dt_blocks){rows, groups, y, y + rows, y + 2 * rows, unit};
}

/* Rows counted so many times; NULL: once, the first `rows` of them. */
typedef struct sample {
    const uint32_t *times;
    size_t rows;
} sample;

static double times_of(const sample *s, size_t row)
{
    return s->times ? s->times[row] : 1;
}

static void moments(const dt_blocks *blocks, const sample *s, double *mean, double *variance)
{
    double sum = 0, squares = 0;
    for (size_t j = 0; j < s->rows; j++)
        sum += times_of(s, j) * (blocks->a[j] + blocks->b[j]);
    *mean = sum / (2 * (double)s->rows);
    for (size_t j = 0; j < s->rows; j++) {
        const double a = blocks->a[j] - *mean, b = blocks->b[j] - *mean;
        squares += times_of(s, j) * (a * a + b * b);
    }
    *variance = squares / (2 * (double)s->rows);
}

double dt_blocks_variance(const dt_blocks *blocks)
{
    double mean, variance;
    moments(blocks, &(sample){NULL, blocks->rows}, &mean, &variance);
    return variance * blocks->unit * blocks->unit;
}

/* S and ST of one group. */
static void estimate(const dt_blocks *blocks, size_t group, const sample *s, double mean,
                     double variance, double *first, double *total)
{
    const double *ab = blocks->ab + group * blocks->rows;
    double one = 0, all = 0;
    for (size_t j = 0; j < s->rows; j++) {
        const double step = ab[j] - blocks->a[j], times = times_of(s, j);
        one += times * (blocks->b[j] - mean) * step;
        all += times * step * step;
    }
    *first = one / (double)s->rows / variance;
    *total = all / (2 * (double)s->rows) / variance;
}

void dt_sobol_indices(dt_arena *scratch, const dt_blocks *blocks, uint64_t seed, size_t resamples,
                      dt_sobol_index *index)
{
    const size_t k = blocks->groups;
    double *first = dt_take(scratch, k, resamples * sizeof *first),
           *total = dt_take(scratch, k, resamples * sizeof *total);
    uint32_t *times = dt_new(scratch, uint32_t, blocks->rows);
    double mean, variance, half_mean, half_variance;
    const sample whole = {NULL, blocks->rows}, half = {NULL, (blocks->rows + 1) / 2};
    moments(blocks, &whole, &mean, &variance);
    moments(blocks, &half, &half_mean, &half_variance);
    assert(variance > 0 && resamples > 0);
    for (size_t i = 0; i < k; i++) {
        estimate(blocks, i, &whole, mean, variance, &index[i].first, &index[i].total);
        estimate(blocks, i, &half, half_mean, half_variance, &index[i].first_half,
                 &index[i].total_half);
    }
    const sample drawn = {times, blocks->rows};
    for (size_t r = 0; r < resamples; r++) {
        dt_resample(seed, DT_FOR_INDICES, r, blocks->rows, times);
        moments(blocks, &drawn, &mean, &variance);
        for (size_t i = 0; i < k; i++) {
            double *here = &first[i * resamples + r], *there = &total[i * resamples + r];
            *here = *there = 0; /* where all rows drawn are alike */
            if (variance > 0)
                estimate(blocks, i, &drawn, mean, variance, here, there);
        }
    }
    for (size_t i = 0; i < k; i++) {
        dt_interval(first + i * resamples, resamples, &index[i].first_low, &index[i].first_high);
        dt_interval(total + i * resamples, resamples, &index[i].total_low, &index[i].total_high);
        assert(index[i].total_low >= 0);
    }
}

/* The sum is the ratio of the rows' means of s_j = f(B)_j Σ_i (f(AB_i)_j - f(A)_j) and of v_j, V's
 * part; its error follows from the residuals s_j - sum v_j (the delta method). */
void dt_sobol_sum(const dt_blocks *blocks, double *sum, double *error)
{
    const sample whole = {NULL, blocks->rows};
    const double rows = (double)blocks->rows;
    double mean, variance, residuals = 0;
    moments(blocks, &whole, &mean, &variance);
    assert(variance > 0);
    *sum = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t j = 0; j < blocks->rows; j++) {
            const double a = blocks->a[j] - mean, b = blocks->b[j] - mean;
            double steps = 0;
            for (size_t i = 0; i < blocks->groups; i++)
                steps += blocks->ab[i * blocks->rows + j] - blocks->a[j];
            if (pass == 0)
                *sum += b * steps / variance / rows;
            else
                residuals += pow(b * steps - *sum * (a * a + b * b) / 2, 2);
        }
    }
    *error = 1.96 * sqrt(residuals) / variance / rows;
}
