/*
 * dt_solve: a world, the equilibrium, its certificates, in this order; and what can be asked of a
 * solution. The solution keeps the strategy and the numbers at the start; the values of places,
 * which are worked out on the way, are given back.
 */
#include "solve/solve.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

#include "base/diagnostic.h"
#include "solve/sweep.h"

typedef struct request {
    dt_arena *arena;
    const dt_game *game;
    const double *parameter;
    dt_values values;
    bool certified; /* with the gaps */
    const dt_options *options;
    dt_solution *solution;
    bool told; /* why the work ended with DT_LIMIT */
} request;

/* Payments that are too large to be added up over the periods; see sweep.c. */
static void complain_of_overflow(request *asked, dt_diagnostics *diagnostics, uint32_t place)
{
    dt_text state = {.arena = asked->arena};
    dt_text_print(&state, "in the state ");
    dt_game_describe(asked->game, place, &state);
    dt_text_print(&state, "\nreached by\n");
    dt_game_way(asked->game, place, &state);
    dt_complain_more(diagnostics, DT_VALUE_OVERFLOW, dt_game_text_place(asked->game, place),
                     "give payoffs in a larger unit", dt_text_get(&state));
}

/* False, and told, if surplus values aren't defined for somebody who moves. */
static bool surplus_defined(const dt_game *game, const dt_world *world, dt_diagnostics *diagnostics)
{
    const dt_model *model = game->model;
    const dt_rules *rules = game->rules;
    const dt_policy *policy = &model->policy[rules->policy];
    bool fine = policy->teams == 0;
    for (int i = 0; i < policy->teams; i++)
        dt_complain(diagnostics, DT_SURPLUS_TEAM, policy->team[i].place, policy->is.name);
    for (int i = 0; fine && i < model->actors; i++) {
        const int agent = rules->actor_agent[i];
        bool moves = false;
        for (uint32_t m = 0; m < game->menus; m++) {
            for (int k = 0; k < game->menu[m].agents; k++)
                moves |= game->menu[m].agent[k] == agent;
        }
        if (moves && world->rationality[agent] == 0) {
            dt_complain(diagnostics, DT_SURPLUS_RATIONALITY, model->actor[i].rationality_place,
                        model->actor[i].is.name);
            return false;
        }
    }
    return fine;
}

/* False, and told, if the memory limit is too small for the work, before it is begun. */
static bool check_memory(request *asked, uint32_t periods)
{
    const double mega = 1024 * 1024;
    double need = (double)dt_arena_bytes(asked->arena) +
                  dt_sweep_bytes(asked->game, periods, asked->values, asked->options);
    if (asked->options->max_memory == 0 || need <= (double)asked->options->max_memory)
        return true;
    dt_text reason = {.arena = asked->arena};
    dt_text_print(&reason,
                  "solving takes %.0f MB (%" PRIu32 " periods with %" PRIu64
                  " probabilities each), and the memory limit is %.0f MB",
                  ceil(need / mega), periods, asked->game->options,
                  floor((double)asked->options->max_memory / mega));
    dt_report_limit(asked->options, dt_text_get(&reason));
    asked->told = true;
    return false;
}

/* Judges what was found. */
static dt_status judge(dt_solution *solution)
{
    solution->judgement = dt_judge(&(dt_found){.residual = solution->residual,
                                               .failures = solution->failures,
                                               .sweeps = solution->sweeps,
                                               .settled = solution->settled});
    dt_text reason = {.arena = solution->arena};
    const uint64_t failures = solution->failures;
    if (solution->judgement == DT_NODE_UNSOLVED)
        dt_text_print(&reason, "%" PRIu64 " %s no solution, the first in %s", failures,
                      failures == 1 ? "node has" : "nodes have", solution->failure[0]);
    else
        dt_text_print(&reason, "%s", dt_judgement_reason(solution->judgement));
    solution->reason = dt_text_get(&reason);
    return solution->judgement == DT_SOLVED ? DT_OK : DT_NO;
}

/* What becomes of a request whose sweeps have ended. */
static dt_status conclude(request *asked, dt_diagnostics *diagnostics, dt_sweep_end end,
                          uint32_t overflow)
{
    dt_status status = DT_OK;
    if (end == DT_SWEEP_INTERRUPTED) {
        dt_complain(diagnostics, DT_INTERRUPTED, (dt_place){0, 0}, "solving");
        asked->told = true;
        status = DT_LIMIT;
    } else if (end == DT_SWEEP_OVERFLOW) {
        complain_of_overflow(asked, diagnostics, overflow);
        status = DT_INVALID;
    } else {
        status = judge(asked->solution);
    }
    dt_diagnostics_flush(diagnostics);
    return status;
}

