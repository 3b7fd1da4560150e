/*
 * The whole stationary game: its derivatives against differences of its equations, the engine's solutions
 * as their zeros, equilibria that are known in closed form, and one that folds on the way to other numbers.
 */
#include "play.h"

#include <math.h>

#include "base/job.h"
#include "detente_equilibria.h"
#include "solve/sweep.h"
#include "solve/whole.h"

/* Two actors and a third that joins one of them in a team, moving one after the other and at once, with
 * chance, an end, and unequal discounts. */
static const char MIXED[] =
    "model mixed\nhorizon 5\nlookahead forever\n"
    "actor A discount 0.9 rationality 1.3\nactor B discount 0.8 rationality 0.7\n"
    "actor C discount 0.6 rationality 2\n"
    "param p = 0.3\n"
    "state x : 0..3 = 1\nstate over : bool = no\n"
    "stage lone : A { A.up { x += 1 } ; A.down { x -= 1 } ; A.stay }\n"
    "stage both : B, C {\n B.give { pay B -0.4 } B.keep\n C.push { x += 1 } C.pull { x -= 1 } "
    "C.rest { "
    "pay C 0.1 }\n}\n"
    "stage fate : chance { with p * (x == 3) { over := yes }  if both.B == give and both.C == push "
    "{ pay A "
    "0.5 ; pay C 0.7 } }\n"
    "payoff A { level = x * x / 4 }\npayoff B { mid = x == 2 }\npayoff C { low = -x + 0.3 * "
    "(lone.A == up) }\n"
    "end done when over\n"
    "outcome o = last(x)\npolicy apart\npolicy joined { team B, C weights 0.3, 0.9 }\n"
    "policy pair { team A, C }\n";

static dt_group *group_of(dt_arena *arena, const dt_game *game, dt_values values)
{
    const dt_group_plan *plan = dt_group_plan_new(arena, game, values, false, 1, 1);
    dt_world *world = dt_world_new(arena, game, 1);
    dt_model_nominal(game->model, world->parameter);
    dt_group *group = dt_group_new(arena, plan, dt_lane_code_of(DT_KERNEL_AUTO), world, DT_KEEP_ALL,
                                   1, dt_new(arena, double, game->options));
    assert_true(dt_group_numbers(group, 1));
    return group;
}

/* Odds that nothing follows from. */
static void any_odds(double *z, size_t n)
{
    for (size_t u = 0; u < n; u++)
        z[u] = sin(3.7 * (double)u + 1) * 1.4;
}

static double largest_difference(dt_whole *whole, double t)
{
    const size_t n = whole->unknowns;
    const double step = 1e-5;
    double z[64], ahead[64], rate[64], most = 0;
    assert_in_range(n, 1, 64);
    any_odds(z, n);
    for (size_t u = 0; u <= n; u++) {
        const double kept = u < n ? z[u] : t;
        if (u < n)
            z[u] = kept + step;
        dt_whole_at(whole, z, u < n ? t : kept + step);
        memcpy(ahead, whole->residual, n * sizeof *ahead);
        if (u < n)
            z[u] = kept - step;
        dt_whole_at(whole, z, u < n ? t : kept - step);
        for (size_t v = 0; v < n; v++)
            ahead[v] = (ahead[v] - whole->residual[v]) / (2 * step);
        if (u < n)
            z[u] = kept;
        dt_whole_at(whole, z, t);
        dt_whole_matrix(whole, n);
        dt_whole_rate(whole, rate);
        for (size_t v = 0; v < n; v++)
            most = fmax(most, fabs(ahead[v] - (u < n ? whole->matrix[v * n + u] : rate[v])));
    }
    return most;
}

static dt_status differ(dt_arena *arena, void *argument)
{
    const dt_game *game = argument;
    const bool team = game->rules->agents < game->model->actors;
    for (dt_values values = DT_VALUES_AVERAGE; values <= DT_VALUES_SURPLUS - (team ? 1 : 0);
         values++) {
        dt_whole *whole = dt_whole_new(arena, group_of(arena, game, values));
        assert_true(largest_difference(whole, 1) < 1e-8);
        assert_true(largest_difference(whole, 0.4) < 1e-8);
    }
    return DT_OK;
}

