/*
 * A signalling game whose solution is certainly the only one: whether it is, and finding it, by the map itself
 * and by Newton's method, which may start anywhere. Invariant: what is claimed rests on bounds below 1 of
 * the map's slope (signal_unique.c, signal_reach.c), so that the solution is the principal branch's.
 */
#include <math.h>
#include <string.h>

#include "solve/linear.h"
#include "solve/signal_space.h"

static const double CONTRACTS = 0.9; /* a slope below this is below 1 whatever rounding does */

/* ---- whether it is --------------------------------------------------------------------------- */

bool dt_signal_certain(const dt_signal_game *game, dt_signal_space *space)
{
    dt_signal_begin(space, game);
    return space->unknowns == 0 || (!space->doubts && dt_signal_slope(space) < CONTRACTS);
}

bool dt_signal_may_be_certain(const dt_signal_game *game, dt_signal_space *space, uint32_t base)
{
    return !space->doubts && dt_signal_reach_take(space->reach, game, base);
}

bool dt_signal_certain_at(const dt_signal_space *space, double first, double second,
                          const double *pay)
{
    return dt_signal_reach_certain(space->reach, first, second, pay, CONTRACTS);
}

bool dt_signal_is_only(dt_signal_space *space, double slope)
{
    const dt_signal_game *game = space->game;
    if (slope < CONTRACTS)
        return true;
    if (!dt_signal_reach_take(space->reach, game, game->point))
        return false;
    for (int i = 0; i < 2 * game->cells; i++)
        space->own_pay[i % 2 * game->cells + i / 2] = game->pay[i];
    const double *belief = game->subject[0].belief;
    return dt_signal_certain_at(space, belief[0], belief[1], space->own_pay);
}

/* ---- finding it ------------------------------------------------------------------------------ */

static const double *gain_of(const dt_signal_space *space, int u)
{
    return space->gain + (size_t)u * space->width;
}

static double largest(const double *x, int n)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fabs(x[i]) <= most ? most : fabs(x[i]);
    return most;
}

bool dt_signal_iterate(dt_signal_space *space, double *y, double scale, double contraction)
{
    const int n = space->unknowns;
    double *next = space->path + 2 * space->room;
    double before = INFINITY, last = INFINITY;
    for (int i = 0; i < 400; i++) {
        if (!dt_signal_evaluate(space, y, false, true, true))
            return false;
        double change = 0;
        for (int u = 0; u < n; u++) {
            const double gain = scale * *gain_of(space, u), off = fabs(gain - y[u]);
            next[u] = gain;
            change = off <= change ? change : off;
        }
        memcpy(y, next, (size_t)n * sizeof *y);
        const double small = 4e-16 * (1 + largest(y, n));
        last = change;
        if (change <= small || (change >= before && change <= 16 * small))
            break;
        if (i > 0 && change > contraction * before && change > 1e-13)
            return false;
        before = change;
    }
    return last <= 1e-12 && dt_signal_evaluate(space, y, true, true, true);
}

/* The map itself at scale 1, for as long as it gains two digits a time: most nodes have little to learn. */
static bool iterate_lightly(dt_signal_space *space, double *y, bool *seen)
{
    const int n = space->unknowns;
    double before = INFINITY;
    for (int i = 0; i < 12; i++) {
        if (!dt_signal_evaluate(space, y, false, true, true))
            return false;
        double change = 0;
        for (int u = 0; u < n; u++) {
            const double off = fabs(*gain_of(space, u) - y[u]);
            change = off <= change ? change : off;
        }
        const double small = 1e-15 * (1 + largest(y, n));
        *seen = change <= small || (i > 1 && change > 0.05 * before && change <= 8 * small);
        if (*seen || (i > 1 && change > 0.05 * before))
            return *seen;
        for (int u = 0; u < n; u++)
            y[u] = *gain_of(space, u);
        before = change;
    }
    return false;
}

/* Newton's method on whatever piece the point lies in, at scale 1: the solution is the only one. */
static bool find_newton(dt_signal_space *space, double *y)
{
    const int n = space->unknowns;
    double *change = space->path + 5 * space->room, best = INFINITY;
    for (int i = 0; i < 24; i++) {
        if (!dt_signal_evaluate(space, y, true, true, true))
            return false;
        for (int u = 0; u < n; u++) {
            double *row = space->matrix + u * n;
            const double *gain = gain_of(space, u);
            for (int v = 0; v < n; v++)
                row[v] = (u == v) - gain[1 + v];
            change[u] = *gain - y[u];
        }
        if (dt_factor(space->matrix, n, space->pivot) == 0)
            return false;
        dt_substitute(space->matrix, n, space->pivot, change);
        const double size = largest(change, n), small = 1e-14 * (1 + largest(y, n));
        if (!(size < 1e6))
            return false;
        for (int u = 0; u < n; u++)
            y[u] += change[u];
        if (size <= small || (size >= best && size < 1e3 * small))
            return true;
        best = size < best ? size : best;
    }
    return false;
}

/* The unknowns of strategies, relative to their first options. */
static void take_near(const dt_signal_space *space, const double *near, double *to)
{
    for (int a = 0; a < space->agents; a++) {
        const int first = space->agent_option[a];
        for (int o = first + 1; o < space->agent_option[a + 1]; o++) {
            const double y = near ? log(near[o] / near[first]) : 0;
            to[space->agent_unknown[a] + o - first - 1] = isfinite(y) ? y : 0;
        }
    }
}

bool dt_signal_find_only(dt_signal_space *space, const double *near, double *y, bool *seen)
{
    *seen = false;
    take_near(space, near, y);
    if (space->unknowns == 0 || iterate_lightly(space, y, seen) || find_newton(space, y))
        return true;
    take_near(space, NULL, y);
    return dt_signal_iterate(space, y, 1, 1);
}
