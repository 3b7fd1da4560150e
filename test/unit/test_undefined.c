/*
 * What isn't a number counts as nothing, wherever numbers are compared, chosen or bounded: it stays NaN
 * to the end, where it is an error with its place, in one world and in an ensemble alike.
 */
#include "play.h"

#include <math.h>

#include "model/expression.h"

/* Conditions know three values: no `and` anything is no, yes `or` anything is yes. */
static void test_operators(void **state)
{
    (void)state;
    static const dt_operator two[] = {DT_OP_EQUAL,   DT_OP_UNEQUAL, DT_OP_LESS,
                                      DT_OP_AT_MOST, DT_OP_MIN,     DT_OP_MAX};
    for (size_t i = 0; i < sizeof two / sizeof two[0]; i++) {
        assert_true(isnan(dt_operate(two[i], NAN, 1, 0)));
        assert_true(isnan(dt_operate(two[i], 1, NAN, 0)));
        assert_false(isnan(dt_operate(two[i], 1, 2, NAN)));
    }
    assert_true(isnan(dt_operate(DT_OP_NOT, NAN, 0, 0)));
    assert_true(dt_operate(DT_OP_NOT, 0, NAN, 0) == 1);
    for (int k = 0; k < 2; k++) {
        assert_true(dt_operate(DT_OP_AND, k ? NAN : 0, k ? 0 : NAN, 0) == 0);
        assert_true(isnan(dt_operate(DT_OP_AND, k ? NAN : 1, k ? 1 : NAN, 0)));
        assert_true(dt_operate(DT_OP_OR, k ? NAN : 1, k ? 1 : NAN, 0) == 1);
        assert_true(isnan(dt_operate(DT_OP_OR, k ? NAN : 0, k ? 0 : NAN, 0)));
    }
    for (int k = 0; k < 3; k++)
        assert_true(
            isnan(dt_operate(DT_OP_CLAMP, k == 0 ? NAN : 1, k == 1 ? NAN : 0, k == 2 ? NAN : 2)));
    assert_true(isnan(dt_operate(DT_OP_SELECT, NAN, 1, 1)));
    assert_true(dt_operate(DT_OP_SELECT, 1, 2, NAN) == 2);
    assert_true(dt_operate(DT_OP_SELECT, 0, NAN, 2) == 2);
}

