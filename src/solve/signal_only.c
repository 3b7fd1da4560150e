/*
 * A signalling game whose solution is certainly the only one: whether it is, and finding it, by the map itself
 * and by Newton's method, which may start anywhere. Invariant: what is claimed rests on bounds below 1 of
 * the map's slope (signal_unique.c, signal_types.c), or on the sign of its Jacobian within reach or wherever a solution
 * may be (signal_reach.c), so that the solution is the principal branch's.
 */
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/linear.h"
#include "solve/signal_space.h"

/* ---- whether it is --------------------------------------------------------------------------- */

bool dt_signal_certain(const dt_signal_game *game, dt_signal_space *space)
{
    dt_signal_begin(space, game);
    return space->unknowns == 0 || (!space->doubts && dt_signal_slope(space) < DT_CONTRACTS);
}

/* What may know it is another thing for two values than for more. */
static bool take(const dt_signal_game *game, dt_signal_space *space, uint32_t base)
{
    space->only_two = dt_signal_reach_take(space->reach, game, base);
    return space->only_two || dt_signal_types_take(space->type_reach, game, base);
}

bool dt_signal_may_be_certain(const dt_signal_game *game, dt_signal_space *space, uint32_t base)
{
    return !space->doubts && take(game, space, base);
}

double dt_signal_upto(const dt_signal_space *space, const double *belief, const double *pay,
                      double *start)
{
    return space->only_two ? dt_signal_reach_upto(space->reach, belief[0], belief[1], pay, start)
                           : dt_signal_types_upto(space->type_reach, belief, pay, DT_CONTRACTS);
}

double dt_signal_only_upto(dt_signal_space *space)
{
    const dt_signal_game *game = space->game;
    space->start = game->asked && game->upto == 1 ? game->start : NULL;
    if (game->asked && game->upto > 0 && space->only_two && !space->doubts)
        return game->upto;
    const double slope = space->unknowns > 0 ? dt_signal_slope(space) : 0;
    if (slope < DT_CONTRACTS)
        return 1;
    const double upto = DT_CONTRACTS / slope;
    if (space->doubts || (!game->asked && !take(game, space, game->point)))
        return upto;
    for (int i = 0; i < game->types * game->cells && !game->asked; i++)
        space->own_pay[i % game->types * game->cells + i / game->types] = game->pay[i];
    const double known = game->asked ? game->upto
                                     : dt_signal_upto(space, game->subject[0].belief,
                                                      space->own_pay, space->own_start);
    if (known == 1 && !game->asked && space->only_two)
        space->start = space->own_start;
    /* the path of more types, in logits, begins where it can be seen to settle */
    return known == 1 || space->only_two ? dt_greater(known, upto) : upto;
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

enum { LIGHTLY = 12, LONG = 400 }; /* rounds: most nodes have little to learn */

/* Applies the map itself at scale 1 until it stands still but for rounding: at most `rounds` times, and only for as
 * long as a change is at most `gain` times the one before. `seen`: that was found by the last evaluation. */
static bool iterate(dt_signal_space *space, double *y, int rounds, double gain, bool *seen)
{
    const int n = space->unknowns;
    double before = INFINITY;
    for (int i = 0; i < rounds; i++) {
        if (!dt_signal_evaluate(space, y, false, true, true))
            return false;
        double change = 0;
        for (int u = 0; u < n; u++) {
            const double off = fabs(*gain_of(space, u) - y[u]);
            change = off <= change ? change : off;
        }
        const double small = 1e-15 * (1 + largest(y, n));
        const bool slow = i > 1 && change > gain * before;
        *seen = change <= small || (slow && change <= 8 * small);
        if (*seen || slow)
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
    double *change = space->point + 2 * space->room, best = INFINITY;
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
    if (space->unknowns == 0 || iterate(space, y, LIGHTLY, 0.05, seen) || find_newton(space, y))
        return true;
    take_near(space, NULL, y);
    return iterate(space, y, LONG, 1, seen);
}
