/*
 * Moments that have several solutions: nodes of a stationary game at which, values being final, the game
 * of that one moment has other equilibria than the one that is played.
 */
#ifndef DT_STATIONARY_PLURAL_H
#define DT_STATIONARY_PLURAL_H

#include "solve/solve.h"
#include "solve/whole.h"

typedef struct dt_plural {
    uint64_t together; /* nodes where several agents choose */
    uint64_t nodes;    /* of these, those with more than one solution */
    double passes;     /* how often play passes such a node over the horizon, in expectation */
} dt_plural;

/* At the strategy evaluated last, which is that of `solution`. */
dt_plural dt_whole_plural(dt_arena *arena, dt_whole *whole, const dt_solution *solution);

#endif
