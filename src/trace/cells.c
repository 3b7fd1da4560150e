/*
 * Cells of the levers as games. Two cells are the same game if their rules consist of the same: who moves for
 * whom, where play starts, which orders hold, which numbers are set. So rules are written down as a text, and
 * texts are compared. Games are explored, solved and forgotten by workers, which tell nothing: whatever goes
 * wrong is noted with the cell, or done once more by the calling thread, so that it is told once and in order.
 */
#include "trace/cells.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "base/job.h"
#include "base/threads.h"
#include "game/known.h"
#include "model/regime.h"
#include "solve/solve.h"

dt_cells *dt_cells_new(dt_arena *arena, const dt_model *model)
{
    dt_cells *cells = dt_new(arena, dt_cells, 1);
    cells->arena = arena;
    cells->model = model;
    return cells;
}

/* ---- cells that are the same game ---------------------------------------------------------------- */

static void sign_orders(dt_text *text, int count, const int64_t *when)
{
    dt_text_print(text, "%d:", count);
    for (int i = 0; i < count; i++)
        dt_text_print(text, "%" PRId64 ",", when[i]);
}

/* All that rules consist of, as a text: two cells with the same text are the same game and numbers. */
static const char *signature(dt_arena *arena, const dt_rules *rules)
{
    const dt_model *model = rules->model;
    const dt_regime *regime = rules->regime;
    dt_text text = {.arena = arena};
    for (int r = 0; r < model->roles; r++)
        dt_text_print(&text, "%d,", rules->holder[r]);
    for (int v = 0; v < model->variables; v++)
        dt_text_print(&text, "%d,", rules->start[v]);
    for (int i = 0; i < model->actors; i++)
        dt_text_print(&text, "%d,", rules->actor_agent[i]);
    for (int k = 0; k < rules->agents; k++) {
        for (int m = 0; m < rules->agent[k].members; m++)
            dt_text_print(&text, "%a,", rules->agent[k].weight[m]);
    }
    for (int p = 0; p < model->params; p++) {
        for (int i = 0; i < regime->sets; i++) {
            if (regime->set[i].parameter == p)
                dt_text_print(&text, "%d=%a,", p, regime->set[i].value);
        }
    }
    for (int st = 0; st < model->stages; st++) {
        for (int a = 0; a < model->stage[st].actions; a++) {
            const dt_orders *orders = &rules->stage[st].orders[a];
            sign_orders(&text, orders->forbids, orders->forbid);
            sign_orders(&text, orders->forces, orders->force);
        }
    }
    return dt_text_get(&text);
}

/* Remembers what the first diagnostic is called. */
static void note_code(void *context, const dt_diagnostic *diagnostic)
{
    const char **code = context;
    if (diagnostic->severity == DT_ERROR && !**code)
        *code = diagnostic->code;
}

static dt_options quietly(const dt_options *options, const char **code)
{
    dt_options quiet = *options;
    quiet.report = note_code;
    quiet.report_context = code;
    quiet.jobs = 1;
    quiet.progress = NULL;
    return quiet;
}

typedef struct signing {
    dt_cells *cells;
    const dt_cell *cell;
    const dt_options *options;
    size_t length; /* of the text, which is there if it fits */
} signing;

/* Writes a cell's rules down. Takes nothing from the arena of the cells, whose want of memory would leave this
 * one behind. */
static dt_status sign(dt_arena *scratch, void *argument)
{
    signing *s = argument;
    dt_diagnostics *diagnostics = dt_diagnostics_new(scratch, s->options, &s->cells->model->source);
    const dt_rules *rules = dt_rules_of_cell(scratch, s->cells->model, &s->cell->is, diagnostics);
    dt_diagnostics_flush(diagnostics);
    if (!rules)
        return DT_INVALID;
    const char *text = signature(scratch, rules);
    s->length = strlen(text);
    if (s->length < s->cells->room)
        memcpy(s->cells->text, text, s->length + 1);
    return DT_OK;
}

