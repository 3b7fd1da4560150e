/*
 * The referee ended, and gone on with: in the file there is what it has found, and nothing of another question.
 */
#include "referees.h"

#include <unistd.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_taken_up_again),
        cmocka_unit_test(test_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
