/*
 * One sweep: from the values at the beginning of the next period to every decision and value of a
 * period, for one world. Backward induction, play forever and the gaps are sequences of sweeps.
 *
 * Every place has columns of numbers, in blocks padded to a multiple of four, so that each block is
 * a whole number of vectors; where all of them are four at most they are one block:
 *     value  [actors]   V_i
 *     best   [agents]   what the agent gets if it answers best from there on (certificate.c)
 *     along  [agents]   what it gets by playing along; with surplus values alone, whose V counts taste
 */
#ifndef DT_SOLVE_SWEEP_H
#define DT_SOLVE_SWEEP_H

#include "base/diagnostic.h"
#include "solve/quotient.h"
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

/* A node whose branch ended early. */
typedef struct dt_node_failure {
    uint32_t node;
    dt_branch_result result;
} dt_node_failure;

/* Work space of one thread for one batch of nodes, and what it finds. Arrays of double end in
 * [DT_BATCH], the nodes of the batch; sizes are those of the largest node. */
typedef struct dt_node_space {
    double *payoff; /* [cells][agents] Q of each agent in each cell */
    double *column; /* [cells] one column of worth */
    double *joint;  /* [cells] probability of each */
    double *sigma;  /* [total options] */
    double *q;      /* [total options] */
    struct dt_lane_space *lanes;

    double residual;
    bool marked;       /* something is entered in dt_sweep.mark */
    uint32_t overflow; /* the lowest node with a value that is too large, or DT_NOWHERE */
    int failures;
    dt_node_failure failure[DT_NAMED_FAILURES]; /* the lowest nodes, in order */
} dt_node_space;

/* What a sweep is to do. */
typedef struct dt_pass {
    uint32_t period;      /* from 0, or DT_EVERY_PERIOD */
    size_t first, beyond; /* columns: whole blocks */
    bool decide;          /* strategies are made; else they are followed */
    bool guess;           /* those of the period after, or those to be overwritten if play is
                             stationary, may be near: it never changes which solution is selected */
    bool measure;         /* the residual of strategies that are followed */
    bool unnamed;         /* failures are counted but not named */
} dt_pass;

typedef struct dt_sweep {
    const dt_game *game;
    const dt_world *world;
    const dt_options *options;
    dt_solution *solution; /* receives strategies, failures, crossings, residual */
    const dt_quotient *quotient;
    const struct dt_lane_code *code;
    double done; /* part of the whole work that is done, for options->progress */

    size_t states, actors, agents;
    bool certified; /* there are columns for the gaps; else best and along are `columns` */
    size_t columns, best, along; /* first columns of these kinds */
    size_t values, gaps;         /* where the blocks of values end, and those of gaps begin */
    double *discount;            /* [columns] */
    double *payment;             /* [rows][columns] in the period at hand */
    double *value;               /* [slots][columns] this period */
    double *next;                /* [states][columns] at the beginning of the next period */
    double *before;              /* [states][columns] next, a sweep earlier */
    double *ahead;               /* [states+1][columns] next discounted; 0 where play is over */
    double *worth;               /* [cells of a stage][columns] */

    int jobs;
    dt_node_space *space; /* [jobs] */
    uint8_t *mark;        /* [nodes] of a stage at hand: bits of dt_mark */
    uint32_t overflow;    /* place */
    void *held[8];        /* what is given back */
} dt_sweep;

typedef enum dt_mark { DT_MARK_FAILED = 1, DT_MARK_CROSSED = 2 } dt_mark;

/* Bytes that dt_sweep_new will take for a game, and the strategy of a solution over `periods`. */
double dt_sweep_bytes(const dt_game *game, uint32_t periods, dt_values values,
                      const dt_options *options);

/* Work space for a solution whose strategy has been made, with columns for the gaps or without;
 * values are zero. */
dt_sweep *dt_sweep_new(dt_arena *arena, dt_solution *solution, const dt_options *options,
                       bool certified);

/* Gives the large arrays back to the arena. */
void dt_sweep_free(dt_arena *arena, dt_sweep *sweep);

/* Values and strategies of a period, all stages from last to first, from `next`; then sets `next` to
 * the values at which the period begins, and `before` to what it was. Columns outside the pass keep
 * what they had in `next`. */
dt_sweep_end dt_sweep_run(dt_sweep *sweep, dt_pass pass);

/* Forgets failures, crossings and the residual, before a sweep that replaces the one before. */
void dt_sweep_forget(dt_sweep *sweep);

/* Calls options->progress; false: stop. */
bool dt_sweep_progress(const dt_sweep *sweep);

/* Backward induction over game->periods; at the end solution->value is made, and gap if `certified`. */
dt_sweep_end dt_solve_backward(dt_sweep *sweep);

/* Play forever: sweeps until values settle; at the end solution->value, sweeps and settled are made,
 * and `next` holds the values of states. */
dt_sweep_end dt_solve_stationary(dt_arena *arena, dt_sweep *sweep);

/* ---- the gaps (certificate.c) ------------------------------------------------------------------ */

/* Whether what counts for each agent is the same in every period: the members of a team discount
 * alike. */
bool dt_gaps_steady(const dt_sweep *sweep);

/* Fills the columns past the actors' of `payment`, in period t (from 0). */
void dt_gaps_weigh(dt_sweep *sweep, uint32_t t);

/* solution->gap from the columns of the start. */
void dt_gaps_take(dt_sweep *sweep);

/* With a finite horizon: the program alone, along the strategies found. */
dt_sweep_end dt_gaps_backward(dt_sweep *sweep);

/* With lookahead forever: the program over payments alone, from the values of playing along. */
dt_sweep_end dt_gaps_forever(dt_sweep *sweep);

/* ---- play forever (leap.c) --------------------------------------------------------------------- */

/* How far a column's change from `before` to `next` is from small enough, relative to what is
 * allowed: `close` (1 - δ), or rounding. */
double dt_distance(const dt_sweep *sweep, size_t column, double close);

/* Whether every period is followed by another. */
bool dt_never_ends(const dt_game *game);

/* Adds to next, one number for each state, what all further sweeps would add to each alike, judging by
 * its change from before; see leap.c. Numbers lie `stride` apart. */
void dt_leap(const double *before, double *next, size_t states, size_t stride, double discount);

/* An agent's Q: the members' weighted sum of the actors' worth. */
static inline double dt_agent_worth(const dt_agent *agent, const double *worth)
{
    double sum = 0;
    for (int m = 0; m < agent->members; m++)
        sum += agent->weight[m] * worth[agent->member[m]];
    return sum;
}

#endif
