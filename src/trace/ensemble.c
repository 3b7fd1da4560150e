/*
 * Ensembles: many worlds of one game, handed in groups to the workers, each of which has a group as
 * its work space, with a forward pass for the outcomes, and solves one handful of worlds after the
 * other. Results go where their worlds stand, so that nothing depends on which worker did what, or when.
 */
#include "trace/ensemble.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "base/threads.h"
#include "base/watch.h"
#include "solve/sweep.h"
#include "solve/whole.h"
#include "trace/outcomes.h"

/* What a worker works with. */
typedef struct worker {
    dt_group *group;
    dt_forward *forward;   /* NULL if no outcomes are wanted */
    dt_outcomes *outcomes; /* likewise */
    dt_whole *whole; /* where a selected equilibrium is followed, one world at a time; else NULL */

    /* with private variables, in place of all that */
    dt_private *private;
    dt_outcomes_private *by_private; /* NULL if no outcomes are wanted */
    double *parameter;               /* [params]; also with `whole` */
} worker;

typedef struct request {
    dt_arena *arena;   /* of the results */
    dt_arena *scratch; /* of the plan and the workers; freed when the work is done */
    const dt_game *game;
    const double *parameter; /* [worlds][params] */
    size_t worlds;
    size_t outcomes; /* the declared ones, or those of expectations, too */
    bool as_given;   /* the numbers stand as they are, the policy's settings being in them */
    dt_values values;
    dt_ensemble_options how;
    const dt_options *options;
    const dt_lane_code *code;
    const dt_group_plan *plan;
    const dt_private_plan *private; /* with private variables, in its place */
    const dt_selected *selected;    /* an equilibrium to follow to each world; NULL: the limit */
    worker *worker;                 /* [jobs] */
    dt_ensemble *ensemble;
    int jobs;
    int within;     /* threads of each world with private variables */
    dt_keep keep;   /* which strategies; see group.h */
    dt_watch watch; /* over groups of worlds */
} request;

/* ---- one group ------------------------------------------------------------------------------- */

static void put_parameters(const request *asked, dt_group *group, size_t first, size_t worlds)
{
    const size_t params = (size_t)asked->game->model->params;
    const dt_regime *in = asked->game->rules->regime;
    const size_t width = group->plan->width;
    for (size_t w = 0; w < width; w++) {
        /* worlds that aren't there get the first one's; they are never looked at */
        const size_t world = first + (w < worlds ? w : 0);
        for (size_t i = 0; i < params; i++)
            group->world->parameter[i * width + w] = asked->parameter[world * params + i];
        for (int s = 0; s < in->sets && !asked->as_given; s++)
            group->world->parameter[(size_t)in->set[s].parameter * width + w] = in->set[s].value;
    }
}

/* Worlds in which an outcome isn't a number fail. */
static void check_outcomes(dt_group *group, const dt_outcomes *all)
{
    for (size_t o = 0; o < all->outcomes; o++) {
        for (size_t w = 0; w < all->width; w++) {
            const uint32_t row = all->broken[o * all->width + w];
            const double value = all->value[o * all->width + w];
            dt_wrong wrong = {DT_OUTCOME_OVERFLOW, (int)o,     value,
                              DT_NOWHERE,          DT_NOWHERE, DT_NOWHERE};
            if (row != DT_NOWHERE) {
                wrong.code = DT_OUTCOME_NUMBER;
                wrong.place = dt_outcomes_place(all->game, row);
            }
            if (row != DT_NOWHERE || !isfinite(value))
                dt_group_fail(group, w, wrong);
        }
    }
}

/* One period after the other, its strategies made again if they weren't kept, and where they lead. */
static void find_outcomes(const worker *self)
{
    dt_group *group = self->group;
    const dt_game *game = group->plan->game;
    dt_forward_begin(self->forward);
    dt_outcomes_begin(self->outcomes);
    for (uint32_t t = 0; t < game->horizon && dt_group_going(group, group->active); t++) {
        if (!dt_group_recall(group, t))
            return;
        dt_group_turn(group, t);
        dt_forward_spread(self->forward, dt_group_strategy(group, t), t);
        dt_outcomes_count(self->outcomes, self->forward, t);
        dt_forward_carry(self->forward, t);
    }
    dt_outcomes_end(self->outcomes, group->coefficient);
    check_outcomes(group, self->outcomes);
}