/* The same once more with room for it, if there was too little. */
static void sign_cell(dt_cells *cells, dt_cell *cell, const dt_options *options)
{
    const dt_options quiet = quietly(options, &cell->code);
    signing s = {cells, cell, &quiet, 0};
    dt_status status = dt_job(&quiet, sign, &s);
    if (status == DT_OK && s.length >= cells->room) {
        cells->room = 2 * (s.length + 1);
        cells->text = dt_new(cells->arena, char, cells->room);
        status = dt_job(&quiet, sign, &s);
    }
    if (status == DT_LIMIT)
        dt_refuse(cells->arena, "there is no memory for the rules of a cell");
    cell->status = (unsigned char)status;
    if (status != DT_OK)
        return;
    cell->sign = dt_copy_text(cells->arena, cells->text, s.length);
    for (const char *at = cell->sign; *at; at++)
        cell->hash = dt_mix(cell->hash ^ (unsigned char)*at);
}

size_t dt_cells_add(dt_cells *cells, const dt_lever_cell *cell, const dt_options *options)
{
    const size_t levers = (size_t)cells->model->levers, index = cells->cell.count;
    size_t *setting = dt_new(cells->arena, size_t, levers);
    dt_own_change *change = dt_new(cells->arena, dt_own_change, cell->changes);
    for (size_t l = 0; l < levers; l++)
        setting[l] = cell->setting[l];
    for (size_t c = 0; c < cell->changes; c++)
        change[c] = cell->change[c];
    dt_cell added = {
        .is = {setting, cell->changes, change},
          .same = index, .code = ""
    };
    sign_cell(cells, &added, options);
    bool found = false;
    for (size_t i = 0; i < index && added.sign && !found; i++) {
        const dt_cell *other = &cells->cell.at[i];
        found = other->same == i && other->sign && other->hash == added.hash &&
                strcmp(other->sign, added.sign) == 0;
        if (found)
            added.same = i;
    }
    cells->games += added.sign && !found;
    dt_push(cells->arena, &cells->cell, added);
    return index;
}

/* ---- solving them -------------------------------------------------------------------------------- */

typedef struct solving {
    dt_cells *cells;
    const size_t *task;
    size_t tasks;
    const dt_cells_how *how;
    const dt_options *options;
    _Atomic size_t done;
    _Atomic bool stopped;
} solving;

typedef struct one_cell {
    const solving *all;
    size_t cell;
    const dt_options *options;
} one_cell;

/* A cell's game in one world. */
static dt_status solve_one(dt_arena *arena, const one_cell *one, const dt_game *game)
{
    const dt_cells_how *how = one->all->how;
    const dt_model *model = game->model;
    double *world = dt_new(arena, double, (size_t)model->params);
    double *outcome = dt_new(arena, double, (size_t)model->declared_outcomes);
    dt_solution *solution = NULL;
    for (int p = 0; p < model->params; p++)
        world[p] = how->parameters[p];
    dt_game_settings(game, world);
    dt_status status = dt_solve_values(game, world, how->values, one->options, &solution);
    if (status == DT_NO) {
        dt_diagnostics *diagnostics = dt_diagnostics_new(arena, one->options, &model->source);
        dt_complain(diagnostics, DT_UNSOLVED, (dt_place){0, 0}, dt_game_name(game),
                    dt_solution_reason(solution));
        dt_diagnostics_flush(diagnostics);
    }
    if (status == DT_OK)
        status = dt_solution_outcomes(solution, one->options, outcome);
    how->put(how->context, one->cell, 0, status == DT_OK ? outcome : NULL,
             one->all->cells->cell.at[one->cell].code);
    dt_solution_free(solution);
    return status;
}

/* In several. */
static dt_status solve_many(const one_cell *one, const dt_game *game, const dt_piece *piece)
{
    const dt_cells_how *how = one->all->how;
    const dt_ensemble_options with = {.jobs = 1, .wanted = DT_WANT_OUTCOMES};
    const size_t params = (size_t)game->model->params;
    dt_ensemble *ensemble;
    const dt_status status =
        dt_ensemble_run(game, params ? how->parameters + piece->first * params : NULL, piece->count,
                        how->values, &with, one->options, &ensemble);
    if (status != DT_OK)
        return status;
    for (size_t w = 0; w < piece->count; w++) {
        const dt_world_result result = dt_ensemble_world(ensemble, w);
        how->put(how->context, one->cell, piece->first + w,
                 result.status == DT_OK ? result.outcome : NULL, result.code);
    }
    dt_ensemble_free(ensemble);
    return status;
}

