/*
 * The referee on games worked by hand: what holds by chance alone, how far a logit is from knowing, which actions vanish, a
 * number that does nothing, a bundle of two, other equilibria, what nobody pays.
 */
#include "referees.h"

#include <math.h>

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static const dt_objection *objection(const dt_refereed *found, const char *kind)
{
    for (size_t i = 0; i < found->objections; i++) {
        if (strcmp(found->objection[i].kind, kind) == 0)
            return &found->objection[i];
    }
    return NULL;
}

/* A knows with rationality 2 what is worth 1; B tosses. */
static void test_chance(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = read_coin(&options);
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 200}, &options);
    assert_int_equal(found->policies, 3);
    assert_int_equal(found->outcomes, 2);
    assert_float_equal(found->nominal[0], logistic(2), 1e-12);
    assert_float_equal(found->nominal[2], logistic(4), 1e-12);
    assert_float_equal(found->nominal[4], 0, 0);
    const double by_chance[] = {0.5, 0.5, 0.5, 1, 0, 0.5};
    for (size_t i = 0; i < 6; i++)
        assert_float_equal(found->chance[i], by_chance[i], 1e-15);
    /* ranks 2, 3, 1 against 2.5, 2.5, 1 */
    assert_float_equal(found->by_chance[0], sqrt(3) / 2, 1e-12);
    assert_float_equal(found->by_chance[1], 1, 1e-12);

    assert_int_equal(found->expectations, 3);
    for (size_t e = 0; e < 3; e++)
        assert_true(found->expected[e].holds);
    assert_true(found->expected[0].by_chance);
    assert_false(found->expected[1].by_chance);
    assert_false(found->expected[2].by_chance); /* .5 isn't more than .5 */
    assert_float_equal(found->expected[0].worlds, 1, 0);
    /* 2 gain > log 4 */
    assert_float_equal(found->expected[1].worlds, 1.5 - log(4) / 2, 0.1);
    const dt_objection *first = objection(found, "chance");
    assert_non_null(first);
    assert_float_equal(first->number, 1.0 / 3, 1e-12);
    assert_int_equal(first->gravity, DT_SERIOUS);
    dt_refereed_free(found);
    dt_model_free(model);
}

static void test_noise(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = read_coin(&options);
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 1}, &options);
    assert_int_equal(found->choices, 4); /* two, one (B is forced), one (A is barred) */
    const dt_choice *pick = &found->choice[0], *toss = &found->choice[1];
    const double p = logistic(2);
    assert_string_equal(pick->stage, "pick");
    assert_string_equal(pick->mover, "A");
    assert_float_equal(pick->made, 4, 1e-12);
    assert_float_equal(pick->entropy, -(p * log(p) + (1 - p) * log(1 - p)) / log(2), 1e-12);
    assert_int_equal(pick->actions, 2);
    assert_string_equal(pick->action[1], "wrong");
    assert_float_equal(pick->share[1], 1 - p, 1e-12);
    assert_float_equal(pick->precise[1], 1 - logistic(10), 1e-12);
    assert_float_equal(toss->entropy, 1, 1e-12);
    assert_float_equal(toss->precise[0], 0.5, 1e-12);
    const dt_objection *noise = objection(found, "noise");
    assert_non_null(noise);
    assert_float_equal(noise->number, 0.5, 1e-12); /* one choice of two */
    assert_non_null(strstr(noise->text, "B in toss (1.00)"));
    assert_non_null(strstr((noise + 1)->text, "pick.A.wrong (0.12, then 4.5e-05)"));
    dt_refereed_free(found);
    dt_model_free(model);
}

/* What one type does is no noise because others can't tell types apart: of types equally likely hi goes by logistic(2),
 * and lo tosses a coin, so a choice is taken of two entropies, and the shares are those of both together. */
static void test_noise_of_types(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = play_text("model types\nhorizon 1\nactor A\nactor B\n"
                                "private A k : {lo, hi} = {lo: 0.5, hi: 0.5}\nbeliefs 2\n"
                                "stage s : A {\n A.go { pay A 2 * (k == hi) }\n A.stay\n}\n"
                                "stage r : B {\n B.trust { pay B (k == hi) - 0.5 }\n B.doubt\n}\n"
                                "outcome trusted = total(r.B == trust)\n",
                                &options);
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 1}, &options);
    const double p = logistic(2), entropy = -(p * log(p) + (1 - p) * log(1 - p)) / log(2);
    assert_int_equal(found->choices, 2);
    assert_string_equal(found->choice[0].mover, "A");
    assert_float_equal(found->choice[0].made, 1, 1e-12);
    assert_float_equal(found->choice[0].entropy, (entropy + 1) / 2, 1e-12);
    assert_float_equal(found->choice[0].share[0], (p + 0.5) / 2, 1e-12);
    assert_float_equal(found->choice[0].precise[0], (logistic(10) + 0.5) / 2, 1e-12);
    dt_refereed_free(found);
    dt_model_free(model);
}

