/*
 * Which numbers move an outcome under a policy: of each design what it was made for. Saltelli's gives
 * Sobol's indices, Shapley's the effects of that name, Morris' elementary effects, one at a time swings; and every sample of worlds
 * rank correlations.
 */
#include <assert.h>
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>

#include "base/job.h"
#include "robust/morris.h"
#include "robust/one_at_a_time.h"
#include "robust/ranking.h"
#include "robust/ranks.h"
#include "robust/shapley.h"
#include "robust/sobol.h"
#include "robust/view.h"
#include "study/copula.h"

enum { RESAMPLES = 1000 };

/* |correlation| that 5 % of unrelated parameters pass, times √(n - 1). */
static const double TWO_SIDED = 1.959963984540054;
static const double LEVEL = 0.05;

typedef struct request {
    const dt_study_data *data;
    size_t policy, outcome;
    const dt_options *options;
} request;

static double outcome_of(const request *asked, size_t world)
{
    return dt_view_number(asked->data, asked->policy, asked->outcome, world);
}

static void take_blocks(dt_arena *arena, dt_arena *scratch, const request *asked,
                        dt_sensitivity *answer)
{
    const size_t k = answer->groups;
    const dt_blocks blocks =
        dt_blocks_of(scratch, asked->data, asked->policy, asked->outcome, answer->groups);
    answer->rows = blocks.rows;
    if (blocks.rows < 2 || answer->constant)
        return;
    answer->variance = dt_blocks_variance(&blocks);
    answer->constant = !dt_varies(blocks.a, 2 * blocks.rows); /* and b, which follows */
    if (answer->constant)
        return;
    dt_sobol_index *index = dt_new(arena, dt_sobol_index, k);
    dt_sobol_indices(scratch, &blocks, asked->data->seed, RESAMPLES, index);
    dt_sobol_sum(&blocks, &answer->first_sum, &answer->first_error);
    answer->sobol = index;
    answer->resamples = RESAMPLES;
}

/* With how many parameters drawn anew one of them is first among these: from the first block on which
 * its coordinate isn't A's. */
static size_t step_of(const dt_study_data *data, size_t row, size_t parameter)
{
    const size_t all = data->trajectories, k = data->varied;
    const double kept = data->share[row * k + parameter];
    size_t t = 1;
    while (t < k && data->share[((t + 1) * all + row) * k + parameter] == kept)
        t++;
    return t;
}

static void take_stairs(dt_arena *arena, dt_arena *scratch, const request *asked,
                        dt_sensitivity *answer)
{
    const dt_study_data *data = asked->data;
    const size_t all = data->trajectories, k = data->varied;
    size_t *row = dt_new(scratch, size_t, all), rows = 0;
    for (size_t j = 0; j < all; j++) {
        bool whole = true;
        for (size_t block = 0; block < k + 1; block++)
            whole &= !isnan(outcome_of(asked, block * all + j));
        if (whole)
            row[rows++] = j;
    }
    answer->rows = rows;
    if (rows < 2 || answer->constant)
        return;
    double *y = dt_take(scratch, k + 1, rows * sizeof *y);
    size_t *step = dt_take(scratch, k, rows * sizeof *step);
    for (size_t r = 0; r < rows; r++) {
        for (size_t t = 0; t <= k; t++) /* B, where all are drawn, is the second block */
            y[t * rows + r] = outcome_of(asked, (t == 0 ? 0 : t == k ? 1 : t + 1) * all + row[r]);
        for (size_t i = 0; i < k; i++)
            step[i * rows + r] = step_of(data, row[r], i);
    }
    dt_to_unit(y, (k + 1) * rows);
    const dt_stairs stairs = {rows, k, y, step};
    dt_shapley_effect *effect = dt_new(arena, dt_shapley_effect, k);
    if (!dt_shapley_effects(scratch, &stairs, data->seed, RESAMPLES, effect))
        return;
    answer->shapley = effect;
    answer->resamples = RESAMPLES;
}

static void take_trajectories(dt_arena *arena, dt_arena *scratch, const request *asked,
                              dt_sensitivity *answer)
{
    const dt_study_data *data = asked->data;
    double *y = dt_new(scratch, double, data->worlds);
    for (size_t w = 0; w < data->worlds; w++)
        y[w] = outcome_of(asked, w);
    dt_elementary *effect = dt_new(arena, dt_elementary, data->varied);
    dt_morris(data->share, y, data->worlds, data->varied, effect);
    answer->elementary = effect;
}

