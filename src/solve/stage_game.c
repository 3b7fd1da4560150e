/*
 * A stage game's payoffs against mixed strategies, and how far strategies are from being a logit
 * equilibrium (McKelvey & Palfrey 1995). Computed from the payoffs as they are given, apart from
 * the follower's equations: the residual is a check on those.
 */
#include "solve/stage_game.h"

#include <assert.h>
#include <math.h>

#include "base/greater.h"
#include "solve/equations.h"

void dt_stage_game_values(const dt_stage_game *game, const double *sigma, double *q)
{
    int agents = game->agents, cells = 1, total = 0;
    int first[DT_MAX_AGENTS], choice[DT_MAX_AGENTS] = {0};
    assert(agents >= 1 && agents <= DT_MAX_AGENTS);
    for (int k = 0; k < agents; k++) {
        first[k] = total;
        total += game->options[k];
        cells *= game->options[k];
    }
    for (int a = 0; a < total; a++)
        q[a] = 0;
    for (int cell = 0; cell < cells; cell++) {
        for (int k = 0; k < agents; k++) {
            double gets = game->payoff[cell * agents + k];
            for (int j = 0; j < agents; j++) {
                if (j != k)
                    gets *= sigma[first[j] + choice[j]];
            }
            q[first[k] + choice[k]] += gets;
        }
        for (int k = agents - 1; k >= 0 && ++choice[k] == game->options[k]; k--)
            choice[k] = 0;
    }
}

double dt_stage_game_residual(const dt_stage_game *game, const double *sigma, const double *q)
{
    double residual = 0;
    for (int k = 0; k < game->agents; k++) {
        int options = game->options[k];
        double top = q[0], sum = 0;
        for (int a = 1; a < options; a++)
            top = dt_greater(top, q[a]);
        for (int a = 0; a < options; a++)
            sum += exp(game->rationality[k] * (q[a] - top));
        for (int a = 0; a < options; a++) {
            double logit = exp(game->rationality[k] * (q[a] - top)) / sum;
            residual = dt_greater(residual, fabs(sigma[a] - logit));
        }
        sigma += options;
        q += options;
    }
    assert(residual >= 0 && residual <= 1);
    return residual;
}
