/*
 * Replications: what might have come in place of the rows of a history after one of them, drawn. What may be as the
 * next row begins is known by the filter; from a place of it, drawn by its chance, play is followed period by period with
 * the strategies and the policy of each row, many courses of one world side by side, so that a game that has to be solved
 * for a row is solved once for all of them. Numbers belong to the course, period, stage and purpose (draw.h).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "base/threads.h"
#include "base/watch.h"
#include "history/draw.h"
#include "history/note.h"
#include "history/worker.h"

/* Where a course of play stands: in a root of the row's stand. */
typedef struct course {
    uint32_t root, column;
    bool ended;
} course;

/* What may be as the first row that is drawn begins. */
typedef struct beginning {
    uint32_t root, column;
    dt_wide chance;
} beginning;

typedef struct worker {
    dt_worker *filter;
    dt_standing *at;
    dt_wide *end;   /* [leaves][columns] */
    beginning *may; /* [beginnings] */
    size_t beginnings;
    course *course;   /* [courses] */
    dt_history *note; /* of one period: what is drawn in it */
    double log_p[1];
} worker;

typedef struct request {
    const dt_likelihood *ready;
    const dt_ready_history *mine;
    dt_replicating asked;
    const double *parameter;
    size_t worlds;
    int *value;
    dt_status *status;
    uint32_t **next; /* [stands][stands], of those that follow each other */
    worker *worker;  /* [jobs] */
    int jobs;
    dt_watch watch; /* over worlds */
} request;

/* ---- where the courses begin ------------------------------------------------------------------- */

static void add_beginning(worker *self, uint32_t root, uint32_t column, dt_wide chance)
{
    if (chance.part > 0)
        self->may[self->beginnings++] = (beginning){root, column, chance};
}

/* What may be after row `first`, play going on, given the rows up to it; false if the work is to be left off. */
static bool find_beginnings(const request *r, worker *self)
{
    dt_worker *filter = self->filter;
    const size_t first = r->asked.first, history = r->asked.history;
    const dt_likelihood *ready = r->ready;
    self->beginnings = 0;
    if (!dt_worker_begin(filter, history, self->at))
        return false;
    for (size_t row = 1; row < first; row++) {
        if (!dt_worker_row(filter, history, row, self->at, self->log_p))
            return false;
    }
    if (filter->status[0] != DT_OK || self->at->dead[0])
        return true;
    if (first == 0) {
        const dt_stand *stand = &ready->stand[dt_ready_stand(r->mine, 1)];
        for (uint32_t c = 0; c < stand->columns; c++)
            add_beginning(self, r->mine->root, c,
                          self->at->now[r->mine->root * stand->columns + c]);
        return true;
    }
    const size_t from = dt_ready_stand(r->mine, first), to = dt_ready_stand(r->mine, first + 1);
    const dt_slice_row *slice = &r->mine->row[first];
    const size_t columns = ready->stand[from].columns;
    if (!dt_worker_play(filter, from, first))
        return false;
    dt_flow *flow = filter->flow[from];
    dt_flow_turn(flow, 0);
    dt_flow_forward(flow, slice, slice->view, self->at->now, self->end, false);
    for (size_t i = 0; i < slice->leaves * columns; i++) {
        const uint32_t root = r->next[from * ready->stands + to][slice->leaf[i / columns]];
        if (root != DT_NOWHERE)
            add_beginning(self, root, (uint32_t)(i % columns), self->end[i]);
    }
    if (flow->lost)
        filter->status[0] = DT_NO;
    return true;
}

static course begin(const request *r, const worker *self, uint64_t number)
{
    dt_wide sum = {0, 0};
    double u[DT_PURPOSES];
    for (size_t i = 0; i < self->beginnings; i++)
        sum = dt_wide_plus(sum, self->may[i].chance);
    const uint32_t stages = r->ready->stand[dt_ready_stand(r->mine, 1)].game->stages;
    dt_draw(r->asked.seed, number, 0, stages, u);
    double left = u[DT_FOR_BRANCH];
    const beginning *found = self->may;
    for (size_t i = 0; i < self->beginnings && left >= 0; i++) {
        found = &self->may[i];
        left -= dt_wide_double(dt_wide_over(found->chance, sum));
    }
    return (course){.root = found->root, .column = found->column};
}

/* ---- one period -------------------------------------------------------------------------------- */

/* Follows a course through a row, noting what is done; false if the strategies aren't known where it comes to. */
static bool follow(const request *r, worker *self, size_t row, uint64_t number, course *course)
{
    const size_t from = dt_ready_stand(r->mine, row), to = dt_ready_stand(r->mine, row + 1);
    const dt_stand *stand = &r->ready->stand[from];
    const dt_game *game = stand->game;
    dt_flow *flow = self->filter->flow[from];
    uint32_t place = game->state_place[course->root], column = course->column;
    while (place < game->nodes) {
        const dt_menu *menu = &game->menu[game->node_menu[place]];
        double u[DT_PURPOSES];
        dt_draw(r->asked.seed, number, row, (uint32_t)menu->stage, u);
        const int cell = dt_draw_cell(flow, place, column, u);
        const dt_step *step = cell == DT_NONE ? NULL : dt_draw_step(flow, place, column, cell, u);
        if (!step)
            return false;
        dt_note_cell(self->note, 1, menu, cell);
        place = step->target;
        column = step->column;
    }
    dt_note_state(self->note, 1, stand, place, column);
    course->root = r->next[from * r->ready->stands + to][place - game->nodes];
    course->column = column;
    course->ended = course->root == DT_NOWHERE;
    return true;
}

