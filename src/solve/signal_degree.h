/*
 * Whether all solutions of a signalling game of two types are oriented alike, so that there is only one
 * (signal_degree.c): from what is known of each action, piece by piece.
 */
#ifndef DT_SOLVE_SIGNAL_DEGREE_H
#define DT_SOLVE_SIGNAL_DEGREE_H

/* What was found on pieces. */
typedef struct dt_degree {
    double fall;                /* r_0 - r_1, at most */
    double lack[2];             /* what G_0 and G_1 fall short of 1, at most */
    double least_mix, most_mix; /* between which θ must lie */
} dt_degree;

void dt_degree_begin(dt_degree *degree);

/* Adds what an action does while x = σ_0/σ_1 is between two numbers: r_0 = a/x and r_1 = b x at scale 1. */
void dt_degree_add(dt_degree *degree, double from, double to, double a, double b);

/* The greatest scale, at most 1, up to which there is only one solution; 0: none is known. */
double dt_degree_upto(const dt_degree *degree);

#endif
