/*
 * Diagnostics. Of the errors and of the warnings the first 20 in the order of the text are kept,
 * sorted; the rest are only counted, without even being put into words, so that a text with a
 * million errors costs no more than one with twenty. Line and column are found when a diagnostic is
 * delivered. Invariant: both lists are sorted by place, those without a place last, and no two
 * errors in them stand at one place.
 */
#include "base/diagnostic.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_TOLD = 20 };

typedef struct kind {
    dt_severity severity;
    const char *code, *format;
} kind;

static const kind kinds[] = {
#define DIAGNOSTIC(id, severity, code, format) {severity, code, format},
#include "base/diagnostic.def"
#undef DIAGNOSTIC
};

typedef struct note {
    dt_code code;
    dt_place place;
    const char *message, *hint, *state;
} note;

typedef struct notes {
    note at[MOST_TOLD];
    size_t count;
    size_t rest; /* noted after these in the order of the text */
} notes;

struct dt_diagnostics {
    dt_arena *arena;
    const dt_options *options;
    const dt_source *source; /* NULL: none */
    notes of[2];             /* by severity */
    size_t errors;
};

const char *dt_diagnostic_code(size_t index)
{
    return index < DT_CODES ? kinds[index].code : NULL;
}

dt_diagnostics *dt_diagnostics_new(dt_arena *arena, const dt_options *options,
                                   const dt_source *source)
{
    dt_diagnostics *diagnostics = dt_new(arena, dt_diagnostics, 1);
    diagnostics->arena = arena;
    diagnostics->options = options;
    diagnostics->source = source;
    return diagnostics;
}

size_t dt_diagnostics_errors(const dt_diagnostics *diagnostics)
{
    return diagnostics->errors;
}

/* ---- noting ---------------------------------------------------------------------------------- */

