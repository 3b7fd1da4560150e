/*
 * Worlds for the C tests of ensembles: draws from a model's ranges, ensembles that must come out, and
 * comparisons, bit for bit, of worlds with each other and with each of them alone.
 */
#ifndef DT_TEST_WORLDS_H
#define DT_TEST_WORLDS_H

#include <math.h>

#include "play.h"
#include "solve/sweep.h"

/* A worlds × parameters table of draws from the declared ranges, the first world as declared. */
static inline double *draw(const dt_model *model, size_t worlds)
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

static inline dt_ensemble *solve(const dt_game *game, const double *worlds, size_t count,
                                 dt_values values, int jobs, dt_kernel kernel, dt_wanted wanted)
{
    const dt_ensemble_options how = {.jobs = jobs, .kernel = kernel, .wanted = wanted};
    dt_ensemble *ensemble = NULL;
    assert_int_equal(dt_ensemble_run(game, worlds, count, values, &how, NULL, &ensemble), DT_OK);
    assert_int_equal(dt_ensemble_worlds(ensemble), count);
    return ensemble;
}

static inline bool runs_here(dt_kernel kernel)
{
    return dt_lane_code_of(kernel) != NULL;
}

/* The numbers at the same places of two worlds are the same, bit for bit. */
static inline void assert_same(const dt_model *model, const dt_ensemble *a, size_t i,
                               const dt_ensemble *b, size_t j)
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

static inline void assert_bits(double found, double wanted)
{
    if (memcmp(&found, &wanted, sizeof found) != 0)
        fail_msg("%.17g is not %.17g to the last bit", found, wanted);
}

/* A world among others has the bits that it has alone. */
static inline void compare(const dt_game *game, const dt_ensemble *ensemble, size_t w,
                           const double *world, dt_values values)
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
        assert_bits(found.value[i], certificate.value[i]);
        assert_bits(found.gap[i], certificate.gap[i]);
    }
    assert_bits(found.residual, certificate.residual);
    assert_int_equal(dt_solution_outcomes(solution, NULL, outcome), status);
    for (size_t o = 0; status == DT_OK && o < dt_model_count(model, DT_OUTCOMES); o++)
        assert_bits(found.outcome[o], outcome[o]);
    dt_solution_free(solution);
}

/* Compares all that a model's games can be asked in `count` worlds by every kernel: of every policy, or
 * of the first and the first with a team. Returns the number of worlds compared. */
static inline int compare_model(const char *path, size_t count, bool few)
{
    play_log log;
    const dt_options options = play_options(&log);
    char full[512];
    dt_model *model;
    int compared = 0, team = 0;
    snprintf(full, sizeof full, "%s%s%s", *path == '/' ? "" : DT_ROOT, *path == '/' ? "" : "/",
             path);
    assert_int_equal(dt_model_read(full, &options, &model), DT_OK);
    double *worlds = draw(model, count);
    const size_t params = dt_model_count(model, DT_PARAMETERS);
    for (size_t p = 0; p < dt_model_count(model, DT_POLICIES); p++) {
        dt_game *game;
        if (few && p > 0 && !(model->policy[p].regime.teams > 0 && !(team++)))
            continue;
        assert_int_equal(dt_game_explore_known(model, p, worlds, count, &options, &game), DT_OK);
        for (int values = DT_VALUES_AVERAGE; values <= DT_VALUES_SURPLUS; values++) {
            if (values == DT_VALUES_SURPLUS && model->policy[p].regime.teams > 0) {
                dt_ensemble *none;
                assert_int_equal(dt_ensemble_run(game, worlds, count, values, NULL, NULL, &none),
                                 DT_INVALID);
                continue;
            }
            dt_ensemble *plain =
                solve(game, worlds, count, values, 1, DT_KERNEL_PLAIN, DT_WANT_ALL);
            dt_ensemble *less =
                solve(game, worlds, count, values, 2, DT_KERNEL_AUTO, DT_WANT_OUTCOMES);
            dt_ensemble *least =
                solve(game, worlds, count, values, 3, DT_KERNEL_PLAIN, DT_WANT_VALUES);
            dt_ensemble *wide[DT_KERNEL_AVX512 + 1] = {NULL};
            for (dt_kernel k = DT_KERNEL_AVX2; k <= DT_KERNEL_AVX512; k++) {
                if (runs_here(k))
                    wide[k] = solve(game, worlds, count, values, 2, k, DT_WANT_ALL);
            }
            for (size_t w = 0; w < count; w++) {
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

#endif
