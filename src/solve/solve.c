/*
 * dt_solve: a world, the equilibrium, its certificates, in this order. The solution keeps the strategy and the
 * numbers at the start. Places and the group that works on them live in an arena of their own, which is given back
 * when the work is done; but if the strategies of all periods don't fit within the memory limit the solution keeps
 * it, to make them again from checkpoints (group.h). The bits are the same.
 */
#include "solve/solve.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/threads.h"
#include "solve/private_chain.h"
#include "solve/sweep.h"
#include "solve/whole.h"

typedef struct request {
    dt_arena *arena;   /* of the solution */
    dt_arena *scratch; /* of the work */
    const dt_game *game;
    const double *parameter;
    dt_values values;
    bool certified;              /* with the gaps */
    bool again;                  /* the gaps alone, of a solution that has all else */
    const dt_selected *selected; /* NULL: the limit */
    double lost;                 /* share of the way to it */
    const dt_options *options;
    dt_world *world;
    dt_solution *solution;
    dt_diagnostics *diagnostics;
    dt_keep keep; /* which strategies */
    bool told;    /* why the work ended with DT_LIMIT */
} request;

/* False, and told, if surplus values aren't defined for a team that moves. */
static bool surplus_defined(const dt_game *game, dt_diagnostics *diagnostics)
{
    const dt_regime *in = game->rules->regime;
    for (int i = 0; i < in->teams; i++)
        dt_complain(diagnostics, DT_SURPLUS_TEAM, in->team[i].place, game->rules->under);
    return in->teams == 0;
}

static int jobs_of(const dt_options *options)
{
    return options->jobs < 1 ? 1 : options->jobs > DT_MAX_JOBS ? DT_MAX_JOBS : options->jobs;
}

/* Bytes of a solution's strategies. */
static double strategy_bytes(const dt_game *game)
{
    const double periods = game->forever ? 1 : game->periods;
    return periods * (double)game->options * sizeof(double);
}

/* What states are worth is kept where a period may end, which is when it is asked for (prize.c), beside
 * all strategies; not with surplus values, which count more than what is paid. */
static bool wants_worth(const request *asked)
{
    return asked->certified && asked->values == DT_VALUES_AVERAGE && asked->game->model->ends > 0;
}

static double worth_bytes(const request *asked)
{
    const dt_game *game = asked->game;
    const double periods = game->forever ? 1 : game->horizon;
    return wants_worth(asked) ? periods * game->states * game->model->actors * sizeof(double) : 0;
}

/* Bytes of the worlds in each period. */
static double dated_bytes(const dt_game *game)
{
    return game->dated ? game->periods * dt_world_bytes(game, 1) : 0;
}

/* Whether so much more fits within the limit. */
static bool fits(const request *asked, double more)
{
    const double held =
        (double)dt_arena_bytes(asked->arena) + (double)dt_arena_bytes(asked->scratch);
    return asked->options->max_memory == 0 || held + more <= (double)asked->options->max_memory;
}

static void print_bytes(dt_text *text, double bytes, double (*rounded)(double))
{
    const double kilo = 1024, mega = kilo * kilo;
    const bool small = bytes < 10 * mega;
    dt_text_print(text, "%.0f %s", rounded(bytes / (small ? kilo : mega)), small ? "kB" : "MB");
}

/* False, and told, if it doesn't; `words` say how the number is meant. */
static bool check_memory(request *asked, double more, const char *words)
{
    const dt_game *game = asked->game;
    if (fits(asked, more))
        return true;
    dt_text reason = {.arena = asked->arena};
    dt_text_print(&reason, "solving takes %s ", words);
    print_bytes(
        &reason,
        (double)dt_arena_bytes(asked->arena) + (double)dt_arena_bytes(asked->scratch) + more, ceil);
    dt_text_print(&reason, " (%" PRIu32 " periods with %" PRIu64 " probabilities each), and ",
                  game->forever ? 1 : game->periods, game->options);
    dt_text_print(&reason, "the memory limit leaves ");
    print_bytes(&reason, (double)asked->options->max_memory, floor);
    dt_report_limit(asked->options, dt_text_get(&reason));
    asked->told = true;
    return false;
}

