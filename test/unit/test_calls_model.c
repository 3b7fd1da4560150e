/*
 * Wrong calls: no public function ends the process, whatever it is given. One that returns a status
 * answers DT_INVALID with a diagnostic and leaves NULL where its result would be; one that returns a value
 * gives the neutral answer that its header names. Here: models, games, solutions and other equilibria.
 */
#include "calls.h"

#include <math.h>

#include "detente_equilibria.h"
#include "detente_explain.h"

static void test_models(void **state)
{
    (void)state;
    double numbers[4] = {0};
    bool given[4] = {0};
    char label[DT_LABEL_SIZE];
    int period;
    MADE_NOTHING(dt_model, dt_model_parse("m", NULL, 1, &options, &made));
    REFUSED(dt_model_parse("m", "", 0, &options, NULL));
    MADE_NOTHING(dt_model, dt_model_read(NULL, &options, &made));
    REFUSED(dt_model_read("m.dtn", &options, NULL));
    REFUSED(dt_format("m", NULL, 1, &options, take, NULL));
    REFUSED(dt_format("m", "", 0, &options, NULL, NULL));
    assert_int_equal(dt_format(NULL, "model m\n", 8, NULL, take, NULL), DT_OK);
    REFUSED(dt_model_period_of(NULL, "1", &options, &period));
    REFUSED(dt_model_period_of(model, NULL, &options, &period));
    REFUSED(dt_model_period_of(model, "1", &options, NULL));
    REFUSED(dt_model_warn_given(NULL, numbers, given, NULL, 0, &options));
    REFUSED(dt_model_warn_given(model, NULL, given, NULL, 0, &options));
    REFUSED(dt_model_warn_given(model, numbers, given, NULL, 1, &options));

    for (int kind = -1; kind <= DT_KINDS; kind++) {
        assert_int_equal(dt_model_count(NULL, kind), 0);
        assert_string_equal(dt_model_item(NULL, kind, 0), "");
        assert_string_equal(dt_model_item(model, kind, 99), "");
        assert_string_equal(dt_model_item_description(model, kind, 99), "");
        assert_string_equal(dt_model_group(model, kind, 99), "");
        assert_int_equal(dt_model_find(model, kind, NULL), -1);
        assert_int_equal(dt_model_find(NULL, kind, "x"), -1);
    }
    assert_int_equal(dt_model_count(model, DT_KINDS), 0);
    const dt_options odd = {.beliefs = 7};
    assert_int_equal(dt_model_owner(NULL, 0), -1);
    assert_int_equal(dt_model_owner(model, 99), -1);
    assert_int_equal(dt_model_values(NULL, 0), 0);
    assert_int_equal(dt_model_values(model, 99), 0);
    assert_string_equal(dt_model_value(NULL, 0, 0, label, sizeof label), "");
    assert_string_equal(dt_model_value(model, 0, 99, label, sizeof label), "");
    assert_string_equal(dt_model_value(model, 0, 0, NULL, 0), "");
    assert_false(dt_model_hidden(NULL, 0));
    assert_false(dt_model_hidden(model, 99));
    assert_int_equal(dt_model_secret(NULL, 0), -1);
    assert_int_equal(dt_model_secret(model, 99), -1);
    assert_int_equal(dt_model_fineness(NULL, 0, NULL), 0);
    assert_int_equal(dt_model_fineness(model, 99, NULL), 0);
    assert_int_equal(dt_model_fineness(model, 0, &odd), 0);
    assert_int_equal(dt_model_beliefs(NULL, NULL), 0);
    assert_int_equal(dt_model_beliefs(model, &odd), 0);
    const int not_fine[] = {-2, 1, 7, 258};
    for (size_t i = 0; i < sizeof not_fine / sizeof *not_fine; i++) {
        dt_model *made = (dt_model *)&told;
        options = play_options(&told);
        options.beliefs = not_fine[i];
        assert_int_equal(dt_model_parse("m", "model m\nactor A\n", 16, &options, &made),
                         DT_INVALID);
        assert_string_equal(told.codes, "bad-call");
        assert_null(made);
    }
    const dt_own_change none = {0, 99};
    assert_int_equal(dt_model_settings(model, 99), 0);
    assert_string_equal(dt_model_setting(model, 99, 0), "");
    assert_string_equal(dt_model_setting_description(NULL, 0, 0), "");
    assert_int_equal(dt_model_find_setting(model, 99, "x"), -1);
    assert_int_equal(dt_model_find_setting(NULL, 0, NULL), -1);
    assert_int_equal(dt_model_policy_setting(model, 99, 99), 0);
    assert_int_equal(dt_model_changes(NULL, 0), 0);
    assert_string_equal(dt_model_change(model, none), "");
    assert_string_equal(dt_model_change_text(NULL, none), "");
    assert_false(dt_model_same_change(model, none, none));
    assert_string_equal(dt_model_name(NULL), "");
    assert_string_equal(dt_model_description(NULL), "");
    assert_string_equal(dt_model_question(NULL), "");
    assert_string_equal(dt_model_tour(NULL), "");
    assert_int_equal(dt_model_steps(NULL), 0);
    assert_string_equal(dt_model_step(model, 99).text, "");
    assert_int_equal(dt_model_step(NULL, 0).outcome, -1);
    assert_null(dt_page_panel(99));
    assert_int_equal(dt_model_horizon(NULL), 0);
    assert_int_equal(dt_model_lookahead(NULL), 0);
    assert_string_equal(dt_model_term_owner(model, 99), "");
    assert_string_equal(dt_model_parameter(model, 99).name, "");
    assert_string_equal(dt_model_parameter(NULL, 0).source, "");
    assert_int_equal(dt_model_ends(NULL), 0);
    dt_model_nominal(model, NULL);
    dt_model_nominal(NULL, numbers);
    assert_int_equal(dt_model_outcome_direction(model, 99), 0);
    assert_false(dt_model_headline(model, 99));
    assert_string_equal(dt_model_unit(model, 99), "");
    assert_string_equal(dt_model_period_label(NULL, 1, label, sizeof label), "");
    assert_string_equal(dt_model_period_label(model, 1, NULL, 0), "");
    dt_model_free(NULL);

    assert_null(dt_diagnostic_code(9999));
    assert_null(dt_limit_text(9999, &period));
    assert_null(dt_limit_text(0, NULL));
    assert_null(dt_suggest(NULL, NULL, 0));
    assert_null(dt_suggest("x", NULL, 1));
    assert_int_equal(dt_character(NULL, 1, NULL, NULL), -1);
}

