/*
 * Worlds drawn, as wholes: ranks correlate as declared, a world is the same whoever draws it, when, and
 * whatever else is declared, and what can't be drawn is told.
 */
#include <pthread.h>

#include "drawn.h"
#include "study/draw.h"

/* ---- lists ---- */

/* Each value of a list as often as the others, and nothing else; levels in equal steps, as many as there
 * are values, take each once. */
static void lists_are_drawn_evenly(void **state)
{
    (void)state;
    static const double value[] = {-2, 0.5, 1, 7};
    enum { VALUES = sizeof value / sizeof *value };
    dt_model *model = declare("param n = 1 in {7, 1, -2, 0.5}\n", NULL);
    dt_draws *draws = prepare(model, NULL);
    int found[VALUES] = {0};
    for (uint64_t k = 0; k < WORLDS; k++) {
        double n;
        dt_draws_world(draws, 3, k, &n);
        int v = 0;
        while (v < VALUES && value[v] != n)
            v++;
        assert_in_range(v, 0, VALUES - 1);
        found[v]++;
    }
    const double share = 1.0 / VALUES, error = sqrt(share * (1 - share) / WORLDS);
    for (int v = 0; v < VALUES; v++)
        assert_true(fabs((double)found[v] / WORLDS - share) < ERRORS * error);
    for (int v = 0; v < VALUES; v++) {
        const double u = (double)v / (VALUES - 1);
        assert_true(dt_quantile_at(dt_draws_quantile(draws, 0), (dt_share){u, 1 - u}) == value[v]);
    }
    dt_draws_free(draws);
    dt_model_free(model);
}

/* ---- correlations ---- */

static double *ranks_of(const double *sample)
{
    double *sorted = malloc(WORLDS * sizeof *sorted), *rank = malloc(WORLDS * sizeof *rank);
    assert_non_null(sorted);
    assert_non_null(rank);
    memcpy(sorted, sample, WORLDS * sizeof *sorted);
    qsort(sorted, WORLDS, sizeof *sorted, ascending);
    for (int k = 0; k < WORLDS; k++) {
        const double *at = bsearch(&sample[k], sorted, WORLDS, sizeof *sorted, ascending);
        rank[k] = (double)(at - sorted);
    }
    free(sorted);
    return rank;
}

/* Spearman's, for continuous samples: 1 - 6 Σ d² / (n³ - n). */
static double rank_correlation(const double *a, const double *b)
{
    double *rank_a = ranks_of(a), *rank_b = ranks_of(b), squares = 0;
    for (int k = 0; k < WORLDS; k++)
        squares += (rank_a[k] - rank_b[k]) * (rank_a[k] - rank_b[k]);
    free(rank_a);
    free(rank_b);
    const double n = WORLDS;
    return 1 - 6 * squares / (n * n * n - n);
}

/* Its standard error is 1 / sqrt(n - 1) without correlation, and less with it. */
static void ranks_correlate_as_declared(void **state)
{
    (void)state;
    static const char lines[] = "param free1 = 0.5 ~ beta(2, 3)\n"
                                "param a = 0 ~ normal(1, 2)\n"
                                "param b = 1 ~ lognormal(0, 2)\n"
                                "param free2 = 0.5 in 0 .. 1\n"
                                "param c = 0.5 ~ beta(0.5, 0.5)\n"
                                "param d = 9 ~ gamma(3, 2) in 8 .. 30\n"
                                "correlate c, a -0.6\n"
                                "correlate a, b 0.7\n"
                                "correlate d, b 0.3\n";
    static const double wanted[6][6] = {
        {[1] = 0  },
        {[2] = 0.7, [4] = -0.6},
        {[5] = 0.3        },
        {0},
        {0        },
        {0},
    };
    dt_model *model = declare(lines, NULL);
    dt_draws *draws = prepare(model, NULL);
    double *sample = malloc(6 * WORLDS * sizeof *sample);
    assert_non_null(sample);
    for (uint64_t k = 0; k < WORLDS; k++) {
        double world[6];
        dt_draws_world(draws, 20, k, world);
        for (int i = 0; i < 6; i++)
            sample[i * WORLDS + (int)k] = world[i];
    }
    for (int i = 0; i < 6; i++) {
        for (int j = i + 1; j < 6; j++) {
            const double found = rank_correlation(sample + i * WORLDS, sample + j * WORLDS);
            if (!(fabs(found - wanted[i][j]) < ERRORS / sqrt(WORLDS - 1)))
                fail_msg("parameters %d and %d correlate by %g, not %g", i, j, found, wanted[i][j]);
        }
    }
    /* Correlated or not, each still follows its own distribution. */
    look_at_distances("free1", beta_2_3, sample);
    look_at_distances("a", normal_1_2, sample + 1 * WORLDS);
    look_at_distances("c", arcsine_below, sample + 4 * WORLDS);
    free(sample);
    dt_draws_free(draws);
    dt_model_free(model);
}

