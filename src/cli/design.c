/*
 * detente design: which cells of all levers are best. The front in the nominal world and, with --worlds, over
 * worlds that are drawn, beside the model's own policies; each as a policy to be put into the model; and what
 * must be true for it to be best.
 */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "design.h"
#include "sheet.h"

/* ---- the command line ----------------------------------------------------------------------------- */

static bool add_objectives(cli_design *d, const cli_texts *names, int direction)
{
    bool good = true;
    for (size_t i = 0; i < names->count && good; i++) {
        const int found = cli_find(d->session, DT_OUTCOMES, "outcome", names->at[i]);
        size_t outcome = (size_t)found;
        good = found >= 0;
        for (size_t o = 0; o < d->how.objectives && good; o++) {
            if (d->objective[o].outcome == outcome && d->objective[o].direction != direction) {
                cli_error(NULL, "'%s' can't be both minimised and maximised", names->at[i]);
                return false;
            }
            if (d->objective[o].outcome == outcome)
                outcome = SIZE_MAX;
        }
        if (good && outcome != SIZE_MAX)
            d->objective[d->how.objectives++] = (dt_objective){outcome, direction};
    }
    return good;
}

/* What --minimise and --maximise ask for, or what the model says of its headlines. */
static bool choose_objectives(cli_design *d)
{
    const cli_line *line = d->session->line;
    const dt_model *model = d->session->model;
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    d->objective = cli_take(outcomes, sizeof *d->objective);
    d->how.objective = d->objective;
    if (!add_objectives(d, &line->minimise, -1) || !add_objectives(d, &line->maximise, 1))
        return false;
    const bool asked = line->minimise.count + line->maximise.count > 0;
    for (size_t o = 0; o < outcomes && !asked; o++) {
        const int direction = dt_model_outcome_direction(model, o);
        if (direction != 0 && dt_model_headline(model, o))
            d->objective[d->how.objectives++] = (dt_objective){o, direction};
    }
    if (d->how.objectives == 0)
        cli_error("detente design MODEL --minimise war",
                  "no headline of the model says whether more or less of it is better");
    return d->how.objectives > 0;
}

static bool read_requirements(cli_design *d)
{
    const cli_texts *asked = &d->session->line->require;
    dt_criterion *criterion = cli_take(asked->count, sizeof *criterion);
    bool good = true;
    for (size_t r = 0; r < asked->count; r++)
        good &= dt_criterion_read(d->session->model, asked->at[r], &d->session->options,
                                  &criterion[r]) == DT_OK;
    d->how.requirement = criterion;
    d->how.requirements = asked->count;
    return good;
}

/* Levers of "--free a,b". */
static bool choose_levers(cli_design *d)
{
    const dt_model *model = d->session->model;
    const cli_texts *asked = &d->session->line->free;
    const size_t levers = dt_model_count(model, DT_LEVERS);
    bool *free = cli_take(levers, sizeof *free);
    if (levers == 0) {
        cli_error(NULL, "model '%s' has no levers", dt_model_name(model));
        return false;
    }
    for (size_t i = 0; i < asked->count; i++) {
        for (const char *at = asked->at[i];; at++) {
            const size_t length = strcspn(at, ",");
            const char *name = cli_print("%.*s", (int)length, at);
            const int found = cli_find(d->session, DT_LEVERS, "lever", name);
            if (found < 0)
                return false;
            free[found] = true;
            at += length;
            if (!*at)
                break;
        }
    }
    for (size_t l = 0; l < levers; l++)
        free[l] |= asked->count == 0;
    d->how.free = free;
    return true;
}

static bool choose_from(cli_design *d)
{
    const char *name = d->session->line->from_policy;
    const int found = name ? cli_find(d->session, DT_POLICIES, "policy", name) : 0;
    d->how.from = (size_t)found;
    return found >= 0;
}

static bool read_line(cli_design *d)
{
    const cli_line *line = d->session->line;
    d->how.worlds = line->worlds;
    d->how.values = (dt_values)line->values;
    d->how.most_cells = line->cells;
    d->how.seed = line->seed ? line->seed : 1;
    return choose_levers(d) && choose_from(d) && choose_objectives(d) && read_requirements(d);
}

/* ---- names ---------------------------------------------------------------------------------------- */

/* Whether anything of the model that has a name of its own is called so. */
static bool taken(const dt_model *model, const char *name)
{
    static const dt_kind kind[] = {DT_ACTORS, DT_PARAMETERS, DT_STATES,
                                   DT_STAGES, DT_POLICIES,   DT_LEVERS};
    bool found = false;
    for (size_t k = 0; k < sizeof kind / sizeof *kind; k++)
        found |= dt_model_find(model, kind[k], name) >= 0;
    return found;
}

/* The model's own policy that is the game of a cell, or SIZE_MAX. */
static size_t policy_of(const cli_design *d, size_t cell)
{
    const size_t game = dt_lever_design_cell(d->design, cell).game;
    for (size_t p = 0; p < dt_model_count(d->session->model, DT_POLICIES); p++) {
        const size_t other = dt_lever_design_policy(d->design, p);
        if (other != SIZE_MAX && dt_lever_design_cell(d->design, other).game == game)
            return p;
    }
    return SIZE_MAX;
}

