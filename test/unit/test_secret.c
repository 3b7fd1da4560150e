/*
 * Private variables in the game graph, against cases worked out by hand: where a variable goes, with which
 * probability for which type, what is paid before and after it has moved, which branches stay apart, which
 * numbers are wrong for whom.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "detente_study.h"
#include "game/secret.h"
#include "game/world.h"
#include "secrets.h"

typedef struct told {
    char code[32], message[256], state[1024];
} told;

static void keep(void *context, const dt_diagnostic *diagnostic)
{
    told *last = context;
    snprintf(last->code, sizeof last->code, "%s", diagnostic->code);
    snprintf(last->message, sizeof last->message, "%s", diagnostic->message);
    snprintf(last->state, sizeof last->state, "%s", diagnostic->state);
}

typedef struct explored {
    dt_model *model;
    dt_game *game;
    dt_world *world; /* a column for each joint type, in the nominal world; beliefs are the prior */
    dt_status status;
    told error;
} explored;

static dt_status evaluate(void *argument)
{
    explored *e = argument;
    const dt_game *game = e->game;
    dt_world *world = e->world = dt_world_new(game->arena, game, game->types);
    double *nominal = dt_new(game->arena, double, (size_t)e->model->params);
    dt_model_nominal(e->model, nominal);
    dt_game_settings(game, nominal);
    for (uint32_t t = 0; t < game->types; t++) {
        for (size_t p = 0; p < (size_t)e->model->params; p++)
            world->parameter[p * game->types + t] = nominal[p];
        for (uint32_t i = 0; i < game->privates; i++)
            world->secret[i * game->types + t] =
                e->model->variable[e->model->private_variable[i]].low +
                (double)dt_type_rank(game, t, i);
    }
    dt_world_evaluate(game, world, 1);
    for (uint32_t i = 0; i < game->secret_first[game->privates] * game->types; i++)
        world->share[i] = world->coefficient[game->prior[i / game->types] * game->types];
    dt_world_evaluate(game, world, 1);
    return DT_OK;
}

static explored explore_as(const char *text, size_t policy)
{
    explored e = {.model = secret_model("test", text)};
    const dt_options options = {.report = keep, .report_context = &e.error};
    e.status = dt_game_explore(e.model, policy, &options, &e.game);
    if (e.status == DT_OK)
        assert_int_equal(dt_arena_try(e.game->arena, evaluate, &e), DT_OK);
    return e;
}

static explored explore(const char *text)
{
    explored e = explore_as(text, 0);
    if (e.status != DT_OK)
        print_error("%s\n%s\n", e.error.message, e.error.state);
    assert_int_equal(e.status, DT_OK);
    return e;
}

static void drop(explored *e)
{
    dt_game_free(e->game);
    dt_model_free(e->model);
}

static double number(const explored *e, uint32_t coefficient, uint32_t type)
{
    return e->world->coefficient[coefficient * e->game->types + type];
}

/* The probability that a cell takes a type from a rank of private variable 0 to another. */
static double goes(const explored *e, uint64_t cell, uint32_t from, uint32_t to)
{
    const dt_game *game = e->game;
    double sum = 0;
    for (uint32_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const uint16_t *move = dt_cell_moves(game, cell);
        const uint32_t at = b - game->cell_branch[cell];
        const uint32_t after = move ? game->move[move[at] * game->most_values + from] : from;
        if (after == to)
            sum += number(e, dt_branch_coefficient(game, cell, b), from);
    }
    return sum;
}

static uint32_t branches_of(const dt_game *game, uint64_t cell)
{
    return game->cell_branch[cell + 1] - game->cell_branch[cell];
}

#define HEAD                                                                                       \
    "model m\nhorizon 1\nactor A\nactor B\nactor C\nparam p = 0.25\nstate n : 0..3 = 0\nbeliefs "  \
    "2\n"

