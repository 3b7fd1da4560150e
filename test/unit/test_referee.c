/*
 * The referee on games worked by hand: what holds by chance alone, how far a logit is from knowing, which actions vanish, a
 * number that does nothing, a bundle of two; and the changes of the game that it rests on, against the same
 * written in the text.
 */
#include "play.h"

#include <math.h>
#include <unistd.h>

#include "detente_referee.h"

static dt_model *read_coin(const dt_options *options)
{
    dt_model *model;
    assert_int_equal(dt_model_read(DT_ROOT "/test/cli/referee.dtn", options, &model), DT_OK);
    return model;
}

static dt_refereed *referee(const dt_model *model, const dt_referee_how *how,
                            const dt_options *options)
{
    dt_refereed *found;
    assert_int_equal(dt_referee(model, how, options, &found), DT_OK);
    return found;
}

/* Ranks by hand; the last two items are tied in the first list, by `same` alone in the third. */
static void test_rank_correlation(void **state)
{
    (void)state;
    const double a[] = {1, 3, 5, 5}, b[] = {10, 20, 40, 30}, c[] = {1, 3, 5, 5 + 1e-5};
    const double down[] = {4, 3, 2, 1}, none[] = {7, 7, 7, 7};
    const double holes[] = {1, NAN, 2, 3}, other[] = {30, 0, 20, NAN};
    assert_float_equal(dt_rank_correlation(b, b, 4, 0), 1, 1e-15);
    assert_float_equal(dt_rank_correlation(c, down, 4, 0), -1, 1e-15);
    /* ranks 1, 2, 3.5, 3.5 and 1, 2, 4, 3: 4.5 / √(4.5 · 5) */
    assert_float_equal(dt_rank_correlation(a, b, 4, 0), sqrt(0.9), 1e-15);
    assert_float_equal(dt_rank_correlation(c, b, 4, 1e-4), sqrt(0.9), 1e-15);
    assert_float_equal(dt_rank_correlation(holes, other, 4, 0), -1, 1e-15);
    assert_true(isnan(dt_rank_correlation(none, b, 4, 0)));
    assert_true(isnan(dt_rank_correlation(a, b, 1, 0)));
    assert_true(dt_ranked_by_chance(a, b, 4)); /* .949 */
    assert_false(dt_ranked_by_chance(b, down, 4));
    assert_true(dt_ranked_by_chance(b, a, 2)); /* of two: the same order */
    assert_false(dt_ranked_by_chance(b, down, 2));
    assert_false(dt_ranked_by_chance(b, (double[]){0.5, 0.5 + 1e-10}, 2)); /* no order */
}

/* Nothing solved, everybody tossing coins: what solving it with every rationality 0 finds. */
static void test_outcomes_by_chance(void **state)
{
    (void)state;
    static const char *const path[] = {
        DT_ROOT "/test/cli/referee.dtn",           DT_ROOT "/test/verification/random-3.dtn",
        DT_ROOT "/test/verification/random-7.dtn", DT_ROOT "/test/verification/calendar-1.dtn",
        DT_ROOT "/models/classics/arms-race.dtn",  DT_ROOT "/models/classics/mckelvey-mclennan.dtn",
    };
    for (size_t m = 0; m < sizeof path / sizeof *path; m++) {
        play_log told;
        dt_options options = play_options(&told);
        dt_model *model;
        assert_int_equal(dt_model_read(path[m], &options, &model), DT_OK);
        double world[64], solved[64], chance[64];
        assert_in_range(dt_model_count(model, DT_PARAMETERS), 0, 64);
        assert_in_range(dt_model_count(model, DT_OUTCOMES), 1, 64);
        for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
            dt_game *game;
            dt_solution *solution;
            options.chance_alone = false;
            dt_model_nominal(model, world);
            assert_int_equal(dt_game_explore(model, p, &options, &game), DT_OK);
            dt_game_settings(game, world);
            assert_int_equal(dt_game_outcomes_by_chance(game, world, &options, chance), DT_OK);
            /* in one pass with those of a solution, to the last bit */
            double beside[64], own[64];
            assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
            assert_int_equal(dt_solution_outcomes(solution, &options, own), DT_OK);
            assert_int_equal(dt_solution_outcomes_and_chance(solution, &options, solved, beside),
                             DT_OK);
            const size_t bytes = dt_model_count(model, DT_OUTCOMES) * sizeof *own;
            assert_memory_equal(own, solved, bytes);
            assert_memory_equal(chance, beside, bytes);
            dt_solution_free(solution);
            options.chance_alone = true;
            assert_int_equal(dt_solve(game, world, DT_VALUES_AVERAGE, &options, &solution), DT_OK);
            assert_int_equal(dt_solution_outcomes(solution, &options, solved), DT_OK);
            for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
                assert_float_equal(chance[o], solved[o], 1e-12 * fmax(1, fabs(solved[o])));
            dt_solution_free(solution);
            dt_game_free(game);
        }
        dt_model_free(model);
    }
}

