/*
 * Draws for the C tests: models of nothing but parameters, prepared for drawing, and the size and the
 * bounds of their statistics.
 *
 * On the bounds: every statistic is computed from a fixed seed, so a test that passes passes for
 * ever. The bounds are those at which a right program would fail for one seed in a thousand
 * million: 3.3 for sqrt(n) times Kolmogorov and Smirnov's distance, since its probability of
 * exceeding c tends to at most 2 exp(-2c²) = 7e-10; and 6 standard errors, 2e-9, for what is
 * nearly normal.
 */
#ifndef DT_TEST_DRAWN_H
#define DT_TEST_DRAWN_H

#include <math.h>

#include "play.h"

enum { WORLDS = 20000, MOST_PARAMETERS = 64 };
#define PI       3.14159265358979323846
#define DISTANCE 3.3
#define ERRORS   6.0

/* A model of the parameters in `lines`. */
static inline dt_model *declare(const char *lines, const dt_options *options)
{
    static const char frame[] = "model drawn\nhorizon 1\nactor A\nstate x : 0..1 = 0\n"
                                "stage s : A { A.up { x += 1 } A.stay }\npayoff A { x = x }\n";
    char text[8192];
    const int length = snprintf(text, sizeof text, "%s%s", frame, lines);
    assert_in_range(length, 1, sizeof text - 1);
    return play_text(text, options);
}

static inline dt_draws *prepare(const dt_model *model, const dt_options *options)
{
    dt_draws *draws = NULL;
    assert_int_equal(dt_draws_prepare(model, options, &draws), DT_OK);
    assert_non_null(draws);
    return draws;
}

/* For qsort and bsearch. */
static inline int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline void look_at_distances(const char *what, double (*below)(double), double *sample)
{
    qsort(sample, WORLDS, sizeof *sample, ascending);
    double distance = 0;
    for (int k = 0; k < WORLDS; k++) {
        const double share = below(sample[k]);
        distance = fmax(distance, fmax(share - (double)k / WORLDS, (k + 1.0) / WORLDS - share));
    }
    if (!(distance * sqrt(WORLDS) < DISTANCE))
        fail_msg("%s: Kolmogorov and Smirnov's distance is %g / sqrt(n)", what,
                 distance * sqrt(WORLDS));
}

/* ---- distribution functions ---- */

/* 1 - F and F of what the cases below need, each from its own formula. */
static inline double normal_above(double x)
{
    return erfc(x / sqrt(2)) / 2;
}

/* beta(a, b) of whole numbers: at least a successes in a + b - 1 trials. */
static inline double beta_below(int a, int b, double x)
{
    double sum = 0;
    const int n = a + b - 1;
    for (int k = a; k <= n; k++)
        sum +=
            exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) * pow(x, k) * pow(1 - x, n - k);
    return sum;
}

static inline double arcsine_below(double x)
{
    return 2 / PI * asin(sqrt(x));
}

static inline double normal_1_2(double x)
{
    return normal_above((1 - x) / 2);
}

static inline double beta_2_3(double x)
{
    return beta_below(2, 3, x);
}

#endif
