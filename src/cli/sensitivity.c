/*
 * detente sensitivity: which numbers matter, and which of them would change which policy is best: of each
 * design what it can say. What it can't is said with the command of the design that could.
 */
#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "question.h"

enum { SHOWN = 15 };

#define COLUMNS(list) (sizeof(list) / sizeof *(list))

typedef struct asking {
    cli_question *q;
    cli_sheet *sobol, *morris, *swing, *rank, *worth, *flip; /* NULL: not of this design */
    size_t answered;
} asking;

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

static const char *heading_of(const asking *a, size_t policy, size_t outcome)
{
    return cli_print("%s under %s", cli_outcome_name(a->q, outcome), cli_policy_name(a->q, policy));
}

/* The cells that begin a row: outcome and policy in one heading, then each by itself. */
static void begin_row(const asking *a, cli_sheet *sheet, size_t policy, size_t outcome,
                      size_t parameter)
{
    cli_put_words(sheet, heading_of(a, policy, outcome));
    cli_put_words(sheet, cli_outcome_name(a->q, outcome));
    cli_put_words(sheet, cli_policy_name(a->q, policy));
    cli_put_words(sheet, cli_parameter_name(a->q, parameter));
}

#define BEGINNING                                                                                  \
    {"of", NULL, CLI_GROUP}, {"outcome", NULL, CLI_HIDDEN}, {"policy", NULL, CLI_HIDDEN},          \
    {                                                                                              \
        "parameter", NULL, CLI_LABEL                                                               \
    }

/* Hides all rows of a group but the first that are shown. */
static void hide(const asking *a, cli_sheet *sheet, size_t place)
{
    cli_last_row(sheet)->hidden = place >= SHOWN && !a->q->line->table;
}

static void note_hidden(const asking *a, cli_sheet *sheet, size_t parameters)
{
    if (parameters > SHOWN && !a->q->line->table && sheet->notes.count == 0)
        cli_note(&sheet->notes, "The first %d of %zu parameters; --table %s has all.", SHOWN,
                 parameters, sheet->name);
}

/* ---- one outcome under one policy ---- */

static void put_sobol(asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    static const cli_column column[] = {
        BEGINNING,
        {"first",      NULL,        CLI_DATA  },
        {"first_low",  "95 % from", CLI_DATA  },
        {"first_high", "to",        CLI_DATA  },
        {"total",      NULL,        CLI_DATA  },
        {"total_low",  "95 % from", CLI_DATA  },
        {"total_high", "to",        CLI_DATA  },
        {"first_half", NULL,        CLI_HIDDEN},
        {"total_half", NULL,        CLI_HIDDEN},
        {"source",     NULL,        CLI_HIDDEN},
    };
    if (!a->sobol)
        a->sobol = cli_sheet_new(a->q->answer, "sobol", "Sobol's indices: shares of the variance",
                                 column, COLUMNS(column));
    cli_sheet *sheet = a->sobol;
    ranked *order = cli_take(s->parameters, sizeof *order);
    double sum = 0, moved = 0;
    size_t naught = 0;
    for (size_t i = 0; i < s->parameters; i++) {
        const dt_sobol_index *index = &s->sobol[i];
        order[i] = (ranked){index->total, i};
        sum += index->first;
        moved = fmax(moved, fmax(fabs(index->first - index->first_half),
                                 fabs(index->total - index->total_half)));
        naught += index->first_low <= 0 && index->first_high >= 0;
    }
    qsort(order, s->parameters, sizeof *order, by_weight);
    for (size_t r = 0; r < s->parameters; r++) {
        const size_t i = order[r].at;
        const dt_sobol_index *index = &s->sobol[i];
        const bool apart = index->first_low > 0 || index->first_high < 0;
        begin_row(a, sheet, policy, outcome, s->parameter[i]);
        cli_put(sheet, (cli_cell){.kind = CLI_NUMBER, .number = index->first, .marked = apart});
        cli_put_number(sheet, index->first_low);
        cli_put_number(sheet, index->first_high);
        cli_put(
            sheet,
            (cli_cell){.kind = CLI_NUMBER, .number = index->total, .marked = index->total_low > 0});
        cli_put_number(sheet, index->total_low);
        cli_put_number(sheet, index->total_high);
        cli_put_number(sheet, index->first_half);
        cli_put_number(sheet, index->total_half);
        cli_put_words(sheet, cli_source_of(a->q, s->parameter[i]));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->parameters);
    cli_note(
        &sheet->notes,
        "%s: variance %.4g, mean %.4g; first-order indices sum to %.3f: that much of the variance "
        "is parameters by themselves, the rest is their interaction. %zu first-order %s no star: "
        "with 0 in the 95 %% interval they are indistinguishable from 0.",
        heading_of(a, policy, outcome), s->variance, s->mean, sum, naught,
        naught == 1 ? "index has" : "indices have");
    cli_note(
        &sheet->notes,
        "Convergence: from the first half of the %zu rows to all of them no index moves by more "
        "than %.4f. Intervals: %zu bootstrap resamples of rows.",
        s->rows, moved, s->resamples);
}

