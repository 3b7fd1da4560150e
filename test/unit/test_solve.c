/*
 * Solving: values and gaps in closed form, play forever as the limit of long lookaheads, and what
 * becomes of worlds that have no solution, too large payoffs, too little memory.
 */
#include "play.h"

#include <math.h>

static void assert_near(double found, double wanted, double tolerance)
{
    if (!(fabs(found - wanted) <= tolerance * fmax(1, fabs(wanted))))
        fail_msg("%.17g is not within %g of %.17g", found, tolerance, wanted);
}

/* Solves a text under its first policy in its nominal world. */
typedef struct solved {
    play_log log;
    dt_options options;
    dt_model *model;
    dt_game *game;
    dt_solution *solution;
    dt_certificate given;
    dt_status status;
} solved;

static solved *solve_text(const char *text, dt_values values)
{
    solved *s = calloc(1, sizeof *s);
    double world[16];
    assert_non_null(s);
    s->options = play_options(&s->log);
    s->model = play_text(text, &s->options);
    assert_int_equal(dt_game_explore(s->model, 0, &s->options, &s->game), DT_OK);
    dt_model_nominal(s->model, world);
    s->status = dt_solve(s->game, world, values, &s->options, &s->solution);
    if (s->solution)
        s->given = dt_solution_certificate(s->solution);
    return s;
}

static void drop(solved *s)
{
    dt_solution_free(s->solution);
    dt_game_free(s->game);
    dt_model_free(s->model);
    free(s);
}

/* The verifier, which shares no code with the solver, finds the same numbers. */
static void assert_verified(solved *s)
{
    dt_certificate found;
    assert_int_equal(dt_verify(s->solution, &s->options, &found), DT_OK);
    assert_true(found.residual <= 1e-10);
    for (size_t i = 0; i < dt_model_count(s->model, DT_ACTORS); i++) {
        assert_near(s->given.value[i], found.value[i], 1e-10);
        assert_near(s->given.gap[i], found.gap[i], 1e-9);
    }
}

/* A chooses between 1 and 0 in each of three periods: V = p (1 + δ + δ²), and always choosing 1
 * gains (1 - p) (1 + δ + δ²). B is paid twice as much and does nothing. */
static void test_one_mover(void **state)
{
    (void)state;
    solved *s = solve_text("model one\nhorizon 2\nlookahead 1\n"
                           "actor A discount 0.9 rationality 2\nactor B discount 0.5\n"
                           "stage s : A { A.take { pay A 1\n pay B 2 }\n A.leave }\n",
                           DT_VALUES_AVERAGE);
    const double p = 1 / (1 + exp(-2));
    assert_int_equal(s->status, DT_OK);
    assert_near(s->given.value[0], p * 2.71, 1e-14);
    assert_near(s->given.gap[0], (1 - p) * 2.71, 1e-14);
    assert_near(s->given.value[1], 2 * p * 1.75, 1e-14);
    assert_true(s->given.gap[1] == 0);
    assert_true(s->given.residual <= 1e-15);
    assert_int_equal(dt_solution_sweeps(s->solution), 0);
    assert_verified(s);
    drop(s);
}

/* The same with the taste shock enjoyed: V = log(1 + e^λ) / λ a period, where the gap leaves taste
 * out. */
static void test_surplus(void **state)
{
    (void)state;
    const char *text = "model one\nhorizon 3\nactor A discount 0.9 rationality 2\n"
                       "stage s : A { A.take { pay A 1 }\n A.leave }\n";
    solved *s = solve_text(text, DT_VALUES_SURPLUS);
    assert_int_equal(s->status, DT_OK);
    assert_near(s->given.value[0], log(1 + exp(2)) / 2 * 2.71, 1e-14);
    assert_near(s->given.gap[0], 2.71 / (1 + exp(2)), 1e-14);
    assert_verified(s);
    drop(s);
    s = solve_text("model one\nhorizon 1\nlookahead forever\nactor A discount 0.9 rationality 2\n"
                   "stage s : A { A.take { pay A 1 }\n A.leave }\n",
                   DT_VALUES_SURPLUS);
    assert_int_equal(s->status, DT_OK);
    assert_near(s->given.value[0], log(1 + exp(2)) / 2 * 10, 1e-11);
    assert_near(s->given.gap[0], 10 / (1 + exp(2)), 1e-11);
    assert_verified(s);
    drop(s);
}

/* In the prisoner's dilemma P(C) = 1/(1 + e^λ) whatever the other does; the best answer gains
 * 1 - P(D) a period. */
static void test_prisoners(void **state)
{
    (void)state;
    solved *s = solve_text("model pd\nhorizon 5\nactor A discount 0.8 rationality 1.5\n"
                           "actor B discount 0.8 rationality 1.5\n"
                           "stage s : A, B { A.c { pay B 9 }\n A.d { pay A 1 }\n B.c { pay A 9 }\n "
                           "B.d { pay B 1 } }\n",
                           DT_VALUES_AVERAGE);
    const double p = 1 / (1 + exp(1.5)), periods = (1 - pow(0.8, 5)) / 0.2;
    assert_int_equal(s->status, DT_OK);
    assert_near(s->given.value[0], (9 * p + 1 - p) * periods, 1e-13);
    assert_near(s->given.gap[1], p * periods, 1e-13);
    assert_verified(s);
    drop(s);
}

