/*
 * Games with private variables as a whole: what is found in Kreps and Wilson's chain store, where a quarter
 * of the points have folds, doesn't hang on how long the steps along a path are, nor on which nodes are
 * called certain; and world after world in the same work space gives the bits of each by itself. The bits are
 * the same with any kernel and any number of threads, and with strategies of the horizon alone; what is found in lanes is
 * what paths lead to.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "detente_explain.h"
#include "solve/private.h"
#include "solve/sweep.h"

static dt_model *read_chain_store(int periods, double rationality, int beliefs)
{
    char text[1200];
    const int length =
        snprintf(text, sizeof text,
                 "model chain_store\nhorizon %d\nbeliefs %d\n"
                 "param odds = 0.1 in 0 .. 1\n"
                 "actor I discount 1 rationality %g\nactor E discount 0 rationality %g\n"
                 "private I x : {weak, tough} = {weak: 1 - odds, tough: odds}\n"
                 "stage entry : E { E.enter ; E.out }\n"
                 "stage reply : I when entry.E == enter {\n"
                 "  I.fight { pay I (x == tough ? 0 : -1) ; pay E -0.5 }\n"
                 "  I.yield { pay I (x == tough ? -1 : 0) ; pay E 0.5 }\n"
                 "}\n"
                 "payoff I { u = 2 * (entry.E == out) }\n"
                 "outcome entries = total(entry.E == enter)\n",
                 periods, beliefs, rationality, rationality);
    assert_true(length > 0 && (size_t)length < sizeof text);
    dt_model *model = NULL;
    assert_int_equal(dt_model_parse("chain store", text, strlen(text), NULL, &model), DT_OK);
    return model;
}

/* The greatest difference between two strategies, at points that there are. */
static double apart(const dt_typed_strategy *one, const dt_typed_strategy *other)
{
    double most = 0;
    for (uint32_t t = 0; t < one->periods; t++) {
        for (uint32_t point = 0; point < one->beliefs->points; point++) {
            const double *a = dt_typed_of(one, t, point), *b = dt_typed_of(other, t, point);
            for (size_t o = 0; o < one->options; o++)
                most = fmax(most, fabs(a[o * DT_POINTS] - b[o * DT_POINTS]));
        }
    }
    return most;
}

static void test_steps(void **unused)
{
    (void)unused;
    static const double rationalities[] = {5, 10};
    static const int fineness[] = {8, 16, 32};
    const double odds = 0.1;
    for (int r = 0; r < 2; r++) {
        for (int f = 0; f < 3; f++) {
            dt_model *model = read_chain_store(5, rationalities[r], fineness[f]);
            dt_game *game = NULL;
            assert_int_equal(dt_game_explore(model, 0, NULL, &game), DT_OK);
            dt_arena *arena = dt_arena_new(NULL, 0);
            const dt_private_plan *plan =
                dt_private_plan_new(arena, game, DT_VALUES_AVERAGE, false, 1, false);
            const dt_lane_code *code = dt_lane_code_of(DT_KERNEL_AUTO);
            dt_private *plain = dt_private_new(arena, plan, code, DT_KEEP_ALL, 1);
            dt_private *doubting = dt_private_new(arena, plan, code, DT_KEEP_ALL, 1);
            dt_private_doubt(doubting);
            dt_private_solve(plain, &odds);
            dt_private_solve(doubting, &odds);
            assert_int_equal(plain->found.failures, 0);
            assert_int_equal(doubting->found.failures, 0);
            assert_true(plain->count.proved > 0);
            assert_true(r == 0 || plain->count.proved < plain->count.games);
            assert_true(doubting->count.steps > 4 * plain->count.steps);
            assert_true(apart(&plain->strategy, &doubting->strategy) < 1e-9);
            dt_arena_free(arena);
            dt_game_free(game);
            dt_model_free(model);
        }
    }
}

/* A model of some hundred nodes with what lanes know: one who knows and chooses, openly and unseen, chance
 * that reads what it knows, somebody who only learns, and beliefs that move by themselves. */
