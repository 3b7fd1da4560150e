/*
 * Making the places, in one walk over the distinct nodes: a cell is entered when the first node that
 * has it comes, so that a sweep, which walks the same way, works it out there and finds it at the
 * others. Cells that neither pay nor leave anything to chance aren't worked out at all.
 */
#include "solve/places.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/order.h"

/* What is needed while places are made. */
typedef struct making {
    dt_arena *arena;
    const dt_game *game;
    dt_places *places;
    dt_list(uint32_t) number; /* [game's cells] 1 + number of a cell; 0: not entered */
    dt_list(uint32_t) nodes;  /* [cells] that use it */
    dt_list(uint64_t) order;  /* of places that are numbered: option, then place */
    uint64_t branches, uses;
} making;

/* At most so many entries of seat_worth: of all cells, and of a table of each menu's that isn't full. */
static double worths(const dt_game *game)
{
    double count = (double)game->cells;
    for (uint32_t m = 0; m < game->menus; m++)
        count += (DT_SEATS - 1.0) * game->menu[m].cells;
    return count;
}

double dt_places_bytes(const dt_game *game)
{
    const double depths = game->depths, stages = game->stages + 2.0;
    return (double)game->branches * sizeof(dt_branch) +
           (double)game->cells * (sizeof(dt_cell) + 3 * sizeof(uint32_t)) +
           (double)game->nodes * (7 * sizeof(uint32_t) + sizeof(dt_seated) + sizeof(uint64_t)) +
           (double)game->leaves * (sizeof(dt_leaf) + sizeof(uint32_t) + sizeof(uint64_t)) +
           2 * depths * stages * sizeof(uint32_t) + worths(game) * sizeof(uint32_t);
}

/* Numbers those of a stage's places from `from` to `to` that stand for their class, in the order of
 * their options. */
static void number_some(making *work, uint32_t from, uint32_t to, uint32_t *places)
{
    const dt_game *game = work->game;
    work->order.count = 0;
    for (uint32_t p = from; p < to; p++) {
        const bool node = p < game->nodes;
        if (p == (node ? game->node_same[p] : game->nodes + game->leaf_same[p - game->nodes]))
            dt_push(work->arena, &work->order,
                    (uint64_t)(node ? game->node_option[p] : 0) << 32 | p);
    }
    if (work->order.count > 0)
        qsort(work->order.at, work->order.count, sizeof *work->order.at, dt_by_number64);
    for (size_t i = 0; i < work->order.count; i++)
        work->places->place[(uint32_t)work->order.at[i]] = (*places)++;
}

/* The lowest of a class can occur whenever another can: so what can occur is a run still, if the
 * places that are new in a period come after those before. */
static void number_places(making *work)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    const size_t row = (size_t)game->stages + 1;
    places->stages = game->stages;
    places->stage_first = dt_new(work->arena, uint32_t, (size_t)game->stages + 2);
    places->stage_count = dt_new(work->arena, uint32_t, game->depths * row);
    places->place = dt_new(work->arena, uint32_t, (size_t)game->nodes + game->leaves);
    uint32_t numbered = 0;
    for (uint32_t s = 0; s <= game->stages; s++) {
        places->stage_first[s] = numbered;
        uint32_t from = game->stage_first[s];
        for (size_t d = 0; d < game->depths; d++) {
            const uint32_t to = game->stage_first[s] + game->stage_count[d * row + s];
            number_some(work, from, to, &numbered);
            places->stage_count[d * row + s] = numbered - places->stage_first[s];
            from = to;
        }
        assert(from == game->stage_first[s + 1]);
    }
    places->stage_first[game->stages + 1] = numbered;
    places->nodes = places->stage_first[game->stages];
    places->leaves = numbered - places->nodes;
    for (uint32_t p = 0; p < game->nodes; p++)
        places->place[p] = places->place[game->node_same[p]];
    for (uint32_t l = 0; l < game->leaves; l++)
        places->place[game->nodes + l] = places->place[game->nodes + game->leaf_same[l]];
}

