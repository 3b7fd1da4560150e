/*
 * Signalling games in lanes: one node at eight points of belief at once, where one variable of two values
 * is learned about and at most one player moves. The equations are those of signal_game.h. Such a game is
 * solved here only if its solution is certainly the only one (signal_only.c), so that it doesn't matter how it is
 * found: by the map itself or by Newton's method, from the centroid or where it is known to be near, in lanes that
 * gain fast enough. What becomes of a lane doesn't depend on the others.
 */
#ifndef DT_SOLVE_LANE_SIGNAL_H
#define DT_SOLVE_LANE_SIGNAL_H

#include "base/lane.h"
#include "solve/signal_game.h"

/* What is seen after a cell, or, if cells are hidden, after any. */
typedef struct dt_lane_event {
    uint32_t place; /* where its values are */
    bool still;     /* nothing is learned of the variable, and it doesn't move */
} dt_lane_event;

/* A way from a cell to an event, for each value of the variable. */
typedef struct dt_lane_route {
    int cell, event;
    double chance[2];
    uint8_t after[2]; /* the variable's value then */
} dt_lane_route;

/* A node, and eight points. Arrays of double end in [DT_WORLDS]. */
typedef struct dt_lane_signal {
    const dt_grid *grid;
    uint32_t stride;            /* of the variable's points in a joint one */
    const double *const *value; /* [packs] as in dt_ahead */
    size_t columns;
    int cells;
    bool moves, knows; /* somebody chooses a cell; and knows the variable, */
    bool told;         /* of which nothing but its action tells, and it stands still */
    double rationality;
    int members;          /* of who chooses and doesn't know */
    const int *own;       /* [2] columns of its values, or [members] */
    const double *weight; /* [members] */
    int events;
    const dt_lane_event *event;
    int routes;
    const dt_lane_route *route; /* by cells */
    int voices;
    const dt_voice *voice; /* `subject` 0: it knows the variable; `player` 0: it chooses */
    bool decide;           /* strategies are made; else they are followed, */
    bool measure;          /* and their residual is measured */

    uint32_t wanted;          /* bits of the lanes that are to be done */
    const uint32_t *base;     /* [DT_WORLDS] joint points but for the variable's */
    const uint32_t *at;       /* [DT_WORLDS] the variable's points */
    const double *belief;     /* [2] */
    const double *const *pay; /* [cells][2] → [columns], if the variable has that value */
    const double *start;      /* [2][cells] log odds from which one who knows is solved, or NULL */
    double *sigma;            /* [2][cells], or [cells] of who doesn't know: in or out */
    double *worth;            /* [columns] out: those of the voices */
    double *residual;         /* [] out */
} dt_lane_signal;

/* What is told after an event in which something is learned: with which chances each value of the variable is told the ends
 * of an interval. That they add up to 1 but for rounding isn't used: what is left over would be off from what is
 * believed where it is next to nothing. */
typedef struct dt_lane_told {
    double lower[2][DT_WORLDS], upper[2][DT_WORLDS];
    int interval[DT_WORLDS];
} dt_lane_told;

typedef struct dt_lane_signal_space dt_lane_signal_space;

dt_lane_signal_space *DT_KERNEL(dt_lane_signal_space_new)(dt_arena *arena,
                                                          const dt_signal_size *size);

/* Solves and values the lanes that are wanted; returns a bit for each that is done. Those that aren't
 * wanted are left as they were, what stands in the rest means nothing. */
uint32_t DT_KERNEL(dt_lane_signal_solve)(const dt_lane_signal *game, dt_lane_signal_space *space);

/* What is told after each event to those who follow the strategies at game->sigma, into told [events]; values, payments and
 * voices aren't read. Returns a bit for each lane in which no probability comes near to underflow. */
uint32_t DT_KERNEL(dt_lane_signal_told)(const dt_lane_signal *game, dt_lane_signal_space *space,
                                        dt_lane_told *told);

/* Bytes of the space, of any kernel. */
static inline double dt_lane_signal_bytes(const dt_signal_size *size)
{
    enum { VIEW = 1024 };
    return (VIEW + 32.0 * DT_WORLDS) * size->events + 96.0 * DT_WORLDS * size->cells + 1024;
}

#endif
