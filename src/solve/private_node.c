/*
 * The signalling game of a node at a point, set up from the game's branches (private_node.h). Of what a branch
 * of the graph can do at the node, branches that no possible type takes are left out.
 */
#include "solve/private_node.h"

#include <assert.h>
#include <string.h>

#include "base/greater.h"
#include "solve/sweep.h"

/* ---- what a node is at a point ----------------------------------------------------------------- */

static const dt_menu *menu_of(const dt_private_plan *plan, uint32_t node)
{
    return &plan->game->menu[plan->game->node_menu[node]];
}

/* Where the secret goes on a branch of a cell: 0, nowhere. */
static uint16_t branch_move(const dt_game *game, uint64_t cell, uint64_t branch)
{
    const uint16_t *moves = dt_cell_moves(game, cell);
    return moves ? moves[branch - game->cell_branch[cell]] : 0;
}

/* Whether a cell's branches tell types apart, or move the secret. */
static bool cell_is_private(const dt_game *game, uint64_t cell)
{
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        if (branch_move(game, cell, b) != 0 ||
            (game->is_typed && game->is_typed[dt_branch_coefficient(game, cell, b)]))
            return true;
    }
    return false;
}

/* Which variables are subjects at a node: of those who know and choose, and the stage's secret. */
static void find_subjects(const dt_private_plan *plan, uint32_t node, bool *chosen)
{
    const dt_game *game = plan->game;
    const dt_menu *menu = menu_of(plan, node);
    const int secret = plan->stage_secret[menu->stage];
    memset(chosen, 0, plan->beliefs->variables * sizeof *chosen);
    for (int k = 0; k < menu->agents; k++) {
        const int x = plan->beliefs->agent_variable[menu->agent[k]];
        if (x >= 0 && menu->options[k] > 1)
            chosen[x] = true;
    }
    for (int c = 0; c < menu->cells && secret >= 0; c++)
        chosen[secret] |= cell_is_private(game, game->node_cell[node] + (uint64_t)c);
}

bool dt_private_mixes(const dt_private_plan *plan, uint32_t node)
{
    bool chosen[DT_MAX_ACTORS], any = false;
    find_subjects(plan, node, chosen);
    for (size_t x = 0; x < plan->beliefs->variables; x++)
        any |= chosen[x];
    return any;
}

int dt_private_subject(const dt_private_plan *plan, uint32_t node)
{
    bool chosen[DT_MAX_ACTORS];
    int subject = -1, count = 0;
    find_subjects(plan, node, chosen);
    for (size_t x = 0; x < plan->beliefs->variables; x++) {
        if (chosen[x]) {
            subject = (int)x;
            count++;
        }
    }
    return count == 1 ? subject : -1;
}

static int greater_of(int a, int b)
{
    return a > b ? a : b;
}

/* The largest signalling game so far, with a node's. */
void dt_private_measure(dt_private_plan *plan, uint32_t node)
{
    const dt_menu *menu = menu_of(plan, node);
    dt_signal_size *size = &plan->size;
    bool chosen[DT_MAX_ACTORS];
    int types = 1, subjects = 0, branches = 0, values = 1;
    find_subjects(plan, node, chosen);
    for (size_t x = 0; x < plan->beliefs->variables; x++) {
        if (!chosen[x])
            continue;
        subjects++;
        types *= plan->beliefs->grid[x]->values;
        values = greater_of(values, plan->beliefs->grid[x]->values);
        size->fineness = greater_of(size->fineness, plan->beliefs->grid[x]->fineness);
    }
    for (int c = 0; c < menu->cells; c++) {
        const uint64_t cell = plan->game->node_cell[node] + (uint64_t)c;
        branches += (int)(plan->game->cell_branch[cell + 1] - plan->game->cell_branch[cell]);
    }
    size->players = greater_of(size->players, menu->agents);
    size->options = greater_of(size->options, menu->total);
    size->cells = greater_of(size->cells, menu->cells);
    size->types = greater_of(size->types, types);
    size->subjects = greater_of(size->subjects, subjects);
    size->events = greater_of(size->events, branches);
    size->branches = greater_of(size->branches, branches);
    size->values = greater_of(size->values, values);
    size->columns = (int)plan->group->columns;
}

