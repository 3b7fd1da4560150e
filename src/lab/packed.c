/*
 * Deflate (RFC 1951) by zlib, which browsers inflate by themselves, written as characters. Bits leave as web/page/coded.mjs
 * has it: seven in turn, from the highest of each byte on, are one of the characters below 128. Five of these can't be
 * trusted in a page; each of them and the seven bits after it are one character from U+0100 on, two bytes long.
 * Invariant: decoded and inflated it is the text.
 */
#include "lab/packed.h"

#include <assert.h>
#include <string.h>

#define ZLIB_CONST /* `next_in` is read only */
#include <zlib.h>

static const char NEVER[] = {'\0', '\r', '\x1a', '\x1b', '<'};

typedef struct packing {
    dt_writer *out;
    uint32_t seven; /* of the coded text, from its highest bit on */
    int sevens;     /* how many bits it has */
    int waits;      /* one of NEVER, with the seven bits after which it is a character; -1: none */
} packing;

static void put_character(packing *p, uint32_t code)
{
    if (code < 128)
        dt_writer_text(p->out, (const char[]){(char)code, 0});
    else
        dt_writer_text(p->out,
                       (const char[]){(char)(0xc0 | code >> 6), (char)(0x80 | (code & 63)), 0});
}

static void put_seven(packing *p, uint32_t seven)
{
    const char *found = memchr(NEVER, (int)seven, sizeof NEVER);
    if (p->waits >= 0) {
        put_character(p, 256 + ((uint32_t)p->waits << 7 | seven));
        p->waits = -1;
    } else if (found) {
        p->waits = (int)(found - NEVER);
    } else {
        put_character(p, seven);
    }
}

static void put_byte(packing *p, uint32_t byte)
{
    p->seven = p->seven << 8 | byte;
    for (p->sevens += 8; p->sevens >= 7; p->sevens -= 7)
        put_seven(p, p->seven >> (p->sevens - 7) & 127);
}

/* What is left, filled up with zeros. */
static void finish(packing *p)
{
    if (p->sevens)
        put_seven(p, p->seven << (7 - p->sevens) & 127);
    if (p->waits >= 0)
        put_character(p, 256 + ((uint32_t)sizeof NEVER << 7) + (uint32_t)p->waits);
}

static void *take(void *arena, unsigned count, unsigned size)
{
    return dt_take(arena, count, size);
}

/* The arena has it until it is freed. */
static void leave(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

void dt_write_packed(dt_writer *out, const char *text, size_t length, dt_arena *scratch)
{
    enum { RAW = -15 }; /* without a frame, the largest window */
    assert(length < UINT32_MAX / 2);
    z_stream z = {.zalloc = take, .zfree = leave, .opaque = scratch};
    int status =
        deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, RAW, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
    assert(status == Z_OK);
    const uLong most = deflateBound(&z, (uLong)length);
    unsigned char *bytes = dt_new(scratch, unsigned char, most);
    z.next_in = (const unsigned char *)text;
    z.avail_in = (uInt)length;
    z.next_out = bytes;
    z.avail_out = (uInt)most;
    status = deflate(&z, Z_FINISH);
    assert(status == Z_STREAM_END);
    (void)status;
    packing p = {.out = out, .waits = -1};
    for (uLong i = 0; i < z.total_out; i++)
        put_byte(&p, bytes[i]);
    finish(&p);
    deflateEnd(&z);
}
