/*
 * Tempered sequential Monte Carlo against what is known in closed form, or by quadrature: the posterior
 * and the evidence of normal observations, of two modes, of a likelihood that rules half of the prior
 * out. The stated error of the evidence is what it really is, over many seeds.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fit/tempering.h"

static const double TAU = 6.283185307179586476925;

/* ---- the likelihoods ---- */

/* Coordinate a was observed to be y[a], with error s[a]. */
typedef struct gaussian {
    size_t k;
    double y[8], s[8];
} gaussian;

static dt_status gaussian_loglik(void *context, size_t count, const double *z, double *loglik)
{
    const gaussian *g = context;
    for (size_t i = 0; i < count; i++) {
        loglik[i] = 0;
        for (size_t a = 0; a < g->k; a++) {
            const double d = (z[i * g->k + a] - g->y[a]) / g->s[a];
            loglik[i] -= 0.5 * d * d + log(g->s[a]) + 0.5 * log(TAU);
        }
    }
    return DT_OK;
}

/* The prior being a standard normal, y is normal with variance 1 + s². */
static double gaussian_evidence(const gaussian *g)
{
    double sum = 0;
    for (size_t a = 0; a < g->k; a++) {
        const double v = 1 + g->s[a] * g->s[a];
        sum -= 0.5 * (g->y[a] * g->y[a] / v + log(TAU * v));
    }
    return sum;
}

/* Two modes and a bent ridge between them; nothing to the left of a line. */
static double bent(double x, double y)
{
    if (x + y < -2.5)
        return -INFINITY;
    const double ridge = y - 0.8 * x * x + 0.5, ends = x * x - 1.4;
    return -8 * ridge * ridge - 2 * ends * ends;
}

static dt_status bent_loglik(void *context, size_t count, const double *z, double *loglik)
{
    (void)context;
    for (size_t i = 0; i < count; i++)
        loglik[i] = bent(z[2 * i], z[2 * i + 1]);
    return DT_OK;
}

/* ---- running ---- */

typedef struct sampling {
    dt_swarm *swarm;
    const dt_target *target;
    size_t particles;
    uint64_t seed;
    dt_arena *arena;
} sampling;

static dt_status sample(void *argument)
{
    sampling *s = argument;
    s->swarm = dt_swarm_new(s->arena, s->particles, s->target->dimensions, s->seed);
    dt_status status = dt_swarm_start(s->swarm, s->target);
    while (status == DT_OK && s->swarm->at.temperature < 1)
        status = dt_swarm_step(s->swarm, s->target, NULL, NULL);
    return status;
}

static sampling sampled(const dt_target *target, size_t particles, uint64_t seed)
{
    sampling s = {.target = target, .particles = particles, .seed = seed};
    s.arena = dt_arena_new(NULL, 0);
    assert_int_equal(dt_arena_try(s.arena, sample, &s), DT_OK);
    return s;
}

static void moments(const dt_swarm *swarm, size_t a, double *mean, double *sd)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < swarm->particles; i++)
        sum += swarm->score[i * swarm->dimensions + a];
    *mean = sum / (double)swarm->particles;
    for (size_t i = 0; i < swarm->particles; i++) {
        const double d = swarm->score[i * swarm->dimensions + a] - *mean;
        squares += d * d;
    }
    *sd = sqrt(squares / (double)swarm->particles);
}

/* ---- what is known ---- */

static void the_posterior_of_normal_observations(void **state)
{
    (void)state;
    static const gaussian of[] = {
        {1, {1.5},                                      {0.5}                                    },
        {2, {-2, 0.3},                                  {0.1, 2}                                 },
        {6, {0.1, -0.5, 1, 2, -1.2, 0.4},               {0.3, 0.3, 0.5, 0.2, 1, 0.05}            },
        {8, {0.5, 0.5, 0.5, 0.5, -0.5, -0.5, -0.5, -2}, {0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.02}},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        const dt_target target = {of[i].k, gaussian_loglik, (void *)(uintptr_t)&of[i]};
        sampling s = sampled(&target, 2048, 7 + i);
        double *value = calloc(2 * s.particles, sizeof *value);
        const double error = dt_swarm_evidence_error(s.swarm);
        assert_true(error > 0 && error < 0.25);
        assert_true(fabs(s.swarm->at.evidence - gaussian_evidence(&of[i])) < 3 * error);
        for (size_t a = 0; a < of[i].k; a++) {
            const double v = of[i].s[a] * of[i].s[a], sd_known = sqrt(v / (1 + v));
            double mean, sd;
            moments(s.swarm, a, &mean, &sd);
            for (size_t p = 0; p < s.particles; p++)
                value[p] = s.swarm->score[p * of[i].k + a];
            const double worth = dt_swarm_effective(s.swarm, value, value + s.particles);
            assert_true(worth > 500 && worth <= 2048);
            assert_true(fabs(mean - of[i].y[a] / (1 + v)) < 4 * sd_known / sqrt(worth));
            assert_true(fabs(sd / sd_known - 1) < 4 / sqrt(2 * worth));
        }
        free(value);
        dt_arena_free(s.arena);
    }
}

