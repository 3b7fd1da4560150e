/*
 * A bound on the slope of the map of a signalling game in which one agent moves and is seen, from bounds within
 * reach. All that others learn from its action a is ρ_jk(a) = log σ_j(a) - log σ_k(a); let x(a) be how much these
 * change at most, over all pairs of types. If what follows for type k changes by at most S_k(a) x(a), then
 *     d log σ_k(a) = t λ ((1 - σ_k(a)) dQ_k(a) - Σ_b σ_k(b) dQ_k(b)),     b other than a,
 * and ρ_jk changes by at most what log σ_j and log σ_k do. Whatever strategies are, that is at most
 *     λ (S_k(a) + the largest S_k of another action)
 * for a type, added up over the two types of which it is most. Below 1 there is one fixed point at each scale t up
 * to 1, which depends continuously on it: the principal branch's.
 *
 * Where that doesn't tell, bounds on Q_k give bounds on σ_k for a part of all scales. There x(a) is mapped to at most
 * d(a) x(a) + Σ_b v(b) x(b), with d(a) = t λ (1 - σ_k(a)) S_k(a) and v(b) = t λ σ_k(b) S_k(b), each added up over the
 * two types of which it is most: a matrix whose spectral radius is below r if all d - v < r and
 * Σ v / (r - d + v) < 1. Then the map contracts in a weighted maximum norm (Perron and Frobenius; Ortega & Rheinboldt
 * 1970, §13.1), and the same follows.
 */
#include "solve/signal_bounds.h"

#include <math.h>
#include <stdbool.h>

/* From one scale to the next, between which strategies are bounded together. */
static const double FURTHER = 1.25;

/* The two largest of some numbers that aren't negative. */
typedef struct pair {
    double top, next;
} pair;

static inline void admit(pair *most, double x)
{
    x = x <= INFINITY ? x : INFINITY; /* nor numbers at all: then nothing is known */
    if (x > most->top) {
        most->next = most->top;
        most->top = x;
    } else if (x > most->next) {
        most->next = x;
    }
}

double dt_signal_bounds_plain(const dt_signal_bounds *bounds)
{
    pair types = {0, 0};
    for (int k = 0; k < bounds->types; k++) {
        pair actions = {0, 0};
        for (int a = 0; a < bounds->cells; a++)
            admit(&actions, bounds->sum[k * bounds->cells + a]);
        admit(&types, bounds->rationality * (actions.top + actions.next));
    }
    return types.top + types.next;
}

/* The chance of an action to a type lies between 1/many and 1/few, between two scales. */
static void find_chance(const dt_signal_bounds *bounds, int k, int a, double from, double upto,
                        double *few, double *many)
{
    const double *poor = bounds->poor + k * bounds->cells, *rich = bounds->rich + k * bounds->cells;
    *few = *many = 1;
    for (int b = 0; b < bounds->cells; b++) {
        if (b == a)
            continue;
        const double low = poor[b] - rich[a], high = rich[b] - poor[a];
        *few += exp(bounds->rationality * (low < 0 ? upto : from) * low);
        *many += exp(bounds->rationality * (high < 0 ? from : upto) * high);
    }
}

/* Whether the map contracts between two scales. */
static bool contracts(const dt_signal_bounds *bounds, double from, double upto, double limit)
{
    double sum = 0;
    for (int a = 0; a < bounds->cells; a++) {
        pair worst = {0, 0}, share = {0, 0};
        for (int k = 0; k < bounds->types; k++) {
            const double most = upto * bounds->rationality * bounds->sum[k * bounds->cells + a];
            double few, many;
            find_chance(bounds, k, a, from, upto, &few, &many);
            admit(&worst, most * (1 - 1 / many));
            admit(&share, most / few);
        }
        const double from_others = share.top + share.next;
        const double rest = limit - (worst.top + worst.next) + from_others;
        if (!(rest > 0))
            return false;
        sum += from_others / rest;
    }
    return sum < 1;
}

double dt_signal_bounds_upto(const dt_signal_bounds *bounds, double plain, double limit)
{
    double upto = plain < limit ? 1 : limit / plain; /* the plain bound grows with the scale */
    while (upto > 0 && upto < 1) {
        const double next = upto * FURTHER < 1 ? upto * FURTHER : 1;
        if (!contracts(bounds, upto, next, limit))
            break;
        upto = next;
    }
    return upto;
}
