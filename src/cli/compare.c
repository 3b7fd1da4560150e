/*
 * detente compare: which policy holds up. It opens with what comes out: every outcome under every
 * policy, median and band. Then, for every outcome, the choice that each measure makes, the
 * distributions, the measures with their agreement, the differences between policies; over all
 * outcomes the thresholds that are kept and the Pareto set. Of many outcomes the terminal shows the
 * overview and the choices, and the rest of those that are asked for.
 */
#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "detente_referee.h"
#include "question.h"

/* Outcomes that are shown in full without being asked for. */
enum { FEW = 3 };
/* Of dt_quantile_share: 5 %, the median, 95 %. */
enum { LOW = 1, MEDIAN = 3, HIGH = 5 };
static const double FIRM = 0.95;

typedef struct comparing {
    cli_question *q;
    const dt_comparison *c;
    bool whole;            /* everything is shown */
    const bool *by_chance; /* [outcomes] the policies rank so if everybody tosses coins, too */
} comparing;

static const char *mean_name(const comparing *on)
{
    return on->c->basis.deep ? "Laplace" : "expected";
}

/* The measures' heads on the terminal. */
static const char *measure_head(const comparing *on, dt_measure m)
{
    static const char *const head[] = {NULL, "Wald", "Hurwicz", "Savage", "regret 90 %"};
    return m == DT_MEASURE_MEAN ? mean_name(on) : head[m];
}

static void add_measures(const comparing *on, cli_sheet *sheet)
{
    for (dt_measure m = 0; m < DT_MEASURES; m++)
        cli_sheet_column(sheet, CLI_DATA, dt_measure_name(m), measure_head(on, m));
}

static const char NO_DIRECTION[] = "None of these outcomes has a direction, so no policy is best "
                                   "by any: write 'maximise' or 'minimise' in the model.";
static const char ONE_POLICY[] = "There is one policy: nothing to compare it with.";

/* ---- what holds by chance alone ----------------------------------------------------------------- */

/* The outcomes of the study's policies in its nominal world if everybody tosses coins. */
static dt_status find_chance(const cli_question *q, const cli_chance *chance)
{
    const dt_study_data *data = q->data;
    dt_status status = DT_OK;
    for (size_t p = 0; p < data->policies && status == DT_OK; p++) {
        dt_game *game;
        status =
            dt_game_explore_known(q->model, data->policy[p], data->held, 1, &q->options, &game);
        if (status != DT_OK)
            break;
        status = cli_chance_of(chance, game, p);
        dt_game_free(game);
    }
    return status;
}

/* Of the outcomes compared: which rank the policies in the nominal world as they do by chance alone. */
static dt_status judge_rankings(const cli_question *q, const dt_comparison *c, bool *by_chance)
{
    const size_t policies = q->data->policies;
    const cli_chance chance = cli_chance_start(q->model, q->data->held, &q->options, policies);
    double *nominal = cli_take(policies, sizeof *nominal);
    const dt_status status = policies > 1 ? find_chance(q, &chance) : DT_OK;
    assert(c->policies == policies);
    for (size_t o = 0; o < c->outcomes && status == DT_OK; o++) {
        const dt_compared_outcome *mine = &c->outcome[o];
        for (size_t p = 0; p < policies; p++)
            nominal[p] = mine->policy[p].nominal;
        by_chance[o] = mine->direction != 0 && cli_chance_ranks(&chance, mine->outcome, nominal);
    }
    return status;
}

/* The name of an outcome, and its heading, with the mark of what holds by chance. */
static cli_cell outcome_cell(const comparing *on, size_t o)
{
    const char *name = cli_outcome_name(on->q, on->c->outcome[o].outcome);
    return (cli_cell){.kind = CLI_WORDS,
                      .words = name,
                      .shown = on->by_chance[o] ? cli_chance_mark(name, true) : NULL};
}

static const char *outcome_heading(const comparing *on, size_t o)
{
    const char *heading = cli_outcome_heading(on->q, on->c->outcome[o].outcome);
    return on->by_chance[o] ? cli_print("%s %s", heading, CLI_BY_CHANCE) : heading;
}

static void note_chance(const comparing *on, cli_sheet *sheet)
{
    for (size_t o = 0; o < on->c->outcomes; o++) {
        if (on->by_chance[o]) {
            cli_note(
                &sheet->notes,
                "%s in the nominal world the policies rank so, too, if everybody tosses coins.",
                CLI_BY_CHANCE);
            return;
        }
    }
}

/* ---- the tables --------------------------------------------------------------------------------- */

