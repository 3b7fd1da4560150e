/*
 * Worlds drawn, one parameter at a time: the generator gives its published numbers, quantiles those of
 * other software, and the draws of every distribution follow it to the statistician's satisfaction.
 */
#include "drawn.h"

#include <float.h>

#include "study/quantile.h"
#include "study/random.h"

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
static double lognormal_half(double x)
{
    return normal_above((0.5 - log(x)) / 0.25);
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
        look_at_distances(all[i].declaration, all[i].below, sample + i * WORLDS);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_numbers),
        cmocka_unit_test(a_seed_means_the_same_for_ever),
        cmocka_unit_test(quantiles_are_right),
        cmocka_unit_test(draws_follow_their_distributions),
        cmocka_unit_test(extremes_stay_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
