/*
 * Bounds over ranges: intervals enclose what operators give, a proof is never contradicted by a world,
 * and a world that is judged to be wrong is one that the solver refuses.
 */
#include "worlds.h"

#include <float.h>

#include "model/interval.h"
#include "study/random.h"

/* ---- intervals ---- */

static uint64_t counter;

static double uniform(void)
{
    return dt_random(7, counter++, 1);
}

/* Numbers where operators go wrong, and others. */
static double any_number(void)
{
    static const double special[] = {0,         -0.0,       1,        -1,        0.5,      2,
                                     -3,        1e-9,       800,      DBL_MAX,   -DBL_MAX, DBL_MIN,
                                     4.94e-324, -4.94e-324, INFINITY, -INFINITY, 1e200,    -1e-200};
    enum { SPECIAL = sizeof special / sizeof *special };
    const double u = uniform();
    if (u < 0.5)
        return special[(int)(uniform() * SPECIAL)];
    if (u < 0.6)
        return (uniform() - 0.5) * pow(10, 40 * uniform() - 20);
    return (uniform() - 0.5) * 4;
}

static dt_interval any_interval(void)
{
    const double a = any_number(), b = uniform() < 0.2 ? a : any_number();
    return (dt_interval){b < a ? b : a, b < a ? a : b, uniform() < 0.05};
}

/* A number of the interval, often an end. */
static double any_of(dt_interval a)
{
    const double u = uniform();
    if (a.nan && u < 0.3)
        return NAN;
    if (u < 0.5)
        return u < 0.4 ? a.low : a.high;
    if (u < 0.6 && a.low <= 0 && a.high >= 0)
        return u < 0.55 ? 0.0 : -0.0;
    const double low = fmax(a.low, -DBL_MAX / 4), high = fmin(a.high, DBL_MAX / 4);
    const double x = low + uniform() * (high - low);
    return x >= a.low && x <= a.high ? x : a.low;
}

static void assert_within(dt_operator op, dt_interval bound, double value, const double x[3])
{
    if (isnan(value) ? bound.nan : bound.low <= value && value <= bound.high)
        return;
    if (bound.nan && (isnan(x[0]) || isnan(x[1]) || isnan(x[2])))
        return; /* an operator that hides it gives what it likes */
    print_error("operator %d of %.17g, %.17g, %.17g is %.17g, outside %.17g .. %.17g\n", (int)op,
                x[0], x[1], x[2], value, bound.low, bound.high);
    fail();
}

static void bounds_enclose_what_operators_give(void **state)
{
    (void)state;
    for (int round = 0; round < 300000; round++) {
        const dt_operator op = (dt_operator)(DT_OP_NEGATE + round % (DT_OPS - DT_OP_NEGATE));
        const dt_interval a = any_interval(), b = any_interval(), c = any_interval();
        const dt_interval bound = dt_interval_operate(op, a, b, c);
        for (int k = 0; k < 8; k++) {
            const double x[3] = {any_of(a), any_of(b), any_of(c)};
            assert_within(op, bound, dt_operate(op, x[0], x[1], x[2]), x);
            if (op == DT_OP_MULTIPLY)
                assert_within(op, dt_interval_square(a), x[0] * x[0], x);
        }
    }
}

/* A long double has eleven bits more, and rounding to it is monotone: a bound that a double can hold
 * encloses the exact result if and only if it encloses that. */
static void bounds_are_rounded_outward(void **state)
{
    (void)state;
    size_t moved = 0;
    for (int round = 0; round < 300000; round++) {
        const dt_interval a = dt_interval_point((uniform() - 0.5) * pow(10, 20 * uniform() - 10)),
                          b = dt_interval_point(round % 3 ? uniform() : floor(uniform() * 16) + 1);
        const long double x = a.low, y = b.low, power = powl(fabsl(x), y);
        const struct {
            dt_operator op;
            long double exact;
        } of[] = {
            {DT_OP_ADD,      x + y          },
            {DT_OP_SUBTRACT, x - y          },
            {DT_OP_MULTIPLY, x * y          },
            {DT_OP_DIVIDE,   x / y          },
            {DT_OP_EXP,      expl(x)        },
            {DT_OP_LOG,      logl(fabsl(x)) },
            {DT_OP_SQRT,     sqrtl(fabsl(x))},
            {DT_OP_POWER,    power          },
        };
        for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
            const bool positive =
                of[i].op == DT_OP_LOG || of[i].op == DT_OP_SQRT || of[i].op == DT_OP_POWER;
            const dt_interval bound =
                dt_interval_operate(of[i].op, positive ? dt_interval_point(fabs(a.low)) : a, b, b);
            assert_true(bound.low <= of[i].exact && of[i].exact <= bound.high);
            moved += bound.low < bound.high;
        }
    }
    assert_true(moved > 100000);
}

