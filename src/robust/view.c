/*
 * Choosing the points: which worlds count, and which of them a point is the average of. In a crossed
 * study worlds d R … d R + R - 1 share deep draw d.
 */
#include "robust/view.h"

#include <assert.h>
#include <math.h>

bool dt_view_solved(const dt_study_data *data, size_t policy, size_t world)
{
    if (data->status[policy * data->worlds + world] != DT_OK)
        return false;
    for (size_t o = 0; o < data->outcomes; o++) {
        if (!isfinite(data->outcome[(policy * data->outcomes + o) * data->worlds + world]))
            return false;
    }
    return true;
}

double dt_view_number(const dt_study_data *data, size_t policy, size_t outcome, size_t world)
{
    if (!dt_view_solved(data, policy, world))
        return NAN;
    return data->outcome[(policy * data->outcomes + outcome) * data->worlds + world];
}

size_t dt_basis_failed(const dt_study_data *data, const dt_basis *basis, size_t policy)
{
    if (!data || !basis || basis->worlds > data->worlds || policy >= data->policies)
        return 0;
    size_t failed = 0;
    for (size_t w = 0; w < basis->worlds; w++)
        failed += data->status[policy * data->worlds + w] != DT_NOT_DONE &&
                  !dt_view_solved(data, policy, w);
    return failed;
}

/* Whether the numbers of a world are there. */
static bool known(const dt_study_data *data, size_t world)
{
    for (size_t i = 0; i < data->parameters; i++) {
        if (!isfinite(data->parameter[world * data->parameters + i]))
            return false;
    }
    return true;
}

/* Whether every policy solved a world; counts it if not. */
static bool usable(const dt_study_data *data, const size_t *policy, size_t policies, size_t world,
                   dt_basis *basis)
{
    bool done = true, good = known(data, world);
    for (size_t p = 0; p < policies; p++) {
        assert(policy[p] < data->policies);
        done &= data->status[policy[p] * data->worlds + world] != DT_NOT_DONE;
        good &= dt_view_solved(data, policy[p], world);
    }
    basis->unfinished += !done;
    basis->failed += done && !good;
    return done && good;
}

/* The worlds that are looked at: the first so many. */
static size_t sample_of(const dt_study_data *data)
{
    return data->design == DT_DESIGN_SALTELLI || data->design == DT_DESIGN_SHAPLEY
               ? 2 * data->trajectories
               : data->worlds;
}

static void count_kinds(const dt_study_data *data, dt_basis *basis)
{
    for (size_t i = 0; i < data->varied; i++) {
        const bool deep = dt_model_parameter(data->model, data->vary[i]).uncertainty == DT_DEEP;
        basis->deep += deep && !basis->posterior;
        basis->risk += !deep || basis->posterior;
    }
}

const dt_view *dt_view_make(dt_arena *arena, const dt_study_data *data, const size_t *policy,
                            size_t policies)
{
    dt_view *view = dt_new(arena, dt_view, 1);
    view->data = data;
    dt_basis *basis = &view->basis;
    const size_t sample = sample_of(data);
    const size_t together = data->deep ? data->risk : 1; /* worlds of a point */
    assert(sample <= data->worlds && together > 0);
    basis->worlds = sample;
    basis->averaged = data->deep != 0;
    basis->sample = data->design == DT_DESIGN_LATIN || data->design == DT_DESIGN_RANDOM ||
                    data->design == DT_DESIGN_SOBOL || data->design == DT_DESIGN_SALTELLI ||
                    data->design == DT_DESIGN_SHAPLEY || data->design == DT_DESIGN_POSTERIOR;
    basis->posterior = data->design == DT_DESIGN_POSTERIOR;
    count_kinds(data, basis);
    size_t *first = dt_new(arena, size_t, sample / together + 2),
           *world = dt_new(arena, size_t, sample);
    size_t worlds = 0;
    for (size_t w = 0; w < sample; w++) {
        if (w % together == 0 && worlds > first[view->points])
            first[++view->points] = worlds; /* the point before has a world */
        if (usable(data, policy, policies, w, basis))
            world[worlds++] = w;
    }
    if (worlds > first[view->points])
        first[++view->points] = worlds;
    assert(worlds + basis->unfinished + basis->failed == sample);
    view->first = first;
    view->world = world;
    basis->points = view->points;

    size_t *parameter = dt_new(arena, size_t, data->varied);
    for (size_t i = 0; i < data->varied; i++) {
        const bool deep = dt_model_parameter(data->model, data->vary[i]).uncertainty == DT_DEEP;
        if (deep || !basis->averaged)
            parameter[view->parameters++] = data->vary[i];
    }
    view->parameter = parameter;
    return view;
}

const dt_view *dt_view_all(dt_arena *arena, const dt_study_data *data)
{
    size_t *policy = dt_new(arena, size_t, data->policies);
    for (size_t p = 0; p < data->policies; p++)
        policy[p] = p;
    return dt_view_make(arena, data, policy, data->policies);
}

bool dt_view_any(const dt_study_data *data)
{
    for (size_t w = 0; w < sample_of(data); w++) {
        bool good = known(data, w);
        for (size_t p = 0; p < data->policies; p++)
            good &= dt_view_solved(data, p, w);
        if (good)
            return true;
    }
    return false;
}

void dt_view_outcome(const dt_view *view, size_t policy, size_t outcome, double *column)
{
    const dt_study_data *data = view->data;
    assert(policy < data->policies && outcome < data->outcomes);
    const double *number = data->outcome + (policy * data->outcomes + outcome) * data->worlds;
    for (size_t n = 0; n < view->points; n++) {
        double sum = 0;
        for (size_t w = view->first[n]; w < view->first[n + 1]; w++)
            sum += number[view->world[w]];
        column[n] = sum / (double)(view->first[n + 1] - view->first[n]);
        assert(isfinite(column[n]));
    }
}

void dt_view_parameter(const dt_view *view, size_t parameter, double *column)
{
    const dt_study_data *data = view->data;
    assert(parameter < data->parameters);
    for (size_t n = 0; n < view->points; n++)
        column[n] = data->parameter[view->world[view->first[n]] * data->parameters + parameter];
}

dt_status dt_view_empty(dt_arena *arena, const dt_options *options, const dt_view *view)
{
    dt_diagnostics *told = dt_diagnostics_new(arena, options, NULL);
    const bool unfinished = view->basis.unfinished > 0;
    dt_complain_more(told, DT_NO_WORLDS, (dt_place){0},
                     unfinished ? "'detente study' with the same file goes on with it" : NULL, NULL,
                     view->basis.worlds, view->basis.unfinished, view->basis.failed);
    dt_diagnostics_flush(told);
    return DT_INVALID;
}
