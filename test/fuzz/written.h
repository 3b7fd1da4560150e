/*
 * What is written, as a text in memory that grows by doubling: for targets that read their own output. What is longer
 * than any of it has to be is broken off, as a full disk would.
 */
#ifndef DT_FUZZ_WRITTEN_H
#define DT_FUZZ_WRITTEN_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct written {
    char *text;
    size_t length, room;
} written;

static bool keep(void *context, const char *text, size_t length)
{
    enum { MOST = 4 << 20 };
    written *w = context;
    if (length >= MOST - w->length)
        return false;
    if (w->length + length >= w->room) {
        const size_t room = 2 * (w->length + length) + 64;
        char *more = realloc(w->text, room);
        if (!more)
            return false;
        w->text = more;
        w->room = room;
    }
    memcpy(w->text + w->length, text, length);
    w->length += length;
    return true;
}

#endif
