/*
 * The answer in words: what is said is what the numbers, made up here, say; what isn't clear by any one of the
 * three tests isn't called so; numbers show in the decimals that tell them apart; and what levers do is
 * said as Shapley's values of a difference worked out by hand have it.
 */
#include "made.h"

#include <string.h>

#include "detente_lab.h"
#include "lab/scale.h"

static const char TEXT[] =
    "model m\nperiod quarter\nhorizon 4\nactor A\nparam aid = 0.5 in 0 .. 1 \"Aid given\"\n"
    "state war : bool = no\nstate deal : 0..2 = 0\nstage s : A { A.x { war := yes } ; A.y }\n"
    "outcome war \"War\" minimise = ever(war)\noutcome peace \"Peace\" maximise = mean(not war)\n"
    "outcome when = first(war)\noutcome rung maximise = last(deal)\n"
    "outcome held = count(deal > 0)\noutcome both minimise = last(war * (deal > 1))\n"
    "policy base \"As it was\"\npolicy bold \"A bold offer\"\npolicy third\n";

enum { WAR, PEACE, WHEN, RUNG, HELD, BOTH, ALL, POLICIES = 3 };

static dt_model *model;

static void has(const char *text, const char *wanted)
{
    if (!strstr(text, wanted))
        fail_msg("'%s' doesn't say '%s'", text, wanted);
}

/* ---- numbers --------------------------------------------------------------------------------------- */

static const char *said(dt_arena *arena, int outcome, double number, double beside)
{
    dt_text text = {.arena = arena};
    const double both[] = {number, beside};
    dt_say_outcome(&text, model, dt_figures_of_outcome(model, outcome, both, 2), number);
    return dt_text_get(&text);
}

static dt_status say(dt_arena *arena, void *argument)
{
    (void)argument;
    static const char *const scale[ALL] = {"probability", "share",   "period",
                                           "number",      "periods", "probability"};
    for (int o = 0; o < ALL; o++)
        assert_string_equal(dt_scale_word(dt_scale_of(model, o)), scale[o]);
    assert_string_equal(said(arena, WAR, 0.0714, 0.3), "7 in 100");
    assert_string_equal(said(arena, WAR, 0.0714, 0.0729), "7.1 in 100");
    assert_string_equal(said(arena, WAR, 0.0714, 0.0714), "7 in 100");
    assert_string_equal(said(arena, WAR, 0, 0.3), "0 in 100");
    assert_string_equal(said(arena, WAR, 0.0002, 0.3), "0.02 in 100");
    assert_string_equal(said(arena, WHEN, 3.25, 2), "quarter 3.3");
    assert_string_equal(said(arena, WHEN, 5, 2), "never");
    assert_string_equal(said(arena, HELD, 2.5, 2), "2.5 quarters");
    assert_string_equal(said(arena, RUNG, 1.2345, 0.2), "1.23");
    assert_string_equal(said(arena, RUNG, 1234.5, 1), "1\u202f235");
    assert_string_equal(said(arena, RUNG, -0.5, 2), "−0.5");
    assert_string_equal(said(arena, RUNG, 2.4e6, 3e6), "2.4 million");
    assert_string_equal(said(arena, RUNG, 1.23e-7, 0), "1.2 × 10⁻⁷");
    dt_text text = {.arena = arena};
    dt_say_band(&text, model, (dt_figures){DT_SCALE_PERIOD, 1, 1}, 2, 5);
    dt_text_print(&text, "; ");
    const dt_figures tenths = {DT_SCALE_PROBABILITY, 100, 1},
                     whole = {DT_SCALE_PROBABILITY, 100, 0};
    dt_say_band(&text, model, tenths, 0.012, 0.05);
    dt_text_print(&text, "; ");
    dt_say_band(&text, model, whole, 0.001, 0.999);
    dt_text_print(&text, "; ");
    dt_say_size(&text, model, whole, -0.04);
    assert_string_equal(dt_text_get(&text),
                        "(2.0 to never); (1.2 to 5.0); (under 1 to over 99); 4 in 100");
    return DT_OK;
}

static void test_numbers(void **state)
{
    (void)state;
    in_arena(say);
}

/* ---- one world ------------------------------------------------------------------------------------- */

