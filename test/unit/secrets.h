/*
 * Models with private variables for the tests of the game: from a text that nobody may have anything to say
 * against.
 */
#ifndef DT_TEST_SECRETS_H
#define DT_TEST_SECRETS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "game/game.h"

static inline void secret_report(void *context, const dt_diagnostic *diagnostic)
{
    (void)context;
    if (diagnostic->severity != DT_ERROR)
        return;
    fprintf(stderr, "%s:%d: %s\n%s\n", diagnostic->file, diagnostic->line, diagnostic->message,
            diagnostic->state);
    exit(2);
}

/* The model of a text. */
static inline dt_model *secret_model(const char *name, const char *text)
{
    const dt_options options = {.report = secret_report};
    dt_model *model;
    if (dt_model_parse(name, text, strlen(text), &options, &model) != DT_OK)
        exit(2);
    return model;
}

#endif
