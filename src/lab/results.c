/*
 * Solutions as JSON. Numbers are written so that they read back as the same doubles: what the page
 * shows is what the engine found.
 */
#include "lab/results.h"

#include <assert.h>
#include <math.h>

#include "solve/private.h"
#include "trace/contrast.h"
#include "trace/frequency.h"
#include "trace/over_time.h"

void dt_write_counts(dt_writer *out, const dt_game *game)
{
    const dt_counts counts = dt_game_counts(game);
    dt_json_print(out,
                  "{states: %llu, nodes: %llu, chance: %llu, sole: %llu, simultaneous: %llu, "
                  "branches: %llu, coefficients: %llu}",
                  (unsigned long long)counts.states, (unsigned long long)counts.nodes,
                  (unsigned long long)counts.chance, (unsigned long long)counts.sole,
                  (unsigned long long)counts.simultaneous, (unsigned long long)counts.branches,
                  (unsigned long long)counts.coefficients);
}

/* "solved", "reason" and "cure": of the strategy, then of the outcomes. */
static bool write_judgement(dt_writer *out, const dt_solution *solution, const double *outcome)
{
    const dt_model *model = solution->game->model;
    const char *reason = dt_solution_reason(solution), *cure = dt_solution_cure(solution);
    bool solved = dt_solution_solved(solution);
    for (int o = 0; o < model->declared_outcomes && solved; o++) {
        solved = isfinite(outcome[o]);
        reason = solved ? "" : "an outcome isn't a finite number";
    }
    dt_json_print(out, "solved: %i, reason: %s, cure: %s", solved, reason, cure);
    return solved;
}

/* Numbers, or as many nulls. */
static void write_results(dt_writer *out, const char *key, const double *number, size_t count,
                          bool solved)
{
    dt_json_print(out, "%s: [", key);
    for (size_t i = 0; i < count; i++)
        dt_json_print(out, "%g", solved ? number[i] : (double)NAN);
    dt_json_print(out, "]");
}

/* "private": the certificate of beliefs, and what play is worth to each type; null without any. */
static void write_private(dt_writer *out, const dt_solution *solution, bool solved)
{
    const dt_model *model = solution->game->model;
    const size_t points = dt_solution_points(solution);
    if (points == 0) {
        dt_json_print(out, "private: null");
        return;
    }
    dt_json_print(out, "private: {calibration: %g, beliefs: %zu, values: [",
                  solved ? solution->found.calibration : (double)NAN, points);
    for (int x = 0; x < model->privates; x++) {
        const int variable = model->private_variable[x];
        dt_json_print(out, "[");
        for (int k = 0; k < dt_slot_values(model, variable); k++)
            dt_json_print(out, "%g",
                          solved ? dt_solution_type_value(
                                       solution, (size_t)model->variable[variable].owner, (size_t)k)
                                 : (double)NAN);
        dt_json_print(out, "]");
    }
    dt_json_print(out, "]}");
}

void dt_write_solution(dt_writer *out, const dt_solution *solution, const double *outcome)
{
    const dt_model *model = solution->game->model;
    const dt_found *found = &solution->found;
    const size_t actors = (size_t)model->actors;
    assert(outcome || model->declared_outcomes == 0);
    dt_json_print(out, "{");
    const bool solved = write_judgement(out, solution, outcome);
    write_results(out, "outcomes", outcome, (size_t)model->declared_outcomes, solved);
    write_results(out, "values", solution->value, actors, solved);
    if (solution->gap)
        write_results(out, "gaps", solution->gap, actors, solved);
    else
        dt_json_print(out, "gaps: null");
    dt_json_print(
        out, "residual: %g, failures: %llu, crossed: %llu, sweeps: %llu, settled: %i, failed: [",
        solved ? found->residual : (double)NAN, (unsigned long long)found->failures,
        (unsigned long long)found->crossed, (unsigned long long)found->sweeps, found->settled);
    for (size_t i = 0; dt_solution_failure(solution, i); i++)
        dt_json_print(out, "%s", dt_solution_failure(solution, i));
    dt_json_print(out, "], counts:");
    dt_write_counts(out, solution->game);
    write_private(out, solution, solved);
    dt_json_print(out, "}");
}

