/*
 * What is to be expected: from what may be after a row, forward over periods of which nothing is seen. What of it ends
 * stands still, with choices none. Probabilities are doubles here: what is less likely than any double adds
 * nothing to what is expected. With private variables each world's periods are flows (flow.h); without, several worlds
 * go side by side.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "base/threads.h"
#include "base/watch.h"
#include "history/worker.h"

/* What one thread works with. */
typedef struct worker {
    dt_worker *filter;
    dt_standing *at;
    dt_wide *begin, *end,
        *next;           /* of one world: [roots][columns], [leaves][columns], [roots][columns] */
    double *now, *later; /* [roots][width] */
    double *stopped;     /* [values][width] the state of what has ended */
    double *out;         /* [values][width] */
    double *log_p;       /* [width] */
} worker;

typedef struct request {
    const dt_likelihood *ready;
    size_t history, first, origins, steps;
    const double *parameter;
    size_t worlds, width, values;
    const dt_options *options;
    double *probability;
    dt_status *status;
    dt_slice_row *whole;  /* [stands] all of a game, */
    dt_row_view **unseen; /* of which nothing is seen */
    uint32_t *
        *next; /* [stands][stands] → [leaves] the root that follows, or DT_NOWHERE; NULL: never */
    worker *worker; /* [jobs] */
    int jobs;
    dt_watch watch; /* over groups of worlds */
} request;

static const dt_ready_history *history_of(const request *asked)
{
    return &asked->ready->history[asked->history];
}

static size_t stand_of(const request *asked, size_t row)
{
    return dt_ready_stand(history_of(asked), row);
}

static void prepare(dt_arena *arena, request *asked)
{
    const dt_likelihood *ready = asked->ready;
    asked->whole = dt_new(arena, dt_slice_row, ready->stands);
    asked->unseen = dt_new(arena, dt_row_view *, ready->stands);
    for (size_t s = 0; s < ready->stands; s++) {
        const dt_stand *stand = &ready->stand[s];
        dt_slice_row *whole = &asked->whole[s];
        if (!stand->game)
            continue;
        dt_slice_fill(arena, stand->game, whole);
        whole->stand = (uint32_t)s;
        whole->roots = stand->roots.count;
        whole->root = dt_room(arena, whole->roots);
        for (uint32_t i = 0; i < whole->roots; i++)
            whole->root[i] = i;
        whole->view = asked->unseen[s] = dt_row_view_new(arena, ready->all, stand->game, NULL);
    }
    asked->next = dt_ready_next(arena, ready, history_of(asked),
                                asked->first + asked->origins + asked->steps - 1);
}

/* ---- worlds side by side ----------------------------------------------------------------------- */

/* Adds the state at a leaf to out [values][width]. */
static void count_leaf(const request *asked, const dt_game *game, uint32_t leaf, const double *mass,
                       double *out)
{
    const dt_observables *all = asked->ready->all;
    const uint32_t *key = game->key + ((size_t)game->nodes + leaf) * game->layout.words;
    for (int v = 0; v < all->model->variables; v++) {
        double *to =
            out + (all->first[v] + dt_key_rank(&game->layout.field[v], key)) * asked->width;
        for (size_t w = 0; w < asked->width; w++)
            to[w] += mass[w];
    }
}

/* One period of a node: its choices to out, what follows to mass. */
static inline __attribute__((always_inline)) void pass_node(const request *asked,
                                                            const dt_play *play, uint32_t node,
                                                            double *mass, double *out,
                                                            const size_t width)
{
    const dt_game *game = play->plan->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const dt_observables *all = asked->ready->all;
    const dt_stage *stage = &all->model->stage[menu->stage];
    const double *sigma = play->sigma + game->node_option[node] * width;
    double *here = mass + node * width, chance[DT_WORLDS];
    int option[DT_MAX_MOVERS];
    for (int c = 0; c < menu->cells; c++) {
        for (size_t w = 0; w < width; w++)
            chance[w] = here[w];
        dt_cell_options(menu, c, option);
        for (int k = menu->agents - 1; k >= 0; k--) {
            const double *own = sigma + (size_t)option[k] * width;
            for (size_t w = 0; w < width; w++)
                chance[w] *= own[w];
        }
        for (int k = 0; k < menu->agents; k++) {
            const int *action = menu->action + (size_t)option[k] * (size_t)stage->movers;
            for (int m = 0; m < stage->movers; m++) {
                const size_t i = (size_t)(stage->first_choice + m);
                if (action[m] == DT_NONE)
                    continue;
                double *to = out + (all->first[i] + (size_t)all->value[i][action[m]]) * width;
                for (size_t w = 0; w < width; w++)
                    to[w] += chance[w];
            }
        }
        const uint64_t cell = game->node_cell[node] + (uint64_t)c;
        const uint32_t *coefficient = dt_cell_coefficients(game, cell);
        for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
            const double *p = play->coefficient + *coefficient++ * width;
            double *to = mass + game->branch_target[b] * width;
            for (size_t w = 0; w < width; w++)
                to[w] += chance[w] * p[w];
        }
    }
    for (size_t w = 0; w < width; w++)
        here[w] = 0;
}

