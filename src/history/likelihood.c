/*
 * The likelihood of histories: ℓ = Σ_t log p_t. Groups of worlds are handed to workers, each of which solves the
 * games of the policies in force for its worlds, once, or where play reads `now` once for each row, and goes
 * through all histories row by row. Results go where their worlds stand, so that nothing depends on which worker
 * did what, or when.
 */
#include <assert.h>
#include <math.h>

#include "base/job.h"
#include "base/threads.h"
#include "base/watch.h"
#include "history/impossible.h"
#include "history/worker.h"

typedef struct request {
    const dt_likelihood *ready;
    const double *parameter; /* [worlds][params] */
    size_t worlds, width;
    const dt_options *options;
    double *loglik, *row; /* row may be NULL */
    dt_status *status;    /* or NULL */
    dt_worker **worker;   /* [jobs] */
    dt_standing ***at;    /* [jobs][histories] */
    double **log_p;       /* [jobs][rows][width] */
    int jobs;
    dt_watch watch; /* over groups of worlds */
} request;

/* All rows of all histories; row t of each before row t+1 of any, so that what play reads of the calendar is
 * solved once. False if the work is to be left off. */
static bool go_through(dt_worker *worker, dt_standing **at, double *log_p)
{
    const dt_likelihood *ready = worker->ready;
    for (size_t t = 1; t < ready->longest; t++) {
        for (size_t h = 0; h < ready->histories; h++) {
            const dt_ready_history *mine = &ready->history[h];
            if (t >= mine->history->rows)
                continue;
            if (t == 1 && !dt_worker_begin(worker, h, at[h]))
                return false;
            if (!dt_worker_row(worker, h, t, at[h], log_p + (mine->first + t - 1) * worker->width))
                return false;
        }
    }
    return true;
}

static void take_results(request *asked, const dt_worker *worker, const double *log_p, size_t first)
{
    const size_t rows = asked->ready->rows, width = worker->width;
    for (size_t w = 0; w < worker->worlds; w++) {
        const bool right = worker->status[w] == DT_OK;
        double sum = 0;
        for (size_t r = 0; r < rows; r++) {
            const double p = right ? log_p[r * width + w] : (double)NAN;
            sum += p;
            if (asked->row)
                asked->row[(first + w) * rows + r] = p;
        }
        asked->loglik[first + w] = right ? sum : (double)NAN;
        if (asked->status)
            asked->status[first + w] = worker->status[w];
    }
}

static bool run_group(void *context, int number, size_t task)
{
    request *asked = context;
    dt_worker *worker = asked->worker[number];
    const size_t params = (size_t)asked->ready->model->params;
    const size_t first = task * asked->width, left = asked->worlds - first;
    worker->go_on = dt_watch_by(number);
    worker->context = &asked->watch;
    /* without parameters there need be no numbers */
    dt_worker_take(worker, params > 0 ? asked->parameter + first * params : NULL,
                   left < asked->width ? left : asked->width);
    if (!go_through(worker, asked->at[number], asked->log_p[number]))
        return false;
    take_results(asked, worker, asked->log_p[number], first);
    dt_watch_part(&asked->watch);
    return true;
}

int dt_worker_jobs(const dt_likelihood *ready, size_t width, size_t groups, int wanted,
                   const dt_options *options)
{
    const double each = dt_worker_bytes(ready, width);
    int jobs = wanted > 0 ? wanted : dt_threads_available();
    jobs = jobs > DT_MAX_JOBS ? DT_MAX_JOBS : jobs;
    if ((size_t)jobs > groups)
        jobs = groups > 0 ? (int)groups : 1;
    while (jobs > 0 && options->max_memory > 0 && jobs * each > (double)options->max_memory)
        jobs--;
    if (jobs == 0)
        dt_report_limit(options,
                        "what a few worlds take for a history doesn't fit into the memory limit");
    return jobs;
}

static dt_status run(dt_arena *arena, void *argument)
{
    request *asked = argument;
    const dt_likelihood *ready = asked->ready;
    asked->worker = dt_new(arena, dt_worker *, (size_t)asked->jobs);
    asked->at = dt_new(arena, dt_standing **, (size_t)asked->jobs);
    asked->log_p = dt_new(arena, double *, (size_t)asked->jobs);
    for (int j = 0; j < asked->jobs; j++) {
        asked->worker[j] = dt_worker_new(arena, ready, asked->width);
        asked->at[j] = dt_new(arena, dt_standing *, ready->histories);
        for (size_t h = 0; h < ready->histories; h++)
            asked->at[j][h] = dt_standing_new(arena, ready, asked->width);
        asked->log_p[j] = dt_take(arena, ready->rows, asked->width * sizeof(double));
    }
    if (dt_threads_run(asked->jobs, asked->watch.parts, run_group, asked))
        return DT_OK;
    dt_report_limit(asked->options, "interrupted while finding likelihoods");
    return DT_LIMIT;
}

dt_status dt_likelihood_run(const dt_likelihood *likelihood, const double *parameters,
                            size_t worlds, const dt_ensemble_options *how,
                            const dt_options *options, double *loglik, double *row,
                            dt_status *status)
{
    static const dt_options defaults;
    if (!likelihood || !loglik || (worlds > 0 && likelihood->model->params > 0 && !parameters))
        return dt_refuse_call(options, "dt_likelihood_run",
                              "no likelihood, no numbers, or nowhere to put what is found");
    request asked = {.ready = likelihood,
                     .parameter = parameters,
                     .worlds = worlds,
                     .width = worlds == 1 ? 1 : dt_worker_width(likelihood),
                     .options = options ? options : &defaults,
                     .loglik = loglik,
                     .row = row,
                     .status = status};
    asked.watch = (dt_watch){asked.options, "finding likelihoods",
                             (worlds + asked.width - 1) / asked.width, 0, false};
    asked.jobs = dt_worker_jobs(likelihood, asked.width, asked.watch.parts, how ? how->jobs : 0,
                                asked.options);
    if (asked.jobs == 0)
        return DT_LIMIT;
    return dt_job(options, run, &asked);
}

