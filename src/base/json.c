/*
 * Writing JSON (RFC 8259). Invariant: `comma` says whether what comes next is divided from what stands
 * before; after an opening bracket, a key and a line's end it isn't.
 */
#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

static void write_character(dt_writer *out, char c)
{
    dt_writer_text(out, (const char[]){c, 0});
}

static void quote(dt_writer *out, const char *text)
{
    write_character(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            dt_writer_print(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            dt_writer_print(out, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            write_character(out, *c);
    }
    write_character(out, '"');
}

static void divide(dt_writer *out)
{
    if (out->comma)
        dt_writer_text(out, out->spaced ? ", " : ",");
    out->comma = true;
}

static void write_number(dt_writer *out, double number)
{
    if (isfinite(number))
        dt_writer_number(out, number);
    else
        dt_writer_text(out, "null");
}

/* One value by the directive at `c`; returns its last character. */
static const char *write_value(dt_writer *out, const char *c, va_list *values)
{
    divide(out);
    switch (*c) {
    case 's':
        quote(out, va_arg(*values, const char *));
        return c;
    case 'g':
        write_number(out, va_arg(*values, double));
        return c;
    case 'i':
        dt_writer_text(out, va_arg(*values, int) ? "true" : "false");
        return c;
    case 'd':
        dt_writer_print(out, "%d", va_arg(*values, int));
        return c;
    case 'u':
        dt_writer_print(out, "%u", va_arg(*values, unsigned));
        return c;
    case 'z':
        dt_writer_print(out, "%zu", va_arg(*values, size_t));
        return c + 1;
    default:
        assert(c[0] == 'l' && c[1] == 'l' && c[2] == 'u');
        dt_writer_print(out, "%llu", va_arg(*values, unsigned long long));
        return c + 2;
    }
}

/* A key, or a word that is a value; returns its last character. */
static const char *write_word(dt_writer *out, const char *c)
{
    const size_t length = strcspn(c, ":, ]}\n");
    const char *mark = c[length] == ':' ? "\"" : "";
    divide(out);
    dt_writer_print(out, "%s%.*s%s", mark, (int)length, c, mark);
    return c + length - 1;
}

void dt_json_print(dt_writer *out, const char *shape, ...)
{
    va_list values;
    va_start(values, shape);
    for (const char *c = shape; *c; c++) {
        if (*c == '%') {
            c = write_value(out, c + 1, &values);
        } else if (strchr("{[", *c)) {
            divide(out);
            write_character(out, *c);
            out->comma = false;
        } else if (strchr("}]", *c)) {
            write_character(out, *c);
            out->comma = true;
        } else if (*c == ':') {
            dt_writer_text(out, out->spaced ? ": " : ":");
            out->comma = false;
        } else if (*c == '\n') {
            const int blanks = (int)strspn(c + 1, " ");
            dt_writer_print(out, "%s\n%*s", out->comma ? "," : "", blanks, "");
            out->comma = false;
        } else if (*c != ' ' && *c != ',') {
            c = write_word(out, c);
        }
    }
    va_end(values);
}

void dt_json_numbers(dt_writer *out, const double *number, size_t count)
{
    dt_json_print(out, "[");
    for (size_t i = 0; i < count; i++)
        dt_json_print(out, "%g", number[i]);
    dt_json_print(out, "]");
}

void dt_json_texts(dt_writer *out, const char *const *text, size_t count)
{
    dt_json_print(out, "[");
    for (size_t i = 0; i < count; i++)
        dt_json_print(out, "%s", text[i]);
    dt_json_print(out, "]");
}
