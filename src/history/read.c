/*
 * Reading a history. Each row goes from the table straight to ranks; whatever is wrong is told with its place
 * and with what would be right, and reading goes on, so that all is told at once. Two passes over the text: the
 * first counts rows, so that what is made has its size from the start. Invariant: what is returned has every value
 * in its domain.
 */
#include <assert.h>
#include <string.h>

#include "base/file.h"
#include "base/job.h"
#include "base/limits.h"
#include "history/history.h"
#include "history/table.h"
#include "study/random.h"

/* What a column is, if it isn't an observable. */
enum { COLUMN_COMMENT = -1, COLUMN_PERIOD = -2, COLUMN_POLICY = -3, COLUMN_NOTE = -4 };

typedef struct reading {
    const dt_model *model;
    dt_source source;
    const dt_options *options;
    dt_diagnostics *diagnostics;
    dt_history *history;
    size_t columns;
    int *column; /* [columns] an observable, or one of the above */
} reading;

dt_history *dt_history_new(dt_arena *arena, const dt_model *model, size_t rows)
{
    dt_history *history = dt_new(arena, dt_history, 1);
    assert(rows > 0);
    history->arena = arena;
    history->model = model;
    history->all = dt_observables_new(arena, model);
    history->source = (dt_source){"", "", 0};
    history->rows = rows;
    history->has = dt_new(arena, uint8_t, history->all->count);
    history->value = dt_take(arena, rows, history->all->count * sizeof(int32_t));
    memset(history->value, 0xff, rows * history->all->count * sizeof(int32_t));
    history->policy = dt_new(arena, int32_t, rows);
    history->period = dt_new(arena, const char *, rows);
    history->place = dt_new(arena, dt_place, rows);
    history->note = "";
    for (size_t r = 0; r < rows; r++) {
        history->policy[r] = DT_NONE;
        history->period[r] = "";
    }
    return history;
}

/* As much of a cell as a message shows. */
static int clipped(dt_slice text)
{
    enum { SHOWN = 60 };
    size_t at = 0;
    while (at < text.length && at < SHOWN)
        at += dt_read_character(text.at + at, text.length - at);
    return (int)at;
}

/* ---- the header -------------------------------------------------------------------------------- */

static const char *hint_of(dt_arena *arena, dt_slice written, const char *const *names,
                           size_t count)
{
    const char *nearest = dt_nearest(written, names, count);
    dt_text hint = {.arena = arena};
    if (nearest)
        dt_text_print(&hint, "did you mean '%s'?", nearest);
    return nearest ? dt_text_get(&hint) : NULL;
}

/* Names of all columns that there can be: observables, then the two others. */
static const char **list_names(dt_arena *arena, const dt_observables *all)
{
    const char **name = dt_new(arena, const char *, all->count + 2);
    for (size_t i = 0; i < all->count; i++) {
        dt_text text = {.arena = arena};
        dt_observable_print(all, i, &text);
        name[i] = dt_text_get(&text);
    }
    name[all->count] = "period";
    name[all->count + 1] = "policy";
    return name;
}

/* What the column of a name is; a comment, and told, if it is nothing. */
static int find_column(dt_arena *arena, reading *r, const dt_table_cell *cell,
                       const char *const *name, size_t names)
{
    if (dt_slice_is(cell->text, DT_NOTE_COLUMN))
        return COLUMN_NOTE;
    if (cell->text.length > 0 && *cell->text.at == '_')
        return COLUMN_COMMENT;
    if (dt_slice_is(cell->text, "period"))
        return COLUMN_PERIOD;
    if (dt_slice_is(cell->text, "policy"))
        return COLUMN_POLICY;
    for (size_t i = 0; i + 2 < names; i++) {
        if (dt_slice_is(cell->text, name[i]))
            return (int)i;
    }
    const char *hint = hint_of(arena, cell->text, name, names);
    dt_complain_more(r->diagnostics, DT_UNKNOWN_COLUMN, cell->place,
                     hint ? hint : "the name of a column that is a comment begins with '_'", NULL,
                     clipped(cell->text), cell->text.at);
    return COLUMN_COMMENT;
}

static void read_header(dt_arena *arena, reading *r, const dt_table_reader *table)
{
    dt_history *history = r->history;
    const char **name = list_names(arena, history->all);
    r->columns = table->cell.count;
    r->column = dt_new(arena, int, r->columns);
    for (size_t c = 0; c < r->columns; c++) {
        const int what = r->column[c] =
            find_column(arena, r, &table->cell.at[c], name, history->all->count + 2);
        size_t first = c;
        for (size_t d = 0; d < c && what != COLUMN_COMMENT; d++) {
            if (r->column[d] == what)
                first = d < first ? d : first;
        }
        if (first < c)
            dt_complain(r->diagnostics, DT_COLUMN_TWICE, table->cell.at[c].place,
                        clipped(table->cell.at[c].text), table->cell.at[c].text.at, first + 1);
        if (what >= 0)
            history->has[what] = 1;
        history->has_period |= what == COLUMN_PERIOD;
        history->has_policy |= what == COLUMN_POLICY;
    }
}

