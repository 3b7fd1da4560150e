/*
 * Matches: a match in which every side does what is drawn for it is the sampled history of its numbers; whoever does
 * something else changes nobody's part in that stage, and no number of chance; what actions are worth less than the best is
 * what explanations say; actions come as often as a forward pass finds them to be taken, and outcomes to what is
 * expected; and a match is had again from its file and from its code.
 */
#include <math.h>

#include "detente_explain.h"
#include "matches.h"
#include "trace/frequency.h"

/* Models with chance, teams, several movers, ends, private variables, and hidden stages. */
static const char *const MODELS[] = {
    "test/verification/parley.dtn",        "test/verification/random-7.dtn",
    "test/verification/random-12.dtn",     "models/classics/arms-race.dtn",
    "models/classics/crisis-audience.dtn", "models/classics/covert-enrichment.dtn",
    "models/classics/carrier.dtn",
};
enum { MODELS_COUNT = sizeof MODELS / sizeof MODELS[0] };

/* Plays on as is drawn. */
static void finish(dt_match *match)
{
    for (dt_match_turn turn = dt_match_at(match); !turn.over; turn = dt_match_at(match))
        assert_int_equal(dt_match_take(match, turn.drawn, &options), DT_OK);
}

static dt_history *record(const dt_match *match)
{
    dt_history *history;
    assert_int_equal(dt_match_history(match, &options, &history), DT_OK);
    return history;
}

static void assert_same_history(const solved *s, const dt_history *a, const dt_history *b)
{
    assert_int_equal(dt_history_rows(a), dt_history_rows(b));
    for (size_t row = 0; row < dt_history_rows(a); row++) {
        for (size_t i = 0; i < dt_model_observables(s->model); i++)
            assert_int_equal(dt_history_value(a, row, i), dt_history_value(b, row, i));
    }
}

static void test_drawn_is_sampled(void **state)
{
    (void)state;
    for (size_t m = 0; m < MODELS_COUNT; m++) {
        const solved s = solve(MODELS[m], 0);
        double world[256];
        dt_model_nominal(s.model, world);
        const dt_sampling how = {.periods = (size_t)dt_model_horizon(s.model), .seed = 11};
        dt_sampler *sampler;
        assert_int_equal(dt_sampler_new(s.model, world, &how, &options, &sampler), DT_OK);
        for (uint64_t number = 0; number < 20; number++) {
            dt_history *sampled;
            assert_int_equal(dt_sampler_history(sampler, number, &options, &sampled), DT_OK);
            dt_match *match = begin(&s, 11, number, s.all);
            finish(match);
            dt_history *played = record(match);
            assert_same_history(&s, played, sampled);
            dt_history_free(played);
            dt_match_free(match);
            dt_history_free(sampled);
        }
        dt_sampler_free(sampler);
        release(&s);
    }
}

/* One side moves first and alone; chance follows, whatever it does. */
static void test_chances_are_the_same(void **state)
{
    (void)state;
    static const char text[] = "model m\nhorizon 3\nactor A\nactor B\nstate rain : bool = no\n"
                               "stage talk : A, B {\n  A.one\n  A.two\n  B.left\n  B.right\n}\n"
                               "stage sky : chance {\n  rain := no\n  with 0.5 { rain := yes }\n}\n"
                               "payoff A { p = talk.A == one }\npayoff B { p = talk.B == left }\n";
    options = play_options(&told);
    solved s = {.model = play_text(text, &options)};
    assert_int_equal(dt_game_explore(s.model, 0, &options, &s.game), DT_OK);
    assert_int_equal(dt_solve(s.game, NULL, DT_VALUES_AVERAGE, &options, &s.solution), DT_OK);
    const bool held[] = {true, false};
    for (uint64_t seed = 0; seed < 30; seed++) {
        dt_match *match[2] = {begin(&s, seed, 0, held), begin(&s, seed, 0, held)};
        for (size_t a = 0; a < 2; a++) {
            while (!dt_match_at(match[a]).over)
                assert_int_equal(dt_match_take(match[a], a, &options), DT_OK);
        }
        dt_history *history[2] = {record(match[0]), record(match[1])};
        for (size_t row = 1; row <= 3; row++) {
            assert_int_equal(dt_history_value(history[0], row, 1), 1);
            assert_int_equal(dt_history_value(history[1], row, 1), 2);
            assert_int_equal(dt_history_value(history[0], row, 0),
                             dt_history_value(history[1], row, 0));
            assert_int_equal(dt_history_value(history[0], row, 2),
                             dt_history_value(history[1], row, 2));
        }
        for (size_t a = 0; a < 2; a++) {
            dt_history_free(history[a]);
            dt_match_free(match[a]);
        }
    }
    release(&s);
}

