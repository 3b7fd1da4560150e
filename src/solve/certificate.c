/*
 * The gaps: how much each agent would gain by answering everybody else's strategy as well as can be
 * from the start on, found by one more dynamic program (docs/method.md, Certificates). It runs over
 * agents instead of actors: a single actor's payments are its own, a team's those of its members
 * weighted by w_i and by their own discounts. As discounts may differ within a team, its value in
 * period t is taken relative to the most patient member's discount δ: with ρ_i = δ_i / δ,
 *     W(t) = best over its actions of Σ_i w_i ρ_i^t payment_i + E W(t'),   t' = t within a period,
 * and δ W(t+1) at the end of one, which is Σ_i w_i δ_i^t payment_i divided by δ^t throughout.
 * Payments alone count: what surplus values add for taste is left out. The program has columns of its
 * own (sweep.h), beside the values in the same sweeps, or after them along the strategies found.
 *
 * With lookahead forever it goes on after play has settled until it has settled too, to 1e-13, with
 * the leaps of leap.c: against fixed strategies it is a contraction, so that it doesn't matter
 * where it begins. If some team's discounts differ it begins when play has settled, with the values of
 * playing along, and runs for so many periods T that δ^T <= 1e-13 (1 - δ) for the most patient of
 * all, so that what lies beyond weighs less than 1e-13 of the greatest payment. Both end after
 * DT_MAX_SWEEPS at the latest.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "solve/greater.h"
#include "solve/sweep.h"

static const double CLOSE = 1e-13;

static double member_weight(const dt_sweep *sweep, size_t agent, int m, uint32_t t)
{
    const dt_agent *a = &sweep->game->rules->agent[agent];
    const double own = sweep->world->discount[a->member[m]];
    const double most = sweep->discount[sweep->best + agent];
    assert(own <= most);
    return own == most ? a->weight[m] : a->weight[m] * pow(own / most, t);
}

bool dt_gaps_steady(const dt_sweep *sweep)
{
    for (size_t k = 0; k < sweep->agents; k++) {
        const dt_agent *agent = &sweep->game->rules->agent[k];
        for (int m = 1; m < agent->members; m++) {
            if (sweep->world->discount[agent->member[m]] !=
                sweep->world->discount[agent->member[0]])
                return false;
        }
    }
    return true;
}

/* The most patient member's discount, in the agents' columns. */
static void set_discounts(dt_sweep *sweep)
{
    for (size_t k = 0; k < sweep->agents; k++) {
        const dt_agent *agent = &sweep->game->rules->agent[k];
        double most = 0;
        for (int m = 0; m < agent->members; m++)
            most = dt_greater(most, sweep->world->discount[agent->member[m]]);
        for (size_t block = sweep->best; block < sweep->columns;
             block += sweep->along - sweep->best)
            sweep->discount[block + k] = most;
    }
}

void dt_gaps_weigh(dt_sweep *sweep, uint32_t t)
{
    const dt_game *game = sweep->game;
    set_discounts(sweep);
    for (size_t k = 0; k < sweep->agents; k++) {
        const dt_agent *agent = &game->rules->agent[k];
        for (int m = 0; m < agent->members; m++) {
            const double weight = member_weight(sweep, k, m, t);
            const int member = agent->member[m];
            for (uint32_t row = 0; row < game->rows; row++) {
                double *paid = sweep->payment + row * sweep->columns;
                if (game->row_pays[row])
                    paid[sweep->best + k] =
                        (m == 0 ? 0 : paid[sweep->best + k]) + weight * paid[member];
            }
        }
    }
    if (sweep->solution->values != DT_VALUES_SURPLUS)
        return;
    for (uint32_t row = 0; row < game->rows; row++) {
        double *paid = sweep->payment + row * sweep->columns;
        memcpy(paid + sweep->along, paid + sweep->best, sweep->agents * sizeof(double));
    }
}