/* Types share all places; the graph is that of the model without the variable. */
static void test_no_part_of_a_place(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 3\nactor A\nparam p = 0.5\nstate n : 0..9 = 0\n"
                         "private A x : 0..4 = {0: p, 4: 1 - p}\nbeliefs 4\n"
                         "stage up : chance { with (x == 2 ? p : 0.1) { n += 1 } }\n"
                         "payoff A { u = n * x }\n");
    assert_int_equal(e.game->states, 3);
    assert_int_equal(e.game->nodes, 3);
    assert_int_equal(e.game->branches, 6);
    assert_int_equal(e.game->types, 5);
    assert_int_equal(e.game->fineness[0], 4);
    assert_null(e.game->form_move); /* nothing moves x */
    assert_non_null(e.game->is_typed);
    assert_true(number(&e, e.game->prior[0], 0) == 0.5 && number(&e, e.game->prior[4], 0) == 0.5);
    assert_true(number(&e, e.game->prior[2], 0) == 0);
    drop(&e);
}

/* Alone, maps are composed in order, and saturate each time: from 0..2 by -1, then +1, 0 and 1 end at 1. */
static void test_alone(void **state)
{
    (void)state;
    explored e = explore(HEAD "private A x : 0..2 = 0\n"
                              "stage s : A { A.a { x -= 1 ; x += 1 } A.b { x := 2 ; x -= 1 }\n"
                              "  A.c { with (x == 0 ? p : 1) { x += 1 } } }\n"
                              "payoff A { u = n }\n");
    for (uint32_t k = 0; k < 3; k++) {
        assert_true(goes(&e, 0, k, k == 0 ? 1 : k) == 1);
        assert_true(goes(&e, 1, k, 1) == 1);
    }
    assert_true(goes(&e, 2, 0, 0) == 0.75 && goes(&e, 2, 0, 1) == 0.25);
    assert_true(goes(&e, 2, 1, 2) == 1 && goes(&e, 2, 2, 2) == 1);
    assert_int_equal(e.game->move[0] + e.game->move[1] + e.game->move[2], 3); /* move 0 stays */
    drop(&e);
}

/* At once: assigned by one, then the sum of the increments, saturated once. */
static void test_at_once(void **state)
{
    (void)state;
    explored e = explore(
        HEAD "private A x : 0..2 = 0\nprivate B y : 0..2 = 0\n"
             "stage s : A, B, C { A.up { x += 2 } ; B.down { x -= 1 } ; C.down { x -= 1 } }\n"
             "stage t : A, B { A.to { y := 0 ; y += 1 } ; B.rest }\n"
             "stage u : A, B { A.far { x += 2 } ; B.far { x += 2 ; with p { x -= 4 } } }\n"
             "payoff A { u = n }\n");
    const uint64_t s = 0, u = e.game->node_cell[e.game->stage_first[2]];
    assert_int_equal(branches_of(e.game, s), 1);
    for (uint32_t k = 0; k < 3; k++) {
        assert_true(goes(&e, s, k, k) == 1); /* 2 - 1 - 1: never at an end in between */
        assert_true(goes(&e, 1, k, 1) == 1);
        assert_true(goes(&e, u, k, 2) == (k == 2 ? 1 : 0.75)); /* +4, or +4 - 4 */
        assert_true(goes(&e, u, k, k) == (k == 2 ? 1 : 0.25));
    }
    drop(&e);
}

/* One place by two moves is two branches; by one move it is one. */
static void test_moves_stay_apart(void **state)
{
    (void)state;
    explored e =
        explore(HEAD "private A x : bool = no\n"
                     "stage s : chance { with p { x := yes } }\n"
                     "stage t : chance { with p { x := yes } else { x := yes } }\n"
                     "stage u : A, B { A.a { with p { x := yes } } ; B.b { with p { n += 1 } } }\n"
                     "payoff A { u = n }\n");
    assert_int_equal(branches_of(e.game, 0), 2);
    assert_int_equal(e.game->branch_target[0], e.game->branch_target[1]);
    assert_int_equal(branches_of(e.game, 1), 1);
    assert_int_equal(branches_of(e.game, 2), 4);
    drop(&e);
}

/* A hidden choice is never part of a place: all actions lead to one, each by its own move. */
static void test_hidden(void **state)
{
    (void)state;
    explored e = explore(
        HEAD "private A x : 0..2 = 0\n"
             "hidden stage s : A { A.dig { x += 1 } ; A.rest ; A.stop { x := 0 ; pay A -x } }\n"
             "stage t : B { B.look ; B.wait }\npayoff A { u = n }\n");
    assert_int_equal(e.game->nodes, 2);
    assert_int_equal(e.game->cell_branch[3], 3);
    for (uint32_t b = 0; b < 3; b++)
        assert_int_equal(e.game->branch_target[b], 1);
    assert_true(goes(&e, 0, 1, 2) == 1 && goes(&e, 1, 1, 1) == 1 && goes(&e, 2, 1, 0) == 1);
    assert_int_equal(e.game->row_first[e.game->rows], 0); /* it is paid when x is 0 already */
    drop(&e);
}

