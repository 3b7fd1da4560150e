/*
 * The conditional expectations of equations.h over pairs of agents,
 *     pair(k,a; j,b) = Σ over profiles with s_k = a, s_j = b of Π_{i≠k,j} σ_i(s_i) · G_k(s),
 * once for one stage game and for one in each lane: DT_NUMBER, which whoever includes this defines, is
 * double or dt_lane. Invariant: a lane's sums are those of a game on its own, in the same order.
 */
#ifndef DT_SOLVE_EXPECT_PAIRS_H
#define DT_SOLVE_EXPECT_PAIRS_H

#include <stddef.h>

#include "solve/equations.h"

/* options [agents] and first [agents+1] of each agent, into sigma [total]; advantage [agents][cells] G;
 * pair [total][total]. */
static void expect_pairs(int agents, const int *options, const int *first, size_t cells,
                         const DT_NUMBER *advantage, const DT_NUMBER *sigma, DT_NUMBER *pair)
{
    const size_t total = (size_t)first[agents];
    int choice[DT_MAX_AGENTS] = {0}, at[DT_MAX_AGENTS];
    for (size_t i = 0; i < total * total; i++)
        pair[i] = (DT_NUMBER){0};
    for (size_t cell = 0; cell < cells; cell++) {
        for (int k = 0; k < agents; k++)
            at[k] = first[k] + choice[k];
        for (int k = 0; k < agents; k++) {
            for (int j = k + 1; j < agents; j++) {
                DT_NUMBER others = (DT_NUMBER){0} + 1.0;
                for (int i = 0; i < agents; i++) {
                    if (i != k && i != j)
                        others *= sigma[at[i]];
                }
                const DT_NUMBER *g = advantage + cell;
                pair[(size_t)at[k] * total + (size_t)at[j]] += others * g[(size_t)k * cells];
                pair[(size_t)at[j] * total + (size_t)at[k]] += others * g[(size_t)j * cells];
            }
        }
        for (int k = agents - 1; k >= 0 && ++choice[k] == options[k]; k--)
            choice[k] = 0;
    }
}

#endif
