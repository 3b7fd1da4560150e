/*
 * What wasn't observed: the forward-backward algorithm (Baum et al. 1970; Rabiner 1989). With α what may be as a row
 * begins, given the rows before it, and β how likely what is seen from its end on, a way through the row has the
 * probability α · chance · β / Z. Filtered, β is 1; smoothed, it comes from the rows after. Each way says which
 * actions were taken and, at its end, what every variable is.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "game/secret.h"
#include "history/worker.h"

typedef struct smoothing {
    const dt_likelihood *ready;
    size_t history;
    const double *parameter;
    const dt_options *options;
    double *filtered, *smoothed;
    dt_worker *worker;
    dt_wide **begin; /* [rows] of each row, [roots][columns] */
    dt_wide *value;  /* [places][columns] work space */
} smoothing;

/* Adds a probability to those of the public variables at a leaf, and of the private ones of a type. */
static void count_state(const dt_observables *all, const dt_game *game, uint32_t place,
                        uint32_t type, double p, double *out)
{
    const uint32_t *key = game->key + (size_t)place * game->layout.words;
    for (int v = 0; v < all->model->variables; v++) {
        const uint32_t rank = dt_slot_is_private(all->model, v)
                                  ? dt_true_rank(game, v, type)
                                  : dt_key_rank(&game->layout.field[v], key);
        out[all->first[v] + rank] += p;
    }
}

/* Adds it to those of the actions of a cell. */
static void count_cell(const dt_observables *all, const dt_menu *menu, int cell, double p,
                       double *out)
{
    const dt_stage *stage = &all->model->stage[menu->stage];
    int option[DT_MAX_MOVERS];
    dt_cell_options(menu, cell, option);
    for (int k = 0; k < menu->agents; k++) {
        const int *action = menu->action + (size_t)option[k] * (size_t)stage->movers;
        for (int m = 0; m < stage->movers; m++) {
            const size_t i = (size_t)(stage->first_choice + m);
            if (action[m] != DT_NONE)
                out[all->first[i] + (size_t)all->value[i][action[m]]] += p;
        }
    }
}

void dt_count_state(const dt_flow *flow, const dt_observables *all, uint32_t leaf, uint32_t column,
                    double p, double *out)
{
    const dt_game *game = flow->stand->game;
    count_state(all, game, game->nodes + leaf, column % game->types, p, out);
}

void dt_count_choices(dt_flow *flow, const dt_observables *all, uint32_t node, uint32_t column,
                      dt_wide mass, double *out)
{
    const dt_game *game = flow->stand->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    if (menu->agents == 0)
        return;
    dt_flow_steps(flow, node, column);
    for (size_t s = 0; s < flow->step.count; s++) {
        const dt_step *step = &flow->step.at[s];
        count_cell(all, menu, step->cell, dt_wide_double(dt_wide_times(mass, step->chance)), out);
    }
}

/* A choice that wasn't made is none. */
static void count_none(const dt_observables *all, double *out)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->stage[i] == DT_NONE)
            continue;
        double made = 0;
        for (size_t v = all->first[i] + 1; v < all->first[i + 1]; v++)
            made += out[v];
        out[all->first[i]] = made < 1 ? 1 - made : 0;
    }
}

void dt_smooth_row(dt_flow *flow, const dt_observables *all, const dt_slice_row *slice,
                   const dt_wide *begin, const dt_wide *beyond, dt_wide *end, dt_wide *value,
                   double *out)
{
    const dt_game *game = flow->stand->game;
    const dt_row_view *view = slice->view;
    const size_t columns = flow->columns;
    memset(out, 0, all->first[all->count] * sizeof *out);
    dt_flow_backward(flow, slice, view, beyond, value);
    dt_flow_forward(flow, slice, view, begin, end, true);
    dt_wide all_ends = {0, 0};
    for (size_t i = 0; i < slice->leaves * columns; i++)
        all_ends = dt_wide_plus(all_ends, dt_wide_times(end[i], beyond[i]));
    for (uint32_t i = 0; i < slice->leaves; i++) {
        for (size_t c = 0; c < columns; c++) {
            const dt_wide p = dt_wide_times(end[i * columns + c], beyond[i * columns + c]);
            if (p.part > 0)
                count_state(all, game, game->nodes + slice->leaf[i], (uint32_t)c % game->types,
                            dt_wide_double(dt_wide_over(p, all_ends)), out);
        }
    }
    for (uint32_t i = 0; i < slice->nodes; i++) {
        const uint32_t node = slice->node[i], number = game->node_menu[node];
        const dt_menu *menu = &game->menu[number];
        for (size_t c = 0; c < columns && menu->agents > 0; c++) {
            const dt_wide here = flow->mass[node * columns + c];
            if (here.part == 0)
                continue;
            dt_flow_steps(flow, node, (uint32_t)c);
            for (size_t s = 0; s < flow->step.count; s++) {
                const dt_step *step = &flow->step.at[s];
                if (!dt_flow_counts(flow, view, node, step))
                    continue;
                const dt_wide p = dt_wide_times(dt_wide_times(here, step->chance),
                                                value[step->target * columns + step->column]);
                count_cell(all, menu, step->cell, dt_wide_double(dt_wide_over(p, all_ends)), out);
            }
        }
    }
    count_none(all, out);
    dt_flow_clear(flow, slice);
}

