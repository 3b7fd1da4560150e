/*
 * Everybody's strategy carried over into another policy's game. At a node of the chain each agent, that is
 * who chooses together under P, plays P's joint distribution there, restricted to what Q allows its movers
 * and renormalised:
 *     σ'(a) = σ_P(a) / Σ over P's joint actions that Q allows of σ_P,
 * uniform where none of them is allowed, where P's rules skip the stage, or where they lead to an error. What
 * then happens follows from Q: the forward pass over the chain's graph gives the outcomes.
 *
 * With private variables this is done at every joint point of beliefs, type by type: both games have the same
 * grids. Whoever doesn't know under Q what it knows under P plays the mean, Σ b(k) σ'_k. Beliefs then follow
 * from what is played, as in any game: the chain is passed by solve/private_chain.h.
 */
#include "trace/mechanical.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "solve/sweep.h"
#include "trace/outcomes.h"

/* Sums of probabilities below this may have lost digits to underflow. */
static const double LEAST_SUM = 1e-290;
/* Types' shares that are further off from what is believed say that a belief has been lost to underflow. */
static const double CALIBRATED = 1e-9;

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
    dt_strategy strategy; /* of the chain, without private variables, */
    dt_private *private;  /* or with them */
    uint8_t *uniform;     /* [periods][nodes of the chain] movers who decide uniformly */
    double *share;        /* [options of the largest menu] work space */
    bool underflow;
} carrying;

/* A node of the chain in a period, and P's there. */
typedef struct meeting_place {
    uint32_t node, period;
    const dt_menu *menu;
    uint32_t own;            /* P's node, or DT_NOWHERE: P has no strategy there; */
    const dt_menu *own_menu; /* NULL then */
} meeting_place;

static meeting_place meet(const carrying *c, uint32_t node, uint32_t period)
{
    const dt_game *chain = c->chain, *rules = c->rules;
    const size_t at = chain->forever ? 0 : period;
    meeting_place place = {.node = node, .period = period};
    place.menu = &chain->menu[chain->node_menu[node]];
    place.own = dt_meeting_find(c->meeting, chain, node);
    if (place.own != DT_NOWHERE && c->lost[at * rules->nodes + place.own])
        place.own = DT_NOWHERE;
    if (place.own != DT_NOWHERE)
        place.own_menu = &rules->menu[rules->node_menu[place.own]];
    assert(!place.own_menu || place.own_menu->agents == place.menu->agents);
    return place;
}

static int movers_of(const carrying *c, const dt_menu *menu)
{
    return c->chain->model->stage[menu->stage].movers;
}

/* The first of a menu's options that agent k has. */
static int first_option(const dt_menu *menu, int k)
{
    int first = 0;
    for (int j = 0; j < k; j++)
        first += menu->options[j];
    return first;
}

/* The option of P's agent k that takes the same actions as an option of the chain's, both from the agent's
 * first; DT_NONE if P doesn't allow it. */
static int same_option(const carrying *c, const meeting_place *place, int k, int option)
{
    const int movers = movers_of(c, place->menu);
    const dt_menu *own = place->own_menu;
    const int *action = place->menu->action + (first_option(place->menu, k) + option) * movers;
    for (int o = 0; own && o < own->options[k]; o++) {
        if (memcmp(own->action + (first_option(own, k) + o) * movers, action,
                   (size_t)movers * sizeof *action) == 0)
            return o;
    }
    return DT_NONE;
}

/* How many movers decide uniformly with agent k: all that it decides for, or none. */
static uint8_t count_uniform(const carrying *c, const meeting_place *place, int k)
{
    const int movers = movers_of(c, place->menu);
    const int *action = place->menu->action + first_option(place->menu, k) * movers;
    uint8_t count = 0;
    for (int o = 0; o < place->menu->options[k]; o++) {
        if (same_option(c, place, k, o) != DT_NONE)
            return 0;
    }
    for (int m = 0; m < movers; m++)
        count += action[m] != DT_NONE;
    return count;
}

/* What agent k does in the chain, into to [its options], if it does this under P: sigma [its options there],
 * `stride` numbers apart. */
