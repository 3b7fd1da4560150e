/*
 * Backward induction over horizon + lookahead periods, values zero after the last: the equilibrium
 * is found node by node, with continuation values already final (docs/method.md). Only what can occur
 * in a period is solved in it. The gaps' dynamic program (certificate.c) runs beside it, in the same
 * sweeps if the gaps are wanted: it needs strategies of this period and later ones alone.
 */
#include <assert.h>
#include <string.h>

#include "solve/sweep.h"

dt_sweep_end dt_solve_backward(dt_sweep *sweep)
{
    const dt_game *game = sweep->game;
    dt_solution *solution = sweep->solution;
    assert(!game->forever && game->periods >= 1);
    const bool steady = dt_gaps_steady(sweep), certified = sweep->certified;
    for (uint32_t t = game->periods; t-- > 0;) {
        sweep->done = (double)(game->periods - 1 - t) / game->periods;
        if (!dt_sweep_progress(sweep))
            return DT_SWEEP_INTERRUPTED;
        if (certified && (!steady || t + 1 == game->periods))
            dt_gaps_weigh(sweep, t);
        const dt_sweep_end end = dt_sweep_run(sweep, (dt_pass){.period = t,
                                                               .beyond = sweep->columns,
                                                               .decide = true,
                                                               .guess = t + 1 < game->periods});
        if (end != DT_SWEEP_DONE)
            return end;
    }
    memcpy(solution->value, sweep->next + game->start * sweep->columns,
           sweep->actors * sizeof(double));
    if (certified)
        dt_gaps_take(sweep);
    solution->settled = true;
    return DT_SWEEP_DONE;
}
