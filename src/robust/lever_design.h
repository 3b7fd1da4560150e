/*
 * The crossed design of levers while it is worked on: cells, what is known of their games, and how they are
 * judged. `solve` and `search` fill in numbers, `score` judges them.
 */
#ifndef DT_ROBUST_LEVER_DESIGN_H
#define DT_ROBUST_LEVER_DESIGN_H

#include "base/kept.h"
#include "detente_design.h"
#include "trace/cells.h"

/* What is known of a cell's game; of the first cell of each game. */
typedef struct dt_lever_numbers {
    bool tried;      /* in the nominal world */
    double *nominal; /* [outcomes]; NULL if it isn't solved there */
    double *drawn;   /* [columns][worlds] NaN where it isn't solved */
    size_t known;    /* the first so many worlds */
    bool expanded;   /* of a search: its neighbours are looked at. Of every cell */
} dt_lever_numbers;

/* How some cells compare over some worlds. */
typedef struct dt_lever_measures {
    size_t worlds; /* compared */
    bool *usable;  /* [worlds looked at] */
    bool *judged;  /* [cells] */
    double *mean, *regret, *regret90,
        *quantile; /* [cells][objectives] in the units of the outcome */
    double *share; /* [cells] */
    bool *front;   /* [cells] */
} dt_lever_measures;

struct dt_lever_design {
    dt_arena *arena;
    const dt_model *model;
    dt_lever_design_how how;
    size_t most;   /* cells looked at */
    size_t *lever; /* [levers] that are free */
    size_t levers;
    double all;     /* cells of the design */
    size_t changes; /* of `from` */
    dt_own_change *change;
    size_t columns,
        *column; /* [columns] outcomes kept of drawn worlds: objectives, then requirements */
    dt_cells *cells;
    dt_list(dt_lever_numbers) numbers; /* of each cell */
    double solved;
    bool finished;
    dt_designed_cell *found; /* [cells] when it is */
    dt_lever_measures measures;
    unsigned char
        *best[2];   /* [cells] of the front, nominal and robust: objectives by which it is best */
    size_t *judged; /* [measured] cells that stand for games, in the order of measures */
    size_t measured;
    const char *path,
        *drawn;   /* of the file in which what is solved is kept, NULL: none; what its worlds are */
    dt_kept kept; /* open while something is solved */
};

/* Worlds in which some games are solved at once: a cell's outcomes go to world 0, the nominal one, and to those drawn. */
typedef struct dt_lever_putting {
    dt_lever_design *design;
    size_t first, worlds; /* of the nominal one and those drawn */
} dt_lever_putting;

/* Opens the file of dt_lever_design_keep, with the statuses of dt_kept_open. */
dt_status dt_lever_kept_open(dt_lever_design *design, const dt_options *options);
/* Of dt_cells_how, with a dt_lever_putting as context, if there is a file: whether it has a piece, which is put then; and
 * that a piece was put, for the file to get. */
bool dt_lever_kept_known(void *context, const dt_piece *piece);
dt_status dt_lever_kept_done(void *context, const dt_piece *piece);

/* The cell of these settings, added if it isn't there; SIZE_MAX if there is no room for it. */
size_t dt_lever_design_add(dt_lever_design *design, const size_t *setting,
                           const dt_options *options);
/* Solves the games of some cells [count] in the nominal world, if they aren't yet, and up to world `worlds`. */
dt_status dt_lever_design_evaluate(dt_lever_design *design, dt_arena *scratch, const size_t *cell,
                                   size_t count, size_t worlds, const dt_options *options);
/* Looks at the first cells of a search, and then at all that it comes to. */
dt_status dt_lever_search_start(dt_lever_design *design, const dt_options *options);
dt_status dt_lever_search(dt_lever_design *design, dt_arena *scratch, const dt_options *options);

/* Cells that stand for a game solved in the nominal world. Returns how many there are. */
size_t dt_lever_games(const dt_lever_design *design, size_t *cell);
/* How many settings differ from those of `from`. */
size_t dt_lever_changes(const dt_lever_design *design, const size_t *setting);
/* Whether a cell meets the requirements, in the nominal world (SIZE_MAX) or another. */
bool dt_lever_meets(const dt_lever_design *design, size_t cell, size_t world);
/* The front of some cells [count] in the nominal world: front [count]. If none meets the requirements: if
 * `guide`, those that miss them least, else none. */
void dt_lever_nominal(const dt_lever_design *design, dt_arena *scratch, const size_t *cell,
                      size_t count, bool guide, bool *front);
/* The measures of some cells over the first `worlds` worlds, in `arena`. */
dt_lever_measures dt_lever_measure(const dt_lever_design *design, dt_arena *arena,
                                   dt_arena *scratch, const size_t *cell, size_t count,
                                   size_t worlds);

#endif
