/*
 * Ensembles: many worlds of one game, handed in groups to the workers, each of which has a lane
 * group as its work space and solves one group of worlds after the other. A group's results go
 * where its worlds stand, so that nothing depends on which worker did what, or when.
 */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/threads.h"
#include "solve/ensemble.h"

typedef struct request {
    dt_arena *arena;   /* of the results */
    dt_arena *scratch; /* of the plan and the groups; freed when the work is done */
    const dt_game *game;
    const double *parameter; /* [worlds][params] */
    size_t worlds;
    dt_values values;
    dt_ensemble_options how;
    const dt_options *options;
    const dt_lane_code *code;
    dt_lane_plan *plan;
    dt_lane_group **group; /* [jobs] */
    dt_ensemble *ensemble;
    int jobs;
    bool keeps;          /* strategies; see lanes.h */
    size_t groups, done; /* of worlds; `done` is shared by the workers */
    bool stopped;        /* shared */
    bool told;           /* why the call ends with DT_LIMIT */
} request;

/* ---- one group ------------------------------------------------------------------------------- */

/* Called by every worker between sweeps; only the thread that made the call tells of progress. */
static bool go_on(void *context)
{
    request *asked = context;
    return !__atomic_load_n(&asked->stopped, __ATOMIC_RELAXED);
}

static bool go_on_and_tell(void *context)
{
    request *asked = context;
    const dt_options *options = asked->options;
    const double done = (double)__atomic_load_n(&asked->done, __ATOMIC_RELAXED);
    if (options->progress &&
        !options->progress(options->progress_context, "solving", done / (double)asked->groups))
        __atomic_store_n(&asked->stopped, true, __ATOMIC_RELAXED);
    return go_on(context);
}

static void put_parameters(const request *asked, dt_lane_group *group, size_t first, int worlds)
{
    const size_t params = (size_t)asked->game->model->params;
    const dt_policy *policy = &asked->game->model->policy[asked->game->rules->policy];
    for (size_t w = 0; w < DT_WORLDS; w++) {
        /* worlds that aren't there get the first one's; they are never looked at */
        const double *from = asked->parameter + (first + (w < (size_t)worlds ? w : 0)) * params;
        for (size_t i = 0; i < params; i++)
            group->parameter[i * DT_WORLDS + w] = from[i];
        for (int s = 0; s < policy->settings; s++)
            group->parameter[(size_t)policy->setting[s].parameter * DT_WORLDS + w] =
                policy->setting[s].value;
    }
}

/* An actor's gap; see certificate.c. */
static double gap_of(const dt_lane_group *group, size_t w, size_t actor)
{
    const dt_lane_plan *plan = group->plan;
    const size_t agent = (size_t)plan->game->rules->actor_agent[actor];
    const dt_agent *a = &plan->game->rules->agent[agent];
    double along = 0;
    if (plan->along < plan->columns) {
        along = group->start[(plan->along + agent) * DT_WORLDS + w];
    } else {
        for (int m = 0; m < a->members; m++)
            along += a->weight[m] * group->start[(size_t)a->member[m] * DT_WORLDS + w];
    }
    const double gain = group->start[(plan->best + agent) * DT_WORLDS + w] - along;
    return gain < 0 ? 0 : gain; /* but for rounding it isn't */
}

static void take_results(dt_ensemble *ensemble, const dt_lane_group *group, size_t w, size_t world)
{
    const bool right = group->fault[w].code == DT_CODES;
    double *value = ensemble->value + world * ensemble->actors;
    for (size_t i = 0; i < ensemble->actors; i++) {
        value[i] = right ? group->start[i * DT_WORLDS + w] : (double)NAN;
        if (ensemble->gap)
            ensemble->gap[world * ensemble->actors + i] = right ? gap_of(group, w, i) : (double)NAN;
    }
    for (size_t o = 0; ensemble->outcome && o < ensemble->outcomes; o++)
        ensemble->outcome[world * ensemble->outcomes + o] =
            right ? group->outcome[o * DT_WORLDS + w] : (double)NAN;
    ensemble->fault[world] = group->fault[w];
    ensemble->failure[world] = group->failure[w];
    ensemble->failures[world] = group->failures[w];
    ensemble->crossed[world] = group->crossed[w];
    ensemble->sweeps[world] = group->sweeps[w];
    ensemble->residual[world] = right ? group->residual[w] : (double)NAN;
    ensemble->judgement[world] = dt_judge(&(dt_found){.residual = group->residual[w],
                                                      .failures = group->failures[w],
                                                      .sweeps = group->sweeps[w],
                                                      .settled = group->settled[w]});
    const bool solved = ensemble->judgement[world] == DT_SOLVED;
    ensemble->status[world] = !right ? DT_INVALID : solved ? DT_OK : DT_NO;
}