static dt_answered *answer(const double nominal[POLICIES][ALL], const double chance[POLICIES][ALL])
{
    static const size_t policy[] = {0, 1, 2};
    const dt_answer_from from = {.model = model,
                                 .policies = POLICIES,
                                 .policy = policy,
                                 .nominal = &nominal[0][0],
                                 .chance = chance ? &chance[0][0] : NULL};
    dt_answered *answered;
    assert_int_equal(dt_answer_in_words(&from, NULL, &answered), DT_OK);
    assert_int_equal(answered->outcomes, ALL); /* none is marked: all are headlines */
    return answered;
}

/* Of five policies with two sources: whoever is best by the numbers, and the best of each source. */
static void test_shown_first(void **state)
{
    (void)state;
    static const char cited[] =
        "model m\nhorizon 1\nsource a \"A\"\nsource b \"B\"\nactor X\nstate n : 0..9 = 0\n"
        "stage s : X { X.x { n := 1 } ; X.y }\noutcome most maximise headline = last(n)\n"
        "outcome least minimise headline = last(n)\noutcome folded maximise = last(n)\n"
        "policy base\npolicy one cite a\npolicy two cite b\npolicy three cite a\npolicy four\n";
    static const double number[][5][3] = {
        {{3, 3, 0}, {2, 4, 0}, {1, 5, 0}, {2, 3, 9},       {9, 1, 0}}, /* four is best by both */
        {{3, 1, 0}, {2, 4, 0}, {1, 5, 0}, {9, 3, 0},       {8, 2, 0}}, /* three, as the base is */
        {{1, 1, 0}, {1, 1, 0}, {1, 1, 0}, {1, 1, 0},       {1, 1, 0}}, /* nothing is best */
        {{3, 3, 0}, {2, 4, 0}, {1, 5, 0}, {NAN, NAN, NAN}, {9, 1, 0}},
    };
    static const size_t shown[][4] = {
        {0,  1, 2, 4},
        {0,  2, 3},
        {0, 1, 2 },
        {0, 1, 2,  4 }
    };
    static const size_t counts[] = {4, 3, 3, 4}, policy[] = {0, 1, 2, 3, 4};
    const dt_options options = {0};
    dt_model *of = play_text(cited, &options);
    for (size_t k = 0; k < 4; k++) {
        const dt_answer_from from = {
            .model = of, .policies = 5, .policy = policy, .nominal = &number[k][0][0]};
        size_t first[DT_MOST_SHOWN];
        assert_int_equal(dt_shown_first(&from, first), counts[k]);
        assert_memory_equal(first, shown[k], counts[k] * sizeof *first);
    }
    const dt_answer_from few = {.model = of,
                                .policies = 2,
                                .policy = policy + 3,
                                .baseline = 1,
                                .nominal = &number[0][0][0]};
    size_t first[DT_MOST_SHOWN];
    assert_int_equal(dt_shown_first(&few, first), 2);
    assert_int_equal(first[0], 3);
    dt_model_free(of);
}

static void test_one_world(void **state)
{
    (void)state;
    const double nominal[POLICIES][ALL] = {
        {0.07, 0.5, 2, 1, 3, 0},
        {0.03, 0.4, 5, 1, 2, 0},
        {0.05, NAN, 3, 1, 2, 0}
    };
    const double chance[POLICIES][ALL] = {
        {0.5, 0.4, 2, 1, 3, 0},
        {0.6, 0.3, 2, 1, 3, 0},
        {0.7, 0.2, 2, 1, 3, 0}
    };
    dt_answered *answered = answer(nominal, chance);
    has(answered->basis, "At the author's numbers only");
    assert_null(strstr(answered->basis, "Best is said of")); /* all are compared */
    const dt_answered_outcome *o = answered->outcome;
    assert_int_equal(o[WAR].lead, DT_LEAD_UNTRIED);
    assert_int_equal(o[WAR].best, 1);
    assert_int_equal(o[WAR].next, 2);
    assert_true(isnan(o[WAR].share));
    assert_true(fabs(o[WAR].less - 0.04) < 1e-15);
    assert_false(o[WAR].by_chance);
    assert_string_equal(o[WAR].text, "War: lowest under “A bold offer”: 3 in 100, against 7 in 100 "
                                     "under “As it was”.");
    /* a policy that isn't solved has no part, and without it nothing is known of chance */
    assert_int_equal(o[PEACE].best, 0);
    assert_false(o[PEACE].by_chance);
    assert_string_equal(o[PEACE].text,
                        "Peace: highest under “As it was”: 50 in 100, and next 40 in "
                        "100 under “A bold offer”.");
    assert_int_equal(o[WHEN].lead, DT_LEAD_NONE);
    assert_string_equal(o[WHEN].text,
                        "when: from quarter 2 under “As it was” to never under “A bold offer”.");
    assert_int_equal(o[RUNG].lead, DT_LEAD_SAME);
    assert_string_equal(o[RUNG].text, "rung: 1 under every policy.");
    dt_answered_free(answered);
    answered = answer(nominal, nominal);
    assert_true(answered->outcome[WAR].by_chance);
    has(answered->outcome[WAR].text, "if everybody tosses coins");
    assert_false(answered->outcome[RUNG].by_chance);
    dt_answered_free(answered);
}