/* All strategies are kept if there is room, else checkpoints if these take less. False, and told, if
 * there is no room for either. */
static bool choose_keep(request *asked, const dt_group_plan *plan, int jobs)
{
    const dt_solution *solution = asked->solution;
    double need = dt_group_bytes(plan, DT_KEEP_ALL, jobs);
    asked->keep = DT_KEEP_ALL;
    if (asked->again && solution->work) {
        asked->keep = DT_KEEP_LAST;
        need = dt_group_bytes(plan, DT_KEEP_LAST, jobs);
    } else if (!asked->again) {
        const double worlds = dated_bytes(asked->game);
        need += strategy_bytes(asked->game) + worth_bytes(asked) + worlds;
        const double less =
            asked->game->forever ? need : dt_group_bytes(plan, DT_KEEP_CHECKPOINTS, jobs) + worlds;
        if (less < need && !fits(asked, need)) {
            asked->keep = DT_KEEP_CHECKPOINTS;
            need = less;
        }
    }
    return check_memory(asked, need, "at least");
}

/* Brings a period of a solution with checkpoints to hand. */
static void recall(dt_strategy *strategy, uint32_t period)
{
    dt_group *group = strategy->source;
    const bool done = dt_group_recall(group, period);
    assert(done && "nobody stops it");
    (void)done;
    const uint32_t left = strategy->periods - group->held;
    strategy->first = group->held;
    strategy->held = left < group->block ? left : group->block;
    strategy->probability = dt_group_recalled(group, group->held);
}

static bool go_on(void *context, double done)
{
    const request *asked = context;
    return !asked->options->progress ||
           asked->options->progress(asked->options->progress_context, "solving", done);
}

/* Keeps the world as it is in each period; the group's stays where it is, as its payments do. */
static void take_worlds(request *asked)
{
    const dt_game *game = asked->game;
    dt_world **dated = asked->solution->dated = dt_new(asked->arena, dt_world *, game->periods);
    for (uint32_t t = 0; t < game->periods; t++) {
        dated[t] = dt_world_copy(asked->arena, game, t > 0 ? dated[t - 1] : asked->world);
        dt_world_turn(game, dated[t], t);
    }
}

static void name_failures(request *asked)
{
    dt_solution *solution = asked->solution;
    for (uint32_t i = 0; i < solution->found.named; i++) {
        dt_text text = {.arena = asked->arena};
        dt_failure_print(asked->game, &solution->found.failure[i], &text);
        solution->failure[i] = dt_text_get(&text);
    }
}

/* Keeps what was found. */
static void take(request *asked, dt_group *group)
{
    dt_solution *solution = asked->solution;
    const size_t actors = group->plan->actors, bytes = actors * sizeof(double);
    if (asked->again) /* of actors nothing was worked out again */
        memcpy(group->start, solution->start, bytes);
    else
        memcpy(solution->start, group->start, bytes);
    for (size_t i = 0; i < actors && solution->gap; i++)
        solution->gap[i] = dt_gap(group, 0, i);
    if (asked->again)
        return;
    for (size_t i = 0; i < actors; i++)
        solution->value[i] = dt_group_value(group, 0, i);
    if (asked->game->dated)
        take_worlds(asked);
    solution->found = group->found[0];
    solution->found.lost = asked->lost;
    name_failures(asked);
}

/* What rounding may do to a probability before it is told. */
static const double TOLD_ROUNDING = 1e-9;

/* Judges what was found. */
static dt_status judge(request *asked)
{
    dt_solution *solution = asked->solution;
    const dt_game *game = asked->game;
    char number[32];
    solution->judgement = dt_judge(&solution->found);
    snprintf(number, sizeof number, "%.1e", solution->found.rounding);
    if (solution->judgement == DT_SOLVED && solution->found.rounding > TOLD_ROUNDING)
        dt_complain_more(asked->diagnostics, DT_ROUNDING, (dt_place){0, 0},
                         "count payoffs from another zero, so that what doesn't hang on the choice "
                         "is small",
                         NULL, number, game->rules->under);
    dt_diagnostics_flush(asked->diagnostics);
    dt_text reason = {.arena = solution->arena};
    const uint64_t failures = solution->found.failures;
    if (solution->judgement == DT_NODE_UNSOLVED)
        dt_text_print(&reason, "%" PRIu64 " %s no solution, the first in %s", failures,
                      failures == 1 ? "node has" : "nodes have", solution->failure[0]);
    else
        dt_text_print(&reason, "%s", dt_judgement_reason(solution->judgement));
    solution->reason = dt_text_get(&reason);
    return solution->judgement == DT_SOLVED ? DT_OK : DT_NO;
}

