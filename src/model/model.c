/*
 * The model from outside: from a text or a file to a checked model, what it consists of, and how
 * slots and values are called. A model owns one arena, and everything that was made for it, its
 * syntax tree and its copy of the text included, dies with that.
 */
#include "model/model.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/job.h"
#include "model/beliefs.h"
#include "model/check.h"

const char *dt_version(void)
{
    return "0.1.0";
}

/* ---- making and freeing ---- */

typedef struct parsing {
    const dt_options *options;
    dt_source source;
} parsing;

static dt_status parse(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const parsing *p = argument;
    (void)scratch; /* the model keeps all that was made for it */
    dt_source *source = dt_new(arena, dt_source, 1);
    *source = p->source;
    source->name = dt_copy_text(arena, p->source.name, strlen(p->source.name));
    if (p->source.length <= DT_MAX_TEXT) /* else it is refused, and needs no copy */
        source->text = dt_copy_text(arena, p->source.text, p->source.length);
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, p->options, source);
    const dt_syntax *file = dt_parse(arena, source, diagnostics);
    dt_model *model = *found = dt_model_check(arena, source, file, diagnostics);
    dt_status status = dt_diagnostics_errors(diagnostics) ? DT_INVALID : DT_OK;
    if (status == DT_OK && !dt_beliefs_fit(model, p->options, diagnostics))
        status = DT_LIMIT;
    dt_diagnostics_flush(diagnostics);
    return status;
}

dt_status dt_model_parse(const char *name, const char *text, size_t length,
                         const dt_options *options, dt_model **model)
{
    if (model)
        *model = NULL;
    if (!model || (length && !text) || !dt_fineness_is_right(options))
        return dt_refuse_call(options, "dt_model_parse",
                              "no text, no such fineness of beliefs, or nowhere to put the model");
    parsing p = {
        options, {name ? name : "", length ? text : "", length}
    };
    return dt_answer(options, parse, &p, (void **)model);
}

typedef struct reading {
    const dt_options *options;
    const char *path;
    dt_model **model;
} reading;

/* Tells why there is no text: the file can't be read, or it is too large. */
static dt_status refuse(dt_arena *arena, const reading *r, const dt_file *file)
{
    dt_source source = {r->path, "", 0};
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, r->options, &source);
    char reason[200];
    if (file->error)
        dt_complain(diagnostics, DT_CANT_READ, (dt_place){0, 0}, r->path,
                    dt_file_reason(file->error, reason, sizeof reason));
    else
        dt_complain(diagnostics, DT_TOO_LARGE, (dt_place){0, 1}, file->length, (size_t)DT_MAX_TEXT);
    dt_diagnostics_flush(diagnostics);
    return file->error ? DT_FILE : DT_INVALID;
}

static dt_status read_model(dt_arena *arena, void *argument)
{
    const reading *r = argument;
    dt_file file;
    const dt_status status = dt_file_read(arena, r->path, DT_MAX_TEXT, &file);
    if (status == DT_OK && file.text)
        return dt_model_parse(r->path, file.text, file.length, r->options, r->model);
    return status == DT_LIMIT ? status : refuse(arena, r, &file);
}

dt_status dt_model_read(const char *path, const dt_options *options, dt_model **model)
{
    if (model)
        *model = NULL;
    if (!path || !model)
        return dt_refuse_call(options, "dt_model_read", "no path, or nowhere to put the model");
    return dt_job(options, read_model, &(reading){options, path, model});
}

void dt_model_free(dt_model *model)
{
    dt_arena_free(model ? model->arena : NULL);
}

/* ---- slots ---- */

int dt_slot_stage(const dt_model *model, int slot, int *mover)
{
    assert(slot >= model->variables && slot < model->slots);
    int low = 0,
        high = model->stages; /* first_choice[low] <= slot, stages from high on lie after */
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (model->stage[middle].first_choice <= slot)
            low = middle;
        else
            high = middle;
    }
    *mover = slot - model->stage[low].first_choice;
    assert(*mover >= 0 && *mover < model->stage[low].movers);
    return low;
}

