/*
 * What `design` found, for people: the front beside the model's own policies, the same over worlds, lines to put
 * into the model, and what must be true for each to be best.
 */
#include <math.h>
#include <string.h>

#include "design.h"
#include "question.h"

static void add_rows(cli_table *table, const cli_design_table *rows)
{
    for (size_t i = 0; i < rows->rows; i++)
        cli_table_row(table, rows->label[i]);
}

static void say_rows(const cli_design_table *table)
{
    const size_t rows = table->rows, on_front = table->on_front;
    if (rows > on_front)
        cli_print_wrapped("",
                          cli_print("The last %s of the model's own that %s not on it.",
                                    rows - on_front == 1
                                        ? "row is a policy"
                                        : cli_print("%zu rows are policies", rows - on_front),
                                    rows - on_front == 1 ? "is" : "are"),
                          0);
}

/* The name of an objective's outcome as the head of a column, with the mark of what holds by chance. */
static const char *objective_name(const cli_design *d, bool robust, size_t objective)
{
    return cli_chance_mark(
        dt_model_item(d->session->model, DT_OUTCOMES, d->how.objective[objective].outcome),
        d->table[robust].by_chance[objective]);
}

static bool any_by_chance(const cli_design *d, bool robust)
{
    bool any = false;
    for (size_t o = 0; o < d->how.objectives; o++)
        any |= d->table[robust].by_chance[o];
    return any;
}

static void print_nominal(const cli_design *d)
{
    const dt_model *model = d->session->model;
    size_t *outcome;
    int *direction;
    const size_t columns = cli_design_outcomes(d, &outcome, &direction);
    const size_t rows = d->table[0].rows, *cell = d->table[0].cell;
    double *number = cli_take(rows, sizeof *number);
    cli_table table;
    putchar('\n');
    if (d->front[0] == 0)
        cli_print_wrapped("", "No cell meets what is required in the nominal world.", 0);
    else
        cli_print_wrapped(
            "",
            cli_print(
                "%s on the front in the nominal world: no other cell%s is better by one "
                "objective and no worse by all.%s",
                cli_plural(d->front[0], "game is", "games are"),
                d->how.requirements ? " that meets what is required" : "",
                d->front[0] > CLI_DESIGN_SHOWN
                    ? cli_print(" Here are the %d that are best by most of them.", CLI_DESIGN_SHOWN)
                    : ""),
            0);
    if (rows == 0)
        return;
    cli_table_start(&table, columns);
    add_rows(&table, &d->table[0]);
    for (size_t k = 0; k < columns; k++) {
        for (size_t i = 0; i < rows; i++)
            number[i] = dt_lever_design_cell(d->design, cell[i]).outcome[outcome[k]];
        /* objectives come first, and each once */
        table.head[k] = k < d->how.objectives ? objective_name(d, false, k)
                                              : dt_model_item(model, DT_OUTCOMES, outcome[k]);
        /* the best number may be that of a row which doesn't meet what is required */
        cli_table_column(&table, k, number, d->how.requirements ? 0 : direction[k]);
    }
    cli_table_print(&table);
    say_rows(&d->table[0]);
    cli_chance_say(any_by_chance(d, false), "these rank so");
}

/* Cells that are solved in the nominal world, and in too few of those drawn. */
static void say_unjudged(const cli_design *d, bool search)
{
    size_t count = 0;
    for (size_t c = 0; c < dt_lever_design_cells(d->design); c++) {
        const dt_designed_cell cell = dt_lever_design_cell(d->design, c);
        count += cell.game == c && cell.status == DT_OK && !cell.judged;
    }
    if (count > 0)
        cli_print_wrapped(
            "",
            cli_print("Not compared over worlds: %s that %s%s in 5 %% of the worlds more than "
                      "another.",
                      cli_plural(count, "game", "games"),
                      search ? "the search dropped or that " : "", count == 1 ? "fails" : "fail"),
            0);
}