static void carry(carrying *c, const meeting_place *place, int k, const double *sigma,
                  size_t stride, double *to)
{
    const int options = place->menu->options[k];
    double sum = 0;
    bool known = false;
    for (int o = 0; o < options; o++) {
        const int same = same_option(c, place, k, o);
        to[o] = same == DT_NONE ? 0 : sigma[(size_t)same * stride];
        known |= same != DT_NONE;
        sum += to[o];
    }
    c->underflow |= known && !(sum >= LEAST_SUM);
    for (int o = 0; o < options; o++)
        to[o] = known ? to[o] / sum : 1.0 / options;
}

/* The strategies at a node of the chain. */
static void carry_node(carrying *c, const meeting_place *place)
{
    double *to = dt_strategy_at(&c->strategy, c->chain, place->period, place->node);
    const double *sigma = NULL;
    if (place->own_menu)
        sigma = dt_strategy_at(c->solution->strategy, c->rules, place->period, place->own);
    for (int k = 0; k < place->menu->agents; k++) {
        carry(c, place, k, sigma, 1, to);
        to += place->menu->options[k];
        if (sigma)
            sigma += place->own_menu->options[k];
    }
}

/* What the type of this rank of agent k does in the chain at a point, into share; whatever the rank if it
 * knows nothing under P. */
static void carry_type(carrying *c, const meeting_place *place, int k, uint32_t point, int rank)
{
    const dt_typed_strategy *from = &c->solution->private->strategy;
    const double *sigma = NULL;
    if (place->own_menu) {
        const size_t entry = dt_typed_entry(from->beliefs, place->own_menu, k, rank, 0);
        assert(dt_typed_kept(from, place->period));
        sigma = dt_typed_of(from, place->period, point) +
                (from->node_option[place->own] + entry) * DT_POINTS;
    }
    carry(c, place, k, sigma, DT_POINTS, c->share);
}

/* What agent k does at a point: each of its types that are thought possible, or on average over what it knows
 * under P. */
static void carry_agent(carrying *c, const meeting_place *place, int k, uint32_t point)
{
    const dt_typed_strategy *strategy = &c->private->strategy;
    const dt_beliefs *beliefs = strategy->beliefs;
    const dt_agent *agent = &c->chain->rules->agent[place->menu->agent[k]];
    const int known = beliefs->agent_variable[place->menu->agent[k]];
    const int mean = agent->unknowing ? beliefs->owned[agent->member[0]] : -1;
    const int x = known >= 0 ? known : mean, options = place->menu->options[k];
    const double *belief = x < 0 ? NULL : dt_beliefs_at(beliefs, (size_t)x, point);
    for (int rank = 0; rank < (x < 0 ? 1 : beliefs->grid[x]->values); rank++) {
        if (belief && belief[rank] == 0)
            continue;
        const size_t entry = dt_typed_entry(beliefs, place->menu, k, known < 0 ? 0 : rank, 0);
        double *to = dt_typed_of(strategy, place->period, point) +
                     (strategy->node_option[place->node] + entry) * DT_POINTS;
        carry_type(c, place, k, point, rank);
        for (int o = 0; o < options && mean < 0; o++)
            to[o * DT_POINTS] = c->share[o];
        for (int o = 0; o < options && mean >= 0; o++)
            to[o * DT_POINTS] += belief[rank] * c->share[o];
    }
}

/* All at a node in a period. */
static void carry_to(carrying *c, uint32_t node, uint32_t period, uint8_t *uniform)
{
    const meeting_place place = meet(c, node, period);
    *uniform = 0;
    for (int k = 0; k < place.menu->agents; k++) {
        *uniform += count_uniform(c, &place, k);
        for (uint32_t p = 0; c->private && p < c->private->plan->beliefs->points; p++)
            carry_agent(c, &place, k, p);
    }
    if (!c->private)
        carry_node(c, &place);
}

