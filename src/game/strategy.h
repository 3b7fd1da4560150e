/*
 * A strategy profile: for each period and decision node, each agent's probabilities over its joint
 * actions. It is all that is needed, with game and world, to work out values, outcomes and
 * certificates; the verifier is given nothing else of the solver's.
 */
#ifndef DT_GAME_STRATEGY_H
#define DT_GAME_STRATEGY_H

#include "game/game.h"
#include "game/world.h"

typedef struct dt_strategy {
    uint32_t periods; /* 1 if play is stationary */
    /* [periods][game->options]: at node n the agents of its menu in order, each with its options,
     * from node_option[n] on. What is the same in every world is played the same: the entry of a
     * node's lowest like (dt_game.node_same) holds for all, and others are never read. Entries of
     * nodes that can't occur in a period are 0. */
    double *probability;
} dt_strategy;

/* The probabilities of all options at a node, and all like it, in a period (from 0). */
static inline double *dt_strategy_at(const dt_strategy *strategy, const dt_game *game,
                                     uint32_t period, uint32_t node)
{
    uint32_t t = strategy->periods == 1 ? 0 : period;
    return strategy->probability + (uint64_t)t * game->options +
           game->node_option[game->node_same[node]];
}

#endif
