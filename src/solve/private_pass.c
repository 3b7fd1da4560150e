/*
 * How mass passes a node. A true type k meets an event with its own chance and is told the point g with the
 * chance w_g(b') g(k)/b'(k), for each variable by itself. Where nothing private happens points and types
 * flow side by side; elsewhere the points of a pack are told at once, in lanes, if the node's shape allows it, or each
 * by itself (told.h).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/private_chain.h"
#include "solve/private_node.h"
#include "solve/told.h"

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

/* The way with chance p from a column to one of a place, at a point: mass goes there, or what is gained there comes
 * here. */
static void go(dt_private_chain *chain, size_t from, const double *mass, size_t place,
               uint32_t point, size_t column, double p)
{
    if (chain->gain) {
        chain->expected[from] += p != 0 ? p * chain->gain[place * chain->columns + column] : 0;
        return;
    }
    double *to = chain->mass + place * chain->stride + column;
    dt_points_add(chain->live + place * chain->words, point);
    for (size_t m = 0; m < chain->masses; m++)
        to[m * chain->columns] += p * mass[m * chain->columns];
}

/* ---- side by side ---------------------------------------------------------------------------- */

/* The columns that something leaves, of live points: into chain->leaving. Returns how many. */
static size_t find_leaving(const dt_private_chain *chain, const double *mass, const dt_points *live)
{
    const size_t types = chain->work->plan->beliefs->types;
    size_t count = 0;
    for (uint32_t i = 0; i < live->count; i++) {
        const size_t first = live->point[i] * types;
        for (size_t w = first; w < first + types; w++) {
            chain->leaving[count] = (uint32_t)w;
            count += leaves(chain, &mass[w], w);
        }
    }
    return count;
}

/* The chance that a cell is played from each of them: into chain->chance. Strategies of points at which nobody stands
 * aren't looked at, as they are far more memory than masses. */
static void find_chances(const dt_private_chain *chain, const dt_menu *menu, uint32_t node,
                         int cell, uint32_t t, const dt_held *held, size_t count)
{
    const dt_private *work = chain->work;
    const uint32_t types = work->plan->beliefs->types, none = UINT32_MAX;
    const uint32_t option = work->strategy.node_option[node];
    size_t entry[DT_MAX_MOVERS];
    int entries = 0;
    for (int k = menu->agents - 1, total = menu->total; k >= 0; k--) {
        total -= menu->options[k];
        if (!dt_is_held(held, k))
            entry[entries++] = (option + (size_t)(total + cell % menu->options[k])) * DT_POINTS;
        cell /= menu->options[k];
    }
    double chance = 1;
    for (size_t i = 0, point = none; i < count; i++) {
        if (chain->leaving[i] / types != point) {
            point = chain->leaving[i] / types;
            const double *sigma = dt_typed_of(&work->strategy, t, (uint32_t)point);
            chance = 1;
            for (int e = 0; e < entries; e++)
                chance *= sigma[entry[e]];
        }
        chain->chance[i] = chance;
    }
}

/* Everything that leaves goes along a branch, with the chance that it comes to that. */
static void go_along(dt_private_chain *chain, uint32_t node, size_t place,
                     const double *coefficient, size_t count)
{
    const size_t columns = chain->columns;
    const uint32_t *leaving = chain->leaving;
    double *p = chain->share;
    for (size_t i = 0; i < count; i++)
        p[i] = chain->chance[i] * coefficient[leaving[i]];
    if (chain->gain) {
        for (size_t i = 0; i < count; i++)
            chain->expected[leaving[i]] +=
                p[i] != 0 ? p[i] * chain->gain[place * columns + leaving[i]] : 0;
        return;
    }
    for (size_t i = 0; i < chain->words; i++)
        chain->live[place * chain->words + i] |= chain->live[node * chain->words + i];
    for (size_t m = 0; m < chain->masses; m++) {
        const double *from = chain->mass + node * chain->stride + m * columns;
        double *to = chain->mass + place * chain->stride + m * columns;
        for (size_t w = 0; w < columns && count == columns; w++)
            to[w] += p[w] * from[w];
        for (size_t i = 0; i < count && count < columns; i++)
            to[leaving[i]] += p[i] * from[leaving[i]];
    }
}

/* A node at which all points flow side by side. */
static void pass_plain(dt_private_chain *chain, uint32_t node, uint32_t t, const dt_held *held,
                       const dt_points *live)
{
    const dt_game *game = chain->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const size_t count = find_leaving(chain, chain->mass + node * chain->stride, live);
    assert(dt_typed_kept(&chain->work->strategy, t));
    for (int c = 0; c < menu->cells; c++) {
        const uint64_t cell = game->node_cell[node] + (uint64_t)c;
        if (dt_is_barred(held, menu, c))
            continue;
        find_chances(chain, menu, node, c, t, held, count);
        for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
            go_along(chain, node, game->branch_target[b],
                     chain->world->coefficient +
                         dt_branch_coefficient(game, cell, b) * chain->columns,
                     count);
    }
}

/* ---- a point by itself ----------------------------------------------------------------------- */

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
            go(chain, from, mass, there, column / told.types, column, p);
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

/* ---- eight points at once -------------------------------------------------------------------- */

