/*
 * Detente: which policy to choose, if policies are cells of the crossed design of a model's levers. All cells
 * are solved, or, if they are too many, searched for; what is found are those that no other cell beats by every
 * objective, in the nominal world and over worlds that are drawn, and what must be true for one of them to be
 * best. The rest of the public interface, and the conventions, are in detente.h.
 */
#ifndef DETENTE_DESIGN_H
#define DETENTE_DESIGN_H

#include "detente_study.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Cells that are solved; if there are more they are searched. */
enum { DT_MOST_CELLS = 4096 };

typedef struct dt_objective {
    size_t outcome;
    int direction; /* +1: more is better, -1: less is */
} dt_objective;

/* What is asked. The arrays are needed as long as the design lives. */
typedef struct dt_lever_design_how {
    size_t objectives; /* at least one */
    const dt_objective *objective;
    size_t requirements; /* all of which a cell must meet */
    const dt_criterion *requirement;
    size_t from; /* the policy whose own changes, and settings of levers that aren't free, stay */
    const bool *free; /* [levers] which vary; NULL: all */
    /* [worlds + 1][parameters] the nominal world, then those drawn; before anybody's settings */
    const double *parameters;
    size_t worlds;
    dt_values values;
    size_t most_cells; /* 0: DT_MOST_CELLS */
    uint64_t seed;     /* of the search, and of what is resampled */
} dt_lever_design_how;

typedef struct dt_lever_design dt_lever_design;

/* Lays the design out: its cells and which of them are the same game, nothing solved yet. Of a search the first
 * cells alone. Needs the model as long as it lives. */
DT_API dt_status dt_lever_design_new(const dt_model *model, const dt_lever_design_how *how,
                                     const dt_options *options, dt_lever_design **design);
DT_API void dt_lever_design_free(dt_lever_design *design);

/* What it will cost, and afterwards what it did. */
typedef struct dt_lever_plan {
    double cells;    /* of the design, perhaps more than can be counted exactly */
    bool search;     /* not all of them are looked at */
    size_t most;     /* that are: all, or the budget of the search */
    size_t looked;   /* at by now */
    size_t games;    /* different ones among these */
    size_t worlds;   /* drawn, besides the nominal one */
    double solved;   /* games times worlds solved by now, or tried */
    size_t compared; /* drawn worlds in which every cell that is judged is solved */
} dt_lever_plan;

DT_API dt_lever_plan dt_lever_design_plan(const dt_lever_design *design);

/* Has dt_lever_design_solve keep what it solves in a file at `path`, each game in up to 64 worlds as soon as they are done, and
 * take from it what it has: so that the same call goes on with work that was ended, and comes to the same bits. `drawn`
 * says in a line what the worlds are, such as "200 of seed 1"; both texts are needed as long as the design is. Then
 * dt_lever_design_solve ends with DT_INVALID, all that differs told, if the file holds something else or was begun by another call;
 * with DT_FILE if it can't be used. */
DT_API dt_status dt_lever_design_keep(dt_lever_design *design, const char *path, const char *drawn,
                                      const dt_options *options);

/* Solves it, options->jobs games at a time, each distinct game once; to be called once. Cells in error or without
 * a solution are left out. DT_NO if none meets the requirements in the nominal world, or none is solved. DT_LIMIT, told, if
 * it was interrupted; nothing is known then but what is kept. */
DT_API dt_status dt_lever_design_solve(dt_lever_design *design, const dt_options *options);

/* One cell. Numbers are those of its game; arrays are NULL, and numbers NaN, where there are none. */
typedef struct dt_designed_cell {
    const size_t *setting; /* [levers] */
    size_t changes;        /* settings other than those of `from` */
    dt_status status;      /* in the nominal world */
    const char
        *code; /* if that isn't DT_OK the diagnostic's: "settings-clash", "no-action", "unsolved" */
    size_t game;           /* of the cells that are the same game the one with fewest changes */
    const double *outcome; /* [outcomes] in the nominal world */
    bool meets, front; /* in the nominal world: the requirements; nobody else that does is better */
    /* Over the worlds compared, if it is judged: it doesn't fail in 5 % of the worlds more than another, and
     * the search hasn't dropped it. */
    bool judged, robust; /* robust: nobody is better by regret90 of every objective and `share` */
    const double *mean, *regret,
        *regret90;          /* [objectives] mean; maximum and ninth decile of regret */
    const double *quantile; /* [objectives] nine worlds of ten are at least as good */
    double share;           /* of these worlds in which the requirements are met */
} dt_designed_cell;

DT_API size_t dt_lever_design_cells(const dt_lever_design *design); /* looked at */
DT_API dt_designed_cell dt_lever_design_cell(const dt_lever_design *design, size_t cell);
/* The cell that a policy is; SIZE_MAX if it isn't one: its own changes are others than those of `from`, or its
 * settings of levers that aren't free. */
DT_API size_t dt_lever_design_policy(const dt_lever_design *design, size_t policy);

/* The front, nominal or robust: of each game on it one cell, in the order of the number of objectives by which
 * it is best, then of the fewest changes. `cell` has room for all cells, or is NULL. */
DT_API size_t dt_lever_design_front(const dt_lever_design *design, bool robust, size_t *cell);

/* In which of the worlds compared a cell is best, that is, meets the requirements, and no other that does is
 * better by one objective and no worse by all, in the words of dt_discover. The cell must be judged. Freed by
 * dt_discovery_free. */
DT_API dt_status dt_lever_design_discover(const dt_lever_design *design, size_t cell,
                                          const dt_options *options, dt_discovery **discovery);

#ifdef __cplusplus
}
#endif

#endif