static void put_morris(asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    static const cli_column column[] = {
        BEGINNING,
        {"size",    "mu*",   CLI_DATA  },
        {"mean",    "mu",    CLI_DATA  },
        {"spread",  "sigma", CLI_DATA  },
        {"effects", NULL,    CLI_DATA  },
        {"source",  NULL,    CLI_HIDDEN},
    };
    if (!a->morris)
        a->morris = cli_sheet_new(a->q->answer, "morris", "Elementary effects (Morris)", column,
                                  COLUMNS(column));
    cli_sheet *sheet = a->morris;
    ranked *order = cli_take(s->parameters, sizeof *order);
    for (size_t i = 0; i < s->parameters; i++)
        order[i] = (ranked){isnan(s->elementary[i].size) ? -1 : s->elementary[i].size, i};
    qsort(order, s->parameters, sizeof *order, by_weight);
    for (size_t r = 0; r < s->parameters; r++) {
        const dt_elementary *effect = &s->elementary[order[r].at];
        const size_t parameter = s->parameter[order[r].at];
        begin_row(a, sheet, policy, outcome, parameter);
        cli_put_number(sheet, effect->size);
        cli_put_number(sheet, effect->mean);
        cli_put_number(sheet, effect->spread);
        cli_put_count(sheet, effect->effects);
        cli_put_words(sheet, cli_source_of(a->q, parameter));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->parameters);
    if (a->answered == 0)
        cli_note(
            &sheet->notes,
            "What a step through the parameter's whole range does to the outcome: mu* the mean "
            "size, mu the mean, sigma how much it depends on the other numbers, or isn't "
            "straight. %s gives shares of the variance.",
            "'detente study --design saltelli'");
}

static void put_swings(asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    static const cli_column column[] = {
        BEGINNING,
        {"low",     "from",    CLI_DATA  },
        {"high",    "to",      CLI_DATA  },
        {"at_low",  "outcome", CLI_DATA  },
        {"at_high", "to",      CLI_DATA  },
        {"swing",   NULL,      CLI_DATA  },
        {"least",   NULL,      CLI_HIDDEN},
        {"most",    NULL,      CLI_HIDDEN},
        {"source",  NULL,      CLI_HIDDEN},
    };
    if (!a->swing)
        a->swing = cli_sheet_new(a->q->answer, "swings", "One at a time: swings of the outcome",
                                 column, COLUMNS(column));
    cli_sheet *sheet = a->swing;
    ranked *order = cli_take(s->parameters, sizeof *order);
    for (size_t i = 0; i < s->parameters; i++)
        order[i] = (ranked){s->swing[i].most - s->swing[i].least, i};
    qsort(order, s->parameters, sizeof *order, by_weight);
    for (size_t r = 0; r < s->parameters; r++) {
        const dt_swing *swing = &s->swing[order[r].at];
        const size_t parameter = s->parameter[order[r].at];
        begin_row(a, sheet, policy, outcome, parameter);
        cli_put_number(sheet, swing->low);
        cli_put_number(sheet, swing->high);
        cli_put_number(sheet, swing->at_low);
        cli_put_number(sheet, swing->at_high);
        cli_put_number(sheet, order[r].weight);
        cli_put_number(sheet, swing->least);
        cli_put_number(sheet, swing->most);
        cli_put_words(sheet, cli_source_of(a->q, parameter));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->parameters);
    if (a->answered == 0)
        cli_note(
            &sheet->notes,
            "Each parameter moved alone, the others as declared. Swing: the largest outcome on the "
            "way less the least. Interactions don't show: 'detente study --design saltelli' "
            "has them.");
}

