/*
 * One sweep: from the values at the beginning of the next period to every decision and value of a
 * period. Backward induction and play forever are sequences of sweeps.
 */
#ifndef DT_SOLVE_SWEEP_H
#define DT_SOLVE_SWEEP_H

#include "base/diagnostic.h"
#include "solve/solve.h"
#include "solve/stage_game.h"

/* A period that stands for all of them: every place can occur. */
#define DT_EVERY_PERIOD (UINT32_MAX - 1)

/* What ended a sweep early. */
typedef enum dt_sweep_end {
    DT_SWEEP_DONE,
    DT_SWEEP_INTERRUPTED, /* by options->progress */
    DT_SWEEP_OVERFLOW,    /* a value at `overflow` is too large for the numbers here */
} dt_sweep_end;

typedef struct dt_sweep {
    const dt_game *game;
    const dt_world *world;
    const dt_options *options;
    dt_solution *solution; /* receives strategies, failures, crossings, residual */
    double done;           /* part of the whole work that is done, for options->progress */

    size_t places, states, actors;
    double *value; /* [places][actors] this period */
    double *next;  /* [states][actors] at the beginning of the next period */

    /* work space for one node; sizes are those of the largest */
    dt_branch_space *space; /* NULL if nobody moves at once */
    double *worth;          /* [cells][actors] Q_i of each actor in each cell */
    double *joint;          /* [cells] probability of each */
    double *payoff;         /* [cells][agents] Q of each agent */
    double *q;              /* [total options] */

    bool keep;         /* strategies are kept as they are, and only measured: the residual */
    bool unnamed;      /* failures are counted but not named */
    uint32_t overflow; /* place */
} dt_sweep;

/* Bytes that dt_sweep_new will take for a game, and the strategy of a solution over `periods`. */
double dt_sweep_bytes(const dt_game *game, uint32_t periods);

/* Work space for a solution whose strategy has been made; values are zero. */
dt_sweep *dt_sweep_new(dt_arena *arena, dt_solution *solution, const dt_options *options);

/* Gives the large arrays back to the arena. */
void dt_sweep_free(dt_arena *arena, dt_sweep *sweep);

/* Values and strategy of a period, all stages from last to first, from `next`. Strategies are
 * written for period `t` (from 0), or once for all with DT_EVERY_PERIOD. `guess` (may be NULL) are
 * strategies [game->options] that may be near, or those that are being written; they never change
 * which solution is selected. */
dt_sweep_end dt_sweep_run(dt_sweep *sweep, uint32_t t, const double *guess);

/* Sets next = the values at which a period begins, from `value`. */
void dt_sweep_turn(dt_sweep *sweep);

/* Forgets failures, crossings and the residual, before a sweep that replaces the one before. */
void dt_sweep_forget(dt_sweep *sweep);

/* Calls options->progress; false: stop. */
bool dt_sweep_progress(const dt_sweep *sweep);

/* Backward induction over game->periods; at the end solution->value is made. */
dt_sweep_end dt_solve_backward(dt_sweep *sweep);

/* Play forever: sweeps until values settle; at the end solution->value, sweeps and settled are made,
 * and `next` holds the values of states. */
dt_sweep_end dt_solve_stationary(dt_arena *arena, dt_sweep *sweep);

/* Whether every period is followed by another. */
bool dt_never_ends(const dt_game *game);

/* Adds to next, one number for each state, what all further sweeps would add to each alike, judging by
 * its change from before; see stationary.c. Numbers lie `stride` apart. */
void dt_leap(const double *before, double *next, size_t states, size_t stride, double discount);

/* solution->gap by one more dynamic program over payments alone. Overwrites `value` and `next`. */
dt_sweep_end dt_gaps(dt_arena *arena, dt_sweep *sweep);

/* An agent's Q: the members' weighted sum of the actors' worth. */
static inline double dt_agent_worth(const dt_agent *agent, const double *worth)
{
    double sum = 0;
    for (int m = 0; m < agent->members; m++)
        sum += agent->weight[m] * worth[agent->member[m]];
    return sum;
}

#endif