static void take_results(dt_ensemble *ensemble, const worker *self, size_t w, size_t world)
{
    const dt_group *group = self->group;
    const dt_found *found = &group->found[w];
    const bool right = group->wrong[w].code == DT_CODES;
    for (size_t i = 0; i < ensemble->actors; i++) {
        const size_t at = world * ensemble->actors + i;
        ensemble->value[at] = right ? dt_group_value(group, w, i) : (double)NAN;
        if (ensemble->gap)
            ensemble->gap[at] = right ? dt_gap(group, w, i) : (double)NAN;
    }
    for (size_t o = 0; ensemble->outcome && o < ensemble->outcomes; o++)
        ensemble->outcome[world * ensemble->outcomes + o] =
            right ? self->outcomes->value[o * group->plan->width + w] : (double)NAN;
    ensemble->wrong[world] = group->wrong[w];
    ensemble->failure[world] = found->failure[0];
    ensemble->failures[world] = found->failures;
    ensemble->crossed[world] = found->crossed;
    ensemble->sweeps[world] = found->sweeps;
    ensemble->residual[world] = right ? found->residual : (double)NAN;
    ensemble->rounding[world] = right ? found->rounding : (double)NAN;
    ensemble->judgement[world] = dt_judge(found);
    const bool solved = ensemble->judgement[world] == DT_SOLVED;
    ensemble->status[world] = !right ? DT_INVALID : solved ? DT_OK : DT_NO;
}

/* The selected equilibrium where it is in the group's world. */
static void follow(const request *asked, const worker *self)
{
    dt_group *group = self->group;
    double *strategy = dt_group_strategy(group, 0);
    double share = 1;
    if (!dt_group_numbers(group, 1))
        return;
    memcpy(strategy, asked->selected->strategy, asked->game->options * sizeof *strategy);
    if (!dt_selected_at(asked->game, asked->selected, group->world->parameter))
        share = dt_whole_reach(self->whole, asked->selected, self->parameter, strategy);
    if (!group->stopped)
        dt_group_follow(group);
    group->found[0].lost = 1 - share;
}

static bool solve_group(void *context, int number, size_t task)
{
    request *asked = context;
    const worker *self = &asked->worker[number];
    dt_group *group = self->group;
    const size_t width = asked->plan->width, first = task * width, left = asked->worlds - first;
    const size_t worlds = left < width ? left : width;
    assert(number < asked->jobs && first < asked->worlds);
    group->go_on = dt_watch_by(number);
    group->context = &asked->watch;
    put_parameters(asked, group, first, worlds);
    if (self->whole)
        follow(asked, self);
    else
        dt_group_solve(group, worlds);
    if (self->outcomes && !group->stopped && dt_group_any(group, group->active))
        find_outcomes(self);
    if (group->stopped)
        return false;
    for (size_t w = 0; w < worlds; w++)
        take_results(asked->ensemble, self, w, first + w);
    dt_watch_part(&asked->watch);
    return true;
}

/* ---- one world with private variables ---------------------------------------------------------- */

static dt_wrong broken_outcome(const dt_outcomes *all)
{
    for (size_t o = 0; o < all->outcomes; o++) {
        const uint32_t row = all->broken[o];
        dt_wrong wrong = {DT_OUTCOME_OVERFLOW, (int)o,     all->value[o],
                          DT_NOWHERE,          DT_NOWHERE, DT_NOWHERE};
        if (row != DT_NOWHERE) {
            wrong.code = DT_OUTCOME_NUMBER;
            wrong.place = dt_outcomes_place(all->game, row);
        }
        if (row != DT_NOWHERE || !isfinite(all->value[o]))
            return wrong;
    }
    return (dt_wrong){.code = DT_CODES};
}

