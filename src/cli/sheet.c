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
                         const char *columns)
{
    cli_sheet *sheet = cli_take(1, sizeof *sheet);
    *sheet = (cli_sheet){.name = name, .title = title};
    while (*columns) {
        const cli_column_kind kind = *columns == '#'   ? CLI_GROUP
                                     : *columns == '|' ? CLI_LABEL
                                     : *columns == '-' ? CLI_HIDDEN
                                                       : CLI_DATA;
        columns += kind != CLI_DATA;
        const int length = (int)strcspn(columns, ","), key = (int)strcspn(columns, ",=");
        cli_sheet_column(sheet, kind, cli_print("%.*s", key, columns),
                         key < length ? cli_print("%.*s", length - key - 1, columns + key + 1)
                                      : NULL);
        columns += length;
        columns += strspn(columns, ", ");
    }
    answer->sheet = cli_grow(answer->sheet, answer->sheets, sizeof *answer->sheet);
    answer->sheet[answer->sheets++] = sheet;
    return sheet;
}

void cli_sheet_column(cli_sheet *sheet, cli_column_kind kind, const char *key, const char *head)
{
    assert(sheet->rows == 0 && sheet->filled == 0);
    sheet->column = cli_grow(sheet->column, sheet->columns, sizeof *sheet->column);
    sheet->column[sheet->columns++] = (cli_column){key, head, kind};
}

void cli_absent(cli_answer *answer, const char *name, const char *why)
{
    cli_sheet_new(answer, name, NULL, "")->absent = why;
}

bool cli_has_sheet(const cli_answer *answer, const char *name)
{
    for (size_t s = 0; s < answer->sheets; s++) {
        if (strcmp(answer->sheet[s]->name, name) == 0)
            return true;
    }
    return false;
}

void cli_put_cell(cli_sheet *sheet, cli_cell cell)
{
    if (sheet->filled == 0)
        sheet->filling = cli_take(sheet->columns, sizeof *sheet->filling);
    cell.number += 0.0; /* zero has no sign */
    if (isnan(cell.number) || (cell.kind == CLI_WORDS && !cell.words))
        cell.kind = CLI_NOTHING;
    sheet->filling[sheet->filled++] = cell;
    if (sheet->filled == sheet->columns) {
        sheet->row = cli_grow(sheet->row, sheet->rows, sizeof *sheet->row);
        sheet->row[sheet->rows++] = (cli_row){.cell = sheet->filling};
        sheet->filled = 0;
    }
}

