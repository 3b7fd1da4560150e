/*
 * Frequencies: how often each action is taken over the horizon, in expectation.
 */
#ifndef DT_TRACE_FREQUENCY_H
#define DT_TRACE_FREQUENCY_H

#include "solve/solve.h"

typedef struct dt_frequency {
    size_t *first; /* [stages+1] into taken; actions in the order of declaration */
    double *taken; /* expected number of periods in which the action is taken, by whoever moves */
} dt_frequency;

/* By one forward pass over the horizon. */
dt_frequency *dt_frequency_make(dt_arena *arena, const dt_solution *solution);

#endif
