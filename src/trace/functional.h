/*
 * Functionals: numbers that play adds up under fixed strategies. A payoff term is one, and so is an
 * outcome; as each is linear in how probable every place is, an actor's value splits exactly into its
 * terms.
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
 * What each cell of a node is worth in period `t` (from 0, before the horizon): what is paid there
 * and the expectation of what follows, into worth[cells][count]. Actors' numbers are discounted to
 * that period and run to the end of lookahead; the taste of the choice at the node itself is no part
 * of them. Outcomes are counted from period t on, as if nothing had happened before: `first` counts
 * from there, and what never happens counts one more than the periods that remain; `mean` is over
 * the periods that remain. A functional that appears twice is counted for its last place alone.
 *
 * Can be interrupted (dt_progress). O(periods × branches × cells × (1 + outcomes `ever` or `first`)),
 * whatever the other functionals.
 */
void dt_functionals_cells(dt_arena *arena, const dt_solution *solution, uint32_t t, uint32_t node,
                          const dt_functional *functional, size_t count, const dt_options *options,
                          double *worth);

#endif
