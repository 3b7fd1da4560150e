/*
 * detente equilibria: other stationary equilibria than the one that ever longer lookaheads tend to, policy
 * by policy: where each was found, its outcomes, whether iterated responses hold it, and how far it lies
 * from the one that `run` selects.
 */
#include "cli.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "detente_equilibria.h"

/* ---- a strategy from a file ------------------------------------------------------------------------- */

/* Probabilities of one node, [node, [probability, …], …], into a strategy. */
static bool take_node(const dt_game *game, const json_t *entry, double *strategy)
{
    const json_t *node = json_array_get(entry, 0);
    if (!json_is_integer(node))
        return false;
    for (size_t k = 0; k + 1 < json_array_size(entry); k++) {
        const json_t *list = json_array_get(entry, k + 1);
        for (size_t a = 0; a < json_array_size(list); a++) {
            const size_t at =
                dt_game_strategy_entry(game, (uint64_t)json_integer_value(node), k, a);
            const json_t *number = json_array_get(list, a);
            if (at == SIZE_MAX || !json_is_number(number))
                return false;
            strategy[at] = json_number_value(number);
        }
    }
    return true;
}

/* The strategy that `export --format json` wrote for this game. NULL, told, if it isn't one. */
static double *read_strategy(const dt_game *game, const char *path)
{
    json_error_t error;
    json_t *file = json_load_file(path, 0, &error);
    if (!file) {
        cli_error("it is what `detente export --format json` writes", "can't read '%s': %s", path,
                  error.text);
        return NULL;
    }
    const json_t *periods = json_object_get(file, "strategy");
    const json_t *nodes = json_array_get(periods, 0);
    double *strategy = cli_take(dt_game_options(game), sizeof *strategy);
    bool good = json_array_size(periods) == 1 && json_array_size(nodes) > 0;
    for (size_t n = 0; n < json_array_size(nodes) && good; n++)
        good = take_node(game, json_array_get(nodes, n), strategy);
    json_decref(file);
    if (good)
        return strategy;
    cli_error("it is what `detente export --format json` writes for the same model and policy",
              "'%s' has no stationary strategy of this game", path);
    return NULL;
}

/* ---- looking -------------------------------------------------------------------------------------- */

/* A policy's game, and what was found. */
typedef struct finding {
    dt_game *game;
    dt_equilibria *equilibria;
    double *world; /* [parameters] */
} finding;

static void free_finding(finding *found)
{
    dt_equilibria_free(found->equilibria);
    dt_game_free(found->game);
    *found = (finding){0};
}

static dt_status look(const cli_session *session, size_t policy, finding *found)
{
    const cli_line *line = session->line;
    const size_t parameters = dt_model_count(session->model, DT_PARAMETERS);
    dt_search asked = {.starts = line->starts, .seed = line->seed};
    *found = (finding){0};
    dt_status status = cli_explore(session, policy, &found->game);
    if (status != DT_OK)
        return status;
    found->world = cli_take(parameters, sizeof *found->world);
    if (parameters)
        memcpy(found->world, session->world, parameters * sizeof *found->world);
    dt_game_settings(found->game, found->world);
    if (line->from_file) {
        asked.given = read_strategy(found->game, line->from_file);
        if (!asked.given) {
            free_finding(found);
            return DT_INVALID;
        }
    }
    status = dt_equilibria_find(found->game, found->world, (dt_values)line->values, &asked,
                                &session->options, &found->equilibria);
    cli_progress_end();
    if (!found->equilibria)
        free_finding(found);
    return status;
}

/* ---- telling ---------------------------------------------------------------------------------------- */

/* Where it was found, in a few words. */
static const char *origin(const dt_equilibrium *item)
{
    const char *text = "";
    if (item->found & DT_FOUND_LIMIT)
        text = "limit";
    if (item->found & DT_FOUND_BRANCH)
        text = cli_print("%s%sbranch", text, *text ? ", " : "");
    if (item->found & DT_FOUND_GIVEN)
        text = cli_print("%s%sfile", text, *text ? ", " : "");
    if (item->starts > 0)
        text = cli_print("%s%s%llu start%s", text, *text ? ", " : "",
                         (unsigned long long)item->starts, item->starts == 1 ? "" : "s");
    return text;
}