int dt_slot_values(const dt_model *model, int slot)
{
    assert(slot >= 0 && slot < model->slots);
    int mover;
    if (slot < model->variables)
        return model->variable[slot].high - model->variable[slot].low + 1;
    return 1 + model->stage[dt_slot_stage(model, slot, &mover)].actions;
}

int dt_slot_low(const dt_model *model, int slot)
{
    assert(slot >= 0 && slot < model->slots);
    return slot < model->variables ? model->variable[slot].low : 0;
}

void dt_slot_name(const dt_model *model, int slot, dt_text *text)
{
    assert(slot >= 0 && slot < model->slots);
    if (slot < model->variables) {
        dt_text_print(text, "%s", model->variable[slot].is.name);
        return;
    }
    int mover;
    const dt_stage *stage = &model->stage[dt_slot_stage(model, slot, &mover)];
    dt_text_print(text, "%s.%s", stage->is.name, dt_owner_name(model, stage->mover[mover]));
}

void dt_slot_value_name(const dt_model *model, int slot, int value, dt_text *text)
{
    if (slot < model->variables) {
        const dt_variable *v = &model->variable[slot];
        assert(value >= v->low && value <= v->high);
        if (v->type == DT_TYPE_ENUM)
            dt_text_print(text, "%s", v->value[value]);
        else if (v->type == DT_TYPE_BOOL)
            dt_text_print(text, "%s", value ? "yes" : "no");
        else
            dt_text_print(text, "%d", value);
        return;
    }
    int mover;
    const dt_stage *stage = &model->stage[dt_slot_stage(model, slot, &mover)];
    assert(value >= 0 && value <= stage->actions);
    dt_text_print(text, "%s", value == 0 ? "none" : stage->action[value - 1].is.name);
}

int dt_private_of(const dt_model *model, int actor)
{
    for (int v = 0; v < model->variables; v++) {
        if (model->variable[v].owner == actor)
            return v;
    }
    return DT_NONE;
}

bool dt_slot_is_private(const dt_model *model, int slot)
{
    return slot < model->variables && model->variable[slot].owner != DT_NONE;
}

const char *dt_owner_name(const dt_model *model, dt_owner owner)
{
    assert(owner.index >= 0 && owner.index < (owner.is_role ? model->roles : model->actors));
    return owner.is_role ? model->role[owner.index].is.name : model->actor[owner.index].is.name;
}

/* ---- what a model consists of ---- */

const char *dt_model_name(const dt_model *model)
{
    if (!model)
        return "";
    return model->is.name;
}

const char *dt_model_description(const dt_model *model)
{
    if (!model)
        return "";
    return model->is.description;
}

const char *dt_model_question(const dt_model *model)
{
    if (!model)
        return "";
    return model->question;
}

const char *dt_model_tour(const dt_model *model)
{
    return model ? model->tour : "";
}

size_t dt_model_steps(const dt_model *model)
{
    return model ? (size_t)model->steps : 0;
}

dt_tour_step dt_model_step(const dt_model *model, size_t index)
{
    static const dt_tour_step none = {.text = "", .panel = "", .outcome = DT_NONE};
    return index < dt_model_steps(model) ? model->step[index] : none;
}

const char *dt_model_unit(const dt_model *model, size_t actor)
{
    if (!model || actor >= (size_t)model->actors)
        return "";
    return model->actor[actor].unit;
}

int dt_model_horizon(const dt_model *model)
{
    if (!model)
        return 0;
    return model->horizon;
}

size_t dt_model_ends(const dt_model *model)
{
    return model ? (size_t)model->ends : 0;
}

int dt_model_lookahead(const dt_model *model)
{
    if (!model)
        return 0;
    return model->lookahead;
}

