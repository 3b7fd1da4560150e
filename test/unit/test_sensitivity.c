/*
 * Which numbers matter, against closed forms: Sobol's G function, elementary effects of a polynomial,
 * flips of straight lines, the value of knowing one of two numbers, and rank correlations.
 */
#include "made.h"

#include <gsl/gsl_qrng.h>

#include "robust/information.h"
#include "robust/sobol.h"

/* ---- Sobol's indices ---- */

enum { G = 8, BASE = 8192 };
static const double G_A[G] = {0, 1, 4.5, 9, 99, 99, 99, 99};

static double g_function(const double *x)
{
    double product = 1;
    for (size_t i = 0; i < G; i++)
        product *= (fabs(4 * x[i] - 2) + G_A[i]) / (1 + G_A[i]);
    return product;
}

/* Saltelli's design on a quasi-random sequence of 2 G coordinates. */
static made *saltelli(size_t base, double scale, double shift)
{
    made *m = make(1, G, base * (G + 2));
    m->data.design = DT_DESIGN_SALTELLI;
    m->data.trajectories = base;
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, 2 * G);
    for (size_t j = 0; j < base; j++) {
        double point[2 * G], x[G];
        gsl_qrng_get(sequence, point);
        for (size_t block = 0; block < G + 2; block++) {
            const size_t world = block * base + j;
            for (size_t i = 0; i < G; i++) {
                const bool from_b = block == 1 || block == i + 2;
                *parameter_of(m, world, i) = x[i] = point[from_b ? G + i : i];
            }
            numbers(m, 0, MORE)[world] = shift + scale * g_function(x);
            numbers(m, 0, PLAIN)[world] = 5;
        }
    }
    gsl_qrng_free(sequence);
    return m;
}

/* Two rows: f(B) = ±1 about the mean, steps that sum to ±3: the sum is 3, and both rows say so. A third
 * that says nothing gives it an error. */
static void sum_of_indices(void **state)
{
    (void)state;
    static const double a[] = {1, -1, 1}, b[] = {1, -1, -1};
    static const double ab[] = {2, -2, 1, 3, -3, 1};
    const dt_blocks two = {
        2, 2, a, b, (const double[]){2, -2, 3, -3},
             1
    };
    double sum, error;
    dt_sobol_sum(&two, &sum, &error);
    assert_float_equal(sum, 3, 1e-12);
    assert_float_equal(error, 0, 1e-12);
    const dt_blocks three = {3, 2, a, b, ab, 1};
    dt_sobol_sum(&three, &sum, &error);
    assert_float_equal(sum, 2, 1e-12);
    assert_float_equal(error, 1.96 * sqrt(1 + 1 + 4) / 3, 1e-12);
}

/* Closed forms: V_i = 1 / (3 (1 + a_i)²), V = Π (1 + V_i) - 1, S_i = V_i / V,
 * ST_i = V_i Π_{j≠i} (1 + V_j) / V; the mean is 1. */
static void assert_indices(const made *m, double slack)
{
    dt_sensitivity *s;
    play_log log;
    const dt_options options = play_options(&log);
    assert_int_equal(dt_sensitivities(&m->data, 0, MORE, &options, &s), DT_OK);
    assert_non_null(s->sobol);
    double all = 1;
    for (size_t i = 0; i < G; i++)
        all *= 1 + 1 / (3 * pow(1 + G_A[i], 2));
    for (size_t i = 0; i < G; i++) {
        const double v = 1 / (3 * pow(1 + G_A[i], 2));
        const double first = v / (all - 1), total = v * (all / (1 + v)) / (all - 1);
        const dt_sobol_index *found = &s->sobol[i];
        assert_true(found->first_low <= first && first <= found->first_high);
        assert_true(found->total_low <= total && total <= found->total_high);
        assert_true(found->first_low <= found->first && found->first <= found->first_high);
        assert_float_equal(found->first, first, slack);
        assert_float_equal(found->total, total, slack);
        assert_float_equal(found->total_half, total, 2 * slack);
        assert_int_equal(s->parameter[i], i);
    }
    static const double published_first[] = {.7162, .1790, .0237, .0072},
                        published_total[] = {.7871, .2422, .0343, .0105};
    for (size_t i = 0; i < 4; i++) {
        assert_true(s->sobol[i].first_low <= published_first[i] + 5e-5 &&
                    published_first[i] - 5e-5 <= s->sobol[i].first_high);
        assert_true(s->sobol[i].total_low <= published_total[i] + 5e-5 &&
                    published_total[i] - 5e-5 <= s->sobol[i].total_high);
    }
    dt_sensitivity_free(s);
}

