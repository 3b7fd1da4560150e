/*
 * The verifier: it agrees with the solver on what the solver found, catches a strategy that is off by
 * a millionth, and knows a gap that is known in closed form.
 */
#include "play.h"

#include <math.h>

#include "verify/certify.h"

static void assert_close(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-9 * fmax(1, fabs(wanted)))) {
        print_error("%.17g isn't %.17g\n", found, wanted);
        fail();
    }
}

static void look_at_certificate(dt_solution *solution, const dt_options *options)
{
    dt_certificate found;
    const dt_certificate given = dt_solution_certificate(solution);
    assert_int_equal(dt_verify(solution, options, &found), DT_OK);
    assert_true(found.residual <= 1e-8);
    assert_close(found.residual, given.residual);
    for (int i = 0; i < solution->game->model->actors; i++) {
        assert_close(found.value[i], given.value[i]);
        assert_close(found.gap[i], given.gap[i]);
        assert_true(solution->values == DT_VALUES_SURPLUS || found.gap[i] >= -1e-9);
    }
    dt_certificate again;
    assert_int_equal(dt_verify(solution, options, &again), DT_OK);
    assert_ptr_equal(again.gap, found.gap);
}

static void verifier_agrees_with_solver(void **state)
{
    (void)state;
    assert_true(play_all(look_at_certificate) >= 2 * PLAY_MODELS_COUNT);
}

typedef struct certification {
    dt_arena *arena;
    const dt_solution *solution;
    dt_certificate found;
} certification;

static dt_status certify(void *argument)
{
    certification *c = argument;
    c->found = dt_certify(c->arena, c->solution->game, c->solution->world, c->solution->strategy,
                          c->solution->values, NULL);
    return DT_OK;
}

static double residual_of(const dt_solution *solution)
{
    certification c = {.arena = dt_arena_new(NULL, 0), .solution = solution};
    assert_int_equal(dt_arena_try(c.arena, certify, &c), DT_OK);
    dt_arena_free(c.arena);
    return c.found.residual;
}

/* Moves a millionth from one option to another at one decision of one period. */
static void look_at_perturbed(dt_solution *solution, const dt_options *options)
{
    (void)options;
    const dt_game *game = solution->game;
    uint32_t step = game->nodes / 7 + 1, tried = 0;
    for (uint32_t n = 0; n < game->nodes; n += step) {
        const dt_menu *menu = &game->menu[game->node_menu[n]];
        if (menu->agents == 0 || menu->options[0] < 2)
            continue;
        uint32_t period = solution->strategy->periods - 1;
        if (n >=
            game->stage_first[menu->stage] + dt_game_count(game, (uint32_t)menu->stage, period))
            continue;
        double *sigma = dt_strategy_at(solution->strategy, game, period, n);
        const double kept[2] = {sigma[0], sigma[1]};
        sigma[0] += 1e-6;
        sigma[1] -= 1e-6;
        assert_true(residual_of(solution) > 5e-7);
        sigma[0] = NAN;
        assert_true(isnan(residual_of(solution)));
        sigma[0] = kept[0];
        sigma[1] = kept[1];
        tried++;
    }
    assert_true(tried <= 7);
}

static void a_millionth_is_caught(void **state)
{
    (void)state;
    play_all(look_at_perturbed);
}

/* ---- two certificates ---- */

static dt_confirmation confirm(const dt_solution *solution, const dt_certificate *a,
                               const dt_certificate *b)
{
    double difference;
    const dt_confirmation found = dt_certificate_confirm(solution->game->model, a, b, &difference);
    assert_true(found == DT_DISAGREES ? difference > 1e-9 : difference <= 1e-9);
    return found;
}

/* Any number of a certificate that is off by a billionth and a half, or is none, is refused, and one off by
 * a tenth of that isn't; either certificate may be the one. */
static void look_at_numbers(dt_solution *solution, const dt_options *options)
{
    (void)options;
    enum { MOST = 16 };
    const size_t actors = (size_t)solution->game->model->actors;
    double gap[MOST], value[MOST];
    const dt_certificate given = dt_solution_certificate(solution);
    dt_certificate other = {given.residual, given.rounding, gap, value, 0};
    assert_true(actors <= MOST);
    memcpy(gap, given.gap, actors * sizeof *gap);
    memcpy(value, given.value, actors * sizeof *value);
    assert_int_equal(confirm(solution, &given, &other), DT_CONFIRMED);
    for (size_t i = 0; i < 2 + 2 * actors; i++) {
        double *number = i == 2 * actors + 1 ? &other.calibration
                         : i == 0            ? &other.residual
                         : i <= actors       ? &gap[i - 1]
                                             : &value[i - 1 - actors];
        const double kept = *number, unit = fmax(1, fabs(kept));
        const double off[] = {1.5e-9, -1.5e-9, 1e-6, -1e-6, 1e-3, NAN, INFINITY};
        for (size_t k = 0; k < sizeof off / sizeof *off; k++) {
            *number = kept + off[k] * unit;
            assert_int_equal(confirm(solution, &given, &other), DT_DISAGREES);
            assert_int_equal(confirm(solution, &other, &given), DT_DISAGREES);
        }
        *number = kept + 1.5e-10 * unit;
        assert_int_equal(confirm(solution, &given, &other), DT_CONFIRMED);
        *number = kept;
    }
}

