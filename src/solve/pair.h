/*
 * One world's stage games between two agents: those whose equilibrium is certainly unique.
 */
#ifndef DT_SOLVE_PAIR_H
#define DT_SOLVE_PAIR_H

#include "solve/stage_game.h"

/* Solves a game of two agents with few options each into sigma and q [total options], and bounds
 * the residual, by at most 1e-12. False if it is another game, or not certainly unique; then sigma
 * and q are left as they were. `guess` as in dt_branch_follow. */
bool dt_pair_solve(const dt_stage_game *game, const double *guess, double *sigma, double *q,
                   double *residual);

#endif
