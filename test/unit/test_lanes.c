/*
 * Worlds in lanes: the same numbers as one at a time, the same bits whatever the kernel, the number
 * of threads, the neighbours and the place among them, and worlds that fail alone.
 */
#include "refusing.h"
#include "worlds.h"

#include <float.h>

#include "base/lane_exp.h"

/* Of the results of test_hash. */
#define HASH 0x475a58db6fc8069dU

/* Every kind of node, an end, all forms of outcomes, exp and log of parameters. */
static const char TEXT[] =
    "model many\n"
    "horizon 3\n"
    "lookahead 2\n"
    "actor A discount 0.9 rationality lambda\n"
    "actor B discount 0.8\n"
    "param lambda = 2 in 0.5 .. 3\n"
    "param p = 0.3 in 0 .. 1\n"
    "param worth = 1 in -2 .. 2\n"
    "state x : 0..3 = 0\n"
    "state done : bool = no\n"
    "stage both : A, B {\n"
    "  A.up { x += 1 }\n  A.stay { pay A 0.1 * exp(worth) }\n"
    "  B.up { x += 1 }\n  B.stay if x < 2\n  B.down { x -= 1 ; pay B log(1 + p) }\n"
    "}\n"
    "stage one : A when both.A == up {\n"
    "  A.go { with p { done := yes } }\n  A.wait\n"
    "}\n"
    "stage luck : chance { branch { p { x += 1 } else { } } }\n"
    "payoff A { height = worth * x ; peace = -2 * done }\n"
    "payoff B { height = 1 - p * x }\n"
    "end over when done\n"
    "outcome o1 minimise = ever(done)\n"
    "outcome o2 = first(x >= 2)\n"
    "outcome o3 = last(x)\n"
    "outcome o4 = mean(one.A == go)\n"
    "outcome o5 = total(p * x / (x + worth))\n";

typedef struct played {
    play_log log;
    dt_options options;
    dt_model *model;
    dt_game *game;
} played;

static played *play_this(const char *text)
{
    played *it = calloc(1, sizeof *it);
    assert_non_null(it);
    it->options = play_options(&it->log);
    it->model = play_text(text, &it->options);
    assert_int_equal(dt_game_explore(it->model, 0, &it->options, &it->game), DT_OK);
    return it;
}

static played *play(void)
{
    return play_this(TEXT);
}

static void drop(played *it)
{
    dt_game_free(it->game);
    dt_model_free(it->model);
    free(it);
}

static void test_threads(void **state)
{
    (void)state;
    enum { MANY = 61 };
    played *it = play();
    double *worlds = draw(it->model, MANY);
    dt_ensemble *one = solve(it->game, worlds, MANY, DT_VALUES_AVERAGE, 1, DT_KERNEL_AUTO, 0);
    for (int jobs = 2; jobs <= 5; jobs++) {
        dt_ensemble *more =
            solve(it->game, worlds, MANY, DT_VALUES_AVERAGE, jobs, DT_KERNEL_AUTO, 0);
        for (size_t w = 0; w < MANY; w++)
            assert_same(it->model, one, w, more, w);
        dt_ensemble_free(more);
    }
    dt_ensemble_free(one);
    free(worlds);
    drop(it);
}

