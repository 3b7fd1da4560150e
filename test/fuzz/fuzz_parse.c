/*
 * Fuzz target for the front of the front end: any bytes are parsed; if they are valid, they are
 * formatted, the result must parse to the same tree, and formatting it again must change nothing.
 * Built with -fsanitize=fuzzer,address,undefined together with src/base and src/lang; test/format
 * and models are a good corpus to begin with.
 */
#include <stdlib.h>
#include <string.h>

#include "lang/syntax.h"

typedef struct output {
    char *at;
    size_t length;
} output;

static bool collect(void *context, const char *text, size_t length)
{
    output *out = context;
    out->at = realloc(out->at, out->length + length + 1);
    if (!out->at)
        abort();
    memcpy(out->at + out->length, text, length);
    out->length += length;
    return true;
}

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* Diagnostics must be well formed; errors are counted. */
static void report(void *context, const dt_diagnostic *d)
{
    size_t *errors = context;
    *errors += d->severity == DT_ERROR;
    require(*errors <= 21 && *d->code && *d->message && d->line >= 0 && d->length >= 0);
    require(d->line == 0 || (d->column >= 1 && (size_t)d->column <= strlen(d->source) + 1));
    require(!strchr(d->source, '\n') && d->hint && d->state);
}

static void require_same(const dt_syntax *a, const dt_syntax *b)
{
    for (; a && b; a = a->next, b = b->next) {
        require(a->kind == b->kind && a->number == b->number);
        if (a->kind != DT_SYNTAX_NUMBER) /* a sign may be set off: "- 1" */
            require(dt_slice_equal(a->text, b->text));
        require_same(a->first, b->first);
    }
    require(!a && !b);
}

typedef struct job {
    dt_arena *arena;
    dt_source source;
    dt_options options;
    dt_syntax *file;
} job;

static dt_status parse(void *argument)
{
    job *j = argument;
    dt_diagnostics *diagnostics = dt_diagnostics_new(j->arena, &j->options, &j->source);
    j->file = dt_parse(j->arena, &j->source, diagnostics);
    bool valid = dt_diagnostics_errors(diagnostics) == 0;
    dt_diagnostics_flush(diagnostics);
    return valid ? DT_OK : DT_INVALID;
}

static job begin(const char *text, size_t length, size_t *told)
{
    return (job){
        .arena = dt_arena_new(NULL, 0),
        .source = {"fuzz", text,       length},
        .options = {.report = report,      .report_context = told}
    };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t told = 0;
    job first = begin((const char *)data, size, &told);
    dt_status status = dt_arena_try(first.arena, parse, &first);
    require((status == DT_OK) == (told == 0));

    output once = {0}, twice = {0};
    told = 0;
    dt_status formatted =
        dt_format("fuzz", (const char *)data, size, &first.options, collect, &once);
    require(formatted == status && (status == DT_OK || once.length == 0));
    if (status == DT_OK) {
        job second = begin(once.at, once.length, &told);
        require(dt_arena_try(second.arena, parse, &second) == DT_OK);
        require_same(first.file, second.file);
        require(dt_format("fuzz", once.at, once.length, NULL, collect, &twice) == DT_OK);
        require(once.length == twice.length && memcmp(once.at, twice.at, once.length) == 0);
        dt_arena_free(second.arena);
    }
    free(once.at);
    free(twice.at);
    dt_arena_free(first.arena);
    return 0;
}
