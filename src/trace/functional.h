/*
 * Functionals: numbers that play adds up under fixed strategies, each worked out backward from the
 * end as values are. A payoff term is one, and so is an outcome; as all obey the same recursion, an
 * actor's value splits exactly into its terms.
 */
#ifndef DT_TRACE_FUNCTIONAL_H
#define DT_TRACE_FUNCTIONAL_H

#include "solve/solve.h"

typedef enum dt_functional_kind {
    DT_FUNCTIONAL_VALUE,   /* of an actor: all it is paid and, with surplus values, its taste */
    DT_FUNCTIONAL_TERM,    /* of a payoff term: what is paid under it, discounted by its actor */
    DT_FUNCTIONAL_TASTE,   /* of an actor: with surplus values, the taste shocks it enjoys */
    DT_FUNCTIONAL_OUTCOME, /* of an outcome, over the periods that remain to the horizon */
} dt_functional_kind;

typedef struct dt_functional {
    dt_functional_kind kind;
    int index; /* actor, term or outcome */
} dt_functional;

/*
 * Functionals that are worked out together. Those of outcomes run to the horizon, the others to the
 * end of lookahead, so that the two sorts can't be mixed.
 *
 * Outcomes are counted from the first period of the run on, as if nothing had happened before:
 * `first` counts from there, and what never happens counts one more than the periods that remain;
 * `mean` is over the periods that remain.
 */
typedef struct dt_functionals {
    const dt_solution *solution;
    dt_arena *arena; /* and options: for dt_progress */
    const dt_options *options;
    const dt_functional *functional; /* [count] of the last run */
    size_t count, room;
    double *value; /* [nodes+leaves][count] from a place in the period looked at to the end */
    double *next;  /* [states][count] work space: values at the beginning of the next period */
    double *space; /* work space of dt_profile */
    double *row;   /* [2][count] work space: numbers of a row, and of a cell */
    size_t *lane;  /* work space: 1 + the functional that reads a row's column; 0: none does */
} dt_functionals;

/* Room for runs of up to `room` functionals, which can be interrupted (dt_progress). */
dt_functionals *dt_functionals_new(dt_arena *arena, const dt_solution *solution, size_t room,
                                   const dt_options *options);

/* Works out `value` for period `t` (from 0, before the horizon) and `count` functionals, which must
 * outlive the run's use. O(periods × branches × count). */
void dt_functionals_run(dt_functionals *all, const dt_functional *functional, size_t count,
                        uint32_t t);

/* What a cell is worth in the period of the last run: what is paid there and the expectation of
 * what follows, into worth[count]. */
void dt_functionals_cell(const dt_functionals *all, uint64_t cell, double *worth);

#endif
