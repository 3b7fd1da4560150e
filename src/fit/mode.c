/*
 * The mode of the posterior density of normal scores, climbed to by a quasi-Newton method (Broyden,
 * Fletcher, Goldfarb & Shanno, as GSL has it: with a memory of one pair, Shanno 1978, and Fletcher's search, 1987), and
 * the curvature there. Derivatives are
 * central differences, all points of a gradient or of the curvature being asked for at once: they are
 * lanes of one ensemble. The climb starts at the best of some draws of the prior and its middle.
 *
 * With H minus the second derivatives of the log density at the mode, the posterior is about normal with
 * covariance H⁻¹, and the evidence about density × (2π)^(k/2) / √det H (Laplace; Tierney & Kadane 1986).
 * What is said of each number, other than at the mode itself, is that of draws of this normal distribution.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

#include "base/cholesky.h"
#include "base/diagnostic.h"
#include "base/job.h"
#include "fit/learned.h"
#include "fit/moves.h"
#include "study/cluster.h"

enum { STARTS = 64, MOST_STEPS = 200, DRAWS = 4096 };
/* Differences of scores: of gradients; of the curvature at first, then a part of the deviation, within limits. */
static const double STEP = 1e-4, WIDE = 1e-2, PART = 0.1, LEAST_STEP = 1e-3, MOST_STEP = 0.1;
static const double FLAT = 1e-3, NOWHERE = 1e10;

typedef struct climb {
    dt_fitting fitting;
    dt_arena *arena; /* of the answer */
    dt_fit *fit;
    dt_target target;
    size_t k;
    double *point, *value; /* room for all points of a curvature, or of the starts */
    gsl_multimin_fdfminimizer *minimiser;
    gsl_vector *start;
    dt_status status; /* of the likelihood */
    bool met;         /* with the other ranks */
} climb;

/* ---- the density ------------------------------------------------------------------------------ */

/* Log density up to the constant of the prior, at the first `count` points, into value[count]. */
static void ask(climb *c, size_t count)
{
    dt_fit *fit = c->fit;
    if (c->status == DT_OK)
        c->status = c->target.loglik(c->target.context, count, c->point, c->value);
    fit->evaluations += count;
    for (size_t i = 0; i < count; i++) {
        const double *z = c->point + i * c->k;
        const bool has = c->status == DT_OK && c->value[i] > -INFINITY;
        fit->without += !has;
        double density = has ? c->value[i] : -NOWHERE;
        for (size_t a = 0; a < c->k; a++)
            density -= 0.5 * z[a] * z[a];
        c->value[i] = density;
    }
}

static void put(climb *c, size_t i, const gsl_vector *x)
{
    for (size_t a = 0; a < c->k; a++)
        c->point[i * c->k + a] = gsl_vector_get(x, a);
}

static double minus_density(const gsl_vector *x, void *context)
{
    climb *c = context;
    put(c, 0, x);
    ask(c, 1);
    return -c->value[0];
}

/* Points 1 + 2a and 2 + 2a are a step down and up in coordinate a. */
static void density_and_slope(const gsl_vector *x, void *context, double *f, gsl_vector *slope)
{
    climb *c = context;
    for (size_t i = 0; i <= 2 * c->k; i++)
        put(c, i, x);
    for (size_t a = 0; a < c->k; a++) {
        c->point[(1 + 2 * a) * c->k + a] -= STEP;
        c->point[(2 + 2 * a) * c->k + a] += STEP;
    }
    ask(c, 1 + 2 * c->k);
    *f = -c->value[0];
    for (size_t a = 0; a < c->k; a++)
        gsl_vector_set(slope, a, (c->value[1 + 2 * a] - c->value[2 + 2 * a]) / (2 * STEP));
}

static void slope_alone(const gsl_vector *x, void *context, gsl_vector *slope)
{
    double f;
    density_and_slope(x, context, &f, slope);
}

/* ---- the climb -------------------------------------------------------------------------------- */