/* A row of the overview: of each policy one of its quantiles. */
static void put_quantile(const comparing *on, cli_sheet *sheet, size_t o, const char *number,
                         size_t quantile)
{
    cli_put_cell(sheet, outcome_cell(on, o));
    cli_put(sheet, "%s", number);
    for (size_t p = 0; p < on->c->policies; p++)
        cli_put(sheet, "%g", on->c->outcome[o].policy[p].quantile[quantile]);
}

/* The row of the overview that shows the band: on the terminal both its ends in one. */
static void put_band(const comparing *on, cli_sheet *sheet, const dt_compared_outcome *o)
{
    cli_put_cell(
        sheet,
        (cli_cell){.kind = CLI_WORDS, .words = cli_outcome_name(on->q, o->outcome), .shown = ""});
    cli_put(sheet, "%s", "p05");
    for (size_t p = 0; p < on->c->policies; p++) {
        const double *at = o->policy[p].quantile;
        cli_put_cell(sheet,
                     (cli_cell){.kind = CLI_NUMBER,
                                .number = at[LOW],
                                .shown = cli_print("%.3g..%.3g", cli_unless_rounding(at[LOW]),
                                                   cli_unless_rounding(at[HIGH]))});
    }
}

static bool has_words(const comparing *on, size_t policy)
{
    return cli_policy_words(on->q, policy) != cli_policy_name(on->q, policy);
}

/* "as_is: Each ally for itself" */
static void note_words(const comparing *on, cli_sheet *sheet)
{
    for (size_t p = 0; p < on->c->policies; p++) {
        if (has_words(on, p))
            cli_note(&sheet->notes, "%s: %s.", cli_policy_name(on->q, p),
                     cli_policy_words(on->q, p));
    }
}

static void put_overview(const comparing *on)
{
    cli_sheet *sheet = cli_sheet_new(
        on->q->answer, "overview", "What comes out: median and 5..95 % band", "|outcome, -number");
    for (size_t p = 0; p < on->c->policies; p++)
        cli_sheet_column(sheet, CLI_DATA, cli_policy_name(on->q, p), NULL);
    for (size_t o = 0; o < on->c->outcomes; o++) {
        put_quantile(on, sheet, o, "median", MEDIAN);
        put_band(on, sheet, &on->c->outcome[o]);
        put_quantile(on, sheet, o, "p95", HIGH);
        cli_last_row(sheet)->hidden = true; /* stands in the row before */
    }
    if (sheet->rows == 0)
        sheet->absent = "The model has no outcomes.";
    else
        note_words(on, sheet);
    note_chance(on, sheet);
}

static void put_choices(const comparing *on)
{
    cli_sheet *sheet =
        cli_sheet_new(on->q->answer, "choices", "The best policy by each measure", "|outcome");
    for (dt_measure m = 0; m < DT_MEASURES; m++) {
        cli_sheet_column(sheet, CLI_DATA, dt_measure_name(m), measure_head(on, m));
        cli_sheet_column(sheet, CLI_HIDDEN, cli_print("%s_chosen", dt_measure_name(m)), NULL);
    }
    cli_sheet_column(sheet, CLI_HIDDEN, "turns", NULL);
    cli_sheet_column(sheet, CLI_HIDDEN, "by_chance", NULL);
    for (size_t o = 0; o < on->c->outcomes; o++) {
        const dt_compared_outcome *mine = &on->c->outcome[o];
        if (mine->direction == 0)
            continue;
        cli_put_cell(sheet, outcome_cell(on, o));
        for (dt_measure m = 0; m < DT_MEASURES; m++) {
            const char *name = cli_policy_name(on->q, mine->choice[m]);
            const double chosen = mine->policy[mine->choice[m]].chosen[m];
            if (mine->tied[m] > 1)
                name = cli_print("%s +%zu", name, mine->tied[m] - 1);
            cli_put(sheet, "%c%s %f", cli_mark_if(chosen >= FIRM, chosen < FIRM), name, chosen);
        }
        cli_put(sheet, "%zu %s", mine->turns, on->by_chance[o] ? "yes" : "");
    }
    sheet->judged = true;
    if (sheet->rows == 0) {
        sheet->absent = NO_DIRECTION;
        return;
    }
    note_chance(on, sheet);
    if (on->c->resamples)
        cli_note(&sheet->notes,
                 "* firm: made by at least 95 %% of %zu bootstrap resamples of the points. ~ "
                 "within noise: by fewer.",
                 on->c->resamples);
    cli_note(&sheet->notes, "'+1': tied with one more. Where measures disagree about pairs of "
                            "policies, --table differences says about which.");
    cli_note(&sheet->notes,
             "%s: %s. Wald: best worst point. Hurwicz: %.3g best point + %.3g worst. Savage: least "
             "largest regret. Regret 90 %%: the regret passed at a tenth of the points.",
             mean_name(on),
             on->c->basis.posterior ? "mean over the posterior"
             : on->c->basis.deep    ? "mean, all points of the design weighing the same"
                                    : "mean over risks",
             on->c->optimism, 1 - on->c->optimism);
}

