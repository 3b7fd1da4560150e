/*
 * Newton's method for the whole stationary game at a fixed scale, with steps halved until the equations
 * hold better than before (Deuflhard 2011, §3), and iterated responses, which say whether play that is a
 * little off an equilibrium finds its way back.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "game/strategy.h"
#include "solve/linear.h"
#include "solve/whole.h"

enum { MOST_STEPS = 60, MOST_HALVINGS = 12, MOST_RESPONSES = 1000 };
static const double CLOSE = 1e-11; /* max |F| of a zero, for odds of order 1 */
static const double LONGEST = 30;  /* change of log odds in one step */
static const double OFF = 1e-4;    /* weight of the uniform strategy that play begins off with */
static const double BACK = 1e-6;

static double largest(const double *x, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = dt_greater(fabs(x[i]), most);
    return most;
}

static double length(const double *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

/* Solves for the step at what was evaluated last, into `step`. Returns the determinant's sign. */
static int newton_step(dt_whole *whole, double *step)
{
    const size_t n = whole->unknowns;
    dt_whole_matrix(whole, n);
    const int sign = dt_factor(whole->matrix, (int)n, whole->matrix_pivot);
    for (size_t i = 0; i < n; i++)
        step[i] = -whole->residual[i];
    if (sign != 0)
        dt_substitute(whole->matrix, (int)n, whole->matrix_pivot, step);
    return sign;
}

bool dt_whole_newton(dt_whole *whole, double *z, double t, int *sign)
{
    const size_t n = whole->unknowns;
    double *step = whole->step, *trial = whole->trial;
    double off = dt_whole_at(whole, z, t), size = length(whole->residual, n);
    bool polished = false;
    int found = 0;
    for (int i = 0; i < MOST_STEPS && isfinite(off) && dt_whole_going(whole); i++) {
        const bool zero = off <= CLOSE * (1 + largest(z, n));
        if (zero && polished)
            break;
        polished = zero;
        found = newton_step(whole, step);
        if (found == 0)
            return false;
        const double reach = largest(step, n);
        double share = reach > LONGEST ? LONGEST / reach : 1;
        for (int halving = 0;; halving++, share /= 2) {
            for (size_t u = 0; u < n; u++)
                trial[u] = z[u] + share * step[u];
            off = dt_whole_at(whole, trial, t);
            const double now = length(whole->residual, n);
            if (now <= size * (1 - 1e-4 * share) || (zero && now <= size)) {
                size = now;
                memcpy(z, trial, n * sizeof *z);
                break;
            }
            if (zero) { /* nothing is left but rounding */
                off = dt_whole_at(whole, z, t);
                break;
            }
            if (halving == MOST_HALVINGS)
                return false;
        }
    }
    if (sign)
        *sign = found;
    return off <= CLOSE * (1 + largest(z, n)) && polished;
}

/* z becomes the log odds of the responses to what was evaluated last. */
static void respond(const dt_whole *whole, double *z)
{
    for (size_t u = 0; u < whole->unknowns; u++)
        z[u] -= whole->residual[u];
}

bool dt_whole_held(dt_whole *whole, const double *z)
{
    const size_t n = whole->unknowns, options = whole->group->plan->game->options;
    double *at = whole->trial, *solution = whole->kept;
    dt_whole_at(whole, z, 1);
    memcpy(solution, whole->strategy, options * sizeof *solution);
    for (size_t d = 0; d < whole->choices; d++) {
        const dt_simplex *choice = &whole->choice[d];
        double *sigma = whole->strategy + choice->option;
        for (int a = 0; a < choice->options; a++)
            sigma[a] += OFF * (1.0 / choice->options - sigma[a]);
    }
    dt_whole_odds(whole, whole->strategy, at);
    for (int i = 0; i < MOST_RESPONSES; i++) {
        if (!isfinite(dt_whole_at(whole, at, 1)) || !dt_whole_going(whole))
            return false;
        if (i > 0 &&
            dt_strategies_apart(whole->group->plan->game, whole->strategy, solution) <= BACK)
            return true;
        respond(whole, at);
        if (!(largest(at, n) < INFINITY))
            return false;
    }
    return false;
}