/* What is 0 for every type isn't followed; what is for some is. */
static void test_constant_zero(void **state)
{
    (void)state;
    explored e = explore(
        HEAD
        "private A x : 0..2 = 0\n"
        "stage s : chance { with p * (x > 2) { n := 3 } else { with (x == 1) { n := 1 } } }\n"
        "stage t : chance { with (x == 0) { with (x == 1) { n := 3 } } }\n"
        "stage u : A, B { A.a { with (x == 0) { n += 1 } } ; B.b { with (x == 1) { n += 2 } } }\n"
        "payoff A { u = n }\n");
    const dt_game *game = e.game;
    assert_int_equal(branches_of(game, 0), 2);
    assert_int_equal(game->stage_first[2] - game->stage_first[1], 2); /* n is 0 or 1 */
    assert_int_equal(branches_of(game, game->node_cell[game->stage_first[1]]), 1);
    assert_int_equal(branches_of(game, game->node_cell[game->stage_first[2]]), 3);
    drop(&e);
}

/* A payment reads the variable where it stands: in a stage of several movers, as the stage began. */
static void test_payments(void **state)
{
    (void)state;
    explored e = explore(HEAD "private A x : 0..2 = 0\n"
                              "stage s : A { A.a { pay A x ; x += 1 ; pay A 10 * x ; with (x == 2 "
                              "? p : 0) { pay A 100 } } }\n"
                              "stage t : A, B { A.a { x := 2 ; pay A x } ; B.b { pay A 10 * x } }\n"
                              "payoff A { u = n }\n");
    const double alone[] = {0 + 10, 1 + 20 + 25, 2 + 20 + 25}, together[] = {0, 11, 22};
    for (uint32_t k = 0; k < 3; k++) {
        double sum[2] = {0, 0};
        for (uint32_t n = 0; n < 2; n++)
            sum[n] = e.world->payment[(dt_cell_row(e.game, n) * 3 + 0) * 3 + k];
        assert_true(sum[0] == alone[k] && sum[1] == together[k]);
    }
    drop(&e);
}

/* belief(COND) is what others give to the values that it holds for. */
static void test_belief(void **state)
{
    (void)state;
    explored e = explore(
        HEAD "private A x : 0..2 = {0: p, 1: 0.5, 2: 0.5 - p}\n"
             "private B y : bool = {no: 0.4, yes: 0.6}\n"
             "stage s : chance { }\npayoff A { u = n }\n"
             "outcome o = last(belief(x >= 1) * (x == 1) + belief(y) + belief(x == 4 * p))\n");
    const uint32_t row = e.game->leaf_outcome[0], entry = e.game->row_first[row];
    assert_int_equal(e.game->row_first[row + 1], entry + 1);
    for (uint32_t t = 0; t < e.game->types; t++) { /* y varies fastest */
        const double wanted = (t / 2 == 1 ? 0.75 : 0) + 0.6 + 0.5;
        assert_float_equal(number(&e, e.game->row_coefficient[entry], t), wanted, 1e-15);
    }
    drop(&e);
}

/* The lines of a world's wrong number. */
static const told *tell(explored *e, uint32_t type)
{
    const dt_wrong wrong = dt_world_check(e->game, e->world, type);
    const dt_options options = {.report = keep, .report_context = &e->error};
    dt_diagnostics *diagnostics = dt_diagnostics_new(e->game->arena, &options, &e->model->source);
    assert_int_not_equal(wrong.code, DT_CODES);
    dt_wrong_complain(e->game->arena, diagnostics, e->game, &wrong);
    dt_diagnostics_flush(diagnostics);
    return &e->error;
}

