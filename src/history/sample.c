/*
 * Sampling: play that is drawn. Each history is a walk over the places of a game, with what is believed and what is
 * true beside it, step by step (draw.c).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "base/limits.h"
#include "history/draw.h"
#include "history/note.h"
#include "history/worker.h"
#include "solve/solve.h"

struct dt_sampler {
    dt_arena *arena;
    const dt_model *model;
    dt_sampling how;
    dt_game *game; /* of `run`, solved; or NULL */
    dt_solution *solution;
    dt_history *blank; /* what is receding is the likelihood of this; or NULL */
    dt_likelihood *ready;
    dt_stand *stand; /* of either */
    dt_play **play;  /* [periods] of each period, or of all the first */
    dt_flow **flow;  /* likewise */
    uint32_t *next;  /* [leaves] the state that follows; DT_NOWHERE: none */
    uint32_t start;  /* state */
    const double
        *begins; /* [columns] the chance of each as play begins; NULL without private variables */
};

/* ---- drawing ----------------------------------------------------------------------------------- */

/* What a history is about to be. */
typedef struct walk {
    const dt_sampler *sampler;
    uint64_t number;
    dt_history *history;
    dt_flow *flow;
    uint32_t place, column;
} walk;

/* Brings the strategies of a period to hand. */
static void turn(walk *w, size_t period)
{
    const dt_sampler *s = w->sampler;
    if (s->solution)
        dt_play_follow(s->play[0], s->solution, (uint32_t)period);
    const size_t at = s->solution || !s->play[0]->plan->dated ? 0 : period;
    w->flow = s->flow[at];
    dt_flow_turn(w->flow, 0);
}

/* One period; false if play has ended. */
static bool walk_period(walk *w, size_t period)
{
    const dt_sampler *s = w->sampler;
    const dt_game *game = s->stand->game;
    const size_t row = period + 1;
    turn(w, period);
    while (w->place < game->nodes) {
        const dt_menu *menu = &game->menu[game->node_menu[w->place]];
        double u[DT_PURPOSES];
        dt_draw(s->how.seed, w->number, row, (uint32_t)menu->stage, u);
        const int cell = dt_draw_cell(w->flow, w->place, w->column, u);
        const dt_step *step =
            cell == DT_NONE ? NULL : dt_draw_step(w->flow, w->place, w->column, cell, u);
        if (!step)
            return false;
        dt_note_cell(w->history, row, menu, cell);
        w->place = step->target;
        w->column = step->column;
    }
    dt_note_state(w->history, row, s->stand, w->place, w->column);
    const uint32_t leaf = w->place - game->nodes;
    if (game->leaf_ended[leaf])
        return false;
    if (row < s->how.periods) {
        assert(s->next[leaf] != DT_NOWHERE);
        w->place = game->state_place[s->next[leaf]];
    }
    return true;
}

static dt_status sample(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    walk *w = argument;
    const dt_sampler *s = w->sampler;
    dt_history *history = *found = w->history = dt_history_new(arena, s->model, s->how.periods + 1);
    (void)scratch;
    history->has_period = history->has_policy = true;
    memset(history->has, 1, history->all->count);
    double u[DT_PURPOSES];
    dt_draw(s->how.seed, w->number, 0, s->stand->game->stages, u);
    w->column = dt_draw_column(s->stand, s->begins, u);
    w->place = s->stand->game->state_place[s->start];
    dt_note_state(history, 0, s->stand, w->place, w->column);
    dt_note_label(history, 0);
    bool goes_on = true;
    for (history->rows = 1; goes_on && history->rows <= s->how.periods; history->rows++) {
        const size_t row = history->rows;
        dt_note_nothing(history, row);
        history->policy[row] = (int32_t)s->how.policy;
        dt_note_label(history, row);
        goes_on = walk_period(w, row - 1);
    }
    return w->flow && w->flow->lost ? DT_NO : DT_OK;
}

dt_status dt_sampler_history(dt_sampler *sampler, uint64_t number, const dt_options *options,
                             dt_history **history)
{
    if (history)
        *history = NULL;
    if (!sampler || !history)
        return dt_refuse_call(options, "dt_sampler_history",
                              "no sampler, or nowhere to put the history");
    return dt_answer(options, sample, &(walk){.sampler = sampler, .number = number},
                     (void **)history);
}

/* ---- what is sampled from ------------------------------------------------------------------------ */

typedef struct making {
    const dt_model *model;
    const double *parameter;
    dt_sampling how;
    const dt_options *options;
    dt_sampler given; /* what outlives a failure */
} making;

static dt_status tell_periods(dt_arena *arena, const making *m, uint32_t most)
{
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, m->options, &m->model->source);
    dt_complain_more(
        diagnostics, DT_SAMPLE_PERIODS, (dt_place){0, 0},
        "with --receding everybody looks as far ahead in every period, and there is no end", NULL,
        m->how.periods, most);
    dt_diagnostics_flush(diagnostics);
    return DT_INVALID;
}

