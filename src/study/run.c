/*
 * Running a study: its worlds in pieces, of each piece what the file doesn't have yet, in units of
 * consecutive worlds under one policy, solved here or by the workers of a cluster, and put into the
 * file as they come. Pieces are so large that a unit takes some tenths of a second, or a few seconds if
 * worlds are slow: little is lost when the process is killed, and little time goes into committing and
 * into threads that wait for each other. They are never larger than the room there is, however many
 * worlds the study has.
 *
 * Invariant: what the file holds in the end depends on the plan alone: units, pieces, commits and
 * workers decide only when a row is written.
 */
#include <assert.h>
#include <string.h>
#include <time.h>

#include "study/cluster.h"

/* Seconds that solving a unit should take, and what a transaction may hold; a unit should have so many
 * groups of worlds for each thread, that threads seldom wait for each other. */
static const double LEAST_TIME = 0.2, MOST_TIME = 8, COMMIT_TIME = 0.1;
enum { GROUPS = 4 };

typedef struct running {
    dt_arena *arena;
    const dt_study_plan *asked;
    const dt_model *model;
    const char *path;
    dt_study_how how;
    const dt_options *options;
    dt_study_summary **summary;

    dt_plan *plan;
    dt_work *work;
    dt_store *store;
    char *records;
    dt_study_summary *did;
    dt_status status; /* of the store, or what else went wrong in a callback */
    bool stopped;     /* how.progress said so */
    double start, committed;

    /* The piece, and where in it the next unit is looked for. */
    uint64_t first;
    size_t length, next_length;
    bool *missing; /* [length][policies] */
    size_t column, at;
    double piece_start;
} running;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Adds the time since `start` to what was spent in the file. */
static void stored_since(running *r, double start)
{
    r->did->storing += now() - start;
}

/* Tells of progress; done: of the worlds being solved. */
static void pulse(void *context, double ongoing)
{
    running *r = context;
    const dt_study_progress progress = {.worlds = (r->plan->worlds + 1) * r->plan->policies,
                                        .before = r->did->before,
                                        .done = r->did->done,
                                        .ongoing = ongoing};
    assert(progress.done <= progress.worlds);
    if (r->how.progress && !r->how.progress(r->how.progress_context, &progress))
        r->stopped = true;
}

static bool go_on(void *context)
{
    const running *r = context;
    return r->status == DT_OK && !r->stopped;
}

static void commit_if_due(running *r)
{
    const double start = now();
    if (r->status != DT_OK || start - r->committed < COMMIT_TIME)
        return;
    r->status = dt_store_commit(r->store);
    r->committed = now();
    stored_since(r, start);
}

/* ---- pieces and units ------------------------------------------------------------------------- */

/* Twice or half as many worlds if the piece before went too fast or too slowly. */
static void adapt(running *r)
{
    const size_t grain = dt_work_grain(r->work), workers = (size_t)dt_cluster_workers();
    const double units = (double)r->plan->policies / (workers ? (double)workers : 1),
                 took = (now() - r->piece_start) / units;
    const bool few = r->length < GROUPS * grain && took < MOST_TIME / 2;
    if (r->length > 0 && (took < LEAST_TIME || few) && 2 * r->next_length <= dt_work_room(r->work))
        r->next_length *= 2;
    else if (r->length > 0 && took > MOST_TIME && r->next_length >= 2 * grain)
        r->next_length = r->next_length / 2 / grain * grain;
    /* towards the end every worker gets its share */
    const uint64_t left = r->plan->worlds + 1 - r->first;
    while (workers && r->next_length >= 2 * grain && r->next_length * workers > left)
        r->next_length = r->next_length / 2 / grain * grain;
    assert(r->next_length >= grain && r->next_length <= dt_work_room(r->work));
}

/* The next piece that lacks something, its worlds made and stored. False if there is none. */
static bool load_piece(running *r)
{
    const uint64_t worlds = r->plan->worlds + 1;
    const size_t policies = r->plan->policies;
    for (;;) {
        r->first += r->length;
        if (r->first >= worlds || r->status != DT_OK) {
            r->length = 0; /* every worker asks until it hears that there is no more */
            return false;
        }
        adapt(r);
        const uint64_t left = worlds - r->first;
        r->length = left < r->next_length ? (size_t)left : r->next_length;
        r->column = r->at = 0;
        r->piece_start = now();
        r->status = dt_store_missing(r->store, r->first, r->length, r->missing);
        stored_since(r, r->piece_start);
        if (r->status == DT_OK && memchr(r->missing, true, r->length * policies))
            break;
    }
    dt_work_make(r->work, r->first, r->length);
    const double start = now();
    for (uint64_t w = r->first; w < r->first + r->length && r->status == DT_OK; w++)
        r->status =
            dt_store_world(r->store, w, dt_work_share(r->work, w), dt_work_values(r->work, w));
    stored_since(r, start);
    return r->status == DT_OK;
}

