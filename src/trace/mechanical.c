/*
 * Everybody's strategy carried over into another policy's game. At a node of the chain each agent, that is
 * who chooses together under P, plays P's joint distribution there, restricted to what Q allows its movers
 * and renormalised:
 *     σ'(a) = σ_P(a) / Σ over P's joint actions that Q allows of σ_P,
 * uniform where none of them is allowed, where P's rules skip the stage, or where they lead to an error. What
 * then happens follows from Q: the forward pass over the chain's graph gives the outcomes.
 */
#include "trace/mechanical.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "trace/outcomes.h"

/* Sums of probabilities below this may have lost digits to underflow. */
static const double LEAST_SUM = 1e-290;

struct dt_mechanical {
    dt_arena *arena;
    dt_game *chain; /* Q's, everybody going on by P's strategies; */
    dt_game *rules; /* and P's, wherever the chain can lead */
};

typedef struct run {
    const dt_mechanical *made;
    const double *from, *to;
    dt_values values;
    const dt_options *options;
    double *outcome, *uniform;
    dt_solution *solution; /* of P's rules */
} run;

/* What belongs to one run, in its arena. */
typedef struct carrying {
    const dt_game *chain, *rules;
    const dt_solution *solution;
    const dt_meeting *meeting;
    const uint8_t *lost;  /* [periods, or 1][nodes of the rules' game] */
    dt_strategy strategy; /* of the chain */
    uint8_t *uniform;     /* [periods][nodes of the chain] movers who decide uniformly */
    bool underflow;
} carrying;

/* The option of an agent of P's menu that takes the same actions as another menu's option; DT_NONE if P
 * doesn't allow it. */
static int same_option(const dt_menu *menu, int k, const int *action, int movers)
{
    int first = 0;
    for (int j = 0; j < k; j++)
        first += menu->options[j];
    for (int o = 0; o < menu->options[k]; o++) {
        if (memcmp(menu->action + (first + o) * movers, action, (size_t)movers * sizeof *action) ==
            0)
            return first + o;
    }
    return DT_NONE;
}

/* How many movers an agent's joint action decides for. */
static uint8_t count_movers(const int *action, int movers)
{
    uint8_t count = 0;
    for (int m = 0; m < movers; m++)
        count += action[m] != DT_NONE;
    return count;
}

/* The strategies at a node of the chain in a period; returns how many movers decide uniformly. */
static uint8_t carry(carrying *c, uint32_t node, uint32_t period, double *to)
{
    const dt_game *chain = c->chain, *rules = c->rules;
    const dt_menu *menu = &chain->menu[chain->node_menu[node]];
    const int movers = chain->model->stage[menu->stage].movers;
    const size_t at = chain->forever ? 0 : period;
    uint32_t own = dt_meeting_find(c->meeting, chain, node);
    if (own != DT_NOWHERE && c->lost[at * rules->nodes + own])
        own = DT_NOWHERE;
    const double *sigma =
        own == DT_NOWHERE ? NULL : dt_strategy_at(c->solution->strategy, rules, period, own);
    const int *action = menu->action;
    uint8_t uniform = 0;
    assert(own == DT_NOWHERE || rules->menu[rules->node_menu[own]].agents == menu->agents);
    for (int k = 0; k < menu->agents; k++) {
        double sum = 0;
        bool known = false;
        for (int o = 0; o < menu->options[k]; o++) {
            const int same = own == DT_NOWHERE ? DT_NONE
                                               : same_option(&rules->menu[rules->node_menu[own]], k,
                                                             action + o * movers, movers);
            to[o] = same == DT_NONE ? 0 : sigma[same];
            known |= same != DT_NONE;
            sum += to[o];
        }
        c->underflow |= known && !(sum >= LEAST_SUM);
        for (int o = 0; o < menu->options[k]; o++)
            to[o] = known ? to[o] / sum : 1.0 / menu->options[k];
        uniform += known ? 0 : count_movers(action, movers);
        action += menu->options[k] * movers;
        to += menu->options[k];
    }
    return uniform;
}

static void carry_all(dt_arena *arena, carrying *c)
{
    const dt_game *chain = c->chain;
    const uint32_t periods = chain->forever ? 1 : chain->horizon;
    c->strategy =
        (dt_strategy){.periods = periods,
                      .held = periods,
                      .probability = dt_take(arena, periods, chain->options * sizeof(double))};
    c->uniform = dt_new(arena, uint8_t, (size_t)periods * chain->nodes);
    for (uint32_t t = 0; t < periods; t++) {
        const uint32_t period = chain->forever ? DT_EVERY_PERIOD : t;
        for (uint32_t s = 0; s < chain->stages; s++) {
            const uint32_t first = chain->stage_first[s];
            for (uint32_t n = first; n < first + dt_game_count(chain, s, period); n++)
                c->uniform[(size_t)t * chain->nodes + n] =
                    carry(c, n, t, dt_strategy_at(&c->strategy, chain, t, n));
        }
    }
}

