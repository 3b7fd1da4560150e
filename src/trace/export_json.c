/*
 * The export to JSON: the graph in one world with the strategies, enough for an independent program
 * to work out values, outcomes, residual and gaps. One object; every index is from 0:
 *
 *   format        1
 *   model, policy names
 *   solved, reason whether there is a solution, and if not why; then values, gaps, residual and the
 *                 strategy are null
 *   values        "average" or "surplus": the convention of values
 *   horizon       periods reported on
 *   periods       horizon + lookahead; null: lookahead forever, and one strategy for all periods
 *   parameters    {name: number}
 *   actors        [{name, discount, value: at the start, gap}]
 *   agents        [{name, members: [actor], weights: [number], rationality}] who choose together
 *   terms         [{name, actor}] what payoffs consist of
 *   outcomes      [{name, form}] the declared ones
 *   residual      of the strategies
 *   start         the state of the first period
 *   states        [{place}] in which a period can begin, and the place where play then begins
 *   nodes         places 0, 1, …: [{stage, state: {variable: value}, choices: {stage.MOVER: action},
 *                 agents: [{agent, actions: [name]}], cells: [{pay: [[term, number]],
 *                 next: [[place, probability]]}]}]; one cell for each profile of the agents' actions, the
 *                 last agent's action varying fastest; a chance node has no agents and one cell
 *   leaves        the places after the nodes: [{state, choices, pay: [[term, number]], ended,
 *                 next: state or null, outcomes: [[outcome, argument]], standing: the same once play
 *                 has ended}]; arguments that aren't listed are 0
 *   strategy      [period][node that can occur then]: [node, [probability], …], a list for each
 *                 of the node's agents
 *
 * A payment, an argument or a probability that reads `now` is a list [number] of its values in periods
 * 1, 2, …, `periods` of them, where else one number stands.
 *
 * With private variables there are besides
 *
 *   calibration   of the strategies
 *   private       [{name, owner: actor, values: [text], prior: [number], points: [[belief in each value]]}]; a joint type
 *                 is a value of each, a joint point a point of each, both numbered with the last variable varying fastest
 *   stages        [{name, hidden, private: the variable that chances read or effects move, or null}]
 *   actors        an owner's has by_type: [value at the start if it has the value, null if it can't]
 *   next          where the variable moves: [place, probability, [rank afterwards of each rank]]
 *   strategy      [period][joint point][node]: an owner has a list of probabilities for each of its values, null for one
 *                 that the belief rules out; but one list if it has one action there, or if no play hangs on what it knows
 *
 * and a number that reads a private variable is {types: [one for each joint type]}, one that reads beliefs {points: [[one
 * for each joint type] for each joint point]}, of such numbers or lists. `state` says nothing of private variables.
 *
 * Numbers read back as the very same doubles; one that isn't finite is null.
 */
#include "trace/export.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "game/dated.h"
#include "solve/private_chain.h"

typedef struct output {
    const dt_export_job *job;
    dt_writer *to;
    const dt_solution *solution;
    const dt_game *game;
    const dt_model *model;
    bool solved;
    const dt_beliefs *beliefs; /* NULL without private variables; then */
    size_t columns;            /* joint points × joint types, */
    dt_world *world;           /* with the numbers of each, */
    double *dated;             /* [dated coefficients][periods][columns] and these by period */
    int *slot;                 /* [slots] work space: a situation */
    const char **slot_name;    /* [slots] */
    dt_text name;              /* work space */
} output;

/* The value of a slot by its name or number. */
static const char *value_text(const output *out, int slot, int value)
{
    dt_text text = {.arena = out->job->arena};
    dt_slot_value_name(out->model, slot, value, &text);
    return dt_text_get(&text);
}

