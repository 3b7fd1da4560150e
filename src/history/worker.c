/*
 * The filter, row by row (Baum & Petrie 1966; Rabiner 1989 for the scaling): from what may be as a row begins,
 * over all ways that its cells let pass, to what may be as it ends. p_t is how much of it gets through.
 *
 * Worlds go side by side, in doubles, as long as nothing is lost: chances add up to at most 1 as a row begins, and if none at
 * a place, of a cell, or of a branch that isn't 0 is below a threshold, no product of three is lost to underflow. Where
 * one is, that world's row is done again in wide numbers (wide.h). Which of the two it is hangs on the world
 * alone, so that its bits don't hang on its neighbours.
 */
#include "history/worker.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Chances at a place, and of a cell, below these are looked at in wide numbers; those of branches: FAINT in play.c.
 * The product of the three is a normal number. */
static const double LEAST_MASS = 1e-120;
static const double LEAST_CHANCE = 1e-140;

size_t dt_worker_width(const dt_likelihood *ready)
{
    for (size_t s = 0; s < ready->stands; s++) {
        if (ready->stand[s].game && ready->stand[s].game->privates > 0)
            return 1;
    }
    return DT_WORLDS;
}

static size_t most_places(const dt_likelihood *ready)
{
    size_t most = 0;
    for (size_t s = 0; s < ready->stands; s++) {
        const dt_game *game = ready->stand[s].game;
        const size_t places = game ? (size_t)game->nodes + game->leaves : 0;
        most = places > most ? places : most;
    }
    return most;
}

/* Numbers of all roots, or of all leaves, of the stand that has most. */
static size_t most_columns(const dt_likelihood *ready, bool leaves)
{
    size_t most = 0;
    for (size_t s = 0; s < ready->stands; s++) {
        const dt_stand *stand = &ready->stand[s];
        const size_t count = !stand->game ? 0 : leaves ? stand->game->leaves : stand->roots.count;
        most = count * stand->columns > most ? count * stand->columns : most;
    }
    return most;
}

size_t dt_worker_columns(const dt_likelihood *ready)
{
    size_t most = 0;
    for (size_t s = 0; s < ready->stands; s++) {
        const dt_stand *stand = &ready->stand[s];
        const size_t places = stand->game ? (size_t)stand->game->nodes + stand->game->leaves : 0;
        most = places * stand->columns > most ? places * stand->columns : most;
    }
    return most;
}

double dt_worker_bytes(const dt_likelihood *ready, size_t width)
{
    const double roots = (double)most_columns(ready, false);
    double bytes = (double)most_places(ready) * (8.0 * (double)width + 4);
    bytes += (roots + (double)most_columns(ready, true)) * sizeof(dt_wide);
    bytes += (double)ready->histories * 2 * roots * (double)width * sizeof(dt_wide);
    for (size_t s = 0; s < ready->stands; s++) {
        const dt_stand *stand = &ready->stand[s];
        if (stand->game)
            bytes += dt_flow_bytes(stand) + dt_play_bytes(width == 1 ? stand->single : stand->plan);
    }
    return bytes;
}

dt_worker *dt_worker_new(dt_arena *arena, const dt_likelihood *ready, size_t width)
{
    dt_worker *worker = dt_new(arena, dt_worker, 1);
    worker->ready = ready;
    worker->width = width;
    worker->play = dt_new(arena, dt_play *, ready->stands);
    worker->flow = dt_new(arena, dt_flow *, ready->stands);
    for (size_t s = 0; s < ready->stands; s++) {
        const dt_stand *stand = &ready->stand[s];
        if (!stand->game)
            continue;
        worker->play[s] = dt_play_new(arena, width == 1 ? stand->single : stand->plan);
        worker->flow[s] = dt_flow_new(arena, stand, worker->play[s]);
        assert(worker->play[s]->width == width);
    }
    worker->begin = dt_new(arena, dt_wide, most_columns(ready, false));
    worker->end = dt_new(arena, dt_wide, most_columns(ready, true));
    worker->mass = dt_new_worlds(arena, (most_places(ready) * width + DT_WORLDS - 1) / DT_WORLDS);
    worker->mark = dt_new(arena, uint32_t, most_places(ready));
    return worker;
}

dt_standing *dt_standing_new(dt_arena *arena, const dt_likelihood *ready, size_t width)
{
    dt_standing *at = dt_new(arena, dt_standing, 1);
    at->now = dt_take(arena, most_columns(ready, false), width * sizeof(dt_wide));
    at->next = dt_take(arena, most_columns(ready, false), width * sizeof(dt_wide));
    return at;
}

void dt_worker_take(dt_worker *worker, const double *parameter, size_t worlds)
{
    assert(worlds >= 1 && worlds <= worker->width);
    worker->parameter = parameter;
    worker->worlds = worlds;
    for (size_t w = 0; w < worker->width; w++) {
        worker->status[w] = DT_OK;
        worker->told[w] = NULL;
    }
    for (size_t s = 0; s < worker->ready->stands; s++) {
        if (worker->play[s])
            worker->play[s]->solved = false;
    }
}

