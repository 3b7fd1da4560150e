/*
 * Wrong calls: no public function ends the process, whatever it is given. One that returns a status
 * answers DT_INVALID with a diagnostic and leaves NULL where its result would be; one that returns a value
 * gives the neutral answer that its header names. Here: levers, designs, studies, the referee and fits.
 */
#include "calls.h"

#include <math.h>

#include "detente_design.h"
#include "detente_fit.h"
#include "detente_lab.h"
#include "detente_levers.h"
#include "detente_referee.h"
#include "detente_study.h"

static void test_decomposition(void **state)
{
    (void)state;
    const double numbers[4] = {0};
    double number = 0;
    MADE_NOTHING(dt_levers, dt_levers_new(NULL, 0, 0, &options, &made));
    MADE_NOTHING(dt_levers, dt_levers_new(model, 0, 99, &options, &made));
    REFUSED(dt_levers_new(model, 0, 0, &options, NULL));
    assert_int_equal(dt_levers_count(NULL), 0);
    assert_string_equal(dt_levers_name(NULL, 0), "");
    assert_string_equal(dt_levers_side(NULL, 0, 0), "");
    dt_levers_free(NULL);
    dt_levers *levers;
    options = play_options(&told);
    assert_int_equal(dt_levers_new(model, 0, 0, &options, &levers), DT_OK);
    assert_string_equal(dt_levers_name(levers, 9), "");
    assert_string_equal(dt_levers_side(levers, 0, 7), "");
    dt_levers_result result = {&number, &number, &number, &number, 0};
    REFUSED(dt_levers_solve(NULL, numbers, 1, 0, &options, &result));
    REFUSED(dt_levers_solve(levers, NULL, 1, 0, &options, &result));
    REFUSED(dt_levers_solve(levers, numbers, 0, 0, &options, &result));
    REFUSED(dt_levers_solve(levers, numbers, 1, 9, &options, &result));
    REFUSED(dt_levers_solve(levers, numbers, 1, 0, &options, NULL));
    REFUSED(dt_levers_keep(NULL, "file", "nominal", &options));
    REFUSED(dt_levers_keep(levers, NULL, "nominal", &options));
    REFUSED(dt_levers_keep(levers, "file", NULL, &options));
    REFUSED(dt_levers_keep(levers, "file", "two\nlines", &options));
    dt_levers_free(levers);
    dt_share(99, &number, NULL);
    dt_share(1, NULL, NULL);
}

