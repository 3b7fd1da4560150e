/*
 * The tables of `design` for other programs and for papers: the front in the nominal world, and with --worlds the front over
 * these, each followed by the model's own policies that aren't on it. A row has its settings and the line that makes it a policy
 * (not in papers); what is best of a column stands in bold, and objectives by which the rows rank so by chance alone, too,
 * have the mark that they have on the terminal.
 */
#include "design.h"
#include "sheet.h"

#include <math.h>

/* A column of numbers. */
typedef struct column {
    const double *number; /* [rows] */
    bool share;           /* of worlds */
    double best, size;    /* the best is marked; NaN: nothing is */
    int direction;
} column;

static column column_of(const double *number, size_t rows, int direction, bool share)
{
    column c = {number, share, direction ? -INFINITY : (double)NAN, 0, direction ? direction : 1};
    for (size_t r = 0; r < rows; r++) {
        c.best = direction ? fmax(c.best, direction * number[r]) : c.best;
        c.size = fmax(c.size, fabs(number[r]));
    }
    return c;
}

/* A sheet whose rows are cells, with a column for each free lever. */
static cli_sheet *new_sheet(cli_answer *answer, const cli_design *d, const char *name,
                            const char *title)
{
    const dt_model *model = d->session->model;
    cli_sheet *sheet = cli_sheet_new(answer, name, title, "|cell, on_front=on the front, -policy");
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++) {
        if (d->how.free[l])
            cli_sheet_column(sheet, CLI_DATA, dt_model_item(model, DT_LEVERS, l), NULL);
    }
    return sheet;
}

static void note_best(cli_sheet *sheet, const cli_answer *answer)
{
    if (!answer->line->csv && sheet->rows > 1)
        cli_note(&sheet->notes, "In bold: the best of each column.");
}

static void put_rows(cli_sheet *sheet, const cli_design *d, const cli_design_table *table,
                     const column *columns, size_t count)
{
    const dt_model *model = d->session->model;
    for (size_t r = 0; r < table->rows; r++) {
        const dt_designed_cell cell = dt_lever_design_cell(d->design, table->cell[r]);
        cli_put(sheet, "%s %s %s", table->label[r], r < table->on_front ? "yes" : "no",
                cli_design_line(d, table->cell[r], table->label[r], "; "));
        for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++) {
            if (d->how.free[l])
                cli_put(sheet, "%s", dt_model_setting(model, l, cell.setting[l]));
        }
        for (size_t k = 0; k < count; k++) {
            const column *c = &columns[k];
            const bool best = table->rows > 1 && !isnan(c->best) &&
                              dt_better(c->best, c->direction * c->number[r], c->size) == 0;
            cli_put_cell(sheet, (cli_cell){.kind = c->share ? CLI_SHARE : CLI_NUMBER,
                                           .number = c->number[r],
                                           .marked = best});
        }
    }
}

/* The column of an objective: its key is the outcome's name, above it stands the mark of chance alone. */
static void objective_column(cli_sheet *sheet, const cli_design *d, bool robust, size_t objective)
{
    const char *name =
        dt_model_item(d->session->model, DT_OUTCOMES, d->how.objective[objective].outcome);
    cli_sheet_column(sheet, CLI_DATA, name,
                     cli_chance_mark(name, d->table[robust].by_chance[objective]));
}

/* Names the objectives by which the rows rank so by chance alone, too. */
static void note_chance(cli_sheet *sheet, const cli_design *d, bool robust)
{
    const char *names = "";
    for (size_t o = 0; o < d->how.objectives; o++) {
        if (d->table[robust].by_chance[o])
            names = cli_print(
                "%s%s%s", names, *names ? ", " : "",
                dt_model_item(d->session->model, DT_OUTCOMES, d->how.objective[o].outcome));
    }
    if (*names)
        cli_note(&sheet->notes, "%s By %s the rows rank so%s, too, if everybody tosses coins.",
                 CLI_BY_CHANCE, names, robust ? " in the nominal world" : "");
}