/* The share of decisions that are taken uniformly. */
static double share_uniform(dt_arena *arena, const carrying *c, const dt_solution *played)
{
    const dt_game *chain = c->chain;
    double decisions = 0, uniformly = 0;
    dt_forward *forward = dt_forward_new(arena, played, 1);
    for (uint32_t t = 0; t < chain->horizon; t++) {
        const uint8_t *uniform = c->uniform + (chain->forever ? 0 : (size_t)t * chain->nodes);
        dt_forward_to(forward, t);
        for (uint32_t s = 0; s < chain->stages; s++) {
            const uint32_t first = chain->stage_first[s];
            const double movers = chain->model->stage[s].movers;
            for (uint32_t n = first; n < first + dt_game_count(chain, s, t); n++) {
                const double mass = forward->mass[n * forward->stride];
                decisions += mass * movers;
                uniformly += mass * uniform[n];
            }
        }
    }
    return decisions > 0 ? uniformly / decisions : 0;
}

/* The world in each period, where the chain reads `now`; and what is wrong with it. */
static dt_wrong take_worlds(dt_arena *arena, dt_solution *played)
{
    const dt_game *chain = played->game;
    dt_wrong wrong = dt_world_check(chain, played->world, 0);
    if (!chain->dated)
        return wrong;
    played->dated = dt_new(arena, dt_world *, chain->horizon);
    for (uint32_t t = 0; t < chain->horizon; t++) {
        played->dated[t] =
            dt_world_copy(arena, chain, t > 0 ? played->dated[t - 1] : played->world);
        dt_world_turn(chain, played->dated[t], t);
        if (wrong.code == DT_CODES)
            wrong = dt_world_check(chain, played->dated[t], 0);
    }
    return wrong;
}

static dt_status play(dt_arena *arena, void *argument)
{
    const run *asked = argument;
    const dt_game *chain = asked->made->chain, *rules = asked->made->rules;
    carrying c = {.chain = chain,
                  .rules = rules,
                  .solution = asked->solution,
                  .meeting = dt_meeting_new(arena, rules),
                  .lost = dt_game_lost(arena, rules, chain->horizon)};
    dt_solution played = {.arena = arena, .game = chain, .world = dt_world_new(arena, chain, 1)};
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, asked->options, &chain->model->source);
    for (int p = 0; p < chain->model->params; p++)
        played.world->parameter[p] = asked->to[p];
    dt_world_evaluate(chain, played.world, 1);
    const dt_wrong wrong = take_worlds(arena, &played);
    if (wrong.code != DT_CODES) {
        dt_wrong_complain(arena, diagnostics, chain, &wrong);
        dt_diagnostics_flush(diagnostics);
        return DT_INVALID;
    }
    carry_all(arena, &c);
    if (c.underflow) {
        dt_complain(diagnostics, DT_CARRIED_UNDERFLOW, (dt_place){0, 0}, dt_game_name(rules));
        dt_diagnostics_flush(diagnostics);
        return DT_NO;
    }
    played.strategy = &c.strategy;
    if (!dt_outcomes_defined(arena, diagnostics, &played, asked->options)) {
        dt_diagnostics_flush(diagnostics);
        return DT_NO;
    }
    const dt_outcomes *all = dt_outcomes_forward(arena, &played, asked->options);
    memcpy(asked->outcome, all->value,
           (size_t)chain->model->declared_outcomes * sizeof *asked->outcome);
    *asked->uniform = share_uniform(arena, &c, &played);
    return DT_OK;
}

dt_status dt_mechanical_run(const dt_mechanical *mechanical, const double *from, const double *to,
                            dt_values values, const dt_options *options, double *outcome,
                            double *uniform)
{
    run asked = {mechanical, from, to, values, options, outcome, uniform, NULL};
    for (int o = 0; o < mechanical->chain->model->declared_outcomes; o++)
        outcome[o] = (double)NAN;
    *uniform = (double)NAN;
    dt_status status = dt_solve_values(mechanical->rules, from, values, options, &asked.solution);
    if (status == DT_OK)
        status = dt_job(options, play, &asked);
    dt_solution_free(asked.solution);
    return status;
}

typedef struct making {
    const dt_game *from, *to;
    const dt_options *options;
} making;

static dt_status make(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const making *asked = argument;
    dt_mechanical *made = *found = dt_new(arena, dt_mechanical, 1);
    (void)scratch;
    made->arena = arena;
    dt_status status = dt_game_explore_chain(asked->to, asked->from, asked->options, &made->chain);
    if (status == DT_OK)
        status = dt_game_explore_from(made->chain, asked->from, asked->options, &made->rules);
    if (status != DT_OK)
        dt_game_free(made->chain);
    return status;
}

dt_status dt_mechanical_new(const dt_game *from, const dt_game *to, const dt_options *options,
                            dt_mechanical **mechanical)
{
    return dt_answer(options, make, &(making){from, to, options}, (void **)mechanical);
}

void dt_mechanical_free(dt_mechanical *mechanical)
{
    if (!mechanical)
        return;
    dt_game_free(mechanical->rules);
    dt_game_free(mechanical->chain);
    dt_arena_free(mechanical->arena);
}