/* Where the start is given everybody is certain; else chances are clamped and divided by their sum. */
static void test_prior(void **state)
{
    (void)state;
    const char *text = HEAD "private A x : 0..2 = {0: 1 + p / 1e10, 1: -p / 1e10}\n"
                            "stage s : A { A.a ; A.b }\npayoff A { u = x }\n"
                            "policy drawn\npolicy known { start x = 2 }\n";
    explored e = explore(text);
    assert_true(number(&e, e.game->prior[0], 0) == 1 && number(&e, e.game->prior[1], 0) == 0);
    assert_int_equal(dt_world_check(e.game, e.world, 0).code, DT_CODES);
    assert_int_equal(e.game->value_reached[4 + 2], 0); /* after the four values of n */
    drop(&e);
    e = explore_as(text, 1);
    assert_true(number(&e, e.game->prior[0], 0) == 0 && number(&e, e.game->prior[2], 0) == 1);
    assert_int_equal(e.game->value_reached[4 + 0], 0);
    assert_int_equal(e.game->value_reached[4 + 2], 1);
    drop(&e);
    e = explore(HEAD "private A x : bool = {no: 1 + p, yes: -p}\nstage s : A { A.a }\n"
                     "payoff A { u = x }\n");
    assert_string_equal(tell(&e, 0)->code, "world-probability");
    assert_string_equal(e.error.state, "the chance at the start that x is no");
    drop(&e);
}

/* Values come to occur by moves, and only from those that occur. */
static void test_values_reached(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 1\nactor A\nbeliefs 2\nprivate A x : 0..5 = 1\n"
                         "stage s : chance { with 0.5 { x += 2 } else { with 0 { x := 0 } } }\n"
                         "payoff A { u = x }\n");
    const uint8_t wanted[] = {0, 1, 0, 1, 0, 1};
    assert_memory_equal(e.game->value_reached, wanted, sizeof wanted);
    drop(&e);
}

/* A number that is wrong for one type says for which; where that type can't come it isn't asked for. */
static void test_wrong_for_a_type(void **state)
{
    (void)state;
    explored e = explore_as(HEAD "private A aim : {bargain, stall} = bargain\n"
                                 "stage s : chance { with (aim == stall ? 1.5 : 0.5) { n += 1 } }\n"
                                 "payoff A { u = n }\n",
                            0);
    assert_int_equal(e.status, DT_INVALID);
    assert_string_equal(e.error.code, "bad-probability");
    assert_non_null(strstr(e.error.state, "in the state n=0, if aim is stall\n"));
    drop(&e);
    e = explore(HEAD "private A aim : {bargain, stall} = bargain\n"
                     "stage s : chance { with (aim == stall ? 0 : 1) { with (aim == stall ? 1.5 : "
                     "0.5) { n += 1 } } }\n"
                     "payoff A { u = n }\n");
    assert_int_equal(e.game->checks, 0);
    drop(&e);
    e = explore(HEAD "private A aim : {bargain, stall} = bargain\n"
                     "stage s : chance { with (aim == stall ? 8 * p : p) { n += 1 } }\n"
                     "payoff A { u = n }\n");
    assert_string_equal(tell(&e, 0)->code, "world-probability"); /* whatever the column's type */
    assert_non_null(strstr(e.error.state, "in the state n=0, if aim is stall\n"));
    drop(&e);
    e = explore(HEAD "private A aim : {bargain, stall} = bargain\nprivate B y : 0..2 = 0\n"
                     "stage s : A { A.a { pay A p / (aim == bargain) } }\npayoff A { u = y }\n");
    assert_int_equal(dt_world_check(e.game, e.world, 2).code, DT_CODES);
    assert_string_equal(tell(&e, 4)->code, "world-payment"); /* y doesn't matter */
    assert_non_null(strstr(e.error.state, "in the state n=0, if aim is stall\n"));
    drop(&e);
}

/* Of a model with one parameter, which is 0.1 as declared. */
static dt_safety check_ranges(explored *e)
{
    const double parameters[] = {0.1};
    const bool held[] = {false};
    const dt_options options = {.report = keep, .report_context = &e->error};
    dt_safety safety;
    assert_int_equal(dt_games_check_ranges(&e->game, 1, parameters, held, &options, &safety),
                     DT_OK);
    return safety;
}