static void add_nominal(cli_answer *answer, const cli_design *d)
{
    const dt_model *model = d->session->model;
    const cli_design_table *table = &d->table[0];
    size_t *outcome;
    int *direction;
    const size_t count = cli_design_outcomes(d, &outcome, &direction);
    if (table->rows == 0) {
        cli_absent(answer, "front", "No cell meets what is required in the nominal world.");
        return;
    }
    cli_sheet *sheet = new_sheet(answer, d, "front",
                                 cli_print("%s: cells on the front in the nominal world, and the "
                                           "model's own policies",
                                           dt_model_name(model)));
    column *columns = cli_take(count, sizeof *columns);
    for (size_t k = 0; k < count; k++) {
        double *number = cli_take(table->rows, sizeof *number);
        for (size_t r = 0; r < table->rows; r++)
            number[r] = dt_lever_design_cell(d->design, table->cell[r]).outcome[outcome[k]];
        /* objectives come first, and each once */
        if (k < d->how.objectives)
            objective_column(sheet, d, false, k);
        else
            cli_sheet_column(sheet, CLI_DATA, dt_model_item(model, DT_OUTCOMES, outcome[k]), NULL);
        /* the best number may be that of a row which doesn't meet what is required */
        columns[k] = column_of(number, table->rows, d->how.requirements ? 0 : direction[k], false);
    }
    put_rows(sheet, d, table, columns, count);
    if (d->how.requirements == 0)
        note_best(sheet, answer);
    note_chance(sheet, d, false);
}

static void add_robust(cli_answer *answer, const cli_design *d)
{
    const dt_model *model = d->session->model;
    const dt_lever_plan plan = dt_lever_design_plan(d->design);
    const cli_design_table *table = &d->table[1];
    const size_t objectives = d->how.objectives, share = d->how.requirements > 0;
    if (d->front[1] == 0) {
        cli_absent(answer, "robust",
                   "Over the worlds nothing can be compared: none is solved in all cells.");
        return;
    }
    cli_sheet *sheet = new_sheet(
        answer, d, "robust",
        cli_print("%s: cells on the front over %zu of %zu worlds, and the model's own policies",
                  dt_model_name(model), plan.compared, plan.worlds));
    column *columns = cli_take(2 * objectives + share, sizeof *columns);
    for (size_t o = 0; o < objectives; o++) {
        double *quantile = cli_take(table->rows, sizeof *quantile);
        double *regret = cli_take(table->rows, sizeof *regret);
        for (size_t r = 0; r < table->rows; r++) {
            const dt_designed_cell cell = dt_lever_design_cell(d->design, table->cell[r]);
            quantile[r] = cell.quantile[o];
            regret[r] = cell.regret90[o];
        }
        objective_column(sheet, d, true, o);
        cli_sheet_column(
            sheet, CLI_DATA,
            cli_print("%s_regret", dt_model_item(model, DT_OUTCOMES, d->how.objective[o].outcome)),
            "regret");
        columns[2 * o] = column_of(quantile, table->rows, d->how.objective[o].direction, false);
        columns[2 * o + 1] = column_of(regret, table->rows, -1, false);
    }
    if (share) {
        double *met = cli_take(table->rows, sizeof *met);
        for (size_t r = 0; r < table->rows; r++)
            met[r] = dt_lever_design_cell(d->design, table->cell[r]).share;
        cli_sheet_column(sheet, CLI_DATA, "meets", NULL);
        columns[2 * objectives] = column_of(met, table->rows, 1, true);
    }
    put_rows(sheet, d, table, columns, 2 * objectives + share);
    note_best(sheet, answer);
    cli_note(&sheet->notes, "Under each objective what nine worlds of ten are at least as good as; "
                            "under regret what a cell falls short of the best one of the same "
                            "world, in nine worlds of ten no more.");
    note_chance(sheet, d, true);
}

dt_status cli_design_print_sheets(const cli_design *d)
{
    const dt_model *model = d->session->model;
    const dt_lever_plan plan = dt_lever_design_plan(d->design);
    cli_answer *answer = cli_answer_new(d->session->line);
    answer->noted = true;
    cli_note(&answer->cautions, "%s, detente %s: %s; %.6g cells, all else as %s has it; %s.",
             dt_model_name(model), dt_version(), cli_design_question(d), plan.cells,
             dt_model_item(model, DT_POLICIES, d->how.from),
             d->session->line->set.count ? "numbers given with --set" : "the author's numbers");
    if (plan.search)
        cli_note(&answer->cautions,
                 "A search looked at %zu of the cells (seed %zu): there may be better ones.",
                 plan.looked, (size_t)d->how.seed);
    add_nominal(answer, d);
    if (plan.worlds > 0)
        add_robust(answer, d);
    return cli_answer_print(answer);
}