static void put_ranks(asking *a, const dt_sensitivity *s, size_t policy, size_t outcome)
{
    static const cli_column column[] = {
        BEGINNING,
        {"correlation",  "Spearman",     CLI_DATA},
        {"standardised", "standardised", CLI_DATA},
        {"source",       NULL,           CLI_DATA},
    };
    if (!a->rank)
        a->rank = cli_sheet_new(a->q->answer, "ranks", "Rank correlations with the outcome", column,
                                COLUMNS(column));
    cli_sheet *sheet = a->rank;
    ranked *order = cli_take(s->parameters, sizeof *order);
    for (size_t i = 0; i < s->parameters; i++)
        order[i] = (ranked){fabs(s->rank[i].correlation), i};
    qsort(order, s->parameters, sizeof *order, by_weight);
    for (size_t r = 0; r < s->parameters; r++) {
        const dt_rank_effect *effect = &s->rank[order[r].at];
        const size_t parameter = s->parameter[order[r].at];
        begin_row(a, sheet, policy, outcome, parameter);
        cli_put(sheet, (cli_cell){.kind = CLI_NUMBER,
                                  .number = effect->correlation,
                                  .marked = order[r].weight > s->rank_floor});
        cli_put_number(sheet, effect->standardised);
        cli_put_words(sheet, cli_source_of(a->q, parameter));
        hide(a, sheet, r);
    }
    note_hidden(a, sheet, s->parameters);
    cli_note(
        &sheet->notes,
        "%s: %s* correlation past %.3f, which one in twenty unrelated parameters "
        "would be.",
        heading_of(a, policy, outcome),
        isnan(s->explained)
            ? "too few worlds for a regression on ranks. "
            : cli_print("a linear function of the ranks explains %.0f %% of the outcome's ranks. ",
                        100 * s->explained),
        s->rank_floor);
}

static dt_status ask(asking *a, size_t policy, size_t outcome)
{
    dt_sensitivity *s;
    const dt_status status = dt_sensitivities(a->q->data, policy, outcome, &a->q->options, &s);
    if (status != DT_OK)
        return status;
    if (a->q->answer->before.count == 0)
        cli_say_basis(a->q, &s->basis);
    if (s->constant && !s->elementary && !s->swing)
        cli_note(&a->q->answer->before,
                 "%s is %.4g in every world: without variance there is nothing to share out.",
                 heading_of(a, policy, outcome), s->mean);
    else if (a->q->data->design == DT_DESIGN_SALTELLI && !s->sobol)
        cli_note(&a->q->answer->before,
                 "%s: %s of the design solved in all blocks; indices take at least 2.",
                 heading_of(a, policy, outcome), cli_plural(s->rows, "row", "rows"));
    if (s->sobol)
        put_sobol(a, s, policy, outcome);
    if (s->elementary)
        put_morris(a, s, policy, outcome);
    if (s->swing)
        put_swings(a, s, policy, outcome);
    if (s->rank)
        put_ranks(a, s, policy, outcome);
    a->answered += s->sobol || s->elementary || s->swing || s->rank;
    dt_sensitivity_free(s);
    return DT_OK;
}

/* ---- which policy is best ---- */

static void put_worths(asking *a, const dt_decision *d)
{
    static const cli_column column[] = {
        {"outcome",   NULL,         CLI_GROUP},
        {"parameter", NULL,         CLI_LABEL},
        {"worth",     NULL,         CLI_DATA },
        {"share",     "of all",     CLI_DATA },
        {"turn",      "turns at",   CLI_DATA },
        {"best_low",  "best below", CLI_DATA },
        {"best_high", "best above", CLI_DATA },
        {"source",    NULL,         CLI_DATA },
    };
    if (!a->worth)
        a->worth = cli_sheet_new(a->q->answer, "worth",
                                 "What knowing a number is worth before choosing a policy", column,
                                 COLUMNS(column));
    cli_sheet *sheet = a->worth;
    size_t none = 0;
    for (size_t i = 0; i < d->parameters; i++) {
        const dt_decisive *p = &d->decisive[i];
        const bool above = p->worth > d->floor;
        cli_put_words(sheet, cli_outcome_name(a->q, d->outcome));
        cli_put_words(sheet, cli_parameter_name(a->q, p->parameter));
        cli_put(sheet, (cli_cell){.kind = isnan(p->worth) ? CLI_NOTHING : CLI_NUMBER,
                                  .number = p->worth,
                                  .marked = above});
        cli_put_share(sheet, d->perfect > 0 ? p->worth / d->perfect : (double)NAN);
        cli_put_number(sheet, above ? p->turn : (double)NAN);
        cli_put_words(sheet, above ? cli_policy_name(a->q, p->best_low) : NULL);
        cli_put_words(sheet, above ? cli_policy_name(a->q, p->best_high) : NULL);
        cli_put_words(sheet, cli_source_of(a->q, p->parameter));
        cli_row *row = cli_last_row(sheet);
        row->hidden = (i >= SHOWN || !(p->worth > 0)) && !a->q->line->table;
        row->heading = cli_outcome_heading(a->q, d->outcome);
        none += !(p->worth > 0);
    }
    if (d->bins == 0)
        cli_note(&sheet->notes, "%s: too few points to tell.", cli_outcome_name(a->q, d->outcome));
    else if (d->perfect == 0)
        cli_note(&sheet->notes,
                 "%s: %s is best at every point, so that knowing numbers before choosing is worth "
                 "nothing.",
                 cli_outcome_name(a->q, d->outcome), cli_policy_name(a->q, d->best));
    else if (none == d->parameters)
        cli_note(&sheet->notes,
                 "%s: no single number, were it known, would change which policy is best.",
                 cli_outcome_name(a->q, d->outcome));
    else
        cli_note(&sheet->notes,
                 "%s: %zu of %zu numbers would change nothing by themselves; at most %d of "
                 "the others are shown, --table worth has all.",
                 cli_outcome_name(a->q, d->outcome), none, d->parameters, SHOWN);
    if (d->bins > 0 && d->perfect > 0)
        cli_note(&sheet->notes,
                 "%s: best by the mean is %s. Knowing every number would be worth %.4g. * worth "
                 "past %.4g, "
                 "which none of %zu random orders of the points reached; by noise alone it is %.4g "
                 "too large "
                 "on average (%zu bins), and means over bins make it too small. Turns at: where "
                 "the best "
                 "policy of the lowest bin is passed by that of the highest.",
                 cli_outcome_name(a->q, d->outcome), cli_policy_name(a->q, d->best), d->perfect,
                 d->floor, d->resamples, d->bias, d->bins);
}

