/*
 * Reading files. The stream is open only within one function, around the one that takes memory, so
 * that it is closed whichever way that ends. What isn't a plain file (a pipe, a device) is read as
 * well, and no more of it than the limit.
 */
#include "base/file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct reading {
    dt_arena *arena;
    FILE *stream;
    size_t limit;
    dt_file *file;
} reading;

static dt_status read_stream(void *argument)
{
    enum { PIECE = 32 * 1024 };
    reading *r = argument;
    dt_list(char) text = {0};
    size_t got;
    do {
        dt_reserve(r->arena, &text, PIECE);
        got = fread(text.at + text.count, 1, PIECE, r->stream);
        text.count += got;
        assert(text.count <= text.room);
    } while (got > 0 && text.count <= r->limit);
    if (ferror(r->stream)) {
        r->file->error = errno;
        return DT_FILE;
    }
    r->file->text = text.at;
    r->file->length = text.count;
    if (text.count <= r->limit)
        return DT_OK;
    r->file->text = NULL;
    if (fseek(r->stream, 0, SEEK_END) == 0) {
        long size = ftell(r->stream);
        if (size > 0 && (unsigned long)size > r->limit)
            r->file->length = (size_t)size;
    }
    return DT_OK;
}

dt_status dt_file_read(dt_arena *arena, const char *path, size_t limit, dt_file *file)
{
    *file = (dt_file){0};
    errno = 0;
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        file->error = errno;
        return DT_FILE;
    }
    reading r = {arena, stream, limit, file};
    dt_status status = dt_arena_try(arena, read_stream, &r);
    fclose(stream);
    return status;
}

const char *dt_file_reason(int error, char *buffer, size_t size)
{
    assert(size > 0);
    if (error == 0 || strerror_r(error, buffer, size) != 0)
        snprintf(buffer, size, "error %d", error);
    return buffer;
}
