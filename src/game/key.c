/*
 * Laying out keys: the slots in order, each in the word that the one before it is in, if there is
 * room left.
 */
#include "game/key.h"

#include <string.h>

int dt_key_values(const dt_model *model, int slot)
{
    return dt_slot_is_private(model, slot) ? 1 : dt_slot_values(model, slot);
}

dt_key_layout dt_key_layout_make(dt_arena *arena, const dt_model *model)
{
    dt_key_layout layout = {.field = dt_new(arena, dt_field, (size_t)model->slots)};
    uint32_t word = 0, used = 0;
    for (int i = 0; i < model->slots; i++) {
        uint32_t bits = 0;
        while ((uint64_t)dt_key_values(model, i) > (uint64_t)1 << bits)
            bits++;
        assert(bits < 32);
        if (used + bits > 32) {
            word++;
            used = 0;
        }
        layout.field[i] = (dt_field){
            .word = word,
            .shift = bits ? used : 0,
            .mask = (uint32_t)((1ULL << bits) - 1),
            .low = dt_slot_low(model, i),
        };
        used += bits;
    }
    layout.words = word + 1;
    return layout;
}

void dt_key_start(const dt_key_layout *layout, const dt_model *model, const int *value,
                  uint32_t *key)
{
    memset(key, 0, layout->words * sizeof *key);
    for (int v = 0; v < model->variables; v++) {
        if (!dt_slot_is_private(model, v))
            dt_key_set(&layout->field[v], key, value[v]);
    }
}