dt_play *dt_worker_play(dt_worker *worker, size_t stand, size_t row)
{
    dt_play *play = worker->play[stand];
    const uint32_t origin = play->plan->dated ? (uint32_t)row - 1 : 0;
    if (play->solved && play->origin == origin)
        return play;
    if (!dt_play_solve(play, worker->parameter, worker->worlds, origin, worker->go_on,
                       worker->context))
        return NULL;
    for (size_t w = 0; w < worker->worlds; w++) {
        if (play->status[w] != DT_OK && worker->status[w] == DT_OK) {
            worker->status[w] = play->status[w];
            worker->told[w] = play;
        }
    }
    dt_flow_turn(worker->flow[stand], 0);
    return play;
}

bool dt_worker_begin(dt_worker *worker, size_t history, dt_standing *at)
{
    const dt_ready_history *mine = &worker->ready->history[history];
    const dt_stand *stand = &worker->ready->stand[mine->row[1].stand];
    const size_t columns = stand->columns, width = worker->width;
    dt_play *play = dt_worker_play(worker, mine->row[1].stand, 1);
    if (!play)
        return false;
    memset(at->now, 0, stand->roots.count * columns * width * sizeof *at->now);
    dt_wide *root = at->now + mine->root * columns * width;
    for (size_t w = 0; w < width; w++) {
        at->plain[w] = !play->private;
        at->dead[w] = !play->private && !dt_row_lets_type(mine->history->value, stand->game, 0);
        if (!play->private && !at->dead[w])
            root[w] = (dt_wide){1, 0};
    }
    if (play->private && worker->status[0] == DT_OK) {
        dt_flow_begin(worker->flow[mine->row[1].stand], mine->history->value, root);
        bool any = false;
        for (size_t c = 0; c < columns; c++)
            any |= root[c].part > 0;
        at->dead[0] = !any;
    }
    return true;
}

/* ---- worlds side by side ----------------------------------------------------------------------- */

/* One row: chances of leaves are left in worker->mass. doubt [width]: something may have been lost. */
static inline __attribute__((always_inline)) void pass(dt_worker *worker, const dt_play *play,
                                                       const dt_slice_row *slice,
                                                       const dt_wide *now, const size_t width,
                                                       bool *doubt)
{
    const dt_game *game = play->plan->game;
    const dt_row_view *view = slice->view;
    double *mass = worker->mass, chance[DT_WORLDS];
    const uint32_t call = worker->calls;
    for (uint32_t i = 0; i < slice->roots; i++) {
        const uint32_t place = game->state_place[slice->root[i]];
        if (worker->mark[place] != call || !dt_row_lets_go(view, game->stages, place))
            continue;
        for (size_t w = 0; w < width; w++)
            mass[place * width + w] += now[slice->root[i] * width + w].part;
    }
    for (uint32_t i = 0; i < slice->nodes; i++) {
        const uint32_t node = slice->node[i], number = game->node_menu[node];
        const dt_menu *menu = &game->menu[number];
        const uint32_t limit = view->limit[menu->stage];
        const double *sigma = play->sigma + game->node_option[node] * width;
        double *here = mass + node * width;
        for (size_t w = 0; w < width; w++)
            doubt[w] |= here[w] < LEAST_MASS && here[w] > 0;
        for (int c = 0; c < menu->cells; c++) {
            if (!dt_row_lets_cell(view, number, c))
                continue;
            for (size_t w = 0; w < width; w++)
                chance[w] = 1;
            int option[DT_MAX_MOVERS];
            dt_cell_options(menu, c, option);
            for (int k = menu->agents - 1; k >= 0; k--) {
                const double *own = sigma + (size_t)option[k] * width;
                for (size_t w = 0; w < width; w++)
                    chance[w] *= own[w];
            }
            for (size_t w = 0; w < width; w++) {
                doubt[w] |= chance[w] < LEAST_CHANCE && here[w] > 0;
                chance[w] *= here[w];
            }
            const uint64_t cell = game->node_cell[node] + (uint64_t)c;
            const uint32_t *coefficient = dt_cell_coefficients(game, cell);
            for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
                const uint32_t target = game->branch_target[b];
                const double *p = play->coefficient + *coefficient++ * width;
                if (target >= limit || worker->mark[target] != call)
                    continue;
                double *to = mass + target * width;
                for (size_t w = 0; w < width; w++)
                    to[w] += chance[w] * p[w];
            }
        }
        for (size_t w = 0; w < width; w++)
            here[w] = 0;
    }
}

static void mark(dt_worker *worker, const dt_game *game, const dt_slice_row *slice)
{
    worker->calls++;
    for (uint32_t i = 0; i < slice->nodes; i++)
        worker->mark[slice->node[i]] = worker->calls;
    for (uint32_t i = 0; i < slice->leaves; i++)
        worker->mark[game->nodes + slice->leaf[i]] = worker->calls;
}

