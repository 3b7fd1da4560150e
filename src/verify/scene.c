/*
 * A node at a point of beliefs (scene.h). Nothing is solved here: strategies are read, and what follows from
 * them is added up over types, cells and branches one by one.
 *
 * Where an action has a probability that no double can hold, for every type that is possible, the strategy
 * doesn't say what it tells of the type; then belief stays as it was.
 */
#include "verify/scene.h"

#include <assert.h>
#include <string.h>

#include "verify/walk.h"

dt_scene *dt_scene_new(dt_arena *arena, const dt_typed_strategy *strategy, const dt_world *world)
{
    const dt_beliefs *beliefs = strategy->beliefs;
    const dt_game *game = beliefs->game;
    dt_scene *scene = dt_new(arena, dt_scene, 1);
    const size_t variables = beliefs->variables, most = game->most_values;
    scene->game = game;
    scene->strategy = strategy;
    scene->beliefs = beliefs;
    scene->lattice = dt_new(arena, dt_lattice *, variables);
    scene->belief = dt_new(arena, const double *, variables);
    scene->mover = dt_new(arena, int, variables);
    scene->like = dt_new(arena, double *, variables);
    for (size_t x = 0; x < variables; x++) {
        scene->lattice[x] = dt_lattice_new(arena, beliefs->grid[x]);
        scene->like[x] = dt_new(arena, double, most);
    }
    size_t room = 0;
    for (uint32_t m = 0; m < game->menus; m++) {
        size_t entries = 0;
        for (int k = 0; k < game->menu[m].agents; k++)
            entries += (size_t)game->menu[m].options[k] * most;
        room = entries > room ? entries : room;
    }
    scene->sigma = dt_new(arena, double, room);
    scene->chance = dt_take(arena, most, most * sizeof(double));
    scene->all = dt_take(arena, most, most * sizeof(double));
    scene->mass = dt_new(arena, double, most);
    scene->seen = dt_new(arena, dt_spread, variables);
    scene->corner = dt_new(arena, uint32_t, beliefs->types);
    scene->weight = dt_new(arena, double, beliefs->types);

    scene->world = dt_beliefs_world(arena, beliefs);
    const size_t types = beliefs->types, width = world->width;
    for (size_t p = 0; p < (size_t)game->model->params; p++) {
        for (size_t t = 0; t < types; t++)
            scene->world->parameter[p * types + t] = world->parameter[p * width];
    }
    dt_world_evaluate(game, scene->world, 1);
    for (size_t k = 0; k < (size_t)game->rules->agents; k++) {
        for (size_t t = 0; t < types; t++)
            scene->world->rationality[k * types + t] = world->rationality[k * width];
    }
    return scene;
}

static int values_of(const dt_scene *scene, size_t x)
{
    return scene->lattice[x]->values;
}

/* ---- what is believed afterwards ----------------------------------------------------------------- */

/* The joint corners of where beliefs about the variables go. */
static void join(dt_scene *scene)
{
    const dt_beliefs *beliefs = scene->beliefs;
    scene->corners = 1;
    scene->corner[0] = 0;
    scene->weight[0] = 1;
    for (size_t x = 0; x < beliefs->variables; x++) {
        const dt_spread *spread = &scene->seen[x];
        const uint32_t before = scene->corners;
        assert(spread->corners >= 1);
        for (int g = spread->corners;
             g-- > 0;) { /* the first last, as it takes the place of others */
            for (uint32_t c = 0; c < before; c++) {
                const uint32_t to = (uint32_t)g * before + c;
                scene->corner[to] = scene->corner[c] + spread->point[g] * beliefs->stride[x];
                scene->weight[to] = scene->weight[c] * spread->weight[g];
            }
        }
        scene->corners *= (uint32_t)spread->corners;
    }
    assert(scene->corners <= beliefs->types);
}

static void stay(dt_scene *scene, size_t x)
{
    const uint32_t point = dt_beliefs_point(scene->beliefs, x, scene->point);
    dt_lattice_stay(scene->lattice[x], point, &scene->seen[x]);
}