/* An arms race; with `ends` it is over once both have armed to the teeth. */
typedef struct race {
    double discount[2], rationality[2];
    bool ends;
} race;

static const race plain_race = {
    {0.9, 0.8},
    {3,   2  },
    false
};

static void write_race(race race, const char *periods, char text[2048])
{
    snprintf(text, 2048,
             "model race\n%s\n"
             "actor A discount %.17g rationality %.17g\nactor B discount %.17g rationality %.17g\n"
             "state a : 0..3 = 0\nstate b : 0..3 = 0\n"
             "stage s : A, B { A.arm { a += 1\n pay A -0.3 }\n A.rest { a -= 1 }\n"
             " B.arm { b += 1\n pay B -0.2 }\n B.rest { b -= 1 } }\n"
             "stage n : chance { with 0.1 { a -= 1\n b -= 1 } }\n"
             "payoff A { lead = a - b }\npayoff B { lead = b - a }\n%s",
             periods, race.discount[0], race.rationality[0], race.discount[1], race.rationality[1],
             race.ends ? "end over when a == 3 and b == 3\n" : "");
}

static solved *solve_race(race race, const char *lookahead)
{
    char periods[64], text[2048];
    snprintf(periods, sizeof periods, "horizon 1\nlookahead %s", lookahead);
    write_race(race, periods, text);
    return solve_text(text, DT_VALUES_AVERAGE);
}

/* Play forever is what ever longer lookaheads tend to: .9^400 = 5e-19. Where play never ends far
 * fewer sweeps show it. */
static void test_forever(void **state)
{
    (void)state;
    for (int ends = 0; ends < 2; ends++) {
        race race = plain_race;
        race.ends = ends;
        solved *forever = solve_race(race, "forever"), *longer = solve_race(race, "400");
        assert_int_equal(forever->status, DT_OK);
        const uint64_t sweeps = dt_solution_sweeps(forever->solution);
        assert_true(sweeps > 10 && sweeps < (ends ? 400 : 100));
        for (int i = 0; i < 2; i++) {
            assert_near(forever->given.value[i], longer->given.value[i], 1e-11);
            assert_near(forever->given.gap[i], longer->given.gap[i], 1e-10);
        }
        assert_verified(forever);
        assert_verified(longer);
        drop(forever);
        drop(longer);
    }
}

/* The same whatever the players are like. */
static void test_forever_everywhere(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int game = 0; game < 60; game++) {
        double u[4];
        for (int i = 0; i < 4; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            u[i] = (double)(seed >> 11) / 0x1p53;
        }
        const race race = {
            {0.9 * u[0],        0.9 * u[1]       },
            {exp(9 * u[2] - 4), exp(9 * u[3] - 4)},
            game % 3 == 0
        };
        solved *forever = solve_race(race, "forever"), *longer = solve_race(race, "400");
        assert_int_equal(longer->status, DT_OK);
        assert_int_equal(forever->status, DT_OK);
        for (int i = 0; i < 2; i++) {
            assert_near(forever->given.value[i], longer->given.value[i], 1e-11);
            assert_near(forever->given.gap[i], longer->given.gap[i], 1e-10);
        }
        drop(forever);
        drop(longer);
    }
}

/* A team whose members' discounts differ: each period's payments are weighted by their own. The
 * team's best answer to a world that doesn't depend on it is to take what is worth more at the time:
 * A's 1, by 1/4 0.9^t, or B's 0.5, by 3/4 0.5^t; B's while .375 · .5^t > .25 · .9^t, that is t = 0. */
static void test_team(void **state)
{
    (void)state;
    const char *const lookahead[] = {"39", "forever"};
    const int periods[] = {40, 2000};
    for (int f = 0; f < 2; f++) {
        char text[1024];
        snprintf(text, sizeof text,
                 "model pair\nhorizon 1\nlookahead %s\n"
                 "actor A discount 0.9 rationality 3\nactor B discount 0.5 rationality 1\n"
                 "stage s : A { A.own { pay A 1 }\n A.other { pay B 0.5 } }\n"
                 "policy joint { team A, B weights 0.25, 0.75 }\n",
                 lookahead[f]);
        solved *s = solve_text(text, DT_VALUES_AVERAGE);
        assert_int_equal(s->status, DT_OK);
        /* λ_T = .25 · 3 + .75 · 1 = 1.5 on .25 and .375 */
        const double p = 1 / (1 + exp(1.5 * 0.125));
        double best = 0, along = 0;
        for (int t = 0; t < periods[f]; t++) {
            const double own = 0.25 * pow(0.9, t), other = 0.375 * pow(0.5, t);
            best += fmax(own, other);
            along += p * own + (1 - p) * other;
        }
        assert_near(s->given.gap[0], best - along, 1e-11);
        assert_near(s->given.gap[1], best - along, 1e-11);
        assert_verified(s);
        drop(s);
    }
}