/* Who is best alike is named alike, and the next is one who isn't; who isn't solved has no part, and that is said. */
/* What numbers moved one at a time have found: the nearer of two ends, or the one that there is; counted from
 * where the number is, not from where it is declared; and who is named. */
static const char *flipped(double below, double above, double is, size_t tried)
{
    static char text[400];
    const double nominal[POLICIES][ALL] = {{0.07}, {0.03}, {0.05}};
    const dt_decisive row = {
        .flip_below = below, .flip_above = above, .best_below = 2, .best_above = 0};
    const bool any = !isnan(below) || !isnan(above);
    const bool third = any && (isnan(above) || is - below < above - is); /* is named */
    const dt_decision decision = {.flips = true, .parameters = any, .decisive = &row};
    const dt_decision *decisions[ALL] = {&decision};
    const dt_answer_from from = {
        .model = model,
        .policies = POLICIES,
        .policy = (const size_t[]){0, 1, 2},
        .nominal = &nominal[0][0],
        .decision = decisions,
        .tried = tried,
        .world = &is
    };
    dt_answered *answered;
    assert_int_equal(dt_answer_in_words(&from, NULL, &answered), DT_OK);
    const dt_answered_outcome *war = &answered->outcome[WAR];
    assert_int_equal(war->names, third ? 3 : 2);
    for (size_t k = 0; k < war->names; k++)
        assert_int_equal(war->named[k], k);
    snprintf(text, sizeof text, "%s", war->turns);
    dt_answered_free(answered);
    return text;
}

static void test_flips(void **state)
{
    (void)state;
    assert_string_equal(flipped(0.2, NAN, 0.6, 0),
                        "By itself the number that turns it soonest is “Aid given”: below 0.2 (it "
                        "is 0.6) “third” is best.");
    has(flipped(NAN, 0.75, 0.6, 0), "above 0.75 (it is 0.6) “As it was” is best.");
    has(flipped(0.2, 0.75, 0.6, 7), "above 0.75 ");
    has(flipped(0.5, 0.75, 0.6, 7), "below 0.5 ");
    assert_string_equal(flipped(NAN, NAN, 0.6, 7),
                        "None of the 7 numbers tried turns this by itself within its range.");
    assert_string_equal(flipped(NAN, NAN, 0.6, 0),
                        "No number turns this by itself within its range.");
}