/* A wrong number is told with its place. */
static void test_chance_of_a_wrong_world(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = play_text("model m\nhorizon 2\nactor A\nparam p = 0.5\nstate x : bool = no\n"
                                "stage s : A { A.go { with p { x := yes } } ; A.stay }\n"
                                "outcome x = ever(x)\n",
                                &options);
    dt_game *game;
    double outcome;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    assert_int_equal(dt_game_outcomes_by_chance(game, (double[]){1.0}, &options, &outcome), DT_OK);
    assert_float_equal(outcome, 0.75, 1e-15);
    assert_int_equal(dt_game_outcomes_by_chance(game, (double[]){1.5}, &options, &outcome),
                     DT_INVALID);
    assert_string_equal(told.codes, "world-probability");
    assert_true(isnan(outcome));
    dt_game_free(game);
    dt_model_free(model);
}

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

static bool stop(void *context, const char *activity, double done)
{
    (void)context, (void)activity, (void)done;
    return false;
}

static void test_interrupted(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model = read_coin(&options);
    options.progress = stop;
    dt_refereed *found;
    assert_int_equal(dt_referee(model, &(dt_referee_how){0}, &options, &found), DT_LIMIT);
    assert_null(found);
    dt_model_free(model);
}

/* ---- what is kept ---------------------------------------------------------------------------------- */

static const char KEPT[] = "referee-kept.txt";

typedef struct patience {
    int left; /* calls until the work is ended */
} patience;

static bool lose_patience(void *context, const char *activity, double done)
{
    (void)activity, (void)done;
    return ((patience *)context)->left-- > 0;
}

static void expect_the_same(const dt_refereed *one, const dt_refereed *two)
{
    assert_int_equal(one->solved, two->solved);
    assert_int_equal(one->objections, two->objections);
    for (size_t i = 0; i < one->objections; i++) {
        assert_string_equal(one->objection[i].text, two->objection[i].text);
        assert_memory_equal(&one->objection[i].number, &two->objection[i].number, sizeof(double));
    }
    const size_t numbers = one->policies * one->outcomes;
    assert_memory_equal(one->nominal, two->nominal, numbers * sizeof(double));
    assert_memory_equal(one->chance, two->chance, numbers * sizeof(double));
    assert_memory_equal(one->other, two->other, one->lookaheads * numbers * sizeof(double));
    for (size_t c = 0; c < one->choices; c++) {
        assert_memory_equal(&one->choice[c].entropy, &two->choice[c].entropy, sizeof(double));
        assert_memory_equal(one->choice[c].precise, two->choice[c].precise,
                            one->choice[c].actions * sizeof(double));
    }
    for (size_t e = 0; e < one->expectations; e++)
        assert_memory_equal(&one->expected[e].worlds, &two->expected[e].worlds, sizeof(double));
    for (size_t b = 0; b < one->bundles; b++)
        assert_memory_equal(one->bundle[b].shapley, two->bundle[b].shapley,
                            one->outcomes * one->bundle[b].ingredients * sizeof(double));
}

