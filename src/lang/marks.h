/*
 * What each stretch of a text is, for whoever colours it: words of the language, names by what they name,
 * numbers, strings, comments, what can't stand in a model. The parser has noted what it took each name for
 * (naming.h); here names are looked up among those that the text declares, by their spelling and, where a name is read beside
 * something, by what it is beside: a value beside its variable, an action beside its choice. A text may be
 * wrong: what an error hides from the parser is looked up as any name could be.
 *
 * Signs aren't marked. Invariant: spans are in the order of the text and don't overlap.
 */
#ifndef DT_LANG_MARKS_H
#define DT_LANG_MARKS_H

#include "lang/naming.h"
#include "lang/token.h"

typedef struct dt_span {
    dt_place place;
    dt_mark mark;
} dt_span;

typedef struct dt_spans {
    dt_list(dt_span) list;
} dt_spans;

/* A name that a text declares. */
typedef struct dt_declared {
    dt_slice name;
    dt_mark mark;
    dt_slice
        of; /* of a VALUE its variable, of an ACTION its mover, of a SETTING its lever; else empty */
} dt_declared;

typedef struct dt_names {
    dt_list(dt_declared) list; /* by name, then mark, then `of` */
} dt_names;

/* What names are read beside a place: those of a variable's values, of a mover's actions, or, beside a role, actors. */
typedef struct dt_beside {
    dt_mark mark; /* VALUE, ACTION or ACTOR; NOTHING: nothing is there */
    dt_slice of;  /* of these; empty for actors */
} dt_beside;

/* The spans of a text; none if it is longer than DT_MAX_TEXT, or isn't text. Takes time n log n. */
dt_spans dt_marks_read(dt_arena *arena, const dt_source *source);

/* ---- what is known of tokens that were parsed ---- */

/* The names that are declared. */
dt_names dt_names_of_tokens(dt_arena *arena, const dt_source *source, const dt_tokens *tokens);

/* Whether a name of this mark is declared. */
bool dt_names_have(const dt_names *names, dt_slice name, dt_mark mark);

/* What stands beside token `at`, which is or could be a name: on the other side of a comparison, or before the sign of
 * an assignment, or else, of a value at the start, `variable`, which was declared last. */
dt_beside dt_beside_token(const dt_source *source, const dt_tokens *tokens, const dt_names *names,
                          size_t at, dt_slice variable);

/* What stands in a token. */
dt_slice dt_token_text(const dt_source *source, const dt_tokens *tokens, size_t at);

#endif
