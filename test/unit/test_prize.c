/*
 * Ends that are prizes: the two numbers compared are those that follow from their definition by hand.
 */
#include "play.h"

#include <math.h>

enum { MOST = 8 };

/* Solves a model under its only policy and looks for prizes. */
static size_t look(const char *text, dt_prize *prize)
{
    play_log log = {0};
    dt_options options = play_options(&log);
    dt_model *model = play_text(text, &options);
    assert_in_range(dt_model_ends(model) * dt_model_count(model, DT_ACTORS), 0, MOST);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    size_t count = MOST;
    assert_int_equal(dt_solution_prizes(solution, &options, prize, &count), DT_OK);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
    return count;
}

#define STRIKE                                                                                     \
    "state war : bool = no\n"                                                                      \
    "stage act : A { A.strike { war := yes } A.bear }\n"                                           \
    "end war when war\n"

/* A coin decides, as rationality is 0. Striking costs 1 more; bearing is followed by the last period,
 * which is worth -1 - 1/2. */
static void numbers_are_those_by_hand(void **state)
{
    (void)state;
    dt_prize prize[MOST];
    assert_int_equal(look("model m\nhorizon 1\nlookahead 1\nactor A rationality 0\n" STRIKE
                          "payoff A { strain = -1 ; war = -war }\n",
                          prize),
                     1);
    assert_int_equal(prize[0].end, 0);
    assert_int_equal(prize[0].actor, 0);
    assert_true(fabs(prize[0].paid + 1) < 1e-12);
    assert_true(fabs(prize[0].future + 1.5) < 1e-12);
}

/* V = -1 - 1/2 + 1/2 · 0.9 V, and the future is 0.9 V. */
static void so_are_those_of_play_forever(void **state)
{
    (void)state;
    dt_prize prize[MOST];
    assert_int_equal(look("model m\nhorizon 3\nlookahead forever\n"
                          "actor A discount 0.9 rationality 0\n" STRIKE
                          "payoff A { strain = -1 ; war = -war }\n",
                          prize),
                     1);
    assert_true(fabs(prize[0].paid + 1) < 1e-12);
    assert_true(fabs(prize[0].future - 0.9 * -1.5 / 0.55) < 1e-5);
}

/* An end that costs as much as it saves, one that pays more than it saves, and one after which there
 * would have been something to win. */
static void real_ends_are_none(void **state)
{
    (void)state;
    dt_prize prize[MOST];
    assert_int_equal(look("model m\nhorizon 1\nlookahead 1\nactor A rationality 0\n" STRIKE
                          "payoff A { strain = -1 ; war = -2 * war }\n",
                          prize),
                     0);
    assert_int_equal(look("model m\nhorizon 1\nlookahead 1\nactor A rationality 0\n" STRIKE
                          "payoff A { strain = -1 ; spoils = 3 * war }\n",
                          prize),
                     0);
    assert_int_equal(look("model m\nhorizon 1\nlookahead 1\nactor A rationality 0\n" STRIKE
                          "payoff A { gain = 1 ; war = -war }\n",
                          prize),
                     0);
}

/* Of two ends and two actors: only the one end is a prize, and only to the one actor, whether the
 * payments are made at once or at the end of the period. */
static void ends_and_actors_are_told_apart(void **state)
{
    (void)state;
    dt_prize prize[MOST];
    assert_int_equal(look("model m\nhorizon 4\nlookahead 4\nactor A rationality 0\nactor B\n"
                          "state over : {no_end, flight, treaty} = no_end\n"
                          "stage act : A {\n"
                          "  A.flee { over := flight ; pay A -1/2 ; pay B 50 }\n"
                          "  A.sign { with 1/2 { over := treaty ; pay A -300 ; pay B 50 } }\n"
                          "  A.bear { pay A -1 }\n"
                          "}\n"
                          "end treaty when over == treaty\n"
                          "end flight when over == flight\n"
                          "payoff A { strain = -30 }\n"
                          "payoff B { strain = -1 }\n",
                          prize),
                     1);
    assert_int_equal(prize[0].end, 1);
    assert_int_equal(prize[0].actor, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_by_hand),
        cmocka_unit_test(so_are_those_of_play_forever),
        cmocka_unit_test(real_ends_are_none),
        cmocka_unit_test(ends_and_actors_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
