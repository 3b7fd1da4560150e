/*
 * What a model says of private information, for those who use the library: whose each variable is,
 * what values it has, which stages are hidden, how fine beliefs are kept.
 */
#include <stdio.h>

#include "model/beliefs.h"

static const dt_variable *variable_of(const dt_model *model, size_t variable)
{
    return model && variable < (size_t)model->variables ? &model->variable[variable] : NULL;
}

int dt_model_owner(const dt_model *model, size_t variable)
{
    const dt_variable *v = variable_of(model, variable);
    return v ? v->owner : DT_NONE;
}

size_t dt_model_values(const dt_model *model, size_t variable)
{
    return variable_of(model, variable) ? (size_t)dt_slot_values(model, (int)variable) : 0;
}

const char *dt_model_value(const dt_model *model, size_t variable, size_t rank, char *buffer,
                           size_t size)
{
    const dt_variable *v = variable_of(model, variable);
    if (!buffer || size == 0)
        return "";
    buffer[0] = 0;
    if (rank >= dt_model_values(model, variable))
        return buffer;
    if (v->type == DT_TYPE_ENUM)
        return v->value[rank];
    if (v->type == DT_TYPE_BOOL)
        return rank ? "yes" : "no";
    snprintf(buffer, size, "%d", v->low + (int)rank);
    return buffer;
}

bool dt_model_hidden(const dt_model *model, size_t stage)
{
    return model && stage < (size_t)model->stages && model->stage[stage].hidden;
}

int dt_model_secret(const dt_model *model, size_t stage)
{
    return model && stage < (size_t)model->stages ? model->stage[stage].secret : DT_NONE;
}

int dt_model_fineness(const dt_model *model, size_t variable, const dt_options *options)
{
    const dt_variable *v = variable_of(model, variable);
    if (!v || v->owner == DT_NONE || !dt_fineness_is_right(options))
        return 0;
    return dt_fineness(model, (int)variable, options ? options->beliefs : 0);
}

uint64_t dt_model_beliefs(const dt_model *model, const dt_options *options)
{
    if (!model || !dt_fineness_is_right(options))
        return 0;
    return dt_all_belief_points(model, options ? options->beliefs : 0);
}
