/*
 * Keys: a situation packed into a few words. Each state variable and each choice has a field of as
 * many bits as its values need, none across two words, which holds the rank of its value. A choice
 * that isn't live, or of a skipped stage, has rank 0: none. A private variable is no part of a situation:
 * its field has no bits.
 */
#ifndef DT_GAME_KEY_H
#define DT_GAME_KEY_H

#include <assert.h>

#include "model/model.h"

typedef struct dt_field {
    uint32_t word;
    uint32_t shift;
    uint32_t mask; /* of the rank, not shifted */
    int low;       /* value of rank 0 */
} dt_field;

typedef struct dt_key_layout {
    uint32_t words;
    dt_field *field; /* [slots] */
} dt_key_layout;

/* Number of values that a slot has in a key: 1 of a private variable. */
int dt_key_values(const dt_model *model, int slot);

dt_key_layout dt_key_layout_make(dt_arena *arena, const dt_model *model);

static inline uint32_t dt_key_rank(const dt_field *field, const uint32_t *key)
{
    return key[field->word] >> field->shift & field->mask;
}

static inline int dt_key_get(const dt_field *field, const uint32_t *key)
{
    return (int)dt_key_rank(field, key) + field->low;
}

static inline void dt_key_set(const dt_field *field, uint32_t *key, int value)
{
    uint32_t rank = (uint32_t)(value - field->low);
    assert(rank <= field->mask);
    key[field->word] = (key[field->word] & ~(field->mask << field->shift)) | rank << field->shift;
}

/* The key of a state in which each public variable has a value [variables]. */
void dt_key_start(const dt_key_layout *layout, const dt_model *model, const int *value,
                  uint32_t *key);

/* Keys are so short that a loop beats a call. */
static inline void dt_key_copy(uint32_t *to, const uint32_t *from, uint32_t words)
{
    for (uint32_t w = 0; w < words; w++)
        to[w] = from[w];
}

/* Adds the bits of a field to a mask of a key's length. */
static inline void dt_key_mark(const dt_field *field, uint32_t *mask)
{
    mask[field->word] |= field->mask << field->shift;
}

#endif
