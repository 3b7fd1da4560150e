/*
 * The gaps: how much each agent would gain by answering everybody else's strategy as well as can be
 * from the start on, found by one more dynamic program (docs/method.md, Certificates). It runs over
 * agents instead of actors: a single actor's payments are its own, a team's those of its members
 * weighted by w_i and by their own discounts. As discounts may differ within a team, its value in
 * period t is taken relative to the most patient member's discount δ: with ρ_i = δ_i / δ,
 *     W(t) = best over its actions of Σ_i w_i ρ_i^t payment_i + E W(t'),   t' = t within a period,
 * and δ W(t+1) at the end of one, which is Σ_i w_i δ_i^t payment_i divided by δ^t throughout.
 * Payments alone count: what surplus values add for taste is left out.
 *
 * With lookahead forever the program starts from the values of playing along and runs until it
 * settles to 1e-13, with the leaps of stationary.c; if some team's discounts differ, for so many periods T
 * that δ^T <= 1e-13 (1 - δ) for the most patient of all, so that what lies beyond weighs less than
 * 1e-13 of the greatest payment. Both end after DT_MAX_SWEEPS at the latest.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "solve/greater.h"
#include "solve/worth.h"

static const double CLOSE = 1e-13;

/* The dynamic program: for each agent, its value if it answers best, or if it plays along. */
typedef struct program {
    dt_sweep *sweep;
    bool along;      /* everybody plays along */
    bool stationary; /* payments don't depend on the period */
    size_t agents;
    double *payment;  /* [rows][agents] in the period at hand */
    double *discount; /* [agents] the most patient member's */
    double *value;    /* [places][agents]; the room is the sweep's */
    double *next;     /* [states][agents] */
    double *before;   /* [states][agents] */
} program;

static double member_weight(const program *p, size_t agent, int m, uint32_t t)
{
    const dt_agent *a = &p->sweep->game->rules->agent[agent];
    const double own = p->sweep->world->discount[a->member[m]];
    assert(own <= p->discount[agent]);
    if (own == p->discount[agent])
        return a->weight[m];
    return a->weight[m] * pow(own / p->discount[agent], t);
}

/* The payments of each row to each agent in period t. */
static void weigh_payments(program *p, uint32_t t)
{
    const dt_game *game = p->sweep->game;
    memset(p->payment, 0, game->rows * p->agents * sizeof(double));
    for (size_t k = 0; k < p->agents; k++) {
        const dt_agent *agent = &game->rules->agent[k];
        for (int m = 0; m < agent->members; m++) {
            const double weight = member_weight(p, k, m, t);
            const double *paid = p->sweep->world->payment + agent->member[m];
            for (uint32_t row = 0; row < game->rows; row++) {
                if (game->row_pays[row])
                    p->payment[row * p->agents + k] += weight * paid[row * p->sweep->actors];
            }
        }
    }
}

/* What the best option of a menu's agent k gives it against the others' sigma. */
static double best_answer(const program *p, const dt_menu *menu, const double *sigma, int k)
{
    const double *worth = p->sweep->worth + menu->agent[k];
    double *q = p->sweep->q, best = -INFINITY;
    int choice[DT_MAX_MOVERS] = {0};
    if (menu->agents == 1) { /* each option is a cell */
        for (int cell = 0; cell < menu->cells; cell++, worth += p->agents)
            best = dt_greater(best, *worth);
        return best;
    }
    memset(q, 0, (size_t)menu->options[k] * sizeof(double));
    for (int cell = 0; cell < menu->cells; cell++, worth += p->agents) {
        double others = 1;
        const double *own = sigma;
        for (int j = 0; j < menu->agents; own += menu->options[j++])
            others *= j == k ? 1 : own[choice[j]];
        q[choice[k]] += others * *worth;
        for (int j = menu->agents - 1; j >= 0 && ++choice[j] == menu->options[j]; j--)
            choice[j] = 0;
    }
    for (int a = 0; a < menu->options[k]; a++)
        best = dt_greater(best, q[a]);
    assert(isfinite(best));
    return best;
}

/* The value of a node to each agent: what play by sigma gives, or its best answer if it moves and
 * not everybody plays along. */
static void value_node(program *p, const dt_menu *menu, const double *sigma, double *value)
{
    dt_joint(menu, sigma, p->sweep->joint);
    dt_average(p->sweep->joint, p->sweep->worth, menu->cells, p->agents, value);
    for (int k = 0; k < menu->agents && !p->along; k++)
        value[menu->agent[k]] = best_answer(p, menu, sigma, k);
}

/* One period: from next to value, and from there to next. */
static void run_period(program *p, uint32_t t)
{
    const dt_sweep *sweep = p->sweep;
    const dt_game *game = sweep->game;
    const size_t agents = p->agents;
    const uint32_t occur = game->forever ? DT_EVERY_PERIOD : t;
    for (uint32_t stage = game->stages + 1; stage-- > 0;) {
        const uint32_t first = game->stage_first[stage];
        const uint32_t count = dt_game_count(game, stage, occur);
        for (uint32_t place = first; place < first + count; place++) {
            double *value = p->value + place * agents;
            if (place >= game->nodes) {
                const uint32_t leaf = place - game->nodes, next = game->leaf_next[leaf];
                memcpy(value, p->payment + game->leaf_payoff[leaf] * agents,
                       agents * sizeof(double));
                for (size_t k = 0; k < agents && next != DT_NOWHERE; k++)
                    value[k] += p->discount[k] * p->next[next * agents + k];
                continue;
            }
            const dt_menu *menu = &game->menu[game->node_menu[place]];
            const uint64_t cell = game->node_cell[place];
            dt_cells_worth(sweep, cell, menu->cells, p->payment, p->value, agents, sweep->worth);
            if (menu->agents == 0)
                memcpy(value, sweep->worth, agents * sizeof(double));
            else
                value_node(p, menu, dt_strategy_at(&sweep->solution->strategy, game, occur, place),
                           value);
        }
    }
    for (size_t s = 0; s < sweep->states; s++)
        memcpy(p->next + s * agents, p->value + game->state_place[s] * agents,
               agents * sizeof(double));
}

