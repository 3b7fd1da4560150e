/*
 * Certifying by plain enumeration, node by node and cell by cell, in two parts.
 *
 * Values: V under the strategy σ by backward policy evaluation, for every actor at once. At a node
 * the worth of a cell is x = paid + Σ_b p_b V(target_b); Q_k(o) = Σ over cells with o of
 * Π_{j≠k} σ_j · Σ_i w_i x_i, and |σ_k - softmax(λ_k Q_k)| is the residual there.
 *
 * Gaps: for one agent at a time, two numbers per place, both in units of the first period, where a
 * payment to member i in period t weighs w_i δ_i^t: `follow` when all play σ, `best` when the agent
 * takes the best option at each of its nodes (the principle of optimality holds as the others'
 * σ depends on the place alone; Puterman 1994, §4.3). The gap is best - follow at the start.
 *
 * Payoffs are counted from those of the first leaf, term by term, so that what is paid whatever happens
 * doesn't drown what is chosen for: with r_i their sum and K_i(t) = r_i + δ_i K_i(t+1), `value` holds
 * V_i - K_i, where play is over -δ_i K_i takes the place of what follows, and K_i(1) is added at the end.
 *
 * Play forever is cut off after N periods, N the least with δ^N ≤ 1e-13 for the largest discount:
 * what is left out is below 1e-13 of M/(1-δ), with M the largest payment.
 */
#include "verify/certify.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "verify/walk.h"

typedef struct checker {
    dt_arena *arena; /* and options: for dt_progress */
    const dt_options *options;
    const dt_game *game;
    dt_world *world; /* a copy, turned from period to period where the game reads `now` */
    dt_strategy *strategy;
    dt_values values;
    size_t actors;
    uint32_t periods;
    /* Values: */
    double *value;     /* [nodes+leaves][actors] */
    double *next;      /* [states][actors] */
    double *worth;     /* [actors] of a cell */
    double *due;       /* [rows][actors] payoffs of a leaf less the first leaf's */
    double *reference; /* [actors] these */
    double *term;      /* [terms] work space */
    double *constant;  /* [actors] K of the next period */
    double *q;         /* [largest menu total] */
    double residual, rounding;
    /* Gaps: */
    const dt_agent *agent;
    int agent_index;
    double *weight;                  /* [actors] w_i δ_i^t, 0 for those who aren't members */
    double *best, *follow;           /* [nodes+leaves] */
    double *best_next, *follow_next; /* [states] */
} checker;

/* Tells of progress: the values and then each agent's gap take about the same time. */
static void tell(const checker *check, int pass, uint32_t t)
{
    const double done = 1 - (t + 1.0) / check->periods;
    dt_progress(check->arena, check->options, "verifying",
                (pass + done) / (1 + check->game->rules->agents));
}

/* ---- cells --------------------------------------------------------------------------------------- */

/* The probability that all agents but the one at position `without` take these options. */
static double probability(const dt_menu *menu, const double *sigma, const int *option, int without)
{
    double p = 1;
    for (int k = 0; k < menu->agents; sigma += menu->options[k], k++) {
        if (k != without)
            p *= sigma[option[k]];
    }
    return p;
}

/* Σ_b p_b number(target_b), the numbers `stride` apart. */
static double expected(const checker *check, uint64_t cell, const double *number, size_t stride)
{
    const dt_game *game = check->game;
    double sum = 0;
    assert(cell < game->cells && game->cell_branch[cell] < game->cell_branch[cell + 1]);
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
        sum += check->world->coefficient[dt_branch_coefficient(game, cell, b)] *
               number[game->branch_target[b] * stride];
    return sum;
}

/* The numbers of period t. */
static void turn(checker *check, uint32_t t)
{
    if (check->game->dated == 0 || check->world->period == t)
        return;
    dt_world_turn(check->game, check->world, t);
    dt_walk_due(check->game, check->world, check->term, check->due, check->reference);
}

/* From K of the next period to that of this one. */
static void turn_constants(checker *check)
{
    for (size_t i = 0; i < check->actors; i++)
        check->constant[i] = check->reference[i] + check->world->discount[i] * check->constant[i];
}

static const double *payments(const checker *check, uint32_t row)
{
    return check->world->payment + (size_t)row * check->actors;
}

/* ---- values and the residual --------------------------------------------------------------------- */

