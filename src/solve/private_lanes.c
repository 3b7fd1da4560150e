/*
 * Nodes at which points are mixed, in lanes (lane_signal.h): eight points of a pack at once. What a node is
 * is set up once for all its points, at one where all types are possible: elsewhere types that aren't have
 * no mass, and what they get is left out.
 */
#include <assert.h>
#include <string.h>

#include "solve/private_node.h"
#include "solve/signal_odds.h"
#include "solve/sweep.h"

bool dt_private_lanes_fit(const dt_private_plan *plan, uint32_t node, uint32_t *inside)
{
    const dt_menu *menu = &plan->game->menu[plan->game->node_menu[node]];
    const int x = dt_private_subject(plan, node);
    if (menu->agents > 1 || x < 0 || plan->beliefs->grid[x]->values != 2 ||
        plan->beliefs->grid[x]->fineness < 2)
        return false;
    const bool hidden = plan->game->model->stage[menu->stage].hidden;
    if (menu->agents == 1 && menu->cells > 1 && hidden &&
        plan->beliefs->agent_variable[menu->agent[0]] != x)
        return false;
    *inside = plan->beliefs->stride[x];
    return true;
}

/* Branches as routes: values, instead of types and places in faces. */
static void set_routes(struct dt_private_space *space)
{
    const dt_signal_game *game = &space->game;
    assert(game->subjects == 1 && game->subject[0].types == 2);
    for (int e = 0; e < game->events; e++)
        space->lane_event[e] =
            (dt_lane_event){.place = game->event[e].place, .still = game->event[e].still[0]};
    for (int b = 0; b < game->branches; b++) {
        const dt_signal_branch *branch = &game->branch[b];
        const dt_face *face = &game->event[branch->event].face[0];
        dt_lane_route *route = &space->lane_route[b];
        *route = (dt_lane_route){.cell = branch->cell, .event = branch->event};
        for (int k = 0; k < 2; k++) {
            const int secret = game->secret < 0 ? 0 : k;
            route->chance[k] = branch->chance[secret];
            route->after[k] = game->secret < 0 ? (uint8_t)k : face->type[branch->after[k]];
        }
    }
}

/* Whether actions are seen, and what is known stays. */
static bool is_told(const dt_signal_game *game)
{
    double chance[2];
    for (int e = 0; e < game->events; e++) {
        if (!dt_told_chance(game, e, chance))
            return false;
    }
    return true;
}

/* A lane game of the node that was set up, without voices and the pack. */
static dt_lane_signal lane_of(const dt_private *work, const struct dt_private_space *space)
{
    const dt_signal_game *game = &space->game;
    const dt_player *player = game->players > 0 ? &game->player[0] : NULL;
    return (dt_lane_signal){
        .grid = game->subject[0].grid,
        .stride = game->subject[0].stride,
        .value = work->value,
        .columns = work->plan->group->columns,
        .cells = game->cells,
        .moves = player && player->options > 1,
        .knows = player && player->options > 1 && player->subject == 0,
        .rationality = player ? player->rationality : 0,
        .members = player ? player->members : 0,
        .own = player ? player->column : NULL,
        .weight = player ? player->weight : NULL,
        .events = game->events,
        .event = space->lane_event,
        .routes = game->branches,
        .route = space->lane_route,
        .voice = space->voice,
        .pay = space->lane_pay,
    };
}

void dt_private_lanes_set(const dt_private *work, struct dt_private_space *space, uint32_t node,
                          size_t first, size_t beyond, bool decide)
{
    const dt_signal_game *game = &space->game;
    set_routes(space);
    space->lane = lane_of(work, space);
    space->lane.told = game->players > 0 && game->player[0].subject == 0 && is_told(game);
    space->lane.voices = dt_private_node_voices(work, space, node, first, beyond);
    space->lane.decide = decide;
    space->lane.measure = first == 0;
}

void dt_private_lanes_look(const dt_private *work, struct dt_private_space *space, uint32_t node,
                           uint32_t inside)
{
    dt_private_node_set(work, space, node, inside, false);
    set_routes(space);
    space->lane = lane_of(work, space);
}

/* What cells pay the lanes of a pack. */
static void pay_lanes(const dt_private *work, struct dt_private_space *space, size_t pack,
                      const uint32_t *point, size_t first, size_t beyond)
{
    const dt_private_plan *plan = work->plan;
    const dt_signal_game *game = &space->game;
    const size_t columns = plan->group->columns;
    const bool alone = plan->beliefs->variables == 1; /* then it is the same at all points */
    for (int c = 0; c < game->cells; c++) {
        const uint32_t row = space->row[c];
        for (int k = 0; k < 2; k++) {
            const size_t at = 2 * (size_t)c + (size_t)k;
            if (!plan->row_typed[row]) {
                space->lane_pay[at] =
                    work->pack[pack]->payment + row * plan->group->paid * DT_WORLDS;
                continue;
            }
            double *to = space->lane_paid + at * columns * DT_WORLDS;
            space->lane_pay[at] = to;
            dt_private_node_ranks(work, space, k, space->rank);
            for (size_t i = first; i < beyond && !(alone && pack > 0); i++) {
                for (size_t s = 0; s < DT_WORLDS; s++)
                    to[i * DT_WORLDS + s] =
                        alone && s > 0 ? to[i * DT_WORLDS]
                                       : dt_private_paid(work, row, i, point[s], space->rank);
            }
        }
    }
}

