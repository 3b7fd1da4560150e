/*
 * A game with private variables that is measured: the first policy of a model in its nominal world, with gaps,
 * and its outcomes by the exact chain. Everything is made, and solved once, before anything is measured, so
 * that no memory is handed out while it is.
 */
#ifndef DT_BENCH_PRIVATE_H
#define DT_BENCH_PRIVATE_H

#include "bench.h"
#include "trace/outcomes.h"

typedef struct bench_private {
    dt_arena *arena;
    dt_game *game;
    double *world; /* [parameters] */
    dt_private *work;
    dt_outcomes_private *outcomes;
} bench_private;

/* Keeps the model, whose game this is. */
bench_private *bench_private_new(const dt_model *model);

/* Solves it again; the outcomes of what was solved. Seconds. */
double bench_private_solve(const bench_private *p);
double bench_private_outcomes(const bench_private *p);

/* The nominal world under a game's policy [parameters]. */
double *bench_nominal(const dt_game *game);

#endif
