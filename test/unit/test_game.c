/*
 * Exploring, against counts worked out by hand: which states and nodes there are, when choices are
 * forgotten, which branches merge, what counts as the constant 0; and errors that only exploring
 * can find, with the way that leads to them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "game/game.h"

typedef struct told {
    char code[64];
    char state[2048];
} told;

static void keep(void *context, const dt_diagnostic *diagnostic)
{
    told *last = context;
    if (diagnostic->severity != DT_ERROR)
        return;
    strncpy(last->code, diagnostic->code, sizeof last->code - 1);
    strncpy(last->state, diagnostic->state, sizeof last->state - 1);
}

typedef struct explored {
    dt_model *model;
    dt_game *game;
    dt_status status;
    told error;
} explored;

static explored explore(const char *text, uint64_t max_nodes)
{
    explored e = {0};
    dt_options options = {.report = keep, .report_context = &e.error, .max_nodes = max_nodes};
    assert_int_equal(dt_model_parse("test.dtn", text, strlen(text), &options, &e.model), DT_OK);
    e.status = dt_game_explore(e.model, 0, &options, &e.game);
    return e;
}

static void drop(explored *e)
{
    dt_game_free(e->game);
    dt_model_free(e->model);
}

/* n climbs with chance p: a state for each value it can have at the beginning of a period. */
static void test_counter(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 3\nactor A\nparam p = 0.5\nstate n : 0..9 = 0\n"
                         "stage up : chance { with p { n += 1 } }\npayoff A { u = n }\n",
                         0);
    assert_int_equal(e.status, DT_OK);
    dt_counts counts = dt_game_counts(e.game);
    assert_int_equal(counts.states, 3); /* 0, 1, 2; 3 only begins the fourth period */
    assert_int_equal(counts.nodes, 3);
    assert_int_equal(counts.chance, 3);
    assert_int_equal(counts.branches, 6);
    assert_int_equal(dt_game_count(e.game, 0, 0), 1);
    assert_int_equal(dt_game_count(e.game, 0, 1), 2);
    assert_int_equal(dt_game_count(e.game, 0, 7), 3);
    drop(&e);
}

/* A choice lives while something later reads it: t1's nodes are told apart by t0.A, t2's aren't. */
static void test_liveness(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 1\nactor A\nactor B\nstate n : 0..9 = 0\n"
                         "stage t0 : A { A.a ; A.b ; A.c }\n"
                         "stage t1 : B { B.x if t0.A != b ; B.y }\n"
                         "stage t2 : A { A.z ; A.w if t1.B == x }\n"
                         "payoff A { u = n }\n",
                         0);
    assert_int_equal(e.status, DT_OK);
    assert_int_equal(dt_game_count(e.game, 0, 0), 1);
    assert_int_equal(dt_game_count(e.game, 1, 0), 3);
    assert_int_equal(dt_game_count(e.game, 2, 0), 2); /* t1.B is x or y */
    assert_int_equal(e.game->leaves, 1);
    drop(&e);
}

/* What only a `when` reads is forgotten once the `when` is decided. */
static void test_when_is_read_on_arrival(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 1\nactor A\n"
                         "stage t0 : A { A.a ; A.b ; A.c }\n"
                         "stage t1 : A when t0.A != c { A.x ; A.y }\n"
                         "payoff A { u = 1 }\n",
                         0);
    assert_int_equal(dt_game_count(e.game, 1, 0), 1);
    drop(&e);
}

/* p * (n == 1) is the constant 0 at n = 0: nothing is followed there, so war is never reached. */
static void test_constant_zero(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 5\nactor A\nparam p = 0.5\nstate n : 0..1 = 0\n"
                         "state war : bool = no\n"
                         "stage go : chance { with p * (n == 1) { war := yes } }\n"
                         "payoff A { u = war }\n",
                         0);
    dt_counts counts = dt_game_counts(e.game);
    assert_int_equal(counts.states, 1);
    assert_int_equal(counts.branches, 1);
    drop(&e);
}

/* A parameter that happens to be 0 is not the constant 0. */
static void test_parameter_zero(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 5\nactor A\nparam p = 0\nstate n : 0..1 = 0\n"
                         "stage go : chance { with p { n := 1 } }\npayoff A { u = n }\n",
                         0);
    assert_int_equal(dt_game_counts(e.game).states, 2);
    drop(&e);
}

/* Twelve independent accidents, one after another, on one counter: 13 draws, not 4096. */
static void test_draws_merge(void **state)
{
    (void)state;
    char text[2048] = "model m\nhorizon 1\nactor A\nparam p = 0.5\nstate n : 0..12 = 0\n"
                      "stage go : chance {\n";
    for (int i = 0; i < 12; i++)
        strcat(text, "  with p { n += 1 }\n");
    strcat(text, "}\npayoff A { u = n }\n");
    explored e = explore(text, 0);
    assert_int_equal(dt_game_counts(e.game).branches, 13);
    drop(&e);
}

/* Two movers: assignments first, then all increments together, saturated once. */
static void test_at_once(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 1\nactor A\nactor B\nstate n : 0..4 = 3\n"
                         "stage go : A, B { A.up { n += 3 } ; B.down { n -= 2 } }\n"
                         "payoff A { u = n }\n",
                         0);
    int slot[3];
    assert_int_equal(e.game->leaves, 1);
    dt_game_unpack(e.game, e.game->nodes, slot);
    assert_int_equal(slot[0], 4); /* 3 + 3 - 2; one after the other it would be 4 - 2 = 2 */
    drop(&e);
}

static void test_outside_domain(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 9\nactor A\nstate n : 0..2 = 0\n"
                         "stage go : A { A.up { n := n + 1 } ; A.stay }\npayoff A { u = n }\n",
                         0);
    assert_int_equal(e.status, DT_INVALID);
    assert_string_equal(e.error.code, "outside-domain");
    assert_string_equal(e.error.state, "in the state n=2\nreached by\n"
                                       "  period 1, go: A.up\n  period 2, go: A.up\n"
                                       "  period 3, here\n");
    drop(&e);
}

static void test_no_action(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 2\nactor A\nstate n : 0..2 = 0\n"
                         "stage go : A { A.up if n < 1 { n += 1 } }\npayoff A { u = n }\n",
                         0);
    assert_int_equal(e.status, DT_INVALID);
    assert_string_equal(e.error.code, "no-action");
    drop(&e);
}

static void test_limit(void **state)
{
    (void)state;
    explored e = explore("model m\nhorizon 50000\nactor A\nstate n : 0..40000 = 0\n"
                         "stage go : chance { n += 1 }\npayoff A { u = n }\n",
                         1000);
    assert_int_equal(e.status, DT_LIMIT);
    assert_string_equal(e.error.code, "too-many-nodes");
    drop(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counter),
        cmocka_unit_test(test_liveness),
        cmocka_unit_test(test_when_is_read_on_arrival),
        cmocka_unit_test(test_constant_zero),
        cmocka_unit_test(test_parameter_zero),
        cmocka_unit_test(test_draws_merge),
        cmocka_unit_test(test_at_once),
        cmocka_unit_test(test_outside_domain),
        cmocka_unit_test(test_no_action),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
