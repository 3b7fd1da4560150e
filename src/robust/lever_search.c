/*
 * A search among cells that are too many to be solved one by one. It starts from the model's own policies and
 * from cells drawn at random (Philox, by the seed), and goes on by Pareto local search (Paquete, Chiarandini &
 * Stützle 2004): the neighbours of a cell on the front, one lever set otherwise, are looked at, until the
 * front has no neighbour that wasn't; then it starts again from other cells, with a front of their own, until
 * three starts in turn found nothing better or the budget of cells is used up. As long as no cell meets the
 * requirements, those that miss them least are followed.
 *
 * Over worlds a cell is first solved in the nominal one and the first few of those drawn, and the fronts of both are
 * followed; then come successive halvings (Karnin, Koren & Somekh 2013; Jamieson & Talwalkar 2016): in each round
 * twice as many worlds, and half of the cells that were left. The better half is judged by the fronts, then by
 * how many others beat a cell; the model's own policies always stay. Nothing proves that what it finds is the
 * best. It depends on the seed alone, not on jobs.
 */
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "model/model.h"
#include "robust/lever_design.h"
#include "study/random.h"

enum { FIRST_WORLDS = 16, LEAST_LEFT = 20, BATCH = 64, STARTS_IN_VAIN = 3 };

/* A start: its cells, those that it added and those it came by. */
typedef struct start {
    dt_lever_design *design;
    const dt_options *options;
    size_t worlds;   /* looked at meanwhile */
    size_t *setting; /* [levers] room */
    bool *mine;      /* [cells] */
    bool *front;     /* [cells] by game: of this start */
    bool *whole;     /* [cells] by game: of all starts */
    size_t *cell;    /* [cells] room */
} start;

static void look_at(start *s)
{
    const size_t cell = dt_lever_design_add(s->design, s->setting, s->options);
    if (cell != SIZE_MAX)
        s->mine[s->design->cells->cell.at[cell].same] = s->mine[cell] = true;
}

/* Adds up to `count` cells that aren't there yet, drawn at random; `drawn` counts draws. */
static void draw_cells(start *s, size_t count, uint64_t *drawn)
{
    const dt_lever_design *d = s->design;
    const dt_model *model = d->model;
    const size_t before = d->cells->cell.count;
    for (size_t attempt = 0; attempt < 4 * count && d->cells->cell.count < before + count;
         attempt++, ++*drawn) {
        for (int l = 0; l < model->levers; l++)
            s->setting[l] = model->policy[d->how.from].setting[l];
        for (size_t i = 0; i < d->levers; i++) {
            const size_t l = d->lever[i];
            const double share =
                dt_random(d->how.seed, *drawn, dt_identity(model->lever[l].is.name));
            s->setting[l] = (size_t)(share * model->lever[l].settings);
        }
        look_at(s);
    }
}

/* Cells that a start draws: not more than a sixteenth of the budget. */
static size_t batch_of(const dt_lever_design *d)
{
    const size_t share = d->most / 16 + 1;
    return share < BATCH ? share : BATCH;
}

/* Whether a policy is a cell of the design: settings of levers that aren't free are those of `from`. */
static bool in_design(const dt_lever_design *d, size_t policy)
{
    bool same = true;
    for (size_t l = 0; l < (size_t)d->model->levers && same; l++)
        same = !d->how.free || d->how.free[l] ||
               d->model->policy[policy].setting[l] == d->model->policy[d->how.from].setting[l];
    return same;
}

dt_status dt_lever_search_start(dt_lever_design *d, const dt_options *options)
{
    dt_lever_design_add(d, d->model->policy[d->how.from].setting, options);
    for (size_t p = 0; p < (size_t)d->model->policies; p++) {
        if (in_design(d, p))
            dt_lever_design_add(d, d->model->policy[p].setting, options);
    }
    return DT_OK;
}

/* Marks games on the fronts of what is known, of a start's cells (`mine`) or of all. Returns whether that isn't
 * what it was. */
