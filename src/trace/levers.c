/*
 * All cells between two policies, and the mechanical chain. Cells are explored and solved side by side by several threads,
 * those with the same rules and numbers once, and none is kept: what remains are outcomes. These can be put into a file, a
 * game in some worlds and the chain in one being a piece each, and what the file has isn't solved again.
 */
#include "trace/levers.h"

#include <math.h>
#include <stdatomic.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "base/threads.h"
#include "game/known.h"
#include "trace/cells.h"

static const char CARRYING[] = "carrying strategies over";

/* The cell of a set, in arrays [levers] and [changes of both policies]. */
static dt_lever_cell cell_of(const dt_levers *levers, size_t set, size_t *setting,
                             dt_own_change *change)
{
    dt_lever_cell cell = {.setting = setting, .change = change};
    for (int l = 0; l < levers->model->levers; l++)
        setting[l] = levers->model->policy[levers->policy[0]].setting[l];
    for (size_t i = 0; i < levers->shared.count; i++)
        change[cell.changes++] = levers->shared.at[i];
    for (size_t i = 0; i < levers->ingredient.count; i++) {
        const dt_ingredient *one = &levers->ingredient.at[i];
        const int side = set >> i & 1;
        if (one->lever != DT_NONE)
            setting[one->lever] = levers->model->policy[levers->policy[side]].setting[one->lever];
        else if (one->has[side])
            change[cell.changes++] = one->side[side];
    }
    return cell;
}

/* ---- solving all cells --------------------------------------------------------------------------- */

typedef struct solving {
    dt_levers *levers;
    const dt_levers_asked *asked;
    const double *parameters;
    dt_values values;
    const dt_options *options;
    dt_levers_result *result;
    size_t worlds, cells;
    const size_t *chain; /* [chains] worlds in which it isn't known yet */
    size_t chains;
    _Atomic size_t done;
    _Atomic bool stopped;
    _Atomic unsigned char failed; /* dt_status that ends the work, or DT_OK */
} solving;

/* Where a cell's outcome in a world stands. */
static double *outcome_at(const solving *all, size_t outcome, size_t world, size_t set)
{
    return all->result->outcome + (outcome * all->worlds + world) * all->cells + set;
}

static void put_outcomes(void *context, size_t set, size_t world, const double *outcome,
                         const char *code)
{
    const solving *all = context;
    (void)code;
    for (size_t o = 0; o < (size_t)all->levers->model->declared_outcomes; o++)
        *outcome_at(all, o, world, set) = outcome ? outcome[o] : (double)NAN;
}

/* A piece in the file: taken from it, or added. */
typedef struct keeping {
    const solving *all;
    const dt_piece *piece; /* of a cell's worlds; NULL: the chain, in one */
    size_t world;
    bool add;
} keeping;

/* What a piece consists of; its name is put into `name`. */
static dt_part *parts_of(dt_arena *arena, const keeping *k, dt_text *name, size_t *parts)
{
    const solving *all = k->all;
    const size_t outcomes = (size_t)all->levers->model->declared_outcomes;
    const size_t worlds = k->piece ? k->piece->count : 2;
    dt_part *part = dt_take(arena, worlds * outcomes + 1, sizeof *part);
    *name = (dt_text){.arena = arena};
    *parts = 0;
    if (k->piece)
        dt_text_print(name, "cell %zu %zu", k->piece->cell, k->piece->first);
    else
        dt_text_print(name, "chain %zu", k->world);
    for (size_t o = 0; o < outcomes; o++) {
        for (size_t w = 0; k->piece && w < k->piece->count; w++)
            part[(*parts)++] =
                (dt_part){outcome_at(all, o, k->piece->first + w, k->piece->cell), 1};
        if (!k->piece) {
            part[(*parts)++] = (dt_part){&all->result->mechanical[o * all->worlds + k->world], 1};
            part[(*parts)++] = (dt_part){&all->result->adaptive[o * all->worlds + k->world], 1};
        }
    }
    if (!k->piece)
        part[(*parts)++] = (dt_part){&all->result->uniform[k->world], 1};
    return part;
}

static dt_status keep(dt_arena *arena, void *argument)
{
    const keeping *k = argument;
    dt_levers *levers = k->all->levers;
    dt_text name;
    size_t parts;
    const dt_part *part = parts_of(arena, k, &name, &parts);
    if (k->add)
        return levers->keeper->add(&levers->kept, dt_text_get(&name), part, parts);
    return levers->keeper->take(&levers->kept, dt_text_get(&name), part, parts) ? DT_OK : DT_NO;
}

static bool cell_is_known(void *context, const dt_piece *piece)
{
    return dt_job(NULL, keep, &(keeping){.all = context, .piece = piece}) == DT_OK;
}

static dt_status cell_is_done(void *context, const dt_piece *piece)
{
    return dt_job(NULL, keep, &(keeping){.all = context, .piece = piece, .add = true});
}