/* True if the last period changed next so little that no more need be run. */
static bool settled(const program *p)
{
    for (size_t k = 0; k < p->agents; k++) {
        double change = 0, size = 1, discount = p->discount[k];
        for (size_t s = 0; s < p->sweep->states; s++) {
            double now = p->next[s * p->agents + k];
            change = dt_greater(change, fabs(now - p->before[s * p->agents + k]));
            size = dt_greater(size, fabs(now));
        }
        if (change * discount >
            dt_greater(CLOSE * (1 - discount), 4 * DBL_EPSILON * discount) * size)
            return false;
    }
    return true;
}

/* Runs the program to the start; false if interrupted. */
static bool run_program(program *p, uint32_t periods, double done)
{
    dt_sweep *sweep = p->sweep;
    const bool forever = sweep->game->forever;
    const bool leaps = forever && p->stationary && dt_never_ends(sweep->game);
    if (p->stationary)
        weigh_payments(p, 0);
    for (uint32_t t = periods; t-- > 0;) {
        sweep->done = dt_lesser(1, done + (1 - done) * (periods - 1 - t) / periods);
        if (!dt_sweep_progress(sweep))
            return false;
        if (!p->stationary)
            weigh_payments(p, t);
        if (forever)
            memcpy(p->before, p->next, sweep->states * p->agents * sizeof(double));
        run_period(p, t);
        if (forever && p->stationary && settled(p))
            break;
        for (size_t k = 0; k < p->agents && leaps; k++)
            dt_leap(p->before + k, p->next + k, sweep->states, p->agents, p->discount[k]);
    }
    return true;
}

/* Periods after which nothing counts any more; see above. */
static uint32_t long_enough(const program *p)
{
    double discount = 0;
    for (size_t k = 0; k < p->agents; k++)
        discount = dt_greater(discount, p->discount[k]);
    assert(discount < 1);
    double periods = discount == 0 ? 1 : ceil(log(CLOSE * (1 - discount)) / log(discount));
    return (uint32_t)dt_lesser(dt_greater(periods, 1), DT_MAX_SWEEPS);
}

/* Takes the agents' values of playing along forever, in the units of period t, from the actors'. */
static void start_from(program *p, const double *value, uint32_t t)
{
    for (size_t s = 0; s < p->sweep->states; s++) {
        for (size_t k = 0; k < p->agents; k++) {
            const dt_agent *agent = &p->sweep->game->rules->agent[k];
            double sum = 0;
            for (int m = 0; m < agent->members; m++)
                sum += member_weight(p, k, m, t) *
                       value[s * p->sweep->actors + (size_t)agent->member[m]];
            p->next[s * p->agents + k] = sum;
        }
    }
}

dt_sweep_end dt_gaps(dt_arena *arena, dt_sweep *sweep)
{
    dt_solution *solution = sweep->solution;
    const dt_game *game = sweep->game;
    const dt_rules *rules = game->rules;
    program p = {.sweep = sweep, .stationary = true, .agents = (size_t)rules->agents};
    assert(p.agents <= sweep->actors);
    p.value = sweep->value;
    p.payment = dt_new(arena, double, game->rows *p.agents);
    p.discount = dt_new(arena, double, p.agents);
    p.next = dt_new(arena, double, sweep->states *p.agents);
    p.before = dt_new(arena, double, sweep->states *p.agents);
    for (size_t k = 0; k < p.agents; k++) {
        const dt_agent *agent = &rules->agent[k];
        for (int m = 0; m < agent->members; m++) {
            double own = sweep->world->discount[agent->member[m]];
            if (m > 0 && own != p.discount[k])
                p.stationary = false;
            p.discount[k] = dt_greater(p.discount[k], own);
        }
    }
    const uint32_t periods = game->forever ? long_enough(&p) : game->periods;
    double *along = dt_new(arena, double, p.agents);
    if (game->forever)
        start_from(&p, sweep->next, periods);
    if (solution->values == DT_VALUES_SURPLUS) {
        p.along = true;
        if (!run_program(&p, periods, 0.75))
            return DT_SWEEP_INTERRUPTED;
        memcpy(along, p.next + game->start * p.agents, p.agents * sizeof(double));
        p.along = false;
        if (!game->forever)
            memset(p.next, 0, sweep->states * p.agents * sizeof(double));
    } else {
        for (size_t k = 0; k < p.agents; k++)
            along[k] = dt_agent_worth(&rules->agent[k], solution->value);
    }
    if (!run_program(&p, periods, 0.75))
        return DT_SWEEP_INTERRUPTED;
    for (size_t i = 0; i < sweep->actors; i++) {
        const int k = rules->actor_agent[i];
        /* the best answer is no worse than playing along but for rounding */
        solution->gap[i] = dt_greater(0, p.next[game->start * p.agents + (size_t)k] - along[k]);
    }
    return DT_SWEEP_DONE;
}