static const char *held_text(dt_held held)
{
    return held == DT_HELD_YES ? "yes" : held == DT_HELD_NO ? "no" : "-";
}

/* The outcomes of one; all NaN if they aren't numbers. */
static double *outcomes_of(const cli_session *session, const dt_equilibrium *item,
                           dt_status *status)
{
    const size_t outcomes = dt_model_count(session->model, DT_OUTCOMES);
    double *outcome = cli_take(outcomes, sizeof *outcome);
    const dt_status told = dt_solution_outcomes(item->solution, &session->options, outcome);
    *status = told > *status ? told : *status;
    for (size_t o = 0; o < outcomes && told > DT_NO; o++)
        outcome[o] = (double)NAN;
    return outcome;
}

static void print_line(const char *text)
{
    cli_print_wrapped("", text, 0);
}

/* Whether the moves of one moment have several solutions, values being the limit's. */
static void print_stages(const dt_search_report *report)
{
    if (report->plural > 0)
        print_line(cli_print(
            "at %llu of %llu nodes where several choose at once that moment's game alone has "
            "several solutions; play passes them %.3g times within the horizon",
            (unsigned long long)report->plural, (unsigned long long)report->together,
            report->passes));
    else if (report->together > 0 && report->whole && report->limit)
        print_line(cli_print(
            "where several choose at once (%llu %s) no other solution of that moment's game "
            "was found",
            (unsigned long long)report->together, report->together == 1 ? "node" : "nodes"));
}

/* Equilibria that a single start found: a sign that there are more. */
static size_t found_once(const dt_equilibria *equilibria)
{
    size_t once = 0;
    for (size_t i = 0; i < dt_equilibria_count(equilibria); i++) {
        const dt_equilibrium item = dt_equilibria_item(equilibria, i);
        once += item.found == DT_FOUND_STARTS && item.starts == 1;
    }
    return once;
}

static dt_status print_policy(const cli_session *session, size_t policy, const finding *found)
{
    const dt_model *model = session->model;
    const dt_search_report report = dt_equilibria_report(found->equilibria);
    const size_t count = dt_equilibria_count(found->equilibria);
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    dt_status status = count > 0 ? DT_OK : DT_NO;
    print_line(cli_print("policy %s: %zu %s found", dt_model_item(model, DT_POLICIES, policy),
                         count, count == 1 ? "equilibrium" : "equilibria"));
    cli_table table;
    cli_table_start(&table, 3 + outcomes);
    table.head[0] = "distance";
    table.head[1] = "held";
    table.head[2] = "found by";
    for (size_t o = 0; o < outcomes; o++)
        table.head[3 + o] = dt_model_item(model, DT_OUTCOMES, o);
    double **outcome = cli_take(count, sizeof *outcome), *column = cli_take(count, sizeof *column);
    for (size_t i = 0; i < count; i++) {
        const dt_equilibrium item = dt_equilibria_item(found->equilibria, i);
        outcome[i] = outcomes_of(session, &item, &status);
        const char **cell = cli_table_row(&table, cli_print("%zu", i + 1));
        cell[0] = isfinite(item.distance) ? cli_print("%.6f", item.distance) : "-";
        cell[1] = held_text(item.held);
        cell[2] = origin(&item);
    }
    for (size_t o = 0; o < outcomes; o++) {
        for (size_t i = 0; i < count; i++)
            column[i] = outcome[i][o];
        cli_table_column(&table, 3 + o, column, 0);
    }
    if (count > 0)
        cli_table_print(&table);
    print_line(cli_print("%s: %llu of %llu starts ended at an equilibrium; %llu unknowns%s",
                         report.whole ? "Newton's method on all unknowns at once"
                                      : "play forever from random values, which finds what that "
                                        "recursion holds",
                         (unsigned long long)report.ended, (unsigned long long)report.starts,
                         (unsigned long long)report.unknowns,
                         report.full ? "; more were found than are kept" : ""));
    const size_t once = found_once(found->equilibria);
    if (once > 0)
        print_line(cli_print("%zu %s found by one start only: with more --starts there may be more",
                             once, once == 1 ? "was" : "were"));
    if (!report.limit) {
        print_line("the limit of ever longer lookaheads isn't solved");
    }
    if (report.whole && !report.branch) {
        print_line(cli_print("the branch in lambda was lost at %.3g of everybody's rationality",
                             report.scale));
    }
    print_stages(&report);
    putchar('\n');
    return status;
}