static const char *print(dt_arena *arena, const char *format, va_list arguments)
{
    assert(format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    assert(length >= 0 && "formats are the library's own");
    char *text = dt_new(arena, char, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

static const char *copy(dt_arena *arena, const char *text)
{
    return text ? dt_copy_text(arena, text, strlen(text)) : "";
}

static bool stands_before(dt_place a, dt_place b)
{
    if ((a.length == 0) != (b.length == 0))
        return b.length == 0;
    return a.offset < b.offset;
}

/* Whether a note says nothing new beside one that was made before. */
static bool repeats(const note *old, dt_code code, dt_place place, const char *message)
{
    bool here = old->place.offset == place.offset && old->place.length == place.length;
    if (kinds[code].severity == DT_ERROR && place.length != 0)
        return here || (old->place.offset == place.offset && old->code == code);
    return here && old->code == code && strcmp(old->message, message) == 0;
}

static void take_note(dt_diagnostics *d, dt_code code, dt_place place, const char *hint,
                      const char *state, va_list arguments)
{
    assert(code < DT_CODES);
    if (!d->source)
        place = (dt_place){0, 0};
    dt_severity severity = kinds[code].severity;
    notes *list = &d->of[severity];
    assert(list->count <= MOST_TOLD);
    d->errors += severity == DT_ERROR;
    size_t at = list->count;
    while (at > 0 && stands_before(place, list->at[at - 1].place))
        at--;
    if (at == MOST_TOLD) {
        list->rest++;
        return;
    }
    const char *message = print(d->arena, kinds[code].format, arguments);
    for (size_t i = 0; i < list->count; i++) {
        if (repeats(&list->at[i], code, place, message))
            return;
    }
    note made = {code, place, message, copy(d->arena, hint), copy(d->arena, state)};
    if (list->count == MOST_TOLD)
        list->rest++;
    else
        list->count++;
    memmove(&list->at[at + 1], &list->at[at], (list->count - at - 1) * sizeof(note));
    list->at[at] = made;
}

void dt_complain(dt_diagnostics *diagnostics, dt_code code, dt_place place, ...)
{
    va_list arguments;
    va_start(arguments, place);
    take_note(diagnostics, code, place, NULL, NULL, arguments);
    va_end(arguments);
}

void dt_complain_more(dt_diagnostics *diagnostics, dt_code code, dt_place place, const char *hint,
                      const char *state, ...)
{
    va_list arguments;
    va_start(arguments, state);
    take_note(diagnostics, code, place, hint, state, arguments);
    va_end(arguments);
}

/* ---- delivering ------------------------------------------------------------------------------ */

/* Characters in a text; a byte that is no character counts as one. */
static int characters(const char *text, size_t length)
{
    int count = 0;
    for (size_t i = 0; i < length; count++) {
        size_t bytes = dt_read_character(text + i, length - i);
        i += bytes ? bytes : 1;
    }
    return count;
}

/* Fills in line, column, length and the line's text. */
static void locate(dt_diagnostics *d, dt_place place, dt_diagnostic *told)
{
    const dt_source *source = d->source;
    assert(source && place.length != 0);
    const char *text = source->length ? source->text : "";
    size_t offset = place.offset < source->length ? place.offset : source->length;
    size_t start = 0, line = 1;
    for (const char *at = text;;) {
        const char *newline = memchr(at, '\n', offset - start);
        if (!newline)
            break;
        at = newline + 1;
        start = (size_t)(at - text);
        line++;
    }
    assert(start <= offset);
    size_t rest = source->length - start;
    const char *newline = rest ? memchr(text + start, '\n', rest) : NULL;
    size_t length = newline ? (size_t)(newline - text) - start : rest;
    if (length > 0 && text[start + length - 1] == '\r')
        length--;
    size_t before = offset - start < length ? offset - start : length;
    size_t marked = place.length < length - before ? place.length : length - before;
    told->file = source->name;
    told->line = (int)line;
    told->column = characters(text + start, before) + 1;
    told->length = marked ? characters(text + start + before, marked) : 1;
    told->source = dt_copy_text(d->arena, text + start, length);
}

static void deliver(const dt_options *options, const dt_diagnostic *told)
{
    assert(told->code && told->message && told->source && told->file && told->hint && told->state);
    if (options && options->report)
        options->report(options->report_context, told);
}

static dt_diagnostic without_place(dt_code code, const char *message)
{
    return (dt_diagnostic){.severity = kinds[code].severity,
                           .code = kinds[code].code,
                           .file = "",
                           .source = "",
                           .message = message,
                           .hint = "",
                           .state = ""};
}

static void flush(dt_diagnostics *d, notes *list, dt_code more)
{
    assert(list->rest == 0 || list->count == MOST_TOLD);
    for (size_t i = 0; i < list->count; i++) {
        const note *n = &list->at[i];
        dt_diagnostic told = without_place(n->code, n->message);
        told.hint = n->hint;
        told.state = n->state;
        if (n->place.length != 0)
            locate(d, n->place, &told);
        deliver(d->options, &told);
    }
    if (list->rest) {
        char message[64];
        snprintf(message, sizeof message, kinds[more].format, list->rest);
        dt_diagnostic told = without_place(more, message);
        if (d->source)
            told.file = d->source->name;
        deliver(d->options, &told);
    }
    list->count = list->rest = 0;
}

void dt_diagnostics_flush(dt_diagnostics *diagnostics)
{
    flush(diagnostics, &diagnostics->of[DT_ERROR], DT_MORE_ERRORS);
    flush(diagnostics, &diagnostics->of[DT_WARNING], DT_MORE_WARNINGS);
}

dt_status dt_refuse_call(const dt_options *options, const char *function, const char *what)
{
    char message[256];
    snprintf(message, sizeof message, kinds[DT_BAD_CALL].format, function, what);
    dt_diagnostic told = without_place(DT_BAD_CALL, message);
    deliver(options, &told);
    return DT_INVALID;
}

void dt_report_limit(const dt_options *options, const char *reason)
{
    char message[128];
    snprintf(message, sizeof message, kinds[DT_MEMORY].format, reason);
    dt_diagnostic told = without_place(DT_MEMORY, message);
    deliver(options, &told);
}

void dt_report_interrupted(const dt_options *options, const char *activity)
{
    char message[128];
    snprintf(message, sizeof message, kinds[DT_INTERRUPTED].format, activity);
    dt_diagnostic told = without_place(DT_INTERRUPTED, message);
    deliver(options, &told);
}

void dt_progress(dt_arena *arena, const dt_options *options, const char *activity, double done)
{
    assert(done >= 0 && done <= 1);
    if (!options || !options->progress ||
        options->progress(options->progress_context, activity, done))
        return;
    dt_report_interrupted(options, activity);
    dt_refuse(arena, "");
}

/* ---- characters ------------------------------------------------------------------------------ */

bool dt_source_is_plain(const dt_source *source, dt_diagnostics *diagnostics)
{
    const char *text = source->text;
    for (size_t i = 0; i < source->length;) {
        size_t bytes;
        uint32_t code;
        const bool plain = dt_character(text + i, source->length - i, &bytes, &code) >= 0;
        if (!plain && dt_read_character(text + i, source->length - i) == 0) {
            dt_complain(diagnostics, DT_NOT_UTF8, (dt_place){(uint32_t)i, 1},
                        (unsigned char)text[i]);
            return false;
        }
        const bool line_end = code == '\r' && i + 1 < source->length && text[i + 1] == '\n';
        if (!plain && code != '\n' && code != '\t' && !line_end) {
            dt_complain_more(diagnostics, DT_CONTROL_CHARACTER,
                             (dt_place){(uint32_t)i, (uint32_t)bytes},
                             code < 0x80     ? NULL
                             : code < 0x2000 ? "the file may be in another encoding than UTF-8"
                                             : "with it a text can look other than it is",
                             NULL, (unsigned)code);
            return false;
        }
        i += bytes;
    }
    return true;
}

/* ---- the nearest name ------------------------------------------------------------------------ */

enum { LONGEST_NAME = 60 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance where swapping two neighbours is one edit (Damerau's, restricted: "optimal string
 * alignment") and a letter in the other case is no edit. Both are at most LONGEST_NAME long. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t row[3][LONGEST_NAME + 1]; /* row i modulo 3 holds the distances of a[0..i) */
    assert(n <= LONGEST_NAME && m <= LONGEST_NAME);
    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *before = row[(i - 1) % 3], *second = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);
            now[j] = least(before[j - 1] + !same, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                now[j] = least(now[j], second[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *dt_nearest(dt_slice name, const char *const *names, size_t count)
{
    if (name.length == 0 || name.length > LONGEST_NAME)
        return NULL;
    size_t limit = name.length < 6 ? 1 : name.length / 3;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(names[i]);
        if (length > name.length + limit || name.length > length + limit || length > LONGEST_NAME)
            continue;
        size_t d = distance(name.at, name.length, names[i], length);
        /* Two short names without a letter in common are no slip. */
        if (d > limit || d >= least(name.length, length) || dt_slice_is(name, names[i]))
            continue;
        nearest = names[i];
        if (d == 0)
            break;
        limit = d - 1;
    }
    return nearest;
}

const char *dt_suggest(const char *name, const char *const *names, size_t count)
{
    if (!name || (count && !names))
        return NULL;
    return dt_nearest(dt_slice_of(name), names, count);
}