static int jobs_of(const dt_options *options)
{
    return options->jobs < 1 ? 1 : options->jobs > DT_MAX_JOBS ? DT_MAX_JOBS : options->jobs;
}

/* All cells, and then those that are the same. Any cell in error ends it. */
static dt_status solve_cells(dt_arena *arena, void *argument)
{
    solving *all = argument;
    dt_levers *levers = all->levers;
    dt_cells *cells = dt_cells_new(arena, levers->model);
    size_t *task = dt_new(arena, size_t, all->cells), tasks = 0;
    for (size_t set = 0; set < all->cells; set++) {
        const dt_lever_cell cell = cell_of(levers, set, levers->setting, levers->change);
        const size_t added = dt_cells_add(cells, &cell, all->options);
        if (cells->cell.at[added].status == DT_INVALID) { /* once more, told */
            dt_game *game = NULL;
            return dt_game_explore_cell(levers->model, &cell, all->options, &game);
        }
        if (cells->cell.at[added].same == added)
            task[tasks++] = added;
    }
    const dt_cells_how how = {.parameters = all->parameters,
                              .worlds = all->worlds,
                              .values = all->values,
                              .activity = "solving the cells between",
                              .put = put_outcomes,
                              .known = levers->keeper ? cell_is_known : NULL,
                              .done = levers->keeper ? cell_is_done : NULL,
                              .context = all};
    const dt_status status = dt_cells_solve(cells, task, tasks, &how, all->options);
    if (status != DT_OK)
        return status;
    const size_t outcomes = (size_t)levers->model->declared_outcomes;
    for (size_t i = 0; i < outcomes * all->worlds; i++) {
        double *v = all->result->outcome + i * all->cells;
        bool solved = true;
        for (size_t set = 0; set < all->cells; set++) {
            v[set] = v[cells->cell.at[set].same];
            solved &= !isnan(v[set]);
        }
        for (size_t set = 0; set < all->cells && !solved; set++)
            v[set] = (double)NAN;
    }
    all->result->games = cells->games;
    return DT_OK;
}

/* ---- mechanical and adaptive parts --------------------------------------------------------------- */

/* Drops what the chain needs. */
static void drop_chain(dt_levers *levers)
{
    dt_mechanical_free(levers->mechanical);
    levers->mechanical = NULL;
    for (int side = 0; side < 2; side++) {
        dt_game_free(levers->end[side]);
        levers->end[side] = NULL;
    }
}

/* Explores both ends, for what is known in these worlds or (`known` false) for all beliefs. */
static dt_status explore_ends(const solving *all, bool known)
{
    dt_levers *levers = all->levers;
    dt_status status = DT_OK;
    for (int side = 0; side < 2 && status == DT_OK; side++)
        status = known ? dt_game_explore_known(levers->model, levers->policy[side], all->parameters,
                                               all->worlds, all->options, &levers->end[side])
                       : dt_game_explore(levers->model, levers->policy[side], all->options,
                                         &levers->end[side]);
    return status;
}

/* Whether what the ends take for known is so in these worlds. */
static dt_status suits(const solving *all)
{
    dt_status status = DT_OK;
    for (int side = 0; side < 2 && status == DT_OK; side++)
        status =
            dt_game_check_known(all->levers->end[side], all->parameters, all->worlds, all->options);
    return status;
}

/* What the chain needs is explored the first time, and again for worlds in which less is known. What only one
 * policy makes certain is known to neither: the other's beliefs about it are met in the chain. */
static dt_status need_chain(const solving *all)
{
    dt_levers *levers = all->levers;
    if (levers->mechanical) {
        const dt_status suited = suits(all);
        if (suited != DT_NO)
            return suited;
        drop_chain(levers);
    }
    dt_status status = explore_ends(all, true);
    if (status == DT_OK && !dt_games_know_the_same(levers->end[0], levers->end[1])) {
        drop_chain(levers);
        status = explore_ends(all, false);
    }
    if (status == DT_OK)
        status =
            dt_mechanical_new(levers->end[0], levers->end[1], all->options, &levers->mechanical);
    if (status != DT_OK)
        drop_chain(levers);
    return status;
}

/* The chain in one world. NaN, and told if somebody listens, where it isn't solved. */
static dt_status run_chain(dt_arena *arena, const solving *all, size_t w, const dt_options *options)
{
    const dt_levers *levers = all->levers;
    const size_t params = (size_t)levers->model->params;
    const size_t outcomes = (size_t)levers->model->declared_outcomes;
    double *world[2], *carried = dt_new(arena, double, outcomes);
    for (int side = 0; side < 2; side++) {
        world[side] = dt_new(arena, double, params);
        for (size_t p = 0; p < params; p++)
            world[side][p] = all->parameters[w * params + p];
        dt_game_settings(levers->end[side], world[side]);
    }
    const dt_status status = dt_mechanical_run(levers->mechanical, world[0], world[1], all->values,
                                               options, carried, &all->result->uniform[w]);
    for (size_t o = 0; o < outcomes; o++) {
        const double *v = outcome_at(all, o, w, 0);
        all->result->mechanical[o * all->worlds + w] = carried[o] - v[0];
        all->result->adaptive[o * all->worlds + w] = v[all->cells - 1] - carried[o];
    }
    return status;
}

