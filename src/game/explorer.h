/*
 * Exploring: from a model under a policy to its game graph, breadth first over the periods. The work
 * is split over `explore.c` (the search), `pattern.c` (what many nodes have in common, and following
 * it from one of them), `expand.c` (working out a pattern: menu, cells and branches), `situation.c`,
 * `view.c`, `live.c` and `row.c` (what these are made of), `secret.c` and `known.c` (private variables)
 * and `assemble.c` (what was found, laid out as a dt_game); this header is what they share.
 */
#ifndef DT_GAME_EXPLORER_H
#define DT_GAME_EXPLORER_H

#include "game/effects.h"
#include "game/game.h"
#include "game/intern.h"
#include "game/known.h"

/* A field of a key of which only the distance from the ends of its domain is seen, and that only if
 * it is less than `margin`. */
typedef struct dt_near {
    dt_field field;
    uint32_t most; /* highest rank */
    uint32_t margin;
} dt_near;

/* What is seen of a situation by something that depends on it: a part of the key. Things that look
 * the same to it are numbered as one, in the order of arrival. */
typedef struct dt_view {
    uint32_t *mask; /* [key words] */
    dt_list(dt_near) near;
    uint32_t *part; /* [key words] work space */
    dt_keys seen;
    uint32_t asked;
    bool useless; /* hardly anything looks like something else: nothing is remembered any more */
    dt_indices result; /* [seen] what follows, for those that remember it here */
} dt_view;

/* What happens at every node of a stage in the situations that look the same to the stage. After
 * branch b the key is ((key & keep) + add), where keep are words[b][0] and add are words[b][1]. */
typedef struct dt_pattern {
    uint32_t outline; /* menu, payments and probabilities: see dt_explorer.outlines */
    uint32_t branches;
    size_t first; /* branch, in dt_stage_found.write_kind and, times 2 key words, in write */
    bool dead;    /* the rules lead to an error here; see dt_game.node_dead */
} dt_pattern;

/* What is known of the nodes of one stage, in the order of discovery; expanded ones first. */
typedef struct dt_stage_found {
    dt_indices outline;    /* [expanded] */
    dt_indices target;     /* [branches] number within its kind */
    dt_list(uint8_t) kind; /* [branches] stage led to, or the kind of leaves */
    dt_list(uint8_t) dead; /* [expanded] if roots are given */
    uint32_t expanded;

    dt_view view;
    uint32_t *assigned; /* [actions, at least 1][key words] fields that every draw overwrites */
    dt_list(dt_pattern) pattern; /* [view.seen], or the latest one */
    dt_indices write;
    dt_list(uint8_t) write_kind;
} dt_stage_found;

/* An entry of a row: a formula of the situation, in a column. */
typedef struct dt_leaf_entry {
    uint32_t column, formula;
    uint32_t part, at; /* where its coefficient stands: in that part's sequences, at that index */
} dt_leaf_entry;

/* Entries that read much the same. What they read has a number, if it can take few values; else a
 * view of it does. For each, the number of the coefficients that they have there. */
typedef struct dt_leaf_part {
    dt_indices entry; /* of the row */
    uint8_t *read;    /* [slots] */
    uint64_t values;  /* that what is read can take together; 0: too many, `view` has them */
    dt_list(dt_field) field;
    dt_indices stride;
    uint32_t *known; /* [values] 1 + number in `seen`; 0: not yet */
    dt_view view;
    dt_sequences seen; /* coefficients of the entries */
} dt_leaf_part;

/* What a leaf's row consists of: its parts, and a row for each combination of what they are. */
typedef struct dt_leaf_row {
    bool pays;
    dt_list(dt_leaf_entry) entry; /* columns ascending */
    dt_list(dt_leaf_part) part;
    uint32_t *number;        /* [parts] of the situation at hand: 1 + that in the part's `seen` */
    const uint32_t **chosen; /* [parts] and the coefficients there */
    dt_keys seen;            /* such numbers */
    dt_indices row;          /* [seen] */
} dt_leaf_row;

