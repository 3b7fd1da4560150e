/*
 * What `design` found as one JSON object: the plan, every cell that was looked at, and the fronts.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "design.h"

static json_t *integer(size_t number)
{
    return json_integer((json_int_t)number);
}

/* A count that may be larger than an integer of JSON should be. */
static json_t *whole(double count)
{
    return count < 0x1p53 ? json_integer((json_int_t)count) : json_real(count);
}

static json_t *settings_json(const dt_model *model, const size_t *setting)
{
    json_t *object = json_object();
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++)
        json_object_set_new(object, dt_model_item(model, DT_LEVERS, l),
                            json_string(dt_model_setting(model, l, setting[l])));
    return object;
}

static json_t *by_objective(const cli_design *d, const double *number)
{
    json_t *object = json_object();
    for (size_t o = 0; o < d->how.objectives; o++)
        json_object_set_new(
            object, dt_model_item(d->session->model, DT_OUTCOMES, d->how.objective[o].outcome),
            cli_json_number(number[o]));
    return object;
}

static json_t *outcomes_json(const dt_model *model, const double *outcome)
{
    json_t *object = json_object();
    for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
        json_object_set_new(object, dt_model_item(model, DT_OUTCOMES, o),
                            cli_json_number(outcome[o]));
    return object;
}

static json_t *cell_json(const cli_design *d, size_t index)
{
    const dt_designed_cell cell = dt_lever_design_cell(d->design, index);
    json_t *object = json_object();
    json_object_set_new(object, "settings", settings_json(d->session->model, cell.setting));
    json_object_set_new(object, "game", integer(cell.game));
    json_object_set_new(object, "solved", json_boolean(cell.status == DT_OK));
    if (cell.status != DT_OK) {
        json_object_set_new(object, "code", json_string(cell.code));
        return object;
    }
    json_object_set_new(object, "outcomes", outcomes_json(d->session->model, cell.outcome));
    json_object_set_new(object, "meets", json_boolean(cell.meets));
    json_object_set_new(object, "front", json_boolean(cell.front));
    if (cell.judged) {
        json_object_set_new(object, "robust", json_boolean(cell.robust));
        json_object_set_new(object, "mean", by_objective(d, cell.mean));
        json_object_set_new(object, "quantile90", by_objective(d, cell.quantile));
        json_object_set_new(object, "regret", by_objective(d, cell.regret));
        json_object_set_new(object, "regret_p90", by_objective(d, cell.regret90));
        json_object_set_new(object, "share_met", cli_json_number(cell.share));
    }
    return object;
}

/* In which worlds a cell is best, as discover has it. */
static json_t *where_json(const cli_design *d, const dt_discovery *where)
{
    json_t *limits = json_array();
    for (size_t l = 0; l < where->pruned.limits; l++) {
        const dt_limit *limit = &where->pruned.limit[l];
        json_array_append_new(
            limits, json_pack("{s:s, s:s, s:f}", "parameter",
                              dt_model_item(d->session->model, DT_PARAMETERS, limit->parameter),
                              "side", limit->upper ? "upper" : "lower", "at", limit->at));
    }
    const bool box = where->pruned.limits > 0;
    return json_pack("{s:I, s:I, s:o, s:o, s:o}", "worlds", (json_int_t)where->basis.points, "best",
                     (json_int_t)where->interest, "limits", limits, "coverage",
                     box ? cli_json_number(where->pruned.coverage) : json_null(), "density",
                     box ? cli_json_number(where->pruned.density) : json_null());
}

static json_t *named_json(const cli_design *d, const cli_named_cell *one)
{
    const dt_model *model = d->session->model;
    const dt_designed_cell cell = dt_lever_design_cell(d->design, one->cell);
    const size_t nearest = cli_design_nearest(d, one->cell);
    json_t *differs = json_object(), *object = json_object();
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++) {
        if (dt_model_policy_setting(model, nearest, l) != cell.setting[l])
            json_object_set_new(differs, dt_model_item(model, DT_LEVERS, l),
                                json_string(dt_model_setting(model, l, cell.setting[l])));
    }
    json_object_set_new(object, "name", json_string(one->name));
    json_object_set_new(object, "cell", integer(one->cell));
    json_object_set_new(object, "policy",
                        json_string(cli_design_line(d, one->cell, one->name, "; ")));
    json_object_set_new(object, "nearest", json_string(dt_model_item(model, DT_POLICIES, nearest)));
    json_object_set_new(object, "differs", differs);
    json_object_set_new(object, "best_where", one->where ? where_json(d, one->where) : json_null());
    return object;
}

