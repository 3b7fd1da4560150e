/*
 * Outcomes, explanations, expectations and exports: the forward and the backward way give the same
 * numbers, the parts of a value sum to it, and what can't be answered is told.
 */
#include "play.h"

#include <math.h>

#include "detente_explain.h"
#include "trace/functional.h"
#include "trace/outcomes.h"
#include "trace/profile.h"

static void assert_close(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-9 * fmax(1, fabs(wanted)))) {
        print_error("%.17g isn't %.17g\n", found, wanted);
        fail();
    }
}

static dt_arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = dt_arena_new(NULL, 0);
    return arena == NULL;
}

static int teardown(void **state)
{
    (void)state;
    dt_arena_free(arena);
    return 0;
}

/* ---- functionals -------------------------------------------------------------------------------- */

/* With surplus values, what the choice at a node itself gives an actor in taste: H(σ)/λ, if it moves. */
static double taste_at(const dt_solution *solution, const dt_menu *menu, const double *sigma,
                       int actor)
{
    const dt_game *game = solution->game;
    double taste = 0;
    for (int k = 0; k < menu->agents; sigma += menu->options[k++]) {
        if (solution->values != DT_VALUES_SURPLUS ||
            game->rules->actor_agent[actor] != menu->agent[k])
            continue;
        for (int o = 0; o < menu->options[k]; o++)
            taste -= sigma[o] > 0 ? sigma[o] * log(sigma[o]) : 0;
        taste /= solution->world->rationality[menu->agent[k]];
    }
    return taste;
}

/* From the start, functionals are the outcomes of the other forward pass and the values that the
 * solver found backward. */
static dt_status compare_ways(void *argument)
{
    const dt_solution *solution = argument;
    const dt_game *game = solution->game;
    const uint32_t start = game->state_place[game->start];
    if (start >= game->nodes)
        return DT_OK; /* no stage is ever played */
    const size_t outcomes = (size_t)game->model->outcomes, actors = (size_t)game->model->actors;
    const size_t count = outcomes + actors;
    const dt_menu *menu = &game->menu[game->node_menu[start]];
    const double *sigma = dt_strategy_at(solution->strategy, game, 0, start);
    double *space = dt_new(arena, double, (size_t)dt_profile_room(game));
    const double *profile = dt_profile(menu, sigma, space);
    dt_functional *each = dt_new(arena, dt_functional, count);
    for (size_t f = 0; f < count; f++)
        each[f] = f < outcomes ? (dt_functional){DT_FUNCTIONAL_OUTCOME, (int)f}
                               : (dt_functional){DT_FUNCTIONAL_VALUE, (int)(f - outcomes)};
    double *worth = dt_new(arena, double, (size_t)menu->cells *count);
    dt_functionals_cells(arena, solution, 0, start, each, count, NULL, worth);
    const dt_outcomes *forward = dt_outcomes_forward(arena, solution, NULL);
    for (size_t f = 0; f < count; f++) {
        double expected = 0;
        for (int c = 0; c < menu->cells; c++)
            expected += profile[c] * worth[(size_t)c * count + f];
        if (f < outcomes)
            assert_int_equal(forward->broken[f], DT_NOWHERE);
        if (f < outcomes)
            assert_close(expected, forward->value[f]);
        else
            assert_close(expected + taste_at(solution, menu, sigma, (int)(f - outcomes)),
                         solution->value[f - outcomes]);
    }
    return DT_OK;
}

static void look_at_ways(dt_solution *solution, const dt_options *options)
{
    (void)options;
    assert_int_equal(dt_arena_try(arena, compare_ways, solution), DT_OK);
}

static void functionals_are_what_they_say(void **state)
{
    (void)state;
    assert_true(play_all(look_at_ways) >= 2 * PLAY_MODELS_COUNT);
}

/* ---- explanations -------------------------------------------------------------------------------- */

/* The parts of each value sum to it, the probabilities are its softmax, and what the actions do to an
 * outcome averages to what is expected before. */