static void test_designs(void **state)
{
    (void)state;
    const double numbers[4] = {0};
    const dt_objective less = {0, -1}, none = {0, 0}, unknown = {99, 1};
    const dt_criterion strange = {.outcome = 99};
    dt_lever_design_how how = {.objectives = 1, .objective = &less, .parameters = numbers}, bad;
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(NULL, &how, &options, &made));
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(model, NULL, &options, &made));
    REFUSED(dt_lever_design_new(model, &how, &options, NULL));
    MADE_NOTHING(dt_lever_design,
                 dt_lever_design_new(model, &(dt_lever_design_how){0}, &options, &made));
    bad = how, bad.from = 99;
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(model, &bad, &options, &made));
    bad = how, bad.objective = &none;
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(model, &bad, &options, &made));
    bad = how, bad.objective = &unknown;
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(model, &bad, &options, &made));
    bad = how, bad.requirements = 1;
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(model, &bad, &options, &made));
    bad.requirement = &strange;
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(model, &bad, &options, &made));
    bad = how, bad.values = 9;
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(model, &bad, &options, &made));
    bad = how, bad.parameters = NULL;
    MADE_NOTHING(dt_lever_design, dt_lever_design_new(model, &bad, &options, &made));
    dt_lever_design *design;
    options = play_options(&told);
    assert_int_equal(dt_lever_design_new(model, &how, &options, &design), DT_OK);
    assert_int_equal(dt_lever_design_cells(design), 0); /* nothing is solved yet */
    assert_null(dt_lever_design_cell(design, 0).outcome);
    MADE_NOTHING(dt_discovery, dt_lever_design_discover(design, 0, &options, &made));
    REFUSED(dt_lever_design_keep(NULL, "file", "nominal", &options));
    REFUSED(dt_lever_design_keep(design, NULL, "nominal", &options));
    REFUSED(dt_lever_design_keep(design, "file", NULL, &options));
    REFUSED(dt_lever_design_keep(design, "file", "two\nlines", &options));
    REFUSED(dt_lever_design_solve(NULL, &options));
    options = play_options(&told);
    dt_lever_design_solve(design, &options);
    REFUSED(dt_lever_design_keep(design, "file", "nominal", &options)); /* it is solved */
    REFUSED(dt_lever_design_solve(design, &options));
    MADE_NOTHING(dt_discovery, dt_lever_design_discover(design, 0, &options, &made));
    REFUSED(dt_lever_design_discover(design, 0, &options, NULL));
    assert_true(dt_lever_design_policy(design, 99) == SIZE_MAX);
    assert_null(dt_lever_design_cell(design, 99).setting);
    dt_lever_design_free(design);
    dt_lever_design_free(NULL);
    assert_int_equal(dt_lever_design_cells(NULL), 0);
    assert_int_equal(dt_lever_design_front(NULL, true, NULL), 0);
    assert_true(dt_lever_design_policy(NULL, 0) == SIZE_MAX);
    assert_int_equal(dt_lever_design_plan(NULL).looked, 0);
}

