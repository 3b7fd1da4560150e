/*
 * The forms of outcomes, `ever(x)` and its like: one table, from which parser, checker and exports
 * have their words. What a form computes stands in src/trace, and for many worlds in src/solve.
 */
#ifndef DT_LANG_FORM_H
#define DT_LANG_FORM_H

#include <stdbool.h>

/* One line each: identifier, word, whether it takes a condition. */
#define DT_FORMS(FORM)                                                                             \
    FORM(EVER, "ever", true)                                                                       \
    FORM(FIRST, "first", true)                                                                     \
    FORM(LAST, "last", false)                                                                      \
    FORM(MEAN, "mean", false)                                                                      \
    FORM(TOTAL, "total", false)

typedef enum dt_form {
#define FORM(id, word, condition) DT_##id,
    DT_FORMS(FORM)
#undef FORM
} dt_form;

/* "ever", … */
const char *dt_form_word(dt_form form);

#endif
