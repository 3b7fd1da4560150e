/*
 * The forward pass over places, points and types, period by period; what becomes of mass at a node is in
 * private_pass.c. Whoever stands at a point should believe what is true of those who stand there. That is
 * measured: calibration.
 *
 * Invariant: mass is 0 at points that aren't live. Where nothing is learned few are, and nothing but live
 * points is looked at, moved or cleared.
 */
#include "solve/private_chain.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"

/* Below so little mass shares mean nothing. */
static const double NOTHING = 1e-290;

static size_t words_of(const dt_beliefs *beliefs)
{
    return (beliefs->points + 63) / 64;
}

double dt_private_chain_bytes(const dt_private_plan *plan, size_t masses)
{
    const dt_game *game = plan->game;
    const size_t columns = (size_t)plan->beliefs->points * plan->beliefs->types;
    return dt_world_bytes(game, columns) +
           (double)columns * (3 * sizeof(double) + sizeof(uint32_t)) +
           ((double)game->nodes + game->leaves + game->states) *
               ((double)(masses * columns) * sizeof(double) +
                (double)words_of(plan->beliefs) * sizeof(uint64_t));
}

/* The numbers of each point and type. */
static void fill_world(const dt_private_chain *chain)
{
    const dt_private *work = chain->work;
    const dt_beliefs *beliefs = work->plan->beliefs;
    const dt_game *game = beliefs->game;
    const size_t columns = chain->columns;
    dt_world *world = chain->world;
    for (size_t w = 0; w < columns; w++) {
        const uint32_t point = (uint32_t)(w / beliefs->types),
                       type = (uint32_t)(w % beliefs->types);
        for (size_t i = 0; i < (size_t)game->model->params; i++)
            world->parameter[i * columns + w] = work->typed->parameter[i * beliefs->types];
        for (size_t x = 0; x < beliefs->variables; x++) {
            world->secret[x * columns + w] = work->typed->secret[x * beliefs->types + type];
            for (size_t k = 0; k < game->secret_values[x]; k++)
                world->share[(game->secret_first[x] + k) * columns + w] =
                    dt_beliefs_at(beliefs, x, point)[k];
        }
    }
    dt_world_evaluate(game, world, work->plan->scale);
}

/* How likely a joint type is where a joint point is believed. */
static double believed_of(const dt_beliefs *beliefs, uint32_t point, uint32_t type)
{
    double believed = 1;
    for (size_t x = 0; x < beliefs->variables; x++)
        believed *= dt_beliefs_at(beliefs, x, point)[dt_beliefs_rank(beliefs, x, type)];
    return believed;
}

dt_private_chain *dt_private_chain_new(dt_arena *arena, dt_private *work, size_t masses)
{
    const dt_game *game = work->plan->game;
    const dt_beliefs *beliefs = work->plan->beliefs;
    const size_t places = (size_t)game->nodes + game->leaves;
    dt_private_chain *chain = dt_new(arena, dt_private_chain, 1);
    chain->game = game;
    chain->work = work;
    chain->columns = (size_t)beliefs->points * beliefs->types;
    chain->masses = masses;
    chain->stride = masses * chain->columns;
    chain->world = dt_world_new(arena, game, chain->columns);
    chain->mass = dt_new(arena, double, places * chain->stride);
    chain->begin = dt_new(arena, double, game->states * chain->stride);
    chain->words = words_of(beliefs);
    chain->live = dt_new(arena, uint64_t, places * chain->words);
    chain->alive = dt_new(arena, uint64_t, game->states * chain->words);
    chain->leaving = dt_new(arena, uint32_t, chain->columns);
    chain->chance = dt_new(arena, double, chain->columns);
    chain->share = dt_new(arena, double, chain->columns);
    chain->believed = dt_new(arena, double, chain->columns);
    for (size_t w = 0; w < chain->columns; w++)
        chain->believed[w] =
            believed_of(beliefs, (uint32_t)(w / beliefs->types), (uint32_t)(w % beliefs->types));
    dt_private_chain_begin(chain);
    return chain;
}

/* All masses of the live points of places or states are 0, and no point is live. */
static void clear(const dt_private_chain *chain, double *mass, uint64_t *live, size_t count)
{
    const size_t types = chain->work->plan->beliefs->types, words = chain->words;
    dt_points points;
    for (size_t i = 0; i < count; i++, mass += chain->stride, live += words) {
        dt_points_list(live, words, &points);
        for (uint32_t p = 0; p < points.count; p++) {
            const size_t first = points.point[p] * types;
            for (size_t m = 0; m < chain->masses; m++) {
                for (size_t w = first; w < first + types; w++)
                    mass[m * chain->columns + w] = 0;
            }
        }
        for (size_t w = 0; w < words; w++)
            live[w] = 0;
    }
}

static void clear_places(const dt_private_chain *chain)
{
    clear(chain, chain->mass, chain->live, (size_t)chain->game->nodes + chain->game->leaves);
}

static void clear_states(const dt_private_chain *chain)
{
    clear(chain, chain->begin, chain->alive, chain->game->states);
}

