/*
 * Views: much of what exploring works out depends on a small part of the situation alone. A view
 * takes that part out of a key, so that what follows is worked out once for each part and looked up
 * ever after. Of a variable that is only counted up or down by constants, no more is seen than how
 * near it is to the ends of its domain, where counting saturates. Invariant: keys of which a view
 * sees the same are given the same number.
 */
#include <assert.h>
#include <string.h>

#include "game/explorer.h"

/* A view that has been asked this often must have found every fourth of its keys known. */
enum { TRIAL = 4096 };

dt_view dt_view_new(const dt_explorer *explorer, const uint8_t *seen)
{
    dt_view view = {
        .seen = {.arena = explorer->arena, .words = explorer->layout.words}
    };
    view.mask = dt_new(explorer->arena, uint32_t, explorer->layout.words);
    view.part = dt_new(explorer->arena, uint32_t, explorer->layout.words);
    for (int i = 0; i < explorer->model->slots; i++) {
        if (seen[i])
            dt_key_mark(&explorer->layout.field[i], view.mask);
    }
    return view;
}

void dt_view_add_near(const dt_explorer *explorer, dt_view *view, int slot, uint32_t margin)
{
    dt_near near = {
        .field = explorer->layout.field[slot],
        .most = (uint32_t)dt_key_values(explorer->model, slot) - 1,
        .margin = margin,
    };
    dt_key_mark(&near.field, view->mask);
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
        uint32_t rank = dt_key_rank(&near->field, part);
        assert(rank <= near->most);
        if (rank >= near->margin && near->most - rank >= near->margin)
            dt_key_set(&near->field, part, (int)near->margin + near->field.low); /* one of them */
    }
    view->asked++;
    if (view->asked == TRIAL && view->seen.count > TRIAL - TRIAL / 4) {
        view->useless = true;
        dt_view_drop(view);
        return 0;
    }
    return dt_keys_intern(&view->seen, part, words, dt_key_hash(part, words), added);
}