static void check_explanation(const dt_explanation *e, bool surplus)
{
    assert_true(e->reached >= 0 && e->reached <= 1 + 1e-9);
    for (size_t m = 0; m < e->movers; m++) {
        const dt_explained_mover *mover = &e->mover[m];
        double best = -INFINITY, total = 0, sum = 0;
        assert_int_equal(surplus && strcmp(mover->term[mover->terms - 1], "taste") == 0, surplus);
        for (size_t a = 0; a < mover->actions; a++) {
            double parts = 0;
            for (size_t k = 0; k < mover->terms; k++)
                parts += mover->action[a].term[k];
            assert_close(parts, mover->action[a].value);
            best = fmax(best, mover->action[a].value);
            sum += mover->action[a].probability;
        }
        assert_close(sum, 1);
        for (size_t a = 0; a < mover->actions; a++)
            total += exp(mover->rationality * (mover->action[a].value - best));
        for (size_t a = 0; a < mover->actions; a++) {
            double softmax = exp(mover->rationality * (mover->action[a].value - best)) / total;
            assert_true(fabs(softmax - mover->action[a].probability) <= 1e-8);
        }
        for (size_t o = 0; o < e->outcomes; o++) {
            double average = 0;
            for (size_t a = 0; a < mover->actions; a++)
                average += mover->action[a].probability * mover->action[a].outcome[o];
            assert_close(average, e->outcome[o]);
        }
    }
}

static int explained;

static void look_at_explanations(dt_solution *solution, const dt_options *options)
{
    const dt_model *model = solution->game->model;
    const int horizon = model->horizon < 3 ? model->horizon : 3;
    double outcome[64];
    assert_true(model->declared_outcomes <= 64);
    assert_int_equal(dt_solution_outcomes(solution, options, outcome), DT_OK);
    for (int t = 1; t <= horizon; t++) {
        for (int s = 0; s < model->stages; s++) {
            dt_explanation *e;
            if (model->stage[s].movers == 0 ||
                dt_explain(solution, NULL, model->stage[s].is.name, t, options, &e) != DT_OK)
                continue;
            assert_string_equal(e->stage, model->stage[s].is.name);
            check_explanation(e, solution->values == DT_VALUES_SURPLUS);
            for (size_t o = 0; t == 1 && fabs(e->reached - 1) < 1e-12 && o < e->outcomes; o++)
                assert_close(e->outcome[o], outcome[o]);
            explained++;
            dt_explanation_free(e);
        }
    }
}

static void explained_terms_sum_to_the_value(void **state)
{
    (void)state;
    play_all(look_at_explanations);
    assert_true(explained > 100);
}

static const char TALKS[] =
    "model talks\nhorizon 2\nactor US\nactor DPRK discount 0.5\n"
    "param p = 0.25\n"
    "state deal : {none, pause, cap} = none\nstate tension : -1..3 = 1\nstate war : bool = no\n"
    "stage talks : US { US.step \"Offer\" ; US.silent { with p { tension += 1 } } }\n"
    "stage reply : DPRK when talks.US == step { DPRK.accept { deal += 1 } ; DPRK.refuse }\n"
    "stage nature : chance { with 0.1 { war := yes } }\n"
    "payoff US { deal = deal ; war = -war }\npayoff DPRK { relief = deal }\n"
    "outcome deal = last(deal)\noutcome lost = total(log(p))\n";

static const struct wrong_at {
    const char *at, *stage;
    int period;
    const char *code;
    int column;
} WRONG_AT[] = {
    {"tensoin=1",            NULL,     1, "at-name",          1 },
    {"deal = paus",          NULL,     1, "at-value",         8 },
    {"deal=none, tension=4", NULL,     1, "at-value",         20},
    {"tension=--1",          NULL,     1, "at-value",         9 },
    {"tension=",             NULL,     1, "at-syntax",        1 },
    {"deal=none,,",          NULL,     1, "at-syntax",        11},
    {"war=no, war=no",       NULL,     1, "at-twice",         9 },
    {"=1",                   NULL,     1, "at-syntax",        1 },
    {"talks.US=stap",        NULL,     1, "at-value",         10},
    {"tensoin=1, deal=x",    NULL,     1, "at-name at-value", 17},
    {"",                     "talk",   1, "explain-stage",    0 },
    {"",                     "nature", 1, "explain-chance",   0 },
    {"",                     NULL,     0, "explain-period",   0 },
    {"",                     NULL,     3, "explain-period",   0 },
    {"tension=3",            "talks",  1, "explain-nowhere",  0 },
    {"tension=3",            NULL,     1, "explain-nowhere",  0 },
    {"talks.US=silent",      "reply",  1, "explain-nowhere",  0 },
};

