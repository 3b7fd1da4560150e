/*
 * Cells of the levers as games: which of them are the same game, and what comes of each in some worlds. Cells are
 * added one by one; each distinct game is explored and solved once, side by side, and none is kept.
 */
#ifndef DT_TRACE_CELLS_H
#define DT_TRACE_CELLS_H

#include "base/arena.h"
#include "detente.h"

typedef struct dt_cell {
    dt_lever_cell is; /* a copy */
    const char *sign; /* all that its rules consist of; NULL if they contradict each other */
    uint64_t hash;    /* of that */
    size_t same; /* the first cell that is the same game; itself if it is that, or has no rules */
    unsigned char status; /* dt_status: DT_OK until something goes wrong */
    const char *code;     /* of the diagnostic that said so, or "" */
} dt_cell;

typedef struct dt_cells {
    dt_arena *arena;
    const dt_model *model;
    dt_list(dt_cell) cell;
    size_t games; /* different ones */
    char *text;   /* [room] where a cell's rules are written down first */
    size_t room;
} dt_cells;

dt_cells *dt_cells_new(dt_arena *arena, const dt_model *model);
/* Adds a cell, and returns its index. If its changes contradict each other its status is DT_INVALID; nothing is
 * told. O(cells) comparisons of hashes. */
size_t dt_cells_add(dt_cells *cells, const dt_lever_cell *cell, const dt_options *options);

/* Worlds in which a cell is solved, at most DT_PIECE. */
enum { DT_PIECE = 64 };
typedef struct dt_piece {
    size_t cell, first, count;
} dt_piece;

/* How games are solved. */
typedef struct dt_cells_how {
    const double *parameters; /* [worlds][parameters] before anybody's settings */
    size_t worlds;
    dt_values values;
    const char *activity; /* what the progress is called */
    /* A cell in error, or in one world alone not solved, is noted, and the others go on; else it ends
     * the work, told. Limits end it in any case. */
    bool skip;
    /* Takes a cell's outcomes in a world; NULL where it isn't solved, with the code of the reason. Called by
     * several threads, for different cells. */
    void (*put)(void *context, size_t cell, size_t world, const double *outcome, const char *code);
    /* A game is solved in pieces of consecutive worlds. Whether one of them needn't be, as its outcomes are known; and
     * that one was solved and put. By several threads, for different pieces. NULL: all are solved, nobody is told. */
    bool (*known)(void *context, const dt_piece *piece);
    dt_status (*done)(void *context, const dt_piece *piece);
    void *context;
} dt_cells_how;

/* Explores and solves the cells task [tasks], by options->jobs threads, each of them once whatever they have in
 * common. Those whose status isn't DT_OK are left out. */
dt_status dt_cells_solve(dt_cells *cells, const size_t *task, size_t tasks, const dt_cells_how *how,
                         const dt_options *options);

#endif