/* ---- rows -------------------------------------------------------------------------------------- */

/* What an observable's values are, for a message: "none, step or grand", "0 to 3". */
static const char *list_values(dt_arena *arena, const dt_observables *all, size_t index)
{
    enum { SHOWN = 12 };
    dt_text text = {.arena = arena};
    const size_t values = dt_observable_count(all, index);
    if (all->stage[index] == DT_NONE && all->model->variable[index].type == DT_TYPE_RANGE) {
        dt_text_print(&text, "a whole number from %d to %d", all->model->variable[index].low,
                      all->model->variable[index].high);
        return dt_text_get(&text);
    }
    for (size_t v = 0; v < values && v < SHOWN; v++) {
        dt_text_print(&text, v == 0 ? "" : v + 1 == values ? " or " : ", ");
        dt_observable_print_value(all, index, v, &text);
    }
    if (values > SHOWN)
        dt_text_print(&text, ", ...");
    return dt_text_get(&text);
}

static void tell_value(dt_arena *arena, reading *r, size_t index, const dt_table_cell *cell)
{
    const dt_observables *all = r->history->all;
    const size_t values = dt_observable_count(all, index);
    const char *hint = NULL;
    if (all->stage[index] != DT_NONE || all->model->variable[index].type != DT_TYPE_RANGE) {
        const char **name = dt_new(arena, const char *, values);
        for (size_t v = 0; v < values; v++) {
            dt_text text = {.arena = arena};
            dt_observable_print_value(all, index, v, &text);
            name[v] = dt_text_get(&text);
        }
        hint = hint_of(arena, cell->text, name, values);
    }
    dt_text what = {.arena = arena};
    dt_observable_print(all, index, &what);
    dt_complain_more(r->diagnostics, DT_NO_SUCH_VALUE, cell->place, hint, NULL, clipped(cell->text),
                     cell->text.at, dt_text_get(&what), list_values(arena, all, index));
}

static int find_policy(dt_arena *arena, reading *r, const dt_table_cell *cell)
{
    const dt_model *model = r->model;
    const char **name = dt_new(arena, const char *, (size_t)model->policies);
    for (int p = 0; p < model->policies; p++) {
        name[p] = model->policy[p].is.name;
        if (dt_slice_is(cell->text, name[p]))
            return p;
    }
    dt_text all = {.arena = arena};
    for (int p = 0; p < model->policies; p++)
        dt_text_print(&all, "%s%s",
                      p == 0                     ? ""
                      : p + 1 == model->policies ? " or "
                                                 : ", ",
                      name[p]);
    dt_complain_more(r->diagnostics, DT_NO_SUCH_VALUE, cell->place,
                     hint_of(arena, cell->text, name, (size_t)model->policies), NULL,
                     clipped(cell->text), cell->text.at, "policy", dt_text_get(&all));
    return DT_NONE;
}

static void read_cell(dt_arena *arena, reading *r, size_t row, size_t column,
                      const dt_table_cell *cell)
{
    dt_history *history = r->history;
    const int what = r->column[column];
    if (cell->text.length == 0 || what == COLUMN_COMMENT)
        return;
    if (what == COLUMN_NOTE) {
        if (row == 0)
            history->note = dt_copy_text(history->arena, cell->text.at, cell->text.length);
        return;
    }
    if (what == COLUMN_PERIOD) {
        history->period[row] = dt_copy_text(history->arena, cell->text.at, cell->text.length);
        return;
    }
    if (what == COLUMN_POLICY) {
        if (row > 0)
            history->policy[row] = find_policy(arena, r, cell);
        return;
    }
    const int value = dt_observable_find(history->all, (size_t)what, cell->text);
    if (value < 0)
        tell_value(arena, r, (size_t)what, cell);
    else if (row > 0 || history->all->stage[what] == DT_NONE)
        history->value[row * history->all->count + (size_t)what] = value;
}

/* Whether two rows have one label: the later one is told. */
static void check_periods(dt_arena *arena, reading *r)
{
    const dt_history *history = r->history;
    size_t room = 2;
    while (room < 2 * history->rows)
        room *= 2;
    uint32_t *slot = dt_new(arena, uint32_t, room); /* 1 + row; 0: free */
    for (size_t row = 0; row < history->rows && history->has_period; row++) {
        const char *label = history->period[row];
        if (!*label)
            continue;
        size_t at = dt_identity(label) & (room - 1);
        while (slot[at] != 0 && strcmp(history->period[slot[at] - 1], label) != 0)
            at = (at + 1) & (room - 1);
        if (slot[at] != 0)
            dt_complain(r->diagnostics, DT_PERIOD_TWICE, history->place[row], label,
                        (size_t)slot[at]);
        else
            slot[at] = (uint32_t)row + 1;
    }
}

