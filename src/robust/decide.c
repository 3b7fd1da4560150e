/*
 * Which numbers would change which policy is best by an outcome: of the nominal world, where each of
 * them turns the choice if it alone moves (one at a time); of a sample, what knowing it is worth
 * before choosing. Parameters come in the order in which they matter: by that worth, or by how small a
 * part of the range leads from the nominal number to the turn.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/job.h"
#include "robust/information.h"
#include "robust/one_at_a_time.h"
#include "robust/ranking.h"
#include "robust/view.h"

enum { RESAMPLES = 200 };

typedef struct request {
    const dt_study_data *data;
    size_t outcome;
    const dt_options *options;
} request;

/* A parameter and how much it matters. */
typedef struct weighted {
    dt_decisive decisive;
    double weight;
    size_t place; /* as declared */
} weighted;

static int by_weight(const void *x, const void *y)
{
    const weighted *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static dt_status refuse(dt_arena *scratch, const request *asked, dt_code code, const char *hint,
                        const char *name)
{
    dt_diagnostics *told = dt_diagnostics_new(scratch, asked->options, NULL);
    dt_complain_more(told, code, (dt_place){0}, hint, NULL, name);
    dt_diagnostics_flush(told);
    return DT_INVALID;
}

static size_t first_best(const double *score, size_t count)
{
    const double size = dt_size_of(score, count);
    size_t best = 0;
    for (size_t p = 1; p < count; p++) {
        if (dt_better(score[p], score[best], size) > 0)
            best = p;
    }
    return best;
}

/* ---- flips ---- */

static dt_status find_flips(dt_arena *scratch, const request *asked, int direction,
                            dt_decision *answer, weighted *list)
{
    const dt_study_data *data = asked->data;
    const size_t policies = data->policies;
    double *now = dt_new(scratch, double, policies);
    for (size_t p = 0; p < policies; p++) {
        if (!dt_view_solved(data, p, 0)) /* world 0 is the nominal one */
            return refuse(scratch, asked, DT_NOMINAL_FAILED, NULL,
                          dt_model_item(data->model, DT_POLICIES, data->policy[p]));
        now[p] = direction * data->outcome[(p * data->outcomes + asked->outcome) * data->worlds];
    }
    answer->best = first_best(now, policies);
    for (size_t i = 0; i < data->varied; i++) {
        double *u;
        const dt_line line = dt_line_of(scratch, data, i, &u);
        for (size_t p = 0; p < policies; p++) {
            for (size_t j = 0; j < line.points; j++) {
                const size_t world = line.world[j];
                const double y =
                    data->outcome[(p * data->outcomes + asked->outcome) * data->worlds + world];
                u[p * line.points + j] =
                    dt_view_solved(data, p, world) ? direction * y : (double)NAN;
            }
        }
        dt_decisive *d = &list[i].decisive;
        d->flip_below = dt_line_flip(&line, policies, answer->best, -1, &d->best_below);
        d->flip_above = dt_line_flip(&line, policies, answer->best, 1, &d->best_above);
        const double nominal = line.x[line.nominal], range = line.x[line.points - 1] - line.x[0];
        const double nearest = fmin(isnan(d->flip_below) ? INFINITY : nominal - d->flip_below,
                                    isnan(d->flip_above) ? INFINITY : d->flip_above - nominal);
        assert(nearest >= 0);
        list[i].weight = range > 0 ? -nearest / range : -INFINITY;
    }
    return DT_OK;
}

/* ---- values of information ---- */

static void find_worths(dt_arena *scratch, const request *asked, int direction, const dt_view *view,
                        dt_decision *answer, weighted *list)
{
    const size_t policies = asked->data->policies, points = view->points;
    double *u = dt_take(scratch, policies, points * sizeof *u);
    double *x = dt_new(scratch, double, points), *mean = dt_new(scratch, double, policies);
    for (size_t p = 0; p < policies; p++) {
        dt_view_outcome(view, p, asked->outcome, u + p * points);
        for (size_t n = 0; n < points; n++) {
            u[p * points + n] *= direction;
            mean[p] += u[p * points + n] / (double)points;
        }
    }
    answer->best = first_best(mean, policies);
    answer->bins = dt_information_bins(points);
    answer->resamples = RESAMPLES;
    answer->perfect = dt_information_perfect(u, policies, points);
    answer->bias = answer->floor = 0; /* a full grid has no noise */
    if (view->basis.sample)
        dt_information_floor(scratch, u, policies, points, asked->data->seed, RESAMPLES,
                             &answer->bias, &answer->floor);
    for (size_t i = 0; i < view->parameters; i++) {
        dt_view_parameter(view, view->parameter[i], x);
        dt_information(scratch, x, u, policies, points, &list[i].decisive);
        list[i].weight = isnan(list[i].decisive.worth) ? 0 : list[i].decisive.worth;
    }
}

static dt_status find(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const request *asked = argument;
    const dt_study_data *data = asked->data;
    const int direction = dt_model_outcome_direction(data->model, asked->outcome);
    const char *name = dt_model_item(data->model, DT_OUTCOMES, asked->outcome);
    if (direction == 0)
        return refuse(scratch, asked, DT_NO_DIRECTION,
                      "write 'maximise' or 'minimise' before its '='", name);
    if (data->policies < 2)
        return refuse(scratch, asked, DT_ONE_POLICY, NULL,
                      dt_model_item(data->model, DT_POLICIES, data->policy[0]));
    if (data->design == DT_DESIGN_MORRIS)
        return refuse(scratch, asked, DT_NOT_FROM_MORRIS,
                      "'detente study --design one-at-a-time' gives flip values, '--design latin' "
                      "the value of knowing a number",
                      name);
    const dt_view *view = dt_view_all(scratch, data);
    if (view->points == 0)
        return dt_view_empty(scratch, asked->options, view);
    dt_decision *answer = *found = dt_new(arena, dt_decision, 1);
    answer->owner = arena;
    answer->basis = view->basis;
    answer->outcome = asked->outcome;
    answer->flips = data->design == DT_DESIGN_ONE_AT_A_TIME;
    answer->worths = !answer->flips;
    answer->perfect = answer->bias = answer->floor = NAN;
    answer->parameters = view->parameters;
    weighted *list = dt_new(scratch, weighted, view->parameters);
    for (size_t i = 0; i < view->parameters; i++) {
        list[i].place = i;
        list[i].decisive = (dt_decisive){.parameter = view->parameter[i],
                                         .flip_below = NAN,
                                         .flip_above = NAN,
                                         .worth = NAN,
                                         .turn = NAN};
    }
    if (answer->flips) {
        const dt_status status = find_flips(scratch, asked, direction, answer, list);
        if (status != DT_OK)
            return status;
    } else {
        find_worths(scratch, asked, direction, view, answer, list);
    }
    qsort(list, view->parameters, sizeof *list, by_weight);
    dt_decisive *decisive = dt_new(arena, dt_decisive, view->parameters);
    for (size_t i = 0; i < view->parameters; i++)
        decisive[i] = list[i].decisive;
    answer->decisive = decisive;
    return DT_OK;
}

dt_status dt_decide(const dt_study_data *data, size_t outcome, const dt_options *options,
                    dt_decision **decision)
{
    if (decision)
        *decision = NULL;
    if (!data || !decision || outcome >= data->outcomes)
        return dt_refuse_call(
            options, "dt_decide",
            "no study, an outcome that it hasn't got, or nowhere to put the answer");
    request asked = {data, outcome, options};
    return dt_answer(options, find, &asked, (void **)decision);
}

void dt_decision_free(dt_decision *decision)
{
    dt_arena_free(decision ? decision->owner : NULL);
}