/* Adds all masses of the live points of one place or state to another, whose live points they are then, too. */
static void add_live(const dt_private_chain *chain, const double *from, const uint64_t *live,
                     double *to, uint64_t *live_there)
{
    const size_t types = chain->work->plan->beliefs->types;
    dt_points points;
    dt_points_list(live, chain->words, &points);
    for (uint32_t p = 0; p < points.count; p++) {
        const size_t first = points.point[p] * types;
        for (size_t m = 0; m < chain->masses; m++) {
            for (size_t w = first; w < first + types; w++)
                to[m * chain->columns + w] += from[m * chain->columns + w];
        }
    }
    for (size_t i = 0; i < chain->words; i++)
        live_there[i] |= live[i];
}

void dt_private_chain_begin(dt_private_chain *chain)
{
    const dt_game *game = chain->game;
    const size_t types = chain->work->plan->beliefs->types;
    fill_world(chain);
    chain->spread = 0;
    chain->calibration = 0;
    clear_places(chain);
    clear_states(chain);
    double *begin = chain->begin + game->start * chain->stride;
    for (size_t m = 0; m < chain->masses; m++)
        memcpy(begin + m * chain->columns, chain->work->begins, chain->columns * sizeof *begin);
    for (size_t w = 0; w < chain->columns; w++) {
        if (begin[w] != 0)
            dt_points_add(chain->alive + game->start * chain->words, (uint32_t)(w / types));
    }
}

double dt_private_chain_given(dt_private_chain *chain, size_t variable, int rank)
{
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    double *begin = chain->begin + chain->game->start * chain->stride, chance = 0;
    assert(chain->spread == 0);
    for (size_t w = 0; w < chain->stride; w++) {
        const bool given =
            dt_beliefs_rank(beliefs, variable, (uint32_t)(w % beliefs->types)) == rank;
        begin[w] = given ? begin[w] : 0;
        chance += w < chain->columns ? begin[w] : 0;
    }
    for (size_t w = 0; w < chain->stride && chance > 0; w++)
        begin[w] /= chance;
    return chance;
}

void dt_private_chain_turn(const dt_private_chain *chain, uint32_t t)
{
    if (!chain->game->dated)
        return;
    dt_world_turn(chain->game, chain->world, t);
    dt_world_turn(chain->game, chain->work->typed, t);
}

void dt_private_chain_stand(dt_private_chain *chain, uint32_t t)
{
    clear_places(chain);
    clear_states(chain);
    chain->spread = t + 1;
    dt_private_chain_turn(chain, t);
}

/* ---- periods --------------------------------------------------------------------------------- */

/* How far the shares of types at a place are from what is believed there. */
static void calibrate(dt_private_chain *chain, size_t place)
{
    const size_t types = chain->work->plan->beliefs->types;
    const double *mass = chain->mass + place * chain->stride;
    dt_points points;
    dt_points_list(chain->live + place * chain->words, chain->words, &points);
    for (uint32_t p = 0; p < points.count; p++) {
        const size_t first = points.point[p] * types;
        double sum = 0;
        for (size_t w = first; w < first + types; w++)
            sum += mass[w];
        for (size_t w = first; w < first + types && sum > NOTHING; w++)
            chain->calibration =
                dt_greater(fabs(mass[w] / sum - chain->believed[w]), chain->calibration);
    }
}

void dt_private_chain_stage(dt_private_chain *chain, uint32_t t, uint32_t stage)
{
    const dt_game *game = chain->game;
    const uint32_t first = game->stage_first[stage];
    for (uint32_t node = first; node < first + dt_game_count(game, stage, t); node++) {
        dt_private_chain_leave(chain, node, t, NULL);
        calibrate(chain, node);
    }
}

/* Each stage of a period passes on what has come to it. */
static void pass(dt_private_chain *chain, uint32_t t)
{
    const dt_game *game = chain->game;
    for (uint32_t s = 0; s < game->stages; s++)
        dt_private_chain_stage(chain, t, s);
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++)
        calibrate(chain, (size_t)game->nodes + leaf);
}

void dt_private_chain_pass(dt_private_chain *chain)
{
    assert(chain->spread > 0);
    pass(chain, chain->spread - 1);
}

void dt_private_chain_place(dt_private_chain *chain, uint32_t t)
{
    const dt_game *game = chain->game;
    dt_private_chain_turn(chain, t);
    clear_places(chain);
    for (uint32_t state = 0; state < game->states; state++) {
        const size_t place = game->state_place[state];
        add_live(chain, chain->begin + state * chain->stride, chain->alive + state * chain->words,
                 chain->mass + place * chain->stride, chain->live + place * chain->words);
    }
    clear_states(chain);
}

void dt_private_chain_carry(dt_private_chain *chain, uint32_t t)
{
    const dt_game *game = chain->game;
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
        const size_t place = (size_t)game->nodes + leaf;
        const uint32_t next = game->leaf_next[leaf];
        if (next != DT_NOWHERE)
            add_live(chain, chain->mass + place * chain->stride, chain->live + place * chain->words,
                     chain->begin + next * chain->stride, chain->alive + next * chain->words);
    }
}

void dt_private_chain_to(dt_private_chain *chain, uint32_t t)
{
    for (; chain->spread <= t; chain->spread++) {
        if (chain->spread > 0)
            dt_private_chain_carry(chain, chain->spread - 1);
        dt_private_chain_place(chain, chain->spread);
        pass(chain, chain->spread);
    }
}