void cli_put(cli_sheet *sheet, const char *cells, ...)
{
    va_list values;
    va_start(values, cells);
    char mark = ' ';
    for (const char *c = strchr(cells, '%'); c; c = strchr(c, '%')) {
        cli_cell cell = {.marked = mark == '*', .noisy = mark == '~'};
        c++;
        mark = *c == 'c' ? (char)va_arg(values, int) : ' ';
        if (*c == 'c')
            continue;
        if (*c == 's') {
            cell.kind = CLI_WORDS;
            cell.words = va_arg(values, const char *);
        } else if (*c == 'z') {
            cell.kind = CLI_COUNT;
            cell.count = va_arg(values, size_t);
        } else {
            cell.kind = *c == 'f' ? CLI_SHARE : CLI_NUMBER;
            cell.number = va_arg(values, double);
        }
        cli_put_cell(sheet, cell);
    }
    va_end(values);
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

/* Sums that cancel leave so much of their terms. */
static const double NOUGHT = 1e-12;

/* ---- terminal ---------------------------------------------------------------------------------- */

/* `size`: the largest number of the column, beside which a rounding error is 0. */
static const char *shown(const cli_cell *cell, double size)
{
    if (cell->shown)
        return cell->shown;
    switch (cell->kind) {
    case CLI_NOTHING:
        return "";
    case CLI_WORDS:
        return cell->words;
    case CLI_NUMBER:
        if (cell->tiny)
            return cli_print("%.2g", cell->number);
        return fabs(cell->number) <= NOUGHT * size ? "0" : cli_print("%.4g", cell->number);
    case CLI_SHARE:
        return cli_print("%.1f %%", fabs(cell->number) < 0.0005 ? 0 : 100 * cell->number);
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

/* The name of a row's group; NULL if the sheet has none. */
static const char *group_of(const cli_sheet *sheet, const cli_row *row)
{
    const size_t group = column_of(sheet, CLI_GROUP);
    return group < sheet->columns ? row->cell[group].words : NULL;
}

static bool same_group(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The largest number in a column, of the rows that stand in one group with a row. */
static double size_of(const cli_sheet *sheet, const cli_row *row, size_t column)
{
    const char *group = group_of(sheet, row);
    double size = 0;
    for (size_t r = 0; r < sheet->rows; r++) {
        const cli_cell *cell = &sheet->row[r].cell[column];
        if (cell->kind == CLI_NUMBER && same_group(group, group_of(sheet, &sheet->row[r])))
            size = fmax(size, fabs(cell->number));
    }
    return size;
}

const char *cli_cell_shown(const cli_sheet *sheet, size_t row, size_t column)
{
    const cli_cell *cell = &sheet->row[row].cell[column];
    return shown(cell, cell->kind == CLI_NUMBER ? size_of(sheet, &sheet->row[row], column) : 0);
}

static void put_row(cli_table *table, const cli_sheet *sheet, const cli_row *row, bool indented)
{
    const size_t label = column_of(sheet, CLI_LABEL);
    assert(label < sheet->columns);
    const char **cell =
        cli_table_row(table, cli_print("%s%s", indented ? "  " : "", shown(&row->cell[label], 0)));
    unsigned char *marked = table->marked + (table->rows - 1) * table->columns;
    for (size_t c = 0, at = 0; c < sheet->columns; c++) {
        if (sheet->column[c].kind != CLI_DATA)
            continue;
        const cli_cell *from = &row->cell[c];
        cell[at] = shown(from, from->kind == CLI_NUMBER ? size_of(sheet, row, c) : 0);
        marked[at++] = from->marked ? CLI_STAR : from->noisy ? CLI_TILDE : CLI_UNMARKED;
    }
}

static bool told(const cli_answer *answer, const char *text)
{
    for (size_t p = 0; p < answer->cautions.count; p++) {
        if (strcmp(answer->cautions.at[p], text) == 0)
            return true;
    }
    return false;
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
    const char *last = NULL;
    for (size_t r = 0; r < sheet->rows; r++) {
        const cli_row *row = &sheet->row[r];
        if (row->hidden)
            continue;
        const char *name = group_of(sheet, row);
        if (name && !same_group(name, last))
            cli_table_heading(&table, row->heading ? row->heading : name);
        last = name;
        put_row(&table, sheet, row, name != NULL);
    }
    if (sheet->title)
        cli_print_styled(CLI_BOLD, sheet->title, "");
    if (table.rows > 0)
        cli_table_print(&table);
    for (size_t n = 0; n < sheet->notes.count; n++)
        cli_print_wrapped("", sheet->notes.at[n], 0);
}

static void print_terminal(const cli_answer *answer, const cli_sheet *only)
{
    bool first = true;
    for (size_t p = 0; p < answer->before.count && !only; p++, first = false)
        cli_print_wrapped("", answer->before.at[p], 0);
    for (size_t p = 0; p < answer->cautions.count; p++, first = false)
        cli_print_wrapped("", answer->cautions.at[p], 0);
    for (size_t s = 0; s < answer->sheets; s++) {
        const cli_sheet *sheet = answer->sheet[s];
        if (only ? sheet != only : sheet->hidden || sheet->absent)
            continue;
        if (sheet->absent && told(answer, sheet->absent))
            continue;
        if (!first)
            putchar('\n');
        first = false;
        if (sheet->absent)
            cli_print_wrapped("", sheet->absent, 0);
        else
            print_sheet(sheet);
    }
    for (size_t p = 0; p < answer->after.count && !only; p++) {
        if (p == 0 && !first)
            putchar('\n');
        cli_print_wrapped("", answer->after.at[p], 0);
    }
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

static void add_texts(json_t *list, const cli_texts *texts)
{
    json_t *more = cli_json_texts(texts);
    json_array_extend(list, more);
    json_decref(more);
}

/* The keys of the columns in which a row lies within its noise. */
static cli_texts noise_of(const cli_sheet *sheet, const cli_row *row)
{
    cli_texts keys = {0};
    for (size_t c = 0; c < sheet->columns; c++) {
        if (row->cell[c].noisy)
            cli_add(&keys, sheet->column[c].key);
    }
    return keys;
}

static dt_status print_json(const cli_answer *answer, const cli_sheet *only)
{
    json_t *object = answer->facts, *tables = json_object(), *notes = json_array(),
           *absent = json_object();
    for (size_t s = 0; s < answer->sheets; s++) {
        const cli_sheet *sheet = answer->sheet[s];
        if (only && sheet != only)
            continue;
        if (sheet->absent) {
            json_object_set_new(absent, sheet->name, json_string(sheet->absent));
            continue;
        }
        json_t *rows = json_array();
        for (size_t r = 0; r < sheet->rows; r++) {
            json_t *row = json_object();
            for (size_t c = 0; c < sheet->columns; c++)
                json_object_set_new(row, sheet->column[c].key, as_json(&sheet->row[r].cell[c]));
            const cli_texts noise = noise_of(sheet, &sheet->row[r]);
            if (sheet->judged)
                json_object_set_new(row, "noise", cli_json_texts(&noise));
            json_array_append_new(rows, row);
        }
        json_object_set_new(tables, sheet->name, rows);
        add_texts(notes, &sheet->notes);
    }
    json_t *said = cli_json_texts(&answer->before);
    add_texts(said, &answer->cautions);
    json_object_set_new(object, "said", said);
    json_object_set_new(object, "tables", tables);
    json_object_set_new(object, "absent", absent);
    json_object_set_new(object, "notes", notes);
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

static const char *join_keys(cli_texts keys)
{
    const char *all = "";
    for (size_t k = 0; k < keys.count; k++)
        all = cli_print("%s%s%s", all, k ? " " : "", keys.at[k]);
    return all;
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

/* What people are told beside a table that programs read. */
static void say_aside(const cli_answer *answer, const char *text)
{
    if (!answer->line->quiet)
        fprintf(stderr, "detente: %s\n", text);
}

static void print_csv(const cli_answer *answer, const cli_sheet *only)
{
    bool first = true;
    const bool noted = answer->noted && !only;
    for (size_t p = 0; p < answer->cautions.count; p++) {
        if (noted)
            printf("# %s\r\n", answer->cautions.at[p]);
        else
            say_aside(answer, answer->cautions.at[p]);
    }
    if (only && only->absent && !told(answer, only->absent))
        say_aside(answer, only->absent);
    for (size_t s = 0; s < answer->sheets; s++) {
        const cli_sheet *sheet = answer->sheet[s];
        if (sheet->absent || (only && sheet != only))
            continue;
        if (!only)
            printf("%s# %s\r\n", first ? "" : "\r\n", sheet->name);
        for (size_t n = 0; n < sheet->notes.count && noted; n++)
            printf("# %s\r\n", sheet->notes.at[n]);
        first = false;
        for (size_t c = 0; c < sheet->columns; c++)
            printf("%s%s", c ? "," : "", sheet->column[c].key);
        fputs(sheet->judged ? ",noise\r\n" : "\r\n", stdout);
        for (size_t r = 0; r < sheet->rows; r++) {
            for (size_t c = 0; c < sheet->columns; c++) {
                fputs(c ? "," : "", stdout);
                print_field(&sheet->row[r].cell[c]);
            }
            if (sheet->judged)
                printf(",%s", join_keys(noise_of(sheet, &sheet->row[r])));
            fputs("\r\n", stdout);
        }
    }
    json_decref(answer->facts);
}

/* ---- papers ------------------------------------------------------------------------------------ */

static void print_papers(const cli_answer *answer, const cli_sheet *only)
{
    bool first = true;
    for (size_t s = 0; s < answer->sheets; s++) {
        const cli_sheet *sheet = answer->sheet[s];
        if (only ? sheet != only : sheet->hidden)
            continue;
        if (sheet->absent) {
            say_aside(answer, sheet->absent);
            continue;
        }
        if (!first)
            putchar('\n');
        first = false;
        cli_sheet_print_paper(sheet, &answer->cautions, answer->line->latex);
    }
    json_decref(answer->facts);
}

bool cli_one_form(const cli_line *line)
{
    const int forms = line->json + line->csv + line->markdown + line->latex;
    if (forms > 1)
        cli_error(NULL, line->json + line->csv == 2
                            ? "either --json or --csv"
                            : "one of --json, --csv, --markdown and --latex");
    return forms <= 1;
}

bool cli_asks_for_tables(const cli_line *line)
{
    return line->csv || line->markdown || line->latex;
}

/* Told: an answer has no table of the name that --table gives. */
static void refuse_table(const cli_line *line, const char *const *names, size_t count)
{
    const char *hint = cli_did_you_mean(line->table, names, count);
    if (!hint) {
        hint = "its tables are";
        for (size_t s = 0; s < count; s++)
            hint = cli_print("%s%s %s", hint, s ? "," : "", names[s]);
    }
    cli_error(hint, "this answer has no table '%s'", line->table);
}

bool cli_tables_go(const cli_line *line, const cli_texts *tables)
{
    if (line->table && !cli_asks_for_tables(line)) {
        cli_error(NULL, "--table goes with --csv, --markdown or --latex");
        return false;
    }
    bool known = !line->table;
    for (size_t s = 0; s < tables->count && !known; s++)
        known = strcmp(tables->at[s], line->table) == 0;
    if (!known)
        refuse_table(line, tables->at, tables->count);
    return known && cli_one_form(line);
}

dt_status cli_answer_print(const cli_answer *answer)
{
    const cli_line *line = answer->line;
    const cli_sheet *only = NULL;
    const char **names = cli_take(answer->sheets, sizeof *names);
    for (size_t s = 0; s < answer->sheets; s++) {
        assert(answer->sheet[s]->filled == 0);
        assert((answer->sheet[s]->rows == 0) == (answer->sheet[s]->absent != NULL));
        names[s] = answer->sheet[s]->name;
        if (line->table && strcmp(line->table, names[s]) == 0)
            only = answer->sheet[s];
    }
    cli_progress_end();
    if (line->table && !only) {
        refuse_table(line, names, answer->sheets);
        return DT_INVALID;
    }
    dt_status status = DT_OK;
    if (line->json)
        status = print_json(answer, only);
    else if (line->csv)
        print_csv(answer, only);
    else if (line->markdown || line->latex)
        print_papers(answer, only);
    else
        print_terminal(answer, only);
    return status == DT_OK && only && only->absent ? DT_NO : status;
}
