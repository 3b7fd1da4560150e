/*
 * Evaluating worlds: the coefficient table once from front to back, as operands come first; then
 * discounts, rationalities and the payments of each row; and the checks that only numbers can settle,
 * written so that NaN fails. Invariant: what is found of a world depends on that world alone.
 */
#include "game/world.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/lane.h"
#include "base/limits.h"
#include "game/dated.h"

/* Payments beyond this fail, as values do (src/solve/sweep.c): they couldn't be added up over the
 * periods and multiplied. */
static const double MOST_PAYMENT = 1e150;

#define ARRAYS(X)                                                                                  \
    X(parameter, game->model->params)                                                              \
    X(secret, game->privates)                                                                      \
    X(share, game->secret_first[game->privates])                                                   \
    X(coefficient, game->coefficient->list.count)                                                  \
    X(discount, game->model->actors)                                                               \
    X(rationality, game->rules->agents)                                                            \
    X(payment, (size_t)game->model->actors * game->rows)

dt_world *dt_world_new(dt_arena *arena, const dt_game *game, size_t width)
{
    dt_world *world = dt_new(arena, dt_world, 1);
    world->width = width;
#define X(name, count)                                                                             \
    world->name = dt_new_worlds(arena, ((size_t)(count)*width + DT_WORLDS - 1) / DT_WORLDS);
    ARRAYS(X)
#undef X
    return world;
}

double dt_world_bytes(const dt_game *game, size_t width)
{
    double bytes = sizeof(dt_world);
#define X(name, count) bytes += ((double)(count) * (double)width + 2 * DT_WORLDS) * sizeof(double);
    ARRAYS(X)
#undef X
    return bytes;
}

dt_world *dt_world_copy(dt_arena *arena, const dt_game *game, const dt_world *world)
{
    dt_world *copy = dt_world_new(arena, game, world->width);
    copy->period = world->period;
    copy->origin = world->origin;
#define X(name, count)                                                                             \
    if ((count) > 0)                                                                               \
        memcpy(copy->name, world->name, (size_t)(count)*world->width * sizeof(double));
    ARRAYS(X)
#undef X
    return copy;
}

static void evaluate_coefficient(const dt_game *game, dt_world *world, size_t i)
{
    const size_t width = world->width;
    const dt_expression *e = &game->coefficient->list.at[i];
    double *here = world->coefficient + i * width;
    const double *a = world->coefficient + e->a * width;
    const double *b = world->coefficient + e->b * width;
    const double *c = world->coefficient + e->c * width;
    assert(e->op != DT_OP_ROLE && e->op != DT_OP_BELIEF);
    const double *input = NULL;
    if (e->op == DT_OP_PARAMETER)
        input = world->parameter + e->a * width;
    else if (e->op == DT_OP_SLOT)
        input = world->secret + (size_t)game->secret_of[e->a] * width;
    else if (e->op == DT_OP_SHARE)
        input = world->share + (game->secret_first[e->a] + e->b) * width;
    if (input) {
        memcpy(here, input, width * sizeof *here);
        return;
    }
    const double leaf = e->op == DT_OP_NOW ? world->origin + (world->period + 1.0) : e->value;
    for (size_t w = 0; w < width; w++)
        here[w] = dt_operands[e->op] == 0 ? leaf : dt_operate(e->op, a[w], b[w], c[w]);
}

/* The sums of a row's terms for each actor. */
static void sum_row(const dt_game *game, dt_world *world, uint32_t r)
{
    const size_t width = world->width, actors = (size_t)game->model->actors;
    memset(world->payment + r * actors * width, 0, actors * width * sizeof(double));
    for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && game->row_pays[r]; e++) {
        const size_t actor = (size_t)game->rules->term_actor[game->row_column[e]];
        double *sum = world->payment + (r * actors + actor) * width;
        for (size_t w = 0; w < width; w++)
            sum[w] += world->coefficient[game->row_coefficient[e] * width + w];
    }
}

double dt_rationality_scale(const dt_options *options)
{
    if (options->chance_alone)
        return 0;
    return options->rationality_scale == 0 ? 1 : options->rationality_scale;
}

void dt_world_turn(const dt_game *game, dt_world *world, uint32_t period)
{
    if (game->dated == 0 || world->period == period)
        return;
    world->period = period;
    for (uint32_t i = 0; i < game->dated; i++)
        evaluate_coefficient(game, world, game->dated_coefficient[i]);
    for (uint32_t i = 0; i < game->dated_rows; i++)
        sum_row(game, world, game->dated_row[i]);
}

void dt_world_evaluate(const dt_game *game, dt_world *world, double scale)
{
    const size_t width = world->width, bytes = width * sizeof(double);
    const size_t actors = (size_t)game->model->actors;
    world->period = 0;
    for (size_t i = 0; i < game->coefficient->list.count; i++)
        evaluate_coefficient(game, world, i);
    for (size_t i = 0; i < actors; i++)
        memcpy(world->discount + i * width, world->coefficient + game->discount[i] * width, bytes);
    for (size_t k = 0; k < (size_t)game->rules->agents; k++) {
        for (size_t w = 0; w < width; w++)
            world->rationality[k * width + w] =
                scale * world->coefficient[game->rationality[k] * width + w];
    }
    for (uint32_t r = 0; r < game->rows; r++)
        sum_row(game, world, r);
}

