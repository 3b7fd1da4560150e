/*
 * Every allocation fails once: the whole way from text to export is gone through with the first,
 * the second, the third … request for memory refused, until none is. Each time some call must
 * answer DT_LIMIT, tell of it, and leave nothing held. (Sanitizers see what is touched after.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "detente_explain.h"
#include "refusing.h"

/* Every kind of node, a team, an end, payments and all outcome forms, in few states. */
static const char TEXT[] =
    "model small \"all of it\"\n"
    "horizon 2\n"
    "lookahead 0\n"
    "source book \"a book\"\n"
    "actor A discount 0.9 rationality lambda\n"
    "actor B \"the other\" discount 0.9\n"
    "param lambda = 2 in 1 .. 3 cite book\n"
    "question \"Which?\"\n"
    "param p = 0.3 ~ beta(2, 3) judgement\n"
    "let high = x >= 1\n"
    "state x : 0..2 = 0\n"
    "state done : bool = no\n"
    "role chair = A\n"
    "stage both : A, B {\n"
    "  A.up { x += 1 }\n"
    "  A.stay { pay A 0.1 \"rest\" }\n"
    "  B.up \"raise\" { x += 1 }\n"
    "  B.stay if x < 2\n"
    "  B.down { x -= 1 }\n"
    "}\n"
    "stage one : chair when both.A == up {\n"
    "  chair.go { with p { done := yes } }\n"
    "  chair.wait\n"
    "}\n"
    "stage luck : chance { branch { p { x += 1 } 0.2 { x -= 1 } else { } } }\n"
    "payoff A { height = x ; peace = -2 * done }\n"
    "payoff B { height = 1 - p * x }\n"
    "end over when done\n"
    "outcome o1 minimise = ever(done)\n"
    "group \"Later\"\n"
    "outcome o2 headline = first(high)\n"
    "outcome o3 maximise = last(x)\n"
    "outcome o4 = mean(one.chair == go)\n"
    "outcome o5 = total(p * x)\n"
    "policy plain\n"
    "policy other cite book { role chair = B ; forbid B.down when high ; "
    "set p = 0.1 ; start x = 1 }\n"
    "policy joint { team A, B weights 0.4, 0.6 }\n"
    "expect \"order\" : o1 under plain >= o1 under other\n"
    "expect \"a form\" with p = 0.2 : last(x * p) <= 1\n";

static void count(void *context, const dt_diagnostic *diagnostic)
{
    *(int *)context += diagnostic->severity == DT_ERROR;
}

static bool swallow(void *context, const char *text, size_t length)
{
    (void)text;
    *(size_t *)context += length;
    return true;
}

static void hear(void *context, const dt_expectation *result)
{
    (void)context;
    (void)result;
}

enum { POLICIES = 3 };

static dt_status after_solving(const dt_model *model, dt_solution *solution,
                               const dt_options *options)
{
    double outcome[16];
    dt_certificate certificate;
    dt_explanation *explanation = NULL;
    size_t bytes = 0;
    assert_true(dt_model_count(model, DT_OUTCOMES) <= 16);
    dt_status status = dt_solution_outcomes(solution, options, outcome);
    if (status == DT_OK)
        status = dt_verify(solution, options, &certificate);
    if (status == DT_OK)
        status = dt_explain(solution, "x=1", NULL, 2, options, &explanation);
    if (status == DT_OK)
        dt_explanation_free(explanation);
    for (int format = DT_EXPORT_JSON; status == DT_OK && format <= DT_EXPORT_EFG; format++)
        status = dt_export(solution, (dt_export_format)format, options, swallow, &bytes);
    return status;
}

/* The whole way, with all of it freed at the end wherever it stopped. */
static dt_status go(const dt_options *options)
{
    dt_model *model = NULL;
    dt_game *game[POLICIES] = {0};
    double world[8];
    size_t bytes = 0;
    dt_status status = dt_format("small", TEXT, strlen(TEXT), options, swallow, &bytes);
    if (status == DT_OK)
        status = dt_model_parse("small", TEXT, strlen(TEXT), options, &model);
    if (status != DT_OK) {
        assert_null(model);
        return status;
    }
    assert_int_equal(dt_model_count(model, DT_POLICIES), POLICIES);
    for (size_t p = 0; p < POLICIES && status == DT_OK; p++)
        status = dt_game_explore(model, p, options, &game[p]);
    if (status == DT_OK)
        status = dt_games_warn(game, POLICIES, options);
    dt_draws *draws = NULL;
    if (status == DT_OK)
        status = dt_draws_prepare(model, options, &draws);
    dt_draws_free(draws);
    dt_model_nominal(model, world);
    if (status == DT_OK)
        status = dt_expectations_run(model, game, world, DT_VALUES_AVERAGE, options, hear, NULL);
    for (size_t p = 0; p < POLICIES && status == DT_OK; p++) {
        dt_solution *solution = NULL;
        dt_model_nominal(model, world);
        dt_game_settings(game[p], world);
        status = dt_solve(game[p], world, DT_VALUES_AVERAGE, options, &solution);
        if (status == DT_OK)
            status = after_solving(model, solution, options);
        dt_solution_free(solution);
    }
    for (size_t p = 0; p < POLICIES; p++)
        dt_game_free(game[p]);
    dt_model_free(model);
    return status;
}

static void every_allocation_fails_once(void **state)
{
    (void)state;
    dt_status status = DT_LIMIT;
    for (long n = 1; status != DT_OK; n++) {
        refusing r = {.refused = n};
        int errors = 0;
        dt_options options = {
            .jobs = 2, .report = count, .report_context = &errors, .allocator = {resize, &r}
        };
        status = go(&options);
        assert_int_equal(r.held, 0);
        if (status != DT_OK) {
            assert_int_equal(status, DT_LIMIT);
            assert_int_equal(errors, 1);
            assert_true(r.requests >= n);
        } else {
            assert_true(r.requests < n); /* all of them were refused before */
        }
        assert_true(n < 100000);
    }
}

/* The same with a limit of bytes, from none to enough. */
static void every_limit_is_told(void **state)
{
    (void)state;
    dt_status status = DT_LIMIT;
    for (size_t limit = 1; status != DT_OK; limit += 1 + limit / 4) {
        refusing r = {0};
        int errors = 0;
        dt_options options = {
            .jobs = 2,
            .report = count,
            .report_context = &errors,
            .max_memory = limit,
            .allocator = {resize, &r}
        };
        status = go(&options);
        assert_int_equal(r.held, 0);
        assert_true(status == DT_OK || (status == DT_LIMIT && errors == 1));
        assert_true(limit < (size_t)1 << 30);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_fails_once),
        cmocka_unit_test(every_limit_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
