/*
 * Whether a signalling game of two types has one solution, by isolating all of them (signal_isolate.c).
 */
#ifndef DT_SOLVE_SIGNAL_ISOLATE_H
#define DT_SOLVE_SIGNAL_ISOLATE_H

#include "solve/signal_pieces.h"

typedef struct dt_isolate dt_isolate;

/* Room for games up to a size, and its bytes. */
dt_isolate *dt_isolate_new(dt_arena *arena, const dt_signal_size *size);
double dt_isolate_bytes(const dt_signal_size *size);

/* Whether there is certainly one solution. All of them lie between low and high [cells] of ρ(a); `ratio`: the odds at
 * the belief at hand, pay [2][cells]. If there is, `start` [2][cells] is λ (Q_k(a) - Q_k(first)) next to it. */
bool dt_isolate_only(dt_isolate *isolate, const dt_pieces *pieces, double ratio, const double *pay,
                     const double *low, const double *high, double *start);

#endif
