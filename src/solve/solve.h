/*
 * Strategies: the logit Markov perfect equilibrium of a game in one world, by backward induction
 * over the periods or, with lookahead forever, by iterating the same sweep until it settles.
 */
#ifndef DT_SOLVE_SOLVE_H
#define DT_SOLVE_SOLVE_H

#include "game/strategy.h"
#include "solve/solved.h"

struct dt_solution {
    dt_arena *arena;
    const dt_game *game;
    dt_world *world;  /* in the period to which it was last turned: others ask dt_solution_world */
    dt_world **dated; /* [periods] the world in each, where the game reads `now`; else NULL */
    dt_values values;
    double scale;               /* of everybody's rationality */
    struct dt_private *private; /* with private variables: the strategies, by points and types; the
                                   strategy below is empty then */
    dt_strategy *strategy;      /* reading it may make strategies again: by one thread at a time */
    dt_arena *work;             /* where that is done; NULL if all are kept */
    double *value;              /* [actors] at the start */
    double *start; /* [actors] the same without what is paid whatever happens; see group.h */
    double *gap;   /* [actors]; NULL until they are worked out */
    double *worth; /* [horizon, or 1 if play is forever][states][actors] V as each period begins, of
                      states that can occur then; NULL where it isn't kept: see wants_worth */
    dt_found found;
    const char **failure; /* [found.named] place and reason. Play goes on there with the best point
                             found on the branch */
    dt_judgement judgement; /* of all this; and the reason, for people, with the place */
    const char *reason;
    dt_certificate verified; /* filled by dt_verify */
};

/* Whether strategies past the horizon were left behind (dt_options), and what is said of it. */
#define DT_LEFT_BEHIND "a solution with horizon_alone, which has no strategies past the horizon"

bool dt_solution_horizon_alone(const dt_solution *solution);

/* The world's numbers in a period (from 0). */
static inline const dt_world *dt_solution_world(const dt_solution *solution, uint32_t period)
{
    return solution->dated ? solution->dated[period] : solution->world;
}

/* As dt_solve, but with a finite horizon the gaps are left out, a quarter of the work; then
 * solution->gap is NULL until dt_solution_gaps has been called. */
dt_status dt_solve_values(const dt_game *game, const double *parameters, dt_values values,
                          const dt_options *options, dt_solution **solution);

/* The solution that a selected equilibrium is at these numbers, if it gets there: a strategy at its own is
 * judged as it is. Its values, its residual, its gaps, and the judgement. */
dt_status dt_solve_selected(const dt_game *game, const double *parameters, dt_values values,
                            const dt_selected *selected, const dt_options *options,
                            dt_solution **solution);

/* Works out the gaps if they were left out: the same bits as those of dt_solve. */
dt_status dt_solution_gaps(dt_solution *solution, const dt_options *options);

#endif
