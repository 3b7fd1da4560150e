/*
 * One thread's work on stages in which points are mixed: a node at a point as a signalling game
 * (signal_game.h), or at eight points at once (lane_signal.h).
 */
#ifndef DT_SOLVE_PRIVATE_NODE_H
#define DT_SOLVE_PRIVATE_NODE_H

#include "solve/lane_signal.h"
#include "solve/private.h"

struct dt_private_space {
    dt_signal_space *signal;
    dt_signal_game game;
    dt_subject *subject;      /* [subjects] */
    dt_player *player;        /* [players] */
    int *player_column;       /* [players][values or members] */
    dt_signal_event *event;   /* [events] */
    dt_face *face;            /* [events][subjects] */
    uint8_t *still;           /* [events][subjects] */
    dt_signal_branch *branch; /* [branches] */
    double *chance;           /* [branches][values] */
    uint8_t *after;           /* [branches][values] */
    int *cell_branch;         /* [cells+1] */
    uint32_t *row;            /* [cells] */
    double *pay;              /* [cells][types][players] */
    double *column_pay;       /* [cells][types][columns] */
    dt_voice *voice;          /* [voices] */
    double *sigma, *near;     /* [total] */
    double *value;            /* [columns] */
    int *rank;                /* [variables] */
    int *subject_of;          /* [variables] or -1 */

    /* of lanes */
    struct dt_lane_signal_space *lanes;
    dt_lane_signal lane;
    dt_lane_event *lane_event; /* [events] */
    dt_lane_route *lane_route; /* [branches] */
    const double **lane_pay;   /* [cells][2] */
    double *own_pay;           /* [2][cells] see dt_signal_upto */
    uint32_t taken;            /* the base of what dt_signal_may_be_certain took up last */
    double *upto;              /* [packs][DT_WORLDS] see dt_signal_upto, as these: */
    double *own_start;         /* [2][cells] */
    double *start;             /* [packs][2][cells][DT_WORLDS] */
    double *lane_paid;         /* [cells][2][columns][DT_WORLDS] what hangs on types */
    dt_lane_told *told;        /* [events] */

    /* what is found in a stage */
    dt_found found;
    dt_signal_count count;
};

/* What follows, for signalling games. */
static inline dt_ahead dt_private_ahead(const dt_private *work)
{
    return (dt_ahead){work->value, work->plan->group->columns, work->plan->beliefs->variables,
                      work->steep, work->sweep};
}

/* Sets up space->game: everything but what is paid, at a point. `again`: the last one that was set up was the node, with the
 * same numbers. True if there it had the same agents; then what follows needn't be set up anew. */
bool dt_private_node_set(const dt_private *work, struct dt_private_space *space, uint32_t node,
                         uint32_t point, bool again);

/* Its parts: who knows what and moves, and what follows. The first is true if of as many subjects the same types are
 * possible as of those set up last. Where strategies are carried over those of the node must stand in space->sigma for the
 * second. */
bool dt_private_node_players(const dt_private *work, struct dt_private_space *space, uint32_t node,
                             uint32_t point);
void dt_private_node_branches(const dt_private *work, struct dt_private_space *space,
                              uint32_t node);

/* What columns first … are paid at a point by the cells of the game at hand; then its players. */
void dt_private_node_pay(const dt_private *work, struct dt_private_space *space, uint32_t point,
                         size_t first, size_t beyond);
void dt_private_node_pay_players(const dt_private *work, struct dt_private_space *space);

/* The ranks [variables] of the types of subjects in a joint type of the game at hand; -1: no subject. */
void dt_private_node_ranks(const dt_private *work, struct dt_private_space *space, int joint,
                           int *rank);

/* The voices of columns first … at a node, which has been set up; returns how many. */
int dt_private_node_voices(const dt_private *work, struct dt_private_space *space, uint32_t node,
                           size_t first, size_t beyond);

/* Whether a node of the game can be worked on in lanes, as far as its shape goes; a point at which all types
 * of its variable are possible. */
bool dt_private_lanes_fit(const dt_private_plan *plan, uint32_t node, uint32_t *inside);

/* Sets up space->lane, but for what hangs on the pack, from space->game at that point. */
void dt_private_lanes_set(const dt_private *work, struct dt_private_space *space, uint32_t node,
                          size_t first, size_t beyond, bool decide);

/* Where to look for the only solution at a point: space->own_start, taken from space->start. */
const double *dt_private_lanes_start(struct dt_private_space *space, uint32_t point);

/* A place at the points of a pack; `each`: only at points at which the solution is certainly the only one, and
 * space->upto and space->start have what is known of each. Returns the lanes that are done: their strategies and values stand where
 * they belong. */
uint32_t dt_private_lanes_run(dt_private *work, struct dt_private_space *space, uint32_t place,
                              size_t pack, uint32_t period, size_t first, size_t beyond, bool each,
                              double *residual);

/* A node that fits for what is told there: space->game, and space->lane but for what hangs on the pack. */
void dt_private_lanes_look(const dt_private *work, struct dt_private_space *space, uint32_t node,
                           uint32_t inside);
/* Then, at the points of a pack, by the strategies of a period: into space->told. Returns the lanes in which no probability
 * comes near to underflow; the others are to be done one by one. */
uint32_t dt_private_lanes_told(const dt_private *work, struct dt_private_space *space,
                               uint32_t place, size_t pack, uint32_t period);

#endif
