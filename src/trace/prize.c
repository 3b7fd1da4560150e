/*
 * Ends that are prizes. After an end nothing is paid, so where going on costs something every period, an
 * end that nobody wants can be a relief. For each end and actor two numbers are found, averages over all
 * periods of the horizon that end so and over periods that begin in the same state and don't end:
 *
 *     paid     what the period that ends pays more than one that doesn't
 *     future   what follows a period that doesn't end
 *
 * An end is worth paid - future more than going on. It is a prize if -future > |paid|: what the actor
 * escapes by it is more than what it pays, or is paid, for it. Then the end is worth more to it than going
 * on, and that because nothing is paid any more. Both are exact expectations under the strategies found, by one forward pass
 * (how likely a state is) and one backward pass over the periods.
 *
 * What a cell pays is known as an expectation alone. So where a payment stands in a branch of chance from
 * which the period may end, all that the cell pays counts for the end.
 *
 * Of a place, with k an end and i an actor, the columns are, by the branches that end the period so and
 * those that don't, each weighted by its probability:
 *     chance[k], paid[k][i]       that the period ends by k, and what it still pays then
 *     paid_on[i], after[i]        if it goes on: what it still pays, and δ_i V_i of the next state
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "trace/forward.h"
#include "trace/profile.h"

typedef struct pass {
    const dt_solution *solution;
    const dt_game *game;
    const dt_options *options;
    size_t ends, actors;
    size_t split;     /* ends told apart in the period at hand: none past the horizon */
    size_t columns;   /* (1 + actors) for each of these, then paid_on, then after; past the horizon
                          one for both, V */
    bool alike;       /* places that are worth the same end by the same, and are worked out once */
    uint32_t *end_of; /* [leaves] 1 + the first end that holds; 0: none does */
    bool *may_end;    /* [nodes] whether the period may end from there on */
    bool *pays_by_chance; /* [stages] some payment stands in a branch */
    double *begin;        /* [horizon][states] probability that a period begins so */
    double *column;       /* [nodes+leaves][columns] */
    double *cell;         /* [columns] work space, as the next */
    double *space;        /* of dt_profile */
    double *value;        /* [states][actors] at the beginning of the next period */
    double *before;       /* [states][actors] of the period at hand */
    double *weight;       /* [ends] */
    double *sum_paid;     /* [ends][actors] */
    double *sum_after;    /* [ends][actors] */
    dt_prize *prize;
    size_t *count;
} pass;

/* ---- which end ---------------------------------------------------------------------------------- */

/* The value of a condition in a situation; `value` [expressions]. Operands stand before. */
static double evaluate(const pass *p, uint32_t condition, const int *slot, double *value)
{
    for (uint32_t i = 0; i <= condition; i++) {
        const dt_expression *e = &p->game->model->expression.list.at[i];
        if (e->op == DT_OP_CONSTANT)
            value[i] = e->value;
        else if (e->op == DT_OP_SLOT)
            value[i] = slot[e->a];
        else if (e->op == DT_OP_ROLE)
            value[i] = p->game->rules->holder[e->a];
        else if (e->op == DT_OP_NOW)
            value[i] = (double)NAN; /* no end reads it */
        else if (e->op == DT_OP_PARAMETER)
            value[i] = p->solution->world->parameter[e->a];
        else
            value[i] = dt_operate(e->op, value[e->a], value[e->b], value[e->c]);
    }
    return value[condition];
}

static void find_ends(pass *p, dt_arena *arena)
{
    const dt_model *model = p->game->model;
    int *slot = dt_new(arena, int, (size_t)model->slots);
    double *value = dt_new(arena, double, model->expression.list.count);
    p->end_of = dt_new(arena, uint32_t, p->game->leaves);
    for (uint32_t l = 0; l < p->game->leaves; l++) {
        if (!p->game->leaf_ended[l])
            continue;
        dt_game_unpack(p->game, p->game->nodes + l, slot);
        size_t k = 0;
        while (k + 1 < p->ends && evaluate(p, model->end[k], slot, value) == 0)
            k++;
        p->end_of[l] = (uint32_t)(k + 1);
    }
    p->alike = true;
    for (uint32_t l = 0; l < p->game->leaves; l++)
        p->alike &= p->end_of[l] == p->end_of[p->game->leaf_same[l]];
}

