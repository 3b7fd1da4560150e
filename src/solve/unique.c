/*
 * Where the logit equilibrium is certainly unique, without following anything.
 *
 * Contraction. Let d_j be the total variation distance between two strategies of agent j. Changing
 * σ_j moves τ D_k(a) - τ D_k(b) by at most τ R_kj d_j, where R_kj is the largest range over s_j of
 * G_k(a, s_j, ·) - G_k(b, s_j, ·) (an expectation of f changes by at most range(f) times the
 * distance). A change of logits within a range r changes softmax by at most tanh(r/4) <= r/4 in
 * total variation: no event's odds grow by more than e^r, and p -> p e^r / (1 - p + p e^r) gains at
 * most tanh(r/4). Hence d' <= (τ/4) R d, and if the spectral radius ρ of the non-negative matrix
 * R/4 is below 1/τ the map σ -> softmax(τ D(σ)) is a contraction in a weighted maximum norm: one
 * solution, and I - τ ∂D/∂z is regular, at every scale up to τ. ρ is bounded from above as in linear.h.
 *
 * Opposition. If just two agents have a choice, of two options each, then with c_k the change of
 * D_k(1) between the other's options det F_z = 1 - τ² w_1 w_2 c_1 c_2 (w = σ(0) σ(1)), which is at
 * least 1 everywhere if c_1 c_2 <= 0; D_2∘D_1 is then decreasing, so that the solution is unique.
 */
#include "solve/equations.h"

#include <assert.h>
#include <math.h>

#include "base/greater.h"
#include "solve/linear.h"

/* The largest range over j's options of the difference between two of k's options, the others'
 * profile given by the cell where both choose 0. */
static double influence_at(const dt_branch_space *space, const double *g, int k, int j)
{
    const int own = space->stride[k], other = space->stride[j];
    double largest = 0;
    for (int a = 0; a < space->options[k]; a++) {
        for (int b = a + 1; b < space->options[k]; b++) {
            double low = INFINITY, high = -INFINITY;
            for (int s = 0; s < space->options[j]; s++) {
                double more = g[s * other + b * own] - g[s * other + a * own];
                low = dt_lesser(low, more);
                high = dt_greater(high, more);
            }
            largest = dt_greater(largest, high - low);
        }
    }
    return largest;
}

/* R_kj */
static double influence(const dt_branch_space *space, int k, int j)
{
    const double *g = space->advantage + (size_t)k * (size_t)space->cells;
    const int slow = k < j ? k : j, fast = k < j ? j : k;
    assert(k != j);
    const int slow_step = space->stride[slow], fast_step = space->stride[fast];
    double largest = 0;
    for (int x = 0; x < space->cells; x += slow_step * space->options[slow]) {
        for (int y = x; y < x + slow_step; y += fast_step * space->options[fast]) {
            for (int z = y; z < y + fast_step; z++)
                largest = dt_greater(largest, influence_at(space, g + z, k, j));
        }
    }
    return largest;
}

/* The two agents with a choice of two options oppose each other: c_1 c_2 <= 0. */
static bool opposed(const dt_branch_space *space)
{
    int chooser[2], choosers = 0;
    for (int k = 0; k < space->agents; k++) {
        if (space->options[k] == 1)
            continue;
        if (space->options[k] > 2 || choosers == 2)
            return false;
        chooser[choosers++] = k;
    }
    if (choosers < 2)
        return true;
    double product = 1;
    for (int i = 0; i < 2; i++) {
        int k = chooser[i], j = chooser[1 - i];
        const double *g = space->advantage + (size_t)k * (size_t)space->cells;
        product *= g[space->stride[k] + space->stride[j]] - g[space->stride[k]];
    }
    return product <= 0;
}

double dt_equations_unique(const dt_branch_space *space, double enough)
{
    assert(space->scale > 0);
    if (opposed(space))
        return INFINITY;
    int agents = space->agents;
    double m[DT_MAX_AGENTS * DT_MAX_AGENTS] = {0}, work[2 * DT_MAX_AGENTS];
    for (int k = 0; k < agents; k++) {
        for (int j = 0; j < agents; j++) {
            if (j != k)
                m[k * agents + j] = influence(space, k, j) / 4;
        }
    }
    const double bound = dt_radius(m, agents, enough, work);
    assert(bound >= 0);
    return bound == 0 ? INFINITY : 1 / bound;
}