static void put_distribution(const comparing *on)
{
    cli_sheet *sheet = cli_sheet_new(on->q->answer, "distribution", "Distributions over the points",
                                     "#outcome, |policy, nominal, mean, -low, -high, -least, p05=5 "
                                     "%, -p25=25 %, median, -p75=75 %, p95=95 %, -most");
    sheet->hidden = !on->whole;
    for (size_t o = 0; o < on->c->outcomes; o++) {
        const dt_compared_outcome *mine = &on->c->outcome[o];
        for (size_t p = 0; p < on->c->policies; p++) {
            const dt_compared *policy = &mine->policy[p];
            cli_put(sheet, "%s %s %g %g %g %g", cli_outcome_name(on->q, mine->outcome),
                    cli_policy_name(on->q, p), policy->nominal, policy->measure[DT_MEASURE_MEAN],
                    policy->low, policy->high);
            for (size_t i = 0; i < DT_QUANTILES; i++)
                cli_put(sheet, "%g", policy->quantile[i]);
            cli_last_row(sheet)->heading = cli_outcome_heading(on->q, mine->outcome);
        }
    }
}

static void put_measures(const comparing *on)
{
    cli_sheet *sheet = cli_sheet_new(on->q->answer, "measures", "Measures", "#outcome, |policy");
    for (dt_measure m = 0; m < DT_MEASURES; m++) {
        cli_sheet_column(sheet, CLI_DATA, dt_measure_name(m), measure_head(on, m));
        cli_sheet_column(sheet, CLI_HIDDEN, cli_print("%s_rank", dt_measure_name(m)), NULL);
        cli_sheet_column(sheet, CLI_HIDDEN, cli_print("%s_chosen", dt_measure_name(m)), NULL);
    }
    cli_sheet_column(sheet, CLI_DATA, "best", "best in");
    sheet->hidden = !on->whole;
    for (size_t o = 0; o < on->c->outcomes; o++) {
        const dt_compared_outcome *mine = &on->c->outcome[o];
        if (mine->direction == 0)
            continue;
        for (size_t p = 0; p < on->c->policies; p++) {
            const dt_compared *policy = &mine->policy[p];
            cli_put(sheet, "%s %s", cli_outcome_name(on->q, mine->outcome),
                    cli_policy_name(on->q, p));
            for (dt_measure m = 0; m < DT_MEASURES; m++) {
                const bool best = policy->rank[m] == 1, noisy = policy->chosen[m] < FIRM;
                cli_put(sheet, "%c%g %zu %f", cli_mark_if(best && !noisy, best && noisy),
                        policy->measure[m], policy->rank[m], policy->chosen[m]);
            }
            cli_put(sheet, "%f", policy->best);
            cli_last_row(sheet)->heading = outcome_heading(on, o);
        }
    }
    sheet->judged = true;
    if (sheet->rows == 0)
        sheet->absent = NO_DIRECTION;
    else
        cli_note(&sheet->notes, "* best by the measure. ~ the same, within noise: fewer than 95 %% "
                                "of the resamples agree. Best in: the share of points at which the "
                                "policy is best, ties counting for each.");
    note_chance(on, sheet);
}

static void put_agreement(const comparing *on)
{
    cli_sheet *sheet =
        cli_sheet_new(on->q->answer, "agreement", "Do the measures rank alike? Kendall's tau",
                      "#outcome, |measure");
    add_measures(on, sheet);
    sheet->hidden = !on->whole;
    for (size_t o = 0; o < on->c->outcomes && on->c->policies > 1; o++) {
        const dt_compared_outcome *mine = &on->c->outcome[o];
        if (mine->direction == 0)
            continue;
        for (dt_measure m = 0; m < DT_MEASURES; m++) {
            cli_put(sheet, "%s %s", cli_outcome_name(on->q, mine->outcome), measure_head(on, m));
            for (dt_measure k = 0; k < DT_MEASURES; k++)
                cli_put(sheet, "%g", mine->tau[m][k]);
        }
    }
    if (sheet->rows == 0)
        sheet->absent = on->c->policies > 1 ? NO_DIRECTION : ONE_POLICY;
    else
        cli_note(&sheet->notes, "1: the same order of policies; -1: the opposite one.");
}