/* The subjects at a node, with what is believed at a point. */
static void set_subjects(const dt_private *work, struct dt_private_space *space, uint32_t node,
                         uint32_t point)
{
    const dt_private_plan *plan = work->plan;
    const dt_beliefs *beliefs = plan->beliefs;
    dt_signal_game *game = &space->game;
    const dt_menu *menu = menu_of(plan, node);
    const int secret = plan->stage_secret[menu->stage];
    bool chosen[DT_MAX_ACTORS];
    find_subjects(plan, node, chosen);
    game->subjects = 0;
    game->secret = -1;
    game->point = point;
    game->types = 1;
    for (size_t x = 0; x < beliefs->variables; x++) {
        space->subject_of[x] = -1;
        if (!chosen[x])
            continue;
        const int i = game->subjects++;
        dt_subject *subject = &space->subject[i];
        const dt_grid *grid = beliefs->grid[x];
        const double *belief = dt_beliefs_at(beliefs, x, point);
        *subject = (dt_subject){.grid = grid,
                                .variable = (int)x,
                                .stride = beliefs->stride[x],
                                .point = dt_beliefs_point(beliefs, x, point),
                                .owner = -1};
        for (int k = 0; k < grid->values; k++) {
            if (belief[k] > 0) {
                subject->type[subject->types] = (uint8_t)k;
                subject->belief[subject->types++] = belief[k];
            }
        }
        space->subject_of[x] = i;
        game->types *= subject->types;
        game->point -= subject->point * subject->stride;
        if ((int)x == secret)
            game->secret = i;
    }
    game->subject = space->subject;
}

static void set_players(const dt_private *work, struct dt_private_space *space, uint32_t node)
{
    const dt_private_plan *plan = work->plan;
    dt_signal_game *game = &space->game;
    const dt_menu *menu = menu_of(plan, node);
    int *column = space->player_column;
    game->players = menu->agents;
    game->cells = menu->cells;
    game->player = space->player;
    for (int p = 0; p < menu->agents; p++) {
        const dt_agent *agent = &plan->game->rules->agent[menu->agent[p]];
        const int x = plan->beliefs->agent_variable[menu->agent[p]];
        dt_player *player = &space->player[p];
        *player = (dt_player){
            .subject = x < 0 ? -1 : space->subject_of[x],
            .options = menu->options[p],
            .rationality = work->typed->rationality[(size_t)menu->agent[p] * work->typed->width],
            .members = agent->members,
            .weight = agent->weight,
        };
        if (player->subject >= 0) {
            player->column = plan->value_column[agent->member[0]];
            space->subject[player->subject].owner = p;
        } else {
            /* an owner without a choice is asked for nothing: any of its columns will do */
            for (int m = 0; m < agent->members; m++)
                column[m] = plan->value_column[agent->member[m]][0];
            player->column = column;
            column += agent->members;
        }
    }
}

/* The event of a cell that leads to a place of the game, which may be new. */
static int find_event(const dt_private *work, struct dt_private_space *space, bool hidden, int cell,
                      uint32_t target)
{
    dt_signal_game *game = &space->game;
    for (int e = 0; e < game->events; e++) {
        if (space->event[e].target == target && (hidden || space->event[e].cell == cell))
            return e;
    }
    const int e = game->events++;
    const size_t at = (size_t)e * (size_t)game->subjects;
    space->event[e] = (dt_signal_event){.cell = hidden ? -1 : cell,
                                        .target = target,
                                        .place = work->plan->places->place[target],
                                        .face = space->face + at,
                                        .still = space->still + at};
    return e;
}

/* Whether any type plays a cell by the strategies at hand. */
static bool is_played(const struct dt_private_space *space, const dt_menu *menu, int cell)
{
    const double *sigma = space->sigma;
    bool played = true;
    for (int p = 0, later = menu->cells; p < menu->agents; p++) {
        const int x = space->player[p].subject, options = menu->options[p];
        later /= options;
        double most = 0;
        for (int k = 0; k < (x < 0 ? 1 : space->subject[x].types); k++, sigma += options)
            most = dt_greater(sigma[cell / later % options], most);
        played &= most > 0;
    }
    return played;
}

/* The branches of a node, without those that no possible type can take, and their events. Where strategies are
 * carried over what nobody does isn't seen either. */