static void take_private(dt_ensemble *ensemble, const worker *self, size_t world)
{
    dt_private *work = self->private;
    const bool right = work->wrong.code == DT_CODES;
    for (size_t i = 0; i < ensemble->actors; i++) {
        const size_t at = world * ensemble->actors + i;
        ensemble->value[at] = right ? dt_private_value(work, (int)i) : (double)NAN;
        if (ensemble->gap)
            ensemble->gap[at] = right ? dt_private_gap(work, (int)i) : (double)NAN;
    }
    for (size_t o = 0; ensemble->outcome && o < ensemble->outcomes; o++)
        ensemble->outcome[world * ensemble->outcomes + o] =
            right ? self->by_private->all->value[o] : (double)NAN;
    ensemble->wrong[world] = work->wrong;
    ensemble->failure[world] = work->found.failure[0];
    ensemble->failures[world] = work->found.failures;
    ensemble->crossed[world] = work->found.crossed;
    ensemble->sweeps[world] = work->found.sweeps;
    ensemble->residual[world] = right ? work->found.residual : (double)NAN;
    ensemble->rounding[world] = right ? work->found.rounding : (double)NAN;
    ensemble->judgement[world] = dt_judge(&work->found);
    const bool solved = ensemble->judgement[world] == DT_SOLVED;
    ensemble->status[world] = !right ? DT_INVALID : solved ? DT_OK : DT_NO;
}

/* A world by itself: the lanes are points of belief. */
static bool solve_private(void *context, int number, size_t world)
{
    request *asked = context;
    worker *self = &asked->worker[number];
    dt_private *work = self->private;
    const size_t params = (size_t)asked->game->model->params;
    const dt_regime *in = asked->game->rules->regime;
    work->go_on = dt_watch_by(number);
    work->context = &asked->watch;
    for (size_t i = 0; i < params; i++)
        self->parameter[i] = asked->parameter[world * params + i];
    for (int s = 0; s < in->sets && !asked->as_given; s++)
        self->parameter[in->set[s].parameter] = in->set[s].value;
    dt_private_solve(work, self->parameter);
    if (self->by_private && !work->stopped && work->wrong.code == DT_CODES) {
        if (!dt_outcomes_private_find(self->by_private, work->go_on, work->context))
            return false;
        work->found.calibration = self->by_private->chain->calibration;
        work->wrong = broken_outcome(self->by_private->all);
    }
    if (work->stopped)
        return false;
    take_private(asked->ensemble, self, world);
    dt_watch_part(&asked->watch);
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
    ensemble->outcomes = asked->outcomes;
    ensemble->value = dt_take(arena, worlds, ensemble->actors * sizeof(double));
    if (asked->how.wanted == DT_WANT_ALL)
        ensemble->gap = dt_take(arena, worlds, ensemble->actors * sizeof(double));
    if (asked->how.wanted != DT_WANT_VALUES)
        ensemble->outcome = dt_take(arena, worlds, ensemble->outcomes * sizeof(double));
    ensemble->status = dt_new(arena, dt_status, worlds);
    ensemble->judgement = dt_new(arena, dt_judgement, worlds);
    ensemble->wrong = dt_new(arena, dt_wrong, worlds);
    ensemble->failure = dt_new(arena, dt_failure, worlds);
    ensemble->failures = dt_new(arena, uint64_t, worlds);
    ensemble->crossed = dt_new(arena, uint64_t, worlds);
    ensemble->sweeps = dt_new(arena, uint64_t, worlds);
    ensemble->residual = dt_new(arena, double, worlds);
    ensemble->rounding = dt_new(arena, double, worlds);
    return ensemble;
}

static bool wants_outcomes(const request *asked)
{
    return asked->how.wanted != DT_WANT_VALUES && asked->outcomes > 0;
}