static void test_studies(void **state)
{
    (void)state;
    const dt_study_data data = {.policies = 1, .outcomes = 1};
    const size_t beyond[] = {99};
    const dt_criterion outside[] = {{.outcome = 99}};
    MADE_NOTHING(dt_study, dt_study_open(NULL, &options, &made));
    REFUSED(dt_study_open("no.study", &options, NULL));
    const dt_study_plan plan[] = {
        {.design = 99},
        {               .worlds = 1, .values = 9},
        {               .worlds = 1, .varied = 1, .vary = beyond},
        { .worlds = 1,  .varied = 1},
        {   .worlds = 1,  .policies = 1, .policy = beyond},
        {.worlds = 1,            .policies = 1}
    };
    for (size_t p = 0; p < sizeof plan / sizeof plan[0]; p++)
        MADE_NOTHING(dt_study_summary,
                     dt_study_run(model, &plan[p], "no.study", NULL, &options, &made));
    MADE_NOTHING(dt_study_summary, dt_study_run(NULL, &plan[0], "no.study", NULL, &options, &made));
    MADE_NOTHING(dt_study_summary,
                 dt_study_run(model, &(dt_study_plan){.worlds = 1}, NULL, NULL, &options, &made));
    REFUSED(dt_study_run(model, &(dt_study_plan){.worlds = 1}, "x", NULL, &options, NULL));
    const dt_basis basis = {.worlds = 99};
    assert_int_equal(dt_basis_failed(NULL, &basis, 0), 0);
    assert_int_equal(dt_basis_failed(&data, NULL, 0), 0);
    assert_int_equal(dt_basis_failed(&data, &basis, 0), 0);
    assert_null(dt_study_read(NULL));
    dt_study_close(NULL);
    dt_study_summary_free(NULL);
    assert_string_equal(dt_design_name(99), "");
    assert_string_equal(dt_measure_name(99), "");
    assert_true(isnan(dt_quantile_share(99)));

    dt_criterion criterion;
    REFUSED(dt_criterion_read(NULL, "o < 1", &options, &criterion));
    REFUSED(dt_criterion_read(model, NULL, &options, &criterion));
    REFUSED(dt_criterion_read(model, "o < 1", &options, NULL));
    MADE_NOTHING(dt_comparison, dt_compare(NULL, &(dt_compare_how){0}, &options, &made));
    MADE_NOTHING(dt_comparison, dt_compare(&data, NULL, &options, &made));
    MADE_NOTHING(
        dt_comparison,
        dt_compare(&data, &(dt_compare_how){.outcomes = 1, .outcome = beyond}, &options, &made));
    MADE_NOTHING(dt_comparison,
                 dt_compare(&data, &(dt_compare_how){.requirements = 1, .requirement = outside},
                            &options, &made));
    MADE_NOTHING(dt_comparison,
                 dt_compare(&data, &(dt_compare_how){.optimism = NAN}, &options, &made));
    REFUSED(dt_compare(&data, &(dt_compare_how){0}, &options, NULL));
    MADE_NOTHING(dt_discovery, dt_discover(NULL, &(dt_discover_how){0}, &options, &made));
    MADE_NOTHING(dt_discovery, dt_discover(&data, NULL, &options, &made));
    MADE_NOTHING(dt_discovery,
                 dt_discover(&data, &(dt_discover_how){.policy = 9}, &options, &made));
    MADE_NOTHING(dt_discovery,
                 dt_discover(&data, &(dt_discover_how){.criteria = 1, .criterion = outside},
                             &options, &made));
    REFUSED(dt_discover(&data, &(dt_discover_how){0}, &options, NULL));
    MADE_NOTHING(dt_sensitivity, dt_sensitivities(NULL, 0, 0, &options, &made));
    MADE_NOTHING(dt_sensitivity, dt_sensitivities(&data, 9, 0, &options, &made));
    MADE_NOTHING(dt_sensitivity, dt_sensitivities(&data, 0, 9, &options, &made));
    REFUSED(dt_sensitivities(&data, 0, 0, &options, NULL));
    MADE_NOTHING(dt_decision, dt_decide(NULL, 0, &options, &made));
    MADE_NOTHING(dt_decision, dt_decide(&data, 9, &options, &made));
    REFUSED(dt_decide(&data, 0, &options, NULL));
    MADE_NOTHING(dt_diagnosis, dt_diagnose(NULL, &(dt_diagnose_how){0}, &options, &made));
    MADE_NOTHING(dt_diagnosis, dt_diagnose(&data, NULL, &options, &made));
    REFUSED(dt_diagnose(&data, &(dt_diagnose_how){0}, &options, NULL));
    dt_comparison_free(NULL);
    dt_discovery_free(NULL);
    dt_sensitivity_free(NULL);
    dt_decision_free(NULL);
    dt_diagnosis_free(NULL);
    REFUSED(dt_page_write(NULL, &options, take, NULL));
    REFUSED(dt_page_write(&(dt_page){0}, &options, take, NULL));
}

static void test_referee(void **state)
{
    (void)state;
    const size_t none = 99;
    MADE_NOTHING(dt_refereed, dt_referee(NULL, &(dt_referee_how){0}, &options, &made));
    MADE_NOTHING(dt_refereed, dt_referee(model, NULL, &options, &made));
    MADE_NOTHING(dt_refereed, dt_referee(model, &(dt_referee_how){.values = 9}, &options, &made));
    MADE_NOTHING(dt_refereed, dt_referee(model, &(dt_referee_how){.varied = 1}, &options, &made));
    MADE_NOTHING(dt_refereed,
                 dt_referee(model, &(dt_referee_how){.varied = 1, .vary = &none}, &options, &made));
    REFUSED(dt_referee(model, &(dt_referee_how){0}, &options, NULL));
    assert_int_equal(dt_referee_cost(NULL, NULL), 0);
    assert_int_equal(dt_referee_cost(model, NULL), 0);
    assert_null(dt_referee_threshold(99).name);
    assert_false(dt_ranked_by_chance(NULL, NULL, 3));
    dt_refereed_free(NULL);
    for (int lookahead = -2; lookahead <= 200000; lookahead += 200002) {
        play_log log;
        dt_options other = play_options(&log);
        other.other_lookahead = true;
        other.lookahead = lookahead;
        dt_game *none_made;
        assert_int_equal(dt_game_explore(model, 0, &other, &none_made), DT_INVALID);
        assert_string_equal(log.codes, "bad-call");
    }
}

