/*
 * Making the graph of lanes_graph.h, in one walk over the distinct nodes: a cell is entered when the
 * first node that has it comes, so that a sweep, which walks the same way, works it out there and
 * finds it at the others. Cells that neither pay nor leave anything to chance aren't worked out at all.
 */
#include "solve/lanes_graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What is needed while the graph is made. */
typedef struct making {
    dt_arena *arena;
    const dt_game *game;
    dt_lane_graph *graph;
    dt_list(uint32_t) number; /* [game's cells] 1 + number of a cell; 0: not entered */
    dt_list(uint32_t) nodes;  /* [cells] that use it */
    dt_list(uint64_t) order;  /* of places that are numbered: menu, then place */
    uint64_t branches, uses;
} making;

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Numbers those of a stage's places from `from` to `to` that stand for their class, by menu. */
static void number_some(making *work, uint32_t from, uint32_t to, uint32_t *places)
{
    const dt_game *game = work->game;
    work->order.count = 0;
    for (uint32_t p = from; p < to; p++) {
        const bool node = p < game->nodes;
        if (p == (node ? game->node_same[p] : game->nodes + game->leaf_same[p - game->nodes]))
            dt_push(work->arena, &work->order, (uint64_t)(node ? game->node_menu[p] : 0) << 32 | p);
    }
    if (work->order.count > 0)
        qsort(work->order.at, work->order.count, sizeof *work->order.at, by_number);
    for (size_t i = 0; i < work->order.count; i++)
        work->graph->place[(uint32_t)work->order.at[i]] = (*places)++;
}

/* The lowest of a class can occur whenever another can: so what can occur is a run still, if the
 * places that are new in a period come after those before. */
static void number_places(making *work)
{
    const dt_game *game = work->game;
    dt_lane_graph *graph = work->graph;
    const size_t row = (size_t)game->stages + 1;
    graph->stages = game->stages;
    graph->stage_first = dt_new(work->arena, uint32_t, (size_t)game->stages + 2);
    graph->stage_count = dt_new(work->arena, uint32_t, game->depths * row);
    graph->place = dt_new(work->arena, uint32_t, (size_t)game->nodes + game->leaves);
    uint32_t places = 0;
    for (uint32_t s = 0; s <= game->stages; s++) {
        graph->stage_first[s] = places;
        uint32_t from = game->stage_first[s];
        for (size_t d = 0; d < game->depths; d++) {
            const uint32_t to = game->stage_first[s] + game->stage_count[d * row + s];
            number_some(work, from, to, &places);
            graph->stage_count[d * row + s] = places - graph->stage_first[s];
            from = to;
        }
        assert(from == game->stage_first[s + 1]);
    }
    graph->stage_first[game->stages + 1] = places;
    graph->nodes = graph->stage_first[game->stages];
    graph->leaves = places - graph->nodes;
    for (uint32_t p = 0; p < game->nodes; p++)
        graph->place[p] = graph->place[game->node_same[p]];
    for (uint32_t l = 0; l < game->leaves; l++)
        graph->place[game->nodes + l] = graph->place[game->nodes + game->leaf_same[l]];
}

/* The members of each class in order, by counting. */
static void list_alike(making *work)
{
    const dt_game *game = work->game;
    dt_lane_graph *graph = work->graph;
    uint32_t *first = dt_new(work->arena, uint32_t, (size_t)graph->nodes + 1);
    graph->alike = dt_new(work->arena, uint32_t, game->nodes);
    for (uint32_t n = 0; n < game->nodes; n++)
        first[graph->place[n]]++;
    for (uint32_t n = 0, at = 0; n < graph->nodes; n++) {
        at += first[n];
        first[n] = at; /* of the next one; it goes down as they are put there */
    }
    first[graph->nodes] = game->nodes;
    for (uint32_t n = game->nodes; n-- > 0;)
        graph->alike[--first[graph->place[n]]] = n;
    graph->alike_first = first;
    graph->node = dt_new(work->arena, uint32_t, graph->nodes);
    graph->menu = dt_new(work->arena, uint32_t, graph->nodes);
    graph->option = dt_new(work->arena, uint64_t, (size_t)graph->nodes + 1);
    for (uint32_t n = 0; n < graph->nodes; n++) {
        graph->node[n] = graph->alike[first[n]];
        graph->menu[n] = game->node_menu[graph->node[n]];
        graph->option[n + 1] = graph->option[n] + (uint64_t)game->menu[graph->menu[n]].total;
    }
}

