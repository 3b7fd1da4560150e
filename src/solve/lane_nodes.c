/*
 * One world: the numbers of a place lie side by side, column by column, and the sums over branches
 * are taken with columns in a vector. Decisions are made with the nodes of a table in the lanes, to
 * which numbers are gathered, and from which they are given back. In each stage come first the cells,
 * then the tables, each by several threads if there are. One source for every kernel (lane.h).
 * Invariant: every branch leads to a later stage or a leaf, so that what a cell reads is final.
 */
#include <assert.h>
#include <string.h>

#include "solve/sweep.h"

/* Vectors of columns, anywhere in memory; the longest are those of the registers. */
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));
typedef double two __attribute__((vector_size(16), aligned(8), may_alias));
typedef double one __attribute__((may_alias));

/* The columns of a pass in as few blocks of 8, 4, 2 and 1 as make them up. */
#define BLOCKS(pass, run)                                                                          \
    size_t at = (pass)->first;                                                                     \
    for (; (pass)->beyond - at >= 8; at += 8)                                                      \
        run(four, 2);                                                                              \
    if ((pass)->beyond - at >= 4) {                                                                \
        run(four, 1);                                                                              \
        at += 4;                                                                                   \
    }                                                                                              \
    if ((pass)->beyond - at >= 2) {                                                                \
        run(two, 1);                                                                               \
        at += 2;                                                                                   \
    }                                                                                              \
    if ((pass)->beyond - at >= 1)                                                                  \
    run(one, 1)

/* ---- cells ----------------------------------------------------------------------------------- */

/* sum_TYPE: what cells first … beyond-1 are worth in `count` vectors of columns from `at` on, into
 * worth [cells][columns]. */
#define SUM(type)                                                                                  \
    DT_LANE_INLINE void sum_##type(const dt_group *group, uint32_t first, uint32_t beyond,         \
                                   size_t at, const int count, double *worth)                      \
    {                                                                                              \
        const size_t columns = group->plan->columns;                                               \
        const dt_cell *cell = group->plan->places->cell + first;                                   \
        const dt_branch *branch = group->plan->places->branch;                                     \
        const double *coefficient = group->coefficient;                                            \
        const double *payment = group->payment + at, *value = group->value + at;                   \
        worth += at;                                                                               \
        for (uint32_t c = first; c < beyond; c++, cell++, worth += columns) {                      \
            if (cell->home == DT_HOME_NEXT)                                                        \
                continue;                                                                          \
            const type *paid = (const type *)(payment + cell->row * columns);                      \
            type sum[2];                                                                           \
            for (int i = 0; i < count; i++)                                                        \
                sum[i] = paid[i];                                                                  \
            for (uint64_t b = cell->branch; b < cell[1].branch; b++) {                             \
                const double probability = coefficient[branch[b].coefficient];                     \
                const type *there = (const type *)(value + branch[b].target * columns);            \
                for (int i = 0; i < count; i++)                                                    \
                    sum[i] += probability * there[i];                                              \
            }                                                                                      \
            for (int i = 0; i < count; i++)                                                        \
                ((type *)worth)[i] = sum[i];                                                       \
        }                                                                                          \
    }
SUM(four)
SUM(two)
SUM(one)
#undef SUM

static void sum_cells(const dt_pass *pass, uint32_t stage, uint32_t first, uint32_t beyond)
{
    const dt_group *group = pass->group;
    const uint32_t from = first - group->plan->places->stage_cell[stage];
    double *worth = group->worth + from * group->plan->columns;
    assert(first <= beyond && beyond <= group->plan->places->stage_cell[stage + 1]);
#define RUN(type, count) sum_##type(group, first, beyond, at, count, worth)
    BLOCKS(pass, RUN);
#undef RUN
}

/* ---- the table: nodes with the same menu ------------------------------------------------------- */

/* Seats that aren't taken get what the first one has. */
static void gather(const dt_table *table, size_t column, dt_lane *to, size_t stride)
{
    const double *const *worth = table->worth;
    for (int c = 0; c < table->menu->cells; c++, to += stride * DT_PACKS) {
        for (int p = 0; p < DT_PACKS; p++, worth += DT_LANES) {
            dt_lane pack; /* whole vectors are stored: they are read before long */
            for (int l = 0; l < DT_LANES; l++)
                pack[l] = worth[l][column];
            to[p] = pack;
        }
    }
}

