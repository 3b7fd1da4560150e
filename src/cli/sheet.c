/*
 * Printing sheets. CSV as RFC 4180 has it, numbers with the 17 digits that make them the same again;
 * several sheets stand one below the other, each under a line "# NAME" and divided by an empty one, so that
 * `--table NAME` gives a file for programs and the whole gives one for people.
 */
#include "sheet.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- filling ----------------------------------------------------------------------------------- */

cli_answer *cli_answer_new(const cli_line *line)
{
    cli_answer *answer = cli_take(1, sizeof *answer);
    *answer = (cli_answer){.line = line, .facts = json_object()};
    return answer;
}

cli_sheet *cli_sheet_new(cli_answer *answer, const char *name, const char *title,
                         const cli_column *column, size_t columns)
{
    cli_sheet *sheet = cli_take(1, sizeof *sheet);
    cli_column *copy = cli_take(columns, sizeof *copy);
    memcpy(copy, column, columns * sizeof *copy);
    *sheet = (cli_sheet){.name = name, .title = title, .columns = columns, .column = copy};
    answer->sheet = cli_grow(answer->sheet, answer->sheets, sizeof *answer->sheet);
    answer->sheet[answer->sheets++] = sheet;
    return sheet;
}

cli_cell *cli_put(cli_sheet *sheet, cli_cell cell)
{
    if (sheet->filled == 0)
        sheet->filling = cli_take(sheet->columns, sizeof *sheet->filling);
    cli_cell *put = &sheet->filling[sheet->filled++];
    *put = cell;
    if (sheet->filled == sheet->columns) {
        sheet->row = cli_grow(sheet->row, sheet->rows, sizeof *sheet->row);
        sheet->row[sheet->rows++] = (cli_row){.cell = sheet->filling};
        sheet->filled = 0;
    }
    return put;
}

void cli_put_words(cli_sheet *sheet, const char *words)
{
    cli_put(sheet, (cli_cell){.kind = words ? CLI_WORDS : CLI_NOTHING, .words = words});
}

void cli_put_number(cli_sheet *sheet, double number)
{
    cli_put(sheet, (cli_cell){.kind = isnan(number) ? CLI_NOTHING : CLI_NUMBER, .number = number});
}

void cli_put_share(cli_sheet *sheet, double share)
{
    cli_put(sheet, (cli_cell){.kind = isnan(share) ? CLI_NOTHING : CLI_SHARE, .number = share});
}

void cli_put_count(cli_sheet *sheet, uint64_t count)
{
    cli_put(sheet, (cli_cell){.kind = CLI_COUNT, .count = count});
}

cli_row *cli_last_row(cli_sheet *sheet)
{
    assert(sheet->rows > 0 && sheet->filled == 0);
    return &sheet->row[sheet->rows - 1];
}

void cli_note(cli_texts *texts, const char *format, ...)
{
    char text[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    cli_add(texts, cli_print("%s", text));
}

/* ---- terminal ---------------------------------------------------------------------------------- */

static const char *shown(const cli_cell *cell)
{
    switch (cell->kind) {
    case CLI_NOTHING:
        return "";
    case CLI_WORDS:
        return cell->words;
    case CLI_NUMBER:
        if (cell->tiny)
            return cli_print("%.2g", cell->number);
        return fabs(cell->number) < 1e-12 ? "0" : cli_print("%.4g", cell->number);
    case CLI_SHARE:
        return cli_print("%.1f %%", 100 * cell->number);
    case CLI_COUNT:
        return cli_print("%" PRIu64, cell->count);
    }
    return "";
}

static size_t column_of(const cli_sheet *sheet, cli_column_kind kind)
{
    size_t c = 0;
    while (c < sheet->columns && sheet->column[c].kind != kind)
        c++;
    return c;
}

static void put_row(cli_table *table, const cli_sheet *sheet, const cli_row *row, bool indented)
{
    const size_t label = column_of(sheet, CLI_LABEL);
    assert(label < sheet->columns);
    const char **cell =
        cli_table_row(table, cli_print("%s%s", indented ? "  " : "", shown(&row->cell[label])));
    bool *marked = table->marked + (table->rows - 1) * table->columns;
    for (size_t c = 0, at = 0; c < sheet->columns; c++) {
        if (sheet->column[c].kind != CLI_DATA)
            continue;
        cell[at] = shown(&row->cell[c]);
        marked[at++] = row->cell[c].marked;
    }
}

static void print_sheet(const cli_sheet *sheet)
{
    size_t data = 0;
    for (size_t c = 0; c < sheet->columns; c++)
        data += sheet->column[c].kind == CLI_DATA;
    cli_table table;
    cli_table_start(&table, data);
    for (size_t c = 0, at = 0; c < sheet->columns; c++) {
        if (sheet->column[c].kind == CLI_DATA)
            table.head[at++] = sheet->column[c].head ? sheet->column[c].head : sheet->column[c].key;
    }
    const size_t group = column_of(sheet, CLI_GROUP);
    const char *last = NULL;
    for (size_t r = 0; r < sheet->rows; r++) {
        const cli_row *row = &sheet->row[r];
        if (row->hidden)
            continue;
        const char *name = group < sheet->columns ? shown(&row->cell[group]) : NULL;
        if (name && (!last || strcmp(name, last) != 0))
            cli_table_heading(&table, row->heading ? row->heading : name);
        last = name;
        put_row(&table, sheet, row, name != NULL);
    }
    if (sheet->title)
        printf("%s%s%s\n", cli_on(stdout, CLI_BOLD), sheet->title, cli_off(stdout));
    if (table.rows > 0)
        cli_table_print(&table);
    for (size_t n = 0; n < sheet->notes.count; n++)
        cli_print_wrapped("", sheet->notes.at[n], 0);
}

static dt_status print_terminal(const cli_answer *answer, const cli_sheet *only)
{
    bool first = true;
    for (size_t p = 0; p < answer->before.count && !only; p++, first = false)
        cli_print_wrapped("", answer->before.at[p], 0);
    for (size_t s = 0; s < answer->sheets; s++) {
        const cli_sheet *sheet = answer->sheet[s];
        if (only ? sheet != only : sheet->hidden || (sheet->rows == 0 && sheet->notes.count == 0))
            continue;
        if (!first)
            putchar('\n');
        first = false;
        print_sheet(sheet);
    }
    for (size_t p = 0; p < answer->after.count && !only; p++) {
        if (p == 0 && !first)
            putchar('\n');
        cli_print_wrapped("", answer->after.at[p], 0);
    }
    return DT_OK;
}

/* ---- JSON -------------------------------------------------------------------------------------- */

static json_t *as_json(const cli_cell *cell)
{
    switch (cell->kind) {
    case CLI_NOTHING:
        return json_null();
    case CLI_WORDS:
        return json_string(cell->words);
    case CLI_NUMBER:
    case CLI_SHARE:
        return cli_json_number(cell->number);
    case CLI_COUNT:
        return json_integer((json_int_t)cell->count);
    }
    return json_null();
}

static json_t *texts_as_json(const cli_texts *texts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < texts->count; i++)
        json_array_append_new(list, json_string(texts->at[i]));
    return list;
}

