/*
 * Rows of coefficients under construction: what a cell or a leaf pays, what outcomes read. Equal
 * rows are one row, so that a world evaluates each but once.
 *
 * A leaf's row is put together from parts. Formulas that read much the same are one part; what they
 * read takes so few values together that it has a number (its digits in mixed radix), for which the
 * coefficients found there are remembered. Parts differ little from leaf to leaf and whole rows less:
 * most are found without a formula being looked at. Invariant: formulas are asked where they are asked
 * for the first time, in the order of columns, so that coefficients are numbered as if all were asked.
 */
#include <assert.h>

#include "game/explorer.h"

/* Most values of what a part reads. */
enum { FEW = 4096 };

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

dt_leaf_row dt_leaf_row_new(const dt_explorer *explorer, bool pays)
{
    return (dt_leaf_row){.pays = pays, .seen = {.arena = explorer->arena}};
}

/* How many values the slots read by either can take together; more than FEW if that many. */
static uint64_t values_of(const dt_model *model, const uint8_t *a, const uint8_t *b)
{
    uint64_t values = 1;
    for (int i = 0; i < model->slots && values <= FEW; i++) {
        if (a[i] || b[i])
            values *= (uint64_t)dt_key_values(model, i);
    }
    return values;
}

static dt_leaf_part *add_part(dt_explorer *explorer, dt_leaf_row *of, uint64_t values)
{
    dt_leaf_part part = {.read = dt_new(explorer->arena, uint8_t, (size_t)explorer->model->slots),
                         .values = values,
                         .seen = {.arena = explorer->arena}};
    dt_push(explorer->arena, &of->part, part);
    return &of->part.at[of->part.count - 1];
}

/* The part that what `read` marks is best added to: that of which it makes the fewest values more. */
static dt_leaf_part *choose_part(dt_explorer *explorer, dt_leaf_row *of, const uint8_t *read)
{
    const dt_model *model = explorer->model;
    const uint64_t own = values_of(model, read, read);
    dt_leaf_part *best = NULL;
    uint64_t least = UINT64_MAX;
    for (size_t p = 0; p < of->part.count; p++) {
        dt_leaf_part *part = &of->part.at[p];
        if (part->values == 0 || own > FEW) {
            if (part->values == 0 && own > FEW)
                return part;
            continue;
        }
        const uint64_t both = values_of(model, part->read, read);
        if (both <= FEW && both - part->values < least) {
            least = both - part->values;
            best = part;
        }
    }
    return best ? best : add_part(explorer, of, own <= FEW ? own : 0);
}

void dt_leaf_row_add(dt_explorer *explorer, dt_leaf_row *of, uint32_t column, uint32_t formula)
{
    const dt_model *model = explorer->model;
    assert(of->entry.count == 0 || of->entry.at[of->entry.count - 1].column < column);
    uint8_t *read = dt_new(explorer->arena, uint8_t, (size_t)model->slots);
    dt_explorer_mark_reads(explorer, read, formula);
    dt_leaf_part *part = choose_part(explorer, of, read);
    if (part->values)
        part->values = values_of(model, part->read, read);
    for (int i = 0; i < model->slots; i++)
        part->read[i] |= read[i];
    const dt_leaf_entry entry = {column, formula, (uint32_t)(part - of->part.at),
                                 (uint32_t)part->entry.count};
    dt_push(explorer->arena, &part->entry, (uint32_t)of->entry.count);
    dt_push(explorer->arena, &of->entry, entry);
}

void dt_leaf_row_prepare(dt_explorer *explorer, dt_leaf_row *of)
{
    of->seen.words = (uint32_t)of->part.count;
    of->number = dt_new(explorer->arena, uint32_t, of->part.count);
    of->chosen = dt_new(explorer->arena, const uint32_t *, of->part.count);
    for (size_t p = 0; p < of->part.count; p++) {
        dt_leaf_part *part = &of->part.at[p];
        uint64_t stride = 1;
        if (part->values == 0) {
            part->view = dt_view_new(explorer, part->read);
            continue;
        }
        for (int i = 0; i < explorer->model->slots; i++) {
            if (!part->read[i])
                continue;
            dt_push(explorer->arena, &part->field, explorer->layout.field[i]);
            dt_push(explorer->arena, &part->stride, (uint32_t)stride);
            stride *= (uint64_t)dt_key_values(explorer->model, i);
        }
        assert(stride == part->values);
        part->known = dt_new(explorer->arena, uint32_t, part->values);
    }
}