static void test_games(void **state)
{
    (void)state;
    double numbers[4] = {0};
    MADE_NOTHING(dt_game, dt_game_explore(model, 7, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore(NULL, 0, &options, &made));
    REFUSED(dt_game_explore(model, 0, &options, NULL));
    MADE_NOTHING(dt_game, dt_game_explore_known(model, 7, NULL, 0, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_known(NULL, 0, NULL, 0, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_known(model, 0, NULL, 1, &options, &made));
    REFUSED(dt_game_explore_known(model, 0, NULL, 0, &options, NULL));
    MADE_NOTHING(dt_game, dt_game_explore_believing(model, 7, numbers, "x=y:1", &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_believing(NULL, 0, numbers, "x=y:1", &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_believing(model, 0, numbers, NULL, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_believing(model, 0, NULL, "x=y:1", &options, &made));
    REFUSED(dt_game_explore_believing(model, 0, numbers, "x=y:1", &options, NULL));
    MADE_NOTHING(dt_game, dt_game_explore_ranges(model, 7, numbers, NULL, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_ranges(NULL, 0, numbers, NULL, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_ranges(model, 0, NULL, NULL, &options, &made));
    REFUSED(dt_game_explore_ranges(model, 0, numbers, NULL, &options, NULL));
    assert_int_equal(dt_game_secrets(NULL), 0);
    REFUSED(dt_game_check_known(NULL, NULL, 0, &options));
    REFUSED(dt_game_check_known(game, NULL, 1, &options));
    REFUSED(dt_games_warn(NULL, 1, &options));
    REFUSED(dt_games_warn((dt_game *[]){NULL}, 1, &options));
    dt_safety safety;
    const bool held[4] = {0};
    size_t lost;
    REFUSED(dt_games_check_ranges(NULL, 1, numbers, held, &options, &safety));
    REFUSED(dt_games_check_ranges(&game, 1, NULL, held, &options, &safety));
    REFUSED(dt_games_check_ranges(&game, 1, numbers, NULL, &options, &safety));
    REFUSED(dt_games_check_ranges(&game, 1, numbers, held, &options, NULL));
    REFUSED(dt_games_count_lost(NULL, 1, numbers, 1, &options, &lost));
    REFUSED(dt_games_count_lost(&game, 1, NULL, 1, &options, &lost));
    REFUSED(dt_games_count_lost(&game, 1, numbers, 1, &options, NULL));
    assert_int_equal(dt_game_counts(NULL).nodes, 0);
    const dt_lever_cell nothing =
                            {
                                NULL, 0, NULL
    },
                        no_change = {NULL, 1, NULL}, unknown = {NULL, 1, &(dt_own_change){0, 99}};
    MADE_NOTHING(dt_game, dt_game_explore_cell(NULL, &nothing, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_cell(model, NULL, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_cell(model, &no_change, &options, &made));
    MADE_NOTHING(dt_game, dt_game_explore_cell(model, &unknown, &options, &made));
    REFUSED(dt_game_explore_cell(model, &nothing, &options, NULL));
    assert_string_equal(dt_game_name(NULL), "");
    dt_game_settings(NULL, numbers);
    dt_game_settings(game, NULL);
    dt_game_free(NULL);
    MADE_NOTHING(dt_draws, dt_draws_prepare(NULL, &options, &made));
    REFUSED(dt_draws_prepare(model, &options, NULL));
    dt_draws_world(NULL, 1, 0, numbers);
    dt_draws_free(NULL);
    REFUSED(dt_expectations_run(NULL, &game, numbers, 0, &options, NULL, NULL));
    REFUSED(dt_expectations_run(model, NULL, numbers, 0, &options, NULL, NULL));
    REFUSED(dt_expectations_run(model, (dt_game *[]){NULL}, numbers, 0, &options, NULL, NULL));
    REFUSED(dt_expectations_run(model, &game, NULL, 0, &options, NULL, NULL));
}

static void test_solutions(void **state)
{
    (void)state;
    const double numbers[4] = {0};
    double number;
    MADE_NOTHING(dt_solution, dt_solve(NULL, numbers, 0, &options, &made));
    MADE_NOTHING(dt_solution, dt_solve(game, NULL, 0, &options, &made));
    MADE_NOTHING(dt_solution, dt_solve(game, numbers, 9, &options, &made));
    REFUSED(dt_solve(game, numbers, 0, &options, NULL));
    dt_certificate certificate = {0};
    REFUSED(dt_verify(NULL, &options, &certificate));
    REFUSED(dt_verify(solution, &options, NULL));
    assert_int_equal(dt_certificate_confirm(model, &certificate, &certificate, &number),
                     DT_DISAGREES);
    assert_int_equal(dt_certificate_confirm(NULL, NULL, NULL, NULL), DT_DISAGREES);
    REFUSED(dt_solution_outcomes(NULL, &options, &number));
    REFUSED(dt_solution_outcomes(solution, &options, NULL));
    REFUSED(dt_solution_outcomes_and_chance(NULL, &options, &number, &number));
    REFUSED(dt_solution_outcomes_and_chance(solution, &options, NULL, &number));
    REFUSED(dt_solution_outcomes_and_chance(solution, &options, &number, NULL));
    REFUSED(dt_game_outcomes_by_chance(NULL, numbers, &options, &number));
    REFUSED(dt_game_outcomes_by_chance(game, NULL, &options, &number));
    REFUSED(dt_game_outcomes_by_chance(game, numbers, &options, NULL));
    assert_true(isnan(dt_rank_correlation(NULL, numbers, 4, 0)));
    assert_false(dt_solution_solved(NULL));
    assert_true(*dt_solution_reason(NULL) != '\0');
    assert_string_equal(dt_solution_cure(NULL), "");
    assert_null(dt_solution_certificate(NULL).value);
    assert_int_equal(dt_solution_failures(NULL), 0);
    assert_null(dt_solution_failure(NULL, 0));
    assert_null(dt_solution_failure(solution, 99));
    assert_int_equal(dt_solution_crossed(NULL), 0);
    assert_int_equal(dt_solution_sweeps(NULL), 0);
    assert_true(dt_solution_bound(NULL) == 0);
    assert_true(dt_solution_points(NULL) == 0);
    assert_false(dt_solution_settled(NULL));
    assert_true(isnan(dt_solution_type_value(NULL, 0, 0)));
    assert_true(isnan(dt_solution_type_value(solution, 99, 0)));
    assert_true(isnan(dt_solution_type_value(solution, 0, 0)));
    double by_type[64];
    REFUSED(dt_solution_type_outcomes(NULL, 0, 0, &options, by_type));
    REFUSED(dt_solution_type_outcomes(solution, 0, 0, &options, NULL));
    by_type[0] = 0;
    assert_int_equal(dt_solution_type_outcomes(solution, 0, 0, &options, by_type), DT_OK);
    assert_true(isnan(by_type[0]));
    dt_leak leak;
    size_t leaks = 9;
    REFUSED(dt_solution_leaks(NULL, &options, &leak, &leaks));
    REFUSED(dt_solution_leaks(solution, &options, &leak, NULL));
    assert_int_equal(dt_solution_leaks(solution, &options, NULL, &leaks), DT_OK);
    assert_true(leaks == 0);
    dt_prize prize = {.end = 9};
    size_t count;
    REFUSED(dt_solution_prizes(NULL, &options, &prize, &count));
    REFUSED(dt_solution_prizes(solution, &options, &prize, NULL));
    REFUSED(dt_prizes_warn(NULL, NULL, 0, &options));
    REFUSED(dt_prizes_warn(model, NULL, 1, &options));
    REFUSED(dt_prizes_warn(model, &prize, 1, &options));
    dt_solution_free(NULL);
    REFUSED(dt_export(NULL, DT_EXPORT_JSON, &options, take, NULL));
    REFUSED(dt_export(solution, 9, &options, take, NULL));
    REFUSED(dt_export(solution, DT_EXPORT_JSON, &options, NULL, NULL));

    MADE_NOTHING(dt_explanation, dt_explain(NULL, "", NULL, 1, &options, &made));
    REFUSED(dt_explain(solution, "", NULL, 1, &options, NULL));
    dt_explanation *explanation;
    options = play_options(&told);
    assert_int_equal(dt_explain(solution, NULL, NULL, 1, &options, &explanation), DT_OK);
    MADE_NOTHING(const dt_because,
                 dt_explanation_because(explanation, 9, -1, -1, 0, &options, &made));
    MADE_NOTHING(const dt_because,
                 dt_explanation_because(explanation, 0, 99, -1, 0, &options, &made));
    MADE_NOTHING(const dt_because, dt_explanation_because(NULL, 0, -1, -1, 0, &options, &made));
    REFUSED(dt_explanation_because(explanation, 0, -1, -1, 0, &options, NULL));
    assert_int_equal(dt_explained_action_find(&explanation->mover[0], "A.nothing"), -1);
    assert_int_equal(dt_explained_action_find(&explanation->mover[0], NULL), -1);
    assert_int_equal(dt_explained_action_find(NULL, "up"), -1);
    dt_explanation_free(explanation);
    dt_explanation_free(NULL);
    REFUSED(dt_explain_check(NULL, &(dt_explain_words){.period = 1}, &options));
    REFUSED(dt_explain_check(game, NULL, &options));
}

static void test_equilibria(void **state)
{
    (void)state;
    const double numbers[4] = {0};
    MADE_NOTHING(dt_equilibria, dt_equilibria_find(NULL, numbers, 0, NULL, &options, &made));
    MADE_NOTHING(dt_equilibria,
                 dt_equilibria_find(game, numbers, 0, NULL, &options, &made)); /* not forever */
    REFUSED(dt_equilibria_find(game, numbers, 0, NULL, &options, NULL));
    assert_int_equal(dt_equilibria_count(NULL), 0);
    assert_null(dt_equilibria_item(NULL, 0).solution);
    assert_null(dt_equilibria_selected(NULL, 0).strategy);
    assert_int_equal(dt_equilibria_report(NULL).starts, 0);
    MADE_NOTHING(dt_solution, dt_equilibria_continue(NULL, 0, numbers, &options, &made));
    dt_equilibria_free(NULL);
    assert_int_equal(dt_game_options(NULL), 0);
    assert_true(dt_game_strategy_entry(NULL, 0, 0, 0) == SIZE_MAX);
    assert_true(dt_game_strategy_entry(game, UINT64_MAX, 0, 0) == SIZE_MAX);
}

static void test_ensembles(void **state)
{
    (void)state;
    const double numbers[4] = {0};
    char text[64];
    MADE_NOTHING(dt_ensemble, dt_ensemble_run(NULL, numbers, 1, 0, NULL, &options, &made));
    MADE_NOTHING(dt_ensemble, dt_ensemble_run(game, NULL, 1, 0, NULL, &options, &made));
    MADE_NOTHING(dt_ensemble, dt_ensemble_run(game, numbers, 1, 9, NULL, &options, &made));
    REFUSED(dt_ensemble_run(game, numbers, 1, 0, NULL, &options, NULL));
    const dt_ensemble_options how = {.wanted = 9};
    MADE_NOTHING(dt_ensemble, dt_ensemble_run(game, numbers, 1, 0, &how, &options, &made));
    dt_ensemble *made;
    options = play_options(&told);
    assert_int_equal(
        dt_ensemble_run(game, numbers, 1, 0, &(dt_ensemble_options){.kernel = 9}, &options, &made),
        DT_INVALID);
    assert_string_equal(told.codes, "no-kernel");
    assert_null(made);
    assert_int_equal(dt_ensemble_worlds(NULL), 0);
    assert_int_equal(dt_ensemble_world(NULL, 0).status, DT_INVALID);
    assert_int_equal(dt_ensemble_world(ensemble, 99).status, DT_INVALID);
    assert_null(dt_ensemble_world(ensemble, 99).value);
    assert_int_equal(dt_ensemble_reason(NULL, 0, text, sizeof text), DT_INVALID);
    assert_int_equal(dt_ensemble_reason(ensemble, 99, text, sizeof text), DT_INVALID);
    assert_int_equal(dt_ensemble_reason(ensemble, 0, NULL, 9), DT_INVALID);
    assert_int_equal(dt_ensemble_reason(ensemble, 0, text, 0), DT_INVALID);
    dt_ensemble_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models),    cmocka_unit_test(test_games),
        cmocka_unit_test(test_solutions), cmocka_unit_test(test_equilibria),
        cmocka_unit_test(test_ensembles),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
