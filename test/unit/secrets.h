/*
 * Models with private variables for the C tests of the game. dt_model_parse gives them to nobody until they
 * can be solved; here they come straight from the checker, which must have nothing to say against them.
 */
#ifndef DT_TEST_SECRETS_H
#define DT_TEST_SECRETS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "game/game.h"
#include "lang/syntax.h"
#include "model/check.h"

typedef struct secret_reading {
    dt_arena *arena;
    dt_source source;
    const dt_options *options;
    dt_model *model;
} secret_reading;

static inline void secret_report(void *context, const dt_diagnostic *diagnostic)
{
    (void)context;
    if (diagnostic->severity != DT_ERROR)
        return;
    fprintf(stderr, "%s:%d: %s\n%s\n", diagnostic->file, diagnostic->line, diagnostic->message,
            diagnostic->state);
    exit(2);
}

static inline dt_status secret_read(void *argument)
{
    secret_reading *r = argument;
    dt_diagnostics *diagnostics = dt_diagnostics_new(r->arena, r->options, &r->source);
    r->model = dt_model_check(r->arena, &r->source, dt_parse(r->arena, &r->source, diagnostics),
                              diagnostics);
    dt_diagnostics_flush(diagnostics);
    return DT_OK;
}

/* The model of a text, which must live as long; it is freed by dt_model_free. */
static inline dt_model *secret_model(const char *name, const char *text)
{
    const dt_options options = {.report = secret_report};
    secret_reading r = {
        .arena = dt_arena_new(&options.allocator, 0),
        .source = {name, text, strlen(text)},
        .options = &options
    };
    if (!r.arena || dt_arena_try(r.arena, secret_read, &r) != DT_OK)
        exit(2);
    return r.model;
}

#endif
