/*
 * The search for stationary equilibria: the limit of ever longer lookaheads, the principal branch in λ, a
 * given strategy and many random ones, each led to a zero of the equations by Newton's method; or, where
 * there are too many unknowns to solve for at once, play forever begun from random values. Starts are
 * counter-based, so that the equilibria found depend on the seed and the number of starts alone. What is
 * found is certified as any other solution, and told apart by its strategy.
 */
#include "detente_equilibria.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/greater.h"
#include "base/job.h"
#include "model/beliefs.h"
#include "solve/solve.h"
#include "solve/sweep.h"
#include "solve/whole.h"
#include "stationary/plural.h"
#include "study/random.h"

static const double APART = 1e-6; /* strategies nearer than that are one */
enum { WHOLE_STARTS = 500, RECURSION_STARTS = 20 };

struct dt_equilibria {
    dt_arena *arena;
    const dt_game *game;
    dt_values values;
    double *parameter; /* [parameters] */
    dt_search_report report;
    dt_list(dt_equilibrium) item;
};

typedef struct search {
    dt_arena *arena; /* of the work */
    dt_equilibria *found;
    const dt_game *game;
    const double *parameter;
    dt_values values;
    const dt_options *options;
    dt_search asked;
    dt_diagnostics *diagnostics;
    dt_solution *limit;
    dt_solution *made[DT_MOST_EQUILIBRIA]; /* those of what was found, */
    size_t count;                          /* freed if the work ends early */
    dt_group *group;
    dt_whole *whole; /* NULL: too many unknowns */
    double *z;       /* [unknowns] */
    double done;     /* share of the starts */
} search;

static bool go_on(void *context, double done)
{
    const search *s = context;
    (void)done;
    return !s->options->progress ||
           s->options->progress(s->options->progress_context, "looking for equilibria", s->done);
}

/* What isn't an equilibrium within the search is nothing to tell. */
static dt_options quietly(const search *s)
{
    dt_options options = *s->options;
    options.report = NULL;
    options.selected = NULL;
    return options;
}

/* Enters a strategy [options]: certifies it, unless it is there already. Returns its item, or NULL if it
 * is no solution. */
static dt_equilibrium *enter(search *s, const double *strategy, unsigned how)
{
    dt_equilibria *found = s->found;
    const size_t count = found->item.count;
    for (size_t i = 0; i < count; i++) {
        dt_equilibrium *item = &found->item.at[i];
        if (dt_strategies_apart(found->game, strategy, item->solution->strategy->probability) <=
            APART) {
            item->found |= how;
            return item;
        }
    }
    if (count == DT_MOST_EQUILIBRIA) {
        found->report.full = true;
        return NULL;
    }
    const dt_options options = quietly(s);
    const dt_selected as_found = {found->parameter, strategy};
    dt_solution *solution;
    const dt_status status = dt_solve_selected(found->game, found->parameter, found->values,
                                               &as_found, &options, &solution);
    if (status != DT_OK) {
        dt_solution_free(solution);
        return NULL;
    }
    s->made[s->count++] = solution;
    dt_reserve(found->arena, &found->item, 1);
    found->item.at[found->item.count++] = (dt_equilibrium){.found = how, .solution = solution};
    return &found->item.at[count];
}

/* Leads z to a zero of the equations and enters it. */
static dt_equilibrium *lead(search *s, unsigned how)
{
    if (!dt_whole_newton(s->whole, s->z, 1, NULL))
        return NULL;
    return enter(s, s->whole->strategy, how);
}

/* ---- where the search starts ------------------------------------------------------------------- */

