/*
 * Sheets: tables with named columns, printed laid out for the terminal, as JSON, as CSV, and as Markdown or
 * LaTeX. A command that answers a question fills sheets, and hands them over all together.
 *
 * On the terminal the column GROUP becomes a heading above its rows, LABEL the first column, and
 * HIDDEN ones don't stand there; in JSON and CSV all columns do, under their keys. Rows and sheets that
 * would be too much for a terminal can be left to the other two. What lies within its own noise is
 * marked in all three: a tilde on the terminal, the column's key in the field `noise` of JSON and CSV.
 */
#ifndef DT_CLI_SHEET_H
#define DT_CLI_SHEET_H

#include "cli.h"

typedef enum cli_column_kind { CLI_DATA, CLI_GROUP, CLI_LABEL, CLI_HIDDEN } cli_column_kind;

typedef struct cli_column {
    const char *key;  /* in JSON and CSV */
    const char *head; /* on the terminal; NULL: the key */
    cli_column_kind kind;
} cli_column;

typedef enum cli_cell_kind {
    CLI_NOTHING,
    CLI_WORDS,
    CLI_NUMBER,
    CLI_SHARE,
    CLI_COUNT
} cli_cell_kind;

typedef struct cli_cell {
    cli_cell_kind kind;
    const char *words;
    double
        number; /* a SHARE of 1 is shown as a percentage on the terminal, and as it is elsewhere */
    uint64_t count;
    const char *shown; /* on the terminal in place of what it holds; NULL: that */
    bool marked;       /* the best of its kind, or clear of its noise */
    bool noisy;        /* within its own noise: another sample of worlds may well say otherwise */
    bool tiny;         /* a number that may be small without being a rounding error */
} cli_cell;

typedef struct cli_row {
    const cli_cell *cell; /* [columns] */
    const char *heading;  /* of its group on the terminal; NULL: the group's cell */
    bool hidden;          /* from the terminal */
} cli_row;

typedef struct cli_sheet {
    const char *name;  /* "measures": --table, the key in JSON */
    const char *title; /* above it on the terminal; NULL: none */
    size_t columns, rows;
    cli_column *column; /* [columns] */
    cli_row *row;
    cli_texts notes;    /* sentences below it */
    const char *absent; /* why it has no rows; NULL: it has */
    bool hidden;        /* from the terminal, unless it is asked for by --table */
    bool judged;        /* cells are marked that lie within their noise */
    cli_cell *filling;  /* the row at hand */
    size_t filled;
} cli_sheet;

/* What a command prints. */
typedef struct cli_answer {
    const cli_line *line;
    struct json_t *facts; /* the members of the JSON object beside the sheets */
    cli_texts before;     /* paragraphs above the sheets */
    cli_texts cautions; /* what may mislead, such as worlds left out: beside a single table, too */
    cli_texts after;    /* and below them */
    bool noted;         /* the cautions and notes stand as comments in the CSV of all sheets */
    cli_sheet **sheet;
    size_t sheets;
} cli_answer;

cli_answer *cli_answer_new(const cli_line *line);
/* A new sheet of the answer, with columns "key, key=head, …": '#' before a key makes it the GROUP, '|'
 * the LABEL, '-' HIDDEN. */
cli_sheet *cli_sheet_new(cli_answer *answer, const char *name, const char *title,
                         const char *columns);
/* One more column, before there are rows. */
void cli_sheet_column(cli_sheet *sheet, cli_column_kind kind, const char *key, const char *head);

/* A table that this answer might have had, and why it hasn't: a sentence. */
void cli_absent(cli_answer *answer, const char *name, const char *why);
bool cli_has_sheet(const cli_answer *answer, const char *name);

/*
 * Puts cells one after the other, row by row: %s words (NULL: nothing), %g a number and %f a share (NaN:
 * nothing), %zu a count; %c before one of them is its mark, '*', '~' or ' '.
 */
void cli_put(cli_sheet *sheet, const char *cells, ...) __attribute__((format(printf, 2, 3)));
void cli_put_cell(cli_sheet *sheet, cli_cell cell);
static inline char cli_mark_if(bool marked, bool noisy)
{
    return marked ? '*' : noisy ? '~' : ' ';
}
/* The row that was filled last. */
cli_row *cli_last_row(cli_sheet *sheet);
void cli_note(cli_texts *texts, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a cell shows where people read it. */
const char *cli_cell_shown(const cli_sheet *sheet, size_t row, size_t column);
/* Prints one sheet as a table in Markdown or LaTeX, with sentences about all of the answer: sheet_paper.c. */
void cli_sheet_print_paper(const cli_sheet *sheet, const cli_texts *before, bool latex);

/* False, told, if the line asks for more than one of --json, --csv, --markdown and --latex. */
bool cli_one_form(const cli_line *line);
/* Whether the line asks for tables that go elsewhere: --csv, --markdown or --latex. */
bool cli_asks_for_tables(const cli_line *line);
/* The same as cli_one_form, for commands that print something else without such an option: --table goes with one, and names
 * one of the tables that the command will have, so that this is told before it works. */
bool cli_tables_go(const cli_line *line, const cli_texts *tables);
/* Prints an answer as the line asks for: --json, --csv, --markdown, --latex, --table. DT_NO if the table asked for is
 * absent, the reason being told; DT_INVALID if there is never one of that name. */
dt_status cli_answer_print(const cli_answer *answer);

#endif
