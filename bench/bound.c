/*
 * What moving the numbers of a lane group takes by itself. Loads are joined by exclusive or, the
 * cheapest operation there is, so that none of them can be left out.
 */
#include "bound.h"

#include <assert.h>

typedef struct bound {
    dt_group *group;
    const dt_group_plan *plan;
    const dt_places *places;
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
DT_LANE_INLINE void gather(const bound *work, const dt_cell *cell, const size_t columns,
                           dt_lane *sum)
{
    const dt_lane *value = (const dt_lane *)work->group->value;
    const dt_lane *coefficient = (const dt_lane *)work->group->coefficient;
    const dt_branch *branch = work->places->branch;
    join_all(sum, (const dt_lane *)work->group->payment + cell->row * work->plan->paid * DT_PACKS,
             columns);
    for (uint64_t b = cell->branch; b < cell[1].branch; b++) {
        join_all(sum, coefficient + branch[b].coefficient * DT_PACKS, 1);
        join_all(sum, value + branch[b].target * columns * DT_PACKS, columns);
    }
}

DT_LANE_INLINE void run_node(bound *work, uint32_t node, const size_t columns)
{
    const dt_places *places = work->places;
    const size_t size = columns * DT_PACKS;
    dt_lane sum[8 * DT_PACKS] = {0};
    dt_lane *value = (dt_lane *)work->group->value;
    for (uint32_t u = places->use_first[node]; u < places->use_first[node + 1]; u++) {
        const dt_cell *cell = &places->cell[places->use[u]];
        const bool new = places->use[u] == work->seen;
        work->seen += new;
        if (cell->home == DT_HOME_NEXT) {
            join_all(sum, value + places->branch[cell->branch].target * size, columns);
        } else if (cell->home == DT_HOME_NONE) {
            gather(work, cell, columns, sum);
        } else {
            dt_lane *shared = (dt_lane *)work->group->worth + cell->home * size;
            if (new) {
                dt_lane own[8 * DT_PACKS] = {0};
                gather(work, cell, columns, own);
                for (size_t i = 0; i < size; i++)
                    shared[i] = own[i];
            }
            join_all(sum, shared, columns);
        }
    }
    const dt_menu *menu = &work->plan->game->menu[places->menu[node]];
    const size_t option = places->option[node], end = option + (size_t)menu->total;
    for (size_t o = option; o < end; o++) {
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
    const dt_leaf *from = &work->places->leaf[leaf];
    const size_t size = columns * DT_PACKS, place = work->places->nodes + leaf;
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
    const dt_places *places = work->places;
    const size_t size = columns * DT_WORLDS;
    for (size_t s = 0; s < work->plan->states * size; s++)
        work->group->ahead[s] = work->group->next[s];
    const uint32_t leaves = dt_places_count(places, places->stages, period);
    for (uint32_t leaf = 0; leaf < leaves; leaf++)
        run_leaf(work, leaf, columns);
    for (uint32_t stage = places->stages; stage-- > 0;) {
        const uint32_t first = places->stage_first[stage];
        const uint32_t count = dt_places_count(places, stage, period);
        if (count > 0)
            work->seen = places->use[places->use_first[first]];
        for (uint32_t node = first; node < first + count; node++)
            run_node(work, node, columns);
    }
    for (size_t s = 0; s < work->plan->states; s++) {
        const double *value = work->group->value + places->place[game->state_place[s]] * size;
        for (size_t i = 0; i < size; i++)
            work->group->next[s * size + i] = value[i];
    }
}

void DT_KERNEL(bench_bound)(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    bound work = {.group = group, .plan = plan, .places = plan->places};
    assert(plan->columns == plan->paid && !plan->game->forever);
    for (uint32_t t = plan->game->periods; t-- > 0;) {
        work.sigma = (dt_lane *)dt_group_strategy(group, t);
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
        work.guess = (const dt_lane *)dt_group_strategy(group, plan->anchor);
    }
}