static void a_number_that_is_off_is_refused(void **state)
{
    (void)state;
    play_all(look_at_numbers);
}

/* Two certificates that agree on a residual above 1e-8, or a calibration above 1e-9, confirm no solution. */
static void look_at_residual(dt_solution *solution, const dt_options *options)
{
    (void)options;
    dt_certificate given = dt_solution_certificate(solution);
    given.residual = 1e-8;
    assert_int_equal(confirm(solution, &given, &given), DT_CONFIRMED);
    const double large[] = {1.1e-8, 1e-6, 1e-3, 1};
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        given.residual = large[i];
        assert_int_equal(confirm(solution, &given, &given), DT_MISSES_EQUATIONS);
    }
    given.residual = NAN;
    assert_int_equal(confirm(solution, &given, &given), DT_DISAGREES);
    given.residual = 0;
    given.calibration = 1e-9;
    assert_int_equal(confirm(solution, &given, &given), DT_CONFIRMED);
    given.calibration = 1.1e-9;
    assert_int_equal(confirm(solution, &given, &given), DT_MISSES_EQUATIONS);
}

static void a_residual_that_is_large_is_refused(void **state)
{
    (void)state;
    play_all(look_at_residual);
}

/* From the strategy to the answer: a millionth moved at the first decision is refused. */
static int moved;

static void look_at_strategy(dt_solution *solution, const dt_options *options)
{
    const dt_game *game = solution->game;
    for (uint32_t n = 0; n < game->nodes; n++) {
        const dt_menu *menu = &game->menu[game->node_menu[n]];
        const uint32_t stage = (uint32_t)menu->stage;
        if (menu->agents == 0 || menu->options[0] < 2 ||
            n >= game->stage_first[stage] + dt_game_count(game, stage, 0))
            continue;
        double *sigma = dt_strategy_at(solution->strategy, game, 0, n);
        sigma[0] += 1e-6;
        sigma[1] -= 1e-6;
        dt_certificate found;
        const dt_certificate given = dt_solution_certificate(solution);
        assert_int_equal(dt_verify(solution, options, &found), DT_OK);
        assert_int_equal(confirm(solution, &given, &found), DT_DISAGREES);
        moved++;
        return;
    }
}

static void a_strategy_that_is_off_is_refused(void **state)
{
    (void)state;
    moved = 0;
    play_all(look_at_strategy);
    assert_true(moved >= PLAY_MODELS_COUNT);
}

/* Prisoner's dilemma with 9,9 / 0,10 / 10,0 / 1,1: defection is worth 1 more whatever the other does,
 * so the gap is P(C) = 1/(1+e^λ). The payoff is only `share` of what a team of both would get. */
static void known_gap(void **state)
{
    (void)state;
    static const char TEXT[] =
        "model pd\nhorizon 1\nactor A rationality 1.5\nactor B rationality 1.5\n"
        "stage s : A, B { A.c ; A.d ; B.c ; B.d }\n"
        "payoff A { x = s.A == c ? (s.B == c ? 9 : 0) : (s.B == c ? 10 : 1) }\n"
        "payoff B { x = s.B == c ? (s.A == c ? 9 : 0) : (s.A == c ? 10 : 1) }\n"
        "policy apart\npolicy joint { team A, B weights 0.5, 0.5 }\n";
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = play_text(TEXT, &options);
    for (size_t policy = 0; policy < 2; policy++) {
        dt_game *game;
        dt_solution *solution = play_solve(model, policy, DT_VALUES_AVERAGE, &options, &game);
        dt_certificate found;
        assert_int_equal(dt_verify(solution, &options, &found), DT_OK);
        double gap = 1 / (1 + exp(1.5));
        if (policy == 1) { /* joint payoffs 9, 5, 5, 1 */
            double w[] = {exp(1.5 * 9), exp(1.5 * 5), exp(1.5 * 5), exp(1.5)};
            double all = w[0] + w[1] + w[2] + w[3];
            gap = 9 - (9 * w[0] + 5 * (w[1] + w[2]) + w[3]) / all;
        }
        assert_close(found.gap[0], gap);
        assert_close(found.gap[1], gap);
        dt_solution_free(solution);
        dt_game_free(game);
    }
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verifier_agrees_with_solver),
        cmocka_unit_test(a_millionth_is_caught),
        cmocka_unit_test(a_number_that_is_off_is_refused),
        cmocka_unit_test(a_residual_that_is_large_is_refused),
        cmocka_unit_test(a_strategy_that_is_off_is_refused),
        cmocka_unit_test(known_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
