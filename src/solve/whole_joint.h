/*
 * Cells of a node and what they are chosen with, one after the other: for sums over the joint actions of
 * the agents who choose there, the last one's option varying fastest.
 */
#ifndef DT_SOLVE_WHOLE_JOINT_H
#define DT_SOLVE_WHOLE_JOINT_H

#include <string.h>

#include "solve/whole.h"

/* A cell of a node: the option of each agent, and their strategies there. */
typedef struct dt_joint {
    const dt_menu *menu;
    const double *sigma[DT_MAX_MOVERS];
    int option[DT_MAX_MOVERS];
} dt_joint;

static inline dt_joint dt_joint_first(const dt_whole *whole, uint32_t node)
{
    const dt_places *places = whole->group->plan->places;
    dt_joint at = {.menu = &places->game->menu[places->menu[node]]};
    const double *sigma = whole->strategy + places->option[node];
    for (int k = 0; k < at.menu->agents; sigma += at.menu->options[k++])
        at.sigma[k] = sigma;
    return at;
}

static inline void dt_joint_next(dt_joint *at)
{
    for (int k = at->menu->agents - 1; k >= 0 && ++at->option[k] == at->menu->options[k]; k--)
        at->option[k] = 0;
}

/* Of all agents but k; of all if k is DT_NONE. */
static inline double dt_joint_but(const dt_joint *at, int k)
{
    double product = 1;
    for (int j = 0; j < at->menu->agents; j++)
        product *= j == k ? 1 : at->sigma[j][at->option[j]];
    return product;
}

/* to += factor · what the branches of a cell lead to, `width` numbers of each place. */
static inline void dt_add_branches(const dt_whole *whole, const dt_cell *cell, double factor,
                                   size_t width, const double *from, double *to)
{
    const dt_branch *branch = whole->group->plan->places->branch;
    for (uint64_t b = cell->branch; b < cell[1].branch; b++) {
        const double share = factor * whole->group->coefficient[branch[b].coefficient];
        const double *there = from + branch[b].target * width;
        for (size_t i = 0; i < width; i++)
            to[i] += share * there[i];
    }
}

static inline const dt_cell *dt_cell_of(const dt_places *places, uint32_t node, int cell)
{
    return &places->cell[places->use[places->use_first[node] + (uint32_t)cell]];
}

#endif