static void write_private(const output *out)
{
    const dt_game *game = out->game;
    dt_json_print(out->to, "\ncalibration: %g\nprivate: [",
                  out->solved ? out->solution->found.calibration : NAN);
    for (size_t x = 0; x < game->privates; x++) {
        const dt_grid *grid = out->beliefs->grid[x];
        const int v = out->game->secret_variable[x];
        const dt_variable *variable = &out->model->variable[v];
        double prior[DT_MOST_TYPES];
        dt_beliefs_prior(out->beliefs, out->world, x, prior);
        dt_json_print(out->to, "\n {name: %s, owner: %d, values: [", variable->is.name,
                      variable->owner);
        for (int k = 0; k < grid->values; k++)
            dt_json_print(out->to, "%s", value_text(out, v, variable->low + k));
        dt_json_print(out->to, "], prior:");
        dt_json_numbers(out->to, prior, (size_t)grid->values);
        dt_json_print(out->to, "points: [");
        for (uint32_t p = 0; p < grid->points; p++)
            dt_json_numbers(out->to, grid->belief + p * (size_t)grid->values, (size_t)grid->values);
        dt_json_print(out->to, "]}");
    }
    dt_json_print(out->to, "]\nstages: [");
    for (int s = 0; s < out->model->stages; s++) {
        const dt_stage *stage = &out->model->stage[s];
        const int secret = dt_stage_secret(out->game, s);
        dt_json_print(out->to, "\n {name: %s, hidden: %i, private: %g}", stage->is.name,
                      stage->hidden, secret == DT_NONE ? (double)NAN : secret);
    }
    dt_json_print(out->to, "]");
}

/* What an owner's types get. */
static void write_types(const output *out, int actor)
{
    for (size_t x = 0; x < out->game->privates; x++) {
        if (out->model->variable[out->game->secret_variable[x]].owner != actor)
            continue;
        dt_json_print(out->to, "by_type: [");
        for (uint32_t k = 0; k < out->game->secret_values[x]; k++)
            dt_json_print(out->to, "%g",
                          out->solved ? dt_solution_type_value(out->solution, (size_t)actor, k)
                                      : (double)NAN);
        dt_json_print(out->to, "]");
    }
}

static void write_actors(const output *out)
{
    const dt_solution *solution = out->solution;
    dt_json_print(out->to, "\nparameters: {");
    for (int p = 0; p < out->model->params; p++)
        dt_json_print(out->to, "%s: %g", out->model->param[p].is.name,
                      solution->world->parameter[p]);
    dt_json_print(out->to, "}\nactors: [");
    for (int i = 0; i < out->model->actors; i++) {
        dt_json_print(out->to, "\n {name: %s, discount: %g, value: %g, gap: %g",
                      out->model->actor[i].is.name, solution->world->discount[i],
                      out->solved ? solution->value[i] : NAN, out->solved ? solution->gap[i] : NAN);
        write_types(out, i);
        dt_json_print(out->to, "}");
    }
    dt_json_print(out->to, "]\nagents: [");
    for (int k = 0; k < out->game->rules->agents; k++) {
        const dt_agent *agent = &out->game->rules->agent[k];
        dt_text name = {.arena = out->job->arena};
        dt_agent_name(out->game->rules, k, &name);
        dt_json_print(out->to, "\n {name: %s, members: [", dt_text_get(&name));
        for (int m = 0; m < agent->members; m++)
            dt_json_print(out->to, "%d", agent->member[m]);
        dt_json_print(out->to, "], weights:");
        dt_json_numbers(out->to, agent->weight, (size_t)agent->members);
        dt_json_print(out->to, "rationality: %g}", solution->world->rationality[k]);
    }
    dt_json_print(out->to, "]");
}

static void write_head(const output *out)
{
    const dt_model *model = out->model;
    const dt_rules *rules = out->game->rules;
    dt_json_print(out->to, "{format: 1\nmodel: %s\npolicy: %s\nsettings: {", model->is.name,
                  rules->name);
    for (int l = 0; l < model->levers; l++)
        dt_json_print(out->to, "%s: %s", model->lever[l].is.name,
                      model->lever[l].setting[rules->setting[l]].is.name);
    dt_json_print(out->to, "}\nsolved: %i", out->solved);
    if (!out->solved)
        dt_json_print(out->to, "\nreason: %s", dt_solution_reason(out->solution));
    dt_json_print(out->to, "\nvalues: %s\nhorizon: %u\nperiods: %g",
                  out->solution->values == DT_VALUES_SURPLUS ? "surplus" : "average",
                  out->game->horizon, out->game->forever ? (double)NAN : out->game->periods);
    write_actors(out);
    dt_json_print(out->to, "\nterms: [");
    for (int t = 0; t < model->terms; t++)
        dt_json_print(out->to, "\n {name: %s, actor: %d}", model->term[t].is.name,
                      out->game->rules->term_actor[t]);
    dt_json_print(out->to, "]\noutcomes: [");
    for (int o = 0; o < model->declared_outcomes; o++)
        dt_json_print(out->to, "\n {name: %s, form: %s}", model->outcome[o].is.name,
                      dt_form_word(model->outcome[o].form));
    dt_json_print(out->to, "]\nresidual: %g", out->solved ? out->solution->found.residual : NAN);
    if (out->beliefs)
        write_private(out);
    dt_json_print(out->to, "\nstart: %u\nstates: [", out->game->start);
    for (uint32_t s = 0; s < out->game->states; s++)
        dt_json_print(out->to, "\n {place: %u}", out->game->state_place[s]);
    dt_json_print(out->to, "]");
}

