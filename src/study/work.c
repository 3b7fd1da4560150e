/*
 * Making and solving worlds. The games are explored once and kept; worlds are made from the design
 * whenever they are wanted, so that any process that knows the plan can solve any unit.
 */
#include "study/work.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/threads.h"
#include "game/game.h"
#include "study/schema.h"

enum { LANES = 8, MOST_ROOM = 4096, MOST_BYTES = 32 << 20 };

struct dt_work {
    dt_plan *plan;
    int jobs;
    const dt_options *options;
    dt_game **game; /* [policies] */
    size_t held;    /* bytes of these */
    dt_draws *draws;
    dt_placing *placing;
    size_t room;
    uint64_t first; /* of the worlds that are made */
    size_t made;
    double *share;  /* [room][varied] */
    double *values; /* [room][params] */
};

/* Explores a policy for whatever the numbers that vary may be: what doesn't hang on them can be known. */
static dt_status explore_ranges(const dt_work *work, dt_arena *arena, size_t policy)
{
    const dt_plan *plan = work->plan;
    bool *held = dt_new(arena, bool, (size_t)plan->model->params);
    for (int p = 0; p < plan->model->params; p++)
        held[p] = true;
    for (size_t i = 0; i < plan->varied; i++)
        held[plan->vary[i]] = false;
    return dt_game_explore_ranges(plan->model, plan->policy[policy], plan->held, held,
                                  work->options, &work->game[policy]);
}

/* Explores a policy in which something is a secret again, for all worlds of the file: it may be certain in each. */
static dt_status explore_known(dt_work *work, size_t policy)
{
    const dt_plan *plan = work->plan;
    dt_game *game;
    if (dt_game_secrets(work->game[policy]) == 0)
        return DT_OK;
    dt_work_make(work, DT_NOMINAL_WORLD, 1);
    dt_status status = dt_game_explore_known(plan->model, plan->policy[policy], work->values, 1,
                                             work->options, &game);
    for (uint64_t first = 0; first <= plan->worlds && status == DT_OK; first += work->room) {
        const uint64_t left = plan->worlds + 1 - first;
        const size_t count = left < work->room ? (size_t)left : work->room;
        dt_work_make(work, first, count);
        status = dt_game_check_known(game, work->values, count, work->options);
    }
    if (status != DT_OK) {
        dt_game_free(game);
        return status == DT_NO ? DT_OK : status;
    }
    dt_game_free(work->game[policy]);
    work->game[policy] = game;
    return DT_OK;
}

static dt_status take_known(dt_work *work)
{
    dt_status status = DT_OK;
    for (size_t p = 0; p < work->plan->policies && status == DT_OK; p++)
        status = explore_known(work, p);
    work->made = 0;
    return status;
}

dt_status dt_work_new(dt_arena *arena, dt_plan *plan, int jobs, const dt_options *options,
                      dt_work **made)
{
    dt_work *work = *made = dt_new(arena, dt_work, 1);
    const size_t params = (size_t)plan->model->params;
    work->plan = plan;
    work->jobs = jobs > 0 ? jobs : dt_threads_available();
    if (work->jobs > DT_MAX_JOBS)
        work->jobs = DT_MAX_JOBS;
    work->options = options;
    work->game = dt_new(arena, dt_game *, plan->policies);
    dt_status status = dt_draws_prepare(plan->model, options, &work->draws);
    for (size_t p = 0; p < plan->policies && status == DT_OK; p++)
        status = explore_ranges(work, arena, p);
    if (status != DT_OK)
        return status;
    work->placing = dt_placing_new(arena, plan, work->draws);
    const size_t bytes = (params + plan->varied) * sizeof(double) + 2 * dt_record_bytes(plan);
    work->room = MOST_BYTES / bytes / dt_work_grain(work) * dt_work_grain(work);
    if (work->room > MOST_ROOM)
        work->room = MOST_ROOM / dt_work_grain(work) * dt_work_grain(work);
    if (work->room < dt_work_grain(work))
        work->room = dt_work_grain(work);
    work->share = dt_take(arena, work->room, plan->varied * sizeof(double));
    work->values = dt_take(arena, work->room, params * sizeof(double));
    status = plan->model->privates > 0 ? take_known(work) : DT_OK;
    for (size_t p = 0; p < plan->policies && status == DT_OK; p++)
        work->held += dt_arena_bytes(work->game[p]->arena);
    return status;
}

void dt_work_free(dt_work *work)
{
    if (!work)
        return;
    for (size_t p = 0; p < work->plan->policies; p++)
        dt_game_free(work->game[p]);
    dt_draws_free(work->draws);
}

size_t dt_work_room(const dt_work *work)
{
    return work->room;
}

size_t dt_work_grain(const dt_work *work)
{
    return LANES * (size_t)work->jobs;
}

/* ---- worlds ----------------------------------------------------------------------------------- */

void dt_work_make(dt_work *work, uint64_t first, size_t count)
{
    dt_plan *plan = work->plan;
    assert(count <= work->room && first + count <= plan->worlds + 1);
    for (size_t w = 0; w < count; w++) {
        double *share = work->share + w * plan->varied;
        if (first + w == DT_NOMINAL_WORLD) {
            for (size_t i = 0; i < plan->varied; i++)
                share[i] = (double)NAN;
        } else {
            dt_plan_point(plan, first + w - 1, share);
        }
        dt_placing_world(work->placing, share, work->values + w * (size_t)plan->model->params);
    }
    work->first = first;
    work->made = count;
}

