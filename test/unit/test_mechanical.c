/*
 * Sharing out, and the mechanical chain: closed forms of Shapley's value, a two-period game worked by hand,
 * games in which nobody can react, and rules that come to nothing where only another policy leads.
 */
#include "play.h"

#include <math.h>

#include "detente_levers.h"

/* ---- Shapley's value ---------------------------------------------------------------------------- */

enum { PLAYERS = 5, CELLS = 1 << PLAYERS };

static void test_shares(void **state)
{
    (void)state;
    double v[CELLS], shapley[PLAYERS], alone[PLAYERS], left_out[PLAYERS], pair[PLAYERS * PLAYERS];
    dt_shares shares = {shapley, alone, left_out, pair};

    /* an airport: a set pays for its longest runway; each player an equal part of every stretch that it
     * uses (Littlechild & Owen 1973) */
    static const double length[PLAYERS] = {1, 2, 2, 4, 7};
    for (size_t set = 0; set < CELLS; set++) {
        v[set] = 0;
        for (size_t i = 0; i < PLAYERS; i++)
            v[set] = set >> i & 1 ? fmax(v[set], length[i]) : v[set];
    }
    dt_share(PLAYERS, v, &shares);
    static const double fair[PLAYERS] = {0.2, 0.45, 0.45, 1.45, 4.45};
    for (size_t i = 0; i < PLAYERS; i++) {
        assert_true(fabs(shapley[i] - fair[i]) < 1e-14);
        assert_true(alone[i] == length[i]);
        assert_true(left_out[i] == (i == 4 ? -3 : 0));
    }

    /* a sum, a product of two, and one that does nothing: shares are the summands and half of the product
     * each, which is the interaction */
    for (size_t set = 0; set < CELLS; set++)
        v[set] =
            10 + 3.0 * (set & 1) - 1.5 * (set >> 1 & 1) + 4.0 * ((set >> 2 & 1) && (set >> 3 & 1));
    dt_share(PLAYERS, v, &shares);
    static const double parts[PLAYERS] = {3, -1.5, 2, 2, 0};
    double sum = 0;
    for (size_t i = 0; i < PLAYERS; i++) {
        sum += shapley[i];
        assert_true(fabs(shapley[i] - parts[i]) < 1e-14);
        for (size_t j = 0; j < PLAYERS; j++)
            assert_true(fabs(pair[i * PLAYERS + j] -
                             ((i == 2 && j == 3) || (i == 3 && j == 2) ? 4 : 0)) < 1e-14);
    }
    assert_true(shapley[4] == 0);
    assert_true(fabs(sum - (v[CELLS - 1] - v[0])) < 1e-12);
}

/* ---- two policies ----------------------------------------------------------------------------------- */

enum { MOST_OUTCOMES = 4, MOST_CELLS = 16 };

typedef struct parts {
    double outcome[MOST_OUTCOMES * MOST_CELLS], mechanical[MOST_OUTCOMES], adaptive[MOST_OUTCOMES];
    double uniform;
    size_t cells, games;
} parts;

