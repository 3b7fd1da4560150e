/*
 * Designs of levers when memory fails or somebody says stop: each request of one that is solved whole, and of
 * one that is searched, refused once, and each call of progress answered with a stop. Every time the answer
 * is DT_LIMIT, told, with nothing held. And the answer itself, from C, is the same for any number of jobs.
 */
#include "play.h"
#include "refusing.h"

#include <math.h>

#include "detente_design.h"

static const char TEXT[] =
    "model flood\nhorizon 1\nactor town\n"
    "param flooded = 0.4 in 0.2 .. 0.8\nparam surprised = 1\nparam cost = 0\n"
    "state hurt : bool = no\n"
    "stage council : town { town.agree ; town.differ }\n"
    "stage river : chance { with flooded * surprised { hurt := yes } }\n"
    "outcome hurt minimise = ever(hurt)\noutcome cost minimise = last(cost)\n"
    "lever dike { none_ ; high { set flooded = 0.1 ; set cost = 2 } }\n"
    "lever alarm { quiet ; siren { set surprised = 0.5 } ; both { set cost = 3 } }\n"
    "lever vote { open ; bound { forbid town.agree ; forbid town.differ } }\n"
    "policy as_is\n";

enum { WORLDS = 3, PARAMETERS = 3, CELLS = 12 };

static const dt_objective OBJECTIVES[] = {
    {0, -1},
    {1, -1}
};

static void count_errors(void *context, const dt_diagnostic *diagnostic)
{
    *(int *)context += diagnostic->severity == DT_ERROR;
}

/* Designs, solves and asks where the best cells are best; most_cells 0: all. */
static dt_status go(const dt_model *model, size_t most_cells, const dt_options *options)
{
    static const double worlds[(WORLDS + 1) * PARAMETERS] = {0.4, 1, 0, 0.2, 1, 0,
                                                             0.5, 1, 0, 0.8, 1, 0};
    const dt_criterion requirement = {.outcome = 0, .relation = DT_AT_MOST, .number = 0.3};
    const dt_lever_design_how how = {.objectives = 2,
                                     .objective = OBJECTIVES,
                                     .requirements = 1,
                                     .requirement = &requirement,
                                     .parameters = worlds,
                                     .worlds = WORLDS,
                                     .most_cells = most_cells,
                                     .seed = 1};
    dt_lever_design *design;
    dt_status status = dt_lever_design_new(model, &how, options, &design);
    assert_true((status == DT_OK) == (design != NULL));
    if (status == DT_OK)
        status = dt_lever_design_solve(design, options);
    size_t front[CELLS];
    const size_t count = status == DT_OK ? dt_lever_design_front(design, false, front) : 0;
    for (size_t i = 0; i < count && status == DT_OK; i++) {
        dt_discovery *where = NULL;
        assert_true(dt_lever_design_cell(design, front[i]).judged);
        status = dt_lever_design_discover(design, front[i], options, &where);
        assert_true((status == DT_OK) == (where != NULL));
        dt_discovery_free(where);
    }
    if (status == DT_OK && most_cells == 0) {
        /* siren alone: .2 for nothing; with the dike: .05 for 2 */
        assert_int_equal(count, 2);
        const double first = dt_lever_design_cell(design, front[0]).outcome[0],
                     second = dt_lever_design_cell(design, front[1]).outcome[0];
        assert_true(fabs(first - 0.2) < 1e-12 && fabs(second - 0.05) < 1e-12);
    }
    dt_lever_design_free(design);
    return status;
}

static void every_allocation_fails_once(void **state)
{
    (void)state;
    play_log log;
    const dt_options quiet = play_options(&log);
    dt_model *model = play_text(TEXT, &quiet);
    for (size_t most = 0; most <= 8; most += 8) {
        refusing memory = {0};
        int errors = 0;
        const dt_options options = {
            .report = count_errors, .report_context = &errors, .allocator = {resize, &memory}
        };
        assert_int_equal(go(model, most, &options), DT_OK);
        assert_int_equal(memory.held, 0);
        const long requests = memory.requests;
        for (long n = 1; n <= requests; n++) {
            memory = (refusing){.refused = n};
            errors = 0;
            assert_int_equal(go(model, most, &options), DT_LIMIT);
            assert_int_equal(memory.held, 0);
            assert_true(errors > 0);
        }
    }
    dt_model_free(model);
}

/* Says stop when asked for the last time. */
static bool count_down(void *context, const char *activity, double done)
{
    int *left = context;
    assert_true(*activity && done >= 0 && done <= 1);
    return --*left > 0;
}

static void every_stop_ends_it(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = play_text(TEXT, &options);
    int left = 100000;
    options.progress = count_down;
    options.progress_context = &left;
    assert_int_equal(go(model, 0, &options), DT_OK);
    const int calls = 100000 - left;
    assert_true(calls > CELLS);
    for (int n = 1; n <= calls; n++) {
        left = n;
        assert_int_equal(go(model, 0, &options), DT_LIMIT);
    }
    dt_model_free(model);
}

static void jobs_change_nothing(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = play_text(TEXT, &options);
    for (int jobs = 1; jobs <= 3; jobs++) {
        options.jobs = jobs;
        assert_int_equal(go(model, 0, &options), DT_OK);
    }
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_fails_once),
        cmocka_unit_test(every_stop_ends_it),
        cmocka_unit_test(jobs_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
