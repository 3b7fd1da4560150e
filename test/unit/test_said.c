/*
 * What a diagnosis and a referee both say: names in a sentence as a reader would write them, what numbers rest on as a
 * model declares it, and quantiles by the definition of Hyndman & Fan's type 7.
 */
#include "made.h"

#include <string.h>

#include "robust/said.h"

static const char *list(dt_arena *arena, size_t most, size_t names)
{
    dt_name_list found = dt_names(arena, most);
    for (size_t i = 0; i < names; i++)
        dt_name_add(&found, "n%zu", i);
    assert_int_equal(found.count, names);
    return dt_name_list_end(&found);
}

static dt_status name(dt_arena *arena, void *argument)
{
    (void)argument;
    assert_string_equal(list(arena, 2, 0), "");
    assert_string_equal(list(arena, 2, 1), "n0");
    assert_string_equal(list(arena, 2, 2), "n0, n1");
    assert_string_equal(list(arena, 2, 3), "n0, n1 and 1 more");
    assert_string_equal(list(arena, 1, 12), "n0 and 11 more");
    assert_string_equal(list(arena, 0, 4), "n0, n1, n2, n3");
    /* a name of any length stays whole */
    char long_name[2000];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    dt_name_list found = dt_names(arena, 1);
    dt_name_add(&found, "%s", long_name);
    assert_string_equal(dt_name_list_end(&found), long_name);
    return DT_OK;
}

static void test_names(void **state)
{
    (void)state;
    in_arena(name);
}

static void test_grounds(void **state)
{
    (void)state;
    const dt_options options = {0};
    dt_model *model = play_text(
        "model grounds\nhorizon 1\nactor A\nsource book \"A book\"\n"
        "param found = 1 in 0 .. 2 \"found\" cite book\nparam judged = 1 in 0 .. 2 judgement\n"
        "param bare = 1 in 0 .. 2\nstage s : A { A.only }\npayoff A { z = found + judged + bare }\n"
        "outcome z = last(0)\n",
        &options);
    const dt_ground_of_number expected[] = {DT_RESTS_ON_SOURCE, DT_RESTS_ON_JUDGEMENT,
                                            DT_RESTS_ON_NOTHING};
    const char *const parameter[] = {"found", "judged", "bare"};
    for (int i = 0; i < 3; i++) {
        const size_t at = (size_t)dt_model_find(model, DT_PARAMETERS, parameter[i]);
        assert_int_equal(dt_rests_on(model, at), expected[i]);
        assert_int_equal(dt_is_unsourced(model, at), i > 0);
    }
    dt_model_free(model);
}

/* Of n numbers in order, x₀ first, the quantile at p is at (n − 1) p, on the line between the two beside it. */
static void test_quantiles(void **state)
{
    (void)state;
    const double number[] = {8, 1, 4, 2, 16}, share[] = {0, 0.05, 0.25, 0.6, 1};
    const double expected[] = {1, 1.2, 2, 5.6, 16};
    double sorted[5], quantile[5];
    dt_quantiles_of(number, 5, sorted, share, 5, quantile);
    for (int q = 0; q < 5; q++)
        assert_float_equal(quantile[q], expected[q], 1e-12);
    double own[] = {3, 7};
    dt_quantiles_of(own, 2, own, share + 1, 1, quantile);
    assert_float_equal(quantile[0], 3.2, 1e-12);
    dt_quantiles_of(own, 1, own, share, 2, quantile);
    assert_float_equal(quantile[1], 3, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_grounds),
        cmocka_unit_test(test_quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
