/*
 * Numbers given in place of declared ones: by policies and expectations in the text, by whoever asks
 * for a world from outside. Any number may be given, so nothing here is an error; but a number outside
 * what is declared is mostly a slip, and one that a policy replaces does nothing.
 */
#include "model/given.h"

#include <assert.h>
#include <math.h>

#include "base/job.h"

/* What a parameter is declared to be: "its range 0 .. 1", "what beta(2, 3) can give, 0 .. 1". */
static void describe_range(const dt_param *param, dt_text *text)
{
    char low[32], high[32];
    if (param->uncertainty == DT_RISK)
        dt_text_print(text, "what %s can give", param->distribution_text);
    else if (param->values) {
        dt_text_print(text, "its list");
        for (int i = 0; i < param->values; i++)
            dt_text_print(text, "%s%s", i ? ", " : " {", dt_print_number(low, param->list[i]));
        dt_text_print(text, "}");
        return;
    } else
        dt_text_print(text, "its range");
    if (isfinite(param->least) && isfinite(param->most))
        dt_text_print(text, "%s %s .. %s", param->uncertainty == DT_RISK ? "," : "",
                      dt_print_number(low, param->least), dt_print_number(high, param->most));
    else if (isfinite(param->least))
        dt_text_print(text, ", from %s up", dt_print_number(low, param->least));
    else if (isfinite(param->most))
        dt_text_print(text, ", up to %s", dt_print_number(high, param->most));
}

void dt_given_warn(dt_arena *arena, const dt_model *model, int parameter, double value,
                   dt_place place, dt_diagnostics *diagnostics)
{
    assert(parameter >= 0 && parameter < model->params);
    const dt_param *param = &model->param[parameter];
    if (param->uncertainty == DT_FIXED || (value >= param->least && value <= param->most))
        return;
    char number[32];
    dt_text range = {.arena = arena};
    describe_range(param, &range);
    dt_complain(diagnostics, DT_SETTING_OUTSIDE, place, param->is.name,
                dt_print_number(number, value), dt_text_get(&range));
}

typedef struct request {
    dt_arena *arena;
    const dt_model *model;
    const dt_options *options;
    const bool *given;
    const double *values;
    const size_t *policy;
    size_t policies;
} request;

/* Where a policy sets a parameter, itself or by a setting; or NULL. */
static const dt_given *find_set(const dt_policy *policy, int parameter)
{
    for (int s = 0; s < policy->regime.sets; s++) {
        if (policy->regime.set[s].parameter == parameter)
            return &policy->regime.set[s];
    }
    return NULL;
}

/* One warning for all policies that set it: "policy 'a'", "policies 'a', 'b'". */
static void warn_of_policies(const request *asked, int parameter, dt_diagnostics *diagnostics)
{
    const dt_given *first = NULL;
    dt_text names = {.arena = asked->arena};
    size_t count = 0;
    for (size_t p = 0; p < asked->policies; p++) {
        const dt_policy *policy = &asked->model->policy[asked->policy[p]];
        const dt_given *set = find_set(policy, parameter);
        if (!set)
            continue;
        dt_text_print(&names, "%s'%s'", count++ ? ", " : "", policy->is.name);
        first = first ? first : set;
    }
    if (first)
        dt_complain(diagnostics, DT_SET_OVERRIDDEN, first->place,
                    asked->model->param[parameter].is.name, count > 1 ? "policies" : "policy",
                    dt_text_get(&names), count > 1 ? "set" : "sets");
}

static dt_status warn(dt_arena *arena, void *argument)
{
    request *asked = argument;
    asked->arena = arena;
    const dt_model *model = asked->model;
    dt_diagnostics *diagnostics = dt_diagnostics_new(asked->arena, asked->options, &model->source);
    for (int i = 0; i < model->params; i++) {
        if (!asked->given[i])
            continue;
        dt_given_warn(asked->arena, model, i, asked->values[i], model->param[i].is.place,
                      diagnostics);
        warn_of_policies(asked, i, diagnostics);
    }
    dt_diagnostics_flush(diagnostics);
    return DT_OK;
}

dt_status dt_model_warn_given(const dt_model *model, const double *values, const bool *given,
                              const size_t *policy, size_t policies, const dt_options *options)
{
    if (!model || (policies > 0 && !policy) || (model->params > 0 && (!values || !given)))
        return dt_refuse_call(options, "dt_model_warn_given",
                              "no model, no numbers, or no policies");
    request asked = {.model = model,
                     .options = options,
                     .given = given,
                     .values = values,
                     .policy = policy,
                     .policies = policies};
    return dt_job(options, warn, &asked);
}
