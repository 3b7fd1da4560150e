/*
 * Worlds drawn: the generator gives its published numbers, quantiles those of other software, the
 * draws of every distribution follow it to the statistician's satisfaction, and a world is the same
 * whoever draws it, when, and whatever else is declared.
 *
 * On the bounds: every statistic is computed from a fixed seed, so a test that passes passes for
 * ever. The bounds are those at which a right program would fail for one seed in a thousand
 * million: 3.3 for sqrt(n) times Kolmogorov and Smirnov's distance, since its probability of
 * exceeding c tends to at most 2 exp(-2c²) = 7e-10; and 6 standard errors, 2e-9, for what is
 * nearly normal.
 */
#include <pthread.h>

#include "play.h"

#include <float.h>
#include <math.h>

#include "study/quantile.h"
#include "study/random.h"

enum { WORLDS = 20000, MOST_PARAMETERS = 64 };
static const double PI = 3.14159265358979323846;
static const double DISTANCE = 3.3, ERRORS = 6;

static const char FRAME[] = "model drawn\nhorizon 1\nactor A\nstate x : 0..1 = 0\n"
                            "stage s : A { A.up { x += 1 } A.stay }\npayoff A { x = x }\n";

/* A model of the parameters in `lines`. */
static dt_model *declare(const char *lines, const dt_options *options)
{
    char text[8192];
    const int length = snprintf(text, sizeof text, "%s%s", FRAME, lines);
    assert_in_range(length, 1, sizeof text - 1);
    return play_text(text, options);
}

static dt_draws *prepare(const dt_model *model, const dt_options *options)
{
    dt_draws *draws = NULL;
    assert_int_equal(dt_draws_prepare(model, options, &draws), DT_OK);
    assert_non_null(draws);
    return draws;
}

/* ---- the generator ---- */

/* From the file kat_vectors of Random123: counter, key, and what ten rounds make of them. */
static void philox_gives_the_published_numbers(void **state)
{
    (void)state;
    static const uint64_t known[][10] = {
        {0,                  0,                  0,                  0,                  0,          0,                  0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b,
         0x7e68b68aec7ba23b                                                                                                                                                                            },
        {UINT64_MAX,         UINT64_MAX,         UINT64_MAX,         UINT64_MAX,         UINT64_MAX, UINT64_MAX,         0x87b092c3013fe90b,
         0x438c3c67be8d0224,                                                                                                                                     0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0},
        {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
         0x452821e638d01377,                                                                         0xbe5466cf34e90c6c, 0xa528f45403e61d95, 0x38c72dbd566e9788,
         0xa5a1610e72fd18b5,                                                                                                                                                         0x57bd43b5e52b7fe6},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint64_t word[4];
        dt_philox(known[i], known[i] + 4, word);
        assert_memory_equal(word, known[i] + 6, sizeof word);
    }
}

/* Names by FNV's published numbers; draws by another program of the same definition. */
static void a_seed_means_the_same_for_ever(void **state)
{
    (void)state;
    assert_true(dt_identity("") == 0xcbf29ce484222325);
    assert_true(dt_identity("a") == 0xaf63dc4c8601ec8c);
    assert_true(dt_identity("foobar") == 0x85944171f73967e8);
    assert_true(dt_random(0, 0, dt_identity("p")) == 0x1p-53 * 0x779e1dfb78017);
    assert_true(dt_random(42, 7, dt_identity("p")) == 0x1p-53 * 0x1c1f932cffa15f);
    assert_true(dt_random(UINT64_MAX, UINT64_MAX, dt_identity("c_offer")) ==
                0x1p-53 * 0x1b6388cf8c6d79);

    dt_model *model = declare("param p = 0.5 in 0 .. 1\n", NULL);
    dt_draws *draws = prepare(model, NULL);
    double p;
    dt_draws_world(draws, 42, 7, &p);
    assert_true(p == 0x1p-53 * 0x1c1f932cffa15f);
    dt_draws_free(draws);
    dt_model_free(model);
}

/* ---- quantiles ---- */

