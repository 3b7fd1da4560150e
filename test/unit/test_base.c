/*
 * The ground floor: arenas keep their limit and lose nothing, numbers are written and read the
 * same everywhere, sequences and keys are stored once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "game/intern.h"

/* Counts what is out, and fails from the nth request on. */
typedef struct counter {
    long blocks;
    long requests, fail_at;
} counter;

static void *resize(void *context, void *old, size_t size)
{
    counter *c = context;
    if (size == 0) {
        c->blocks -= old != NULL;
        free(old);
        return NULL;
    }
    if (++c->requests == c->fail_at)
        return NULL;
    void *block = realloc(old, size);
    c->blocks += old == NULL;
    return block;
}

typedef struct filling {
    dt_arena *arena;
    size_t bytes;
    void *piece;
} filling;

static dt_status take(void *argument)
{
    filling *work = argument;
    work->piece = dt_take(work->arena, work->bytes, 1);
    return DT_OK;
}

static void test_limit(void **state)
{
    (void)state;
    dt_arena *arena = dt_arena_new(NULL, 1 << 20);
    filling work = {arena, 1 << 19, NULL};
    assert_int_equal(dt_arena_try(arena, take, &work), DT_OK);
    assert_int_equal(dt_arena_try(arena, take, &work), DT_LIMIT);
    assert_string_equal(dt_arena_reason(arena), "the memory limit is reached");
    assert_true(dt_arena_bytes(arena) <= 1 << 20);
    work.bytes = SIZE_MAX / 2;
    assert_int_equal(dt_arena_try(arena, take, &work), DT_LIMIT);
    work.bytes = 100; /* still usable */
    assert_int_equal(dt_arena_try(arena, take, &work), DT_OK);
    for (size_t i = 0; i < work.bytes; i++)
        assert_int_equal(((char *)work.piece)[i], 0);
    dt_arena_free(arena);
}

static dt_status fill_lists(void *argument)
{
    filling *work = argument;
    dt_indices a = {0}, b = {0};
    for (uint32_t i = 0; i < 50000; i++) {
        dt_push(work->arena, &a, i);
        dt_push(work->arena, &b, 7 * i);
    }
    for (uint32_t i = 0; i < 50000; i++) {
        if (a.at[i] != i || b.at[i] != 7 * i)
            return DT_NO;
    }
    dt_drop(work->arena, &a);
    dt_take(work->arena, 1000, 8);
    return DT_OK;
}

static void test_lists_survive_every_failure(void **state)
{
    (void)state;
    counter count = {0, 0, 0};
    for (long fail_at = 1;; fail_at++) {
        count = (counter){0, 0, fail_at};
        dt_allocator allocator = {resize, &count};
        dt_arena *arena = dt_arena_new(&allocator, 0);
        filling work = {arena, 0, NULL};
        dt_status status = arena ? dt_arena_try(arena, fill_lists, &work) : DT_LIMIT;
        dt_arena_free(arena);
        assert_int_equal(count.blocks, 0);
        if (status == DT_OK)
            break;
        assert_int_equal(status, DT_LIMIT);
    }
    assert_true(count.fail_at > 20);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        double number;
        const char *text;
    } written[] = {
        {0.1,     "0.1"               },
        {3,       "3"                 },
        {-0.0,    "0"                 },
        {1e-9,    "1e-09"             },
        {1.0 / 3, "0.3333333333333333"},
        {1e300,   "1e+300"            },
        {-2.5,    "-2.5"              }
    };
    char buffer[32];
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        assert_string_equal(dt_print_number(buffer, written[i].number), written[i].text);
    static const struct {
        const char *text;
        size_t length;
        double number;
    } read[] = {
        {"0..4",    1, 0    },
        {"12.5e3x", 6, 12500},
        {"7.",      1, 7    },
        {"1e",      1, 1    },
        {".5",      2, 0.5  },
        {"2e-2 ",   4, 0.02 }
    };
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
        double number = NAN;
        assert_int_equal(dt_read_number(read[i].text, strlen(read[i].text), &number),
                         read[i].length);
        assert_true(number == read[i].number);
    }
    double unread = 1;
    assert_int_equal(dt_read_number("x", 1, &unread), 0);
    assert_int_equal(dt_read_number("", 0, &unread), 0);
}