/* A piece of a cell's worlds, whose game is explored with the first that needs it, for what is known in all of them: so
 * no number depends on which pieces are solved. */
static dt_status solve_piece(dt_arena *arena, const one_cell *one, const dt_piece *piece,
                             dt_game **game)
{
    const dt_cells *cells = one->all->cells;
    const dt_cells_how *how = one->all->how;
    const dt_known known = {.worlds = how->worlds, .parameter = how->parameters};
    dt_status status = DT_OK;
    if (!*game)
        status = dt_game_explore_cell_known(cells->model, &cells->cell.at[one->cell].is, &known,
                                            one->options, game);
    if (status == DT_OK)
        status = how->worlds == 1 ? solve_one(arena, one, *game) : solve_many(one, *game, piece);
    return status == DT_OK && how->done ? how->done(how->context, piece) : status;
}

/* What of a cell isn't known. */
static dt_status solve_cell(dt_arena *arena, void *argument)
{
    const one_cell *one = argument;
    const dt_cells_how *how = one->all->how;
    dt_status status = DT_OK;
    dt_game *game = NULL;
    for (size_t first = 0; first < how->worlds && status == DT_OK; first += DT_PIECE) {
        const size_t left = how->worlds - first;
        const dt_piece piece = {one->cell, first, left < DT_PIECE ? left : DT_PIECE};
        if (one->all->stopped)
            status = DT_LIMIT;
        else if (!how->known || !how->known(how->context, &piece))
            status = solve_piece(arena, one, &piece, &game);
    }
    dt_game_free(game);
    return status;
}

/* Passes the progress of all cells on, from the thread that called. */
static bool tell_progress(void *context, const char *activity, double done)
{
    solving *all = context;
    (void)activity;
    (void)done;
    if (!all->stopped && !all->options->progress(all->options->progress_context, all->how->activity,
                                                 (double)all->done / (double)all->tasks))
        all->stopped = true;
    return !all->stopped;
}

/* Ends the work of the other threads when one was told to stop. */
static bool go_on(void *context, const char *activity, double done)
{
    const solving *all = context;
    (void)activity;
    (void)done;
    return !all->stopped;
}

static bool solve_task(void *context, int worker, size_t task)
{
    solving *all = context;
    const size_t index = all->task[task];
    dt_cell *cell = &all->cells->cell.at[index];
    if (cell->status == DT_OK) {
        dt_options options = quietly(all->options, &cell->code);
        options.progress = worker == 0 && all->options->progress ? tell_progress : go_on;
        options.progress_context = all;
        cell->status =
            (unsigned char)dt_job(&options, solve_cell, &(one_cell){all, index, &options});
    }
    all->done++;
    const bool passed = all->how->skip && (cell->status == DT_NO || cell->status == DT_INVALID);
    return (cell->status == DT_OK || passed) && !all->stopped;
}

static int jobs_of(const dt_options *options)
{
    return options->jobs < 1 ? 1 : options->jobs > DT_MAX_JOBS ? DT_MAX_JOBS : options->jobs;
}

dt_status dt_cells_solve(dt_cells *cells, const size_t *task, size_t tasks, const dt_cells_how *how,
                         const dt_options *options)
{
    solving all = {cells, task, tasks, how, options, 0, false};
    dt_threads_run(jobs_of(options), tasks, solve_task, &all);
    if (all.stopped) {
        dt_report_interrupted(options, how->activity);
        return DT_LIMIT;
    }
    for (size_t t = 0; t < tasks; t++) {
        const dt_status status = (dt_status)cells->cell.at[task[t]].status;
        if (status == DT_FILE)
            return status;
        if (status != DT_LIMIT && (status == DT_OK || how->skip))
            continue;
        /* once more, told */
        const dt_status again = dt_job(options, solve_cell, &(one_cell){&all, task[t], options});
        if (status != DT_LIMIT || again == DT_LIMIT)
            return again;
        dt_report_limit(options, "there is no memory for several games at a time");
        return DT_LIMIT;
    }
    return DT_OK;
}
