/*
 * Stage games in lanes: the same node of a group of worlds at once. The selection rule is that of
 * stage_game.h, world by world: what a lane gets doesn't depend on the others.
 */
#ifndef DT_SOLVE_LANE_STAGE_H
#define DT_SOLVE_LANE_STAGE_H

#include "base/lane.h"
#include "solve/stage_game.h"

/* All arrays of lanes end in [DT_PACKS]. */
typedef struct dt_lane_stage {
    int agents;
    const int *options;         /* [agents] */
    const dt_lane *rationality; /* [agents] */
    const dt_lane *payoff;      /* [cells][agents], the last agent's option varying fastest */
    const dt_lane_mask *active; /* lanes to be solved; the others may hold anything */
    /* [total options] strategies that may be near, looked at only where the equilibrium is certainly
     * unique; NULL if there are none. May be where the results go. */
    const dt_lane *guess;
} dt_lane_stage;

/* Work space for games up to a size, made once. */
typedef struct dt_lane_space dt_lane_space;
dt_lane_space *DT_KERNEL(dt_lane_space_new)(dt_arena *arena, int agents, int total_options,
                                            int cells);

/* Each active lane's strategies sigma [total options], agents in order, the values q [total options]
 * against them, and how its branch ended. A lane whose rationality is beyond 1e150 gets
 * the centroid, the values against it, and a branch that stalled at scale 0; so does one whose
 * numbers are no game (not finite, or payoffs beyond 1e150), with values NaN and residual 1. Lanes
 * that aren't active are left as they were. Takes bounded time; allocates nothing. */
void DT_KERNEL(dt_lane_stage_solve)(const dt_lane_stage *game, dt_lane_space *space, dt_lane *sigma,
                                    dt_lane *q, dt_branch_result result[DT_WORLDS]);

/* The same for two games of one shape (the same `options`), which takes less time than twice one where
 * vectors are so wide that a game fills but one. */
void DT_KERNEL(dt_lane_stage_solve_two)(const dt_lane_stage game[2], dt_lane_space *space,
                                        dt_lane *const sigma[2], dt_lane *const q[2],
                                        dt_branch_result result[2][DT_WORLDS]);

#endif