static void value_node(checker *check, uint32_t t, uint32_t n, bool compared)
{
    const dt_game *game = check->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *sigma = dt_strategy_at(check->strategy, game, t, n);
    assert(game->node_option[n] + (uint64_t)menu->total <= game->options);
    double *value = check->value + (size_t)n * check->actors;
    int option[DT_MAX_MOVERS];
    memset(value, 0, check->actors * sizeof *value);
    memset(check->q, 0, (size_t)menu->total * sizeof *check->q);
    assert(menu->agents <= DT_MAX_MOVERS);
    for (int c = 0; c < menu->cells; c++) {
        const uint64_t cell = game->node_cell[n] + (uint64_t)c;
        dt_walk_options(menu, c, option);
        const double played = probability(menu, sigma, option, -1);
        const double *paid = payments(check, dt_cell_row(game, cell));
        for (size_t i = 0; i < check->actors; i++) {
            check->worth[i] = paid[i] + expected(check, cell, check->value + i, check->actors);
            value[i] += played * check->worth[i];
        }
        for (int k = 0, first = 0; k < menu->agents; first += menu->options[k], k++) {
            const dt_agent *agent = &game->rules->agent[menu->agent[k]];
            double own = 0;
            for (int m = 0; m < agent->members; m++)
                own += agent->weight[m] * check->worth[agent->member[m]];
            check->q[first + option[k]] += probability(menu, sigma, option, k) * own;
        }
    }
    for (int k = 0, first = 0; k < menu->agents; first += menu->options[k], k++) {
        const dt_agent *agent = &game->rules->agent[menu->agent[k]];
        const double lambda = check->world->rationality[menu->agent[k]];
        const double *q = check->q + first;
        if (compared)
            check->residual = dt_walk_worse(
                dt_walk_residual(sigma + first, q, menu->options[k], lambda), check->residual);
        for (int o = 0; o < menu->options[k] && compared && menu->options[k] > 1; o++)
            check->rounding = fmax(check->rounding, lambda * DBL_EPSILON * fabs(q[o]));
        if (check->values == DT_VALUES_SURPLUS)
            value[agent->member[0]] = dt_walk_surplus(q, menu->options[k], lambda);
    }
}

/* V and the residual in every period from the last to the first. */
static void find_values(checker *check)
{
    const dt_game *game = check->game;
    for (uint32_t t = check->periods; t-- > 0;) {
        tell(check, 0, t);
        turn(check, t);
        const bool last = t + 1 == check->periods;
        for (uint32_t leaf = 0; leaf < dt_walk_places(game, game->stages, t); leaf++) {
            double *value = check->value + (size_t)(game->nodes + leaf) * check->actors;
            const double *paid = check->due + game->leaf_payoff[leaf] * check->actors;
            const uint32_t next = game->leaf_next[leaf];
            const bool over = last || game->leaf_ended[leaf];
            assert(over || next != DT_NOWHERE);
            for (size_t i = 0; i < check->actors; i++)
                value[i] = paid[i] +
                           check->world->discount[i] *
                               (over ? -check->constant[i] : check->next[next * check->actors + i]);
        }
        for (uint32_t s = game->stages; s-- > 0;) {
            uint32_t first = game->stage_first[s];
            for (uint32_t n = first + dt_walk_places(game, s, t); n-- > first;)
                value_node(check, t, n, !game->forever || t == 0);
        }
        turn_constants(check);
        for (uint32_t state = 0; state < game->states; state++) {
            uint32_t place;
            if (dt_walk_begins(game, state, t, &place))
                memcpy(check->next + (size_t)state * check->actors,
                       check->value + (size_t)place * check->actors,
                       check->actors * sizeof *check->next);
        }
    }
}

/* ---- gaps ---------------------------------------------------------------------------------------- */

/* What is paid to its members is worth to the agent, in units of the first period. */
static double weighed(const checker *check, const double *paid)
{
    double sum = 0;
    for (int m = 0; m < check->agent->members; m++)
        sum += check->weight[check->agent->member[m]] * paid[check->agent->member[m]];
    return sum;
}

static void deviate_node(checker *check, uint32_t t, uint32_t n)
{
    const dt_game *game = check->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *sigma = dt_strategy_at(check->strategy, game, t, n);
    int option[DT_MAX_MOVERS];
    int own = -1;
    for (int k = 0; k < menu->agents; k++) {
        if (menu->agent[k] == check->agent_index)
            own = k;
    }
    const int choices = own < 0 ? 1 : menu->options[own];
    memset(check->q, 0, (size_t)choices * sizeof *check->q);
    double follow = 0;
    for (int c = 0; c < menu->cells; c++) {
        const uint64_t cell = game->node_cell[n] + (uint64_t)c;
        dt_walk_options(menu, c, option);
        const double paid = weighed(check, payments(check, dt_cell_row(game, cell)));
        follow +=
            probability(menu, sigma, option, -1) * (paid + expected(check, cell, check->follow, 1));
        check->q[own < 0 ? 0 : option[own]] +=
            probability(menu, sigma, option, own) * (paid + expected(check, cell, check->best, 1));
    }
    check->follow[n] = follow;
    check->best[n] = check->q[0];
    for (int o = 1; o < choices; o++)
        check->best[n] = fmax(check->best[n], check->q[o]);
}

