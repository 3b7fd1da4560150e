/*
 * Private variables that are known: a game in which they are constants has the values, gaps, outcomes and
 * explanations of the game that keeps them on the whole grid of beliefs, and as many nodes; what may change, or
 * isn't certain in every world, isn't taken for known; and what a game was explored for is asked of each world.
 */
#include "play.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detente_explain.h"
#include "trace/over_time.h"

static const double SAME = 1e-12;

/* Both types may be told apart by what they do and by an event; B's will is a secret all along. */
static const char TEXT[] =
    "model talks\nhorizon 3\nbeliefs 8\nactor A rationality 2\nactor B rationality 3\n"
    "param p = 1\nparam w = 1\n"
    "private A aim : {soft, hard} = {soft: 1 - p, hard: p}\n"
    "private B will : bool = {no: 0.6, yes: 0.4}\n"
    "state shown : bool = no\nstate deal : 0..2 = 0\n"
    "stage offer : A {\n"
    " A.talk { pay A -w * (aim == hard); deal += 1 }\n"
    " A.test { with 0.3 + 0.4 * (aim == hard) { shown := yes } }\n"
    " A.lie { aim := soft }\n}\n"
    "stage reply : B {\n B.press { pay B -0.3 + 0.5 * will; pay A -0.2 }\n B.wait\n}\n"
    "stage luck : chance { with 0.5 * (aim == soft) { deal -= 1 } }\n"
    "payoff A { arms = shown * (aim == hard); relief = 0.4 * deal }\n"
    "payoff B { fear = -shown; hope = deal * (aim == soft) }\n"
    "outcome tests = count(offer.A == test)\noutcome seen = ever(shown)\n"
    "outcome hard = last(aim == hard)\noutcome trust = mean(belief(aim == soft) * deal)\n"
    "outcome doubt = mean(belief(will))\n"
    "policy drawn { forbid A.lie }\n"
    "policy sure { forbid A.lie; start aim = soft }\n"
    "policy both { forbid A.lie; start aim = hard; start will = yes }\n"
    "policy lying { start aim = hard }\n";

enum { DRAWN, SURE, BOTH, LYING };

static void assert_near(double found, double wanted)
{
    if (!(isnan(found) && isnan(wanted)) &&
        !(fabs(found - wanted) <= SAME * fmax(1, fabs(wanted)))) {
        print_error("%.17g isn't %.17g\n", found, wanted);
        fail();
    }
}

static void assert_all_near(const double *found, const double *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_near(found[i], wanted[i]);
}

/* A policy on the whole grid, and with what is known for a constant. */
typedef struct pair {
    play_log log;
    dt_options options;
    dt_model *model;
    dt_game *game[2];
    dt_solution *solution[2];
} pair;

static void open_pair(pair *two, size_t policy)
{
    double world[2];
    two->options = play_options(&two->log);
    two->model = play_text(TEXT, &two->options);
    dt_model_nominal(two->model, world);
    assert_int_equal(dt_game_explore(two->model, policy, &two->options, &two->game[0]), DT_OK);
    assert_int_equal(
        dt_game_explore_known(two->model, policy, world, 1, &two->options, &two->game[1]), DT_OK);
    for (int g = 0; g < 2; g++)
        assert_int_equal(
            dt_solve(two->game[g], world, DT_VALUES_AVERAGE, &two->options, &two->solution[g]),
            DT_OK);
}

static void close_pair(pair *two)
{
    for (int g = 0; g < 2; g++) {
        dt_solution_free(two->solution[g]);
        dt_game_free(two->game[g]);
    }
    dt_model_free(two->model);
}

static void compare_certificates(const pair *two)
{
    const dt_certificate whole = dt_solution_certificate(two->solution[0]),
                         known = dt_solution_certificate(two->solution[1]);
    const dt_counts nodes[2] = {dt_game_counts(two->game[0]), dt_game_counts(two->game[1])};
    dt_certificate verified;
    double far;
    assert_all_near(known.value, whole.value, 2);
    assert_all_near(known.gap, whole.gap, 2);
    assert_true(known.calibration <= SAME);
    assert_int_equal(nodes[1].nodes, nodes[0].nodes);
    assert_int_equal(nodes[1].states, nodes[0].states);
    assert_int_equal(dt_verify(two->solution[1], &two->options, &verified), DT_OK);
    assert_int_equal(dt_certificate_confirm(two->model, &known, &verified, &far), DT_CONFIRMED);
}