static void take_private(request *asked, const dt_private *work)
{
    dt_solution *solution = asked->solution;
    for (int i = 0; i < asked->game->model->actors; i++) {
        solution->value[i] = solution->start[i] = dt_private_value(work, i);
        if (solution->gap)
            solution->gap[i] = dt_private_gap(work, i);
    }
    solution->found = work->found;
    name_failures(asked);
}

/* With private variables strategies are kept, all or those of the horizon, beside what they were worked out
 * with. */
static dt_status work_private(request *asked)
{
    const dt_keep keep = asked->options->horizon_alone ? DT_KEEP_HORIZON : DT_KEEP_ALL;
    const dt_private_plan *plan =
        dt_private_plan_new(asked->arena, asked->game, asked->values, asked->certified,
                            asked->solution->scale, asked->options->half_beliefs);
    if (!check_memory(asked, dt_private_bytes(plan, keep, jobs_of(asked->options)), "at least"))
        return DT_LIMIT;
    dt_private *work = dt_private_new(asked->arena, plan, dt_lane_code_of(DT_KERNEL_AUTO), keep,
                                      jobs_of(asked->options));
    work->go_on = go_on;
    work->context = asked;
    dt_world_evaluate(asked->game, asked->world, asked->solution->scale);
    dt_private_solve(work, asked->parameter);
    work->go_on = NULL;
    if (work->stopped) {
        dt_complain(asked->diagnostics, DT_INTERRUPTED, (dt_place){0, 0}, "solving");
        asked->told = true;
        return DT_LIMIT;
    }
    if (work->wrong.code != DT_CODES) {
        dt_wrong_complain(asked->arena, asked->diagnostics, asked->game, &work->wrong);
        return DT_INVALID;
    }
    asked->solution->private = work;
    if (asked->certified) {
        if (!check_memory(asked, dt_private_chain_bytes(plan, 1), "at least"))
            return DT_LIMIT;
        dt_private_chain *chain = dt_private_chain_new(asked->scratch, work, 1);
        for (uint32_t t = 0; t < asked->game->horizon; t++)
            dt_private_chain_to(chain, t);
        work->found.calibration = chain->calibration;
    }
    take_private(asked, work);
    return DT_OK;
}

/* Puts the selected equilibrium, at the numbers asked for, where the group's strategy is. False, and told,
 * if it can't be followed there for want of room. */
static bool follow_selected(request *asked, dt_group *group)
{
    const dt_selected *selected = asked->selected;
    const dt_game *game = asked->game;
    const size_t params = (size_t)game->model->params;
    double *strategy = dt_group_strategy(group, 0);
    assert(asked->keep == DT_KEEP_ALL && "play is forever");
    memcpy(strategy, selected->strategy, game->options * sizeof *strategy);
    if (dt_selected_at(game, selected, asked->parameter) || !dt_group_numbers(group, 1))
        return true;
    asked->told = !dt_whole_fits(group->plan, asked->options);
    if (asked->told)
        return false;
    dt_whole *whole = dt_whole_new(asked->scratch, group);
    asked->lost =
        1 - dt_whole_reach(whole, selected, dt_new(asked->scratch, double, params), strategy);
    return true;
}

