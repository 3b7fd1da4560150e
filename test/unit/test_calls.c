/*
 * Wrong calls: no public function ends the process, whatever it is given. One that returns a status
 * answers DT_INVALID with a diagnostic and leaves NULL where its result would be; one that returns a value
 * gives the neutral answer that its header names. That every function of the headers is called here is
 * checked as well.
 */
#include "play.h"

#include <math.h>

#include "detente_design.h"
#include "detente_equilibria.h"
#include "detente_explain.h"
#include "detente_fit.h"
#include "detente_history.h"
#include "detente_lab.h"
#include "detente_levers.h"
#include "detente_play.h"
#include "detente_referee.h"
#include "detente_study.h"

/* Functions that stand here without being called: they take no argument that could be wrong. */
static const char *const HARMLESS[] = {"dt_version", "dt_better", "dt_cluster_join",
                                       "dt_cluster_leave", "dt_page_available"};

static play_log told;
static dt_options options;
static dt_model *model;
static dt_game *game;
static dt_solution *solution;
static dt_ensemble *ensemble;

/* That a call was refused: with this status, one diagnostic, and nothing made. */
#define REFUSED(call)                                                                              \
    do {                                                                                           \
        options = play_options(&told);                                                             \
        assert_int_equal(call, DT_INVALID);                                                        \
        assert_string_equal(told.codes, "bad-call");                                               \
    } while (0)
#define MADE_NOTHING(type, call)                                                                   \
    do {                                                                                           \
        type *made = (type *)&told;                                                                \
        REFUSED(call);                                                                             \
        assert_null(made);                                                                         \
    } while (0)

static bool take(void *context, const char *text, size_t length)
{
    (void)context, (void)text, (void)length;
    return true;
}

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

static void test_answers(void **state)
{
    (void)state;
    const double world[] = {1}, number[] = {0.5};
    const size_t policy[] = {0}, beyond[] = {9};
    const dt_comparison none = {0};
    const dt_answer_from right = {
        .model = model, .policies = 1, .policy = policy, .nominal = number, .world = world};
    dt_answer_from wrong[6];
    for (size_t i = 0; i < 6; i++)
        wrong[i] = right;
    wrong[0].model = NULL;
    wrong[1].policies = 0;
    wrong[2].policy = beyond;
    wrong[3].nominal = NULL;
    wrong[4].baseline = 1;
    wrong[5].comparison = &none;
    for (size_t i = 0; i < 6; i++) {
        size_t shown[DT_MOST_SHOWN];
        MADE_NOTHING(dt_answered, dt_answer_in_words(&wrong[i], &options, &made));
        assert_int_equal(dt_shown_first(&wrong[i], shown), 0);
    }
    assert_int_equal(dt_shown_first(NULL, NULL), 0);
    assert_int_equal(dt_shown_first(&right, NULL), 0);
    MADE_NOTHING(dt_answered, dt_answer_in_words(NULL, &options, &made));
    REFUSED(dt_answer_in_words(&right, &options, NULL));
    dt_answered_free(NULL);
    REFUSED(dt_model_draw(NULL, 0, DT_PICTURE_PERIOD, -1, &options, take, NULL));
    REFUSED(dt_model_draw(model, 9, DT_PICTURE_PERIOD, -1, &options, take, NULL));
    REFUSED(dt_model_draw(model, 0, (dt_picture)9, -1, &options, take, NULL));
    REFUSED(dt_model_draw(model, 0, DT_PICTURE_CAUSES, 9, &options, take, NULL));
    REFUSED(dt_model_draw(model, 0, DT_PICTURE_CAUSES, -2, &options, take, NULL));
    REFUSED(dt_model_draw(model, 0, DT_PICTURE_CAUSES, 0, &options, NULL, NULL));
    assert_string_equal(dt_lead_word((dt_lead)9), "");
    char text[8] = "x";
    assert_string_equal(dt_levers_in_words(NULL, NULL, NULL, 0, text, sizeof text), "");
    assert_string_equal(dt_levers_in_words(model, NULL, NULL, 0, NULL, 0), "");
}

