/*
 * One world solved by several threads: the same bits as by one, failures named in the order of
 * nodes, and an end when progress says so.
 */
#include "play.h"

enum { MOST_JOBS = 3 };

/* What a solution says, apart from where it lies in memory. */
static void assert_same(const dt_solution *one, const dt_solution *other)
{
    const size_t actors = (size_t)one->game->model->actors;
    const dt_certificate a = dt_solution_certificate(one), b = dt_solution_certificate(other);
    assert_memory_equal(a.value, b.value, actors * sizeof(double));
    assert_memory_equal(a.gap, b.gap, actors * sizeof(double));
    assert_memory_equal(&a.residual, &b.residual, sizeof(double));
    assert_memory_equal(one->strategy->probability, other->strategy->probability,
                        one->strategy->periods * one->game->options * sizeof(double));
    assert_int_equal(dt_solution_crossed(one), dt_solution_crossed(other));
    assert_int_equal(dt_solution_sweeps(one), dt_solution_sweeps(other));
    assert_int_equal(dt_solution_failures(one), dt_solution_failures(other));
    for (size_t i = 0; dt_solution_failure(one, i); i++)
        assert_string_equal(dt_solution_failure(one, i), dt_solution_failure(other, i));
}

static void assert_same_for_all_jobs(const dt_model *model, dt_status wanted)
{
    play_log log;
    dt_options options = play_options(&log);
    dt_game *game;
    dt_solution *solution[MOST_JOBS];
    double *world = calloc(dt_model_count(model, DT_PARAMETERS) + 1, sizeof *world);
    assert_non_null(world);
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    dt_model_nominal(model, world);
    dt_game_settings(game, world);
    for (int j = 0; j < MOST_JOBS; j++) {
        options.jobs = j + 1;
        assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution[j]), wanted);
        assert_same(solution[0], solution[j]);
    }
    for (int j = 0; j < MOST_JOBS; j++)
        dt_solution_free(solution[j]);
    dt_game_free(game);
    free(world);
}

static void test_korea(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model;
    assert_int_equal(dt_model_read(DT_ROOT "/test/referee/korea-first.dtn", &options, &model),
                     DT_OK);
    assert_same_for_all_jobs(model, DT_OK);
    dt_model_free(model);
}

/* Ten thousand states, of which every second one is beyond all numbers. */
static const char VAST[] =
    "model vast\nhorizon 1\nlookahead forever\n"
    "actor A discount 0.1 rationality 1e149\nactor B discount 0.1 rationality 1e149\n"
    "state x : 0..9999 = 0\nstate odd : bool = no\n"
    "stage meet : A, B { A.l\n A.r { pay A odd ? 1e140 * (x + 1) : 1e-155 * x }\n B.l { pay B x }\n"
    " B.r { pay B x } }\n"
    "stage on : chance { x += 1\n odd := not odd }\n";

static void test_failures(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = play_text(VAST, &options);
    assert_same_for_all_jobs(model, DT_NO);
    dt_model_free(model);
}

/* Gaps worked out after the values, along the strategies found, are those found beside them. */
static void test_gaps_later(void **state)
{
    (void)state;
    size_t compared = 0;
    for (size_t m = 0; m <= PLAY_MODELS_COUNT; m++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", DT_ROOT,
                 m == 0 ? "test/referee/korea-first.dtn" : PLAY_MODELS[m - 1]);
        play_log log;
        dt_options options = play_options(&log);
        dt_model *model;
        dt_game *game;
        assert_int_equal(dt_model_read(path, &options, &model), DT_OK);
        const size_t policies = m == 0 ? 1 : dt_model_count(model, DT_POLICIES);
        double *world = calloc(dt_model_count(model, DT_PARAMETERS) + 1, sizeof *world);
        assert_non_null(world);
        for (size_t p = 0; p < 2 * policies; p++) {
            const dt_values values = p % 2 ? DT_VALUES_SURPLUS : DT_VALUES_AVERAGE;
            dt_solution *whole, *parts;
            assert_int_equal(dt_game_explore(model, p / 2, &options, &game), DT_OK);
            dt_model_nominal(model, world);
            dt_game_settings(game, world);
            const dt_status wanted = dt_solve(game, world, values, &options, &whole);
            assert_int_equal(dt_solve_values(game, world, values, &options, &parts), wanted);
            if (whole) {
                assert_true(game->forever ? parts->gap != NULL : parts->gap == NULL);
                assert_int_equal(dt_solution_gaps(parts, &options), game->forever ? DT_OK : wanted);
                assert_same(whole, parts);
                compared += !game->forever;
            }
            dt_solution_free(whole);
            dt_solution_free(parts);
            dt_game_free(game);
        }
        free(world);
        dt_model_free(model);
    }
    assert_true(compared >= 20);
}

/* Says stop when asked for the n-th time. */
static bool count_down(void *context, const char *activity, double done)
{
    int *left = context;
    assert_string_equal(activity, "solving");
    assert_true(done >= 0 && done <= 1);
    return --*left > 0;
}

static void test_interruption(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = play_text(VAST, &options);
    dt_game *game;
    dt_solution *solution;
    double world[1];
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    for (int calls = 1; calls < 12; calls++) {
        int left = calls;
        options = play_options(&log);
        options.jobs = 1 + calls % MOST_JOBS;
        options.progress = count_down;
        options.progress_context = &left;
        assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_LIMIT);
        assert_null(solution);
        assert_string_equal(log.codes, "interrupted");
        assert_int_equal(left, 0);
    }
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_korea),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_gaps_later),
        cmocka_unit_test(test_interruption),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