static void print_robust(const cli_design *d)
{
    const dt_lever_plan plan = dt_lever_design_plan(d->design);
    const size_t objectives = d->how.objectives, share = d->how.requirements > 0;
    const size_t rows = d->table[1].rows, *cell = d->table[1].cell;
    double *number = cli_take(rows, sizeof *number);
    putchar('\n');
    if (d->front[1] == 0) {
        cli_print_wrapped("",
                          "Over the worlds nothing can be compared: none is solved in all "
                          "cells.",
                          0);
        return;
    }
    cli_print_wrapped(
        "",
        cli_print(
            "%s on the front over %zu of %zu worlds, by the ninth decile of regret of each "
            "objective%s.%s",
            cli_plural(d->front[1], "game is", "games are"), plan.compared, plan.worlds,
            share ? " and the share of worlds in which it meets what is required" : "",
            d->front[1] > CLI_DESIGN_SHOWN
                ? cli_print(" Here are the %d that are best by most of them.", CLI_DESIGN_SHOWN)
                : ""),
        0);
    cli_table table;
    cli_table_start(&table, 2 * objectives + share);
    add_rows(&table, &d->table[1]);
    for (size_t o = 0; o < objectives; o++) {
        table.head[2 * o] = objective_name(d, true, o);
        table.head[2 * o + 1] = "regret";
        for (size_t i = 0; i < rows; i++)
            number[i] = dt_lever_design_cell(d->design, cell[i]).quantile[o];
        cli_table_column(&table, 2 * o, number, d->how.objective[o].direction);
        for (size_t i = 0; i < rows; i++)
            number[i] = dt_lever_design_cell(d->design, cell[i]).regret90[o];
        cli_table_column(&table, 2 * o + 1, number, -1);
    }
    if (share) {
        table.head[2 * objectives] = "meets";
        for (size_t i = 0; i < rows; i++)
            number[i] = dt_lever_design_cell(d->design, cell[i]).share;
        cli_table_column(&table, 2 * objectives, number, 1);
    }
    cli_table_print(&table);
    say_rows(&d->table[1]);
    cli_chance_say(any_by_chance(d, true), "in the nominal world these rank so");
    say_unjudged(d, plan.search);
    cli_print_wrapped("",
                      "Under each objective what nine worlds of ten are at least as good as; under "
                      "regret what a cell falls short of the best one of the same world, in nine "
                      "worlds of ten no more.",
                      0);
}

/* ---- lines to put into the model ------------------------------------------------------------------- */

/* "like sequenced, but lead=seoul, drills=off". */
static const char *difference(const cli_design *d, size_t index)
{
    const dt_model *model = d->session->model;
    const dt_designed_cell cell = dt_lever_design_cell(d->design, index);
    const size_t nearest = cli_design_nearest(d, index);
    const char *text = cli_print("like %s", dt_model_item(model, DT_POLICIES, nearest));
    const char *between = ", but ";
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++) {
        if (dt_model_policy_setting(model, nearest, l) == cell.setting[l])
            continue;
        text = cli_print("%s%s%s=%s", text, between, dt_model_item(model, DT_LEVERS, l),
                         dt_model_setting(model, l, cell.setting[l]));
        between = ", ";
    }
    return text;
}

/* The model's own policies that are no cells of the design. */
static void say_outside(const cli_design *d)
{
    const char *names = "";
    size_t count = 0;
    for (size_t p = 0; p < dt_model_count(d->session->model, DT_POLICIES); p++) {
        if (dt_lever_design_policy(d->design, p) == SIZE_MAX)
            names = cli_print("%s%s%s", names, count++ ? ", " : "",
                              dt_model_item(d->session->model, DT_POLICIES, p));
    }
    if (count > 0)
        cli_print_wrapped("",
                          cli_print("Not among the cells, by changes of their own or by levers "
                                    "that don't vary: %s.",
                                    names),
                          0);
}

static void print_lines(const cli_design *d)
{
    putchar('\n');
    for (size_t i = 0; i < d->names; i++) {
        const cli_named_cell *one = &d->named[i];
        if (one->policy != SIZE_MAX) {
            cli_print_wrapped("", cli_print("%s: the model's own", one->name), 2);
            continue;
        }
        cli_print_wrapped("", cli_print("%s: %s", one->name, difference(d, one->cell)), 2);
    }
    bool any = false;
    for (size_t i = 0; i < d->names; i++) {
        const cli_named_cell *one = &d->named[i];
        if (one->policy != SIZE_MAX)
            continue;
        if (!any)
            putchar('\n');
        any = true;
        const char *line = cli_design_line(d, one->cell, one->name, "; ");
        puts(cli_columns(line) <= cli_width() ? line
                                              : cli_design_line(d, one->cell, one->name, "\n  "));
    }
}