static void test_ties_and_gaps(void **state)
{
    (void)state;
    const double nominal[POLICIES][ALL] = {
        {0.07, 0.5, 2, 1, 3, 0},
        {0.03, 0.5, 5, 1, 2, 0},
        {0.03, 0.4, 3, 1, 2, 0}
    };
    dt_answered *answered = answer(nominal, NULL);
    assert_string_equal(answered->outcome[WAR].text,
                        "War: lowest under “A bold offer” and “third”: 3 in 100, against 7 in 100 "
                        "under “As it was”.");
    assert_string_equal(answered->outcome[PEACE].text,
                        "Peace: highest under “As it was” and “A bold offer”: 50 in 100, and next "
                        "40 in 100 under “third”.");
    dt_answered_free(answered);
    /* two are solved, one, none */
    const double none = NAN;
    const double two[POLICIES][ALL] = {
        {none, none, none, none, none, none},
        {0.02, 0.5,  5,    1,    2,    0   },
        {0.03, 0.4,  3,    1,    2,    0   }
    };
    answered = answer(two, NULL);
    has(answered->basis, " “As it was” isn't solved and has no part.");
    assert_string_equal(answered->outcome[WAR].text,
                        "War: lowest under “A bold offer”: 2 in 100, and next 3 in 100 under "
                        "“third”.");
    assert_string_equal(answered->outcome[RUNG].text, "rung: 1 under every policy that is solved.");
    dt_answered_free(answered);
    const double one[POLICIES][ALL] = {
        {none, none, none, none, none, none},
        {none, none, none, none, none, none},
        {0.03, 0.4,  3,    1,    2,    0   }
    };
    answered = answer(one, NULL);
    has(answered->basis, " 2 of these policies aren't solved and have no part.");
    assert_int_equal(answered->outcome[WAR].lead, DT_LEAD_NONE);
    assert_string_equal(answered->outcome[WAR].text, "War: 3 in 100 under “third”.");
    dt_answered_free(answered);
    const double nobody[POLICIES][ALL] = {
        {none, none, none, none, none, none},
        {none, none, none, none, none, none},
        {none, none, none, none, none, none}
    };
    answered = answer(nobody, NULL);
    assert_string_equal(answered->outcome[WAR].text, "War: not solved under any policy.");
    dt_answered_free(answered);
}

/* ---- over worlds ----------------------------------------------------------------------------------- */

/* A comparison of two policies in which the second has less of everything: by `lead` on average, with the
 * bootstrap interval `low` to `high`, and is best at a share of the points. */
static dt_lead lead_of(double best, double low, double high, double lead, char *text, size_t size)
{
    dt_compared policy[2] = {0};
    for (int p = 0; p < 2; p++) {
        const double middle = p == 0 ? 0.07 : 0.07 - lead;
        for (int q = 0; q < DT_QUANTILES; q++)
            policy[p].quantile[q] = middle + 0.01 * (q - 3);
        policy[p].measure[DT_MEASURE_MEAN] = middle;
        policy[p].best = p == 1 ? best : 1 - best;
    }
    const dt_difference pair = {.policy = 0, .other = 1, .mean = lead, .low = low, .high = high};
    dt_compared_outcome outcome[ALL] = {0};
    for (size_t o = 0; o < ALL; o++)
        outcome[o] = (dt_compared_outcome){
            .outcome = o, .direction = -1, .policy = policy, .differences = 1, .difference = &pair};
    const dt_comparison comparison = {
        .basis = {.worlds = 200, .points = 200, .sample = true, .deep = 1, .failed = 3},
        .policies = 2,
        .outcomes = ALL,
        .outcome = outcome
    };
    const double nominal[2 * ALL] = {0};
    const dt_decisive turning = {
        .parameter = 0, .worth = 0.02, .turn = 0.25, .best_low = 0, .best_high = 1};
    const dt_decision decision = {
        .outcome = WAR, .parameters = 1, .decisive = &turning, .worths = true, .floor = 0.01};
    const dt_decision *const decisions[ALL] = {[WAR] = &decision};
    const dt_answer_from from = {
        .model = model,
        .policies = 2,
        .policy = (const size_t[]){0, 1},
        .nominal = nominal,
        .comparison = &comparison,
        .decision = decisions
    };
    dt_answered *answered;
    assert_int_equal(dt_answer_in_words(&from, NULL, &answered), DT_OK);
    has(answered->basis, "Over 200 worlds");
    has(answered->basis, "not probabilities");
    has(answered->basis, "3 worlds are left out");
    has(answered->basis, "Best is said of 2 of the model's 3 policies.");
    const dt_answered_outcome *war = &answered->outcome[WAR];
    const dt_lead found = war->lead;
    snprintf(text, size, "%s", war->text);
    assert_int_equal(war->best, lead > 0);
    if (lead > 0) {
        assert_true(war->share == best);
        assert_string_equal(
            war->turns, "What it turns on most is “Aid given”, here 0.5: at its low end “As it "
                        "was” is best, at its high end “A bold offer”; the best changes at about "
                        "0.25.");
        assert_string_equal(answered->outcome[BOTH].turns, "");
    }
    dt_answered_free(answered);
    return found;
}

