/*
 * Fuzzes the whole of `check`, and what follows it: any text is parsed, formatted, explored,
 * solved, explained, verified and exported, with little memory, few nodes and few points of belief. Nothing may crash,
 * leak or take long; and a text that formats must format to itself.
 */
#include <stdlib.h>
#include <string.h>

#include "detente_explain.h"
#include "written.h"

static void hear_diagnostic(void *context, const dt_diagnostic *diagnostic)
{
    /* Everything told can be read. */
    *(size_t *)context += strlen(diagnostic->message) + strlen(diagnostic->hint) +
                          strlen(diagnostic->state) + strlen(diagnostic->source) +
                          strlen(diagnostic->file) + strlen(diagnostic->code);
    if (diagnostic->line > 0 && (diagnostic->column < 1 || diagnostic->length < 1))
        abort();
}

static void hear_expectation(void *context, const dt_expectation *result)
{
    *(size_t *)context += strlen(result->text) + strlen(result->policy) + strlen(result->found);
}

/* Ends long work: the same number of calls for the same text, unlike a clock. */
static bool allow(void *context, const char *activity, double done)
{
    (void)activity;
    (void)done;
    return (*(int *)context)-- > 0;
}

static void format_twice(const char *text, size_t length, const dt_options *options)
{
    written once = {0}, twice = {0};
    if (dt_format("fuzz", text, length, options, keep, &once) == DT_OK) {
        dt_status again =
            dt_format("fuzz", once.text ? once.text : "", once.length, options, keep, &twice);
        if (again == DT_INVALID ||
            (again == DT_OK &&
             (once.length != twice.length ||
              memcmp(once.text ? once.text : "", twice.text ? twice.text : "", once.length) != 0)))
            abort();
    }
    free(once.text);
    free(twice.text);
}

static void solve(const dt_model *model, const dt_game *game, const double *world,
                  const dt_options *options)
{
    dt_solution *solution = NULL;
    dt_status status = dt_solve(game, world, DT_VALUES_AVERAGE, options, &solution);
    if (status != DT_OK && status != DT_NO)
        return;
    double *outcome = calloc(dt_model_count(model, DT_OUTCOMES) + 1, sizeof *outcome);
    dt_certificate certificate;
    dt_explanation *explanation = NULL;
    if (outcome)
        dt_solution_outcomes(solution, options, outcome);
    dt_verify(solution, options, &certificate);
    if (dt_explain(solution, "", NULL, 1, options, &explanation) == DT_OK)
        dt_explanation_free(explanation);
    for (int format = DT_EXPORT_JSON; format <= DT_EXPORT_EFG; format++) {
        written export = {0};
        dt_export(solution, (dt_export_format)format, options, keep, &export);
        free(export.text);
    }
    free(outcome);
    dt_solution_free(solution);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { POLICIES = 4, WORK = 2000 };
    size_t told = 0;
    int work = WORK;
    dt_options options = {
        .report = hear_diagnostic,
        .report_context = &told,
        .max_memory = 16 << 20,
        .max_nodes = 200,
        .beliefs = 6,
        .progress = allow,
        .progress_context = &work,
    };
    format_twice((const char *)data, size, &options);
    dt_model *model = NULL;
    if (dt_model_parse("fuzz", (const char *)data, size, &options, &model) != DT_OK)
        return 0;
    size_t policies = dt_model_count(model, DT_POLICIES);
    double *world = calloc(dt_model_count(model, DT_PARAMETERS) + 1, sizeof *world);
    if (world && policies <= POLICIES && dt_model_horizon(model) <= 50 &&
        dt_model_lookahead(model) <= 50) {
        dt_game *game[POLICIES] = {0};
        bool all = true;
        dt_model_nominal(model, world);
        for (size_t p = 0; p < policies && all; p++)
            all = dt_game_explore(model, p, &options, &game[p]) == DT_OK;
        if (all) {
            dt_games_warn(game, policies, &options);
            dt_expectations_run(model, game, world, DT_VALUES_AVERAGE, &options, hear_expectation,
                                &told);
            for (size_t p = 0; p < policies; p++) {
                dt_model_nominal(model, world);
                dt_game_settings(game[p], world);
                solve(model, game[p], world, &options);
            }
        }
        for (size_t p = 0; p < policies; p++)
            dt_game_free(game[p]);
    }
    free(world);
    dt_model_free(model);
    return 0;
}
