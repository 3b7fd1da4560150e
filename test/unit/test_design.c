/*
 * Designs: each has the property that it is made for, exactly where it is exact; any point can be had
 * at any time; and a point becomes the world that its distributions and correlations demand.
 *
 * Statistics are computed from fixed seeds; their bounds are six standard errors, so that a right
 * program would fail for one seed in five hundred million.
 */
#include "play.h"

#include <math.h>

#include "study/permute.h"
#include "study/place.h"
#include "study/random.h"

enum { MOST_VARIED = 64 };

typedef struct drawn {
    dt_arena *arena;
    dt_model *model;
    dt_draws *draws;
    dt_plan *plan;
    dt_placing *placing;
    const dt_study_plan *asked;
} drawn;

static dt_status make(void *argument)
{
    drawn *d = argument;
    d->plan = dt_plan_new(d->arena, d->model, d->asked, NULL);
    if (d->plan)
        d->placing = dt_placing_new(d->arena, d->plan, d->draws);
    return DT_OK;
}

/* A model of `deep` deep parameters and the lines given, and the plan asked for. */
static drawn start(int deep, const char *lines, const dt_study_plan *asked)
{
    char text[8192];
    int length = snprintf(text, sizeof text,
                          "model drawn\nhorizon 1\nactor A\nstate x : 0..1 = 0\n"
                          "stage s : A { A.up { x += 1 } A.stay }\npayoff A { x = x }\n%s",
                          lines);
    for (int i = 0; i < deep; i++)
        length +=
            snprintf(text + length, sizeof text - (size_t)length, "param d%d = 3 in 2 .. 6\n", i);
    assert_in_range(length, 1, sizeof text - 1);
    drawn d = {.arena = dt_arena_new(NULL, 0), .model = play_text(text, NULL), .asked = asked};
    assert_int_equal(dt_draws_prepare(d.model, NULL, &d.draws), DT_OK);
    assert_int_equal(dt_arena_try(d.arena, make, &d), DT_OK);
    assert_non_null(d.plan);
    assert_in_range(d.plan->varied, 1, MOST_VARIED);
    return d;
}

static void end(drawn *d)
{
    dt_draws_free(d->draws);
    dt_model_free(d->model);
    dt_arena_free(d->arena);
}

/* How many of the numbers number[0], number[step] … lie in each of `parts` equal parts of 0..1: whether
 * it is `each`. */
static bool evenly(const double *number, size_t step, size_t count, size_t parts, size_t each)
{
    size_t in[4096] = {0};
    assert_in_range(parts, 1, 4096);
    for (size_t i = 0; i < count; i++) {
        assert_true(number[i * step] > 0 && number[i * step] < 1);
        in[(size_t)(number[i * step] * (double)parts)]++;
    }
    for (size_t p = 0; p < parts; p++) {
        if (in[p] != each)
            return false;
    }
    return true;
}

/* All points of a plan, one after the other. */
static double *points(const drawn *d)
{
    double *share = malloc(d->plan->worlds * d->plan->varied * sizeof *share);
    for (size_t w = 0; w < d->plan->worlds; w++)
        dt_plan_point(d->plan, w, share + w * d->plan->varied);
    return share;
}

/* Asked for backwards, the points are the same. */
static void assert_any_order(const drawn *d, const double *share)
{
    double point[MOST_VARIED];
    for (size_t w = d->plan->worlds; w-- > 0;) {
        dt_plan_point(d->plan, w, point);
        assert_memory_equal(point, share + w * d->plan->varied, d->plan->varied * sizeof *point);
    }
}

/* ---- permutations ---- */

static void a_permutation_is_one(void **state)
{
    (void)state;
    static const uint64_t counts[] = {1, 2, 3, 4, 5, 16, 17, 1000};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        bool taken[1000] = {false};
        for (uint64_t i = 0; i < counts[c]; i++) {
            const uint64_t place = dt_permute(7, 99, counts[c], i);
            assert_true(place < counts[c] && !taken[place]);
            taken[place] = true;
        }
    }
    /* large ones have no room to be listed in */
    const uint64_t large = (uint64_t)1 << 40;
    assert_true(dt_permute(1, 2, large, large - 1) < large);
}

