/*
 * Plans and groups: which columns a game has, and the work space of one group, all of it taken before
 * the work begins; and the work from the worlds' parameters to their solutions.
 */
#include "solve/group.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/accelerate.h"
#include "solve/anderson.h"
#include "solve/sweep.h"

/* ---- plans ----------------------------------------------------------------------------------- */

static void take_columns(dt_arena *arena, dt_group_plan *plan)
{
    const dt_rules *rules = plan->game->rules;
    const bool surplus = plan->values == DT_VALUES_SURPLUS;
    plan->columns = plan->best = plan->along = plan->actors;
    if (plan->gaps) {
        plan->along = plan->best + plan->agents;
        plan->columns = plan->along + (surplus ? plan->agents : 0);
    }
    plan->column_paid = dt_new(arena, int, plan->columns);
    for (size_t i = 0; i < plan->actors; i++)
        plan->column_paid[i] = (int)i;
    plan->paid = plan->actors;
    for (size_t c = plan->best; c < plan->columns; c++) {
        const dt_agent *agent = &rules->agent[(c - plan->best) % plan->agents];
        assert(c < plan->along || !agent->team);
        /* one world's columns are added as vectors, which wants them side by side */
        const bool own = agent->team || plan->width == 1;
        plan->column_paid[c] = own ? (int)plan->paid++ : agent->member[0];
    }
}

static void measure_menus(dt_arena *arena, dt_group_plan *plan)
{
    const dt_game *game = plan->game;
    plan->moves = dt_new(arena, bool, plan->agents);
    plan->chooses = dt_new(arena, bool, plan->agents);
    plan->most_agents = plan->most_total = plan->most_cells = 1;
    for (uint32_t m = 0; m < game->menus; m++) {
        const dt_menu *menu = &game->menu[m];
        plan->most_agents = menu->agents > plan->most_agents ? menu->agents : plan->most_agents;
        plan->most_total = menu->total > plan->most_total ? menu->total : plan->most_total;
        plan->most_cells = menu->cells > plan->most_cells ? menu->cells : plan->most_cells;
        plan->together |= menu->agents > 1;
        for (int k = 0; k < menu->agents; k++) {
            plan->moves[menu->agent[k]] = true;
            plan->chooses[menu->agent[k]] |= menu->options[k] > 1;
        }
    }
}

dt_group_plan *dt_group_plan_new(dt_arena *arena, const dt_game *game, dt_values values, bool gaps,
                                 double scale, size_t width)
{
    assert(width == 1 || width == DT_WORLDS);
    dt_group_plan *plan = dt_new(arena, dt_group_plan, 1);
    plan->game = game;
    plan->values = values;
    plan->gaps = gaps;
    plan->scale = scale;
    plan->width = width;
    plan->states = game->states;
    plan->actors = (size_t)game->model->actors;
    plan->agents = (size_t)game->rules->agents;
    plan->options = game->options;
    plan->anchor = game->horizon < game->periods ? game->horizon : game->periods - 1;
    plan->endless = true;
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++)
        plan->endless &= game->leaf_next[leaf] != DT_NOWHERE;
    plan->accelerate = game->forever && !plan->endless;
    plan->places = dt_places_new(arena, game);
    take_columns(arena, plan);
    measure_menus(arena, plan);
    return plan;
}

/* ---- groups ---------------------------------------------------------------------------------- */

/* Arrays of a group, each with how many numbers it has for a world; the largest, which are never read
 * before they are written, needn't be zeroed. */
#define ARRAYS(X, UNSET)                                                                           \
    X(discount, plan->columns)                                                                     \
    X(payment, (double)game->rows *(double)plan->paid)                                             \
    X(due, (double)places->leaf_rows *(double)plan->paid)                                          \
    X(common, plan->actors)                                                                        \
    X(constant, plan->actors)                                                                      \
    X(over, plan->columns)                                                                         \
    X(most_paid, plan->actors)                                                                     \
    X(most, plan->actors)                                                                          \
    UNSET(value,                                                                                   \
          ((double)places->nodes + places->leaves + (double)worths) * (double)plan->columns)       \
    X(next, (double)plan->states *(double)plan->columns)                                           \
    X(before, (double)plan->states *(double)plan->columns)                                         \
    X(ahead, ((double)plan->states + 1) * (double)plan->columns)                                   \
    X(earlier, game->forever ? (double)plan->states *(double)plan->actors : 0)                     \
    X(strategy, store.strategies *(double)game->options)                                           \
    UNSET(kept, store.blocks *(double)plan->states *(double)plan->actors)                          \
    X(kept_constant, store.blocks *(double)plan->actors)                                           \
    UNSET(kept_guess, store.guesses *(double)game->options)                                        \
    X(start, plan->columns)                                                                        \
    X(start_constant, plan->actors)

