/*
 * Backward induction over horizon + lookahead periods, values zero after the last: the equilibrium
 * is found node by node, with continuation values already final (docs/method.md). Only what can occur
 * in a period is solved in it.
 */
#include <assert.h>
#include <string.h>

#include "solve/sweep.h"

dt_sweep_end dt_solve_backward(dt_sweep *sweep)
{
    const dt_game *game = sweep->game;
    dt_solution *solution = sweep->solution;
    assert(!game->forever && game->periods >= 1);
    for (uint32_t t = game->periods; t-- > 0;) {
        /* certificates take about a quarter of the time */
        sweep->done = 0.75 * (game->periods - 1 - t) / game->periods;
        if (!dt_sweep_progress(sweep))
            return DT_SWEEP_INTERRUPTED;
        const double *guess = NULL;
        if (t + 1 < game->periods)
            guess = solution->strategy.probability + (size_t)(t + 1) * game->options;
        dt_sweep_end end = dt_sweep_run(sweep, t, guess);
        if (end != DT_SWEEP_DONE)
            return end;
        dt_sweep_turn(sweep);
    }
    memcpy(solution->value, sweep->next + game->start * sweep->actors,
           sweep->actors * sizeof(double));
    solution->settled = true;
    return DT_SWEEP_DONE;
}
