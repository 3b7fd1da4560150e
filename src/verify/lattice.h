/*
 * The points on which beliefs about one private variable are kept, as the verifier sees them, written
 * from the definition (docs/private.md) and sharing with the solver nothing but the numbers that points have.
 *
 * A belief is spread over corners: points g with weights w_g, so that Σ w_g g is the belief. What may be
 * very small is the share of a type, and then the points at which it is possible have weights as small;
 * so every difference is taken in the form that keeps its relative accuracy: below a knot from the sum of
 * the shares from the last type down, above it from the first type up, within one interval from the shares
 * between.
 */
#ifndef DT_VERIFY_LATTICE_H
#define DT_VERIFY_LATTICE_H

#include "game/grid.h"

typedef struct dt_lattice {
    const dt_grid *grid; /* of which the numbers of points are taken alone */
    int values;          /* K */
    int fineness;        /* N */
    double *knot;        /* [N+1] sin²(πj/2N); 1 less a knot is another one, knot[N-j] */
    double *share;       /* [points][K] g(k) */
} dt_lattice;

/* Where a belief goes: corners with weights above 0, whose sum is 1. */
typedef struct dt_spread {
    int corners;
    uint32_t point[DT_MOST_TYPES];
    double weight[DT_MOST_TYPES];
    double belief[DT_MOST_TYPES]; /* [values] that belief, of sum 1 */
} dt_spread;

dt_lattice *dt_lattice_new(dt_arena *arena, const dt_grid *grid);

/* Spreads the belief that is proportional to mass [values], which has a sum above 0. */
void dt_lattice_spread(const dt_lattice *lattice, const double *mass, dt_spread *spread);

/* A belief that stays on its point. */
void dt_lattice_stay(const dt_lattice *lattice, uint32_t point, dt_spread *spread);

static inline const double *dt_lattice_at(const dt_lattice *lattice, uint32_t point)
{
    return lattice->share + point * (size_t)lattice->values;
}

#endif