static bool solve_group(void *context, int worker, size_t task)
{
    request *asked = context;
    dt_lane_group *group = asked->group[worker];
    const size_t first = task * DT_WORLDS, left = asked->worlds - first;
    const int worlds = left < DT_WORLDS ? (int)left : DT_WORLDS;
    assert(worker < asked->jobs && first < asked->worlds);
    group->go_on = worker == 0 ? go_on_and_tell : go_on;
    group->context = asked;
    put_parameters(asked, group, first, worlds);
    asked->code->solve(group, worlds);
    if (group->stopped)
        return false;
    for (size_t w = 0; w < (size_t)worlds; w++)
        take_results(asked->ensemble, group, w, first + w);
    __atomic_fetch_add(&asked->done, 1, __ATOMIC_RELAXED);
    return true;
}

/* ---- the call -------------------------------------------------------------------------------- */

static dt_ensemble *make_room(const request *asked)
{
    const dt_model *model = asked->game->model;
    dt_arena *arena = asked->arena;
    dt_ensemble *ensemble = dt_new(arena, dt_ensemble, 1);
    const size_t worlds = asked->worlds;
    ensemble->arena = arena;
    ensemble->game = asked->game;
    ensemble->worlds = worlds;
    ensemble->actors = (size_t)model->actors;
    ensemble->outcomes = (size_t)model->declared_outcomes;
    ensemble->value = dt_take(arena, worlds, ensemble->actors * sizeof(double));
    if (asked->how.wanted == DT_WANT_ALL)
        ensemble->gap = dt_take(arena, worlds, ensemble->actors * sizeof(double));
    if (asked->how.wanted != DT_WANT_VALUES)
        ensemble->outcome = dt_take(arena, worlds, ensemble->outcomes * sizeof(double));
    ensemble->status = dt_new(arena, dt_status, worlds);
    ensemble->judgement = dt_new(arena, dt_judgement, worlds);
    ensemble->fault = dt_new(arena, dt_lane_fault, worlds);
    ensemble->failure = dt_new(arena, dt_lane_failure, worlds);
    ensemble->failures = dt_new(arena, uint64_t, worlds);
    ensemble->crossed = dt_new(arena, uint64_t, worlds);
    ensemble->sweeps = dt_new(arena, uint64_t, worlds);
    ensemble->residual = dt_new(arena, double, worlds);
    return ensemble;
}

/* As many jobs as are asked for, can be used, and fit into memory, each with `space` bytes for stage
 * games; that the strategies of the horizon are kept matters less. False, and told, if none fits. */
static bool choose_jobs(request *asked, double space)
{
    const double mega = 1024 * 1024;
    const size_t most = asked->options->max_memory;
    const double limit = most == 0 ? (double)INFINITY : (double)most;
    const double held =
        (double)dt_arena_bytes(asked->arena) + (double)dt_arena_bytes(asked->scratch) - space;
    double each = space + dt_lane_group_bytes(asked->plan, true);
    int jobs = asked->how.jobs > 0 ? asked->how.jobs : dt_threads_available();
    if (jobs > DT_MAX_JOBS)
        jobs = DT_MAX_JOBS;
    if ((size_t)jobs > asked->groups)
        jobs = (int)asked->groups;
    asked->jobs = jobs < 1 ? 1 : jobs;
    asked->keeps = asked->plan->outcomes && held + asked->jobs * each <= limit;
    if (asked->keeps)
        return true;
    each = space + dt_lane_group_bytes(asked->plan, false);
    while (asked->jobs > 1 && held + asked->jobs * each > limit)
        asked->jobs--;
    if (held + each <= limit)
        return true;
    dt_text reason = {.arena = asked->arena};
    dt_text_print(&reason, "solving takes %.0f MB for each thread, and the memory limit is %.0f MB",
                  ceil((held + each) / mega), floor(limit / mega));
    dt_report_limit(asked->options, dt_text_get(&reason));
    asked->told = true;
    return false;
}

/* False, and told, if the kernel that is wanted doesn't run here, or if a team moves where only
 * surplus values are wanted. */
static bool can_be_asked(const request *asked)
{
    const dt_model *model = asked->game->model;
    const dt_policy *policy = &model->policy[asked->game->rules->policy];
    dt_diagnostics *diagnostics = dt_diagnostics_new(asked->arena, asked->options, &model->source);
    if (!asked->code)
        dt_complain(diagnostics, DT_NO_KERNEL, (dt_place){0, 0});
    for (int i = 0; asked->values == DT_VALUES_SURPLUS && i < policy->teams; i++)
        dt_complain(diagnostics, DT_SURPLUS_TEAM, policy->team[i].place, policy->is.name);
    const bool fine = dt_diagnostics_errors(diagnostics) == 0;
    dt_diagnostics_flush(diagnostics);
    return fine;
}