static void set_branches(const dt_private *work, struct dt_private_space *space, uint32_t node)
{
    const dt_private_plan *plan = work->plan;
    const dt_game *graph = plan->game;
    dt_signal_game *game = &space->game;
    const dt_menu *menu = menu_of(plan, node);
    const bool hidden = graph->model->stage[menu->stage].hidden;
    const dt_subject *subject = game->secret < 0 ? NULL : &space->subject[game->secret];
    const int types = subject ? subject->types : 1;
    const size_t values = (size_t)plan->size.values;
    const uint32_t stride = subject ? plan->beliefs->type_stride[subject->variable] : 0;
    game->events = game->branches = 0;
    for (int c = 0; c < menu->cells; c++) {
        const uint64_t cell = graph->node_cell[node] + (uint64_t)c;
        space->row[c] = dt_cell_row(graph, cell);
        space->cell_branch[c] = game->branches;
        if (graph->carried && !is_played(space, menu, c))
            continue;
        for (uint64_t b = graph->cell_branch[cell]; b < graph->cell_branch[cell + 1]; b++) {
            const size_t at = (size_t)game->branches * values;
            const double *coefficient = work->typed->coefficient +
                                        dt_branch_coefficient(graph, cell, b) * work->typed->width;
            const uint16_t move = branch_move(graph, cell, b);
            double *chance = space->chance + at;
            bool any = false;
            for (int k = 0; k < types; k++) {
                const uint8_t value = subject ? subject->type[k] : 0;
                chance[k] = coefficient[value * stride];
                space->after[at + (size_t)k] =
                    move ? graph->move[move * graph->most_values + value] : value;
                any |= chance[k] > 0;
            }
            if (!any)
                continue;
            space->branch[game->branches++] = (dt_signal_branch){
                .cell = c,
                .event = find_event(work, space, hidden, c, graph->branch_target[b]),
                .chance = chance,
                .after = space->after + at};
        }
    }
    space->cell_branch[menu->cells] = game->branches;
    game->cell_branch = space->cell_branch;
    game->branch = space->branch;
    game->event = space->event;
}

/* What is possible after each event, and of which subjects nothing is learned. */
static void set_faces(const dt_private *work, struct dt_private_space *space, uint32_t node)
{
    const dt_private_plan *plan = work->plan;
    dt_signal_game *game = &space->game;
    for (int e = 0; e < game->events; e++) {
        for (int x = 0; x < game->subjects; x++) {
            const dt_subject *subject = &space->subject[x];
            uint8_t possible[DT_MOST_TYPES] = {0};
            bool still = subject->owner < 0 || space->event[e].cell < 0;
            for (int k = 0; k < subject->types && x != game->secret; k++)
                possible[subject->type[k]] = 1;
            for (int b = 0; b < game->branches && x == game->secret; b++) {
                const dt_signal_branch *branch = &space->branch[b];
                if (branch->event != e)
                    continue;
                for (int k = 0; k < subject->types; k++) {
                    if (branch->chance[k] > 0)
                        possible[branch->after[k]] = 1;
                    still &= branch->after[k] == subject->type[k];
                }
                still &= !cell_is_private(plan->game,
                                          plan->game->node_cell[node] + (uint64_t)branch->cell);
            }
            dt_face *face = &space->face[e * game->subjects + x];
            dt_face_set(face, subject->grid, possible);
            space->still[e * game->subjects + x] = still;
        }
    }
    /* from values to places in the faces */
    for (int b = 0; b < game->branches && game->secret >= 0; b++) {
        const dt_signal_branch *branch = &space->branch[b];
        const dt_face *face = &space->face[branch->event * game->subjects + game->secret];
        uint8_t *after = space->after + (branch->after - space->after);
        for (int k = 0; k < space->subject[game->secret].types; k++) {
            int at = 0;
            while (at + 1 < face->types && face->type[at] < after[k])
                at++;
            after[k] = (uint8_t)at; /* of a type that can't take it, nobody reads this */
        }
    }
}

bool dt_private_node_players(const dt_private *work, struct dt_private_space *space, uint32_t node,
                             uint32_t point)
{
    dt_subject before[DT_MOST_SUBJECTS];
    const int subjects = space->game.subjects;
    memcpy(before, space->subject, (size_t)subjects * sizeof *before);
    set_subjects(work, space, node, point);
    set_players(work, space, node);
    bool same = subjects == space->game.subjects;
    for (int x = 0; x < subjects && same; x++) {
        const dt_subject *subject = &space->subject[x];
        same = before[x].types == subject->types &&
               memcmp(before[x].type, subject->type, (size_t)subject->types) == 0;
    }
    return same;
}

