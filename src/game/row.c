/*
 * Rows of coefficients under construction: what a cell or a leaf pays, what outcomes read. Equal
 * rows are one row, so that a world evaluates each but once. A leaf's row is made from the one made
 * before it: only formulas that read what has changed since are looked up again.
 */
#include <assert.h>

#include "game/explorer.h"

void dt_explorer_row_begin(dt_explorer *explorer, bool pays)
{
    explorer->row.count = 0;
    dt_push(explorer->arena, &explorer->row, pays);
}

void dt_explorer_row_add(dt_explorer *explorer, uint32_t column, uint32_t coefficient)
{
    if (coefficient == explorer->engine->zero)
        return;
    dt_push(explorer->arena, &explorer->row, column);
    dt_push(explorer->arena, &explorer->row, coefficient);
}

uint32_t dt_explorer_row_end(dt_explorer *explorer)
{
    if (explorer->row.count == 1)
        return 0;
    bool added;
    return dt_sequences_intern(&explorer->rows, explorer->row.at, (uint32_t)explorer->row.count,
                               &added);
}

dt_leaf_row dt_leaf_row_new(const dt_explorer *explorer, bool pays, size_t most)
{
    return (dt_leaf_row){
        .pays = pays,
        .entry = dt_new(explorer->arena, dt_leaf_entry, most),
        .mask = dt_new(explorer->arena, uint32_t, most * explorer->layout.words),
        .key = dt_new(explorer->arena, uint32_t, explorer->layout.words),
        .row = UINT32_MAX,
    };
}

void dt_leaf_row_add(const dt_explorer *explorer, dt_leaf_row *of, uint32_t column,
                     uint32_t formula)
{
    const int *slot;
    int reads = dt_formula_reads(explorer->formulas, formula, &slot);
    assert(of->entries == 0 || of->entry[of->entries - 1].column < column);
    for (int i = 0; i < reads; i++)
        dt_key_mark(&explorer->layout.field[slot[i]],
                    of->mask + of->entries * explorer->layout.words);
    of->entry[of->entries++] = (dt_leaf_entry){column, formula, UINT32_MAX};
}

uint32_t dt_leaf_row_find(dt_explorer *explorer, dt_leaf_row *of, const uint32_t *key)
{
    const uint32_t words = explorer->layout.words;
    bool changed = of->row == UINT32_MAX;
    const uint32_t *mask = of->mask;
    for (size_t i = 0; i < of->entries; i++, mask += words) {
        dt_leaf_entry *entry = &of->entry[i];
        uint32_t differs = of->row == UINT32_MAX;
        for (uint32_t w = 0; w < words; w++)
            differs |= (key[w] ^ of->key[w]) & mask[w];
        if (!differs)
            continue;
        uint32_t coefficient = dt_formula_coefficient(explorer->formulas, entry->formula, key);
        changed |= coefficient != entry->coefficient;
        entry->coefficient = coefficient;
    }
    dt_key_copy(of->key, key, words);
    if (!changed)
        return of->row;
    dt_explorer_row_begin(explorer, of->pays);
    for (size_t i = 0; i < of->entries; i++)
        dt_explorer_row_add(explorer, of->entry[i].column, of->entry[i].coefficient);
    of->row = dt_explorer_row_end(explorer);
    return of->row;
}