/* Computed with mpmath to 40 digits. `below` and `above`: the share, the smaller of them exact. */
static void quantiles_are_right(void **state)
{
    (void)state;
    static const struct {
        dt_distribution_kind kind;
        double argument[3], below, above, value;
    } known[] = {
        {DT_NORMAL,     {0, 1},           0.25,      0.75,      -0.6744897501960817432    },
        {DT_NORMAL,     {10, 2},          1 - 1e-12, 1e-12,     10 + 2 * 7.034483825301132},
        {DT_NORMAL,     {0, 1},           1e-280,    1,         -35.783421394663023595    },
        {DT_LOGNORMAL,  {0, 1},           0.75,      0.25,      1.9630310841582446        },
        {DT_BETA,       {11, 8},          0.5,       0.5,       0.58177374444000445563    },
        {DT_BETA,       {11, 8},          1e-12,     1 - 1e-12, 0.032212750135980926022   },
        {DT_BETA,       {8, 11},          1 - 1e-12, 1e-12,     1 - 0.032212750135980926  },
        {DT_BETA,       {0.5, 3},         0.01,      0.99,      2.8445523288735244938e-05 },
        {DT_BETA,       {250, 4000},      0.25,      0.75,      0.056352808087969727678   },
        {DT_BETA,       {0.0625, 0.0625}, 1e-10,     1 - 1e-10, 5.9641005342216020734e-156},
        {DT_BETA,       {0.0078125, 2.5}, 0.7,       0.3,       4.1537434241853773445e-21 },
        {DT_GAMMA,      {0.125, 1},       0.001,     0.999,     6.1866863483145581163e-25 },
        {DT_GAMMA,      {0.125, 1},       1 - 1e-9,  1e-9,      16.216243873077314215     },
        {DT_GAMMA,      {3, 0.5},         0.5,       0.5,       0.5 * 2.6740603137235603  },
        {DT_GAMMA,      {3, 1},           1 - 1e-12, 1e-12,     34.052374190075691311     },
        {DT_GAMMA,      {1000, 1},        0.25,      0.75,      978.49296649469284766     },
        {DT_UNIFORM,    {2, 5},           0.25,      0.75,      2.75                      },
        {DT_TRIANGULAR, {1, 2, 5},        0.04,      0.96,      1.4                       },
        {DT_TRIANGULAR, {1, 2, 5},        0.97,      0.03,      4.4                       },
        {DT_PERT,       {0, 1, 4},        0.25,      0.75,      0.77505443821588467291    },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        dt_param param = {.uncertainty = DT_RISK, .low = -INFINITY, .high = INFINITY};
        param.distribution = known[i].kind;
        memcpy(param.argument, known[i].argument, sizeof param.argument);
        dt_quantile quantile;
        assert_true(dt_quantile_prepare(&param, NULL, &quantile));
        const double found = dt_quantile_at(&quantile, (dt_share){known[i].below, known[i].above});
        if (!(fabs(found / known[i].value - 1) < 1e-12))
            fail_msg("quantile %zu is %.17g, not %.17g", i, found, known[i].value);
    }
}

/* ---- distributions ---- */

/* 1 - F and F of what the cases below need, each from its own formula. */
static double normal_above(double x)
{
    return erfc(x / sqrt(2)) / 2;
}

/* beta(a, b) of whole numbers: at least a successes in a + b - 1 trials. */
static double beta_below(int a, int b, double x)
{
    double sum = 0;
    const int n = a + b - 1;
    for (int k = a; k <= n; k++)
        sum +=
            exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) * pow(x, k) * pow(1 - x, n - k);
    return sum;
}

static double arcsine_below(double x)
{
    return 2 / PI * asin(sqrt(x));
}

