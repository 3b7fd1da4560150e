/*
 * The grid of beliefs: its points counted one by one and by Pascal's triangle, the fineness that still
 * fits, and what a model says of private information. The models are checked without the gate that
 * keeps them from being solved.
 */
#include "play.h"

#include "lang/syntax.h"
#include "model/beliefs.h"
#include "model/check.h"
#include "study/design.h"
#include "study/schema.h"

/* The sequences c_1 <= ... <= c_length out of `from` ... n, one by one. */
static uint64_t sequences(int length, int from, int n)
{
    uint64_t count = 0;
    for (int c = from; c <= n && length > 0; c++)
        count += sequences(length - 1, c, n);
    return length == 0 ? 1 : count;
}

static void points_are_sequences(void **state)
{
    (void)state;
    for (int values = 1; values <= 5; values++) {
        for (int n = 1; n <= 12; n++)
            assert_int_equal(dt_belief_points(values, n), sequences(values - 1, 0, n));
    }
}

static void points_are_binomials(void **state)
{
    (void)state;
    enum { ROWS = 64 }; /* C(63, 31) < 2^64 */
    uint64_t pascal[ROWS][ROWS] = {{1}};
    for (int n = 1; n < ROWS; n++) {
        pascal[n][0] = 1;
        for (int k = 1; k <= n; k++)
            pascal[n][k] = pascal[n - 1][k - 1] + (k < n ? pascal[n - 1][k] : 0);
    }
    for (int values = 1; values < ROWS; values++) {
        for (int fineness = 1; fineness + values - 1 < ROWS; fineness++) {
            const uint64_t points = dt_belief_points(values, fineness);
            const uint64_t exact = pascal[fineness + values - 1][values - 1];
            /* i! C(n, k) in between may pass 2^64 where the result doesn't: it is far too many anyhow */
            if (points != UINT64_MAX || exact < (uint64_t)1 << 58)
                assert_int_equal(points, exact);
        }
    }
    assert_true(dt_belief_points(1 << 30, 256) == UINT64_MAX);
    assert_int_equal(dt_belief_points(1, 256), 1);
    assert_int_equal(dt_belief_points(1 << 30, 2), ((uint64_t)1 << 59) + ((uint64_t)1 << 29));
}

static dt_model *check(dt_arena *arena, const char *text, play_log *told,
                       dt_diagnostics **diagnostics)
{
    const dt_options options = play_options(told);
    dt_source *source = dt_new(arena, dt_source, 1);
    *source = (dt_source){"m", text, strlen(text)};
    dt_options *kept = dt_new(arena, dt_options, 1);
    *kept = options;
    *diagnostics = dt_diagnostics_new(arena, kept, source);
    dt_model *model =
        dt_model_check(arena, source, dt_parse(arena, source, *diagnostics), *diagnostics);
    assert_int_equal(dt_diagnostics_errors(*diagnostics), 0);
    return model;
}

#define ACTORS "model m\nactor A\nactor B\n"

static void the_largest_fineness_fits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int largest, given, fits; /* the largest N; whether without any N it fits */
    } of[] = {
        {ACTORS "private A x : bool = no",                          256, 0,  1},
        {ACTORS "private A x : 1..3 = 1",                           88,  0,  1}, /* C(90, 2) = 4005 */
        {ACTORS "private A x : 1..4 = 1",                           26,  0,  1}, /* C(29, 3) = 3654 */
        {ACTORS "private A x : 1..5 = 1",                           14,  0,  0}, /* C(18, 4) = 3060 */
        {ACTORS "beliefs 14\nprivate A x : 1..5 = 1",               14,  14, 1},
        {ACTORS "private A x : 1..90 = 1",                          2,   0,  0}, /* C(91, 2) = 4095 */
        {ACTORS "private A x : 1..91 = 1",                          0,   0,  0}, /* C(92, 2) = 4186 */
        {ACTORS "private A x : bool = no\nprivate B y : bool = no", 62,  0,  1}, /* 63^2 = 3969 */
        {ACTORS "private A x : bool = no\nprivate B y : 1..3 = 1",  18,  0,  0}, /* 19 * 190 = 3610 */
        {ACTORS "state x : 0..9 = 0",                               256, 0,  1},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        play_log told = {0};
        dt_diagnostics *diagnostics;
        dt_arena *arena = dt_arena_new(NULL, 0);
        const dt_model *model = check(arena, of[i].text, &told, &diagnostics);
        const int largest = dt_largest_fineness(model);
        assert_int_equal(largest, of[i].largest);
        assert_int_equal(model->beliefs, of[i].given);
        if (largest > 0)
            assert_true(dt_all_belief_points(model, largest) <= DT_MAX_BELIEFS);
        if (largest < DT_MAX_FINENESS)
            assert_true(dt_all_belief_points(model, largest + 2) > DT_MAX_BELIEFS);
        assert_int_equal(dt_beliefs_fit(model, NULL, diagnostics), of[i].fits);
        if (largest > 0) {
            const dt_options options = {.beliefs = largest};
            assert_true(dt_beliefs_fit(model, &options, diagnostics));
        }
        dt_arena_free(arena);
    }
}