static void wrong_situations_are_told(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model = play_text(TALKS, &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    for (size_t i = 0; i < sizeof WRONG_AT / sizeof WRONG_AT[0]; i++) {
        const struct wrong_at *wrong = &WRONG_AT[i];
        options = play_options(&told);
        dt_explanation *e;
        assert_int_equal(dt_explain(solution, wrong->at, wrong->stage, wrong->period, &options, &e),
                         DT_INVALID);
        assert_null(e);
        assert_string_equal(told.codes, wrong->code);
        assert_int_equal(told.column, wrong->column);
        assert_string_equal(told.file, wrong->column ? "at" : "");
    }
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

static void situations_are_found(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model = play_text(TALKS, &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    dt_explanation *e;
    assert_int_equal(dt_explain(solution, " tension = 2 , deal==none", NULL, 2, &options, &e),
                     DT_OK);
    assert_string_equal(e->stage, "talks");
    assert_string_equal(e->state, "deal=none tension=2 war=no");
    assert_string_equal(e->mover[0].name, "US");
    assert_string_equal(e->mover[0].action[0].name, "US.step");
    assert_string_equal(e->mover[0].action[0].text, "Offer");
    assert_int_equal(e->mover[0].terms, 2);
    assert_string_equal(e->mover[0].term[0], "deal");
    dt_explanation_free(e);
    /* In the last period only what happens in it counts, from where play stands. */
    assert_int_equal(dt_explain(solution, "deal=pause,war=no", "reply", 2, &options, &e), DT_OK);
    assert_close(e->mover[0].action[0].value, 2);
    assert_close(e->mover[0].action[1].value, 1);
    assert_close(e->mover[0].action[0].outcome[0], 2);
    assert_close(e->outcome[0], 1 + e->mover[0].action[0].probability);
    assert_close(e->outcome[1], log(0.25));
    dt_explanation_free(e);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* Actions of one name: each mover's choice is its own. */
static void choices_are_of_their_own_mover(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model =
        play_text("model pair\nactor A\nactor B\nstate x : 0..9 = 0\n"
                  "stage first : A, B { A.go ; A.wait ; B.go { x += 2 } ; B.wait }\n"
                  "stage second : A { A.go if first.A == go or first.B == go ; A.wait }\n"
                  "payoff A { x = x }\n",
                  &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    dt_explanation *e;
    assert_int_equal(dt_explain(solution, "first.B=go, first.A=wait", "second", 1, &options, &e),
                     DT_OK);
    assert_string_equal(e->state, "x=2 first.A=wait first.B=go");
    dt_explanation_free(e);
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* ---- outcomes ------------------------------------------------------------------------------------ */

static void an_infinite_outcome_is_told(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model = play_text(TALKS, &options);
    dt_game *game;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    dt_solution *solution;
    assert_int_equal(dt_solve(game, &(double){0}, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
    double outcome[2];
    assert_int_equal(dt_solution_outcomes(solution, &options, outcome), DT_INVALID);
    assert_string_equal(told.codes, "outcome-number");
    dt_explanation *e;
    options = play_options(&told);
    assert_int_equal(dt_explain(solution, NULL, NULL, 1, &options, &e), DT_INVALID);
    assert_string_equal(told.codes, "outcome-number");
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

/* ---- expectations -------------------------------------------------------------------------------- */

static void keep(void *context, const dt_expectation *result)
{
    char *text = context;
    sprintf(text + strlen(text), "%s|%s|%d|%s\n", result->text, result->policy, result->holds,
            result->found);
}

static void expectations_are_run(void **state)
{
    (void)state;
    static const char TEXT[] =
        "model coin\nhorizon 4\nactor A rationality 0\nparam p = 0.5\nparam q = 1\n"
        "state x : 0..9 = 0\n"
        "stage toss : chance { with p { x += 1 } }\n"
        "payoff A { x = x }\n"
        "outcome heads = last(x)\n"
        "policy fair\npolicy bent { set p = 0.25 }\n"
        "expect \"two\" under fair : heads == 2\n"
        "expect \"each\" : heads >= 1.5\n"
        "expect \"with\" with p = 1 : heads in 4 .. 4\n"
        "expect \"other\" : heads under bent < heads under fair and first(x > 0) > 1\n"
        "expect \"nested\" under fair : ((((heads in 0..2) in 1..1) in 0..1) in 1..2)\n"
        "expect \"infinite\" under fair with q = 0 : last(log(q)) < 0\n";
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model = play_text(TEXT, &options);
    dt_game *game[2];
    assert_int_equal(dt_game_explore(model, 0, &options, &game[0]), DT_OK);
    assert_int_equal(dt_game_explore(model, 1, &options, &game[1]), DT_OK);
    char text[4096] = "";
    const double parameters[] = {0.5, 1};
    dt_status status =
        dt_expectations_run(model, game, parameters, DT_VALUES_AVERAGE, &options, keep, text);
    assert_int_equal(status, DT_NO);
    assert_string_equal(
        text, "two|fair|1|heads[fair] = 2\n"
              "each|fair|1|heads[fair] = 2\n"
              "each|bent|0|heads[bent] = 1\n"
              "with|fair|1|heads[fair] = 4\n"
              "with|bent|1|heads[bent] = 4\n"
              "other|fair|1|heads[bent] = 1, heads[fair] = 2, first(x > 0)[fair] = 1.9375\n"
              "other|bent|1|heads[bent] = 1, heads[fair] = 2, "
              "first(x > 0)[bent] = 3.05078125\n"
              "nested|fair|1|heads[fair] = 2\n"
              "infinite|fair|0|last(log(q))[fair] = not a finite number\n");
    dt_game_free(game[0]);
    dt_game_free(game[1]);
    dt_model_free(model);
}

/* ---- exports ------------------------------------------------------------------------------------- */

static bool take_some(void *context, const char *text, size_t length)
{
    (void)text;
    size_t *left = context;
    bool taken = length <= *left;
    *left -= taken ? length : *left;
    return taken;
}

static void look_at_exports(dt_solution *solution, const dt_options *options)
{
    for (int format = DT_EXPORT_JSON; format <= DT_EXPORT_EFG; format++) {
        size_t room = 0;
        dt_status status = dt_export(solution, format, options, take_some, &room);
        assert_true(status == DT_FILE || (format != DT_EXPORT_JSON && status != DT_OK));
        room = SIZE_MAX;
        assert_int_equal(dt_export(solution, format, options, take_some, &room),
                         status == DT_FILE ? DT_OK : status);
    }
}

static void exports_end_when_refused(void **state)
{
    (void)state;
    play_all(look_at_exports);
}

static bool take_all(void *context, const char *text, size_t length)
{
    strncat(context, text, length);
    return true;
}

/* Numbers without exponents, labels without quotes, probabilities that sum to exactly one. */
static void trees_are_plain(void **state)
{
    (void)state;
    static const char TEXT[] =
        "model tiny \"a \\ b\"\nhorizon 1\nactor A\nactor B\nparam p = 0.1\n"
        "state x : 0..2 = 0\n"
        "stage s : chance { branch { p { x := 1 } 0.2 { x := 2 } else { } } }\n"
        "payoff A { v = x == 0 ? 2.5e-9 : x == 1 ? -1.25e20 : 1e22 }\n"
        "payoff B { v = x == 0 ? -3e-7 : x == 1 ? 20 : 0.1 }\n";
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = play_text(TEXT, &options);
    dt_game *game;
    dt_solution *solution = play_solve(model, 0, DT_VALUES_AVERAGE, &options, &game);
    char text[4096] = "";
    assert_int_equal(dt_export(solution, DT_EXPORT_EFG, &options, take_all, text), DT_OK);
    assert_non_null(strstr(text, "EFG 2 R \"a / b\" { \"A\" \"B\" }\n"));
    assert_non_null(strstr(text, " 0.1 "));
    assert_non_null(strstr(text, " 0.2 "));
    assert_non_null(strstr(text, " 0.7 "));
    assert_non_null(strstr(text, "{ 0.0000000025, -0.0000003 }"));
    assert_non_null(strstr(text, "{ -125000000000000000000, 20 }"));
    assert_non_null(strstr(text, "{ 10000000000000000000000, 0.1 }"));
    dt_solution_free(solution);
    dt_game_free(game);
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(functionals_are_what_they_say, setup, teardown),
        cmocka_unit_test(explained_terms_sum_to_the_value),
        cmocka_unit_test(wrong_situations_are_told),
        cmocka_unit_test(situations_are_found),
        cmocka_unit_test(choices_are_of_their_own_mover),
        cmocka_unit_test(an_infinite_outcome_is_told),
        cmocka_unit_test(expectations_are_run),
        cmocka_unit_test(exports_end_when_refused),
        cmocka_unit_test(trees_are_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
