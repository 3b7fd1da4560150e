/*
 * Deflate (RFC 1951), which browsers inflate by themselves, as one block of the format's fixed codes:
 * bytes, and references to what stood there before, at most WINDOW back. Places that begin with the
 * same three bytes are linked, the newest first, and the longest text of the first CHAIN is taken,
 * unless one place further on is a longer one. On the description of a model codes of its own would
 * save a seventh of what is left, and take as much code again.
 *
 * Bits leave as web/page/coded.mjs has it: seven in turn, from the highest of each byte on, are one of
 * the characters below 128. Five of these can't be trusted in a page; each of them and the seven bits
 * after it are one character from U+0100 on, two bytes long. Invariant: decoded and inflated it is the
 * text.
 */
#include "lab/packed.h"

#include <assert.h>
#include <string.h>

enum {
    WINDOW = 32768,
    SHORTEST = 3,
    LONGEST = 258,
    CHAIN = 512,
    HASHES = 1 << 14,
    END = 256 /* the code that ends a block */
};

static const char NEVER[] = {'\0', '\r', '\x1a', '\x1b', '<'};

typedef struct packing {
    dt_writer *out;
    const unsigned char *text;
    size_t length;
    uint32_t *newest; /* [HASHES] the last place with it, counted from 1; 0: none */
    uint32_t *before; /* [length] the one with the same before that */
    size_t linked;    /* places that are */
    uint32_t byte;    /* of the compressed text, from its lowest bit on */
    uint32_t seven;   /* of the coded text, from its highest bit on */
    int bits, sevens; /* how many bits they have */
    int waits; /* one of NEVER, with the seven bits after which it is a character; -1: none */
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

/* What is left of bytes and of characters, filled up with zeros. */
static void finish(packing *p)
{
    if (p->bits)
        put_byte(p, p->byte);
    if (p->sevens)
        put_seven(p, p->seven << (7 - p->sevens) & 127);
    if (p->waits >= 0)
        put_character(p, 256 + ((uint32_t)sizeof NEVER << 7) + (uint32_t)p->waits);
}

/* The lowest bit first, as all numbers of the format but the codes. */
static void put_bits(packing *p, uint32_t number, int count)
{
    for (int i = 0; i < count; i++) {
        p->byte |= (number >> i & 1) << p->bits;
        if (++p->bits == 8) {
            put_byte(p, p->byte);
            p->byte = 0;
            p->bits = 0;
        }
    }
}

static void put_code(packing *p, uint32_t code, int count)
{
    for (int i = count - 1; i >= 0; i--)
        put_bits(p, code >> i & 1, 1);
}

/* A byte, the end, or a length (RFC 1951, 3.2.6). */
static void put_symbol(packing *p, uint32_t symbol)
{
    if (symbol < 144)
        put_code(p, 0x30 + symbol, 8);
    else if (symbol < 256)
        put_code(p, 0x190 + symbol - 144, 9);
    else if (symbol < 280)
        put_code(p, symbol - 256, 7);
    else
        put_code(p, 0xc0 + symbol - 280, 8);
}

/* The first 2^digits numbers are groups of one; after them come groups twice as wide, and then again, 2^(digits - 1) of
 * each width. The number's group; its lowest `*extra` bits say which of the group it is. */
static uint32_t group_of(uint32_t number, int digits, int *extra)
{
    *extra = 0;
    while (number >> *extra >= 1u << digits)
        ++*extra;
    return ((uint32_t)*extra << (digits - 1)) + (number >> *extra);
}

static void put_reference(packing *p, size_t length, size_t back)
{
    int extra;
    const uint32_t far = (uint32_t)back - 1, more = (uint32_t)(length - SHORTEST);
    if (length == LONGEST) {
        put_symbol(p, 285);
    } else {
        put_symbol(p, END + 1 + group_of(more, 3, &extra));
        put_bits(p, more & ((1u << extra) - 1), extra);
    }
    put_code(p, group_of(far, 2, &extra), 5);
    put_bits(p, far & ((1u << extra) - 1), extra);
}

static uint32_t hash_at(const packing *p, size_t at)
{
    const uint32_t three =
        p->text[at] | (uint32_t)p->text[at + 1] << 8 | (uint32_t)p->text[at + 2] << 16;
    return (three * 0x9e3779b1u) >> 18;
}

/* Links all places before `at`. */
static void link_until(packing *p, size_t at)
{
    for (; p->linked < at && p->linked + SHORTEST <= p->length; p->linked++) {
        uint32_t *newest = &p->newest[hash_at(p, p->linked)];
        p->before[p->linked] = *newest;
        *newest = (uint32_t)p->linked + 1;
    }
}

/* The longest text before `at` that stands there again, and how far back; 0 if there is none. */
static size_t longest_at(packing *p, size_t at, size_t *back)
{
    size_t longest = SHORTEST - 1;
    const size_t most = p->length - at < LONGEST ? p->length - at : LONGEST;
    if (most < SHORTEST)
        return 0;
    link_until(p, at);
    uint32_t place = p->newest[hash_at(p, at)];
    for (int k = 0; k < CHAIN && place && at - (place - 1) <= WINDOW;
         k++, place = p->before[place - 1]) {
        const unsigned char *there = p->text + place - 1, *here = p->text + at;
        size_t same = 0;
        while (same < most && there[same] == here[same])
            same++;
        if (same > longest) {
            longest = same;
            *back = at - (place - 1);
        }
    }
    return longest < SHORTEST ? 0 : longest;
}

void dt_write_packed(dt_writer *out, const char *text, size_t length, dt_arena *scratch)
{
    assert(length < UINT32_MAX);
    packing p = {.out = out, .text = (const unsigned char *)text, .length = length, .waits = -1};
    p.newest = dt_new(scratch, uint32_t, HASHES);
    p.before = dt_room(scratch, length);
    put_bits(&p, 1, 1); /* the last block */
    put_bits(&p, 1, 2); /* of fixed codes */
    size_t back = 0, next_back = 0;
    size_t here = length ? longest_at(&p, 0, &back) : 0;
    for (size_t at = 0; at < length;) {
        const size_t next = at + 1 < length ? longest_at(&p, at + 1, &next_back) : 0;
        if (here && next <= here) {
            put_reference(&p, here, back);
            at += here;
            here = at < length ? longest_at(&p, at, &back) : 0;
        } else {
            put_symbol(&p, p.text[at++]);
            here = next;
            back = next_back;
        }
    }
    put_symbol(&p, END);
    finish(&p);
}
