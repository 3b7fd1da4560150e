/*
 * Evaluating a world: the coefficient table once, then discounts, rationalities and the payments of
 * each row, then the checks that only numbers can settle.
 */
#include "game/world.h"

#include <math.h>
#include <string.h>

/* Tells an error that a world shows at a place. */
static void complain_at(const dt_game *game, dt_arena *arena, dt_diagnostics *diagnostics,
                        dt_code code, dt_place in_text, uint32_t place, double value)
{
    char number[32];
    dt_text state = {.arena = arena};
    dt_text_print(&state, "in the state ");
    dt_game_describe(game, place, &state);
    dt_text_print(&state, "\nreached by\n");
    dt_game_way(game, place, &state);
    dt_print_number(number, value);
    dt_complain_more(diagnostics, code, in_text, NULL, dt_text_get(&state), number);
}

/* False, and told, if a probability or a sum of probabilities is off. Written so that NaN fails. */
static bool check_probabilities(dt_arena *arena, const dt_game *game, const dt_world *world,
                                dt_diagnostics *diagnostics)
{
    static const dt_code code[] = {DT_WORLD_PROBABILITY, DT_WORLD_SUM, DT_WORLD_REST};
    for (uint32_t i = 0; i < game->checks; i++) {
        const dt_check *check = &game->check[i];
        double v = world->coefficient[check->coefficient];
        bool fine = v <= 1 + DT_SLACK;
        if (check->kind == DT_CHECK_PROBABILITY)
            fine &= v >= -DT_SLACK;
        if (check->kind == DT_CHECK_SUM)
            fine &= v >= 1 - DT_SLACK;
        if (!fine) {
            complain_at(game, arena, diagnostics, code[check->kind], check->place, check->where, v);
            return false;
        }
    }
    return true;
}

static bool check_actors(const dt_game *game, const dt_world *world, dt_diagnostics *diagnostics)
{
    const dt_model *model = game->model;
    bool fine = true;
    char number[32];
    for (int i = 0; i < model->actors; i++) {
        const dt_actor *actor = &model->actor[i];
        double discount = world->discount[i];
        if (!(discount >= 0 && discount <= 1)) {
            dt_complain(diagnostics, DT_WORLD_DISCOUNT, actor->discount_place, actor->is.name,
                        dt_print_number(number, discount));
            fine = false;
        } else if (game->forever && discount == 1) {
            dt_complain(diagnostics, DT_WORLD_FOREVER, actor->discount_place, actor->is.name,
                        dt_print_number(number, discount));
            fine = false;
        }
        double rationality = world->rationality[game->rules->actor_agent[i]];
        if (!(rationality >= 0 && isfinite(rationality))) {
            dt_complain(diagnostics, DT_WORLD_RATIONALITY, actor->rationality_place, actor->is.name,
                        dt_print_number(number, rationality));
            fine = false;
        }
    }
    return fine;
}

/* Sums each row's terms by actor. False, and told, if one isn't finite. */
static bool add_payments(dt_arena *arena, const dt_game *game, dt_world *world,
                         dt_diagnostics *diagnostics)
{
    size_t actors = (size_t)game->model->actors;
    world->payment = dt_new(arena, double, game->rows *actors);
    for (uint32_t r = 0; r < game->rows; r++) {
        if (!game->row_pays[r])
            continue;
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1]; e++) {
            uint32_t term = game->row_column[e];
            double v = world->coefficient[game->row_coefficient[e]];
            if (!isfinite(v)) {
                complain_at(game, arena, diagnostics, DT_WORLD_PAYMENT,
                            game->model->term[term].payoff_place, dt_game_row_place(game, r), v);
                return false;
            }
            world->payment[r * actors + (size_t)game->rules->term_actor[term]] += v;
        }
    }
    return true;
}

dt_status dt_world_make(dt_arena *arena, const dt_game *game, const double *parameter,
                        dt_diagnostics *diagnostics, dt_world **made)
{
    size_t params = (size_t)game->model->params;
    dt_world *world = dt_new(arena, dt_world, 1);
    world->parameter = dt_new(arena, double, params);
    if (params)
        memcpy(world->parameter, parameter, params * sizeof *parameter);
    world->coefficient = dt_new(arena, double, game->coefficient->list.count);
    dt_coefficients_evaluate(game->coefficient, world->parameter, world->coefficient);
    world->discount = dt_new(arena, double, (size_t)game->model->actors);
    for (int i = 0; i < game->model->actors; i++)
        world->discount[i] = world->coefficient[game->discount[i]];
    world->rationality = dt_new(arena, double, (size_t)game->rules->agents);
    for (int k = 0; k < game->rules->agents; k++)
        world->rationality[k] = world->coefficient[game->rationality[k]];
    *made = world;
    bool fine = check_actors(game, world, diagnostics);
    fine = check_probabilities(arena, game, world, diagnostics) && fine;
    fine = add_payments(arena, game, world, diagnostics) && fine;
    return fine ? DT_OK : DT_INVALID;
}
