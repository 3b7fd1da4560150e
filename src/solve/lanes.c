/*
 * Plans and groups: which columns a game has, which rows of arguments its outcomes read, and the
 * work space of one worker, all of it taken before the work begins.
 */
#include <assert.h>
#include <math.h>

#include "solve/lanes.h"

const dt_lane_code *dt_lane_code_of(dt_kernel kernel)
{
    bool avx2 = false, avx512 = false;
#ifdef __x86_64__
    avx2 = __builtin_cpu_supports("avx2");
    avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl");
#endif
    if (kernel == DT_KERNEL_AUTO)
        kernel = avx512 ? DT_KERNEL_AVX512 : avx2 ? DT_KERNEL_AVX2 : DT_KERNEL_PLAIN;
    switch (kernel) {
#ifdef __x86_64__
    case DT_KERNEL_AVX512:
        return avx512 ? &dt_lane_code_avx512 : NULL;
    case DT_KERNEL_AVX2:
        return avx2 ? &dt_lane_code_avx2 : NULL;
#endif
    case DT_KERNEL_PLAIN:
        return &dt_lane_code_plain;
    default:
        return NULL;
    }
}

static void take_columns(dt_arena *arena, dt_lane_plan *plan)
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
        plan->column_paid[c] = agent->team ? (int)plan->paid++ : agent->member[0];
    }
}

static void measure_menus(dt_arena *arena, dt_lane_plan *plan)
{
    const dt_game *game = plan->game;
    plan->moves = dt_new(arena, bool, plan->agents);
    plan->most_agents = plan->most_total = plan->most_cells = 1;
    for (uint32_t m = 0; m < game->menus; m++) {
        const dt_menu *menu = &game->menu[m];
        plan->most_agents = menu->agents > plan->most_agents ? menu->agents : plan->most_agents;
        plan->most_total = menu->total > plan->most_total ? menu->total : plan->most_total;
        plan->most_cells = menu->cells > plan->most_cells ? menu->cells : plan->most_cells;
        plan->together |= menu->agents > 1;
        for (int k = 0; k < menu->agents; k++)
            plan->moves[menu->agent[k]] = true;
    }
}

/* The number of a row of outcome arguments, given if it is new. */
static uint32_t number_row(dt_lane_plan *plan, uint32_t *number, uint32_t row, uint32_t leaf)
{
    if (number[row] == 0) {
        plan->outcome_row[plan->outcome_rows] = row;
        plan->outcome_leaf[plan->outcome_rows] = leaf;
        number[row] = ++plan->outcome_rows;
    }
    return number[row] - 1;
}

static void take_outcomes(dt_arena *arena, dt_lane_plan *plan)
{
    const dt_game *game = plan->game;
    const dt_model *model = game->model;
    plan->mass_outcome = dt_new(arena, int, (size_t)model->declared_outcomes + 1);
    plan->masses = 1;
    for (int o = 0; o < model->declared_outcomes; o++) {
        if (model->outcome[o].form == DT_EVER || model->outcome[o].form == DT_FIRST)
            plan->mass_outcome[plan->masses++] = o;
    }
    uint32_t *number = dt_new(arena, uint32_t, game->rows);
    plan->outcome_row = dt_new(arena, uint32_t, game->rows);
    plan->outcome_leaf = dt_new(arena, uint32_t, game->rows);
    plan->leaf_now = dt_new(arena, uint32_t, game->leaves);
    plan->leaf_over = dt_new(arena, uint32_t, game->leaves);
    for (uint32_t l = 0; l < game->leaves; l++) {
        plan->leaf_now[l] = number_row(plan, number, game->leaf_outcome[l], l);
        if (game->leaf_ended[l])
            plan->leaf_over[l] = number_row(plan, number, game->leaf_standing[l], l);
    }
    plan->row_hit = dt_new(arena, uint32_t, plan->outcome_rows * plan->masses);
    for (uint32_t r = 0; r < plan->outcome_rows; r++) {
        const uint32_t row = plan->outcome_row[r];
        for (size_t m = 1; m < plan->masses; m++) {
            uint32_t *hit = &plan->row_hit[r * plan->masses + m];
            *hit = DT_NOWHERE;
            for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
                if (game->row_column[e] == (uint32_t)plan->mass_outcome[m])
                    *hit = game->row_coefficient[e];
            }
        }
    }
}

