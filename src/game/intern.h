/*
 * Interning: sequences of words, of any length or of one, each distinct one stored once and known by
 * its number. Rows, menus and forms are sequences of any length; situations are keys of a fixed
 * length, a set for each kind (a stage, a leaf, a period's beginning).
 */
#ifndef DT_GAME_INTERN_H
#define DT_GAME_INTERN_H

#include "base/arena.h"

/* Distinct sequences, numbered from 0 in the order of arrival. */
typedef struct dt_sequences {
    dt_arena *arena;
    dt_indices words;
    dt_list(size_t) first; /* of each sequence; its end is the next one's first, or words.count */
    uint32_t *bucket;      /* 1 + number; 0: empty */
    size_t buckets;
} dt_sequences;

/* The number of the sequence; *added tells whether it is new. */
uint32_t dt_sequences_intern(dt_sequences *set, const uint32_t *words, uint32_t length,
                             bool *added);
/* Its words; there are some. */
const uint32_t *dt_sequence_at(const dt_sequences *set, uint32_t number);
uint32_t dt_sequence_length(const dt_sequences *set, uint32_t number);
void dt_sequences_drop(dt_sequences *set);

/* Distinct keys of `words` words each, numbered from 0 in the order of arrival. */
typedef struct dt_keys {
    dt_arena *arena;
    uint32_t words;
    uint32_t count;
    dt_indices key; /* [count][words] */
    struct dt_keys_bucket {
        uint32_t number; /* 1 + number; 0: empty */
        uint32_t hash;   /* lower bits, to skip most comparisons */
    } * bucket;
    int bits; /* of the number of buckets; 0: none yet */
} dt_keys;

/* The upper bits choose the bucket. */
static inline uint64_t dt_key_hash(const uint32_t *key, uint32_t words)
{
    uint64_t h = 0;
    uint32_t i = 0;
    for (; i + 2 <= words; i += 2) {
        h = (h ^ (key[i] | (uint64_t)key[i + 1] << 32)) * 0x9e3779b97f4a7c15ULL;
        h ^= h >> 32;
    }
    if (i < words) {
        h = (h ^ key[i]) * 0x9e3779b97f4a7c15ULL;
        h ^= h >> 32;
    }
    return h * 0xc4ceb9fe1a85ec53ULL;
}

/* Asks for the memory that looking up a key of this hash will read. */
static inline void dt_keys_prefetch(const dt_keys *set, uint64_t hash)
{
    if (set->bits)
        __builtin_prefetch(set->bucket + (hash >> (64 - set->bits)));
}

/* Adds a key that isn't there. */
uint32_t dt_keys_add(dt_keys *set, const uint32_t *key, uint64_t hash);

static inline bool dt_keys_equal(const uint32_t *a, const uint32_t *b, uint32_t words)
{
    uint32_t differ = 0;
    for (uint32_t w = 0; w < words; w++)
        differ |= a[w] ^ b[w];
    return differ == 0;
}

/* The number of the key, of which `hash` is dt_key_hash and `words` the set's; UINT32_MAX if it isn't
 * there. Inline, as following a branch is little else. */
static inline uint32_t dt_keys_find(const dt_keys *set, const uint32_t *key, uint32_t words,
                                    uint64_t hash)
{
    if (set->bits) {
        const size_t mask = ((size_t)1 << set->bits) - 1;
        for (size_t at = hash >> (64 - set->bits); set->bucket[at].number; at = (at + 1) & mask) {
            const struct dt_keys_bucket *b = &set->bucket[at];
            if (b->hash == (uint32_t)hash &&
                dt_keys_equal(set->key.at + (size_t)(b->number - 1) * words, key, words))
                return b->number - 1;
        }
    }
    return UINT32_MAX;
}

/* Its number, also if it has to be added; *added tells whether it is new. */
static inline uint32_t dt_keys_intern(dt_keys *set, const uint32_t *key, uint32_t words,
                                      uint64_t hash, bool *added)
{
    const uint32_t found = dt_keys_find(set, key, words, hash);
    *added = found == UINT32_MAX;
    return *added ? dt_keys_add(set, key, hash) : found;
}

/* Gives back the table; the keys stay. */
void dt_keys_drop_table(dt_keys *set);

#endif
