/*
 * Tables on a terminal: a column of labels and columns of cells, aligned to the right. Columns that
 * don't fit side by side follow in further blocks, each with its labels. Long heads are shortened
 * in their middle, but never so that two become the same.
 */
#include "cli.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LEAST_WIDTH = 5, HEAD_WIDTH = 16, LABEL_WIDTH = 30, LEAST_LABEL = 12 };

void cli_table_start(cli_table *table, size_t columns)
{
    assert(columns > 0);
    *table = (cli_table){.columns = columns, .head_width = HEAD_WIDTH};
    table->head = cli_take(columns, sizeof *table->head);
}

const char **cli_table_row(cli_table *table, const char *label)
{
    table->label = cli_grow(table->label, table->rows, sizeof *table->label);
    table->cell = cli_grow(table->cell, table->rows, table->columns * sizeof *table->cell);
    table->marked = cli_grow(table->marked, table->rows, table->columns);
    table->label[table->rows] = label;
    return table->cell + table->columns * table->rows++;
}

void cli_table_heading(cli_table *table, const char *text)
{
    cli_table_row(table, text);
}

/* Decimals that show four digits of the largest number, at most six; one that only rounding keeps below a power of ten counts
 * as that. */
static int decimals_for(const double *number, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(number[i]))
            most = fmax(most, fabs(number[i]));
    }
    if (cli_unless_rounding(most) == 0)
        return 0;
    double decimals = 3 - floor(log10(most) + 1e-12);
    return decimals < 0 ? 0 : decimals > 6 ? 6 : (int)decimals;
}

static const char *show_number(double number, int decimals)
{
    if (!isfinite(number))
        return "-";
    if (cli_unless_rounding(number) == 0)
        return "0";
    if (fabs(number) < 0.5 * pow(10, -decimals))
        return cli_print("%.1e", number);
    if (fabs(number) >= 1e9)
        return cli_print("%.4g", number);
    return cli_print("%.*f", decimals, number);
}

/* Fills `count` cells from the first on, each `step` after the one before. */
static void fill_cells(cli_table *table, size_t first, size_t step, size_t count,
                       const double *number, int direction)
{
    assert(direction >= -1 && direction <= 1);
    int decimals = decimals_for(number, count);
    double best = -INFINITY, size = 0;
    for (size_t i = 0; i < count; i++) {
        table->cell[first + i * step] = show_number(number[i], decimals);
        best = fmax(best, direction * number[i]);
        size = fmax(size, fabs(number[i]));
    }
    for (size_t i = 0; i < count; i++) {
        bool tie = direction != 0 && dt_better(best, direction * number[i], size) == 0;
        table->marked[first + i * step] = tie ? CLI_STAR : CLI_UNMARKED;
    }
}

void cli_table_numbers(cli_table *table, const char *label, const double *number, int direction)
{
    cli_table_row(table, label);
    fill_cells(table, (table->rows - 1) * table->columns, 1, table->columns, number, direction);
}

void cli_table_column(cli_table *table, size_t column, const double *number, int direction)
{
    assert(column < table->columns);
    fill_cells(table, column, table->columns, table->rows, number, direction);
}

void cli_table_errors(cli_table *table, const char *label, const double *number)
{
    const char **cell = cli_table_row(table, label);
    for (size_t c = 0; c < table->columns; c++)
        cell[c] = !isfinite(number[c]) ? "-" : cli_print("%.1e", number[c]);
}

void cli_table_counts(cli_table *table, const char *label, const uint64_t *number)
{
    const char **cell = cli_table_row(table, label);
    for (size_t c = 0; c < table->columns; c++)
        cell[c] = cli_print("%" PRIu64, number[c]);
}

/* ---- printing ---------------------------------------------------------------------------------- */

/* "a_very_long_name" to "a_very_l…_name". */
static const char *shorten(const char *text, int columns)
{
    int all = cli_columns(text);
    if (all <= columns)
        return text;
    assert(columns >= 4);
    const int tail = (columns - 1) / 3, front = columns - 1 - tail;
    const char *end = text + cli_fitting(text, all - tail);
    for (int wide; cli_columns(end) > tail;)
        end += cli_character(end, &wide);
    return cli_print("%.*s…%s", (int)cli_fitting(text, front), text, end);
}