/* The engine's solution is a zero, and the branch ends at one whatever the values are. */
static dt_status vanish(dt_arena *arena, void *argument)
{
    const dt_game *game = argument;
    const bool team = game->rules->agents < game->model->actors;
    for (dt_values values = DT_VALUES_AVERAGE; values <= DT_VALUES_SURPLUS - (team ? 1 : 0);
         values++) {
        double world[8], z[64];
        dt_model_nominal(game->model, world);
        dt_solution *solution;
        assert_int_equal(dt_solve(game, world, values, NULL, &solution), DT_OK);
        dt_whole *whole = dt_whole_new(arena, group_of(arena, game, values));
        dt_whole_odds(whole, solution->strategy->probability, z);
        assert_true(dt_whole_at(whole, z, 1) < 1e-10);
        for (int i = 0; i < game->model->actors; i++) {
            const size_t at = game->start * whole->columns + (size_t)i;
            double value = whole->state[at] + whole->group->constant[i];
            if (values == DT_VALUES_SURPLUS) /* t λ V + E */
                value += whole->state[at + (size_t)game->model->actors] /
                         whole->group->world->rationality[game->rules->actor_agent[i]];
            assert_true(fabs(value - solution->value[i]) < 1e-10);
        }
        assert_true(dt_whole_branch(whole, z).arrived);
        assert_true(dt_whole_at(whole, z, 1) < 1e-9);
        dt_solution_free(solution);
    }
    return DT_OK;
}

static void each_policy(dt_status (*work)(dt_arena *arena, void *argument))
{
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(MIXED, &options);
    for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
        dt_game *game;
        assert_int_equal(dt_game_explore(model, p, &options, &game), DT_OK);
        assert_int_equal(dt_job(&options, work, game), DT_OK);
        dt_game_free(game);
    }
    dt_model_free(model);
}

static void test_derivatives(void **state)
{
    (void)state;
    each_policy(differ);
}

static void test_solutions_are_zeros(void **state)
{
    (void)state;
    each_policy(vanish);
}

/* ---- the stag hunt, of which all logit equilibria are known ------------------------------------------ */

static const char HUNT[] =
    "model hunt\nhorizon 1\nlookahead forever\n"
    "actor A discount 0 rationality lambda\nactor B discount 0 rationality lambda\n"
    "param lambda = 2\n"
    "stage hunt : A, B { A.stag ; A.hare ; B.stag ; B.hare }\n"
    "payoff A { game = hunt.A == stag ? (hunt.B == stag ? 10 : 1) : (hunt.B == stag ? 8 : 5) }\n"
    "payoff B { game = hunt.B == stag ? (hunt.A == stag ? 10 : 1) : (hunt.A == stag ? 8 : 5) }\n"
    "outcome stag = mean(hunt.A == stag)\n";

/* The root of log(s/(1-s)) = λ (6s - 4) in an interval where it changes sign; equilibria of coordination
 * games with equal players are symmetric. */
static double hunt_root(double lambda, double low, double high)
{
    const double sign = log(low / (1 - low)) - lambda * (6 * low - 4) > 0 ? 1 : -1;
    for (int i = 0; i < 200; i++) {
        const double s = (low + high) / 2;
        *(sign * (log(s / (1 - s)) - lambda * (6 * s - 4)) > 0 ? &low : &high) = s;
    }
    return low;
}