/* All orders of three are equally likely. */
static void permutations_are_random(void **state)
{
    (void)state;
    enum { TRIALS = 60000 };
    int seen[27] = {0};
    for (uint64_t t = 0; t < TRIALS; t++)
        seen[9 * dt_permute(1, t, 3, 0) + 3 * dt_permute(1, t, 3, 1) + dt_permute(1, t, 3, 2)]++;
    const double expected = TRIALS / 6.0, error = sqrt(expected * 5 / 6);
    int orders = 0;
    for (int i = 0; i < 27; i++) {
        orders += seen[i] > 0;
        assert_true(seen[i] == 0 || fabs(seen[i] - expected) < 6 * error);
    }
    assert_int_equal(orders, 6);
}

/* ---- Latin hypercubes ---- */

static void a_latin_hypercube_has_each_part_once(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 10, 97, 1024};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        const dt_study_plan asked = {.seed = 3, .worlds = counts[c]};
        drawn d = start(5, "param r = 1 ~ normal(0, 1)\n", &asked);
        double *share = points(&d);
        for (size_t i = 0; i < d.plan->varied; i++)
            assert_true(evenly(share + i, d.plan->varied, counts[c], counts[c], 1));
        assert_any_order(&d, share);
        free(share);
        end(&d);
    }
}

/* Columns know nothing of each other, nor do seeds. */
static void latin_columns_are_independent(void **state)
{
    (void)state;
    enum { WORLDS = 1000 };
    const dt_study_plan asked[] = {
        {.seed = 1, .worlds = WORLDS},
        {.seed = 2, .worlds = WORLDS},
    };
    drawn d[] = {start(5, "", &asked[0]), start(5, "", &asked[1])};
    double *share[] = {points(&d[0]), points(&d[1])};
    for (size_t a = 0; a < 10; a++) {
        for (size_t b = 0; b < a; b++) {
            double sum = 0; /* of (x - 1/2)(y - 1/2), whose variance is 1/144 for each */
            for (size_t w = 0; w < WORLDS; w++)
                sum += (share[a / 5][w * 5 + a % 5] - 0.5) * (share[b / 5][w * 5 + b % 5] - 0.5);
            assert_true(fabs(sum) < 6 * sqrt(WORLDS) / 12);
        }
    }
    for (int i = 0; i < 2; i++) {
        free(share[i]);
        end(&d[i]);
    }
}

/* ---- Sobol's sequence ---- */

static dt_status make_sobol(void *argument)
{
    const uint64_t none[DT_SOBOL_DIMENSIONS] = {0};
    drawn *d = argument;
    dt_sobol *sobol = dt_sobol_new(d->arena, 3, none);
    /* the first points of the sequence, in Gray code order, as everybody has them */
    static const double known[8][3] = {
        {0,     0,     0    },
        {0.5,   0.5,   0.5  },
        {0.75,  0.25,  0.75 },
        {0.25,  0.75,  0.25 },
        {0.375, 0.375, 0.625},
        {0.875, 0.875, 0.125},
        {0.625, 0.125, 0.375},
        {0.125, 0.625, 0.875},
    };
    static const int order[] = {0, 1, 2, 3, 4, 5, 6, 7, 3, 7, 0, 6, 6, 1};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        double point[3];
        dt_sobol_point(sobol, (uint64_t)order[i], point);
        for (int j = 0; j < 3; j++)
            assert_true(point[j] == known[order[i]][j] + 0x1p-53);
    }
    return DT_OK;
}

static void sobol_begins_as_published(void **state)
{
    (void)state;
    drawn d = {.arena = dt_arena_new(NULL, 0)};
    assert_int_equal(dt_arena_try(d.arena, make_sobol, &d), DT_OK);
    dt_arena_free(d.arena);
}

/* Of 2^m points every elementary interval of the first two coordinates has one, and of every other
 * coordinate each of 2^m parts; beyond 40 too, which are Latin. */
