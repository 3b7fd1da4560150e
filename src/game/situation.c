/*
 * Situations: where play stands, packed into a few words, known by their number, and which stage
 * comes next. A key holds the state variables and those choices that are live at its kind
 * of place, each in a field of as many bits as its values need, none across two words.
 */
#include <assert.h>
#include <string.h>

#include "game/explore.h"

void dt_explorer_lay_out(dt_explorer *explorer)
{
    const dt_model *model = explorer->model;
    size_t slots = (size_t)model->slots;
    explorer->slot_word = dt_new(explorer->arena, uint32_t, slots);
    explorer->slot_shift = dt_new(explorer->arena, uint32_t, slots);
    explorer->slot_mask = dt_new(explorer->arena, uint32_t, slots);
    explorer->slot_low = dt_new(explorer->arena, int, slots);
    uint32_t word = 0, used = 0;
    for (int i = 0; i < model->slots; i++) {
        uint32_t bits = 0;
        explorer->slot_low[i] = dt_slot_low(model, i);
        while ((uint64_t)dt_slot_values(model, i) > (uint64_t)1 << bits)
            bits++;
        assert(bits < 32);
        if (used + bits > 32) {
            word++;
            used = 0;
        }
        explorer->slot_word[i] = word;
        explorer->slot_shift[i] = bits ? used : 0;
        explorer->slot_mask[i] = (uint32_t)((1ULL << bits) - 1);
        used += bits;
    }
    explorer->key_words = word + 1;
}

static int unpack_slot(const dt_explorer *explorer, const uint32_t *key, uint32_t slot)
{
    uint32_t rank =
        key[explorer->slot_word[slot]] >> explorer->slot_shift[slot] & explorer->slot_mask[slot];
    return (int)rank + explorer->slot_low[slot];
}

static void pack_slot(const dt_explorer *explorer, uint32_t *key, uint32_t slot, int value)
{
    uint32_t rank = (uint32_t)(value - explorer->slot_low[slot]);
    assert(rank <= explorer->slot_mask[slot]);
    key[explorer->slot_word[slot]] |= rank << explorer->slot_shift[slot];
}

void dt_explorer_unpack(const dt_explorer *explorer, uint32_t kind, const uint32_t *key, int *slot)
{
    const dt_indices *live = &explorer->live[kind];
    uint32_t variables = (uint32_t)explorer->model->variables;
    for (uint32_t i = 0; i < variables; i++)
        slot[i] = unpack_slot(explorer, key, i);
    for (int i = explorer->model->variables; i < explorer->model->slots; i++)
        slot[i] = 0;
    for (size_t i = 0; i < live->count; i++)
        slot[live->at[i]] = unpack_slot(explorer, key, live->at[i]);
}

void dt_explorer_pack(const dt_explorer *explorer, uint32_t kind, const int *slot, uint32_t *key)
{
    const dt_indices *live = &explorer->live[kind];
    uint32_t variables = (uint32_t)explorer->model->variables;
    memset(key, 0, explorer->key_words * sizeof *key);
    for (uint32_t i = 0; i < variables; i++)
        pack_slot(explorer, key, i, slot[i]);
    for (size_t i = 0; i < live->count; i++)
        pack_slot(explorer, key, live->at[i], slot[live->at[i]]);
}

/* Notes which values of variables occur at a period's beginning or end. */
static void note_values(dt_explorer *explorer, const uint32_t *key)
{
    for (int v = 0; v < explorer->model->variables; v++) {
        size_t first = explorer->first_value[v];
        uint32_t rank =
            key[explorer->slot_word[v]] >> explorer->slot_shift[v] & explorer->slot_mask[v];
        if (explorer->first_value[v + 1] > first)
            explorer->game->value_reached[first + rank] = 1;
    }
}

uint32_t dt_explorer_intern(dt_explorer *explorer, uint32_t kind, const uint32_t *key,
                            uint64_t hash)
{
    bool added;
    uint32_t number = dt_keys_intern(&explorer->keys[kind], key, hash, &added);
    if (added && kind < explorer->leaf_kind)
        explorer->nodes++;
    else if (added)
        note_values(explorer, key);
    return number;
}

uint32_t dt_explorer_advance(dt_explorer *explorer, uint32_t stage, const int *slot)
{
    for (uint32_t s = stage; s < explorer->leaf_kind; s++) {
        int64_t when = explorer->model->stage[s].when;
        if (when == DT_NONE || dt_formula_value(explorer->formulas, (uint32_t)when, slot) != 0)
            return s;
    }
    return explorer->leaf_kind;
}
