/*
 * What is told of games with private variables beside their strategies: what others learn over time by the
 * truth, worked out by hand in a game of one signal; and gaps that are asked for later.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detente.h"
#include "solve/solve.h"
#include "trace/over_time.h"

static const double price = 0.25;

/* x costs a soft A 1 and a hard one a quarter; nobody answers. */
static dt_game *explore_gesture(dt_model **model)
{
    static const char text[] = "model gesture\nhorizon 1\nbeliefs 8\n"
                               "actor A rationality 2\nactor B\n"
                               "param price = 0.5 in 0 .. 1\n"
                               "private A aim : {soft, hard} = {soft: 0.7, hard: 0.3}\n"
                               "stage s : A { A.x { pay A -price * (aim == soft ? 4 : 1) } A.y }\n";
    dt_game *game = NULL;
    assert_int_equal(dt_model_parse("gesture", text, strlen(text), NULL, model), DT_OK);
    assert_int_equal(dt_game_explore(*model, 0, NULL, &game), DT_OK);
    return game;
}

/* One signal by hand: type k plays x with σ_k, so it is believed h' after it, and the point g next to h' is
 * heard with w_g g(k)/h'(k). What is believed of the type that is there, by `over time`, is the sum over both
 * actions and both points; and what is believed as play begins is the sum over the prior's own two points. */
static void test_learning(void **unused)
{
    (void)unused;
    enum { N = 8 };
    const double pi = acos(-1), prior[2] = {0.7, 0.3};
    const double x[2] = {1 / (1 + exp(2)), 1 / (1 + exp(0.5))};
    double knot[N + 1];
    for (int j = 0; j <= N; j++)
        knot[j] = (1 - cos(pi * j / N)) / 2;
    /* joint[k][l]: chance that it is k, times what is believed of l, at the start and after the stage */
    double joint[2][2][2] = {{{0}}};
    int first = 0;
    while (prior[0] > knot[first + 1])
        first++;
    const double raised = (prior[0] - knot[first]) / (knot[first + 1] - knot[first]);
    for (int corner = 0; corner < 2; corner++) {
        const double point[2] = {knot[first + corner], 1 - knot[first + corner]};
        const double weight = corner ? raised : 1 - raised;
        for (int k = 0; k < 2; k++) {
            for (int l = 0; l < 2; l++)
                joint[0][k][l] += weight * point[k] * point[l];
        }
        for (int played = 0; played < 2; played++) {
            const double take[2] = {played ? x[0] : 1 - x[0], played ? x[1] : 1 - x[1]};
            const double chance = point[0] * take[0] + point[1] * take[1];
            const double soft = point[0] * take[0] / chance;
            int j = 0;
            while (soft > knot[j + 1])
                j++;
            const double r = (soft - knot[j]) / (knot[j + 1] - knot[j]);
            for (int next = 0; next < 2; next++) {
                const double heard[2] = {knot[j + next], 1 - knot[j + next]};
                for (int k = 0; k < 2; k++) {
                    for (int l = 0; l < 2; l++)
                        joint[1][k][l] +=
                            weight * chance * (next ? r : 1 - r) * heard[k] * heard[l];
                }
            }
        }
    }
    dt_model *model;
    dt_game *game = explore_gesture(&model);
    dt_solution *solution = NULL;
    assert_int_equal(dt_solve(game, &price, DT_VALUES_AVERAGE, NULL, &solution), DT_OK);
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_over_time *over = dt_over_time_make(arena, solution);
    assert_int_equal(over->learnings, 4);
    for (int t = 0; t < 2; t++) {
        for (int k = 0; k < 2; k++) {
            for (int l = 0; l < 2; l++)
                assert_true(fabs(over->learned[4 * t + 2 * k + l] - joint[t][k][l] / prior[k]) <
                            1e-13);
        }
    }
    assert_true(fabs(over->share[0] - 0.7) < 1e-14 && fabs(over->mean[0] - 0.3) < 1e-14);
    dt_arena_free(arena);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* Values alone first, the gaps later: the same bits as those of both at once. */
static void test_gaps_later(void **unused)
{
    (void)unused;
    dt_model *model;
    dt_game *game = explore_gesture(&model);
    dt_solution *both, *later;
    assert_int_equal(dt_solve(game, &price, DT_VALUES_AVERAGE, NULL, &both), DT_OK);
    assert_int_equal(dt_solve_values(game, &price, DT_VALUES_AVERAGE, NULL, &later), DT_OK);
    assert_null(later->gap);
    assert_memory_equal(later->value, both->value, 2 * sizeof *both->value);
    assert_int_equal(dt_solution_gaps(later, NULL), DT_OK);
    assert_memory_equal(later->gap, both->gap, 2 * sizeof *both->gap);
    assert_true(later->gap[0] > 0 && later->gap[1] == 0);
    dt_solution_free(later);
    dt_solution_free(both);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learning),
        cmocka_unit_test(test_gaps_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