/* Where belief about x goes after something that leads with probability `way` [values][values] from value to
 * value (NULL: none changes), and to which types did their part with `like` (NULL: whoever they are). False
 * if nobody who is possible can cause it. */
static bool update(dt_scene *scene, size_t x, const double *like, const double *way)
{
    const int values = values_of(scene, x);
    double sum = 0;
    memset(scene->mass, 0, (size_t)values * sizeof *scene->mass);
    for (int k = 0; k < values; k++) {
        if (scene->belief[x][k] == 0)
            continue;
        const double share = scene->belief[x][k] * (like ? like[k] : 1);
        for (int to = 0; to < values; to++) {
            const double mass = share * (way ? way[k * values + to] : to == k);
            scene->mass[to] += mass;
            sum += mass;
        }
    }
    if (sum == 0)
        return like && update(scene, x, NULL, way);
    dt_lattice_spread(scene->lattice[x], scene->mass, &scene->seen[x]);
    return true;
}

void dt_scene_start(dt_scene *scene)
{
    for (size_t x = 0; x < scene->beliefs->variables; x++) {
        dt_beliefs_prior(scene->beliefs, scene->world, x, scene->mass);
        dt_lattice_spread(scene->lattice[x], scene->mass, &scene->seen[x]);
    }
    join(scene);
}

double dt_scene_likelier(const dt_scene *scene, uint32_t c, int x, int rank)
{
    if (x < 0)
        return 1;
    const uint32_t point = dt_beliefs_point(scene->beliefs, (size_t)x, scene->corner[c]);
    return dt_lattice_at(scene->lattice[x], point)[rank] / scene->seen[x].belief[rank];
}

/* ---- the node, its cells, their events ----------------------------------------------------------- */

const double *dt_scene_strategy(const dt_scene *scene, int k, int rank)
{
    const bool typed = dt_typed_values(scene->beliefs, scene->menu, k) > 1;
    return scene->sigma + scene->sigma_first[k] + (typed ? rank * scene->menu->options[k] : 0);
}

static void read_strategies(dt_scene *scene, uint32_t period, uint32_t node)
{
    const dt_menu *menu = scene->menu;
    int at = 0;
    for (int k = 0; k < menu->agents; k++) {
        scene->sigma_first[k] = at;
        for (int rank = 0; rank < dt_typed_values(scene->beliefs, menu, k); rank++) {
            for (int o = 0; o < menu->options[k]; o++)
                scene->sigma[at++] =
                    dt_typed_at(scene->strategy, period, node, scene->point, k, rank, o);
        }
    }
}

/* The probability of a branch of the cell if the secret has the value of this rank. */
static double draw(const dt_scene *scene, uint64_t branch, int rank)
{
    const size_t type =
        scene->secret < 0 ? 0 : (size_t)rank * scene->beliefs->type_stride[scene->secret];
    const uint32_t coefficient = dt_branch_coefficient(scene->game, scene->cell, branch);
    return scene->world->coefficient[coefficient * scene->world->width + type];
}

/* Adds what a branch does to the secret, times `share` [values] (NULL: 1), to `way`. */
static void add_branch(const dt_scene *scene, uint64_t branch, const double *share, double *way)
{
    const dt_game *game = scene->game;
    const int values = values_of(scene, (size_t)scene->secret);
    const uint16_t *moves = dt_cell_moves(game, scene->cell);
    const uint8_t *move = moves ? game->move + moves[branch - game->cell_branch[scene->cell]] *
                                                   (size_t)game->most_values
                                : NULL;
    for (int k = 0; k < values; k++) {
        if (scene->belief[scene->secret][k] > 0)
            way[k * values + (move ? move[k] : k)] +=
                draw(scene, branch, k) * (share ? share[k] : 1);
    }
}

