/*
 * A model as JSON: what is declared, in the order and the words of its text. Nothing else of the page
 * reads the text itself, so whatever the page is to say of a model stands here.
 */
#include "lab/describe.h"

#include <assert.h>
#include <math.h>

#include "game/grid.h"
#include "lab/causes.h"
#include "lab/scale.h"
#include "model/beliefs.h"
#include "model/reads.h"

typedef struct describer {
    dt_writer *out;
    const dt_model *model;
    dt_arena *scratch;
    dt_reads *reads; /* marks of one stage */
} describer;

static int line_of(const dt_model *model, dt_place place)
{
    int line = 1;
    assert(place.offset <= model->source.length);
    for (const char *c = model->source.text; c < model->source.text + place.offset; c++)
        line += *c == '\n';
    return line;
}

/* {"name":…,"text":…,"line":… — left open. */
static void open_item(const describer *d, const dt_named *is)
{
    dt_json_print(d->out, "{name: %s, text: %s, line: %d", is->name, is->description,
                  line_of(d->model, is->place));
}

/* Where a slider of the number goes: the declared range, else where its distribution lies but for a
 * few in a thousand, else from 0 to twice the number. What is declared is always within. */
static void span_of(const dt_param *param, double span[2])
{
    const double *a = param->argument, value = param->value;
    double low = fmin(0, 2 * value), high = fmax(0, 2 * value);
    if (value == 0)
        high = 1;
    if (param->distribution == DT_NORMAL) {
        low = a[0] - 3 * a[1];
        high = a[0] + 3 * a[1];
    } else if (param->distribution == DT_LOGNORMAL) {
        high = exp(a[0] + 2.5 * a[1]);
    } else if (param->distribution == DT_GAMMA) {
        high = (a[0] + 3 * sqrt(a[0])) * a[1];
    }
    const bool fixed = param->uncertainty == DT_FIXED;
    span[0] = !fixed && isfinite(param->least) ? param->least : fmin(low, value);
    span[1] = !fixed && isfinite(param->most) ? param->most : fmax(high, value);
}

static void describe_params(const describer *d)
{
    static const char *const kind[] = {
        [DT_FIXED] = "fixed", [DT_DEEP] = "deep", [DT_RISK] = "risk"};
    const dt_model *model = d->model;
    dt_json_print(d->out, "params: [");
    for (int i = 0; i < model->params; i++) {
        const dt_param *param = &model->param[i];
        open_item(d, &param->is);
        dt_json_print(d->out,
                      "value: %g, low: %g, high: %g, kind: %s, distribution: %s, source: %d, "
                      "judgement: %i, list:",
                      param->value, param->low, param->high, kind[param->uncertainty],
                      param->distribution_text, param->source, param->judgement);
        dt_json_numbers(d->out, param->list, (size_t)param->values);
        double span[2];
        span_of(param, span);
        dt_json_print(d->out, "group: %s, span:", param->group);
        dt_json_numbers(d->out, span, 2);
        dt_json_print(d->out, "}");
    }
    dt_json_print(d->out, "]");
}

/* What the others' belief in the first values of a private variable, taken together, can be. */
static void describe_knots(const describer *d, int variable)
{
    const int fineness =
        dt_slot_is_private(d->model, variable) ? dt_fineness(d->model, variable, 0) : 0;
    const double *knot = fineness ? dt_grid_new(d->scratch, 2, fineness)->knot : NULL;
    dt_json_numbers(d->out, knot, knot ? (size_t)fineness + 1 : 0);
}

static void describe_variables(const describer *d)
{
    static const char *const type[] = {"bool", "range", "enum"};
    const dt_model *model = d->model;
    dt_json_print(d->out, "variables: [");
    for (int i = 0; i < model->variables; i++) {
        const dt_variable *variable = &model->variable[i];
        open_item(d, &variable->is);
        dt_json_print(d->out, "type: %s, low: %d, high: %d, start: %d, owner: %d, values: [",
                      type[variable->type], variable->low, variable->high, variable->start,
                      variable->owner);
        for (int v = 0; variable->type == DT_TYPE_ENUM && v <= variable->high; v++)
            dt_json_print(d->out, "%s", variable->value[v]);
        dt_json_print(d->out, "], knots:");
        describe_knots(d, i);
        dt_json_print(d->out, "}");
    }
    dt_json_print(d->out, "]");
}

/* ---- stages and what they read ----------------------------------------------------------------- */

static void list_slots(const describer *d, const char *key)
{
    dt_json_print(d->out, "%s: [", key);
    for (int s = 0; s < d->model->slots; s++) {
        if (!d->reads->slot[s])
            continue;
        dt_text name = {.arena = d->scratch};
        dt_slot_name(d->model, s, &name);
        dt_json_print(d->out, "%s", dt_text_get(&name));
    }
    dt_json_print(d->out, "]");
}

