/*
 * Periods, places, cells and the logit (walk.h), in the plainest way: every number from its definition.
 */
#include "verify/walk.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double LEFT_OUT = 1e-13;

uint32_t dt_walk_places(const dt_game *game, uint32_t stage, uint32_t t)
{
    uint32_t all = game->stage_first[stage + 1] - game->stage_first[stage];
    assert(stage <= game->stages && dt_game_count(game, stage, t) <= all);
    return game->forever ? all : dt_game_count(game, stage, t);
}

bool dt_walk_begins(const dt_game *game, uint32_t state, uint32_t t, uint32_t *place)
{
    *place = game->state_place[state];
    uint32_t stage = dt_game_stage(game, *place);
    return *place < game->stage_first[stage] + dt_walk_places(game, stage, t);
}

uint32_t dt_walk_periods(const dt_game *game, const dt_world *world)
{
    if (!game->forever)
        return game->periods;
    double most = 0;
    for (int i = 0; i < game->model->actors; i++)
        most = fmax(most, world->discount[(size_t)i * world->width]);
    assert(most < 1);
    return most == 0 ? 1 : (uint32_t)fmin(ceil(log(LEFT_OUT) / log(most)), 1e8);
}

void dt_walk_options(const dt_menu *menu, int cell, int *option)
{
    for (int k = menu->agents - 1; k >= 0; k--) {
        option[k] = cell % menu->options[k];
        cell /= menu->options[k];
    }
    assert(cell == 0);
}

void dt_walk_due(const dt_game *game, const dt_world *world, double *term, double *due,
                 double *reference)
{
    const size_t actors = (size_t)game->model->actors, width = world->width;
    const size_t terms = (size_t)game->model->terms;
    const uint32_t first = game->leaf_payoff[0];
    const uint32_t *at = game->row_first;
    memset(due, 0, game->rows * actors * width * sizeof *due);
    memset(reference, 0, actors * sizeof *reference);
    for (uint32_t r = 0; r < game->rows; r++) {
        for (size_t w = 0; w < width && game->row_pays[r]; w++) {
            memset(term, 0, terms * sizeof *term);
            for (uint32_t e = at[first]; e < at[first + 1]; e++)
                term[game->row_column[e]] -= world->coefficient[game->row_coefficient[e] * width];
            for (uint32_t e = at[r]; e < at[r + 1]; e++)
                term[game->row_column[e]] +=
                    world->coefficient[game->row_coefficient[e] * width + w];
            for (size_t t = 0; t < terms; t++)
                due[(r * actors + (size_t)game->rules->term_actor[t]) * width + w] += term[t];
        }
    }
    for (uint32_t e = at[first]; e < at[first + 1]; e++)
        reference[game->rules->term_actor[game->row_column[e]]] +=
            world->coefficient[game->row_coefficient[e] * width];
}

double dt_walk_residual(const double *sigma, const double *q, int options, double lambda)
{
    double most = -INFINITY, sum = 0, residual = 0;
    for (int o = 0; o < options; o++)
        most = fmax(most, q[o]);
    for (int o = 0; o < options; o++)
        sum += exp(lambda * (q[o] - most)); /* λ q alone may be more than a number can hold */
    for (int o = 0; o < options; o++)
        residual = dt_walk_worse(fabs(sigma[o] - exp(lambda * (q[o] - most)) / sum), residual);
    return residual;
}

double dt_walk_surplus(const double *q, int options, double lambda)
{
    assert(options > 0 && lambda > 0);
    double most = q[0], sum = 0;
    for (int o = 1; o < options; o++)
        most = fmax(most, q[o]);
    for (int o = 0; o < options; o++)
        sum += exp(lambda * (q[o] - most));
    return most + log(sum) / lambda;
}