static void compare_outcomes(const pair *two)
{
    double whole[5], known[5];
    assert_int_equal(dt_solution_outcomes(two->solution[0], &two->options, whole), DT_OK);
    assert_int_equal(dt_solution_outcomes(two->solution[1], &two->options, known), DT_OK);
    assert_all_near(known, whole, 5);
    for (size_t actor = 0; actor < 2; actor++) {
        for (size_t k = 0; k < 3; k++) {
            assert_near(dt_solution_type_value(two->solution[1], actor, k),
                        dt_solution_type_value(two->solution[0], actor, k));
            dt_solution_type_outcomes(two->solution[0], actor, k, &two->options, whole);
            dt_solution_type_outcomes(two->solution[1], actor, k, &two->options, known);
            assert_all_near(known, whole, 5);
        }
    }
}

static void compare_over_time(const pair *two)
{
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_over_time *whole = dt_over_time_make(arena, two->solution[0]),
                       *known = dt_over_time_make(arena, two->solution[1]);
    assert_int_equal(known->values, whole->values);
    assert_int_equal(known->learnings, whole->learnings);
    assert_all_near(known->outcome, whole->outcome, whole->periods * 5);
    assert_all_near(known->mean, whole->mean, whole->periods * 4);
    assert_all_near(known->share, whole->share, whole->periods * whole->values);
    assert_all_near(known->learned, whole->learned, (whole->periods + 1) * whole->learnings);
    dt_arena_free(arena);
}

static void compare_explanations(const pair *two, const char *stage, int period)
{
    dt_explanation *e[2];
    for (int g = 0; g < 2; g++)
        assert_int_equal(
            dt_explain(two->solution[g], "shown=no", stage, period, &two->options, &e[g]), DT_OK);
    assert_string_equal(e[1]->state, e[0]->state);
    assert_int_equal(e[1]->movers, e[0]->movers);
    assert_int_equal(e[1]->beliefs, e[0]->beliefs);
    assert_near(e[1]->reached, e[0]->reached);
    assert_near(e[1]->believed, e[0]->believed);
    assert_all_near(e[1]->outcome, e[0]->outcome, e[0]->outcomes);
    for (size_t b = 0; b < e[0]->beliefs; b++) {
        assert_int_equal(e[1]->belief[b].variable, e[0]->belief[b].variable);
        assert_all_near(e[1]->belief[b].share, e[0]->belief[b].share, 2);
        assert_false(e[0]->belief[b].known); /* nobody was asked what is certain */
    }
    for (size_t m = 0; m < e[0]->movers; m++) {
        const dt_explained_mover *whole = &e[0]->mover[m], *known = &e[1]->mover[m];
        assert_string_equal(known->name, whole->name);
        assert_int_equal(known->variable, whole->variable);
        assert_int_equal(known->actions, whole->actions);
        for (size_t a = 0; a < whole->actions; a++) {
            assert_near(known->action[a].probability, whole->action[a].probability);
            assert_near(known->action[a].value, whole->action[a].value);
            assert_all_near(known->action[a].term, whole->action[a].term, whole->terms);
            assert_all_near(known->action[a].outcome, whole->action[a].outcome, e[0]->outcomes);
            assert_int_equal(!known->action[a].posterior, !whole->action[a].posterior);
            if (whole->action[a].posterior)
                assert_all_near(known->action[a].posterior, whole->action[a].posterior, 2);
        }
    }
    dt_explanation_free(e[0]);
    dt_explanation_free(e[1]);
}

/* By the prior in the world at hand, by `start` beside a secret, and all of them. */
static void test_same(void **state)
{
    (void)state;
    for (size_t policy = DRAWN; policy <= BOTH; policy++) {
        pair two;
        open_pair(&two, policy);
        assert_int_equal(dt_solution_points(two.solution[0]), 81);
        assert_int_equal(dt_solution_points(two.solution[1]), policy == BOTH ? 1 : 9);
        compare_certificates(&two);
        compare_outcomes(&two);
        compare_over_time(&two);
        compare_explanations(&two, "offer", 1);
        compare_explanations(&two, "reply", 2);
        close_pair(&two);
    }
}

