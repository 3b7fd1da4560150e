/*
 * One solution, by orientation. One agent of two types moves and is seen: solutions at scale t are the zeros of
 * H(ρ) = ρ - F(ρ), ρ(a) = log σ_0(a) - log σ_1(a), F what the strategies answer to what is believed (signal_odds.h).
 * F is bounded, so that the degree of H is 1 on any large ball: if det DH > 0 at all zeros, each counts 1, and
 * there is one (Ortega & Rheinboldt 1970, §6.2). Is that so at every scale up to t, the zeros are a curve without
 * folds: the principal branch, which ends in the only solution. Nothing is asked of how steep F is where it falls.
 *
 * With r_k(a) = t λ dQ_k(a)/dρ(a), which hangs on ρ(a) alone, DH is a diagonal and equal rows, and
 *     det DH = Π d(a) · (1 + Σ (σ_0 r_0 - σ_1 r_1)(a) / d(a)),     d = 1 - r_0 + r_1.
 * At a zero σ_0 = x σ_1, x = e^ρ, and both add up to 1; so the second factor is, for any θ,
 *     Σ σ_1(a) ((1-θ) G_0 + θ x G_1)(a) / d(a),     G_0 = 1 + r_0 (x - 1),     G_1 = 1 + r_1 (1 - 1/x).
 * If d > 0, and (1-θ) G_0 + θ x G_1 > 0 with one θ between 0 and 1 for all actions and all that ρ can be, det is
 * positive. Both are linear in t and positive at t = 0: so that it holds at all smaller scales, too. At a kink of an
 * action's r_k both sides are looked at; det is linear in each column, hence has that sign on all of the generalised
 * Jacobian (Clarke 1983, §7.1).
 *
 * On a piece r_0 = a/x and r_1 = b x, with G_0 = 1 + a (1 - 1/x) and G_1 = 1 + b (x - 1): these are monotone, and
 * d is least at an end wherever it isn't above 1.
 */
#include "solve/signal_degree.h"

#include <math.h>

/* What must be below 1 is below this, whatever rounding does. */
static const double BELOW = 0.98;

/* x y, which is 0 if x is, however large y. */
static inline double times(double x, double y)
{
    return x == 0 ? 0 : x * y;
}

/* The greatest; INFINITY if one isn't a number. */
static inline double greatest(double x, double y, double z)
{
    double most = x > y ? x : y;
    most = most > z ? most : z;
    return x == x && y == y && z == z ? most : (double)INFINITY;
}

void dt_degree_begin(dt_degree *degree)
{
    *degree = (dt_degree){.most_mix = 1};
}

void dt_degree_add(dt_degree *degree, double from, double to, double a, double b)
{
    const double first = 1 / from, last = 1 / to;
    const double lack[2] = {greatest(0, times(a, first - 1), times(a, last - 1)),
                            greatest(0, times(b, 1 - from), times(b, 1 - to))};
    degree->fall =
        greatest(degree->fall, times(a, first) - times(b, from), times(a, last) - times(b, to));
    for (int k = 0; k < 2; k++)
        degree->lack[k] = greatest(degree->lack[k], lack[k], 0);
    /* G_k in units of the least that is enough */
    const double left[2] = {BELOW - lack[0], BELOW - lack[1]};
    if (left[0] <= 0 && left[1] <= 0) {
        degree->least_mix = INFINITY;
    } else if (left[0] <= 0) {
        const double mix = left[0] / (left[0] - from * left[1]);
        degree->least_mix = greatest(degree->least_mix, mix, 0);
    } else if (left[1] <= 0) {
        const double rest = left[1] / (left[1] - left[0] / to);
        degree->most_mix = 1 - greatest(1 - degree->most_mix, rest, 0);
    }
}

double dt_degree_upto(const dt_degree *degree)
{
    if (degree->fall < BELOW && degree->least_mix < degree->most_mix)
        return 1;
    /* without mixing them it is linear in the scale */
    const double lack = degree->lack[0] < degree->lack[1] ? degree->lack[0] : degree->lack[1];
    const double most = degree->fall > lack ? degree->fall : lack;
    return most < BELOW ? 1 : BELOW / most;
}