/* x^a e^-x / Γ(a+1) (1 + x/(a+1) + x²/((a+1)(a+2)) + …), all terms positive. */
static double gamma_below(double a, double x)
{
    double term = 1, sum = 1;
    for (int n = 1; n < 10000 && term > 1e-18 * sum; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return x > 0 ? exp(a * log(x) - x - lgamma(a + 1)) * sum : 0;
}

static double uniform_2_5(double x)
{
    return (x - 2) / 3;
}
static double normal_1_2(double x)
{
    return normal_above((1 - x) / 2);
}
static double lognormal_half(double x)
{
    return normal_above((0.5 - log(x)) / 0.25);
}
static double beta_2_3(double x)
{
    return beta_below(2, 3, x);
}
static double beta_11_8(double x)
{
    return beta_below(11, 8, x);
}
static double gamma_3_2(double x)
{
    return gamma_below(3, x / 2);
}
static double gamma_half(double x)
{
    return erf(sqrt(x / 2));
}
static double gamma_tenth(double x)
{
    return gamma_below(0.1, x);
}
static double triangular_1_2_5(double x)
{
    return x < 2 ? (x - 1) * (x - 1) / 4 : 1 - (5 - x) * (5 - x) / 12;
}
static double triangular_0_0_1(double x)
{
    return 1 - (1 - x) * (1 - x);
}
static double pert_0_1_4(double x) /* 1 + 4/4 = 2, 5 - 4/4 = 4 */
{
    return beta_below(2, 4, x / 4);
}
static double cut_uniform(double x)
{
    return (x - 3) / 0.5;
}
static double cut_normal(double x)
{
    return (normal_above(-1) - normal_above(x)) / (normal_above(-1) - normal_above(0.5));
}
static double far_normal(double x)
{
    return 1 - (normal_above(x) - normal_above(40)) / (normal_above(30) - normal_above(40));
}
static double near_normal(double x) /* far below: as far_normal, mirrored, of 1 + 2 z */
{
    const double z = (x - 1) / 2;
    return (normal_above(-z) - normal_above(38)) / (normal_above(12) - normal_above(38));
}
static double narrow_normal(double x) /* narrower than the rounding of F */
{
    return (x - 1e-20) / 1e-20;
}
static double far_lognormal(double x)
{
    const double at[] = {log(1e4), log(x), log(1e9)};
    return 1 - (normal_above(at[1]) - normal_above(at[2])) /
                   (normal_above(at[0]) - normal_above(at[2]));
}
static double beta_2_3_above(double x)
{
    return (1 - x) * (1 - x) * (1 - x) * (1 + 3 * x);
}
static double far_beta(double x)
{
    return 1 - beta_2_3_above(x) / beta_2_3_above(0.999);
}
static double near_arcsine(double x)
{
    return arcsine_below(x) / arcsine_below(1e-12);
}
static double gamma_3_above(double y)
{
    return exp(-y) * (1 + y + y * y / 2);
}
static double far_gamma(double x)
{
    return 1 -
           (gamma_3_above(x / 2) - gamma_3_above(500)) / (gamma_3_above(50) - gamma_3_above(500));
}
static double near_gamma(double x)
{
    return pow(x / 1e-30, 0.1);
}
static double cut_triangular(double x)
{
    return 1 - (2 - x) * (2 - x) / (0.1 * 0.1);
}
static double cut_pert(double x)
{
    const double s = x / 4, low = 0.975;
    return 1 - pow((1 - s) / (1 - low), 4) * (1 + 4 * s) / (1 + 4 * low);
}

/* Mean, variance and kurtosis (fourth central moment over squared variance). */
typedef struct moments {
    double mean, variance, kurtosis;
} moments;

static moments beta_moments(double a, double b, double scale)
{
    const double n = a + b;
    return (moments){scale * a / n, scale * scale * a * b / (n * n * (n + 1)),
                     3 + 6 * ((a - b) * (a - b) * (n + 1) - a * b * (n + 2)) /
                             (a * b * (n + 2) * (n + 3))};
}

static moments gamma_moments(double shape, double scale)
{
    return (moments){shape * scale, shape * scale * scale, 3 + 6 / shape};
}

static moments lognormal_moments(double m, double s)
{
    const double w = exp(s * s);
    return (moments){exp(m + s * s / 2), (w - 1) * exp(2 * m + s * s),
                     w * w * w * w + 2 * w * w * w + 3 * w * w - 3};
}

typedef struct drawn {
    const char *declaration;
    double (*below)(double); /* the distribution function */
    moments is;              /* variance 0: not looked at */
} drawn;

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void look_at_moments(const drawn *d, const double *sample)
{
    double sum = 0, squares = 0;
    for (int k = 0; k < WORLDS; k++) {
        sum += sample[k] - d->is.mean;
        squares += (sample[k] - d->is.mean) * (sample[k] - d->is.mean);
    }
    const double error = sqrt(d->is.variance / WORLDS);
    if (!(fabs(sum / WORLDS) < ERRORS * error))
        fail_msg("%s: mean off by %g standard errors", d->declaration, sum / WORLDS / error);
    const double error2 = d->is.variance * sqrt((d->is.kurtosis - 1) / WORLDS);
    if (!(fabs(squares / WORLDS - d->is.variance) < ERRORS * error2))
        fail_msg("%s: variance off by %g standard errors", d->declaration,
                 (squares / WORLDS - d->is.variance) / error2);
}

static void look_at_distances(const drawn *d, double *sample)
{
    qsort(sample, WORLDS, sizeof *sample, ascending);
    double distance = 0;
    for (int k = 0; k < WORLDS; k++) {
        const double below = d->below(sample[k]);
        distance = fmax(distance, fmax(below - (double)k / WORLDS, (k + 1.0) / WORLDS - below));
    }
    if (!(distance * sqrt(WORLDS) < DISTANCE))
        fail_msg("%s: Kolmogorov and Smirnov's distance is %g / sqrt(n)", d->declaration,
                 distance * sqrt(WORLDS));
}

static void draws_follow_their_distributions(void **state)
{
    (void)state;
    const drawn all[] = {
        {"3 in 2 .. 5",                            uniform_2_5,                {3.5, 0.75, 1.8}                                                            },
        {"3 ~ uniform(2, 5)",                      uniform_2_5,                {3.5, 0.75, 1.8}                                                            },
        {"0 ~ normal(1, 2)",                       normal_1_2,                 {1, 4, 3}                                                                   },
        {"1 ~ lognormal(0.5, 0.25)",               lognormal_half,             lognormal_moments(0.5,                                                        0.25)},
        {"0.5 ~ beta(2, 3)",                                        beta_2_3,                                                 beta_moments(2,                                                                              3, 1)},
        {"0.5 ~ beta(11, 8)",                                       beta_11_8,                                                               beta_moments(11,                                                              8, 1)},
        {"0.5 ~ beta(0.5, 0.5)",arcsine_below,beta_moments(0.5,0.5, 1)},
        {"1 ~ gamma(3, 2)",                                        gamma_3_2,                                             gamma_moments(3,                                                                                                                    2)},
        {"1 ~ gamma(0.5, 2)",                                     gamma_half,                                                             gamma_moments(0.5,                                                                                                                                                                                      2)},
        {"1 ~ gamma(0.1, 1)",gamma_tenth,gamma_moments(0.1,1)},
        {"3 ~ triangular(1, 2, 5)",                      triangular_1_2_5,  {8 / 3.0, 13 / 18.0, 2.4}},
        {"0 ~ triangular(0, 0, 1)",                                        triangular_0_0_1,                                                {1 / 3.0, 1 / 18.0, 2.4}                                                                                                                         },
        {"3 ~ pert(0, 1, 4)",                                      pert_0_1_4,                                                                beta_moments(2,                                                                                                                                                                                                       4, 4)},
        {"3 ~ uniform(2, 5) in 3 .. 3.5",               cut_uniform,                                        {0, 0, 0}                                                                                           },
        {"0 ~ normal(0, 1) in -1 .. 0.5",                cut_normal,{0, 0, 0}},
        {"30 ~ normal(0, 1) in 30 .. 40",                          far_normal,{0, 0, 0}},
        {"-30 ~ normal(1, 2) in -75 .. -23",          near_normal,           {0, 0, 0}                                      },
        {"1e-20 ~ normal(0, 1) in 1e-20 .. 2e-20",          narrow_normal,           {0, 0, 0}                                                                                   },
        {"1e6 ~ lognormal(0, 1) in 1e4 .. 1e9",          far_lognormal, {0, 0, 0}                                                                                },
        {"1 ~ beta(2, 3) in 0.999 .. 2",       far_beta,             {0, 0, 0}                                                                     },
        {"0 ~ beta(0.5, 0.5) in -1 .. 1e-12", near_arcsine,     {0, 0, 0}                                                             },
        {"100 ~ gamma(3, 2) in 100 .. 1000",    far_gamma,        {0, 0, 0}                                                                          },
        {"0 ~ gamma(0.1, 1) in 0 .. 1e-30",           near_gamma,                       {0, 0, 0}                                                                             },
        {"2 ~ triangular(0, 1, 2) in 1.9 .. 3",      cut_triangular,                    {0, 0, 0}                                                                                  },
        {"4 ~ pert(0, 1, 4) in 3.9 .. 5",       cut_pert,                     {0, 0, 0}                                                                                },
    };
    enum { COUNT = sizeof all / sizeof *all };
    char lines[4096] = "";
    for (size_t i = 0; i < COUNT; i++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "param p%zu = %s\n", i,
                 all[i].declaration);
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = declare(lines, &options);
    dt_draws *draws = prepare(model, &options);
    double *sample = malloc(COUNT * WORLDS * sizeof *sample);
    assert_non_null(sample);
    for (uint64_t k = 0; k < WORLDS; k++) {
        double world[COUNT];
        dt_draws_world(draws, 1, k, world);
        for (size_t i = 0; i < COUNT; i++) {
            const dt_parameter p = dt_model_parameter(model, i);
            assert_true(isfinite(world[i]) && world[i] >= p.low && world[i] <= p.high);
            sample[i * WORLDS + k] = world[i];
        }
    }
    for (size_t i = 0; i < COUNT; i++) {
        if (all[i].is.variance > 0)
            look_at_moments(&all[i], sample + i * WORLDS);
        look_at_distances(&all[i], sample + i * WORLDS);
    }
    free(sample);
    dt_draws_free(draws);
    dt_model_free(model);
}

/* Whatever a model may declare is drawn within its range, finite, and never steps back as the share
 * grows; and GSL's error handler, which would end the program, is never called. */
static void extremes_stay_in_range(void **state)
{
    (void)state;
    static const char lines[] =
        "param a = 0.5 ~ beta(0.001, 0.001)\n"
        "param b = 0.5 ~ beta(100000, 0.001)\n"
        "param c = 0.5 ~ beta(100000, 100000)\n"
        "param d = 1 ~ gamma(0.0034186382487332214, 2.0335206491134109e26)\n"
        "param e = 1 ~ gamma(100000, 1e-300) in 1e-300 .. 1e300\n"
        "param f = 0 ~ normal(0, 1e308)\n"
        "param g = 1 ~ lognormal(0, 1e6)\n"
        "param h = 1 ~ normal(1, 1e-300) in -1e300 .. 1e300\n"
        "param i = 0 in -1.7e308 .. 1.7e308\n"
        "param j = 0.25 ~ beta(0.5, 0.5) in 0.25 .. 0.2500000000000001\n"
        "param k = 1 ~ triangular(0, 1, 1)\n"
        "param l = -1 ~ pert(-1, -1, 1e-9)\n"
        "param m = 35 ~ normal(0, 1) in 35 .. 1e300\n"
        "param n = 1e-300 ~ gamma(2, 1) in 0 .. 1e-140\n"
        "param o = 3.1 ~ normal(3, 7) in 3.1 .. 4.7\n"
        "param p = 3.1 ~ lognormal(1, 1) in 3.1 .. 4.7\n"
        "param q = 3.1 ~ gamma(2, 0.3) in 3.1 .. 4.7\n"
        "param r = 3.1 ~ pert(1, 2.9, 17) in 3.1 .. 4.7\n"
        "param u = 3.1 ~ triangular(1, 2.9, 17) in 3.1 .. 4.7\n"
        "param v = 3.3 ~ normal(3, 7) in 3.3 .. 5.9\n"
        "param w = 3.3 ~ lognormal(1, 1) in 3.3 .. 5.9\n";
    static const double share[] = {0x1p-53, 1e-12, 1e-9, 1e-6, 0.001, 0.1,
                                   0.3,     0.5,   0.7,  0.9,  0.999, 1 - 0x1p-53};
    play_log log;
    dt_options options = play_options(&log);
    dt_model *model = declare(lines, &options);
    dt_draws *draws = prepare(model, &options);
    for (int p = 0; p < model->params; p++) {
        const dt_param *param = &model->param[p];
        double last = -INFINITY;
        for (size_t i = 0; param->distribution && i < sizeof share / sizeof *share; i++) {
            dt_quantile quantile;
            assert_true(dt_quantile_prepare(param, NULL, &quantile));
            const double x = dt_quantile_at(&quantile, (dt_share){share[i], 1 - share[i]});
            assert_true(x >= param->low && x <= param->high);
            assert_true(x >= quantile.low && x <= quantile.high);
            if (!(x >= last - 1e-12 * fabs(last)))
                fail_msg("%s: %.17g comes after %.17g", param->is.name, x, last);
            last = x;
        }
    }
    for (uint64_t k = 0; k < 200; k++) {
        double world[MOST_PARAMETERS];
        dt_draws_world(draws, k * k, UINT64_MAX - k, world);
        for (int p = 0; p < model->params; p++) {
            assert_true(isfinite(world[p]));
            assert_true(world[p] >= model->param[p].low && world[p] <= model->param[p].high);
        }
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
    look_at_distances(
        &(drawn){
            "free1", beta_2_3, {0, 0, 0}
    },
        sample);
    look_at_distances(
        &(drawn){
            "a", normal_1_2, {0, 0, 0}
    },
        sample + 1 * WORLDS);
    look_at_distances(
        &(drawn){
            "c", arcsine_below, {0, 0, 0}
    },
        sample + 4 * WORLDS);
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
        cmocka_unit_test(philox_gives_the_published_numbers),
        cmocka_unit_test(a_seed_means_the_same_for_ever),
        cmocka_unit_test(quantiles_are_right),
        cmocka_unit_test(draws_follow_their_distributions),
        cmocka_unit_test(extremes_stay_in_range),
        cmocka_unit_test(ranks_correlate_as_declared),
        cmocka_unit_test(scores_correlate_as_ranks_demand),
        cmocka_unit_test(neither_order_nor_threads_matter),
        cmocka_unit_test(other_parameters_do_not_matter),
        cmocka_unit_test(what_cannot_be_drawn_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
