/*
 * The exact chain over places, points of beliefs and true types, and the calibration: at each place and point
 * that is reached within the horizon, over which outcomes are taken, the share of every joint type ought to be what is believed of it there, Π_x g_x.
 *
 * Types are drawn by the prior, move and act as the strategies say, each by itself; and each hears the signal
 * with the probability w_g g(k)/b'(k) that its own value k has. So nothing here assumes that what is believed
 * is true.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "verify/scene.h"
#include "verify/typed.h"
#include "verify/walk.h"

/* Below so little mass shares mean nothing: what is smaller still is rounded. */
static const double NOTHING = 1e-290;

typedef struct chain {
    dt_scene *scene;
    const dt_game *game;
    size_t points, types;
    double *at;   /* [nodes+leaves][points][types] in the period at hand */
    double *next; /* [states][points][types] as the next one begins */
    double worst;
} chain;

/* The chances of types at a place and point, or NULL if it isn't reached; whoever stands there is counted. */
static const double *arrived(chain *chain, uint32_t place, uint32_t point)
{
    const dt_beliefs *beliefs = chain->scene->beliefs;
    const double *mass = chain->at + (place * chain->points + point) * chain->types;
    double sum = 0;
    for (size_t type = 0; type < chain->types; type++)
        sum += mass[type];
    if (sum == 0)
        return NULL;
    dt_scene_stand(chain->scene, point);
    for (uint32_t type = 0; type < chain->types && !(sum <= NOTHING); type++) {
        double believed = 1;
        for (size_t x = 0; x < beliefs->variables; x++)
            believed *= chain->scene->belief[x][dt_beliefs_rank(beliefs, x, type)];
        chain->worst = dt_walk_worse(fabs(mass[type] / sum - believed), chain->worst);
    }
    return mass;
}

/* Lets those of a joint type, as it is after the event, hear the signals; `to` [points][types]. */
static void hear(const chain *chain, uint32_t type, double mass, double *to)
{
    const dt_scene *scene = chain->scene;
    const dt_beliefs *beliefs = scene->beliefs;
    for (uint32_t c = 0; c < scene->corners; c++) {
        double chance = scene->weight[c];
        for (size_t x = 0; x < beliefs->variables; x++)
            chance *= dt_scene_likelier(scene, c, (int)x, dt_beliefs_rank(beliefs, x, type));
        to[scene->corner[c] * chain->types + type] += mass * chance;
    }
}

/* Those of a joint type who cause the event at hand go on. */
static void go_on(chain *chain, uint32_t type, double mass)
{
    const dt_scene *scene = chain->scene;
    const dt_beliefs *beliefs = scene->beliefs;
    double *at = chain->at + scene->target * chain->points * chain->types;
    for (int k = 0; k < scene->menu->agents; k++) {
        const int x = beliefs->agent_variable[scene->menu->agent[k]];
        const int rank = x < 0 ? 0 : dt_beliefs_rank(beliefs, (size_t)x, type);
        mass *= dt_scene_strategy(scene, k, rank)[scene->option[k]];
    }
    if (scene->secret < 0) {
        hear(chain, type, mass * scene->plain, at);
        return;
    }
    const size_t secret = (size_t)scene->secret;
    const int values = scene->lattice[secret]->values;
    const int rank = dt_beliefs_rank(beliefs, secret, type);
    const uint32_t others = type - (uint32_t)rank * beliefs->type_stride[secret];
    for (int to = 0; to < values; to++) {
        const double chance = scene->chance[rank * values + to];
        if (chance > 0 && mass > 0)
            hear(chain, others + (uint32_t)to * beliefs->type_stride[secret], mass * chance, at);
    }
}

static void play(chain *chain, uint32_t t, uint32_t node, uint32_t point)
{
    dt_scene *scene = chain->scene;
    const double *mass = arrived(chain, node, point);
    if (!mass)
        return;
    dt_scene_set(scene, t, node, point);
    for (int c = 0; c < scene->menu->cells; c++) {
        dt_scene_cell(scene, c);
        while (dt_scene_event(scene)) {
            for (uint32_t type = 0; type < chain->types; type++) {
                if (mass[type] > 0)
                    go_on(chain, type, mass[type]);
            }
        }
    }
}

static void pass_period(chain *chain, uint32_t t)
{
    const dt_game *game = chain->game;
    const size_t each = chain->points * chain->types;
    dt_world_turn(game, chain->scene->world, t);
    memset(chain->at, 0, ((size_t)game->nodes + game->leaves) * each * sizeof *chain->at);
    for (uint32_t state = 0; state < game->states; state++) {
        double *to = chain->at + game->state_place[state] * each;
        for (size_t i = 0; i < each; i++)
            to[i] += chain->next[state * each + i];
    }
    memset(chain->next, 0, game->states * each * sizeof *chain->next);
    for (uint32_t node = 0; node < game->nodes; node++) {
        for (uint32_t point = 0; point < chain->points; point++)
            play(chain, t, node, point);
    }
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++) {
        for (uint32_t point = 0; point < chain->points; point++) {
            const double *mass = arrived(chain, game->nodes + leaf, point);
            if (!mass || game->leaf_ended[leaf] || game->leaf_next[leaf] == DT_NOWHERE)
                continue;
            double *to = chain->next + game->leaf_next[leaf] * each + point * chain->types;
            for (size_t type = 0; type < chain->types; type++)
                to[type] += mass[type];
        }
    }
}

double dt_typed_calibration(dt_arena *arena, dt_scene *scene, const dt_options *options)
{
    const dt_game *game = scene->game;
    const dt_beliefs *beliefs = scene->beliefs;
    chain chain = {.scene = scene, .game = game, .points = beliefs->points, .types = game->types};
    const size_t each = chain.points * chain.types;
    chain.at = dt_take(arena, (size_t)game->nodes + game->leaves, each * sizeof(double));
    chain.next = dt_take(arena, game->states, each * sizeof(double));
    dt_scene_start(scene);
    for (uint32_t type = 0; type < chain.types; type++) {
        double prior = 1;
        for (size_t x = 0; x < beliefs->variables; x++)
            prior *= scene->seen[x].belief[dt_beliefs_rank(beliefs, x, type)];
        if (prior > 0)
            hear(&chain, type, prior, chain.next + game->start * each);
    }
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_progress(arena, options, "verifying", 0.9 + 0.1 * t / game->horizon);
        pass_period(&chain, t);
    }
    return chain.worst;
}
