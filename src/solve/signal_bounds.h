/*
 * From bounds on a signalling game of one mover to a bound on the slope of its map (signal_bounds.c).
 */
#ifndef DT_SOLVE_SIGNAL_BOUNDS_H
#define DT_SOLVE_SIGNAL_BOUNDS_H

/* What is known of a game within reach, at a belief. Of a type that isn't possible all S_k are 0. */
typedef struct dt_signal_bounds {
    int types, cells;
    double rationality;
    double *sum;         /* [types][cells] S_k(a) */
    double *poor, *rich; /* [types][cells] between which Q_k(a) lies */
} dt_signal_bounds;

/* A bound on the slope that asks nothing of strategies: of S_k alone. */
double dt_signal_bounds_plain(const dt_signal_bounds *bounds);

/* The greatest scale, at most 1, up to which the slope is known to be below `limit` at every scale, given the plain
 * bound, from bounds on strategies; 0: none is. */
double dt_signal_bounds_upto(const dt_signal_bounds *bounds, double plain, double limit);

#endif
