/*
 * A world from a point of the unit cube. A coordinate is the share of its parameter's range, or of
 * its distribution, that lies below the number wanted. Risks that correlate go through the Gaussian
 * copula as in draw.c: coordinates to independent normal scores z, L z, back to shares, to numbers.
 * Where only some of them vary, L is the Cholesky factor of those rows and columns of L Lᵀ alone,
 * that is the same copula with the others left out.
 *
 * Invariant: a plan without levels in which everything varies, fed with the random numbers of a
 * world, gives to the last bit what dt_draws_world gives.
 */
#include "study/place.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct dt_placing {
    const dt_plan *plan;
    const dt_draws *draws;
    size_t rows;            /* varied risks that correlate; 0 with levels */
    const size_t *row;      /* [rows] their coordinates */
    const double *factor;   /* [rows][rows] lower triangle */
    const bool *correlates; /* [varied] */
};

/* The Cholesky factor of the rows `of` of L Lᵀ; positive definite, as L Lᵀ is. */
static const double *factor_of(dt_arena *arena, const dt_copula *copula, const size_t *of,
                               size_t rows)
{
    if (rows == copula->rows)
        return copula->factor;
    double *factor = dt_new(arena, double, rows *rows);
    for (size_t i = 0; i < rows; i++) {
        const double *a = copula->factor + of[i] * copula->rows;
        for (size_t j = 0; j <= i; j++) {
            const double *b = copula->factor + of[j] * copula->rows;
            double rest = 0;
            for (size_t k = 0; k <= of[j]; k++)
                rest += a[k] * b[k];
            for (size_t k = 0; k < j; k++)
                rest -= factor[i * rows + k] * factor[j * rows + k];
            factor[i * rows + j] = i == j ? sqrt(rest) : rest / factor[j * rows + j];
            assert(isfinite(factor[i * rows + j]));
        }
    }
    return factor;
}

dt_placing *dt_placing_new(dt_arena *arena, const dt_plan *plan, const dt_draws *draws)
{
    const dt_copula *copula = &plan->model->copula;
    dt_placing *placing = dt_new(arena, dt_placing, 1);
    size_t *row = dt_new(arena, size_t, copula->rows), *of = dt_new(arena, size_t, copula->rows);
    bool *correlates = dt_new(arena, bool, plan->varied);
    size_t rows = 0;
    for (size_t r = 0; r < copula->rows && !plan->levels; r++) {
        for (size_t i = 0; i < plan->varied; i++) {
            if (plan->vary[i] != (size_t)copula->param[r])
                continue;
            correlates[i] = true;
            of[rows] = r;
            row[rows++] = i;
        }
    }
    *placing = (dt_placing){plan, draws, rows, row, NULL, correlates};
    if (rows)
        placing->factor = factor_of(arena, copula, of, rows);
    return placing;
}

void dt_placing_world(const dt_placing *placing, const double *share, double *values)
{
    const dt_plan *plan = placing->plan;
    const size_t params = (size_t)plan->model->params;
    memcpy(values, plan->held, params * sizeof *values);
    for (size_t i = 0; i < plan->varied; i++) {
        const size_t param = plan->vary[i];
        const dt_share own = {share[i], 1 - share[i]};
        if (isnan(share[i]))
            continue;
        if (placing->correlates[i]) /* its independent score, for now */
            values[param] = dt_normal_score(own);
        else
            values[param] = dt_quantile_at(dt_draws_quantile(placing->draws, param), own);
    }
    /* L z from the last row up, so that the scores a row needs are still there. */
    const bool nominal = placing->rows && isnan(share[placing->row[0]]);
    for (size_t r = nominal ? 0 : placing->rows; r-- > 0;) {
        double score = 0;
        for (size_t j = 0; j <= r; j++)
            score += placing->factor[r * placing->rows + j] * values[plan->vary[placing->row[j]]];
        const size_t param = plan->vary[placing->row[r]];
        values[param] =
            dt_quantile_at(dt_draws_quantile(placing->draws, param), dt_normal_share(score));
    }
}
