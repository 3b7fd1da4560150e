/*
 * A model played otherwise by options, with another rationality or lookahead: what the referee rests on, against the same written in
 * the text.
 */
#include "referees.h"

#include <math.h>

static const char RACE[] = "model race\nhorizon 3\n%s\nactor A discount 0.9 rationality %s\nactor "
                           "B discount 0.8 rationality %s\n"
                           "state arms : 0..3 = 0\n"
                           "stage s : A, B {\n A.build { arms += 1 ; pay A -0.3 }\n A.wait\n "
                           "B.build { arms += 1 }\n B.wait "
                           "{ arms -= 1 }\n}\n"
                           "payoff A { arms = -arms }\npayoff B { arms = 0.4 * arms }\n"
                           "outcome arms = mean(arms)\n";

static dt_model *read_race(const char *lookahead, const char *a, const char *b,
                           const dt_options *options)
{
    char text[1024];
    assert_in_range(snprintf(text, sizeof text, RACE, lookahead, a, b), 1, sizeof text - 1);
    return play_text(text, options);
}

static double mean_arms(const dt_model *model, const dt_options *options, dt_values values,
                        bool ensemble)
{
    dt_game *game;
    double outcome;
    assert_int_equal(dt_game_explore(model, 0, options, &game), DT_OK);
    if (ensemble) {
        dt_ensemble *solved;
        const dt_ensemble_options how = {.jobs = 1};
        assert_int_equal(dt_ensemble_run(game, NULL, 1, values, &how, options, &solved), DT_OK);
        outcome = dt_ensemble_world(solved, 0).outcome[0];
        dt_ensemble_free(solved);
    } else {
        dt_solution *solution;
        assert_int_equal(dt_solve(game, NULL, values, options, &solution), DT_OK);
        assert_int_equal(dt_solution_outcomes(solution, options, &outcome), DT_OK);
        dt_certificate certificate;
        assert_int_equal(dt_verify(solution, options, &certificate), DT_OK);
        const dt_certificate own = dt_solution_certificate(solution);
        double difference;
        assert_int_equal(dt_certificate_confirm(model, &own, &certificate, &difference),
                         DT_CONFIRMED);
        dt_solution_free(solution);
    }
    dt_game_free(game);
    return outcome;
}

/* Other play by options is, bit for bit, that of the text that says so; one world or lanes. */
static void test_options(void **state)
{
    (void)state;
    static const struct {
        const char *lookahead, *a, *b;
        dt_options options;
    } other[] = {
        {"lookahead 7",       "2",  "1.5", {.other_lookahead = true, .lookahead = 7}            },
        {"lookahead forever", "2",  "1.5", {.other_lookahead = true, .lookahead = -1}           },
        {"",                  "2",  "1.5", {.other_lookahead = true}                            },
        {"lookahead 2",       "0",  "0",   {.chance_alone = true}                               },
        {"lookahead 2",       "10", "7.5", {.rationality_scale = 5}                             },
        {"lookahead 4",
         "0",                       "0",
         {.chance_alone = true, .rationality_scale = 3, .other_lookahead = true, .lookahead = 4}},
    };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        for (int ensemble = 0; ensemble < 2; ensemble++) {
            play_log told;
            const dt_options plain = play_options(&told);
            dt_options options = other[i].options;
            options.report = plain.report;
            options.report_context = &told;
            dt_model *own = read_race("lookahead 2", "2", "1.5", &plain);
            dt_model *written = read_race(other[i].lookahead, other[i].a, other[i].b, &plain);
            const double number = mean_arms(own, &options, DT_VALUES_AVERAGE, ensemble);
            assert_float_equal(number, mean_arms(written, &plain, DT_VALUES_AVERAGE, ensemble), 0);
            if (options.chance_alone) /* values are plain whatever is asked for */
                assert_float_equal(number, mean_arms(own, &options, DT_VALUES_SURPLUS, ensemble),
                                   0);
            dt_model_free(own);
            dt_model_free(written);
        }
    }
}

/* The calendar can't be read forever, whether the text says so or the options do. */
static void test_calendar(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model =
        play_text("model m\nhorizon 2\nactor A discount 0.9\nstage s : A {\n A.a { pay A now }\n"
                  " A.b\n}\noutcome a = mean(s.A == a)\n",
                  &options);
    dt_game *game;
    options.other_lookahead = true;
    options.lookahead = -1;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_INVALID);
    assert_string_equal(told.codes, "calendar-forever");
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 1}, &(dt_options){0});
    assert_true(isnan(found->other[(found->lookaheads - 1) * found->outcomes]));
    dt_refereed_free(found);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
