/*
 * Plays for the C tests: models read from the tree or from a text, explored and solved under their
 * policies, and a report that keeps the code of the last error.
 */
#ifndef DT_TEST_PLAY_H
#define DT_TEST_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "solve/solve.h"

/* Models that between them use every construct, small enough to solve in no time. */
static const char *const PLAY_MODELS[] = {
    "test/verification/parley.dtn",          "test/verification/random-1.dtn",
    "test/verification/random-2.dtn",        "test/verification/random-3.dtn",
    "test/verification/random-4.dtn",        "test/verification/random-5.dtn",
    "test/verification/random-6.dtn",        "test/verification/random-7.dtn",
    "test/verification/random-8.dtn",        "test/verification/random-9.dtn",
    "test/verification/random-10.dtn",       "test/verification/random-11.dtn",
    "test/verification/random-12.dtn",       "test/verification/random-13.dtn",
    "test/verification/random-14.dtn",       "test/verification/random-15.dtn",
    "test/verification/random-16.dtn",       "test/verification/random-17.dtn",
    "test/verification/random-18.dtn",       "test/verification/random-19.dtn",
    "test/verification/random-20.dtn",       "test/verification/random-21.dtn",
    "test/verification/random-22.dtn",       "test/verification/random-23.dtn",
    "test/verification/random-24.dtn",       "models/classics/arms-race.dtn",
    "models/classics/mckelvey-mclennan.dtn", "test/verification/calendar-1.dtn",
    "test/verification/calendar-4.dtn",      "test/verification/calendar-5.dtn",
    "test/verification/calendar-6.dtn",
};
enum { PLAY_MODELS_COUNT = sizeof PLAY_MODELS / sizeof PLAY_MODELS[0] };

/* A list, joined by spaces, of the codes of all errors since it was emptied. */
typedef struct play_log {
    char codes[512], message[512], hint[512], file[64];
    int column;
} play_log;

static inline void play_report(void *context, const dt_diagnostic *diagnostic)
{
    play_log *log = context;
    if (diagnostic->severity != DT_ERROR)
        return;
    size_t used = strlen(log->codes);
    snprintf(log->codes + used, sizeof log->codes - used, "%s%s", used ? " " : "",
             diagnostic->code);
    snprintf(log->message, sizeof log->message, "%s", diagnostic->message);
    snprintf(log->hint, sizeof log->hint, "%s", diagnostic->hint);
    snprintf(log->file, sizeof log->file, "%s", diagnostic->file);
    log->column = diagnostic->column;
}

static inline dt_options play_options(play_log *log)
{
    *log = (play_log){0};
    return (dt_options){.report = play_report, .report_context = log};
}

static inline dt_model *play_text(const char *text, const dt_options *options)
{
    dt_model *model = NULL;
    dt_status status = dt_model_parse("text", text, strlen(text), options, &model);
    if (status != DT_OK)
        print_error("%s\n", ((play_log *)options->report_context)->message);
    assert_int_equal(status, DT_OK);
    return model;
}

/* Solves the nominal world of a game. NULL if this world has no solution of this kind. */
static inline dt_solution *play_solve_game(const dt_model *model, const dt_game *game,
                                           dt_values values, const dt_options *options)
{
    double world[256];
    assert_true(dt_model_count(model, DT_PARAMETERS) <= sizeof world / sizeof world[0]);
    dt_model_nominal(model, world);
    dt_game_settings(game, world);
    dt_solution *solution = NULL;
    dt_solve(game, world, values, options, &solution);
    return solution;
}

/* Explores and solves it. */
static inline dt_solution *play_solve(const dt_model *model, size_t policy, dt_values values,
                                      const dt_options *options, dt_game **game)
{
    assert_int_equal(dt_game_explore(model, policy, options, game), DT_OK);
    return play_solve_game(model, *game, values, options);
}

/* The model of PLAY_MODELS with this number. */
static inline dt_model *play_read(size_t m, const dt_options *options)
{
    char path[512];
    dt_model *model;
    snprintf(path, sizeof path, "%s/%s", DT_ROOT, PLAY_MODELS[m]);
    assert_int_equal(dt_model_read(path, options, &model), DT_OK);
    return model;
}

/* Calls look(solution) for each model, policy and convention of values that can be solved; returns
 * for how many. */
static inline int play_all(void (*look)(dt_solution *solution, const dt_options *options))
{
    int looked = 0;
    for (size_t m = 0; m < PLAY_MODELS_COUNT; m++) {
        play_log log;
        const dt_options options = play_options(&log);
        dt_model *model = play_read(m, &options);
        for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
            for (int values = DT_VALUES_AVERAGE; values <= DT_VALUES_SURPLUS; values++) {
                dt_game *game;
                dt_solution *solution = play_solve(model, p, values, &options, &game);
                if (solution)
                    look(solution, &options);
                else
                    assert_int_equal(values, DT_VALUES_SURPLUS);
                looked += solution != NULL;
                dt_solution_free(solution);
                dt_game_free(game);
            }
        }
        dt_model_free(model);
    }
    return looked;
}

#endif