/* Where λ times payoffs is beyond all numbers no branch can be followed: each such node is counted,
 * ten are named, and play goes on. */
static void test_failures(void **state)
{
    (void)state;
    solved *s = solve_text("model vast\nhorizon 12\n"
                           "actor A rationality 1e200\nactor B rationality 1e200\n"
                           "state x : bool = no\n"
                           "stage meet : A, B { A.l\n A.r { pay A 1e120 }\n B.l\n B.r }\n",
                           DT_VALUES_AVERAGE);
    assert_int_equal(s->status, DT_NO);
    assert_int_equal(dt_solution_failures(s->solution), 12);
    for (size_t i = 0; i < DT_NAMED_FAILURES; i++) {
        const char *text = dt_solution_failure(s->solution, i);
        assert_non_null(strstr(text, "stage meet in period "));
        assert_non_null(strstr(text, "x=no"));
    }
    assert_null(dt_solution_failure(s->solution, DT_NAMED_FAILURES));
    assert_true(s->given.residual == 0.5);
    assert_near(s->given.value[0] / 1e120, 6, 1e-12);
    drop(s);
}

static void test_crossed(void **state)
{
    (void)state;
    solved *s = solve_text(
        "model meet\nhorizon 7\nactor A\nactor B\nstate l : 0..1 = 0\nstate r : 0..1 = 0\n"
        "stage meet : A, B { A.l { l += 1 }\n A.r\n B.l { r += 1 }\n B.r }\n"
        "stage back : chance { l := 0\n r := 0\n if meet.A == l and meet.B == l { pay A 10\n pay B "
        "10 }\n if meet.A == r and meet.B == r { pay A 10\n pay B 10 } }\n",
        DT_VALUES_AVERAGE);
    assert_int_equal(s->status, DT_OK);
    assert_int_equal(dt_solution_crossed(s->solution), 7);
    assert_int_equal(dt_solution_failures(s->solution), 0);
    assert_near(s->given.value[0], 35, 1e-12);
    drop(s);
}

/* On a coarse grid of shares ever longer games alternate between two divisions of the pie. */
static void test_no_limit(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model;
    dt_game *game;
    dt_solution *solution;
    double world[16];
    assert_int_equal(dt_model_read(DT_ROOT "/models/classics/bargain.dtn", &options, &model),
                     DT_OK);
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    dt_model_nominal(model, world);
    world[dt_model_find(model, DT_PARAMETERS, "patience_a")] = 0.65;
    world[dt_model_find(model, DT_PARAMETERS, "patience_b")] = 0.65;
    assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_NO);
    assert_true(dt_solution_sweeps(solution) <= DT_MAX_SWEEPS);
    assert_false(solution->found.settled);
    assert_int_equal(dt_solution_failures(solution), 0);
    assert_true(dt_solution_certificate(solution).residual > 1e-3);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* The memory limit is looked at before anything large is taken. */
static void test_memory(void **state)
{
    (void)state;
    char text[2048];
    write_race(plain_race, "horizon 20000", text);
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = play_text(text, &options);
    dt_game *game;
    dt_solution *solution;
    double world[16];
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    dt_model_nominal(model, world);
    options.max_memory = 160 << 10;
    assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_LIMIT);
    assert_null(solution);
    assert_string_equal(log.codes, "memory");
    assert_non_null(strstr(log.message, "20000 periods"));
    assert_non_null(strstr(log.message, "the memory limit leaves 160 kB"));
    /* what it says is enough */
    double kilobytes = strtod(log.message + strlen("solving takes at least "), NULL);
    options = play_options(&log);
    options.max_memory = (size_t)kilobytes << 10;
    assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
    assert_true(solution->strategy->held < 20000);
    dt_solution_free(solution);
    /* with a megabyte more than all strategies take these are kept */
    options.max_memory = (20000 * game->options * sizeof(double)) + (1 << 20);
    assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
    assert_true(solution->strategy->held == 20000);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* Two handles, the same bits. */
static void test_determinism(void **state)
{
    (void)state;
    solved *one = solve_race(plain_race, "30"), *two = solve_race(plain_race, "30");
    const size_t count = one->solution->strategy->periods * one->game->options;
    assert_memory_equal(one->solution->strategy->probability, two->solution->strategy->probability,
                        count * sizeof(double));
    drop(one);
    drop(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_mover),          cmocka_unit_test(test_surplus),
        cmocka_unit_test(test_prisoners),          cmocka_unit_test(test_forever),
        cmocka_unit_test(test_forever_everywhere), cmocka_unit_test(test_team),
        cmocka_unit_test(test_failures),           cmocka_unit_test(test_crossed),
        cmocka_unit_test(test_no_limit),           cmocka_unit_test(test_memory),
        cmocka_unit_test(test_determinism),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
