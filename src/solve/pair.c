/*
 * The kernel of lane_stage_pair.c for a single world: the same operations in the same order, so that
 * a world alone and a world among others have the same bits.
 */
#define DT_FOR_ONE
#include "solve/lane_stage_pair.c"

#include "solve/pair.h"

bool dt_pair_solve(const dt_stage_game *game, const double *guess, double *sigma, double *q,
                   double *residual)
{
    const dt_lane_mask active = {-1};
    const dt_lane_stage stage = {game->agents,
                                 game->options,
                                 (const dt_lane *)game->rationality,
                                 (const dt_lane *)game->payoff,
                                 &active,
                                 (const dt_lane *)guess};
    dt_lane_played played = {.sigma = (dt_lane *)sigma, .q = (dt_lane *)q};
    if (!dt_lane_stage_pair_one(&stage, 1, &played) || !played.settled[0][0])
        return false;
    *residual = played.residual[0][0];
    assert(*residual >= 0 && *residual <= DT_STAGE_RESIDUAL);
    return true;
}
