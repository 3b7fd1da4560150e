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
 * Numbers read back as the very same doubles; one that isn't finite is null.
 */
#include "trace/export.h"

#include <assert.h>
#include <math.h>

#include "base/json.h"
#include "game/dated.h"

typedef struct output {
    const dt_export_job *job;
    dt_writer *to;
    const dt_solution *solution;
    const dt_game *game;
    const dt_model *model;
    bool solved;
    int *slot;              /* [slots] work space: a situation */
    const char **slot_name; /* [slots] */
    dt_text name;           /* work space */
} output;

static void write_actors(const output *out)
{
    const dt_solution *solution = out->solution;
    dt_json_print(out->to, "\nparameters: {");
    for (int p = 0; p < out->model->params; p++)
        dt_json_print(out->to, "%s: %g", out->model->param[p].is.name,
                      solution->world->parameter[p]);
    dt_json_print(out->to, "}\nactors: [");
    for (int i = 0; i < out->model->actors; i++)
        dt_json_print(out->to, "\n {name: %s, discount: %g, value: %g, gap: %g}",
                      out->model->actor[i].is.name, solution->world->discount[i],
                      out->solved ? solution->value[i] : NAN, out->solved ? solution->gap[i] : NAN);
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
    dt_json_print(out->to, "]\nresidual: %g\nstart: %u\nstates: [",
                  out->solved ? out->solution->found.residual : NAN, out->game->start);
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

/* [index, number], or of a coefficient that reads `now` [index, [number of each period]] */
static void write_pair(const output *out, uint32_t index, uint32_t coefficient)
{
    const dt_solution *solution = out->solution;
    if (!dt_game_is_dated(out->game, coefficient)) {
        dt_json_print(out->to, "[%u, %g]", index, solution->world->coefficient[coefficient]);
        return;
    }
    dt_json_print(out->to, "[%u, [", index);
    for (uint32_t t = 0; t < out->game->periods; t++)
        dt_json_print(out->to, "%g", dt_solution_world(solution, t)->coefficient[coefficient]);
    dt_json_print(out->to, "]]");
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
            write_pair(out, game->branch_target[b], dt_branch_coefficient(game, c, b));
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

static void write_strategy(const output *out, uint32_t t)
{
    const dt_game *game = out->game;
    dt_strategy *strategy = out->solution->strategy;
    assert(t < strategy->periods && (strategy->periods == game->periods || game->forever));
    dt_json_print(out->to, "\n [");
    for (uint32_t s = 0; s < game->stages; s++) {
        uint32_t begin = game->stage_first[s];
        uint32_t period = game->forever ? game->depths - 1 : t;
        uint32_t end = begin + dt_game_count(game, s, period);
        for (uint32_t n = begin; n < end && out->model->stage[s].movers != 0; n++) {
            const dt_menu *menu = &game->menu[game->node_menu[n]];
            const double *sigma = dt_strategy_at(strategy, game, t, n);
            dt_json_print(out->to, "\n  [%u", n);
            for (int k = 0; k < menu->agents; sigma += menu->options[k], k++)
                dt_json_numbers(out->to, sigma, (size_t)menu->options[k]);
            dt_json_print(out->to, "]");
        }
    }
    dt_json_print(out->to, "]");
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
    const uint32_t periods = out.solved ? job->solution->strategy->periods : 0;
    dt_json_print(out.to, out.solved ? "]\nstrategy: [" : "]\nstrategy: null");
    for (uint32_t t = 0; t < periods && !out.to->failed; t++) {
        dt_progress(job->arena, job->options, "exporting", (double)t / periods);
        write_strategy(&out, t);
    }
    dt_json_print(out.to, out.solved ? "]}" : "}");
    dt_writer_text(out.to, "\n");
    return DT_OK;
}