static json_t *as_json(const cli_session *session, const finding *found, dt_status *status)
{
    const dt_model *model = session->model;
    const dt_search_report report = dt_equilibria_report(found->equilibria);
    json_t *list = json_array();
    for (size_t i = 0; i < dt_equilibria_count(found->equilibria); i++) {
        const dt_equilibrium item = dt_equilibria_item(found->equilibria, i);
        const dt_certificate certificate = dt_solution_certificate(item.solution);
        const double *outcome = outcomes_of(session, &item, status);
        json_t *outcomes = json_object(), *values = json_object(), *gaps = json_object();
        for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
            json_object_set_new(outcomes, dt_model_item(model, DT_OUTCOMES, o),
                                cli_json_number(outcome[o]));
        for (size_t a = 0; a < dt_model_count(model, DT_ACTORS); a++) {
            const char *name = dt_model_item(model, DT_ACTORS, a);
            json_object_set_new(values, name, cli_json_number(certificate.value[a]));
            json_object_set_new(gaps, name, cli_json_number(certificate.gap[a]));
        }
        json_array_append_new(
            list, json_pack("{s:b, s:b, s:b, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "limit",
                            (item.found & DT_FOUND_LIMIT) != 0, "branch",
                            (item.found & DT_FOUND_BRANCH) != 0, "file",
                            (item.found & DT_FOUND_GIVEN) != 0, "starts", (json_int_t)item.starts,
                            "distance", cli_json_number(item.distance), "held",
                            item.held == DT_HELD_UNKNOWN ? json_null()
                                                         : json_boolean(item.held == DT_HELD_YES),
                            "outcomes", outcomes, "values", values, "gaps", gaps, "residual",
                            cli_json_number(certificate.residual)));
    }
    return json_pack("{s:o, s:I, s:b, s:I, s:I, s:b, s:b, s:o, s:I, s:I, s:o}", "equilibria", list,
                     "unknowns", (json_int_t)report.unknowns, "whole", report.whole, "starts",
                     (json_int_t)report.starts, "ended", (json_int_t)report.ended, "limit",
                     report.limit, "branch", report.branch, "branch_scale",
                     cli_json_number(report.scale), "together", (json_int_t)report.together,
                     "plural", (json_int_t)report.plural, "passes", cli_json_number(report.passes));
}

dt_status cli_run_equilibria(const cli_line *line)
{
    cli_session session;
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    json_t *policies = line->json ? json_object() : NULL;
    status = cli_need_forever(&session);
    if (status == DT_OK && line->from_file && session.policies > 1) {
        cli_error("name it with --policy", "--from gives the strategy of one policy");
        status = DT_INVALID;
    }
    if (status == DT_OK && !line->json)
        cli_print_title(session.model);
    for (size_t c = 0; c < session.policies && status <= DT_NO; c++) {
        const size_t policy = session.policy[c];
        finding found;
        dt_status one = look(&session, policy, &found);
        if (found.equilibria && policies)
            json_object_set_new(policies, dt_model_item(session.model, DT_POLICIES, policy),
                                as_json(&session, &found, &one));
        else if (found.equilibria)
            one = print_policy(&session, policy, &found);
        free_finding(&found);
        status = one > status ? one : status;
    }
    if (policies && status <= DT_NO) {
        json_t *object = json_pack("{s:s, s:s, s:O}", "model", dt_model_name(session.model),
                                   "version", dt_version(), "policies", policies);
        const dt_status printed = cli_json_print(object);
        status = printed == DT_OK ? status : printed;
    } else if (status <= DT_NO && dt_model_beliefs(session.model, &session.options) <= 1) {
        print_line("the limit is what `run` selects; --select N makes check, run, study, explain, "
                   "verify and export use "
                   "another");
    }
    json_decref(policies);
    cli_close(&session);
    return status;
}