/* Branches that are looked up together, so that they wait for memory together. */
enum { DT_AHEAD = 32 };

/* Kinds of keys: 0 … stages-1 are nodes of that stage; then leaves; then periods' beginnings. */
typedef struct dt_explorer {
    dt_arena *arena;
    const dt_model *model;
    const dt_rules *rules;
    const dt_rules *beside; /* what their orders read stays alive, too; or NULL */
    const dt_game *
        roots; /* every situation of that game is explored, as soon as it can occur there; or NULL */
    const dt_options *options;
    dt_diagnostics *diagnostics;
    dt_game *game;

    dt_coefficients *coefficient;
    dt_formulas *formulas;
    dt_effects_engine *engine;
    dt_keys *keys;      /* [kinds] */
    dt_sequences rows;  /* 1 if it pays, then pairs of column and coefficient; row 0 is empty */
    dt_sequences menus; /* stage, then for each action whether it can be chosen */
    dt_sequences moves; /* where each value of a private variable goes: see dt_game.move */
    dt_sequences
        forms; /* of a cell: its row, the coefficient of each branch; with private variables
                              then the move of each */
    dt_sequences outlines; /* of a node: its menu, then the form of each cell */

    uint32_t leaf_kind, state_kind;
    dt_key_layout layout;
    dt_indices *live;    /* [kinds] choices that are read there or later in the period */
    uint32_t *live_mask; /* [kinds][key words] fields of these, and of all variables */
    int *first_action;   /* [stages+1] into action_reached */
    size_t *first_value; /* [variables+1] into value_reached */

    dt_stage_found *found;                  /* [stages] */
    dt_indices state_kind_of, state_number; /* [states] the place in which a period begins */
    dt_leaf_row payoffs, outcomes;
    dt_indices leaf_next, leaf_payoff, leaf_outcome, leaf_standing;
    dt_list(uint8_t) leaf_ended;
    dt_indices counts; /* [depths][stages+1] see dt_game.stage_count */
    dt_list(dt_menu) menu;
    dt_indices check_stage; /* [engine->checks] the stage whose node `where` numbers */
    uint64_t nodes;

    uint32_t *key;         /* [key words] the situation being expanded */
    uint32_t *after;       /* [key words] the situation after it */
    uint32_t *overwritten; /* [key words] fields that every draw of a cell overwrites */
    uint32_t *ahead;       /* [DT_AHEAD][key words] keys about to be looked up */
    dt_indices row;        /* the row under construction */
    dt_indices form;       /* the form under construction */
    dt_indices chance;     /* [branches][types] coefficients of the branches of the cell at hand */
    dt_indices moved;      /* [branches] their moves */
    dt_keys branch;        /* those branches, once they are many: kind, move, and what they write */
    uint32_t *branch_key;  /* [2 + 2 key words] work space */
    uint32_t *move, *rank; /* [most types] work space */
    dt_indices outline;    /* the outline under construction */
    dt_draws *draws;       /* [most actions of a stage, at least 1] work space of one node */
    dt_payments *payment;  /* [the same] likewise */
} dt_explorer;

/* Fills explorer->live and live_mask, from the period's end backwards. */
void dt_explorer_find_live(dt_explorer *explorer);
/* Sets read[i] for every slot i that an expression reads (DT_NONE reads none), or the nodes of a
 * stage: guards, what the policy forbids and forces there, effects. */
void dt_explorer_mark_reads(dt_explorer *explorer, uint8_t *read, int64_t expression);
void dt_explorer_mark_stage(dt_explorer *explorer, uint8_t *read, int stage);

/* A view of the slots with seen[i] set. */
dt_view dt_view_new(const dt_explorer *explorer, const uint8_t *seen);
/* Adds a slot of which the view sees how near it is to the ends of its domain, within `margin`. */
void dt_view_add_near(const dt_explorer *explorer, dt_view *view, int slot, uint32_t margin);
/* The number of what the view sees of a key; *added tells whether it is new, as it always is once
 * the view is useless. */
