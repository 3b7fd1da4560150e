/*
 * Functionals with private variables: what an option is worth to one type of who takes it, split as
 * functional.h splits it.
 */
#ifndef DT_TRACE_TYPED_FUNCTIONAL_H
#define DT_TRACE_TYPED_FUNCTIONAL_H

#include "solve/private_chain.h"
#include "trace/functional.h"

/* A choice looked at: an option of an agent of a node's menu, or a cell, in period `t` (from 0, before the horizon),
 * where a joint point is believed. */
typedef struct dt_choice_at {
    uint32_t t, node, point;
    dt_held held;
    const int *rank; /* [variables] of the value that each has; -1: as it is believed */
} dt_choice_at;

typedef struct dt_typed_functionals dt_typed_functionals;

/* Room for functionals [count] of a solution with private variables. */
dt_typed_functionals *dt_typed_functionals_new(dt_arena *arena, const dt_solution *solution,
                                               const dt_functional *functional, size_t count);

/* What a choice is worth, into worth[count], as dt_functionals_cells has it: in expectation over the values that aren't
 * given, by what is believed, and over what those do who aren't held. Can be interrupted (dt_progress).
 * O(a pass over the exact chain of what remains). */
void dt_typed_functionals_find(dt_typed_functionals *all, dt_arena *arena,
                               const dt_choice_at *choice, const dt_options *options,
                               double *worth);

/* The chance with which the agents of a node play a cell if the joint type is this; if some are `held`, that of the
 * others, and 0 in all cells that aren't theirs. */
double dt_typed_cell(const dt_typed_strategy *strategy, const dt_choice_at *at, uint32_t type,
                     int cell, bool held);

#endif