/* Of the game of `run`. */
static dt_status make_of_run(dt_arena *arena, making *m, dt_sampler *made)
{
    dt_status status =
        dt_game_explore_known(m->model, m->how.policy, m->parameter, 1, m->options, &m->given.game);
    if (status != DT_OK)
        return status;
    dt_game *game = made->game = m->given.game;
    if (!game->forever && m->how.periods > game->periods)
        return tell_periods(arena, m, game->periods);
    double *numbers = dt_new(arena, double, (size_t)m->model->params);
    for (int p = 0; p < m->model->params; p++)
        numbers[p] = m->parameter[p];
    dt_game_settings(game, numbers);
    status = dt_solve_values(game, numbers, m->how.values, m->options, &m->given.solution);
    made->solution = m->given.solution;
    if (status == DT_NO) {
        dt_diagnostics *diagnostics = dt_diagnostics_new(arena, m->options, &m->model->source);
        dt_complain_more(diagnostics, DT_UNSOLVED, (dt_place){0, 0},
                         dt_solution_cure(made->solution), NULL, game->rules->under,
                         dt_solution_reason(made->solution));
        dt_diagnostics_flush(diagnostics);
    }
    if (status != DT_OK)
        return status;
    made->stand = dt_new(arena, dt_stand, 1);
    made->stand->game = game;
    made->stand->columns = 1;
    made->play = dt_new(arena, dt_play *, 1);
    made->play[0] = dt_play_of(arena, made->solution);
    if (game->privates > 0) {
        made->stand->beliefs = made->solution->private->plan->beliefs;
        made->stand->columns = (size_t)made->stand->beliefs->points * made->stand->beliefs->types;
        made->begins = made->solution->private->begins;
    }
    made->next = game->leaf_next;
    made->start = game->start;
    return DT_OK;
}

/* As the likelihood has it: in each period the strategies of the first of a game that begins there. */
static dt_status make_receding(dt_arena *arena, making *m, dt_sampler *made)
{
    /* One row: play may be over after it, and all that it can lead to is known anyway. */
    dt_status status =
        dt_history_blank(m->model, (int)m->how.policy, 1, m->options, &m->given.blank);
    const dt_history *blank = made->blank = m->given.blank;
    const dt_likelihood_how how = {.policy = m->how.policy,
                                   .values = m->how.values,
                                   .ahead = m->how.periods,
                                   .worlds = 1,
                                   .parameters = m->parameter};
    if (status == DT_OK)
        status = dt_likelihood_new(m->model, &blank, 1, &how, m->options, &m->given.ready);
    if (status != DT_OK)
        return status;
    made->ready = m->given.ready;
    made->stand = &made->ready->stand[0];
    const size_t periods = made->stand->single->dated ? m->how.periods : 1;
    made->play = dt_new(arena, dt_play *, periods);
    for (size_t t = 0; t < periods; t++) {
        made->play[t] = dt_play_new(arena, made->stand->single);
        dt_progress(arena, m->options, "solving", (double)t / (double)periods);
        dt_play_solve(made->play[t], m->parameter, 1, (uint32_t)t, NULL, NULL);
        if (made->play[t]->status[0] != DT_OK) {
            dt_diagnostics *diagnostics = dt_diagnostics_new(arena, m->options, &m->model->source);
            dt_play_complain(arena, made->play[t], 0, diagnostics);
            dt_diagnostics_flush(diagnostics);
            return made->play[t]->status[0];
        }
    }
    if (made->stand->beliefs)
        made->begins = made->play[0]->private->begins;
    made->next = dt_stand_next(arena, made->stand, made->stand);
    made->start = made->ready->history[0].root;
    return DT_OK;
}

/* DT_INVALID, told, if no history has so many rows. */
static dt_status check_rows(dt_arena *scratch, const making *m)
{
    if (m->how.periods < DT_MAX_ROWS)
        return DT_OK;
    dt_diagnostics *diagnostics = dt_diagnostics_new(scratch, m->options, &m->model->source);
    dt_complain(diagnostics, DT_TOO_MANY, (dt_place){0, 0}, DT_MAX_ROWS, "rows of a history");
    dt_diagnostics_flush(diagnostics);
    return DT_INVALID;
}

static dt_status make(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    making *m = argument;
    if (check_rows(scratch, m) != DT_OK)
        return DT_INVALID;
    dt_sampler *made = *found = dt_new(arena, dt_sampler, 1);
    made->arena = arena;
    made->model = m->model;
    made->how = m->how;
    const dt_status status =
        m->how.receding ? make_receding(arena, m, made) : make_of_run(arena, m, made);
    if (status != DT_OK)
        return status;
    const size_t plays = made->solution || !made->play[0]->plan->dated ? 1 : made->how.periods;
    made->flow = dt_new(arena, dt_flow *, plays);
    for (size_t t = 0; t < plays; t++)
        made->flow[t] = dt_flow_of_steps(arena, made->stand, made->play[t]);
    return DT_OK;
}

static void free_parts(const dt_sampler *parts)
{
    dt_likelihood_free(parts->ready);
    dt_history_free(parts->blank);
    dt_solution_free(parts->solution);
    dt_game_free(parts->game);
}

dt_status dt_sampler_new(const dt_model *model, const double *parameters, const dt_sampling *how,
                         const dt_options *options, dt_sampler **sampler)
{
    static const dt_options defaults;
    if (sampler)
        *sampler = NULL;
    if (!model || (model->params > 0 && !parameters) || !how || !sampler ||
        how->policy >= (size_t)model->policies || how->periods < 1 ||
        (unsigned)how->values > DT_VALUES_SURPLUS)
        return dt_refuse_call(options, "dt_sampler_new",
                              "no model, no numbers, no policy or periods that there can be, or "
                              "nowhere to put the sampler");
    making m = {model, parameters, *how, options ? options : &defaults, {0}};
    const dt_status status = dt_answer(options, make, &m, (void **)sampler);
    if (status != DT_OK)
        free_parts(&m.given);
    return status;
}

void dt_sampler_free(dt_sampler *sampler)
{
    if (!sampler)
        return;
    free_parts(sampler);
    dt_arena_free(sampler->arena);
}