void dt_private_node_branches(const dt_private *work, struct dt_private_space *space, uint32_t node)
{
    set_branches(work, space, node);
    set_faces(work, space, node);
}

bool dt_private_node_set(const dt_private *work, struct dt_private_space *space, uint32_t node,
                         uint32_t point, bool again)
{
    const bool same = dt_private_node_players(work, space, node, point) && again;
    if (!same)
        dt_private_node_branches(work, space, node);
    space->game.asked = false;
    return same;
}

/* The ranks of the types of subjects, others -1: by the belief. */
void dt_private_node_ranks(const dt_private *work, struct dt_private_space *space, int joint,
                           int *rank)
{
    const dt_signal_game *game = &space->game;
    for (size_t x = 0; x < work->plan->beliefs->variables; x++)
        rank[x] = -1;
    for (int x = game->subjects - 1; x >= 0; x--) {
        const dt_subject *subject = &space->subject[x];
        rank[subject->variable] = subject->type[joint % subject->types];
        joint /= subject->types;
    }
}

/* What each column is paid in each cell if the types are these; nothing for types that aren't. */
void dt_private_node_pay(const dt_private *work, struct dt_private_space *space, uint32_t point,
                         size_t first, size_t beyond)
{
    const dt_private_plan *plan = work->plan;
    const dt_signal_game *game = &space->game;
    const size_t columns = plan->group->columns, lane = point % DT_WORLDS;
    const dt_group *pack = work->pack[point / DT_WORLDS];
    double *to = space->column_pay;
    for (int c = 0; c < game->cells; c++) {
        const uint32_t row = space->row[c];
        for (int t = 0; t < game->types; t++, to += columns) {
            if (plan->row_typed[row])
                dt_private_node_ranks(work, space, t, space->rank);
            for (size_t i = first; i < beyond; i++)
                to[i] = plan->row_typed[row]
                            ? dt_private_paid(work, row, i, point, space->rank)
                            : pack->payment[(row * plan->group->paid + i) * DT_WORLDS + lane];
        }
    }
}

/* What players are paid, from what columns are. */
void dt_private_node_pay_players(const dt_private *work, struct dt_private_space *space)
{
    const dt_private_plan *plan = work->plan;
    const dt_signal_game *game = &space->game;
    const size_t columns = plan->group->columns;
    double *to = space->pay;
    const double *from = space->column_pay;
    for (int i = 0; i < game->cells * game->types; i++, from += columns) {
        dt_private_node_ranks(work, space, i % game->types, space->rank);
        for (int p = 0; p < game->players; p++) {
            const dt_player *player = &space->player[p];
            if (player->subject >= 0) {
                const int x = space->subject[player->subject].variable;
                *to++ = from[player->column[space->rank[x]]];
                continue;
            }
            double sum = 0;
            for (int m = 0; m < player->members; m++)
                sum += player->weight[m] * from[player->column[m]];
            *to++ = sum;
        }
    }
    space->game.pay = space->pay;
}

/* ---- voices ---------------------------------------------------------------------------------- */

/* Adds a voice, of the columns of an owner's types or one. An owner of what isn't a subject has a voice
 * for each type. */
static int add_voices(const dt_private *work, struct dt_private_space *space, int voices,
                      int variable, const int *column, int player, bool best, bool taste)
{
    const int x = variable < 0 ? -1 : space->subject_of[variable];
    const int each = variable >= 0 && x < 0 ? work->plan->beliefs->grid[variable]->values : 1;
    for (int k = 0; k < each; k++)
        space->voice[voices++] = (dt_voice){
            .subject = x, .player = player, .best = best, .taste = taste, .column = column + k};
    return voices;
}

static int player_of(const dt_menu *menu, int agent)
{
    for (int p = 0; p < menu->agents; p++) {
        if (menu->agent[p] == agent)
            return p;
    }
    return -1;
}

