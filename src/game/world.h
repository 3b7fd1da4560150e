/*
 * A world: a number for every parameter, and all numbers of a game that follow from them without
 * solving anything. Evaluating a world checks what only a world can show: that probabilities lie in
 * 0..1 and sum to one, that discounts, rationalities and payoffs are numbers that make sense.
 */
#ifndef DT_GAME_WORLD_H
#define DT_GAME_WORLD_H

#include "game/game.h"

typedef struct dt_world {
    double *parameter;   /* [params] */
    double *coefficient; /* [coefficients] */
    double *discount;    /* [actors] */
    double *rationality; /* [agents] */
    double *payment;     /* [rows][actors] sum of a row's terms for each actor (payment and payoff
                            rows; meaningless for outcome rows) */
} dt_world;

/* Evaluates a world in `arena`. DT_INVALID, told with the state, if a check fails. */
dt_status dt_world_make(dt_arena *arena, const dt_game *game, const double *parameter,
                        dt_diagnostics *diagnostics, dt_world **world);

#endif