static void take_swings(dt_arena *arena, dt_arena *scratch, const request *asked,
                        dt_sensitivity *answer)
{
    const dt_study_data *data = asked->data;
    dt_swing *swing = dt_new(arena, dt_swing, data->varied);
    for (size_t i = 0; i < data->varied; i++) {
        double *u;
        const dt_line line = dt_line_of(scratch, data, i, &u);
        for (size_t j = 0; j < line.points; j++)
            u[j] = outcome_of(asked, line.world[j]);
        swing[i] = dt_line_swing(&line, 0);
    }
    answer->swing = swing;
}

static void take_ranks(dt_arena *arena, dt_arena *scratch, const dt_view *view, const double *y,
                       dt_sensitivity *answer)
{
    const size_t k = view->parameters, points = view->points;
    double *x = dt_take(scratch, k, points * sizeof *x);
    for (size_t i = 0; i < k; i++)
        dt_view_parameter(view, view->parameter[i], x + i * points);
    dt_rank_effect *effect = dt_new(arena, dt_rank_effect, k);
    answer->explained = dt_rank_effects(scratch, x, y, k, points, effect);
    answer->rank = effect;
    if (points > 2)
        answer->rank_floor = fmin(1, TWO_SIDED / sqrt((double)points - 1));
    /* Each of k tests at a kth of the level (Dunn 1961). */
    if (points > 2 && k > 0)
        answer->rank_floor_all =
            fmin(1, gsl_cdf_ugaussian_Qinv(LEVEL / 2 / (double)k) / sqrt((double)points - 1));
}

static dt_status find(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const request *asked = argument;
    const dt_study_data *data = asked->data;
    const dt_view *view = dt_view_make(scratch, data, &asked->policy, 1);
    assert(asked->policy < data->policies && asked->outcome < data->outcomes);
    if (view->points == 0)
        return dt_view_empty(scratch, asked->options, view);
    dt_sensitivity *answer = *found = dt_new(arena, dt_sensitivity, 1);
    answer->owner = arena;
    answer->basis = view->basis;
    answer->explained = answer->rank_floor = answer->rank_floor_all = NAN;
    size_t *parameter = dt_new(arena, size_t, view->parameters);
    for (size_t i = 0; i < view->parameters; i++)
        parameter[i] = view->parameter[i];
    answer->parameters = view->parameters;
    answer->parameter = parameter;
    size_t *group = dt_new(arena, size_t, view->parameters);
    answer->groups =
        dt_joint_groups(scratch, data->model, view->parameter, view->parameters, group);
    answer->group = group;
    double *y = dt_new(scratch, double, view->points);
    dt_view_outcome(view, asked->policy, asked->outcome, y);
    answer->mean = gsl_stats_mean(y, 1, view->points);
    answer->variance = gsl_stats_variance_with_fixed_mean(y, 1, view->points, answer->mean);
    answer->constant = !dt_varies(y, view->points);
    switch (data->design) {
    case DT_DESIGN_SALTELLI:
        take_blocks(arena, scratch, asked, answer);
        break;
    case DT_DESIGN_SHAPLEY:
        take_stairs(arena, scratch, asked, answer);
        break;
    case DT_DESIGN_MORRIS:
        take_trajectories(arena, scratch, asked, answer);
        return DT_OK;
    case DT_DESIGN_ONE_AT_A_TIME:
        take_swings(arena, scratch, asked, answer);
        return DT_OK;
    default:
        break;
    }
    if (!answer->constant)
        take_ranks(arena, scratch, view, y, answer);
    return DT_OK;
}

dt_status dt_sensitivities(const dt_study_data *data, size_t policy, size_t outcome,
                           const dt_options *options, dt_sensitivity **sensitivity)
{
    if (sensitivity)
        *sensitivity = NULL;
    if (!data || !sensitivity || policy >= data->policies || outcome >= data->outcomes)
        return dt_refuse_call(
            options, "dt_sensitivities",
            "no study, a policy or outcome that it hasn't got, or nowhere to put the answer");
    request asked = {data, policy, outcome, options};
    return dt_answer(options, find, &asked, (void **)sensitivity);
}

void dt_sensitivity_free(dt_sensitivity *sensitivity)
{
    dt_arena_free(sensitivity ? sensitivity->owner : NULL);
}
