/*
 * The forms of outcomes: what an outcome makes of its argument over the T periods of the horizon. One
 * line of the table is all that the parser, the checker, the passes that work outcomes out and those
 * who write about them know of a form.
 *
 * At the end of a period with `left` periods after it, with argument x, a form gains
 *     now x,   now = by_now + by_last [left = 0] + by_first (left + 1)
 * and, if play ends there, for the `left` periods in which the last state stands,
 *     over x,  over = by_rest left + by_last [left > 0],
 * both divided by T for an average; `none` T + 1 more is what it begins with. Of a gate only the first
 * period counts in which its condition holds.
 */
#ifndef DT_LANG_FORM_H
#define DT_LANG_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* id, word, its argument is a condition, gate, by_now, by_rest, by_last, by_first, none, average,
 * what it is */
#define DT_FORMS(X)                                                                                \
    X(EVER, "ever", true, true, 1, 0, 0, 0, 0, false,                                              \
      "the probability that the condition held at the end of some period")                         \
    X(FIRST, "first", true, true, 0, 0, 0, -1, 1, false,                                           \
      "the expected period in which the condition first holds, one more than there are if it "     \
      "never does")                                                                                \
    X(LAST, "last", false, false, 0, 0, 1, 0, 0, false, "the expectation at the horizon")          \
    X(MEAN, "mean", false, false, 1, 1, 0, 0, 0, true,                                             \
      "the expectation of the average over the periods")                                           \
    X(TOTAL, "total", false, false, 1, 0, 0, 0, 0, false,                                          \
      "the expectation of the sum over the periods")                                               \
    X(COUNT, "count", true, false, 1, 0, 0, 0, 0, false,                                           \
      "the expected number of periods at whose end the condition holds")

typedef enum dt_form {
#define X(id, ...) DT_##id,
    DT_FORMS(X)
#undef X
        DT_FORM_COUNT
} dt_form;

typedef struct dt_form_meaning {
    const char *word;
    bool condition, gate;
    double by_now, by_rest, by_last, by_first, none;
    bool average;
    const char *words;
} dt_form_meaning;

extern const dt_form_meaning dt_form_table[DT_FORM_COUNT];

/* "ever", … */
const char *dt_form_word(dt_form form);

/* The form of that word, or DT_FORM_COUNT. */
dt_form dt_form_of(dt_slice word);

/* What is gained by each unit of the argument at the end of a period, with `left` periods after it out
 * of `periods`; */
double dt_form_now(dt_form form, uint32_t left, uint32_t periods);
/* in all periods that are left, if play ends there; */
double dt_form_over(dt_form form, uint32_t left, uint32_t periods);
/* in one of them, the state standing; */
double dt_form_stands(dt_form form, uint32_t left, uint32_t periods);
/* and what it begins with. */
double dt_form_none(dt_form form, uint32_t periods);

#endif
