/*
 * The forward pass over places, points and types. A true type k meets an event with its own chance and is
 * told the point g with the chance w_g(b') g(k)/b'(k), for each variable by itself; so whoever stands at a
 * point believes what is true of those who stand there. That is measured: calibration.
 */
#include "solve/private_chain.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/told.h"

/* Below so little mass shares mean nothing. */
static const double NOTHING = 1e-290;

double dt_private_chain_bytes(const dt_private_plan *plan, size_t masses)
{
    const dt_game *game = plan->game;
    const size_t columns = (size_t)plan->beliefs->points * plan->beliefs->types;
    return dt_world_bytes(game, columns) + ((double)game->nodes + game->leaves + game->states) *
                                               (double)(masses * columns) * sizeof(double);
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

dt_private_chain *dt_private_chain_new(dt_arena *arena, dt_private *work, size_t masses)
{
    const dt_game *game = work->plan->game;
    const size_t places = (size_t)game->nodes + game->leaves;
    dt_private_chain *chain = dt_new(arena, dt_private_chain, 1);
    chain->game = game;
    chain->work = work;
    chain->columns = (size_t)work->plan->beliefs->points * work->plan->beliefs->types;
    chain->masses = masses;
    chain->stride = masses * chain->columns;
    chain->world = dt_world_new(arena, game, chain->columns);
    chain->mass = dt_new(arena, double, places * chain->stride);
    chain->begin = dt_new(arena, double, game->states * chain->stride);
    dt_private_chain_begin(chain);
    return chain;
}

void dt_private_chain_begin(dt_private_chain *chain)
{
    const dt_game *game = chain->game;
    fill_world(chain);
    chain->spread = 0;
    chain->calibration = 0;
    memset(chain->begin, 0, game->states * chain->stride * sizeof *chain->begin);
    double *begin = chain->begin + game->start * chain->stride;
    for (size_t m = 0; m < chain->masses; m++)
        memcpy(begin + m * chain->columns, chain->work->begins, chain->columns * sizeof *begin);
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
    const dt_game *game = chain->game;
    memset(chain->begin, 0, game->states * chain->stride * sizeof *chain->begin);
    memset(chain->mass, 0,
           ((size_t)game->nodes + game->leaves) * chain->stride * sizeof *chain->mass);
    chain->spread = t + 1;
    dt_private_chain_turn(chain, t);
}

static bool is_nothing(const double *mass, size_t count)
{
    bool nothing = true;
    for (size_t i = 0; i < count; i++)
        nothing &= mass[i] == 0;
    return nothing;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* The option of a menu's agent in a cell: the last agent's varies fastest. */
static int option_of(const dt_menu *menu, int cell, int agent)
{
    for (int k = menu->agents - 1; k > agent; k--)
        cell /= menu->options[k];
    return cell % menu->options[agent];
}

bool dt_is_held(const dt_held *held, int agent)
{
    return held && (held->agent == DT_ALL_AGENTS || held->agent == agent);
}

bool dt_is_barred(const dt_held *held, const dt_menu *menu, int cell)
{
    if (!held)
        return false;
    const int played = held->agent == DT_ALL_AGENTS ? cell : option_of(menu, cell, held->agent);
    return played != held->option;
}

/* The points of a node at which somebody stands: often few, as where nothing is learned beliefs stay where they
 * are. */
typedef struct peopled {
    uint32_t points;
    uint16_t point[DT_MOST_POINTS];
} peopled;

static void find_peopled(const dt_private_chain *chain, uint32_t node, peopled *to)
{
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    const double *mass = chain->mass + node * chain->stride;
    to->points = 0;
    for (uint32_t point = 0; point < beliefs->points; point++, mass += beliefs->types) {
        if (chain->gain || !is_nothing(mass, beliefs->types))
            to->point[to->points++] = (uint16_t)point;
    }
}

bool dt_private_chain_possible(const dt_private_chain *chain, size_t column)
{
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    const uint32_t point = (uint32_t)(column / beliefs->types),
                   type = (uint32_t)(column % beliefs->types);
    bool possible = true;
    for (size_t x = 0; x < beliefs->variables; x++)
        possible &= dt_beliefs_at(beliefs, x, point)[dt_beliefs_rank(beliefs, x, type)] > 0;
    return possible;
}

/* Whether something leaves a column of a node: mass, or what is asked of everybody who can stand there. */
static bool leaves(const dt_private_chain *chain, const double *mass, size_t column)
{
    return chain->gain ? dt_private_chain_possible(chain, column) : *mass != 0;
}

/* The way with chance p from a column to one of a place: mass goes there, or what is gained there comes here. */
static void go(dt_private_chain *chain, size_t from, const double *mass, size_t place,
               size_t column, double p)
{
    if (chain->gain) {
        chain->expected[from] += p != 0 ? p * chain->gain[place * chain->columns + column] : 0;
        return;
    }
    double *to = chain->mass + place * chain->stride + column;
    for (size_t m = 0; m < chain->masses; m++)
        to[m * chain->columns] += p * mass[m * chain->columns];
}

/* A node at which all points flow side by side: strategies are far more memory than masses, and those of points at
 * which nobody stands aren't looked at. */
static void pass_plain(dt_private_chain *chain, uint32_t node, uint32_t t, const dt_held *held,
                       const peopled *live)
{
    const dt_private *work = chain->work;
    const dt_private_plan *plan = work->plan;
    const dt_game *game = plan->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const uint32_t types = plan->beliefs->types;
    const uint32_t option = work->strategy.node_option[node];
    const double *mass = chain->mass + node * chain->stride;
    assert(dt_typed_kept(&work->strategy, t));
    for (int c = 0; c < menu->cells; c++) {
        const uint64_t cell = game->node_cell[node] + (uint64_t)c;
        if (dt_is_barred(held, menu, c))
            continue;
        for (uint32_t i = 0; i < live->points; i++) {
            const uint32_t point = live->point[i];
            const double *sigma = dt_typed_of(&work->strategy, t, point) + option * DT_POINTS;
            double chance = 1;
            for (int k = menu->agents - 1, rest = c, total = menu->total; k >= 0; k--) {
                total -= menu->options[k];
                if (!dt_is_held(held, k))
                    chance *= sigma[(size_t)(total + rest % menu->options[k]) * DT_POINTS];
                rest /= menu->options[k];
            }
            for (uint32_t type = 0; type < types; type++) {
                const size_t column = point * (size_t)types + type;
                if (!leaves(chain, &mass[column], column))
                    continue;
                for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
                    const double p =
                        chance *
                        chain->world
                            ->coefficient[dt_branch_coefficient(game, cell, b) * chain->columns +
                                          column];
                    go(chain, column, &mass[column], game->branch_target[b], column, p);
                }
            }
        }
    }
}

/* The chance that a type of joint ranks `type` [subjects] plays a cell. */
static double chance_of(const dt_signal_game *game, const dt_signal_space *space, int cell,
                        const int *type, const dt_held *held)
{
    double chance = 1;
    for (int p = 0; p < game->players; p++) {
        if (dt_is_held(held, p))
            continue;
        const int x = game->player[p].subject;
        chance *= dt_signal_chance(space, p, x < 0 ? 0 : type[x], cell);
    }
    return chance;
}

/* What flows from a column of a node by a branch, of which subjects have the types `after`. */
static void take_branch(dt_private_chain *chain, const dt_signal_game *game,
                        const dt_signal_branch *branch, const int *after, double chance,
                        const double *mass, size_t from, uint32_t type)
{
    const uint32_t there = game->event[branch->event].target;
    dt_told told;
    uint32_t column;
    double share;
    dt_told_begin(&told, chain->work->plan->beliefs, dt_private_signal(chain->work), game, branch,
                  after, type);
    while (dt_told_next(&told, &column, &share)) {
        const double p = chance * share;
        if (p != 0)
            go(chain, from, mass, there, column, p);
    }
}

/* A node at one point, as a signalling game; `again`: after another one. What follows a node that failed isn't known: then
 * nothing is calibrated. */
static void pass_point(dt_private_chain *chain, uint32_t node, uint32_t point, uint32_t t,
                       const dt_held *held, bool again)
{
    dt_private *work = chain->work;
    const dt_menu *menu = &chain->game->menu[chain->game->node_menu[node]];
    const dt_beliefs *beliefs = work->plan->beliefs;
    const dt_signal_game *game = dt_private_see(work, node, point, t, again);
    if (!game) {
        chain->calibration = (double)INFINITY;
        return;
    }
    for (uint32_t type = 0; type < beliefs->types; type++) {
        const size_t column = point * (size_t)beliefs->types + type;
        const double *mass = chain->mass + node * chain->stride + column;
        int own[DT_MOST_SUBJECTS], after[DT_MOST_SUBJECTS];
        if (!leaves(chain, mass, column))
            continue;
        for (int x = 0; x < game->subjects; x++) {
            const dt_subject *subject = &game->subject[x];
            const int rank = dt_beliefs_rank(beliefs, (size_t)subject->variable, type);
            for (own[x] = 0; subject->type[own[x]] != rank; own[x]++)
                assert(own[x] + 1 < subject->types && "what isn't believed doesn't happen");
        }
        for (int b = 0; b < game->branches; b++) {
            const dt_signal_branch *branch = &game->branch[b];
            const int k = game->secret < 0 ? 0 : own[game->secret];
            if (branch->chance[k] == 0 || dt_is_barred(held, menu, branch->cell))
                continue;
            memcpy(after, own, sizeof after);
            if (game->secret >= 0)
                after[game->secret] = branch->after[k];
            const double chance = branch->chance[k] *
                                  chance_of(game, dt_private_signal(work), branch->cell, own, held);
            take_branch(chain, game, branch, after, chance, mass, column, type);
        }
    }
}

static void pass_node(dt_private_chain *chain, uint32_t node, uint32_t t, const dt_held *held)
{
    const dt_private_plan *plan = chain->work->plan;
    peopled live;
    find_peopled(chain, node, &live);
    if (live.points > 0 && !plan->node_mixes[plan->places->place[node]]) {
        pass_plain(chain, node, t, held, &live);
        return;
    }
    for (uint32_t i = 0; i < live.points; i++)
        pass_point(chain, node, live.point[i], t, held, i > 0);
}

void dt_private_chain_expect(dt_private_chain *chain, uint32_t node, uint32_t t, const double *gain,
                             double *expected)
{
    chain->gain = gain;
    chain->expected = expected;
    memset(expected, 0, chain->columns * sizeof *expected);
    pass_node(chain, node, t, NULL);
    chain->gain = NULL;
}

void dt_private_chain_enter(dt_private_chain *chain, uint32_t node, uint32_t point,
                            const double *share, const dt_held *held)
{
    const size_t types = chain->work->plan->beliefs->types, first = point * types;
    double *mass = chain->mass + node * chain->stride;
    assert(chain->spread > 0 && is_nothing(mass, chain->columns));
    for (size_t m = 0; m < chain->masses; m++)
        memcpy(mass + m * chain->columns + first, share, types * sizeof *share);
    pass_node(chain, node, chain->spread - 1, held);
    memset(mass, 0, chain->stride * sizeof *mass);
}

/* ---- periods --------------------------------------------------------------------------------- */

/* How far the shares of types at a place are from what is believed there. */
static void calibrate(dt_private_chain *chain, size_t place)
{
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    const double *mass = chain->mass + place * chain->stride;
    if (is_nothing(mass, chain->columns))
        return;
    for (uint32_t point = 0; point < beliefs->points; point++, mass += beliefs->types) {
        double sum = 0;
        for (uint32_t type = 0; type < beliefs->types; type++)
            sum += mass[type];
        for (uint32_t type = 0; type < beliefs->types && sum > NOTHING; type++) {
            double believed = 1;
            for (size_t x = 0; x < beliefs->variables; x++)
                believed *= dt_beliefs_at(beliefs, x, point)[dt_beliefs_rank(beliefs, x, type)];
            chain->calibration = dt_greater(fabs(mass[type] / sum - believed), chain->calibration);
        }
    }
}

void dt_private_chain_stage(dt_private_chain *chain, uint32_t t, uint32_t stage)
{
    const dt_game *game = chain->game;
    const uint32_t first = game->stage_first[stage];
    for (uint32_t node = first; node < first + dt_game_count(game, stage, t); node++) {
        pass_node(chain, node, t, NULL);
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
    const size_t bytes = chain->stride * sizeof *chain->mass;
    dt_private_chain_turn(chain, t);
    memset(chain->mass, 0, ((size_t)game->nodes + game->leaves) * bytes);
    for (uint32_t state = 0; state < game->states; state++)
        memcpy(chain->mass + game->state_place[state] * chain->stride,
               chain->begin + state * chain->stride, bytes);
    memset(chain->begin, 0, game->states * bytes);
}

void dt_private_chain_carry(dt_private_chain *chain, uint32_t t)
{
    const dt_game *game = chain->game;
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
        const double *mass = chain->mass + ((size_t)game->nodes + leaf) * chain->stride;
        const uint32_t next = game->leaf_next[leaf];
        for (size_t i = 0; i < chain->stride && next != DT_NOWHERE; i++)
            chain->begin[next * chain->stride + i] += mass[i];
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