/* One period in which nothing is seen, from self->now to self->later. */
static void pass_lanes(const request *asked, worker *self, const dt_play *play, size_t from,
                       size_t to)
{
    const dt_stand *stand = &asked->ready->stand[from];
    const dt_game *game = stand->game;
    const size_t width = asked->width;
    const uint32_t *next = asked->next[from * asked->ready->stands + to];
    double *mass = self->filter->mass;
    memset(self->later, 0, asked->ready->stand[to].roots.count * width * sizeof(double));
    for (uint32_t root = 0; root < stand->roots.count; root++) {
        for (size_t w = 0; w < width; w++)
            mass[game->state_place[root] * width + w] += self->now[root * width + w];
    }
    for (uint32_t node = 0; node < game->nodes; node++) {
        bool any = false;
        for (size_t w = 0; w < width; w++)
            any |= mass[node * width + w] != 0;
        if (!any)
            continue;
        if (width == 1)
            pass_node(asked, play, node, mass, self->out, 1);
        else
            pass_node(asked, play, node, mass, self->out, DT_WORLDS);
    }
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++) {
        double *here = mass + ((size_t)game->nodes + leaf) * width;
        bool any = false;
        for (size_t w = 0; w < width; w++)
            any |= here[w] != 0;
        if (!any)
            continue;
        count_leaf(asked, game, leaf, here, self->out);
        if (next[leaf] == DT_NOWHERE)
            count_leaf(asked, game, leaf, here, self->stopped);
        for (size_t w = 0; w < width && next[leaf] != DT_NOWHERE; w++)
            self->later[next[leaf] * width + w] += here[w];
        memset(here, 0, width * sizeof *here);
    }
}

/* ---- one world --------------------------------------------------------------------------------- */

/* The same of a world with private variables, from self->begin to self->next. */
static void pass_flow(const request *asked, worker *self, size_t from, size_t to)
{
    const dt_stand *stand = &asked->ready->stand[from];
    const dt_slice_row *whole = &asked->whole[from];
    const dt_observables *all = asked->ready->all;
    dt_flow *flow = self->filter->flow[from];
    const uint32_t *next = asked->next[from * asked->ready->stands + to];
    memset(self->next, 0, asked->ready->stand[to].roots.count * flow->columns * sizeof *self->next);
    dt_flow_forward(flow, whole, whole->view, self->begin, self->end, true);
    for (uint32_t node = 0; node < stand->game->nodes; node++) {
        for (size_t c = 0; c < flow->columns; c++) {
            const dt_wide here = flow->mass[node * flow->columns + c];
            if (here.part > 0)
                dt_count_choices(flow, all, node, (uint32_t)c, here, self->out);
        }
    }
    for (uint32_t leaf = 0; leaf < stand->game->leaves; leaf++) {
        for (size_t c = 0; c < flow->columns; c++) {
            const dt_wide here = self->end[leaf * flow->columns + c];
            const double p = dt_wide_double(here);
            if (here.part == 0)
                continue;
            dt_count_state(flow, all, leaf, (uint32_t)c, p, self->out);
            if (next[leaf] == DT_NOWHERE)
                dt_count_state(flow, all, leaf, (uint32_t)c, p, self->stopped);
            else
                self->next[next[leaf] * flow->columns + c] =
                    dt_wide_plus(self->next[next[leaf] * flow->columns + c], here);
        }
    }
    dt_flow_clear(flow, whole);
}

/* ---- from one origin --------------------------------------------------------------------------- */

/* What may be after an origin, of each world, from what may be as its row begins: what has ended to self->stopped, the
 * rest to self->now, or with private variables to self->begin. */
