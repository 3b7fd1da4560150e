/*
 * A strategy profile: for each period and decision node, each agent's probabilities over its joint
 * actions. It is all that is needed, with game and world, to work out values, outcomes and
 * certificates; the verifier is given nothing else of the solver's. Not all periods need be in memory.
 */
#ifndef DT_GAME_STRATEGY_H
#define DT_GAME_STRATEGY_H

#include "game/game.h"
#include "game/world.h"

typedef struct dt_strategy dt_strategy;

struct dt_strategy {
    uint32_t periods;     /* 1 if play is stationary */
    uint32_t first, held; /* the periods that are at hand */
    /* [held][game->options]: at node n the agents of its menu in order, each with its options,
     * from node_option[n] on: nodes that are worth the same (dt_game.node_same) share an entry. Entries
     * of nodes that can't occur in a period are 0. */
    double *probability;
    /* Brings a period to hand, and others near it, in place of those that were, to the same bits
     * whatever has been asked for before; NULL if all are. */
    void (*recall)(dt_strategy *strategy, uint32_t period);
    void *source;
};

/* The strategies of a period (from 0), until another period's are asked for: by one thread at a time. Who
 * goes through periods in order, forwards or backwards, has each of them made again once at most. */
static inline double *dt_strategy_of(dt_strategy *strategy, const dt_game *game, uint32_t period)
{
    const uint32_t t = strategy->periods == 1 ? 0 : period;
    if (t - strategy->first >= strategy->held)
        strategy->recall(strategy, t);
    return strategy->probability + (t - strategy->first) * game->options;
}

/* The probabilities of all options at a node, and all like it, in a period; as long. */
static inline double *dt_strategy_at(dt_strategy *strategy, const dt_game *game, uint32_t period,
                                     uint32_t node)
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