static double *value_of(const dt_table *table, size_t seat)
{
    const dt_group *group = table->pass->group;
    return group->value + table->node[seat] * group->plan->columns;
}

static void put(const dt_table *table, size_t column, const dt_lane *from)
{
    for (size_t s = 0; s < table->seats; s++)
        value_of(table, s)[column] = from[s / DT_LANES][s % DT_LANES];
}

/* average_TYPE: `count` vectors of columns from `at` on, Σ over cells of joint · worth, node by node. */
#define AVERAGE(type)                                                                              \
    DT_LANE_INLINE void average_##type(const dt_table *table, const double *joint, size_t at,      \
                                       const int count)                                            \
    {                                                                                              \
        for (size_t s = 0; s < table->seats; s++) {                                                \
            const double *const *worth = table->worth + s;                                         \
            const double *share = joint + s;                                                       \
            type sum[2];                                                                           \
            for (int i = 0; i < count; i++)                                                        \
                sum[i] = share[0] * ((const type *)(worth[0] + at))[i];                            \
            for (int c = 1; c < table->menu->cells; c++) {                                         \
                share += DT_WORLDS;                                                                \
                worth += DT_WORLDS;                                                                \
                for (int i = 0; i < count; i++)                                                    \
                    sum[i] += share[0] * ((const type *)(worth[0] + at))[i];                       \
            }                                                                                      \
            for (int i = 0; i < count; i++)                                                        \
                ((type *)(value_of(table, s) + at))[i] = sum[i];                                   \
        }                                                                                          \
    }
AVERAGE(four)
AVERAGE(two)
AVERAGE(one)
#undef AVERAGE

static void average(const dt_table *table, const dt_lane *joint)
{
#define RUN(type, count) average_##type(table, (const double *)joint, at, count)
    BLOCKS(table->pass, RUN);
#undef RUN
}

static const dt_seating seating = {gather, put, average};

/* A strategy of the period at hand, or a guess, to the lanes. */
static void read_strategies(const dt_table *table, const double *strategy, dt_lane *to)
{
    const uint32_t *option = table->pass->group->plan->places->option;
    for (size_t s = 0; s < DT_WORLDS; s++) {
        const double *from = strategy + option[table->node[s < table->seats ? s : 0]];
        for (size_t a = 0; a < (size_t)table->menu->total; a++)
            to[a * DT_PACKS + s / DT_LANES][s % DT_LANES] = from[a];
    }
}

static void write_strategies(const dt_table *table)
{
    const uint32_t *option = table->pass->group->plan->places->option;
    for (size_t s = 0; s < table->seats; s++) {
        double *to = table->pass->strategy + option[table->node[s]];
        for (size_t a = 0; a < (size_t)table->menu->total; a++)
            to[a] = table->strategy[a * DT_PACKS + s / DT_LANES][s % DT_LANES];
    }
}

/* Where what the cells of a table are worth is. */
static void find_worth(const dt_group *group, const dt_seated *seated, size_t count, size_t cells,
                       const double **worth)
{
    const uint32_t *from = group->plan->places->seat_worth + seated->worth;
    const size_t columns = group->plan->columns;
    for (size_t i = 0; i < cells * DT_SEATS; i++)
        worth[i] = group->value + from[i] * columns;
    if (count == seated->count)
        return;
    for (size_t c = 0; c < cells; c++, worth += DT_SEATS) {
        for (size_t s = count; s < DT_SEATS; s++)
            worth[s] = worth[0]; /* those that can't occur yet */
    }
}

