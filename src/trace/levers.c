/*
 * Two policies and all cells between them. Ingredients are found by comparing settings and changes; a number
 * set, a role given, a start or a team that both policies change, but differently, is one ingredient with
 * two sides. Cells are explored and solved side by side by several threads, those with the same rules and
 * numbers once, and none is kept: what remains are outcomes.
 */
#include "detente_levers.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/job.h"
#include "base/threads.h"
#include "model/regime.h"
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
    size_t *setting;               /* [levers] work space of dt_levers_cell */
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

dt_lever_cell dt_levers_cell(dt_levers *levers, size_t set)
{
    if (!levers)
        return (dt_lever_cell){0};
    return cell_of(levers, set, levers->setting, levers->change);
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

/* ---- solving all cells --------------------------------------------------------------------------- */

typedef struct solving {
    dt_levers *levers;
    const double *parameters;
    dt_values values;
    const dt_options *options;
    dt_levers_result *result;
    size_t worlds, cells, distinct;
    size_t *same;          /* [cells] the first cell that is the same game */
    size_t *task;          /* [distinct] cells that are solved */
    unsigned char *status; /* [cells] dt_status */
    _Atomic size_t done;
    const char *activity;
    _Atomic bool stopped, limited;
} solving;

typedef struct one_cell {
    const solving *all;
    size_t set;
    const dt_options *options;
} one_cell;

/* Where a cell's outcome in a world stands. */
static double *outcome_at(const solving *all, size_t outcome, size_t world, size_t set)
{
    return all->result->outcome + (outcome * all->worlds + world) * all->cells + set;
}

/* A cell's game in one world. */
static dt_status solve_one(dt_arena *arena, const one_cell *one, const dt_game *game)
{
    const solving *all = one->all;
    const dt_model *model = game->model;
    const size_t outcomes = (size_t)model->declared_outcomes;
    double *world = dt_new(arena, double, (size_t)model->params);
    double *outcome = dt_new(arena, double, outcomes);
    dt_solution *solution = NULL;
    for (int p = 0; p < model->params; p++)
        world[p] = all->parameters[p];
    dt_game_settings(game, world);
    dt_status status = dt_solve_values(game, world, all->values, one->options, &solution);
    if (status == DT_NO && one->options->report) {
        dt_diagnostics *diagnostics = dt_diagnostics_new(arena, one->options, &model->source);
        dt_complain(diagnostics, DT_UNSOLVED, (dt_place){0, 0}, dt_game_name(game),
                    dt_solution_reason(solution));
        dt_diagnostics_flush(diagnostics);
    }
    if (status == DT_OK)
        status = dt_solution_outcomes(solution, one->options, outcome);
    for (size_t o = 0; o < outcomes && status == DT_OK; o++)
        *outcome_at(all, o, 0, one->set) = outcome[o];
    dt_solution_free(solution);
    return status;
}

/* In several; NaN where one isn't solved. */
static dt_status solve_many(const one_cell *one, const dt_game *game)
{
    const solving *all = one->all;
    const size_t outcomes = (size_t)game->model->declared_outcomes;
    const dt_ensemble_options how = {.jobs = 1, .wanted = DT_WANT_OUTCOMES};
    dt_ensemble *ensemble;
    const dt_status status = dt_ensemble_run(game, all->parameters, all->worlds, all->values, &how,
                                             one->options, &ensemble);
    for (size_t w = 0; w < all->worlds && status == DT_OK; w++) {
        const dt_world_result result = dt_ensemble_world(ensemble, w);
        for (size_t o = 0; o < outcomes; o++)
            *outcome_at(all, o, w, one->set) =
                result.status == DT_OK ? result.outcome[o] : (double)NAN;
    }
    if (status == DT_OK)
        dt_ensemble_free(ensemble);
    return status;
}

/* Explores and solves a cell; outcomes go to their place in the result. */
static dt_status solve_cell(dt_arena *arena, void *argument)
{
    const one_cell *one = argument;
    const dt_levers *levers = one->all->levers;
    const dt_model *model = levers->model;
    const size_t changes =
        dt_model_changes(model, levers->policy[0]) + dt_model_changes(model, levers->policy[1]);
    const dt_lever_cell cell =
        cell_of(levers, one->set, dt_new(arena, size_t, (size_t)model->levers),
                dt_new(arena, dt_own_change, changes));
    dt_game *game = NULL;
    dt_status status = dt_game_explore_cell(model, &cell, one->options, &game);
    if (status == DT_OK)
        status = one->all->worlds == 1 ? solve_one(arena, one, game) : solve_many(one, game);
    dt_game_free(game);
    return status;
}

/* Passes the progress of all cells on, from the thread that called. */
static bool tell_progress(void *context, const char *activity, double done)
{
    solving *all = context;
    (void)activity;
    (void)done;
    if (!all->stopped && !all->options->progress(all->options->progress_context, all->activity,
                                                 (double)all->done / (double)all->distinct))
        all->stopped = true;
    return !all->stopped;
}

/* Options of a worker: what fails is told afterwards, in order. */
static dt_options quietly(solving *all, int worker)
{
    dt_options options = *all->options;
    options.report = NULL;
    options.jobs = 1;
    options.progress = worker == 0 && all->options->progress ? tell_progress : NULL;
    options.progress_context = all;
    return options;
}

static int jobs_of(const dt_options *options)
{
    return options->jobs < 1 ? 1 : options->jobs > DT_MAX_JOBS ? DT_MAX_JOBS : options->jobs;
}

static bool solve_task(void *context, int worker, size_t task)
{
    solving *all = context;
    const dt_options options = quietly(all, worker);
    const size_t set = all->task[task];
    all->status[set] = (unsigned char)dt_job(&options, solve_cell, &(one_cell){all, set, &options});
    all->done++;
    return all->status[set] == DT_OK && !all->stopped;
}

/* Which cells are the same game; DT_INVALID, told, if one contradicts itself. */
static dt_status find_distinct(dt_arena *arena, solving *all)
{
    const dt_levers *levers = all->levers;
    const dt_model *model = levers->model;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, all->options, &model->source);
    const char **sign = dt_new(arena, const char *, all->cells);
    bool good = true;
    for (size_t set = 0; set < all->cells && good; set++) {
        const dt_lever_cell cell = cell_of(levers, set, levers->setting, levers->change);
        const dt_rules *rules = dt_rules_of_cell(arena, model, &cell, diagnostics);
        good = rules != NULL;
        if (!good)
            break;
        sign[set] = signature(arena, rules);
        all->same[set] = set;
        for (size_t d = 0; d < all->distinct && all->same[set] == set; d++) {
            if (strcmp(sign[all->task[d]], sign[set]) == 0)
                all->same[set] = all->task[d];
        }
        if (all->same[set] == set)
            all->task[all->distinct++] = set;
    }
    dt_diagnostics_flush(diagnostics);
    return good ? DT_OK : DT_INVALID;
}