static dt_status print_json(const cli_answer *answer, const cli_sheet *only)
{
    json_t *object = answer->facts, *tables = json_object(), *said = json_array();
    for (size_t s = 0; s < answer->sheets; s++) {
        const cli_sheet *sheet = answer->sheet[s];
        if (only && sheet != only)
            continue;
        json_t *rows = json_array();
        for (size_t r = 0; r < sheet->rows; r++) {
            json_t *row = json_object();
            for (size_t c = 0; c < sheet->columns; c++)
                json_object_set_new(row, sheet->column[c].key, as_json(&sheet->row[r].cell[c]));
            json_array_append_new(rows, row);
        }
        json_object_set_new(tables, sheet->name, rows);
        json_t *notes = texts_as_json(&sheet->notes);
        json_array_extend(said, notes);
        json_decref(notes);
    }
    json_object_set_new(object, "said", texts_as_json(&answer->before));
    json_object_set_new(object, "tables", tables);
    json_object_set_new(object, "notes", said);
    return cli_json_print(object);
}

/* ---- CSV --------------------------------------------------------------------------------------- */

static void print_quoted(const char *words)
{
    if (!strpbrk(words, ",\"\n\r")) {
        fputs(words, stdout);
        return;
    }
    putchar('"');
    for (; *words; words++) {
        if (*words == '"')
            putchar('"');
        putchar(*words);
    }
    putchar('"');
}

static void print_field(const cli_cell *cell)
{
    if (cell->kind == CLI_WORDS)
        print_quoted(cell->words);
    else if (cell->kind == CLI_COUNT)
        printf("%" PRIu64, cell->count);
    else if (cell->kind != CLI_NOTHING && isfinite(cell->number))
        printf("%.17g", cell->number);
}

static dt_status print_csv(const cli_answer *answer, const cli_sheet *only)
{
    bool first = true;
    for (size_t s = 0; s < answer->sheets; s++) {
        const cli_sheet *sheet = answer->sheet[s];
        if (only && sheet != only)
            continue;
        if (!only)
            printf("%s# %s\r\n", first ? "" : "\r\n", sheet->name);
        first = false;
        for (size_t c = 0; c < sheet->columns; c++)
            printf("%s%s", sheet->column[c].key, c + 1 < sheet->columns ? "," : "\r\n");
        for (size_t r = 0; r < sheet->rows; r++) {
            for (size_t c = 0; c < sheet->columns; c++) {
                print_field(&sheet->row[r].cell[c]);
                fputs(c + 1 < sheet->columns ? "," : "\r\n", stdout);
            }
        }
    }
    json_decref(answer->facts);
    return DT_OK;
}

dt_status cli_answer_print(const cli_answer *answer)
{
    const cli_line *line = answer->line;
    const cli_sheet *only = NULL;
    const char **names = cli_take(answer->sheets, sizeof *names);
    for (size_t s = 0; s < answer->sheets; s++) {
        assert(answer->sheet[s]->filled == 0);
        names[s] = answer->sheet[s]->name;
        if (line->table && strcmp(line->table, names[s]) == 0)
            only = answer->sheet[s];
    }
    cli_progress_end();
    if (line->table && !only) {
        const char *hint = cli_did_you_mean(line->table, names, answer->sheets);
        if (!hint) {
            hint = "its tables are";
            for (size_t s = 0; s < answer->sheets; s++)
                hint = cli_print("%s%s %s", hint, s ? "," : "", names[s]);
        }
        cli_error(hint, "this answer has no table '%s'", line->table);
        return DT_INVALID;
    }
    return line->json  ? print_json(answer, only)
           : line->csv ? print_csv(answer, only)
                       : print_terminal(answer, only);
}
