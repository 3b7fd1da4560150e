/*
 * Views: much of what exploring works out depends on a small part of the situation alone. A view
 * takes that part out of a key, so that what follows is worked out once for each part and looked up
 * ever after. Of a variable that is only counted up or down by constants, no more is seen than how
 * near it is to the ends of its domain, where counting saturates. Invariant: keys of which a view
 * sees the same are given the same number.
 */
#include <assert.h>
#include <string.h>

#include "game/explore.h"

/* A view that has been asked this often must have found every fourth of its keys known. */
enum { TRIAL = 4096 };

static uint32_t field_of(const dt_explorer *explorer, int slot)
{
    return explorer->slot_mask[slot] << explorer->slot_shift[slot];
}

dt_view dt_view_new(const dt_explorer *explorer, const uint8_t *seen)
{
    dt_view view = {
        .seen = {.arena = explorer->arena, .words = explorer->key_words}
    };
    view.mask = dt_new(explorer->arena, uint32_t, explorer->key_words);
    view.part = dt_new(explorer->arena, uint32_t, explorer->key_words);
    for (int i = 0; i < explorer->model->slots; i++) {
        if (seen[i])
            view.mask[explorer->slot_word[i]] |= field_of(explorer, i);
    }
    return view;
}

void dt_view_add_near(const dt_explorer *explorer, dt_view *view, int slot, uint32_t margin)
{
    const uint32_t word = explorer->slot_word[slot];
    assert((view->mask[word] & field_of(explorer, slot)) == 0);
    dt_near near = {
        .word = word,
        .shift = explorer->slot_shift[slot],
        .field = field_of(explorer, slot),
        .most = (uint32_t)dt_slot_values(explorer->model, slot) - 1,
        .margin = margin,
    };
    view->mask[word] |= near.field;
    if (near.most >= margin && near.most - margin >= margin) /* else it is always near */
        dt_push(explorer->arena, &view->near, near);
}

void dt_view_drop(dt_view *view)
{
    dt_keys_drop_table(&view->seen);
    dt_drop(view->seen.arena, &view->seen.key);
    dt_drop(view->seen.arena, &view->result);
}

uint32_t dt_view_find(dt_view *view, const uint32_t *key, bool *added)
{
    const uint32_t words = view->seen.words;
    uint32_t *part = view->part;
    *added = true;
    if (view->useless)
        return 0;
    for (uint32_t w = 0; w < words; w++)
        part[w] = key[w] & view->mask[w];
    for (size_t i = 0; i < view->near.count; i++) {
        const dt_near *near = &view->near.at[i];
        uint32_t rank = (part[near->word] & near->field) >> near->shift;
        assert(rank <= near->most);
        if (rank >= near->margin && near->most - rank >= near->margin)
            part[near->word] =
                (part[near->word] & ~near->field) | near->margin << near->shift; /* one of them */
    }
    view->asked++;
    if (view->asked == TRIAL && view->seen.count > TRIAL - TRIAL / 4) {
        view->useless = true;
        dt_view_drop(view);
        return 0;
    }
    return dt_keys_intern(&view->seen, part, dt_key_hash(part, words), added);
}
