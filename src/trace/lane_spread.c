/*
 * Spreading masses along the branches of nodes: with many worlds the lanes of a vector are worlds,
 * with one they are masses. The probability of a cell is the product of its agents', the last one's
 * first, as dt_profile has it. One source for every kernel (lane.h). Invariant: what is added to a
 * world's mass doesn't depend on the other worlds.
 */
#include <assert.h>
#include <string.h>

#include "base/lane.h"
#include "trace/profile.h"
#include "trace/spread.h"

/* ---- many worlds --------------------------------------------------------------------------------- */

/* Whether anything is there: the other masses are no greater than the first. */
static bool is_there(const dt_lane *mass)
{
    bool any = false;
    for (int p = 0; p < DT_PACKS; p++)
        any |= dt_lane_any((dt_lane_mask)(mass[p] != 0.0));
    return any;
}

/* Sends `masses` numbers on along the branches of one cell, `played` with these probabilities. */
DT_LANE_INLINE void send(const dt_forward *forward, uint64_t cell, const dt_lane played[DT_PACKS],
                         const dt_lane *here, const size_t masses)
{
    const dt_game *game = forward->game;
    const dt_lane *coefficient = (const dt_lane *)forward->coefficient;
    const uint32_t *chance = dt_cell_coefficients(game, cell);
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const dt_lane *probability = coefficient + *chance++ * DT_PACKS;
        dt_lane *target = (dt_lane *)forward->mass + game->branch_target[b] * masses * DT_PACKS;
        for (size_t p = 0; p < DT_PACKS; p++) {
            const dt_lane weight = played[p] * probability[p];
            for (size_t m = 0; m < masses; m++)
                target[m * DT_PACKS + p] += weight * here[m * DT_PACKS + p];
        }
    }
}

DT_LANE_INLINE void send_node(const dt_forward *forward, const double *strategy, uint32_t node,
                              const dt_lane *here, const size_t masses)
{
    const dt_game *game = forward->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const dt_lane *end =
        (const dt_lane *)strategy + (game->node_option[node] + (size_t)menu->total) * DT_PACKS;
    uint64_t cell = game->node_cell[node];
    int choice[DT_MAX_MOVERS] = {0};
    for (int c = 0; c < menu->cells; c++, cell++) {
        dt_lane played[DT_PACKS];
        for (int p = 0; p < DT_PACKS; p++) {
            const dt_lane *own = end + p;
            played[p] = dt_lane_all(1);
            for (int k = menu->agents - 1; k >= 0; k--) {
                own -= menu->options[k] * DT_PACKS;
                played[p] *= own[choice[k] * DT_PACKS];
            }
        }
        for (int k = menu->agents - 1; k >= 0 && ++choice[k] == menu->options[k]; k--)
            choice[k] = 0;
        send(forward, cell, played, here, masses);
    }
}

static void spread_worlds(dt_forward *forward, const double *strategy, uint32_t first,
                          uint32_t beyond)
{
    const size_t masses = forward->masses, bytes = forward->stride * sizeof(double);
    dt_lane *here = (dt_lane *)forward->here;
    for (uint32_t node = first; node < beyond; node++) {
        dt_lane *mass = (dt_lane *)forward->mass + node * masses * DT_PACKS;
        if (!is_there(mass))
            continue;
        memcpy(here, mass, bytes);
        if (forward->forgets)
            memset(mass, 0, bytes);
        /* the usual numbers of masses are known to the compiler: here most of the time goes */
        if (masses == 1)
            send_node(forward, strategy, node, here, 1);
        else if (masses == 2)
            send_node(forward, strategy, node, here, 2);
        else if (masses == 3)
            send_node(forward, strategy, node, here, 3);
        else
            send_node(forward, strategy, node, here, masses);
    }
}

/* ---- one world ----------------------------------------------------------------------------------- */

/* Two masses at a time. */
typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));

DT_LANE_INLINE void add(double *to, const double *from, double share, const size_t masses)
{
    if (masses == 1)
        *to += share * *from;
    for (size_t m = 0; m + 1 < masses; m += 2)
        *(pair *)(to + m) += share * *(const pair *)(from + m);
}

DT_LANE_INLINE void spread_node(dt_forward *forward, const double *strategy, uint32_t node,
                                const uint32_t *same, const size_t stride)
{
    const dt_game *game = forward->game;
    double *mass = forward->mass + node * stride, any = mass[0];
    for (size_t m = 1; m < forward->plain; m++)
        any += mass[m];
    if (any == 0)
        return;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const double *profile = dt_profile(menu, strategy + game->node_option[node], forward->space);
    for (uint64_t c = game->node_cell[node]; c < game->node_cell[node + 1]; c++, profile++) {
        const uint32_t *chance = dt_cell_coefficients(game, c);
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++) {
            const uint32_t branch = game->branch_target[b], target = same ? same[branch] : branch;
            assert(target > node);
            add(forward->mass + target * stride, mass, *profile * forward->coefficient[*chance++],
                stride);
        }
    }
    if (forward->forgets)
        memset(mass, 0, stride * sizeof *mass);
}

/* The usual numbers of masses are known to the compiler. */
DT_LANE_INLINE void spread_any(dt_forward *forward, const double *strategy, uint32_t node,
                               const uint32_t *same)
{
    const size_t stride = forward->stride;
    if (stride == 1)
        spread_node(forward, strategy, node, same, 1);
    else if (stride == 2)
        spread_node(forward, strategy, node, same, 2);
    else if (stride == 4)
        spread_node(forward, strategy, node, same, 4);
    else if (stride == 6)
        spread_node(forward, strategy, node, same, 6);
    else
        spread_node(forward, strategy, node, same, stride);
}

/* Masses that flow by two strategies; a node's are left alone if none of either is there. */
DT_LANE_INLINE void spread_beside(dt_forward *forward, const double *strategy, uint32_t node,
                                  const size_t split, const size_t stride)
{
    const dt_game *game = forward->game;
    double *mass = forward->mass + node * stride;
    if (mass[0] == 0 && mass[split] == 0)
        return;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const uint32_t option = game->node_option[node];
    const double *profile = dt_profile(menu, strategy + option, forward->space);
    const double *other = dt_profile(menu, forward->other + option, forward->other_space);
    for (uint64_t c = game->node_cell[node]; c < game->node_cell[node + 1]; c++) {
        const uint32_t *chance = dt_cell_coefficients(game, c);
        const double here = *profile++, there = *other++;
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++) {
            double *target = forward->mass + game->branch_target[b] * stride;
            const double probability = forward->coefficient[*chance++];
            assert(game->branch_target[b] > node);
            add(target, mass, here * probability, split);
            add(target + split, mass + split, there * probability, stride - split);
        }
    }
    if (forward->forgets)
        memset(mass, 0, stride * sizeof *mass);
}

static void spread_nodes(dt_forward *forward, const double *strategy, uint32_t first,
                         uint32_t beyond)
{
    const size_t split = forward->split, stride = forward->stride;
    for (uint32_t node = first; node < beyond; node++) {
        if (forward->other && split == 2 && stride == 4)
            spread_beside(forward, strategy, node, 2, 4);
        else if (forward->other && split == 4 && stride == 8)
            spread_beside(forward, strategy, node, 4, 8);
        else if (forward->other)
            spread_beside(forward, strategy, node, split, stride);
        else if (forward->same)
            spread_any(forward, strategy, node, forward->same);
        else
            spread_any(forward, strategy, node, NULL);
    }
}

extern const dt_spread DT_KERNEL(dt_spread);
const dt_spread DT_KERNEL(dt_spread) = {spread_worlds, spread_nodes};