/* An exact bound stays where it is: what is safe at the end of its range is proved to be. */
static void exact_bounds_stay(void **state)
{
    (void)state;
    const dt_interval p = {0, 1, false}, one = dt_interval_point(1), none = {0, 0, false};
    const dt_interval rest = dt_interval_operate(DT_OP_SUBTRACT, one, p, none);
    assert_true(rest.low == 0 && rest.high == 1 && !rest.nan);
    const dt_interval root = dt_interval_operate(DT_OP_SQRT, rest, none, none);
    assert_true(root.low == 0 && root.high == 1 && !root.nan);
    assert_true(dt_interval_operate(DT_OP_LOG, rest, none, none).low == -INFINITY);
    assert_true(dt_interval_operate(DT_OP_DIVIDE, one, rest, none).high == INFINITY);
    assert_true(dt_interval_operate(DT_OP_DIVIDE, rest, rest, none).nan);
    const dt_interval square = dt_interval_operate(DT_OP_POWER, p, dt_interval_point(2), none);
    assert_true(square.low == 0 && square.high == 1 && !square.nan);
    const dt_interval four = dt_interval_point(4), seven = {0, 7, false};
    const dt_interval left = dt_interval_operate(DT_OP_MODULO, seven, four, none);
    assert_true(left.low == 0 && left.high == 4 && !left.nan);
    assert_true(dt_interval_operate(DT_OP_MODULO, seven, p, none).nan);
}

/* ---- one judgement ---- */

/* Of a model's drawn worlds as many are counted as lost as the solver finds wrong. */
static void compare_counts(const char *path, size_t worlds, bool some)
{
    play_log log = {0};
    dt_options options = play_options(&log);
    dt_model *model;
    assert_int_equal(dt_model_read(path, &options, &model), DT_OK);
    double *drawn = draw(model, worlds);
    const size_t policies = dt_model_count(model, DT_POLICIES);
    dt_game **games = test_calloc(policies, sizeof *games);
    bool *wrong = test_calloc(worlds, sizeof *wrong);
    for (size_t p = 0; p < policies; p++) {
        assert_int_equal(dt_game_explore(model, p, &options, &games[p]), DT_OK);
        dt_ensemble *ensemble =
            solve(games[p], drawn, worlds, DT_VALUES_AVERAGE, 1, DT_KERNEL_AUTO, DT_WANT_OUTCOMES);
        for (size_t w = 0; w < worlds; w++)
            wrong[w] |= dt_ensemble_world(ensemble, w).status == DT_INVALID;
        dt_ensemble_free(ensemble);
    }
    size_t refused = 0, lost;
    for (size_t w = 0; w < worlds; w++)
        refused += wrong[w];
    assert_int_equal(dt_games_count_lost(games, policies, drawn, worlds, &options, &lost), DT_OK);
    assert_int_equal(lost, refused);
    assert_int_equal(some, lost > 0);
    for (size_t p = 0; p < policies; p++)
        dt_game_free(games[p]);
    test_free(games);
    test_free(wrong);
    free(drawn);
    dt_model_free(model);
}

static void what_is_counted_is_what_is_refused(void **state)
{
    (void)state;
    compare_counts(DT_ROOT "/test/diagnostics/worlds-lost.dtn", 500, true);
    compare_counts(DT_ROOT "/test/unit/unsafe.dtn", 2000, true);
    compare_counts(DT_ROOT "/models/classics/crisis.dtn", 200, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_enclose_what_operators_give),
        cmocka_unit_test(bounds_are_rounded_outward),
        cmocka_unit_test(exact_bounds_stay),
        cmocka_unit_test(what_is_counted_is_what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
