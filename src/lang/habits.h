/*
 * Habits: what those who come from C, Python, R or a spreadsheet write, and the hint that says what
 * is written here instead. One table (habits.def), asked by the lexer about characters, by the parser
 * about the place of an error (slip.c), and by the checker about names without a meaning.
 */
#ifndef DT_LANG_HABITS_H
#define DT_LANG_HABITS_H

#include <stdbool.h>

#include "base/text.h"

/* Where something is written. */
typedef enum dt_habit_place {
    DT_HABIT_CHARACTER,   /* a character that means nothing here */
    DT_HABIT_SIGNS,       /* signs without a blank between them */
    DT_HABIT_WORD,        /* a word where something else is wanted */
    DT_HABIT_WORD_BEFORE, /* a word that was read as a name, with the error right after it */
    DT_HABIT_NAME,        /* the name of a value, or of a function, that there isn't */
    DT_HABIT_DECLARATION, /* the first word of a statement: of the file */
    DT_HABIT_ACTION,      /* ... in a stage */
    DT_HABIT_EFFECT,      /* ... among effects */
    DT_HABIT_CHANGE,      /* ... in a policy */
} dt_habit_place;

/* What to write instead, or NULL if this is no habit. */
const char *dt_habit_hint(dt_habit_place where, dt_slice written);

/* What is said of double quotes within a text. */
extern const char *const dt_habit_quotes;

/* Whether a text holds a number with a decimal comma: digits, a comma, digits, and no blank. */
bool dt_habit_decimal_comma(dt_slice text);

#endif
