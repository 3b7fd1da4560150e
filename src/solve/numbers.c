/*
 * The numbers of a group, before anything is solved: those of its worlds (src/game/world.c), and what
 * follows from them for columns and seats. Worlds that are wrong fail; after that they are given the
 * parameters of one that is right, so that what is worked out beside the others is something ordinary.
 */
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/group.h"

/* The payoffs that all leaves have in common, and what each row of leaves pays besides. */
static void take_payoffs(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const dt_places *places = plan->places;
    const size_t width = plan->width;
    memset(group->common, 0, plan->actors * width * sizeof(double));
    for (size_t t = 0; t < (size_t)game->model->terms; t++) {
        const size_t actor = (size_t)game->rules->term_actor[t];
        for (size_t w = 0; w < width && places->common[t] != DT_NOWHERE; w++)
            group->common[actor * width + w] += group->coefficient[places->common[t] * width + w];
    }
    memset(group->due, 0, places->leaf_rows * plan->paid * width * sizeof(double));
    for (uint32_t r = 0; r < places->leaf_rows; r++) {
        const uint32_t row = places->leaf_row[r];
        double *due = group->due + r * plan->paid * width;
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const uint32_t term = game->row_column[e];
            const size_t actor = (size_t)game->rules->term_actor[term];
            if (game->row_coefficient[e] == places->common[term])
                continue;
            for (size_t w = 0; w < width; w++)
                due[actor * width + w] += group->coefficient[game->row_coefficient[e] * width + w];
        }
    }
}

/* Payments of actors. */
static void take_payments(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const dt_world *world = group->world;
    const size_t width = plan->width, bytes = plan->actors * width * sizeof(double);
    for (uint32_t r = 0; r < plan->game->rows; r++)
        memcpy(group->payment + r * plan->paid * width, world->payment + r * plan->actors * width,
               bytes);
    memset(group->most_paid, 0, bytes);
    for (uint64_t f = 0; f < plan->game->forms; f++) {
        const double *row = world->payment + plan->game->form_row[f] * plan->actors * width;
        for (size_t i = 0; i < plan->actors * width; i++)
            group->most_paid[i] = dt_greater(fabs(row[i]), group->most_paid[i]);
    }
    take_payoffs(group);
}

/* Rationalities at seats, payments, the discount of each column, and whose teams are steady. */
static void take_numbers(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const dt_world *world = group->world;
    const size_t width = plan->width;
    for (size_t k = 0; k < plan->agents; k++) {
        for (size_t s = 0; s < DT_WORLDS; s++)
            group->seated[k * DT_WORLDS + s] = world->rationality[k * width + s % width];
    }
    memcpy(group->discount, world->discount, plan->actors * width * sizeof(double));
    take_payments(group);
    for (size_t w = 0; w < width; w++)
        group->steady[w] = true;
    for (size_t c = plan->best; c < plan->columns; c++) {
        const dt_agent *agent = &plan->game->rules->agent[(c - plan->best) % plan->agents];
        for (size_t w = 0; w < width; w++) {
            double most = 0;
            for (int m = 0; m < agent->members; m++) {
                const double own = group->discount[(size_t)agent->member[m] * width + w];
                group->steady[w] &= m == 0 || own == most;
                most = dt_greater(own, most);
            }
            group->discount[c * width + w] = most;
        }
    }
}

/* Surplus values are defined for positive rationalities alone. */
static dt_wrong check_surplus(const dt_group *group, size_t w)
{
    const dt_group_plan *plan = group->plan;
    for (size_t i = 0; i < plan->actors && plan->values == DT_VALUES_SURPLUS; i++) {
        const size_t agent = (size_t)plan->game->rules->actor_agent[i];
        if (plan->moves[agent] && group->world->rationality[agent * plan->width + w] == 0)
            return (dt_wrong){
                DT_SURPLUS_RATIONALITY, (int)i, 0, DT_NOWHERE, DT_NOWHERE, DT_NOWHERE};
    }
    return (dt_wrong){DT_CODES, 0, 0, DT_NOWHERE, DT_NOWHERE, DT_NOWHERE};
}

/* The parameters of the first world that is right to all that aren't. False if there is none, or all
 * are right. */
static bool stand_in(dt_group *group)
{
    const size_t width = group->plan->width;
    size_t good = 0, wrong = 0;
    while (good < width && !group->active[good])
        good++;
    for (size_t w = 0; w < width; w++)
        wrong += group->active[w] == 0;
    if (good == width || wrong == 0)
        return false;
    for (size_t i = 0; i < (size_t)group->plan->game->model->params; i++) {
        double *parameter = group->world->parameter + i * width;
        for (size_t w = 0; w < width; w++)
            parameter[w] = parameter[group->active[w] ? w : good];
    }
    return true;
}

/* Worlds that are wrong in the first period, or in one further on, fail. */
static void check_worlds(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const uint32_t periods = plan->game->dated ? plan->game->periods : 1;
    for (uint32_t t = 0; t < periods; t++) {
        dt_world_turn(plan->game, group->world, t);
        for (size_t w = 0; w < plan->width; w++) {
            dt_wrong wrong = dt_world_check(plan->game, group->world, w);
            if (wrong.code == DT_CODES)
                wrong = check_surplus(group, w);
            if (wrong.code != DT_CODES)
                dt_group_fail(group, w, wrong);
        }
    }
}

void dt_group_evaluate(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    dt_world_evaluate(plan->game, group->world, plan->scale);
    check_worlds(group);
    if (stand_in(group))
        dt_world_evaluate(plan->game, group->world, plan->scale);
    take_numbers(group);
}

void dt_group_turn(dt_group *group, uint32_t period)
{
    const dt_game *game = group->plan->game;
    if (game->dated == 0 || group->world->period == period)
        return;
    dt_world_turn(game, group->world, period);
    take_payments(group);
}
