/*
 * Kendall's tau-b (Kendall 1945): of all pairs, those that both lists order alike less those that
 * they order differently, over the geometric mean of the numbers of pairs that each orders at all.
 */
#include "robust/ranking.h"

#include <assert.h>
#include <math.h>

int dt_better(double a, double b)
{
    const double slack = DT_TIE * fmax(1, fmax(fabs(a), fabs(b)));
    return (a > b + slack) - (a < b - slack);
}

void dt_rank(const double *score, size_t count, size_t *rank)
{
    for (size_t i = 0; i < count; i++) {
        rank[i] = 1;
        for (size_t j = 0; j < count; j++)
            rank[i] += dt_better(score[j], score[i]) > 0;
        assert(rank[i] <= count);
    }
}

double dt_kendall(const double *a, const double *b, size_t count)
{
    double sum = 0, ordered_a = 0, ordered_b = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            const int x = dt_better(a[i], a[j]), y = dt_better(b[i], b[j]);
            sum += x * y;
            ordered_a += x != 0;
            ordered_b += y != 0;
        }
    }
    assert(fabs(sum) <= fmin(ordered_a, ordered_b));
    return ordered_a > 0 && ordered_b > 0 ? sum / sqrt(ordered_a * ordered_b) : (double)NAN;
}