static bool distinct(const char **shortened, const char *const *whole, size_t count)
{
    for (size_t a = 0; a < count; a++) {
        for (size_t b = 0; b < a; b++) {
            if (strcmp(shortened[a], shortened[b]) == 0 && strcmp(whole[a], whole[b]) != 0)
                return false;
        }
    }
    return true;
}

/* What labels may take: three eighths of the terminal. */
static int label_width(void)
{
    const int share = 3 * cli_width() / 8;
    return share < LEAST_LABEL ? LEAST_LABEL : share > LABEL_WIDTH ? LABEL_WIDTH : share;
}

/* The heads, at most `most` columns wide, but no shorter than that they can be told apart. */
static const char **short_heads(const cli_table *table, int most)
{
    const char **head = cli_take(table->columns, sizeof *head);
    for (int width = table->head_width < most ? table->head_width : most;; width++) {
        bool whole = true;
        for (size_t c = 0; c < table->columns; c++) {
            head[c] = shorten(table->head[c], width);
            whole &= head[c] == table->head[c];
        }
        if (whole || distinct(head, table->head, table->columns))
            return head;
    }
}

static void print_cell(const char *text, int width, bool left)
{
    text = cli_clean(text);
    const int pad = width - cli_columns(text);
    printf("%*s%s%*s", left || pad < 0 ? 0 : pad, "", text, left && pad > 0 ? pad : 0, "");
}

static void print_block(const cli_table *table, const char **head, int label, const int *width,
                        size_t first, size_t end)
{
    assert(first < end && end <= table->columns);
    print_cell("", label, true);
    for (size_t c = first; c < end; c++) {
        fputs(cli_on(stdout, CLI_BOLD), stdout);
        print_cell(head[c], width[c] + 1, false);
        fputs(cli_off(stdout), stdout);
        fputs(c + 1 < end ? " " : "\n", stdout);
    }
    for (size_t r = 0; r < table->rows; r++) {
        const char *const *cell = table->cell + r * table->columns;
        if (!cell[0]) {
            fputs(cli_on(stdout, CLI_DIM), stdout);
            cli_print_wrapped("", table->label[r], 0);
            fputs(cli_off(stdout), stdout);
            continue;
        }
        print_cell(shorten(table->label[r], label_width()), label, true);
        for (size_t c = first; c < end; c++) {
            const cli_mark mark = (cli_mark)table->marked[r * table->columns + c];
            const cli_style style = mark == CLI_STAR ? CLI_GOOD : CLI_DIM;
            fputs(mark ? cli_on(stdout, style) : "", stdout);
            print_cell(cell[c], width[c] + 1, false);
            fputs(mark == CLI_STAR ? "*" : mark ? "~" : c + 1 < end ? " " : "", stdout);
            fputs(mark ? cli_off(stdout) : "", stdout);
        }
        fputc('\n', stdout);
    }
}

void cli_table_print(const cli_table *table)
{
    int *width = cli_take(table->columns, sizeof *width);
    int label = 0;
    for (size_t r = 0; r < table->rows; r++) {
        if (table->cell[r * table->columns])
            label = fmax(label, cli_columns(shorten(table->label[r], label_width())));
    }
    const int most = cli_width() - label - 2; /* of a column */
    const char **head = short_heads(table, most);
    for (size_t c = 0; c < table->columns; c++) {
        width[c] = fmax(LEAST_WIDTH, cli_columns(head[c]));
        for (size_t r = 0; r < table->rows; r++) {
            const char **cell = &table->cell[r * table->columns + c];
            if (*cell)
                *cell = shorten(*cell, most);
            width[c] = fmax(width[c], *cell ? cli_columns(*cell) : 0);
        }
    }
    for (size_t first = 0, end; first < table->columns; first = end) {
        int room = cli_width() - label;
        for (end = first; end < table->columns; end++) {
            room -= width[end] + 2; /* a blank before, a mark after */
            if (room < 0 && end > first)
                break;
        }
        if (first > 0)
            putchar('\n');
        print_block(table, head, label, width, first, end);
    }
}
