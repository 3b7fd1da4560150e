/*
 * Games that read `now`: against the same games written with a counter in the state, whose numbers are
 * the same and whose states are many times as many; and what stands after an end, worked out by hand.
 */
#include "worlds.h"

#include "trace/over_time.h"

static void assert_close(const char *what, double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-12 * fmax(1, fabs(wanted))))
        fail_msg("%s: %.17g isn't %.17g", what, found, wanted);
}

/* ---- against a counter ------------------------------------------------------------------------- */

/* Two sides bargain; whoever governs one of them is voted on every 16th quarter, and looks ahead to it. */
#define BARGAIN(clock, quarter, election, before)                                                  \
    "model bargain\nperiod quarter from 2017Q3\nhorizon 40\nlookahead 24\n"                        \
    "actor A discount 0.97 rationality 2\nactor B discount 0.95 rationality 3\n"                   \
    "param swing = 0.35 in 0.1 .. 0.6 judgement\nparam fear = 1.5 in 0 .. 3 judgement\n"           \
    "state hawk : bool = yes\nstate deal : 0..3 = 0\nstate war : bool = no\n" clock                \
    "let election = " election "\nlet before = " before "\n"                                       \
    "stage talk : A, B {\n"                                                                        \
    "  A.press { pay A 0.2 * hawk ; with 0.1 { deal -= 1 } }\n"                                    \
    "  A.offer { deal += 1 ; pay A -0.3 * hawk - 0.2 * before }\n"                                 \
    "  B.wait\n  B.sign if deal > 0 { pay B 0.4 ; with 0.5 + 0.3 * before { deal += 1 } }\n}\n"    \
    "stage vote : chance {\n"                                                                      \
    "  with election * (deal >= 2 ? swing / 2 : swing) { if hawk { hawk := no } else { hawk := "   \
    "yes } }\n  with 0.02 * (deal == 0) { war := yes }\n}\n"                                       \
    "payoff A { base = 2 + 0.1 * " quarter " ; deal = 0.3 * deal ; war = -fear * 4 * war }\n"      \
    "payoff B { deal = 0.2 * deal ; war = -4 * war ; vote = 0.1 * election * hawk }\n"             \
    "end broken when war\n"                                                                        \
    "outcome war = ever(war)\noutcome deal = last(deal)\noutcome hawks = mean(hawk)\n"             \
    "outcome voted = first(election and not hawk)\noutcome votes = count(election and deal > 0)\n" \
    "outcome sum = total(deal * election + hawk * before)\n"

static const char DATED[] = BARGAIN("", "mod(now, 16)", "mod(now, 16) == 0", "mod(now, 16) >= 13");

/* The counter is turned first, so that in period t it is what mod(now, 16) is. */
static const char COUNTED[] = BARGAIN(
    "state quarter : 0..15 = 0\nstage clock : chance { if quarter == 15 { quarter := 0 } else "
    "{ quarter += 1 } }\n",
    "quarter", "quarter == 0", "quarter >= 13");

typedef struct side {
    play_log log;
    dt_options options;
    dt_model *model;
    dt_game *game;
    dt_solution *solution;
    double outcome[8];
} side;

static void solve_side(side *s, const char *text)
{
    s->options = play_options(&s->log);
    s->model = play_text(text, &s->options);
    assert_int_equal(dt_game_explore(s->model, 0, &s->options, &s->game), DT_OK);
    double world[2];
    dt_model_nominal(s->model, world);
    assert_int_equal(dt_solve(s->game, world, DT_VALUES_AVERAGE, &s->options, &s->solution), DT_OK);
    assert_true(dt_model_count(s->model, DT_OUTCOMES) <= 8);
    assert_int_equal(dt_solution_outcomes(s->solution, &s->options, s->outcome), DT_OK);
}

static void free_side(side *s)
{
    dt_solution_free(s->solution);
    dt_game_free(s->game);
    dt_model_free(s->model);
}

static void test_counter(void **state)
{
    (void)state;
    side dated, counted;
    solve_side(&dated, DATED);
    solve_side(&counted, COUNTED);
    const dt_certificate a = dt_solution_certificate(dated.solution);
    const dt_certificate b = dt_solution_certificate(counted.solution);
    for (size_t i = 0; i < 2; i++) {
        assert_close("value", a.value[i], b.value[i]);
        assert_close("gap", a.gap[i], b.gap[i]);
    }
    for (size_t o = 0; o < dt_model_count(dated.model, DT_OUTCOMES); o++)
        assert_close("outcome", dated.outcome[o], counted.outcome[o]);
    const dt_counts few = dt_game_counts(dated.game), many = dt_game_counts(counted.game);
    print_message("states: %u and %u, nodes: %u and %u\n", (unsigned)few.states,
                  (unsigned)many.states, (unsigned)few.nodes, (unsigned)many.nodes);
    assert_true(8 * few.states <= many.states);
    assert_true(8 * few.nodes <= many.nodes);

    dt_certificate checked;
    assert_int_equal(dt_verify(dated.solution, &dated.options, &checked), DT_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_close("value verified", checked.value[i], a.value[i]);
        assert_close("gap verified", checked.gap[i], a.gap[i]);
    }
    free_side(&dated);
    free_side(&counted);
}

