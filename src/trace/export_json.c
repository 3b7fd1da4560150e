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
 * Numbers read back as the very same doubles; one that isn't finite is null.
 */
#include "trace/export.h"

#include <assert.h>
#include <math.h>

typedef struct output {
    const dt_export_job *job;
    dt_writer *writer;
    const dt_solution *solution;
    const dt_game *game;
    const dt_model *model;
    bool solved;
    int *slot;              /* [slots] work space: a situation */
    const char **slot_name; /* [slots] */
    dt_text name;           /* work space */
} output;

static void number(const output *out, double value)
{
    if (isfinite(value))
        dt_writer_number(out->writer, value);
    else
        dt_writer_text(out->writer, "null");
}

static void field(const output *out, const char *before, const char *name)
{
    dt_writer_text(out->writer, before);
    dt_writer_json(out->writer, name);
    dt_writer_text(out->writer, ": ");
}

static void text_field(const output *out, const char *before, const char *name, const char *text)
{
    field(out, before, name);
    dt_writer_json(out->writer, text);
}

static void number_field(const output *out, const char *before, const char *name, double value)
{
    field(out, before, name);
    number(out, value);
}

static void write_actors(const output *out)
{
    const dt_solution *solution = out->solution;
    field(out, ",\n", "parameters");
    for (int p = 0; p < out->model->params; p++)
        number_field(out, p ? ", " : "{", out->model->param[p].is.name,
                     solution->world->parameter[p]);
    dt_writer_text(out->writer, out->model->params ? "}" : "{}");
    field(out, ",\n", "actors");
    for (int i = 0; i < out->model->actors; i++) {
        text_field(out, i ? ",\n {" : "[\n {", "name", out->model->actor[i].is.name);
        number_field(out, ", ", "discount", solution->world->discount[i]);
        number_field(out, ", ", "value", out->solved ? solution->value[i] : NAN);
        number_field(out, ", ", "gap", out->solved ? solution->gap[i] : NAN);
        dt_writer_text(out->writer, "}");
    }
    field(out, "],\n", "agents");
    for (int k = 0; k < out->game->rules->agents; k++) {
        const dt_agent *agent = &out->game->rules->agent[k];
        dt_text name = {.arena = out->job->arena};
        dt_agent_name(out->game->rules, k, &name);
        text_field(out, k ? ",\n {" : "[\n {", "name", dt_text_get(&name));
        field(out, ", ", "members");
        for (int m = 0; m < agent->members; m++)
            dt_writer_print(out->writer, "%s%d", m ? ", " : "[", agent->member[m]);
        field(out, "], ", "weights");
        for (int m = 0; m < agent->members; m++) {
            dt_writer_text(out->writer, m ? ", " : "[");
            number(out, agent->weight[m]);
        }
        number_field(out, "], ", "rationality", solution->world->rationality[k]);
        dt_writer_text(out->writer, "}");
    }
    dt_writer_text(out->writer, "]");
}