/* What an action is worth less than the best is the difference of their values. */
static void test_worth(void **state)
{
    (void)state;
    for (size_t m = 0; m < MODELS_COUNT; m++) {
        const solved s = solve(MODELS[m], 0);
        dt_match *match = begin(&s, 3, 0, s.all);
        const dt_match_turn turn = dt_match_at(match);
        if (!turn.over) {
            dt_explanation *e;
            const char *stage = dt_model_item(s.model, DT_STAGES, (size_t)turn.stage);
            assert_int_equal(dt_explain(s.solution, "", stage, turn.period, &options, &e), DT_OK);
            size_t mover = 0;
            while (e->mover[mover].variable != turn.variable ||
                   (turn.variable >= 0 && e->mover[mover].rank != turn.rank))
                mover++;
            assert_int_equal(e->mover[mover].actions, turn.actions);
            const dt_explained_action *action = e->mover[mover].action;
            for (size_t a = 0; a < turn.actions; a++) {
                assert_string_equal(action[a].name, turn.action[a].name);
                assert_string_equal(action[a].brief, turn.action[a].brief);
                /* in the first period play stands where it is likeliest, but for what is believed */
                if (turn.variable < 0)
                    assert_true(fabs(action[turn.best].value - action[a].value -
                                     turn.action[a].less) < 1e-9);
            }
            dt_explanation_free(e);
        }
        dt_match_free(match);
        release(&s);
    }
}

enum { MOST_ACTIONS = 256, MOST_OUTCOMES = 64 };

/* Actions of automatic matches, and what their outcomes come to. */
static void test_frequencies(void **state)
{
    (void)state;
    const char *asked = getenv("MATCHES");
    const size_t matches = asked ? strtoul(asked, NULL, 10) : 20000;
    for (size_t m = 0; m < MODELS_COUNT; m++) {
        const solved s = solve(MODELS[m], 0);
        const size_t outcomes = dt_model_count(s.model, DT_OUTCOMES);
        tally action[MOST_ACTIONS] = {0}, outcome[MOST_OUTCOMES] = {0};
        double exact[MOST_OUTCOMES];
        assert_true(outcomes <= MOST_OUTCOMES);
        dt_arena *arena = dt_arena_new(NULL, 0);
        /* how often each is taken is known where nothing is private */
        const dt_frequency *frequency =
            s.game->privates ? NULL : dt_frequency_make(arena, s.solution);
        const size_t actions = frequency ? frequency->first[s.game->stages] : 0;
        assert_true(actions <= MOST_ACTIONS);
        for (size_t g = 0; g < (frequency ? matches : matches / 20); g++) {
            double taken[MOST_ACTIONS] = {0}, value[MOST_OUTCOMES];
            dt_match *match = begin(&s, 5, g, s.all);
            finish(match);
            for (size_t i = 0; frequency && i < dt_match_events(match); i++) {
                const dt_event event = dt_match_event(match, i);
                if (event.kind == DT_EVENT_ACTION)
                    taken[frequency->first[event.stage] + (size_t)event.action]++;
            }
            dt_match_outcomes(match, value);
            for (size_t o = 0; o < outcomes; o++)
                count(&outcome[o], value[o]);
            for (size_t a = 0; a < actions; a++)
                count(&action[a], taken[a]);
            dt_match_free(match);
        }
        const double horizon = dt_model_horizon(s.model);
        assert_int_equal(dt_solution_outcomes(s.solution, &options, exact), DT_OK);
        for (size_t o = 0; o < outcomes; o++)
            assert_expected(&outcome[o], frequency ? matches : matches / 20, exact[o],
                            horizon * (1 + fabs(exact[o])));
        for (size_t a = 0; a < actions; a++)
            assert_expected(&action[a], matches, frequency->taken[a], horizon);
        dt_arena_free(arena);
        release(&s);
    }
}

/* Histories one after the other come to what each comes to by itself. */
static void test_spread(void **state)
{
    (void)state;
    for (size_t m = 0; m < MODELS_COUNT; m++) {
        const solved s = solve(MODELS[m], 0);
        const size_t outcomes = dt_model_count(s.model, DT_OUTCOMES);
        double *all = calloc(9 * outcomes + 1, sizeof *all), one[64];
        assert_int_equal(dt_match_spread(s.solution, 8, 2, 9, &options, all), DT_OK);
        for (size_t h = 0; h < 9; h++) {
            dt_match *match = begin(&s, 8, 2 + h, NULL);
            assert_true(dt_match_at(match).over);
            dt_match_outcomes(match, one);
            for (size_t o = 0; o < outcomes; o++)
                assert_true(one[o] == all[h * outcomes + o]);
            dt_match_free(match);
        }
        free(all);
        release(&s);
    }
}

typedef struct text {
    char at[65536];
    size_t length;
} text;

