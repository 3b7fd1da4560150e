/*
 * What counts as solved: each piece of evidence alone decides, and one world and an ensemble judge
 * alike whatever it is that isn't solved.
 */
#include "play.h"

#include <math.h>

#include "solve/solved.h"

/* One step to the wrong side of each bound is enough; a residual that isn't a number is no residual. */
static void test_judgement(void **state)
{
    (void)state;
    const dt_found fine = {.residual = 1e-8, .settled = true, .sweeps = DT_MAX_SWEEPS};
    dt_found found = fine;
    assert_int_equal(dt_judge(&found), DT_SOLVED);
    found.residual = nextafter(1e-8, 1);
    assert_int_equal(dt_judge(&found), DT_RESIDUAL_LARGE);
    found.residual = NAN;
    assert_int_equal(dt_judge(&found), DT_RESIDUAL_LARGE);
    found = fine;
    found.failures = 1;
    assert_int_equal(dt_judge(&found), DT_NODE_UNSOLVED);
    found = fine;
    found.settled = false;
    assert_int_equal(dt_judge(&found), DT_UNSETTLED);
    found.sweeps--;
    assert_int_equal(dt_judge(&found), DT_GOES_ROUND);
    for (int j = 0; j < DT_JUDGEMENTS; j++) {
        const bool solved = j == DT_SOLVED;
        assert_true((*dt_judgement_code(j) == '\0') == solved);
        assert_true((*dt_judgement_reason(j) == '\0') == solved);
        assert_true((*dt_judgement_cure(j) == '\0') == solved);
    }
}

/* Solves a model under a policy, alone and as an ensemble of one world. */
static void look(const char *path, const char *policy, bool solved, const char *code,
                 const char *reason, const char *cure)
{
    char name[512];
    double world[64], outcome[16];
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model;
    dt_game *game;
    dt_solution *solution;
    dt_ensemble *ensemble;
    snprintf(name, sizeof name, "%s/%s", DT_ROOT, path);
    assert_int_equal(dt_model_read(name, &options, &model), DT_OK);
    const int p = dt_model_find(model, DT_POLICIES, policy);
    assert_true(p >= 0);
    assert_int_equal(dt_game_explore(model, (size_t)p, &options, &game), DT_OK);
    dt_model_nominal(model, world);
    dt_game_settings(game, world);
    const dt_status status = solved ? DT_OK : DT_NO;
    assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), status);
    assert_int_equal(dt_solution_solved(solution), solved);
    assert_true((*dt_solution_reason(solution) == '\0') == solved);
    assert_non_null(strstr(dt_solution_reason(solution), reason));
    assert_string_equal(dt_solution_cure(solution), cure);
    assert_int_equal(dt_solution_outcomes(solution, &options, outcome), status);
    for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
        assert_true(isfinite(outcome[o]) == solved);

    assert_int_equal(dt_ensemble_run(game, world, 1, DT_VALUES_AVERAGE, NULL, &options, &ensemble),
                     DT_OK);
    const dt_world_result result = dt_ensemble_world(ensemble, 0);
    assert_int_equal(result.status, status);
    assert_string_equal(result.code, code);
    char text[512];
    assert_int_equal(dt_ensemble_reason(ensemble, 0, text, sizeof text), DT_OK);
    assert_true((*text == '\0') == solved);
    dt_ensemble_free(ensemble);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

static void test_models(void **state)
{
    (void)state;
    look("test/unsolved/unsolved.dtn", "one", false, "not-solved",
         "6 nodes have no solution, the first in stage s in period 3 at x=0: ",
         "try a lower rationality of those who move there");
    look("test/unsolved/unsolved.dtn", "two", true, "", "", "");
    look("test/unsolved/unsettled.dtn", "p1", false, "not-settled", "play forever doesn't settle",
         "try lower discounts, or a number of periods as lookahead");
    look("test/unsolved/unsettled-natural.dtn", "plain", false, "not-settled",
         "play forever goes round", "try a lower rationality, or a number of periods as lookahead");
    look("test/unsolved/unsettled-natural.dtn", "other", true, "", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_judgement),
        cmocka_unit_test(test_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