static void test_numbers(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = read_coin(&options);
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 1}, &options);
    assert_int_equal(found->numbers, 2);
    const double spread = logistic(4);
    assert_float_equal(found->moved[0].first, (logistic(2) - logistic(1)) / spread, 1e-12);
    assert_float_equal(found->moved[0].most, found->moved[0].first, 1e-12);
    assert_int_equal(found->moved[0].turns, 0);
    assert_float_equal(found->moved[1].most, 0, 0);
    const dt_objection *numbers = objection(found, "numbers");
    assert_non_null(numbers);
    assert_non_null(strstr(numbers->text, "idle"));
    assert_null(strstr(numbers->text, "gain"));
    const dt_objection *bundles = objection(found, "bundles");
    assert_non_null(bundles);
    assert_non_null(strstr(bundles->text, "free and helped (2: of "));
    dt_refereed_free(found);

    const size_t idle = 1;
    found = referee(model, &(dt_referee_how){.worlds = 1, .varied = 1, .vary = &idle}, &options);
    assert_int_equal(found->numbers, 1);
    assert_int_equal(found->moved[0].parameter, 1);
    dt_refereed_free(found);
    dt_model_free(model);
}

/* What it says it will cost is what it does, and two threads find what one finds. */
static void test_cost(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model;
    assert_int_equal(dt_model_read(DT_ROOT "/test/verification/random-3.dtn", &options, &model),
                     DT_OK);
    const dt_referee_how how = {.worlds = 24};
    dt_refereed *one = referee(model, &how, &options);
    options.jobs = 2;
    dt_refereed *two = referee(model, &how, &options);
    assert_int_equal(one->solved, dt_referee_cost(model, &how));
    assert_int_equal(two->solved, one->solved);
    assert_int_equal(one->objections, two->objections);
    for (size_t i = 0; i < one->objections; i++) {
        assert_string_equal(one->objection[i].text, two->objection[i].text);
        assert_true(i == 0 || one->objection[i].gravity <= one->objection[i - 1].gravity);
    }
    dt_refereed_free(one);
    dt_refereed_free(two);
    dt_model_free(model);
}

/* ---- worlds that are given -------------------------------------------------------------------------- */

/* Two worlds in place of those drawn: A knows in both, in one it is worth less than log 4 / 2. What is given of them isn't
 * solved again. */
static void test_worlds_given(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = read_coin(&options);
    const double drawn[] = {0.6, 0.5, 1.4, 0.5};
    dt_referee_how how = {.worlds = 2, .drawn = drawn};
    dt_refereed *found = referee(model, &how, &options);
    assert_float_equal(found->expected[1].worlds, 0.5, 0);
    assert_int_equal(found->solved, dt_referee_cost(model, &how));
    const double known[] = {0.9, 0.95, 0.5, 0.5}; /* right, heads */
    const double *const given[] = {known, NULL, NULL};
    const size_t before = found->solved;
    dt_refereed_free(found);
    how.given = given;
    found = referee(model, &how, &options);
    assert_float_equal(found->expected[1].worlds, 1, 0);
    assert_int_equal(found->solved, before - 2);
    assert_int_equal(found->solved, dt_referee_cost(model, &how));
    dt_refereed_free(found);
    how.drawn = NULL;
    assert_int_equal(dt_referee(model, &how, &options, &found), DT_INVALID);
    dt_model_free(model);
}

/* ---- bundles, other equilibria, what nobody pays ---------------------------------------------------- */

/* What the right pick is worth does all that the two do to `right`, and the forced toss all that they do to `heads`. */
static void test_bundles(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = read_coin(&options);
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 1}, &options);
    assert_int_equal(found->bundles, 1);
    const dt_bundle *bundle = &found->bundle[0];
    assert_int_equal(bundle->ingredients, 2);
    assert_string_equal(bundle->name[0], "set gain");
    assert_string_equal(bundle->name[1], "force B.heads");
    const double share[] = {logistic(4) - logistic(2), 0, 0, 0.5};
    for (size_t i = 0; i < 4; i++)
        assert_float_equal(bundle->shapley[i], share[i], 1e-12);
    assert_float_equal(bundle->mechanical[0], 0, 1e-12);
    assert_float_equal(bundle->mechanical[1], 0.5, 1e-12);
    assert_non_null(strstr(objection(found, "bundles")->text,
                           "of +0.101 in right set gain gives +0.101, force B.heads +0"));
    dt_refereed_free(found);
    dt_model_free(model);
}