static bool mark_front(const start *s, dt_arena *scratch, const bool *mine, bool *front)
{
    const dt_lever_design *d = s->design;
    const size_t cells = d->cells->cell.count;
    size_t *game = dt_new(scratch, size_t, cells), some = 0;
    bool *on = dt_new(scratch, bool, cells), changed = false;
    const size_t games = dt_lever_games(d, game);
    for (size_t i = 0; i < games; i++) {
        if (!mine || mine[game[i]])
            game[some++] = game[i];
    }
    dt_lever_nominal(d, scratch, game, some, true, on);
    if (s->worlds > 0 && some > 0) {
        const dt_lever_measures m = dt_lever_measure(d, scratch, scratch, game, some, s->worlds);
        for (size_t i = 0; i < some; i++)
            on[i] |= m.front[i];
    }
    for (size_t i = 0; i < some; i++) {
        changed |= front[game[i]] != on[i];
        front[game[i]] = on[i];
    }
    return changed;
}

/* Looks at the neighbours of a cell on the start's front: of the first that is left, as what comes of it may push
 * the others off the front. Returns whether there was one. */
static bool expand(start *s)
{
    dt_lever_design *d = s->design;
    const size_t cells = d->cells->cell.count;
    for (size_t c = 0; c < cells && cells < d->most; c++) {
        if (!s->front[d->cells->cell.at[c].same] || d->numbers.at[c].expanded)
            continue;
        d->numbers.at[c].expanded = true;
        memcpy(s->setting, d->cells->cell.at[c].is.setting,
               (size_t)d->model->levers * sizeof *s->setting);
        for (size_t i = 0; i < d->levers; i++) {
            const size_t l = d->lever[i], was = s->setting[l];
            for (size_t n = 0; n < (size_t)d->model->lever[l].settings; n++) {
                s->setting[l] = n;
                look_at(s);
            }
            s->setting[l] = was;
        }
        return true;
    }
    return false;
}

/* One step: what was added since `first` is solved, within an arena of its own, which outlives a want of memory
 * of the design's. */
typedef struct step {
    start *s;
    size_t first;
    dt_arena *scratch;
} step;

static dt_status solve_added(void *argument)
{
    const step *one = argument;
    start *s = one->s;
    size_t count = 0;
    for (size_t c = one->first; c < s->design->cells->cell.count; c++)
        s->cell[count++] = c;
    return dt_lever_design_evaluate(s->design, one->scratch, s->cell, count, s->worlds, s->options);
}

static dt_status take_step(dt_arena *scratch, void *argument)
{
    step *one = argument;
    one->scratch = scratch;
    const dt_status status = dt_arena_try(one->s->design->arena, solve_added, one);
    if (status == DT_OK)
        mark_front(one->s, scratch, one->s->mine, one->s->front);
    return status;
}

static dt_status see_whole(dt_arena *scratch, void *argument)
{
    const step *one = argument;
    return mark_front(one->s, scratch, NULL, one->s->whole) ? DT_NO : DT_OK;
}

/* Starts from what `first` cells don't hold, and goes on until the start's front is closed. */
static dt_status climb(start *s, size_t first)
{
    dt_status status = DT_OK;
    do {
        status = dt_job(s->options, take_step, &(step){s, first, NULL});
        first = s->design->cells->cell.count;
    } while (status == DT_OK && expand(s));
    return status;
}

/* ---- halving ------------------------------------------------------------------------------------- */

typedef struct standing {
    size_t cell, beaten;
    bool first; /* stays: on a front, or a policy */
} standing;

/* Puts those that stay first, then those beaten by fewer; stable. */
static void sort_standings(dt_arena *scratch, standing *all, size_t count)
{
    standing *sorted = dt_new(scratch, standing, count);
    size_t at = 0;
    for (int first = 1; first >= 0; first--) {
        for (size_t beaten = 0; beaten <= count; beaten++) {
            for (size_t i = 0; i < count; i++) {
                if (all[i].first == (first == 1) && all[i].beaten == beaten)
                    sorted[at++] = all[i];
            }
        }
    }
    memcpy(all, sorted, count * sizeof *all);
}