/* However little memory there is, so that strategies are made anew, each with the numbers of its period,
 * the bits are the same; and those of a world alone. */
static void test_little_memory(void **state)
{
    (void)state;
    enum { MANY = 9, STEP = 2048 };
    side s;
    solve_side(&s, DATED);
    double *worlds = draw(s.model, MANY);
    dt_ensemble *all = solve(s.game, worlds, MANY, 0, 1, DT_KERNEL_AUTO, DT_WANT_ALL);
    const dt_world_result first = dt_ensemble_world(all, 0);
    const dt_certificate alone = dt_solution_certificate(s.solution);
    assert_memory_equal(first.value, alone.value, 2 * sizeof(double));
    assert_memory_equal(first.gap, alone.gap, 2 * sizeof(double));
    assert_memory_equal(first.outcome, s.outcome, 6 * sizeof(double));
    dt_options small = s.options;
    const dt_ensemble_options how = {.jobs = 2};
    size_t steps = 0;
    dt_ensemble *less;
    small.max_memory = 1 << 20;
    while (dt_ensemble_run(s.game, worlds, MANY, 0, &how, &small, &less) == DT_OK) {
        for (size_t w = 0; w < MANY; w++)
            assert_same(s.model, all, w, less, w);
        dt_ensemble_free(less);
        small.max_memory -= STEP;
        steps++;
    }
    assert_true(steps > 100 && small.max_memory > STEP);
    dt_ensemble_free(all);
    free(worlds);
    free_side(&s);
}

/* ---- after an end ------------------------------------------------------------------------------ */

/* Play ends in period t with probability 1/4 each for t = 1, 2, 3: at 1/4, 1/3 and 1/2 of what is left;
 * it is over by period 5 of the horizon with 3/4, and never ends with 1/4. */
static const char ENDING[] =
    "model ending\nperiod year from 2020Y\nhorizon 5\nlookahead 2\nactor A\n"
    "param k = 2\nstate over : bool = no\n"
    "stage s : A { A.x }\n"
    "stage n : chance { with (now <= 3 ? 1 / (5 - now) : 0) { over := yes } }\n"
    "payoff A { u = now * k ; v = -over * (now - 2020Y) }\n"
    "end over when over\n"
    "outcome lasts = last(now + over * now)\n"       /* 3/4 stand: 10, else 5 */
    "outcome dates = last(2024Y - now)\n"            /* 0 in period 5 */
    "outcome mean = mean(now * over)\n"              /* Σ_t over periods since the end of t, / 5 */
    "outcome third = mean((now == 3) * k)\n"         /* k / 5, whether ended or not */
    "outcome sum = total(now)\n"                     /* until the end */
    "outcome ever = ever(now == 4)\n"                /* 1/4 get there */
    "outcome first = first(now >= 2)\n"              /* never, if ended in period 1 */
    "outcome count = count(now >= 2 and not over)\n" /* periods from 2 on without an end */
    "outcome choice = mean((s.A == x) * now)\n"      /* none where it stands */
    "outcome power = last(pow(0.5, now) * mod(now, 3))\n"; /* 2/32 */

static void test_ends(void **state)
{
    (void)state;
    side s = {0};
    s.options = play_options(&s.log);
    s.model = play_text(ENDING, &s.options);
    s.solution = play_solve(s.model, 0, DT_VALUES_AVERAGE, &s.options, &s.game);
    double outcome[10];
    assert_int_equal(dt_model_count(s.model, DT_OUTCOMES), 10);
    assert_int_equal(dt_solution_outcomes(s.solution, &s.options, outcome), DT_OK);
    const double wanted[10] = {
        0.75 * 10 + 0.25 * 5,
        0,
        0.25 * (15 + 14 + 12) / 5, /* from period 1, 2, 3 on: 1+…+5, 2+…+5, 3+4+5 */
        0.4,
        0.25 * (1 + 3 + 6 + 15),
        0.25,
        0.25 * 6 + 0.75 * 2,
        0.25 * (0 + 0 + 1 + 4),
        0.25 * (1 + 3 + 6 + 15) / 5,
        0.0625,
    };
    for (int o = 0; o < 10; o++)
        assert_close(dt_model_item(s.model, DT_OUTCOMES, (size_t)o), outcome[o], wanted[o]);
    /* 2 now until the end, or over all seven periods; less 0, 1, 2 at the end in periods 1, 2, 3 */
    assert_close("value", dt_solution_certificate(s.solution).value[0],
                 0.25 * 2 * (1 + 3 + 6 + 28) - 0.25 * (0 + 1 + 2));
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_over_time *over = dt_over_time_make(arena, s.solution);
    double mean = 0;
    for (uint32_t t = 0; t < over->periods; t++)
        mean += over->outcome[t * 10 + 2] / over->periods;
    assert_close("mean over time", mean, wanted[2]);
    for (int o = 0; o < 2; o++)
        assert_close("last over time", over->outcome[4 * 10 + o], wanted[o]);
    assert_close("sum over time", over->outcome[4 * 10 + 4], wanted[4]);
    dt_arena_free(arena);
    free_side(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counter),
        cmocka_unit_test(test_little_memory),
        cmocka_unit_test(test_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
