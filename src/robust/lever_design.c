/*
 * Which policy to choose among the cells of the crossed design of levers. Cells are numbered with the settings of
 * `from` first, and looked at one by one or, if they are too many, searched; each distinct game is solved once in
 * the nominal world and in worlds drawn, the same for all; then all are judged at once. A cell in error, or
 * without a solution in the nominal world, is known by its reason alone.
 */
#include "robust/lever_design.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "model/model.h"
#include "robust/criterion.h"

/* ---- laying it out ------------------------------------------------------------------------------- */

size_t dt_lever_design_add(dt_lever_design *d, const size_t *setting, const dt_options *options)
{
    const size_t bytes = (size_t)d->model->levers * sizeof *setting;
    for (size_t c = 0; c < d->cells->cell.count; c++) {
        if (bytes == 0 || memcmp(d->cells->cell.at[c].is.setting, setting, bytes) == 0)
            return c;
    }
    if (d->cells->cell.count >= d->most)
        return SIZE_MAX;
    dt_push(d->arena, &d->numbers, (dt_lever_numbers){0});
    return dt_cells_add(d->cells, &(dt_lever_cell){setting, d->changes, d->change}, options);
}

/* All cells, the settings of `from` first and the last lever fastest. */
static void add_all(dt_lever_design *d, dt_arena *scratch, const dt_options *options)
{
    const dt_model *model = d->model;
    const size_t *from = model->policy[d->how.from].setting;
    size_t *setting = dt_new(scratch, size_t, (size_t)model->levers);
    for (double code = 0; code < d->all; code++) {
        for (int l = 0; l < model->levers; l++)
            setting[l] = from[l];
        double rest = code;
        for (size_t i = d->levers; i-- > 0;) {
            const size_t l = d->lever[i];
            const double settings = model->lever[l].settings;
            const size_t digit = (size_t)fmod(rest, settings);
            rest = floor(rest / settings);
            setting[l] = digit == 0 ? from[l] : digit <= from[l] ? digit - 1 : digit;
        }
        dt_push(d->arena, &d->numbers, (dt_lever_numbers){0});
        dt_cells_add(d->cells, &(dt_lever_cell){setting, d->changes, d->change}, options);
        dt_progress(d->arena, options, "laying out the cells", code / d->all);
    }
}

/* The outcomes that are kept of drawn worlds. */
static void find_columns(dt_lever_design *d)
{
    d->columns = d->how.objectives + d->how.requirements;
    d->column = dt_new(d->arena, size_t, d->columns);
    for (size_t o = 0; o < d->how.objectives; o++)
        d->column[o] = d->how.objective[o].outcome;
    for (size_t r = 0; r < d->how.requirements; r++)
        d->column[d->how.objectives + r] = d->how.requirement[r].outcome;
}

typedef struct request {
    const dt_model *model;
    const dt_lever_design_how *how;
    const dt_options *options;
} request;

static dt_status lay_out(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const request *asked = argument;
    const dt_model *model = asked->model;
    dt_lever_design *d = *found = dt_new(arena, dt_lever_design, 1);
    d->arena = arena;
    d->model = model;
    d->how = *asked->how;
    d->most = d->how.most_cells ? d->how.most_cells : DT_MOST_CELLS;
    d->lever = dt_new(arena, size_t, (size_t)model->levers);
    d->all = 1;
    for (size_t l = 0; l < (size_t)model->levers; l++) {
        if (d->how.free && !d->how.free[l])
            continue;
        d->lever[d->levers++] = l;
        d->all *= model->lever[l].settings;
    }
    d->changes = dt_model_changes(model, d->how.from);
    d->change = dt_new(arena, dt_own_change, d->changes);
    for (size_t c = 0; c < d->changes; c++)
        d->change[c] = (dt_own_change){d->how.from, c};
    find_columns(d);
    d->cells = dt_cells_new(arena, model);
    if (d->all <= (double)d->most) {
        d->most = (size_t)d->all;
        add_all(d, scratch, asked->options);
        return DT_OK;
    }
    return dt_lever_search_start(d, asked->options);
}

dt_status dt_lever_design_new(const dt_model *model, const dt_lever_design_how *how,
                              const dt_options *options, dt_lever_design **design)
{
    static const dt_options defaults;
    bool right = model && how && how->objectives > 0 && how->objective && design &&
                 how->from < (size_t)model->policies && (how->parameters || model->params == 0) &&
                 (how->requirement || how->requirements == 0) &&
                 (unsigned)how->values <= DT_VALUES_SURPLUS;
    for (size_t o = 0; right && o < how->objectives; o++)
        right = how->objective[o].outcome < (size_t)model->declared_outcomes &&
                (how->objective[o].direction == 1 || how->objective[o].direction == -1);
    for (size_t r = 0; right && r < how->requirements; r++)
        right = how->requirement[r].outcome < (size_t)model->declared_outcomes;
    if (design)
        *design = NULL;
    if (!right)
        return dt_refuse_call(options, "dt_lever_design_new",
                              "no model, no objective, outcomes or a policy that it hasn't got, or "
                              "nowhere to put the design");
    return dt_answer(options, lay_out, &(request){model, how, options ? options : &defaults},
                     (void **)design);
}