/* A strategy of start k: at every choice uniform on the simplex, or nearer to its corners. */
static void draw_odds(const search *s, uint64_t k, double *z)
{
    const dt_whole *whole = s->whole;
    const double sharp = (double)(k % 4 < 3 ? 1 + 3 * (k % 4) : 30);
    for (size_t d = 0; d < whole->choices; d++) {
        const dt_simplex *choice = &whole->choice[d];
        double first = 0;
        for (uint32_t a = 0; a < (uint32_t)choice->options; a++) {
            const double weight =
                log(-log(dt_random(s->asked.seed, k, (uint64_t)choice->entry + a)));
            if (a == 0)
                first = weight;
            else
                z[choice->unknown + a - 1] = sharp * (weight - first);
        }
    }
}

static void begin_limit(search *s)
{
    const dt_options options = quietly(s);
    const dt_status status =
        dt_solve(s->found->game, s->found->parameter, s->found->values, &options, &s->limit);
    s->found->report.limit = status == DT_OK;
    if (status == DT_OK)
        enter(s, s->limit->strategy->probability, DT_FOUND_LIMIT);
}

static void follow_branch(search *s)
{
    const dt_lambda_branch branch = dt_whole_branch(s->whole, s->z);
    dt_search_report *report = &s->found->report;
    report->branch = branch.arrived;
    report->crossed = branch.crossed;
    report->scale = branch.scale;
    if (branch.arrived)
        enter(s, s->whole->strategy, DT_FOUND_BRANCH);
}

/* Play forever from values that are drawn: for each actor and state between the least and the greatest
 * payment that there is, for ever. */
static bool recur(search *s, uint64_t k)
{
    dt_group *group = s->group;
    const dt_group_plan *plan = group->plan;
    for (size_t i = 0; i < plan->actors; i++) {
        const double most = group->most_paid[i] * plan->game->stages / (1 - group->discount[i]);
        for (size_t st = 0; st < plan->states; st++)
            group->from[st * plan->actors + i] =
                most * (2 * dt_random(s->asked.seed, k, st * plan->actors + i) - 1);
    }
    dt_group_solve(group, 1);
    if (!group->active[0] || group->stopped || !group->found[0].settled)
        return false;
    dt_equilibrium *item = enter(s, dt_group_strategy(group, 0), DT_FOUND_STARTS);
    if (item)
        item->starts++;
    return item != NULL;
}

/* Whether to go on. A world that failed in one start, by values without bound, may do well in the next. */
static bool going(search *s)
{
    s->group->active[0] = -1;
    return dt_group_going(s->group, s->group->active);
}

static bool start(search *s, uint64_t k)
{
    if (!s->whole)
        return recur(s, k);
    draw_odds(s, k, s->z);
    dt_equilibrium *item = lead(s, DT_FOUND_STARTS);
    if (item)
        item->starts++;
    return item != NULL;
}

/* ---- what is found ----------------------------------------------------------------------------- */

static int rank_of(const dt_equilibrium *item)
{
    return item->found & DT_FOUND_LIMIT ? 0 : item->found & DT_FOUND_BRANCH ? 1 : 2;
}

static bool before(const dt_equilibrium *a, const dt_equilibrium *b)
{
    if (rank_of(a) != rank_of(b))
        return rank_of(a) < rank_of(b);
    return a->distance < b->distance;
}

/* Distances, what holds them, and the order: by insertion, so that equals stay as they were found. */
static void describe(search *s)
{
    dt_equilibria *found = s->found;
    for (size_t i = 0; i < found->item.count; i++) {
        dt_equilibrium item = found->item.at[i];
        const double *strategy = item.solution->strategy->probability;
        item.distance = (double)NAN;
        if (found->report.limit)
            item.distance =
                dt_strategies_apart(found->game, strategy, s->limit->strategy->probability);
        item.held = DT_HELD_UNKNOWN;
        if (s->whole) {
            dt_whole_odds(s->whole, strategy, s->z);
            item.held = dt_whole_held(s->whole, s->z) ? DT_HELD_YES : DT_HELD_NO;
        }
        size_t at = i;
        for (; at > 0 && before(&item, &found->item.at[at - 1]); at--)
            found->item.at[at] = found->item.at[at - 1];
        found->item.at[at] = item;
    }
}

