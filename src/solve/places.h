/*
 * Places: of all that is worth the same in every world (alike.c in src/game) one is left, laid out
 * for sweeps from the last stage to the first. Made once for a game; all that is solved on it reads
 * it, one world or many.
 *
 * Places are the distinct nodes, 0 … nodes-1, stage by stage, then the distinct leaves; within a stage
 * in the order of their options: of the first period in which they can occur, then of menus. Cells are
 * numbered in the order in which nodes first have them. So what can occur in a period is a run of
 * places, and its cells are a run, too.
 *
 * Nodes of a stage with the same menu are also dealt to tables of eight, at which one world's nodes
 * are decided side by side; at a table, too, those of a period are the first.
 */
#ifndef DT_SOLVE_PLACES_H
#define DT_SOLVE_PLACES_H

#include "game/game.h"

enum { DT_SEATS = 8 }; /* of a table; DT_WORLDS of the lanes */

typedef struct dt_branch {
    uint32_t target;      /* place */
    uint32_t coefficient; /* its probability */
} dt_branch;

typedef struct dt_cell {
    uint64_t branch; /* the first; the next cell's ends them */
    uint32_t row;    /* of payments */
    uint32_t home;   /* where its worth is kept for other nodes of the stage, or as follows */
} dt_cell;

#define DT_HOME_NONE (UINT32_MAX - 1) /* no other node has it */
#define DT_HOME_NEXT UINT32_MAX       /* it pays nothing and leads to one place: it is worth that */

/* Where a leaf's worth comes from. */
typedef struct dt_leaf {
    uint32_t row;   /* in dt_places.leaf_row */
    uint32_t state; /* that follows; the number of states, past the last, if none does */
} dt_leaf;

/* Nodes of one menu. */
typedef struct dt_seated {
    uint32_t first; /* in dt_places.seat */
    uint32_t count; /* 1 … DT_SEATS; chance nodes: any number */
    uint32_t worth; /* in dt_places.seat_worth */
} dt_seated;

typedef struct dt_places {
    const dt_game *game;
    uint32_t stages, nodes, leaves, cells;
    uint32_t homes;        /* of the stage that has most */
    uint32_t most_cells;   /* of a stage */
    uint32_t *stage_first; /* [stages+2] place: first of each stage, first leaf, end */
    uint32_t *stage_count; /* [depths][stages+1] as the game's, of places here */
    uint32_t *stage_cell;  /* [stages+1] the first cell of each stage */
    uint32_t *cell_count;  /* [depths][stages+1] as stage_count, of cells; leaves have none */
    uint32_t *place;       /* [game's places] the place here that is worth the same */
    uint32_t *node;        /* [nodes] the game's node, the first of those that are alike */
    uint32_t *menu;        /* [nodes] */
    uint32_t *option;      /* [nodes] first entry in a period's strategies: the game's */
    uint32_t *use_first;   /* [nodes+1] into the next */
    uint32_t *use;         /* the cells of each node */
    dt_cell *cell;         /* [cells+1] */
    dt_branch *branch;
    dt_leaf *leaf;      /* [leaves] */
    uint32_t leaf_rows; /* distinct rows of payoffs */
    uint32_t *leaf_row; /* [leaf_rows] the game's */
    uint32_t *common; /* [terms] the coefficient that every leaf pays under a term, or DT_NOWHERE */
    uint32_t *alike_first; /* [nodes+1] into the next */
    uint32_t *alike;       /* [game's nodes] those that each node stands for, in order */
    uint32_t *stage_table; /* [stages+1] the first table of each stage */
    dt_seated *table;      /* [stage_table[stages]] */
    uint32_t *seat;        /* [nodes] table by table, those of a menu in order */
    /* [cells of a table][DT_SEATS] where the worth of each seat's cell is: at that place, or, past
     * the places, at that cell of the stage. Seats that aren't taken have the first one's; chance
     * nodes have [1][count]. */
    uint32_t *seat_worth;
} dt_places;

/* Bytes that dt_places_new takes, at most. */
double dt_places_bytes(const dt_game *game);

dt_places *dt_places_new(dt_arena *arena, const dt_game *game);

/* Places of a stage (places->stages: leaves) that can occur in a period (from 0). */
uint32_t dt_places_count(const dt_places *places, uint32_t stage, uint32_t period);

/* Cells of a stage that they have: the first ones. */
uint32_t dt_places_cells(const dt_places *places, uint32_t stage, uint32_t period);

/* How many of the game's nodes that can occur in a period a node stands for. */
uint32_t dt_places_alike(const dt_places *places, uint32_t node, uint32_t period);

#endif