static void carry_all(dt_arena *arena, carrying *c)
{
    const dt_game *chain = c->chain;
    const uint32_t periods = chain->forever ? 1 : chain->horizon;
    c->strategy = (dt_strategy){.periods = periods, .held = periods};
    if (!c->private)
        c->strategy.probability = dt_take(arena, periods, chain->options * sizeof(double));
    c->share = dt_new(arena, double, DT_MAX_CELLS);
    c->uniform = dt_new(arena, uint8_t, (size_t)periods * chain->nodes);
    for (uint32_t t = 0; t < periods; t++) {
        const uint32_t period = chain->forever ? DT_EVERY_PERIOD : t;
        for (uint32_t s = 0; s < chain->stages; s++) {
            const uint32_t first = chain->stage_first[s];
            for (uint32_t n = first; n < first + dt_game_count(chain, s, period); n++)
                carry_to(c, n, t, &c->uniform[(size_t)t * chain->nodes + n]);
        }
    }
}

/* Counts the decisions of a period, from the masses at the nodes: `columns` of them are added up. */
static void count_decisions(const carrying *c, uint32_t t, const double *mass, size_t stride,
                            size_t columns, double decisions[2])
{
    const dt_game *chain = c->chain;
    const uint8_t *uniform = c->uniform + (chain->forever ? 0 : (size_t)t * chain->nodes);
    for (uint32_t s = 0; s < chain->stages; s++) {
        const uint32_t first = chain->stage_first[s];
        for (uint32_t n = first; n < first + dt_game_count(chain, s, t); n++) {
            double here = 0;
            for (size_t i = 0; i < columns; i++)
                here += mass[n * stride + i];
            decisions[0] += here * chain->model->stage[s].movers;
            decisions[1] += here * uniform[n];
        }
    }
}

/* The share of decisions that are taken uniformly. With private variables *calibration is how far shares of types
 * are off from what is believed, without any 0. */
static double share_uniform(dt_arena *arena, const carrying *c, const dt_solution *played,
                            double *calibration)
{
    double decisions[2] = {0, 0};
    dt_forward *forward = c->private ? NULL : dt_forward_new(arena, played, 1);
    dt_private_chain *typed = c->private ? dt_private_chain_new(arena, c->private, 1) : NULL;
    for (uint32_t t = 0; t < c->chain->horizon; t++) {
        if (typed) {
            dt_private_chain_to(typed, t);
            count_decisions(c, t, typed->mass, typed->stride, typed->columns, decisions);
        } else {
            dt_forward_to(forward, t);
            count_decisions(c, t, forward->mass, forward->stride, 1, decisions);
        }
    }
    *calibration = typed ? typed->calibration : 0;
    return decisions[0] > 0 ? decisions[1] / decisions[0] : 0;
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

/* What the chain takes with private variables; what is wrong with its numbers. */
static dt_wrong take_types(dt_arena *arena, carrying *c, const run *asked)
{
    const dt_private_plan *plan =
        dt_private_plan_new(arena, c->chain, asked->values, false,
                            dt_rationality_scale(asked->options), asked->options->half_beliefs);
    c->private = dt_private_new(arena, plan, dt_lane_code_of(DT_KERNEL_AUTO), DT_KEEP_HORIZON, 1);
    dt_private_prepare(c->private, asked->to);
    return c->private->wrong;
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
    const dt_wrong wrong =
        chain->privates > 0 ? take_types(arena, &c, asked) : take_worlds(arena, &played);
    if (wrong.code != DT_CODES) {
        dt_wrong_complain(arena, diagnostics, chain, &wrong);
        dt_diagnostics_flush(diagnostics);
        return DT_INVALID;
    }
    carry_all(arena, &c);
    played.strategy = &c.strategy;
    played.private = c.private;
    double calibration = 0;
    const double uniform = c.underflow ? 0 : share_uniform(arena, &c, &played, &calibration);
    if (c.underflow || !(calibration <= CALIBRATED)) {
        dt_complain(diagnostics, DT_CARRIED_UNDERFLOW, (dt_place){0, 0}, dt_game_name(rules));
        dt_diagnostics_flush(diagnostics);
        return DT_NO;
    }
    const dt_outcomes *all = dt_outcomes_forward(arena, &played, asked->options);
    if (!dt_outcomes_told(arena, diagnostics, &played, all)) {
        dt_diagnostics_flush(diagnostics);
        return DT_NO;
    }
    memcpy(asked->outcome, all->value,
           (size_t)chain->model->declared_outcomes * sizeof *asked->outcome);
    *asked->uniform = uniform;
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
