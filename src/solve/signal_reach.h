/*
 * Whether a signalling game has one solution, from what is within reach of the others' beliefs.
 */
#ifndef DT_SOLVE_SIGNAL_REACH_H
#define DT_SOLVE_SIGNAL_REACH_H

#include "solve/signal_game.h"

typedef struct dt_signal_reach dt_signal_reach;

/* Room for the nodes of games up to a size, and its bytes. */
dt_signal_reach *dt_signal_reach_new(dt_arena *arena, const dt_signal_size *size);
double dt_signal_reach_bytes(const dt_signal_size *size);

/* Takes up a node: what follows its events for the one who knows and moves. `base`: the joint point but for
 * the variable's own. False if nothing can be told of nodes of this shape, which have one mover, one
 * variable of two values, both possible, that stands still, and actions that are seen. */
bool dt_signal_reach_take(dt_signal_reach *reach, const dt_signal_game *game, uint32_t base);

/* What is known of the solution at a belief (of the first value, of the second), pay [2][cells] being what each type is
 * paid: 1, it is certainly the only one; less, at each scale up to this there is one. `start` [2][cells] is λ (Q_k(a) -
 * Q_k(first)) from which to look for the only one. */
double dt_signal_reach_upto(const dt_signal_reach *reach, double first, double second,
                            const double *pay, double *start);

#endif