/* From the first policy of a text to the second. */
static parts between(const char *text)
{
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(text, &options);
    dt_levers *levers;
    parts found;
    double world[64];
    dt_model_nominal(model, world);
    assert_int_equal(dt_levers_new(model, 0, 1, &options, &levers), DT_OK);
    found.cells = (size_t)1 << dt_levers_count(levers);
    assert_in_range(found.cells, 1, MOST_CELLS);
    dt_levers_result result = {found.outcome, found.mechanical, found.adaptive, &found.uniform, 0};
    assert_int_equal(dt_levers_solve(levers, world, 1, DT_VALUES_AVERAGE, &options, &result),
                     DT_OK);
    found.games = result.games;
    /* several worlds at once: the same numbers, for any number of threads */
    double worlds[3 * 64], again[3 * MOST_OUTCOMES * MOST_CELLS], mechanical[3 * MOST_OUTCOMES],
        adaptive[3 * MOST_OUTCOMES], uniform[3];
    const size_t params = dt_model_count(model, DT_PARAMETERS);
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    for (size_t w = 0; w < 3 && params > 0; w++)
        memcpy(worlds + w * params, world, params * sizeof *world);
    dt_options two = options;
    two.jobs = 2;
    dt_levers_result many = {again, mechanical, adaptive, uniform, 0};
    assert_int_equal(dt_levers_solve(levers, worlds, 3, DT_VALUES_AVERAGE, &two, &many), DT_OK);
    for (size_t o = 0; o < outcomes; o++) {
        for (size_t w = 0; w < 3; w++) {
            assert_memory_equal(again + (o * 3 + w) * found.cells, found.outcome + o * found.cells,
                                found.cells * sizeof *again);
            assert_true(mechanical[o * 3 + w] == found.mechanical[o]);
            assert_true(adaptive[o * 3 + w] == found.adaptive[o]);
            assert_true(uniform[w] == found.uniform);
        }
    }
    dt_levers_free(levers);
    dt_model_free(model);
    return found;
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

/* A prize for having gone, in either of two periods: nothing under P, 2 under Q. By P's numbers everybody
 * tosses a coin, so x holds with 1/2 and then 3/4. Under Q, going in the second period is worth 2 more than
 * staying; in the first 4, against staying and going later with probability q. */
static void test_by_hand(void **state)
{
    (void)state;
    const parts found =
        between("model hand\nhorizon 2\nactor A\nparam prize = 0\nstate x : bool = no\n"
                "stage s : A {\n A.go if not x { x := yes }\n A.stay\n}\n"
                "payoff A { won = prize * x }\n"
                "outcome gone = ever(x)\noutcome worth = total(prize * x)\n"
                "policy P\npolicy Q { set prize = 2 }\n");
    const double q = logistic(2), p = logistic(4 - 2 * q);
    const double gone = p + (1 - p) * q, worth = 2 * (p + gone);
    assert_int_equal(found.cells, 2);
    assert_true(fabs(found.outcome[0] - 0.75) < 1e-14 && fabs(found.outcome[1] - gone) < 1e-14);
    assert_true(fabs(found.mechanical[0]) < 1e-14 &&
                fabs(found.adaptive[0] - (gone - 0.75)) < 1e-14);
    assert_true(fabs(found.mechanical[1] - 2 * (0.5 + 0.75)) < 1e-14);
    assert_true(fabs(found.adaptive[1] - (worth - 2.5)) < 1e-13);
    assert_true(found.uniform == 0);
}

/* Where nobody has a choice there is no adaptation, whatever else changes. */
static void test_nobody_reacts(void **state)
{
    (void)state;
    const parts found = between(
        "model chance_alone\nhorizon 3\nlookahead 2\nactor A\nparam p = 0.25\nstate x : 0..3 = 0\n"
        "stage s : A { A.only { x += 1 } }\nstage c : chance { with p { x -= 1 } }\n"
        "payoff A { u = x }\noutcome end = last(x)\noutcome level = mean(x)\n"
        "policy P\npolicy Q { set p = 0.5 ; start x = 2 }\n");
    for (size_t o = 0; o < 2; o++) {
        assert_true(fabs(found.adaptive[o]) < 1e-15);
        assert_true(fabs(found.mechanical[o] - (found.outcome[o * 4 + 3] - found.outcome[o * 4])) <
                    1e-14);
    }
    assert_true(found.uniform == 0);
}

/* Under P going is forbidden, so P never comes to x, and where it does it has no action: under Q, which forces
 * going, everybody then tosses coins. P's strategy at the start has nothing of what Q allows there. */
static void test_no_such_situation(void **state)
{
    (void)state;
    const parts found = between("model lost\nhorizon 2\nactor A\nstate x : bool = no\n"
                                "stage s : A {\n A.go\n A.stay\n}\n"
                                "stage after : A when x {\n A.left { x := yes }\n A.right\n}\n"
                                "stage turn : chance { if s.A == go { x := yes } }\n"
                                "payoff A { u = 3 * x }\noutcome left = mean(after.A == left)\n"
                                "lever l { stay { forbid A.go ; forbid A.left when x ; forbid "
                                "A.right when x } ; go { force A.go } }\n"
                                "policy P\npolicy Q { use l go }\n");
    /* by Q: x from the second period on; there left or right by a coin. Three decisions: go, go, and one of
     * two, none of them P's: at the start P allows nothing of what Q does, then it has no such situation */
    assert_true(fabs(found.outcome[0] - 0) < 1e-15);
    assert_true(fabs(found.mechanical[0] - 0.25) < 1e-14);
    assert_true(found.uniform == 1);
}

/* Under P A holds the role and knows k; under Q B holds it and plays the mean. On the grid with knots at 0, 1/2 and 1
 * the prior .3 of hi is heard as 0 with .4 or 1/2 with .6. One period, so that nobody minds what is learned. */
static void test_mean_by_belief(void **state)
{
    (void)state;
    const parts found = between(
        "model mean\nhorizon 1\nactor A\nactor B\n"
        "private A k : {lo, hi} = {lo: 0.7, hi: 0.3}\nbeliefs 2\nrole env = A\n"
        "stage s : env {\n env.go { pay A 2 * (k == hi) }\n env.stay\n}\n"
        "outcome went = total(s.env == go)\noutcome hit = total((s.env == go) * (k == hi))\n"
        "outcome seen = total(belief(k == hi) * (k == hi))\n"
        "policy P\npolicy Q { role env = B }\n");
    const double high = logistic(2);
    assert_true(fabs(found.outcome[0] - (0.3 * high + 0.35)) < 1e-14);
    assert_true(fabs(found.outcome[2] - 0.3 * high) < 1e-14);
    assert_true(fabs(found.mechanical[0]) < 1e-14);
    assert_true(fabs(found.mechanical[1] - (0.3 * (0.5 * high + 0.25) - 0.3 * high)) < 1e-14);
    /* whoever knows nothing gives nothing away */
    assert_true(fabs(found.outcome[4] + found.mechanical[2] - 0.15) < 1e-14);
    assert_true(found.uniform == 0);
}

/* What P forbids, openly or in a hidden stage, nobody does in the chain where Q allows it, whatever it would do or
 * tell. */
static void test_not_done(void **state)
{
    (void)state;
    const parts found = between(
        "model closed\nhorizon 2\nactor A\nactor B\nparam p = 0.4\n"
        "private A k : {lo, mid, hi} = {lo: p, mid: 0.2, hi: 0.8 - p}\nbeliefs 4\n"
        "hidden stage h : A {\n A.dig { k := hi }\n A.fill { k := lo }\n A.rest\n}\n"
        "stage s : A {\n A.say { pay A (k == hi) }\n A.shout\n A.hush { pay A (k == lo) }\n}\n"
        "stage r : B {\n B.give { pay A 1 ; pay B (k == hi) - 0.4 }\n B.keep\n}\n"
        "outcome given = total(r.B == give)\noutcome high = last(k == hi)\n"
        "outcome said = total(s.A == shout)\noutcome right = mean(belief(k == hi) * (k == hi))\n"
        "policy P { forbid A.dig ; forbid A.shout }\npolicy Q\n");
    for (size_t o = 0; o < 4; o++)
        assert_true(fabs(found.mechanical[o]) < 1e-14);
    assert_true(fabs(found.adaptive[2]) > 0.1 && fabs(found.adaptive[1]) > 0.1);
    assert_true(found.uniform == 0);
}

/* Ingredients by name: levers first; a number that both set differently is one; what both share is none; a cell
 * that changes nothing is the game that it was. */
static void test_ingredients(void **state)
{
    (void)state;
    static const char text[] =
        "model names\nhorizon 1\nactor A\nactor B\nparam n = 1\nparam m = 1\nstate x : 0..2 = 0\n"
        "stage s : A, B {\n A.a\n A.b\n B.a\n B.b\n}\npayoff A { u = n * (s.A == a) + m * x }\n"
        "outcome o = mean(s.A == a)\n"
        "lever l { off ; idle ; on { forbid B.a } }\nlever k { off ; on { start x = 1 } }\n"
        "policy P { use l off ; set n = 2 ; set m = 3 ; forbid A.b when x == 1 }\n"
        "policy Q { set n = 4 ; set m = 3 ; use l idle ; forbid A.b when x == 2 ; team A, B }\n";
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(text, &options);
    dt_levers *levers;
    assert_int_equal(dt_levers_new(model, 0, 1, &options, &levers), DT_OK);
    static const char *const name[] = {"l", "set n", "forbid A.b", "team A, B", "forbid A.b 2"};
    assert_int_equal(dt_levers_count(levers), 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(dt_levers_name(levers, i), name[i]);
    assert_string_equal(dt_levers_side(levers, 0, 0), "l=off");
    assert_string_equal(dt_levers_side(levers, 0, 1), "l=idle");
    assert_string_equal(dt_levers_side(levers, 1, 1), "set n = 4");
    assert_string_equal(dt_levers_side(levers, 3, 0), "");
    double outcome[32], mechanical, adaptive, uniform, world[2] = {1, 1};
    dt_levers_result result = {outcome, &mechanical, &adaptive, &uniform, 0};
    assert_int_equal(dt_levers_solve(levers, world, 1, DT_VALUES_AVERAGE, &options, &result),
                     DT_OK);
    assert_int_equal(result.games, 16); /* `l` changes nothing */
    for (size_t set = 0; set < 32; set += 2)
        assert_true(outcome[set] == outcome[set + 1]);
    dt_levers_free(levers);
    dt_model_free(model);
}

/* More ingredients than can be crossed. */
static void test_too_many(void **state)
{
    (void)state;
    char text[2048];
    int at =
        snprintf(text, sizeof text,
                 "model many\nhorizon 1\nactor A\nstage s : A { A.only }\npayoff A { u = 0 }\n");
    for (int i = 0; i < 13; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "param p%d = 0\n", i);
    at += snprintf(text + at, sizeof text - (size_t)at, "policy P\npolicy Q {\n");
    for (int i = 0; i < 13; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "  set p%d = 1\n", i);
    snprintf(text + at, sizeof text - (size_t)at, "}\n");
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model = play_text(text, &options);
    dt_levers *levers;
    assert_int_equal(dt_levers_new(model, 0, 1, &options, &levers), DT_INVALID);
    assert_string_equal(log.codes, "too-many-ingredients");
    assert_null(levers);
    dt_model_free(model);
}

/* P's strategy is so sharp that what Q leaves of it is smaller than any number: no result. */
static void test_underflow(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model =
        play_text("model sharp\nhorizon 1\nactor A rationality 1000\n"
                  "stage s : A { A.a { pay A 2 } ; A.b ; A.c }\noutcome o = mean(s.A == b)\n"
                  "policy P\npolicy Q { forbid A.a }\n",
                  &options);
    dt_levers *levers;
    double outcome[2], mechanical, adaptive, uniform;
    dt_levers_result result = {outcome, &mechanical, &adaptive, &uniform, 0};
    assert_int_equal(dt_levers_new(model, 0, 1, &options, &levers), DT_OK);
    assert_int_equal(dt_levers_solve(levers, NULL, 1, DT_VALUES_AVERAGE, &options, &result), DT_NO);
    assert_string_equal(log.codes, "carried-underflow");
    assert_true(isnan(mechanical));
    dt_levers_free(levers);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_nobody_reacts), cmocka_unit_test(test_no_such_situation),
        cmocka_unit_test(test_ingredients),   cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_underflow),     cmocka_unit_test(test_mean_by_belief),
        cmocka_unit_test(test_not_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
