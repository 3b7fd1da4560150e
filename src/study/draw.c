/*
 * A world drawn: world k of seed s is a pure function of the model, s and k. A fixed parameter
 * keeps its declared value; a deep one is spread evenly over its range, or over the values of its
 * list, which makes shares of a design and claims no probability; a risk is the quantile of its own random number. Risks that
 * correlate go through a Gaussian copula: independent normal scores z, then L z with L the Cholesky
 * factor of the scores' correlations 2 sin(πρ/6) for the rank correlations ρ (Pearson 1907), then
 * the shares of those, then quantiles.
 *
 * A random number belongs to the parameter's name. So declaring, deleting or moving other
 * parameters changes none of a parameter's draws; but one that correlates depends also on those
 * declared before it that it correlates with, directly or through others.
 */
#include <assert.h>

#include "base/job.h"
#include "study/draw.h"
#include "study/random.h"

struct dt_draws {
    dt_arena *arena;
    const dt_model *model;
    const uint64_t *identity;    /* [params] what its random numbers are known by */
    const bool *correlates;      /* [params] whether it is one of the model's copula */
    const dt_quantile *quantile; /* [params]; zeroed for a fixed one */
};

typedef struct request {
    const dt_model *model;
    const dt_options *options;
} request;

static dt_status prepare(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const request *asked = argument;
    const dt_model *model = asked->model;
    const size_t params = (size_t)model->params;
    dt_diagnostics *diagnostics = dt_diagnostics_new(scratch, asked->options, &model->source);
    uint64_t *identity = dt_new(arena, uint64_t, params);
    bool *correlates = dt_new(arena, bool, params);
    dt_quantile *quantile = dt_new(arena, dt_quantile, params);
    bool good = true;
    for (size_t i = 0; i < params; i++) {
        identity[i] = dt_identity(model->param[i].is.name);
        if (model->param[i].uncertainty != DT_FIXED)
            good &= dt_quantile_prepare(&model->param[i], diagnostics, &quantile[i]);
    }
    for (size_t r = 0; r < model->copula.rows; r++)
        correlates[model->copula.param[r]] = true;
    dt_diagnostics_flush(diagnostics);
    dt_draws *draws = *found = dt_new(arena, dt_draws, 1);
    *draws = (dt_draws){arena, model, identity, correlates, quantile};
    return good ? DT_OK : DT_INVALID;
}

dt_status dt_draws_prepare(const dt_model *model, const dt_options *options, dt_draws **draws)
{
    if (draws)
        *draws = NULL;
    if (!model || !draws)
        return dt_refuse_call(options, "dt_draws_prepare", "no model, or nowhere to put the draws");
    return dt_answer(options, prepare, &(request){model, options}, (void **)draws);
}

void dt_draws_free(dt_draws *draws)
{
    dt_arena_free(draws ? draws->arena : NULL);
}

const dt_quantile *dt_draws_quantile(const dt_draws *draws, size_t param)
{
    assert(draws->model->param[param].uncertainty != DT_FIXED);
    return &draws->quantile[param];
}

/* The share that a parameter's own random number gives it. */
static dt_share own_share(const dt_draws *draws, uint64_t seed, uint64_t world, int param)
{
    const double number = dt_random(seed, world, draws->identity[param]);
    return (dt_share){number, 1 - number};
}

void dt_draws_world(const dt_draws *draws, uint64_t seed, uint64_t world, double *values)
{
    if (!draws || !values)
        return;
    const dt_model *model = draws->model;
    for (int i = 0; i < model->params; i++) {
        if (model->param[i].uncertainty == DT_FIXED)
            values[i] = model->param[i].value;
        else if (draws->correlates[i]) /* its independent score, for now */
            values[i] = dt_normal_score(own_share(draws, seed, world, i));
        else
            values[i] = dt_quantile_at(&draws->quantile[i], own_share(draws, seed, world, i));
    }
    /* L z from the last row up, so that the scores a row needs are still there. */
    const dt_copula *copula = &model->copula;
    for (size_t r = copula->rows; r-- > 0;) {
        const int param = copula->param[r];
        assert(model->param[param].uncertainty == DT_RISK);
        double score = 0;
        for (size_t j = 0; j <= r; j++)
            score += copula->factor[r * copula->rows + j] * values[copula->param[j]];
        values[param] = dt_quantile_at(&draws->quantile[param], dt_normal_share(score));
    }
}
