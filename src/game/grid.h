/*
 * The grid on which beliefs about a private variable are kept, and the signal that moves them there.
 *
 * A belief b about a variable of K values is written c_m = b(1) + … + b(m), m = 1 … K-1. A point of the
 * grid of fineness N has every c_m at one of the knots (1 - cos(π j/N))/2, j = 0 … N, and is named by the
 * nondecreasing tuple of its j. Points are numbered by the combinatorial number system, so that a point's
 * number is a sum over m of entries of a table.
 *
 * A belief off the grid lies in one simplex of Kuhn's (1960) triangulation: for each c_m its interval, and
 * the order in which the c_m are raised from the lower ends to the upper, that of falling place r in the
 * interval. On one such piece the weights of the corners are linear in c; a piece may be held while c
 * moves, and weights go below 0 where c leaves it.
 *
 * What types are possible is known apart from the numbers. A face is what is left of the grid then: c_m of
 * values that can't be told apart are equal, and those before the first possible type and from the last one
 * on are 0 and 1, whatever happens. So on a face of S types S - 1 sums move, each with all that equal it,
 * and no weight is 0 throughout.
 */
#ifndef DT_GAME_GRID_H
#define DT_GAME_GRID_H

#include "base/arena.h"

enum {
    DT_MOST_POINTS = 4096, /* of all grids of a game together: their product */
    DT_MOST_TYPES = 92,    /* of one variable: with N = 2 one more has more points than that */
};

typedef struct dt_grid {
    int values;      /* K, from 1 to DT_MOST_TYPES */
    int fineness;    /* N */
    uint32_t points; /* binomial(N+K-1, K-1) */
    double *knot;    /* [N+1] */
    uint32_t *rank;  /* [K-1][N+1] what sum m at knot j adds to a point's number */
    double *belief;  /* [points][K] */
    uint16_t *at;    /* [points][K-1] the j of each sum */
} dt_grid;

/* Points of a grid, or DT_MOST_POINTS + 1 if there are more than the limit. */
uint32_t dt_grid_count(int values, int fineness);

/* A grid of at most DT_MOST_POINTS points. */
dt_grid *dt_grid_new(dt_arena *arena, int values, int fineness);

/* Which types are possible, as far as sums are concerned. */
typedef struct dt_face {
    const dt_grid *grid;
    int types;                   /* S, at least 1 */
    uint8_t type[DT_MOST_TYPES]; /* [S] their ranks, ascending */
    uint32_t base;               /* what the sums that don't move add to a point's number */
} dt_face;

/* The face of the types that are marked: possible [K], at least one. */
void dt_face_set(dt_face *face, const dt_grid *grid, const uint8_t *possible);

/* A piece of a face: where each sum that moves lies, and the order of raising. */
typedef struct dt_piece {
    uint8_t low[DT_MOST_TYPES];   /* [S-1] interval low … low+1 */
    uint8_t order[DT_MOST_TYPES]; /* [S-1] sums by falling place in the interval */
} dt_piece;

/* The piece in which a belief over the possible types lies; b [S], of sum 1. Intervals are open below
 * and closed above, 0 belongs to the first; of equal places (but for rounding) the later sum comes first. */
void dt_piece_find(const dt_face *face, const double *b, dt_piece *piece);

/* The piece on the other side of where weights (numbered as corners are) reach 0: lost [S]. False if
 * the face ends there. */
bool dt_piece_next(const dt_face *face, const uint8_t *lost, dt_piece *piece);

/* The corners of a piece, S of them: their numbers, and the belief that each has of each possible type
 * (belief [S][S], may be NULL). */
void dt_piece_corners(const dt_face *face, const dt_piece *piece, uint32_t *point, double *belief);

/* The weights of these [S], of a belief b [S]; below 0 outside the piece. */
void dt_piece_weights(const dt_face *face, const dt_piece *piece, const double *b, double *weight);

#endif