/* Numbers the cells that are used, and counts what there is. */
static void number_cells(making *work)
{
    const dt_game *game = work->game;
    dt_lane_graph *graph = work->graph;
    dt_reserve(work->arena, &work->number, game->cells);
    dt_reserve(work->arena, &work->nodes, game->cells);
    if (game->cells)
        memset(work->number.at, 0, game->cells * sizeof *work->number.at);
    for (uint32_t n = 0; n < graph->nodes; n++) {
        const uint32_t node = graph->node[n];
        for (uint64_t c = game->node_cell[node]; c < game->node_cell[node + 1]; c++, work->uses++) {
            const uint32_t cell = game->cell_same[c];
            if (work->number.at[cell] == 0) {
                work->number.at[cell] = ++graph->cells;
                work->nodes.at[graph->cells - 1] = 0;
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

static void enter_cell(making *work, uint32_t cell, uint32_t number, uint32_t *slots)
{
    const dt_game *game = work->game;
    dt_lane_graph *graph = work->graph;
    dt_lane_cell *here = &graph->cell[number];
    here->row = dt_cell_row(game, cell);
    here->slot = DT_LANE_ONCE;
    if (leads_on(game, cell))
        here->slot = DT_LANE_NEXT;
    else if (work->nodes.at[number] > 1)
        here->slot = (*slots)++;
    here[1].branch = here->branch;
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
        graph->branch[here[1].branch++] = (dt_lane_branch){
            graph->place[game->branch_target[b]],
            dt_branch_coefficient(game, cell, b),
        };
}

static void enter_cells(making *work)
{
    const dt_game *game = work->game;
    dt_lane_graph *graph = work->graph;
    graph->cell = dt_new(work->arena, dt_lane_cell, (size_t)graph->cells + 1);
    graph->branch = dt_new(work->arena, dt_lane_branch, work->branches);
    graph->use_first = dt_new(work->arena, uint32_t, (size_t)graph->nodes + 1);
    graph->use = dt_new(work->arena, uint32_t, work->uses);
    uint32_t used = 0, entered = 0;
    for (uint32_t s = 0; s < graph->stages; s++) {
        uint32_t slots = 0;
        for (uint32_t n = graph->stage_first[s]; n < graph->stage_first[s + 1]; n++) {
            const uint32_t node = graph->node[n];
            graph->use_first[n] = used;
            for (uint64_t c = game->node_cell[node]; c < game->node_cell[node + 1]; c++) {
                const uint32_t number = work->number.at[game->cell_same[c]] - 1;
                if (number == entered)
                    enter_cell(work, game->cell_same[c], entered++, &slots);
                assert(number < entered);
                graph->use[used++] = number;
            }
        }
        graph->slots = slots > graph->slots ? slots : graph->slots;
    }
    graph->use_first[graph->nodes] = used;
    assert(entered == graph->cells && used == work->uses);
    assert(graph->cell[entered].branch == work->branches);
}

dt_lane_graph *dt_lane_graph_new(dt_arena *arena, const dt_game *game)
{
    making work = {.arena = arena, .game = game, .graph = dt_new(arena, dt_lane_graph, 1)};
    dt_lane_graph *graph = work.graph;
    number_places(&work);
    list_alike(&work);
    number_cells(&work);
    enter_cells(&work);
    dt_drop(arena, &work.number);
    dt_drop(arena, &work.nodes);
    dt_drop(arena, &work.order);
    graph->leaf = dt_new(arena, dt_lane_leaf, graph->leaves);
    for (uint32_t l = 0; l < game->leaves; l++) {
        const uint32_t next = game->leaf_next[l];
        graph->leaf[graph->place[game->nodes + l] - graph->nodes] =
            (dt_lane_leaf){game->leaf_payoff[l], next == DT_NOWHERE ? game->states : next};
    }
    return graph;
}

uint32_t dt_lane_graph_count(const dt_lane_graph *graph, const dt_game *game, uint32_t stage,
                             uint32_t period)
{
    assert(stage <= graph->stages && game->depths > 0);
    const size_t depth = period < game->depths ? period : game->depths - 1;
    return graph->stage_count[depth * (graph->stages + 1) + stage];
}

uint32_t dt_lane_graph_alike(const dt_lane_graph *graph, const dt_game *game, uint32_t node,
                             uint32_t period)
{
    const uint32_t stage = dt_game_stage(game, graph->node[node]);
    const uint32_t beyond = game->stage_first[stage] + dt_game_count(game, stage, period);
    uint32_t count = 0;
    for (uint32_t i = graph->alike_first[node]; i < graph->alike_first[node + 1]; i++)
        count += graph->alike[i] < beyond;
    assert(count >= 1);
    return count;
}
