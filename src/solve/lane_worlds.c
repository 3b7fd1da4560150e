/*
 * Many worlds: the lanes of a vector are the worlds of a group at one place. What a cell is worth is
 * worked out when the first node that has it comes, and kept if others of the stage have it, too; so
 * little is moved that needn't be. Where nearly all time goes: the sums over branches, for a block of
 * columns that stay in registers. One source for every kernel (lane.h).
 * Invariant: every branch leads to a later stage or a leaf, so that what a cell reads is final.
 */
#include <assert.h>
#include <string.h>

#include "solve/sweep.h"

/* Columns whose sums are kept in registers together. */
enum { BLOCK = 8 / DT_PACKS };

/* ---- cells ----------------------------------------------------------------------------------- */

/* Columns first … first+count-1 of what a cell is worth, into worth [columns]. */
DT_LANE_INLINE void sum_block(const dt_pass *pass, const dt_cell *cell, size_t first,
                              const int count, dt_lane *worth)
{
    const dt_group *group = pass->group;
    const dt_group_plan *plan = group->plan;
    const dt_branch *branch = plan->places->branch;
    const dt_lane *value = (const dt_lane *)group->value + first * DT_PACKS;
    const dt_lane *paid = (const dt_lane *)group->payment + cell->row * plan->paid * DT_PACKS;
    const dt_lane *coefficient = (const dt_lane *)group->coefficient;
    const int *column_paid = plan->column_paid + first;
    dt_lane sum[BLOCK][DT_PACKS];
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            sum[i][p] = paid[column_paid[i] * DT_PACKS + p];
    }
    for (uint64_t b = cell->branch; b < cell[1].branch; b++) {
        const dt_lane *probability = coefficient + branch[b].coefficient * DT_PACKS;
        const dt_lane *target = value + branch[b].target * plan->columns * DT_PACKS;
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < DT_PACKS; p++)
                sum[i][p] += probability[p] * target[i * DT_PACKS + p];
        }
    }
    worth += first * DT_PACKS;
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            worth[i * DT_PACKS + p] = sum[i][p];
    }
}

static void sum_cell(const dt_pass *pass, const dt_cell *cell, dt_lane *worth)
{
    size_t first = pass->first;
    for (; pass->beyond - first >= BLOCK; first += BLOCK)
        sum_block(pass, cell, first, BLOCK, worth);
    /* what is left; the sizes that a kernel's block can't have are compiled away */
    switch (pass->beyond - first) {
#define LEFT(count)                                                                                \
    case count:                                                                                    \
        if (count < BLOCK)                                                                         \
            sum_block(pass, cell, first, count, worth);                                            \
        break;
        LEFT(1)
        LEFT(2)
        LEFT(3)
        LEFT(4)
        LEFT(5)
        LEFT(6)
        LEFT(7)
#undef LEFT
    }
}

/* Where what a cell is worth is found, after it has been worked out if it is `seen` for the first time:
 * at home if other nodes have it, too, else in `own` [columns]. */
static const double *find_worth(const dt_pass *pass, uint32_t number, uint32_t *seen, double *own)
{
    const dt_group *group = pass->group;
    const dt_places *places = group->plan->places;
    const dt_cell *cell = &places->cell[number];
    const size_t size = group->plan->columns * DT_WORLDS;
    const bool new = number == *seen;
    assert(number <= *seen);
    *seen += new;
    if (cell->home == DT_HOME_NEXT)
        return group->value + places->branch[cell->branch].target * size;
    if (cell->home != DT_HOME_NONE)
        own = group->worth + cell->home * size;
    if (new)
        sum_cell(pass, cell, (dt_lane *)own);
    return own;
}

/* ---- the table: one node ----------------------------------------------------------------------- */

static void gather(const dt_table *table, size_t column, dt_lane *to, size_t stride)
{
    for (int c = 0; c < table->menu->cells; c++, to += stride * DT_PACKS)
        memcpy(to, table->worth[c] + column * DT_WORLDS, DT_PACKS * sizeof *to);
}

static dt_lane *value_of(const dt_table *table)
{
    const dt_group *group = table->pass->group;
    return (dt_lane *)group->value + table->node[0] * group->plan->columns * DT_PACKS;
}

static void put(const dt_table *table, size_t column, const dt_lane *from)
{
    memcpy(value_of(table) + column * DT_PACKS, from, DT_PACKS * sizeof *from);
}

/* Averages columns first … first+count-1 of worth over cells, into value [columns]. */
DT_LANE_INLINE void average_block(const dt_table *table, const dt_lane *joint, size_t first,
                                  const int count, dt_lane *value)
{
    const dt_lane *worth = (const dt_lane *)table->worth[0] + first * DT_PACKS;
    dt_lane sum[BLOCK][DT_PACKS];
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            sum[i][p] = joint[p] * worth[i * DT_PACKS + p];
    }
    for (int c = 1; c < table->menu->cells; c++) {
        worth = (const dt_lane *)table->worth[c] + first * DT_PACKS;
        joint += DT_PACKS;
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < DT_PACKS; p++)
                sum[i][p] += joint[p] * worth[i * DT_PACKS + p];
        }
    }
    value += first * DT_PACKS;
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            value[i * DT_PACKS + p] = sum[i][p];
    }
}

static void average(const dt_table *table, const dt_lane *joint)
{
    const size_t beyond = table->pass->beyond;
    size_t first = table->pass->first;
    dt_lane *value = value_of(table);
    for (; beyond - first >= BLOCK; first += BLOCK)
        average_block(table, joint, first, BLOCK, value);
    for (; BLOCK > 4 && beyond - first >= 4; first += 4)
        average_block(table, joint, first, 4, value);
    for (; first < beyond; first++)
        average_block(table, joint, first, 1, value);
}