/* The members of each class in order, by counting. */
static void list_alike(making *work)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    uint32_t *first = dt_new(work->arena, uint32_t, (size_t)places->nodes + 1);
    places->alike = dt_new(work->arena, uint32_t, game->nodes);
    for (uint32_t n = 0; n < game->nodes; n++)
        first[places->place[n]]++;
    for (uint32_t n = 0, at = 0; n < places->nodes; n++) {
        at += first[n];
        first[n] = at; /* of the next one; it goes down as they are put there */
    }
    first[places->nodes] = game->nodes;
    for (uint32_t n = game->nodes; n-- > 0;)
        places->alike[--first[places->place[n]]] = n;
    places->alike_first = first;
    places->node = dt_new(work->arena, uint32_t, places->nodes);
    places->menu = dt_new(work->arena, uint32_t, places->nodes);
    places->option = dt_new(work->arena, uint32_t, places->nodes);
    for (uint32_t n = 0; n < places->nodes; n++) {
        const uint32_t node = places->node[n] = places->alike[first[n]];
        places->menu[n] = game->node_menu[node];
        places->option[n] = game->node_option[node];
    }
}

/* Deals the nodes of a stage to tables, those of one menu after those of the other. */
static void seat_stage(making *work, uint32_t stage, uint32_t *open, uint32_t *size)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    const uint32_t first = places->stage_first[stage], beyond = places->stage_first[stage + 1];
    uint32_t tables = places->stage_table[stage], seat = first;
    memset(size, 0, game->menus * sizeof *size);
    for (uint32_t n = first; n < beyond; n++)
        size[places->menu[n]]++;
    for (uint32_t m = 0; m < game->menus; m++) {
        open[m] = seat;
        const uint32_t most = game->menu[m].agents == 0 ? UINT32_MAX : DT_SEATS;
        for (uint32_t left = size[m]; left > 0;) {
            const uint32_t count = left < most ? left : most;
            places->table[tables++] = (dt_seated){.first = seat, .count = count};
            seat += count;
            left -= count;
        }
    }
    assert(seat == beyond);
    places->stage_table[stage + 1] = tables;
    for (uint32_t n = first; n < beyond; n++)
        places->seat[open[places->menu[n]]++] = n;
}

static void seat_nodes(making *work)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    places->stage_table = dt_new(work->arena, uint32_t, (size_t)game->stages + 1);
    places->table = dt_new(work->arena, dt_seated, places->nodes);
    places->seat = dt_new(work->arena, uint32_t, places->nodes);
    uint32_t *menus = dt_new(work->arena, uint32_t, 2 * (size_t)game->menus);
    for (uint32_t s = 0; s < game->stages; s++)
        seat_stage(work, s, menus, menus + game->menus);
}

/* Numbers the cells that are used, and counts what there is. */
static void number_cells(making *work)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    dt_reserve(work->arena, &work->number, game->cells);
    dt_reserve(work->arena, &work->nodes, game->cells);
    if (game->cells)
        memset(work->number.at, 0, game->cells * sizeof *work->number.at);
    for (uint32_t n = 0; n < places->nodes; n++) {
        const uint32_t node = places->node[n];
        for (uint64_t c = game->node_cell[node]; c < game->node_cell[node + 1]; c++, work->uses++) {
            const uint32_t cell = game->cell_same[c];
            if (work->number.at[cell] == 0) {
                work->number.at[cell] = ++places->cells;
                work->nodes.at[places->cells - 1] = 0;
                work->branches += game->cell_branch[cell + 1] - game->cell_branch[cell];
            }
            work->nodes.at[work->number.at[cell] - 1]++;
        }
    }
}