/* What may happen in a hidden stage, whatever is done. */
static void hide(dt_scene *scene)
{
    const size_t values = (size_t)values_of(scene, (size_t)scene->secret);
    const dt_game *game = scene->game;
    memset(scene->all, 0, values * values * sizeof *scene->all);
    for (int c = 0; c < scene->menu->cells; c++) {
        dt_scene_cell(scene, c);
        for (uint64_t b = game->cell_branch[scene->cell]; b < game->cell_branch[scene->cell + 1];
             b++)
            add_branch(scene, b, scene->like[scene->secret], scene->all);
    }
    update(scene, (size_t)scene->secret, NULL, scene->all);
}

void dt_scene_stand(dt_scene *scene, uint32_t point)
{
    scene->point = point;
    for (size_t x = 0; x < scene->beliefs->variables; x++)
        scene->belief[x] =
            dt_lattice_at(scene->lattice[x], dt_beliefs_point(scene->beliefs, x, point));
}

void dt_scene_set(dt_scene *scene, uint32_t period, uint32_t node, uint32_t point)
{
    const dt_game *game = scene->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const dt_stage *stage = &game->model->stage[menu->stage];
    scene->menu = menu;
    scene->node = node;
    dt_scene_stand(scene, point);
    scene->hidden = stage->hidden;
    scene->secret = dt_stage_secret(game, menu->stage);
    for (size_t x = 0; x < scene->beliefs->variables; x++) {
        scene->mover[x] = -1;
        for (int k = 0; k < menu->agents; k++) {
            if (scene->beliefs->agent_variable[menu->agent[k]] == (int)x)
                scene->mover[x] = k;
        }
        if (scene->hidden && scene->mover[x] >= 0)
            scene->secret = (int)x;
        stay(scene, x);
    }
    read_strategies(scene, period, node);
    if (scene->hidden)
        hide(scene);
}

void dt_scene_cell(dt_scene *scene, int cell)
{
    const dt_menu *menu = scene->menu;
    scene->cell = scene->game->node_cell[scene->node] + (uint64_t)cell;
    scene->branch = scene->game->cell_branch[scene->cell];
    dt_walk_options(menu, cell, scene->option);
    for (size_t x = 0; x < scene->beliefs->variables; x++) {
        const int k = scene->mover[x];
        for (int rank = 0; rank < values_of(scene, x); rank++)
            scene->like[x][rank] = k < 0 ? 1 : dt_scene_strategy(scene, k, rank)[scene->option[k]];
        if (k >= 0 && menu->options[k] > 1 && (int)x != scene->secret)
            update(scene, x, scene->like[x], NULL);
    }
}

/* Whether an earlier branch of the cell leads to the same place. */
static bool is_known(const dt_scene *scene, uint64_t branch)
{
    const uint32_t *target = scene->game->branch_target;
    for (uint64_t b = scene->game->cell_branch[scene->cell]; b < branch; b++) {
        if (target[b] == target[branch])
            return true;
    }
    return false;
}

bool dt_scene_event(dt_scene *scene)
{
    const dt_game *game = scene->game;
    const uint64_t end = game->cell_branch[scene->cell + 1];
    const size_t secret = (size_t)scene->secret;
    for (; scene->branch < end; scene->branch++) {
        if (is_known(scene, scene->branch))
            continue;
        scene->target = game->branch_target[scene->branch];
        scene->plain = 0;
        if (scene->secret >= 0)
            memset(scene->chance, 0,
                   (size_t)(values_of(scene, secret) * values_of(scene, secret)) *
                       sizeof *scene->chance);
        for (uint64_t b = scene->branch; b < end; b++) {
            if (game->branch_target[b] != scene->target)
                assert(!scene->hidden); /* which leaves the public state as it is */
            else if (scene->secret >= 0)
                add_branch(scene, b, NULL, scene->chance);
            else
                scene->plain += draw(scene, b, 0);
        }
        if (!scene->hidden && scene->secret >= 0 &&
            !update(scene, secret, scene->like[secret], scene->chance))
            continue;
        join(scene);
        scene->branch++;
        return true;
    }
    return false;
}
