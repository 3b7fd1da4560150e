/*
 * The forward pass, or with private variables the exact chain, whose masses at a node are summed over all
 * points and types: whatever is believed there.
 */
#include "trace/reach.h"

dt_reach dt_reach_new(dt_arena *arena, const dt_solution *solution)
{
    dt_reach reach = {.game = solution->game};
    if (solution->private) {
        reach.chain = dt_private_chain_new(arena, solution->private, 1);
        reach.sum = dt_new(arena, double, solution->game->nodes);
        reach.mass = reach.sum;
    } else {
        reach.forward = dt_forward_new(arena, solution, 1);
        reach.mass = reach.forward->mass;
    }
    return reach;
}

void dt_reach_to(const dt_reach *reach, uint32_t t)
{
    if (reach->forward) {
        dt_forward_to(reach->forward, t);
        return;
    }
    dt_private_chain *chain = reach->chain;
    if (chain->spread > t + 1)
        dt_private_chain_begin(chain);
    dt_private_chain_to(chain, t);
    for (uint32_t n = 0; n < reach->game->nodes; n++) {
        reach->sum[n] = 0;
        for (size_t w = 0; w < chain->columns; w++)
            reach->sum[n] += chain->mass[n * chain->stride + w];
    }
}
