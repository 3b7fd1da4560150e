/*
 * The graph that lane groups are solved on: of all that is worth the same in every world (alike.c in
 * src/game) only one is left, and what a cell or a leaf reads is laid out for one pass from the last
 * stage to the first. Made once for a game; all groups read it.
 *
 * Places are the distinct nodes, 0 … nodes-1, stage by stage, then the distinct leaves; within a stage
 * in the order of the first period in which they can occur, as in the game, then of menus, so that
 * those with the same menu stand side by side.
 */
#ifndef DT_SOLVE_LANES_GRAPH_H
#define DT_SOLVE_LANES_GRAPH_H

#include "game/game.h"

typedef struct dt_lane_branch {
    uint32_t target;      /* place */
    uint32_t coefficient; /* its probability */
} dt_lane_branch;

typedef struct dt_lane_cell {
    uint64_t branch; /* the first; the next cell's ends them */
    uint32_t row;    /* of payments */
    uint32_t slot;   /* where its worth is kept for other nodes of the stage, or as follows */
} dt_lane_cell;

#define DT_LANE_ONCE (UINT32_MAX - 1) /* no other node has it */
#define DT_LANE_NEXT UINT32_MAX       /* it pays nothing and leads to one place: it is worth that */

/* Where a leaf's worth comes from. */
typedef struct dt_lane_leaf {
    uint32_t row;   /* of payments */
    uint32_t state; /* that follows; the number of states, past the last, if none does */
} dt_lane_leaf;

typedef struct dt_lane_graph {
    uint32_t stages, nodes, leaves, cells, slots;
    uint32_t *stage_first; /* [stages+2] place: first of each stage, first leaf, end */
    uint32_t *stage_count; /* [depths][stages+1] as the game's, of places here */
    uint32_t *place;       /* [game's places] the place here that is worth the same */
    uint32_t *node;        /* [nodes] the game's node, the first of those that are alike */
    uint32_t *menu;        /* [nodes] */
    uint64_t *option;      /* [nodes+1] first entry in a period's strategies */
    uint32_t *use_first;   /* [nodes+1] into the next */
    uint32_t *use;         /* the cells of each node, numbered in the order of their first use */
    dt_lane_cell *cell;    /* [cells+1] */
    dt_lane_branch *branch;
    dt_lane_leaf *leaf;    /* [leaves] */
    uint32_t *alike_first; /* [nodes+1] into the next */
    uint32_t *alike;       /* [game's nodes] those that each node stands for, in order */
} dt_lane_graph;

dt_lane_graph *dt_lane_graph_new(dt_arena *arena, const dt_game *game);

/* Places of a stage (graph->stages: leaves) that can occur in a period; see dt_game_count. */
uint32_t dt_lane_graph_count(const dt_lane_graph *graph, const dt_game *game, uint32_t stage,
                             uint32_t period);

/* How many of the game's nodes that can occur in a period a node stands for. */
uint32_t dt_lane_graph_alike(const dt_lane_graph *graph, const dt_game *game, uint32_t node,
                             uint32_t period);

#endif
