/*
 * Files: a whole file as one text.
 */
#ifndef DT_BASE_FILE_H
#define DT_BASE_FILE_H

#include "base/arena.h"

typedef struct dt_file {
    const char *text; /* NULL: more than the limit */
    size_t length;    /* of the file, as far as it is known */
    int error;        /* why it can't be read: an errno, or 0 */
} dt_file;

/* Reads the file at `path` into `arena`, if it has at most `limit` bytes. DT_FILE if it can't be
 * read, DT_LIMIT if the arena can't hold it; called outside or inside of dt_arena_try. */
dt_status dt_file_read(dt_arena *arena, const char *path, size_t limit, dt_file *file);

/* What an errno means, into `buffer`. */
const char *dt_file_reason(int error, char *buffer, size_t size);

#endif