/* ---- checks ------------------------------------------------------------------------------------ */

static const dt_wrong NOTHING = {DT_CODES, 0, 0, DT_NOWHERE, DT_NOWHERE, DT_NOWHERE};

uint32_t dt_world_type(const dt_game *game, const dt_world *world, size_t which)
{
    uint32_t type = 0;
    for (uint32_t i = 0; i < game->privates; i++) {
        const dt_variable *v = &game->model->variable[game->secret_variable[i]];
        const double value = world->secret[i * world->width + which];
        assert(value >= v->low && value <= v->high);
        type = type * game->secret_values[i] + (uint32_t)((int)value - v->low);
    }
    return type;
}

/* The type that a wrong number is told with: none if it is the same for all. */
static uint32_t type_of(const dt_game *game, const dt_world *world, size_t which,
                        uint32_t coefficient)
{
    return game->is_typed && game->is_typed[coefficient] ? dt_world_type(game, world, which)
                                                         : DT_NOWHERE;
}

/* The period that a wrong number is told with: none if it is the same in all. */
static uint32_t period_of(const dt_game *game, const dt_world *world, uint32_t coefficient)
{
    return dt_game_is_dated(game, coefficient) ? world->period : DT_NOWHERE;
}

static dt_wrong check_actors(const dt_game *game, const dt_world *world, size_t which)
{
    for (int i = 0; i < game->model->actors; i++) {
        const size_t agent = (size_t)game->rules->actor_agent[i];
        const double discount = world->discount[(size_t)i * world->width + which];
        const double rationality = world->rationality[agent * world->width + which];
        dt_code code = DT_CODES;
        if (!(discount >= 0 && discount <= 1))
            code = DT_WORLD_DISCOUNT;
        else if (game->forever && discount == 1)
            code = DT_WORLD_FOREVER;
        if (code != DT_CODES)
            return (dt_wrong){code, i, discount, DT_NOWHERE, DT_NOWHERE, DT_NOWHERE};
        if (!(rationality >= 0 && rationality <= DBL_MAX))
            return (dt_wrong){DT_WORLD_RATIONALITY, i,          rationality,
                              DT_NOWHERE,           DT_NOWHERE, DT_NOWHERE};
    }
    return NOTHING;
}

static dt_wrong check_probabilities(const dt_game *game, const dt_world *world, size_t which)
{
    static const dt_code code[] = {DT_WORLD_PROBABILITY, DT_WORLD_SUM, DT_WORLD_REST,
                                   DT_WORLD_KNOWN};
    for (uint32_t i = 0; i < game->checks; i++) {
        const dt_check *check = &game->check[i];
        const double v = world->coefficient[check->coefficient * world->width + which];
        const double least = check->kind == DT_CHECK_PROBABILITY ? -DT_SLACK
                             : check->kind == DT_CHECK_SUM       ? 1 - DT_SLACK
                             : check->kind == DT_CHECK_KNOWN     ? 1
                                                                 : -INFINITY;
        if (v <= 1 + DT_SLACK && v >= least)
            continue;
        const uint32_t period = period_of(game, world, check->coefficient);
        if (period == DT_NOWHERE || period >= dt_game_since(game, check->where))
            return (dt_wrong){code[check->kind], (int)i, v, check->where, period, DT_NOWHERE};
    }
    return NOTHING;
}

/* The terms of a row, and their sums over several. */
static dt_wrong check_payments(const dt_game *game, const dt_world *world, size_t which)
{
    const size_t actors = (size_t)game->model->actors;
    for (uint32_t r = 0; r < game->rows; r++) {
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && game->row_pays[r];
             e++) {
            const size_t actor = (size_t)game->rules->term_actor[game->row_column[e]];
            const double v = world->coefficient[game->row_coefficient[e] * world->width + which];
            const double sum = world->payment[(r * actors + actor) * world->width + which];
            const uint32_t period = period_of(game, world, game->row_coefficient[e]);
            if (period != DT_NOWHERE && period < game->row_since[r])
                continue;
            if (fabs(v) <= DBL_MAX && fabs(sum) <= MOST_PAYMENT)
                continue;
            const uint32_t type = type_of(game, world, which, game->row_coefficient[e]);
            if (!(fabs(v) <= DBL_MAX))
                return (dt_wrong){DT_WORLD_PAYMENT, (int)e, v, DT_NOWHERE, period, type};
            return (dt_wrong){DT_VALUE_OVERFLOW, (int)e, v, DT_NOWHERE, period, type};
        }
    }
    return NOTHING;
}

dt_wrong dt_world_check(const dt_game *game, const dt_world *world, size_t which)
{
    assert(which < world->width);
    dt_wrong wrong = check_actors(game, world, which);
    if (wrong.code == DT_CODES)
        wrong = check_probabilities(game, world, which);
    return wrong.code == DT_CODES ? check_payments(game, world, which) : wrong;
}
