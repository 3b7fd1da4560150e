/*
 * Forward: how probability flows through the periods when everybody plays the strategies found.
 * Several masses can be carried side by side, one in each lane: lane 0 is the plain probability,
 * the others start out equal to it and are cut by whoever follows them (see outcomes.c).
 */
#ifndef DT_TRACE_FORWARD_H
#define DT_TRACE_FORWARD_H

#include "solve/solve.h"

typedef struct dt_forward {
    const dt_solution *solution;
    size_t lanes;  /* as asked for, or one more: an even number is faster */
    double *mass;  /* [nodes+leaves][lanes] of the period that was spread last */
    double *begin; /* [states][lanes] at the beginning of the period to be spread next */
    double *space; /* work space of dt_profile */
} dt_forward;

/* All mass in the state of the first period. */
dt_forward *dt_forward_new(dt_arena *arena, const dt_solution *solution, size_t lanes);

/* Spreads the mass at the beginning of period `t` (from 0) over its places. Periods come in order,
 * with dt_forward_carry between them. O(branches of the period × lanes). */
void dt_forward_spread(dt_forward *forward, uint32_t t);

/* Carries the mass at the leaves of period `t` to the beginning of the next; what has ended is
 * dropped. */
void dt_forward_carry(dt_forward *forward, uint32_t t);

#endif