static void sobols_g_function(void **state)
{
    (void)state;
    made *m = saltelli(BASE, 1, 0);
    assert_indices(m, 0.004);
    dt_sensitivity *s;
    assert_int_equal(dt_sensitivities(&m->data, 0, MORE, &m->options, &s), DT_OK);
    assert_float_equal(s->mean, 1, 0.002);
    assert_float_equal(s->variance, 0.4652, 0.005);
    assert_int_equal(s->rows, BASE);
    dt_sensitivity_free(s);
    /* no variance: nothing to share out */
    assert_int_equal(dt_sensitivities(&m->data, 0, PLAIN, &m->options, &s), DT_OK);
    assert_true(s->constant);
    assert_null(s->sobol);
    assert_null(s->rank);
    dt_sensitivity_free(s);
    unmake(m);
}

/* Far from 0 the estimates are as good; a failed world takes its row with it, not the answer. */
static void indices_far_from_zero(void **state)
{
    (void)state;
    made *m = saltelli(4096, 0.01, 1000);
    m->status[17] = DT_NO;
    m->status[5 * 4096 + 30] = DT_INVALID;
    assert_indices(m, 0.01);
    dt_sensitivity *s;
    assert_int_equal(dt_sensitivities(&m->data, 0, MORE, &m->options, &s), DT_OK);
    assert_int_equal(s->rows, 4094);
    assert_int_equal(s->basis.failed, 1); /* of blocks A and B */
    dt_sensitivity_free(s);
    unmake(m);
}

/* Indices are ratios: the unit of the outcome is nothing to them, though its square may be too large or
 * too small to be held. */
static void indices_of_any_unit(void **state)
{
    (void)state;
    static const double units[] = {1e-300, 1e-170, 1e170, 1e300};
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        made *m = saltelli(4096, units[u], 0);
        assert_indices(m, 0.01);
        unmake(m);
    }
}

/* ---- Morris ---- */

/* f = 3 u0 - 2 u1 + 4 u0 u2 with levels 0, 1/3, 2/3, 1 and steps of 2/3: the effects of u0 are 3 + 4 u2, of
 * u1 -2, of u2 4 u0, of u3 nothing. */