static const char *value_name(output *out, int slot)
{
    out->name.bytes.count = 0;
    dt_slot_value_name(out->model, slot, out->slot[slot], &out->name);
    return dt_text_get(&out->name);
}

/* "state": {…}, "choices": {…}; choices that are `none` or no longer live are left out. */
static void write_situation(output *out, uint32_t place)
{
    assert(place < out->game->nodes + out->game->leaves);
    dt_game_unpack(out->game, place, out->slot);
    dt_json_print(out->to, "state: {");
    for (int v = 0; v < out->model->variables; v++) {
        if (out->model->variable[v].owner != DT_NONE)
            continue;
        if (out->model->variable[v].type == DT_TYPE_RANGE)
            dt_json_print(out->to, "%s: %d", out->slot_name[v], out->slot[v]);
        else if (out->model->variable[v].type == DT_TYPE_BOOL)
            dt_json_print(out->to, "%s: %i", out->slot_name[v], out->slot[v]);
        else
            dt_json_print(out->to, "%s: %s", out->slot_name[v], value_name(out, v));
    }
    dt_json_print(out->to, "}, choices: {");
    for (int s = out->model->variables; s < out->model->slots; s++) {
        if (out->slot[s] != 0)
            dt_json_print(out->to, "%s: %s", out->slot_name[s], value_name(out, s));
    }
    dt_json_print(out->to, "}");
}

/* A coefficient in a period and a column. */
static double number_at(const output *out, uint32_t coefficient, uint32_t t, size_t column)
{
    const dt_game *game = out->game;
    if (!out->beliefs)
        return dt_solution_world(out->solution, t)->coefficient[coefficient];
    if (!dt_game_is_dated(game, coefficient))
        return out->world->coefficient[coefficient * out->columns + column];
    size_t i = 0;
    while (game->dated_coefficient[i] != coefficient)
        i++;
    return out->dated[(i * game->periods + t) * out->columns + column];
}

/* One number, or of what reads `now` [number of each period]. */
static void write_periods(const output *out, uint32_t coefficient, size_t column)
{
    if (!dt_game_is_dated(out->game, coefficient)) {
        dt_json_print(out->to, "%g", number_at(out, coefficient, 0, column));
        return;
    }
    dt_json_print(out->to, "[");
    for (uint32_t t = 0; t < out->game->periods; t++)
        dt_json_print(out->to, "%g", number_at(out, coefficient, t, column));
    dt_json_print(out->to, "]");
}

/* Whether a coefficient hangs on what is believed. */
static bool hangs_on_point(const output *out, uint32_t coefficient)
{
    const size_t types = out->game->types;
    const uint32_t periods = dt_game_is_dated(out->game, coefficient) ? out->game->periods : 1;
    for (uint32_t t = 0; t < periods; t++) {
        for (size_t w = types; w < out->columns; w++) {
            const double a = number_at(out, coefficient, t, w);
            const double b = number_at(out, coefficient, t, w % types);
            if (a != b && !(isnan(a) && isnan(b)))
                return true;
        }
    }
    return false;
}

static void write_types_of(const output *out, uint32_t coefficient, size_t point)
{
    dt_json_print(out->to, "[");
    for (size_t type = 0; type < out->game->types; type++)
        write_periods(out, coefficient, point * out->game->types + type);
    dt_json_print(out->to, "]");
}

static void write_number(const output *out, uint32_t coefficient)
{
    const bool typed = out->game->is_typed && out->game->is_typed[coefficient];
    if (!typed) {
        write_periods(out, coefficient, 0);
    } else if (!hangs_on_point(out, coefficient)) {
        dt_json_print(out->to, "{types:");
        write_types_of(out, coefficient, 0);
        dt_json_print(out->to, "}");
    } else {
        dt_json_print(out->to, "{points: [");
        for (size_t point = 0; point < out->columns / out->game->types; point++)
            write_types_of(out, coefficient, point);
        dt_json_print(out->to, "]}");
    }
}

