/*
 * Whether a signalling game in which one agent of three types or more moves has one solution, from what is within
 * reach of the others' beliefs.
 */
#ifndef DT_SOLVE_SIGNAL_TYPES_H
#define DT_SOLVE_SIGNAL_TYPES_H

#include "solve/signal_game.h"

typedef struct dt_signal_types dt_signal_types;

/* Room for the nodes of games up to a size, and its bytes. */
dt_signal_types *dt_signal_types_new(dt_arena *arena, const dt_signal_size *size);
double dt_signal_types_bytes(const dt_signal_size *size);

/* Takes up a node: what follows its events for the one who knows and moves, `base` being the joint point but for
 * the variable's own. False if nothing can be told of nodes of this shape, which have one mover, one variable of
 * which two of at least three values are possible, and that stands still, actions that are seen, and a grid that
 * isn't too fine. Nothing is done if it was the last one taken, as long as `ahead.stamp` is that of then and not
 * 0. */
bool dt_signal_types_take(dt_signal_types *types, const dt_signal_game *game, uint32_t base);

/* The greatest scale, at most 1, up to which the solution at a belief [types of the game that was taken up] is
 * certainly the only one at every scale: the map's slope is below `limit` < 1. 0: none is known. pay
 * [types][cells]: what each type is paid. */
double dt_signal_types_upto(dt_signal_types *types, const double *belief, const double *pay,
                            double limit);

#endif
