/*
 * Interning: sequences of words, of any length or of one, each distinct one stored once and known by
 * its number. Rows and menus are sequences of any length; situations are keys of a fixed length,
 * kept apart by their kind (a stage, a leaf, a period's beginning).
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
uint32_t dt_sequence_length(const dt_sequences *set, uint32_t number);
void dt_sequences_drop(dt_sequences *set);

/* Distinct keys of `words` words each, numbered from 0 within each kind. */
typedef struct dt_keys {
    dt_arena *arena;
    uint32_t words;
    uint32_t kinds;
    dt_indices *key; /* [kinds] the keys' words, one after the other */
    struct dt_keys_bucket {
        uint32_t number; /* 1 + number within the kind; 0: empty */
        uint16_t kind;
        uint16_t hash; /* upper bits, to skip most comparisons */
    } * bucket;
    size_t buckets, used;
} dt_keys;

dt_keys dt_keys_new(dt_arena *arena, uint32_t words, uint32_t kinds);
/* The number of the key within its kind; *added tells whether it is new. */
uint32_t dt_keys_intern(dt_keys *set, uint32_t kind, const uint32_t *key, bool *added);
/* The number of keys of a kind. */
uint32_t dt_keys_count(const dt_keys *set, uint32_t kind);
/* Gives back the table; the keys stay. */
void dt_keys_drop_table(dt_keys *set);

#endif