static void test_fits(void **state)
{
    (void)state;
    const size_t first = 0, beyond = 99;
    const dt_fit_plan
        good =
            {
                .fitted = "f", .free = 1, .parameter = &first
    },
        plan[] = {
            {.free = 1, .parameter = &first},
            {.fitted = "f", .free = 1},
            {.fitted = "f", .free = 1, .parameter = &beyond},
            {.fitted = "f", .free = 1, .parameter = &first, .values = 9},
            {.fitted = "f", .free = 1, .parameter = &first, .policies = 1},
            {.fitted = "f", .free = 1, .parameter = &first, .policies = 1, .policy = &beyond},
        };
    for (size_t p = 0; p < sizeof plan / sizeof plan[0]; p++) {
        MADE_NOTHING(dt_fit, dt_fit_run(model, &plan[p], "no.fit", NULL, &options, &made));
        MADE_NOTHING(dt_fit, dt_fit_mode(model, &plan[p], &options, &made));
    }
    MADE_NOTHING(dt_fit, dt_fit_run(NULL, &good, "no.fit", NULL, &options, &made));
    MADE_NOTHING(dt_fit, dt_fit_run(model, NULL, "no.fit", NULL, &options, &made));
    MADE_NOTHING(dt_fit, dt_fit_run(model, &good, NULL, NULL, &options, &made));
    REFUSED(dt_fit_run(model, &good, "no.fit", NULL, &options, NULL));
    MADE_NOTHING(dt_fit, dt_fit_mode(NULL, &good, &options, &made));
    REFUSED(dt_fit_mode(model, &good, &options, NULL));
    dt_fit_free(NULL);
    const dt_study_data unfitted = {.model = model, .parameters = 1, .worlds = 2};
    MADE_NOTHING(dt_posterior, dt_posterior_read(&unfitted, &options, &made));
    MADE_NOTHING(dt_posterior, dt_posterior_read(NULL, &options, &made));
    REFUSED(dt_posterior_read(&unfitted, &options, NULL));
    dt_posterior_free(NULL);
    static const size_t two = 2, one = 1, far = 3;
    static const bool no = false;
    static const int seen[] = {0, 1, 0}, beyond_all[] = {0, 1, 2};
    static const double forecast[] = {0.5, 0.5};
    static const double *const all[] = {forecast};
    const dt_forecast_rows rows = {.last = 2, .train_to = 1, .test_from = 2, .test_to = 2},
                           late = {.last = 3, .train_to = 1, .test_from = 2, .test_to = 3};
    const dt_forecasts right = {.rows = 3,
                                .columns = 1,
                                .values = &two,
                                .ordered = &no,
                                .value = seen,
                                .histories = 1,
                                .history = &rows,
                                .leads = 1,
                                .lead = &one,
                                .probability = all};
    dt_forecasts wrong[6] = {right, right, right, right, right, right};
    wrong[0].columns = 0;
    wrong[1].lead = &far;
    wrong[2].value = beyond_all;
    wrong[3].history = &late;
    wrong[4].leads = DT_MOST_LEADS + 1;
    wrong[5].histories = 0;
    for (size_t w = 0; w < 6; w++)
        MADE_NOTHING(dt_scores, dt_score_forecasts(&wrong[w], &options, &made));
    MADE_NOTHING(dt_scores, dt_score_forecasts(NULL, &options, &made));
    REFUSED(dt_score_forecasts(&right, &options, NULL));
    dt_scores_free(NULL);
    assert_string_equal(dt_forecaster_name(99), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decomposition), cmocka_unit_test(test_designs),
        cmocka_unit_test(test_studies),       cmocka_unit_test(test_referee),
        cmocka_unit_test(test_fits),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