/* What decides whether an action, or the stage, can be played. */
static void list_guard(const describer *d, const char *key, int64_t guard, const char *text)
{
    dt_reads_forget(d->reads);
    dt_reads_add(d->reads, guard);
    dt_reads_find(d->reads);
    list_slots(d, key);
    dt_json_print(d->out, "guard: %s", text);
}

static void describe_stage(const describer *d, const dt_stage *stage)
{
    dt_json_print(d->out, "hidden: %i, movers: [", stage->hidden);
    for (int m = 0; m < stage->movers; m++)
        dt_json_print(d->out, "%s", dt_owner_name(d->model, stage->mover[m]));
    dt_json_print(d->out, "]");
    list_guard(d, "when", stage->when, stage->when_text);
    dt_json_print(d->out, "actions: [");
    for (int a = 0; a < stage->actions; a++) {
        const dt_action *action = &stage->action[a];
        open_item(d, &action->is);
        dt_json_print(d->out, "mover: %d", action->mover);
        list_guard(d, "if", action->guard, action->guard_text);
        dt_json_print(d->out, "}");
    }
    dt_json_print(d->out, "]");
    for (int written = 0; written < 2; written++) {
        void (*add)(dt_reads *, dt_effects) = written ? dt_reads_add_written : dt_reads_add_effects;
        dt_reads_forget(d->reads);
        add(d->reads, stage->effects);
        for (int a = 0; a < stage->actions; a++)
            add(d->reads, stage->action[a].effects);
        dt_reads_find(d->reads);
        list_slots(d, written ? "writes" : "reads");
    }
}

static void describe_stages(const describer *d)
{
    dt_json_print(d->out, "stages: [");
    for (int s = 0; s < d->model->stages; s++) {
        open_item(d, &d->model->stage[s].is);
        describe_stage(d, &d->model->stage[s]);
        dt_json_print(d->out, "}");
    }
    dt_json_print(d->out, "]");
}

static void describe_terms(const describer *d)
{
    dt_json_print(d->out, "terms: [");
    for (int i = 0; i < d->model->terms; i++) {
        open_item(d, &d->model->term[i].is);
        dt_json_print(d->out, "owner: %s}", dt_owner_name(d->model, d->model->term[i].owner));
    }
    dt_json_print(d->out, "]");
}

static void describe_outcomes(const describer *d)
{
    dt_json_print(d->out, "outcomes: [");
    for (int i = 0; i < d->model->declared_outcomes; i++) {
        const dt_outcome *outcome = &d->model->outcome[i];
        open_item(d, &outcome->is);
        const dt_scale scale = dt_scale_of(d->model, i);
        dt_json_print(
            d->out, "direction: %d, form: %s, scale: %s, share: %i, headline: %i, group: %s}",
            outcome->direction, dt_form_word(outcome->form), dt_scale_word(scale),
            dt_scale_is_share(scale), dt_model_headline(d->model, (size_t)i), outcome->group);
    }
    dt_json_print(d->out, "]");
}

/* "changes": of a policy or a setting, the lines as they are written. */
static void list_changes(const describer *d, const dt_change *change, int changes)
{
    dt_json_print(d->out, "changes: [");
    for (int c = 0; c < changes; c++)
        dt_json_print(d->out, "%s", change[c].text);
    dt_json_print(d->out, "]");
}

static void describe_policies(const describer *d)
{
    dt_json_print(d->out, "policies: [");
    for (int i = 0; i < d->model->policies; i++) {
        const dt_policy *policy = &d->model->policy[i];
        const dt_regime *in = &policy->regime;
        open_item(d, &policy->is);
        dt_json_print(d->out, "source: %d, teams: [", policy->source);
        for (int t = 0; t < in->teams; t++) {
            dt_json_print(d->out, "[");
            for (int m = 0; m < in->team[t].members; m++)
                dt_json_print(d->out, "%d", in->team[t].member[m]);
            dt_json_print(d->out, "]");
        }
        dt_json_print(d->out, "], holders: [");
        for (int r = 0; r < d->model->roles; r++)
            dt_json_print(d->out, "%d", in->holder[r]);
        dt_json_print(d->out, "], settings: [");
        for (int l = 0; l < d->model->levers; l++)
            dt_json_print(d->out, "%zu", policy->setting[l]);
        dt_json_print(d->out, "], certain: [");
        for (int x = 0; x < d->model->privates; x++) {
            const int variable = d->model->private_variable[x];
            const int start = in->start[variable];
            dt_json_print(d->out, "%d",
                          start == DT_DRAWN ? -1 : start - dt_slot_low(d->model, variable));
        }
        dt_json_print(d->out, "], set: {");
        for (int s = 0; s < in->sets; s++)
            dt_json_print(d->out, "%s: %g", d->model->param[in->set[s].parameter].is.name,
                          in->set[s].value);
        dt_json_print(d->out, "}");
        list_changes(d, policy->change, policy->changes);
        dt_json_print(d->out, "}");
    }
    dt_json_print(d->out, "]");
}