int dt_private_node_voices(const dt_private *work, struct dt_private_space *space, uint32_t node,
                           size_t first, size_t beyond)
{
    const dt_private_plan *plan = work->plan;
    const dt_rules *rules = plan->game->rules;
    const dt_menu *menu = menu_of(plan, node);
    const bool surplus = plan->values == DT_VALUES_SURPLUS;
    int voices = 0;
    for (int i = 0; i < plan->game->model->actors && first == 0; i++) {
        const int p = surplus ? player_of(menu, rules->actor_agent[i]) : -1;
        voices = add_voices(work, space, voices, plan->beliefs->owned[i], plan->value_column[i], p,
                            false, p >= 0);
    }
    for (int k = 0; k < rules->agents && beyond > plan->group->actors; k++) {
        const int x = plan->beliefs->agent_variable[k];
        voices = add_voices(work, space, voices, x, plan->best_column[k], player_of(menu, k), true,
                            false);
        if (plan->along_column)
            voices = add_voices(work, space, voices, x, plan->along_column[k], -1, false, false);
    }
    return voices;
}

/* ---- room ------------------------------------------------------------------------------------ */

double dt_private_space_bytes(const dt_private_plan *plan)
{
    const dt_signal_size *size = &plan->size;
    const double events = size->events, subjects = size->subjects, values = size->values;
    return dt_signal_space_bytes(size) + sizeof(struct dt_private_space) +
           events * subjects * (sizeof(dt_face) + 1) + events * sizeof(dt_signal_event) +
           size->branches * (sizeof(dt_signal_branch) + 9 * values) +
           8.0 * size->cells * size->types * (size->players + size->columns) +
           (double)size->columns * (sizeof(dt_voice) + 12) + 16.0 * (double)plan->sigma_room +
           dt_lane_signal_bytes(size) + events * (sizeof(dt_lane_event) + sizeof(dt_lane_told)) +
           size->branches * sizeof(dt_lane_route) +
           16.0 * size->cells * (2 + (double)size->columns * DT_WORLDS) + 16.0 * size->cells +
           (double)(plan->packs * DT_WORLDS) * (8 + 16.0 * size->cells);
}

struct dt_private_space *dt_private_space_new(dt_arena *arena, const dt_private_plan *plan,
                                              const struct dt_lane_code *code)
{
    const dt_signal_size *size = &plan->size;
    struct dt_private_space *space = dt_new(arena, struct dt_private_space, 1);
    const size_t events = (size_t)size->events, subjects = (size_t)size->subjects,
                 values = (size_t)size->values, branches = (size_t)size->branches,
                 cells = (size_t)size->cells, types = (size_t)size->types,
                 columns = (size_t)size->columns, variables = plan->beliefs->variables;
    space->signal = dt_signal_space_new(arena, size);
    space->subject = dt_new(arena, dt_subject, subjects);
    space->player = dt_new(arena, dt_player, (size_t)size->players);
    space->player_column = dt_new(arena, int, (size_t)plan->game->model->actors);
    space->event = dt_new(arena, dt_signal_event, events);
    space->face = dt_new(arena, dt_face, events * subjects);
    space->still = dt_new(arena, uint8_t, events * subjects);
    space->branch = dt_new(arena, dt_signal_branch, branches);
    space->chance = dt_new(arena, double, (branches + 1) * values);
    space->after = dt_new(arena, uint8_t, (branches + 1) * values);
    space->cell_branch = dt_new(arena, int, cells + 1);
    space->row = dt_new(arena, uint32_t, cells);
    space->pay = dt_new(arena, double, cells *types *(size_t)(size->players + 1));
    space->column_pay = dt_new(arena, double, cells *types *columns);
    space->voice = dt_new(arena, dt_voice, columns);
    space->sigma = dt_new(arena, double, plan->sigma_room);
    space->near = dt_new(arena, double, plan->sigma_room);
    space->value = dt_new(arena, double, columns);
    space->rank = dt_new(arena, int, variables);
    space->subject_of = dt_new(arena, int, variables);
    space->lanes = code->signal_space_new(arena, size);
    space->own_pay = dt_new(arena, double, 2 * cells);
    space->lane_event = dt_new(arena, dt_lane_event, events);
    space->lane_route = dt_new(arena, dt_lane_route, branches);
    space->upto = dt_new(arena, double, plan->packs *DT_WORLDS);
    space->own_start = dt_new(arena, double, 2 * cells);
    space->start = dt_new(arena, double, plan->packs *DT_WORLDS * 2 * cells);
    space->lane_pay = dt_new(arena, const double *, cells * 2);
    space->lane_paid = dt_new_worlds(arena, cells * 2 * columns);
    space->told = dt_new(arena, dt_lane_told, events);
    return space;
}