/* One row of all courses of a world, to value [courses][steps][observables]. */
static bool draw_row(const request *r, worker *self, size_t world, size_t step, int *value)
{
    const size_t all = self->note->all->count, row = r->asked.first + 1 + step;
    dt_worker *filter = self->filter;
    if (!dt_worker_play(filter, dt_ready_stand(r->mine, row), row))
        return false;
    dt_flow_turn(filter->flow[dt_ready_stand(r->mine, row)], 0);
    for (size_t c = 0; c < r->asked.courses && filter->status[0] == DT_OK; c++) {
        int *to = value + (c * r->asked.steps + step) * all;
        course *course = &self->course[c];
        const bool over = course->ended;
        dt_note_nothing(self->note, 1);
        if (!over && !follow(r, self, row, r->asked.number + world * r->asked.courses + c, course))
            filter->status[0] = DT_NO;
        for (size_t i = 0; i < all; i++) /* what has ended stands, with nothing chosen */
            to[i] = over && self->note->all->stage[i] == DT_NONE ? (to - all)[i]
                                                                 : self->note->value[all + i];
    }
    return true;
}

/* ---- the work ---------------------------------------------------------------------------------- */

static bool run_world(void *context, int number, size_t world)
{
    request *r = context;
    worker *self = &r->worker[number];
    dt_worker *filter = self->filter;
    const size_t params = (size_t)r->ready->model->params,
                 numbers = r->asked.courses * r->asked.steps * self->note->all->count;
    int *value = r->value + world * numbers;
    filter->go_on = dt_watch_by(number);
    filter->context = &r->watch;
    dt_worker_take(filter, params > 0 ? r->parameter + world * params : NULL, 1);
    if (!find_beginnings(r, self))
        return false;
    if (filter->status[0] == DT_OK && self->beginnings == 0)
        filter->status[0] = DT_INVALID;
    for (size_t c = 0; c < r->asked.courses && filter->status[0] == DT_OK; c++)
        self->course[c] = begin(r, self, r->asked.number + world * r->asked.courses + c);
    for (size_t step = 0; step < r->asked.steps && filter->status[0] == DT_OK; step++) {
        if (!draw_row(r, self, world, step, value))
            return false;
    }
    if (filter->status[0] != DT_OK)
        memset(value, -1, numbers * sizeof *value); /* DT_UNSEEN */
    if (r->status)
        r->status[world] = filter->status[0];
    dt_watch_part(&r->watch);
    return true;
}

static dt_status run(dt_arena *arena, void *argument)
{
    request *r = argument;
    const dt_likelihood *ready = r->ready;
    r->next = dt_ready_next(arena, ready, r->mine, r->asked.first + r->asked.steps);
    r->worker = dt_new(arena, worker, (size_t)r->jobs);
    for (int j = 0; j < r->jobs; j++) {
        worker *self = &r->worker[j];
        self->filter = dt_worker_new(arena, ready, 1);
        self->at = dt_standing_new(arena, ready, 1);
        self->end = dt_new(arena, dt_wide, dt_worker_columns(ready));
        self->may = dt_new(arena, beginning, dt_worker_columns(ready));
        self->course = dt_new(arena, course, r->asked.courses);
        self->note = dt_history_new(arena, ready->model, 2);
    }
    if (dt_threads_run(r->jobs, r->worlds, run_world, r))
        return DT_OK;
    dt_report_limit(r->watch.options, "interrupted while drawing");
    return DT_LIMIT;
}

dt_status dt_likelihood_replicate(const dt_likelihood *likelihood, const dt_replicating *asked,
                                  const double *parameters, size_t worlds,
                                  const dt_ensemble_options *how, const dt_options *options,
                                  int *value, dt_status *status)
{
    static const dt_options defaults;
    if (!likelihood || !asked || asked->history >= likelihood->histories || asked->steps < 1 ||
        asked->courses < 1 || asked->steps > likelihood->ahead || !value ||
        (worlds > 0 && likelihood->model->params > 0 && !parameters) ||
        asked->first >= likelihood->history[asked->history].history->rows ||
        asked->steps >= likelihood->history[asked->history].history->rows - asked->first)
        return dt_refuse_call(
            options, "dt_likelihood_replicate",
            "no likelihood, a history or rows that it hasn't got, more steps than "
            "it was made for, no numbers, or nowhere to put what is drawn");
    request r = {.ready = likelihood,
                 .mine = &likelihood->history[asked->history],
                 .asked = *asked,
                 .parameter = parameters,
                 .worlds = worlds,
                 .value = value,
                 .status = status};
    r.watch = (dt_watch){options ? options : &defaults, "drawing", worlds, 0, false};
    r.jobs = dt_worker_jobs(likelihood, 1, worlds, how ? how->jobs : 0, r.watch.options);
    return r.jobs == 0 ? DT_LIMIT : dt_job(options, run, &r);
}
