/*
 * Worlds: a number for every parameter, and all numbers of a game that follow from them without
 * solving anything, of one world or of several side by side. Evaluating checks what only a world can
 * show: that probabilities lie in 0..1 and sum to one, that discounts, rationalities and payoffs are
 * numbers that make sense.
 *
 * A type is a column as well: worlds that differ in their private variables and in nothing else are one
 * world as its types see it.
 *
 * Where a game reads `now`, a world's numbers are those of one period at a time: it is turned from one
 * to the next, which works out again what differs between them and nothing else.
 */
#ifndef DT_GAME_WORLD_H
#define DT_GAME_WORLD_H

#include "game/wrong.h"

/* All arrays end in [width]. */
typedef struct dt_world {
    size_t width;      /* worlds */
    uint32_t period;   /* (from 0) whose numbers it holds, where a game reads `now`; else 0 */
    uint32_t origin;   /* what `now` is before the first period: 0, but where a game begins later */
    double *parameter; /* [params] */
    double *secret;    /* [privates] value of each private variable */
    double *share;     /* [secret_first[privates]] the probability that others give to each value */
    double *coefficient; /* [coefficients] */
    double *discount;    /* [actors] */
    double *rationality; /* [agents] */
    double *payment;     /* [rows][actors] sum of a row's terms for each actor (payment and payoff
                            rows; meaningless for outcome rows) */
} dt_world;

/* Room for `width` worlds on cache lines of their own; parameters, private variables and shares are 0. */
dt_world *dt_world_new(dt_arena *arena, const dt_game *game, size_t width);
/* Bytes that it takes. */
double dt_world_bytes(const dt_game *game, size_t width);

/* Works out all that follows from parameters, private variables and shares, with everybody's rationality times `scale`, in the
 * first period. */
void dt_world_evaluate(const dt_game *game, dt_world *world, double scale);

/* Turns worlds that have been evaluated to another period (from 0). Takes no time if nothing reads
 * `now`, or if they stand there. */
void dt_world_turn(const dt_game *game, dt_world *world, uint32_t period);

/* The same numbers in room of their own, for what turns worlds that others read. */
dt_world *dt_world_copy(dt_arena *arena, const dt_game *game, const dt_world *world);

/* What everybody's rationality is multiplied by, as options say. */
double dt_rationality_scale(const dt_options *options);

/* What is wrong with one of the worlds in the period to which they are turned: its code is DT_CODES if
 * nothing is. What reads `now` must be right in each period from the first in which it can count. */
dt_wrong dt_world_check(const dt_game *game, const dt_world *world, size_t which);

/* The column's type: see dt_game. Its private variables must have values of their domains. */
uint32_t dt_world_type(const dt_game *game, const dt_world *world, size_t which);

#endif