/* [index, number] */
static void write_pair(const output *out, uint32_t index, uint32_t coefficient)
{
    dt_json_print(out->to, "[%u", index);
    write_number(out, coefficient);
    dt_json_print(out->to, "]");
}

/* [place, probability], and where the stage's secret goes, if it does. */
static void write_branch(const output *out, uint64_t cell, uint64_t branch)
{
    const dt_game *game = out->game;
    const uint16_t *moves = dt_cell_moves(game, cell);
    const uint16_t move = moves ? moves[branch - game->cell_branch[cell]] : 0;
    dt_json_print(out->to, "[%u", game->branch_target[branch]);
    write_number(out, dt_branch_coefficient(game, cell, branch));
    if (move) {
        dt_json_print(out->to, "[");
        for (uint32_t k = 0; k < game->most_values; k++)
            dt_json_print(out->to, "%u", game->move[move * game->most_values + k]);
        dt_json_print(out->to, "]");
    }
    dt_json_print(out->to, "]");
}

/* [[column, number], …] */
static void write_row(const output *out, const char *name, uint32_t row, uint32_t columns)
{
    const dt_game *game = out->game;
    assert(row < game->rows);
    dt_json_print(out->to, "%s: [", name);
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        if (game->row_column[e] < columns)
            write_pair(out, game->row_column[e], game->row_coefficient[e]);
    }
    dt_json_print(out->to, "]");
}

static void write_agents(output *out, const dt_menu *menu)
{
    dt_json_print(out->to, "agents: [");
    for (int k = 0; k < menu->agents; k++) {
        dt_json_print(out->to, "{agent: %d, actions: [", menu->agent[k]);
        for (int o = 0; o < menu->options[k]; o++) {
            out->name.bytes.count = 0;
            dt_option_name(out->game, menu, k, o, &out->name);
            dt_json_print(out->to, "%s", dt_text_get(&out->name));
        }
        dt_json_print(out->to, "]}");
    }
    dt_json_print(out->to, "]");
}

static void write_node(output *out, uint32_t n)
{
    const dt_game *game = out->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    assert(game->cell_branch[game->node_cell[n]] < game->cell_branch[game->node_cell[n + 1]]);
    dt_json_print(out->to, "\n {stage: %s", out->model->stage[menu->stage].is.name);
    write_situation(out, n);
    write_agents(out, menu);
    dt_json_print(out->to, "cells: [");
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
        dt_json_print(out->to, "\n  {next: [");
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++)
            write_branch(out, c, b);
        dt_json_print(out->to, "]");
        write_row(out, "pay", dt_cell_row(game, c), (uint32_t)out->model->terms);
        dt_json_print(out->to, "}");
    }
    dt_json_print(out->to, "]}");
}

static void write_leaf(output *out, uint32_t leaf)
{
    const dt_game *game = out->game;
    const uint32_t outcomes = (uint32_t)out->model->declared_outcomes;
    dt_json_print(out->to, "\n {");
    write_situation(out, game->nodes + leaf);
    write_row(out, "pay", game->leaf_payoff[leaf], (uint32_t)out->model->terms);
    dt_json_print(out->to, "ended: %i, next: %g", game->leaf_ended[leaf],
                  game->leaf_next[leaf] == DT_NOWHERE ? (double)NAN : game->leaf_next[leaf]);
    write_row(out, "outcomes", game->leaf_outcome[leaf], outcomes);
    write_row(out, "standing", game->leaf_standing[leaf], outcomes);
    dt_json_print(out->to, "}");
}

/* An agent's probabilities at a point, by value if it has any. */
static void write_typed(const output *out, const dt_menu *menu, uint32_t t, uint32_t n,
                        uint32_t point, int k)
{
    const dt_typed_strategy *strategy = &out->solution->private->strategy;
    const int values = dt_typed_values(out->beliefs, menu, k);
    const int x = out->beliefs->agent_variable[menu->agent[k]];
    if (values > 1)
        dt_json_print(out->to, "[");
    for (int rank = 0; rank < values; rank++) {
        if (values > 1 && dt_beliefs_at(out->beliefs, (size_t)x, point)[rank] == 0) {
            dt_json_print(out->to, "null");
            continue;
        }
        dt_json_print(out->to, "[");
        for (int o = 0; o < menu->options[k]; o++)
            dt_json_print(out->to, "%g", dt_typed_at(strategy, t, n, point, k, rank, o));
        dt_json_print(out->to, "]");
    }
    if (values > 1)
        dt_json_print(out->to, "]");
}