static void write_head(const output *out)
{
    const dt_model *model = out->model;
    number_field(out, "{", "format", 1);
    text_field(out, ",\n", "model", model->is.name);
    text_field(out, ",\n", "policy", model->policy[out->game->rules->policy].is.name);
    field(out, ",\n", "solved");
    dt_writer_text(out->writer, out->solved ? "true" : "false");
    if (!out->solved)
        text_field(out, ",\n", "reason", dt_solution_reason(out->solution));
    text_field(out, ",\n", "values",
               out->solution->values == DT_VALUES_SURPLUS ? "surplus" : "average");
    number_field(out, ",\n", "horizon", out->game->horizon);
    number_field(out, ",\n", "periods", out->game->forever ? NAN : out->game->periods);
    write_actors(out);
    field(out, ",\n", "terms");
    dt_writer_text(out->writer, "[");
    for (int t = 0; t < model->terms; t++) {
        text_field(out, t ? ",\n {" : "\n {", "name", model->term[t].is.name);
        number_field(out, ", ", "actor", out->game->rules->term_actor[t]);
        dt_writer_text(out->writer, "}");
    }
    field(out, "],\n", "outcomes");
    dt_writer_text(out->writer, "[");
    for (int o = 0; o < model->declared_outcomes; o++) {
        text_field(out, o ? ",\n {" : "\n {", "name", model->outcome[o].is.name);
        text_field(out, ", ", "form", dt_form_word(model->outcome[o].form));
        dt_writer_text(out->writer, "}");
    }
    number_field(out, "],\n", "residual", out->solved ? out->solution->found.residual : NAN);
    number_field(out, ",\n", "start", out->game->start);
    field(out, ",\n", "states");
    dt_writer_text(out->writer, "[");
    for (uint32_t s = 0; s < out->game->states; s++)
        dt_writer_print(out->writer, "%s{\"place\": %u}", s ? ",\n " : "\n ",
                        out->game->state_place[s]);
    dt_writer_text(out->writer, "]");
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
    field(out, "", "state");
    for (int v = 0; v < out->model->variables; v++) {
        field(out, v ? ", " : "{", out->slot_name[v]);
        if (out->model->variable[v].type == DT_TYPE_RANGE)
            dt_writer_print(out->writer, "%d", out->slot[v]);
        else if (out->model->variable[v].type == DT_TYPE_BOOL)
            dt_writer_text(out->writer, out->slot[v] ? "true" : "false");
        else
            dt_writer_json(out->writer, value_name(out, v));
    }
    dt_writer_text(out->writer, out->model->variables ? "}" : "{}");
    field(out, ", ", "choices");
    dt_writer_text(out->writer, "{");
    bool first = true;
    for (int s = out->model->variables; s < out->model->slots; s++) {
        if (out->slot[s] == 0)
            continue;
        text_field(out, first ? "" : ", ", out->slot_name[s], value_name(out, s));
        first = false;
    }
    dt_writer_text(out->writer, "}");
}

/* [[column, number], …] */
static void write_row(const output *out, const char *name, uint32_t row, uint32_t columns)
{
    const dt_game *game = out->game;
    assert(row < game->rows);
    field(out, ", ", name);
    dt_writer_text(out->writer, "[");
    bool first = true;
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        if (game->row_column[e] >= columns)
            continue;
        dt_writer_print(out->writer, "%s[%u, ", first ? "" : ", ", game->row_column[e]);
        number(out, out->solution->world->coefficient[game->row_coefficient[e]]);
        dt_writer_text(out->writer, "]");
        first = false;
    }
    dt_writer_text(out->writer, "]");
}

static void write_agents(output *out, const dt_menu *menu)
{
    field(out, ", ", "agents");
    dt_writer_text(out->writer, "[");
    for (int k = 0; k < menu->agents; k++) {
        number_field(out, k ? ", {" : "{", "agent", menu->agent[k]);
        field(out, ", ", "actions");
        for (int o = 0; o < menu->options[k]; o++) {
            out->name.bytes.count = 0;
            dt_option_name(out->game, menu, k, o, &out->name);
            dt_writer_text(out->writer, o ? ", " : "[");
            dt_writer_json(out->writer, dt_text_get(&out->name));
        }
        dt_writer_text(out->writer, "]}");
    }
    dt_writer_text(out->writer, "]");
}

static void write_node(output *out, uint32_t n)
{
    const dt_game *game = out->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    assert(game->cell_branch[game->node_cell[n]] < game->cell_branch[game->node_cell[n + 1]]);
    text_field(out, n ? ",\n {" : "\n {", "stage", out->model->stage[menu->stage].is.name);
    dt_writer_text(out->writer, ", ");
    write_situation(out, n);
    write_agents(out, menu);
    field(out, ", ", "cells");
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
        dt_writer_text(out->writer, c == game->node_cell[n] ? "[\n  {" : ",\n  {");
        field(out, "", "next");
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++) {
            dt_writer_print(out->writer, "%s[%u, ", b == game->cell_branch[c] ? "[" : ", ",
                            game->branch_target[b]);
            number(out, out->solution->world->coefficient[dt_branch_coefficient(game, c, b)]);
            dt_writer_text(out->writer, "]");
        }
        dt_writer_text(out->writer, "]");
        write_row(out, "pay", dt_cell_row(game, c), (uint32_t)out->model->terms);
        dt_writer_text(out->writer, "}");
    }
    dt_writer_text(out->writer, "]}");
}

