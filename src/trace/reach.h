/*
 * Reach: how likely play comes to each node, period by period, under the strategies found.
 */
#ifndef DT_TRACE_REACH_H
#define DT_TRACE_REACH_H

#include "solve/private_chain.h"
#include "trace/forward.h"

typedef struct dt_reach {
    const dt_game *game;
    dt_forward *forward;
    dt_private_chain *chain; /* with private variables, in its place */
    double *sum;             /* [nodes] of its masses */
    const double *mass;      /* [nodes] the probability of each in the period gone to last */
} dt_reach;

/* Of a solution; it has gone to no period yet. */
dt_reach dt_reach_new(dt_arena *arena, const dt_solution *solution);

/* Goes to period `t` (from 0), through those before it; going back begins anew. */
void dt_reach_to(const dt_reach *reach, uint32_t t);

#endif