static void elementary_effects(void **state)
{
    (void)state;
    enum { K = 4, TRAJECTORIES = 16 };
    made *m = make(1, K, TRAJECTORIES * (K + 1));
    m->data.design = DT_DESIGN_MORRIS;
    m->data.trajectories = TRAJECTORIES;
    double effect[2][TRAJECTORIES]; /* of u0 and u2 */
    for (size_t t = 0; t < TRAJECTORIES; t++) {
        double u[K];
        for (size_t i = 0; i < K; i++)
            u[i] = (double)((t >> i) & 1) / 3;
        for (size_t step = 0; step <= K; step++) {
            const size_t world = t * (K + 1) + step;
            const size_t moves = (step + t) % K; /* another order in each trajectory */
            memcpy(m->share + world * K, u, sizeof u);
            numbers(m, 0, MORE)[world] = 3 * u[0] - 2 * u[1] + 4 * u[0] * u[2];
            if (step < K && moves == 0)
                effect[0][t] = 3 + 4 * u[2];
            if (step < K && moves == 2)
                effect[1][t] = 4 * u[0];
            u[moves] += 2.0 / 3;
        }
    }
    dt_sensitivity *s;
    assert_int_equal(dt_sensitivities(&m->data, 0, MORE, &m->options, &s), DT_OK);
    for (size_t e = 0; e < 2; e++) {
        double mean = 0, squares = 0;
        for (size_t t = 0; t < TRAJECTORIES; t++)
            mean += effect[e][t] / TRAJECTORIES;
        for (size_t t = 0; t < TRAJECTORIES; t++)
            squares += pow(effect[e][t] - mean, 2) / (TRAJECTORIES - 1);
        const dt_elementary *found = &s->elementary[2 * e];
        assert_float_equal(found->mean, mean, 1e-12);
        assert_float_equal(found->size, mean, 1e-12);
        assert_float_equal(found->spread, sqrt(squares), 1e-12);
        assert_int_equal(found->effects, TRAJECTORIES);
    }
    assert_float_equal(s->elementary[1].mean, -2, 1e-12);
    assert_float_equal(s->elementary[1].size, 2, 1e-12);
    assert_float_equal(s->elementary[1].spread, 0, 1e-12);
    assert_float_equal(s->elementary[3].size, 0, 1e-12);
    dt_sensitivity_free(s);
    made *two = make(2, K, TRAJECTORIES * (K + 1));
    two->data.design = DT_DESIGN_MORRIS;
    dt_decision *decision;
    assert_int_equal(dt_decide(&two->data, MORE, &two->options, &decision), DT_INVALID);
    assert_string_equal(two->log.codes, "not-from-morris");
    unmake(two);
    m->status[0] = DT_NO; /* one effect fewer: that of the first step, of u0 */
    assert_int_equal(dt_sensitivities(&m->data, 0, MORE, &m->options, &s), DT_OK);
    assert_int_equal(s->elementary[0].effects, TRAJECTORIES - 1);
    assert_int_equal(s->elementary[1].effects, TRAJECTORIES);
    dt_sensitivity_free(s);
    dt_decision *d;
    m->data.policies = 1;
    assert_int_equal(dt_decide(&m->data, PLAIN, &m->options, &d), DT_INVALID);
    assert_string_equal(m->log.codes, "no-direction");
    m->data.policies = 2; /* the second is never looked at */
    assert_int_equal(dt_decide(&m->data, MORE, &m->options, &d), DT_INVALID);
    assert_string_equal(m->log.codes, "no-direction not-from-morris");
    unmake(m);
}

/* ---- one at a time ---- */

/* p0 gives x0 + x1, p1 gives 2 x0 - .2 + x1: as declared (.5, .5) p0 leads 1 to 1.3 … turned round by hand
 * below. p2 passes in x1 alone, at a kink between points. */
static void flips_of_straight_lines(void **state)
{
    (void)state;
    enum { LEVELS = 5 };
    made *m = make(3, 2, 1 + 2 * LEVELS);
    m->data.design = DT_DESIGN_ONE_AT_A_TIME;
    m->data.points = LEVELS;
    static const double level[LEVELS] = {0, 0.3, 0.5, 0.75, 1};
    for (size_t w = 0; w < m->data.worlds; w++) {
        double *x = parameter_of(m, w, 0);
        x[0] = x[1] = 0.5;
        if (w > 0)
            x[(w - 1) / LEVELS] = level[(w - 1) % LEVELS];
        numbers(m, 0, MORE)[w] = x[0] + x[1];            /* 1 */
        numbers(m, 1, MORE)[w] = 2 * x[0] - 0.65 + x[1]; /* .85: passes where x0 = .65 */
        numbers(m, 2, MORE)[w] = 0.5 + 0.2 * (x[0] + x[1]) + (x[1] < 0.4 ? 0.3 : 0); /* .7 */
        for (size_t p = 0; p < 3; p++)
            numbers(m, p, LESS)[w] = -numbers(m, p, MORE)[w];
    }
    for (size_t o = MORE; o <= LESS; o++) {
        dt_decision *d;
        assert_int_equal(dt_decide(&m->data, o, &m->options, &d), DT_OK);
        assert_true(d->flips && !d->worths);
        assert_int_equal(d->best, 0);
        assert_int_equal(d->parameters, 2);
        const dt_decisive *x0 = &d->decisive[0], *x1 = &d->decisive[1];
        if (x0->parameter != 0) {
            x0 = &d->decisive[1];
            x1 = &d->decisive[0];
        }
        assert_int_equal(x0->parameter, 0);
        assert_float_equal(x0->flip_above, 0.65, 1e-12); /* between .5 and .75, linear */
        assert_int_equal(x0->best_above, 1);
        /* below, p2 leads by .5 + .2 (x0 + .5) - x0 - .5 = .1 - .8 x0: from x0 = .125 on */
        assert_float_equal(x0->flip_below, 0.125, 1e-12);
        assert_int_equal(x0->best_below, 2);
        /* x1 from .5 to .3: the lead of p0 falls from .3 to .8 - .96 = -.16, on a straight line */
        assert_float_equal(x1->flip_below, 0.5 - 0.2 * 0.3 / 0.46, 1e-12);
        assert_int_equal(x1->best_below, 2);
        assert_true(isnan(x1->flip_above));
        assert_int_equal(d->decisive[0].parameter, 1); /* .13 of its range away, x0 .15 */
        dt_decision_free(d);
    }
    dt_sensitivity *s;
    assert_int_equal(dt_sensitivities(&m->data, 1, MORE, &m->options, &s), DT_OK);
    assert_float_equal(s->swing[0].at_low, -0.15, 1e-12);
    assert_float_equal(s->swing[0].at_high, 1.85, 1e-12);
    assert_float_equal(s->swing[1].least, 0.35, 1e-12);
    assert_float_equal(s->swing[1].most, 1.35, 1e-12);
    assert_null(s->rank);
    dt_sensitivity_free(s);
    m->status[1 * m->data.worlds + 4] = DT_NO; /* p1 at x0 = .75: the way up ends there */
    dt_decision *d;
    assert_int_equal(dt_decide(&m->data, MORE, &m->options, &d), DT_OK);
    assert_true(isnan(d->decisive[1].flip_above));
    dt_decision_free(d);
    m->status[1 * m->data.worlds] = DT_NO;
    assert_int_equal(dt_decide(&m->data, MORE, &m->options, &d), DT_INVALID);
    assert_string_equal(m->log.codes, "nominal-failed");
    unmake(m);
}