/* Whether what a cell is worth is what its one branch leads to. */
static bool leads_on(const dt_game *game, uint32_t cell)
{
    const uint64_t b = game->cell_branch[cell];
    const uint32_t row = dt_cell_row(game, cell);
    if (game->cell_branch[cell + 1] - b != 1 || game->row_first[row] != game->row_first[row + 1])
        return false;
    const dt_expression *e = &game->coefficient->list.at[dt_branch_coefficient(game, cell, b)];
    return e->op == DT_OP_CONSTANT && e->value == 1;
}

static void enter_cell(making *work, uint32_t cell, uint32_t number, uint32_t *homes)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    dt_cell *here = &places->cell[number];
    here->row = dt_cell_row(game, cell);
    here->home = DT_HOME_NONE;
    if (leads_on(game, cell))
        here->home = DT_HOME_NEXT;
    else if (work->nodes.at[number] > 1)
        here->home = (*homes)++;
    here[1].branch = here->branch;
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
        places->branch[here[1].branch++] = (dt_branch){
            places->place[game->branch_target[b]],
            dt_branch_coefficient(game, cell, b),
        };
}

/* Enters the cells of a node that are new; `entered` and `used` count what there is. */
static void enter_node(making *work, uint32_t n, uint32_t *entered, uint32_t *used, uint32_t *homes)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    const uint32_t node = places->node[n];
    places->use_first[n] = *used;
    for (uint64_t c = game->node_cell[node]; c < game->node_cell[node + 1]; c++) {
        const uint32_t number = work->number.at[game->cell_same[c]] - 1;
        if (number == *entered)
            enter_cell(work, game->cell_same[c], (*entered)++, homes);
        assert(number < *entered);
        places->use[(*used)++] = number;
    }
}

static void enter_cells(making *work)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    const size_t row = (size_t)game->stages + 1;
    places->cell = dt_new(work->arena, dt_cell, (size_t)places->cells + 1);
    places->branch = dt_new(work->arena, dt_branch, work->branches);
    places->use_first = dt_new(work->arena, uint32_t, (size_t)places->nodes + 1);
    places->use = dt_new(work->arena, uint32_t, work->uses);
    places->stage_cell = dt_new(work->arena, uint32_t, row);
    places->cell_count = dt_new(work->arena, uint32_t, game->depths * row);
    uint32_t used = 0, entered = 0;
    for (uint32_t s = 0; s < places->stages; s++) {
        uint32_t homes = 0, n = places->stage_first[s];
        places->stage_cell[s] = entered;
        for (size_t d = 0; d < game->depths; d++) {
            const uint32_t beyond = places->stage_first[s] + places->stage_count[d * row + s];
            for (; n < beyond; n++)
                enter_node(work, n, &entered, &used, &homes);
            places->cell_count[d * row + s] = entered - places->stage_cell[s];
        }
        const uint32_t cells = entered - places->stage_cell[s];
        places->homes = homes > places->homes ? homes : places->homes;
        places->most_cells = cells > places->most_cells ? cells : places->most_cells;
    }
    places->stage_cell[places->stages] = entered;
    places->use_first[places->nodes] = used;
    assert(entered == places->cells && used == work->uses);
    assert(places->cell[entered].branch == work->branches);
}

/* Where the worth of a cell of a stage is. */
static uint32_t worth_of(const dt_places *places, uint32_t stage, uint32_t number)
{
    const dt_cell *cell = &places->cell[number];
    if (cell->home == DT_HOME_NEXT)
        return places->branch[cell->branch].target;
    return places->nodes + places->leaves + number - places->stage_cell[stage];
}

/* Points the seats of all tables to what their cells are worth. */
static void point_seats(making *work)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    dt_list(uint32_t) worth = {0};
    for (uint32_t s = 0; s < places->stages; s++) {
        for (uint32_t t = places->stage_table[s]; t < places->stage_table[s + 1]; t++) {
            dt_seated *table = &places->table[t];
            const uint32_t *node = places->seat + table->first;
            const dt_menu *menu = &game->menu[places->menu[node[0]]];
            const uint32_t seats = menu->agents == 0 ? table->count : DT_SEATS;
            table->worth = (uint32_t)worth.count;
            for (uint32_t c = 0; c < (uint32_t)menu->cells; c++) {
                for (uint32_t i = 0; i < seats; i++) {
                    const uint32_t n = node[i < table->count ? i : 0];
                    dt_push(work->arena, &worth,
                            worth_of(places, s, places->use[places->use_first[n] + c]));
                }
            }
        }
    }
    places->seat_worth = worth.at;
}

