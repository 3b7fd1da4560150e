/*
 * Histories made ready for their likelihood: the games of the policies in force, and of each row what can have
 * been, whatever the numbers.
 */
#ifndef DT_HISTORY_LIKELIHOOD_H
#define DT_HISTORY_LIKELIHOOD_H

#include "game/intern.h"
#include "history/history.h"
#include "history/play.h"

/* A game, and the states in which some row can begin: the first ones of the game. */
typedef struct dt_stand {
    int policy;
    dt_game *game;
    dt_keys roots;        /* their keys; a root's number is its state's */
    dt_play_plan *plan;   /* of DT_WORLDS worlds, with private variables of one; */
    dt_play_plan *single; /* and of one */
    dt_beliefs *beliefs;  /* NULL without private variables */
    size_t columns;       /* joint points × types; 1 without */
} dt_stand;

typedef struct dt_row_view dt_row_view;

/* What can have been in a row (from 1), whatever the numbers. */
typedef struct dt_slice_row {
    const dt_row_view *view; /* what its cells let pass */
    uint32_t stand;          /* of the policy in force */
    uint32_t roots, nodes, leaves;
    uint32_t *root; /* [roots] of the stand, ascending: states in which the row can begin */
    uint32_t *node; /* [nodes] ascending: those from which what is seen can still come */
    uint32_t *leaf; /* [leaves] ascending: those at which the row can end */
    uint32_t *
        next; /* [leaves] the root of the next row's stand; DT_NOWHERE: it is the last, or play has ended */
} dt_slice_row;

typedef struct dt_ready_history {
    const dt_history *history;
    size_t first;      /* of its rows among those of all histories */
    uint32_t root;     /* of the first row's stand */
    dt_slice_row *row; /* [rows]; that of row 0 is empty */
} dt_ready_history;

struct dt_likelihood {
    dt_arena *arena;
    const dt_model *model;
    dt_observables *all;
    dt_options options; /* games are explored and solved with */
    size_t policy;      /* in force where none is named */
    size_t histories, rows, longest;
    dt_ready_history *history; /* [histories] */
    dt_play_how how;
    size_t ahead;
    size_t stands;
    dt_stand *stand; /* [stands] */
};

/* The policy in force in a row, and past the last one. */
int dt_ready_policy(const dt_likelihood *ready, const dt_history *history, size_t row);

/* The stand of a row, and past the last one. */
static inline size_t dt_ready_stand(const dt_ready_history *history, size_t row)
{
    const size_t last = history->history->rows - 1;
    return history->row[row < last ? row : last].stand;
}

/* [stands][stands] the roots of a stand that follow the leaves of another, where rows 1 … last and what comes after the
 * last one go so; else NULL. */
uint32_t **dt_ready_next(dt_arena *arena, const dt_likelihood *ready,
                         const dt_ready_history *history, size_t last);

/* ---- what a row lets pass ------------------------------------------------------------------------ */

/* [leaves] the roots of a stand that follow the leaves of another; DT_NOWHERE: none. */
uint32_t *dt_stand_next(dt_arena *arena, const dt_stand *from, const dt_stand *to);

/* Puts all places of a game into a slice. */
void dt_slice_fill(dt_arena *arena, const dt_game *game, dt_slice_row *slice);

/* What a row's cells say of play in a game. */
struct dt_row_view {
    const dt_game *game;
    const uint8_t **cell;   /* [menus] of a stage of which something is seen: [cells] 1: it fits */
    uint32_t *limit;        /* [stages+1] how far play may go from a stage, and from the beginning
                             (stages): places below this; what comes after skips a stage that was played */
    const uint8_t *skipped; /* [stages] 1: it was skipped */
    const int32_t *value;   /* [observables] of the row */
};

/* Reads a row (NULL: nothing is seen) as a view of a game. */
dt_row_view *dt_row_view_new(dt_arena *arena, const dt_observables *all, const dt_game *game,
                             const int32_t *value);

static inline bool dt_row_lets_cell(const dt_row_view *view, uint32_t menu, int cell)
{
    return !view->cell[menu] || view->cell[menu][cell];
}

/* Whether play may go to a place from a stage, or, from game->stages, begin there. */
static inline bool dt_row_lets_go(const dt_row_view *view, uint32_t stage, uint32_t place)
{
    return place < view->limit[stage];
}

/* Marks in reached [places] all that can be in a row that begins in a state of `root`; false if it can't end. */
bool dt_ready_reach(const dt_row_view *view, const dt_observables *all, const dt_indices *root,
                    uint8_t *reached);

/* Whether the row may end at a leaf: what is public, and what is private but known. */
bool dt_row_lets_end(const dt_row_view *view, const dt_observables *all, uint32_t leaf);
/* And for a joint type, all that is private. */
bool dt_row_lets_type(const int32_t *value, const dt_game *game, uint32_t type);

#endif