/* Work space of a thread, in numbers for each seat. */
#define SPACE(X)                                                                                   \
    X(payoff, 2 * plan->most_cells * plan->most_agents)                                            \
    X(q, 2 * plan->most_total)                                                                     \
    X(strategy, plan->width == 1 ? 2 * plan->most_total : 0)                                       \
    X(joint, plan->most_cells)                                                                     \
    X(column, plan->most_cells)                                                                    \
    X(own, plan->width == 1 ? 0 : 2 * plan->most_cells * (int)plan->columns)

/* What there is room for. */
typedef struct store {
    double strategies;      /* of so many periods */
    double blocks, guesses; /* checkpoints, and those that have guesses */
    uint32_t block;         /* periods of a block */
} store;

/* With checkpoints at so many periods from each other. */
static store space_checkpoints(const dt_group_plan *plan, uint32_t block)
{
    const uint32_t periods = plan->game->periods, blocks = (periods - 1) / block + 1;
    /* from the block of the anchor on, but for the last, which nothing follows */
    const uint32_t guesses = plan->together ? blocks - 1 - plan->anchor / block : 0;
    return (store){.strategies = 1.0 + block, .blocks = blocks, .guesses = guesses, .block = block};
}

/* The least room of all numbers of periods between checkpoints: about the square root of all. */
static store space_least(const dt_group_plan *plan)
{
    const double options = (double)plan->game->options;
    const double values = ((double)plan->states + 1) * (double)plan->actors;
    store best = {0};
    double least = INFINITY;
    for (uint32_t block = 1; block <= plan->game->periods; block++) {
        const store store = space_checkpoints(plan, block);
        const double numbers = (store.strategies + store.guesses) * options + store.blocks * values;
        if (numbers < least) {
            least = numbers;
            best = store;
        }
    }
    return best;
}

static store measure_store(const dt_group_plan *plan, dt_keep keep)
{
    const dt_game *game = plan->game;
    if (keep == DT_KEEP_ALL)
        return (store){0};
    if (game->forever)
        return (store){.strategies = 1};
    if (keep == DT_KEEP_CHECKPOINTS)
        return space_least(plan);
    if (keep == DT_KEEP_HORIZON)
        return (store){.strategies = 1 + (double)plan->anchor};
    store store = {.strategies = plan->anchor > 0 ? 2 : 1};
    if (keep == DT_KEEP_VALUES) {
        store.blocks = game->horizon;
        store.block = 1;
    }
    return store;
}

/* Cells whose worth is kept for the nodes of a stage. */
static uint32_t count_worths(const dt_group_plan *plan)
{
    return plan->width == 1 ? plan->places->most_cells : plan->places->homes;
}

/* Numbers that stage games take for each thread; see lane_stage.c and branch.c. */
static double stage_numbers(const dt_group_plan *plan)
{
    const double total = plan->most_total, cells = (double)plan->most_agents * plan->most_cells;
    return plan->together ? DT_WORLDS * (2 * total * total + cells + 6 * total) +
                                6 * total * total + cells + 20 * total
                          : 0;
}

double dt_group_bytes(const dt_group_plan *plan, dt_keep keep, int jobs)
{
    const dt_game *game = plan->game;
    const dt_places *places = plan->places;
    const store store = measure_store(plan, keep);
    const double worths = count_worths(plan), found = (double)plan->width * sizeof(dt_found);
    double numbers = 0, each = stage_numbers(plan);
#define X(name, count) numbers += 8 + (double)plan->width * (double)(count);
    ARRAYS(X, X)
#undef X
    numbers += (double)plan->agents * DT_WORLDS;
#define X(name, count) each += DT_WORLDS * (1.0 + (double)(count));
    SPACE(X)
#undef X
    each += 2.0 * plan->most_cells * DT_WORLDS;
    return (numbers + jobs * each) * sizeof(double) + sizeof(dt_group) +
           jobs * ((double)sizeof(dt_space) + found) + found +
           (plan->accelerate ? dt_anderson_bytes(plan) + dt_acceleration_bytes(plan) : 0);
}

/* Zeroed numbers, or with anything in them, on a cache line of their own. */
static double *take(dt_arena *arena, double count, size_t width, bool zeroed)
{
    assert(count >= 0 && count < (double)SIZE_MAX / 64);
    const size_t lines = ((size_t)count * width + DT_WORLDS - 1) / DT_WORLDS;
    return zeroed ? dt_new_worlds(arena, lines) : dt_new_worlds_unset(arena, lines);
}

static void take_space(dt_arena *arena, dt_group *group, dt_space *space)
{
    const dt_group_plan *plan = group->plan;
#define X(name, count) space->name = take(arena, count, DT_WORLDS, true);
    SPACE(X)
#undef X
    space->worth = dt_new(arena, const double *, 2 * (size_t)plan->most_cells * DT_WORLDS);
    space->found = dt_new(arena, dt_found, plan->width);
    if (plan->together)
        space->stage =
            group->code->space_new(arena, plan->most_agents, plan->most_total, plan->most_cells);
}