/* Strikes from the common payoffs those that a row hasn't got. */
static void strike(dt_places *places, uint32_t row, uint8_t *has)
{
    const dt_game *game = places->game;
    memset(has, 0, (size_t)game->model->terms);
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++)
        has[game->row_column[e]] = game->row_coefficient[e] == places->common[game->row_column[e]];
    for (int t = 0; t < game->model->terms; t++)
        places->common[t] = has[t] ? places->common[t] : DT_NOWHERE;
}

static void enter_leaves(making *work)
{
    const dt_game *game = work->game;
    dt_places *places = work->places;
    const size_t terms = (size_t)game->model->terms;
    uint32_t *number = dt_new(work->arena, uint32_t, game->rows); /* 1 + of a row; 0: none yet */
    uint8_t *has = dt_new(work->arena, uint8_t, terms);
    places->leaf = dt_new(work->arena, dt_leaf, places->leaves);
    places->leaf_row = dt_new(work->arena, uint32_t, places->leaves);
    places->common = dt_new(work->arena, uint32_t, terms);
    for (size_t t = 0; t < terms; t++)
        places->common[t] = DT_NOWHERE;
    for (uint32_t l = 0; l < game->leaves; l++) {
        const uint32_t next = game->leaf_next[l], row = game->leaf_payoff[l];
        if (number[row] == 0) {
            for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
                if (places->leaf_rows == 0)
                    places->common[game->row_column[e]] = game->row_coefficient[e];
            }
            places->leaf_row[places->leaf_rows] = row;
            number[row] = ++places->leaf_rows;
            strike(places, row, has);
        }
        places->leaf[places->place[game->nodes + l] - places->nodes] =
            (dt_leaf){number[row] - 1, next == DT_NOWHERE ? game->states : next};
    }
}

dt_places *dt_places_new(dt_arena *arena, const dt_game *game)
{
    making work = {.arena = arena, .game = game, .places = dt_new(arena, dt_places, 1)};
    dt_places *places = work.places;
    places->game = game;
    number_places(&work);
    list_alike(&work);
    seat_nodes(&work);
    number_cells(&work);
    enter_cells(&work);
    point_seats(&work);
    dt_drop(arena, &work.number);
    dt_drop(arena, &work.nodes);
    dt_drop(arena, &work.order);
    enter_leaves(&work);
    return places;
}

/* The entry of a stage in a table by depths. */
static uint32_t at_depth(const dt_places *places, const uint32_t *count, uint32_t stage,
                         uint32_t period)
{
    const dt_game *game = places->game;
    assert(stage <= places->stages && game->depths > 0);
    const size_t depth = period < game->depths ? period : game->depths - 1;
    return count[depth * (places->stages + 1) + stage];
}

uint32_t dt_places_count(const dt_places *places, uint32_t stage, uint32_t period)
{
    return at_depth(places, places->stage_count, stage, period);
}

uint32_t dt_places_cells(const dt_places *places, uint32_t stage, uint32_t period)
{
    return at_depth(places, places->cell_count, stage, period);
}

uint32_t dt_places_alike(const dt_places *places, uint32_t node, uint32_t period)
{
    const dt_game *game = places->game;
    const uint32_t stage = dt_game_stage(game, places->node[node]);
    const uint32_t beyond = game->stage_first[stage] + dt_game_count(game, stage, period);
    uint32_t count = 0;
    for (uint32_t i = places->alike_first[node]; i < places->alike_first[node + 1]; i++)
        count += places->alike[i] < beyond;
    assert(count >= 1);
    return count;
}
