/*
 * Dominance compared pair by pair. The policy named is itself in the set if one of those that
 * dominate is: the search goes from one that dominates to one that dominates that, which ends, as
 * dominance by more than the tie's slack in one criterion and no less in others has no long cycles;
 * at most `policies` steps are taken all the same.
 */
#include "robust/pareto.h"

#include <assert.h>
#include <stdbool.h>

#include "robust/ranking.h"

static bool dominates(const double *a, const double *b, const double *size, size_t criteria)
{
    bool better = false;
    for (size_t c = 0; c < criteria; c++) {
        const int order = dt_better(a[c], b[c], size[c]);
        if (order < 0)
            return false;
        better |= order > 0;
    }
    return better;
}

/* One that dominates `policy`, or `policies`. */
static size_t above(const double *score, const double *size, size_t policies, size_t criteria,
                    size_t policy)
{
    for (size_t q = 0; q < policies; q++) {
        if (dominates(score + q * criteria, score + policy * criteria, size, criteria))
            return q;
    }
    return policies;
}

void dt_pareto(const double *score, const double *size, size_t policies, size_t criteria,
               size_t *dominated)
{
    for (size_t p = 0; p < policies; p++) {
        dominated[p] = above(score, size, policies, criteria, p);
        for (size_t step = 0, next = dominated[p]; step < policies && next < policies; step++) {
            assert(next != p || step > 0);
            dominated[p] = next;
            next = above(score, size, policies, criteria, next);
        }
    }
}