/* What the agent gains from the start by its best response. */
static double find_gap(checker *check, int agent)
{
    const dt_game *game = check->game;
    assert(agent >= 0 && agent < game->rules->agents);
    check->agent_index = agent;
    check->agent = &game->rules->agent[agent];
    memset(check->constant, 0, check->actors * sizeof *check->constant);
    for (uint32_t t = check->periods; t-- > 0;) {
        tell(check, 1 + agent, t);
        turn(check, t);
        memset(check->weight, 0, check->actors * sizeof *check->weight);
        for (int m = 0; m < check->agent->members; m++) {
            int i = check->agent->member[m];
            check->weight[i] = check->agent->weight[m] * pow(check->world->discount[i], t);
        }
        const bool last = t + 1 == check->periods;
        for (size_t i = 0; i < check->actors; i++)
            check->worth[i] = -check->world->discount[i] * check->constant[i];
        const double end = weighed(check, check->worth);
        turn_constants(check);
        for (uint32_t leaf = 0; leaf < dt_walk_places(game, game->stages, t); leaf++) {
            const uint32_t next = game->leaf_next[leaf];
            const bool over = last || game->leaf_ended[leaf];
            const double paid =
                weighed(check, check->due + game->leaf_payoff[leaf] * check->actors);
            check->best[game->nodes + leaf] = paid + (over ? end : check->best_next[next]);
            check->follow[game->nodes + leaf] = paid + (over ? end : check->follow_next[next]);
        }
        for (uint32_t s = game->stages; s-- > 0;) {
            uint32_t first = game->stage_first[s];
            for (uint32_t n = first + dt_walk_places(game, s, t); n-- > first;)
                deviate_node(check, t, n);
        }
        for (uint32_t state = 0; state < game->states; state++) {
            uint32_t place;
            if (dt_walk_begins(game, state, t, &place)) {
                check->best_next[state] = check->best[place];
                check->follow_next[state] = check->follow[place];
            }
        }
    }
    return check->best_next[game->start] - check->follow_next[game->start];
}

/* ---- the certificate ----------------------------------------------------------------------------- */

dt_certificate dt_certify(dt_arena *arena, const dt_game *game, const dt_world *world,
                          dt_strategy *strategy, dt_values values, const dt_options *options)
{
    checker check = {.arena = arena,
                     .options = options,
                     .game = game,
                     .world = dt_world_copy(arena, game, world),
                     .strategy = strategy,
                     .values = values};
    const size_t places = (size_t)game->nodes + game->leaves;
    int most = 1;
    for (uint32_t m = 0; m < game->menus; m++)
        most = game->menu[m].total > most ? game->menu[m].total : most;
    assert(strategy->periods == (game->forever ? 1 : game->periods));
    check.actors = (size_t)game->model->actors;
    check.periods = dt_walk_periods(game, world);
    check.value = dt_new(arena, double, places *check.actors);
    check.next = dt_new(arena, double, (size_t)game->states *check.actors);
    check.worth = dt_new(arena, double, check.actors);
    check.q = dt_new(arena, double, (size_t)most);
    check.weight = dt_new(arena, double, check.actors);
    check.best = dt_new(arena, double, places);
    check.follow = dt_new(arena, double, places);
    check.best_next = dt_new(arena, double, (size_t)game->states);
    check.follow_next = dt_new(arena, double, (size_t)game->states);
    double *value = dt_new(arena, double, check.actors);
    double *gap = dt_new(arena, double, check.actors);

    check.constant = dt_new(arena, double, check.actors);
    check.due = dt_take(arena, game->rows, check.actors * sizeof(double));
    check.reference = dt_new(arena, double, check.actors);
    check.term = dt_new(arena, double, (size_t)game->model->terms);
    dt_walk_due(game, check.world, check.term, check.due, check.reference);
    find_values(&check);
    for (size_t i = 0; i < check.actors; i++)
        value[i] = check.next[game->start * check.actors + i] + check.constant[i];
    for (int agent = 0; agent < game->rules->agents; agent++) {
        double gain = find_gap(&check, agent);
        for (int m = 0; m < check.agent->members; m++)
            gap[check.agent->member[m]] = gain;
    }
    return (dt_certificate){
        .residual = check.residual, .rounding = check.rounding, .gap = gap, .value = value};
}
