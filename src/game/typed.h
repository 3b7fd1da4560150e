/*
 * A strategy profile of a game with private variables: for each period, decision node and joint point of
 * beliefs, each agent's probabilities over its options, of one that knows something and has a choice those
 * of each of its types. As a strategy without secrets (strategy.h) it is all that is needed, with game and
 * world, to work out values, beliefs, outcomes and certificates.
 */
#ifndef DT_GAME_TYPED_H
#define DT_GAME_TYPED_H

#include <assert.h>

#include "game/beliefs.h"

enum { DT_POINTS = 8 }; /* that lie side by side, a pack */

typedef struct dt_typed_strategy {
    const dt_beliefs *beliefs;
    uint32_t periods; /* 1 if play is stationary */
    uint32_t kept; /* of them; of those from period kept - 1 on the one that was worked on last */
    uint64_t options; /* entries of a period at a point */
    uint32_t *
        node_option; /* [nodes] the first entry of each; nodes that are worth the same share them */
    /* [packs of points][kept][options][DT_POINTS]: at a node the agents of its menu in order; an agent
     * has its options once, or, if it owns a variable and has more than one, for each value of it in turn.
     * Entries of types that the belief rules out are 0, as are those of nodes that can't occur. */
    double *probability;
} dt_typed_strategy;

/* Where the entries of a period start for a point. Entries are DT_POINTS numbers apart. */
static inline double *dt_typed_of(const dt_typed_strategy *strategy, uint32_t period,
                                  uint32_t point)
{
    const uint32_t t = period < strategy->kept ? period : strategy->kept - 1;
    return strategy->probability +
           ((point / DT_POINTS) * (size_t)strategy->kept + t) * strategy->options * DT_POINTS +
           point % DT_POINTS;
}

/* Whether the entries of a period are its own once all periods have been worked on, from the last to the first. */
static inline bool dt_typed_kept(const dt_typed_strategy *strategy, uint32_t period)
{
    return strategy->kept == strategy->periods || period < strategy->kept;
}

/* How many types an agent of a menu has entries for. */
static inline int dt_typed_values(const dt_beliefs *beliefs, const dt_menu *menu, int k)
{
    const int x = beliefs->agent_variable[menu->agent[k]];
    return x < 0 || menu->options[k] == 1 ? 1 : beliefs->grid[x]->values;
}

/* The entry, from the node's first, of an option of a menu's agent k whose variable has the value of this
 * rank (of one that owns none: whatever it is). */
static inline size_t dt_typed_entry(const dt_beliefs *beliefs, const dt_menu *menu, int k, int rank,
                                    int option)
{
    size_t at = 0;
    for (int j = 0; j < k; j++)
        at += (size_t)(dt_typed_values(beliefs, menu, j) * menu->options[j]);
    if (dt_typed_values(beliefs, menu, k) > 1)
        at += (size_t)(rank * menu->options[k]);
    return at + (size_t)option;
}

/* The probability with which that agent takes the option, in a period that is kept. */
static inline double dt_typed_at(const dt_typed_strategy *strategy, uint32_t period, uint32_t node,
                                 uint32_t point, int k, int rank, int option)
{
    const dt_game *game = strategy->beliefs->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const size_t entry = dt_typed_entry(strategy->beliefs, menu, k, rank, option);
    assert(dt_typed_kept(strategy, period));
    return dt_typed_of(strategy, period, point)[(strategy->node_option[node] + entry) * DT_POINTS];
}

#endif