/* ---- values of information ---- */

/* Policies worth 0 and x0 + x1/2 - 3/4 + c with x even on 0 … 1. With c = 0, so that the means are equal:
 * knowing x0 is worth E max(0, x0 - 1/2) = 1/8, x1 half of that, x2 nothing; all of it
 * E max(0, z) for z = (x0 - 1/2) + (x1 - 1/2)/2, which is 13/96. */
static void worth_of_knowing(void **state)
{
    (void)state;
    enum { K = 3, MANY = 8000 };
    made *m = make(2, K, MANY);
    m->data.design = DT_DESIGN_SOBOL;
    static const size_t base[K] = {2, 3, 5};
    for (size_t w = 0; w < MANY; w++) {
        for (size_t i = 0; i < K; i++)
            *parameter_of(m, w, i) = van_der_corput(w + 1, base[i]);
        const double *x = parameter_of(m, w, 0);
        numbers(m, 1, MORE)[w] = x[0] + x[1] / 2 - 0.75;
        numbers(m, 1, LESS)[w] = -numbers(m, 1, MORE)[w];
    }
    for (size_t o = MORE; o <= LESS; o++) {
        dt_decision *d;
        assert_int_equal(dt_decide(&m->data, o, &m->options, &d), DT_OK);
        assert_int_equal(d->bins, 20);
        assert_float_equal(d->perfect, 13.0 / 96, 0.001);
        assert_int_equal(d->decisive[0].parameter, 0);
        assert_int_equal(d->decisive[1].parameter, 1);
        assert_float_equal(d->decisive[0].worth, 1.0 / 8, 0.001);
        assert_float_equal(d->decisive[0].turn, 0.5, 0.01);
        assert_int_equal(d->decisive[0].best_low, 0);
        assert_int_equal(d->decisive[0].best_high, 1);
        assert_float_equal(d->decisive[1].worth, 1.0 / 16, 0.001);
        assert_true(d->decisive[2].worth < d->floor);
        assert_true(d->floor < 0.012 && d->bias < d->floor && d->bias > 0);
        dt_decision_free(d);
    }
    unmake(m);
}

/* The bias is what theory says: with bins of n points and a difference of standard deviation s the
 * maximum of two equal policies is too large by s / √(2 π n); and the worth of nothing is 0 when one
 * policy is far ahead. */
