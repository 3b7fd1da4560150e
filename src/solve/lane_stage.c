/*
 * Stage games in lanes: lanes whose equilibrium is certainly unique are solved side by side, the
 * others, and those in any doubt, are followed one by one along their principal branch (branch.c).
 * Invariant: which of both is done for a lane depends on that lane alone.
 */
#include "solve/lane_stage.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#include "solve/equations.h"
#include "solve/lane_stage_play.h"

/* Numbers whose products with others like them don't overflow. */
static const double MOST_PAYOFF = 1e150;

static dt_lane *new_lanes(dt_arena *arena, size_t count)
{
    return (dt_lane *)dt_new_worlds(arena, (count + DT_PACKS - 1) / DT_PACKS);
}

dt_lane_space *DT_KERNEL(dt_lane_space_new)(dt_arena *arena, int agents, int total_options,
                                            int cells)
{
    assert(agents >= 1 && agents <= DT_MAX_AGENTS && total_options >= agents && cells >= 1);
    dt_lane_space *space = dt_new(arena, dt_lane_space, 1);
    const size_t total = (size_t)total_options, numbers = (size_t)agents * (size_t)cells;
    space->agents = agents;
    space->total = total_options;
    space->cells = cells;
    space->advantage = new_lanes(arena, numbers);
    space->z = new_lanes(arena, total);
    space->f = new_lanes(arena, total);
    space->gain = new_lanes(arena, total);
    space->sigma = new_lanes(arena, total);
    space->q = new_lanes(arena, total);
    space->pair = new_lanes(arena, total * total);
    space->matrix = new_lanes(arena, total * total);
    space->one = dt_branch_space_new(arena, agents, total_options, cells);
    space->payoff = dt_new(arena, double, numbers);
    space->one_sigma = dt_new(arena, double, total);
    space->one_q = dt_new(arena, double, total);
    return space;
}

/* Follows the branch of one world. */
static dt_branch_result follow(const dt_lane_stage *game, dt_lane_space *space, int world,
                               dt_lane *sigma, dt_lane *q)
{
    const int pack = world / DT_LANES, l = world % DT_LANES;
    double rationality[DT_MAX_AGENTS];
    int cells = 1, total = 0;
    bool sound = true, within = true;
    for (int k = 0; k < game->agents; k++) {
        cells *= game->options[k];
        rationality[k] = game->rationality[k * DT_PACKS + pack][l];
        sound &= rationality[k] >= 0 && rationality[k] <= DBL_MAX;
        within &= rationality[k] <= MOST_PAYOFF;
        for (int a = 0; a < game->options[k]; a++, total++) {
            space->one_sigma[total] = 1.0 / game->options[k];
            space->one_q[total] = NAN;
        }
    }
    for (int i = 0; i < cells * game->agents; i++) {
        space->payoff[i] = game->payoff[i * DT_PACKS + pack][l];
        sound &= fabs(space->payoff[i]) <= MOST_PAYOFF;
    }
    assert(pack < DT_PACKS && total <= space->total && cells <= space->cells);
    dt_branch_result result = {.end = DT_BRANCH_STALLED, .residual = 1};
    const dt_stage_game one = {game->agents, game->options, rationality, space->payoff};
    if (sound && within) {
        result = dt_branch_follow(&one, space->one, NULL, space->one_sigma, space->one_q);
    } else if (sound) {
        dt_stage_game_values(&one, space->one_sigma, space->one_q);
        result.residual = dt_stage_game_residual(&one, space->one_sigma, space->one_q);
    }
    for (int a = 0; a < total; a++) {
        sigma[a * DT_PACKS + pack][l] = space->one_sigma[a];
        q[a * DT_PACKS + pack][l] = space->one_q[a];
    }
    return result;
}

/* What is left when the lanes that are certainly unique have been solved. */
static void finish(const dt_lane_stage *game, dt_lane_space *space, const dt_lane_played *played,
                   dt_branch_result result[DT_WORLDS])
{
    for (int w = 0; w < DT_WORLDS; w++) {
        const int pack = w / DT_LANES, l = w % DT_LANES;
        if (played->settled[pack][l])
            result[w] =
                (dt_branch_result){DT_BRANCH_ARRIVED, false, 1, played->residual[pack][l], 0};
        else if (game->active[pack][l])
            result[w] = follow(game, space, w, played->sigma, played->q);
    }
}

void DT_KERNEL(dt_lane_stage_solve)(const dt_lane_stage *game, dt_lane_space *space, dt_lane *sigma,
                                    dt_lane *q, dt_branch_result result[DT_WORLDS])
{
    dt_lane_played played = {.sigma = sigma, .q = q};
    assert(game->agents >= 1 && game->agents <= space->agents);
    if (!DT_KERNEL(dt_lane_stage_pair)(game, 1, &played))
        DT_KERNEL(dt_lane_stage_many)(game, space, &played);
    finish(game, space, &played, result);
}

void DT_KERNEL(dt_lane_stage_solve_two)(const dt_lane_stage game[2], dt_lane_space *space,
                                        dt_lane *const sigma[2], dt_lane *const q[2],
                                        dt_branch_result result[2][DT_WORLDS])
{
    dt_lane_played played[2] = {
        {.sigma = sigma[0], .q = q[0]},
        {.sigma = sigma[1], .q = q[1]}
    };
    assert(game[0].agents == game[1].agents && game[0].options == game[1].options);
    if (!DT_KERNEL(dt_lane_stage_pair)(game, 2, played)) {
        DT_KERNEL(dt_lane_stage_many)(&game[0], space, &played[0]);
        DT_KERNEL(dt_lane_stage_many)(&game[1], space, &played[1]);
    }
    finish(&game[0], space, &played[0], result[0]);
    finish(&game[1], space, &played[1], result[1]);
}
