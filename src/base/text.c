/*
 * Slices and growing text, and numbers as text, written and read the same in every locale.
 */
#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

dt_slice dt_slice_of(const char *text)
{
    return (dt_slice){text, strlen(text)};
}

bool dt_slice_equal(dt_slice a, dt_slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

bool dt_slice_is(dt_slice a, const char *text)
{
    return dt_slice_equal(a, dt_slice_of(text));
}

const char *dt_text_get(const dt_text *text)
{
    return text->bytes.count ? text->bytes.at : "";
}

void dt_text_add(dt_text *text, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    dt_reserve(text->arena, &text->bytes, length + 1);
    memcpy(text->bytes.at + text->bytes.count, bytes, length);
    text->bytes.count += length;
    text->bytes.at[text->bytes.count] = '\0';
}

void dt_text_print_list(dt_text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    assert(length >= 0 && "formats are the library's own");
    dt_reserve(text->arena, &text->bytes, (size_t)length + 1);
    vsnprintf(text->bytes.at + text->bytes.count, (size_t)length + 1, format, again);
    va_end(again);
    text->bytes.count += (size_t)length;
}

void dt_text_print(dt_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dt_text_print_list(text, format, arguments);
    va_end(arguments);
}

/* The decimal point of the locale is the one character that printf and strtod may change. */
static void swap_point(char *text, char from, char to)
{
    for (char *c = text; *c; c++) {
        if (*c == from)
            *c = to;
    }
}

static char locale_point(void)
{
    char sample[8];
    snprintf(sample, sizeof sample, "%.1f", 0.5);
    return sample[1];
}

char *dt_print_number(char buffer[32], double number)
{
    if (number == 0)
        number = 0; /* no -0 */
    if (isnan(number))
        number = NAN; /* nor its sign */
    /* A decimal of up to 15 digits survives the way to a double and back (DBL_DIG), so that %.15g
     * finds it if there is one; and never writes 20 as 2e+01. */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, 32, "%.*g", digits, number);
        if (strtod(buffer, NULL) == number)
            break;
    }
    swap_point(buffer, locale_point(), '.');
    return buffer;
}

size_t dt_read_number(const char *text, size_t length, double *number)
{
    size_t n = 0;
    size_t digits = 0;
    while (n < length && text[n] >= '0' && text[n] <= '9')
        n++, digits++;
    /* "0..4" is a range: a point is part of the number only if no second one follows. */
    if (n < length && text[n] == '.' && !(n + 1 < length && text[n + 1] == '.')) {
        size_t after = n + 1;
        while (after < length && text[after] >= '0' && text[after] <= '9')
            after++, digits++;
        if (after > n + 1)
            n = after;
    }
    if (digits == 0)
        return 0;
    if (n < length && (text[n] == 'e' || text[n] == 'E')) {
        size_t e = n + 1;
        if (e < length && (text[e] == '+' || text[e] == '-'))
            e++;
        size_t first = e;
        while (e < length && text[e] >= '0' && text[e] <= '9')
            e++;
        if (e > first)
            n = e;
    }
    /* strtod needs an ended text with the locale's point. */
    char small[64];
    char *copy = n < sizeof small ? small : malloc(n + 1);
    if (!copy)
        return 0;
    memcpy(copy, text, n);
    copy[n] = '\0';
    swap_point(copy, '.', locale_point());
    *number = strtod(copy, NULL);
    if (copy != small)
        free(copy);
    return n;
}

size_t dt_read_character(const char *text, size_t length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* shorter forms are wrong */
    if (length == 0)
        return 0;
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] < 0x80)
        return 1;
    size_t bytes = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
    if (byte[0] < 0xc2 || byte[0] > 0xf4 || bytes > length)
        return 0;
    uint32_t code = byte[0] & (0x7fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (byte[i] & 0x3f);
    }
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code < least[bytes] || surrogate || code > 0x10ffff ? 0 : bytes;
}
