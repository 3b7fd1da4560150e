/*
 * detente sensitivity: which numbers matter, and which of them would change which policy is best: of each
 * design what it can say. What it can't is said with the command of the design that could.
 */
#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sensitivity.h"

/* Parameters in the order of how much they matter. */
typedef struct ranked {
    double weight;
    size_t at;
} ranked;

static int by_weight(const void *x, const void *y)
{
    const ranked *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static const char *heading_of(const cli_asking *a, size_t policy, size_t outcome)
{
    return cli_print("%s under %s", cli_outcome_name(a->q, outcome), cli_policy_name(a->q, policy));
}

/* The cells that begin a row: outcome and policy in one heading, then each by itself. */
static void begin_row(const cli_asking *a, cli_sheet *sheet, size_t policy, size_t outcome,
                      const char *name)
{
    cli_put(sheet, "%s %s %s %s", heading_of(a, policy, outcome), cli_outcome_name(a->q, outcome),
            cli_policy_name(a->q, policy), name);
}

/* Hides all rows of a group but the first that are shown. */
static void hide(const cli_asking *a, cli_sheet *sheet, size_t place)
{
    cli_last_row(sheet)->hidden = place >= CLI_SHOWN && !a->q->line->table;
}

static void note_hidden(const cli_asking *a, cli_sheet *sheet, size_t parameters)
{
    if (parameters > CLI_SHOWN && !a->q->line->table && sheet->notes.count == 0)
        cli_note(&sheet->notes, "The first %d of %zu parameters; --table %s has all.", CLI_SHOWN,
                 parameters, sheet->name);
}

/* ---- one outcome under one policy ---- */

/* "r1", or "r1 & r2" of parameters that correlate. */
static const char *group_name(const cli_asking *a, const dt_sensitivity *s, size_t group)
{
    cli_texts names = {0};
    for (size_t i = 0; i < s->parameters; i++) {
        if (s->group[i] == group)
            cli_add(&names, cli_parameter_name(a->q, s->parameter[i]));
    }
    return cli_join(&names, " & ");
}

/* What the first-order indices sum to, and whether that can be read as a share. */
static const char *sum_in_words(const dt_sensitivity *s)
{
    const char *sum = cli_print("%.3f, give or take %.3f", s->first_sum, s->first_error);
    if (s->rows < DT_LEAST_ROWS)
        return cli_print("first-order indices sum to %s. %zu rows are fewer than %d: no index has "
                         "a star, and none is to be read as a share; a larger --base gives more",
                         sum, s->rows, DT_LEAST_ROWS);
    if (s->first_sum - s->first_error > 1)
        return cli_print("first-order indices sum to %s, which is more than 1 by more than that: "
                         "the rows are too few for them to be shares of the variance",
                         sum);
    if (s->first_sum + s->first_error >= 1)
        return cli_print(
            "first-order indices sum to %s: parameters by themselves may be all of the variance",
            sum);
    return cli_print("first-order indices sum to %s: that much of the variance is parameters by "
                     "themselves, the rest is their interaction",
                     sum);
}

/* A cell that has a star if its interval leaves 0 out, of rows enough. */
static void put_index(const dt_sensitivity *s, cli_sheet *sheet, double index, double low,
                      double high)
{
    const bool apart = (low > 0 || high < 0) && s->rows >= DT_LEAST_ROWS;
    cli_put(sheet, "%c%g %g %g", cli_mark_if(apart, !apart), index, low, high);
}

static void note_convergence(const cli_asking *a, const dt_sensitivity *s, cli_sheet *sheet,
                             double moved)
{
    cli_note(&sheet->notes,
             "* the 95 %% interval leaves 0 out; ~ within noise: it doesn't, or the rows are fewer "
             "than %d. Convergence: from the first half of the %zu rows to all of them no index "
             "moves by more than %.4f. Intervals: %zu bootstrap resamples of rows.%s",
             DT_LEAST_ROWS, s->rows, moved, s->resamples,
             s->rows < a->q->data->trajectories
                 ? cli_print(" %zu rows are left out: a world of theirs failed or isn't done.",
                             a->q->data->trajectories - s->rows)
                 : "");
}

static void put_sobol(cli_asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    if (!a->sobol)
        a->sobol = cli_sheet_new(
            a->q->answer, "sobol", "Sobol's indices: shares of the variance",
            "#of, -outcome, -policy, |parameter, first, first_low=95 % from, first_high=to, total, "
            "total_low=95 % from, total_high=to, -first_half, -total_half, -correlated, -source");
    cli_sheet *sheet = a->sobol;
    sheet->judged = true;
    ranked *order = cli_take(s->groups, sizeof *order);
    size_t *first = cli_take(s->groups, sizeof *first),
           *members = cli_take(s->groups, sizeof *first);
    double moved = 0;
    for (size_t i = s->parameters; i-- > 0;) {
        first[s->group[i]] = i;
        members[s->group[i]]++;
    }
    for (size_t g = 0; g < s->groups; g++) {
        const dt_sobol_index *index = &s->sobol[g];
        order[g] = (ranked){index->total, g};
        moved = fmax(moved, fmax(fabs(index->first - index->first_half),
                                 fabs(index->total - index->total_half)));
    }
    qsort(order, s->groups, sizeof *order, by_weight);
    for (size_t r = 0; r < s->groups; r++) {
        const size_t g = order[r].at, parameter = s->parameter[first[g]];
        const dt_sobol_index *index = &s->sobol[g];
        begin_row(a, sheet, policy, outcome, group_name(a, s, g));
        put_index(s, sheet, index->first, index->first_low, index->first_high);
        put_index(s, sheet, index->total, index->total_low, index->total_high);
        cli_put(sheet, "%g %g %s %s", index->first_half, index->total_half,
                members[g] > 1 ? "group" : NULL,
                members[g] > 1 ? NULL : cli_source_of(a->q, parameter));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->groups);
    cli_note(&sheet->notes, "%s: variance %.4g, mean %.4g; %s.", heading_of(a, policy, outcome),
             s->variance, s->mean, sum_in_words(s));
    note_convergence(a, s, sheet, moved);
}

static void put_shapley(cli_asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    if (!a->shapley)
        a->shapley =
            cli_sheet_new(a->q->answer, "shapley", "Shapley effects: shares of the variance",
                          "#of, -outcome, -policy, |parameter, effect, low=95 % from, high=to, "
                          "-half, correlated=correlates with, -source");
    cli_sheet *sheet = a->shapley;
    sheet->judged = true;
    ranked *order = cli_take(s->parameters, sizeof *order);
    double moved = 0;
    for (size_t i = 0; i < s->parameters; i++) {
        order[i] = (ranked){s->shapley[i].effect, i};
        moved = fmax(moved, fabs(s->shapley[i].effect - s->shapley[i].half));
    }
    qsort(order, s->parameters, sizeof *order, by_weight);
    for (size_t r = 0; r < s->parameters; r++) {
        const size_t i = order[r].at;
        const dt_shapley_effect *effect = &s->shapley[i];
        cli_texts others = {0};
        for (size_t j = 0; j < s->parameters; j++) {
            if (j != i && s->group[j] == s->group[i])
                cli_add(&others, cli_parameter_name(a->q, s->parameter[j]));
        }
        begin_row(a, sheet, policy, outcome, cli_parameter_name(a->q, s->parameter[i]));
        put_index(s, sheet, effect->effect, effect->low, effect->high);
        cli_put(sheet, "%g %s %s", effect->half, others.count ? cli_join(&others, " & ") : NULL,
                cli_source_of(a->q, s->parameter[i]));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->parameters);
    cli_note(&sheet->notes,
             "%s: variance %.4g, mean %.4g. Effects sum to 1, whichever way the parameters are "
             "declared. One that correlates with others shares in what these move, even if the "
             "outcome doesn't read it.",
             heading_of(a, policy, outcome), s->variance, s->mean);
    note_convergence(a, s, sheet, moved);
}

static void put_morris(cli_asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    if (!a->morris)
        a->morris = cli_sheet_new(a->q->answer, "morris", "Elementary effects (Morris)",
                                  "#of, -outcome, -policy, |parameter, size=mu*, mean=mu, "
                                  "spread=sigma, effects, -source");
    cli_sheet *sheet = a->morris;
    sheet->judged = true;
    ranked *order = cli_take(s->parameters, sizeof *order);
    for (size_t i = 0; i < s->parameters; i++)
        order[i] = (ranked){isnan(s->elementary[i].size) ? -1 : s->elementary[i].size, i};
    qsort(order, s->parameters, sizeof *order, by_weight);
    for (size_t r = 0; r < s->parameters; r++) {
        const dt_elementary *effect = &s->elementary[order[r].at];
        const size_t parameter = s->parameter[order[r].at];
        begin_row(a, sheet, policy, outcome, cli_parameter_name(a->q, parameter));
        const double error = 1.96 * effect->spread / sqrt((double)effect->effects);
        cli_put(sheet, "%g %c%g %g %zu %s", effect->size,
                cli_mark_if(false, !(fabs(effect->mean) > error) && effect->size > 0), effect->mean,
                effect->spread, effect->effects, cli_source_of(a->q, parameter));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->parameters);
    if (a->answered == 0)
        cli_note(&sheet->notes,
                 "What a step through the parameter's whole range does to the outcome: mu* the "
                 "mean size, mu the mean, sigma how much it depends on the other numbers, or isn't "
                 "straight. ~ within 1.96 standard errors of 0: which way isn't known. %s gives "
                 "shares of the variance.",
                 "'detente study --design saltelli'");
}

static void put_swings(cli_asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    if (!a->swing)
        a->swing = cli_sheet_new(a->q->answer, "swings", "One at a time: swings of the outcome",
                                 "#of, -outcome, -policy, |parameter, low=from, high=to, "
                                 "at_low=outcome, at_high=to, swing, -least, -most, -source");
    cli_sheet *sheet = a->swing;
    ranked *order = cli_take(s->parameters, sizeof *order);
    for (size_t i = 0; i < s->parameters; i++)
        order[i] = (ranked){s->swing[i].most - s->swing[i].least, i};
    qsort(order, s->parameters, sizeof *order, by_weight);
    for (size_t r = 0; r < s->parameters; r++) {
        const dt_swing *swing = &s->swing[order[r].at];
        const size_t parameter = s->parameter[order[r].at];
        begin_row(a, sheet, policy, outcome, cli_parameter_name(a->q, parameter));
        cli_put(sheet, "%g %g %g %g %g %g %g %s", swing->low, swing->high, swing->at_low,
                swing->at_high, order[r].weight, swing->least, swing->most,
                cli_source_of(a->q, parameter));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->parameters);
    if (a->answered == 0)
        cli_note(&sheet->notes, "Each parameter moved alone, the others as declared. Swing: the "
                                "largest outcome on the way less the least. Interactions don't "
                                "show: 'detente study --design saltelli' has them.");
}

static void put_ranks(cli_asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    if (!a->rank)
        a->rank = cli_sheet_new(a->q->answer, "ranks", "Rank correlations with the outcome",
                                "#of, -outcome, -policy, |parameter, correlation=Spearman, "
                                "standardised=standardised, source");
    cli_sheet *sheet = a->rank;
    sheet->judged = true;
    ranked *order = cli_take(s->parameters, sizeof *order);
    for (size_t i = 0; i < s->parameters; i++)
        order[i] = (ranked){fabs(s->rank[i].correlation), i};
    qsort(order, s->parameters, sizeof *order, by_weight);
    size_t past = 0;
    while (past < s->parameters && order[past].weight > s->rank_floor)
        past++;
    for (size_t r = 0; r < s->parameters; r++) {
        const dt_rank_effect *effect = &s->rank[order[r].at];
        const size_t parameter = s->parameter[order[r].at];
        begin_row(a, sheet, policy, outcome, cli_parameter_name(a->q, parameter));
        cli_put(sheet, "%c%g %c%g %s",
                cli_mark_if(order[r].weight > s->rank_floor, !(order[r].weight > s->rank_floor)),
                effect->correlation,
                cli_mark_if(false, fabs(effect->standardised) <= effect->error),
                effect->standardised, cli_source_of(a->q, parameter));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->parameters);
    cli_note(
        &sheet->notes,
        "%s: %s* correlation past %.3f, which one in twenty unrelated parameters would be: %zu of "
        "%zu are, where chance alone gives about %.3g. ~ within noise: not past it, or a "
        "coefficient within 1.96 standard errors of 0.",
        heading_of(a, policy, outcome),
        isnan(s->explained)
            ? "too few worlds for a regression on ranks. "
            : cli_print("a linear function of the ranks explains %.0f %% of the outcome's ranks. ",
                        100 * s->explained),
        s->rank_floor, past, s->parameters, 0.05 * (double)s->parameters);
}

static const char TWO_LEVELS[] =
    "Trajectories of two levels step from one end of a range to the other: what happens between "
    "isn't seen, and a number whose ends are alike seems to do nothing. 'detente study --design "
    "morris --points 4' steps inside the range.";

/* What an answer makes of risks that correlate: nothing is said of them silently. */
static void say_correlated(const cli_asking *a, const dt_sensitivity *s)
{
    const dt_study_data *data = a->q->data;
    cli_texts groups = {0};
    for (size_t g = 0; g < s->groups; g++) {
        const char *name = group_name(a, s, g);
        if (strstr(name, " & "))
            cli_add(&groups, name);
    }
    if (groups.count == 0)
        return;
    const char *then = data->design == DT_DESIGN_SALTELLI
                           ? "Those that do stand as one group, as indices of one of them would "
                             "depend on the order of declaration. 'detente study MODEL --design "
                             "shapley --base 1024 -o FILE' shares the variance out among them."
                       : data->design == DT_DESIGN_SHAPLEY
                           ? "Shapley effects share what they move together out among them, in "
                             "whatever order they are declared."
                       : s->basis.sample ? "What is said of one holds in part of the others."
                                         : "This design leaves that out: each moves by itself.";
    cli_note(&a->q->answer->cautions, "Risks correlate: %s. %s", cli_join(&groups, "; "), then);
}

static dt_status ask(cli_asking *a, size_t policy, size_t outcome)
{
    dt_sensitivity *s;
    const dt_status status = dt_sensitivities(a->q->data, policy, outcome, &a->q->options, &s);
    if (status != DT_OK)
        return status;
    if (a->q->answer->before.count == 0) {
        cli_say_basis(a->q, &s->basis);
        say_correlated(a, s);
        if (s->elementary && a->q->data->points == 2)
            cli_note(&a->q->answer->cautions, TWO_LEVELS);
    }
    a->why = NULL;
    if (s->constant && !s->elementary && !s->swing)
        a->why =
            cli_print("%s is %.4g in every world: without variance there is nothing to share out.",
                      heading_of(a, policy, outcome), s->mean + 0.0);
    else if (a->q->data->trajectories && !s->sobol && !s->shapley && !s->elementary)
        a->why = cli_print("%s: %s of the design solved in all blocks; indices take at least 2.",
                           heading_of(a, policy, outcome), cli_plural(s->rows, "row", "rows"));
    if (a->why)
        cli_note(&a->q->answer->cautions, "%s", a->why);
    if (s->sobol)
        put_sobol(a, s, policy, outcome);
    if (s->shapley)
        put_shapley(a, s, policy, outcome);
    if (s->elementary)
        put_morris(a, s, policy, outcome);
    if (s->swing)
        put_swings(a, s, policy, outcome);
    if (s->rank)
        put_ranks(a, s, policy, outcome);
    a->answered += s->sobol || s->shapley || s->elementary || s->swing || s->rank;
    dt_sensitivity_free(s);
    return DT_OK;
}

/* Every table, which designs have it, and what to do for it. */
static const struct {
    const char *name;
    const char *designs;
    const char *cure;
    bool decides; /* it is about which policy is best */
    bool advised; /* unasked, at the end */
} TABLE[] = {
    {"sobol",   "saltelli",
     "Shares of the variance (Sobol's indices) take 'detente study MODEL --design saltelli --base "
     "1024 -o FILE'.",                                                                                                           false, true },
    {"shapley", "shapley",
     "Shares of the variance among risks that correlate (Shapley effects) take 'detente study "
     "MODEL --design shapley --base 1024 -o FILE'.",                                                                             false, false},
    {"morris",  "morris",
     "Elementary effects take 'detente study MODEL --design morris --base 20 -o FILE'.",                                         false,
     false                                                                                                                                   },
    {"swings",  "one-at-a-time",                            "Swings take 'detente study MODEL --design one-at-a-time -o FILE'.",
     false,                                                                                                                             false},
    {"ranks",   "latin random sobol grid saltelli shapley",
     "Rank correlations take a sample: 'detente study MODEL --worlds 4096 -o FILE'.",                                            false, false},
    {"worth",   "latin random sobol grid saltelli shapley",
     "What knowing a number is worth takes a sample: 'detente study MODEL --worlds 4096 -o FILE'.",                              true,  true },
    {"flips",   "one-at-a-time",
     "Numbers at which another policy becomes best take 'detente study MODEL --design "
     "one-at-a-time -o FILE'.",                                                                                                  true,  true },
};

/* Whether one of several words is this one. */
static bool among(const char *words, const char *word)
{
    const size_t length = strlen(word);
    for (; *words; words += strcspn(words, " "), words += *words == ' ') {
        if (strncmp(words, word, length) == 0 && (!words[length] || words[length] == ' '))
            return true;
    }
    return false;
}

/* What this file can't say, why, and which design could. */
static void say_others(const cli_asking *a)
{
    cli_answer *answer = a->q->answer;
    const char *design = dt_design_name(a->q->data->design);
    for (size_t t = 0; t < sizeof TABLE / sizeof *TABLE; t++) {
        if (cli_has_sheet(answer, TABLE[t].name))
            continue;
        const bool has = among(TABLE[t].designs, design);
        const char *why = !has                ? TABLE[t].cure
                          : !TABLE[t].decides ? a->why
                          : a->q->data->policies < 2
                              ? "There is one policy: no number can change which is best."
                              : "An outcome without a direction has no best policy: write "
                                "'maximise' or 'minimise' in the model.";
        assert(why);
        cli_absent(answer, TABLE[t].name, why);
        if (!has && TABLE[t].advised)
            cli_note(&answer->after, "%s", why);
    }
}

/* Without --outcome the first with a direction, or the first; without --policy the first. */
static void choose(cli_question *q)
{
    if (q->outcomes == 0 && q->data->outcomes > 0) {
        size_t first = 0;
        while (first < q->data->outcomes && dt_model_outcome_direction(q->model, first) == 0)
            first++;
        q->outcome = cli_take(1, sizeof *q->outcome);
        q->outcome[0] = first < q->data->outcomes ? first : 0;
        q->outcomes = 1;
    }
    if (q->policies == 0) {
        q->policy = cli_take(1, sizeof *q->policy);
        q->policies = 1;
    }
}

dt_status cli_run_sensitivity(const cli_line *line)
{
    cli_question q;
    dt_status status = cli_question_open(&q, line);
    if (status != DT_OK)
        return status;
    cli_asking a = {.q = &q};
    const bool chosen = q.outcomes > 0;
    choose(&q);
    if (q.outcomes == 0) {
        cli_error(NULL, "model '%s' has no outcomes", dt_model_name(q.model));
        status = DT_INVALID;
    }
    for (size_t o = 0; o < q.outcomes && status == DT_OK; o++) {
        for (size_t p = 0; p < q.policies && status == DT_OK; p++)
            status = ask(&a, q.policy[p], q.outcome[o]);
    }
    for (size_t o = 0; o < q.outcomes && status == DT_OK; o++)
        status = cli_ask_decision(&a, q.outcome[o]);
    if (status == DT_OK) {
        if (!chosen && q.data->outcomes > 1)
            cli_note(
                &q.answer->after,
                "Other outcomes: --outcome NAME, may be repeated; other policies: --policy P.");
        say_others(&a);
        status = cli_answer_print(q.answer);
        if (status == DT_OK && a.answered == 0)
            status = DT_NO;
    }
    cli_question_close(&q);
    return status;
}