static const dt_seating seating = {gather, put, average};

/* Where what a cell is worth is found by a node alone. */
static const double *find_alone(const dt_pass *pass, uint32_t number, double *own)
{
    const dt_group *group = pass->group;
    const dt_cell *cell = &group->plan->places->cell[number];
    if (cell->home == DT_HOME_NEXT)
        return group->value +
               group->plan->places->branch[cell->branch].target * group->plan->columns * DT_WORLDS;
    sum_cell(pass, cell, (dt_lane *)own);
    return own;
}

/* Sits down at a node; `number` is that of the table, 0 or 1. `seen` NULL: the node is alone. */
static dt_table sit_down(const dt_pass *pass, dt_space *space, const uint32_t *node, size_t number,
                         uint32_t *seen)
{
    const dt_group *group = pass->group;
    const dt_group_plan *plan = group->plan;
    const dt_places *places = plan->places;
    const size_t cells = number * (size_t)plan->most_cells;
    dt_table table = {
        .pass = pass,
        .menu = &plan->game->menu[places->menu[*node]],
        .space = space,
        .seating = &seating,
        .seats = DT_WORLDS,
        .node = node,
        .world_step = 1,
        .worth = space->worth + cells,
        .payoff = (dt_lane *)space->payoff + cells * (size_t)plan->most_agents * DT_PACKS,
        .q = (dt_lane *)space->q + number * (size_t)plan->most_total * DT_PACKS,
        .strategy = (dt_lane *)pass->strategy + places->option[*node] * DT_PACKS,
    };
    if (table.menu->agents == 1)
        table.payoff = table.q;
    if (pass->guess)
        table.guess = (const dt_lane *)pass->guess + places->option[*node] * DT_PACKS;
    memcpy(table.active, group->active, sizeof table.active);
    const uint32_t *use = places->use + places->use_first[*node];
    double *own = space->own + cells * plan->columns * DT_WORLDS;
    for (int c = 0; c < table.menu->cells; c++, own += plan->columns * DT_WORLDS)
        table.worth[c] = seen ? find_worth(pass, use[c], seen, own) : find_alone(pass, use[c], own);
    return table;
}

static void run_chance(const dt_pass *pass, uint32_t node, uint32_t *seen)
{
    const dt_group *group = pass->group;
    const dt_places *places = group->plan->places;
    const size_t size = group->plan->columns * DT_WORLDS;
    double *value = group->value + node * size;
    const uint32_t cell = places->use[places->use_first[node]];
    const double *worth =
        seen ? find_worth(pass, cell, seen, value) : find_alone(pass, cell, value);
    if (worth != value)
        memcpy(value, worth, size * sizeof *value);
}

static void run_tables(const dt_pass *pass, dt_space *space, uint32_t first, uint32_t beyond,
                       uint32_t limit)
{
    const dt_group_plan *plan = pass->group->plan;
    const dt_places *places = plan->places;
    uint32_t seen = first < beyond ? places->use[places->use_first[first]] : 0;
    assert(beyond <= limit);
    (void)limit;
    for (uint32_t node = first; node < beyond; node++) {
        const uint32_t menu = places->menu[node];
        const int agents = plan->game->menu[menu].agents;
        if (agents == 0) {
            run_chance(pass, node, &seen);
            continue;
        }
        const bool two = DT_TABLES == 2 && pass->decide && agents > 1 && node + 1 < beyond &&
                         places->menu[node + 1] == menu;
        const uint32_t here[2] = {node, node + 1};
        dt_table table[2];
        table[0] = sit_down(pass, space, here, 0, &seen);
        if (two)
            table[1] = sit_down(pass, space, here + 1, 1, &seen);
        node += two;
        DT_KERNEL(dt_decide)(table, two ? 2 : 1);
        for (int t = 0; t <= two; t++)
            DT_KERNEL(dt_value)(&table[t]);
    }
}

static void run_alone(const dt_pass *pass, dt_space *space, uint32_t node)
{
    const dt_group_plan *plan = pass->group->plan;
    if (plan->game->menu[plan->places->menu[node]].agents == 0) {
        run_chance(pass, node, NULL);
        return;
    }
    const dt_table table = sit_down(pass, space, &node, 0, NULL);
    DT_KERNEL(dt_decide)(&table, 1);
    DT_KERNEL(dt_value)(&table);
}

static void run_leaves(const dt_pass *pass, uint32_t count)
{
    const dt_group *group = pass->group;
    const dt_group_plan *plan = group->plan;
    const size_t columns = plan->columns;
    const dt_leaf *leaf = plan->places->leaf;
    dt_lane *value = (dt_lane *)group->value + plan->places->nodes * columns * DT_PACKS;
    for (uint32_t l = 0; l < count; l++, value += columns * DT_PACKS) {
        const dt_lane *paid = (const dt_lane *)group->due + leaf[l].row * plan->paid * DT_PACKS;
        const dt_lane *then = (const dt_lane *)group->ahead + leaf[l].state * columns * DT_PACKS;
        for (size_t i = pass->first; i < pass->beyond; i++) {
            const size_t now = (size_t)plan->column_paid[i];
            for (size_t p = 0; p < DT_PACKS; p++)
                value[i * DT_PACKS + p] = paid[now * DT_PACKS + p] + then[i * DT_PACKS + p];
        }
    }
}

const dt_lane_sweep DT_KERNEL(dt_lane_worlds) = {run_leaves, NULL, run_tables, run_alone};
