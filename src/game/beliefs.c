/*
 * The grids of a game, their product, and a world with a column for each joint type (beliefs.h).
 */
#include "game/beliefs.h"

#include <assert.h>

/* Which private variables [privates] anybody's play can hang on: those that a probability or a payment reads,
 * and those whose owners choose unseen; where strategies are carried over, all, as other rules' play may. */
static bool *find_read(dt_arena *arena, const dt_game *game)
{
    const dt_model *model = game->model;
    const dt_coefficients *table = game->coefficient;
    const size_t privates = game->privates, count = table->list.count;
    uint64_t *reads = dt_new(arena, uint64_t, count), read = 0;
    bool *found = dt_new(arena, bool, privates);
    for (size_t i = 0; i < count; i++) {
        const dt_expression *e = &table->list.at[i];
        const uint32_t operand[3] = {e->a, e->b, e->c};
        for (size_t x = 0; x < privates && e->op == DT_OP_SLOT; x++)
            reads[i] |= e->a == (uint32_t)game->secret_variable[x] ? UINT64_C(1) << x : 0;
        for (int o = 0; o < dt_operands[e->op]; o++)
            reads[i] |= reads[operand[o]];
    }
    for (uint64_t i = 0; i < game->form_first[game->forms]; i++)
        read |= reads[game->form_coefficient[i]];
    for (uint32_t r = 0; r < game->rows; r++) {
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && game->row_pays[r]; e++)
            read |= reads[game->row_coefficient[e]];
    }
    for (size_t x = 0; x < privates; x++)
        found[x] = game->carried || (read >> x & 1);
    for (int s = 0; s < model->stages; s++) {
        const int actor = model->stage[s].hidden ? game->rules->stage[s].mover_actor[0] : -1;
        for (size_t x = 0; x < privates && actor >= 0; x++)
            found[x] |= model->variable[game->secret_variable[x]].owner == actor;
    }
    return found;
}

dt_beliefs *dt_beliefs_new(dt_arena *arena, const dt_game *game, bool half)
{
    const dt_model *model = game->model;
    dt_beliefs *beliefs = dt_new(arena, dt_beliefs, 1);
    beliefs->game = game;
    beliefs->variables = game->privates;
    beliefs->grid = dt_new(arena, dt_grid *, game->privates);
    beliefs->stride = dt_new(arena, uint32_t, game->privates);
    beliefs->type_stride = dt_new(arena, uint32_t, game->privates);
    beliefs->owned = dt_new(arena, int, (size_t)model->actors);
    beliefs->points = beliefs->types = 1;
    const bool *read = find_read(arena, game);
    for (int i = 0; i < model->actors; i++)
        beliefs->owned[i] = -1;
    for (size_t x = game->privates; x-- > 0;) {
        const int fineness = (int)game->fineness[x] / (half ? 2 : 1);
        beliefs->grid[x] = dt_grid_new(arena, (int)game->secret_values[x], fineness);
        beliefs->stride[x] = beliefs->points;
        beliefs->type_stride[x] = beliefs->types;
        beliefs->points *= beliefs->grid[x]->points;
        beliefs->types *= (uint32_t)beliefs->grid[x]->values;
        if (read[x])
            beliefs->owned[model->variable[game->secret_variable[x]].owner] = (int)x;
    }
    beliefs->agent_variable = dt_new(arena, int, (size_t)game->rules->agents);
    for (int k = 0; k < game->rules->agents; k++) {
        const dt_agent *agent = &game->rules->agent[k];
        const bool knows = agent->members == 1 && !agent->unknowing;
        beliefs->agent_variable[k] = knows ? beliefs->owned[agent->member[0]] : -1;
    }
    assert(beliefs->points <= DT_MOST_POINTS && beliefs->types == game->types);
    return beliefs;
}

dt_world *dt_beliefs_world(dt_arena *arena, const dt_beliefs *beliefs)
{
    const dt_game *game = beliefs->game;
    const size_t width = beliefs->types;
    dt_world *world = dt_world_new(arena, game, width);
    for (size_t x = 0; x < beliefs->variables; x++) {
        const int low = game->model->variable[game->secret_variable[x]].low;
        for (uint32_t t = 0; t < beliefs->types; t++)
            world->secret[x * width + t] = low + dt_beliefs_rank(beliefs, x, t);
    }
    return world;
}

void dt_beliefs_prior(const dt_beliefs *beliefs, const dt_world *world, size_t variable,
                      double *prior)
{
    const dt_game *game = beliefs->game;
    double sum = 0;
    for (uint32_t k = 0; k < game->secret_values[variable]; k++) {
        const uint32_t coefficient = game->prior[game->secret_first[variable] + k];
        const double chance = world->coefficient[coefficient * world->width];
        prior[k] = chance < 0 ? 0 : chance > 1 ? 1 : chance;
        sum += prior[k];
    }
    assert(sum > 0);
    for (uint32_t k = 0; k < game->secret_values[variable]; k++)
        prior[k] /= sum;
}

/* Spreads what has been found for the variables before `x` over the points and values of x. */
static void spread_start(const dt_beliefs *beliefs, const dt_world *world, size_t x, double *chance)
{
    const dt_grid *grid = beliefs->grid[x];
    double prior[DT_MOST_TYPES], b[DT_MOST_TYPES], weight[DT_MOST_TYPES];
    double belief[DT_MOST_TYPES * DT_MOST_TYPES];
    uint32_t point[DT_MOST_TYPES];
    uint8_t possible[DT_MOST_TYPES];
    dt_face face;
    dt_piece piece;
    dt_beliefs_prior(beliefs, world, x, prior);
    for (int k = 0; k < grid->values; k++)
        possible[k] = prior[k] > 0;
    dt_face_set(&face, grid, possible);
    for (int k = 0; k < face.types; k++)
        b[k] = prior[face.type[k]];
    dt_piece_find(&face, b, &piece);
    dt_piece_corners(&face, &piece, point, belief);
    dt_piece_weights(&face, &piece, b, weight);
    /* the chance of the point and the type: prior(k) · w_g g(k)/prior(k) */
    for (uint32_t p = 0; p < beliefs->points; p++) {
        for (uint32_t t = 0; t < beliefs->types; t++) {
            double own = 0;
            for (int g = 0; g < face.types; g++) {
                for (int k = 0; k < face.types; k++) {
                    if (point[g] == dt_beliefs_point(beliefs, x, p) &&
                        face.type[k] == dt_beliefs_rank(beliefs, x, t))
                        own += weight[g] * belief[g * face.types + k];
                }
            }
            chance[p * (size_t)beliefs->types + t] *= own;
        }
    }
}

void dt_beliefs_start(const dt_beliefs *beliefs, const dt_world *world, double *chance)
{
    for (size_t i = 0; i < (size_t)beliefs->points * beliefs->types; i++)
        chance[i] = 1;
    for (size_t x = 0; x < beliefs->variables; x++)
        spread_start(beliefs, world, x, chance);
}