static dt_model *read_station(void)
{
    static const char text[] =
        "model station\nhorizon 4\nlookahead 2\nbeliefs 12\nparam odds = 0.1 in 0 .. 1\n"
        "state s : 0..30 = 4\nstate seen : bool = no\n"
        "actor A discount 0.9 rationality 2\nactor B discount 0.8 rationality 3\n"
        "private A x : {low, high} = {low: 1 - odds, high: odds}\n"
        "hidden stage arm : A { A.build { pay A -0.2; x := high } ; A.wait }\n"
        "stage inspect : chance { with (x == high ? 0.4 : 0.1) { seen := yes } }\n"
        "stage speak : A { A.boast { s += 2; pay A (x == high ? 0.1 : -0.3) } ; A.hush { s -= 1 } ;"
        " A.stay }\n"
        "stage fade : chance { with 0.05 { x := low } }\n"
        "stage answer : B { B.press { s -= 1; pay B (x == high ? -0.3 : 0.1) } ; B.leave }\n"
        "payoff A { u = 0.02 * s + 0.2 * (answer.B == leave) * (x == high) }\n"
        "payoff B { v = -0.03 * s - 0.1 * seen }\n"
        "outcome pressed = total(answer.B == press)\n";
    dt_model *model = NULL;
    assert_int_equal(dt_model_parse("station", text, sizeof text - 1, NULL, &model), DT_OK);
    return model;
}

static void test_lanes(void **unused)
{
    (void)unused;
    const double odds = 0.3;
    dt_model *model = read_station();
    dt_game *game = NULL;
    assert_int_equal(dt_game_explore(model, 0, NULL, &game), DT_OK);
    for (int surplus = 0; surplus < 2; surplus++) {
        dt_arena *arena = dt_arena_new(NULL, 0);
        const dt_private_plan *plan = dt_private_plan_new(
            arena, game, surplus ? DT_VALUES_SURPLUS : DT_VALUES_AVERAGE, true, 1, false);
        const dt_lane_code *code = dt_lane_code_of(DT_KERNEL_PLAIN);
        const size_t numbers =
            plan->packs * game->periods * plan->group->options * DT_POINTS * sizeof(double);
        dt_private *first = dt_private_new(arena, plan, code, DT_KEEP_ALL, 1);
        dt_private *doubting = dt_private_new(arena, plan, code, DT_KEEP_ALL, 2);
        dt_private_solve(first, &odds);
        assert_int_equal(first->found.failures, 0);
        assert_true(first->found.residual < 1e-13);
        assert_true(first->count.games > 1000);
        assert_true(first->count.proved > first->count.games - first->count.games / 10);
        dt_private_doubt(doubting);
        dt_private_solve(doubting, &odds);
        assert_true(apart(&first->strategy, &doubting->strategy) < 1e-10);
        for (size_t c = 0; c < plan->group->columns; c++)
            assert_true(fabs(first->start[c] - doubting->start[c]) < 1e-10);
        for (dt_kernel kernel = DT_KERNEL_PLAIN; kernel <= DT_KERNEL_AVX512; kernel++) {
            code = dt_lane_code_of(kernel);
            for (int jobs = 1; code && jobs <= 3; jobs += 2) {
                dt_private *other = dt_private_new(arena, plan, code, DT_KEEP_ALL, jobs);
                dt_private_solve(other, &odds);
                assert_memory_equal(first->strategy.probability, other->strategy.probability,
                                    numbers);
                assert_memory_equal(first->start, other->start,
                                    plan->group->columns * sizeof *first->start);
                assert_memory_equal(&first->found.residual, &other->found.residual, sizeof(double));
                assert_memory_equal(&first->count, &other->count, sizeof first->count);
            }
        }
        dt_arena_free(arena);
    }
    dt_game_free(game);
    dt_model_free(model);
}

