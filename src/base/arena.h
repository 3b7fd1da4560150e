/*
 * Arenas: all memory of one built thing (a model, a game, a solution), taken piece by piece and
 * freed in one go. An arena knows how many bytes it holds and refuses to pass its limit. A piece
 * that can't be had ends the whole piece of work: control returns to the `dt_arena_try` around it,
 * the arena is freed by its owner, and nobody in between has to test for NULL. That is the only
 * non-local jump in the library.
 */
#ifndef DT_BASE_ARENA_H
#define DT_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detente.h"

typedef struct dt_arena dt_arena;

/* A new arena that may hold `limit` bytes (0: no limit). `allocator` is copied; NULL means the C
 * library's. Returns NULL if there is no memory for the arena itself. */
dt_arena *dt_arena_new(const dt_allocator *allocator, size_t limit);

/* Frees the arena and all that was taken from it. NULL is allowed. */
void dt_arena_free(dt_arena *arena);

/* Bytes held now, the arena's own bookkeeping included. */
size_t dt_arena_bytes(const dt_arena *arena);

/* Runs work(argument) and returns what it returns, or DT_LIMIT if `arena` couldn't give the memory
 * that was asked of it. May be nested; the innermost one is returned to. */
dt_status dt_arena_try(dt_arena *arena, dt_status (*work)(void *argument), void *argument);

/* Why the last `dt_arena_try` ended with DT_LIMIT, as a sentence. */
const char *dt_arena_reason(const dt_arena *arena);

/* Ends the work in progress for want of room that no memory would make: it leaves through the
 * innermost `dt_arena_try`, with `reason`, a sentence that outlives the arena. */
_Noreturn void dt_refuse(dt_arena *arena, const char *reason);

/* `count` zeroed items of `size` bytes, aligned for any type. Never NULL: leaves through the
 * innermost `dt_arena_try` if the memory can't be had or count * size overflows. */
void *dt_take(dt_arena *arena, size_t count, size_t size);
#define dt_new(arena, type, count) ((type *)dt_take((arena), (count), sizeof(type)))

/* A copy of `length` bytes, ended by a NUL. */
char *dt_copy_text(dt_arena *arena, const char *text, size_t length);

/*
 * A list that grows: declare it as `dt_list(type) name` (zeroed is empty), append with dt_push,
 * read `name.at[i]` for i < name.count. Its items move when it grows; it dies with its arena.
 */
#define dt_list(type)                                                                              \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t count;                                                                              \
        size_t room;                                                                               \
    }

/* Makes room for `more` further items. */
#define dt_reserve(arena, list, more)                                                              \
    ((list)->count + (more) <= (list)->room                                                        \
         ? (void)0                                                                                 \
         : (void)((list)->at = dt_grow((arena), (list)->at, &(list)->room, (list)->count,          \
                                       (list)->count + (more), sizeof *(list)->at)))

#define dt_push(arena, list, ...)                                                                  \
    (dt_reserve((arena), (list), 1), (void)((list)->at[(list)->count++] = (__VA_ARGS__)))

/* The engine of dt_reserve: `items` of `size` bytes with `*room` places, `count` of them used, now
 * with at least `need` places. New places aren't zeroed. */
void *dt_grow(dt_arena *arena, void *items, size_t *room, size_t count, size_t need, size_t size);

/* Gives a list's memory back before its arena dies. */
#define dt_drop(arena, list)                                                                       \
    (dt_give_back((arena), (list)->at), (list)->at = NULL, (list)->count = (list)->room = 0)
void dt_give_back(dt_arena *arena, void *items);

/* `count` indices, not zeroed, for those who write them all. */
static inline uint32_t *dt_room(dt_arena *arena, size_t count)
{
    size_t room = 0;
    return (uint32_t *)dt_grow(arena, NULL, &room, 0, count ? count : 1, sizeof(uint32_t));
}

/* A typed list for lists of indices, which are passed between functions. */
typedef dt_list(uint32_t) dt_indices;

#endif
