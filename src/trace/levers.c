/*
 * Two policies and all cells between them. Ingredients are found by comparing settings and changes; a number
 * set, a role given, a start or a team that both policies change, but differently, is one ingredient with
 * two sides. Cells are explored and solved side by side by several threads, those with the same rules and
 * numbers once, and none is kept: what remains are outcomes.
 */
#include "detente_levers.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/job.h"
#include "base/threads.h"
#include "game/known.h"
#include "trace/cells.h"
#include "trace/mechanical.h"

/* What one ingredient is on each side. */
typedef struct ingredient {
    const char *name;
    int lever;             /* or DT_NONE: a change of a policy's own */
    bool has[2];           /* whether there is a change on that side */
    dt_own_change side[2]; /* it */
    const char *text[2];
} ingredient;

struct dt_levers {
    dt_arena *arena;
    const dt_model *model;
    size_t policy[2];
    dt_list(ingredient) ingredient;
    dt_list(dt_own_change) shared; /* changes of their own that both make */
    size_t *setting;               /* [levers] work space of cell_of */
    dt_own_change *change;         /* [changes of both] likewise */
    dt_mechanical *mechanical;     /* made when first needed */
    dt_game *end[2];               /* the games of both policies, which it needs */
};

/* ---- ingredients --------------------------------------------------------------------------------- */

static const dt_change *change_of(const dt_model *model, dt_own_change own)
{
    return &model->policy[own.policy].change[own.change];
}

static bool same_members(const dt_team *a, const dt_team *b)
{
    bool same = a->members == b->members;
    for (int m = 0; m < a->members && same; m++) {
        bool found = false;
        for (int k = 0; k < b->members; k++)
            found |= a->member[m] == b->member[k];
        same = found;
    }
    return same;
}

/* Whether two changes are about the same thing, and so exclude each other. */
static bool about_the_same(const dt_change *a, const dt_change *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case DT_CHANGE_TEAM:
        return same_members(&a->team, &b->team);
    case DT_CHANGE_SET:
        return a->set.parameter == b->set.parameter;
    case DT_CHANGE_ROLE:
    case DT_CHANGE_START:
        return a->what == b->what;
    case DT_CHANGE_FORBID:
    case DT_CHANGE_FORCE:
        break;
    }
    return false;
}

/* The change of another policy that is the same, or about the same; its index, or the number of changes. */
static size_t find_change(const dt_model *model, dt_own_change own, size_t policy, bool same)
{
    const size_t count = dt_model_changes(model, policy);
    for (size_t c = 0; c < count; c++) {
        const dt_own_change other = {policy, c};
        if (same ? dt_model_same_change(model, own, other)
                 : about_the_same(change_of(model, own), change_of(model, other)))
            return c;
    }
    return count;
}

/* A name that no ingredient has. */
static const char *unused(const dt_levers *levers, const char *name)
{
    dt_text text = {.arena = levers->arena};
    for (int number = 1;; number++) {
        text.bytes.count = 0;
        dt_text_print(&text, number == 1 ? "%s" : "%s %d", name, number);
        const char *wanted = dt_text_get(&text);
        bool taken = false;
        for (size_t i = 0; i < levers->ingredient.count; i++)
            taken |= strcmp(levers->ingredient.at[i].name, wanted) == 0;
        if (!taken)
            return dt_copy_text(levers->arena, wanted, strlen(wanted));
    }
}

static void add_levers(dt_levers *levers)
{
    const dt_model *model = levers->model;
    for (int l = 0; l < model->levers; l++) {
        ingredient one = {.name = model->lever[l].is.name, .lever = l};
        size_t setting[2];
        for (int side = 0; side < 2; side++) {
            dt_text text = {.arena = levers->arena};
            setting[side] = model->policy[levers->policy[side]].setting[l];
            dt_text_print(&text, "%s=%s", one.name, model->lever[l].setting[setting[side]].is.name);
            one.text[side] = dt_text_get(&text);
        }
        if (setting[0] != setting[1])
            dt_push(levers->arena, &levers->ingredient, one);
    }
}

/* The changes of one kind that a policy makes of its own. */
static void add_own(dt_levers *levers, int side, dt_change_kind kind)
{
    const dt_model *model = levers->model;
    const size_t policy = levers->policy[side], other = levers->policy[1 - side];
    for (size_t c = 0; c < dt_model_changes(model, policy); c++) {
        const dt_own_change own = {policy, c};
        if (change_of(model, own)->kind != kind)
            continue;
        if (find_change(model, own, policy, true) < c)
            continue; /* written twice */
        const bool shared = find_change(model, own, other, true) < dt_model_changes(model, other);
        if (shared && side == 0)
            dt_push(levers->arena, &levers->shared, own);
        if (shared)
            continue;
        const size_t against = find_change(model, own, other, false);
        const bool both = against < dt_model_changes(model, other);
        if (both && side == 1)
            continue; /* it is there already */
        ingredient one = {.name = unused(levers, dt_model_change(model, own)), .lever = DT_NONE};
        one.text[0] = one.text[1] = "";
        one.has[side] = true;
        one.side[side] = own;
        one.text[side] = dt_model_change_text(model, own);
        if (both) {
            one.has[1] = true;
            one.side[1] = (dt_own_change){other, against};
            one.text[1] = dt_model_change_text(model, one.side[1]);
        }
        dt_push(levers->arena, &levers->ingredient, one);
    }
}