static void stand_after(const request *asked, worker *self, size_t row)
{
    const dt_ready_history *mine = history_of(asked);
    const size_t from = stand_of(asked, row), to = stand_of(asked, row + 1), width = asked->width;
    const dt_slice_row *slice = &mine->row[row];
    const dt_stand *stand = &asked->ready->stand[from];
    const uint32_t *next = asked->next[from * asked->ready->stands + to];
    const size_t columns = stand->columns;
    dt_flow *flow = self->filter->flow[from];
    const bool private = stand->beliefs != NULL;
    memset(self->now, 0, asked->ready->stand[to].roots.count * width * sizeof *self->now);
    for (size_t w = 0; w < self->filter->worlds; w++) {
        if (self->filter->status[w] != DT_OK || self->at->dead[w])
            continue;
        for (uint32_t i = 0; i < slice->roots && !private; i++)
            self->filter->begin[slice->root[i]] = self->at->now[slice->root[i] * width + w];
        dt_flow_turn(flow, w);
        dt_flow_forward(flow, slice, slice->view, private ? self->at->now : self->filter->begin,
                        self->end, false);
        if (private)
            memset(self->begin, 0,
                   asked->ready->stand[to].roots.count * columns * sizeof *self->begin);
        dt_wide sum = {0, 0};
        for (size_t i = 0; i < slice->leaves * columns; i++)
            sum = dt_wide_plus(sum, self->end[i]);
        for (size_t i = 0; i < slice->leaves * columns && sum.part > 0; i++) {
            const uint32_t leaf = slice->leaf[i / columns], root = next[leaf];
            const dt_wide p = dt_wide_over(self->end[i], sum);
            if (root == DT_NOWHERE && private)
                dt_count_state(flow, asked->ready->all, leaf, (uint32_t)(i % columns),
                               dt_wide_double(p), self->stopped);
            else if (root == DT_NOWHERE) {
                double lanes[DT_WORLDS] = {0};
                lanes[w] = dt_wide_double(p);
                count_leaf(asked, stand->game, leaf, lanes, self->stopped);
            } else if (private)
                self->begin[root * columns + i % columns] =
                    dt_wide_plus(self->begin[root * columns + i % columns], p);
            else
                self->now[root * width + w] += dt_wide_double(p);
        }
    }
}

/* What is expected one period later of all worlds, into their places. */
static void put(const request *asked, worker *self, size_t task, size_t origin, size_t step)
{
    const dt_observables *all = asked->ready->all;
    const size_t width = asked->width, values = asked->values;
    for (size_t w = 0; w < self->filter->worlds; w++) {
        const bool right = self->filter->status[w] == DT_OK && !self->at->dead[w];
        double *to =
            asked->probability +
            (((task * width + w) * asked->origins + origin) * asked->steps + step) * values;
        for (size_t i = 0; i < all->count; i++) {
            double made = 0;
            for (size_t v = all->first[i]; v < all->first[i + 1]; v++) {
                to[v] = right ? self->out[v * width + w] : (double)NAN;
                made += self->out[v * width + w];
            }
            if (all->stage[i] != DT_NONE && right)
                to[all->first[i]] = made < 1 ? 1 - made : 0;
        }
    }
}

static bool look_ahead(request *asked, worker *self, size_t task, size_t origin)
{
    const dt_observables *all = asked->ready->all;
    const size_t width = asked->width, row = asked->first + origin;
    for (size_t step = 0; step < asked->steps; step++) {
        const size_t from = stand_of(asked, row + step + 1), to = stand_of(asked, row + step + 2);
        dt_play *play = dt_worker_play(self->filter, from, row + step + 1);
        if (!play)
            return false;
        memcpy(self->out, self->stopped, asked->values * width * sizeof *self->out);
        for (size_t i = 0; i < all->count; i++) {
            if (all->stage[i] != DT_NONE)
                memset(self->out + all->first[i] * width, 0,
                       (all->first[i + 1] - all->first[i]) * width * sizeof *self->out);
        }
        if (play->private && self->filter->status[0] == DT_OK) {
            pass_flow(asked, self, from, to);
            dt_wide *begin = self->begin;
            self->begin = self->next;
            self->next = begin;
        } else if (!play->private) {
            pass_lanes(asked, self, play, from, to);
            double *now = self->now;
            self->now = self->later;
            self->later = now;
        }
        put(asked, self, task, origin, step);
    }
    return true;
}

/* At the state before the first period there is no row to come from. */
static void stand_at_start(const request *asked, worker *self)
{
    const dt_ready_history *mine = history_of(asked);
    const dt_stand *stand = &asked->ready->stand[stand_of(asked, 1)];
    const size_t width = asked->width;
    memset(self->now, 0, stand->roots.count * width * sizeof *self->now);
    for (size_t w = 0; w < width; w++)
        self->now[mine->root * width + w] = 1;
    if (stand->beliefs)
        memcpy(self->begin, self->at->now,
               stand->roots.count * stand->columns * sizeof *self->begin);
}

/* ---- the work ---------------------------------------------------------------------------------- */