/* A group with the numbers of a world. */
static dt_group *group_of(dt_arena *arena, const dt_group_plan *plan, const double *parameter)
{
    const dt_game *game = plan->game;
    dt_world *world = dt_world_new(arena, game, 1);
    for (int p = 0; p < game->model->params; p++)
        world->parameter[p] = parameter[p];
    dt_group *group = dt_group_new(arena, plan, dt_lane_code_of(DT_KERNEL_AUTO), world, DT_KEEP_ALL,
                                   1, dt_new(arena, double, game->options));
    dt_group_numbers(group, 1);
    return group;
}

/* Whether all unknowns can be solved for at once. */
static bool small_enough(const dt_group_plan *plan, const dt_options *options)
{
    const size_t unknowns = dt_whole_unknowns(plan->places);
    return unknowns > 0 && unknowns <= DT_MOST_UNKNOWNS &&
           (options->max_memory == 0 || dt_whole_bytes(plan) < (double)options->max_memory);
}

static void try_starts(search *s)
{
    dt_search_report *report = &s->found->report;
    const uint64_t starts = s->asked.starts ? s->asked.starts
                            : s->whole      ? WHOLE_STARTS
                                            : RECURSION_STARTS;
    for (uint64_t k = 0; k < starts && report->unknowns > 0 && going(s); k++) {
        s->done = (double)k / (double)starts;
        report->starts++;
        report->ended += start(s, k);
    }
}

/* Stage games of the limit that have other solutions. */
static void look_at_stages(search *s)
{
    dt_search_report *report = &s->found->report;
    if (!s->whole || !report->limit)
        return;
    dt_whole_odds(s->whole, s->limit->strategy->probability, s->z);
    dt_whole_at(s->whole, s->z, 1);
    const dt_plural plural = dt_whole_plural(s->arena, s->whole, s->limit);
    report->together = plural.together;
    report->plural = plural.nodes;
    report->passes = plural.passes;
}

static dt_status find(dt_arena *arena, dt_arena *scratch, void *argument, void **answer)
{
    search *s = argument;
    dt_equilibria *found = s->found = *answer = dt_new(arena, dt_equilibria, 1);
    const size_t params = (size_t)s->game->model->params;
    dt_search_report *report = &found->report;
    found->arena = arena;
    found->game = s->game;
    found->values = s->values;
    found->parameter = dt_new(arena, double, params);
    if (params > 0)
        memcpy(found->parameter, s->parameter, params * sizeof(double));
    s->arena = scratch;
    s->diagnostics = dt_diagnostics_new(scratch, s->options, &found->game->model->source);
    const dt_group_plan *plan =
        dt_group_plan_new(s->arena, found->game, found->values, false, 1, 1);
    report->unknowns = dt_whole_unknowns(plan->places);
    report->whole = small_enough(plan, s->options);
    s->group = group_of(s->arena, plan, found->parameter);
    s->group->go_on = go_on;
    s->group->context = s;
    if (!s->group->active[0]) {
        dt_wrong_complain(s->arena, s->diagnostics, found->game, &s->group->wrong[0]);
        dt_diagnostics_flush(s->diagnostics);
        return DT_INVALID;
    }
    if (report->whole) {
        s->whole = dt_whole_new(s->arena, s->group);
        s->z = dt_new(s->arena, double, s->whole->unknowns);
    } else {
        s->group->from = dt_new(s->arena, double, plan->states * plan->actors);
    }
    begin_limit(s);
    if (s->whole) {
        follow_branch(s);
        if (s->asked.given) {
            dt_whole_odds(s->whole, s->asked.given, s->z);
            lead(s, DT_FOUND_GIVEN);
        }
    } else if (s->asked.given) {
        enter(s, s->asked.given, DT_FOUND_GIVEN);
    }
    try_starts(s);
    if (!going(s)) {
        dt_complain(s->diagnostics, DT_INTERRUPTED, (dt_place){0, 0}, "looking for equilibria");
        dt_diagnostics_flush(s->diagnostics);
        return DT_LIMIT;
    }
    look_at_stages(s);
    describe(s);
    return DT_OK;
}