size_t dt_model_count(const dt_model *model, dt_kind kind)
{
    if ((unsigned)kind >= DT_KINDS)
        return 0;
    if (!model)
        return 0;
    switch (kind) {
    case DT_ACTORS:
        return (size_t)model->actors;
    case DT_PARAMETERS:
        return (size_t)model->params;
    case DT_SOURCES:
        return (size_t)model->sources;
    case DT_STATES:
        return (size_t)model->variables;
    case DT_STAGES:
        return (size_t)model->stages;
    case DT_OUTCOMES:
        return (size_t)model->declared_outcomes;
    case DT_POLICIES:
        return (size_t)model->policies;
    case DT_EXPECTATIONS:
        return (size_t)model->expects;
    case DT_TERMS:
        return (size_t)model->terms;
    case DT_LEVERS:
        return (size_t)model->levers;
    case DT_KINDS:
        break;
    }
    return 0;
}

static dt_named item(const dt_model *model, dt_kind kind, size_t index)
{
    assert(index < dt_model_count(model, kind));
    switch (kind) {
    case DT_ACTORS:
        return model->actor[index].is;
    case DT_PARAMETERS:
        return model->param[index].is;
    case DT_SOURCES:
        return model->source_list[index];
    case DT_STATES:
        return model->variable[index].is;
    case DT_STAGES:
        return model->stage[index].is;
    case DT_OUTCOMES:
        return model->outcome[index].is;
    case DT_POLICIES:
        return model->policy[index].is;
    case DT_EXPECTATIONS:
        return (dt_named){model->expect[index].text, "", model->expect[index].place};
    case DT_TERMS:
        return model->term[index].is;
    case DT_LEVERS:
        return model->lever[index].is;
    case DT_KINDS:
        break;
    }
    return (dt_named){
        "", "", {0, 0}
    };
}

const char *dt_model_item(const dt_model *model, dt_kind kind, size_t index)
{
    if (!model || index >= dt_model_count(model, kind))
        return "";
    return item(model, kind, index).name;
}

const char *dt_model_item_description(const dt_model *model, dt_kind kind, size_t index)
{
    if (!model || index >= dt_model_count(model, kind))
        return "";
    return item(model, kind, index).description;
}

int dt_model_find(const dt_model *model, dt_kind kind, const char *name)
{
    if (!model || !name)
        return DT_NONE;
    size_t count = dt_model_count(model, kind);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(item(model, kind, i).name, name) == 0)
            return (int)i;
    }
    return DT_NONE;
}

const char *dt_model_term_owner(const dt_model *model, size_t term)
{
    if (!model || term >= (size_t)model->terms)
        return "";
    assert(term < (size_t)model->terms);
    return dt_owner_name(model, model->term[term].owner);
}

dt_parameter dt_model_parameter(const dt_model *model, size_t index)
{
    if (!model || index >= (size_t)model->params)
        return (dt_parameter){"", "", 0, DT_FIXED, 0, 0, "", "", 0, NULL};
    assert(index < (size_t)model->params);
    const dt_param *param = &model->param[index];
    const char *source = param->source != DT_NONE ? model->source_list[param->source].name
                         : param->judgement       ? "judgement"
                                                  : "";
    return (dt_parameter){
        param->is.name, param->is.description,    param->value, param->uncertainty,    param->low,
        param->high,    param->distribution_text, source,       (size_t)param->values, param->list};
}

void dt_model_nominal(const dt_model *model, double *values)
{
    if (!model || !values)
        return;
    for (int i = 0; i < model->params; i++) {
        assert(isfinite(model->param[i].value));
        values[i] = model->param[i].value;
    }
}

int dt_model_outcome_direction(const dt_model *model, size_t outcome)
{
    if (!model || outcome >= (size_t)model->declared_outcomes)
        return 0;
    assert(outcome < (size_t)model->declared_outcomes);
    return model->outcome[outcome].direction;
}

bool dt_model_headline(const dt_model *model, size_t outcome)
{
    if (!model || outcome >= (size_t)model->declared_outcomes)
        return false;
    assert(outcome < (size_t)model->declared_outcomes);
    return model->outcome[outcome].headline;
}

const char *dt_model_group(const dt_model *model, dt_kind kind, size_t index)
{
    if (!model || index >= dt_model_count(model, kind))
        return "";
    assert(index < dt_model_count(model, kind));
    return kind == DT_OUTCOMES     ? model->outcome[index].group
           : kind == DT_PARAMETERS ? model->param[index].group
                                   : "";
}