static const char *order_word(const comparing *on, const dt_difference *d, dt_measure m)
{
    return d->order[m] > 0   ? cli_policy_name(on->q, d->policy)
           : d->order[m] < 0 ? cli_policy_name(on->q, d->other)
                             : "tied";
}

static void put_differences(const comparing *on)
{
    cli_sheet *sheet = cli_sheet_new(
        on->q->answer, "differences", "Differences of means, world by world",
        "#outcome, |pair, -policy, -other, mean, low=95 % from, high=to, better=better in, turns");
    for (dt_measure m = 0; m < DT_MEASURES; m++)
        cli_sheet_column(sheet, CLI_HIDDEN, cli_print("by_%s", dt_measure_name(m)), NULL);
    sheet->hidden = !on->whole;
    for (size_t o = 0; o < on->c->outcomes; o++) {
        const dt_compared_outcome *mine = &on->c->outcome[o];
        for (size_t i = 0; i < mine->differences; i++) {
            const dt_difference *d = &mine->difference[i];
            const char *policy = cli_policy_name(on->q, d->policy),
                       *other = cli_policy_name(on->q, d->other);
            cli_put(sheet, "%s %s %s %s", cli_outcome_name(on->q, mine->outcome),
                    cli_print("%s - %s", policy, other), policy, other);
            const bool clear = d->low > 0 || d->high < 0;
            cli_put(sheet, "%c%g %g %g %f %s", cli_mark_if(clear, !clear && d->high > d->low),
                    d->mean, d->low, d->high, d->better, d->turns ? "yes" : "");
            for (dt_measure m = 0; m < DT_MEASURES; m++)
                cli_put(sheet, "%s", mine->direction ? order_word(on, d, m) : NULL);
            const size_t best = mine->choice[DT_MEASURE_MEAN];
            cli_row *row = cli_last_row(sheet);
            row->heading = cli_outcome_heading(on->q, mine->outcome);
            row->hidden = on->c->policies > 4 && mine->direction && !on->q->line->table &&
                          d->policy != best && d->other != best;
        }
    }
    sheet->judged = true;
    if (sheet->rows == 0) {
        sheet->absent = ONE_POLICY;
    } else {
        if (on->c->resamples)
            cli_note(&sheet->notes,
                     "* clear: the paired bootstrap interval (%zu resamples) leaves 0 out; ~ "
                     "within noise: it doesn't. It says how far the mean over so many points can "
                     "be trusted, not how far worlds differ.",
                     on->c->resamples);
        cli_note(&sheet->notes, "Turns: measures disagree about the order.%s",
                 on->c->policies > 4 && !on->q->line->table
                     ? " Shown are the differences to the policy with the best mean; --table "
                       "differences has all."
                     : "");
    }
}

static void put_requirements(const comparing *on)
{
    const size_t requirements = on->c->requirements;
    if (requirements == 0) {
        cli_absent(on->q->answer, "requirements",
                   "No requirement was given: --require 'OUTCOME < NUMBER' says what a policy "
                   "should keep.");
        return;
    }
    cli_sheet *sheet =
        cli_sheet_new(on->q->answer, "requirements",
                      "Where are the requirements kept? (share of points)", "|policy");
    for (size_t r = 0; r < requirements; r++)
        cli_sheet_column(sheet, CLI_DATA, on->q->line->require.at[r], NULL);
    cli_sheet_column(sheet, CLI_DATA, "all", "all of them");
    for (size_t p = 0; p < on->c->policies; p++) {
        cli_put(sheet, "%s", cli_policy_name(on->q, p));
        for (size_t r = 0; r <= requirements; r++) {
            const double *share =
                r < requirements ? on->c->kept + r * on->c->policies : on->c->all_kept;
            double most = 0;
            for (size_t k = 0; k < on->c->policies; k++)
                most = fmax(most, share[k]);
            const bool clear = !on->c->kept_clear || on->c->kept_clear[r * on->c->policies + p];
            cli_put(sheet, "%c%f",
                    cli_mark_if(share[p] == most && clear, share[p] == most && !clear), share[p]);
        }
    }
    sheet->judged = true;
    cli_note(&sheet->notes,
             "Of one requirement: Starr's domain criterion; of all: satisficing. * most often; ~ "
             "the same, but ahead of another by less than 1.96 standard errors%s.",
             on->c->basis.averaged ? ". A deep draw keeps it if its average over the risks does"
                                   : "");
}