/* The best of the prior's middle and some draws of it. False if none has a likelihood. */
static bool choose_start(climb *c)
{
    const dt_swarm numbers = {.seed = c->fitting.asked->seed};
    memset(c->point, 0, c->k * sizeof *c->point);
    for (size_t i = 1; i < STARTS; i++)
        dt_swarm_normals(&numbers, i, DT_DRAW_PRIOR, c->k, c->point + i * c->k);
    ask(c, STARTS);
    size_t best = 0;
    for (size_t i = 1; i < STARTS; i++)
        best = c->value[i] > c->value[best] ? i : best;
    for (size_t a = 0; a < c->k; a++)
        gsl_vector_set(c->start, a, c->point[best * c->k + a]);
    return c->fit->without < STARTS;
}

/* Restarted where a line search ends without success, as long as that helps. */
static void go_up(climb *c)
{
    gsl_multimin_function_fdf function = {minus_density, slope_alone, density_and_slope, c->k, c};
    gsl_multimin_fdfminimizer *m = c->minimiser;
    double before = INFINITY;
    for (int again = 0; again < 10 && c->status == DT_OK; again++) {
        gsl_multimin_fdfminimizer_set(m, &function, c->start, 0.1, 0.1);
        for (int step = 0; step < MOST_STEPS && c->status == DT_OK; step++) {
            c->fit->steps++;
            if (gsl_multimin_fdfminimizer_iterate(m) != GSL_SUCCESS ||
                gsl_multimin_test_gradient(m->gradient, FLAT / 10) == GSL_SUCCESS)
                break;
        }
        gsl_vector_memcpy(c->start, m->x);
        if (!(m->f < before - 1e-9))
            break;
        before = m->f;
    }
}

/* ---- the curvature ---------------------------------------------------------------------------- */

/* H by central differences of steps h[k]; the centre is c->start. */
static void curvature(climb *c, const double *h, double *matrix)
{
    const size_t k = c->k;
    size_t at = 0;
    put(c, at++, c->start);
    for (size_t a = 0; a < k; a++) {
        for (int sign = -1; sign <= 1; sign += 2, at++) {
            put(c, at, c->start);
            c->point[at * k + a] += sign * h[a];
        }
    }
    for (size_t a = 0; a < k; a++) {
        for (size_t b = 0; b < a; b++) {
            for (int corner = 0; corner < 4; corner++, at++) {
                put(c, at, c->start);
                c->point[at * k + a] += corner & 1 ? h[a] : -h[a];
                c->point[at * k + b] += corner & 2 ? h[b] : -h[b];
            }
        }
    }
    ask(c, at);
    const double *v = c->value;
    at = 1 + 2 * k;
    for (size_t a = 0; a < k; a++) {
        matrix[a * k + a] = -(v[1 + 2 * a] - 2 * v[0] + v[2 + 2 * a]) / (h[a] * h[a]);
        for (size_t b = 0; b < a; b++, at += 4)
            matrix[a * k + b] = -(v[at] - v[at + 1] - v[at + 2] + v[at + 3]) / (4 * h[a] * h[b]);
    }
}

/* The factor of H in `matrix`. False if it isn't positive definite. */
static bool find_curvature(climb *c, double *h, double *matrix)
{
    for (size_t a = 0; a < c->k; a++)
        h[a] = WIDE;
    curvature(c, h, matrix);
    for (size_t a = 0; a < c->k; a++) {
        const double own = matrix[a * c->k + a];
        h[a] = own > 0 ? fmin(fmax(PART / sqrt(own), LEAST_STEP), MOST_STEP) : WIDE;
    }
    curvature(c, h, matrix);
    return dt_cholesky(matrix, c->k);
}

/* Draws around the mode with covariance H⁻¹: what solves Lᵀ x = normal has it. */
static void draw_around(climb *c, const double *factor, double *score)
{
    const size_t k = c->k;
    const dt_swarm numbers = {.seed = c->fitting.asked->seed, .at = {.steps = 1}};
    for (size_t i = 0; i < DRAWS; i++) {
        double *x = score + i * k;
        dt_swarm_normals(&numbers, i, DT_DRAW_PRIOR, k, x);
        for (size_t a = k; a-- > 0;) {
            for (size_t b = a + 1; b < k; b++)
                x[a] -= factor[b * k + a] * x[b];
            x[a] /= factor[a * k + a];
        }
        for (size_t a = 0; a < k; a++)
            x[a] += gsl_vector_get(c->start, a);
    }
}

/* ---- what is said ----------------------------------------------------------------------------- */