uint32_t dt_view_find(dt_view *view, const uint32_t *key, bool *added);
/* Gives back what a view remembers. */
void dt_view_drop(dt_view *view);

/* The kind of place reached when play comes to stage `stage` in a situation: the first stage from
 * there on whose `when` holds, or a leaf. */
uint32_t dt_explorer_advance(dt_explorer *explorer, uint32_t stage, const uint32_t *key);
/* Notes the values of the variables at a period's beginning, or at an end after which none begins. */
void dt_explorer_note(dt_explorer *explorer, const uint32_t *key);
/* The number of a key of some kind; `words` is that of the layout, `hash` the key's. */
static inline uint32_t dt_explorer_intern(dt_explorer *explorer, uint32_t kind, const uint32_t *key,
                                          uint32_t words, uint64_t hash)
{
    bool added;
    uint32_t number = dt_keys_intern(&explorer->keys[kind], key, words, hash, &added);
    if (added && kind < explorer->leaf_kind)
        explorer->nodes++;
    else if (added && kind == explorer->state_kind)
        dt_explorer_note(explorer, key);
    return number;
}

/* A row of coefficients is begun, given its entries in ascending order of columns (zeros are left
 * out), and ended, which gives its number. */
void dt_explorer_row_begin(dt_explorer *explorer, bool pays);
void dt_explorer_row_add(dt_explorer *explorer, uint32_t column, uint32_t coefficient);
uint32_t dt_explorer_row_end(dt_explorer *explorer);

/* The row of a leaf: empty, filled, made ready, and found for a situation. */
dt_leaf_row dt_leaf_row_new(const dt_explorer *explorer, bool pays);
void dt_leaf_row_add(dt_explorer *explorer, dt_leaf_row *of, uint32_t column, uint32_t formula);
void dt_leaf_row_prepare(dt_explorer *explorer, dt_leaf_row *of);
uint32_t dt_leaf_row_find(dt_explorer *explorer, dt_leaf_row *of, const uint32_t *key);
void dt_leaf_row_drop(dt_leaf_row *of);

/* The value of a private variable that is known: certain by its prior [values] in each of the worlds, and never
 * changed by the rules; else DT_DRAWN. Before the prior nothing but what reads parameters alone is in the
 * table of coefficients. */
int dt_explorer_know(dt_explorer *explorer, const dt_known *known, int variable,
                     const uint32_t *prior);

/* Fills in the private variables of explorer->game: which are secrets (`known` NULL: all), how many types
 * there are, and their prior with its checks. False, and told, if a prior can't be right in any world. */
bool dt_explorer_find_secrets(dt_explorer *explorer, const dt_known *known);

/* Prepares the views of stages. */
void dt_explorer_find_patterns(dt_explorer *explorer);
/* Expands a node: its outline and targets. False on an error, which is told. */
bool dt_explorer_expand(dt_explorer *explorer, uint32_t stage, uint32_t number);
/* Works out the pattern of a node in the situation explorer->key and appends it to those of its
 * stage. False on an error, which is told. */
bool dt_explorer_make_pattern(dt_explorer *explorer, uint32_t stage, uint32_t number);
/* The pattern of a node where that failed: nobody decides anything, and the period ends. */
void dt_explorer_make_dead(dt_explorer *explorer, uint32_t stage);

/* Lays out what was found so far as explorer->game. Nodes that weren't expanded have no cells. */
void dt_explorer_assemble(dt_explorer *explorer);

/* Tells an error at a node, with its state and how it is reached; assembles the game for that. NULL: a
 * condition there compared what isn't a number (formulas->undefined). If roots are given an error of a
 * node isn't told: the node is dead. */
void dt_explorer_fail(dt_explorer *explorer, uint32_t kind, uint32_t number, const dt_fault *fault);

#endif