void dt_lever_design_free(dt_lever_design *design)
{
    dt_arena_free(design ? design->arena : NULL);
}

dt_lever_plan dt_lever_design_plan(const dt_lever_design *d)
{
    return d ? (dt_lever_plan){.cells = d->all,
                               .search = d->all > (double)d->most,
                               .most = d->most,
                               .looked = d->cells->cell.count,
                               .games = d->cells->games,
                               .worlds = d->how.worlds,
                               .solved = d->solved,
                               .compared = d->measures.worlds}
             : (dt_lever_plan){0};
}

/* ---- solving ------------------------------------------------------------------------------------- */

static void put(void *context, size_t cell, size_t world, const double *outcome, const char *code)
{
    const dt_lever_putting *p = context;
    dt_lever_design *d = p->design;
    dt_lever_numbers *n = &d->numbers.at[cell];
    if (p->first + world == 0) {
        n->tried = true;
        if (!outcome) {
            const bool unsolved =
                strcmp(code, "not-solved") == 0 || strcmp(code, "not-settled") == 0;
            d->cells->cell.at[cell].code = unsolved ? "unsolved" : code;
            n->nominal = NULL;
        } else {
            memcpy(n->nominal, outcome, (size_t)d->model->declared_outcomes * sizeof *outcome);
        }
        return;
    }
    const size_t at = p->first + world - 1;
    for (size_t k = 0; k < d->columns; k++)
        n->drawn[k * d->how.worlds + at] = outcome ? outcome[d->column[k]] : (double)NAN;
}

/* The games among some cells that have numbers of `known` worlds, or with SIZE_MAX none at all. */
static size_t find_tasks(dt_lever_design *d, const size_t *cell, size_t count, bool nominal,
                         size_t known, size_t *task, bool *taken)
{
    size_t tasks = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t game = d->cells->cell.at[cell[i]].same;
        const dt_lever_numbers *n = &d->numbers.at[game];
        const bool wanted = nominal ? !n->tried : n->nominal && n->known == known;
        if (taken[game] || !d->cells->cell.at[game].sign || !wanted)
            continue;
        taken[game] = true;
        task[tasks++] = game;
    }
    return tasks;
}

/* Solves games of which `known` worlds are known (nominal: nothing) up to world `worlds`. */
static dt_status solve_games(dt_lever_design *d, const size_t *task, size_t tasks, bool nominal,
                             size_t known, size_t worlds, const dt_options *options)
{
    const size_t parameters = (size_t)d->model->params;
    const size_t first = nominal ? 0 : known + 1, several = worlds + 1 - first;
    for (size_t t = 0; t < tasks; t++) {
        dt_lever_numbers *n = &d->numbers.at[task[t]];
        if (!n->nominal)
            n->nominal = dt_new(d->arena, double, (size_t)d->model->declared_outcomes);
        if (!n->drawn && worlds > 0)
            n->drawn = dt_take(d->arena, d->columns, d->how.worlds * sizeof(double));
    }
    const dt_cells_how how = {
        .parameters = parameters ? d->how.parameters + first * parameters : NULL,
        .worlds = several,
        .values = d->how.values,
        .activity = "solving cells of the design",
        .skip = true,
        .put = put,
        .known = d->path ? dt_lever_kept_known : NULL,
        .done = d->path ? dt_lever_kept_done : NULL,
        .context = &(dt_lever_putting){d, first, several}
    };
    const dt_status status = dt_cells_solve(d->cells, task, tasks, &how, options);
    for (size_t t = 0; t < tasks && status == DT_OK; t++) {
        dt_lever_numbers *n = &d->numbers.at[task[t]];
        if (!n->tried) /* it couldn't be explored */
            n->nominal = NULL;
        n->tried = true;
        n->known = worlds;
    }
    d->solved += (double)tasks * (double)several;
    return status;
}