/* From most nodes on the period can't end: there only paid_on and after are worked out. */
static void find_where(pass *p, dt_arena *arena)
{
    const dt_game *game = p->game;
    p->may_end = dt_new(arena, bool, game->nodes);
    for (uint32_t n = game->nodes; n-- > 0;) {
        const uint32_t beyond = game->cell_branch[game->node_cell[n + 1]];
        for (uint32_t b = game->cell_branch[game->node_cell[n]]; b < beyond; b++) {
            const uint32_t target = game->branch_target[b];
            p->may_end[n] |=
                target < game->nodes ? p->may_end[target] : p->end_of[target - game->nodes] != 0;
        }
    }
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

static void find_payments(pass *p, dt_arena *arena)
{
    const dt_model *model = p->game->model;
    p->pays_by_chance = dt_new(arena, bool, (size_t)model->stages);
    for (int s = 0; s < model->stages; s++) {
        const dt_stage *stage = &model->stage[s];
        p->pays_by_chance[s] = pays_in_branch(stage->effects, false);
        for (int a = 0; a < stage->actions; a++)
            p->pays_by_chance[s] |= pays_in_branch(stage->action[a].effects, false);
    }
}

/* ---- how likely --------------------------------------------------------------------------------- */

static void find_begins(pass *p, dt_arena *arena)
{
    const dt_game *game = p->game;
    dt_forward *forward = dt_forward_new(arena, p->solution, 1);
    p->begin = dt_new(arena, double, (size_t)game->horizon * game->states);
    for (uint32_t t = 0; t < game->horizon; t++) {
        memcpy(p->begin + (size_t)t * game->states, forward->begin,
               game->states * sizeof *p->begin);
        dt_forward_spread(forward, dt_strategy_of(p->solution->strategy, game, t), t);
        if (t + 1 < game->horizon)
            dt_forward_carry(forward, t);
    }
}

/* ---- what it is worth --------------------------------------------------------------------------- */

/* Where the columns of a place stand. */
static size_t place_of(const pass *p, uint32_t place)
{
    return p->alike && place < p->game->nodes ? p->game->node_same[place] : place;
}

/* The columns at a place that are paid_on; those of after follow, or are the same past the horizon. */
static double *on_of(const pass *p, double *column)
{
    return column + p->split * (1 + p->actors);
}

static void fill_leaf(const pass *p, uint32_t t, uint32_t leaf)
{
    const dt_game *game = p->game;
    double *column = p->column + ((size_t)game->nodes + leaf) * p->columns;
    const dt_world *world = dt_solution_world(p->solution, t);
    const double *payment = world->payment + game->leaf_payoff[leaf] * p->actors;
    memset(column, 0, p->columns * sizeof *column);
    if (p->end_of[leaf] && p->split) {
        double *of = column + (p->end_of[leaf] - 1) * (1 + p->actors);
        of[0] = 1;
        memcpy(of + 1, payment, p->actors * sizeof *of);
        return;
    }
    double *on = on_of(p, column), *after = p->split ? on + p->actors : on;
    memcpy(on, payment, p->actors * sizeof *on);
    for (size_t i = 0; i < p->actors && game->leaf_next[leaf] != DT_NOWHERE; i++)
        after[i] += world->discount[i] * p->value[(size_t)game->leaf_next[leaf] * p->actors + i];
}

/* Two columns at a time. */
typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));

static void add(double *to, const double *from, double share, size_t columns)
{
    size_t x = 0;
    for (; x + 1 < columns; x += 2)
        *(pair *)(to + x) += share * *(const pair *)(from + x);
    if (x < columns)
        to[x] += share * from[x];
}

/* Adds a cell to its node's columns: its branches, and what it pays itself, by how the period goes on. */
static void add_cell(const pass *p, uint32_t t, int stage, uint64_t c, double played,
                     double *column)
{
    const dt_game *game = p->game;
    const dt_world *world = dt_solution_world(p->solution, t);
    const uint32_t *chance = dt_cell_coefficients(game, c), row = dt_cell_row(game, c);
    const double *payment = world->payment + row * p->actors;
    double *ends = p->cell;
    memset(ends, 0, p->split * sizeof *ends);
    for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++, chance++) {
        const double *target = p->column + place_of(p, game->branch_target[b]) * p->columns;
        const double share = played * world->coefficient[*chance];
        add(column, target, share, p->columns);
        for (size_t k = 0; k < p->split; k++)
            ends[k] += share * target[k * (1 + p->actors)];
    }
    if (row == 0)
        return; /* it pays nothing */
    double ending = 0;
    for (size_t k = 0; k < p->split; k++)
        ending += ends[k];
    const double share = ending > 0 && p->pays_by_chance[stage] ? played / ending : 1;
    for (size_t k = 0; k < p->split; k++) {
        for (size_t i = 0; i < p->actors; i++)
            column[k * (1 + p->actors) + 1 + i] += share * ends[k] * payment[i];
    }
    for (size_t i = 0; i < p->actors; i++)
        on_of(p, column)[i] += (played - share * ending) * payment[i];
}