/* "by Laplace and Savage": the measures by which a policy is beaten by another. */
static const char *measures_beaten(const comparing *on, size_t policy, size_t by)
{
    cli_texts heads = {0};
    for (dt_measure m = 0; m < DT_MEASURES; m++) {
        if (on->c->dominated[m * on->c->policies + policy] == by)
            cli_add(&heads, measure_head(on, m));
    }
    return heads.count == DT_MEASURES ? "every measure"
           : heads.count              ? cli_join(&heads, ", ")
                                      : NULL;
}

/* Who beats whom, in the words of the model. */
static void note_beaten(const comparing *on, cli_sheet *sheet)
{
    for (size_t p = 0; p < on->c->policies; p++) {
        for (size_t by = 0; by < on->c->policies; by++) {
            const char *measures = has_words(on, by) ? measures_beaten(on, p, by) : NULL;
            if (measures)
                cli_note(&sheet->notes, "%s: beaten by \"%s\" (%s), by %s.",
                         cli_policy_name(on->q, p), cli_policy_words(on->q, by),
                         cli_policy_name(on->q, by), measures);
        }
    }
}

static void put_pareto(const comparing *on)
{
    cli_sheet *sheet = cli_sheet_new(on->q->answer, "pareto",
                                     cli_print("Pareto set over %s with a direction",
                                               cli_plural(on->c->directed, "outcome", "outcomes")),
                                     "|policy");
    add_measures(on, sheet);
    for (size_t p = 0; p < on->c->policies && on->c->directed > 0; p++) {
        cli_put(sheet, "%s", cli_policy_name(on->q, p));
        for (dt_measure m = 0; m < DT_MEASURES; m++) {
            const size_t by = on->c->dominated[m * on->c->policies + p];
            const bool in = by == on->c->policies;
            cli_put_cell(sheet, (cli_cell){.kind = CLI_WORDS,
                                           .words = in ? "in" : cli_policy_name(on->q, by),
                                           .shown = in || !has_words(on, by) ? NULL : "beaten",
                                           .marked = in});
        }
    }
    if (sheet->rows == 0) {
        sheet->absent = NO_DIRECTION;
        return;
    }
    cli_note(&sheet->notes, "* in the set. Beaten, or a name: that policy is no worse by any of "
                            "these outcomes and better by one; noise isn't asked about.");
    note_beaten(on, sheet);
}

static void put_all(const comparing *on)
{
    cli_say_basis(on->q, &on->c->basis);
    json_object_update_new(on->q->answer->facts,
                           json_pack("{s:f, s:I, s:s}", "optimism", on->c->optimism, "resamples",
                                     (json_int_t)on->c->resamples, "mean_is",
                                     on->c->basis.deep ? "laplace" : "expected value"));
    put_overview(on);
    put_choices(on);
    put_distribution(on);
    put_measures(on);
    put_agreement(on);
    put_differences(on);
    put_requirements(on);
    put_pareto(on);
    if (!on->whole)
        cli_note(&on->q->answer->after, "More of an outcome: --outcome NAME. More of all: --table "
                                        "distribution, measures, agreement or differences.");
}

dt_status cli_run_compare(const cli_line *line)
{
    cli_question q;
    dt_status status = cli_question_open(&q, line);
    if (status != DT_OK)
        return status;
    double optimism;
    dt_criterion *requirement;
    dt_comparison *found = NULL;
    bool good = cli_read_share(line->optimism, "optimism", 0.5, &optimism);
    good &= cli_read_criteria(&q, &line->require, &requirement);
    status = DT_INVALID;
    if (good) {
        const dt_compare_how how = {.outcomes = q.outcomes,
                                    .outcome = q.outcome,
                                    .requirements = line->require.count,
                                    .requirement = requirement,
                                    .optimism = optimism};
        status = dt_compare(q.data, &how, &q.options, &found);
    }
    if (status == DT_OK) {
        bool *by_chance = cli_take(found->outcomes, sizeof *by_chance);
        status = judge_rankings(&q, found, by_chance);
        if (status == DT_OK) {
            put_all(&(comparing){&q, found, line->outcome.count > 0 || found->outcomes <= FEW,
                                 by_chance});
            status = cli_answer_print(q.answer);
        }
    }
    dt_comparison_free(found);
    cli_question_close(&q);
    return status;
}