/* Names the cells of both fronts: as the model's own policies are called, else anew. */
static void name_cells(cli_design *d)
{
    const dt_model *model = d->session->model;
    const size_t cells = dt_lever_design_cells(d->design);
    size_t *front = cli_take(cells, sizeof *front), number = 0;
    d->named = cli_take(2 * cells, sizeof *d->named);
    for (int robust = 0; robust <= (d->how.worlds > 0); robust++) {
        d->front[robust] = dt_lever_design_front(d->design, robust, front);
        const size_t shown =
            d->front[robust] < CLI_DESIGN_SHOWN ? d->front[robust] : CLI_DESIGN_SHOWN;
        for (size_t i = 0; i < shown; i++) {
            bool named = false;
            for (size_t k = 0; k < d->names; k++)
                named |= d->named[k].cell == front[i];
            if (named)
                continue;
            cli_named_cell *one = &d->named[d->names++];
            one->cell = front[i];
            one->policy = policy_of(d, front[i]);
            if (one->policy != SIZE_MAX) {
                one->name = dt_model_item(model, DT_POLICIES, one->policy);
                continue;
            }
            do
                one->name = cli_print("design_%zu", ++number);
            while (taken(model, one->name));
        }
    }
}

const char *cli_design_line(const cli_design *d, size_t cell, const char *name, const char *between)
{
    const dt_model *model = d->session->model;
    const dt_designed_cell is = dt_lever_design_cell(d->design, cell);
    const char *text = cli_print("policy %s", name), *gap = " {";
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++) {
        if (is.setting[l] == 0)
            continue;
        text = cli_print(
            "%s%s%suse %s %s", text, gap, *gap == ' ' && between[0] == ';' ? " " : between,
            dt_model_item(model, DT_LEVERS, l), dt_model_setting(model, l, is.setting[l]));
        gap = "";
    }
    for (size_t c = 0; c < dt_model_changes(model, d->how.from); c++) {
        text = cli_print("%s%s%s%s", text, gap, *gap == ' ' && between[0] == ';' ? " " : between,
                         dt_model_change_text(model, (dt_own_change){d->how.from, c}));
        gap = "";
    }
    return *gap ? text : cli_print("%s%s}", text, between[0] == ';' ? " " : "\n");
}

size_t cli_design_nearest(const cli_design *d, size_t cell)
{
    const dt_model *model = d->session->model;
    const dt_designed_cell is = dt_lever_design_cell(d->design, cell);
    size_t nearest = d->how.from, least = SIZE_MAX;
    for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
        if (dt_lever_design_policy(d->design, p) == SIZE_MAX && p != d->how.from)
            continue;
        size_t differ = 0;
        for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++)
            differ += dt_model_policy_setting(model, p, l) != is.setting[l];
        if (differ < least) {
            least = differ;
            nearest = p;
        }
    }
    return nearest;
}

/* ---- the command ---------------------------------------------------------------------------------- */

/* What it will cost, before it starts. */
static void tell_plan(const cli_design *d)
{
    const dt_lever_plan plan = dt_lever_design_plan(d->design);
    const char *worlds = plan.worlds == 0 ? "one world" : cli_print("%zu worlds", plan.worlds + 1);
    if (d->session->line->quiet)
        return;
    cli_flow flow = cli_flow_on(stderr, 0, 2);
    cli_flow_put(&flow,
                 plan.search
                     ? cli_print("%.6g cells: too many to solve each; a search looks at %zu at "
                                 "most, and the best are solved in %s",
                                 plan.cells, plan.most, worlds)
                     : cli_print("%zu cells, %zu different games, each in %s: %.6g to solve",
                                 plan.looked, plan.games, worlds,
                                 (double)plan.games * (double)(plan.worlds + 1)));
    fputc('\n', stderr);
}

/* Which of the worlds each named cell is best in. */
static dt_status discover(cli_design *d, const dt_options *options)
{
    dt_status status = DT_OK;
    for (size_t i = 0; i < d->names && status == DT_OK; i++) {
        if (dt_lever_design_cell(d->design, d->named[i].cell).judged)
            status =
                dt_lever_design_discover(d->design, d->named[i].cell, options, &d->named[i].where);
    }
    return status;
}

static dt_status work(cli_design *d)
{
    const cli_session *session = d->session;
    dt_options options = session->options;
    double *values = cli_take((d->how.worlds + 1) * dt_model_count(session->model, DT_PARAMETERS),
                              sizeof *values);
    dt_status status = cli_draw_worlds(session, d->how.worlds, values);
    if (status != DT_OK)
        return status;
    d->how.parameters = values;
    const cli_line *line = session->line;
    options.jobs = cli_jobs(line);
    options.progress = cli_go_on;
    options.progress_context = (void *)line;
    cli_catch_signals();
    status = dt_lever_design_new(session->model, &d->how, &options, &d->design);
    if (status != DT_OK)
        return status;
    tell_plan(d);
    if (line->output)
        status = dt_lever_design_keep(d->design, line->output, cli_drawn(session, d->how.worlds),
                                      &options);
    if (status == DT_OK)
        status = dt_lever_design_solve(d->design, &options);
    const bool found = status == DT_OK || status == DT_NO;
    dt_status told = DT_OK;
    if (found) {
        name_cells(d);
        told = discover(d, &options);
        if (told == DT_OK)
            told = cli_design_tables(d);
    }
    cli_progress_end();
    cli_tell_kept(status, line);
    if (found && told == DT_OK && line->json)
        told = cli_design_print_json(d);
    else if (found && told == DT_OK && cli_asks_for_tables(line))
        told = cli_design_print_sheets(d);
    else if (found && told == DT_OK)
        cli_design_print(d);
    for (size_t i = 0; i < d->names; i++)
        dt_discovery_free(d->named[i].where);
    dt_lever_design_free(d->design);
    return told == DT_OK ? status : told;
}

dt_status cli_run_design(const cli_line *line)
{
    cli_session session;
    const cli_texts names = {
        (const char *[]){"front", "robust"},
          line->worlds ? 2 : 1
    };
    if (!cli_tables_go(line, &names))
        return DT_INVALID;
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    cli_design d = {.session = &session};
    status = read_line(&d) ? work(&d) : DT_INVALID;
    cli_close(&session);
    return status;
}