/* The scores' own correlations, L Lᵀ, are 2 sin(πρ/6): closer than a sample could tell. */
static void scores_correlate_as_ranks_demand(void **state)
{
    (void)state;
    dt_model *model = declare("param a = 0 ~ normal(0, 1)\nparam b = 0 ~ normal(0, 1)\n"
                              "param c = 0 ~ normal(0, 1)\nparam d = 0 ~ normal(0, 1)\n"
                              "correlate d, b 0.7\ncorrelate a, d -0.5\n",
                              NULL);
    const dt_copula *copula = &model->copula;
    static const int order[] = {0, 1, 3};
    static const double rank[3][3] = {
        {1,    0,   -0.5},
        {0,    1,   0.7 },
        {-0.5, 0.7, 1   }
    };
    assert_int_equal(copula->rows, 3);
    assert_memory_equal(copula->param, order, sizeof order);
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            double product = 0;
            for (int k = 0; k <= (i < j ? i : j); k++)
                product += copula->factor[3 * i + k] * copula->factor[3 * j + k];
            assert_true(fabs(product - 2 * sin(PI * rank[i][j] / 6)) < 1e-14);
        }
    }
    dt_model_free(model);
}

/* ---- the same world ---- */

static const char MIXED[] = "param fixed = 7\n"
                            "param deep = 0.5 in 0 .. 1\n"
                            "param a = 0 ~ normal(0, 1)\n"
                            "param b = 0.5 ~ beta(11, 8)\n"
                            "param c = 1 ~ gamma(2, 1)\n"
                            "param d = 1 ~ pert(0, 1, 2)\n"
                            "correlate a, b 0.5\n"
                            "correlate b, c -0.5\n";
enum { MIXED_COUNT = 6, MIXED_WORLDS = 300 };

typedef struct drawing {
    const dt_draws *draws;
    int step; /* through the worlds, coprime with their number */
    double world[MIXED_WORLDS][MIXED_COUNT];
} drawing;

static void *draw_all(void *argument)
{
    drawing *work = argument;
    for (int i = 0; i < MIXED_WORLDS; i++) {
        const int k = (i * work->step) % MIXED_WORLDS;
        dt_draws_world(work->draws, 5, (uint64_t)k, work->world[k]);
    }
    return NULL;
}

static void neither_order_nor_threads_matter(void **state)
{
    (void)state;
    static drawing forward, other[2];
    dt_model *model = declare(MIXED, NULL);
    dt_draws *draws = prepare(model, NULL), *again = prepare(model, NULL);
    forward = (drawing){.draws = draws, .step = 1};
    draw_all(&forward);
    other[0] = (drawing){.draws = draws, .step = MIXED_WORLDS - 1};
    other[1] = (drawing){.draws = draws, .step = 7};
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, draw_all, &other[i]), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_memory_equal(other[i].world, forward.world, sizeof forward.world);
    }
    other[0] = (drawing){.draws = again, .step = 11};
    draw_all(&other[0]);
    assert_memory_equal(other[0].world, forward.world, sizeof forward.world);

    double world[MIXED_COUNT];
    for (int k = 0; k < MIXED_WORLDS; k++) {
        assert_true(forward.world[k][0] == 7);
        dt_draws_world(draws, 6, (uint64_t)k, world); /* another seed, another world */
        for (int i = 1; i < MIXED_COUNT; i++)
            assert_true(world[i] != forward.world[k][i]);
    }
    dt_draws_free(again);
    dt_draws_free(draws);
    dt_draws_free(NULL);
    dt_model_free(model);
}

