/*
 * Spearman's rank correlation, and the standardised rank regression of Iman & Conover (1979): with C
 * the correlations of the parameters' ranks among themselves and r those with the outcome's, the
 * coefficients solve C b = r, and b·r is the share of the variance of the outcome's ranks that a linear
 * function of the parameters' ranks explains. Where that is low, ranks don't tell the story.
 */
#include "robust/ranks.h"

#include <math.h>

#include <gsl/gsl_sort.h>

#include "solve/linear.h"

void dt_put_ranks(const double *x, size_t points, size_t *order, double *rank)
{
    gsl_sort_index(order, x, 1, points);
    for (size_t from = 0, to; from < points; from = to) {
        for (to = from + 1; to < points && x[order[to]] == x[order[from]];)
            to++;
        for (size_t r = from; r < to; r++)
            rank[order[r]] = (double)(from + to - 1) / 2 - (double)(points - 1) / 2;
    }
    double length = 0;
    for (size_t n = 0; n < points; n++)
        length += rank[n] * rank[n];
    for (size_t n = 0; n < points && length > 0; n++)
        rank[n] /= sqrt(length);
}

double dt_ranks_product(const double *a, const double *b, size_t points)
{
    double sum = 0;
    for (size_t n = 0; n < points; n++)
        sum += a[n] * b[n];
    return sum;
}

double dt_rank_effects(dt_arena *scratch, const double *x, const double *y, size_t parameters,
                       size_t points, dt_rank_effect *effect)
{
    const size_t k = parameters;
    size_t *order = dt_new(scratch, size_t, points);
    double *rank = dt_take(scratch, k + 1, points * sizeof *rank), *mine = rank + k * points;
    dt_put_ranks(y, points, order, mine);
    for (size_t i = 0; i < k; i++) {
        dt_put_ranks(x + i * points, points, order, rank + i * points);
        effect[i] = (dt_rank_effect){dt_ranks_product(rank + i * points, mine, points), (double)NAN,
                                     (double)NAN};
    }
    if (k == 0 || points < 2 * (k + 1))
        return NAN;
    double *c = dt_take(scratch, k, k * sizeof *c), *b = dt_new(scratch, double, k);
    int *pivot = dt_new(scratch, int, k);
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j <= i; j++)
            c[i * k + j] = c[j * k + i] =
                dt_ranks_product(rank + i * points, rank + j * points, points);
        b[i] = effect[i].correlation;
    }
    if (dt_factor(c, (int)k, pivot) == 0)
        return NAN;
    dt_substitute(c, (int)k, pivot, b);
    double explained = 0;
    for (size_t i = 0; i < k; i++) {
        effect[i].standardised = b[i];
        explained += b[i] * effect[i].correlation;
    }
    if (explained <= 1 + 1e-6) {
        explained = fmin(explained, 1);
        /* the residual variance times the diagonal of C⁻¹, from k + 1 numbers that were fitted */
        double *column = dt_new(scratch, double, k);
        for (size_t i = 0; i < k; i++) {
            for (size_t j = 0; j < k; j++)
                column[j] = j == i;
            dt_substitute(c, (int)k, pivot, column);
            effect[i].error = 1.96 * sqrt((1 - explained) * column[i] / (double)(points - k - 1));
        }
        return explained;
    }
    for (size_t i = 0; i < k; i++) /* nearly singular: rounding errors, no coefficients */
        effect[i].standardised = NAN;
    return NAN;
}
