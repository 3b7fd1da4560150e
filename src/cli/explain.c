/*
 * detente explain: one situation, and for each of its movers every action with its probability, its
 * value split into the terms of the payoff, and what it does to each outcome. Terms that differ
 * most between the actions come first; the sentence at the end, which is the library's, compares the
 * two likeliest actions, or those that the command line asks for.
 */
#include "cli.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detente_explain.h"

/* Indices with a number each, sorted by falling number; ties keep their order. */
typedef struct ranked {
    size_t index;
    double number;
} ranked;

static int by_number(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? 1 : -1;
    return x->index < y->index ? -1 : 1;
}

static ranked *rank_actions(const dt_explained_mover *mover)
{
    ranked *order = cli_take(mover->actions, sizeof *order);
    for (size_t a = 0; a < mover->actions; a++)
        order[a] = (ranked){a, mover->action[a].probability};
    qsort(order, mover->actions, sizeof *order, by_number);
    return order;
}

/* Terms by how far apart they put the actions. */
static ranked *rank_terms(const dt_explained_mover *mover)
{
    ranked *order = cli_take(mover->terms, sizeof *order);
    for (size_t t = 0; t < mover->terms; t++) {
        double least = INFINITY, most = -INFINITY;
        for (size_t a = 0; a < mover->actions; a++) {
            least = fmin(least, mover->action[a].term[t]);
            most = fmax(most, mover->action[a].term[t]);
        }
        order[t] = (ranked){t, most - least};
    }
    qsort(order, mover->terms, sizeof *order, by_number);
    return order;
}

/* Whether a term is paid after some action. */
static bool plays_a_part(const dt_explained_mover *mover, size_t term)
{
    for (size_t a = 0; a < mover->actions; a++) {
        if (mover->action[a].term[term] != 0)
            return true;
    }
    return false;
}

/* ---- as a table -------------------------------------------------------------------------------- */

/* A row over the average and the actions; `at` finds the action's number. */
static void add_row(cli_table *table, const char *label, const dt_explained_mover *mover,
                    const ranked *actions, const double *first, size_t offset, size_t index)
{
    assert(table->columns == mover->actions + 1);
    double *number = cli_take(table->columns, sizeof *number);
    for (size_t c = 0; c < mover->actions; c++) {
        const dt_explained_action *action = &mover->action[actions[c].index];
        const void *field = (const char *)action + offset;
        number[c + 1] =
            index == SIZE_MAX ? *(const double *)field : (*(const double *const *)field)[index];
        assert(action->probability >= 0 && action->probability <= 1);
        number[0] += action->probability * number[c + 1];
    }
    if (first)
        number[0] = *first;
    cli_table_numbers(table, label, number, 0);
}

static void print_mover(const dt_model *model, const dt_explanation *e,
                        const dt_explained_mover *mover, const dt_because *because)
{
    ranked *actions = rank_actions(mover), *terms = rank_terms(mover);
    putchar('\n');
    cli_print_styled(CLI_BOLD, mover->name, cli_print(", rationality %.4g", mover->rationality));
    cli_table table;
    cli_table_start(&table, mover->actions + 1);
    table.head_width = 24;
    table.head[0] = "average";
    for (size_t a = 0; a < mover->actions; a++)
        table.head[a + 1] = mover->action[actions[a].index].brief;
    static const double certain = 1;
    add_row(&table, "probability", mover, actions, &certain,
            offsetof(dt_explained_action, probability), SIZE_MAX);
    add_row(&table, "value", mover, actions, NULL, offsetof(dt_explained_action, value), SIZE_MAX);
    for (size_t t = 0; t < mover->terms; t++) {
        if (plays_a_part(mover, terms[t].index))
            add_row(&table, cli_print("  %s", mover->term[terms[t].index]), mover, actions, NULL,
                    offsetof(dt_explained_action, term), terms[t].index);
    }
    if (e->outcomes)
        cli_table_heading(&table, "outcomes from here on");
    for (size_t o = 0; o < e->outcomes; o++)
        add_row(&table, cli_print("  %s", dt_model_item(model, DT_OUTCOMES, o)), mover, actions,
                mover->variable < 0 ? &e->outcome[o] : NULL, offsetof(dt_explained_action, outcome),
                o);
    cli_table_print(&table);
    cli_print_wrapped("", because->text, 0);
}