/* Moved, with strangers between them and one more that correlates, declared last. */
static void other_parameters_do_not_matter(void **state)
{
    (void)state;
    static const char more[] = "param new1 = 1 ~ normal(0, 1)\n"
                               "param d = 1 ~ pert(0, 1, 2)\n"
                               "param a = 0 ~ normal(0, 1)\n"
                               "param new2 = 0.5 in 0 .. 1\n"
                               "param b = 0.5 ~ beta(11, 8)\n"
                               "param c = 1 ~ gamma(2, 1)\n"
                               "param deep = 0.5 in 0 .. 1\n"
                               "param fixed = 7\n"
                               "param new3 = 1 ~ gamma(2, 1)\n"
                               "correlate new3, a 0.2\n"
                               "correlate b, c -0.5\n"
                               "correlate a, b 0.5\n";
    dt_model *small = declare(MIXED, NULL), *large = declare(more, NULL);
    dt_draws *few = prepare(small, NULL), *many = prepare(large, NULL);
    for (uint64_t k = 0; k < 100; k++) {
        double world[MIXED_COUNT], found[MOST_PARAMETERS];
        dt_draws_world(few, 3, k, world);
        dt_draws_world(many, 3, k, found);
        for (size_t i = 0; i < MIXED_COUNT; i++) {
            const int j =
                dt_model_find(large, DT_PARAMETERS, dt_model_item(small, DT_PARAMETERS, i));
            assert_true(j >= 0 && found[j] == world[i]);
        }
        const int new1 = dt_model_find(large, DT_PARAMETERS, "new1");
        assert_true(found[new1] != world[2]);
    }
    dt_draws_free(many);
    dt_draws_free(few);
    dt_model_free(large);
    dt_model_free(small);
}

/* ---- what can't be drawn ---- */

static void what_cannot_be_drawn_is_told(void **state)
{
    (void)state;
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = declare("param a = 0.5 ~ beta(1e9, 1)\n"
                              "param b = 1 ~ gamma(1e-4, 1)\n"
                              "param c = 45 ~ normal(0, 1) in 40 .. 50\n"
                              "param d = 0 ~ triangular(-1.5e308, 0, 1.5e308)\n"
                              "param e = 0.5 ~ beta(2, 2)\n",
                              &options);
    dt_draws *draws = NULL;
    assert_int_equal(dt_draws_prepare(model, &options, &draws), DT_INVALID);
    assert_null(draws);
    assert_string_equal(log.codes, "undrawable undrawable empty-truncation undrawable");
    assert_string_equal(log.message,
                        "'d' can't be drawn from triangular(-1.5e308, 0, 1.5e308), which is too "
                        "narrow or too wide: shapes go from 0.001 to 100000");
    options = (dt_options){.report = play_report, .report_context = &log, .max_memory = 1000};
    log = (play_log){0};
    assert_int_equal(dt_draws_prepare(model, &options, &draws), DT_LIMIT);
    assert_null(draws);
    assert_string_equal(log.codes, "memory");
    dt_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_drawn_evenly),
        cmocka_unit_test(ranks_correlate_as_declared),
        cmocka_unit_test(scores_correlate_as_ranks_demand),
        cmocka_unit_test(neither_order_nor_threads_matter),
        cmocka_unit_test(other_parameters_do_not_matter),
        cmocka_unit_test(what_cannot_be_drawn_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
