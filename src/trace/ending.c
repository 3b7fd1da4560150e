/*
 * Endings by one backward pass over the places from which a period may end, which are few in most games:
 *     e_k(n) = Σ q(n') e_k(n'),   paid_k(n) = Σ q(n') paid_k(n') + what n pays by cells that may end so
 * with 1 and what is paid there at a leaf at which k is the first end that holds. What a cell pays is known
 * as an expectation alone. So where a payment stands in a branch of chance from which the period may end,
 * all that the cell pays counts for the end. Invariant: Σ_k e_k is 1 at most, but for rounding.
 */
#include "trace/ending.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "trace/profile.h"

/* ---- where a period may end ----------------------------------------------------------------------- */

/* The value of a condition in a situation; `value` [expressions]. Operands stand before. */
static double evaluate(const dt_endings *e, uint32_t condition, const int *slot, double *value)
{
    for (uint32_t i = 0; i <= condition; i++) {
        const dt_expression *x = &e->game->model->expression.list.at[i];
        if (x->op == DT_OP_CONSTANT)
            value[i] = x->value;
        else if (x->op == DT_OP_SLOT)
            value[i] = slot[x->a];
        else if (x->op == DT_OP_ROLE)
            value[i] = e->game->rules->holder[x->a];
        else if (x->op == DT_OP_NOW)
            value[i] = (double)NAN; /* no end reads it */
        else if (x->op == DT_OP_PARAMETER)
            value[i] = e->solution->world->parameter[x->a];
        else
            value[i] = dt_operate(x->op, value[x->a], value[x->b], value[x->c]);
    }
    return value[condition];
}

static void find_ends(dt_endings *e, dt_arena *arena)
{
    const dt_model *model = e->game->model;
    int *slot = dt_new(arena, int, (size_t)model->slots);
    double *value = dt_new(arena, double, model->expression.list.count);
    e->end_of = dt_new(arena, uint32_t, e->game->leaves);
    for (uint32_t l = 0; l < e->game->leaves; l++) {
        if (!e->game->leaf_ended[l])
            continue;
        dt_game_unpack(e->game, e->game->nodes + l, slot);
        size_t k = 0;
        while (k + 1 < e->ends && evaluate(e, model->end[k], slot, value) == 0)
            k++;
        e->end_of[l] = (uint32_t)(k + 1);
    }
}

/* Numbers the places from which the period may end, which are few in most games. */
static void find_where(dt_endings *e, dt_arena *arena)
{
    const dt_game *game = e->game;
    uint32_t places = 0;
    e->may_end = dt_new(arena, uint32_t, game->nodes + game->leaves);
    for (uint32_t l = 0; l < game->leaves; l++)
        e->may_end[game->nodes + l] = e->end_of[l] ? ++places : 0;
    for (uint32_t n = game->nodes; n-- > 0;) {
        const uint32_t beyond = game->cell_branch[game->node_cell[n + 1]];
        for (uint32_t b = game->cell_branch[game->node_cell[n]]; b < beyond; b++) {
            if (!e->may_end[n] && e->may_end[game->branch_target[b]])
                e->may_end[n] = ++places;
        }
    }
    e->ending = dt_take(arena, (size_t)places + 1, e->columns * sizeof *e->ending);
}

/* Whether a payment stands among effects, inside a branch of chance. */
static bool pays_in_branch(dt_effects effects, bool inside)
{
    for (int i = 0; i < effects.count; i++) {
        const dt_effect *effect = &effects.at[i];
        if (effect->kind == DT_PAY && inside)
            return true;
        for (int k = 0; k < effect->arms; k++) {
            if (pays_in_branch(effect->arm[k].body, inside || effect->kind == DT_WITH))
                return true;
        }
    }
    return false;
}

static void find_payments(dt_endings *e, dt_arena *arena)
{
    const dt_model *model = e->game->model;
    e->pays_by_chance = dt_new(arena, bool, (size_t)model->stages);
    for (int s = 0; s < model->stages; s++) {
        const dt_stage *stage = &model->stage[s];
        e->pays_by_chance[s] = pays_in_branch(stage->effects, false);
        for (int a = 0; a < stage->actions; a++)
            e->pays_by_chance[s] |= pays_in_branch(stage->action[a].effects, false);
    }
}

dt_endings *dt_endings_new(dt_arena *arena, const dt_solution *solution)
{
    const dt_model *model = solution->game->model;
    dt_endings *e = dt_new(arena, dt_endings, 1);
    e->solution = solution;
    e->game = solution->game;
    e->ends = (size_t)model->ends;
    e->columns = e->ends * (1 + (size_t)model->actors);
    find_ends(e, arena);
    find_where(e, arena);
    find_payments(e, arena);
    e->cell = dt_new(arena, double, e->columns);
    e->space = dt_new(arena, double, (size_t)dt_profile_room(solution->game));
    return e;
}

/* ---- one period ------------------------------------------------------------------------------------ */

static void add(double *to, const double *from, double share, size_t count)
{
    for (size_t x = 0; x < count; x++)
        to[x] += share * from[x];
}

double dt_endings_cell(dt_endings *e, const dt_world *world, int stage, uint64_t cell)
{
    const dt_game *game = e->game;
    const size_t actors = (size_t)game->model->actors;
    const uint32_t *chance = dt_cell_coefficients(game, cell), row = dt_cell_row(game, cell);
    memset(e->cell, 0, e->columns * sizeof *e->cell);
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
        add(e->cell, dt_ending_of(e, game->branch_target[b]), world->coefficient[*chance++],
            e->columns);
    double sum = 0;
    for (size_t x = 0; x < e->columns; x += 1 + actors)
        sum += e->cell[x];
    const bool all = sum > 0 && e->pays_by_chance[stage];
    for (size_t x = 0; x < e->columns && row != 0; x += 1 + actors)
        add(e->cell + x + 1, world->payment + row * actors, e->cell[x] / (all ? sum : 1), actors);
    return all ? 0 : 1 - sum;
}

static void find_node(dt_endings *e, const dt_world *world, const double *strategy, uint32_t n)
{
    const dt_game *game = e->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *profile = dt_profile(menu, strategy + game->node_option[n], e->space);
    double *ending = e->ending + e->may_end[n] * e->columns;
    memset(ending, 0, e->columns * sizeof *ending);
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
        dt_endings_cell(e, world, menu->stage, c);
        add(ending, e->cell, *profile++, e->columns);
    }
}

void dt_endings_find(dt_endings *e, uint32_t t)
{
    const dt_game *game = e->game;
    const dt_world *world = dt_solution_world(e->solution, t);
    const double *strategy = dt_strategy_of(e->solution->strategy, game, t);
    const size_t actors = (size_t)game->model->actors;
    for (uint32_t l = 0; l < dt_game_count(game, game->stages, t); l++) {
        if (!e->end_of[l])
            continue;
        double *ending = e->ending + e->may_end[game->nodes + l] * e->columns +
                         (e->end_of[l] - 1) * (1 + actors);
        ending[0] = 1;
        memcpy(ending + 1, world->payment + game->leaf_payoff[l] * actors, actors * sizeof *ending);
    }
    for (uint32_t s = game->stages; s-- > 0;) {
        const uint32_t first = game->stage_first[s], count = dt_game_count(game, s, t);
        for (uint32_t n = first; n < first + count; n++) {
            if (e->may_end[n])
                find_node(e, world, strategy, n);
        }
    }
}
