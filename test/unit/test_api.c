/*
 * What only a program that uses the library can do: interrupt it, stop its writing, solve from
 * several handles, ask for what is not there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "detente_explain.h"

static const char TEXT[] = "model small\n"
                           "horizon 200\n"
                           "actor A\n"
                           "param p = 0.5\n"
                           "state x : 0..5000 = 0\n"
                           "stage s : A { A.up { x += 1 } A.stay }\n"
                           "stage c : chance { with p { x += 3 } }\n"
                           "payoff A { x = x }\n"
                           "outcome o = last(x)\n";

typedef struct heard {
    char code[64];
    int errors;
    int calls_allowed;
    int calls;
    double last_done;
} heard;

static void report(void *context, const dt_diagnostic *diagnostic)
{
    heard *h = context;
    h->errors += diagnostic->severity == DT_ERROR;
    strncpy(h->code, diagnostic->code, sizeof h->code - 1);
}

static bool progress(void *context, const char *activity, double done)
{
    heard *h = context;
    assert_non_null(activity);
    assert_true(done >= 0 && done <= 1);
    return h->calls++ < h->calls_allowed;
}

static dt_model *parse(const dt_options *options)
{
    dt_model *model = NULL;
    assert_int_equal(dt_model_parse("small", TEXT, strlen(TEXT), options, &model), DT_OK);
    return model;
}

/* However early it is interrupted, it ends with DT_LIMIT and says so. */
static void interrupting_ends_the_work(void **state)
{
    (void)state;
    heard h = {0};
    dt_options options = {
        .report = report, .report_context = &h, .progress = progress, .progress_context = &h};
    h.calls_allowed = 1 << 30;
    dt_model *model = parse(&options);
    dt_game *game = NULL;
    dt_solution *solution = NULL;
    double p = 0.5;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    int exploring = h.calls;
    assert_int_equal(dt_solve(game, &p, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
    int solving = h.calls - exploring;
    dt_solution_free(solution);
    dt_game_free(game);
    assert_true(exploring + solving > 0);

    if (exploring > 0) {
        h = (heard){.calls_allowed = exploring / 2};
        game = NULL;
        assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_LIMIT);
        assert_null(game);
        assert_string_equal(h.code, "interrupted");
        assert_int_equal(h.errors, 1);
    }
    h = (heard){.calls_allowed = 1 << 30};
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    if (solving > 0) {
        h = (heard){.calls_allowed = solving / 2};
        solution = NULL;
        assert_int_equal(dt_solve(game, &p, DT_VALUES_AVERAGE, &options, &solution), DT_LIMIT);
        assert_null(solution);
        assert_string_equal(h.code, "interrupted");
        assert_int_equal(h.errors, 1);
    }
    dt_game_free(game);
    dt_model_free(model);
}

static bool full(void *context, const char *text, size_t length)
{
    (void)context;
    (void)text;
    (void)length;
    return false;
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    dt_options options = {0};
    assert_int_equal(dt_format("small", TEXT, strlen(TEXT), &options, full, NULL), DT_FILE);
    dt_model *model = parse(&options);
    dt_game *game = NULL;
    dt_solution *solution = NULL;
    double p = 0.5;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(dt_solve(game, &p, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
    assert_int_equal(dt_export(solution, DT_EXPORT_JSON, &options, full, NULL), DT_FILE);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

static void names_are_found_and_suggested(void **state)
{
    (void)state;
    dt_options options = {0};
    dt_model *model = parse(&options);
    assert_string_equal(dt_model_name(model), "small");
    assert_int_equal(dt_model_horizon(model), 200);
    assert_int_equal(dt_model_count(model, DT_POLICIES), 1);
    assert_string_equal(dt_model_item(model, DT_POLICIES, 0), "default");
    assert_int_equal(dt_model_find(model, DT_PARAMETERS, "p"), 0);
    assert_int_equal(dt_model_find(model, DT_PARAMETERS, "q"), -1);
    assert_int_equal(dt_model_find(model, DT_OUTCOMES, "o"), 0);
    dt_model_free(model);

    const char *const names[] = {"sequenced", "as_is", "seoul_leads"};
    assert_string_equal(dt_suggest("sequencd", names, 3), "sequenced");
    assert_string_equal(dt_suggest("seoul_lead", names, 3), "seoul_leads");
    assert_null(dt_suggest("nothing_like_it", names, 3));
    assert_null(dt_suggest("x", NULL, 0));
}

static void diagnostics_have_names(void **state)
{
    (void)state;
    size_t count = 0;
    while (dt_diagnostic_code(count)) {
        assert_true(strlen(dt_diagnostic_code(count)) > 0);
        count++;
    }
    assert_true(count > 10);
    assert_null(dt_diagnostic_code(count + 1));
}

static dt_model *parse_text(const char *text)
{
    dt_model *model = NULL;
    assert_int_equal(dt_model_parse("text", text, strlen(text), NULL, &model), DT_OK);
    return model;
}

/* A group goes on to the next, whatever stands between; what stands in none, and what groups don't
 * hold, has the title "". */
static void what_is_shown_first_is_told(void **state)
{
    (void)state;
    dt_model *model = parse_text("model m\nquestion \"Which?\"\nactor A unit \"lives\" \"A\"\n"
                                 "actor B\nparam a = 1\n"
                                 "group \"G\"\nparam b = 2\nstage s : A { A.x; A.y }\n"
                                 "outcome p = last(1)\noutcome q headline = last(2)\n"
                                 "group \"H\"\noutcome r = last(3) headline\n"
                                 "group \"\"\noutcome t = last(4)\nexpect \"e\" : last(5) > 4\n");
    assert_string_equal(dt_model_question(model), "Which?");
    assert_string_equal(dt_model_unit(model, 0), "lives");
    assert_string_equal(dt_model_item_description(model, DT_ACTORS, 0), "A");
    assert_string_equal(dt_model_unit(model, 1), "");
    static const bool headline[] = {false, true, true, false};
    static const char *const group[] = {"G", "G", "H", ""};
    for (size_t o = 0; o < 4; o++) {
        assert_int_equal(dt_model_headline(model, o), headline[o]);
        assert_string_equal(dt_model_group(model, DT_OUTCOMES, o), group[o]);
    }
    assert_string_equal(dt_model_group(model, DT_PARAMETERS, 0), "");
    assert_string_equal(dt_model_group(model, DT_PARAMETERS, 1), "G");
    assert_string_equal(dt_model_group(model, DT_STAGES, 0), "");
    dt_model_free(model);

    model = parse_text("model m\nactor A\nstage s : A { A.x }\noutcome a = last(1)\n"
                       "outcome b = last(1)\noutcome c = last(1)\noutcome d = last(1)\n"
                       "outcome e = last(1)\noutcome f = last(1)\noutcome g = last(1)\n");
    assert_string_equal(dt_model_question(model), "");
    for (size_t o = 0; o < 7; o++)
        assert_int_equal(dt_model_headline(model, o), o < 6);
    dt_model_free(model);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    dt_model_free(NULL);
    dt_game_free(NULL);
    dt_solution_free(NULL);
    dt_explanation_free(NULL);
}

/* Panel, outcome and policies are told apart by their names and their order. */
static void the_tour_is_told(void **state)
{
    (void)state;
    dt_model *model;
    assert_int_equal(dt_model_read(DT_ROOT "/test/format/tour.dtn", NULL, &model), DT_OK);
    assert_string_equal(dt_model_tour(model), "In three steps");
    assert_int_equal(dt_model_steps(model), 4);
    dt_tour_step step = dt_model_step(model, 0);
    assert_string_equal(step.text, "Both policies.");
    assert_string_equal(step.panel, "compare");
    assert_int_equal(step.outcome, 0);
    assert_int_equal(step.policies, 2);
    assert_int_equal(step.policy[1], 1);
    assert_int_equal(step.sets, 0);
    step = dt_model_step(model, 1);
    assert_string_equal(step.panel, "");
    assert_int_equal(step.outcome, -1);
    assert_int_equal(step.policies, 0);
    assert_int_equal(step.sets, 2);
    assert_int_equal(step.parameter[1], 1);
    assert_float_equal(step.value[1], -0.25, 0);
    step = dt_model_step(model, 2);
    assert_string_equal(step.panel, "time");
    assert_int_equal(step.outcome, 1); /* called compare */
    assert_int_equal(step.policies, 1);
    step = dt_model_step(model, 3);
    assert_string_equal(step.text, "Nothing but words.");
    assert_int_equal(dt_model_step(model, 4).sets, 0);
    for (size_t i = 0; i < 4; i++) {
        bool known = *dt_model_step(model, i).panel == '\0';
        for (size_t k = 0; dt_page_panel(k); k++)
            known |= strcmp(dt_page_panel(k), dt_model_step(model, i).panel) == 0;
        assert_true(known);
    }
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tour_is_told),
        cmocka_unit_test(interrupting_ends_the_work),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(names_are_found_and_suggested),
        cmocka_unit_test(diagnostics_have_names),
        cmocka_unit_test(what_is_shown_first_is_told),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
