/*
 * Slips: what is likely wrong at the place of an error, from the tokens around it. Asked by
 * dt_parser_wanted for every error that a rule has no hint of its own for.
 */
#ifndef DT_LANG_SLIP_H
#define DT_LANG_SLIP_H

#include "lang/parser.h"

typedef struct dt_slip {
    const char *hint; /* NULL: nothing is known */
    dt_place signs;   /* signs that are one habit ("**"), to be shown whole; length 0: none */
} dt_slip;

/* The slip at the next token, where `wanted` was. */
dt_slip dt_parser_slip(const dt_parser *p, const char *wanted);

/* Whether a line begins at token `at` that goes on with the line before: with an operator, or after
 * one or a comma. */
bool dt_parser_continues(const dt_parser *p, size_t at);

#endif
