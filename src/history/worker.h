/*
 * A worker: what one thread needs to go through histories row by row, in some worlds side by side.
 */
#ifndef DT_HISTORY_WORKER_H
#define DT_HISTORY_WORKER_H

#include "history/flow.h"

typedef struct dt_worker {
    const dt_likelihood *ready;
    size_t width;            /* worlds at a time: DT_WORLDS or 1; with private variables 1 */
    size_t worlds;           /* at hand */
    const double *parameter; /* [worlds][params] */
    bool (*go_on)(void *context, double done);
    void *context;
    dt_play **play;       /* [stands] */
    dt_flow **flow;       /* [stands] */
    dt_wide *begin, *end; /* work space of one world: [roots][columns], [leaves][columns] */
    double *mass;         /* [places][width] 0 */
    uint32_t *mark, calls;
    dt_status status[DT_WORLDS];    /* of the worlds */
    const dt_play *told[DT_WORLDS]; /* the play that isn't solved, or NULL */
} dt_worker;

/* Where a history stands: the chances of each root [roots][width], or with private variables
 * [roots][columns], given all so far; of sum 1, less what has ended. */
typedef struct dt_standing {
    dt_wide *now, *next;
    bool dead[DT_WORLDS]; /* a row was impossible */
    bool plain
        [DT_WORLDS]; /* the chances are doubles, and none so small that its products may be lost */
} dt_standing;

/* As many worlds as can go side by side: with private variables 1. */
size_t dt_worker_width(const dt_likelihood *ready);
dt_worker *dt_worker_new(dt_arena *arena, const dt_likelihood *ready, size_t width);
double dt_worker_bytes(const dt_likelihood *ready, size_t width);
dt_standing *dt_standing_new(dt_arena *arena, const dt_likelihood *ready, size_t width);

/* Takes worlds at hand. */
void dt_worker_take(dt_worker *worker, const double *parameter, size_t worlds);

/* The play of a row (from 1), solved for it; NULL if go_on ended the work. Worlds that aren't solved, or are wrong,
 * have worker->status. */
dt_play *dt_worker_play(dt_worker *worker, size_t stand, size_t row);

/* Puts a history at its first row; then each row in order: log_p [width] of the worlds that stand. False
 * if go_on ended the work. */
bool dt_worker_begin(dt_worker *worker, size_t history, dt_standing *at);
bool dt_worker_row(dt_worker *worker, size_t history, size_t row, dt_standing *at, double *log_p);

/* Numbers of all places of the stand that has most, columns counted. */
size_t dt_worker_columns(const dt_likelihood *ready);

/* A row of the one world at hand, as dt_worker_row after dt_worker_begin; what is wrong is told: DT_NO if a game isn't
 * solved, DT_INVALID if the world is wrong or the row impossible (likelihood.c). */
dt_status dt_worker_row_told(dt_arena *arena, dt_worker *worker, size_t history, size_t row,
                             dt_standing *at, const dt_options *options, double *log_p);

/* As many threads as are wanted (0: one for each processor), can be used by so many groups of worlds, and fit into
 * memory; 0, and told: none fits (likelihood.c). */
int dt_worker_jobs(const dt_likelihood *ready, size_t width, size_t groups, int wanted,
                   const dt_options *options);

#endif