/* What lives in the scratch arena. */
static dt_status work(void *argument)
{
    request *asked = argument;
    if (asked->game->privates > 0)
        return work_private(asked);
    const dt_game *game = asked->game;
    dt_solution *solution = asked->solution;
    const int jobs = jobs_of(asked->options);
    if (!check_memory(asked, dt_places_bytes(game), "more than"))
        return DT_LIMIT;
    const dt_group_plan *plan = dt_group_plan_new(asked->scratch, game, asked->values,
                                                  asked->certified, solution->scale, 1);
    if (!choose_keep(asked, plan, jobs))
        return DT_LIMIT;
    dt_strategy *strategy = solution->strategy;
    if (asked->keep == DT_KEEP_ALL && !asked->again) {
        strategy->held = strategy->periods;
        strategy->probability =
            dt_take(asked->arena, strategy->periods, game->options * sizeof(double));
        if (wants_worth(asked))
            solution->worth = dt_take(asked->arena, game->forever ? 1 : game->horizon,
                                      (size_t)game->states * (size_t)game->model->actors *
                                          sizeof *solution->worth);
    }
    dt_group *group = dt_group_new(asked->scratch, plan, dt_lane_code_of(DT_KERNEL_AUTO),
                                   asked->world, asked->keep, jobs, strategy->probability);
    group->worth_kept = asked->again ? NULL : solution->worth;
    group->go_on = go_on;
    group->context = asked;
    if (asked->again && asked->keep == DT_KEEP_ALL)
        dt_group_gaps(group);
    else if (asked->selected && !follow_selected(asked, group))
        return DT_LIMIT;
    else if (asked->selected)
        dt_group_follow(group);
    else
        dt_group_solve(group, 1); /* with the gaps, if all strategies have to be made again */
    if (group->stopped) {
        dt_complain(asked->diagnostics, DT_INTERRUPTED, (dt_place){0, 0}, "solving");
        asked->told = true;
        return DT_LIMIT;
    }
    if (!group->active[0]) {
        dt_wrong_complain(asked->arena, asked->diagnostics, game, &group->wrong[0]);
        return DT_INVALID;
    }
    take(asked, group);
    if (asked->keep == DT_KEEP_CHECKPOINTS) {
        group->go_on = NULL; /* the call ends, the group stays */
        strategy->recall = recall;
        strategy->source = group;
    }
    return DT_OK;
}

/* Runs the work and says what stands in its way. */
static dt_status work_aside(request *asked)
{
    const dt_status status = dt_arena_try(asked->scratch, work, asked);
    dt_diagnostics_flush(asked->diagnostics);
    if (status == DT_LIMIT && !asked->told) {
        dt_report_limit(asked->options, dt_arena_reason(asked->scratch));
        asked->told = true;
    }
    return status;
}

static dt_status solve(void *argument)
{
    request *asked = argument;
    const dt_game *game = asked->game;
    dt_arena *arena = asked->arena;
    const size_t actors = (size_t)game->model->actors;
    assert(game->periods >= 1 && game->start < game->states);
    asked->diagnostics = dt_diagnostics_new(arena, asked->options, &game->model->source);

    const bool defined =
        asked->values != DT_VALUES_SURPLUS || surplus_defined(game, asked->diagnostics);
    dt_diagnostics_flush(asked->diagnostics);
    if (!defined)
        return DT_INVALID;
    dt_world *world = asked->world = dt_world_new(arena, game, 1);
    for (int i = 0; i < game->model->params; i++)
        world->parameter[i] = asked->parameter[i];
    dt_solution *solution = asked->solution = dt_new(arena, dt_solution, 1);
    solution->arena = arena;
    solution->game = game;
    solution->world = world;
    solution->values = asked->values;
    solution->scale = dt_rationality_scale(asked->options);
    solution->value = dt_new(arena, double, actors);
    solution->start = dt_new(arena, double, actors);
    if (asked->certified)
        solution->gap = dt_new(arena, double, actors);
    solution->failure = dt_new(arena, const char *, DT_NAMED_FAILURES);
    solution->strategy = dt_new(arena, dt_strategy, 1);
    solution->strategy->periods = game->forever ? 1 : game->periods;
    const dt_status status = work_aside(asked);
    return status == DT_OK ? judge(asked) : status;
}

/* Makes the arenas, where they are wanted, and runs `task` in the solution's. Both are the caller's to
 * free. */