static void a_model_says_what_is_private(void **state)
{
    (void)state;
    static const char text[] =
        ACTORS "param p = 0.5\nstate deal : {none, pause} = none\n"
               "private B aim : {bargain, stall, wait} = {bargain: p, stall: 1 - p}\n"
               "private A arms : -1..2 = {0: 0.3, 2: 0.7}\n"
               "hidden stage night : A { A.dig { arms += 1 }; A.rest }\n"
               "hidden stage idle : B { B.talk { pay B 1 }; B.wait }\n"
               "stage day : A, B { A.go { pay B arms * aim }; B.go }\n"
               "stage nature : chance { with 0.5 * (aim == stall) { deal := pause } }\n"
               "policy plain\npolicy told { start aim = stall }\n";
    play_log told = {0};
    char buffer[DT_LABEL_SIZE];
    dt_diagnostics *diagnostics;
    dt_arena *arena = dt_arena_new(NULL, 0);
    const dt_model *m = check(arena, text, &told, &diagnostics);
    assert_int_equal(m->privates, 2);
    assert_int_equal(m->private_variable[0], 1);
    assert_int_equal(m->private_variable[1], 2);
    assert_int_equal(dt_private_of(m, 0), 2);
    assert_int_equal(dt_private_of(m, 1), 1);

    assert_int_equal(dt_model_owner(m, 0), -1);
    assert_int_equal(dt_model_owner(m, 1), 1);
    assert_int_equal(dt_model_owner(m, 2), 0);
    assert_int_equal(dt_model_values(m, 1), 3);
    assert_int_equal(dt_model_values(m, 2), 4);
    assert_string_equal(dt_model_value(m, 1, 2, buffer, sizeof buffer), "wait");
    assert_string_equal(dt_model_value(m, 2, 0, buffer, sizeof buffer), "-1");
    assert_string_equal(dt_model_value(m, 2, 4, buffer, sizeof buffer), "");

    const int secret[] = {2, -1, -1, 1};
    for (size_t s = 0; s < 4; s++) {
        assert_int_equal(dt_model_hidden(m, s), s < 2);
        assert_int_equal(dt_model_secret(m, s), secret[s]);
    }
    const dt_options eight = {.beliefs = 8};
    assert_int_equal(dt_model_fineness(m, 0, NULL), 0);
    assert_int_equal(dt_model_fineness(m, 1, NULL), 16);
    assert_int_equal(dt_model_fineness(m, 1, &eight), 8);
    assert_int_equal(dt_model_beliefs(m, &eight), 45 * 165); /* C(10, 2) C(11, 3) */

    /* What is drawn, and what a policy makes certain. */
    assert_int_equal(m->policy[0].regime.start[0], 0);
    assert_int_equal(m->policy[0].regime.start[1], DT_DRAWN);
    assert_int_equal(m->policy[1].regime.start[1], 1);
    assert_int_equal(m->policy[1].regime.start[2], DT_DRAWN);
    dt_arena_free(arena);
}

/* A study of a game with private information is another one with another grid. */
static void a_study_remembers_the_grid(void **state)
{
    (void)state;
    static const char *const text[] = {
        ACTORS "param p = 0.5 in 0 .. 1 judgement\nprivate A x : bool = {yes: p, no: 1 - p}\n",
        ACTORS "param p = 0.5 in 0 .. 1 judgement\nstate x : bool = no\n"};
    static const char *const remembered[] = {"8", "0"};
    for (size_t i = 0; i < 2; i++) {
        play_log told = {0};
        dt_diagnostics *diagnostics;
        dt_arena *arena = dt_arena_new(NULL, 0);
        const dt_model *model = check(arena, text[i], &told, &diagnostics);
        dt_options options = play_options(&told);
        options.beliefs = 8;
        const dt_plan *plan =
            dt_plan_new(arena, model, &(dt_study_plan){.worlds = 4, .seed = 1}, &options);
        assert_non_null(plan);
        dt_fact fact[DT_FACTS];
        const size_t facts = dt_schema_facts(arena, plan, fact);
        size_t found = 0;
        for (size_t k = 0; k < facts; k++) {
            if (strcmp(fact[k].key, "beliefs") == 0) {
                assert_string_equal(fact[k].value, remembered[i]);
                found++;
            }
        }
        assert_int_equal(found, 1);
        dt_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_sequences),
        cmocka_unit_test(points_are_binomials),
        cmocka_unit_test(the_largest_fineness_fits),
        cmocka_unit_test(a_model_says_what_is_private),
        cmocka_unit_test(a_study_remembers_the_grid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