static void test_many_worlds(void **state)
{
    (void)state;
    char text[2000];
    assert_int_equal(lead_of(0.91, 0.03, 0.05, 0.04, text, sizeof text), DT_LEAD_CLEAR);
    assert_string_equal(text,
                        "War: lowest under “A bold offer”, in 91 of 100 worlds: 3 in 100 (1 to "
                        "5), against 7 in 100 (5 to 9) under “As it was”.");
    /* each of the three by itself */
    assert_int_equal(lead_of(0.5, 0.03, 0.05, 0.04, text, sizeof text), DT_LEAD_OPEN);
    has(text, "no clear best. “A bold offer” is lowest in 50 of 100 worlds, “As it was” in 50 of");
    assert_int_equal(lead_of(0.91, -0.01, 0.09, 0.04, text, sizeof text), DT_LEAD_OPEN);
    assert_int_equal(lead_of(0.91, NAN, NAN, 0.04, text, sizeof text), DT_LEAD_OPEN);
    assert_int_equal(lead_of(0.91, 0.001, 0.004, 0.0049, text, sizeof text), DT_LEAD_OPEN);
    assert_int_equal(lead_of(1, 0.004, 0.006, 0.0051, text, sizeof text), DT_LEAD_CLEAR);
    has(text, "in all worlds: 6 in 100");
    assert_int_equal(lead_of(0.5, 0, 0, 0, text, sizeof text), DT_LEAD_SAME);
}

/* ---- what does the work ---------------------------------------------------------------------------- */

static void test_work(void **state)
{
    (void)state;
    const dt_options options = {0};
    dt_model *two =
        play_text("model m\nhorizon 1\nactor A\nparam p = 0 in 0 .. 1\nparam q = 0 in 0 .. 1\n"
                  "state war : bool = no\nstage s : A { A.only }\n"
                  "stage c : chance { with 0.2 + 0.1 * p + 0.3 * q + 0.2 * p * q { war := yes } }\n"
                  "outcome war = ever(war)\n"
                  "lever drills \"Drills\" { off ; on \"Held\" { set p = 1 } }\n"
                  "policy none\npolicy all { use drills on ; set q = 1 }\n",
                  &options);
    dt_levers *levers;
    assert_int_equal(dt_levers_new(two, 0, 1, &options, &levers), DT_OK);
    double outcome[4], mechanical[1], adaptive[1], uniform[1];
    dt_levers_result result = {outcome, mechanical, adaptive, uniform, 0};
    const double world[] = {0, 0};
    assert_int_equal(dt_levers_solve(levers, world, 1, DT_VALUES_AVERAGE, &options, &result),
                     DT_OK);
    /* v = 0.2, 0.3, 0.5, 0.8: Shapley's values are 0.1 + 0.2 / 2 and 0.3 + 0.2 / 2; nobody reacts */
    char text[1000];
    dt_levers_in_words(two, levers, &result, 0, text, sizeof text);
    assert_string_equal(text,
                        "What does the work: set q = 1, 40 in 100 more; “Drills” as “Held”, 20 "
                        "in 100 more. All of it would come though nobody changed what they do.");
    mechanical[0] = 0.2; /* other parts of the same difference */
    adaptive[0] = 0.4;
    has(dt_levers_in_words(two, levers, &result, 0, text, sizeof text),
        "Of 60 in 100 more in all, 20 in 100 would come though nobody changed what they do, 40 in "
        "100 comes as everybody adapts.");
    mechanical[0] = -0.2;
    adaptive[0] = 0.8;
    has(dt_levers_in_words(two, levers, &result, 0, text, sizeof text),
        "If nobody changed what they do it would be 20 in 100 less; as everybody adapts it is 60 "
        "in "
        "100 more.");
    outcome[3] = outcome[0];
    assert_string_equal(dt_levers_in_words(two, levers, &result, 0, text, sizeof text), "");
    dt_levers_free(levers);
    dt_model_free(two);
}

static int begin(void **state)
{
    (void)state;
    const dt_options options = {0};
    model = play_text(TEXT, &options);
    return 0;
}

static int end(void **state)
{
    (void)state;
    dt_model_free(model);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),     cmocka_unit_test(test_shown_first),
        cmocka_unit_test(test_one_world),   cmocka_unit_test(test_ties_and_gaps),
        cmocka_unit_test(test_many_worlds), cmocka_unit_test(test_work),
        cmocka_unit_test(test_flips),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