static size_t place_of(const dt_work *work, uint64_t world)
{
    assert(world >= work->first && world < work->first + work->made);
    return (size_t)(world - work->first);
}

const double *dt_work_share(const dt_work *work, uint64_t world)
{
    return work->share + place_of(work, world) * work->plan->varied;
}

const double *dt_work_values(const dt_work *work, uint64_t world)
{
    return work->values + place_of(work, world) * (size_t)work->plan->model->params;
}

dt_status dt_work_warn(dt_work *work)
{
    enum { LOOKED_AT = 1000 };
    const dt_plan *plan = work->plan;
    size_t worlds = plan->worlds < LOOKED_AT ? plan->worlds : LOOKED_AT, lost;
    if (worlds > work->room)
        worlds = work->room;
    dt_work_make(work, DT_NOMINAL_WORLD + 1, worlds);
    return dt_games_count_lost(work->game, plan->policies, work->values, worlds, work->options,
                               &lost);
}

/* ---- solving ---------------------------------------------------------------------------------- */

size_t dt_record_bytes(const dt_plan *plan)
{
    return sizeof(dt_record) +
           (size_t)(plan->model->declared_outcomes + 2 * plan->model->actors) * sizeof(double);
}

dt_result dt_record_result(const dt_record *record)
{
    return (dt_result){.status = (dt_status)record->status,
                       .code = record->code,
                       .reason = record->reason,
                       .failures = record->failures,
                       .crossed = record->crossed,
                       .sweeps = record->sweeps,
                       .residual = record->residual,
                       .number = record->number};
}

typedef struct pulse {
    void (*pulse)(void *context, double done);
    void *context;
} pulse;

/* What is begun is brought to its end: it takes a second or two. */
static bool pass_on(void *context, const char *activity, double done)
{
    const pulse *p = context;
    (void)activity;
    p->pulse(p->context, done);
    return true;
}

/* The reason of a failure without the name that the model's file had here: "(line 7:25)". */
static dt_status take_reason(const dt_work *work, const dt_ensemble *ensemble, size_t world,
                             dt_record *record)
{
    static const char line[] = "line ";
    char text[4096];
    const dt_status status = dt_ensemble_reason(ensemble, world, text, sizeof text - sizeof line);
    const char *name = work->plan->model->source.name;
    char *at = *name ? strstr(text, name) : NULL;
    if (at && at[strlen(name)] == ':') {
        const char *rest = at + strlen(name) + 1;
        memmove(at + strlen(line), rest, strlen(rest) + 1);
        memcpy(at, line, strlen(line));
    }
    const size_t length = strlen(text), most = sizeof record->reason - 1;
    memcpy(record->reason, text, length < most ? length : most);
    return status;
}

static dt_status take_record(const dt_work *work, const dt_ensemble *ensemble, size_t world,
                             dt_record *record)
{
    const size_t outcomes = (size_t)work->plan->model->declared_outcomes,
                 actors = (size_t)work->plan->model->actors;
    const dt_world_result found = dt_ensemble_world(ensemble, world);
    *record = (dt_record){.failures = found.failures,
                          .crossed = found.crossed,
                          .sweeps = found.sweeps,
                          .residual = found.residual,
                          .status = found.status};
    snprintf(record->code, sizeof record->code, "%s", found.code);
    if (outcomes)
        memcpy(record->number, found.outcome, outcomes * sizeof(double));
    memcpy(record->number + outcomes, found.value, actors * sizeof(double));
    memcpy(record->number + outcomes + actors, found.gap, actors * sizeof(double));
    return take_reason(work, ensemble, world, record);
}

dt_status dt_work_solve(dt_work *work, const dt_unit *unit, char *records,
                        void (*call)(void *context, double done), void *context)
{
    const dt_plan *plan = work->plan;
    assert(unit->count >= 1 && unit->count <= work->room && unit->column < plan->policies);
    if (unit->first < work->first || unit->first + unit->count > work->first + work->made)
        dt_work_make(work, unit->first, (size_t)unit->count);
    pulse passed = {call, context};
    dt_options options = *work->options;
    if (options.max_memory > 0) /* what the games leave */
        options.max_memory = options.max_memory > work->held ? options.max_memory - work->held : 1;
    options.progress = pass_on;
    options.progress_context = &passed;
    const dt_ensemble_options how = {.jobs = work->jobs, .wanted = DT_WANT_ALL};
    dt_ensemble *ensemble;
    dt_status status =
        dt_ensemble_run(work->game[unit->column], dt_work_values(work, unit->first),
                        (size_t)unit->count, plan->values, &how, &options, &ensemble);
    if (status != DT_OK)
        return status;
    const size_t bytes = dt_record_bytes(plan);
    for (size_t w = 0; w < unit->count && status == DT_OK; w++)
        status = take_record(work, ensemble, w, (dt_record *)(void *)(records + w * bytes));
    dt_ensemble_free(ensemble);
    return status;
}