static void write_leaf(output *out, uint32_t leaf)
{
    const dt_game *game = out->game;
    const uint32_t outcomes = (uint32_t)out->model->declared_outcomes;
    dt_writer_text(out->writer, leaf ? ",\n {" : "\n {");
    write_situation(out, game->nodes + leaf);
    write_row(out, "pay", game->leaf_payoff[leaf], (uint32_t)out->model->terms);
    field(out, ", ", "ended");
    dt_writer_text(out->writer, game->leaf_ended[leaf] ? "true" : "false");
    number_field(out, ", ", "next",
                 game->leaf_next[leaf] == DT_NOWHERE ? NAN : game->leaf_next[leaf]);
    write_row(out, "outcomes", game->leaf_outcome[leaf], outcomes);
    write_row(out, "standing", game->leaf_standing[leaf], outcomes);
    dt_writer_text(out->writer, "}");
}

static void write_strategy(const output *out, uint32_t t)
{
    const dt_game *game = out->game;
    const dt_strategy *strategy = &out->solution->strategy;
    assert(t < strategy->periods && (strategy->periods == game->periods || game->forever));
    dt_writer_text(out->writer, t ? ",\n [" : "\n [");
    bool first = true;
    for (uint32_t s = 0; s < game->stages; s++) {
        uint32_t begin = game->stage_first[s];
        uint32_t period = game->forever ? game->depths - 1 : t;
        uint32_t end = begin + dt_game_count(game, s, period);
        for (uint32_t n = begin; n < end && out->model->stage[s].movers != 0; n++) {
            const dt_menu *menu = &game->menu[game->node_menu[n]];
            const double *sigma = dt_strategy_at(strategy, game, t, n);
            dt_writer_print(out->writer, "%s[%u", first ? "\n  " : ",\n  ", n);
            for (int k = 0; k < menu->agents; sigma += menu->options[k], k++) {
                for (int o = 0; o < menu->options[k]; o++) {
                    dt_writer_text(out->writer, o ? ", " : ", [");
                    number(out, sigma[o]);
                }
                dt_writer_text(out->writer, "]");
            }
            dt_writer_text(out->writer, "]");
            first = false;
        }
    }
    dt_writer_text(out->writer, "]");
}

/* Nodes between two calls of dt_progress. */
enum { STRIDE = 4096 };

dt_status dt_export_json(const dt_export_job *job)
{
    const dt_game *game = job->solution->game;
    output out = {.job = job,
                  .writer = job->writer,
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
    write_head(&out);
    field(&out, ",\n", "nodes");
    dt_writer_text(out.writer, "[");
    for (uint32_t n = 0; n < game->nodes && !out.writer->failed; n++) {
        if (n % STRIDE == 0)
            dt_progress(job->arena, job->options, "exporting", 0);
        write_node(&out, n);
    }
    field(&out, "],\n", "leaves");
    dt_writer_text(out.writer, "[");
    for (uint32_t leaf = 0; leaf < game->leaves && !out.writer->failed; leaf++)
        write_leaf(&out, leaf);
    field(&out, "],\n", "strategy");
    const uint32_t periods = out.solved ? job->solution->strategy.periods : 0;
    dt_writer_text(out.writer, out.solved ? "[" : "null");
    for (uint32_t t = 0; t < periods && !out.writer->failed; t++) {
        dt_progress(job->arena, job->options, "exporting", (double)t / periods);
        write_strategy(&out, t);
    }
    dt_writer_text(out.writer, out.solved ? "]}\n" : "}\n");
    return DT_OK;
}