static dt_status intern(void *argument)
{
    filling *work = argument;
    dt_sequences set = {.arena = work->arena};
    bool added;
    uint32_t words[3] = {1, 2, 3};
    assert_int_equal(dt_sequences_intern(&set, NULL, 0, &added), 0);
    assert_true(added);
    assert_int_equal(dt_sequences_intern(&set, words, 3, &added), 1);
    assert_int_equal(dt_sequences_intern(&set, words, 2, &added), 2);
    assert_int_equal(dt_sequences_intern(&set, words, 3, &added), 1);
    assert_false(added);
    assert_int_equal(dt_sequence_length(&set, 2), 2);
    /* 30,000 keys of each length, each asked for twice */
    for (uint32_t length = 1; length <= 3; length++) {
        dt_keys keys = {.arena = work->arena, .words = length};
        for (uint32_t i = 0; i < 60000; i++) {
            uint32_t key[3] = {i % 30000, 0, 0};
            if (length > 1) {
                key[0] = i % 30000 % 100;
                key[length - 1] = i % 30000 / 100;
            }
            uint64_t hash = dt_key_hash(key, length);
            assert_int_equal(dt_keys_intern(&keys, key, length, hash, &added), i % 30000);
            assert_int_equal(added, i < 30000);
        }
        assert_int_equal(keys.count, 30000);
    }
    return DT_OK;
}

static void test_interning(void **state)
{
    (void)state;
    dt_arena *arena = dt_arena_new(NULL, 0);
    filling work = {arena, 0, NULL};
    assert_int_equal(dt_arena_try(arena, intern, &work), DT_OK);
    dt_arena_free(arena);
}

/* Which characters may be shown, and how wide they are. */
static void test_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int columns;
        size_t bytes;
        uint32_t code;
    } known[] = {
        {"a",                1,  1, 'a'    },
        {"~",                1,  1, '~'    },
        {"\x1b",             -1, 1, 0x1b   },
        {"\n",               -1, 1, '\n'   },
        {"\x7f",             -1, 1, 0x7f   },
        {"\xc2\x80",         -1, 2, 0x80   },
        {"\xc2\x9f",         -1, 2, 0x9f   },
        {"\xc2\xa0",         1,  2, 0xa0   },
        {"\xc3\xa9",         1,  2, 0xe9   }, /* é */
        {"\xcc\x81",         0,  2, 0x301  }, /* a combining accent */
        {"\xe2\x80\x8d",     0,  3, 0x200d }, /* a joiner */
        {"\xe2\x80\xa9",     -1, 3, 0x2029 }, /* a paragraph separator */
        {"\xe2\x80\xaa",     -1, 3, 0x202a }, /* embeddings and overrides */
        {"\xe2\x80\xae",     -1, 3, 0x202e },
        {"\xe2\x80\xaf",     1,  3, 0x202f },
        {"\xe2\x81\xa6",     -1, 3, 0x2066 }, /* isolates */
        {"\xe2\x81\xa9",     -1, 3, 0x2069 },
        {"\xe2\x80\xa6",     1,  3, 0x2026 }, /* … */
        {"\xe5\x8c\x97",     2,  3, 0x5317 }, /* a Chinese character */
        {"\xed\x95\x9c",     2,  3, 0xd55c }, /* a Korean one */
        {"\xef\xbc\xa1",     2,  3, 0xff21 }, /* a fullwidth A */
        {"\xef\xbd\xb1",     1,  3, 0xff71 }, /* a halfwidth katakana */
        {"\xf0\x9f\x98\x80", 2,  4, 0x1f600}, /* a face */
        {"\xff",             -1, 1, 0xfffd },
        {"\xe5\x8c",         -1, 1, 0xfffd },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t bytes;
        uint32_t code;
        assert_int_equal(dt_character(known[i].text, strlen(known[i].text), &bytes, &code),
                         known[i].columns);
        assert_int_equal(bytes, known[i].bytes);
        assert_int_equal(code, known[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limit),      cmocka_unit_test(test_lists_survive_every_failure),
        cmocka_unit_test(test_numbers),    cmocka_unit_test(test_interning),
        cmocka_unit_test(test_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