/* A world's bits are the same in any place, alone, and beside worlds that fail. */
static void check_neighbours(dt_kernel kernel)
{
    enum { MANY = 16, PARAMS = 3 };
    played *it = play();
    double *worlds = draw(it->model, MANY), moved[MANY * PARAMS];
    dt_ensemble *all = solve(it->game, worlds, MANY, DT_VALUES_AVERAGE, 1, kernel, 0);
    for (size_t w = 0; w < MANY; w++)
        memcpy(moved + (MANY - 1 - w) * PARAMS, worlds + w * PARAMS, PARAMS * sizeof *moved);
    dt_ensemble *turned = solve(it->game, moved, MANY, DT_VALUES_AVERAGE, 1, kernel, 0);
    for (size_t w = 0; w < MANY; w++) {
        dt_ensemble *alone =
            solve(it->game, worlds + w * PARAMS, 1, DT_VALUES_AVERAGE, 1, kernel, 0);
        assert_same(it->model, all, w, turned, MANY - 1 - w);
        assert_same(it->model, all, w, alone, 0);
        dt_ensemble_free(alone);
    }
    /* parameters: lambda, p, worth */
    static const struct {
        size_t world;
        int parameter;
        double value;
        const char *code;
    } poison[] = {
        {1,  2, NAN,    "world-payment"    },
        {3,  1, 1.2,    "world-probability"},
        {4,  0, -1,     "world-rationality"},
        {6,  0, 1e6,    ""                 },
        {7,  2, -1,     "outcome-number"   }, /* x / (x + worth) at x = 1 */
        {8,  2, 400,    "value-overflow"   }, /* exp(400) */
        {9,  0, NAN,    "world-rationality"},
        {10, 1, -1e-10, ""                 }, /* taken for 0 */
    };
    for (size_t i = 0; i < sizeof poison / sizeof poison[0]; i++)
        worlds[poison[i].world * PARAMS + (size_t)poison[i].parameter] = poison[i].value;
    dt_ensemble *some = solve(it->game, worlds, MANY, DT_VALUES_AVERAGE, 1, kernel, 0);
    for (size_t w = 0; w < MANY; w++) {
        const dt_world_result found = dt_ensemble_world(some, w);
        const char *wanted = NULL;
        char reason[256];
        for (size_t i = 0; i < sizeof poison / sizeof poison[0]; i++)
            wanted = poison[i].world == w ? poison[i].code : wanted;
        assert_int_equal(dt_ensemble_reason(some, w, reason, sizeof reason), DT_OK);
        if (!wanted) {
            assert_same(it->model, all, w, some, w);
            assert_string_equal(reason, "");
            continue;
        }
        if (!*wanted) {
            assert_true(found.status != DT_INVALID);
            continue;
        }
        assert_string_equal(found.code, wanted);
        assert_int_equal(found.status, DT_INVALID);
        assert_true(isnan(found.value[0]) && isnan(found.gap[1]) && isnan(found.outcome[0]));
        assert_true(strlen(reason) > 10);
    }
    char reason[256];
    assert_int_equal(dt_ensemble_reason(some, 3, reason, sizeof reason), DT_OK);
    assert_string_equal(reason, "a probability is 1.2 here, outside 0..1 (text:19:15), stage one, "
                                "in the state x=2 done=no");
    dt_ensemble_free(all);
    dt_ensemble_free(turned);
    dt_ensemble_free(some);
    free(worlds);
    drop(it);
}

static void test_neighbours_plain(void **state)
{
    (void)state;
    check_neighbours(DT_KERNEL_PLAIN);
}

/* These say that they are skipped where the processor, or the build, hasn't got the kernel. */
static void test_neighbours_avx2(void **state)
{
    (void)state;
    if (!runs_here(DT_KERNEL_AVX2))
        skip();
    check_neighbours(DT_KERNEL_AVX2);
}

static void test_neighbours_avx512(void **state)
{
    (void)state;
    if (!runs_here(DT_KERNEL_AVX512))
        skip();
    check_neighbours(DT_KERNEL_AVX512);
}

/* All bits of the results, in FNV-1a: the same on every machine, with every kernel. */
static uint64_t hash(const played *it, const dt_ensemble *ensemble)
{
    uint64_t h = 14695981039346656037U;
    for (size_t w = 0; w < dt_ensemble_worlds(ensemble); w++) {
        const dt_world_result found = dt_ensemble_world(ensemble, w);
        const double *numbers[] = {found.value, found.gap, found.outcome};
        const size_t actors = dt_model_count(it->model, DT_ACTORS);
        const size_t count[] = {actors, actors, dt_model_count(it->model, DT_OUTCOMES)};
        for (int n = 0; n < 3; n++) {
            for (size_t i = 0; i < count[n]; i++) {
                uint64_t bits;
                memcpy(&bits, &numbers[n][i], sizeof bits);
                for (int b = 0; b < 8; b++)
                    h = (h ^ (bits >> 8 * b & 255)) * 1099511628211U;
            }
        }
    }
    return h;
}

static void check_hash(dt_kernel kernel)
{
    played *it = play();
    double *worlds = draw(it->model, 24);
    for (int jobs = 1; jobs <= 3; jobs++) {
        dt_ensemble *ensemble =
            solve(it->game, worlds, 24, DT_VALUES_AVERAGE, jobs, kernel, DT_WANT_ALL);
        const uint64_t found = hash(it, ensemble);
        if (found != HASH)
            fail_msg("0x%016llx", (unsigned long long)found);
        dt_ensemble_free(ensemble);
    }
    free(worlds);
    drop(it);
}

/* Rationality scaled by the call is rationality declared so: the same bits. A scale that makes no
 * sense is a rationality that makes none. */
