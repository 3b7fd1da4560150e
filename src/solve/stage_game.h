/*
 * The game at one node where several agents move at once, with continuation values final: a normal
 * form game with a rationality for each agent. Its logit equilibria are the σ with
 * σ_k = softmax(λ_k Q_k(σ)); the one selected lies on the principal branch.
 */
#ifndef DT_SOLVE_STAGE_GAME_H
#define DT_SOLVE_STAGE_GAME_H

#include "base/arena.h"

typedef struct dt_stage_game {
    int agents;                /* at least 1, at most DT_MAX_MOVERS */
    const int *options;        /* [agents] */
    const double *rationality; /* [agents] 0 and up */
    /* [cells][agents] what each agent gets in each cell; cells as in dt_menu: the last agent's
     * option varies fastest. Finite. */
    const double *payoff;
} dt_stage_game;

/* Q_k(a), what agent k gets for option a against the others' strategies: q [total options] from
 * sigma [total options], agents in order. */
void dt_stage_game_values(const dt_stage_game *game, const double *sigma, double *q);

/* max |σ - softmax(λ Q)| over all agents and options, with q as above. */
double dt_stage_game_residual(const dt_stage_game *game, const double *sigma, const double *q);

/* How the branch ended; "did not arrive" is a result, not an error. */
typedef enum dt_branch_end {
    DT_BRANCH_ARRIVED,
    DT_BRANCH_STALLED,  /* the step became too small, or the numbers are too large to go on */
    DT_BRANCH_TOO_LONG, /* more steps than allowed */
    DT_BRANCH_UNDERFLOW, /* of a signalling game: the belief in a type that can be is too small after an event */
} dt_branch_end;

typedef struct dt_branch_result {
    dt_branch_end end;
    bool crossed;    /* a bifurcation was crossed along the continuous tangent */
    double scale;    /* where it ended: 1 if arrived */
    double residual; /* max |σ - softmax(λ Q)| at the movers' full λ, or a bound on it of at most
                        1e-12; at most 1e-8 if arrived */
    int steps;       /* tried along the path; 0 if uniqueness was certain beforehand */
} dt_branch_result;

/* Work space for games up to a size; made once, used for every node. It holds 2 total_options² +
 * agents · cells numbers, and a few lists of total_options. */
typedef struct dt_branch_space dt_branch_space;
dt_branch_space *dt_branch_space_new(dt_arena *arena, int agents, int total_options, int cells);

/* Follows the principal branch from the centroid at scale 0 to the first point at scale 1. `sigma`
 * [total options] receives the strategies, agents in order: if the branch didn't arrive, those at
 * the last point found on it. `q` [total options] (may be NULL) receives the values Q against them.
 * `guess` (may be NULL) is a strategy [total options] that may be near, such as the solution of a
 * similar game: it is looked at only where the equilibrium is certainly unique, so that it can save
 * time but never change which solution is found. Takes bounded time; allocates nothing. */
dt_branch_result dt_branch_follow(const dt_stage_game *game, dt_branch_space *space,
                                  const double *guess, double *sigma, double *q);

#endif