/* Where the number of the part's coefficients in a situation is remembered; NULL if it isn't. */
static uint32_t *place_of(dt_explorer *explorer, dt_leaf_part *part, const uint32_t *key)
{
    if (part->values) {
        uint32_t value = 0;
        for (size_t i = 0; i < part->field.count; i++)
            value += dt_key_rank(&part->field.at[i], key) * part->stride.at[i];
        return &part->known[value];
    }
    bool added;
    const uint32_t known = dt_view_find(&part->view, key, &added);
    if (part->view.useless)
        return NULL;
    if (added)
        dt_push(explorer->arena, &part->view.result, 0);
    return &part->view.result.at[known];
}

/* Asks the formulas of parts whose number isn't known yet: those of `number` 0. */
static void ask(dt_explorer *explorer, dt_leaf_row *of, const uint32_t *key)
{
    dt_indices *found = &explorer->row; /* [entries] */
    found->count = 0;
    for (size_t i = 0; i < of->entry.count; i++) {
        const dt_leaf_entry *entry = &of->entry.at[i];
        const bool known = of->number[entry->part] != 0;
        dt_push(explorer->arena, found,
                known ? 0 : dt_formula_coefficient(explorer->formulas, entry->formula, key));
    }
    for (size_t p = 0; p < of->part.count; p++) {
        dt_leaf_part *part = &of->part.at[p];
        if (of->number[p] != 0)
            continue;
        explorer->form.count = 0;
        for (size_t i = 0; i < part->entry.count; i++)
            dt_push(explorer->arena, &explorer->form, found->at[part->entry.at[i]]);
        bool added;
        of->number[p] = 1 + dt_sequences_intern(&part->seen, explorer->form.at,
                                                (uint32_t)explorer->form.count, &added);
        uint32_t *place = place_of(explorer, part, key);
        if (place)
            *place = of->number[p];
    }
}

/* The row that the parts' numbers make. */
static uint32_t put_together(dt_explorer *explorer, const dt_leaf_row *of)
{
    for (size_t p = 0; p < of->part.count; p++)
        of->chosen[p] = dt_sequence_at(&of->part.at[p].seen, of->number[p] - 1);
    dt_explorer_row_begin(explorer, of->pays);
    dt_reserve(explorer->arena, &explorer->row, 2 * of->entry.count);
    for (size_t i = 0; i < of->entry.count; i++) {
        const dt_leaf_entry *entry = &of->entry.at[i];
        dt_explorer_row_add(explorer, entry->column, of->chosen[entry->part][entry->at]);
    }
    return dt_explorer_row_end(explorer);
}

uint32_t dt_leaf_row_find(dt_explorer *explorer, dt_leaf_row *of, const uint32_t *key)
{
    const uint32_t parts = (uint32_t)of->part.count;
    if (parts == 0)
        return 0;
    bool known = true, added;
    for (uint32_t p = 0; p < parts; p++) {
        const uint32_t *place = place_of(explorer, &of->part.at[p], key);
        of->number[p] = place ? *place : 0;
        known &= of->number[p] != 0;
    }
    if (!known)
        ask(explorer, of, key);
    const uint32_t row =
        dt_keys_intern(&of->seen, of->number, parts, dt_key_hash(of->number, parts), &added);
    if (!added)
        return of->row.at[row];
    dt_push(explorer->arena, &of->row, put_together(explorer, of));
    return of->row.at[row];
}

void dt_leaf_row_drop(dt_leaf_row *of)
{
    for (size_t p = 0; p < of->part.count; p++) {
        dt_leaf_part *part = &of->part.at[p];
        if (part->values == 0)
            dt_view_drop(&part->view);
        dt_sequences_drop(&part->seen);
    }
    dt_keys_drop_table(&of->seen);
    dt_drop(of->seen.arena, &of->seen.key);
    dt_drop(of->seen.arena, &of->row);
}