/* The same for a cell of a node from which the period can't end; `first`, the columns of paid_on. */
static void add_going_on(const pass *p, uint32_t t, uint64_t c, double played, size_t first,
                         double *column)
{
    const dt_game *game = p->game;
    const dt_world *world = dt_solution_world(p->solution, t);
    const uint32_t *chance = dt_cell_coefficients(game, c), row = dt_cell_row(game, c);
    for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++, chance++) {
        const double *target = p->column + place_of(p, game->branch_target[b]) * p->columns;
        add(column + first, target + first, played * world->coefficient[*chance],
            p->columns - first);
    }
    const double *payment = world->payment + row * p->actors;
    for (size_t i = 0; i < p->actors && row != 0; i++)
        column[first + i] += played * payment[i];
}

static void fill_node(const pass *p, uint32_t t, uint32_t n)
{
    const dt_game *game = p->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *sigma = dt_strategy_at(p->solution->strategy, game, t, n);
    const double *profile = dt_profile(menu, sigma, p->space);
    double *column = p->column + (size_t)n * p->columns;
    memset(column, 0, p->columns * sizeof *column);
    for (int c = 0; c < menu->cells; c++) {
        if (profile[c] == 0)
            continue;
        if (p->split && p->may_end[n])
            add_cell(p, t, menu->stage, game->node_cell[n] + (uint64_t)c, profile[c], column);
        else
            add_going_on(p, t, game->node_cell[n] + (uint64_t)c, profile[c],
                         p->split * (1 + p->actors), column);
    }
}

/* Adds the periods that begin in a state, in so far as they end but might not have. */
static void count_state(const pass *p, uint32_t t, uint32_t state, const double *column)
{
    const double LEAST = 1e-9; /* below it the other case is a rounding error */
    const double *on = column + p->split * (1 + p->actors), *after = on + p->actors;
    double goes_on = 1;
    for (size_t k = 0; k < p->split; k++)
        goes_on -= column[k * (1 + p->actors)];
    for (size_t k = 0; k < p->split && goes_on > LEAST; k++) {
        const double *of = column + k * (1 + p->actors);
        const double begins = p->begin[(size_t)t * p->game->states + state],
                     ratio = of[0] / goes_on;
        p->weight[k] += begins * of[0];
        for (size_t i = 0; i < p->actors; i++) {
            p->sum_paid[k * p->actors + i] += begins * (of[1 + i] - ratio * on[i]);
            p->sum_after[k * p->actors + i] += begins * ratio * after[i];
        }
    }
}

/* Every place of period t, then what each state is worth as it begins. */
static void run_period(const pass *p, uint32_t t)
{
    const dt_game *game = p->game;
    for (uint32_t l = 0; l < dt_game_count(game, game->stages, t); l++)
        fill_leaf(p, t, l);
    for (uint32_t s = game->stages; s-- > 0;) {
        for (uint32_t n = game->stage_first[s];
             n < game->stage_first[s] + dt_game_count(game, s, t); n++) {
            if (place_of(p, n) == n)
                fill_node(p, t, n);
        }
    }
    for (uint32_t state = 0; state < game->states; state++) {
        const uint32_t place = game->state_place[state], stage = dt_game_stage(game, place);
        if (place - game->stage_first[stage] >= dt_game_count(game, stage, t))
            continue; /* it can't occur yet */
        const double *column = p->column + place_of(p, place) * p->columns;
        if (t < game->horizon)
            count_state(p, t, state, column);
        double *value = p->before + (size_t)state * p->actors;
        memset(value, 0, p->actors * sizeof *value);
        for (size_t k = 0; k < p->split; k++) {
            for (size_t i = 0; i < p->actors; i++)
                value[i] += column[k * (1 + p->actors) + 1 + i];
        }
        for (size_t i = 0; i < (p->split ? 2 : 1) * p->actors; i++)
            value[i % p->actors] += column[p->split * (1 + p->actors) + i];
    }
}

static void take(const pass *p)
{
    const double MARGIN = 1.01; /* a relief by less isn't worth a word */
    for (size_t k = 0; k < p->ends; k++) {
        for (size_t i = 0; i < p->actors && p->weight[k] > 0; i++) {
            const double paid = p->sum_paid[k * p->actors + i] / p->weight[k],
                         future = p->sum_after[k * p->actors + i] / p->weight[k];
            if (-future > MARGIN * fabs(paid))
                p->prize[(*p->count)++] =
                    (dt_prize){(size_t)p->game->rules->policy, k, i, paid, future};
        }
    }
}

/* An even number, for pairs. */
static size_t count_columns(const pass *p, size_t split)
{
    const size_t columns = split ? split * (1 + p->actors) + 2 * p->actors : p->actors;
    return (columns + 1) / 2 * 2;
}