dt_lane_plan *dt_lane_plan_new(dt_arena *arena, const dt_game *game, dt_values values,
                               bool outcomes, bool gaps, double scale)
{
    dt_lane_plan *plan = dt_new(arena, dt_lane_plan, 1);
    plan->game = game;
    plan->values = values;
    plan->outcomes = outcomes && game->model->declared_outcomes > 0;
    plan->gaps = gaps;
    plan->scale = scale;
    plan->places = (size_t)game->nodes + game->leaves;
    plan->states = game->states;
    plan->actors = (size_t)game->model->actors;
    plan->agents = (size_t)game->rules->agents;
    plan->anchor = game->horizon < game->periods ? game->horizon : game->periods - 1;
    const dt_lane_graph *graph = plan->graph = dt_lane_graph_new(arena, game);
    plan->option = dt_new(arena, uint64_t, game->nodes);
    for (uint32_t n = 0; n < game->nodes; n++)
        plan->option[n] = graph->option[graph->place[n]];
    take_columns(arena, plan);
    measure_menus(arena, plan);
    if (plan->outcomes)
        take_outcomes(arena, plan);
    return plan;
}

/* Arrays of a group, each with how many numbers it has for a world; those that are never read before
 * they are written needn't be zeroed: they are the largest. */
#define ARRAYS(X, UNSET)                                                                           \
    X(parameter, model->params)                                                                    \
    X(coefficient, game->coefficient->list.count)                                                  \
    X(discount, plan->columns)                                                                     \
    X(rationality, plan->agents)                                                                   \
    X(payment, (double)game->rows *(double)plan->paid)                                             \
    UNSET(value, ((double)graph->nodes + graph->leaves) * (double)plan->columns)                   \
    X(next, (double)plan->states *(double)plan->columns)                                           \
    X(before, (double)plan->states *(double)plan->columns)                                         \
    X(ahead, ((double)plan->states + 1) * (double)plan->columns)                                   \
    X(earlier, game->forever ? (double)plan->states *(double)plan->actors : 0)                     \
    UNSET(sigma, sigmas *(double)graph->option[graph->nodes])                                      \
    UNSET(kept, again ? (double)game->horizon *(double)plan->states *(double)plan->actors : 0)     \
    X(mass, (double)plan->places *(double)plan->masses)                                            \
    X(arriving, (double)plan->states *(double)plan->masses)                                        \
    X(row_mass, 3 * (double)plan->outcome_rows)                                                    \
    X(shared, (double)graph->slots *(double)plan->columns)                                         \
    X(worth, 2 * (double)plan->most_cells * (double)plan->columns + (double)plan->masses)          \
    X(joint, plan->most_cells)                                                                     \
    X(q, 2 * (double)plan->most_total)                                                             \
    X(payoff, 2 * (double)plan->most_cells * plan->most_agents)                                    \
    X(start, plan->columns)                                                                        \
    X(outcome, model->declared_outcomes)

/* Periods whose strategies are held. */
static double count_sigmas(const dt_lane_plan *plan, bool keeps)
{
    if (plan->game->forever)
        return 1;
    return keeps ? 1 + (double)plan->anchor : plan->anchor > 0 ? 2 : 1;
}

dt_lane_space *dt_lane_plan_space(dt_arena *arena, const dt_lane_plan *plan,
                                  const dt_lane_code *code)
{
    if (!plan->together)
        return NULL;
    return code->space_new(arena, plan->most_agents, plan->most_total, plan->most_cells);
}

double dt_lane_group_bytes(const dt_lane_plan *plan, bool keeps)
{
    const dt_game *game = plan->game;
    const dt_lane_graph *graph = plan->graph;
    const dt_model *model = game->model;
    const bool again = plan->outcomes && !game->forever && !keeps;
    const double sigmas = count_sigmas(plan, keeps);
    double numbers = 0;
#define X(name, count) numbers += 1 + (double)(count);
    ARRAYS(X, X)
#undef X
    return numbers * DT_WORLDS * sizeof(double) + sizeof(dt_lane_group) +
           2 * plan->most_cells * (double)sizeof(double *);
}

dt_lane_group *dt_lane_group_new(dt_arena *arena, const dt_lane_plan *plan, dt_lane_space *space,
                                 bool keeps)
{
    const dt_game *game = plan->game;
    const dt_lane_graph *graph = plan->graph;
    const dt_model *model = game->model;
    const bool again = plan->outcomes && !game->forever && !keeps;
    const double sigmas = count_sigmas(plan, keeps);
    assert(dt_lane_group_bytes(plan, keeps) < (double)SIZE_MAX);
    dt_lane_group *group = dt_new(arena, dt_lane_group, 1);
    group->plan = plan;
    group->space = space;
    group->keeps = keeps;
#define X(name, count)     group->name = dt_new_worlds(arena, (size_t)(count));
#define UNSET(name, count) group->name = dt_new_worlds_unset(arena, (size_t)(count));
    ARRAYS(X, UNSET)
#undef UNSET
#undef X
    group->cell_worth = dt_new(arena, const double *, 2 * (size_t)plan->most_cells);
    return group;
}
