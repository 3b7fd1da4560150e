/*
 * Solutions as JSON. Numbers are written so that they read back as the same doubles: what the page
 * shows is what the engine found.
 */
#include "lab/results.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

#include "lab/describe.h"
#include "trace/contrast.h"
#include "trace/frequency.h"
#include "trace/over_time.h"

void dt_write_counts(dt_writer *out, const dt_game *game)
{
    const dt_counts counts = dt_game_counts(game);
    dt_writer_print(out, "{\"states\":%" PRIu64 ",\"nodes\":%" PRIu64, counts.states, counts.nodes);
    dt_writer_print(out, ",\"chance\":%" PRIu64 ",\"sole\":%" PRIu64 ",\"simultaneous\":%" PRIu64,
                    counts.chance, counts.sole, counts.simultaneous);
    dt_writer_print(out, ",\"branches\":%" PRIu64 ",\"coefficients\":%" PRIu64 "}", counts.branches,
                    counts.coefficients);
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
    dt_writer_print(out, "\"solved\":%s", solved ? "true" : "false");
    dt_write_key(out, "reason", false);
    dt_writer_json(out, reason);
    dt_write_key(out, "cure", false);
    dt_writer_json(out, cure);
    return solved;
}

/* Numbers, or as many nulls. */
static void write_results(dt_writer *out, const char *key, const double *number, size_t count,
                          bool solved)
{
    dt_write_key(out, key, false);
    dt_writer_text(out, "[");
    for (size_t i = 0; i < count; i++) {
        dt_writer_text(out, i ? "," : "");
        dt_write_number(out, solved ? number[i] : (double)NAN);
    }
    dt_writer_text(out, "]");
}

void dt_write_solution(dt_writer *out, const dt_solution *solution, const double *outcome)
{
    const dt_model *model = solution->game->model;
    const size_t actors = (size_t)model->actors;
    assert(outcome || model->declared_outcomes == 0);
    dt_writer_text(out, "{");
    const bool solved = write_judgement(out, solution, outcome);
    write_results(out, "outcomes", outcome, (size_t)model->declared_outcomes, solved);
    write_results(out, "values", solution->value, actors, solved);
    if (solution->gap)
        write_results(out, "gaps", solution->gap, actors, solved);
    else
        dt_writer_text(out, ",\"gaps\":null");
    dt_write_key(out, "residual", false);
    dt_write_number(out, solved ? solution->found.residual : (double)NAN);
    dt_writer_print(out,
                    ",\"failures\":%" PRIu64 ",\"crossed\":%" PRIu64 ",\"sweeps\":%" PRIu64
                    ",\"settled\":%s",
                    solution->found.failures, solution->found.crossed, solution->found.sweeps,
                    solution->found.settled ? "true" : "false");
    dt_write_key(out, "failed", false);
    dt_writer_text(out, "[");
    for (size_t i = 0; dt_solution_failure(solution, i); i++) {
        dt_writer_text(out, i ? "," : "");
        dt_writer_json(out, dt_solution_failure(solution, i));
    }
    dt_writer_text(out, "]");
    dt_write_key(out, "counts", false);
    dt_write_counts(out, solution->game);
    dt_writer_text(out, "}");
}

/* Column `column` of number[periods][columns], as a list. */
static void write_column(dt_writer *out, const double *number, size_t columns, size_t column,
                         uint32_t periods)
{
    dt_writer_text(out, column ? ",[" : "[");
    for (uint32_t t = 0; t < periods; t++) {
        dt_writer_text(out, t ? "," : "");
        dt_write_number(out, number[t * columns + column]);
    }
    dt_writer_text(out, "]");
}

void dt_write_over_time(dt_writer *out, const dt_solution *solution, dt_arena *scratch)
{
    const dt_model *model = solution->game->model;
    const dt_over_time *told = dt_over_time_make(scratch, solution);
    const size_t outcomes = (size_t)model->declared_outcomes, variables = (size_t)model->variables;
    dt_writer_text(out, "{\"outcomes\":[");
    for (size_t o = 0; o < outcomes; o++)
        write_column(out, told->outcome, outcomes, o, told->periods);
    dt_writer_text(out, "],\"means\":[");
    for (size_t v = 0; v < variables; v++)
        write_column(out, told->mean, variables, v, told->periods);
    dt_writer_text(out, "],\"shares\":[");
    for (size_t v = 0; v < variables; v++) {
        dt_writer_text(out, v ? ",[" : "[");
        const double *first = told->share + told->value_first[v];
        for (size_t i = 0; i < told->value_count[v]; i++)
            write_column(out, first, told->values, i, told->periods);
        dt_writer_text(out, "]");
    }
    dt_writer_text(out, "]}");
}

static void write_situation(dt_writer *out, const dt_game *game, const dt_contrast_stage *stage,
                            dt_arena *scratch)
{
    if (stage->node == DT_NOWHERE) {
        dt_writer_text(out, "null");
        return;
    }
    int *slot = dt_new(scratch, int, (size_t)game->model->slots);
    dt_game_unpack(game, stage->node, slot);
    dt_writer_print(out, "{\"period\":%u,\"part\":", stage->period + 1);
    dt_write_number(out, stage->largest);
    for (int i = 0; i < game->model->slots; i++)
        dt_writer_print(out, i ? ",%d" : ",\"slots\":[%d", slot[i]);
    dt_writer_text(out, game->model->slots ? "]}" : ",\"slots\":[]}");
}

void dt_write_contrast(dt_writer *out, const dt_solution *here, const dt_solution *there,
                       int outcome, dt_arena *scratch)
{
    const dt_game *game = here->game;
    const dt_contrast *contrast = dt_contrast_make(scratch, scratch, here, there, outcome);
    const dt_frequency *ours = dt_frequency_make(scratch, here);
    const dt_frequency *theirs = dt_frequency_make(scratch, there);
    dt_writer_text(out, "{\"here\":");
    dt_write_number(out, contrast->here);
    dt_write_key(out, "there", false);
    dt_write_number(out, contrast->there);
    dt_write_key(out, "counted", false);
    dt_write_number(out, contrast->counted);
    dt_writer_text(out, ",\"stages\":[");
    for (uint32_t s = 0; s < game->stages; s++) {
        dt_writer_text(out, s ? ",{\"part\":" : "{\"part\":");
        dt_write_number(out, contrast->stage[s].part);
        dt_write_key(out, "situation", false);
        write_situation(out, game, &contrast->stage[s], scratch);
        dt_writer_text(out, ",\"taken\":[");
        for (size_t a = ours->first[s]; a < ours->first[s + 1]; a++) {
            dt_writer_text(out, a > ours->first[s] ? "," : "");
            dt_write_numbers(out, (const double[]){ours->taken[a], theirs->taken[a]}, 2);
        }
        dt_writer_text(out, "]}");
    }
    dt_writer_text(out, "]}");
}
