/*
 * A file in which long work keeps what it has done.
 */
#ifndef DT_BASE_KEPT_H
#define DT_BASE_KEPT_H

#include <stdatomic.h>
#include <stdio.h>

#include "base/job.h"
#include "base/text.h"

/* A line of the file's opening, which says what its numbers are of. */
typedef struct dt_kept_fact {
    const char *meaning; /* "seed": what it is called where a file has another */
    const char *value;   /* one line */
    bool sign;           /* a hash: says that something differs, not what */
} dt_kept_fact;

/* Some numbers of a piece of work. */
typedef struct dt_part {
    double *at; /* [count] */
    size_t count;
} dt_part;

typedef struct dt_kept {
    const dt_options *options;
    const char *path;       /* NULL: nothing is kept */
    const char *work;       /* "referee": the command whose work it is */
    FILE *stream;           /* open for what is added; NULL if the file may only be read */
    dt_list(dt_slice) line; /* the pieces that the file held when it was opened, by name */
    int locked;             /* why it may only be read, an errno */
    _Atomic bool failed;
} dt_kept;

/* Opens the file at `path` (NULL: none), or makes it. DT_INVALID, all that differs told, if it holds something else or
 * was made with other facts; DT_FILE if it can't be used. A file that isn't to be written to is no failure until something
 * is added. */
dt_status dt_kept_open(dt_arena *arena, dt_kept *kept, const char *path, const char *work,
                       const dt_kept_fact *fact, size_t facts, const dt_options *options);

/* Fills the parts of a piece from the file; false if it isn't there whole. */
bool dt_kept_take(const dt_kept *kept, const char *name, const dt_part *part, size_t parts);

/* Adds a piece; by any thread. A name has no ':'. DT_FILE, not yet told, if it can't be written. */
dt_status dt_kept_add(dt_kept *kept, const char *name, const dt_part *part, size_t parts);

/* Closes it. `status`, or DT_FILE, told, if not all could be written. */
dt_status dt_kept_close(dt_kept *kept, dt_status status);

#endif
