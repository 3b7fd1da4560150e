/*
 * Play forever: the stationary equilibrium that ever longer lookaheads tend to, by repeating the
 * sweep of backward induction from zero values until, for every actor i,
 *     max over states of |ΔV_i| · δ_i / (1 - δ_i) <= 1e-12 max(1, max |V_i|)        (docs/method.md),
 * the distance that is still to go if each sweep shrinks changes by δ_i. Where δ_i is so near to 1
 * that this asks for less than the rounding of a sweep, a change within that rounding is enough.
 *
 * Every sweep solves every node anew: whatever a node looked like in the sweep before, its solution
 * is on the branch that starts at the centroid. The last strategies only serve as guesses where the
 * solution is certainly unique (stage_game.h).
 *
 * Where play never ends each sweep is followed by a leap (leap.c).
 *
 * The values of ever longer lookaheads may have no limit but go round. If they come back, bit for
 * bit, to those of an earlier sweep (Brent 1980 compares with sweeps 1, 2, 4, 8 …) no more are made.
 * Invariant: after sweep k, `next` holds the values of a lookahead of k periods, but for a constant
 * of each actor if play never ends.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/greater.h"
#include "solve/sweep.h"

static const double CLOSE = 1e-12;

/* Whether the actors' values are those of an earlier sweep, bit for bit; or replaces these. */
static bool same_as_earlier(const dt_sweep *sweep, const double *earlier)
{
    for (size_t s = 0; s < sweep->states; s++) {
        if (memcmp(earlier + s * sweep->actors, sweep->next + s * sweep->columns,
                   sweep->actors * sizeof *earlier) != 0)
            return false;
    }
    return true;
}

static void remember(const dt_sweep *sweep, double *earlier)
{
    for (size_t s = 0; s < sweep->states; s++)
        memcpy(earlier + s * sweep->actors, sweep->next + s * sweep->columns,
               sweep->actors * sizeof *earlier);
}

/* Sweeps until values settle or go round, or there have been too many. */
static dt_sweep_end settle(dt_arena *arena, dt_sweep *sweep)
{
    dt_solution *solution = sweep->solution;
    const bool endless = dt_never_ends(sweep->game);
    /* what gaps need comes along, if the same counts in every period */
    const size_t beyond = dt_gaps_steady(sweep) ? sweep->columns : sweep->values;
    bool round = false;
    double first = 0;
    dt_list(double) earlier = {0};
    dt_reserve(arena, &earlier, sweep->states * sweep->actors + 1);
    dt_gaps_weigh(sweep, 0);
    while (!solution->settled && !round && solution->sweeps < DT_MAX_SWEEPS) {
        if (!dt_sweep_progress(sweep))
            return DT_SWEEP_INTERRUPTED;
        dt_sweep_forget(sweep);
        const dt_sweep_end end = dt_sweep_run(sweep, (dt_pass){.period = DT_EVERY_PERIOD,
                                                               .beyond = beyond,
                                                               .decide = true,
                                                               .guess = solution->sweeps > 0,
                                                               .unnamed = true});
        if (end != DT_SWEEP_DONE)
            return end;
        solution->sweeps++;
        double left = 0;
        for (size_t i = 0; i < sweep->actors; i++)
            left = dt_greater(left, dt_distance(sweep, i, CLOSE));
        first = dt_greater(first, left);
        solution->settled = left <= 1;
        for (size_t i = 0; i < beyond && endless && !solution->settled; i++)
            dt_leap(sweep->before + i, sweep->next + i, sweep->states, sweep->columns,
                    sweep->discount[i]);
        round = solution->sweeps > 1 && same_as_earlier(sweep, earlier.at);
        if ((solution->sweeps & (solution->sweeps - 1)) == 0)
            remember(sweep, earlier.at);
        if (left > 1) /* changes shrink geometrically */
            sweep->done = dt_greater(sweep->done, 0.75 * (1 - log(left) / log(first)));
    }
    dt_drop(arena, &earlier);
    return DT_SWEEP_DONE;
}

dt_sweep_end dt_solve_stationary(dt_arena *arena, dt_sweep *sweep)
{
    dt_solution *solution = sweep->solution;
    assert(sweep->game->forever && solution->strategy.periods == 1);
    dt_sweep_end end = settle(arena, sweep);
    if (end != DT_SWEEP_DONE)
        return end;
    /* the strategy at the final values, then those values once more against the strategy */
    dt_sweep_forget(sweep);
    dt_pass pass = {
        .period = DT_EVERY_PERIOD, .beyond = sweep->values, .decide = true, .guess = true};
    end = dt_sweep_run(sweep, pass);
    pass.decide = false;
    pass.measure = true;
    if (end == DT_SWEEP_DONE)
        end = dt_sweep_run(sweep, pass);
    memcpy(solution->value, sweep->next + sweep->game->start * sweep->columns,
           sweep->actors * sizeof(double));
    return end;
}