/* The seats at which the solution is certainly the only one, and where to look for it. A type that is impossible can't
 * be told from the other. */
static uint32_t find_certain(struct dt_private_space *space, const dt_lane_signal *lane,
                             uint32_t seats, double *upto, double *start)
{
    const int numbers = 2 * lane->cells;
    uint32_t certain = 0;
    bool known = true;
    memset(upto, 0, DT_WORLDS * sizeof *upto);
    memset(start, 0, (size_t)numbers * DT_WORLDS * sizeof *start);
    for (uint32_t s = 0; s < DT_WORLDS && known; s++) {
        const double first = lane->belief[s], second = lane->belief[DT_WORLDS + s];
        if (!(seats >> s & 1))
            continue;
        if (lane->base[s] != space->taken) {
            space->taken = lane->base[s];
            known = dt_signal_may_be_certain(&space->game, space->signal, space->taken);
        }
        for (int k = 0; k < 2; k++) {
            for (int c = 0; c < lane->cells; c++)
                space->own_pay[k * lane->cells + c] =
                    lane->pay[2 * c + k][(size_t)lane->own[k] * DT_WORLDS + s];
        }
        const bool one = first == 0 || second == 0;
        upto[s] = one ? 1
                      : dt_signal_upto(space->signal, (double[]){first, second}, space->own_pay,
                                       space->own_start);
        certain |= upto[s] == 1 ? 1U << s : 0;
        for (int i = 0; i < numbers && upto[s] == 1 && !one; i++)
            start[i * DT_WORLDS + (int)s] = space->own_start[i];
    }
    return certain;
}

static double *pack_start(const struct dt_private_space *space, size_t pack)
{
    return space->start + pack * 2 * (size_t)space->lane.cells * DT_WORLDS;
}

const double *dt_private_lanes_start(struct dt_private_space *space, uint32_t point)
{
    const double *from = pack_start(space, point / DT_WORLDS) + point % DT_WORLDS;
    for (int i = 0; i < 2 * space->lane.cells; i++)
        space->own_start[i] = from[i * DT_WORLDS];
    return space->own_start;
}

/* Which points the lanes of a pack are, what is believed there, and where their strategies stand. */
typedef struct dt_pack_points {
    uint32_t point[DT_WORLDS], base[DT_WORLDS], at[DT_WORLDS];
    uint32_t seats; /* bits of the lanes that are points */
    double belief[2 * DT_WORLDS];
} dt_pack_points;

static void set_points(const dt_private *work, struct dt_private_space *space, uint32_t place,
                       size_t pack, uint32_t period, dt_pack_points *points)
{
    const dt_beliefs *beliefs = work->plan->beliefs;
    const size_t x = (size_t)space->game.subject[0].variable;
    const uint32_t last = beliefs->points - 1;
    points->seats = 0;
    for (uint32_t s = 0; s < DT_WORLDS; s++) {
        uint32_t point = (uint32_t)pack * DT_WORLDS + s;
        points->seats |= point <= last ? 1U << s : 0;
        point = point <= last ? point : last; /* a seat that nobody has is as good as one */
        points->point[s] = point;
        points->at[s] = dt_beliefs_point(beliefs, x, point);
        points->base[s] = point - points->at[s] * beliefs->stride[x];
        for (uint32_t k = 0; k < 2; k++)
            points->belief[k * DT_WORLDS + s] = dt_beliefs_at(beliefs, x, point)[k];
    }
    space->lane.base = points->base;
    space->lane.at = points->at;
    space->lane.belief = points->belief;
    space->lane.sigma = dt_typed_of(&work->strategy, period == DT_EVERY_PERIOD ? 0 : period,
                                    (uint32_t)(pack * DT_POINTS)) +
                        work->plan->places->option[place] * DT_POINTS;
}

uint32_t dt_private_lanes_run(dt_private *work, struct dt_private_space *space, uint32_t place,
                              size_t pack, uint32_t period, size_t first, size_t beyond, bool each,
                              double *residual)
{
    const dt_private_plan *plan = work->plan;
    dt_lane_signal *lane = &space->lane;
    dt_pack_points points;
    set_points(work, space, place, pack, period, &points);
    pay_lanes(work, space, pack, points.point, first, beyond);
    lane->worth = work->pack[pack]->value + place * plan->group->columns * DT_WORLDS;
    lane->residual = residual;
    double *start = pack_start(space, pack);
    lane->start = each ? start : NULL;
    lane->wanted =
        each ? find_certain(space, lane, points.seats, space->upto + pack * DT_WORLDS, start)
             : points.seats;
    if (lane->wanted == 0)
        return 0;
    if (space->game.players > 0 && !lane->moves && lane->decide) {
        for (size_t s = 0; s < DT_WORLDS; s++)
            lane->sigma[s] = 1;
    }
    return work->code->signal_solve(lane, space->lanes);
}

uint32_t dt_private_lanes_told(const dt_private *work, struct dt_private_space *space,
                               uint32_t place, size_t pack, uint32_t period)
{
    dt_pack_points points;
    set_points(work, space, place, pack, period, &points);
    space->lane.wanted = points.seats;
    return work->code->signal_told(&space->lane, space->lanes, space->told);
}
