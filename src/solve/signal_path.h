/*
 * What a path is followed on (signal_path.c): equations that are smooth within a piece of the grids, and the
 * slacks that say where the piece ends. Two forms of a signalling game are followed so: in logits
 * (signal_logits.c), which any game has, and in what actions tell (signal_odds.c), where two types are told
 * apart.
 */
#ifndef DT_SOLVE_SIGNAL_PATH_H
#define DT_SOLVE_SIGNAL_PATH_H

#include "solve/signal_game.h"

/* Equations in `unknowns` numbers and the scale, the last one of a point. Whoever makes them sets the numbers;
 * the functions are told `of`. */
typedef struct dt_curve {
    void *of;
    int unknowns, slacks;
    /* At a point, the pieces held: `lacking` and `slack`, and `jacobian` and `slope` if derivatives are wanted.
     * False if something isn't a number. */
    bool (*evaluate)(void *of, const double *point, bool derivatives);
    /* Finds the pieces in which a point lies, and evaluates there. */
    bool (*find)(void *of, const double *point, bool derivatives);
    /* Goes to the pieces beyond the slacks that are lost [slacks]; false if there are none. */
    bool (*turn)(void *of, const uint8_t *lost);
    bool eager;       /* derivatives cost little: they are wanted at every point */
    double *lacking;  /* [unknowns] the equations, negative: right sides of a correction */
    double *jacobian; /* [unknowns][unknowns+1] */
    double *slack;    /* [slacks] at least 0 in the piece; INFINITY: there is no end on that side */
    double *slope;    /* [slacks][unknowns] */
} dt_curve;

/* Work space, for curves up to a size, and its bytes. */
typedef struct dt_path_space dt_path_space;
dt_path_space *dt_path_space_new(dt_arena *arena, int unknowns, int slacks);
double dt_path_space_bytes(double unknowns, double slacks);

/* Follows the curve from a scale at which the map, point + lacking, contracts to the first point at scale 1.
 * Up to the scale `upto` it has certainly one solution, 0 if no such scale is known; steps are `share` times as long
 * as usual.
 * The point where it ends is left in `point` [unknowns+1], where the curve was evaluated last or next to it. */
dt_branch_result dt_path_follow(const dt_curve *curve, dt_path_space *space, double upto,
                                double share, double *point);

/* Finds the solution at a scale at which it is the only one, from a point that may be anywhere; false if that doesn't
 * settle. */
bool dt_path_settle(const dt_curve *curve, dt_path_space *space, double scale, double *point);

#endif