/* The nodes of a period; `point`: where there are beliefs. */
static void write_nodes(const output *out, uint32_t t, uint32_t point)
{
    const dt_game *game = out->game;
    dt_json_print(out->to, "\n [");
    for (uint32_t s = 0; s < game->stages; s++) {
        uint32_t begin = game->stage_first[s];
        uint32_t period = game->forever ? game->depths - 1 : t;
        uint32_t end = begin + dt_game_count(game, s, period);
        for (uint32_t n = begin; n < end && out->model->stage[s].movers != 0; n++) {
            const dt_menu *menu = &game->menu[game->node_menu[n]];
            const double *sigma =
                out->beliefs ? NULL : dt_strategy_at(out->solution->strategy, game, t, n);
            dt_json_print(out->to, "\n  [%u", n);
            for (int k = 0; k < menu->agents; k++) {
                if (out->beliefs) {
                    write_typed(out, menu, t, n, point, k);
                    continue;
                }
                dt_json_numbers(out->to, sigma, (size_t)menu->options[k]);
                sigma += menu->options[k];
            }
            dt_json_print(out->to, "]");
        }
    }
    dt_json_print(out->to, "]");
}

static void write_strategy(const output *out, uint32_t t)
{
    if (!out->beliefs) {
        write_nodes(out, t, 0);
        return;
    }
    dt_json_print(out->to, "\n [");
    for (uint32_t point = 0; point < out->beliefs->points && !out->to->failed; point++)
        write_nodes(out, t, point);
    dt_json_print(out->to, "]");
}

/* The numbers of each point and type, in each period where they differ. */
static void take_columns(output *out)
{
    const dt_game *game = out->game;
    dt_arena *arena = out->job->arena;
    dt_private_chain *chain = dt_private_chain_new(arena, out->solution->private, 1);
    out->beliefs = out->solution->private->plan->beliefs;
    out->columns = chain->columns;
    out->world = chain->world;
    if (!game->dated)
        return;
    out->dated =
        dt_take(arena, (size_t)game->dated * game->periods, out->columns * sizeof *out->dated);
    for (uint32_t t = game->periods; t-- > 0;) {
        dt_world_turn(game, out->world, t);
        for (uint32_t i = 0; i < game->dated; i++)
            memcpy(out->dated + (i * (size_t)game->periods + t) * out->columns,
                   out->world->coefficient + game->dated_coefficient[i] * out->columns,
                   out->columns * sizeof *out->dated);
    }
}

/* Nodes between two calls of dt_progress. */
enum { STRIDE = 4096 };

dt_status dt_export_json(const dt_export_job *job)
{
    const dt_game *game = job->solution->game;
    output out = {.job = job,
                  .to = job->writer,
                  .solution = job->solution,
                  .game = game,
                  .model = game->model,
                  .solved = dt_solution_solved(job->solution)};
    out.name.arena = job->arena;
    if (job->solution->private)
        take_columns(&out);
    out.slot = dt_new(job->arena, int, (size_t)game->model->slots);
    out.slot_name = dt_new(job->arena, const char *, (size_t)game->model->slots);
    for (int s = 0; s < game->model->slots; s++) {
        dt_text name = {.arena = job->arena};
        dt_slot_name(game->model, s, &name);
        out.slot_name[s] = dt_text_get(&name);
    }
    out.to->spaced = true;
    write_head(&out);
    dt_json_print(out.to, "\nnodes: [");
    for (uint32_t n = 0; n < game->nodes && !out.to->failed; n++) {
        if (n % STRIDE == 0)
            dt_progress(job->arena, job->options, "exporting", 0);
        write_node(&out, n);
    }
    dt_json_print(out.to, "]\nleaves: [");
    for (uint32_t leaf = 0; leaf < game->leaves && !out.to->failed; leaf++)
        write_leaf(&out, leaf);
    const uint32_t periods = !out.solved ? 0 : game->forever ? 1 : game->periods;
    dt_json_print(out.to, out.solved ? "]\nstrategy: [" : "]\nstrategy: null");
    for (uint32_t t = 0; t < periods && !out.to->failed; t++) {
        dt_progress(job->arena, job->options, "exporting", (double)t / periods);
        write_strategy(&out, t);
    }
    dt_json_print(out.to, out.solved ? "]}" : "}");
    dt_writer_text(out.to, "\n");
    return DT_OK;
}
