/*
 * What holds by chance alone: orders that are those of everybody tossing coins, and outcomes without solving anything.
 */
#include "referees.h"

#include <math.h>

/* Ranks by hand; the last two items are tied in the first list, by `same` alone in the third. */
static void test_rank_correlation(void **state)
{
    (void)state;
    const double a[] = {1, 3, 5, 5}, b[] = {10, 20, 40, 30}, c[] = {1, 3, 5, 5 + 1e-5};
    const double down[] = {4, 3, 2, 1}, none[] = {7, 7, 7, 7};
    const double holes[] = {1, NAN, 2, 3}, other[] = {30, 0, 20, NAN};
    assert_float_equal(dt_rank_correlation(b, b, 4, 0), 1, 1e-15);
    assert_float_equal(dt_rank_correlation(c, down, 4, 0), -1, 1e-15);
    /* ranks 1, 2, 3.5, 3.5 and 1, 2, 4, 3: 4.5 / √(4.5 · 5) */
    assert_float_equal(dt_rank_correlation(a, b, 4, 0), sqrt(0.9), 1e-15);
    assert_float_equal(dt_rank_correlation(c, b, 4, 1e-4), sqrt(0.9), 1e-15);
    assert_float_equal(dt_rank_correlation(holes, other, 4, 0), -1, 1e-15);
    assert_true(isnan(dt_rank_correlation(none, b, 4, 0)));
    assert_true(isnan(dt_rank_correlation(a, b, 1, 0)));
    assert_true(dt_ranked_by_chance(a, b, 4)); /* .949 */
    assert_false(dt_ranked_by_chance(b, down, 4));
    assert_true(dt_ranked_by_chance(b, a, 2)); /* of two: the same order */
    assert_false(dt_ranked_by_chance(b, down, 2));
    assert_false(dt_ranked_by_chance(b, (double[]){0.5, 0.5 + 1e-10}, 2)); /* no order */
}

/* Nothing solved, everybody tossing coins: what solving it with every rationality 0 finds. */
static void test_outcomes_by_chance(void **state)
{
    (void)state;
    static const char *const path[] = {
        DT_ROOT "/test/cli/referee.dtn",           DT_ROOT "/test/verification/random-3.dtn",
        DT_ROOT "/test/verification/random-7.dtn", DT_ROOT "/test/verification/calendar-1.dtn",
        DT_ROOT "/models/classics/arms-race.dtn",  DT_ROOT "/models/classics/mckelvey-mclennan.dtn",
    };
    for (size_t m = 0; m < sizeof path / sizeof *path; m++) {
        play_log told;
        dt_options options = play_options(&told);
        dt_model *model;
        assert_int_equal(dt_model_read(path[m], &options, &model), DT_OK);
        double world[64], solved[64], chance[64];
        assert_in_range(dt_model_count(model, DT_PARAMETERS), 0, 64);
        assert_in_range(dt_model_count(model, DT_OUTCOMES), 1, 64);
        for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
            dt_game *game;
            dt_solution *solution;
            options.chance_alone = false;
            dt_model_nominal(model, world);
            assert_int_equal(dt_game_explore(model, p, &options, &game), DT_OK);
            dt_game_settings(game, world);
            assert_int_equal(dt_game_outcomes_by_chance(game, world, &options, chance), DT_OK);
            /* in one pass with those of a solution, to the last bit */
            double beside[64], own[64];
            assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
            assert_int_equal(dt_solution_outcomes(solution, &options, own), DT_OK);
            assert_int_equal(dt_solution_outcomes_and_chance(solution, &options, solved, beside),
                             DT_OK);
            const size_t bytes = dt_model_count(model, DT_OUTCOMES) * sizeof *own;
            assert_memory_equal(own, solved, bytes);
            assert_memory_equal(chance, beside, bytes);
            dt_solution_free(solution);
            options.chance_alone = true;
            assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
            assert_int_equal(dt_solution_outcomes(solution, &options, solved), DT_OK);
            for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
                assert_float_equal(chance[o], solved[o], 1e-12 * fmax(1, fabs(solved[o])));
            dt_solution_free(solution);
            dt_game_free(game);
        }
        dt_model_free(model);
    }
}

/* A wrong number is told with its place. */
static void test_chance_of_a_wrong_world(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = play_text("model m\nhorizon 2\nactor A\nparam p = 0.5\nstate x : bool = no\n"
                                "stage s : A { A.go { with p { x := yes } } ; A.stay }\n"
                                "outcome x = ever(x)\n",
                                &options);
    dt_game *game;
    double outcome;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(dt_game_outcomes_by_chance(game, (double[]){1.0}, &options, &outcome), DT_OK);
    assert_float_equal(outcome, 0.75, 1e-15);
    assert_int_equal(dt_game_outcomes_by_chance(game, (double[]){1.5}, &options, &outcome),
                     DT_INVALID);
    assert_string_equal(told.codes, "world-probability");
    assert_true(isnan(outcome));
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rank_correlation),
        cmocka_unit_test(test_outcomes_by_chance),
        cmocka_unit_test(test_chance_of_a_wrong_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
