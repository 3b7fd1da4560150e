/*
 * Tokens: the text cut into words, numbers, strings and signs, with the line breaks and comments
 * between them. Line breaks are no tokens of their own: whether one ends a statement depends on
 * where it stands, which only the parser knows. Comments are kept for the formatter.
 *
 * Words. Keywords are names that stand where a keyword is wanted (`stage`, `first`, `in`), and may
 * be used as names everywhere else. Only these are reserved, because in an expression, or at the
 * start of a branch's arm, or among movers, nothing else would tell them from a name:
 *
 *     and  or  not  yes  no  now  else  chance
 *
 * (`yes` and `no` may still name actions, which are always written beside their mover or choice.)
 *
 * Strings stand on one line between double quotes; there are no escapes, so a string holds no
 * double quote.
 */
#ifndef DT_LANG_TOKEN_H
#define DT_LANG_TOKEN_H

#include "base/diagnostic.h"

/* Kinds of token, and how each is written (shown in messages). */
#define DT_TOKENS(X)                                                                               \
    X(END, "the end of the text")                                                                  \
    X(LINE_END, "the end of the line") /* seen by the parser, never in the list */                 \
    X(NAME, "a name")                                                                              \
    X(NUMBER, "a number")                                                                          \
    X(LABEL, "a label") /* digits, then letters: 2017Q3 */                                         \
    X(STRING, "a string")                                                                          \
    X(BAD, "this") /* can't stand in a model, and that was told */                                 \
    X(ASSIGN, "':='")                                                                              \
    X(ADD, "'+='")                                                                                 \
    X(SUBTRACT, "'-='")                                                                            \
    X(EQUAL, "'=='")                                                                               \
    X(UNEQUAL, "'!='")                                                                             \
    X(AT_MOST, "'<='")                                                                             \
    X(AT_LEAST, "'>='")                                                                            \
    X(RANGE, "'..'")                                                                               \
    X(LESS, "'<'")                                                                                 \
    X(GREATER, "'>'")                                                                              \
    X(IS, "'='")                                                                                   \
    X(PLUS, "'+'")                                                                                 \
    X(MINUS, "'-'")                                                                                \
    X(TIMES, "'*'")                                                                                \
    X(DIVIDED, "'/'")                                                                              \
    X(QUESTION, "'?'")                                                                             \
    X(COLON, "':'")                                                                                \
    X(SEMICOLON, "';'")                                                                            \
    X(COMMA, "','")                                                                                \
    X(POINT, "'.'")                                                                                \
    X(TILDE, "'~'")                                                                                \
    X(OPEN, "'('")                                                                                 \
    X(CLOSE, "')'")                                                                                \
    X(OPEN_BRACE, "'{'")                                                                           \
    X(CLOSE_BRACE, "'}'")

typedef enum dt_token_kind {
#define X(kind, shown) DT_TOKEN_##kind,
    DT_TOKENS(X)
#undef X
} dt_token_kind;

/* What the layout must know of a token. The lexer sets the first two, the parser the others. */
enum {
    DT_FIRST_ON_LINE = 1,    /* a line break stands before it */
    DT_AFTER_BLANK = 2,      /* ... and a line with nothing on it, right before it */
    DT_BEGINS_STATEMENT = 4, /* a declaration, an action, a term, an effect, an arm */
    DT_BLOCK_BRACE = 8,      /* encloses statements; other braces enclose lists */
    DT_TIGHT_BEFORE = 16,    /* no space before it: the ( of a call */
    DT_TIGHT_AFTER = 32,     /* no space after it: a sign */
    DT_BEGINS_ARM = 64,      /* of a branch; a statement too */
};

typedef struct dt_token {
    uint8_t kind;   /* dt_token_kind */
    uint8_t flags;  /* of the enumeration above */
    uint8_t naming; /* dt_naming: what the parser took a NAME for; NONE if it passed over it */
    dt_place place;
} dt_token;

typedef struct dt_comment {
    dt_place place;  /* from the # to the end of the line, without blanks at its end */
    uint32_t token;  /* the token that follows it */
    uint32_t column; /* characters before it in its line */
    uint8_t flags;   /* DT_FIRST_ON_LINE, DT_AFTER_BLANK */
} dt_comment;

typedef struct dt_tokens {
    dt_list(dt_token) list; /* the last is the END */
    dt_list(dt_comment) comment;
} dt_tokens;

/* Cuts a text of at most DT_MAX_TEXT bytes into tokens. Of a text that isn't UTF-8, or holds
 * control characters, nothing is read, and that is told once. Linear in time and memory. */
dt_tokens dt_tokens_read(dt_arena *arena, const dt_source *source, dt_diagnostics *diagnostics);

/* How a kind of token is written: "':='". */
const char *dt_token_shown(dt_token_kind kind);

/* Whether a label looks like a date: four digits, one of the letters Y, H, Q, M and W, digits or none. */
bool dt_label_is_date(dt_slice label);

/* Whether a word is reserved. */
bool dt_word_is_reserved(dt_slice word);

#endif