/* The columns of number[periods][columns], `count` of them, each a list. */
static void write_columns(dt_writer *out, const double *number, size_t count, size_t columns,
                          uint32_t periods)
{
    dt_json_print(out, "[");
    for (size_t c = 0; c < count; c++) {
        dt_json_print(out, "[");
        for (uint32_t t = 0; t < periods; t++)
            dt_json_print(out, "%g", number[t * columns + c]);
        dt_json_print(out, "]");
    }
    dt_json_print(out, "]");
}

void dt_write_over_time(dt_writer *out, const dt_solution *solution, dt_arena *scratch)
{
    const dt_model *model = solution->game->model;
    const dt_over_time *told = dt_over_time_make(scratch, solution);
    const size_t outcomes = (size_t)model->declared_outcomes, variables = (size_t)model->variables;
    dt_json_print(out, "{outcomes:");
    write_columns(out, told->outcome, outcomes, outcomes, told->periods);
    dt_json_print(out, "means:");
    write_columns(out, told->mean, variables, variables, told->periods);
    dt_json_print(out, "shares: [");
    for (size_t v = 0; v < variables; v++)
        write_columns(out, told->share + told->value_first[v], told->value_count[v], told->values,
                      told->periods);
    dt_json_print(out, "], learned: [");
    for (size_t v = 0; v < variables; v++) {
        const size_t values = model->variable[v].owner == DT_NONE ? 0 : told->value_count[v];
        dt_json_print(out, "[");
        for (size_t j = 0; j < values; j++)
            write_columns(out, told->learned + told->learned_first[v] + j * values, values,
                          told->learnings, told->periods + 1);
        dt_json_print(out, "]");
    }
    dt_json_print(out, "]}");
}

static void write_situation(dt_writer *out, const dt_game *game, const dt_contrast_stage *stage,
                            dt_arena *scratch)
{
    if (stage->node == DT_NOWHERE) {
        dt_json_print(out, "situation: null");
        return;
    }
    int *slot = dt_new(scratch, int, (size_t)game->model->slots);
    dt_game_unpack(game, stage->node, slot);
    dt_json_print(out, "situation: {period: %u, part: %g, slots: [", stage->period + 1,
                  stage->largest);
    for (int i = 0; i < game->model->slots; i++)
        dt_json_print(out, "%d", slot[i]);
    dt_json_print(out, "]}");
}

void dt_write_contrast(dt_writer *out, const dt_solution *here, const dt_solution *there,
                       int outcome, dt_arena *scratch)
{
    const dt_game *game = here->game;
    const dt_contrast *contrast = dt_contrast_make(scratch, scratch, here, there, outcome);
    const dt_frequency *ours = dt_frequency_make(scratch, here);
    const dt_frequency *theirs = dt_frequency_make(scratch, there);
    dt_json_print(out, "{here: %g, there: %g, drawn: %g, counted: %g, stages: [", contrast->here,
                  contrast->there, contrast->drawn, contrast->counted);
    for (uint32_t s = 0; s < game->stages; s++) {
        dt_json_print(out, "{part: %g", contrast->stage[s].part);
        write_situation(out, game, &contrast->stage[s], scratch);
        dt_json_print(out, "by_truth: [");
        for (uint32_t x = 0; x < game->privates; x++) {
            dt_json_print(out, "{variable: %d, parts:", game->secret_variable[x]);
            dt_json_numbers(out, contrast->stage[s].by_truth + game->secret_first[x],
                            game->secret_values[x]);
            dt_json_print(out, "}");
        }
        dt_json_print(out, "], taken: [");
        for (size_t a = ours->first[s]; a < ours->first[s + 1]; a++)
            dt_json_numbers(out, (const double[]){ours->taken[a], theirs->taken[a]}, 2);
        dt_json_print(out, "]}");
    }
    dt_json_print(out, "]}");
}