static void test_scale(void **state)
{
    (void)state;
    play_log log;
    const dt_options options = play_options(&log);
    dt_model *model;
    assert_int_equal(
        dt_model_read(DT_ROOT "/models/classics/prisoners-dilemma.dtn", &options, &model), DT_OK);
    assert_int_equal(dt_model_count(model, DT_PARAMETERS), 1);
    dt_game *game;
    assert_int_equal(dt_game_explore(model, 0, &options, &game), DT_OK);
    const double half[] = {0.75}, whole[] = {1.5};
    const dt_ensemble_options how = {.jobs = 1};
    dt_options other = {.rationality_scale = 2};
    dt_ensemble *scaled;
    assert_int_equal(dt_ensemble_run(game, half, 1, DT_VALUES_AVERAGE, &how, &other, &scaled),
                     DT_OK);
    dt_ensemble *declared =
        solve(game, whole, 1, DT_VALUES_AVERAGE, 1, DT_KERNEL_AUTO, DT_WANT_ALL);
    assert_same(model, scaled, 0, declared, 0);
    /* P(cooperate) = 1 / (1 + e^lambda) */
    assert_float_equal(dt_ensemble_world(scaled, 0).outcome[0], 1 / (1 + exp(1.5)), 1e-12);
    dt_ensemble_free(scaled);
    dt_ensemble_free(declared);
    other.rationality_scale = -1;
    assert_int_equal(dt_ensemble_run(game, half, 1, DT_VALUES_AVERAGE, &how, &other, &scaled),
                     DT_OK);
    assert_string_equal(dt_ensemble_world(scaled, 0).code, "world-rationality");
    dt_ensemble_free(scaled);
    dt_game_free(game);
    dt_model_free(model);
}

static void test_hash_plain(void **state)
{
    (void)state;
    check_hash(DT_KERNEL_PLAIN);
}

static void test_hash_avx2(void **state)
{
    (void)state;
    if (!runs_here(DT_KERNEL_AVX2))
        skip();
    check_hash(DT_KERNEL_AVX2);
}

static void test_hash_avx512(void **state)
{
    (void)state;
    if (!runs_here(DT_KERNEL_AVX512))
        skip();
    check_hash(DT_KERNEL_AVX512);
}

/* A kernel that there isn't is refused, politely. */
static void test_no_kernel(void **state)
{
    (void)state;
    played *it = play();
    double *worlds = draw(it->model, 4);
    dt_ensemble *ensemble;
    for (int kernel = DT_KERNEL_PLAIN; kernel <= DT_KERNEL_AVX512 + 1; kernel++) {
        const dt_ensemble_options how = {.kernel = (dt_kernel)kernel};
        it->log.codes[0] = '\0';
        const dt_status status =
            dt_ensemble_run(it->game, worlds, 4, 0, &how, &it->options, &ensemble);
        if (runs_here((dt_kernel)kernel)) {
            assert_int_equal(status, DT_OK);
            dt_ensemble_free(ensemble);
            continue;
        }
        assert_int_equal(status, DT_INVALID);
        assert_null(ensemble);
        assert_string_equal(it->log.codes, "no-kernel");
    }
    free(worlds);
    drop(it);
}

static void test_limits(void **state)
{
    (void)state;
    played *it = play();
    dt_options small = it->options;
    dt_ensemble *ensemble;
    double *worlds = draw(it->model, 4);
    small.max_memory = 20000;
    assert_int_equal(dt_ensemble_run(it->game, worlds, 4, 0, NULL, &small, &ensemble), DT_LIMIT);
    assert_null(ensemble);
    assert_string_equal(it->log.codes, "memory");
    assert_int_equal(dt_ensemble_run(it->game, worlds, 0, 0, NULL, NULL, &ensemble), DT_OK);
    assert_int_equal(dt_ensemble_worlds(ensemble), 0);
    dt_ensemble_free(ensemble);
    free(worlds);
    drop(it);
}

/* However little memory there is, what can be solved has the same bits: strategies that can't be kept
 * are made anew. */
static void check_little_memory(const char *text)
{
    enum { MANY = 9, STEP = 512 };
    played *it = play_this(text);
    dt_options small = it->options;
    double *worlds = draw(it->model, MANY);
    dt_ensemble *all = solve(it->game, worlds, MANY, 0, 1, DT_KERNEL_AUTO, DT_WANT_ALL);
    size_t steps = 0, limit = 1 << 20;
    dt_ensemble *less;
    const dt_ensemble_options how = {.jobs = 2};
    while (dt_ensemble_run(it->game, worlds, MANY, 0, &how, &small, &less) == DT_OK) {
        for (size_t w = 0; w < MANY; w++)
            assert_same(it->model, all, w, less, w);
        dt_ensemble_free(less);
        small.max_memory = limit -= STEP;
        steps++;
    }
    assert_true(steps > 100 && limit > STEP);
    assert_string_equal(it->log.codes, "memory");
    dt_ensemble_free(all);
    free(worlds);
    drop(it);
}

static void test_little_memory(void **state)
{
    (void)state;
    char text[sizeof TEXT + 64];
    check_little_memory(TEXT);
    /* with something that is paid whatever happens, which values are counted from */
    snprintf(text, sizeof text, "%spayoff A { fixed = 3 * worth }\n", TEXT);
    check_little_memory(text);
}

