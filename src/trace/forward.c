/*
 * The forward pass: the distribution over places, period by period (the Chapman–Kolmogorov
 * equation). Every branch leads to a higher index, so one pass over the places in order gives each
 * its whole mass before it is passed on. Invariant: after spreading, the plain mass at the leaves
 * sums to the mass at the beginning of the period.
 */
#include "trace/forward.h"

#include <assert.h>
#include <string.h>

#include "base/kernel.h"
#include "base/lane.h"
#include "trace/profile.h"
#include "trace/spread.h"

DT_KERNEL_TABLE(dt_spread, dt_spread);

/* Pairs of masses of one world fill a vector. */
static size_t stride_of(size_t width, size_t masses)
{
    return width > 1 || masses == 1 ? masses * width : (masses + 1) / 2 * 2;
}

double dt_forward_bytes(const dt_game *game, size_t width, size_t masses)
{
    const double places = (double)game->nodes + game->leaves + game->states + 1;
    return (places * (double)stride_of(width, masses) + 4 * DT_WORLDS) * sizeof(double) +
           (double)dt_profile_room(game) * sizeof(double);
}

static double *take(dt_arena *arena, size_t count)
{
    return dt_new_worlds(arena, (count + DT_WORLDS - 1) / DT_WORLDS);
}

dt_forward *dt_forward_make(dt_arena *arena, const dt_game *game, const double *coefficient,
                            size_t width, size_t masses, dt_kernel kernel)
{
    assert(masses >= 1 && (width == 1 || width == DT_WORLDS));
    dt_forward *forward = dt_new(arena, dt_forward, 1);
    forward->game = game;
    forward->width = width;
    forward->masses = masses;
    forward->stride = stride_of(width, masses);
    forward->coefficient = coefficient;
    forward->code = dt_spread_table[dt_kernel_of(kernel)];
    forward->mass = take(arena, ((size_t)game->nodes + game->leaves) * forward->stride);
    forward->begin = take(arena, (size_t)game->states * forward->stride);
    forward->here = take(arena, forward->stride);
    forward->space = dt_new(arena, double, (size_t)dt_profile_room(game));
    assert(forward->code);
    return forward;
}

void dt_forward_begin(dt_forward *forward)
{
    const dt_game *game = forward->game;
    memset(forward->mass, 0,
           ((size_t)game->nodes + game->leaves) * forward->stride * sizeof *forward->mass);
    memset(forward->begin, 0, game->states * forward->stride * sizeof *forward->begin);
    for (size_t i = 0; i < forward->stride; i++)
        forward->begin[game->start * forward->stride + i] = 1;
}

dt_forward *dt_forward_new(dt_arena *arena, const dt_solution *solution, size_t masses)
{
    dt_forward *forward = dt_forward_make(arena, solution->game, solution->world->coefficient, 1,
                                          masses, DT_KERNEL_AUTO);
    dt_forward_begin(forward);
    return forward;
}

void dt_forward_spread(dt_forward *forward, const double *strategy, uint32_t t)
{
    const dt_game *game = forward->game;
    const size_t bytes = forward->stride * sizeof *forward->mass;
    for (uint32_t s = 0; s <= game->stages && !forward->forgets; s++)
        memset(forward->mass + game->stage_first[s] * forward->stride, 0,
               dt_game_count(game, s, t) * bytes);
    for (uint32_t state = 0; state < game->states; state++)
        memcpy(forward->mass + game->state_place[state] * forward->stride,
               forward->begin + state * forward->stride, bytes);
    memset(forward->begin, 0, game->states * bytes);
    void (*spread)(dt_forward * forward, const double *strategy, uint32_t first, uint32_t beyond) =
        forward->width == 1 ? forward->code->nodes : forward->code->worlds;
    for (uint32_t s = 0; s < game->stages; s++)
        spread(forward, strategy, game->stage_first[s],
               game->stage_first[s] + dt_game_count(game, s, t));
}

void dt_forward_carry(dt_forward *forward, uint32_t t)
{
    const dt_game *game = forward->game;
    const size_t stride = forward->stride;
    const uint32_t leaves = dt_game_count(game, game->stages, t);
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        const uint32_t next = game->leaf_next[leaf];
        double *mass = forward->mass + ((size_t)game->nodes + leaf) * stride;
        assert(next == DT_NOWHERE || (next < game->states && !game->leaf_ended[leaf]));
        for (size_t i = 0; i < stride && next != DT_NOWHERE; i++)
            forward->begin[next * stride + i] += mass[i];
        if (forward->forgets)
            memset(mass, 0, stride * sizeof *mass);
    }
}