static void sobol_points_are_nets(void **state)
{
    (void)state;
    enum { POWER = 8, WORLDS = 1 << POWER, VARIED = 43 };
    const dt_study_plan asked = {.seed = 4, .worlds = WORLDS, .design = DT_DESIGN_SOBOL};
    drawn d = start(VARIED, "", &asked);
    double *share = points(&d);
    for (size_t i = 0; i < VARIED; i++)
        assert_true(evenly(share + i, VARIED, WORLDS, WORLDS, 1));
    for (int a = 0; a <= POWER; a++) {
        double cell[WORLDS]; /* which interval of 2^a times 2^(POWER-a) a point is in */
        for (size_t w = 0; w < WORLDS; w++)
            cell[w] = (floor(ldexp(share[w * VARIED], a)) * (double)(1 << (POWER - a)) +
                       floor(ldexp(share[w * VARIED + 1], POWER - a)) + 0.5) /
                      WORLDS;
        assert_true(evenly(cell, 1, WORLDS, WORLDS, 1));
    }
    assert_any_order(&d, share);
    /* another seed, another shift */
    const dt_study_plan other = {.seed = 5, .worlds = WORLDS, .design = DT_DESIGN_SOBOL};
    drawn e = start(VARIED, "", &other);
    double point[MOST_VARIED];
    dt_plan_point(e.plan, 0, point);
    for (size_t i = 0; i < VARIED; i++)
        assert_true(point[i] != share[i]);
    free(share);
    end(&e);
    end(&d);
}

/* ---- Saltelli's blocks ---- */

static void saltelli_blocks_differ_in_one_column(void **state)
{
    (void)state;
    static const int varied[] = {3, 20, 45};
    enum { BASE = 64 };
    for (size_t v = 0; v < sizeof varied / sizeof *varied; v++) {
        const size_t k = (size_t)varied[v];
        const dt_study_plan asked = {.seed = 6, .base = BASE, .design = DT_DESIGN_SALTELLI};
        drawn d = start(varied[v], "", &asked);
        assert_int_equal(d.plan->worlds, BASE * (k + 2));
        double *share = points(&d);
        for (size_t row = 0; row < BASE; row++) {
            const double *a = share + row * k, *b = share + (BASE + row) * k;
            for (size_t i = 0; i < k; i++) {
                const double *ab = share + ((2 + i) * BASE + row) * k;
                assert_true(a[i] != b[i]);
                for (size_t j = 0; j < k; j++)
                    assert_true(ab[j] == (i == j ? b[j] : a[j]));
            }
        }
        for (size_t i = 0; i < k; i++) {
            assert_true(evenly(share + i, k, BASE, BASE, 1));
            assert_true(evenly(share + BASE * k + i, k, BASE, BASE, 1));
        }
        assert_any_order(&d, share);
        free(share);
        end(&d);
    }
}

/* ---- risks that correlate ---- */

static const char RISKS[] = "param p = 0 ~ normal(0, 1)\nparam q = 1 ~ gamma(2, 1)\nparam r = 0 ~ "
                            "normal(0, 1)\nparam v = 0 ~ normal(0, 1)\ncorrelate p, r 0.7\n"
                            "correlate q, v -0.5\n";

/* p, r and q, v are drawn together; the deep one alone. */
static void saltelli_moves_groups(void **state)
{
    (void)state;
    enum { BASE = 16, K = 5 };
    static const size_t group[K] = {0, 1, 0, 1, 2};
    const dt_study_plan asked = {.seed = 6, .base = BASE, .design = DT_DESIGN_SALTELLI};
    drawn d = start(1, RISKS, &asked);
    assert_int_equal(d.plan->varied, K);
    assert_int_equal(d.plan->groups, 3);
    assert_memory_equal(d.plan->group, group, sizeof group);
    assert_int_equal(d.plan->worlds, BASE * (3 + 2));
    double *share = points(&d);
    for (size_t row = 0; row < BASE; row++) {
        const double *a = share + row * K, *b = share + (BASE + row) * K;
        for (size_t g = 0; g < 3; g++) {
            const double *ab = share + ((2 + g) * BASE + row) * K;
            for (size_t j = 0; j < K; j++)
                assert_true(ab[j] == (group[j] == g ? b[j] : a[j]));
        }
    }
    free(share);
    end(&d);
    /* without r, p is a group by itself */
    static const size_t without[] = {0, 1, 3};
    const dt_study_plan fewer = {
        .seed = 6, .base = BASE, .design = DT_DESIGN_SALTELLI, .varied = 3, .vary = without};
    d = start(0, RISKS, &fewer);
    assert_int_equal(d.plan->groups, 2);
    assert_int_equal(d.plan->group[2], 1);
    end(&d);
}