/* A node that fits, at a point in a lane of which it is known what is told (space->told). */
static void pass_told(dt_private_chain *chain, uint32_t node, uint32_t point, const dt_held *held)
{
    const dt_private *work = chain->work;
    const struct dt_private_space *space = work->space[0];
    const dt_beliefs *beliefs = work->plan->beliefs;
    const dt_menu *menu = &chain->game->menu[chain->game->node_menu[node]];
    const dt_lane_signal *lane = &space->lane;
    const size_t x = (size_t)space->game.subject[0].variable, seat = point % DT_WORLDS;
    const uint32_t base = point - dt_beliefs_point(beliefs, x, point) * lane->stride;
    const bool chosen = lane->moves && !dt_is_held(held, 0);
    for (uint32_t type = 0; type < beliefs->types; type++) {
        const size_t column = point * (size_t)beliefs->types + type;
        const double *mass = chain->mass + node * chain->stride + column;
        const int k = dt_beliefs_rank(beliefs, x, type);
        const double *sigma = lane->sigma + (lane->knows ? k * lane->cells : 0) * DT_WORLDS + seat;
        if (!leaves(chain, mass, column))
            continue;
        for (int r = 0; r < lane->routes; r++) {
            const dt_lane_route *route = &lane->route[r];
            const int after = route->after[k];
            const double p = route->chance[k] * (chosen ? sigma[route->cell * DT_WORLDS] : 1);
            if (p == 0 || dt_is_barred(held, menu, route->cell))
                continue;
            const size_t there = space->game.event[route->event].target;
            const uint32_t to = type + (uint32_t)(after - k) * beliefs->type_stride[x];
            if (lane->event[route->event].still) {
                go(chain, column, mass, there, point, point * (size_t)beliefs->types + to, p);
                continue;
            }
            const dt_lane_told *told = &space->told[route->event];
            const double lower = told->lower[after][seat], upper = told->upper[after][seat];
            uint32_t end = base + (uint32_t)told->interval[seat] * lane->stride;
            if (lower > 0)
                go(chain, column, mass, there, end, end * (size_t)beliefs->types + to, p * lower);
            end += lane->stride;
            if (upper > 0)
                go(chain, column, mass, there, end, end * (size_t)beliefs->types + to, p * upper);
        }
    }
}

/* A node at the live points, in lanes; those in which a probability comes near to underflow by themselves. False if it
 * doesn't fit. */
static bool pass_lanes(dt_private_chain *chain, uint32_t node, uint32_t t, const dt_held *held,
                       const dt_points *live)
{
    const dt_private *work = chain->work;
    const dt_private_plan *plan = work->plan;
    struct dt_private_space *space = work->space[0];
    uint32_t inside, rest = 0;
    uint16_t by_itself[DT_MOST_POINTS];
    if (chain->game->carried || !dt_private_lanes_fit(plan, node, &inside))
        return false;
    assert(dt_typed_kept(&work->strategy, t));
    dt_private_lanes_look(work, space, node, inside);
    for (uint32_t i = 0, known = 0, pack = UINT32_MAX; i < live->count; i++) {
        const uint32_t point = live->point[i];
        if (point / DT_WORLDS != pack) {
            pack = point / DT_WORLDS;
            known = dt_private_lanes_told(work, space, plan->places->place[node], pack, t);
        }
        if (known >> point % DT_WORLDS & 1)
            pass_told(chain, node, point, held);
        else
            by_itself[rest++] = (uint16_t)point;
    }
    for (uint32_t i = 0; i < rest; i++)
        pass_point(chain, node, by_itself[i], t, held, i > 0);
    return true;
}

/* ---- all of a node --------------------------------------------------------------------------- */

void dt_private_chain_leave(dt_private_chain *chain, uint32_t node, uint32_t t, const dt_held *held)
{
    const dt_private_plan *plan = chain->work->plan;
    dt_points live; /* as many as there may be: not cleared */
    live.count = 0;
    if (!chain->gain)
        dt_points_list(chain->live + node * chain->words, chain->words, &live);
    for (; chain->gain && live.count < plan->beliefs->points; live.count++)
        live.point[live.count] = (uint16_t)live.count;
    if (live.count == 0)
        return;
    if (!plan->node_mixes[plan->places->place[node]])
        pass_plain(chain, node, t, held, &live);
    else if (!pass_lanes(chain, node, t, held, &live)) {
        for (uint32_t i = 0; i < live.count; i++)
            pass_point(chain, node, live.point[i], t, held, i > 0);
    }
}

void dt_private_chain_expect(dt_private_chain *chain, uint32_t node, uint32_t t, const double *gain,
                             double *expected)
{
    chain->gain = gain;
    chain->expected = expected;
    memset(expected, 0, chain->columns * sizeof *expected);
    dt_private_chain_leave(chain, node, t, NULL);
    chain->gain = NULL;
}

void dt_private_chain_enter(dt_private_chain *chain, uint32_t node, uint32_t point,
                            const double *share, const dt_held *held)
{
    const size_t types = chain->work->plan->beliefs->types, bytes = types * sizeof *share;
    double *mass = chain->mass + node * chain->stride + point * types;
    uint64_t *live = chain->live + node * chain->words;
    assert(chain->spread > 0 && *live == 0);
    dt_points_add(live, point);
    for (size_t m = 0; m < chain->masses; m++)
        memcpy(mass + m * chain->columns, share, bytes);
    dt_private_chain_leave(chain, node, chain->spread - 1, held);
    for (size_t m = 0; m < chain->masses; m++)
        memset(mass + m * chain->columns, 0, bytes);
    memset(live, 0, chain->words * sizeof *live);
}