/* Whenever it is told to stop it stops, and nothing is left. */
typedef struct stopping {
    long calls, stop;
} stopping;

static bool go_on_until(void *context, const char *activity, double done)
{
    stopping *s = context;
    assert_string_equal(activity, "solving");
    assert_true(done >= 0 && done <= 1);
    return ++s->calls != s->stop;
}

static void test_interrupted(void **state)
{
    (void)state;
    enum { MANY = 20 };
    played *it = play();
    double *worlds = draw(it->model, MANY);
    dt_status status = DT_LIMIT;
    long stop = 1;
    for (; status != DT_OK; stop++) {
        stopping s = {0, stop};
        dt_options options = it->options;
        dt_ensemble *ensemble;
        options.progress = go_on_until;
        options.progress_context = &s;
        it->log.codes[0] = '\0';
        const dt_ensemble_options how = {.jobs = 1};
        status = dt_ensemble_run(it->game, worlds, MANY, 0, &how, &options, &ensemble);
        assert_int_equal(status, s.calls < stop ? DT_OK : DT_LIMIT);
        assert_true(status == DT_OK || (ensemble == NULL && it->log.codes[0]));
        dt_ensemble_free(ensemble);
    }
    assert_true(stop > 3 * 5); /* once a sweep at least */
    free(worlds);
    drop(it);
}

static void test_allocations(void **state)
{
    (void)state;
    enum { MANY = 20 };
    played *it = play();
    double *worlds = draw(it->model, MANY);
    dt_status status = DT_LIMIT;
    long n = 1;
    for (; status != DT_OK; n++) {
        refusing r = {.refused = n};
        dt_options options = it->options;
        dt_ensemble *ensemble;
        options.allocator = (dt_allocator){resize, &r};
        it->log.codes[0] = '\0';
        const dt_ensemble_options how = {.jobs = 2};
        status = dt_ensemble_run(it->game, worlds, MANY, 0, &how, &options, &ensemble);
        assert_int_equal(status, r.requests < n ? DT_OK : DT_LIMIT);
        assert_string_equal(it->log.codes, status == DT_OK ? "" : "memory");
        assert_true(status == DT_OK || ensemble == NULL);
        dt_ensemble_free(ensemble);
        assert_int_equal(r.held, 0);
    }
    assert_true(n > 5);
    free(worlds);
    drop(it);
}

/* Units in the last place by which a result is off; below the normal numbers, least subnormals. */
static double off(double found, long double exact)
{
    const double near = fabs((double)exact);
    const double unit = near < DBL_MIN ? 0x1p-1074 : nextafter(near, INFINITY) - near;
    return (double)(fabsl(found - exact) / unit);
}

static void test_exp_and_log(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 2000000; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        const double u = (double)(seed >> 11) * 0x1p-53;
        const double x = i % 2 ? -745.13 + u * (709.78 + 745.13) : 2 * u - 1;
        if (!(off(dt_lane_exp(dt_lane_all(x))[0], expl(x)) < 1))
            fail_msg("exp of %a", x);
        double y = i % 2 ? 0.5 + 1.5 * u : 0;
        if (i % 2 == 0) {
            const uint64_t bits = seed >> 1;
            memcpy(&y, &bits, sizeof y);
        }
        if (isfinite(y) && y > 0 && !(off(dt_lane_log(dt_lane_all(y))[0], logl(y)) < 1))
            fail_msg("log of %a", y);
    }
    static const double special[] = {0.0,    -0.0,   INFINITY, -INFINITY, 1,         2,      -1,
                                     709.79, -745.2, 1e300,    -1e300,    0x1p-1074, DBL_MAX};
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        const double x = special[i];
        const double e = dt_lane_exp(dt_lane_all(x))[0], l = dt_lane_log(dt_lane_all(x))[0];
        assert_true(e == exp(x) || off(e, expl(x)) < 1);
        assert_true(l == log(x) || (x < 0 && isnan(l)) || off(l, logl(x)) < 1);
    }
    assert_true(isnan(dt_lane_exp(dt_lane_all(NAN))[0]) && isnan(dt_lane_log(dt_lane_all(NAN))[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads),         cmocka_unit_test(test_neighbours_plain),
        cmocka_unit_test(test_neighbours_avx2), cmocka_unit_test(test_neighbours_avx512),
        cmocka_unit_test(test_interrupted),     cmocka_unit_test(test_allocations),
        cmocka_unit_test(test_hash_plain),      cmocka_unit_test(test_hash_avx2),
        cmocka_unit_test(test_hash_avx512),     cmocka_unit_test(test_no_kernel),
        cmocka_unit_test(test_limits),          cmocka_unit_test(test_little_memory),
        cmocka_unit_test(test_scale),           cmocka_unit_test(test_exp_and_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
