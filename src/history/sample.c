/*
 * Sampling: play that is drawn. Each history is a walk over the places of a game, with what is believed and what is
 * true beside it: at every node a cell is drawn by the strategies, then one of its branches, then, where something was
 * learned, the signal. A number belongs to its history, period, stage and purpose and to nothing else (Philox,
 * study/random.h), so that a history is the same whatever else is drawn.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/job.h"
#include "base/limits.h"
#include "history/worker.h"
#include "solve/solve.h"
#include "study/random.h"

struct dt_sampler {
    dt_arena *arena;
    const dt_model *model;
    dt_observables *all;
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

/* What a number is for. */
enum { FOR_CELL, FOR_BRANCH, FOR_SIGNAL, PURPOSES };

/* The numbers in (0, 1) of a stage in a period of a history. */
static void draw(const dt_sampler *sampler, uint64_t number, size_t period, uint32_t stage,
                 double u[PURPOSES])
{
    const uint64_t counter[4] = {number, period, stage, dt_identity("history")};
    const uint64_t key[2] = {sampler->how.seed, 0};
    uint64_t word[4];
    dt_philox(counter, key, word);
    for (int i = 0; i < PURPOSES; i++)
        u[i] = ((double)(word[i] >> 12) + 0.5) * 0x1p-52;
}

/* Takes from the steps those that are alike by what is drawn, one after the other: with cell and branch -1 any. */
static double weigh(const dt_flow *flow, int cell, int branch)
{
    double sum = 0;
    for (size_t i = 0; i < flow->step.count; i++) {
        const dt_step *step = &flow->step.at[i];
        if ((cell < 0 || step->cell == cell) && (branch < 0 || step->branch == branch))
            sum += dt_wide_double(step->chance);
    }
    return sum;
}

/* The first step at which the chances of those that fit pass the share u of their sum. */
static const dt_step *pick(const dt_flow *flow, int cell, int branch, double u)
{
    double left = u * weigh(flow, cell, branch);
    const dt_step *last = NULL;
    for (size_t i = 0; i < flow->step.count; i++) {
        const dt_step *step = &flow->step.at[i];
        const double chance = dt_wide_double(step->chance);
        if ((cell >= 0 && step->cell != cell) || (branch >= 0 && step->branch != branch) ||
            chance == 0)
            continue;
        last = step;
        left -= chance;
        if (left < 0)
            break;
    }
    assert(last);
    return last;
}

/* What a history is about to be. */
typedef struct walk {
    const dt_sampler *sampler;
    uint64_t number;
    dt_history *history;
    dt_flow *flow;
    uint32_t place, column;
} walk;

static void note_state(walk *w, size_t row)
{
    const dt_sampler *s = w->sampler;
    const dt_game *game = s->stand->game;
    const uint32_t *key = game->key + (size_t)w->place * game->layout.words;
    int32_t *value = w->history->value + row * s->all->count;
    const dt_beliefs *beliefs = s->stand->beliefs;
    for (int v = 0; v < s->model->variables; v++)
        value[v] = dt_slot_is_private(s->model, v)
                       ? dt_beliefs_rank(beliefs, (size_t)dt_private_index(s->model, v),
                                         w->column % beliefs->types)
                       : (int32_t)dt_key_rank(&game->layout.field[v], key);
}

static void note_cell(walk *w, size_t row, const dt_menu *menu, int cell)
{
    const dt_observables *all = w->sampler->all;
    const dt_stage *stage = &w->sampler->model->stage[menu->stage];
    int32_t *value = w->history->value + row * all->count;
    int option[DT_MAX_MOVERS];
    dt_cell_options(menu, cell, option);
    for (int k = 0; k < menu->agents; k++) {
        const int *action = menu->action + (size_t)option[k] * (size_t)stage->movers;
        for (int m = 0; m < stage->movers; m++) {
            const size_t i = (size_t)(stage->first_choice + m);
            if (action[m] != DT_NONE)
                value[i] = all->value[i][action[m]];
        }
    }
}

