/*
 * The two hash sets of the explorer: open addressing with linear probing, at most half full for
 * sequences and two thirds for keys.
 */
#include "game/intern.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"

static size_t sequence_end(const dt_sequences *set, uint32_t number)
{
    return number + 1 < set->first.count ? set->first.at[number + 1] : set->words.count;
}

const uint32_t *dt_sequence_at(const dt_sequences *set, uint32_t number)
{
    assert(sequence_end(set, number) > set->first.at[number]);
    return set->words.at + set->first.at[number];
}

uint32_t dt_sequence_length(const dt_sequences *set, uint32_t number)
{
    return (uint32_t)(sequence_end(set, number) - set->first.at[number]);
}

static void rehash_sequences(dt_sequences *set)
{
    size_t buckets = set->buckets ? set->buckets * 2 : 64;
    size_t room = 0;
    uint32_t *bucket = dt_grow(set->arena, NULL, &room, 0, buckets, sizeof *bucket);
    memset(bucket, 0, buckets * sizeof *bucket);
    for (uint32_t i = 0; i < set->first.count; i++) {
        const uint32_t *words = set->words.at ? set->words.at + set->first.at[i] : NULL;
        size_t at = dt_hash_words(words, dt_sequence_length(set, i)) & (buckets - 1);
        while (bucket[at])
            at = (at + 1) & (buckets - 1);
        bucket[at] = i + 1;
    }
    dt_give_back(set->arena, set->bucket);
    set->bucket = bucket;
    set->buckets = buckets;
}

uint32_t dt_sequences_intern(dt_sequences *set, const uint32_t *words, uint32_t length, bool *added)
{
    if (2 * (set->first.count + 1) > set->buckets)
        rehash_sequences(set);
    size_t at = dt_hash_words(words, length) & (set->buckets - 1);
    *added = false;
    while (set->bucket[at]) {
        uint32_t number = set->bucket[at] - 1;
        if (dt_sequence_length(set, number) == length &&
            (length == 0 ||
             memcmp(set->words.at + set->first.at[number], words, length * sizeof *words) == 0))
            return number;
        at = (at + 1) & (set->buckets - 1);
    }
    *added = true;
    dt_push(set->arena, &set->first, set->words.count);
    if (length) {
        dt_reserve(set->arena, &set->words, length);
        memcpy(set->words.at + set->words.count, words, length * sizeof *words);
        set->words.count += length;
    }
    set->bucket[at] = (uint32_t)set->first.count;
    return (uint32_t)set->first.count - 1;
}

void dt_sequences_drop(dt_sequences *set)
{
    dt_drop(set->arena, &set->words);
    dt_drop(set->arena, &set->first);
    dt_give_back(set->arena, set->bucket);
    set->bucket = NULL;
    set->buckets = 0;
}

static void rehash_keys(dt_keys *set)
{
    int bits = set->bits == 0 ? 6 : set->bits < 14 ? set->bits + 2 : set->bits + 1;
    size_t buckets = (size_t)1 << bits, room = 0;
    struct dt_keys_bucket *bucket =
        dt_grow(set->arena, NULL, &room, 0, buckets, sizeof *set->bucket);
    memset(bucket, 0, buckets * sizeof *bucket);
    for (uint32_t i = 0; i < set->count; i++) {
        uint64_t hash = dt_key_hash(set->key.at + (size_t)i * set->words, set->words);
        size_t at = hash >> (64 - bits);
        while (bucket[at].number)
            at = (at + 1) & (buckets - 1);
        bucket[at] = (struct dt_keys_bucket){i + 1, (uint32_t)hash};
    }
    dt_give_back(set->arena, set->bucket);
    set->bucket = bucket;
    set->bits = bits;
}

uint32_t dt_keys_add(dt_keys *set, const uint32_t *key, uint64_t hash)
{
    assert(set->words > 0 && hash == dt_key_hash(key, set->words));
    if (set->count >= UINT32_MAX / 2) /* so that a place is a number of 32 bits */
        dt_refuse(set->arena, "a graph can't have more than 2147483647 period ends");
    if (set->bits == 0 || 3 * ((size_t)set->count + 1) > (size_t)2 << set->bits)
        rehash_keys(set);
    const size_t mask = ((size_t)1 << set->bits) - 1;
    size_t at = hash >> (64 - set->bits);
    while (set->bucket[at].number)
        at = (at + 1) & mask;
    dt_reserve(set->arena, &set->key, set->words);
    memcpy(set->key.at + set->key.count, key, set->words * sizeof *key);
    set->key.count += set->words;
    set->bucket[at] = (struct dt_keys_bucket){++set->count, (uint32_t)hash};
    return set->count - 1;
}

void dt_keys_drop_table(dt_keys *set)
{
    dt_give_back(set->arena, set->bucket);
    set->bucket = NULL;
    set->bits = 0;
}
