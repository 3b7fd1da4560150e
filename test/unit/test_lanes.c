/*
 * Worlds in lanes: the same numbers as one at a time, the same bits whatever the kernel, the number
 * of threads, the neighbours and the place among them, and worlds that fail alone.
 */
#include "play.h"

#include <float.h>
#include <math.h>

#include "solve/lane_exp.h"
#include "solve/lanes.h"

enum { WORLDS = 11 };

/* Of the results of test_hash. */
#define HASH 0xf2364ff2a5b094acU

/* A worlds × parameters table of draws from the declared ranges, the first world as declared. */
static double *draw(const dt_model *model, size_t worlds)
{
    const size_t params = dt_model_count(model, DT_PARAMETERS);
    double *drawn = calloc(worlds * params + 1, sizeof *drawn);
    uint64_t seed = 7;
    assert_non_null(drawn);
    for (size_t w = 0; w < worlds; w++) {
        dt_model_nominal(model, drawn + w * params);
        for (size_t i = 0; w > 0 && i < params; i++) {
            const dt_parameter p = dt_model_parameter(model, i);
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            if (isfinite(p.low) && isfinite(p.high))
                drawn[w * params + i] = p.low + (p.high - p.low) * (double)(seed >> 11) * 0x1p-53;
        }
    }
    return drawn;
}

static dt_ensemble *solve(const dt_game *game, const double *worlds, size_t count, dt_values values,
                          int jobs, dt_kernel kernel, dt_wanted wanted)
{
    const dt_ensemble_options how = {.jobs = jobs, .kernel = kernel, .wanted = wanted};
    dt_ensemble *ensemble = NULL;
    assert_int_equal(dt_ensemble_run(game, worlds, count, values, &how, NULL, &ensemble), DT_OK);
    assert_int_equal(dt_ensemble_worlds(ensemble), count);
    return ensemble;
}

static bool runs_here(dt_kernel kernel)
{
    return dt_lane_code_of(kernel) != NULL;
}

/* The numbers at the same places of two worlds are the same, bit for bit. */
static void assert_same(const dt_model *model, const dt_ensemble *a, size_t i, const dt_ensemble *b,
                        size_t j)
{
    const dt_world_result x = dt_ensemble_world(a, i), y = dt_ensemble_world(b, j);
    const size_t actors = dt_model_count(model, DT_ACTORS) * sizeof(double);
    assert_int_equal(x.status, y.status);
    assert_string_equal(x.code, y.code);
    assert_int_equal(x.sweeps, y.sweeps);
    assert_memory_equal(&x.residual, &y.residual, sizeof x.residual);
    assert_memory_equal(x.value, y.value, actors);
    if (x.gap && y.gap)
        assert_memory_equal(x.gap, y.gap, actors);
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES) * sizeof(double);
    if (outcomes && x.outcome && y.outcome)
        assert_memory_equal(x.outcome, y.outcome, outcomes);
}

static void assert_near(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-9 * fmax(1, fabs(wanted))))
        fail_msg("%.17g is not %.17g", found, wanted);
}

/* Compares one world with the one-world path. */
static void compare(const dt_game *game, const dt_ensemble *ensemble, size_t w, const double *world,
                    dt_values values)
{
    const dt_model *model = game->model;
    const dt_world_result found = dt_ensemble_world(ensemble, w);
    double own[256], outcome[64];
    const size_t params = dt_model_count(model, DT_PARAMETERS);
    assert_true(params <= 256 && dt_model_count(model, DT_OUTCOMES) <= 64);
    for (size_t i = 0; i < params; i++)
        own[i] = world[i];
    dt_game_settings(game, own);
    dt_solution *solution;
    const dt_status status = dt_solve(game, own, values, NULL, &solution);
    assert_int_equal(found.status, status);
    if (status == DT_INVALID)
        return;
    assert_int_equal(found.failures, dt_solution_failures(solution));
    assert_int_equal(found.crossed, dt_solution_crossed(solution));
    const dt_certificate certificate = dt_solution_certificate(solution);
    for (size_t i = 0; i < dt_model_count(model, DT_ACTORS); i++) {
        assert_near(found.value[i], certificate.value[i]);
        assert_near(found.gap[i], certificate.gap[i]);
    }
    assert_true(found.residual <= certificate.residual + 1e-9);
    assert_int_equal(dt_solution_outcomes(solution, NULL, outcome), DT_OK);
    for (size_t o = 0; o < dt_model_count(model, DT_OUTCOMES); o++)
        assert_near(found.outcome[o], outcome[o]);
    dt_solution_free(solution);
}

