/*
 * The store: a study's file open for writing by one process, alone.
 */
#ifndef DT_STUDY_STORE_H
#define DT_STUDY_STORE_H

#include "study/database.h"
#include "study/design.h"

typedef struct dt_store dt_store;

/* A result on its way into the file. Numbers that are NaN become NULL. */
typedef struct dt_result {
    dt_status status;
    const char *code, *reason; /* "" if the status is DT_OK */
    uint64_t failures, crossed, sweeps;
    double residual;
    const double *number; /* [outcomes], then [actors] values, [actors] gaps */
} dt_result;

/* Makes an empty database a study without worlds. DT_LIMIT, told: more columns than SQLite has. */
dt_status dt_study_create(dt_database *database, const dt_plan *plan);

/* Opens the file, which is created if it isn't there, and makes sure that it holds the study that
 * `plan` is. *store is set as soon as there is something to close. DT_FILE: not a study, damaged, in
 * use or not writable; DT_INVALID: another study, the difference told; DT_LIMIT: no memory. Needs
 * the arena until it is closed. */
dt_status dt_store_open(dt_arena *arena, const char *path, const dt_plan *plan,
                        const dt_options *options, dt_store **store);
/* Gives back all but the file's content. What wasn't committed is lost. NULL is allowed. */
void dt_store_close(dt_store *store);

/* Results in the file when it was opened. */
size_t dt_store_found(const dt_store *store);
/* Whether the file held the complete study when it was opened; then nothing may be written. */
bool dt_store_complete(const dt_store *store);

/* missing[count][policies]: which results of the worlds `first` … of the file it doesn't have. */
dt_status dt_store_missing(dt_store *store, uint64_t first, size_t count, bool *missing);

/* A world (unless it is there) and a result, `column` of the plan's policies. Begins a transaction if
 * none is open. */
dt_status dt_store_world(dt_store *store, uint64_t world, const double *share,
                         const double *values);
dt_status dt_store_result(dt_store *store, uint64_t world, size_t column, const dt_result *result);
/* What was handed over is in the file for good, but for the last seconds when the power fails. */
dt_status dt_store_commit(dt_store *store);

/* Commits, says that the study is complete if it is, and makes one file of it: no other file beside it
 * is needed any more. */
dt_status dt_store_finish(dt_store *store, bool complete);

/* The worlds that failed, by policy and code. */
dt_status dt_store_failures(dt_store *store, dt_arena *arena, const dt_study_failure **failure,
                            size_t *failures, size_t *failed);

#endif
