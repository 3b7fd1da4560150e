/*
 * detente explain: one situation, and for each of its movers every action with its probability, its
 * value split into the terms of the payoff, and what it does to each outcome. Terms that differ
 * most between the actions come first; the sentence at the end compares the two likeliest actions.
 */
#include "cli.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TERMS_TOLD = 5 };

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

/* An action's name without those of its movers, which stand above the table: "pressure + engage". */
static const char *short_name(const char *action)
{
    const char *name = "";
    for (const char *at = action; at;) {
        const char *next = strstr(at, " + "), *dot = strchr(at, '.');
        const char *own = dot && (!next || dot < next) ? dot + 1 : at;
        name = next ? cli_print("%s%.*s", name, (int)(next + 3 - own), own)
                    : cli_print("%s%s", name, own);
        at = next ? next + 3 : NULL;
    }
    return name;
}

/* "DPRK plays accept (73%) rather than refuse (27%) because: relief +1.2, survival -0.3". */
static char *because(const dt_explained_mover *mover, const ranked *actions)
{
    assert(mover->actions > 0);
    const dt_explained_action *best = &mover->action[actions[0].index];
    const char *first = short_name(best->name);
    if (mover->actions == 1)
        return cli_print("%s can only play %s", mover->name, first);
    const dt_explained_action *next = &mover->action[actions[1].index];
    const char *second = short_name(next->name);
    double difference = best->value - next->value;
    assert(best->probability >= next->probability);
    if (mover->rationality == 0)
        return cli_print("%s plays at random: its rationality is 0", mover->name);
    if (fabs(difference) <= 1e-9 * fmax(1, fabs(best->value)))
        return cli_print("%s is indifferent between %s and %s", mover->name, first, second);

    ranked *order = cli_take(mover->terms, sizeof *order);
    for (size_t t = 0; t < mover->terms; t++)
        order[t] = (ranked){t, fabs(best->term[t] - next->term[t])};
    qsort(order, mover->terms, sizeof *order, by_number);
    char *text = cli_print("%s plays %s (%.3g%%) rather than %s (%.3g%%) because:", mover->name,
                           first, 100 * best->probability, second, 100 * next->probability);
    for (size_t i = 0; i < mover->terms && i < TERMS_TOLD; i++) {
        if (order[i].number < 0.005 * order[0].number || order[i].number == 0)
            break;
        size_t t = order[i].index;
        char *more = cli_print("%s%s %s %+.3g", text, i ? "," : "", mover->term[t],
                               best->term[t] - next->term[t]);
        text = more;
    }
    return text;
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
                        const dt_explained_mover *mover)
{
    ranked *actions = rank_actions(mover), *terms = rank_terms(mover);
    printf("\n%s%s%s, rationality %.4g\n", cli_on(stdout, CLI_BOLD), mover->name, cli_off(stdout),
           mover->rationality);
    cli_table table;
    cli_table_start(&table, mover->actions + 1);
    table.head_width = 24;
    table.head[0] = "average";
    for (size_t a = 0; a < mover->actions; a++)
        table.head[a + 1] = short_name(mover->action[actions[a].index].name);
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
                &e->outcome[o], offsetof(dt_explained_action, outcome), o);
    cli_table_print(&table);
    char *sentence = because(mover, actions);
    cli_print_wrapped("", sentence, 0);
}

static dt_status print_text(const cli_session *session, const dt_explanation *e)
{
    const dt_model *model = session->model;
    char label[DT_LABEL_SIZE];
    dt_model_period_label(model, e->period, label, sizeof label);
    printf("%s under %s: period %d%s, stage %s\n", dt_model_name(model),
           dt_model_item(model, DT_POLICIES, session->policy[0]), e->period,
           *label ? cli_print(" (%s)", label) : "", e->stage);
    cli_print_wrapped("", e->state, 2);
    printf("  play comes here with probability %.4g\n", e->reached);
    for (size_t m = 0; m < e->movers; m++)
        print_mover(model, e, &e->mover[m]);
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

static dt_status print_json(const cli_session *session, const dt_explanation *e)
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
        char *sentence = because(mover, order);
        json_array_append_new(movers, json_pack("{s:s, s:o, s:o, s:s}", "name", mover->name,
                                                "rationality", cli_json_number(mover->rationality),
                                                "actions", actions, "because", sentence));
    }
    char label[DT_LABEL_SIZE];
    dt_model_period_label(model, e->period, label, sizeof label);
    json_t *object = json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:o, s:o, s:o}", "model",
                               dt_model_name(model), "version", dt_version(), "policy",
                               dt_model_item(model, DT_POLICIES, session->policy[0]), "period",
                               e->period, "label", label, "stage", e->stage, "state", e->state,
                               "reached", cli_json_number(e->reached), "outcomes",
                               named(outcome, e->outcome, e->outcomes), "movers", movers);
    return cli_json_print(object);
}

dt_status cli_run_explain(const cli_line *line)
{
    cli_session session;
    dt_status status = cli_open(&session, line);
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
    cli_play play;
    status = cli_play_policy(&session, session.policy[0], &play);
    if (play.solution) {
        cli_tell_failures(&session, session.policy[0], play.solution);
        dt_explanation *explanation;
        dt_status told = dt_explain(play.solution, line->at ? line->at : "", line->stage, period,
                                    &session.options, &explanation);
        cli_progress_end();
        if (told == DT_OK) {
            assert(explanation->outcomes == dt_model_count(session.model, DT_OUTCOMES));
            dt_status printed = (line->json ? print_json : print_text)(&session, explanation);
            status = printed == DT_OK ? status : printed;
            dt_explanation_free(explanation);
        }
        status = told > status ? told : status;
        cli_play_free(&play);
    }
    cli_close(&session);
    return status;
}
