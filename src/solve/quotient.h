/*
 * The quotient of a game: of all places that are worth the same in every world (dt_game.node_same,
 * cell_same, leaf_same) one, laid out for the sweep of a single world. It holds nothing that isn't
 * in the game, and is made anew for each solution: that takes a hundredth of the time of using it.
 *
 * Places have slots: nodes first, stage by stage, then leaves. Within a stage, nodes with the same
 * menu stand side by side in batches, which are solved at once in the lanes of vector registers; in
 * a batch, as in a stage of the game, nodes are in the order of the first period in which they can
 * occur, so that those of a period are the first of each batch. Cells are in the order of the game.
 */
#ifndef DT_SOLVE_QUOTIENT_H
#define DT_SOLVE_QUOTIENT_H

#include "game/game.h"

/* Nodes of one menu. */
typedef struct dt_batch {
    uint32_t menu;
    uint32_t first;      /* slot */
    uint32_t count;      /* 1 … DT_BATCH; chance nodes: any number */
    uint64_t first_cell; /* in node_cell: `cells` of the menu for each node */
} dt_batch;

enum { DT_BATCH = 8 }; /* DT_WORLDS of the lanes */

typedef struct dt_target {
    uint32_t slot;
    uint32_t coefficient;
} dt_target;

typedef struct dt_quotient {
    const dt_game *game;
    uint32_t nodes, leaves;
    uint64_t cells;
    uint64_t most_cells;   /* of a stage */
    uint32_t *place;       /* [nodes+leaves] of each slot, in the game */
    uint32_t *stage_batch; /* [stages+1] */
    dt_batch *batch;       /* [stage_batch[stages]] */
    uint32_t *node_cell; /* cells of the nodes, in order of slots: counted from the stage's first */
    uint64_t *stage_cell;  /* [stages+1] */
    uint64_t *cell_place;  /* [cells] in the game */
    uint32_t *cell_row;    /* [cells] */
    uint64_t *cell_target; /* [cells+1] first branch */
    dt_target *target;     /* [branches] */
    uint32_t *state_slot;  /* [states] */
} dt_quotient;

/* Bytes that dt_quotient_new takes, at most. */
double dt_quotient_bytes(const dt_game *game);

dt_quotient *dt_quotient_new(dt_arena *arena, const dt_game *game);

/* Gives its memory back. */
void dt_quotient_free(dt_arena *arena, const dt_quotient *quotient);

/* How many of the first cells of a stage can occur in a period (DT_EVERY_PERIOD: all). */
uint64_t dt_quotient_cells(const dt_quotient *quotient, uint32_t stage, uint32_t period);

/* How many of the first leaves. */
uint32_t dt_quotient_leaves(const dt_quotient *quotient, uint32_t period);

#endif