static void describe_levers(const describer *d)
{
    dt_json_print(d->out, "levers: [");
    for (int l = 0; l < d->model->levers; l++) {
        const dt_lever *lever = &d->model->lever[l];
        open_item(d, &lever->is);
        dt_json_print(d->out, "settings: [");
        for (int s = 0; s < lever->settings; s++) {
            open_item(d, &lever->setting[s].is);
            list_changes(d, lever->setting[s].change, lever->setting[s].changes);
            dt_json_print(d->out, "}");
        }
        dt_json_print(d->out, "]}");
    }
    dt_json_print(d->out, "]");
}

/* "causes": {"parts":[[kind, place among them]…],"links":[[from, to]…]}, places among the parts. */
static void describe_causes(const describer *d)
{
    const dt_causes *causes = dt_causes_make(d->scratch, d->model, 0, DT_NONE);
    dt_json_print(d->out, "causes: {parts: [");
    for (int part = 0; part < causes->first[DT_PARTS]; part++) {
        const dt_part_kind kind = dt_part_kind_of(causes, part);
        dt_json_print(d->out, "[%d, %d]", (int)kind, part - causes->first[kind]);
    }
    dt_json_print(d->out, "], links: [");
    for (size_t c = 0; c < causes->causes; c++)
        dt_json_print(d->out, "[%d, %d]", causes->cause[c].from, causes->cause[c].to);
    dt_json_print(d->out, "]}");
}

static void describe_tour(const describer *d)
{
    dt_json_print(d->out, "tour: {title: %s, steps: [", d->model->tour);
    for (int i = 0; i < d->model->steps; i++) {
        const dt_tour_step *step = &d->model->step[i];
        dt_json_print(d->out, "{text: %s, panel: %s, outcome: %d, policies: [", step->text,
                      step->panel, step->outcome);
        for (size_t p = 0; p < step->policies; p++)
            dt_json_print(d->out, "%zu", step->policy[p]);
        dt_json_print(d->out, "], set: {");
        for (size_t s = 0; s < step->sets; s++)
            dt_json_print(d->out, "%s: %g", d->model->param[step->parameter[s]].is.name,
                          step->value[s]);
        dt_json_print(d->out, "}}");
    }
    dt_json_print(d->out, "]}");
}

/* What the periods up to the horizon are called; none if the model counts from no date. */
static void describe_periods(const describer *d)
{
    char label[DT_LABEL_SIZE];
    dt_json_print(d->out, "periods: [");
    for (int t = 1; t <= d->model->horizon; t++) {
        if (!*dt_model_period_label(d->model, t, label, sizeof label))
            break;
        dt_json_print(d->out, "%s", label);
    }
    dt_json_print(d->out, "]");
}

void dt_describe_model(dt_writer *out, const dt_model *model, dt_arena *scratch)
{
    describer d = {.out = out, .model = model, .scratch = scratch};
    d.reads = dt_reads_new(scratch, model);
    dt_json_print(
        out,
        "{name: %s, title: %s, question: %s, version: %s, period: %s, horizon: %d, lookahead: %d",
        model->is.name, model->is.description, model->question, dt_version(), model->period,
        model->horizon, model->lookahead);
    describe_periods(&d);
    const struct {
        const char *key;
        const dt_named *at;
        size_t stride;
        int count;
    } plain[] = {
        {"actors",  (const dt_named *)model->actor, sizeof *model->actor,       model->actors },
        {"sources", model->source_list,             sizeof *model->source_list, model->sources},
        {"roles",   (const dt_named *)model->role,  sizeof *model->role,        model->roles  },
        {"ends",    model->end_list,                sizeof *model->end_list,    model->ends   },
    };
    for (size_t k = 0; k < sizeof plain / sizeof *plain; k++) {
        dt_json_print(out, "%s: [", plain[k].key);
        for (int i = 0; i < plain[k].count; i++) {
            const char *at = (const char *)plain[k].at + (size_t)i * plain[k].stride;
            open_item(&d, (const dt_named *)at);
            if (k == 0)
                dt_json_print(out, "unit: %s", model->actor[i].unit);
            dt_json_print(out, "}");
        }
        dt_json_print(out, "]");
    }
    describe_params(&d);
    describe_variables(&d);
    describe_stages(&d);
    describe_terms(&d);
    describe_outcomes(&d);
    describe_levers(&d);
    describe_causes(&d);
    describe_tour(&d);
    describe_policies(&d);
    dt_json_print(out, "}");
}
