/*
 * The logit choice rule: probabilities proportional to exp(λ Q), and what a choice under it is
 * worth when the taste shock is enjoyed. Both are shifted by the largest Q, so that nothing
 * overflows: for finite λ and Q the results are finite, and the probabilities sum to one.
 */
#ifndef DT_SOLVE_SOFTMAX_H
#define DT_SOLVE_SOFTMAX_H

#include <assert.h>
#include <math.h>

#include "base/greater.h"

/* probability[a] = exp(λ q[a]) / Σ_b exp(λ q[b]) for `options` numbers; may be done in place. */
static inline void dt_softmax(double rationality, const double *q, int options, double *probability)
{
    assert(options >= 1);
    double top = q[0], sum = 0;
    for (int a = 1; a < options; a++)
        top = dt_greater(top, q[a]);
    for (int a = 0; a < options; a++)
        sum += probability[a] = exp(rationality * (q[a] - top));
    assert(sum >= 1);
    for (int a = 0; a < options; a++)
        probability[a] /= sum;
}

/* (1/λ) log Σ_a exp(λ q[a]), for λ > 0: Σ σ q plus the entropy of σ over λ. */
static inline double dt_surplus(double rationality, const double *q, int options)
{
    assert(options >= 1 && rationality > 0);
    double top = q[0], sum = 0;
    for (int a = 1; a < options; a++)
        top = dt_greater(top, q[a]);
    for (int a = 0; a < options; a++)
        sum += exp(rationality * (q[a] - top));
    return top + log(sum) / rationality;
}

#endif