typedef struct making {
    const dt_model *model;
    size_t from, to;
    const dt_options *options;
} making;

static dt_status make(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const making *asked = argument;
    static const dt_change_kind order[] = {DT_CHANGE_TEAM,  DT_CHANGE_SET,    DT_CHANGE_ROLE,
                                           DT_CHANGE_START, DT_CHANGE_FORBID, DT_CHANGE_FORCE};
    dt_levers *levers = *found = dt_new(arena, dt_levers, 1);
    levers->arena = arena;
    levers->model = asked->model;
    levers->policy[0] = asked->from;
    levers->policy[1] = asked->to;
    add_levers(levers);
    for (int side = 0; side < 2; side++) {
        for (size_t k = 0; k < sizeof order / sizeof order[0]; k++)
            add_own(levers, side, order[k]);
    }
    levers->setting = dt_new(arena, size_t, (size_t)asked->model->levers);
    levers->change = dt_new(arena, dt_own_change,
                            dt_model_changes(asked->model, asked->from) +
                                dt_model_changes(asked->model, asked->to));
    if (levers->ingredient.count <= DT_MOST_INGREDIENTS)
        return DT_OK;
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(scratch, asked->options, &asked->model->source);
    dt_complain(diagnostics, DT_TOO_MANY_INGREDIENTS, (dt_place){0, 0}, levers->ingredient.count,
                asked->model->policy[asked->from].is.name, asked->model->policy[asked->to].is.name,
                DT_MOST_INGREDIENTS);
    dt_diagnostics_flush(diagnostics);
    return DT_INVALID;
}

dt_status dt_levers_new(const dt_model *model, size_t from, size_t to, const dt_options *options,
                        dt_levers **levers)
{
    if (levers)
        *levers = NULL;
    if (!model || !levers || from >= (size_t)model->policies || to >= (size_t)model->policies)
        return dt_refuse_call(
            options, "dt_levers_new",
            "no model, a policy that it hasn't got, or nowhere to put the levers");
    return dt_answer(options, make, &(making){model, from, to, options}, (void **)levers);
}

void dt_levers_free(dt_levers *levers)
{
    if (!levers)
        return;
    dt_mechanical_free(levers->mechanical);
    dt_game_free(levers->end[0]);
    dt_game_free(levers->end[1]);
    dt_arena_free(levers->arena);
}

size_t dt_levers_count(const dt_levers *levers)
{
    return levers ? levers->ingredient.count : 0;
}

const char *dt_levers_name(const dt_levers *levers, size_t ingredient)
{
    return ingredient < dt_levers_count(levers) ? levers->ingredient.at[ingredient].name : "";
}

const char *dt_levers_side(const dt_levers *levers, size_t ingredient, int side)
{
    const bool known = ingredient < dt_levers_count(levers) && (side == 0 || side == 1);
    return known ? levers->ingredient.at[ingredient].text[side] : "";
}

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
        const ingredient *one = &levers->ingredient.at[i];
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
    const double *parameters;
    dt_values values;
    const dt_options *options;
    dt_levers_result *result;
    size_t worlds, cells;
    _Atomic size_t done;
    _Atomic bool stopped, limited;
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
    const dt_cells_how how = {
        all->parameters, all->worlds,  all->values, "solving the cells between",
        false,           put_outcomes, all};
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
    if (!all->stopped &&
        !all->options->progress(all->options->progress_context, "carrying strategies over",
                                (double)all->done / (double)all->worlds))
        all->stopped = true;
    return !all->stopped;
}

static bool run_task(void *context, int worker, size_t task)
{
    solving *all = context;
    dt_options options = *all->options;
    options.report = NULL;
    options.jobs = 1;
    options.progress = worker == 0 && all->options->progress ? tell_progress : NULL;
    options.progress_context = all;
    const dt_status status = dt_job(&options, run_one, &(one_chain){all, task, &options});
    all->done++;
    if (status == DT_LIMIT)
        all->limited = true;
    return !all->stopped && !all->limited;
}

static dt_status run_chains(solving *all)
{
    if (all->worlds == 1)
        return dt_job(all->options, run_one, &(one_chain){all, 0, all->options});
    dt_threads_run(jobs_of(all->options), all->worlds, run_task, all);
    return all->stopped || all->limited ? DT_LIMIT : DT_OK;
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
    solving all = {.levers = levers,
                   .parameters = parameters,
                   .worlds = worlds,
                   .values = values,
                   .options = options,
                   .result = result,
                   .cells = (size_t)1 << levers->ingredient.count};
    dt_status status = dt_job(options, solve_cells, &all);
    if (status == DT_OK)
        status = need_chain(&all);
    return status == DT_OK ? run_chains(&all) : status;
}
