/*
 * The forward pass of play, in which every option of an agent adds its probability, times that of
 * being there, to the actions that it consists of. Invariant: the actions of a mover are taken, all
 * together, as often as its stage is played with it, at most once a period. With private variables it is the pass over the
 * exact chain, in which each type does what it does at each point of beliefs.
 */
#include "trace/frequency.h"

#include <assert.h>

#include "solve/private_chain.h"
#include "trace/forward.h"

/* An agent's option adds its probability to the actions of which it consists. */
static void count_option(const dt_menu *menu, int option, int movers, double share, double *taken)
{
    const int *action = menu->action + option * movers;
    for (int m = 0; m < movers; m++) {
        if (action[m] != DT_NONE)
            taken[action[m]] += share;
    }
}

static void count_node(const dt_forward *forward, const double *strategy, uint32_t n, int movers,
                       double *taken)
{
    const dt_game *game = forward->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *sigma = strategy + game->node_option[n];
    for (int option = 0; option < menu->total; option++) {
        const double share = forward->mass[n * forward->stride] * sigma[option];
        count_option(menu, option, movers, share, taken);
    }
}

/* The same of those who stand at each point and are of each type. */
static void count_typed(const dt_private_chain *chain, uint32_t t, uint32_t n, int movers,
                        double *taken)
{
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    const dt_menu *menu = &chain->game->menu[chain->game->node_menu[n]];
    const double *mass = chain->mass + n * chain->stride;
    for (size_t w = 0; w < chain->columns; w++) {
        const uint32_t point = (uint32_t)(w / beliefs->types),
                       type = (uint32_t)(w % beliefs->types);
        for (int k = 0, first = 0; k < menu->agents && mass[w] != 0; first += menu->options[k++]) {
            const int x = beliefs->agent_variable[menu->agent[k]];
            const int rank = x < 0 ? 0 : dt_beliefs_rank(beliefs, (size_t)x, type);
            for (int o = 0; o < menu->options[k]; o++)
                count_option(menu, first + o, movers,
                             mass[w] * dt_typed_at(&chain->work->strategy, t, n, point, k, rank, o),
                             taken);
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
    dt_private *work = solution->private;
    dt_forward *forward = work ? NULL : dt_forward_new(arena, solution, 1);
    dt_private_chain *chain = work ? dt_private_chain_new(arena, work, 1) : NULL;
    for (uint32_t t = 0; t < game->horizon; t++) {
        if (chain)
            dt_private_chain_to(chain, t);
        else
            dt_forward_to(forward, t);
        const double *strategy = chain ? NULL : dt_strategy_of(solution->strategy, game, t);
        for (uint32_t s = 0; s < game->stages; s++) {
            const uint32_t first = game->stage_first[s];
            double *taken = result->taken + result->first[s];
            for (uint32_t n = first; n < first + dt_game_count(game, s, t); n++) {
                if (chain)
                    count_typed(chain, t, n, model->stage[s].movers, taken);
                else
                    count_node(forward, strategy, n, model->stage[s].movers, taken);
            }
        }
    }
    for (size_t a = 0; a < result->first[game->stages]; a++)
        assert(result->taken[a] >= 0 && result->taken[a] <= game->horizon * (1 + 1e-9));
    return result;
}
