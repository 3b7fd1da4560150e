/*
 * What an action is worth to two types that others tell apart by it, piece by piece (signal_pieces.c).
 */
#ifndef DT_SOLVE_SIGNAL_PIECES_H
#define DT_SOLVE_SIGNAL_PIECES_H

#include "solve/signal_game.h"

/* While z, the odds of the types who have taken the action, are between two numbers, and of what isn't paid at once,
 *     λ Q_0 = sure_0 - told_0 / z,     λ Q_1 = sure_1 + told_1 z. */
typedef struct dt_told_piece {
    double from, to;         /* z, 0 and INFINITY included, */
    double log_from, log_to; /* and log z */
    double sure[2], told[2];
} dt_told_piece;

typedef struct dt_pieces_event dt_pieces_event;

typedef struct dt_pieces {
    int most_cells, most_fineness;
    int cells;
    double rationality;
    int *first; /* [cells+1] an action's pieces, ascending */
    dt_told_piece *piece;
    double *least, *most;   /* [cells] between which λ (Q_0 - Q_1) lies, whatever is believed */
    int fineness;           /* of the knots' odds and their logarithms, */
    double *odds, *log;     /* [N+1] */
    dt_pieces_event *event; /* [events] and events */
} dt_pieces;

/* Room for the nodes of games up to a size, and its bytes. */
void dt_pieces_new(dt_pieces *pieces, dt_arena *arena, const dt_signal_size *size);
double dt_pieces_bytes(const dt_signal_size *size);

/* Takes up a node of one mover, who knows the one variable, of two values, both possible; `base`: the joint point but
 * for the variable's own. False if it is of another shape, its action isn't seen, or what is known changes. */
bool dt_pieces_take(dt_pieces *pieces, const dt_signal_game *game, uint32_t base);

#endif