/* "stall 0.598, bargain 0.402" */
static const char *belief_text(const dt_model *model, size_t variable, const double *share)
{
    const char *text = "";
    char number[DT_LABEL_SIZE];
    for (size_t k = 0; k < dt_model_values(model, variable); k++)
        text = cli_print("%s%s%s %.3g", text, k ? ", " : "",
                         dt_model_value(model, variable, k, number, sizeof number), share[k]);
    return text;
}

/* What is believed of each private variable that isn't known to everybody, and how likely it is that just this is
 * believed. */
static void print_beliefs(const dt_model *model, const dt_explanation *e)
{
    size_t believed = 0;
    for (size_t x = 0; x < e->beliefs; x++) {
        if (e->belief[x].known)
            continue;
        believed++;
        const dt_explained_belief *belief = &e->belief[x];
        const char *name = dt_model_item(model, DT_STATES, belief->variable);
        const char *shown = belief_text(model, belief->variable, belief->share);
        const char *asked =
            belief->asked ? belief_text(model, belief->variable, belief->asked) : shown;
        cli_print_wrapped("", cli_print("others believe of %s: %s", name, shown), 2);
        if (strcmp(asked, shown) != 0)
            cli_print_wrapped("",
                              cli_print("asked for %s; shown is the nearest point of the grid of "
                                        "beliefs (N = %d; --beliefs takes another)",
                                        asked, belief->fineness),
                              4);
    }
    if (believed)
        cli_print_wrapped(
            "", cli_print("play comes to just these beliefs with probability %.4g", e->believed),
            2);
}

/* What the owners who move here give away by each action. */
static void print_learned(const dt_explanation *e)
{
    for (size_t x = 0; x < e->beliefs; x++) {
        if (!*e->belief[x].text)
            continue;
        putchar('\n');
        cli_print_wrapped("", e->belief[x].text, 0);
    }
}

static dt_status print_text(const cli_session *session, const dt_explanation *e,
                            const dt_because *const *because)
{
    const dt_model *model = session->model;
    char label[DT_LABEL_SIZE];
    dt_model_period_label(model, e->period, label, sizeof label);
    cli_print_wrapped("",
                      cli_print("%s under %s: period %d%s, stage %s", dt_model_name(model),
                                dt_model_item(model, DT_POLICIES, session->policy[0]), e->period,
                                *label ? cli_print(" (%s)", label) : "", e->stage),
                      0);
    cli_print_wrapped("", e->state, 2);
    cli_print_wrapped("", cli_print("play comes here with probability %.4g", e->reached), 2);
    print_beliefs(model, e);
    for (size_t m = 0; m < e->movers; m++)
        print_mover(model, e, &e->mover[m], because[m]);
    print_learned(e);
    return DT_OK;
}

/* ---- as JSON ----------------------------------------------------------------------------------- */

static json_t *named(const char *const *name, const double *number, size_t count)
{
    json_t *object = json_object();
    for (size_t i = 0; i < count; i++)
        json_object_set_new(object, name[i], cli_json_number(number[i]));
    return object;
}

/* Reasons of one side: those told, and what the rest adds. */
static json_t *reasons_json(const dt_explained_mover *mover, const dt_reasons *reasons)
{
    json_t *list = json_array();
    for (size_t r = 0; r < reasons->count; r++) {
        const dt_reason *reason = &reasons->reason[r];
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "term", mover->term[reason->term],
                                              "words", mover->words[reason->term], "difference",
                                              cli_json_number(reason->difference)));
    }
    return json_pack("{s:o, s:I, s:o}", "reasons", list, "smaller", (json_int_t)reasons->rest,
                     "rest", cli_json_number(reasons->rest_difference));
}

static json_t *why_json(const dt_explained_mover *mover, const dt_because *b)
{
    static const char *const ground[] = {
        [DT_GROUND_REASONS] = "reasons",  [DT_GROUND_NONE] = "one action",
        [DT_GROUND_CHANCE] = "chance",    [DT_GROUND_SAME] = "worth the same",
        [DT_GROUND_UNKNOWN] = "unsolved",
    };
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "ground", ground[b->ground], "action",
                     mover->action[b->action].name, "against", mover->action[b->against].name,
                     "difference", cli_json_number(b->difference), "because",
                     reasons_json(mover, &b->because), "despite", reasons_json(mover, &b->despite));
}

/* A number for each value of a state variable. */
static json_t *by_value(const dt_model *model, size_t variable, const double *share)
{
    json_t *object = json_object();
    char number[DT_LABEL_SIZE];
    for (size_t k = 0; k < dt_model_values(model, variable); k++)
        json_object_set_new(object, dt_model_value(model, variable, k, number, sizeof number),
                            cli_json_number(share[k]));
    return object;
}

