/*
 * Hashing: one 64-bit mixing step (the finaliser of MurmurHash3, public domain), enough for
 * open-addressing tables whose keys are words.
 */
#ifndef DT_BASE_HASH_H
#define DT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t dt_mix(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    x ^= x >> 33;
    return x;
}

/* One multiplication for two words (as in FxHash), mixed at the end so that all bits are good. */
static inline uint64_t dt_hash_words(const uint32_t *words, uint32_t count)
{
    const uint64_t factor = 0x517cc1b727220a95ULL;
    uint64_t h = count;
    uint32_t i = 0;
    for (; i + 2 <= count; i += 2)
        h = ((h << 5 | h >> 59) ^ (words[i] | (uint64_t)words[i + 1] << 32)) * factor;
    if (i < count)
        h = ((h << 5 | h >> 59) ^ words[i]) * factor;
    return dt_mix(h);
}

/* FNV-1a of 64 bits, which other programs compute as well: of what stands in files. */
static inline uint64_t dt_hash_bytes(const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ at[i]) * 0x100000001b3;
    return hash;
}

#endif