static void read_rows(dt_arena *arena, reading *r, dt_table_reader *table)
{
    dt_history *history = r->history;
    for (size_t row = 0; row < history->rows && dt_table_next(table); row++) {
        history->place[row] = table->row;
        if (row > 0)
            history->policy[row] = history->policy[row - 1];
        if (table->cell.count != r->columns) {
            dt_complain(r->diagnostics, DT_CSV_CELLS, table->row, table->cell.count, r->columns);
            continue;
        }
        for (size_t c = 0; c < r->columns; c++)
            read_cell(arena, r, row, c, &table->cell.at[c]);
    }
    check_periods(arena, r);
}

/* ---- the whole ----------------------------------------------------------------------------------- */

/* Rows after the header, and the first of those that are too many; what is wrong with the table is told when
 * it is read in earnest. */
static size_t count_rows(dt_arena *arena, const reading *r, dt_place *beyond)
{
    dt_table_reader table = {.arena = arena,
                             .source = &r->source,
                             .diagnostics = dt_diagnostics_new(arena, NULL, &r->source)};
    size_t rows = 0;
    if (!dt_table_next(&table))
        return 0;
    while (dt_table_next(&table)) {
        if (rows++ == DT_MAX_ROWS)
            *beyond = table.row;
    }
    return rows;
}

static dt_status read_all(dt_arena *arena, dt_arena *scratch, reading *r)
{
    dt_place beyond = {0, 1};
    if (r->source.length > DT_MAX_HISTORY) {
        dt_complain(r->diagnostics, DT_TOO_LARGE, (dt_place){0, 1}, r->source.length,
                    (size_t)DT_MAX_HISTORY);
        return DT_INVALID;
    }
    if (!dt_source_is_plain(&r->source, r->diagnostics))
        return DT_INVALID;
    const size_t rows = count_rows(scratch, r, &beyond);
    if (rows > DT_MAX_ROWS) {
        dt_complain_more(r->diagnostics, DT_TOO_MANY, beyond,
                         "give the likelihood pieces: each is a history of its own", NULL,
                         DT_MAX_ROWS, "rows of a history");
        return DT_INVALID;
    }
    r->history = dt_history_new(arena, r->model, rows > 0 ? rows : 1);
    dt_table_reader table = {.arena = scratch, .source = &r->source, .diagnostics = r->diagnostics};
    if (dt_table_next(&table))
        read_header(scratch, r, &table);
    if (rows == 0 && !dt_table_next(&table) && !table.broken)
        dt_complain_more(r->diagnostics, DT_NO_FIRST_ROW, (dt_place){0, 1},
                         "the first row after the header is the state before the first period; its "
                         "cells may be empty",
                         NULL);
    else
        read_rows(scratch, r, &table);
    return dt_diagnostics_errors(r->diagnostics) > 0 ? DT_INVALID : DT_OK;
}

static dt_status parse(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    reading *r = argument;
    const dt_source given = r->source;
    r->source.text = dt_copy_text(arena, given.text, given.length);
    r->source.name = dt_copy_text(arena, given.name, strlen(given.name));
    r->diagnostics = dt_diagnostics_new(scratch, r->options, &r->source);
    const dt_status status = read_all(arena, scratch, r);
    dt_diagnostics_flush(r->diagnostics);
    if (status == DT_OK) {
        r->history->source = r->source;
        *found = r->history;
    }
    return status;
}

dt_status dt_history_parse(const dt_model *model, const char *name, const char *text, size_t length,
                           const dt_options *options, dt_history **history)
{
    if (history)
        *history = NULL;
    if (!model || !name || (!text && length > 0) || !history)
        return dt_refuse_call(options, "dt_history_parse",
                              "no model, no name, no text, or nowhere to put the history");
    reading r = {
        .model = model, .source = {name, text ? text : "", length},
             .options = options
    };
    return dt_answer(options, parse, &r, (void **)history);
}

typedef struct file_reading {
    const dt_model *model;
    const char *path;
    const dt_options *options;
    dt_history **history;
} file_reading;

static dt_status read_file(dt_arena *arena, void *argument)
{
    const file_reading *asked = argument;
    dt_file file;
    const dt_status status = dt_file_read(arena, asked->path, DT_MAX_HISTORY, &file);
    if (status == DT_OK && file.text)
        return dt_history_parse(asked->model, asked->path, file.text, file.length, asked->options,
                                asked->history);
    if (status == DT_LIMIT)
        return status;
    const dt_source source = {asked->path, "", 0};
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, asked->options, &source);
    char reason[200];
    if (file.error)
        dt_complain(diagnostics, DT_CANT_READ, (dt_place){0, 0}, asked->path,
                    dt_file_reason(file.error, reason, sizeof reason));
    else
        dt_complain(diagnostics, DT_TOO_LARGE, (dt_place){0, 1}, file.length,
                    (size_t)DT_MAX_HISTORY);
    dt_diagnostics_flush(diagnostics);
    return file.error ? DT_FILE : DT_INVALID;
}

dt_status dt_history_read(const dt_model *model, const char *path, const dt_options *options,
                          dt_history **history)
{
    if (history)
        *history = NULL;
    if (!model || !path || !history)
        return dt_refuse_call(options, "dt_history_read",
                              "no model, no path, or nowhere to put the history");
    return dt_job(options, read_file, &(file_reading){model, path, options, history});
}