typedef struct one_chain {
    const solving *all;
    size_t world;
    const dt_options *options;
} one_chain;

static dt_status run_one(dt_arena *arena, void *argument)
{
    const one_chain *one = argument;
    return run_chain(arena, one->all, one->world, one->options);
}

/* Passes the progress of all worlds on, from the thread that called. */
static bool tell_progress(void *context, const char *activity, double done)
{
    solving *all = context;
    (void)activity;
    (void)done;
    if (!all->stopped && !all->options->progress(all->options->progress_context, CARRYING,
                                                 (double)all->done / (double)all->worlds))
        all->stopped = true;
    return !all->stopped;
}

static dt_status keep_chain(const solving *all, size_t world)
{
    return all->levers->keeper
               ? dt_job(NULL, keep, &(keeping){.all = all, .world = world, .add = true})
               : DT_OK;
}

/* Ends the work of the other threads when one was told to stop. */
static bool go_on(void *context, const char *activity, double done)
{
    const solving *all = context;
    (void)activity;
    (void)done;
    return !all->stopped;
}

static bool run_task(void *context, int worker, size_t task)
{
    solving *all = context;
    dt_options options = *all->options;
    options.report = NULL;
    options.jobs = 1;
    options.progress = worker == 0 && all->options->progress ? tell_progress : go_on;
    options.progress_context = all;
    const size_t world = all->chain[task];
    dt_status status = dt_job(&options, run_one, &(one_chain){all, world, &options});
    if (status != DT_LIMIT)
        status = keep_chain(all, world);
    all->done++;
    if (status == DT_LIMIT || status == DT_FILE)
        all->failed = (unsigned char)status;
    return !all->stopped && !all->failed;
}

/* Those that the file doesn't have. */
static dt_status run_chains(dt_arena *arena, void *argument)
{
    solving *all = argument;
    size_t *chain = dt_new(arena, size_t, all->worlds);
    for (size_t w = 0; w < all->worlds; w++) {
        if (!all->levers->keeper || dt_job(NULL, keep, &(keeping){.all = all, .world = w}) != DT_OK)
            chain[all->chains++] = w;
    }
    all->chain = chain;
    dt_status status = all->chains > 0 ? need_chain(all) : DT_OK;
    if (status != DT_OK || all->chains == 0)
        return status;
    if (all->worlds == 1) {
        status = dt_job(all->options, run_one, &(one_chain){all, 0, all->options});
        return status == DT_OK ? keep_chain(all, 0) : status;
    }
    all->done = all->worlds - all->chains;
    dt_threads_run(jobs_of(all->options), all->chains, run_task, all);
    if (!all->stopped)
        return (dt_status)all->failed;
    dt_report_interrupted(all->options, CARRYING);
    return DT_LIMIT;
}

static dt_status solve_all(dt_arena *arena, void *argument)
{
    solving *all = argument;
    const dt_levers_keeper *keeper = all->levers->keeper;
    dt_status status = keeper ? keeper->open(arena, all->levers, all->asked) : DT_OK;
    if (status == DT_OK)
        status = dt_job(all->options, solve_cells, all);
    return status == DT_OK ? dt_job(all->options, run_chains, all) : status;
}

dt_status dt_levers_solve(dt_levers *levers, const double *parameters, size_t worlds,
                          dt_values values, const dt_options *options, dt_levers_result *result)
{
    static const dt_options defaults;
    options = options ? options : &defaults;
    if (!levers || (!parameters && levers->model->params > 0) || worlds == 0 ||
        (unsigned)values > DT_VALUES_SURPLUS || !result || !result->outcome ||
        !result->mechanical || !result->adaptive || !result->uniform)
        return dt_refuse_call(options, "dt_levers_solve",
                              "no levers, no numbers, values of no kind, or nowhere to put what is "
                              "found");
    if (levers->keeper && options->selected)
        return dt_refuse_call(options, "dt_levers_solve",
                              "a selected equilibrium, and a file that doesn't say which");
    const dt_levers_asked asked = {parameters, worlds, values, options};
    solving all = {.levers = levers,
                   .asked = &asked,
                   .parameters = parameters,
                   .worlds = worlds,
                   .values = values,
                   .options = options,
                   .result = result,
                   .cells = (size_t)1 << levers->ingredient.count};
    const dt_status status = dt_job(options, solve_all, &all);
    return levers->keeper ? levers->keeper->close(&levers->kept, status) : status;
}