/* The status and the first code that a model has in the world p, alone and as one of an ensemble. */
static void look(const char *text, double p, const char *code)
{
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(text, &options);
    dt_game *game;
    dt_solution *solution;
    dt_ensemble *ensemble;
    double outcome[4];
    const dt_status wanted = *code ? DT_INVALID : DT_OK;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    dt_status status = dt_solve(game, &p, DT_VALUES_AVERAGE, &options, &solution);
    if (status == DT_OK)
        status = dt_solution_outcomes(solution, &options, outcome);
    if (status != wanted || strcmp(log.codes, code) != 0)
        fail_msg("%s\nwith p = %g: %d %s", text, p, status, log.codes);

    /* beside a world in which all is well */
    const double worlds[] = {1, p};
    assert_int_equal(dt_ensemble_run(game, worlds, 2, DT_VALUES_AVERAGE, NULL, &options, &ensemble),
                     DT_OK);
    const dt_world_result found = dt_ensemble_world(ensemble, 1);
    char reason[512];
    assert_int_equal(dt_ensemble_world(ensemble, 0).status, DT_OK);
    assert_int_equal(found.status, wanted);
    assert_string_equal(found.code, code);
    assert_int_equal(dt_ensemble_reason(ensemble, 1, reason, sizeof reason), DT_OK);
    if (*code && !strstr(reason, " (text:"))
        fail_msg("no place in: %s", reason);
    dt_ensemble_free(ensemble);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* With p = 1 all of these are numbers; with p = -1 sqrt(p) isn't one. */
static void test_worlds(void **state)
{
    (void)state;
    static const struct {
        const char *number; /* between 0 and 1 where it is one */
        bool defined;       /* with p = -1, too */
    } each[] = {
        {"(sqrt(p) > 3)",              false},
        {"(sqrt(p) <= 3)",             false},
        {"(3 >= sqrt(p))",             false},
        {"(sqrt(p) == 3)",             false},
        {"(sqrt(p) != 3)",             false},
        {"(not sqrt(p) > 3)",          false},
        {"(p > 0 and sqrt(p) > 3)",    true },
        {"(sqrt(p) > 3 and p > 0)",    true },
        {"(p < 0 and sqrt(p) > 3)",    false},
        {"(p < 0 or sqrt(p) > 3)",     true },
        {"(sqrt(p) > 3 or p > 0)",     false},
        {"min(0.5, sqrt(p))",          false},
        {"min(sqrt(p), 0.5)",          false},
        {"max(0.5, sqrt(p))",          false},
        {"clamp(sqrt(p), 0, 1)",       false},
        {"clamp(0.5, sqrt(p) - 1, 1)", false},
        {"clamp(0.5, 0, sqrt(p))",     false},
        {"(sqrt(p) > 3 ? 0.2 : 0.3)",  false},
        {"(p > 0 ? sqrt(p) : 0.3)",    true },
        {"(p < 0 ? 0.3 : sqrt(p))",    true },
    };
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        static const struct {
            const char *text, *code;
        } use[] = {
            {"payoff A { u = x * %s }",                  "world-payment"    },
            {"outcome o = mean(%s)",                     "outcome-number"   },
            {"outcome o = total(%s)",                    "outcome-number"   },
            {"outcome o = ever(%s > 0.4)",               "outcome-number"   },
            {"outcome o = first(%s > 0.4)",              "outcome-number"   },
            {"stage c : chance { with %s { x := no } }", "world-probability"},
        };
        for (size_t u = 0; u < sizeof use / sizeof use[0]; u++) {
            char line[256], text[512];
            snprintf(line, sizeof line, use[u].text, each[i].number);
            snprintf(text, sizeof text,
                     "model m\nhorizon 2\nactor A\nparam p = 1 in -1 .. 1\nstate x : bool = yes\n"
                     "stage s : A { A.up { x := yes } ; A.stay }\n%s\n",
                     line);
            look(text, 1, "");
            look(text, -1, each[i].defined ? "" : use[u].code);
        }
    }
}

/* An outcome that is more than a number can hold: in one world it isn't solved, in an ensemble the
 * world is wrong. Means don't overflow on the way. */
static void test_overflow(void **state)
{
    (void)state;
    look("model m\nhorizon 2\nactor A\nparam p = 1 in 0 .. 2\nstage s : A { A.up ; A.stay }\n"
         "outcome o = mean(1.7e308)\n",
         2, "");
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text("model m\nhorizon 2\nactor A\nparam p = 1e307 in 0 .. 1e308\n"
                                "stage s : A { A.up ; A.stay }\noutcome o = total(p)\n",
                                &options);
    const double worlds[] = {1e307, 1e308};
    dt_game *game;
    dt_solution *solution;
    dt_ensemble *ensemble;
    double outcome;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(dt_solve(game, &worlds[1], DT_VALUES_AVERAGE, &options, &solution), DT_OK);
    assert_int_equal(dt_solution_outcomes(solution, &options, &outcome), DT_NO);
    assert_true(isnan(outcome));
    assert_string_equal(log.codes, "outcome-overflow");
    assert_int_equal(dt_ensemble_run(game, worlds, 2, DT_VALUES_AVERAGE, NULL, &options, &ensemble),
                     DT_OK);
    assert_int_equal(dt_ensemble_world(ensemble, 0).status, DT_OK);
    assert_true(fabs(dt_ensemble_world(ensemble, 0).outcome[0] - 2e307) <= 1e294);
    const dt_world_result found = dt_ensemble_world(ensemble, 1);
    assert_int_equal(found.status, DT_INVALID);
    assert_string_equal(found.code, "outcome-overflow");
    assert_true(isnan(found.outcome[0]));
    dt_ensemble_free(ensemble);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operators),
        cmocka_unit_test(test_worlds),
        cmocka_unit_test(test_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
