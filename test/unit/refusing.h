/*
 * An allocator for the C tests that refuses one request, the one numbered `refused` (from 1; 0: none),
 * and knows how many requests there were and how many blocks are held.
 */
#ifndef DT_TEST_REFUSING_H
#define DT_TEST_REFUSING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct refusing {
    long requests, refused, held;
} refusing;

/* A dt_allocator's resize, with a `refusing` as context. */
static inline void *resize(void *context, void *block, size_t size)
{
    refusing *r = context;
    if (size == 0) {
        r->held -= block != NULL;
        free(block);
        return NULL;
    }
    if (++r->requests == r->refused)
        return NULL;
    void *moved = realloc(block, size);
    assert_non_null(moved);
    r->held += block == NULL;
    return moved;
}

#endif