/* Row 0: the state before the first period. beta [columns] of its one root, or NULL: 1. */
static void count_start(const smoothing *s, const dt_wide *beta, double *out)
{
    const dt_likelihood *ready = s->ready;
    const dt_ready_history *mine = &ready->history[s->history];
    const dt_observables *all = ready->all;
    const dt_stand *stand = &ready->stand[mine->row[1].stand];
    dt_wide sum = {0, 0};
    memset(out, 0, all->first[all->count] * sizeof *out);
    for (size_t i = 0; i < all->count; i++) {
        for (size_t v = all->first[i]; v < all->first[i + 1] && all->stage[i] != DT_NONE; v++)
            out[v] = (double)NAN;
    }
    const dt_wide *begin = s->begin[1] + mine->root * stand->columns;
    for (size_t c = 0; c < stand->columns; c++)
        sum = dt_wide_plus(sum, beta ? dt_wide_times(begin[c], beta[c]) : begin[c]);
    for (size_t c = 0; c < stand->columns; c++) {
        const dt_wide p = beta ? dt_wide_times(begin[c], beta[c]) : begin[c];
        if (p.part > 0)
            count_state(all, stand->game, stand->game->state_place[mine->root],
                        (uint32_t)c % stand->game->types, dt_wide_double(dt_wide_over(p, sum)),
                        out);
    }
}

/* Forward through all rows, keeping where each begins. */
static dt_status go_forward(dt_arena *arena, smoothing *s)
{
    const dt_likelihood *ready = s->ready;
    const dt_ready_history *mine = &ready->history[s->history];
    dt_standing *at = dt_standing_new(arena, ready, 1);
    for (size_t t = 1; t < mine->history->rows; t++) {
        const dt_stand *stand = &ready->stand[mine->row[t].stand];
        const size_t numbers = stand->roots.count * stand->columns;
        double log_p;
        dt_progress(arena, s->options, "filtering", (double)t / (double)mine->history->rows / 2);
        if (t == 1)
            dt_worker_begin(s->worker, s->history, at);
        s->begin[t] = dt_new(arena, dt_wide, numbers);
        memcpy(s->begin[t], at->now, numbers * sizeof *at->now);
        const dt_status status =
            dt_worker_row_told(arena, s->worker, s->history, t, at, s->options, &log_p);
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

static dt_status smooth(dt_arena *arena, void *argument)
{
    smoothing *s = argument;
    const dt_likelihood *ready = s->ready;
    const dt_observables *all = ready->all;
    const dt_ready_history *mine = &ready->history[s->history];
    const size_t values = all->first[all->count], rows = mine->history->rows;
    s->worker = dt_worker_new(arena, ready, 1);
    s->begin = dt_new(arena, dt_wide *, rows);
    dt_worker_take(s->worker, s->parameter, 1);
    const dt_status status = go_forward(arena, s);
    if (status != DT_OK)
        return status;
    const size_t room = dt_worker_columns(ready);
    dt_wide *value = dt_new(arena, dt_wide, room), *beta = dt_new(arena, dt_wide, room);
    dt_wide *end = dt_new(arena, dt_wide, room), *beyond = dt_new(arena, dt_wide, room);
    double *spare = dt_new(arena, double, s->smoothed ? 1 : values);
    for (size_t t = rows; t-- > 1;) {
        const dt_slice_row *slice = &mine->row[t];
        const dt_stand *stand = &ready->stand[slice->stand];
        dt_flow *flow = s->worker->flow[slice->stand];
        dt_progress(arena, s->options, "smoothing", 1 - (double)t / (double)rows / 2);
        dt_worker_play(s->worker, slice->stand, t);
        for (size_t i = 0; i < slice->leaves * stand->columns; i++)
            beyond[i] = (dt_wide){1, 0};
        if (s->filtered)
            dt_smooth_row(flow, all, slice, s->begin[t], beyond, end, value,
                          s->filtered + t * values);
        for (uint32_t i = 0; i < slice->leaves && t + 1 < rows; i++) {
            for (size_t c = 0; c < stand->columns; c++)
                beyond[i * stand->columns + c] = slice->next[i] == DT_NOWHERE
                                                     ? (dt_wide){0, 0}
                                                     : beta[slice->next[i] * stand->columns + c];
        }
        double *out = s->smoothed ? s->smoothed + t * values : spare;
        dt_smooth_row(flow, all, slice, s->begin[t], beyond, end, value, out);
        /* A root from which the row can't come to its end has no value: what stands there is another row's. */
        for (uint32_t i = 0; i < slice->roots; i++) {
            const uint32_t place = stand->game->state_place[slice->root[i]];
            dt_wide *here = beta + slice->root[i] * stand->columns;
            if (flow->mark[place] == flow->calls &&
                dt_row_lets_go(slice->view, stand->game->stages, place))
                memcpy(here, value + place * stand->columns, stand->columns * sizeof *here);
            else
                memset(here, 0, stand->columns * sizeof *here);
        }
    }
    if (s->filtered)
        count_start(s, NULL, s->filtered);
    if (s->smoothed)
        count_start(s, beta + mine->root * ready->stand[mine->row[1].stand].columns, s->smoothed);
    return DT_OK;
}

dt_status dt_likelihood_smooth(const dt_likelihood *likelihood, size_t history,
                               const double *parameters, const dt_options *options,
                               double *filtered, double *smoothed)
{
    if (!likelihood || history >= likelihood->histories ||
        likelihood->history[history].history->rows < 2 ||
        (likelihood->model->params > 0 && !parameters))
        return dt_refuse_call(
            options, "dt_likelihood_smooth",
            "no likelihood, a history that it hasn't got or that has no period, or "
            "no numbers");
    smoothing s = {.ready = likelihood,
                   .history = history,
                   .parameter = parameters,
                   .options = options,
                   .filtered = filtered,
                   .smoothed = smoothed};
    return dt_job(options, smooth, &s);
}