/* Leaves the better half of the games, by what `worlds` worlds say. */
static size_t halve(const dt_lever_design *d, dt_arena *scratch, size_t *game, size_t count,
                    size_t worlds)
{
    const size_t objectives = d->how.objectives;
    const dt_lever_measures m = dt_lever_measure(d, scratch, scratch, game, count, worlds);
    bool *nominal = dt_new(scratch, bool, count), *policy = dt_new(scratch, bool, d->most);
    standing *all = dt_new(scratch, standing, count);
    dt_lever_nominal(d, scratch, game, count, true, nominal);
    for (size_t p = 0; p < (size_t)d->model->policies; p++) {
        const size_t cell = dt_lever_design_policy(d, p);
        if (cell != SIZE_MAX)
            policy[d->cells->cell.at[cell].same] = true;
    }
    size_t stay = 0;
    for (size_t i = 0; i < count; i++) {
        all[i] = (standing){game[i], 0, nominal[i] || m.front[i] || policy[game[i]]};
        stay += all[i].first;
        for (size_t k = 0; k < count; k++) {
            bool beats = m.share[k] >= m.share[i];
            for (size_t o = 0; o < objectives && beats; o++)
                beats = m.regret90[k * objectives + o] < m.regret90[i * objectives + o];
            all[i].beaten += beats || (m.judged[k] && !m.judged[i]);
        }
    }
    sort_standings(scratch, all, count);
    size_t left = (count + 1) / 2;
    left = left < stay ? stay : left;
    left = left < LEAST_LEFT ? LEAST_LEFT : left;
    left = left < count ? left : count;
    for (size_t i = 0; i < left; i++)
        game[i] = all[i].cell;
    return left;
}

static dt_status search_worlds(dt_lever_design *d, dt_arena *scratch, size_t worlds,
                               const dt_options *options)
{
    size_t *game = dt_new(scratch, size_t, d->cells->cell.count);
    size_t count = dt_lever_games(d, game);
    dt_status status = DT_OK;
    while (worlds < d->how.worlds && status == DT_OK) {
        count = halve(d, scratch, game, count, worlds);
        worlds = worlds < d->how.worlds / 2 && count > LEAST_LEFT ? 2 * worlds : d->how.worlds;
        status = dt_lever_design_evaluate(d, scratch, game, count, worlds, options);
    }
    return status;
}

dt_status dt_lever_search(dt_lever_design *d, dt_arena *scratch, const dt_options *options)
{
    start s = {.design = d,
               .options = options,
               .worlds = d->how.worlds < FIRST_WORLDS ? d->how.worlds : FIRST_WORLDS,
               .setting = dt_new(scratch, size_t, (size_t)d->model->levers),
               .mine = dt_new(scratch, bool, d->most),
               .front = dt_new(scratch, bool, d->most),
               .whole = dt_new(scratch, bool, d->most),
               .cell = dt_new(scratch, size_t, d->most)};
    uint64_t drawn = 0;
    size_t first = 0;
    dt_status status = DT_OK;
    for (size_t c = 0; c < d->cells->cell.count; c++)
        s.mine[c] = true;
    for (int vain = 0; vain < STARTS_IN_VAIN && d->cells->cell.count < d->most;) {
        draw_cells(&s, batch_of(d), &drawn);
        status = climb(&s, first);
        if (status != DT_OK)
            return status;
        first = d->cells->cell.count;
        status = dt_job(options, see_whole, &(step){&s, 0, NULL});
        if (status == DT_LIMIT)
            return status;
        vain = status == DT_NO ? 0 : vain + 1;
        memset(s.mine, 0, d->most * sizeof *s.mine);
        memset(s.front, 0, d->most * sizeof *s.front);
    }
    return search_worlds(d, scratch, s.worlds, options);
}
