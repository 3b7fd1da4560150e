/*
 * What can be believed in a game: the grids of its private variables and their product. A joint point is
 * one point for each variable, a joint type one value; both are mixed-radix numbers in which the last
 * variable varies fastest. Beliefs about different variables are independent (docs/method.md).
 */
#ifndef DT_GAME_BELIEFS_H
#define DT_GAME_BELIEFS_H

#include "game/game.h"
#include "game/grid.h"
#include "game/world.h"

typedef struct dt_beliefs {
    const dt_game *game;
    size_t variables;
    uint32_t points;       /* joint ones */
    uint32_t types;        /* joint ones */
    dt_grid **grid;        /* [variables] */
    uint32_t *stride;      /* [variables] of its points in a joint point's number */
    uint32_t *type_stride; /* [variables] of its values in a joint type's */
    int *owned; /* [actors] the variable an actor owns, or -1; of what no play hangs on, too */
    int *agent_variable; /* [agents] that of an agent's one member, or -1 */
} dt_beliefs;

/* The grids of a game with private variables; `half`: of half the fineness. */
dt_beliefs *dt_beliefs_new(dt_arena *arena, const dt_game *game, bool half);

/* The point of a variable in a joint point, and its value's rank in a joint type. */
static inline uint32_t dt_beliefs_point(const dt_beliefs *beliefs, size_t variable, uint32_t point)
{
    return point / beliefs->stride[variable] % beliefs->grid[variable]->points;
}

static inline int dt_beliefs_rank(const dt_beliefs *beliefs, size_t variable, uint32_t type)
{
    return (int)(type / beliefs->type_stride[variable] % (uint32_t)beliefs->grid[variable]->values);
}

/* What is believed of a variable at a joint point: [values]. */
static inline const double *dt_beliefs_at(const dt_beliefs *beliefs, size_t variable,
                                          uint32_t point)
{
    const dt_grid *grid = beliefs->grid[variable];
    return grid->belief + dt_beliefs_point(beliefs, variable, point) * (size_t)grid->values;
}

/* A world of a column for each joint type; parameters are 0. */
dt_world *dt_beliefs_world(dt_arena *arena, const dt_beliefs *beliefs);

/* The prior of a variable [values] in a world that was evaluated: clamped, of sum 1. */
void dt_beliefs_prior(const dt_beliefs *beliefs, const dt_world *world, size_t variable,
                      double *prior);

/* The chance of each joint point and type [points][types] as play begins: types by the prior, points by the
 * signal about it. */
void dt_beliefs_start(const dt_beliefs *beliefs, const dt_world *world, double *chance);

#endif