/* All cells, and then those that are the same. */
static dt_status solve_cells(dt_arena *arena, void *argument)
{
    solving *all = argument;
    const dt_options *options = all->options;
    all->same = dt_new(arena, size_t, all->cells);
    all->task = dt_new(arena, size_t, all->cells);
    all->status = dt_new(arena, unsigned char, all->cells);
    dt_status status = find_distinct(arena, all);
    if (status != DT_OK)
        return status;
    dt_threads_run(jobs_of(options), all->distinct, solve_task, all);
    for (size_t d = 0; d < all->distinct; d++) {
        const size_t set = all->task[d];
        if (all->status[set] != DT_OK) /* once more, told */
            return dt_job(options, solve_cell, &(one_cell){all, set, options});
    }
    const size_t outcomes = (size_t)all->levers->model->declared_outcomes;
    for (size_t i = 0; i < outcomes * all->worlds; i++) {
        double *v = all->result->outcome + i * all->cells;
        bool solved = true;
        for (size_t set = 0; set < all->cells; set++) {
            v[set] = v[all->same[set]];
            solved &= !isnan(v[set]);
        }
        for (size_t set = 0; set < all->cells && !solved; set++)
            v[set] = (double)NAN;
    }
    all->result->games = all->distinct;
    return DT_OK;
}

/* ---- mechanical and adaptive parts --------------------------------------------------------------- */

/* What the chain needs is explored the first time. */
static dt_status need_chain(dt_levers *levers, const dt_options *options)
{
    dt_status status = DT_OK;
    if (levers->mechanical)
        return status;
    for (int side = 0; side < 2 && status == DT_OK; side++) {
        if (!levers->end[side])
            status =
                dt_game_explore(levers->model, levers->policy[side], options, &levers->end[side]);
    }
    return status == DT_OK
               ? dt_mechanical_new(levers->end[0], levers->end[1], options, &levers->mechanical)
               : status;
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

static bool run_task(void *context, int worker, size_t task)
{
    solving *all = context;
    const dt_options options = quietly(all, worker);
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
    all->done = 0;
    all->distinct = all->worlds;
    all->activity = "carrying strategies over";
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
                   .activity = "solving the cells between",
                   .cells = (size_t)1 << levers->ingredient.count};
    dt_status status = dt_job(options, solve_cells, &all);
    if (status == DT_OK)
        status = need_chain(levers, options);
    return status == DT_OK ? run_chains(&all) : status;
}