/* Ended again and again, each time a little later, it comes to the same numbers, and what was done isn't done twice. */
static void test_taken_up_again(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model = read_coin(&options);
    dt_referee_how how = {.worlds = 70};
    dt_refereed *whole = referee(model, &how, &options), *found = NULL;
    assert_int_equal(whole->kept, 0);
    remove(KEPT);
    how.keep = KEPT;
    int ended = 0;
    patience patience;
    options.progress = lose_patience;
    options.progress_context = &patience;
    for (int calls = 0; !found; calls += 3, ended++) {
        patience.left = calls;
        const dt_status status = dt_referee(model, &how, &options, &found);
        assert_true(status == DT_OK || status == DT_LIMIT);
        assert_true((status == DT_OK) == (found != NULL));
    }
    assert_true(ended > 5);
    assert_in_range(found->kept, 1, found->solved);
    expect_the_same(whole, found);
    dt_refereed_free(found);
    options.progress = NULL;
    options.jobs = 2;
    found = referee(model, &how, &options);
    assert_int_equal(found->kept, found->solved);
    expect_the_same(whole, found);
    dt_refereed_free(found);

    /* Wherever the file is cut off, it goes on from there. */
    FILE *file = fopen(KEPT, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    fclose(file);
    for (long cut = size - 1; cut > 40; cut -= size / 7) {
        assert_int_equal(truncate(KEPT, cut), 0);
        found = referee(model, &how, &options);
        assert_in_range(found->kept, 0, found->solved - 1);
        expect_the_same(whole, found);
        dt_refereed_free(found);
    }
    dt_refereed_free(whole);
    dt_model_free(model);
    remove(KEPT);
}

/* A file of another question, or of anything else, is left as it is. */
static void test_not_kept(void **state)
{
    (void)state;
    play_log told;
    const dt_options options = play_options(&told);
    dt_model *model = read_coin(&options);
    dt_refereed *found;
    dt_referee_how how = {.worlds = 1, .keep = KEPT};
    remove(KEPT);
    dt_refereed_free(referee(model, &how, &options));
    how.worlds = 2;
    assert_int_equal(dt_referee(model, &how, &options, &found), DT_INVALID);
    assert_string_equal(told.codes, "not-kept");
    how.worlds = 1;
    how.parameters = (const double[]){1.25, 0.2};
    assert_int_equal(dt_referee(model, &how, &options, &found), DT_INVALID);
    FILE *file = fopen(KEPT, "wb");
    assert_non_null(file);
    fputs("something of mine\n", file);
    fclose(file);
    assert_int_equal(dt_referee(model, &how, &options, &found), DT_INVALID);
    assert_null(found);
    char line[40] = "";
    file = fopen(KEPT, "rb");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_string_equal(line, "something of mine\n");
    fclose(file);
    told.codes[0] = '\0';
    how.keep = "no/such/folder/kept.txt";
    assert_int_equal(dt_referee(model, &how, &options, &found), DT_FILE);
    assert_string_equal(told.codes, "kept-file");
    dt_model_free(model);
    remove(KEPT);
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

static const char RACE[] = "model race\nhorizon 3\n%s\nactor A discount 0.9 rationality %s\nactor "
                           "B discount 0.8 rationality %s\n"
                           "state arms : 0..3 = 0\n"
                           "stage s : A, B {\n A.build { arms += 1 ; pay A -0.3 }\n A.wait\n "
                           "B.build { arms += 1 }\n B.wait "
                           "{ arms -= 1 }\n}\n"
                           "payoff A { arms = -arms }\npayoff B { arms = 0.4 * arms }\n"
                           "outcome arms = mean(arms)\n";

static dt_model *read_race(const char *lookahead, const char *a, const char *b,
                           const dt_options *options)
{
    char text[1024];
    assert_in_range(snprintf(text, sizeof text, RACE, lookahead, a, b), 1, sizeof text - 1);
    return play_text(text, options);
}

static double mean_arms(const dt_model *model, const dt_options *options, dt_values values,
                        bool ensemble)
{
    dt_game *game;
    double outcome;
    assert_int_equal(dt_game_explore(model, 0, options, &game), DT_OK);
    if (ensemble) {
        dt_ensemble *solved;
        const dt_ensemble_options how = {.jobs = 1};
        assert_int_equal(dt_ensemble_run(game, NULL, 1, values, &how, options, &solved), DT_OK);
        outcome = dt_ensemble_world(solved, 0).outcome[0];
        dt_ensemble_free(solved);
    } else {
        dt_solution *solution;
        assert_int_equal(dt_solve(game, NULL, values, options, &solution), DT_OK);
        assert_int_equal(dt_solution_outcomes(solution, options, &outcome), DT_OK);
        dt_certificate certificate;
        assert_int_equal(dt_verify(solution, options, &certificate), DT_OK);
        const dt_certificate own = dt_solution_certificate(solution);
        double difference;
        assert_int_equal(dt_certificate_confirm(model, &own, &certificate, &difference),
                         DT_CONFIRMED);
        dt_solution_free(solution);
    }
    dt_game_free(game);
    return outcome;
}

/* Other play by options is, bit for bit, that of the text that says so; one world or lanes. */
static void test_options(void **state)
{
    (void)state;
    static const struct {
        const char *lookahead, *a, *b;
        dt_options options;
    } other[] = {
        {"lookahead 7",       "2",  "1.5", {.other_lookahead = true, .lookahead = 7}            },
        {"lookahead forever", "2",  "1.5", {.other_lookahead = true, .lookahead = -1}           },
        {"",                  "2",  "1.5", {.other_lookahead = true}                            },
        {"lookahead 2",       "0",  "0",   {.chance_alone = true}                               },
        {"lookahead 2",       "10", "7.5", {.rationality_scale = 5}                             },
        {"lookahead 4",
         "0",                       "0",
         {.chance_alone = true, .rationality_scale = 3, .other_lookahead = true, .lookahead = 4}},
    };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        for (int ensemble = 0; ensemble < 2; ensemble++) {
            play_log told;
            const dt_options plain = play_options(&told);
            dt_options options = other[i].options;
            options.report = plain.report;
            options.report_context = &told;
            dt_model *own = read_race("lookahead 2", "2", "1.5", &plain);
            dt_model *written = read_race(other[i].lookahead, other[i].a, other[i].b, &plain);
            const double number = mean_arms(own, &options, DT_VALUES_AVERAGE, ensemble);
            assert_float_equal(number, mean_arms(written, &plain, DT_VALUES_AVERAGE, ensemble), 0);
            if (options.chance_alone) /* values are plain whatever is asked for */
                assert_float_equal(number, mean_arms(own, &options, DT_VALUES_SURPLUS, ensemble),
                                   0);
            dt_model_free(own);
            dt_model_free(written);
        }
    }
}

/* The calendar can't be read forever, whether the text says so or the options do. */
static void test_calendar(void **state)
{
    (void)state;
    play_log told;
    dt_options options = play_options(&told);
    dt_model *model =
        play_text("model m\nhorizon 2\nactor A discount 0.9\nstage s : A {\n A.a { pay A now }\n"
                  " A.b\n}\noutcome a = mean(s.A == a)\n",
                  &options);
    dt_game *game;
    options.other_lookahead = true;
    options.lookahead = -1;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_INVALID);
    assert_string_equal(told.codes, "calendar-forever");
    dt_refereed *found = referee(model, &(dt_referee_how){.worlds = 1}, &(dt_options){0});
    assert_true(isnan(found->other[(found->lookaheads - 1) * found->outcomes]));
    dt_refereed_free(found);
    dt_model_free(model);
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
        cmocka_unit_test(test_rank_correlation),
        cmocka_unit_test(test_outcomes_by_chance),
        cmocka_unit_test(test_chance_of_a_wrong_world),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_noise_of_types),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_cost),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_taken_up_again),
        cmocka_unit_test(test_not_kept),
        cmocka_unit_test(test_worlds_given),
        cmocka_unit_test(test_bundles),
        cmocka_unit_test(test_other_equilibria),
        cmocka_unit_test(test_unpaid),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_thresholds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