/* ---- one world --------------------------------------------------------------------------------- */

typedef struct single {
    const dt_likelihood *ready;
    const double *parameter;
    const dt_options *options;
    double *loglik, *row;
} single;

/* What a row would be of which only some cells are seen. */
typedef struct trial {
    dt_arena *arena;
    const dt_observables *all;
    dt_flow *flow;
    const dt_slice_row *slice; /* all that could be if nothing were seen */
    const dt_wide *now;
    dt_wide *end;
} trial;

static bool can_be(void *context, const int32_t *value)
{
    const trial *t = context;
    const dt_row_view *view = dt_row_view_new(t->arena, t->all, t->flow->stand->game, value);
    bool any = false;
    dt_flow_forward(t->flow, t->slice, view, t->now, t->end, false);
    for (uint32_t i = 0; i < t->slice->leaves; i++) {
        for (size_t c = 0; c < t->flow->columns && !any; c++)
            any = t->end[i * t->flow->columns + c].part > 0 &&
                  dt_row_lets_end(view, t->all, t->slice->leaf[i]);
    }
    return any;
}

/* Tells that a row is impossible in this world; `now`: what may be as it begins, NULL: nothing, by the private
 * cells of the first row. */
static void tell_impossible(dt_arena *arena, const dt_options *options, dt_worker *worker, size_t h,
                            size_t row, const dt_wide *now)
{
    const dt_likelihood *ready = worker->ready;
    const dt_ready_history *mine = &ready->history[h];
    const dt_history *history = mine->history;
    const dt_slice_row *slice = &mine->row[row > 0 ? row : 1];
    if (now) {
        trial t = {arena, history->all, worker->flow[slice->stand], NULL, now, NULL};
        const dt_game *game = t.flow->stand->game;
        dt_slice_row whole = *slice;
        dt_slice_fill(arena, game, &whole);
        t.slice = &whole;
        t.end = dt_new(arena, dt_wide, (size_t)game->leaves * t.flow->columns);
        dt_impossible_tell(arena, ready, history, row, options, can_be, &t);
        return;
    }
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, options, &history->source);
    dt_complain_more(diagnostics, DT_IMPOSSIBLE_START, history->place[0],
                     "leave the cell empty, or give its value a chance in the model", NULL,
                     ready->model->policy[dt_ready_policy(ready, history, 1)].is.name);
    dt_diagnostics_flush(diagnostics);
}

static void tell_unsolved(dt_arena *arena, const dt_worker *worker, const dt_options *options)
{
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, options, &worker->ready->model->source);
    if (worker->told[0])
        dt_play_complain(arena, worker->told[0], 0, diagnostics);
    else
        dt_complain(diagnostics, DT_UNSOLVED, (dt_place){0, 0}, "the game",
                    "what types do at some node is smaller than any number");
    dt_diagnostics_flush(diagnostics);
}

dt_status dt_worker_row_told(dt_arena *arena, dt_worker *worker, size_t history, size_t row,
                             dt_standing *at, const dt_options *options, double *log_p)
{
    const bool never = at->dead[0];
    dt_worker_row(worker, history, row, at, log_p);
    if (worker->status[0] != DT_OK) {
        tell_unsolved(arena, worker, options);
        return worker->status[0];
    }
    if (!at->dead[0])
        return DT_OK;
    /* what it stood at before the row is in `next` now */
    tell_impossible(arena, options, worker, history, never ? 0 : row, never ? NULL : at->next);
    return DT_INVALID;
}

static dt_status run_single(dt_arena *arena, void *argument)
{
    const single *asked = argument;
    const dt_likelihood *ready = asked->ready;
    dt_worker *worker = dt_worker_new(arena, ready, 1);
    dt_standing **at = dt_new(arena, dt_standing *, ready->histories);
    double sum = 0;
    dt_worker_take(worker, asked->parameter, 1);
    for (size_t h = 0; h < ready->histories; h++)
        at[h] = dt_standing_new(arena, ready, 1);
    for (size_t t = 1; t < ready->longest; t++) {
        for (size_t h = 0; h < ready->histories; h++) {
            const dt_ready_history *mine = &ready->history[h];
            double log_p;
            if (t >= mine->history->rows)
                continue;
            dt_progress(arena, asked->options, "finding the likelihood",
                        (double)t / (double)ready->longest);
            if (t == 1)
                dt_worker_begin(worker, h, at[h]);
            const dt_status status =
                dt_worker_row_told(arena, worker, h, t, at[h], asked->options, &log_p);
            if (status != DT_OK)
                return status;
            sum += log_p;
            if (asked->row)
                asked->row[mine->first + t - 1] = log_p;
        }
    }
    *asked->loglik = sum;
    return DT_OK;
}

dt_status dt_likelihood_world(const dt_likelihood *likelihood, const double *parameters,
                              const dt_options *options, double *loglik, double *row)
{
    if (!likelihood || !loglik || (likelihood->model->params > 0 && !parameters))
        return dt_refuse_call(options, "dt_likelihood_world",
                              "no likelihood, no numbers, or nowhere to put what is found");
    single asked = {likelihood, parameters, options, loglik, row};
    *loglik = (double)NAN;
    const dt_status status = dt_job(options, run_single, &asked);
    for (size_t r = 0; row && status != DT_OK && r < likelihood->rows; r++)
        row[r] = (double)NAN;
    return status;
}