static json_t *beliefs_json(const dt_model *model, const dt_explanation *e)
{
    json_t *list = json_array();
    for (size_t x = 0; x < e->beliefs; x++) {
        const dt_explained_belief *belief = &e->belief[x];
        json_t *told = json_pack(
            "{s:s, s:o, s:s}", "variable", dt_model_item(model, DT_STATES, belief->variable),
            "belief", by_value(model, belief->variable, belief->share), "learned", belief->text);
        if (belief->asked)
            json_object_set_new(told, "asked", by_value(model, belief->variable, belief->asked));
        json_array_append_new(list, told);
    }
    return list;
}

/* Of a type which it is, and what is believed after each of its actions. */
static void add_type(json_t *object, json_t *actions, const dt_model *model,
                     const dt_explained_mover *mover, const ranked *order)
{
    char number[DT_LABEL_SIZE];
    if (mover->variable < 0)
        return;
    const size_t variable = (size_t)mover->variable;
    json_object_set_new(
        object, "type",
        json_pack("{s:s}", dt_model_item(model, DT_STATES, variable),
                  dt_model_value(model, variable, mover->rank, number, sizeof number)));
    for (size_t a = 0; a < mover->actions; a++)
        json_object_set_new(json_array_get(actions, a), "posterior",
                            by_value(model, variable, mover->action[order[a].index].posterior));
}

/* Of those who move at once what each joint choice is worth to each of them. */
static json_t *cells_json(const dt_explanation *e)
{
    json_t *list = json_array();
    for (size_t c = 0; c < e->cells; c++) {
        const dt_explained_cell *cell = &e->cell[c];
        json_t *actions = json_array(), *values = json_object();
        for (size_t k = 0; k < e->agents; k++) {
            const dt_explained_mover *mover = &e->mover[cell->mover[k]];
            json_array_append_new(actions, json_string(mover->action[cell->action[k]].name));
            json_object_set_new(values, mover->name, cli_json_number(cell->value[k]));
        }
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "actions", actions, "probability",
                                        cli_json_number(cell->probability), "values", values));
    }
    return list;
}

static dt_status print_json(const cli_session *session, const dt_explanation *e,
                            const dt_because *const *because)
{
    const dt_model *model = session->model;
    const char **outcome = cli_take(e->outcomes, sizeof *outcome);
    for (size_t o = 0; o < e->outcomes; o++)
        outcome[o] = dt_model_item(model, DT_OUTCOMES, o);
    json_t *movers = json_array();
    for (size_t m = 0; m < e->movers; m++) {
        const dt_explained_mover *mover = &e->mover[m];
        ranked *order = rank_actions(mover);
        json_t *actions = json_array();
        for (size_t a = 0; a < mover->actions; a++) {
            const dt_explained_action *action = &mover->action[order[a].index];
            json_array_append_new(
                actions, json_pack("{s:s, s:o, s:o, s:o, s:o}", "name", action->name, "probability",
                                   cli_json_number(action->probability), "value",
                                   cli_json_number(action->value), "terms",
                                   named(mover->term, action->term, mover->terms), "outcomes",
                                   named(outcome, action->outcome, e->outcomes)));
        }
        json_t *told = json_pack("{s:s, s:o, s:O, s:s, s:o}", "name", mover->name, "rationality",
                                 cli_json_number(mover->rationality), "actions", actions, "because",
                                 because[m]->text, "why", why_json(mover, because[m]));
        add_type(told, actions, model, mover, order);
        json_decref(actions);
        json_array_append_new(movers, told);
    }
    char label[DT_LABEL_SIZE];
    dt_model_period_label(model, e->period, label, sizeof label);
    json_t *object = json_pack("{s:s, s:s, s:s, s:b, s:i, s:s, s:s, s:s, s:o, s:o, s:o}", "model",
                               dt_model_name(model), "version", dt_version(), "policy",
                               dt_model_item(model, DT_POLICIES, session->policy[0]), "solved", 1,
                               "period", e->period, "label", label, "stage", e->stage, "state",
                               e->state, "reached", cli_json_number(e->reached), "outcomes",
                               named(outcome, e->outcome, e->outcomes), "movers", movers);
    if (e->beliefs) {
        json_object_set_new(object, "beliefs", beliefs_json(model, e));
        json_object_set_new(object, "believed", cli_json_number(e->believed));
    }
    if (e->cells)
        json_object_set_new(object, "cells", cells_json(e));
    return cli_json_print(object);
}