static json_t *front_json(const cli_design *d, bool robust)
{
    size_t *front = cli_take(dt_lever_design_cells(d->design), sizeof *front);
    const size_t count = dt_lever_design_front(d->design, robust, front);
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, integer(front[i]));
    return array;
}

/* By which objectives the rows of a table rank in the nominal world as they do by chance alone. */
static json_t *by_chance_json(const cli_design *d, bool robust)
{
    json_t *object = json_object();
    for (size_t o = 0; o < d->how.objectives; o++)
        json_object_set_new(
            object, dt_model_item(d->session->model, DT_OUTCOMES, d->how.objective[o].outcome),
            json_boolean(d->table[robust].by_chance[o]));
    return object;
}

/* The model's own policies that are cells of the design; null if one isn't. */
static json_t *policies_json(const cli_design *d)
{
    json_t *object = json_object();
    for (size_t p = 0; p < dt_model_count(d->session->model, DT_POLICIES); p++) {
        const size_t cell = dt_lever_design_policy(d->design, p);
        json_object_set_new(object, dt_model_item(d->session->model, DT_POLICIES, p),
                            cell == SIZE_MAX ? json_null() : integer(cell));
    }
    return object;
}

/* How many cells are in error, by the code of their diagnostic. */
static json_t *errors_json(const cli_design *d)
{
    json_t *object = json_object();
    for (size_t c = 0; c < dt_lever_design_cells(d->design); c++) {
        const dt_designed_cell cell = dt_lever_design_cell(d->design, c);
        if (cell.status == DT_OK)
            continue;
        const json_t *before = json_object_get(object, cell.code);
        json_object_set_new(object, cell.code,
                            json_integer((before ? json_integer_value(before) : 0) + 1));
    }
    return object;
}

dt_status cli_design_print_json(const cli_design *d)
{
    const dt_model *model = d->session->model;
    const dt_lever_plan plan = dt_lever_design_plan(d->design);
    json_t *object = json_object(), *objectives = json_object(), *levers = json_array(),
           *cells = json_array(), *named = json_array();
    for (size_t o = 0; o < d->how.objectives; o++)
        json_object_set_new(
            objectives, dt_model_item(model, DT_OUTCOMES, d->how.objective[o].outcome),
            json_string(d->how.objective[o].direction < 0 ? "minimise" : "maximise"));
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++) {
        if (d->how.free[l])
            json_array_append_new(levers, json_string(dt_model_item(model, DT_LEVERS, l)));
    }
    for (size_t c = 0; c < plan.looked; c++)
        json_array_append_new(cells, cell_json(d, c));
    for (size_t i = 0; i < d->names; i++)
        json_array_append_new(named, named_json(d, &d->named[i]));
    json_object_set_new(object, "model", json_string(dt_model_name(model)));
    json_object_set_new(object, "version", json_string(dt_version()));
    json_object_set_new(object, "seed", json_integer((json_int_t)d->how.seed));
    json_object_set_new(object, "from",
                        json_string(dt_model_item(model, DT_POLICIES, d->how.from)));
    json_object_set_new(object, "free", levers);
    json_object_set_new(object, "objectives", objectives);
    json_object_set_new(object, "require", cli_json_texts(&d->session->line->require));
    json_object_set_new(object, "design", whole(plan.cells));
    json_object_set_new(object, "search", json_boolean(plan.search));
    json_object_set_new(object, "games", integer(plan.games));
    json_object_set_new(object, "worlds", integer(plan.worlds));
    json_object_set_new(object, "compared", integer(plan.compared));
    json_object_set_new(object, "solved", whole(plan.solved));
    json_object_set_new(object, "errors", errors_json(d));
    json_object_set_new(object, "policies", policies_json(d));
    json_object_set_new(object, "front", front_json(d, false));
    json_object_set_new(object, "robust", plan.worlds ? front_json(d, true) : json_null());
    json_object_set_new(object, "by_chance",
                        json_pack("{s:o, s:o}", "front", by_chance_json(d, false), "robust",
                                  plan.worlds ? by_chance_json(d, true) : json_null()));
    json_object_set_new(object, "named", named);
    json_object_set_new(object, "cells", cells);
    return cli_json_print(object);
}