/* ---- one row ----------------------------------------------------------------------------------- */

/* A world's row in wide numbers, to worker->end. */
static void pass_widely(dt_worker *worker, const dt_slice_row *slice, const dt_wide *now, size_t w)
{
    dt_flow *flow = worker->flow[slice->stand];
    const dt_wide *begin = now;
    assert(flow->columns == 1 || worker->width == 1);
    if (worker->width > 1) {
        for (uint32_t i = 0; i < slice->roots; i++)
            worker->begin[slice->root[i]] = now[slice->root[i] * worker->width + w];
        begin = worker->begin;
    }
    dt_flow_turn(flow, w);
    dt_flow_forward(flow, slice, slice->view, begin, worker->end, false);
    if (flow->lost)
        worker->status[w] = DT_NO;
}

/* The ends of a row that a world has got to in doubles, to worker->end. */
static void gather(dt_worker *worker, const dt_game *game, const dt_slice_row *slice, size_t w)
{
    const double *mass = worker->mass + (size_t)game->nodes * worker->width + w;
    for (uint32_t i = 0; i < slice->leaves; i++)
        worker->end[i] = (dt_wide){mass[slice->leaf[i] * worker->width], 0};
}

/* Takes what a world has at the ends of a row: its p_t, and what may be as the next row begins. */
static void take(dt_worker *worker, const dt_slice_row *slice, size_t columns, dt_standing *at,
                 size_t w, double *log_p)
{
    dt_wide all = {0, 0};
    for (size_t i = 0; i < slice->leaves * columns; i++)
        all = dt_wide_plus(all, worker->end[i]);
    *log_p = dt_wide_log(all);
    at->dead[w] = all.part == 0;
    for (uint32_t i = 0; i < slice->leaves && !at->dead[w]; i++) {
        if (slice->next[i] == DT_NOWHERE)
            continue;
        for (size_t c = 0; c < columns; c++) {
            dt_wide *to = &at->next[(slice->next[i] * columns + c) * worker->width + w];
            *to = dt_wide_plus(*to, dt_wide_over(worker->end[i * columns + c], all));
        }
    }
}

/* Whether what may be as a row begins is fit for doubles. */
static bool is_plain(const dt_worker *worker, const dt_slice_row *slice, const dt_wide *now,
                     size_t w)
{
    bool plain = true;
    for (uint32_t i = 0; i < slice->roots; i++) {
        const dt_wide x = now[slice->root[i] * worker->width + w];
        plain &= x.step == 0 && (x.part == 0 || x.part >= LEAST_MASS);
    }
    return plain;
}

/* Nothing stands yet where a row can begin. */
static void empty(const dt_worker *worker, const dt_slice_row *slice, dt_wide *next)
{
    const size_t numbers = worker->ready->stand[slice->stand].columns * worker->width;
    for (uint32_t i = 0; i < slice->roots; i++)
        memset(next + slice->root[i] * numbers, 0, numbers * sizeof *next);
}

bool dt_worker_row(dt_worker *worker, size_t history, size_t row, dt_standing *at, double *log_p)
{
    const dt_ready_history *mine = &worker->ready->history[history];
    const dt_slice_row *slice = &mine->row[row];
    const dt_slice_row *after = row + 1 < mine->history->rows ? &mine->row[row + 1] : NULL;
    const dt_stand *stand = &worker->ready->stand[slice->stand];
    dt_play *play = dt_worker_play(worker, slice->stand, row);
    if (!play)
        return false;
    bool doubt[DT_WORLDS] = {false};
    if (after)
        empty(worker, after, at->next);
    if (!play->private) {
        mark(worker, stand->game, slice);
        if (worker->width == 1)
            pass(worker, play, slice, at->now, 1, doubt);
        else
            pass(worker, play, slice, at->now, DT_WORLDS, doubt);
    }
    for (size_t w = 0; w < worker->worlds; w++) {
        log_p[w] = at->dead[w] ? -(double)INFINITY : (double)NAN;
        if (worker->status[w] != DT_OK || at->dead[w])
            continue;
        if (play->private || doubt[w] || play->faint[w] || !at->plain[w])
            pass_widely(worker, slice, at->now, w);
        else
            gather(worker, stand->game, slice, w);
        take(worker, slice, stand->columns, at, w, &log_p[w]);
        if (after && !play->private)
            at->plain[w] = is_plain(worker, after, at->next, w);
    }
    for (uint32_t i = 0; i < slice->leaves && !play->private; i++)
        memset(worker->mass + ((size_t)stand->game->nodes + slice->leaf[i]) * worker->width, 0,
               worker->width * sizeof *worker->mass);
    dt_wide *now = at->now;
    at->now = at->next;
    at->next = now;
    return true;
}