static int compare_model(const char *path)
{
    play_log log;
    const dt_options options = play_options(&log);
    char full[512];
    dt_model *model;
    int compared = 0;
    snprintf(full, sizeof full, "%s/%s", DT_ROOT, path);
    assert_int_equal(dt_model_read(full, &options, &model), DT_OK);
    double *worlds = draw(model, WORLDS);
    const size_t params = dt_model_count(model, DT_PARAMETERS);
    for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
        dt_game *game;
        assert_int_equal(dt_game_explore(model, p, &options, &game), DT_OK);
        for (int values = DT_VALUES_AVERAGE; values <= DT_VALUES_SURPLUS; values++) {
            if (values == DT_VALUES_SURPLUS && model->policy[p].teams > 0) {
                dt_ensemble *none;
                assert_int_equal(dt_ensemble_run(game, worlds, WORLDS, values, NULL, NULL, &none),
                                 DT_INVALID);
                continue;
            }
            dt_ensemble *plain =
                solve(game, worlds, WORLDS, values, 1, DT_KERNEL_PLAIN, DT_WANT_ALL);
            dt_ensemble *less =
                solve(game, worlds, WORLDS, values, 2, DT_KERNEL_AUTO, DT_WANT_OUTCOMES);
            dt_ensemble *least =
                solve(game, worlds, WORLDS, values, 3, DT_KERNEL_PLAIN, DT_WANT_VALUES);
            dt_ensemble *wide[DT_KERNEL_AVX512 + 1] = {NULL};
            for (dt_kernel k = DT_KERNEL_AVX2; k <= DT_KERNEL_AVX512; k++) {
                if (runs_here(k))
                    wide[k] = solve(game, worlds, WORLDS, values, 2, k, DT_WANT_ALL);
            }
            for (size_t w = 0; w < WORLDS; w++) {
                compare(game, plain, w, worlds + w * params, values);
                assert_same(model, plain, w, less, w);
                assert_null(dt_ensemble_world(less, w).gap);
                assert_null(dt_ensemble_world(least, w).outcome);
                if (dt_ensemble_world(least, w).status == DT_OK)
                    assert_same(model, plain, w, least, w);
                for (dt_kernel k = DT_KERNEL_AVX2; k <= DT_KERNEL_AVX512; k++) {
                    if (wide[k])
                        assert_same(model, plain, w, wide[k], w);
                }
                compared++;
            }
            dt_ensemble_free(plain);
            dt_ensemble_free(less);
            dt_ensemble_free(least);
            for (dt_kernel k = DT_KERNEL_AVX2; k <= DT_KERNEL_AVX512; k++)
                dt_ensemble_free(wide[k]);
        }
        dt_game_free(game);
    }
    free(worlds);
    dt_model_free(model);
    return compared;
}

static void test_one_at_a_time(void **state)
{
    (void)state;
    static const char *const classics[] = {"bargain", "crisis", "matching-pennies",
                                           "prisoners-dilemma", "stag-hunt"};
    int compared = 0;
    for (size_t m = 0; m < PLAY_MODELS_COUNT; m++)
        compared += compare_model(PLAY_MODELS[m]);
    for (size_t m = 0; m < sizeof classics / sizeof classics[0]; m++) {
        char path[64];
        snprintf(path, sizeof path, "models/classics/%s.dtn", classics[m]);
        compared += compare_model(path);
    }
    assert_true(compared > 500);
}

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

static played *play(void)
{
    played *it = calloc(1, sizeof *it);
    assert_non_null(it);
    it->options = play_options(&it->log);
    it->model = play_text(TEXT, &it->options);
    assert_int_equal(dt_game_explore(it->model, 0, &it->options, &it->game), DT_OK);
    return it;
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
static void test_neighbours(void **state)
{
    (void)state;
    enum { MANY = 16, PARAMS = 3 };
    played *it = play();
    double *worlds = draw(it->model, MANY), moved[MANY * PARAMS];
    dt_ensemble *all = solve(it->game, worlds, MANY, DT_VALUES_AVERAGE, 1, DT_KERNEL_AUTO, 0);
    for (size_t w = 0; w < MANY; w++)
        memcpy(moved + (MANY - 1 - w) * PARAMS, worlds + w * PARAMS, PARAMS * sizeof *moved);
    dt_ensemble *turned = solve(it->game, moved, MANY, DT_VALUES_AVERAGE, 1, DT_KERNEL_AUTO, 0);
    for (size_t w = 0; w < MANY; w++) {
        dt_ensemble *alone =
            solve(it->game, worlds + w * PARAMS, 1, DT_VALUES_AVERAGE, 1, DT_KERNEL_AUTO, 0);
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
    dt_ensemble *some = solve(it->game, worlds, MANY, DT_VALUES_AVERAGE, 1, DT_KERNEL_AUTO, 0);
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
    dt_ensemble_options how = {.jobs = 1, .rationality_scale = 2};
    dt_ensemble *scaled;
    assert_int_equal(dt_ensemble_run(game, half, 1, DT_VALUES_AVERAGE, &how, NULL, &scaled), DT_OK);
    dt_ensemble *declared =
        solve(game, whole, 1, DT_VALUES_AVERAGE, 1, DT_KERNEL_AUTO, DT_WANT_ALL);
    assert_same(model, scaled, 0, declared, 0);
    /* P(cooperate) = 1 / (1 + e^lambda) */
    assert_float_equal(dt_ensemble_world(scaled, 0).outcome[0], 1 / (1 + exp(1.5)), 1e-12);
    dt_ensemble_free(scaled);
    dt_ensemble_free(declared);
    how.rationality_scale = -1;
    assert_int_equal(dt_ensemble_run(game, half, 1, DT_VALUES_AVERAGE, &how, NULL, &scaled), DT_OK);
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

/* These say that they are skipped where the processor, or the build, hasn't got the kernel. */
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
static void test_little_memory(void **state)
{
    (void)state;
    enum { MANY = 9, STEP = 512 };
    played *it = play();
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
        cmocka_unit_test(test_one_at_a_time), cmocka_unit_test(test_threads),
        cmocka_unit_test(test_neighbours),    cmocka_unit_test(test_hash_plain),
        cmocka_unit_test(test_hash_avx2),     cmocka_unit_test(test_hash_avx512),
        cmocka_unit_test(test_no_kernel),     cmocka_unit_test(test_limits),
        cmocka_unit_test(test_little_memory), cmocka_unit_test(test_scale),
        cmocka_unit_test(test_exp_and_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