/* Those seated at a table, of whom `count` can occur; `number` is that of the table, 0 or 1. */
static dt_table sit_down(const dt_pass *pass, dt_space *space, const dt_seated *seated,
                         size_t count, size_t number)
{
    const dt_group *group = pass->group;
    const dt_group_plan *plan = group->plan;
    const dt_places *places = plan->places;
    const uint32_t *node = places->seat + seated->first;
    const size_t cells = number * (size_t)plan->most_cells;
    dt_table table = {
        .pass = pass,
        .menu = &plan->game->menu[places->menu[node[0]]],
        .space = space,
        .seating = &seating,
        .seats = count,
        .node = node,
        .node_step = 1,
        .worth = space->worth + cells * DT_WORLDS,
        .payoff = (dt_lane *)space->payoff + cells * (size_t)plan->most_agents * DT_PACKS,
        .q = (dt_lane *)space->q + number * (size_t)plan->most_total * DT_PACKS,
        .strategy = (dt_lane *)space->strategy + number * (size_t)plan->most_total * DT_PACKS,
    };
    assert(count >= 1 && count <= DT_WORLDS);
    if (table.menu->agents == 1)
        table.payoff = table.q;
    for (size_t s = 0; s < DT_WORLDS; s++)
        table.active[s / DT_LANES][s % DT_LANES] = s < count ? -1 : 0;
    find_worth(group, seated, count, (size_t)table.menu->cells, table.worth);
    if (!pass->decide)
        read_strategies(&table, pass->strategy, table.strategy);
    else if (pass->guess && table.menu->agents > 1)
        read_strategies(&table, pass->guess, table.strategy);
    if (pass->guess)
        table.guess = table.strategy;
    return table;
}

/* Chance: the one cell is the value. */
static void run_chance(const dt_pass *pass, const dt_seated *seated, uint32_t count)
{
    const dt_group *group = pass->group;
    const dt_places *places = group->plan->places;
    const size_t columns = group->plan->columns;
    for (uint32_t s = 0; s < count; s++) {
        const uint32_t node = places->seat[seated->first + s];
        const double *from = group->value + places->seat_worth[seated->worth + s] * columns;
        double *to = group->value + node * columns;
        for (size_t i = pass->first; i < pass->beyond; i++)
            to[i] = from[i];
    }
}

/* How many of those seated at a table can occur: the first ones. */
static uint32_t count_seated(const dt_places *places, const dt_seated *seated, uint32_t limit)
{
    uint32_t count = seated->count;
    if (places->seat[seated->first + count - 1] >= limit) {
        for (count = 0; places->seat[seated->first + count] < limit;)
            count++;
    }
    return count;
}

static void run_tables(const dt_pass *pass, dt_space *space, uint32_t first, uint32_t beyond,
                       uint32_t limit)
{
    const dt_places *places = pass->group->plan->places;
    for (uint32_t t = first; t < beyond; t++) {
        const dt_seated *seated = &places->table[t];
        const uint32_t count = count_seated(places, seated, limit);
        if (count == 0)
            continue;
        const uint32_t menu = places->menu[places->seat[seated->first]];
        const int agents = places->game->menu[menu].agents;
        if (agents == 0) {
            run_chance(pass, seated, count);
            continue;
        }
        uint32_t other = 0; /* seated at the next table, which is decided beside this one */
        if (DT_TABLES == 2 && pass->decide && agents > 1 && t + 1 < beyond &&
            places->menu[places->seat[seated[1].first]] == menu)
            other = count_seated(places, &seated[1], limit);
        dt_table table[2];
        table[0] = sit_down(pass, space, seated, count, 0);
        if (other > 0)
            table[1] = sit_down(pass, space, &seated[1], other, 1);
        const int tables = other > 0 ? 2 : 1;
        DT_KERNEL(dt_decide)(table, tables);
        for (int i = 0; i < tables; i++) {
            if (pass->decide)
                write_strategies(&table[i]);
            DT_KERNEL(dt_value)(&table[i]);
        }
        t += other > 0;
    }
}

static void run_leaves(const dt_pass *pass, uint32_t count)
{
    const dt_group *group = pass->group;
    const dt_group_plan *plan = group->plan;
    const size_t columns = plan->columns;
    const dt_leaf *leaf = plan->places->leaf;
    double *value = group->value + plan->places->nodes * columns;
    assert(plan->paid == columns);
    for (uint32_t l = 0; l < count; l++, value += columns) {
        const double *paid = group->due + leaf[l].row * columns;
        const double *then = group->ahead + leaf[l].state * columns;
        for (size_t i = pass->first; i < pass->beyond; i++)
            value[i] = paid[i] + then[i];
    }
}

const dt_lane_sweep DT_KERNEL(dt_lane_nodes) = {run_leaves, sum_cells, run_tables, NULL};