dt_status dt_lever_design_evaluate(dt_lever_design *d, dt_arena *scratch, const size_t *cell,
                                   size_t count, size_t worlds, const dt_options *options)
{
    size_t *task = dt_new(scratch, size_t, count);
    bool *taken = dt_new(scratch, bool, d->cells->cell.count);
    size_t tasks = find_tasks(d, cell, count, true, 0, task, taken);
    dt_status status = DT_OK;
    if (tasks > 0)
        status = solve_games(d, task, tasks, true, 0, worlds, options);
    for (size_t known = 0; known < worlds && status == DT_OK; known++) {
        tasks = find_tasks(d, cell, count, false, known, task, taken);
        if (tasks > 0)
            status = solve_games(d, task, tasks, false, known, worlds, options);
    }
    return status;
}

/* ---- judging ------------------------------------------------------------------------------------- */

/* Of each game the cell with fewest changes stands for it. */
static void find_representatives(dt_lever_design *d)
{
    const size_t cells = d->cells->cell.count;
    size_t *stands = dt_new(d->arena, size_t, cells);
    for (size_t c = 0; c < cells; c++)
        stands[c] = SIZE_MAX;
    for (size_t c = 0; c < cells; c++) {
        const size_t game = d->cells->cell.at[c].same;
        if (stands[game] == SIZE_MAX || d->found[c].changes < d->found[stands[game]].changes)
            stands[game] = c;
    }
    for (size_t c = 0; c < cells; c++)
        d->found[c].game = stands[d->cells->cell.at[c].same];
}

static void describe_cell(dt_lever_design *d, size_t c)
{
    const dt_cell *cell = &d->cells->cell.at[c], *game = &d->cells->cell.at[cell->same];
    const dt_lever_numbers *n = &d->numbers.at[cell->same];
    dt_designed_cell *found = &d->found[c];
    *found = (dt_designed_cell){.setting = cell->is.setting,
                                .changes = dt_lever_changes(d, cell->is.setting),
                                .status = (dt_status)game->status,
                                .code = game->code,
                                .outcome = n->nominal,
                                .share = NAN};
    if (found->status == DT_OK && !n->nominal)
        found->status = strcmp(found->code, "unsolved") == 0 ? DT_NO : DT_INVALID;
    found->meets = n->nominal && dt_lever_meets(d, c, SIZE_MAX);
}

/* Copies what is known of games to all cells that are the same. */
static void spread(dt_lever_design *d, const size_t *game, size_t games, const bool *front)
{
    const size_t cells = d->cells->cell.count, objectives = d->how.objectives;
    for (size_t i = 0; i < games; i++) {
        for (size_t c = 0; c < cells; c++) {
            if (d->cells->cell.at[c].same == game[i])
                d->found[c].front = front[i];
        }
    }
    const dt_lever_measures *m = &d->measures;
    for (size_t i = 0; i < d->measured; i++) {
        for (size_t c = 0; c < cells && m->judged[i]; c++) {
            dt_designed_cell *found = &d->found[c];
            if (d->cells->cell.at[c].same != d->judged[i])
                continue;
            found->judged = true;
            found->robust = m->front[i];
            found->mean = m->mean + i * objectives;
            found->regret = m->regret + i * objectives;
            found->regret90 = m->regret90 + i * objectives;
            found->quantile = m->quantile + i * objectives;
            found->share = m->share[i];
        }
    }
}

/* By how many objectives each cell of a front is as good as any of it. */
static void count_best(dt_lever_design *d, bool robust)
{
    const size_t cells = d->cells->cell.count;
    d->best[robust] = dt_new(d->arena, unsigned char, cells);
    for (size_t o = 0; o < d->how.objectives; o++) {
        const int direction = robust ? -1 : d->how.objective[o].direction;
        double most = NAN, size = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (size_t c = 0; c < cells; c++) {
                const dt_designed_cell *found = &d->found[c];
                if (!(robust ? found->robust : found->front))
                    continue;
                const double number =
                    robust ? found->regret90[o] : found->outcome[d->how.objective[o].outcome];
                if (pass == 1)
                    d->best[robust][c] += dt_better(direction * number, most, size) >= 0 &&
                                          d->best[robust][c] < UCHAR_MAX;
                else if (isnan(most) || direction * number > most)
                    most = direction * number;
                size = fmax(size, fabs(number));
            }
        }
    }
}

static void judge(dt_lever_design *d, dt_arena *scratch)
{
    const size_t cells = d->cells->cell.count;
    size_t *game = dt_new(scratch, size_t, cells);
    bool *front = dt_new(scratch, bool, cells);
    d->found = dt_new(d->arena, dt_designed_cell, cells);
    for (size_t c = 0; c < cells; c++)
        describe_cell(d, c);
    find_representatives(d);
    const size_t games = dt_lever_games(d, game);
    dt_lever_nominal(d, scratch, game, games, false, front);
    d->judged = dt_new(d->arena, size_t, games);
    for (size_t i = 0; i < games && d->how.worlds > 0; i++) {
        if (d->numbers.at[game[i]].known == d->how.worlds)
            d->judged[d->measured++] = game[i];
    }
    if (d->measured > 0)
        d->measures = dt_lever_measure(d, d->arena, scratch, d->judged, d->measured, d->how.worlds);
    spread(d, game, games, front);
    count_best(d, false);
    count_best(d, true);
    d->finished = true;
}