/* The next unit: consecutive worlds of the piece that lack the same policy. */
static bool next_unit(void *context, dt_unit *unit)
{
    running *r = context;
    const size_t policies = r->plan->policies;
    assert(r->length == 0 || r->first + r->length <= r->plan->worlds + 1);
    while (go_on(r)) {
        for (; r->column < policies && r->length > 0; r->column++, r->at = 0) {
            while (r->at < r->length && !r->missing[r->at * policies + r->column])
                r->at++;
            const size_t from = r->at;
            while (r->at < r->length && r->missing[r->at * policies + r->column])
                r->at++;
            if (r->at == from)
                continue;
            *unit = (dt_unit){r->first + from, r->at - from, r->column};
            assert(unit->count >= 1 && unit->count <= dt_work_room(r->work));
            return true;
        }
        if (!load_piece(r))
            return false;
    }
    return false;
}

/* Puts a unit's records into the file. */
static void keep(void *context, const dt_unit *unit, const char *records)
{
    running *r = context;
    const size_t bytes = dt_record_bytes(r->plan);
    const double start = now();
    for (uint64_t w = 0; w < unit->count && r->status == DT_OK; w++) {
        const dt_result result =
            dt_record_result((const dt_record *)(const void *)(records + w * bytes));
        r->status = dt_store_result(r->store, unit->first + w, (size_t)unit->column, &result);
    }
    stored_since(r, start);
    r->did->done += r->status == DT_OK ? (size_t)unit->count : 0;
    assert(unit->column < r->plan->policies && unit->first + unit->count <= r->plan->worlds + 1);
    commit_if_due(r);
    pulse(r, 0);
}

/* ---- the run ---------------------------------------------------------------------------------- */

typedef struct solving {
    running *run;
    const dt_unit *unit;
} solving;

static void pulse_of_unit(void *context, double done)
{
    const solving *s = context;
    pulse(s->run, done * (double)s->unit->count);
}

static dt_status solve_here(running *r)
{
    dt_unit unit;
    while (next_unit(r, &unit)) {
        solving context = {r, &unit};
        const dt_status status = dt_work_solve(r->work, &unit, r->records, pulse_of_unit, &context);
        if (status != DT_OK)
            return status;
        keep(r, &unit, r->records);
    }
    return DT_OK;
}

static void wait(void *context)
{
    running *r = context;
    commit_if_due(r);
    pulse(r, 0);
}

static dt_status solve_there(running *r)
{
    const dt_director director = {.context = r,
                                  .next = next_unit,
                                  .done = keep,
                                  .wait = wait,
                                  .go_on = go_on,
                                  .records = r->records,
                                  .bytes = dt_work_room(r->work) * dt_record_bytes(r->plan)};
    const dt_status status = dt_cluster_direct(&director);
    return r->stopped ? DT_OK : status;
}

/* The file is open: what is missing in it is solved, and what was solved is in it in the end. */
static dt_status fill(running *r)
{
    dt_study_summary *did = r->did;
    did->before = did->done = dt_store_found(r->store);
    dt_status status = dt_work_warn(r->work);
    if (status != DT_OK)
        return status;
    r->missing = dt_take(r->arena, dt_work_room(r->work), r->plan->policies);
    r->committed = r->start;
    r->next_length = dt_work_grain(r->work);
    pulse(r, 0);
    status = r->stopped ? DT_OK : dt_cluster_workers() > 0 ? solve_there(r) : solve_here(r);
    if (status == DT_OK)
        status = r->status;
    const double start = now();
    const bool complete = did->done == (did->worlds + 1) * did->policies;
    did->interrupted = status == DT_OK && !complete;
    assert(!did->interrupted || r->stopped);
    /* even after a failure what is held goes into the file, if that isn't what failed */
    if (r->status == DT_OK) {
        const dt_status stored = dt_store_finish(r->store, complete && status == DT_OK);
        status = status == DT_OK ? stored : status;
    }
    stored_since(r, start);
    return status;
}