/* The column that a play begins in: the type by the prior, the point by the signal about it. */
static uint32_t begin_column(const walk *w)
{
    const dt_sampler *s = w->sampler;
    double u[PURPOSES];
    if (!s->begins)
        return 0;
    const uint32_t types = s->stand->beliefs->types, points = s->stand->beliefs->points;
    uint32_t type = 0, point = 0;
    double left, all = 0;
    draw(s, w->number, 0, s->stand->game->stages, u);
    left = u[FOR_BRANCH];
    for (uint32_t k = 0; k < types && left >= 0; k++) {
        double sum = 0;
        for (uint32_t p = 0; p < points; p++)
            sum += s->begins[p * (size_t)types + k];
        if (sum > 0) {
            type = k;
            all = sum;
        }
        left -= sum;
    }
    left = u[FOR_SIGNAL] * all;
    for (uint32_t p = 0; p < points && left >= 0; p++) {
        if (s->begins[p * (size_t)types + type] > 0)
            point = p;
        left -= s->begins[p * (size_t)types + type];
    }
    return point * types + type;
}

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
        double u[PURPOSES];
        draw(s, w->number, row, (uint32_t)menu->stage, u);
        dt_flow_steps(w->flow, w->place, w->column);
        const int cell = pick(w->flow, -1, -1, u[FOR_CELL])->cell;
        const int branch = pick(w->flow, cell, -1, u[FOR_BRANCH])->branch;
        const dt_step *step = pick(w->flow, cell, branch, u[FOR_SIGNAL]);
        note_cell(w, row, menu, cell);
        w->place = step->target;
        w->column = step->column;
    }
    note_state(w, row);
    const uint32_t leaf = w->place - game->nodes;
    if (game->leaf_ended[leaf])
        return false;
    if (row < s->how.periods) {
        assert(s->next[leaf] != DT_NOWHERE);
        w->place = game->state_place[s->next[leaf]];
    }
    return true;
}

static void label(dt_history *history, size_t row)
{
    char *text = dt_new(history->arena, char, DT_LABEL_SIZE);
    dt_model_period_label(history->model, (int)row, text, DT_LABEL_SIZE);
    if (row == 0)
        snprintf(text, DT_LABEL_SIZE, "start");
    else if (!*text)
        snprintf(text, DT_LABEL_SIZE, "%zu", row);
    history->period[row] = text;
}

static dt_status sample(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    walk *w = argument;
    const dt_sampler *s = w->sampler;
    dt_history *history = *found = w->history = dt_history_new(arena, s->model, s->how.periods + 1);
    (void)scratch;
    history->has_period = history->has_policy = true;
    memset(history->has, 1, s->all->count);
    w->column = begin_column(w);
    w->place = s->stand->game->state_place[s->start];
    note_state(w, 0);
    label(history, 0);
    bool goes_on = true;
    for (history->rows = 1; goes_on && history->rows <= s->how.periods; history->rows++) {
        const size_t row = history->rows;
        for (size_t i = 0; i < s->all->count; i++)
            history->value[row * s->all->count + i] = 0; /* none, until something is chosen */
        history->policy[row] = (int32_t)s->how.policy;
        label(history, row);
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
    dt_status status = dt_game_explore(m->model, m->how.policy, m->options, &m->given.game);
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
    const dt_likelihood_how how = {
        .policy = m->how.policy, .values = m->how.values, .ahead = m->how.periods};
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

static dt_status make(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    making *m = argument;
    dt_sampler *made = *found = dt_new(arena, dt_sampler, 1);
    (void)scratch;
    made->arena = arena;
    made->model = m->model;
    made->how = m->how;
    made->all = dt_observables_new(arena, m->model);
    const dt_status status =
        m->how.receding ? make_receding(arena, m, made) : make_of_run(arena, m, made);
    if (status != DT_OK)
        return status;
    const size_t plays = made->solution || !made->play[0]->plan->dated ? 1 : made->how.periods;
    made->flow = dt_new(arena, dt_flow *, plays);
    for (size_t t = 0; t < plays; t++)
        made->flow[t] = dt_flow_new(arena, made->stand, made->play[t]);
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
        how->policy >= (size_t)model->policies || how->periods < 1 || how->periods >= DT_MAX_ROWS ||
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
