/*
 * The forward pass: the distribution over places, period by period (the Chapman–Kolmogorov
 * equation). Every branch leads to a higher index, so one pass over the places in order gives each
 * its whole mass before it is passed on. Invariant: after spreading, the plain mass at the leaves
 * sums to the mass at the beginning of the period.
 */
#include "trace/forward.h"

#include <assert.h>
#include <string.h>

#include "trace/profile.h"

#define TRACE_INLINE static inline __attribute__((always_inline))

dt_forward *dt_forward_new(dt_arena *arena, const dt_solution *solution, size_t lanes)
{
    assert(lanes >= 1);
    const dt_game *game = solution->game;
    dt_forward *forward = dt_new(arena, dt_forward, 1);
    forward->solution = solution;
    forward->lanes = lanes = lanes == 1 ? 1 : (lanes + 1) / 2 * 2;
    forward->mass = dt_new(arena, double, ((size_t)game->nodes + game->leaves) * lanes);
    forward->begin = dt_new(arena, double, (size_t)game->states *lanes);
    forward->space = dt_new(arena, double, (size_t)dt_profile_room(game));
    for (size_t l = 0; l < lanes; l++)
        forward->begin[game->start * lanes + l] = 1;
    return forward;
}

/* Two lanes at a time. */
typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));

TRACE_INLINE void add(double *to, const double *from, double share, const size_t lanes)
{
    if (lanes == 1)
        *to += share * *from;
    for (size_t l = 0; l + 1 < lanes; l += 2)
        *(pair *)(to + l) += share * *(const pair *)(from + l);
}

TRACE_INLINE void spread_node(dt_forward *forward, uint32_t t, uint32_t n, const size_t lanes)
{
    const dt_solution *solution = forward->solution;
    const dt_game *game = solution->game;
    const double *mass = forward->mass + (size_t)n * lanes;
    if (mass[0] == 0)
        return;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *sigma = dt_strategy_at(&solution->strategy, game, t, n);
    const double *profile = dt_profile(menu, sigma, forward->space);
    const double *coefficient = solution->world->coefficient;
    assert(game->node_cell[n + 1] - game->node_cell[n] == (uint64_t)menu->cells);
    const uint32_t *target = game->branch_target + game->cell_branch[game->node_cell[n]];
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++, profile++) {
        const uint32_t *end = game->branch_target + game->cell_branch[c + 1];
        const uint32_t *chance = dt_cell_coefficients(game, c);
        if (*profile == 0)
            target = end;
        for (; target < end; target++, chance++) {
            assert(*target > n);
            add(forward->mass + (size_t)*target * lanes, mass, *profile * coefficient[*chance],
                lanes);
        }
    }
}

TRACE_INLINE void spread_stages(dt_forward *forward, uint32_t t, const size_t lanes)
{
    const dt_game *game = forward->solution->game;
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint32_t first = game->stage_first[s], count = dt_game_count(game, s, t);
        for (uint32_t n = first; n < first + count; n++)
            spread_node(forward, t, n, lanes);
    }
}

void dt_forward_spread(dt_forward *forward, uint32_t t)
{
    const dt_game *game = forward->solution->game;
    const size_t lanes = forward->lanes;
    for (uint32_t s = 0; s <= game->stages; s++) {
        size_t first = game->stage_first[s];
        memset(forward->mass + first * lanes, 0,
               dt_game_count(game, s, t) * lanes * sizeof *forward->mass);
    }
    for (uint32_t state = 0; state < game->states; state++) {
        const double *mass = forward->begin + (size_t)state * lanes;
        assert(game->state_place[state] < game->nodes + game->leaves);
        if (mass[0] != 0)
            add(forward->mass + (size_t)game->state_place[state] * lanes, mass, 1, lanes);
    }
    /* the usual numbers of lanes are known to the compiler: here most of the time goes */
    if (lanes == 1)
        spread_stages(forward, t, 1);
    else if (lanes == 2)
        spread_stages(forward, t, 2);
    else if (lanes == 4)
        spread_stages(forward, t, 4);
    else
        spread_stages(forward, t, lanes);
}

void dt_forward_carry(dt_forward *forward, uint32_t t)
{
    const dt_game *game = forward->solution->game;
    const size_t lanes = forward->lanes;
    memset(forward->begin, 0, (size_t)game->states * lanes * sizeof *forward->begin);
    uint32_t first = game->stage_first[game->stages];
    uint32_t count = dt_game_count(game, game->stages, t);
    for (uint32_t place = first; place < first + count; place++) {
        uint32_t next = game->leaf_next[place - game->nodes];
        const double *mass = forward->mass + (size_t)place * lanes;
        if (next == DT_NOWHERE || mass[0] == 0)
            continue;
        assert(next < game->states && !game->leaf_ended[place - game->nodes]);
        add(forward->begin + (size_t)next * lanes, mass, 1, lanes);
    }
}
