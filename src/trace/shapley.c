/*
 * Shapley's value and interaction index by their defining sums over sets (Shapley 1953; Grabisch & Roubens 1999):
 *     share of i      = Σ over S without i of |S|! (n-|S|-1)! / n! · (v(S+i) - v(S)),
 *     interaction i,j = Σ over S without i, j of |S|! (n-|S|-2)! / (n-1)! · (v(S+i+j) - v(S+i) - v(S+j) + v(S)).
 * Sums are compensated (Neumaier 1974), so that shares add up to v(all) - v(none) to rounding.
 */
#include "detente_levers.h"

#include <assert.h>
#include <math.h>

typedef struct sum {
    double total, lost;
} sum;

static void add(sum *s, double x)
{
    const double total = s->total + x;
    s->lost += fabs(s->total) >= fabs(x) ? (s->total - total) + x : (x - total) + s->total;
    s->total = total;
}

/* k! (n-k-1)! / n! = 1 / (n · C(n-1, k)) */
static double weight(size_t n, size_t k)
{
    double choose = 1;
    for (size_t i = 1; i <= k; i++)
        choose = choose * (double)(n - i) / (double)i;
    return 1 / ((double)n * choose);
}

static size_t size_of(size_t set)
{
    size_t count = 0;
    for (; set; set &= set - 1)
        count++;
    return count;
}

static double share_of(size_t n, const double *v, size_t i)
{
    const size_t bit = (size_t)1 << i;
    sum total = {0};
    for (size_t set = 0; set < (size_t)1 << n; set++) {
        if (!(set & bit))
            add(&total, weight(n, size_of(set)) * (v[set | bit] - v[set]));
    }
    return total.total + total.lost;
}

static double interaction_of(size_t n, const double *v, size_t i, size_t j)
{
    const size_t one = (size_t)1 << i, other = (size_t)1 << j;
    sum total = {0};
    for (size_t set = 0; set < (size_t)1 << n; set++) {
        if (!(set & (one | other)))
            add(&total, weight(n - 1, size_of(set)) *
                            (v[set | one | other] - v[set | one] - v[set | other] + v[set]));
    }
    return total.total + total.lost;
}

void dt_share(size_t n, const double *v, dt_shares *shares)
{
    if (n > DT_MOST_INGREDIENTS || !v || !shares)
        return;
    const size_t all = ((size_t)1 << n) - 1;
    for (size_t i = 0; i < n; i++) {
        const size_t bit = (size_t)1 << i;
        if (shares->shapley)
            shares->shapley[i] = share_of(n, v, i);
        if (shares->alone)
            shares->alone[i] = v[bit] - v[0];
        if (shares->left_out)
            shares->left_out[i] = v[all & ~bit] - v[all];
        for (size_t j = 0; j < n && shares->interaction; j++)
            shares->interaction[i * n + j] = i == j ? 0 : interaction_of(n, v, i, j);
    }
}
