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
     * from node_option[n] on: nodes that are worth the same (dt_game.node_same) share an entry. Entries
     * of nodes that can't occur in a period are 0. */
    double *probability;
} dt_strategy;

/* The strategies of a period (from 0). */
static inline double *dt_strategy_of(const dt_strategy *strategy, const dt_game *game,
                                     uint32_t period)
{
    return strategy->probability + (strategy->periods == 1 ? 0 : period * game->options);
}

/* The probabilities of all options at a node, and all like it, in a period. */
static inline double *dt_strategy_at(const dt_strategy *strategy, const dt_game *game,
                                     uint32_t period, uint32_t node)
{
    return dt_strategy_of(strategy, game, period) + game->node_option[node];
}

/* The greatest difference of a probability between two stationary strategies [options]. */
static inline double dt_strategies_apart(const dt_game *game, const double *one,
                                         const double *other)
{
    double most = 0;
    for (uint64_t o = 0; o < game->options; o++) {
        const double apart = one[o] < other[o] ? other[o] - one[o] : one[o] - other[o];
        most = apart > most ? apart : most;
    }
    return most;
}

#endif
