/*
 * Worlds: a number for every parameter, and all numbers of a game that follow from them without
 * solving anything, of one world or of several side by side. Evaluating checks what only a world can
 * show: that probabilities lie in 0..1 and sum to one, that discounts, rationalities and payoffs are
 * numbers that make sense.
 */
#ifndef DT_GAME_WORLD_H
#define DT_GAME_WORLD_H

#include "game/wrong.h"

/* All arrays end in [width]. */
typedef struct dt_world {
    size_t width;        /* worlds */
    double *parameter;   /* [params] */
    double *coefficient; /* [coefficients] */
    double *discount;    /* [actors] */
    double *rationality; /* [agents] */
    double *payment;     /* [rows][actors] sum of a row's terms for each actor (payment and payoff
                            rows; meaningless for outcome rows) */
} dt_world;

/* Room for `width` worlds on cache lines of their own; parameters are 0. */
dt_world *dt_world_new(dt_arena *arena, const dt_game *game, size_t width);
/* Bytes that it takes. */
double dt_world_bytes(const dt_game *game, size_t width);

/* Works out all that follows from the parameters, with everybody's rationality times `scale`. */
void dt_world_evaluate(const dt_game *game, dt_world *world, double scale);

/* What is wrong with one of the worlds: its code is DT_CODES if nothing is. */
dt_wrong dt_world_check(const dt_game *game, const dt_world *world, size_t which);

#endif