static dt_status solve(void *argument)
{
    request *asked = argument;
    const dt_game *game = asked->game;
    dt_arena *arena = asked->arena;
    const size_t actors = (size_t)game->model->actors;
    assert(game->periods >= 1 && game->start < game->states);
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, asked->options, &game->model->source);

    dt_world *world;
    dt_status status = dt_world_make(arena, game, asked->parameter, diagnostics, &world);
    if (status == DT_OK && asked->values == DT_VALUES_SURPLUS &&
        !surplus_defined(game, world, diagnostics))
        status = DT_INVALID;
    dt_diagnostics_flush(diagnostics);
    if (status != DT_OK)
        return status;
    const uint32_t periods = game->forever ? 1 : game->periods;
    if (!check_memory(asked, periods))
        return DT_LIMIT;

    dt_solution *solution = asked->solution = dt_new(arena, dt_solution, 1);
    solution->arena = arena;
    solution->game = game;
    solution->world = world;
    solution->values = asked->values;
    solution->value = dt_new(arena, double, actors);
    if (asked->certified)
        solution->gap = dt_new(arena, double, actors);
    solution->failure = dt_new(arena, const char *, DT_NAMED_FAILURES);
    solution->strategy.periods = periods;
    solution->strategy.probability = dt_take(arena, periods, game->options * sizeof(double));

    dt_sweep *sweep = dt_sweep_new(arena, solution, asked->options, asked->certified);
    dt_sweep_end end = game->forever ? dt_solve_stationary(arena, sweep) : dt_solve_backward(sweep);
    if (end == DT_SWEEP_DONE && game->forever)
        end = dt_gaps_forever(sweep);
    dt_sweep_free(arena, sweep);
    return conclude(asked, diagnostics, end, sweep->overflow);
}

static dt_status find(const dt_game *game, const double *parameters, dt_values values,
                      bool certified, const dt_options *options, dt_solution **solution)
{
    static const dt_options defaults;
    if (!options)
        options = &defaults;
    *solution = NULL;
    request asked = {.game = game,
                     .parameter = parameters,
                     .values = values,
                     .certified = certified,
                     .options = options};
    asked.arena = dt_arena_new(&options->allocator, options->max_memory);
    if (!asked.arena) {
        dt_report_limit(options, "the machine has no more memory");
        return DT_LIMIT;
    }
    dt_status status = dt_arena_try(asked.arena, solve, &asked);
    if (status == DT_OK || status == DT_NO) {
        assert(asked.solution);
        *solution = asked.solution;
        return status;
    }
    if (status == DT_LIMIT && !asked.told)
        dt_report_limit(options, dt_arena_reason(asked.arena));
    dt_arena_free(asked.arena);
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
    return find(game, parameters, values, true, options, solution);
}

dt_status dt_solve_values(const dt_game *game, const double *parameters, dt_values values,
                          const dt_options *options, dt_solution **solution)
{
    return find(game, parameters, values, game->forever, options, solution);
}

/* As solve, for a solution that has all but its gaps. */
static dt_status certify(void *argument)
{
    request *asked = argument;
    dt_solution *solution = asked->solution;
    dt_arena *arena = asked->arena;
    assert(!asked->game->forever && !solution->gap);
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(arena, asked->options, &asked->game->model->source);
    double *gap = dt_new(arena, double, (size_t)asked->game->model->actors);
    dt_sweep *sweep = dt_sweep_new(arena, solution, asked->options, true);
    solution->gap = gap;
    const dt_sweep_end end = dt_gaps_backward(sweep);
    dt_sweep_free(arena, sweep);
    if (end != DT_SWEEP_DONE)
        solution->gap = NULL;
    return conclude(asked, diagnostics, end, sweep->overflow);
}

dt_status dt_solution_gaps(dt_solution *solution, const dt_options *options)
{
    static const dt_options defaults;
    if (solution->gap)
        return DT_OK;
    request asked = {.arena = solution->arena,
                     .game = solution->game,
                     .values = solution->values,
                     .options = options ? options : &defaults,
                     .solution = solution};
    const dt_status status = dt_arena_try(asked.arena, certify, &asked);
    if (status == DT_LIMIT && !asked.told)
        dt_report_limit(asked.options, dt_arena_reason(asked.arena));
    return status;
}

void dt_solution_free(dt_solution *solution)
{
    if (solution)
        dt_arena_free(solution->arena);
}

bool dt_solution_solved(const dt_solution *solution)
{
    if (!solution)
        return false;
    return solution->judgement == DT_SOLVED;
}

const char *dt_solution_reason(const dt_solution *solution)
{
    if (!solution)
        return "there is no solution";
    return solution->reason;
}

const char *dt_solution_cure(const dt_solution *solution)
{
    if (!solution)
        return "";
    return dt_judgement_cure(solution->judgement);
}

dt_certificate dt_solution_certificate(const dt_solution *solution)
{
    if (!solution)
        return (dt_certificate){0};
    return (dt_certificate){solution->residual, solution->gap, solution->value};
}

uint64_t dt_solution_failures(const dt_solution *solution)
{
    if (!solution)
        return 0;
    return solution->failures;
}

const char *dt_solution_failure(const dt_solution *solution, size_t index)
{
    if (!solution)
        return NULL;
    if (index >= solution->failures || index >= DT_NAMED_FAILURES)
        return NULL;
    assert(solution->failure[index]);
    return solution->failure[index];
}

uint64_t dt_solution_crossed(const dt_solution *solution)
{
    if (!solution)
        return 0;
    return solution->crossed;
}

uint64_t dt_solution_sweeps(const dt_solution *solution)
{
    if (!solution)
        return 0;
    return solution->sweeps;
}

bool dt_solution_settled(const dt_solution *solution)
{
    if (!solution)
        return false;
    return !solution->game->forever || solution->settled;
}
