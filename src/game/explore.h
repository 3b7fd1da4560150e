/*
 * Exploring: from a model under a policy to its game graph, breadth first over the periods. The work
 * is split over `explore.c` (the search), `expand.c` (one node's menu, cells and branches),
 * `situation.c`, `live.c` and `row.c` (what both are made of) and `assemble.c` (what was found, laid
 * out as a dt_game); this header is what they share.
 */
#ifndef DT_GAME_EXPLORE_H
#define DT_GAME_EXPLORE_H

#include "game/effects.h"
#include "game/game.h"
#include "game/intern.h"

/* What is known of the nodes of one stage, in the order of discovery; expanded ones first. */
typedef struct dt_stage_found {
    dt_indices menu;          /* [expanded] */
    dt_indices cells;         /* [expanded] number of cells of each node */
    dt_indices cell_row;      /* [cells] */
    dt_indices cell_branches; /* [cells] number of branches of each */
    dt_indices target;        /* [branches] number within its kind */
    dt_list(uint8_t) kind;    /* [branches] stage led to, or the kind of leaves */
    dt_indices coefficient;   /* [branches] */
    uint32_t expanded;
} dt_stage_found;

/* Kinds of keys: 0 … stages-1 are nodes of that stage; then leaves; then periods' beginnings. */
typedef struct dt_explorer {
    dt_arena *arena;
    const dt_model *model;
    const dt_rules *rules;
    const dt_options *options;
    dt_diagnostics *diagnostics;
    dt_game *game;

    dt_coefficients *coefficient;
    dt_formulas *formulas;
    dt_effects_engine *engine;
    dt_keys keys;
    dt_sequences rows;  /* 1 if it pays, then pairs of column and coefficient; row 0 is empty */
    dt_sequences menus; /* stage, then for each action whether it can be chosen */

    uint32_t leaf_kind, state_kind;
    uint32_t *slot_word, *slot_shift, *slot_mask; /* [slots] where a slot lies in a key */
    int *slot_low;                                /* [slots] dt_slot_low */
    dt_indices *live;    /* [kinds] choices that are read there or later in the period */
    int *first_action;   /* [stages+1] into action_reached */
    size_t *first_value; /* [variables+1] into value_reached */

    dt_stage_found *found;                  /* [stages] */
    dt_indices state_kind_of, state_number; /* [states] the place in which a period begins */
    dt_indices leaf_next, leaf_payoff, leaf_outcome, leaf_standing;
    dt_list(uint8_t) leaf_ended;
    dt_indices counts; /* [depths][stages+1] see dt_game.stage_count */
    dt_list(dt_menu) menu;
    dt_indices check_stage; /* [engine->checks] the stage whose node `where` numbers */
    uint64_t nodes;

    int *slot;            /* [slots] the situation being expanded */
    int *after;           /* [slots] the situation after it */
    uint32_t *key;        /* [key words] work space */
    dt_indices row;       /* the row under construction */
    dt_draws *draws;      /* [most actions of a stage, at least 1] work space of one node */
    dt_payments *payment; /* [the same] likewise */
} dt_explorer;

/* Lays slots into keys; returns the words of a key. */
uint32_t dt_explorer_lay_out(dt_explorer *explorer);

/* Fills explorer->live, from the period's end backwards. */
void dt_explorer_find_live(dt_explorer *explorer);

/* The place reached when stage `stage` is over in the situation slot[]: the first later stage whose
 * `when` holds, or a leaf. */
uint32_t dt_explorer_advance(dt_explorer *explorer, uint32_t stage, const int *slot,
                             uint32_t *kind);
/* Number of a key of some kind for the situation slot[]; choices that aren't live there are left
 * out of the key. */
uint32_t dt_explorer_intern(dt_explorer *explorer, uint32_t kind, const int *slot);
/* The situation of a key: what was left out reads 0, none. */
void dt_explorer_unpack(const dt_explorer *explorer, uint32_t kind, uint32_t number, int *slot);

/* A row of coefficients is begun, given its entries in ascending order of columns (zeros are left
 * out), and ended, which gives its number. */
void dt_explorer_row_begin(dt_explorer *explorer, bool pays);
void dt_explorer_row_add(dt_explorer *explorer, uint32_t column, uint32_t coefficient);
uint32_t dt_explorer_row_end(dt_explorer *explorer);

/* Expands a node: menu, cells, branches. False on an error, which is told. */
bool dt_explorer_expand(dt_explorer *explorer, uint32_t stage, uint32_t number);

/* Lays out what was found so far as explorer->game. Nodes that weren't expanded have no cells. */
void dt_explorer_assemble(dt_explorer *explorer);

/* Tells an error at a node, with its state and how it is reached; assembles the game for that. */
void dt_explorer_fail(dt_explorer *explorer, uint32_t kind, uint32_t number, const dt_fault *fault);

#endif
