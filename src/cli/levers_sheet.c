/*
 * What `levers` found as tables for other programs and for papers: each outcome at both ends with the two parts of its
 * difference, and a row for each ingredient with its share of it; with --full also each alone, left out, and pairs; with
 * --worlds how far the shares hold. Numbers are those of --json; what two policies differ in by chance alone, too, has the
 * mark that it has on the terminal.
 */
#include "levers.h"
#include "sheet.h"

#include <math.h>

static const char *outcome_name(const cli_levers *l, size_t shown)
{
    return dt_model_item(l->session->model, DT_OUTCOMES, l->shown[shown]);
}

static const char *marked_name(const cli_levers *l, size_t shown)
{
    return cli_chance_mark(outcome_name(l, shown), l->by_chance[l->shown[shown]]);
}

static void add_ends(cli_answer *answer, const cli_levers *l)
{
    const dt_model *model = l->session->model;
    bool any = false;
    cli_sheet *sheet = cli_sheet_new(
        answer, "ends", cli_print("%s: from %s to %s", dt_model_name(model), l->from, l->to),
        "|outcome, description");
    cli_sheet_column(sheet, CLI_DATA, "from", l->from);
    cli_sheet_column(sheet, CLI_DATA, "to", l->to);
    cli_sheet_column(sheet, CLI_DATA, "difference", NULL);
    cli_sheet_column(sheet, CLI_DATA, "mechanical", NULL);
    cli_sheet_column(sheet, CLI_DATA, "adaptive", NULL);
    for (size_t s = 0; s < l->shown_count; s++) {
        const size_t outcome = l->shown[s], at = outcome * (l->worlds + 1);
        const double *v = cli_levers_cells(l, outcome, 0), to = v[l->cells - 1];
        any |= l->by_chance[outcome];
        cli_put(sheet, "%s %s %g %g %g %g %g", marked_name(l, s),
                dt_model_item_description(model, DT_OUTCOMES, outcome), v[0], to, to - v[0],
                l->result.mechanical[at], l->result.adaptive[at]);
    }
    if (any)
        cli_note(&sheet->notes, "%s The two differ that way, too, if everybody tosses coins.",
                 CLI_BY_CHANCE);
    if (l->result.uniform[0] > 0)
        cli_note(&sheet->notes,
                 "Mechanical: %.3g %% of the decisions are tossed up, as %s has no strategy where "
                 "they are made.",
                 100 * l->result.uniform[0], l->from);
}

/* Ingredients as rows, outcomes as columns. */
static void add_shares(cli_answer *answer, const cli_levers *l, const char *name, const char *title,
                       const double *(*pick)(const dt_shares *shares))
{
    cli_sheet *sheet = cli_sheet_new(answer, name, title, "|ingredient, before, after");
    const double **column = cli_take(l->shown_count, sizeof *column);
    for (size_t s = 0; s < l->shown_count; s++) {
        const dt_shares shares = cli_levers_shares(l, l->shown[s], 0);
        cli_sheet_column(sheet, CLI_DATA, outcome_name(l, s), NULL);
        column[s] = pick(&shares);
    }
    for (size_t i = 0; i < l->count; i++) {
        cli_put(sheet, "%s %s %s", dt_levers_name(l->between, i), dt_levers_side(l->between, i, 0),
                dt_levers_side(l->between, i, 1));
        for (size_t s = 0; s < l->shown_count; s++)
            cli_put(sheet, "%g", column[s][i]);
    }
}

static void add_pairs(cli_answer *answer, const cli_levers *l)
{
    if (l->count < 2) {
        cli_absent(answer, "interactions", "One ingredient has no other to go with.");
        return;
    }
    cli_sheet *sheet = cli_sheet_new(
        answer, "interactions", "What two give together beyond what each gives", "|one, other");
    dt_shares *shares = cli_take(l->shown_count, sizeof *shares);
    for (size_t s = 0; s < l->shown_count; s++) {
        cli_sheet_column(sheet, CLI_DATA, outcome_name(l, s), NULL);
        shares[s] = cli_levers_shares(l, l->shown[s], 0);
    }
    for (size_t i = 0; i < l->count; i++) {
        for (size_t j = i + 1; j < l->count; j++) {
            cli_put(sheet, "%s %s", dt_levers_name(l->between, i), dt_levers_name(l->between, j));
            for (size_t s = 0; s < l->shown_count; s++)
                cli_put(sheet, "%g", shares[s].interaction[i * l->count + j]);
        }
    }
}

static void add_worlds(cli_answer *answer, const cli_levers *l)
{
    cli_sheet *sheet =
        cli_sheet_new(answer, "worlds", cli_print("Shares over %zu worlds", l->worlds),
                      "outcome, |ingredient, worlds, nominal, median, p05=5 %, p95=95 %, "
                      "sign_holds=sign holds");
    for (size_t s = 0; s < l->shown_count; s++) {
        const dt_shares shares = cli_levers_shares(l, l->shown[s], 0);
        for (size_t i = 0; i < l->count; i++) {
            const cli_levers_band band = cli_levers_band_of(l, l->shown[s], i, shares.shapley[i]);
            cli_put(sheet, "%s %s %zu %g %g %g %g %f", outcome_name(l, s),
                    dt_levers_name(l->between, i), band.solved, shares.shapley[i], band.median,
                    band.low, band.high, band.holds);
        }
    }
    cli_note(&sheet->notes,
             "Bands over declared ranges are shares of a design, not probabilities.");
}

dt_status cli_levers_print_sheets(const cli_levers *l)
{
    const cli_line *line = l->session->line;
    cli_answer *answer = cli_answer_new(line);
    answer->noted = true;
    cli_note(&answer->cautions, "%s, detente %s: from %s to %s, %zu %s, %zu cells; %s.",
             dt_model_name(l->session->model), dt_version(), l->from, l->to, l->count,
             l->count == 1 ? "ingredient" : "ingredients", l->cells,
             line->set.count ? "numbers given with --set" : "the author's numbers");
    if (l->shown_count == 0)
        cli_absent(answer, "ends", "The model has no outcomes.");
    else
        add_ends(answer, l);
    if (l->shown_count == 0 || l->count == 0) {
        cli_absent(answer, "shares",
                   l->count ? "The model has no outcomes." : "The two policies differ in nothing.");
        return cli_answer_print(answer);
    }
    add_shares(answer, l, "shares", "Shares of the difference (Shapley)", cli_levers_shapley);
    if (line->full) {
        add_shares(answer, l, "alone", cli_print("Added alone to %s", l->from), cli_levers_alone);
        add_shares(answer, l, "left_out", cli_print("Left out of %s", l->to), cli_levers_left_out);
        add_pairs(answer, l);
    }
    if (l->worlds > 0)
        add_worlds(answer, l);
    return cli_answer_print(answer);
}