static dt_status run(request *asked, dt_status (*task)(void *argument))
{
    const dt_allocator *allocator = &asked->options->allocator;
    const size_t limit = asked->options->max_memory;
    if (!asked->arena)
        asked->arena = dt_arena_new(allocator, limit);
    asked->scratch = asked->arena ? dt_arena_new(allocator, limit) : NULL;
    dt_status status = DT_LIMIT;
    if (asked->scratch) {
        status = dt_arena_try(asked->arena, task, asked);
        if (status == DT_LIMIT && !asked->told)
            dt_report_limit(asked->options, dt_arena_reason(asked->arena));
    } else {
        dt_report_limit(asked->options, "the machine has no more memory");
    }
    return status;
}

bool dt_solution_horizon_alone(const dt_solution *solution)
{
    const dt_private *work = solution->private;
    return work && work->strategy.kept < work->strategy.periods;
}

static dt_status find(request asked, dt_solution **solution)
{
    static const dt_options defaults;
    asked.options = asked.options ? asked.options : &defaults;
    if (asked.options->chance_alone)
        asked.values = DT_VALUES_AVERAGE;
    *solution = NULL;
    const dt_status status = run(&asked, solve);
    if (status == DT_OK || status == DT_NO) {
        assert(asked.solution);
        *solution = asked.solution;
        if (asked.keep == DT_KEEP_CHECKPOINTS) {
            (*solution)->work = asked.scratch;
            asked.scratch = NULL;
        }
    } else {
        dt_arena_free(asked.arena);
    }
    dt_arena_free(asked.scratch);
    return status;
}

/* Whether there are numbers for a game, and values of a kind. */
static bool known_world(const dt_game *game, const double *parameters, dt_values values)
{
    return (parameters || game->model->params == 0) && (unsigned)values <= DT_VALUES_SURPLUS;
}

dt_status dt_solve(const dt_game *game, const double *parameters, dt_values values,
                   const dt_options *options, dt_solution **solution)
{
    if (solution)
        *solution = NULL;
    if (!game || !solution || !known_world(game, parameters, values))
        return dt_refuse_call(
            options, "dt_solve",
            "no game, no numbers, values of no kind, or nowhere to put the solution");
    const dt_status fits = dt_selected_fits(game, options, "dt_solve");
    if (fits != DT_OK)
        return fits;
    return find((request){.game = game,
                          .parameter = parameters,
                          .values = values,
                          .certified = true,
                          .selected = dt_selected_of(game, options),
                          .options = options},
                solution);
}

dt_status dt_solve_values(const dt_game *game, const double *parameters, dt_values values,
                          const dt_options *options, dt_solution **solution)
{
    return find((request){.game = game,
                          .parameter = parameters,
                          .values = values,
                          .certified = game->forever,
                          .options = options},
                solution);
}

dt_status dt_solve_selected(const dt_game *game, const double *parameters, dt_values values,
                            const dt_selected *selected, const dt_options *options,
                            dt_solution **solution)
{
    assert(game->forever);
    return find((request){.game = game,
                          .parameter = parameters,
                          .values = values,
                          .certified = true,
                          .selected = selected,
                          .options = options},
                solution);
}

/* As solve, for a solution that has all but its gaps. */
static dt_status certify(void *argument)
{
    request *asked = argument;
    dt_solution *solution = asked->solution;
    assert(!asked->game->forever && !solution->gap);
    asked->diagnostics =
        dt_diagnostics_new(asked->arena, asked->options, &asked->game->model->source);
    solution->gap = dt_new(asked->arena, double, (size_t)asked->game->model->actors);
    const dt_status status = work_aside(asked);
    if (status != DT_OK)
        solution->gap = NULL;
    return status == DT_OK && solution->judgement != DT_SOLVED ? DT_NO : status;
}

dt_status dt_solution_gaps(dt_solution *solution, const dt_options *options)
{
    static const dt_options defaults;
    if (solution->gap)
        return DT_OK;
    request asked = {.arena = solution->arena,
                     .game = solution->game,
                     .parameter = solution->world->parameter,
                     .values = solution->values,
                     .certified = true,
                     .again = true,
                     .options = options ? options : &defaults,
                     .world = solution->world,
                     .solution = solution};
    const dt_status status = run(&asked, certify);
    dt_arena_free(asked.scratch);
    return status;
}
