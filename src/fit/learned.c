/*
 * Prior and posterior side by side. The prior's mean, deviation and quantiles are the distribution's, by
 * the midpoint rule over its shares; the posterior's those of the draws. The share of the variance that
 * is gone, 1 - posterior/prior, says what was learned of a number; where it can't be told from the noise of
 * as many draws as the particles are worth, the likelihood is flat in it for all that is known.
 * Correlations are those of normal scores, in which the copula has them, so that a pair that correlates
 * strongly is one whose numbers the record can't tell apart: it knows them together only.
 */
#include "fit/learned.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

static const double LOW = 0.05, HIGH = 0.95, NOISE = 3;

static double quantile_at(const dt_fitting *f, size_t param, double share)
{
    return dt_quantile_at(dt_draws_quantile(f->draws, param), (dt_share){share, 1 - share});
}

void dt_prior_moments(const dt_quantile *prior, double *mean, double *sd)
{
    const int points = DT_PRIOR_MIDPOINTS;
    double sum = 0, squares = 0;
    for (int i = 0; i < points; i++) {
        const double share = (i + 0.5) / points;
        sum += dt_quantile_at(prior, (dt_share){share, 1 - share}) / points;
    }
    for (int i = 0; i < points; i++) {
        const double share = (i + 0.5) / points,
                     d = dt_quantile_at(prior, (dt_share){share, 1 - share}) - sum;
        squares += d * d / points;
    }
    *mean = sum;
    *sd = sqrt(squares);
}

static void describe_prior(const dt_fitting *f, dt_fitted_number *n)
{
    dt_prior_moments(dt_draws_quantile(f->draws, n->parameter), &n->prior_mean, &n->prior_sd);
    n->prior_low = quantile_at(f, n->parameter, LOW);
    n->prior_high = quantile_at(f, n->parameter, HIGH);
}

/* Of value[draws]; `room` as long. */
static void describe_posterior(const double *value, double *room, size_t draws,
                               const dt_swarm *swarm, dt_fitted_number *n)
{
    n->mean = gsl_stats_mean(value, 1, draws);
    n->sd = gsl_stats_sd_m(value, 1, draws, n->mean);
    n->effective = swarm ? dt_swarm_effective(swarm, value, room) : (double)NAN;
    for (size_t i = 0; i < draws; i++)
        room[i] = value[i];
    gsl_sort(room, 1, draws);
    n->low = gsl_stats_quantile_from_sorted_data(room, 1, draws, LOW);
    n->high = gsl_stats_quantile_from_sorted_data(room, 1, draws, HIGH);
    const double ratio = n->sd / n->prior_sd;
    n->learned = 1 - ratio * ratio;
    /* a variance of m normal draws has the relative deviation sqrt(2/m); and the mean has moved, or not */
    const double worth = swarm ? n->effective : (double)draws;
    const double moved = fabs(n->mean - n->prior_mean) / n->prior_sd;
    n->flat = fabs(n->learned) < NOISE * sqrt(2 / worth) && moved < NOISE / sqrt(worth);
}

static int stronger(const void *a, const void *b)
{
    const dt_fitted_pair *x = a, *y = b;
    const double p = fabs(x->posterior), q = fabs(y->posterior);
    if (p != q)
        return p < q ? 1 : -1;
    return x->a != y->a ? (x->a < y->a ? -1 : 1) : x->b < y->b ? -1 : 1;
}

/* The normal scores of the numbers themselves: L z of those that correlate. */
static void correlate_scores(const dt_joint *joint, const double *z, size_t k, double *room,
                             double *score)
{
    for (size_t a = 0; a < k; a++)
        score[a] = z[a];
    for (size_t r = 0; r < joint->rows; r++)
        room[r] = z[joint->row[r]];
    dt_joint_scores(joint, room, room + joint->rows);
    for (size_t r = 0; r < joint->rows; r++)
        score[joint->row[r]] = room[joint->rows + r];
}

static double prior_correlation(const dt_joint *joint, size_t a, size_t b)
{
    double sum = 0;
    for (size_t r = 0; r < joint->rows; r++) {
        for (size_t q = 0; q < r; q++) {
            if (joint->row[r] != (a > b ? a : b) || joint->row[q] != (a > b ? b : a))
                continue;
            for (size_t j = 0; j <= q; j++)
                sum += joint->factor[r * joint->rows + j] * joint->factor[q * joint->rows + j];
        }
    }
    return sum;
}

static void compare_pairs(const dt_fitting *f, dt_arena *arena, const double *score, size_t draws,
                          dt_fit *fit)
{
    const size_t k = f->plan->varied;
    const dt_joint joint = dt_joint_of(f->arena, f->model, f->plan->vary, k);
    double *room = dt_new(f->arena, double, 2 * joint.rows + 1),
           *of = dt_take(f->arena, draws, k * sizeof *of);
    for (size_t i = 0; i < draws; i++)
        correlate_scores(&joint, score + i * k, k, room, of + i * k);
    dt_fitted_pair *pair = dt_new(arena, dt_fitted_pair, k * (k - 1) / 2 + 1);
    for (size_t a = 0; a < k; a++) {
        for (size_t b = a + 1; b < k; b++) {
            const double found = gsl_stats_correlation(of + a, k, of + b, k, draws);
            pair[fit->pairs++] =
                (dt_fitted_pair){a, b, prior_correlation(&joint, a, b), isnan(found) ? 0 : found};
        }
    }
    qsort(pair, fit->pairs, sizeof *pair, stronger);
    fit->pair = pair;
}

void dt_learned(const dt_fitting *f, dt_arena *arena, const double *score, size_t draws,
                const dt_swarm *swarm, dt_fit *fit)
{
    const size_t k = f->plan->varied, params = (size_t)f->model->params;
    dt_fitted_number *number = dt_new(arena, dt_fitted_number, k);
    double *value = dt_take(f->arena, draws, k * sizeof *value),
           *share = dt_new(f->arena, double, k), *world = dt_new(f->arena, double, params),
           *room = dt_new(f->arena, double, draws);
    assert(draws >= 2 && (!swarm || swarm->particles == draws));
    for (size_t i = 0; i < draws; i++) {
        dt_fitting_shares(f, 1, score + i * k, share);
        dt_placing_world(f->placing, share, world);
        for (size_t a = 0; a < k; a++)
            value[a * draws + i] = world[f->plan->vary[a]];
    }
    for (size_t a = 0; a < k; a++) {
        number[a] =
            (dt_fitted_number){.parameter = f->plan->vary[a], .uniform = !f->plan->is_risk[a]};
        describe_prior(f, &number[a]);
        describe_posterior(value + a * draws, room, draws, swarm, &number[a]);
    }
    fit->numbers = k;
    fit->number = number;
    compare_pairs(f, arena, score, draws, fit);
}