/* Each step of a row draws one parameter more; what isn't drawn yet keeps A's number. */
static void shapley_draws_one_after_the_other(void **state)
{
    (void)state;
    enum { BASE = 64, K = 5 };
    const dt_study_plan asked = {.seed = 6, .base = BASE, .design = DT_DESIGN_SHAPLEY};
    drawn d = start(1, RISKS, &asked);
    assert_int_equal(d.plan->worlds, BASE * (K + 1));
    double *share = points(&d);
    size_t first[K] = {0};
    for (size_t row = 0; row < BASE; row++) {
        const double *a = share + row * K;
        for (size_t t = 1; t <= K; t++) {
            const double *at = share + ((t == K ? 1 : t + 1) * BASE + row) * K;
            size_t moved = 0;
            for (size_t i = 0; i < K; i++) {
                moved += at[i] != a[i];
                first[i] += t == 1 && at[i] != a[i];
                assert_true(at[i] > 0 && at[i] < 1);
            }
            assert_int_equal(moved, t);
        }
    }
    for (size_t i = 0; i < K; i++) /* 64 draws with chance 1/5: within six deviations */
        assert_in_range(first[i], 1, 33);
    assert_any_order(&d, share);
    free(share);
    end(&d);
}

/* ---- Morris's trajectories ---- */

static void morris_makes_elementary_steps(void **state)
{
    (void)state;
    enum { TRAJECTORIES = 400, VARIED = 7 };
    static const size_t levels[] = {2, 4, 6};
    for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
        const double p = (double)levels[l], delta = p / (2 * (p - 1));
        const dt_study_plan asked = {
            .seed = 7, .base = TRAJECTORIES, .points = levels[l], .design = DT_DESIGN_MORRIS};
        drawn d = start(VARIED - 1, "param r = 1 ~ normal(0, 1)\n", &asked);
        assert_int_equal(d.plan->worlds, TRAJECTORIES * (VARIED + 1));
        double *share = points(&d);
        int ups = 0, first[VARIED] = {0};
        for (size_t t = 0; t < TRAJECTORIES; t++) {
            bool moved[VARIED] = {false};
            for (size_t step = 0; step < VARIED; step++) {
                const double *from = share + (t * (VARIED + 1) + step) * VARIED,
                             *to = from + VARIED;
                size_t changed = VARIED;
                for (size_t i = 0; i < VARIED; i++) {
                    /* the risk, declared first, goes from its 0.5 % to its 99.5 % point */
                    const double scale = i == 0 ? 0.99 : 1,
                                 level = (from[i] - (1 - scale) / 2) / scale * (p - 1);
                    assert_true(fabs(level - round(level)) < 1e-9 && level > -1e-9 &&
                                level < p - 1 + 1e-9);
                    if (from[i] == to[i])
                        continue;
                    assert_true(changed == VARIED && !moved[i]);
                    assert_true(fabs(fabs(to[i] - from[i]) - scale * delta) < 1e-12);
                    changed = i;
                    ups += to[i] > from[i];
                }
                assert_true(changed < VARIED);
                moved[changed] = true;
                first[changed] += step == 0;
            }
        }
        const double steps = TRAJECTORIES * VARIED, each = TRAJECTORIES / (double)VARIED;
        assert_true(fabs(ups - steps / 2) < 6 * sqrt(steps) / 2);
        for (size_t i = 0; i < VARIED; i++)
            assert_true(fabs(first[i] - each) < 6 * sqrt(each));
        assert_any_order(&d, share);
        free(share);
        end(&d);
    }
}

