/*
 * Spearman's correlation of two rankings of the same few items (policies, mostly). What is tied shares the
 * average of its ranks; what is tied is asked of each pair, so that neither the order of the items nor a chain
 * of small steps changes an answer. With r and s the ranks less their mean, Σ r s / √(Σ r² Σ s²).
 */
#include <math.h>

#include "detente.h"

typedef struct list {
    const double *number;
    double size; /* the largest of them */
} list;

/* Twice the rank of an item among those that are known in both lists, less twice the mean: how many more are
 * below it than above. */
static double place(const list *mine, const double *other, size_t count, size_t item, double same)
{
    const double x = mine->number[item];
    double place = 0;
    for (size_t i = 0; i < count; i++) {
        const double y = mine->number[i];
        if (!isnan(y) && !isnan(other[i]) && fabs(x - y) > same)
            place += dt_better(x, y, mine->size);
    }
    return place;
}

double dt_rank_correlation(const double *a, const double *b, size_t count, double same)
{
    if (!a || !b)
        return NAN;
    list one = {a, 0}, two = {b, 0};
    for (size_t i = 0; i < count; i++) {
        if (isnan(a[i]) || isnan(b[i]))
            continue;
        one.size = fmax(one.size, fabs(a[i]));
        two.size = fmax(two.size, fabs(b[i]));
    }
    double product = 0, mine = 0, other = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(a[i]) || isnan(b[i]))
            continue;
        const double x = place(&one, b, count, i, same), y = place(&two, a, count, i, same);
        product += x * y;
        mine += x * x;
        other += y * y;
    }
    return mine > 0 && other > 0 ? product / sqrt(mine * other) : (double)NAN;
}