dt_group *dt_group_new(dt_arena *arena, const dt_group_plan *plan, const dt_lane_code *code,
                       dt_world *world, dt_keep keep, int jobs, double *strategy)
{
    const dt_game *game = plan->game;
    const dt_places *places = plan->places;
    const store store = measure_store(plan, keep);
    const uint32_t worths = count_worths(plan);
    assert(jobs >= 1);
    assert(keep != DT_KEEP_CHECKPOINTS || (plan->width == 1 && !game->forever));
    dt_group *group = dt_new(arena, dt_group, 1);
    group->plan = plan;
    group->code = code;
    group->keep = keep;
    group->world = world;
    group->coefficient = world->coefficient;
    assert(world->width == plan->width);
#define X(name, count)     group->name = take(arena, (double)(count), plan->width, true);
#define UNSET(name, count) group->name = take(arena, (double)(count), plan->width, false);
    ARRAYS(X, UNSET)
#undef UNSET
#undef X
    group->worth =
        group->value + ((size_t)places->nodes + places->leaves) * plan->columns * plan->width;
    if (keep == DT_KEEP_ALL)
        group->strategy = strategy;
    if (store.block == 0)
        group->kept = NULL;
    group->block = store.block;
    group->held = DT_NOWHERE;
    group->seated = take(arena, (double)plan->agents, DT_WORLDS, true);
    group->found = dt_new(arena, dt_found, plan->width);
    if (plan->accelerate) {
        group->anderson = dt_anderson_new(arena, plan);
        group->acceleration = dt_acceleration_new(arena, plan, group->anderson);
    }
    group->jobs = jobs;
    group->space = dt_new(arena, dt_space, (size_t)jobs);
    for (int j = 0; j < jobs; j++)
        take_space(arena, group, &group->space[j]);
    return group;
}

double *dt_group_strategy(const dt_group *group, uint32_t period)
{
    const dt_group_plan *plan = group->plan;
    size_t at = 0; /* of the anchor and all that follow it, unless all are kept */
    if (group->keep == DT_KEEP_ALL)
        at = period;
    else if (period < plan->anchor)
        at = group->keep == DT_KEEP_HORIZON ? 1 + (size_t)period
             : group->block > 0             ? 1 + period % group->block
                                            : 1;
    return group->strategy + (plan->game->forever ? 0 : at) * plan->game->options * plan->width;
}

/* ---- solving --------------------------------------------------------------------------------- */

bool dt_group_any(const dt_group *group, const int64_t *mask)
{
    int64_t any = 0;
    for (size_t w = 0; w < group->plan->width; w++)
        any |= mask[w];
    return any != 0;
}

bool dt_group_going(dt_group *group, const int64_t *mask)
{
    assert(group->done >= 0 && group->done <= 1);
    if (!group->stopped && group->go_on)
        group->stopped = !group->go_on(group->context, group->done);
    return !group->stopped && dt_group_any(group, mask);
}

void dt_group_take_start(dt_group *group, size_t first, size_t beyond)
{
    const dt_group_plan *plan = group->plan;
    const double *start = group->next + plan->game->start * plan->columns * plan->width;
    memcpy(group->start + first * plan->width, start + first * plan->width,
           (beyond - first) * plan->width * sizeof *start);
    if (first == 0) /* strategies that are made again overwrite it */
        memcpy(group->start_constant, group->constant, plan->actors * plan->width * sizeof *start);
}

double dt_group_value(const dt_group *group, size_t world, size_t actor)
{
    const size_t at = actor * group->plan->width + world;
    return group->start[at] + group->start_constant[at];
}

static void begin(dt_group *group, size_t worlds)
{
    const dt_group_plan *plan = group->plan;
    for (size_t w = 0; w < plan->width; w++) {
        group->active[w] = w < worlds ? -1 : 0;
        group->found[w] = (dt_found){0};
        group->wrong[w] = (dt_wrong){.code = DT_CODES};
    }
    group->stopped = false;
    group->done = 0;
    memset(group->next, 0, plan->states * plan->columns * plan->width * sizeof *group->next);
    memset(group->constant, 0, plan->actors * plan->width * sizeof *group->constant);
}

bool dt_group_numbers(dt_group *group, size_t worlds)
{
    assert(worlds >= 1 && worlds <= group->plan->width);
    begin(group, worlds);
    dt_group_evaluate(group);
    return dt_group_any(group, group->active);
}

void dt_group_solve(dt_group *group, size_t worlds)
{
    if (!dt_group_numbers(group, worlds))
        return;
    if (group->plan->game->forever) {
        dt_forever(group);
        if (group->plan->gaps && !group->stopped)
            dt_gaps_forever(group);
    } else {
        dt_backward(group);
    }
}

void dt_group_gaps(dt_group *group)
{
    assert(group->plan->gaps && group->keep == DT_KEEP_ALL && !group->plan->game->forever);
    if (dt_group_numbers(group, group->plan->width))
        dt_gaps_backward(group);
}
