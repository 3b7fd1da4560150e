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
    for (uint32_t i = 0; i < length; i++)
        dt_push(set->arena, &set->words, words[i]);
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

dt_keys dt_keys_new(dt_arena *arena, uint32_t words, uint32_t kinds)
{
    dt_keys set = {.arena = arena, .words = words, .kinds = kinds};
    set.key = dt_new(arena, dt_indices, kinds);
    return set;
}

uint32_t dt_keys_count(const dt_keys *set, uint32_t kind)
{
    return (uint32_t)(set->key[kind].count / set->words);
}

static uint64_t hash_key(const dt_keys *set, uint32_t kind, const uint32_t *key)
{
    return dt_mix(dt_hash_words(key, set->words) + kind);
}

static void rehash_keys(dt_keys *set)
{
    size_t buckets = set->buckets ? set->buckets * 2 : 1024;
    size_t room = 0;
    struct dt_keys_bucket *bucket =
        dt_grow(set->arena, NULL, &room, 0, buckets, sizeof *set->bucket);
    memset(bucket, 0, buckets * sizeof *bucket);
    for (size_t i = 0; i < set->buckets; i++) {
        struct dt_keys_bucket b = set->bucket[i];
        if (!b.number)
            continue;
        const uint32_t *key = set->key[b.kind].at + (size_t)(b.number - 1) * set->words;
        size_t at = hash_key(set, b.kind, key) & (buckets - 1);
        while (bucket[at].number)
            at = (at + 1) & (buckets - 1);
        bucket[at] = b;
    }
    dt_give_back(set->arena, set->bucket);
    set->bucket = bucket;
    set->buckets = buckets;
}

uint32_t dt_keys_intern(dt_keys *set, uint32_t kind, const uint32_t *key, bool *added)
{
    assert(kind < set->kinds);
    if (3 * (set->used + 1) > 2 * set->buckets)
        rehash_keys(set);
    uint64_t hash = hash_key(set, kind, key);
    uint16_t upper = (uint16_t)(hash >> 48);
    size_t at = hash & (set->buckets - 1);
    *added = false;
    for (; set->bucket[at].number; at = (at + 1) & (set->buckets - 1)) {
        const struct dt_keys_bucket *b = &set->bucket[at];
        if (b->hash != upper || b->kind != kind)
            continue;
        const uint32_t *other = set->key[kind].at + (size_t)(b->number - 1) * set->words;
        if (memcmp(other, key, set->words * sizeof *key) == 0)
            return b->number - 1;
    }
    *added = true;
    dt_indices *keys = &set->key[kind];
    dt_reserve(set->arena, keys, set->words);
    memcpy(keys->at + keys->count, key, set->words * sizeof *key);
    keys->count += set->words;
    uint32_t number = (uint32_t)(keys->count / set->words);
    set->bucket[at] = (struct dt_keys_bucket){number, (uint16_t)kind, upper};
    set->used++;
    return number - 1;
}

void dt_keys_drop_table(dt_keys *set)
{
    dt_give_back(set->arena, set->bucket);
    set->bucket = NULL;
    set->buckets = 0;
}