/* ---- what must be true ----------------------------------------------------------------------------- */

static void print_where(const cli_design *d)
{
    putchar('\n');
    for (size_t i = 0; i < d->names; i++) {
        const dt_discovery *where = d->named[i].where;
        if (!where)
            continue;
        const size_t worlds = where->basis.points;
        const dt_box *box = &where->pruned;
        const char *said =
            cli_print("%s is best in %zu of %zu worlds", d->named[i].name, where->interest, worlds);
        if (where->interest == 0 || where->interest == worlds)
            said = cli_print("%s is best in %s of the %zu worlds.", d->named[i].name,
                             where->interest ? "every one" : "none", worlds);
        else if (box->limits == 0)
            said = cli_print("%s; no limits of the numbers tell in which.", said);
        else
            said = cli_print("%s: where %s it is in %zu of %zu, %.0f %% of all in which it is.",
                             said, cli_limits_in_words(d->session->model, box), box->interest,
                             box->points, 100 * box->coverage);
        cli_print_wrapped("", said, 2);
    }
    cli_print_wrapped("",
                      d->how.objectives == 1
                          ? "Best: no other cell is better in that world."
                          : "Best: no other cell is better by one objective and no worse by all in "
                            "that world.",
                      0);
}

/* ---- all of it ------------------------------------------------------------------------------------- */

/* "12 of 128 cells are in error: settings-clash 8, no-action 4"; NULL if none is. */
static const char *errors(const cli_design *d)
{
    enum { KINDS = 16 };
    const size_t cells = dt_lever_design_cells(d->design);
    const char *code[KINDS], *text = NULL;
    size_t number[KINDS] = {0}, kinds = 0, all = 0;
    for (size_t c = 0; c < cells; c++) {
        const dt_designed_cell cell = dt_lever_design_cell(d->design, c);
        if (cell.status == DT_OK)
            continue;
        size_t k = 0;
        while (k < kinds && strcmp(code[k], cell.code) != 0)
            k++;
        if (k == kinds && kinds < KINDS)
            code[kinds++] = cell.code;
        number[k < KINDS ? k : KINDS - 1]++;
        all++;
    }
    for (size_t k = 0; k < kinds; k++)
        text = cli_print("%s%s%s %zu", text ? text : "", text ? ", " : "", code[k], number[k]);
    return text ? cli_print("%zu of %zu cells %s in error: %s", all, cells, all == 1 ? "is" : "are",
                            text)
                : NULL;
}

void cli_design_print(const cli_design *d)
{
    const dt_model *model = d->session->model;
    const dt_lever_plan plan = dt_lever_design_plan(d->design);
    const char *wrong = errors(d), *free = "";
    size_t levers = 0;
    for (size_t l = 0; l < dt_model_count(model, DT_LEVERS); l++) {
        if (d->how.free[l])
            free =
                cli_print("%s%s%s", free, levers++ ? ", " : "", dt_model_item(model, DT_LEVERS, l));
    }
    cli_print_title(model);
    cli_print_wrapped("", cli_design_question(d), 2);
    cli_print_wrapped("",
                      cli_print("%s (%s): %.6g cells, %zu different games%s; all else as %s has it",
                                cli_plural(levers, "lever", "levers"), free, plan.cells, plan.games,
                                plan.search
                                    ? cli_print(" among %zu cells that a search looked at (seed "
                                                "%zu): there may be better ones",
                                                plan.looked, (size_t)d->how.seed)
                                    : "",
                                dt_model_item(model, DT_POLICIES, d->how.from)),
                      2);
    if (wrong)
        cli_print_wrapped("", wrong, 2);
    print_nominal(d);
    if (plan.worlds > 0)
        print_robust(d);
    say_outside(d);
    if (d->names > 0)
        print_lines(d);
    if (plan.worlds > 0 && d->names > 0)
        print_where(d);
}