static char *read_text(const char *path)
{
    char name[512];
    snprintf(name, sizeof name, "%s/%s", DT_ROOT, path);
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
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

static void test_histories(void **state)
{
    (void)state;
    const double world[] = {1};
    double number, numbers[16];
    char name[8] = "x";
    assert_int_equal(dt_model_observables(NULL), 0);
    assert_int_equal(dt_model_observable(NULL, 0).values, 0);
    assert_int_equal(dt_model_observable(model, 9).values, 0);
    assert_int_equal(dt_model_observable_values(NULL), 0);
    assert_string_equal(dt_model_observable_name(model, 9, name, sizeof name), "");
    assert_string_equal(dt_model_observable_name(model, 0, NULL, 0), "");
    assert_string_equal(dt_model_observable_value(model, 0, 9, name, sizeof name), "");
    MADE_NOTHING(dt_history, dt_history_parse(NULL, "h", "", 0, &options, &made));
    MADE_NOTHING(dt_history, dt_history_parse(model, "h", NULL, 1, &options, &made));
    REFUSED(dt_history_parse(model, "h", "", 0, &options, NULL));
    MADE_NOTHING(dt_history, dt_history_read(model, NULL, &options, &made));
    REFUSED(dt_history_read(model, "h.csv", &options, NULL));
    MADE_NOTHING(dt_history, dt_history_blank(model, 1, 3, &options, &made));
    REFUSED(dt_history_blank(model, 0, 3, &options, NULL));
    dt_history *history;
    assert_int_equal(dt_history_blank(model, 0, 3, &options, &history), DT_OK);
    assert_string_equal(dt_history_name(NULL), "");
    assert_int_equal(dt_history_rows(NULL), 0);
    assert_false(dt_history_has(NULL, 0) || dt_history_has(history, 9));
    assert_int_equal(dt_history_value(NULL, 0, 0), -1);
    assert_int_equal(dt_history_value(history, 9, 0), -1);
    assert_int_equal(dt_history_policy(history, 9), -1);
    assert_string_equal(dt_history_period(history, 9), "");
    REFUSED(dt_history_write(NULL, true, &options, take, NULL));
    REFUSED(dt_history_write(history, true, &options, NULL, NULL));
    const dt_history *one[] = {history}, *none[] = {NULL};
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(NULL, one, 1, NULL, &options, &made));
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(model, none, 1, NULL, &options, &made));
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(model, one, 0, NULL, &options, &made));
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(model, one, 1, &(dt_likelihood_how){.policy = 1},
                                                  &options, &made));
    MADE_NOTHING(dt_likelihood, dt_likelihood_new(model, one, 1, &(dt_likelihood_how){.worlds = 1},
                                                  &options, &made));
    REFUSED(dt_likelihood_new(model, one, 1, NULL, &options, NULL));
    dt_likelihood *likelihood;
    assert_int_equal(dt_likelihood_new(model, one, 1, NULL, &options, &likelihood), DT_OK);
    assert_int_equal(dt_likelihood_rows(NULL) + dt_likelihood_games(NULL), 0);
    assert_int_equal(dt_likelihood_nodes(NULL), 0);
    REFUSED(dt_likelihood_world(NULL, world, &options, &number, NULL));
    REFUSED(dt_likelihood_world(likelihood, NULL, &options, &number, NULL));
    REFUSED(dt_likelihood_world(likelihood, world, &options, NULL, NULL));
    REFUSED(dt_likelihood_run(NULL, world, 1, NULL, &options, &number, NULL, NULL));
    REFUSED(dt_likelihood_run(likelihood, NULL, 1, NULL, &options, &number, NULL, NULL));
    REFUSED(dt_likelihood_run(likelihood, world, 1, NULL, &options, NULL, NULL, NULL));
    REFUSED(dt_likelihood_smooth(NULL, 0, world, &options, numbers, NULL));
    REFUSED(dt_likelihood_smooth(likelihood, 1, world, &options, numbers, NULL));
    REFUSED(dt_likelihood_smooth(likelihood, 0, NULL, &options, numbers, NULL));
    REFUSED(dt_likelihood_predict(NULL, 0, 0, 1, 1, world, 1, NULL, &options, numbers, NULL));
    REFUSED(dt_likelihood_predict(likelihood, 0, 0, 1, 1, world, 1, NULL, &options, numbers, NULL));
    int drawn[8];
    const dt_replicating once = {.steps = 1, .courses = 1};
    REFUSED(dt_likelihood_replicate(NULL, &once, world, 1, NULL, &options, drawn, NULL));
    REFUSED(dt_likelihood_replicate(likelihood, NULL, world, 1, NULL, &options, drawn, NULL));
    REFUSED(dt_likelihood_replicate(likelihood, &once, world, 1, NULL, &options, drawn, NULL));
    dt_likelihood_free(likelihood);
    dt_likelihood_free(NULL);
    const dt_sampling how = {.periods = 2}, beyond = {.policy = 1, .periods = 2}, never = {0};
    MADE_NOTHING(dt_sampler, dt_sampler_new(NULL, world, &how, &options, &made));
    MADE_NOTHING(dt_sampler, dt_sampler_new(model, NULL, &how, &options, &made));
    MADE_NOTHING(dt_sampler, dt_sampler_new(model, world, NULL, &options, &made));
    MADE_NOTHING(dt_sampler, dt_sampler_new(model, world, &beyond, &options, &made));
    MADE_NOTHING(dt_sampler, dt_sampler_new(model, world, &never, &options, &made));
    REFUSED(dt_sampler_new(model, world, &how, &options, NULL));
    MADE_NOTHING(dt_history, dt_sampler_history(NULL, 0, &options, &made));
    dt_sampler *sampler;
    assert_int_equal(dt_sampler_new(model, world, &how, &options, &sampler), DT_OK);
    REFUSED(dt_sampler_history(sampler, 0, &options, NULL));
    dt_sampler_free(sampler);
    dt_sampler_free(NULL);
    dt_history_free(history);
    dt_history_free(NULL);
}