static bool run_group(void *context, int number, size_t task)
{
    request *asked = context;
    worker *self = &asked->worker[number];
    dt_worker *filter = self->filter;
    const size_t params = (size_t)asked->ready->model->params;
    const size_t left = asked->worlds - task * asked->width;
    filter->go_on = dt_watch_by(number);
    filter->context = &asked->watch;
    /* without parameters there need be no numbers */
    dt_worker_take(filter, params > 0 ? asked->parameter + task * asked->width * params : NULL,
                   left < asked->width ? left : asked->width);
    if (!dt_worker_begin(filter, asked->history, self->at))
        return false;
    for (size_t row = 0; row < asked->first + asked->origins; row++) {
        if (row >= asked->first) {
            memset(self->stopped, 0, asked->values * asked->width * sizeof *self->stopped);
            if (row == 0)
                stand_at_start(asked, self);
            else if (!dt_worker_play(filter, stand_of(asked, row), row))
                return false;
            else
                stand_after(asked, self, row);
            if (!look_ahead(asked, self, task, row - asked->first))
                return false;
        }
        if (row > 0 && row + 1 < asked->first + asked->origins &&
            !dt_worker_row(filter, asked->history, row, self->at, self->log_p))
            return false;
    }
    for (size_t w = 0; w < filter->worlds; w++) {
        const size_t world = task * asked->width + w;
        const size_t numbers = asked->origins * asked->steps * asked->values;
        if (asked->status)
            asked->status[world] = filter->status[w];
        for (size_t i = 0; i < numbers && filter->status[w] != DT_OK; i++)
            asked->probability[world * numbers + i] = (double)NAN;
    }
    dt_watch_part(&asked->watch);
    return true;
}

static dt_status run(dt_arena *arena, void *argument)
{
    request *asked = argument;
    const dt_likelihood *ready = asked->ready;
    const size_t room = dt_worker_columns(ready), width = asked->width;
    prepare(arena, asked);
    asked->worker = dt_new(arena, worker, (size_t)asked->jobs);
    for (int j = 0; j < asked->jobs; j++) {
        worker *self = &asked->worker[j];
        self->filter = dt_worker_new(arena, ready, width);
        self->at = dt_standing_new(arena, ready, width);
        self->begin = dt_new(arena, dt_wide, room);
        self->end = dt_new(arena, dt_wide, room);
        self->next = dt_new(arena, dt_wide, room);
        self->now = dt_take(arena, room, width * sizeof(double));
        self->later = dt_take(arena, room, width * sizeof(double));
        self->stopped = dt_take(arena, asked->values, width * sizeof(double));
        self->out = dt_take(arena, asked->values, width * sizeof(double));
        self->log_p = dt_new(arena, double, width);
    }
    if (dt_threads_run(asked->jobs, asked->watch.parts, run_group, asked))
        return DT_OK;
    dt_report_limit(asked->options, "interrupted while predicting");
    return DT_LIMIT;
}

dt_status dt_likelihood_predict(const dt_likelihood *likelihood, size_t history, size_t first,
                                size_t origins, size_t steps, const double *parameters,
                                size_t worlds, const dt_ensemble_options *how,
                                const dt_options *options, double *probability, dt_status *status)
{
    static const dt_options defaults;
    if (!likelihood || history >= likelihood->histories || steps < 1 || steps > likelihood->ahead ||
        !probability || (worlds > 0 && likelihood->model->params > 0 && !parameters) ||
        likelihood->history[history].history->rows < 2 ||
        first >= likelihood->history[history].history->rows ||
        origins > likelihood->history[history].history->rows - first)
        return dt_refuse_call(
            options, "dt_likelihood_predict",
            "no likelihood, a history or rows that it hasn't got, more steps than it "
            "was made for, no numbers, or nowhere to put what is found");
    request asked = {.ready = likelihood,
                     .history = history,
                     .first = first,
                     .origins = origins,
                     .steps = steps,
                     .parameter = parameters,
                     .worlds = worlds,
                     .width = worlds == 1 ? 1 : dt_worker_width(likelihood),
                     .values = likelihood->all->first[likelihood->all->count],
                     .options = options ? options : &defaults,
                     .probability = probability,
                     .status = status};
    asked.watch =
        (dt_watch){asked.options, "predicting", (worlds + asked.width - 1) / asked.width, 0, false};
    asked.jobs = dt_worker_jobs(likelihood, asked.width, asked.watch.parts, how ? how->jobs : 0,
                                asked.options);
    if (asked.jobs == 0)
        return DT_LIMIT;
    return dt_job(options, run, &asked);
}
