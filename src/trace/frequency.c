/*
 * The forward pass of play, in which every option of an agent adds its probability, times that of
 * being there, to the actions that it consists of. Invariant: the actions of a mover are taken, all
 * together, as often as its stage is played with it, at most once a period.
 */
#include "trace/frequency.h"

#include <assert.h>

#include "trace/forward.h"

static void count_node(const dt_forward *forward, const double *strategy, uint32_t n, int movers,
                       double *taken)
{
    const dt_game *game = forward->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *sigma = strategy + game->node_option[n];
    for (int option = 0; option < menu->total; option++) {
        const double share = forward->mass[n * forward->stride] * sigma[option];
        const int *action = menu->action + option * movers;
        for (int m = 0; m < movers; m++) {
            if (action[m] != DT_NONE)
                taken[action[m]] += share;
        }
    }
}

dt_frequency *dt_frequency_make(dt_arena *arena, const dt_solution *solution)
{
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    dt_frequency *result = dt_new(arena, dt_frequency, 1);
    result->first = dt_new(arena, size_t, game->stages + 1);
    for (uint32_t s = 0; s < game->stages; s++)
        result->first[s + 1] = result->first[s] + (size_t)model->stage[s].actions;
    result->taken = dt_new(arena, double, result->first[game->stages]);
    dt_forward *forward = dt_forward_new(arena, solution, 1);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_forward_to(forward, t);
        const double *strategy = dt_strategy_of(solution->strategy, game, t);
        for (uint32_t s = 0; s < game->stages; s++) {
            const uint32_t first = game->stage_first[s];
            double *taken = result->taken + result->first[s];
            for (uint32_t n = first; n < first + dt_game_count(game, s, t); n++)
                count_node(forward, strategy, n, model->stage[s].movers, taken);
        }
    }
    for (size_t a = 0; a < result->first[game->stages]; a++)
        assert(result->taken[a] >= 0 && result->taken[a] <= game->horizon * (1 + 1e-9));
    return result;
}