/* Two drive towards each other for ever. With rationality 10 each side of the road is an equilibrium, and so is the coin,
 * which alone the limit selects; by which side they drive the two are as good as each other under `free`, and `left`
 * may be better or worse than it. */
static void test_other_equilibria(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model =
        play_text("model road\nlookahead forever\nhorizon 2\n"
                  "actor A discount 0.5 rationality 10\n"
                  "actor B discount 0.5 rationality 10\n"
                  "param toll = 0\n"
                  "state left : 0..2 = 1\n"
                  "stage s : A, B {\n A.l\n A.r\n B.l\n B.r\n}\n"
                  "stage after : chance {\n if s.A == l and s.B == l { left := 2 } else "
                  "{ if s.A == r and s.B == r { left := 0 } else { left := 1 } }\n}\n"
                  "payoff A { safe = (left != 1) - toll * (left == 2) }\n"
                  "payoff B { safe = left != 1 }\n"
                  "outcome left maximise headline = mean(left)\n"
                  "policy free\npolicy dear { set toll = 0.02 }\n",
                  &options);
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 1}, &options);
    const dt_objection *others = objection(found, "equilibria");
    assert_non_null(others);
    assert_int_equal(others->gravity, DT_GRAVE);
    assert_float_equal(others->number, 3, 0);
    assert_non_null(strstr(others->text, "free (3, of which iterated responses hold 2 besides)"));
    assert_non_null(strstr(others->text, "dear by left (free is selected)"));
    assert_non_null(strstr(others->text, "from 20 random starts under each policy"));
    assert_string_equal(others->command, "detente equilibria MODEL --policy free");
    dt_refereed_free(found);
    const dt_referee_how more = {.worlds = 1, .starts = 47}, usual = {.worlds = 1};
    assert_int_equal(dt_referee_cost(model, &more), dt_referee_cost(model, &usual) + 2 * (47 - 20));
    found = referee(model, &more, &options);
    others = objection(found, "equilibria");
    assert_float_equal(others->number, 3, 0);
    assert_non_null(strstr(others->text, "from 47 random starts under each policy"));
    dt_refereed_free(found);
    dt_model_free(model);
}

static const char TOLL[] =
    "model toll\nhorizon 2\nparam price = 1\nparam gift = 4\n"
    "actor A %s\nactor B %s\nactor C unit \"votes\"\n"
    "stage ask : A {\n A.ask { pay A price }\n A.wait\n}\n"
    "stage settle : chance {\n if ask.A == ask { pay B -price \"toll\" }\n pay A gift \"gift\"\n"
    " pay B %s \"cost\"\n pay C 3 \"applause\"\n}\n";

/* The price is lost by B later in the period; of the gift B loses so much, at the same moment. */
static void expect_unpaid(const char *a, const char *b, const char *cost, const char *text)
{
    play_log told;
    const dt_options options = play_options(&told);
    char model_text[1024];
    assert_in_range(snprintf(model_text, sizeof model_text, TOLL, a, b, cost), 1,
                    sizeof model_text - 1);
    dt_model *model = play_text(model_text, &options);
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 1}, &options);
    const dt_objection *unpaid = objection(found, "unpaid");
    if (text) {
        assert_non_null(unpaid);
        assert_int_equal(unpaid->gravity, DT_SERIOUS);
        assert_non_null(strstr(unpaid->text, text));
    } else {
        assert_null(unpaid);
    }
    dt_refereed_free(found);
    dt_model_free(model);
}

static void test_unpaid(void **state)
{
    (void)state;
    const char *const dollars = "unit \"dollars\"", *const one =
                                                        "1 term gives an actor what nobody "
                                                        "pays, though another counts in the "
                                                        "same unit: gift to A (";
    expect_unpaid("", "", "0", NULL);
    expect_unpaid(dollars, "unit \"euros\"", "0", NULL);
    expect_unpaid(dollars, dollars, "0", one);
    expect_unpaid(dollars, dollars, "-0.5", one);
    expect_unpaid(dollars, dollars, "-2", NULL);
    expect_unpaid(dollars, dollars, "-gift / 100",
                  NULL); /* it reads the number, so that it pays for it */
    expect_unpaid(dollars, "", "-2", NULL);
}

static void test_thresholds(void **state)
{
    (void)state;
    size_t count = 0;
    for (dt_threshold t; (t = dt_referee_threshold(count)).name; count++) {
        assert_true(t.value > 0 && t.value <= 100);
        assert_true(*t.text != '\0');
    }
    assert_true(count > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chance),         cmocka_unit_test(test_noise),
        cmocka_unit_test(test_noise_of_types), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_cost),           cmocka_unit_test(test_worlds_given),
        cmocka_unit_test(test_bundles),        cmocka_unit_test(test_other_equilibria),
        cmocka_unit_test(test_unpaid),         cmocka_unit_test(test_thresholds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
