/*
 * What can be observed, by its name and its values: for cells of files and for whoever asks from outside.
 */
#include "history/observe.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/job.h"

static size_t count_own(const dt_stage *stage, int mover)
{
    size_t own = 0;
    for (int a = 0; a < stage->actions; a++)
        own += stage->action[a].mover == mover;
    return own;
}

dt_observables *dt_observables_new(dt_arena *arena, const dt_model *model)
{
    dt_observables *all = dt_new(arena, dt_observables, 1);
    const size_t count = all->count = (size_t)model->slots;
    all->model = model;
    all->first = dt_new(arena, size_t, count + 1);
    all->stage = dt_new(arena, int, count);
    all->mover = dt_new(arena, int, count);
    all->action = dt_new(arena, int *, count);
    all->value = dt_new(arena, int *, count);
    for (size_t i = 0; i < count; i++) {
        all->stage[i] = all->mover[i] = DT_NONE;
        size_t values = (size_t)dt_slot_values(model, (int)i);
        if ((int)i >= model->variables) {
            all->stage[i] = dt_slot_stage(model, (int)i, &all->mover[i]);
            const dt_stage *stage = &model->stage[all->stage[i]];
            values = 1 + count_own(stage, all->mover[i]);
            all->action[i] = dt_new(arena, int, values);
            all->value[i] = dt_new(arena, int, (size_t)stage->actions);
            all->action[i][0] = DT_NONE;
            int value = 0;
            for (int a = 0; a < stage->actions; a++) {
                if (stage->action[a].mover != all->mover[i])
                    continue;
                all->action[i][++value] = a;
                all->value[i][a] = value;
            }
        }
        all->first[i + 1] = all->first[i] + values;
    }
    return all;
}

void dt_observable_print(const dt_observables *all, size_t index, dt_text *text)
{
    dt_slot_name(all->model, (int)index, text);
}

void dt_observable_print_value(const dt_observables *all, size_t index, size_t value, dt_text *text)
{
    assert(value < dt_observable_count(all, index));
    if (all->stage[index] == DT_NONE)
        dt_slot_value_name(all->model, (int)index, dt_slot_low(all->model, (int)index) + (int)value,
                           text);
    else
        dt_slot_value_name(all->model, (int)index, all->action[index][value] + 1, text);
}

/* A whole number with an optional sign; false if it is none, or too large to be a value. */
static bool read_whole(dt_slice text, long *number)
{
    const bool negative = text.length > 0 && *text.at == '-';
    size_t at = text.length > 0 && (*text.at == '-' || *text.at == '+');
    if (at == text.length || text.length - at > 10)
        return false;
    for (*number = 0; at < text.length; at++) {
        if (!dt_is_digit(text.at[at]))
            return false;
        *number = 10 * *number + (text.at[at] - '0');
    }
    *number = negative ? -*number : *number;
    return true;
}

int dt_observable_find(const dt_observables *all, size_t index, dt_slice text)
{
    const dt_model *model = all->model;
    if (all->stage[index] == DT_NONE) {
        const dt_variable *variable = &model->variable[index];
        long number;
        if (variable->type == DT_TYPE_RANGE)
            return read_whole(text, &number) && number >= variable->low && number <= variable->high
                       ? (int)(number - variable->low)
                       : -1;
        if (variable->type == DT_TYPE_BOOL)
            return dt_slice_is(text, "yes") ? 1 : dt_slice_is(text, "no") ? 0 : -1;
        for (int v = 0; v <= variable->high; v++) {
            if (dt_slice_is(text, variable->value[v]))
                return v;
        }
        return -1;
    }
    const dt_stage *stage = &model->stage[all->stage[index]];
    const size_t values = dt_observable_count(all, index);
    if (dt_slice_is(text, "none"))
        return 0;
    for (size_t v = 1; v < values; v++) {
        if (dt_slice_is(text, stage->action[all->action[index][v]].is.name))
            return (int)v;
    }
    return -1;
}

/* ---- from outside ------------------------------------------------------------------------------ */

size_t dt_model_observables(const dt_model *model)
{
    return model ? (size_t)model->slots : 0;
}

dt_observable dt_model_observable(const dt_model *model, size_t index)
{
    dt_observable found = {-1, -1, -1, 0, 0, false};
    if (!model || index >= (size_t)model->slots)
        return found;
    for (size_t i = 0; i <= index; i++) {
        found.first += found.values;
        if ((int)i < model->variables) {
            found.values = (size_t)dt_slot_values(model, (int)i);
            continue;
        }
        int mover;
        const dt_stage *stage = &model->stage[dt_slot_stage(model, (int)i, &mover)];
        found.values = 1 + count_own(stage, mover);
    }
    if ((int)index < model->variables) {
        found.variable = (int)index;
        found.secret = dt_slot_is_private(model, (int)index);
        return found;
    }
    found.stage = dt_slot_stage(model, (int)index, &found.mover);
    found.secret = model->stage[found.stage].hidden;
    return found;
}

size_t dt_model_observable_values(const dt_model *model)
{
    if (!model || model->slots == 0)
        return 0;
    const dt_observable last = dt_model_observable(model, (size_t)model->slots - 1);
    return last.first + last.values;
}

const char *dt_model_observable_name(const dt_model *model, size_t index, char *buffer, size_t size)
{
    if (!buffer || size == 0)
        return "";
    buffer[0] = '\0';
    if (!model || index >= (size_t)model->slots)
        return buffer;
    int mover;
    if ((int)index < model->variables) {
        snprintf(buffer, size, "%s", model->variable[index].is.name);
        return buffer;
    }
    const dt_stage *stage = &model->stage[dt_slot_stage(model, (int)index, &mover)];
    snprintf(buffer, size, "%s.%s", stage->is.name, dt_owner_name(model, stage->mover[mover]));
    return buffer;
}

const char *dt_model_observable_value(const dt_model *model, size_t index, size_t value,
                                      char *buffer, size_t size)
{
    if (!buffer || size == 0)
        return "";
    buffer[0] = '\0';
    const dt_observable asked = dt_model_observable(model, index);
    if (value >= asked.values)
        return buffer;
    if (asked.variable >= 0)
        return dt_model_value(model, index, value, buffer, size);
    const dt_stage *stage = &model->stage[asked.stage];
    const char *name = "none";
    for (int a = 0; a < stage->actions && value > 0; a++) {
        if (stage->action[a].mover == asked.mover && --value == 0)
            name = stage->action[a].is.name;
    }
    snprintf(buffer, size, "%s", name);
    return buffer;
}
