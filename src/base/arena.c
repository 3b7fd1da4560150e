/*
 * The arena. Small pieces are cut from chunks; lists and large pieces are blocks of their own,
 * linked in a ring so that a list can be resized in place by the allocator and given back early.
 * Invariant: `held` is the sum of the sizes of all blocks in the ring plus the arena itself, and
 * never passes `limit`.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#ifndef __wasm__
#include <setjmp.h>
#endif
#ifdef __linux__
#include <sys/mman.h>
#endif

/* HUGE_PAGE: bytes that a processor can map as one page. */
enum { CHUNK = 64 * 1024, LARGE = CHUNK / 4, HUGE_PAGE = 2 << 20 };

typedef struct block block;
struct block {
    alignas(max_align_t) block *next;
    block *previous;
    size_t size; /* of the whole block, this header included */
};

struct dt_arena {
    block ring; /* its size is the arena's own */
    dt_allocator allocator;
    size_t limit; /* 0: none */
    size_t held;
    char *free_at; /* the unused end of the newest chunk */
    size_t free_bytes;
    const char *reason;
#ifndef __wasm__
    jmp_buf *escape;
#endif
};

static void *library_resize(void *context, void *old, size_t size)
{
    (void)context;
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

dt_arena *dt_arena_new(const dt_allocator *allocator, size_t limit)
{
    dt_allocator chosen = {library_resize, NULL};
    if (allocator && allocator->resize)
        chosen = *allocator;
    if (limit != 0 && limit < sizeof(dt_arena))
        return NULL;
    dt_arena *arena = chosen.resize(chosen.context, NULL, sizeof *arena);
    if (!arena)
        return NULL;
    memset(arena, 0, sizeof *arena);
    arena->allocator = chosen;
    arena->limit = limit;
    arena->held = arena->ring.size = sizeof *arena;
    arena->ring.next = arena->ring.previous = &arena->ring;
    arena->reason = "";
    return arena;
}

void dt_arena_free(dt_arena *arena)
{
    if (!arena)
        return;
    dt_allocator allocator = arena->allocator;
    for (block *b = arena->ring.next; b != &arena->ring;) {
        block *next = b->next;
        allocator.resize(allocator.context, b, 0);
        b = next;
    }
    allocator.resize(allocator.context, arena, 0);
}

size_t dt_arena_bytes(const dt_arena *arena)
{
    return arena->held;
}

const char *dt_arena_reason(const dt_arena *arena)
{
    return arena->reason;
}

#ifdef __wasm__
/* WebAssembly's C library has no setjmp: the page throws, and starts a new module. */
_Noreturn void dt_page_fail(const char *reason)
    __attribute__((import_module("page"), import_name("fail")));
#endif

void dt_refuse(dt_arena *arena, const char *reason)
{
    arena->reason = reason;
#ifdef __wasm__
    dt_page_fail(reason);
#else
    assert(arena->escape && "memory is taken only inside dt_arena_try");
    longjmp(*arena->escape, 1);
#endif
}

dt_status dt_arena_try(dt_arena *arena, dt_status (*work)(void *argument), void *argument)
{
#ifdef __wasm__
    (void)arena;
    return work(argument);
#else
    jmp_buf here;
    jmp_buf *volatile outer = arena->escape;
    if (setjmp(here)) {
        arena->escape = outer;
        return DT_LIMIT;
    }
    arena->escape = &here;
    dt_status status = work(argument);
    arena->escape = outer;
    return status;
#endif
}

static void check_limit(dt_arena *arena, size_t more)
{
    if (arena->limit != 0 && (more > arena->limit || arena->held > arena->limit - more))
        dt_refuse(arena, "the memory limit is reached");
}

/* Asks for huge pages within a large block: each is faulted in at once in place of 512 small ones. */
static void use_huge_pages(const void *memory, size_t size)
{
#ifdef __linux__
    const uintptr_t page = HUGE_PAGE, begin = (uintptr_t)memory;
    const uintptr_t first = (begin + page - 1) / page * page, beyond = (begin + size) / page * page;
    if (first < beyond)
        (void)madvise((void *)first, beyond - first, MADV_HUGEPAGE); /* a wish, no more */
#else
    (void)memory;
    (void)size;
#endif
}

/* A block with room for `bytes`, moved from `old` if that isn't NULL. */
static block *resize_block(dt_arena *arena, block *old, size_t bytes)
{
    size_t size = bytes + sizeof(block);
    size_t before = old ? old->size : 0;
    assert(size > before);
    check_limit(arena, size - before);
    block *b = arena->allocator.resize(arena->allocator.context, old, size);
    if (!b)
        dt_refuse(arena, "the machine has no more memory");
    use_huge_pages(b, size);
    if (!old) {
        b->previous = &arena->ring;
        b->next = arena->ring.next;
    }
    b->size = size;
    b->previous->next = b;
    b->next->previous = b;
    arena->held += size - before;
    return b;
}

void *dt_take(dt_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX / 2 - CHUNK) / size)
        dt_refuse(arena, "more memory is asked for than can be addressed");
    size_t bytes = count * size;
    size_t step = alignof(max_align_t);
    bytes = bytes == 0 ? step : (bytes + step - 1) / step * step;
    if (bytes >= LARGE) {
        block *b = resize_block(arena, NULL, bytes);
        memset(b + 1, 0, bytes);
        return b + 1;
    }
    if (bytes > arena->free_bytes) {
        block *b = resize_block(arena, NULL, CHUNK);
        arena->free_at = (char *)(b + 1);
        arena->free_bytes = CHUNK;
    }
    void *piece = arena->free_at;
    arena->free_at += bytes;
    arena->free_bytes -= bytes;
    memset(piece, 0, bytes);
    return piece;
}

char *dt_copy_text(dt_arena *arena, const char *text, size_t length)
{
    char *copy = dt_take(arena, length + 1, 1);
    if (length != 0)
        memcpy(copy, text, length);
    return copy;
}

void *dt_grow(dt_arena *arena, void *items, size_t *room, size_t count, size_t need, size_t size)
{
    assert(count <= *room && need > *room);
    (void)count; /* stated, not needed */
    if (need > SIZE_MAX / 4 / size)
        dt_refuse(arena, "more memory is asked for than can be addressed");
    size_t places = *room + *room / 2;
    if (places < need)
        places = need;
    if (places * size < 64)
        places = 64 / size + 1;
    block *old = items ? (block *)items - 1 : NULL;
    block *b = resize_block(arena, old, places * size);
    *room = places;
    return b + 1;
}

void dt_give_back(dt_arena *arena, void *items)
{
    if (!items)
        return;
    block *b = (block *)items - 1;
    b->previous->next = b->next;
    b->next->previous = b->previous;
    arena->held -= b->size;
    arena->allocator.resize(arena->allocator.context, b, 0);
}
