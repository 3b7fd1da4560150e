/*
 * A fit read back from its file: of each fitted number how it was distributed before, and how the draws are. The prior's
 * moments and shares are its quantiles' at the middles of so many equal shares (learned.c), the posterior's those of the
 * draws, counted: a histogram has no width of smoothing to choose, and invents no probability beyond a bound.
 */
#include <assert.h>
#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "base/job.h"
#include "fit/learned.h"
#include "study/draw.h"

/* As much of the prior lies beyond either end of the bins at most. */
static const double BEYOND = 0.005;

typedef struct reading {
    const dt_study_data *data;
    const dt_options *options;
    dt_draws *draws; /* to be freed */
    size_t count;    /* of draws */
} reading;

static double prior_at(const dt_quantile *prior, double share)
{
    return dt_quantile_at(prior, (dt_share){share, 1 - share});
}

/* Between which numbers the bins lie. draw[draws] ascending. */
static void choose_edges(const dt_quantile *prior, const double *draw, size_t draws,
                         dt_posterior_number *n)
{
    if (prior->values > 0) {
        n->bins =
            (size_t)prior->values < DT_POSTERIOR_BINS ? (size_t)prior->values : DT_POSTERIOR_BINS;
        n->edge[0] = prior->list[0];
        for (size_t i = 1; i < n->bins; i++)
            n->edge[i] = (prior->list[i - 1] + prior->list[i]) / 2;
        n->edge[n->bins] = prior->list[prior->values - 1];
        return;
    }
    const double low = fmin(draw[0], prior_at(prior, BEYOND)),
                 high = fmax(draw[draws - 1], prior_at(prior, 1 - BEYOND));
    n->bins = high > low ? DT_POSTERIOR_BINS : 1;
    for (size_t i = 0; i < n->bins; i++)
        n->edge[i] = low + (high - low) * (double)i / (double)n->bins;
    n->edge[n->bins] = high;
}

/* Adds a number's weight to the bin that holds it; those beyond the ends are in none. */
static void count_number(dt_posterior_number *n, int when, double x, double weight)
{
    if (x < n->edge[0] || x > n->edge[n->bins])
        return;
    size_t low = 0, high = n->bins; /* edge[low] <= x, and x < edge[high] but at the last edge */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(n->edge[middle] <= x ? &low : &high) = middle;
    }
    n->share[when][low] += weight;
}

static void read_number(const reading *r, const dt_quantile *prior, const double *draw,
                        dt_posterior_number *n)
{
    choose_edges(prior, draw, r->count, n);
    for (size_t i = 0; i < DT_PRIOR_MIDPOINTS; i++)
        count_number(n, DT_BEFORE, prior_at(prior, ((double)i + 0.5) / DT_PRIOR_MIDPOINTS),
                     1.0 / DT_PRIOR_MIDPOINTS);
    for (size_t i = 0; i < r->count; i++)
        count_number(n, DT_AFTER, draw[i], 1 / (double)r->count);
    for (size_t q = 0; q < DT_QUANTILES; q++) {
        const double share = dt_quantile_share(q);
        n->quantile[DT_BEFORE][q] = prior_at(prior, share);
        n->quantile[DT_AFTER][q] = gsl_stats_quantile_from_sorted_data(draw, 1, r->count, share);
    }
    dt_prior_moments(prior, &n->mean[DT_BEFORE], &n->sd[DT_BEFORE]);
    n->mean[DT_AFTER] = gsl_stats_mean(draw, 1, r->count);
    n->sd[DT_AFTER] = gsl_stats_sd_m(draw, 1, r->count, n->mean[DT_AFTER]);
    const double ratio = n->sd[DT_AFTER] / n->sd[DT_BEFORE];
    n->learned = 1 - ratio * ratio;
}

static dt_status read_all(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    reading *r = argument;
    const dt_study_data *data = r->data;
    dt_posterior *posterior = dt_new(arena, dt_posterior, 1);
    dt_posterior_number *number = dt_new(arena, dt_posterior_number, data->varied);
    double *draw = dt_new(scratch, double, r->count);
    const dt_status status = dt_draws_prepare(data->model, r->options, &r->draws);
    if (status != DT_OK)
        return status;
    for (size_t i = 0; i < data->varied; i++) {
        const size_t param = data->vary[i];
        const dt_uncertainty kind = dt_model_parameter(data->model, param).uncertainty;
        number[i] = (dt_posterior_number){.parameter = param, .uniform = kind == DT_DEEP};
        for (size_t w = 0; w < r->count; w++)
            draw[w] = data->parameter[w * data->parameters + param];
        gsl_sort(draw, 1, r->count);
        read_number(r, dt_draws_quantile(r->draws, param), draw, &number[i]);
    }
    *posterior = (dt_posterior){r->count, data->varied, number, arena};
    *found = posterior;
    return DT_OK;
}

dt_status dt_posterior_read(const dt_study_data *data, const dt_options *options,
                            dt_posterior **posterior)
{
    if (posterior)
        *posterior = NULL;
    reading r = {.data = data, .options = options};
    while (data && data->fitted && r.count < data->worlds && data->parameters > 0 &&
           !isnan(data->parameter[r.count * data->parameters]))
        r.count++;
    if (!posterior || r.count < 2)
        return dt_refuse_call(options, "dt_posterior_read",
                              "no study of a posterior's draws, or nowhere to put what it says");
    const dt_status status = dt_answer(options, read_all, &r, (void **)posterior);
    dt_draws_free(r.draws);
    return status;
}

void dt_posterior_free(dt_posterior *posterior)
{
    dt_arena_free(posterior ? posterior->owner : NULL);
}