/* What an action may change, or a hidden stage, isn't known; where a policy forbids the action it is. */
static void test_changing(void **state)
{
    (void)state;
    pair two;
    open_pair(&two, LYING);
    assert_int_equal(dt_solution_points(two.solution[1]), 81);
    close_pair(&two);
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text("model m\nbeliefs 4\nactor A\nactor B\nprivate A x : bool = no\n"
                                "hidden stage s : A { A.dig { pay A -1 }; A.rest }\n"
                                "payoff B { fear = -x }\n",
                                &options);
    dt_game *game;
    dt_solution *solution;
    assert_int_equal(dt_game_explore_known(model, 0, NULL, 0, &options, &game), DT_OK);
    assert_int_equal(dt_solve(game, NULL, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
    assert_int_equal(dt_solution_points(solution), 5);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* A world in which it isn't so is wrong by itself; worlds that differ leave the variable a secret. */
static void test_worlds(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(TEXT, &options);
    const double worlds[3][2] = {
        {1,   1  },
        {1,   0.5},
        {0.5, 1  }
    };
    dt_game *whole, *known, *secret;
    dt_solution *solution;
    dt_ensemble *found[2];
    const dt_ensemble_options how = {.jobs = 1};
    assert_int_equal(dt_game_explore(model, DRAWN, &options, &whole), DT_OK);
    assert_int_equal(dt_game_explore_known(model, DRAWN, worlds[0], 2, &options, &known), DT_OK);
    assert_int_equal(dt_game_check_known(known, worlds[0], 2, &options), DT_OK);
    assert_int_equal(dt_game_check_known(known, worlds[0], 3, &options), DT_NO);
    assert_int_equal(dt_game_explore_known(model, DRAWN, worlds[0], 3, &options, &secret), DT_OK);
    assert_int_equal(dt_game_check_known(secret, worlds[0], 3, &options), DT_OK);
    assert_int_equal(dt_solve(known, worlds[2], DT_VALUES_AVERAGE, &options, &solution),
                     DT_INVALID);
    assert_string_equal(log.codes, "world-known");
    assert_int_equal(
        dt_ensemble_run(whole, worlds[0], 3, DT_VALUES_AVERAGE, &how, &options, &found[0]), DT_OK);
    assert_int_equal(
        dt_ensemble_run(known, worlds[0], 3, DT_VALUES_AVERAGE, &how, &options, &found[1]), DT_OK);
    for (size_t w = 0; w < 2; w++) {
        const dt_world_result one = dt_ensemble_world(found[0], w),
                              other = dt_ensemble_world(found[1], w);
        assert_int_equal(other.status, DT_OK);
        assert_all_near(other.outcome, one.outcome, 5);
        assert_all_near(other.value, one.value, 2);
        assert_all_near(other.gap, one.gap, 2);
    }
    assert_int_equal(dt_ensemble_world(found[1], 2).status, DT_INVALID);
    assert_string_equal(dt_ensemble_world(found[1], 2).code, "world-known");
    dt_ensemble_free(found[0]);
    dt_ensemble_free(found[1]);
    dt_game_free(whole);
    dt_game_free(known);
    dt_game_free(secret);
    dt_model_free(model);
}

/* What an expectation found under a policy, as a number. */
typedef struct heard {
    double found[8];
    size_t count;
} heard;

static void hear(void *context, const dt_expectation *result)
{
    heard *h = context;
    assert_true(h->count < 8);
    h->found[h->count++] = strtod(strchr(result->found, '=') + 1, NULL);
}

/* Expectations whose numbers make a variable certain, certain the other way, or a secret have the outcomes of the
 * whole grid, whatever the games given take for known; a policy's setting gives way to them. */
static void test_expectations(void **state)
{
    (void)state;
    static const double P[] = {1, 0, 0.5, 0};
    play_log log;
    const dt_options options = play_options(&log);
    char text[sizeof TEXT + 400];
    snprintf(text, sizeof text,
             "%spolicy set { forbid A.lie; set p = 1 }\n"
             "expect \"declared\" under drawn : trust < 9\n"
             "expect \"soft\" under drawn with p = 0 : trust < 9\n"
             "expect \"a secret\" under drawn with p = 0.5 : trust < 9\n"
             "expect \"not as it is set\" under set with p = 0 : trust < 9\n",
             TEXT);
    dt_model *model = play_text(text, &options);
    dt_game *whole[5], *known[5], *ranges[5];
    double world[2], outcome[5];
    heard by_whole = {.count = 0}, by_known = by_whole;
    dt_model_nominal(model, world);
    for (size_t p = 0; p < 5; p++) {
        assert_int_equal(dt_game_explore(model, p, &options, &whole[p]), DT_OK);
        assert_int_equal(dt_game_explore_known(model, p, world, 1, &options, &known[p]), DT_OK);
        assert_int_equal(dt_game_explore_ranges(model, p, world, NULL, &options, &ranges[p]),
                         DT_OK);
        assert_int_equal(dt_game_secrets(ranges[p]), dt_game_secrets(known[p]));
    }
    assert_int_equal(
        dt_expectations_run(model, whole, world, DT_VALUES_AVERAGE, &options, hear, &by_whole),
        DT_OK);
    assert_int_equal(
        dt_expectations_run(model, known, world, DT_VALUES_AVERAGE, &options, hear, &by_known),
        DT_OK);
    assert_int_equal(by_known.count, 4);
    for (size_t i = 0; i < 4; i++) {
        dt_solution *solution;
        world[0] = P[i];
        assert_int_equal(dt_solve(whole[DRAWN], world, DT_VALUES_AVERAGE, &options, &solution),
                         DT_OK);
        assert_int_equal(dt_solution_outcomes(solution, &options, outcome), DT_OK);
        assert_true(fabs(by_known.found[i] - outcome[3]) < 1e-9);
        assert_true(fabs(by_whole.found[i] - outcome[3]) < 1e-9);
        dt_solution_free(solution);
    }
    for (size_t p = 0; p < 5; p++) {
        dt_game_free(whole[p]);
        dt_game_free(known[p]);
        dt_game_free(ranges[p]);
    }
    dt_model_free(model);
}

/* What has a range isn't taken for known over the ranges, unless it is held. */
static void test_ranges(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text("model m\nactor A\nparam p = 1 in 0 .. 1\n"
                                "private A x : bool = {no: 1 - p, yes: p}\n"
                                "stage s : A { A.x; A.y { pay A x } }\n"
                                "policy free {}\npolicy fixed { set p = 0 }\n",
                                &options);
    static const struct {
        size_t policy;
        bool held;
        size_t secrets;
    } wanted[] = {
        {0, false, 1},
        {0, true,  0},
        {1, false, 0},
    };
    const double world[1] = {1};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        dt_game *game;
        assert_int_equal(dt_game_explore_ranges(model, wanted[i].policy, world, &wanted[i].held,
                                                &options, &game),
                         DT_OK);
        assert_int_equal(dt_game_secrets(game), wanted[i].secrets);
        dt_game_free(game);
    }
    dt_model_free(model);
}

/* Nothing else can be believed of what is known; of what is a secret beside it anything can. */
static void test_believing(void **state)
{
    (void)state;
    pair two;
    dt_explanation *e;
    open_pair(&two, SURE);
    assert_int_equal(dt_explain(two.solution[1], "aim=hard:0.4", "offer", 1, &two.options, &e),
                     DT_INVALID);
    assert_string_equal(two.log.codes, "at-known");
    assert_string_equal(two.log.message,
                        "nothing else can be believed here: everybody knows that aim is soft");
    assert_int_equal(dt_explain(two.solution[1], "will=yes:0.9", "offer", 1, &two.options, &e),
                     DT_OK);
    assert_near(e->belief[0].share[0], 1);
    assert_true(e->belief[1].share[1] > 0.8);
    assert_true(e->belief[0].known && !e->belief[1].known);
    dt_explanation_free(e);
    close_pair(&two);
}

/* What is asked about stays a secret, the other certain variable doesn't, and everybody does what they do there on
 * the whole grid of both. */
static void test_asked(void **state)
{
    (void)state;
    static const char ASKED[] = "will=no:0, aim = soft:0.25";
    pair two;
    open_pair(&two, BOTH);
    double world[2];
    dt_model_nominal(two.model, world);
    const char *believing[] = {"aim = soft:0.25", ASKED, "awill=no:1"};
    const size_t points[] = {9, 81, 1};
    for (int i = 0; i < 3; i++) {
        dt_game *game;
        dt_solution *solution;
        assert_int_equal(
            dt_game_explore_believing(two.model, BOTH, world, believing[i], &two.options, &game),
            DT_OK);
        assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &two.options, &solution), DT_OK);
        assert_int_equal(dt_solution_points(solution), points[i]);
        if (i == 0) {
            dt_explanation *found, *whole;
            assert_int_equal(dt_explain(solution, believing[i], "offer", 2, &two.options, &found),
                             DT_OK);
            assert_int_equal(dt_explain(two.solution[0], ASKED, "offer", 2, &two.options, &whole),
                             DT_OK);
            assert_near(found->belief[0].share[0], whole->belief[0].share[0]);
            assert_true(found->belief[0].share[0] > 0.1 && found->belief[0].share[0] < 0.5);
            assert_int_equal(found->movers, whole->movers);
            for (size_t m = 0; m < found->movers; m++) {
                for (size_t a = 0; a < found->mover[m].actions; a++) {
                    assert_near(found->mover[m].action[a].probability,
                                whole->mover[m].action[a].probability);
                    assert_near(found->mover[m].action[a].value, whole->mover[m].action[a].value);
                }
            }
            dt_explanation_free(found);
            dt_explanation_free(whole);
        }
        dt_solution_free(solution);
        dt_game_free(game);
    }
    close_pair(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),   cmocka_unit_test(test_changing),
        cmocka_unit_test(test_worlds), cmocka_unit_test(test_expectations),
        cmocka_unit_test(test_ranges), cmocka_unit_test(test_believing),
        cmocka_unit_test(test_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