static void test_known_equilibria(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(HUNT, &options);
    dt_game *game;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    const double lambda = 2;
    dt_equilibria *found;
    assert_int_equal(dt_equilibria_find(game, &lambda, DT_VALUES_AVERAGE, NULL, &options, &found),
                     DT_OK);
    assert_int_equal(dt_equilibria_count(found), 3);
    /* the slope of the equation vanishes at 1/2 ± sqrt(1/4 - 1/(6λ)): between and beyond lie the roots */
    const double turn = sqrt(0.25 - 1 / (6 * lambda));
    const double root[] = {hunt_root(lambda, 1e-12, 0.5 - turn),
                           hunt_root(lambda, 0.5 - turn, 0.5 + turn),
                           hunt_root(lambda, 0.5 + turn, 1 - 1e-12)};
    for (size_t i = 0; i < 3; i++) {
        const dt_equilibrium item = dt_equilibria_item(found, i);
        double stag;
        assert_int_equal(dt_solution_outcomes(item.solution, &options, &stag), DT_OK);
        assert_true(fabs(stag - root[i]) < 1e-10);
        assert_int_equal(item.held, i == 1 ? DT_HELD_NO : DT_HELD_YES);
        assert_true(fabs(item.distance - (root[i] - root[0])) < 1e-9);
    }
    assert_int_equal(dt_equilibria_item(found, 0).found,
                     DT_FOUND_LIMIT | DT_FOUND_BRANCH | DT_FOUND_STARTS);
    const dt_search_report report = dt_equilibria_report(found);
    assert_int_equal(report.plural, 1);
    assert_true(report.passes == 1);

    /* the third at λ = 3 is still the third; at λ = 1/2 there is but one, and it has folded back where
     * the slope and the equation vanish together */
    dt_solution *solution;
    double other = 3, stag;
    assert_int_equal(dt_equilibria_continue(found, 2, &other, &options, &solution), DT_OK);
    assert_int_equal(dt_solution_outcomes(solution, &options, &stag), DT_OK);
    const double far = sqrt(0.25 - 1 / (6 * other));
    assert_true(fabs(stag - hunt_root(other, 0.5 + far, 1 - 1e-12)) < 1e-10);
    dt_solution_free(solution);
    other = 0.5;
    assert_int_equal(dt_equilibria_continue(found, 2, &other, &options, &solution), DT_NO);
    assert_false(dt_solution_solved(solution));
    assert_non_null(strstr(dt_solution_reason(solution), "folds back"));
    dt_solution_free(solution);
    dt_equilibria_free(found);
    dt_game_free(game);
    dt_model_free(model);
}

/* What is found depends on the seed and the starts alone, and more starts add to it. */
static void test_starts(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = NULL;
    assert_int_equal(dt_model_read("models/classics/dyads/us-china.dtn", &options, &model), DT_OK);
    dt_game *game;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    double world[32];
    dt_model_nominal(model, world);
    size_t count[3];
    dt_equilibria *found[3];
    for (size_t i = 0; i < 3; i++) {
        const dt_search search = {.starts = i == 2 ? 200 : 100, .seed = 5};
        assert_int_equal(
            dt_equilibria_find(game, world, DT_VALUES_SURPLUS, &search, &options, &found[i]),
            DT_OK);
        count[i] = dt_equilibria_count(found[i]);
    }
    assert_int_equal(count[0], count[1]);
    assert_true(count[2] >= count[0]);
    for (size_t i = 0; i < count[0]; i++) {
        const dt_equilibrium one = dt_equilibria_item(found[0], i),
                             same = dt_equilibria_item(found[1], i);
        assert_memory_equal(one.solution->strategy->probability,
                            same.solution->strategy->probability, game->options * sizeof(double));
        dt_certificate verified;
        dt_certificate certificate = dt_solution_certificate(one.solution);
        assert_int_equal(dt_verify((dt_solution *)one.solution, &options, &verified), DT_OK);
        double far;
        assert_int_equal(dt_certificate_confirm(model, &certificate, &verified, &far),
                         DT_CONFIRMED);
    }
    for (size_t i = 0; i < 3; i++)
        dt_equilibria_free(found[i]);
    dt_game_free(game);
    dt_model_free(model);
}

/* An equilibrium carried to other numbers by many small steps, at each of which a search of its own is given
 * the strategy of the one before. False if it is lost on the way. */