/* For JSON too what isn't solved has nothing but its reason, which was told. */
static dt_status print_unsolved(const cli_session *session, const dt_solution *solution)
{
    if (!session->line->json)
        return DT_NO;
    const dt_status printed = cli_json_print(json_pack(
        "{s:s, s:s, s:s, s:b, s:s}", "model", dt_model_name(session->model), "version",
        dt_version(), "policy", dt_model_item(session->model, DT_POLICIES, session->policy[0]),
        "solved", 0, "reason", dt_solution_reason(solution)));
    return printed == DT_OK ? DT_NO : printed;
}

/* ---- the actions compared ---------------------------------------------------------------------- */

/* Told: no mover of the situation has the action of --against. */
static dt_status refuse_against(const dt_explanation *e, const char *name)
{
    cli_texts names = {0};
    for (size_t m = 0; m < e->movers; m++) {
        for (size_t a = 0; a < e->mover[m].actions; a++) {
            const char *brief = e->mover[m].action[a].brief;
            size_t known = 0;
            while (known < names.count && strcmp(names.at[known], brief) != 0)
                known++;
            if (known == names.count)
                cli_add(&names, brief);
        }
    }
    const char *hint = cli_did_you_mean(name, names.at, names.count);
    if (!hint) {
        hint = "its actions are ";
        for (size_t i = 0; i < names.count; i++)
            hint = cli_print("%s%s%s", hint, i ? ", " : "", names.at[i]);
    }
    cli_error(hint, "this situation has no action '%s'", name);
    return DT_INVALID;
}

/* Why each mover does what it does; those who have the action of --against, rather than that. */
static dt_status find_reasons(const cli_session *session, dt_explanation *e,
                              const dt_because **because)
{
    const char *name = session->line->against;
    bool met = false;
    dt_status status = DT_OK;
    for (size_t m = 0; m < e->movers && status == DT_OK; m++) {
        const int against = name ? dt_explained_action_find(&e->mover[m], name) : -1;
        met |= against >= 0;
        status = dt_explanation_because(e, m, -1, against, 0, &session->options, &because[m]);
    }
    return status == DT_OK && name && !met ? refuse_against(e, name) : status;
}

/* Explains what a play solved says of the situation of the command line. */
static dt_status explain_play(const cli_session *session, const cli_play *play, int period)
{
    const cli_line *line = session->line;
    dt_explanation *explanation;
    const char *at = line->at ? line->at : "";
    if (line->believing)
        at = cli_print("%s%s%s", at, *at ? ", " : "", line->believing);
    dt_status told =
        dt_explain(play->solution, at, line->stage, period, &session->options, &explanation);
    cli_progress_end();
    if (told == DT_NO)
        return print_unsolved(session, play->solution);
    if (told != DT_OK)
        return told;
    assert(explanation->outcomes == dt_model_count(session->model, DT_OUTCOMES));
    const dt_because **because = cli_take(explanation->movers, sizeof *because);
    told = find_reasons(session, explanation, because);
    if (told == DT_OK)
        told = line->json ? print_json(session, explanation, because)
                          : print_text(session, explanation, because);
    dt_explanation_free(explanation);
    return told;
}

/* What is misspelt is told before anything is solved. */
static dt_status explain(const cli_session *session, int period)
{
    const cli_line *line = session->line;
    dt_game *game;
    dt_status status = cli_explore(session, session->policy[0], &game);
    if (status != DT_OK)
        return status;
    status = dt_explain_check(
        game, &(dt_explain_words){line->at, line->stage, line->believing, period, line->against},
        &session->options);
    if (status != DT_OK) {
        dt_game_free(game);
        return status;
    }
    cli_play play;
    status = cli_play_game(session, game, &play);
    if (play.solution) {
        const dt_status told = explain_play(session, &play, period);
        status = told > status ? told : status;
        cli_play_free(&play);
    }
    return status;
}

dt_status cli_run_explain(const cli_line *line)
{
    cli_session session;
    dt_status status = cli_open(&session, line);
    /* What is paid past the horizon is part of what actions are worth. */
    session.options.horizon_alone = false;
    if (status != DT_OK)
        return status;
    int period = 1;
    if (line->policy.count > 1) {
        cli_error(NULL, "'explain' looks at one policy at a time");
        status = DT_INVALID;
    } else if (line->period) {
        status = dt_model_period_of(session.model, line->period, &session.options, &period);
    }
    if (status != DT_OK) {
        cli_close(&session);
        return status;
    }
    session.believing = line->believing;
    status = explain(&session, period);
    cli_close(&session);
    return status;
}