static const dt_options defaults;

static bool known_world(const dt_game *game, const double *parameters)
{
    return game && game->forever && (parameters || game->model->params == 0);
}

dt_status dt_equilibria_find(const dt_game *game, const double *parameters, dt_values values,
                             const dt_search *asked, const dt_options *options,
                             dt_equilibria **equilibria)
{
    options = options ? options : &defaults;
    if (equilibria)
        *equilibria = NULL;
    if (!equilibria || !known_world(game, parameters) || (unsigned)values > DT_VALUES_SURPLUS)
        return dt_refuse_call(options, "dt_equilibria_find",
                              "no game with lookahead forever, no numbers, values of no kind, or "
                              "nowhere to put what is found");
    if (game->privates > 0 && dt_refuse_private(game->model, options, "equilibria are looked for"))
        return DT_INVALID;
    search s = {.game = game, .parameter = parameters, .values = values, .options = options};
    s.asked = asked ? *asked : (dt_search){0};
    const dt_status status = dt_answer(options, find, &s, (void **)equilibria);
    dt_solution_free(s.limit);
    for (size_t i = 0; i < s.count && status != DT_OK; i++)
        dt_solution_free(s.made[i]);
    return status;
}

void dt_equilibria_free(dt_equilibria *equilibria)
{
    if (!equilibria)
        return;
    for (size_t i = 0; i < equilibria->item.count; i++)
        dt_solution_free((dt_solution *)equilibria->item.at[i].solution);
    dt_arena_free(equilibria->arena);
}

size_t dt_equilibria_count(const dt_equilibria *equilibria)
{
    return equilibria ? equilibria->item.count : 0;
}

dt_equilibrium dt_equilibria_item(const dt_equilibria *equilibria, size_t index)
{
    if (index >= dt_equilibria_count(equilibria))
        return (dt_equilibrium){.distance = (double)NAN};
    return equilibria->item.at[index];
}

dt_search_report dt_equilibria_report(const dt_equilibria *equilibria)
{
    return equilibria ? equilibria->report : (dt_search_report){0};
}

size_t dt_game_options(const dt_game *game)
{
    return game ? game->options : 0;
}

size_t dt_game_strategy_entry(const dt_game *game, uint64_t node, size_t agent, size_t option)
{
    if (!game || node >= game->nodes)
        return SIZE_MAX;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    if (agent >= (size_t)menu->agents || option >= (size_t)menu->options[agent])
        return SIZE_MAX;
    size_t entry = game->node_option[node] + option;
    for (size_t k = 0; k < agent; k++)
        entry += (size_t)menu->options[k];
    return entry;
}

/* ---- at other numbers ---------------------------------------------------------------------------- */

dt_selected dt_equilibria_selected(const dt_equilibria *equilibria, size_t index)
{
    if (index >= dt_equilibria_count(equilibria))
        return (dt_selected){0};
    return (dt_selected){equilibria->parameter,
                         equilibria->item.at[index].solution->strategy->probability};
}

dt_status dt_equilibria_continue(const dt_equilibria *equilibria, size_t index,
                                 const double *parameters, const dt_options *options,
                                 dt_solution **solution)
{
    options = options ? options : &defaults;
    if (solution)
        *solution = NULL;
    if (!solution || index >= dt_equilibria_count(equilibria) ||
        !known_world(equilibria->game, parameters))
        return dt_refuse_call(options, "dt_equilibria_continue",
                              "no such equilibrium, no numbers, or nowhere to put the solution");
    const dt_selected selected = dt_equilibria_selected(equilibria, index);
    return dt_solve_selected(equilibria->game, parameters, equilibria->values, &selected, options,
                             solution);
}