static bool carry(const dt_game *game, const double *from, const double *to, size_t params,
                  double *strategy, const dt_options *options)
{
    enum { STEPS = 40 };
    double world[32];
    for (int step = 1; step <= STEPS; step++) {
        for (size_t p = 0; p < params; p++)
            world[p] = from[p] + step * (to[p] - from[p]) / STEPS;
        const dt_search search = {.starts = 1, .given = strategy};
        dt_equilibria *found;
        assert_int_equal(
            dt_equilibria_find(game, world, DT_VALUES_SURPLUS, &search, options, &found), DT_OK);
        bool there = false;
        for (size_t i = 0; i < dt_equilibria_count(found) && !there; i++) {
            const dt_equilibrium item = dt_equilibria_item(found, i);
            const double *at = item.solution->strategy->probability;
            there = item.found & DT_FOUND_GIVEN && dt_strategies_apart(game, at, strategy) < 0.05;
            if (there)
                memcpy(strategy, at, game->options * sizeof *strategy);
        }
        dt_equilibria_free(found);
        if (!there)
            return false;
    }
    return true;
}

/* Followed by its own steps or carried by small ones it is the same equilibrium, and an ensemble has the
 * same bits as a world by itself. */
static void test_selected(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = NULL;
    assert_int_equal(dt_model_read("models/classics/dyads/us-china.dtn", &options, &model), DT_OK);
    const size_t params = dt_model_count(model, DT_PARAMETERS),
                 outcomes = dt_model_count(model, DT_OUTCOMES);
    dt_game *game;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    double declared[32], worlds[2 * 32], value[8];
    dt_model_nominal(model, declared);
    for (size_t p = 0; p < 2 * params; p++)
        worlds[p] =
            declared[p % params] * (1 + (p < params ? 0.01 : 0.03) * sin(2.0 * (double)p + 1));
    dt_equilibria *found;
    assert_int_equal(dt_equilibria_find(game, declared, DT_VALUES_SURPLUS, NULL, &options, &found),
                     DT_OK);
    size_t arrived = 0, lost = 0;
    for (size_t i = 0; i < dt_equilibria_count(found); i += 3) {
        const dt_selected selected = dt_equilibria_selected(found, i);
        options.selected = &selected;
        dt_ensemble *ensemble;
        assert_int_equal(
            dt_ensemble_run(game, worlds, 2, DT_VALUES_SURPLUS, NULL, &options, &ensemble), DT_OK);
        for (size_t w = 0; w < 2; w++) {
            dt_solution *solution;
            const dt_status status =
                dt_solve(game, worlds + w * params, DT_VALUES_SURPLUS, &options, &solution);
            const dt_world_result one = dt_ensemble_world(ensemble, w);
            assert_int_equal(one.status, status);
            double strategy[64];
            assert_in_range(game->options, 1, 64);
            memcpy(strategy, selected.strategy, game->options * sizeof *strategy);
            const bool carried =
                carry(game, declared, worlds + w * params, params, strategy, &options);
            assert_int_equal(status, carried ? DT_OK : DT_NO);
            *(carried ? &arrived : &lost) += 1;
            if (carried) {
                assert_true(dt_strategies_apart(game, solution->strategy->probability, strategy) <
                            1e-9);
                assert_int_equal(dt_solution_outcomes(solution, &options, value), DT_OK);
                assert_memory_equal(one.outcome, value, outcomes * sizeof *value);
            }
            dt_solution_free(solution);
        }
        dt_ensemble_free(ensemble);
        options.selected = NULL;
    }
    assert_true(arrived >= 6 && lost >= 1);
    /* at another rationality it is no equilibrium */
    const dt_selected selected = dt_equilibria_selected(found, 0);
    dt_solution *solution;
    options.selected = &selected;
    options.rationality_scale = 2;
    assert_int_equal(dt_solve(game, declared, DT_VALUES_SURPLUS, &options, &solution), DT_INVALID);
    assert_null(solution);
    assert_null(dt_equilibria_selected(found, SIZE_MAX).strategy);
    dt_equilibria_free(found);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_derivatives),      cmocka_unit_test(test_solutions_are_zeros),
        cmocka_unit_test(test_known_equilibria), cmocka_unit_test(test_starts),
        cmocka_unit_test(test_selected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
