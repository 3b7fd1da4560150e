/*
 * What the tables that `design` shows have as columns, and as rows: a front, then the model's own policies that aren't on it; and by which objectives
 * they rank in the nominal world as they do if everybody tosses coins. The mark is that of `compare`: also of a table over worlds it
 * is the nominal world that is looked at, as the same for every world would cost a pass over the horizon for each.
 */
#include <string.h>

#include "design.h"
#include "detente_referee.h"
#include "question.h"

static void choose_rows(const cli_design *d, bool robust, cli_design_table *table)
{
    const dt_model *model = d->session->model;
    const size_t policies = dt_model_count(model, DT_POLICIES);
    table->cell = cli_take(d->names + policies, sizeof *table->cell);
    table->label = cli_take(d->names + policies, sizeof *table->label);
    table->by_chance = cli_take(d->how.objectives, sizeof *table->by_chance);
    for (size_t i = 0; i < d->names; i++) {
        const dt_designed_cell is = dt_lever_design_cell(d->design, d->named[i].cell);
        if (robust ? is.robust : is.front) {
            table->cell[table->rows] = d->named[i].cell;
            table->label[table->rows++] = d->named[i].name;
        }
    }
    table->on_front = table->rows;
    for (size_t p = 0; p < policies; p++) {
        const size_t own = dt_lever_design_policy(d->design, p);
        if (own == SIZE_MAX)
            continue;
        const dt_designed_cell is = dt_lever_design_cell(d->design, own);
        const char *name = dt_model_item(model, DT_POLICIES, p);
        bool there = false;
        for (size_t i = 0; i < table->on_front; i++)
            there |= strcmp(table->label[i], name) == 0;
        if (there || (robust ? !is.judged : is.status != DT_OK))
            continue;
        table->cell[table->rows] = own;
        table->label[table->rows++] = name;
    }
}

/* Cells if everybody tosses coins, each once. */
static dt_status find_chance(const cli_design *d, const size_t *cell, const cli_chance *chance)
{
    const dt_model *model = d->session->model;
    const size_t changes = dt_model_changes(model, d->how.from);
    dt_own_change *change = cli_take(changes, sizeof *change);
    dt_status status = DT_OK;
    for (size_t c = 0; c < changes; c++)
        change[c] = (dt_own_change){d->how.from, c};
    for (size_t i = 0; i < chance->columns && status == DT_OK; i++) {
        dt_game *game;
        const dt_lever_cell is = {dt_lever_design_cell(d->design, cell[i]).setting, changes,
                                  change};
        status = dt_game_explore_cell(model, &is, &d->session->options, &game);
        if (status == DT_OK)
            status = cli_chance_of(chance, game, i);
        dt_game_free(game);
    }
    return status;
}

static size_t place_of(const size_t *cell, size_t count, size_t wanted)
{
    size_t at = 0;
    while (at < count && cell[at] != wanted)
        at++;
    return at;
}

static void judge(const cli_design *d, const size_t *cell, const cli_chance *chance,
                  cli_design_table *table)
{
    double *nominal = cli_take(table->rows, sizeof *nominal);
    double *tossed = cli_take(table->rows, sizeof *tossed);
    for (size_t o = 0; o < d->how.objectives && table->rows > 1; o++) {
        const size_t outcome = d->how.objective[o].outcome;
        for (size_t i = 0; i < table->rows; i++) {
            const size_t at = place_of(cell, chance->columns, table->cell[i]);
            nominal[i] = dt_lever_design_cell(d->design, table->cell[i]).outcome[outcome];
            tossed[i] = chance->outcome[outcome * chance->columns + at];
        }
        table->by_chance[o] = dt_ranked_by_chance(nominal, tossed, table->rows);
    }
}

dt_status cli_design_tables(cli_design *d)
{
    const bool robust = d->how.worlds > 0;
    size_t count = 0, most = 0;
    for (int t = 0; t <= robust; t++) {
        choose_rows(d, t, &d->table[t]);
        most += d->table[t].rows;
    }
    size_t *cell = cli_take(most, sizeof *cell);
    for (int t = 0; t <= robust; t++) {
        const cli_design_table *table = &d->table[t];
        for (size_t i = 0; i < table->rows && table->rows > 1; i++) {
            if (place_of(cell, count, table->cell[i]) == count)
                cell[count++] = table->cell[i];
        }
    }
    const cli_chance chance =
        cli_chance_start(d->session->model, d->session->world, &d->session->options, count);
    const dt_status status = find_chance(d, cell, &chance);
    for (int t = 0; t <= robust && status == DT_OK; t++)
        judge(d, cell, &chance, &d->table[t]);
    return status;
}

size_t cli_design_outcomes(const cli_design *d, size_t **outcome, int **direction)
{
    size_t count = 0;
    *outcome = cli_take(d->how.objectives + d->how.requirements, sizeof **outcome);
    *direction = cli_take(d->how.objectives + d->how.requirements, sizeof **direction);
    for (size_t i = 0; i < d->how.objectives + d->how.requirements; i++) {
        const bool wanted = i < d->how.objectives;
        const size_t one = wanted ? d->how.objective[i].outcome
                                  : d->how.requirement[i - d->how.objectives].outcome;
        if (place_of(*outcome, count, one) < count)
            continue;
        (*outcome)[count] = one;
        (*direction)[count++] = wanted ? d->how.objective[i].direction : 0;
    }
    return count;
}

const char *cli_design_question(const cli_design *d)
{
    const char *text = "";
    for (size_t o = 0; o < d->how.objectives; o++)
        text =
            cli_print("%s%s%s %s", text, o ? ", " : "",
                      d->how.objective[o].direction < 0 ? "minimise" : "maximise",
                      dt_model_item(d->session->model, DT_OUTCOMES, d->how.objective[o].outcome));
    return d->how.requirements
               ? cli_print("%s; require %s", text, cli_join(&d->session->line->require, " and "))
               : text;
}
