/*
 * Outcomes by chance alone: the game in which everybody tosses coins. With every rationality 0 no strategy
 * depends on what follows, so nothing is solved: each agent has all its options equally often, and one
 * forward pass over the horizon, in the world at hand, gives the outcomes. They are those of a solution with
 * dt_options.chance_alone, at a fraction of its cost; and of a solution's outcomes they are had beside in
 * the same pass (outcomes.c). With private variables beliefs still move with what is
 * seen of chance, on the grid that solving makes: there it is solved.
 */
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "trace/outcomes.h"

typedef struct request {
    const dt_game *game;
    const double *parameter;
    const dt_options *options;
    double *value; /* [declared outcomes] */
} request;

const double *dt_chance_strategy(dt_arena *arena, const dt_game *game)
{
    double *strategy = dt_take(arena, game->options, sizeof *strategy);
    for (uint32_t node = 0; node < game->nodes; node++) {
        const dt_menu *menu = &game->menu[game->node_menu[node]];
        double *sigma = strategy + game->node_option[node];
        for (int k = 0; k < menu->agents; k++) {
            for (int o = 0; o < menu->options[k]; o++)
                *sigma++ = 1.0 / menu->options[k];
        }
    }
    return strategy;
}

/* False, and told, if a number of the period at hand is wrong. */
static bool check(dt_arena *arena, const request *asked, const dt_world *world)
{
    const dt_wrong wrong = dt_world_check(asked->game, world, 0);
    if (wrong.code == DT_CODES)
        return true;
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(arena, asked->options, &asked->game->model->source);
    dt_wrong_complain(arena, diagnostics, asked->game, &wrong);
    dt_diagnostics_flush(diagnostics);
    return false;
}

static dt_status work(dt_arena *arena, void *argument)
{
    const request *asked = argument;
    const dt_game *game = asked->game;
    const dt_model *model = game->model;
    const size_t outcomes = (size_t)model->declared_outcomes;
    dt_world *world = dt_world_new(arena, game, 1);
    if (model->params > 0)
        memcpy(world->parameter, asked->parameter,
               (size_t)model->params * sizeof *world->parameter);
    dt_world_evaluate(game, world, 0);
    const double *strategy = dt_chance_strategy(arena, game);
    dt_outcomes *all = dt_outcomes_new(arena, game, outcomes, 1);
    dt_forward *forward =
        dt_forward_make(arena, game, world->coefficient, 1, all->masses, DT_KERNEL_AUTO);
    forward->forgets = true;
    dt_forward_begin(forward);
    dt_outcomes_begin(all);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_progress(arena, asked->options, "following chance", (double)t / game->horizon);
        dt_world_turn(game, world, t);
        if ((t == 0 || game->dated) && !check(arena, asked, world))
            return DT_INVALID;
        dt_forward_spread(forward, strategy, t);
        dt_outcomes_count(all, forward, t);
        dt_forward_carry(forward, t);
    }
    dt_outcomes_end(all, world->coefficient);
    dt_outcomes_take(all, asked->value);
    return DT_OK;
}

static dt_status solve_chance(const request *asked)
{
    dt_options options = asked->options ? *asked->options : (dt_options){0};
    dt_solution *solution;
    options.chance_alone = true;
    dt_status status =
        dt_solve(asked->game, asked->parameter, DT_VALUES_AVERAGE, &options, &solution);
    if (status == DT_OK)
        status = dt_solution_outcomes(solution, &options, asked->value);
    dt_solution_free(solution);
    return status;
}

dt_status dt_game_outcomes_by_chance(const dt_game *game, const double *parameters,
                                     const dt_options *options, double *outcomes)
{
    if (!game || (!parameters && game->model->params > 0) || !outcomes)
        return dt_refuse_call(options, "dt_game_outcomes_by_chance",
                              "no game, no numbers, or nowhere to put the outcomes");
    for (int o = 0; o < game->model->declared_outcomes; o++)
        outcomes[o] = (double)NAN;
    request asked = {game, parameters, options, outcomes};
    return game->privates > 0 ? solve_chance(&asked) : dt_job(options, work, &asked);
}
