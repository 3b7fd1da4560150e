/*
 * The forward pass: the distribution over places, period by period (the Chapman–Kolmogorov
 * equation). Every branch leads to a higher index, so one pass over the places in order gives each
 * its whole mass before it is passed on. Invariant: after spreading, the plain mass at the leaves
 * sums to the mass at the beginning of the period.
 */
#include "trace/forward.h"

#include <assert.h>
#include <math.h>
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
    forward->plain = 1;
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

void dt_forward_clear(dt_forward *forward, size_t masses)
{
    const dt_game *game = forward->game;
    forward->masses = masses;
    forward->stride = stride_of(forward->width, masses);
    forward->spread = 0;
    memset(forward->mass, 0,
           ((size_t)game->nodes + game->leaves) * forward->stride * sizeof *forward->mass);
    memset(forward->begin, 0, game->states * forward->stride * sizeof *forward->begin);
}

void dt_forward_begin(dt_forward *forward)
{
    dt_forward_clear(forward, forward->masses);
    for (size_t i = 0; i < forward->stride; i++)
        forward->begin[forward->game->start * forward->stride + i] = 1;
}

void dt_forward_narrow(dt_forward *forward, size_t masses)
{
    const size_t before = forward->stride, stride = stride_of(forward->width, masses);
    assert(masses <= forward->masses && forward->plain <= masses);
    for (size_t state = 0; state < forward->game->states; state++)
        memmove(forward->begin + state * stride, forward->begin + state * before,
                stride * sizeof *forward->begin);
    forward->masses = masses;
    forward->stride = stride;
}

dt_forward *dt_forward_new(dt_arena *arena, const dt_solution *solution, size_t masses)
{
    dt_forward *forward = dt_forward_make(arena, solution->game, solution->world->coefficient, 1,
                                          masses, DT_KERNEL_AUTO);
    forward->solution = solution;
    dt_forward_begin(forward);
    return forward;
}

void dt_forward_turn(dt_forward *forward, uint32_t t)
{
    if (forward->solution)
        forward->coefficient = dt_solution_world(forward->solution, t)->coefficient;
}

dt_forward *dt_forward_beside(dt_arena *arena, const dt_solution *solution, size_t masses,
                              const double *other, size_t other_masses)
{
    const size_t split = stride_of(1, masses + masses % 2);
    dt_forward *forward = dt_forward_new(arena, solution, split + other_masses + other_masses % 2);
    forward->other = other;
    forward->split = split;
    forward->other_space = dt_new(arena, double, (size_t)dt_profile_room(solution->game));
    return forward;
}

static void add(double *to, const double *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += from[i];
}

void dt_forward_place(dt_forward *forward, uint32_t t)
{
    const dt_game *game = forward->game;
    const size_t bytes = forward->stride * sizeof *forward->mass;
    dt_forward_turn(forward, t);
    for (uint32_t s = 0; s <= game->stages && !forward->forgets; s++)
        memset(forward->mass + game->stage_first[s] * forward->stride, 0,
               dt_game_count(game, s, t) * bytes);
    for (uint32_t state = 0; state < game->states; state++) {
        const uint32_t place = game->state_place[state];
        const double *begin = forward->begin + state * forward->stride;
        if (forward->same) /* states may begin at places that are the same */
            add(forward->mass + forward->same[place] * forward->stride, begin, forward->stride);
        else
            memcpy(forward->mass + place * forward->stride, begin, bytes);
    }
    memset(forward->begin, 0, game->states * bytes);
}

void dt_forward_pass(dt_forward *forward, const double *strategy, uint32_t t, uint32_t stage)
{
    const uint32_t first = forward->game->stage_first[stage];
    const uint32_t beyond = first + dt_game_count(forward->game, stage, t);
    (forward->width == 1 ? forward->code->nodes : forward->code->worlds)(forward, strategy, first,
                                                                         beyond);
}

void dt_forward_spread(dt_forward *forward, const double *strategy, uint32_t t)
{
    dt_forward_place(forward, t);
    for (uint32_t s = 0; s < forward->game->stages; s++)
        dt_forward_pass(forward, strategy, t, s);
}

void dt_forward_enter(dt_forward *forward, uint64_t cell, size_t mass, double share)
{
    const dt_game *game = forward->game;
    const uint32_t *chance = dt_cell_coefficients(game, cell);
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
        forward->mass[game->branch_target[b] * forward->stride + mass] +=
            share * forward->coefficient[*chance++];
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
        if (next != DT_NOWHERE)
            add(forward->begin + next * stride, mass, stride);
        if (forward->forgets)
            memset(mass, 0, stride * sizeof *mass);
    }
}

void dt_forward_to(dt_forward *forward, uint32_t t)
{
    dt_strategy *strategy = forward->solution->strategy;
    if (forward->spread > t + 1)
        dt_forward_begin(forward);
    for (; forward->spread <= t; forward->spread++) {
        if (forward->spread > 0)
            dt_forward_carry(forward, forward->spread - 1);
        dt_forward_spread(forward, dt_strategy_of(strategy, forward->game, forward->spread),
                          forward->spread);
    }
}

uint32_t dt_forward_far(const dt_solution *solution, double left)
{
    double most = 0;
    for (int i = 0; i < solution->game->model->actors; i++)
        most = fmax(most, solution->world->discount[i]);
    assert(most < 1);
    return most == 0 ? 1 : (uint32_t)fmin(ceil(log(left) / log(most)), 1e8);
}