static bool add(void *context, const char *bytes, size_t length)
{
    text *to = context;
    assert_true(to->length + length < sizeof to->at);
    memcpy(to->at + to->length, bytes, length);
    to->length += length;
    return true;
}

/* A match is left after each number of moves, and had again from what was written. */
static void test_followed(void **state)
{
    (void)state;
    static text file;
    for (size_t m = 0; m < MODELS_COUNT; m++) {
        const solved s = solve(MODELS[m], 0);
        for (size_t moves = 0; moves < 12; moves++) {
            dt_match *match = begin(&s, 21, 0, s.all), *again = begin(&s, 21, 0, s.all);
            for (size_t i = 0; i < moves && !dt_match_at(match).over; i++)
                assert_int_equal(dt_match_take(match, i % dt_match_at(match).actions, &options),
                                 DT_OK);
            dt_history *history = record(match), *read;
            file.length = 0;
            assert_int_equal(dt_history_write(history, true, &options, add, &file), DT_OK);
            assert_int_equal(
                dt_history_parse(s.model, "file", file.at, file.length, &options, &read), DT_OK);
            char code[DT_CODE_SIZE];
            assert_string_equal(dt_history_note(read), dt_match_code(match, code, sizeof code));
            assert_int_equal(dt_match_follow(again, read, &options), DT_OK);
            assert_int_equal(dt_match_moves(again), dt_match_moves(match));
            assert_int_equal(dt_match_events(again), dt_match_events(match));
            assert_true(dt_match_at(again).over == dt_match_at(match).over);
            dt_history_free(history);
            dt_history_free(read);
            dt_match_free(match);
            dt_match_free(again);
        }
        release(&s);
    }
}

static void test_codes(void **state)
{
    (void)state;
    const solved s = solve(MODELS[0], 1);
    double world[256];
    dt_model_nominal(s.model, world);
    s.all[0] = false;
    dt_match *match = begin(&s, UINT64_MAX, 0, s.all);
    char code[DT_CODE_SIZE];
    size_t policy;
    uint64_t seed;
    bool held[64] = {true};
    dt_match_code(match, code, sizeof code);
    assert_int_equal(dt_match_read_code(s.model, world, code, &options, &policy, &seed, held),
                     DT_OK);
    assert_int_equal(policy, 1);
    assert_true(seed == UINT64_MAX);
    for (size_t i = 0; i < dt_model_count(s.model, DT_ACTORS); i++)
        assert_true(held[i] == s.all[i]);
    world[0] += 1; /* which no policy sets */
    options = play_options(&told);
    assert_int_equal(dt_match_read_code(s.model, world, code, &options, &policy, &seed, held),
                     DT_INVALID);
    assert_string_equal(told.codes, "match-mark");
    static const char *const wrong[] = {"", "nobody.-.1.0", "as_is", "..7.12", "x.y.z.w"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        options = play_options(&told);
        assert_int_equal(
            dt_match_read_code(s.model, NULL, wrong[i], &options, &policy, &seed, held),
            DT_INVALID);
        assert_string_equal(told.codes, "match-code");
    }
    dt_match_free(match);
    release(&s);
}

/* What one side alone sees is hidden from the others until play is over. */
static void test_secrets(void **state)
{
    (void)state;
    const solved s = solve("models/classics/covert-enrichment.dtn", 0);
    const int plant = dt_model_find(s.model, DT_STATES, "plant"),
              owner = dt_model_find(s.model, DT_ACTORS, "STATE");
    bool held[8] = {false};
    for (size_t i = 0; i < dt_model_count(s.model, DT_ACTORS); i++)
        held[i] = (int)i != owner;
    dt_match *match = begin(&s, 2, 0, held);
    while (!dt_match_at(match).over) {
        assert_int_equal(dt_match_value(match, (size_t)plant), -1);
        assert_non_null(dt_match_belief(match, (size_t)plant));
        for (size_t i = 0; i < dt_match_events(match); i++)
            assert_false(dt_match_event(match, i).secret);
        dt_history *history = record(match);
        assert_false(dt_history_has(history, (size_t)plant));
        dt_history_free(history);
        assert_int_equal(dt_match_take(match, 0, &options), DT_OK);
    }
    assert_true(dt_match_value(match, (size_t)plant) >= 0);
    dt_match_free(match);
    match = begin(&s, 2, 0, s.all);
    assert_true(dt_match_value(match, (size_t)plant) >= 0);
    assert_int_equal(dt_match_at(match).variable, plant);
    dt_match_free(match);
    release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drawn_is_sampled),
        cmocka_unit_test(test_chances_are_the_same),
        cmocka_unit_test(test_worth),
        cmocka_unit_test(test_frequencies),
        cmocka_unit_test(test_spread),
        cmocka_unit_test(test_followed),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