static void put_flips(asking *a, const dt_decision *d)
{
    static const cli_column column[] = {
        {"outcome",    NULL,          CLI_GROUP},
        {"parameter",  NULL,          CLI_LABEL},
        {"nominal",    NULL,          CLI_DATA },
        {"flip_below", "flips below", CLI_DATA },
        {"best_below", "to",          CLI_DATA },
        {"flip_above", "flips above", CLI_DATA },
        {"best_above", "to",          CLI_DATA },
        {"source",     NULL,          CLI_DATA },
    };
    if (!a->flip)
        a->flip =
            cli_sheet_new(a->q->answer, "flips", "Numbers at which another policy becomes best",
                          column, COLUMNS(column));
    cli_sheet *sheet = a->flip;
    size_t none = 0;
    for (size_t i = 0; i < d->parameters; i++) {
        const dt_decisive *p = &d->decisive[i];
        const bool below = !isnan(p->flip_below), above = !isnan(p->flip_above);
        none += !below && !above;
        cli_put_words(sheet, cli_outcome_name(a->q, d->outcome));
        cli_put_words(sheet, cli_parameter_name(a->q, p->parameter));
        cli_put_number(sheet, a->q->data->held[p->parameter]);
        cli_put_number(sheet, p->flip_below);
        cli_put_words(sheet, below ? cli_policy_name(a->q, p->best_below) : NULL);
        cli_put_number(sheet, p->flip_above);
        cli_put_words(sheet, above ? cli_policy_name(a->q, p->best_above) : NULL);
        cli_put_words(sheet, cli_source_of(a->q, p->parameter));
        cli_row *row = cli_last_row(sheet);
        row->hidden = !below && !above && !a->q->line->table;
        row->heading = cli_outcome_heading(a->q, d->outcome);
    }
    cli_note(&sheet->notes,
             "%s: best in the nominal world is %s. %zu of %zu parameters, moved alone, never "
             "change that "
             "within their range. Flip values are interpolated linearly between the points of the "
             "design; the nearest in the range's measure comes first.",
             cli_outcome_name(a->q, d->outcome), cli_policy_name(a->q, d->best), none,
             d->parameters);
}

static dt_status ask_decision(asking *a, size_t outcome)
{
    if (a->q->data->policies < 2 || a->q->data->design == DT_DESIGN_MORRIS ||
        dt_model_outcome_direction(a->q->model, outcome) == 0)
        return DT_OK;
    dt_decision *d;
    const dt_status status = dt_decide(a->q->data, outcome, &a->q->options, &d);
    if (status != DT_OK)
        return status;
    if (d->worths)
        put_worths(a, d);
    if (d->flips)
        put_flips(a, d);
    dt_decision_free(d);
    return DT_OK;
}

/* What this file can't say, and which design could. */
static void say_others(const asking *a)
{
    cli_texts *after = &a->q->answer->after;
    const dt_design design = a->q->data->design;
    if (design != DT_DESIGN_SALTELLI)
        cli_note(after,
                 "Shares of the variance (Sobol's indices) take 'detente study MODEL --design "
                 "saltelli --base 1024 -o FILE'.");
    if (design != DT_DESIGN_ONE_AT_A_TIME)
        cli_note(after,
                 "Numbers at which another policy becomes best take 'detente study MODEL --design "
                 "one-at-a-time -o FILE'.");
    if (design == DT_DESIGN_ONE_AT_A_TIME || design == DT_DESIGN_MORRIS)
        cli_note(after,
                 "What knowing a number is worth takes a sample: 'detente study MODEL --worlds "
                 "4096 -o FILE'.");
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
    asking a = {.q = &q};
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
        status = ask_decision(&a, q.outcome[o]);
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