/* Bytes that a worker takes. */
static double worker_bytes(const request *asked, dt_keep keep)
{
    const dt_game *game = asked->game;
    const size_t outcomes = (size_t)game->model->declared_outcomes;
    if (asked->private)
        return dt_private_bytes(asked->private, DT_KEEP_HORIZON, asked->within) +
               (wants_outcomes(asked) ? dt_outcomes_private_bytes(asked->private, outcomes) : 0);
    const size_t width = asked->plan->width;
    double bytes = dt_group_bytes(asked->plan, keep, 1) + dt_world_bytes(game, width);
    if (asked->selected)
        bytes += dt_whole_bytes(asked->plan);
    if (wants_outcomes(asked))
        bytes += dt_outcomes_bytes(game, outcomes, width) +
                 dt_forward_bytes(game, width, dt_outcomes_masses(game, outcomes));
    return bytes;
}

/* As many jobs as are asked for, can be used, and fit into memory; that the strategies of the horizon
 * are kept matters less. False, and told, if none fits. */
static bool choose_jobs(request *asked)
{
    const double mega = 1024 * 1024;
    const size_t most = asked->options->max_memory;
    const double limit = most == 0 ? (double)INFINITY : (double)most;
    const double held =
        (double)dt_arena_bytes(asked->arena) + (double)dt_arena_bytes(asked->scratch);
    int jobs = asked->how.jobs > 0 ? asked->how.jobs : dt_threads_available();
    if (jobs > DT_MAX_JOBS)
        jobs = DT_MAX_JOBS;
    asked->within = 1;
    if ((size_t)jobs >
        asked->watch.parts) { /* with fewer worlds than threads these share a world */
        asked->within = asked->watch.parts > 0 ? jobs / (int)asked->watch.parts : 1;
        jobs = (int)asked->watch.parts;
    }
    asked->jobs = jobs < 1 ? 1 : jobs;
    asked->keep = wants_outcomes(asked) ? DT_KEEP_HORIZON : DT_KEEP_LAST;
    double each = worker_bytes(asked, asked->keep);
    if (held + asked->jobs * each <= limit)
        return true;
    if (wants_outcomes(asked))
        asked->keep = DT_KEEP_VALUES;
    each = worker_bytes(asked, asked->keep);
    while (asked->jobs > 1 && held + asked->jobs * each > limit)
        asked->jobs--;
    if (held + each <= limit)
        return true;
    dt_text reason = {.arena = asked->arena};
    dt_text_print(&reason, "solving takes %.0f MB for each thread, and the memory limit is %.0f MB",
                  ceil((held + each) / mega), floor(limit / mega));
    dt_report_limit(asked->options, dt_text_get(&reason));
    return false;
}

/* False, and told, if the kernel that is wanted doesn't run here, or if a team moves where only
 * surplus values are wanted. */
static bool can_be_asked(const request *asked)
{
    const dt_model *model = asked->game->model;
    const dt_rules *rules = asked->game->rules;
    dt_diagnostics *diagnostics = dt_diagnostics_new(asked->arena, asked->options, &model->source);
    if (!asked->code)
        dt_complain(diagnostics, DT_NO_KERNEL, (dt_place){0, 0});
    for (int i = 0; asked->values == DT_VALUES_SURPLUS && i < rules->regime->teams; i++)
        dt_complain(diagnostics, DT_SURPLUS_TEAM, rules->regime->team[i].place, rules->under);
    const bool fine = dt_diagnostics_errors(diagnostics) == 0;
    dt_diagnostics_flush(diagnostics);
    return fine;
}

static void make_worker(request *asked, worker *self)
{
    dt_arena *arena = asked->scratch;
    const dt_game *game = asked->game;
    if (asked->private) {
        self->private =
            dt_private_new(arena, asked->private, asked->code, DT_KEEP_HORIZON, asked->within);
        self->parameter = dt_new(arena, double, (size_t)game->model->params);
        if (wants_outcomes(asked))
            self->by_private = dt_outcomes_private_new(arena, self->private, asked->outcomes);
        return;
    }
    const size_t width = asked->plan->width;
    dt_world *world = dt_world_new(arena, game, width);
    self->group = dt_group_new(arena, asked->plan, asked->code, world, asked->keep, 1, NULL);
    if (asked->selected) {
        self->whole = dt_whole_new(arena, self->group);
        self->parameter = dt_new(arena, double, (size_t)game->model->params);
    }
    if (!wants_outcomes(asked))
        return;
    self->outcomes = dt_outcomes_new(arena, game, asked->outcomes, width);
    self->forward = dt_forward_make(arena, game, self->group->coefficient, width,
                                    self->outcomes->masses, asked->how.kernel);
    self->forward->forgets = true;
}

