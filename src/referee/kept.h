/*
 * The file in which a referee keeps what is solved.
 */
#ifndef DT_REFEREE_KEPT_H
#define DT_REFEREE_KEPT_H

#include <stdatomic.h>
#include <stdio.h>

#include "base/job.h"
#include "base/text.h"

/* Some numbers of a piece of work. */
typedef struct dt_part {
    double *at; /* [count] */
    size_t count;
} dt_part;

typedef struct dt_kept {
    const dt_options *options;
    const char *path;       /* NULL: nothing is kept */
    FILE *stream;           /* open for what is added */
    dt_list(dt_slice) line; /* the pieces that the file held when it was opened */
    bool begun, cut;
    _Atomic bool failed;
} dt_kept;

/* Opens the file at `path` (NULL: none), or makes it. DT_INVALID, told, if it holds something else or the answer to
 * another `question`; DT_FILE if it can't be used. */
dt_status dt_kept_open(dt_arena *arena, dt_kept *kept, const char *path, uint64_t question,
                       const dt_options *options);

/* Fills the parts of a piece from the file; false if it isn't there whole. */
bool dt_kept_take(const dt_kept *kept, const char *name, const dt_part *part, size_t parts);

/* Adds a piece; by any thread. A name has no ':'. */
dt_status dt_kept_add(dt_kept *kept, const char *name, const dt_part *part, size_t parts);

/* Closes it. `status`, or DT_FILE, told, if that is good and not all could be written. */
dt_status dt_kept_close(dt_kept *kept, dt_status status);

#endif