/* Simpson's rule over a square that holds all but 1e-14 of it. */
static double bent_evidence(void)
{
    enum { N = 2000 };
    const double low = -8, step = 16.0 / N;
    double sum = 0;
    for (int i = 0; i <= N; i++) {
        const double x = low + i * step, a = i == 0 || i == N ? 1 : i % 2 ? 4 : 2;
        for (int j = 0; j <= N; j++) {
            const double y = low + j * step, b = j == 0 || j == N ? 1 : j % 2 ? 4 : 2;
            sum += a * b * exp(bent(x, y) - 0.5 * (x * x + y * y)) / TAU;
        }
    }
    return log(sum * step * step / 9);
}

static void two_modes_by_quadrature(void **state)
{
    (void)state;
    const double known = bent_evidence();
    const dt_target target = {2, bent_loglik, NULL};
    sampling few = sampled(&target, 1024, 3), many = sampled(&target, 65536, 3);
    assert_true(fabs(few.swarm->at.evidence - known) < 3 * dt_swarm_evidence_error(few.swarm));
    assert_true(fabs(many.swarm->at.evidence - known) < 3 * dt_swarm_evidence_error(many.swarm));
    assert_true(fabs(expm1(many.swarm->at.evidence - known)) < 0.01);
    /* a rule about x and -x: both modes have their half, but for the line that cuts one */
    size_t left = 0;
    for (size_t i = 0; i < many.particles; i++)
        left += many.swarm->score[2 * i] < 0;
    assert_true(fabs((double)left / 65536 - 0.5) < 0.02);
    assert_true(few.swarm->at.without > 0);
    dt_arena_free(few.arena);
    dt_arena_free(many.arena);
}

/* Over seeds the distance from the truth is what the stated error says. */
static void the_stated_error_is_the_error(void **state)
{
    (void)state;
    static gaussian of[] = {
        {2, {-2, 0.3},                    {0.1, 2}                     },
        {6, {0.1, -0.5, 1, 2, -1.2, 0.4}, {0.3, 0.3, 0.5, 0.2, 1, 0.05}}
    };
    for (size_t i = 0; i < 2; i++) {
        const dt_target target = {of[i].k, gaussian_loglik, &of[i]};
        enum { SEEDS = 200 };
        double squares = 0, mean = 0;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            sampling s = sampled(&target, 256, seed);
            const double d = (s.swarm->at.evidence - gaussian_evidence(&of[i])) /
                             dt_swarm_evidence_error(s.swarm);
            squares += d * d / SEEDS;
            mean += d / SEEDS;
            dt_arena_free(s.arena);
        }
        print_message("error: rms %.3f mean %.3f\n", sqrt(squares), mean);
        /* the root mean square of 200 standard normal numbers is within 0.15 of 1 */
        assert_true(sqrt(squares) > 0.75 && sqrt(squares) < 1.25);
        assert_true(fabs(mean) < 0.4);
    }
}

/* ---- what it isn't to depend on ---- */

/* Asks for the same points in pieces of other sizes. */
static dt_status in_pieces(void *context, size_t count, const double *z, double *loglik)
{
    const gaussian *g = context;
    for (size_t i = 0; i < count; i += 7)
        gaussian_loglik(context, count - i < 7 ? count - i : 7, z + i * g->k, loglik + i);
    return DT_OK;
}

static void pieces_change_nothing(void **state)
{
    (void)state;
    gaussian g = {
        3, {1,   -1,  0.2},
         {0.3, 0.1, 1  }
    };
    const dt_target whole = {3, gaussian_loglik, &g}, pieces = {3, in_pieces, &g};
    sampling a = sampled(&whole, 100, 5), b = sampled(&pieces, 100, 5);
    assert_memory_equal(a.swarm->score, b.swarm->score, 300 * sizeof(double));
    assert_true(a.swarm->at.evidence == b.swarm->at.evidence);
    sampling c = sampled(&whole, 100, 6);
    assert_memory_not_equal(a.swarm->score, c.swarm->score, 300 * sizeof(double));
    dt_arena_free(a.arena);
    dt_arena_free(b.arena);
    dt_arena_free(c.arena);
}

static dt_status nowhere(void *context, size_t count, const double *z, double *loglik)
{
    (void)context;
    (void)z;
    for (size_t i = 0; i < count; i++)
        loglik[i] = i % 2 ? NAN : -INFINITY;
    return DT_OK;
}

static void a_prior_without_a_chance(void **state)
{
    (void)state;
    const dt_target target = {2, nowhere, NULL};
    sampling s = {.target = &target, .particles = 64, .seed = 1, .arena = dt_arena_new(NULL, 0)};
    assert_int_equal(dt_arena_try(s.arena, sample, &s), DT_NO);
    assert_int_equal(s.swarm->at.without, 64);
    dt_arena_free(s.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_posterior_of_normal_observations),
        cmocka_unit_test(two_modes_by_quadrature),
        cmocka_unit_test(the_stated_error_is_the_error),
        cmocka_unit_test(pieces_change_nothing),
        cmocka_unit_test(a_prior_without_a_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