/* Everything that lives in the scratch arena. */
static dt_status solve_all(request *asked)
{
    const bool gaps = asked->how.wanted == DT_WANT_ALL, private = asked->game->privates > 0;
    const double scale = dt_rationality_scale(asked->options);
    asked->selected = dt_selected_of(asked->game, asked->options);
    const size_t width = asked->selected ? 1 : DT_WORLDS;
    const size_t groups = private ? asked->worlds : (asked->worlds + width - 1) / width;
    if (private)
        asked->private = dt_private_plan_new(asked->scratch, asked->game, asked->values, gaps,
                                             scale, asked->options->half_beliefs);
    else
        asked->plan =
            dt_group_plan_new(asked->scratch, asked->game, asked->values, gaps, scale, width);
    if (asked->selected && !dt_whole_fits(asked->plan, asked->options))
        return DT_LIMIT;
    asked->watch = (dt_watch){asked->options, "solving", groups, 0, false};
    if (!choose_jobs(asked))
        return DT_LIMIT;
    asked->worker = dt_new(asked->scratch, worker, (size_t)asked->jobs);
    for (int j = 0; j < asked->jobs; j++)
        make_worker(asked, &asked->worker[j]);
    if (dt_threads_run(asked->jobs, asked->watch.parts, private ? solve_private : solve_group,
                       asked))
        return DT_OK;
    dt_report_limit(asked->options, "interrupted while solving");
    return DT_LIMIT;
}

static dt_status run(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    request *asked = argument;
    asked->arena = arena;
    asked->scratch = scratch;
    if (!can_be_asked(asked))
        return DT_INVALID;
    *found = asked->ensemble = make_room(asked);
    return solve_all(asked);
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
    const dt_status fits = dt_selected_fits(game, options, "dt_ensemble_run");
    if (fits != DT_OK)
        return fits;
    static const dt_options defaults;
    request asked = {.game = game,
                     .parameter = parameters,
                     .worlds = worlds,
                     .values = values,
                     .outcomes = (size_t)game->model->declared_outcomes};
    asked.options = options ? options : &defaults;
    if (asked.options->chance_alone)
        asked.values = DT_VALUES_AVERAGE;
    if (how)
        asked.how = *how;
    asked.code = dt_lane_code_of(asked.how.kernel);
    return dt_answer(options, run, &asked, (void **)ensemble);
}

dt_status dt_ensemble_expected(const dt_game *game, const double *parameters, size_t worlds,
                               dt_values values, const dt_options *options, dt_ensemble **ensemble)
{
    request asked = {
        .game = game,
        .parameter = parameters,
        .worlds = worlds,
        .values = options->chance_alone ? DT_VALUES_AVERAGE : values,
        .outcomes = (size_t)game->model->outcomes,
        .how = {.jobs = 1, .wanted = DT_WANT_OUTCOMES},
        .as_given = true,
        .options = options,
        .code = dt_lane_code_of(DT_KERNEL_AUTO)
    };
    return dt_answer(options, run, &asked, (void **)ensemble);
}

void dt_ensemble_free(dt_ensemble *ensemble)
{
    dt_arena_free(ensemble ? ensemble->arena : NULL);
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
        .rounding = ensemble->rounding[world],
        .value = ensemble->value + world * ensemble->actors,
    };
    if (status == DT_INVALID)
        result.code = dt_diagnostic_code(ensemble->wrong[world].code);
    else if (status == DT_NO)
        result.code = dt_judgement_code(ensemble->judgement[world]);
    if (ensemble->outcome)
        result.outcome = ensemble->outcome + world * ensemble->outcomes;
    if (ensemble->gap)
        result.gap = ensemble->gap + world * ensemble->actors;
    return result;
}