static dt_status open_and_fill(running *r)
{
    dt_study_summary *did = r->did;
    dt_status status = dt_store_open(r->arena, r->path, r->plan, r->options, &r->store);
    const bool complete = status == DT_OK && dt_store_complete(r->store);
    if (dt_cluster_agree(status == DT_OK && !complete) != 0)
        status = fill(r);
    else if (complete)
        did->before = did->done = dt_store_found(r->store);
    if (status != DT_OK)
        return status;
    *r->summary = did;
    status = dt_store_failures(r->store, r->arena, &did->failure, &did->failures, &did->failed);
    did->seconds = now() - r->start;
    if (status != DT_OK)
        return status;
    return did->interrupted ? DT_LIMIT : did->failed ? DT_NO : DT_OK;
}

/* All that takes memory from the arena. */
static dt_status run(void *argument)
{
    running *r = argument;
    r->plan = dt_plan_new(r->arena, r->model, r->asked, r->options);
    if (!r->plan)
        return DT_INVALID;
    dt_status status = dt_work_new(r->arena, r->plan, r->how.jobs, r->options, &r->work);
    if (status != DT_OK)
        return status;
    r->records = dt_take(r->arena, dt_work_room(r->work), dt_record_bytes(r->plan));
    dt_cluster_meet();
    if (dt_cluster_is_worker()) {
        if (dt_cluster_agree(0) != 0)
            status = dt_cluster_serve(r->work, r->records, dt_record_bytes(r->plan));
        return status;
    }
    r->did = dt_new(r->arena, dt_study_summary, 1);
    *r->did = (dt_study_summary){
        .worlds = r->plan->worlds, .policies = r->plan->policies, .owner = r->arena};
    return open_and_fill(r);
}

/* Whether a plan's indices are those of the model. */
static bool right_plan(const dt_model *model, const dt_study_plan *plan)
{
    if (!model || !plan || (unsigned)plan->design >= DT_DESIGNS ||
        (unsigned)plan->values > DT_VALUES_SURPLUS || (plan->varied > 0 && !plan->vary) ||
        (plan->policies > 0 && !plan->policy) ||
        (plan->design == DT_DESIGN_POSTERIOR && (!plan->point || !plan->fitted)))
        return false;
    bool right = true;
    for (size_t i = 0; i < plan->varied; i++)
        right &= plan->vary[i] < dt_model_count(model, DT_PARAMETERS);
    for (size_t i = 0; i < plan->policies; i++)
        right &= plan->policy[i] < dt_model_count(model, DT_POLICIES);
    return right;
}

dt_status dt_study_run(const dt_model *model, const dt_study_plan *plan, const char *path,
                       const dt_study_how *how, const dt_options *options,
                       dt_study_summary **summary)
{
    if (summary)
        *summary = NULL;
    if (!path || !summary || !right_plan(model, plan))
        return dt_refuse_call(
            options, "dt_study_run",
            "a plan that isn't one of the model, no path, or nowhere to put the summary");
    if ((options && options->selected) != (plan->selected != NULL))
        return dt_refuse_call(options, "dt_study_run",
                              "a selected equilibrium without a word for it, or the word alone");
    static const dt_options defaults;
    *summary = NULL;
    running r = {.asked = plan, .model = model, .path = path, .summary = summary, .start = now()};
    r.options = options ? options : &defaults;
    if (how)
        r.how = *how;
    r.arena = dt_arena_new(&r.options->allocator, r.options->max_memory);
    if (!r.arena) {
        dt_report_limit(r.options, "the machine has no more memory");
        return DT_LIMIT;
    }
    const dt_status status = dt_arena_try(r.arena, run, &r);
    if (status == DT_LIMIT && *dt_arena_reason(r.arena))
        dt_report_limit(r.options, dt_arena_reason(r.arena));
    dt_store_close(r.store);
    dt_work_free(r.work);
    /* a failed or interrupted run leaves others waiting, who are ended when it leaves them */
    if (status <= DT_NO || (dt_cluster_is_worker() && status == DT_OK))
        dt_cluster_part();
    if (!*summary)
        dt_arena_free(r.arena);
    return status;
}

void dt_study_summary_free(dt_study_summary *summary)
{
    dt_arena_free(summary ? summary->owner : NULL);
}