/* ---- levels ---- */

static void one_at_a_time_moves_one(void **state)
{
    (void)state;
    const dt_study_plan asked = {.points = 5, .design = DT_DESIGN_ONE_AT_A_TIME};
    drawn d = start(
        2, "param r = 1 ~ normal(0, 1)\nparam q = 0.5 ~ beta(2, 2)\ncorrelate r, q 0.9\n", &asked);
    assert_int_equal(d.plan->worlds, 1 + 5 * 4);
    for (size_t w = 0; w < d.plan->worlds; w++) {
        double share[4], world[4];
        dt_plan_point(d.plan, w, share);
        dt_placing_world(d.placing, share, world);
        for (size_t i = 0; i < 4; i++) {
            static const double nominal[] = {1, 0.5, 3, 3};
            const bool moves = w > 0 && (w - 1) / 5 == i;
            assert_true(isnan(share[i]) == !moves);
            assert_true(moves || world[i] == nominal[i]);
            if (moves && i >= 2)
                assert_true(world[i] == 2.0 + (double)((w - 1) % 5));
            if (moves && i == 0 && (w - 1) % 5 == 4)
                assert_true(fabs(world[i] - 2.5758293035489004) < 1e-12);
        }
    }
    end(&d);
}

static void a_grid_has_every_combination(void **state)
{
    (void)state;
    const size_t vary[] = {2, 0};
    const dt_study_plan asked = {.points = 3, .design = DT_DESIGN_GRID, .vary = vary, .varied = 2};
    drawn d = start(3, "", &asked);
    assert_int_equal(d.plan->worlds, 9);
    for (size_t w = 0; w < 9; w++) {
        double share[2], world[3];
        dt_plan_point(d.plan, w, share);
        dt_placing_world(d.placing, share, world);
        assert_true(world[0] == 2.0 + 2.0 * (double)(w / 3) && world[1] == 3 &&
                    world[2] == 2.0 + 2.0 * (double)(w % 3)); /* the last goes fastest */
    }
    end(&d);
}

/* ---- crossing ---- */

static void every_deep_draw_meets_the_same_risks(void **state)
{
    (void)state;
    enum { DEEP = 8, RISK = 16, VARIED = 5 };
    for (dt_design design = DT_DESIGN_LATIN; design <= DT_DESIGN_SOBOL; design++) {
        const dt_study_plan asked = {.seed = 8, .deep = DEEP, .risk = RISK, .design = design};
        drawn d = start(3, "param r = 1 ~ normal(0, 1)\nparam q = 0.5 ~ beta(2, 2)\n", &asked);
        assert_int_equal(d.plan->worlds, DEEP * RISK);
        double *share = points(&d);
        for (size_t w = 0; w < DEEP * RISK; w++) {
            for (size_t i = 0; i < VARIED; i++) {
                const size_t same = i < 2 ? w % RISK : w / RISK * RISK;
                assert_true(share[w * VARIED + i] == share[same * VARIED + i]);
            }
        }
        for (size_t i = 0; i < VARIED && design != DT_DESIGN_RANDOM; i++)
            assert_true(i < 2 ? evenly(share + i, VARIED, RISK, RISK, 1)
                              : evenly(share + i, VARIED * RISK, DEEP, DEEP, 1));
        assert_any_order(&d, share);
        free(share);
        end(&d);
    }
}

/* ---- from points to worlds ---- */

static const char CORRELATED[] = "param a = 0 ~ normal(0, 1)\n"
                                 "param b = 0.5 ~ beta(11, 8)\n"
                                 "param c = 1 ~ gamma(2, 1)\n"
                                 "param e = 1 ~ pert(0, 1, 2)\n"
                                 "correlate a, b 0.5\ncorrelate b, c -0.6\ncorrelate a, c -0.2\n";

