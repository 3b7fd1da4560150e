/*
 * Whatever takes long ends when progress says so, at each call: outcomes, explanations, the
 * verifier, exports. Solving: test_jobs.c.
 */
#include "detente_explain.h"
#include "play.h"

enum { MOST_CALLS = 10000 };

/* Says stop when asked for the last time. */
static bool count_down(void *context, const char *activity, double done)
{
    int *left = context;
    assert_true(*activity && done >= 0 && done <= 1);
    return --*left > 0;
}

static bool take(void *context, const char *text, size_t length)
{
    (void)context;
    (void)text;
    return length > 0;
}

static dt_status outcomes(dt_solution *solution, const dt_options *options)
{
    double value[64];
    assert_true((size_t)solution->game->model->declared_outcomes <= 64);
    return dt_solution_outcomes(solution, options, value);
}

static dt_status explain(dt_solution *solution, const dt_options *options)
{
    dt_explanation *explanation;
    const int period = (int)solution->game->horizon;
    dt_status status = dt_explain(solution, NULL, NULL, period, options, &explanation);
    assert_true((status == DT_OK) == (explanation != NULL));
    dt_explanation_free(explanation);
    return status;
}

static dt_status verify(dt_solution *solution, const dt_options *options)
{
    dt_certificate found;
    return dt_verify(solution, options, &found);
}

static dt_status write_json(dt_solution *solution, const dt_options *options)
{
    return dt_export(solution, DT_EXPORT_JSON, options, take, NULL);
}

static dt_status write_tree(dt_solution *solution, const dt_options *options)
{
    return dt_export(solution, DT_EXPORT_EFG, options, take, NULL);
}

static void interrupt(dt_solution *solution, dt_status (*work)(dt_solution *, const dt_options *),
                      int least)
{
    for (int calls = 1; calls < MOST_CALLS; calls++) {
        play_log log;
        dt_options options = play_options(&log);
        int left = calls;
        options.progress = count_down;
        options.progress_context = &left;
        const dt_status status = work(solution, &options);
        if (left > 0) { /* it was asked less often */
            assert_int_equal(status, DT_OK);
            assert_string_equal(log.codes, "");
            assert_true(calls > least);
            return;
        }
        assert_int_equal(status, DT_LIMIT);
        assert_string_equal(log.codes, "interrupted");
    }
    fail();
}

static void test_all(void **state)
{
    (void)state;
    static const char *const models[] = {"models/classics/arms-race.dtn",
                                         "test/verification/random-1.dtn"};
    for (int m = 0; m < 2; m++) {
        char path[512];
        play_log log;
        const dt_options options = play_options(&log);
        dt_model *model;
        dt_game *game;
        snprintf(path, sizeof path, "%s/%s", DT_ROOT, models[m]);
        assert_int_equal(dt_model_read(path, &options, &model), DT_OK);
        dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
        assert_non_null(solution);
        interrupt(solution, outcomes, (int)game->horizon);
        interrupt(solution, explain, (int)game->horizon);
        interrupt(solution, verify, (int)(game->periods * 2));
        interrupt(solution, write_json, 2);
        if (!game->forever)
            interrupt(solution, write_tree, 1);
        dt_solution_free(solution);
        dt_game_free(game);
        dt_model_free(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