/* Everything that lives in the scratch arena. */
static dt_status solve_all(void *argument)
{
    request *asked = argument;
    const dt_wanted wanted = asked->how.wanted;
    asked->plan = dt_lane_plan_new(
        asked->scratch, asked->game, asked->values, wanted != DT_WANT_VALUES, wanted == DT_WANT_ALL,
        asked->how.rationality_scale == 0 ? 1 : asked->how.rationality_scale);
    asked->groups = (asked->worlds + DT_WORLDS - 1) / DT_WORLDS;
    const double before = (double)dt_arena_bytes(asked->scratch);
    dt_lane_space *space = dt_lane_plan_space(asked->scratch, asked->plan, asked->code);
    if (!choose_jobs(asked, (double)dt_arena_bytes(asked->scratch) - before))
        return DT_LIMIT;
    asked->group = dt_new(asked->scratch, dt_lane_group *, (size_t)asked->jobs);
    for (int j = 0; j < asked->jobs; j++) {
        if (j > 0)
            space = dt_lane_plan_space(asked->scratch, asked->plan, asked->code);
        asked->group[j] = dt_lane_group_new(asked->scratch, asked->plan, space, asked->keeps);
    }
    if (dt_threads_run(asked->jobs, asked->groups, solve_group, asked))
        return DT_OK;
    dt_report_limit(asked->options, "interrupted while solving");
    asked->told = true;
    return DT_LIMIT;
}

static dt_status run(void *argument)
{
    request *asked = argument;
    if (!can_be_asked(asked))
        return DT_INVALID;
    asked->ensemble = make_room(asked);
    dt_status status = dt_arena_try(asked->scratch, solve_all, asked);
    if (status == DT_LIMIT && !asked->told) {
        dt_report_limit(asked->options, dt_arena_reason(asked->scratch));
        asked->told = true;
    }
    return status;
}

/* Whether a call makes sense, but for where its result goes. */
static bool can_be_called(const dt_game *game, const double *parameters, size_t worlds,
                          dt_values values, const dt_ensemble_options *how)
{
    if (!game || (worlds > 0 && game->model->params > 0 && !parameters))
        return false;
    return (unsigned)values <= DT_VALUES_SURPLUS &&
           (!how || (unsigned)how->wanted <= DT_WANT_VALUES);
}

dt_status dt_ensemble_run(const dt_game *game, const double *parameters, size_t worlds,
                          dt_values values, const dt_ensemble_options *how,
                          const dt_options *options, dt_ensemble **ensemble)
{
    if (ensemble)
        *ensemble = NULL;
    if (!can_be_called(game, parameters, worlds, values, how) || !ensemble)
        return dt_refuse_call(
            options, "dt_ensemble_run",
            "no game, no numbers, a setting of no kind, or nowhere to put the ensemble");
    static const dt_options defaults;
    request asked = {.game = game, .parameter = parameters, .worlds = worlds, .values = values};
    asked.options = options ? options : &defaults;
    if (how)
        asked.how = *how;
    *ensemble = NULL;
    asked.code = dt_lane_code_of(asked.how.kernel);
    const dt_allocator *allocator = &asked.options->allocator;
    asked.arena = dt_arena_new(allocator, asked.options->max_memory);
    asked.scratch = dt_arena_new(allocator, asked.options->max_memory);
    dt_status status = DT_LIMIT;
    if (asked.arena && asked.scratch) {
        status = dt_arena_try(asked.arena, run, &asked);
        if (status == DT_LIMIT && !asked.told)
            dt_report_limit(asked.options, dt_arena_reason(asked.arena));
    } else {
        dt_report_limit(asked.options, "the machine has no more memory");
    }
    dt_arena_free(asked.scratch);
    if (status == DT_OK) {
        *ensemble = asked.ensemble;
        return status;
    }
    dt_arena_free(asked.arena);
    return status;
}

void dt_ensemble_free(dt_ensemble *ensemble)
{
    if (ensemble)
        dt_arena_free(ensemble->arena);
}

size_t dt_ensemble_worlds(const dt_ensemble *ensemble)
{
    if (!ensemble)
        return 0;
    return ensemble->worlds;
}

dt_world_result dt_ensemble_world(const dt_ensemble *ensemble, size_t world)
{
    if (!ensemble || world >= ensemble->worlds)
        return (dt_world_result){.status = DT_INVALID, .code = "bad-call", .residual = (double)NAN};
    assert(world < ensemble->worlds);
    const dt_status status = ensemble->status[world];
    dt_world_result result = {
        .status = status,
        .code = "",
        .failures = ensemble->failures[world],
        .crossed = ensemble->crossed[world],
        .sweeps = ensemble->sweeps[world],
        .residual = ensemble->residual[world],
        .value = ensemble->value + world * ensemble->actors,
    };
    if (status == DT_INVALID)
        result.code = dt_diagnostic_code(ensemble->fault[world].code);
    else if (status == DT_NO)
        result.code = dt_judgement_code(ensemble->judgement[world]);
    if (ensemble->outcome)
        result.outcome = ensemble->outcome + world * ensemble->outcomes;
    if (ensemble->gap)
        result.gap = ensemble->gap + world * ensemble->actors;
    return result;
}