static void random_worlds_are_those_of_draws(void **state)
{
    (void)state;
    const dt_study_plan asked = {.seed = 9, .worlds = 200, .design = DT_DESIGN_RANDOM};
    drawn d = start(2, CORRELATED, &asked);
    for (size_t w = 0; w < 200; w++) {
        double share[6], world[6], drawn_world[6];
        dt_plan_point(d.plan, w, share);
        dt_placing_world(d.placing, share, world);
        dt_draws_world(d.draws, 9, w, drawn_world);
        assert_memory_equal(world, drawn_world, sizeof world);
    }
    end(&d);
}

static int by_size(const void *x, const void *y)
{
    const double a = **(const double *const *)x, b = **(const double *const *)y;
    return (a > b) - (a < b);
}

enum { RANKED = 4000 };

/* Spearman's correlation of the columns of world[RANKED][columns]. */
static double rank_correlation(const double *world, size_t columns, size_t x, size_t y)
{
    static double rank[2][RANKED];
    static const double *order[RANKED];
    for (int k = 0; k < 2; k++) {
        for (size_t w = 0; w < RANKED; w++)
            order[w] = world + w * columns + (k ? y : x);
        qsort(order, RANKED, sizeof *order, by_size);
        for (size_t w = 0; w < RANKED; w++)
            rank[k][(size_t)(order[w] - world) / columns] = (double)w;
    }
    double sum = 0;
    for (size_t w = 0; w < RANKED; w++)
        sum += (rank[0][w] - rank[1][w]) * (rank[0][w] - rank[1][w]);
    return 1 - 6 * sum / ((double)RANKED * ((double)RANKED * RANKED - 1));
}

/* In every drawn design, and also when only some of them vary. */
static void designs_keep_rank_correlations(void **state)
{
    (void)state;
    enum { PARAMETERS = 5 };
    static double world[RANKED * PARAMETERS];
    const double error = 6 / sqrt(RANKED);
    const size_t some[] = {0, 2};
    for (dt_design design = DT_DESIGN_LATIN; design <= DT_DESIGN_SOBOL; design++) {
        for (int part = 0; part < 2; part++) {
            const dt_study_plan asked = {.seed = 10,
                                         .worlds = RANKED,
                                         .design = design,
                                         .vary = some,
                                         .varied = part ? 2 : 0};
            drawn d = start(1, CORRELATED, &asked);
            double share[PARAMETERS];
            for (size_t w = 0; w < RANKED; w++) {
                dt_plan_point(d.plan, w, share);
                dt_placing_world(d.placing, share, world + w * PARAMETERS);
            }
            assert_true(fabs(rank_correlation(world, PARAMETERS, 0, 2) + 0.2) < error);
            if (part) {
                for (size_t w = 0; w < RANKED; w++)
                    assert_true(world[w * PARAMETERS + 1] == 0.5);
            } else {
                assert_true(fabs(rank_correlation(world, PARAMETERS, 0, 1) - 0.5) < error);
                assert_true(fabs(rank_correlation(world, PARAMETERS, 1, 2) + 0.6) < error);
                assert_true(fabs(rank_correlation(world, PARAMETERS, 0, 3)) < error);
            }
            end(&d);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_permutation_is_one),
        cmocka_unit_test(permutations_are_random),
        cmocka_unit_test(a_latin_hypercube_has_each_part_once),
        cmocka_unit_test(latin_columns_are_independent),
        cmocka_unit_test(sobol_begins_as_published),
        cmocka_unit_test(sobol_points_are_nets),
        cmocka_unit_test(saltelli_blocks_differ_in_one_column),
        cmocka_unit_test(saltelli_moves_groups),
        cmocka_unit_test(shapley_draws_one_after_the_other),
        cmocka_unit_test(morris_makes_elementary_steps),
        cmocka_unit_test(one_at_a_time_moves_one),
        cmocka_unit_test(a_grid_has_every_combination),
        cmocka_unit_test(every_deep_draw_meets_the_same_risks),
        cmocka_unit_test(random_worlds_are_those_of_draws),
        cmocka_unit_test(designs_keep_rank_correlations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
