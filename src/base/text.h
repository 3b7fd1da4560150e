/*
 * Text: slices of a text that is owned elsewhere, and a text that grows in an arena.
 */
#ifndef DT_BASE_TEXT_H
#define DT_BASE_TEXT_H

#include <stdarg.h>

#include "base/arena.h"

/* `length` bytes at `at`, not ended by a NUL, owned elsewhere. */
typedef struct dt_slice {
    const char *at;
    size_t length;
} dt_slice;

static inline bool dt_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

dt_slice dt_slice_of(const char *text);
bool dt_slice_equal(dt_slice a, dt_slice b);
bool dt_slice_is(dt_slice a, const char *text);

/* A text that grows; always ended by a NUL once something was added. */
typedef struct dt_text {
    dt_arena *arena;
    dt_list(char) bytes;
} dt_text;

/* What stands in `text` so far; "" if nothing. Moves when more is added. */
const char *dt_text_get(const dt_text *text);
void dt_text_add(dt_text *text, const char *bytes, size_t length);
void dt_text_print(dt_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void dt_text_print_list(dt_text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* The shortest decimal that reads back as the same double ("0.1", "1e-09", "20"), for any locale.
 * Writes at most 32 bytes, the NUL included, and returns `buffer`. */
char *dt_print_number(char buffer[32], double number);

/* Reads a decimal number at the start of text[0..length): digits with optional fraction and
 * exponent, no sign. Independent of the locale. Returns the bytes read, 0 if there is none. */
size_t dt_read_number(const char *text, size_t length, double *number);

/* The bytes of the UTF-8 character at the start of text[0..length); 0 if none stands there. */
size_t dt_read_character(const char *text, size_t length);

#endif
