/*
 * The slack of 1e-9, on both sides of it: half of it is taken for what it should be, twice it is
 * refused, wherever a number has to be a probability, a sum of probabilities, or whole. Written as
 * constants and as parameters, in one world and among worlds that are solved at once.
 */
#include "play.h"

#include <math.h>

enum { OFFS = 5 };
static const double off[OFFS] = {-2e-9, -5e-10, 0, 5e-10, 2e-9};

/* Effects with a number X, which bounds its value from below, from above or both; what is expected
 * of the probability of a hit, given X. */
typedef struct site {
    const char *effects; /* X stands as %s */
    double at;           /* the bound */
    bool below, above;
    double (*hit)(double x);
    const char *code; /* of what is refused, after "bad-" of constants and "world-" of worlds */
} site;

static double clamped(double x)
{
    return fmin(fmax(x, 0), 1);
}

static double of_sum(double x)
{
    return x / (x + 0.5);
}

static double as_it_is(double x)
{
    return x;
}

static const site sites[] = {
    {"with %s { hit := yes }",                        1,   false, true,  clamped,  "probability"},
    {"with %s { hit := yes }",                        0,   true,  false, clamped,  "probability"},
    {"branch { %s { hit := yes } 0.5 { } }",          0.5, true,  true,  of_sum,   "sum"        },
    {"branch { %s { hit := yes } 0.5 { } else { } }", 0.5, false, true,  as_it_is, "rest"       },
};
enum { SITES = sizeof sites / sizeof sites[0] };

/* A model whose only chance stage has the effects, with a number or a name for X. */
static const char *text_of(const char *effects, const char *x)
{
    static char text[1024];
    char filled[256];
    snprintf(filled, sizeof filled, effects, x);
    snprintf(text, sizeof text,
             "model slack\nactor A\nparam p = 0.5 in -1 .. 3 judgement\nstate hit : bool = no\n"
             "state count : 0..3 = 0\nstage nature : chance { %s }\npayoff A { hit = hit }\n"
             "outcome hit = ever(hit)\noutcome count = last(count)\n",
             filled);
    return text;
}

static bool is_refused(const site *s, double by)
{
    return (s->below && by < -1e-9) || (s->above && by > 1e-9);
}

static void assert_refused(const char *prefix, const site *s, const char *code)
{
    assert_memory_equal(code, prefix, strlen(prefix));
    assert_string_equal(code + strlen(prefix), s->code);
}

/* Explores a model and solves it with p = x; the status of the first step that isn't DT_OK. */
static dt_status solve(const char *text, double x, play_log *log, double outcome[2])
{
    const dt_options options = play_options(log);
    dt_model *model = play_text(text, &options);
    dt_game *game = NULL;
    dt_solution *solution = NULL;
    dt_status status = dt_game_explore(model, 0, &options, &game);
    if (status == DT_OK)
        status = dt_solve(game, &x, DT_VALUES_AVERAGE, &options, &solution);
    if (status == DT_OK) {
        assert_int_equal(dt_solution_outcomes(solution, &options, outcome), DT_OK);
        dt_certificate certificate; /* the verifier sums the same probabilities */
        assert_int_equal(dt_verify(solution, &options, &certificate), DT_OK);
        assert_float_equal(certificate.value[0], outcome[0], 1e-15);
    }
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
    return status;
}

static void test_constants(void **state)
{
    (void)state;
    for (size_t s = 0; s < SITES; s++) {
        for (int o = 0; o < OFFS; o++) {
            char number[32];
            double outcome[2];
            play_log log;
            snprintf(number, sizeof number, "%.17g", sites[s].at + off[o]);
            const dt_status status = solve(text_of(sites[s].effects, number), 0.5, &log, outcome);
            if (is_refused(&sites[s], off[o])) {
                assert_int_equal(status, DT_INVALID);
                assert_refused("bad-", &sites[s], log.codes);
            } else {
                assert_int_equal(status, DT_OK);
                assert_float_equal(outcome[0], sites[s].hit(sites[s].at + off[o]), 1e-15);
            }
        }
    }
}

static void test_one_world(void **state)
{
    (void)state;
    for (size_t s = 0; s < SITES; s++) {
        for (int o = 0; o < OFFS; o++) {
            double outcome[2];
            play_log log;
            const double x = sites[s].at + off[o];
            const dt_status status = solve(text_of(sites[s].effects, "p"), x, &log, outcome);
            if (is_refused(&sites[s], off[o])) {
                assert_int_equal(status, DT_INVALID);
                assert_refused("world-", &sites[s], log.codes);
            } else {
                assert_int_equal(status, DT_OK);
                assert_float_equal(outcome[0], sites[s].hit(x), 1e-15);
            }
        }
    }
}

static void test_worlds_at_once(void **state)
{
    (void)state;
    for (size_t s = 0; s < SITES; s++) {
        double x[OFFS];
        play_log log;
        const dt_options options = play_options(&log);
        dt_model *model = play_text(text_of(sites[s].effects, "p"), &options);
        dt_game *game;
        dt_ensemble *ensemble;
        assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
        for (int o = 0; o < OFFS; o++)
            x[o] = sites[s].at + off[o];
        assert_int_equal(
            dt_ensemble_run(game, x, OFFS, DT_VALUES_AVERAGE, NULL, &options, &ensemble), DT_OK);
        for (size_t o = 0; o < OFFS; o++) {
            const dt_world_result result = dt_ensemble_world(ensemble, o);
            if (is_refused(&sites[s], off[o])) {
                assert_int_equal(result.status, DT_INVALID);
                assert_refused("world-", &sites[s], result.code);
            } else {
                assert_int_equal(result.status, DT_OK);
                assert_float_equal(result.outcome[0], sites[s].hit(x[o]), 1e-15);
            }
        }
        dt_ensemble_free(ensemble);
        dt_game_free(game);
        dt_model_free(model);
    }
}

/* What is assigned or added is rounded to a whole number, or refused. */
static void test_whole_numbers(void **state)
{
    (void)state;
    static const char *const effects[] = {"count := %s", "count += %s"};
    for (size_t e = 0; e < 2; e++) {
        for (int o = 0; o < OFFS; o++) {
            char number[32];
            double outcome[2];
            play_log log;
            snprintf(number, sizeof number, "%.17g", 2 + off[o]);
            const dt_status status = solve(text_of(effects[e], number), 0.5, &log, outcome);
            if (fabs(off[o]) > 1e-9) {
                assert_int_equal(status, DT_INVALID);
                assert_string_equal(log.codes, "not-whole");
            } else {
                assert_int_equal(status, DT_OK);
                assert_true(outcome[1] == 2);
            }
        }
    }
}

/* The chances with which a private variable begins. */
static void test_chances(void **state)
{
    (void)state;
    for (int o = 0; o < OFFS; o++) {
        char text[512];
        play_log log;
        const dt_options options = play_options(&log);
        dt_model *model;
        snprintf(text, sizeof text,
                 "model slack\nactor A\nprivate A aim : bool = {no: 0.5, yes: %.17g}\n"
                 "stage s : A { A.a ; A.b }\n",
                 0.5 + off[o]);
        dt_model_parse("text", text, strlen(text), &options, &model);
        dt_model_free(model);
        assert_true((strstr(log.codes, "chances-sum") != NULL) == (fabs(off[o]) > 1e-9));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constants),      cmocka_unit_test(test_one_world),
        cmocka_unit_test(test_worlds_at_once), cmocka_unit_test(test_whole_numbers),
        cmocka_unit_test(test_chances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