/* What can be wrong over the ranges: each type by itself, beliefs from 0 to 1. */
static void test_ranges(void **state)
{
    (void)state;
    const char *head = "model m\nhorizon 1\nactor A\nparam p = 0.1 in 0 .. 0.5 judgement\n"
                       "private A x : 1..3 = {1: p, 3: 1 - p}\n";
    static const struct {
        const char *rest;
        size_t found, open;
    } cases[] = {
        {"stage s : chance { with p * x / 2 { } }\npayoff A { u = log(x) }\n"
         "outcome o = last(sqrt(belief(x == 1)))\n",                                 0, 0},
        {"stage s : chance { with p * x { } }\npayoff A { u = log(x - 1) }\n",                2, 0},
        {"stage s : chance { }\npayoff A { u = x }\noutcome o = last(log(belief(x == 1)))\n", 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, "%s%s", head, cases[i].rest);
        explored e = explore(text);
        const dt_safety safety = check_ranges(&e);
        if (safety.found != cases[i].found)
            print_error("%s %s\n", e.error.message, e.error.state);
        assert_int_equal(safety.found, cases[i].found);
        assert_int_equal(safety.open, cases[i].open);
        if (i == 1)
            assert_non_null(strstr(e.error.state, "if x is 1"));
        drop(&e);
    }
    static const char *const priors[] = {"{no: 3 * p, yes: 1 - 3 * p}", "{no: 2 * p, yes: 0.8}"};
    static const char *const said[] = {"the chance at the start of a value of 'x' is ",
                                       "the sum of the chances at the start is "};
    for (size_t i = 0; i < 2; i++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "model m\nhorizon 1\nactor A\nparam p = 0.1 in 0 .. 0.5 judgement\n"
                 "private A x : bool = %s\nstage s : A { A.a }\npayoff A { u = x }\n",
                 priors[i]);
        explored e = explore(text);
        const dt_safety safety = check_ranges(&e);
        assert_true(safety.found > 0 && safety.open == 0);
        assert_non_null(strstr(e.error.message, said[i]));
        drop(&e);
    }
}

/* Places are alike only if what can be told apart is the same: with a secret, two ways to one place are one
 * event, and to two places that are worth the same they are two. */
static void test_alike(void **state)
{
    (void)state;
    const char *text = "model m\nhorizon 1\nactor A\nactor B\nparam p = 0.25\n"
                       "state a : 0..2 = 0\nstate b : 0..1 = 0\nprivate A x : bool = no\n"
                       "stage first : B { B.l { a := 0 } ; B.r { a := 1 } }\n"
                       "stage s : chance { with %s { if a == 1 { b := 1 } } else { b := 0 %s } }\n"
                       "payoff A { u = 1 }\n";
    explored same =
        explore("model m\nhorizon 1\nactor A\nactor B\nparam p = 0.25\nstate a : 0..2 = 0\n"
                "state c : 0..2 = 0\nprivate A x : bool = no\n"
                "stage first : B { B.l { a := 0 } ; B.r { a := 1 } }\n"
                "stage s : chance { with (x ? p : 0.5) { x := yes } else { with p { c := 1 } } }\n"
                "payoff A { u = 1 }\n");
    assert_int_equal(branches_of(same.game, same.game->node_cell[1]),
                     3); /* two of them one event */
    assert_int_equal(same.game->node_same[2], 1);
    drop(&same);
    for (int secret = 0; secret < 2; secret++) {
        char with[1024];
        snprintf(with, sizeof with, text, secret ? "(x ? p : 0.5)" : "p", "");
        explored e = explore(with);
        assert_int_equal(e.game->node_same[1], 1);
        /* without a secret p and 1 - p to one place are the 1 that p and 1 - p to two places aren't */
        assert_int_equal(branches_of(e.game, e.game->node_cell[1]), 1);
        assert_int_equal(branches_of(e.game, e.game->node_cell[2]), 2);
        assert_int_equal(e.game->node_same[2], 2);
        drop(&e);
        snprintf(with, sizeof with, text, secret ? "(x ? p : 0.5)" : "p", "; x := yes");
        e = explore(with); /* the move keeps the two branches to one place apart */
        assert_int_equal(branches_of(e.game, e.game->node_cell[1]), 2);
        assert_int_equal(branches_of(e.game, e.game->node_cell[2]), 2);
        assert_int_equal(e.game->node_same[2], 2);
        drop(&e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_part_of_a_place),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_at_once),
        cmocka_unit_test(test_moves_stay_apart),
        cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_constant_zero),
        cmocka_unit_test(test_payments),
        cmocka_unit_test(test_belief),
        cmocka_unit_test(test_prior),
        cmocka_unit_test(test_values_reached),
        cmocka_unit_test(test_wrong_for_a_type),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