void dt_gaps_take(dt_sweep *sweep)
{
    dt_solution *solution = sweep->solution;
    assert(sweep->certified && solution->gap);
    const dt_rules *rules = sweep->game->rules;
    const double *start = sweep->next + sweep->game->start * sweep->columns;
    for (size_t i = 0; i < sweep->actors; i++) {
        const size_t k = (size_t)rules->actor_agent[i];
        const double along = solution->values == DT_VALUES_SURPLUS
                                 ? start[sweep->along + k]
                                 : dt_agent_worth(&rules->agent[k], solution->value);
        /* the best answer is no worse than playing along but for rounding */
        solution->gap[i] = dt_greater(0, start[sweep->best + k] - along);
    }
}

dt_sweep_end dt_gaps_backward(dt_sweep *sweep)
{
    const dt_game *game = sweep->game;
    const bool steady = dt_gaps_steady(sweep);
    assert(!game->forever && sweep->certified);
    for (uint32_t t = game->periods; t-- > 0;) {
        sweep->done = (double)(game->periods - 1 - t) / game->periods;
        if (!dt_sweep_progress(sweep))
            return DT_SWEEP_INTERRUPTED;
        if (!steady || t + 1 == game->periods)
            dt_gaps_weigh(sweep, t);
        const dt_sweep_end end = dt_sweep_run(
            sweep, (dt_pass){.period = t, .first = sweep->gaps, .beyond = sweep->columns});
        if (end != DT_SWEEP_DONE)
            return end;
    }
    dt_gaps_take(sweep);
    return DT_SWEEP_DONE;
}

/* ---- play forever ---------------------------------------------------------------------------- */

/* True if the last period changed next so little that no more need be run. */
static bool settled(const dt_sweep *sweep)
{
    for (size_t c = sweep->best; c < sweep->columns; c++) {
        if (dt_distance(sweep, c, CLOSE) > 1)
            return false;
    }
    return true;
}

/* Periods after which nothing counts any more; see above. */
static uint32_t long_enough(const dt_sweep *sweep)
{
    double discount = 0;
    for (size_t k = 0; k < sweep->agents; k++)
        discount = dt_greater(discount, sweep->discount[sweep->best + k]);
    assert(discount < 1);
    double periods = discount == 0 ? 1 : ceil(log(CLOSE * (1 - discount)) / log(discount));
    return (uint32_t)dt_lesser(dt_greater(periods, 1), DT_MAX_SWEEPS);
}

/* Takes the agents' values of playing along forever, in the units of period t, from the actors'. */
static void start_from(dt_sweep *sweep, uint32_t t)
{
    for (size_t s = 0; s < sweep->states; s++) {
        double *next = sweep->next + s * sweep->columns;
        for (size_t k = 0; k < sweep->agents; k++) {
            const dt_agent *agent = &sweep->game->rules->agent[k];
            double sum = 0;
            for (int m = 0; m < agent->members; m++)
                sum += member_weight(sweep, k, m, t) * next[agent->member[m]];
            for (size_t block = sweep->best; block < sweep->columns;
                 block += sweep->along - sweep->best)
                next[block + k] = sum;
        }
    }
}

dt_sweep_end dt_gaps_forever(dt_sweep *sweep)
{
    const bool steady = dt_gaps_steady(sweep), endless = dt_never_ends(sweep->game);
    assert(sweep->game->forever);
    dt_gaps_weigh(sweep, 0);
    const uint32_t periods = long_enough(sweep);
    if (!steady)
        start_from(sweep, periods);
    for (uint32_t t = periods; t-- > 0;) {
        sweep->done = dt_lesser(1, 0.75 + 0.25 * (periods - 1 - t) / periods);
        if (!dt_sweep_progress(sweep))
            return DT_SWEEP_INTERRUPTED;
        if (!steady)
            dt_gaps_weigh(sweep, t);
        const dt_sweep_end end = dt_sweep_run(
            sweep,
            (dt_pass){.period = DT_EVERY_PERIOD, .first = sweep->gaps, .beyond = sweep->columns});
        if (end != DT_SWEEP_DONE)
            return end;
        if (steady && settled(sweep))
            break;
        for (size_t c = sweep->best; c < sweep->columns && steady && endless; c++)
            dt_leap(sweep->before + c, sweep->next + c, sweep->states, sweep->columns,
                    sweep->discount[c]);
    }
    dt_gaps_take(sweep);
    return DT_SWEEP_DONE;
}