static dt_status measure_floor(dt_arena *arena, void *argument)
{
    (void)argument;
    enum { MANY = 1000 };
    static double u[2 * MANY], x[MANY];
    fill_random(x, MANY, 1);
    for (size_t n = 0; n < MANY; n++)
        u[MANY + n] = x[n] - 0.5;
    double mean, floor;
    dt_information_floor(arena, u, 2, MANY, 1, 400, &mean, &floor);
    const double wanted = sqrt(1.0 / 12) / sqrt(2 * 3.14159265358979 * 100);
    assert_int_equal(dt_information_bins(MANY), 10);
    assert_float_equal(mean, wanted, 0.1 * wanted);
    assert_true(floor > mean && floor < 5 * mean);
    for (size_t n = 0; n < MANY; n++)
        u[n] = 10;
    dt_information_floor(arena, u, 2, MANY, 1, 50, &mean, &floor);
    assert_float_equal(floor, 0, 1e-12);
    dt_decisive d;
    dt_information(arena, x, u, 2, MANY, &d);
    assert_float_equal(d.worth, 0, 1e-12);
    assert_true(isnan(d.turn));
    dt_information(arena, x, u, 2, 15, &d);
    assert_true(isnan(d.worth)); /* too few */
    return DT_OK;
}

static void floor_of_knowing(void **state)
{
    (void)state;
    in_arena(measure_floor);
}

/* ---- ranks ---- */

/* y = exp(3 x0) - tiny x1: a monotonic function of x0 has rank correlation 1 with it, and all is
 * explained; of two independent numbers with weights 3 and 4 each has the correlation that the
 * closed form gives for sums of even numbers, and R² is nearly 1. */
static void rank_correlations(void **state)
{
    (void)state;
    enum { MANY = 2000 };
    made *m = make(1, 3, MANY);
    m->data.design = DT_DESIGN_LATIN;
    static const size_t base[] = {2, 3, 5};
    for (size_t w = 0; w < MANY; w++) {
        for (size_t i = 0; i < 3; i++)
            *parameter_of(m, w, i) = van_der_corput(w + 1, base[i]);
        const double *x = parameter_of(m, w, 0);
        numbers(m, 0, MORE)[w] = exp(3 * x[0]);
        numbers(m, 0, LESS)[w] = x[0] - x[1];
        numbers(m, 0, PLAIN)[w] = floor(4 * x[2]);
    }
    dt_sensitivity *s;
    assert_int_equal(dt_sensitivities(&m->data, 0, MORE, &m->options, &s), DT_OK);
    assert_float_equal(s->rank[0].correlation, 1, 1e-12);
    assert_float_equal(s->rank[0].standardised, 1, 1e-9);
    assert_float_equal(s->explained, 1, 1e-9);
    assert_true(fabs(s->rank[1].correlation) < s->rank_floor);
    assert_float_equal(s->rank_floor, 1.96 / sqrt(1999), 1e-5);
    /* three parameters: the normal quantile of 1 - 0.05 / 6, from tables */
    assert_float_equal(s->rank_floor_all, 2.393980 / sqrt(1999), 1e-6);
    dt_sensitivity_free(s);
    /* Spearman of x0 with x0 - x1, even and independent: 12 E[x0 F(x0 - x1)] - 3 = .7 */
    assert_int_equal(dt_sensitivities(&m->data, 0, LESS, &m->options, &s), DT_OK);
    assert_float_equal(s->rank[0].correlation, 0.7, 0.005);
    assert_float_equal(s->rank[1].correlation, -0.7, 0.005);
    assert_float_equal(s->explained, 0.98, 0.005);
    dt_sensitivity_free(s);
    /* ties: four classes of equal size have √(15/16) */
    assert_int_equal(dt_sensitivities(&m->data, 0, PLAIN, &m->options, &s), DT_OK);
    assert_float_equal(s->rank[2].correlation, sqrt(15.0 / 16), 0.002);
    dt_sensitivity_free(s);
    unmake(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sum_of_indices),        cmocka_unit_test(sobols_g_function),
        cmocka_unit_test(indices_far_from_zero), cmocka_unit_test(indices_of_any_unit),
        cmocka_unit_test(elementary_effects),    cmocka_unit_test(flips_of_straight_lines),
        cmocka_unit_test(worth_of_knowing),      cmocka_unit_test(floor_of_knowing),
        cmocka_unit_test(rank_correlations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