static dt_status find(dt_arena *arena, void *argument)
{
    pass *p = argument;
    const dt_game *game = p->game;
    const size_t sums = p->ends * p->actors;
    p->columns = count_columns(p, p->ends); /* at most */
    p->column = dt_take(arena, (size_t)game->nodes + game->leaves, p->columns * sizeof(double));
    p->cell = dt_new(arena, double, p->columns);
    p->space = dt_new(arena, double, (size_t)dt_profile_room(game));
    p->value = dt_new(arena, double, (size_t)game->states * p->actors);
    p->before = dt_new(arena, double, (size_t)game->states * p->actors);
    p->weight = dt_new(arena, double, p->ends);
    p->sum_paid = dt_new(arena, double, sums);
    p->sum_after = dt_new(arena, double, sums);
    find_ends(p, arena);
    find_where(p, arena);
    find_payments(p, arena);
    find_begins(p, arena);
    /* periods after which nothing counts any more: all, or so many that a discount leaves 1e-6 */
    const uint32_t far =
        game->forever ? game->horizon + (uint32_t)fmin(dt_forward_far(p->solution, 1e-6), 1e5)
                      : game->periods;
    for (uint32_t t = far; t-- > 0;) {
        p->split = t < game->horizon ? p->ends : 0;
        p->columns = count_columns(p, p->split);
        run_period(p, t);
        double *made = p->before;
        p->before = p->value;
        p->value = made;
        dt_progress(arena, p->options, "looking at ends", (double)(far - t) / far);
    }
    take(p);
    return DT_OK;
}

dt_status dt_solution_prizes(const dt_solution *solution, const dt_options *options,
                             dt_prize *prize, size_t *count)
{
    if (count)
        *count = 0;
    if (!solution || !count || (!prize && solution->game->model->ends > 0) ||
        solution->game->rules->policy == DT_NONE)
        return dt_refuse_call(options, "dt_solution_prizes",
                              "no solution of a policy, or nowhere to put what is found");
    const dt_model *model = solution->game->model;
    if (model->ends == 0 || !dt_solution_solved(solution) || solution->private)
        return DT_OK;
    pass p = {.solution = solution,
              .game = solution->game,
              .options = options,
              .ends = (size_t)model->ends,
              .actors = (size_t)model->actors,
              .prize = prize,
              .count = count};
    return dt_job(options, find, &p);
}

/* ---- saying it ---------------------------------------------------------------------------------- */

typedef struct telling {
    const dt_model *model;
    const dt_prize *prize;
    size_t count;
    const dt_options *options;
} telling;

/* Whether b is the same thing under another policy. */
static bool same(const dt_prize *a, const dt_prize *b)
{
    return a->end == b->end && a->actor == b->actor;
}

static double relief(const dt_prize *prize)
{
    return prize->paid - prize->future;
}

static dt_status tell(dt_arena *arena, void *argument)
{
    const telling *t = argument;
    const dt_model *model = t->model;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, t->options, &model->source);
    for (size_t a = 0; a < t->count; a++) {
        const dt_prize *most = &t->prize[a];
        bool told = false;
        for (size_t b = 0; b < t->count; b++) {
            if (!same(&t->prize[a], &t->prize[b]))
                continue;
            told |= b < a;
            if (relief(&t->prize[b]) > relief(most))
                most = &t->prize[b];
        }
        if (told)
            continue;
        char paid[48], future[32], under[160] = "";
        snprintf(paid, sizeof paid, most->paid > 0 ? "pays it %.4g" : "costs it %.4g",
                 fabs(most->paid));
        snprintf(future, sizeof future, "%.4g", most->future);
        if (model->policies > 1)
            snprintf(under, sizeof under, " under policy '%.120s'",
                     model->policy[most->policy].is.name);
        dt_complain_more(diagnostics, DT_END_IS_PRIZE, model->end_list[most->end].place,
                         "give the end a payment worth the future it cuts off, or let play go on "
                         "with a state variable in place of the end",
                         NULL, model->end_list[most->end].name, model->actor[most->actor].is.name,
                         future, paid, under);
    }
    dt_diagnostics_flush(diagnostics);
    return DT_OK;
}

dt_status dt_prizes_warn(const dt_model *model, const dt_prize *prize, size_t count,
                         const dt_options *options)
{
    bool right = model && (prize || count == 0);
    for (size_t p = 0; right && p < count; p++)
        right = prize[p].policy < (size_t)model->policies && prize[p].end < (size_t)model->ends &&
                prize[p].actor < (size_t)model->actors;
    if (!right)
        return dt_refuse_call(options, "dt_prizes_warn", "no model, or what it hasn't got");
    telling t = {model, prize, count, options};
    return count ? dt_job(options, tell, &t) : DT_OK;
}
