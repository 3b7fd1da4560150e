/*
 * What moving the numbers of a lane group takes by itself. Loads are joined by exclusive or, the
 * cheapest operation there is, so that none of them can be left out.
 */
#include "bound.h"

#include <assert.h>

typedef struct bound {
    dt_lane_group *group;
    const dt_lane_plan *plan;
    const dt_lane_graph *graph;
    const dt_lane *guess;
    dt_lane *sigma;
    uint32_t seen;
} bound;

DT_LANE_INLINE void join(dt_lane *sum, const dt_lane *more)
{
    *sum = (dt_lane)((dt_lane_mask)*sum ^ (dt_lane_mask)*more);
}

DT_LANE_INLINE void join_all(dt_lane *sum, const dt_lane *more, const size_t columns)
{
    for (size_t i = 0; i < columns * DT_PACKS; i++)
        join(&sum[i], &more[i]);
}

/* Gathers what a cell is the sum of. */
DT_LANE_INLINE void gather(const bound *work, const dt_lane_cell *cell, const size_t columns,
                           dt_lane *sum)
{
    const dt_lane *value = (const dt_lane *)work->group->value;
    const dt_lane *coefficient = (const dt_lane *)work->group->coefficient;
    const dt_lane_branch *branch = work->graph->branch;
    join_all(sum, (const dt_lane *)work->group->payment + cell->row * work->plan->paid * DT_PACKS,
             columns);
    for (uint64_t b = cell->branch; b < cell[1].branch; b++) {
        join_all(sum, coefficient + branch[b].coefficient * DT_PACKS, 1);
        join_all(sum, value + branch[b].target * columns * DT_PACKS, columns);
    }
}

DT_LANE_INLINE void run_node(bound *work, uint32_t node, const size_t columns)
{
    const dt_lane_graph *graph = work->graph;
    const size_t size = columns * DT_PACKS;
    dt_lane sum[8 * DT_PACKS] = {0};
    dt_lane *value = (dt_lane *)work->group->value;
    for (uint32_t u = graph->use_first[node]; u < graph->use_first[node + 1]; u++) {
        const dt_lane_cell *cell = &graph->cell[graph->use[u]];
        const bool new = graph->use[u] == work->seen;
        work->seen += new;
        if (cell->slot == DT_LANE_NEXT) {
            join_all(sum, value + graph->branch[cell->branch].target * size, columns);
        } else if (cell->slot == DT_LANE_ONCE) {
            gather(work, cell, columns, sum);
        } else {
            dt_lane *shared = (dt_lane *)work->group->shared + cell->slot * size;
            if (new) {
                dt_lane own[8 * DT_PACKS] = {0};
                gather(work, cell, columns, own);
                for (size_t i = 0; i < size; i++)
                    shared[i] = own[i];
            }
            join_all(sum, shared, columns);
        }
    }
    for (uint64_t o = graph->option[node]; o < graph->option[node + 1]; o++) {
        if (work->guess)
            join_all(sum, work->guess + o * DT_PACKS, 1);
        for (size_t p = 0; p < DT_PACKS; p++)
            work->sigma[o * DT_PACKS + p] = sum[p];
    }
    for (size_t i = 0; i < size; i++)
        value[node * size + i] = sum[i];
}

DT_LANE_INLINE void run_leaf(const bound *work, uint32_t leaf, const size_t columns)
{
    const dt_lane_leaf *from = &work->graph->leaf[leaf];
    const size_t size = columns * DT_PACKS, place = work->graph->nodes + leaf;
    dt_lane sum[8 * DT_PACKS] = {0}, *value = (dt_lane *)work->group->value + place * size;
    join_all(sum, (const dt_lane *)work->group->payment + from->row * work->plan->paid * DT_PACKS,
             columns);
    join_all(sum, (const dt_lane *)work->group->ahead + from->state * size, columns);
    for (size_t i = 0; i < size; i++)
        value[i] = sum[i];
}

DT_LANE_INLINE void run(bound *work, uint32_t period, const size_t columns)
{
    const dt_game *game = work->plan->game;
    const dt_lane_graph *graph = work->graph;
    const size_t size = columns * DT_WORLDS;
    for (size_t s = 0; s < work->plan->states * size; s++)
        work->group->ahead[s] = work->group->next[s];
    const uint32_t leaves = dt_lane_graph_count(graph, game, graph->stages, period);
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        run_leaf(work, leaf, columns);
    for (uint32_t stage = graph->stages; stage-- > 0;) {
        const uint32_t first = graph->stage_first[stage];
        const uint32_t count = dt_lane_graph_count(graph, game, stage, period);
        if (count > 0)
            work->seen = graph->use[graph->use_first[first]];
        for (uint32_t node = first; node < first + count; node++)
            run_node(work, node, columns);
    }
    for (size_t s = 0; s < work->plan->states; s++) {
        const double *value = work->group->value + graph->place[game->state_place[s]] * size;
        for (size_t i = 0; i < size; i++)
            work->group->next[s * size + i] = value[i];
    }
}

void DT_KERNEL(bench_bound)(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    bound work = {.group = group, .plan = plan, .graph = plan->graph};
    assert(plan->columns == plan->paid && !plan->game->forever);
    for (uint32_t t = plan->game->periods; t-- > 0;) {
        work.sigma = (dt_lane *)dt_lane_sigma(group, t);
        switch (plan->columns) { /* as many as models have actors */
#define COLUMNS(columns)                                                                           \
    case columns:                                                                                  \
        run(&work, t, columns);                                                                    \
        break;
            COLUMNS(1)
            COLUMNS(2)
            COLUMNS(3)
            COLUMNS(4)
            COLUMNS(5)
            COLUMNS(6)
            COLUMNS(7)
            COLUMNS(8)
#undef COLUMNS
        default:
            assert(!"so many actors aren't timed");
        }
        work.guess = (const dt_lane *)dt_lane_sigma(group, plan->anchor);
    }
}

void DT_KERNEL(bench_forward)(dt_lane_group *group)
{
    assert(group->keeps);
    DT_KERNEL(dt_lane_forward_begin)(group);
    for (uint32_t t = 0; t < group->plan->game->horizon; t++)
        DT_KERNEL(dt_lane_forward_run)(group, dt_lane_sigma(group, t), t);
    DT_KERNEL(dt_lane_forward_end)(group);
}
