/*
 * Memory of the command line itself: what it takes it keeps until the program ends, in one list, so
 * that nobody frees anything. It is little, but for the numbers of many worlds, and no piece of it may be larger than all that
 * --max-memory allows; the library's memory is counted and freed elsewhere.
 */
#include "cli.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct piece piece;
struct piece {
    alignas(max_align_t) piece *next;
};

static piece *pieces;
static size_t most = SIZE_MAX; /* bytes of one piece: what --max-memory leaves to all */

void cli_take_at_most(size_t bytes)
{
    most = bytes;
}

void *cli_take(size_t count, size_t size)
{
    piece *p;
    if (size && count > most / size) {
        cli_error("--max-memory SIZE allows more", "more than %zu MB of memory are needed",
                  most >> 20);
        exit(DT_LIMIT);
    }
    p = size && count > (SIZE_MAX - sizeof *p) / size ? NULL : calloc(1, sizeof *p + count * size);
    if (!p) {
        fputs("detente: error: the machine has no more memory\n", stderr);
        exit(DT_LIMIT);
    }
    p->next = __atomic_load_n(&pieces, __ATOMIC_RELAXED); /* several threads may take memory */
    while (!__atomic_compare_exchange_n(&pieces, &p->next, p, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
        ;
    return p + 1;
}

void *cli_grow(const void *items, size_t count, size_t size)
{
    assert(size > 0 && (count == 0) == (items == NULL));
    if (count & (count - 1))
        return (void *)items; /* there is room up to the next power of two */
    void *more = cli_take(count ? 2 * count : 1, size);
    if (count)
        memcpy(more, items, count * size);
    return more;
}

void cli_add(cli_texts *texts, const char *text)
{
    texts->at = cli_grow(texts->at, texts->count, sizeof *texts->at);
    texts->at[texts->count++] = text;
}

int cli_by_size(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

char *cli_print(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = cli_take(length < 0 ? 1 : (size_t)length + 1, 1);
    if (length >= 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