static void forget_spread(dt_fit *fit)
{
    dt_fitted_number *number = (dt_fitted_number *)(uintptr_t)fit->number;
    for (size_t a = 0; a < fit->numbers; a++) {
        number[a].mean = number[a].sd = number[a].low = number[a].high = number[a].learned = NAN;
        number[a].flat = false;
    }
    fit->pairs = 0;
    fit->evidence = NAN;
}

static void answer(climb *c, const double *factor)
{
    const size_t k = c->k, params = (size_t)c->fitting.model->params;
    dt_fit *fit = c->fit;
    double *mode = dt_new(c->arena, double, params), *share = dt_new(c->fitting.arena, double, k),
           *score = dt_take(c->fitting.arena, DRAWS, k * sizeof *score);
    double density = -minus_density(c->start, c);
    dt_fitting_shares(&c->fitting, 1, c->point, share);
    dt_placing_world(c->fitting.placing, share, mode);
    fit->mode = mode;
    fit->loglik = fit->evidence = density;
    for (size_t a = 0; a < k; a++) {
        fit->loglik += 0.5 * c->point[a] * c->point[a];
        /* the prior's (2π)^(-k/2) and Laplace's (2π)^(k/2) are one */
        if (fit->peak)
            fit->evidence -= log(factor[a * k + a]);
    }
    fit->evidence_error = NAN;
    if (fit->peak)
        draw_around(c, factor, score);
    dt_learned(&c->fitting, c->arena, score, DRAWS, NULL, fit);
    if (!fit->peak)
        forget_spread(fit);
}

static dt_status work(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    climb *c = argument;
    c->arena = arena;
    c->fitting.arena = scratch;
    c->fit = dt_new(arena, dt_fit, 1);
    *c->fit = (dt_fit){.owner = arena};
    dt_status status = dt_fitting_prepare(&c->fitting);
    if (status != DT_OK)
        return status;
    dt_cluster_meet();
    c->met = true;
    if (dt_cluster_is_worker()) {
        *found = c->fit;
        return dt_fitting_serve(&c->fitting);
    }
    const size_t k = c->k = c->fitting.plan->varied, points = 1 + 2 * k * k;
    c->target = dt_fitting_target(&c->fitting);
    c->point = dt_take(scratch, points > STARTS ? points : STARTS, k * sizeof *c->point);
    c->value = dt_new(scratch, double, points > STARTS ? points : STARTS);
    double *h = dt_new(scratch, double, k), *matrix = dt_new(scratch, double, k *k);
    c->start = gsl_vector_alloc(k);
    c->minimiser = gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, k);
    if (!c->start || !c->minimiser)
        dt_refuse(scratch, "the machine has no more memory");
    if (!choose_start(c)) {
        if (c->status == DT_OK)
            dt_fitting_hopeless(&c->fitting, STARTS);
        return c->status == DT_OK ? DT_NO : c->status;
    }
    go_up(c);
    for (size_t a = 0; a < k; a++)
        c->fit->slope = fmax(c->fit->slope, fabs(gsl_vector_get(c->minimiser->gradient, a)));
    c->fit->peak = find_curvature(c, h, matrix);
    answer(c, matrix);
    *found = c->fit;
    return c->status;
}

dt_status dt_fit_mode(const dt_model *model, const dt_fit_plan *plan, const dt_options *options,
                      dt_fit **fit)
{
    if (fit)
        *fit = NULL;
    if (!fit || !dt_fitting_right(model, plan))
        return dt_refuse_call(options, "dt_fit_mode",
                              "a plan that isn't one of the model, or nowhere to put the fit");
    climb c = {
        .fitting = {.model = model, .asked = plan, .options = options}
    };
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    const dt_status status = dt_answer(options, work, &c, (void **)fit);
    gsl_set_error_handler(handler);
    if (c.minimiser)
        gsl_multimin_fdfminimizer_free(c.minimiser);
    if (c.start)
        gsl_vector_free(c.start);
    dt_draws_free(c.fitting.draws);
    if (dt_cluster_is_worker()) {
        dt_fit_free(*fit);
        *fit = NULL;
    } else if (c.met) {
        dt_fitting_end(status);
    }
    if (c.met)
        dt_cluster_part();
    return status;
}