typedef struct solving {
    dt_lever_design *design;
    const dt_options *options;
    dt_arena *scratch;
} solving;

static dt_status solve(void *argument)
{
    const solving *s = argument;
    dt_lever_design *d = s->design;
    dt_status status = d->path ? dt_lever_kept_open(d, s->options) : DT_OK;
    if (status != DT_OK)
        return status;
    if (d->all > (double)d->most) {
        status = dt_lever_search(d, s->scratch, s->options);
    } else {
        const size_t cells = d->cells->cell.count;
        size_t *cell = dt_new(s->scratch, size_t, cells);
        for (size_t c = 0; c < cells; c++)
            cell[c] = c;
        status = dt_lever_design_evaluate(d, s->scratch, cell, cells, d->how.worlds, s->options);
    }
    if (status != DT_OK)
        return status;
    judge(d, s->scratch);
    return dt_lever_design_front(d, false, NULL) > 0 ? DT_OK : DT_NO;
}

/* The design's own arena grows meanwhile: a want of memory of either ends the work. */
static dt_status solve_within(dt_arena *scratch, void *argument)
{
    solving *s = argument;
    s->scratch = scratch;
    const dt_status status = dt_arena_try(s->design->arena, solve, s);
    const char *reason = dt_arena_reason(s->design->arena);
    if (status == DT_LIMIT && reason[0])
        dt_report_limit(s->options, reason);
    return status;
}

dt_status dt_lever_design_solve(dt_lever_design *design, const dt_options *options)
{
    static const dt_options defaults;
    if (!design || design->finished)
        return dt_refuse_call(options, "dt_lever_design_solve",
                              "no design, or one that was solved before");
    options = options ? options : &defaults;
    const dt_status status = dt_job(options, solve_within, &(solving){design, options, NULL});
    return design->path ? dt_kept_close(&design->kept, status) : status;
}

/* ---- what was found ------------------------------------------------------------------------------ */

size_t dt_lever_design_cells(const dt_lever_design *design)
{
    return design && design->finished ? design->cells->cell.count : 0;
}

dt_designed_cell dt_lever_design_cell(const dt_lever_design *design, size_t cell)
{
    return cell < dt_lever_design_cells(design) ? design->found[cell]
                                                : (dt_designed_cell){.code = "", .share = NAN};
}

/* Whether every change that policy `p` makes of its own is one of `q`. */
static bool covers(const dt_model *model, size_t q, size_t p)
{
    bool all = true;
    for (size_t c = 0; c < dt_model_changes(model, p) && all; c++) {
        bool found = false;
        for (size_t k = 0; k < dt_model_changes(model, q) && !found; k++)
            found = dt_model_same_change(model, (dt_own_change){p, c}, (dt_own_change){q, k});
        all = found;
    }
    return all;
}

size_t dt_lever_design_policy(const dt_lever_design *d, size_t policy)
{
    if (!d || policy >= (size_t)d->model->policies || !covers(d->model, policy, d->how.from) ||
        !covers(d->model, d->how.from, policy))
        return SIZE_MAX;
    const size_t bytes = (size_t)d->model->levers * sizeof(size_t);
    for (size_t c = 0; c < d->cells->cell.count; c++) {
        if (bytes == 0 ||
            memcmp(d->cells->cell.at[c].is.setting, d->model->policy[policy].setting, bytes) == 0)
            return c;
    }
    return SIZE_MAX;
}

size_t dt_lever_design_front(const dt_lever_design *d, bool robust, size_t *cell)
{
    const size_t cells = dt_lever_design_cells(d);
    size_t count = 0;
    for (size_t c = 0; c < cells; c++) {
        const dt_designed_cell *found = &d->found[c];
        if (found->game != c || !(robust ? found->robust : found->front))
            continue;
        if (cell) {
            const unsigned char *best = d->best[robust];
            size_t at = count;
            for (; at > 0 && (best[c] > best[cell[at - 1]] ||
                              (best[c] == best[cell[at - 1]] &&
                               found->changes < d->found[cell[at - 1]].changes));
                 at--)
                cell[at] = cell[at - 1];
            cell[at] = c;
        }
        count++;
    }
    return count;
}
