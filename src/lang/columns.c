/*
 * From lines to text. Lines of one kind that follow each other without a gap get common columns,
 * as many of the first ones as leave every line within the width; comments at the ends of lines
 * that follow each other begin in one column, two spaces behind the longest.
 */
#include <assert.h>

#include "lang/layout.h"

typedef struct writer {
    dt_layout *layout;
    dt_text out; /* the line that is being written */
    dt_write *write;
    void *context;
} writer;

static const char *text_of(const writer *w, const dt_line *line)
{
    return line->length ? w->layout->text.bytes.at + line->at : "";
}

static dt_cell *cells_of(const writer *w, const dt_line *line)
{
    return line->cells ? w->layout->cell.at + line->cell : NULL;
}

/* Width of a line's text from its cell `k` (counted from 1; 0: from its beginning) to the next. */
static int part_width(const writer *w, const dt_line *line, size_t k)
{
    const dt_cell *cell = cells_of(w, line);
    assert(k <= line->cells);
    size_t from = k > 0 ? cell[k - 1].offset : 0;
    size_t to = k < line->cells ? cell[k].offset : line->length;
    assert(from <= to);
    if (k < line->cells && to > from)
        to--; /* the space before a cell isn't part of what precedes it */
    return dt_width(text_of(w, line) + from, to - from);
}

/* A line whose parts don't stand in the usual order has no columns. */
static void drop_unordered(const writer *w, dt_line *line)
{
    const dt_cell *cell = cells_of(w, line);
    for (size_t k = 1; k < line->cells; k++) {
        if (cell[k].slot <= cell[k - 1].slot)
            line->cells = 0;
    }
}

/* Columns that lines of one kind can have: the slots of the layout's table. */
enum { MOST_SLOTS = 4 };

/* Gives each cell of some lines its column: slots up to `slots` are aligned, the others follow
 * after one space. True unless that takes a line over the width by adding more than a little to it. */
static bool place_cells(const writer *w, dt_line *line, size_t count, int slots)
{
    enum { A_LITTLE = 24 };
    for (int slot = 1; slot <= MOST_SLOTS; slot++) {
        int start = 0; /* behind all that stands before this column in lines that reach it */
        for (int pass = 0; pass < 2; pass++) {
            for (size_t i = 0; i < count; i++) {
                dt_cell *cell = cells_of(w, &line[i]);
                size_t k = 0;
                while (k < line[i].cells && cell[k].slot < slot)
                    k++;
                if (k == line[i].cells)
                    continue;
                int before = (k > 0 ? cell[k - 1].column : 0) + part_width(w, &line[i], k) + 1;
                if (pass == 0 && before > start)
                    start = before;
                if (pass == 1 && cell[k].slot == slot)
                    cell[k].column = slot <= slots ? start : before;
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        const dt_cell *cell = cells_of(w, &line[i]);
        size_t k = line[i].cells;
        int width = line[i].indent + (k > 0 ? cell[k - 1].column : 0) + part_width(w, &line[i], k);
        int before = line[i].indent + dt_width(text_of(w, &line[i]), line[i].length);
        if (width > DT_LAYOUT_WIDTH && width - before > A_LITTLE)
            return false;
    }
    return true;
}

static void align(const writer *w, dt_line *line, size_t count)
{
    for (size_t i = 0; i < count; i++)
        drop_unordered(w, &line[i]);
    for (int slots = MOST_SLOTS; slots >= 0; slots--) {
        if (place_cells(w, line, count, slots))
            break;
    }
}

static void add_spaces(dt_text *text, int count)
{
    for (int i = 0; i < count; i++)
        dt_text_add(text, " ", 1);
}

/* The line with its columns, without its comment. */
static void compose(writer *w, const dt_line *line)
{
    const dt_cell *cell = cells_of(w, line);
    w->out.bytes.count = 0;
    add_spaces(&w->out, line->indent);
    for (size_t k = 0; k <= line->cells; k++) {
        size_t from = k > 0 ? cell[k - 1].offset : 0;
        if (k > 0) {
            int width = dt_width(w->out.bytes.at, w->out.bytes.count) - line->indent;
            assert(cell[k - 1].column > width && "a space is left before each column");
            add_spaces(&w->out, cell[k - 1].column - width);
        }
        size_t to = k < line->cells ? cell[k].offset - 1 : line->length;
        dt_text_add(&w->out, text_of(w, line) + from, to - from);
    }
}

static int line_end(const writer *w, const dt_line *line)
{
    size_t k = line->cells;
    int column = k > 0 ? w->layout->cell.at[line->cell + k - 1].column : 0;
    return line->indent + column + part_width(w, line, k);
}

/* Writes lines that follow each other, comments in one column. */
static bool write_run(writer *w, const dt_line *line, size_t count, int comments)
{
    for (size_t i = 0; i < count; i++) {
        compose(w, &line[i]);
        if (line[i].comment.at) {
            int width = dt_width(w->out.bytes.at, w->out.bytes.count);
            assert(comments >= width + 2);
            add_spaces(&w->out, comments - width);
            dt_text_add(&w->out, line[i].comment.at, line[i].comment.length);
        }
        dt_text_add(&w->out, "\n", 1);
        bool blank = line[i].blank;
        if ((blank && !w->write(w->context, "\n", 1)) ||
            !w->write(w->context, dt_text_get(&w->out), w->out.bytes.count))
            return false;
    }
    return true;
}

bool dt_layout_write(dt_arena *arena, dt_layout *layout, dt_write *write, void *context)
{
    writer w = {.layout = layout, .out.arena = arena, .write = write, .context = context};
    dt_reserve(arena, &layout->cell,
               1); /* even if no line has a cell: point at something all the same */
    dt_line *line = layout->line.at;
    size_t count = layout->line.count;
    for (size_t i = 0, end; i < count; i = end) {
        end = i + 1;
        while (line[i].kind && end < count && line[end].kind == line[i].kind && !line[end].blank &&
               line[end].indent == line[i].indent)
            end++;
        align(&w, line + i, end - i);
    }
    for (size_t i = 0, end; i < count; i = end) {
        int comments = line[i].length && line[i].comment.at ? line_end(&w, &line[i]) + 2 : 0;
        end = i + 1;
        while (line[i].comment.at && end < count && line[end].comment.at && !line[end].blank) {
            if (line[end].length && line_end(&w, &line[end]) + 2 > comments)
                comments = line_end(&w, &line[end]) + 2;
            end++;
        }
        if (!write_run(&w, line + i, end - i, comments))
            return false;
    }
    return true;
}
