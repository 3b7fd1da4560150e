/*
 * What movers do over the horizon under a solution: how often each has a choice, which actions it takes then, and how far its
 * strategy is from knowing what to do. At a node where a mover can do n >= 2 things with probabilities p_a, that is
 *
 *     H = -sum_a p_a log p_a / log n,
 *
 * 1 if it tosses a fair coin, 0 if it always does the same; of a mover in a team, or one of several that an actor
 * holds, p is what the joint strategy says of it alone. Sums are over the periods and nodes of the forward pass,
 * weighted with how likely each is; with private variables over points of beliefs and types as well, each type's
 * strategy by itself: that others can't tell types apart is no noise.
 */
#include <math.h>

#include "base/job.h"
#include "referee/referee.h"
#include "solve/private_chain.h"
#include "trace/forward.h"

dt_taken dt_taken_new(const dt_refereeing *r)
{
    const size_t movers = r->first_mover[r->model->stages];
    return (dt_taken){dt_new(r->arena, double, movers), dt_new(r->arena, double, movers),
                      dt_new(r->arena, double, r->first_action[r->model->stages])};
}

typedef struct adding {
    const dt_refereeing *r;
    const dt_solution *solution;
    dt_taken *taken;
} adding;

/* One mover at a node reached with probability `mass`; `p` [actions of the stage] is work space. */
static void add_mover(const adding *a, const dt_menu *menu, const double *sigma, int mover,
                      double mass, double *p)
{
    const dt_stage *stage = &a->r->model->stage[menu->stage];
    const size_t action = a->r->first_action[menu->stage];
    const size_t at = a->r->first_mover[menu->stage] + (size_t)mover;
    int count = 0;
    double entropy = 0;
    for (int k = 0; k < stage->actions; k++)
        p[k] = -1; /* it can't be done here */
    for (int option = 0; option < menu->total; option++) {
        const int does = menu->action[option * stage->movers + mover];
        if (does != DT_NONE)
            p[does] = fmax(p[does], 0) + sigma[option];
    }
    for (int k = 0; k < stage->actions; k++)
        count += p[k] >= 0;
    if (count < 2)
        return;
    for (int k = 0; k < stage->actions; k++) {
        entropy -= p[k] > 0 ? p[k] * log(p[k]) : 0;
        a->taken->action[action + (size_t)k] += p[k] > 0 ? mass * p[k] : 0;
    }
    a->taken->made[at] += mass;
    a->taken->entropy[at] += mass * entropy / log(count);
}

/* Work space: of a stage's actions, and of a menu's options. */
typedef struct space {
    double *p, *sigma;
} space;

static space take_space(dt_arena *arena, const dt_game *game)
{
    size_t actions = 1, options = 1;
    for (uint32_t s = 0; s < game->stages; s++) {
        const size_t own = (size_t)game->model->stage[s].actions;
        actions = actions > own ? actions : own;
    }
    for (uint32_t m = 0; m < game->menus; m++)
        options = options > (size_t)game->menu[m].total ? options : (size_t)game->menu[m].total;
    return (space){dt_new(arena, double, actions), dt_new(arena, double, options)};
}

static void add_node(const adding *a, const space *space, const dt_menu *menu, const double *sigma,
                     double mass)
{
    const int movers = a->r->model->stage[menu->stage].movers;
    for (int m = 0; mass > 0 && menu->agents > 0 && m < movers; m++)
        add_mover(a, menu, sigma, m, mass, space->p);
}

/* A node at one point of beliefs: each joint type plays its own. */
static void add_types(const adding *a, const space *space, const dt_private_chain *chain,
                      uint32_t n, uint32_t point, uint32_t t)
{
    const dt_game *game = chain->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const dt_typed_strategy *strategy = &chain->work->strategy;
    const dt_beliefs *beliefs = strategy->beliefs;
    const double *mass = chain->mass + n * chain->stride + point * (size_t)beliefs->types;
    for (uint32_t type = 0; type < beliefs->types; type++) {
        if (mass[type] == 0)
            continue;
        double *sigma = space->sigma;
        for (int k = 0; k < menu->agents; k++) {
            const int x = beliefs->agent_variable[menu->agent[k]];
            const int rank = x < 0 ? 0 : dt_beliefs_rank(beliefs, (size_t)x, type);
            for (int o = 0; o < menu->options[k]; o++)
                *sigma++ = dt_typed_at(strategy, t, n, point, k, rank, o);
        }
        add_node(a, space, menu, space->sigma, mass[type]);
    }
}

static dt_status add_private(dt_arena *arena, const adding *a)
{
    const dt_game *game = a->solution->game;
    const space space = take_space(arena, game);
    dt_private_chain *chain = dt_private_chain_new(arena, a->solution->private, 1);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_private_chain_to(chain, t);
        for (uint32_t s = 0; s < game->stages; s++) {
            const uint32_t first = game->stage_first[s];
            for (uint32_t n = first; n < first + dt_game_count(game, s, t); n++) {
                for (uint32_t p = 0; p < a->solution->private->plan->beliefs->points; p++)
                    add_types(a, &space, chain, n, p, t);
            }
        }
    }
    return DT_OK;
}

static dt_status add(dt_arena *arena, void *argument)
{
    const adding *a = argument;
    const dt_game *game = a->solution->game;
    if (a->solution->private)
        return add_private(arena, a);
    dt_forward *forward = dt_forward_new(arena, a->solution, 1);
    const space space = take_space(arena, game);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_forward_to(forward, t);
        const double *strategy = dt_strategy_of(a->solution->strategy, game, t);
        for (uint32_t s = 0; s < game->stages; s++) {
            const uint32_t first = game->stage_first[s];
            for (uint32_t n = first; n < first + dt_game_count(game, s, t); n++)
                add_node(a, &space, &game->menu[game->node_menu[n]],
                         strategy + game->node_option[n], forward->mass[n * forward->stride]);
        }
    }
    return DT_OK;
}

dt_status dt_taken_add(const dt_refereeing *r, const dt_solution *solution,
                       const dt_options *options, dt_taken *taken)
{
    return dt_job(options, add, &(adding){r, solution, taken});
}