static void test_matches(void **state)
{
    (void)state;
    static const char text[] = "model m\nhorizon 2\nactor A\nstate x : bool = no\n"
                               "stage s : A { A.go ; A.stay }\npayoff A { p = s.A == go }\n";
    dt_options options = play_options(&told);
    dt_model *model = play_text(text, &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    const bool all[] = {true};
    const dt_match_how how = {.held = all};
    MADE_NOTHING(dt_match, dt_match_new(NULL, &how, &options, &made));
    MADE_NOTHING(dt_match, dt_match_new(solution, NULL, &options, &made));
    REFUSED(dt_match_new(solution, &how, &options, NULL));
    dt_match *match;
    double outcome;
    assert_int_equal(dt_match_new(solution, &how, &options, &match), DT_OK);
    assert_true(dt_match_at(NULL).over);
    REFUSED(dt_match_take(NULL, 0, &options));
    REFUSED(dt_match_take(match, 2, &options));
    assert_int_equal(dt_match_value(NULL, 0), -1);
    assert_int_equal(dt_match_value(match, 1), -1);
    assert_null(dt_match_belief(NULL, 0));
    assert_null(dt_match_belief(match, 0));
    assert_int_equal(dt_match_events(NULL), 0);
    assert_string_equal(dt_match_event(NULL, 0).text, "");
    assert_string_equal(dt_match_event(match, 99).text, "");
    assert_int_equal(dt_match_moves(NULL), 0);
    assert_string_equal(dt_match_move_at(match, 0).brief, "");
    dt_match_outcomes(NULL, &outcome);
    dt_match_outcomes(match, NULL);
    REFUSED(dt_match_spread(NULL, 0, 0, 1, &options, &outcome));
    REFUSED(dt_match_spread(solution, 0, 0, 1, &options, NULL));
    MADE_NOTHING(dt_history, dt_match_history(NULL, &options, &made));
    REFUSED(dt_match_history(match, &options, NULL));
    REFUSED(dt_match_follow(NULL, NULL, &options));
    REFUSED(dt_match_follow(match, NULL, &options));
    char code[DT_CODE_SIZE] = "x";
    assert_string_equal(dt_match_code(NULL, code, sizeof code), "");
    assert_string_equal(dt_match_code(match, NULL, 1), "");
    size_t policy;
    uint64_t seed;
    bool held;
    REFUSED(dt_match_read_code(NULL, NULL, "x", &options, &policy, &seed, &held));
    REFUSED(dt_match_read_code(model, NULL, NULL, &options, &policy, &seed, &held));
    REFUSED(dt_match_read_code(model, NULL, "x", &options, NULL, &seed, &held));
    REFUSED(dt_match_read_code(model, NULL, "x", &options, &policy, NULL, &held));
    REFUSED(dt_match_read_code(model, NULL, "x", &options, &policy, &seed, NULL));
    assert_string_equal(dt_history_note(NULL), "");
    dt_match_free(match);
    dt_match_free(NULL);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* Every function that a header declares is called above, or stands in HARMLESS. */
static void test_every_function(void **state)
{
    (void)state;
    static const char *const header[] = {
        "include/detente.h",         "include/detente_study.h",
        "include/detente_lab.h",     "include/detente_equilibria.h",
        "include/detente_levers.h",  "include/detente_design.h",
        "include/detente_referee.h", "include/detente_fit.h",
        "include/detente_history.h", "include/detente_play.h",
        "include/detente_explain.h"};
    char *here = read_text("test/unit/test_calls.c");
    int functions = 0;
    for (size_t h = 0; h < sizeof header / sizeof header[0]; h++) {
        char *text = read_text(header[h]);
        for (char *at = text; (at = strstr(at, "\nDT_API ")); functions++) {
            char *open = strchr(at + 1, '('), *name = open;
            while (name[-1] == '_' || (name[-1] >= 'a' && name[-1] <= 'z'))
                name--;
            char call[80];
            bool known = false;
            snprintf(call, sizeof call, "%.*s(", (int)(open - name), name);
            for (size_t i = 0; i < sizeof HARMLESS / sizeof HARMLESS[0]; i++)
                known |= strlen(HARMLESS[i]) == (size_t)(open - name) &&
                         strncmp(HARMLESS[i], name, (size_t)(open - name)) == 0;
            if (!known && !strstr(here, call))
                fail_msg("%s) is never called wrongly", call);
            at = open;
        }
        free(text);
    }
    assert_true(functions > 60);
    free(here);
}

static int make(void **state)
{
    (void)state;
    options = play_options(&told);
    model = play_text("model m\nhorizon 2\nactor A\nparam p = 1 in 0 .. 2\n"
                      "stage s : A { A.up { pay A p } ; A.stay }\noutcome o = mean(s.A == up)\n",
                      &options);
    const double world[] = {1};
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(dt_solve(game, world, 0, &options, &solution), DT_OK);
    assert_int_equal(dt_ensemble_run(game, world, 1, 0, NULL, &options, &ensemble), DT_OK);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    dt_ensemble_free(ensemble);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models),        cmocka_unit_test(test_games),
        cmocka_unit_test(test_solutions),     cmocka_unit_test(test_designs),
        cmocka_unit_test(test_ensembles),     cmocka_unit_test(test_equilibria),
        cmocka_unit_test(test_decomposition), cmocka_unit_test(test_studies),
        cmocka_unit_test(test_answers),       cmocka_unit_test(test_referee),
        cmocka_unit_test(test_fits),          cmocka_unit_test(test_histories),
        cmocka_unit_test(test_matches),       cmocka_unit_test(test_every_function),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
