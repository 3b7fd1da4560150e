/*
 * Kendall's tau-b (Kendall 1945): of all pairs, those that both lists order alike less those that
 * they order differently, over the geometric mean of the numbers of pairs that each orders at all.
 */
#include "robust/ranking.h"

#include <assert.h>
#include <math.h>

double dt_size_of(const double *number, size_t count)
{
    double size = 0;
    for (size_t i = 0; i < count; i++)
        size = fmax(size, fabs(number[i]));
    return size;
}

double dt_to_unit(double *number, size_t count)
{
    const double size = dt_size_of(number, count);
    const int power = size > 0 && isfinite(size) ? ilogb(size) : 0;
    for (size_t i = 0; i < count; i++)
        number[i] = ldexp(number[i], -power);
    return ldexp(1, power);
}

bool dt_varies(const double *number, size_t count)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        least = fmin(least, number[i]);
        most = fmax(most, number[i]);
    }
    return count > 0 && dt_better(most, least, fmax(fabs(least), fabs(most))) > 0;
}

void dt_rank(const double *score, size_t count, double size, size_t *rank)
{
    for (size_t i = 0; i < count; i++) {
        rank[i] = 1;
        for (size_t j = 0; j < count; j++)
            rank[i] += dt_better(score[j], score[i], size) > 0;
        assert(rank[i] <= count);
    }
}

double dt_kendall(const double *a, const double *b, size_t count, double size)
{
    double sum = 0, ordered_a = 0, ordered_b = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            const int x = dt_better(a[i], a[j], size), y = dt_better(b[i], b[j], size);
            sum += x * y;
            ordered_a += x != 0;
            ordered_b += y != 0;
        }
    }
    assert(fabs(sum) <= fmin(ordered_a, ordered_b));
    return ordered_a > 0 && ordered_b > 0 ? sum / sqrt(ordered_a * ordered_b) : (double)NAN;
}
