/*
 * Reading comma-separated values as RFC 4180 has them (Shafranovich 2005): a row ends at a line's end, LF or
 * CR LF; a cell in double quotes may hold commas, ends of lines, and quotes written twice. Beyond that blanks
 * around a cell don't count, and a byte order mark before the header is passed over. Invariant: reader->at
 * is the beginning of a row, or the text's end.
 */
#include "history/table.h"

#include <assert.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether a row ends at `at`. */
static bool ends(const dt_source *source, size_t at)
{
    return at >= source->length || source->text[at] == '\n' ||
           (source->text[at] == '\r' && at + 1 < source->length && source->text[at + 1] == '\n');
}

static dt_place place_of(size_t from, size_t to)
{
    return (dt_place){(uint32_t)from, to > from ? (uint32_t)(to - from) : 1};
}

/* A cell in quotes, of which the first stands at `at`; returns where the rest of its row begins. */
static size_t read_quoted(dt_table_reader *reader, size_t at, dt_table_cell *cell)
{
    const dt_source *source = reader->source;
    const size_t open = at;
    dt_text text = {.arena = reader->arena};
    for (at++;;) {
        const char *quote =
            at < source->length ? memchr(source->text + at, '"', source->length - at) : NULL;
        if (!quote) {
            dt_complain(reader->diagnostics, DT_CSV_QUOTE, place_of(open, open + 1));
            reader->broken = true;
            return source->length;
        }
        const size_t close = (size_t)(quote - source->text);
        dt_text_add(&text, source->text + at, close - at);
        at = close + 1;
        if (at >= source->length || source->text[at] != '"')
            break;
        dt_text_add(&text, "\"", 1);
        at++;
    }
    *cell = (dt_table_cell){
        {dt_text_get(&text), text.bytes.count},
        place_of(open, at)
    };
    while (at < source->length && is_blank(source->text[at]))
        at++;
    if (!ends(source, at) && source->text[at] != ',')
        dt_complain(reader->diagnostics, DT_CSV_AFTER_QUOTE, place_of(at, at + 1));
    while (!ends(source, at) && source->text[at] != ',')
        at++;
    return at;
}

static size_t read_plain(const dt_source *source, size_t at, dt_table_cell *cell)
{
    const size_t from = at;
    size_t to = at;
    for (; !ends(source, at) && source->text[at] != ','; at++) {
        if (!is_blank(source->text[at]))
            to = at + 1;
    }
    *cell = (dt_table_cell){
        {source->text + from, to - from},
        place_of(from, to)
    };
    return at;
}

/* Past blanks and ends of lines, if nothing else follows; else `at`. */
static size_t skip_end(const dt_source *source, size_t at)
{
    size_t end = at;
    while (end < source->length &&
           (is_blank(source->text[end]) || source->text[end] == '\n' || source->text[end] == '\r'))
        end++;
    return end == source->length ? end : at;
}

static void trim(dt_slice *text)
{
    while (text->length > 0 && is_blank(text->at[text->length - 1]))
        text->length--;
    while (text->length > 0 && is_blank(*text->at)) {
        text->at++;
        text->length--;
    }
}

bool dt_table_next(dt_table_reader *reader)
{
    const dt_source *source = reader->source;
    size_t at = reader->at;
    if (at == 0 && source->length >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    at = skip_end(source, at);
    reader->cell.count = 0;
    if (at >= source->length || reader->broken)
        return false;
    const size_t from = at;
    for (;;) {
        dt_table_cell cell = {
            {"", 0},
            {0,  1}
        };
        while (at < source->length && is_blank(source->text[at]))
            at++;
        if (at < source->length && source->text[at] == '"')
            at = read_quoted(reader, at, &cell);
        else
            at = read_plain(source, at, &cell);
        trim(&cell.text);
        dt_push(reader->arena, &reader->cell, cell);
        if (ends(source, at))
            break;
        assert(source->text[at] == ',');
        at++;
    }
    reader->row = place_of(from, at);
    at += at < source->length && source->text[at] == '\r';
    at += at < source->length;
    reader->at = at;
    return !reader->broken;
}

void dt_table_print(dt_text *text, const char *cell)
{
    if (!strpbrk(cell, ",\"\r\n")) {
        dt_text_print(text, "%s", cell);
        return;
    }
    dt_text_print(text, "\"");
    for (; *cell; cell++)
        dt_text_print(text, *cell == '"' ? "\"\"" : "%c", *cell);
    dt_text_print(text, "\"");
}