static void test_worlds(void **unused)
{
    (void)unused;
    static const double odds[] = {0.1, 0.35, 0.02, 0.35};
    dt_model *model = read_chain_store(4, 6, 8);
    dt_game *game = NULL;
    dt_ensemble *all = NULL, *one = NULL;
    assert_int_equal(dt_game_explore(model, 0, NULL, &game), DT_OK);
    assert_int_equal(dt_ensemble_run(game, odds, 4, DT_VALUES_AVERAGE, NULL, NULL, &all), DT_OK);
    for (size_t w = 0; w < 4; w++) {
        dt_world_result result, alone;
        assert_int_equal(dt_ensemble_run(game, odds + w, 1, DT_VALUES_AVERAGE, NULL, NULL, &one),
                         DT_OK);
        result = dt_ensemble_world(all, w);
        alone = dt_ensemble_world(one, 0);
        assert_memory_equal(result.outcome, alone.outcome, sizeof(double));
        assert_memory_equal(result.value, alone.value, 2 * sizeof(double));
        assert_memory_equal(result.gap, alone.gap, 2 * sizeof(double));
        dt_ensemble_free(one);
        dt_solution *solution = NULL;
        double outcome;
        assert_int_equal(dt_solve(game, odds + w, DT_VALUES_AVERAGE, NULL, &solution), DT_OK);
        assert_int_equal(dt_solution_outcomes(solution, NULL, &outcome), DT_OK);
        assert_memory_equal(result.outcome, &outcome, sizeof outcome);
        dt_solution_free(solution);
    }
    dt_ensemble_free(all);
    dt_game_free(game);
    dt_model_free(model);
}

static bool write_nothing(void *context, const char *text, size_t length)
{
    (void)context;
    (void)text;
    (void)length;
    return true;
}

/* Without the strategies past the horizon all else is the same, and what reads them says so. */
static void test_horizon(void **unused)
{
    (void)unused;
    const double odds = 0.3;
    dt_model *model = read_station();
    dt_game *game = NULL;
    dt_solution *whole = NULL, *alone = NULL;
    const dt_options options = {.horizon_alone = true};
    double outcome[2], value[2], other[2];
    assert_int_equal(dt_game_explore(model, 0, NULL, &game), DT_OK);
    assert_int_equal(dt_solve(game, &odds, DT_VALUES_AVERAGE, NULL, &whole), DT_OK);
    assert_int_equal(dt_solve(game, &odds, DT_VALUES_AVERAGE, &options, &alone), DT_OK);
    assert_int_equal(dt_solution_outcomes(whole, NULL, &outcome[0]), DT_OK);
    assert_int_equal(dt_solution_outcomes(alone, NULL, &outcome[1]), DT_OK);
    assert_memory_equal(&outcome[0], &outcome[1], sizeof *outcome);
    const dt_certificate first = dt_solution_certificate(whole),
                         second = dt_solution_certificate(alone);
    assert_memory_equal(first.value, second.value, sizeof value);
    assert_memory_equal(first.gap, second.gap, sizeof value);
    assert_memory_equal(&first.residual, &second.residual, sizeof(double));
    assert_memory_equal(&first.calibration, &second.calibration, sizeof(double));
    for (size_t rank = 0; rank < 2; rank++) {
        value[rank] = dt_solution_type_value(whole, 0, rank);
        other[rank] = dt_solution_type_value(alone, 0, rank);
    }
    assert_memory_equal(value, other, sizeof value);
    dt_certificate verified;
    assert_int_equal(dt_verify(whole, NULL, &verified), DT_OK);
    assert_int_equal(dt_verify(alone, NULL, &verified), DT_INVALID);
    dt_explanation *why = NULL;
    assert_int_equal(dt_explain(whole, "", NULL, 1, NULL, &why), DT_OK);
    dt_explanation_free(why);
    assert_int_equal(dt_explain(alone, "", NULL, 1, NULL, &why), DT_INVALID);
    assert_int_equal(dt_export(whole, DT_EXPORT_JSON, NULL, write_nothing, NULL), DT_OK);
    assert_int_equal(dt_export(alone, DT_EXPORT_JSON, NULL, write_nothing, NULL), DT_INVALID);
    dt_solution_free(whole);
    dt_solution_free(alone);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_worlds),
        cmocka_unit_test(test_horizon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
