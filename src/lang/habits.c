/*
 * The table of habits, and how it is asked. Hints that several lines of it give have a name here.
 */
#include "lang/habits.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define POWER     "a power is written pow(x, y)"
#define REMAINDER "a percent sign stands right after its number; a remainder is mod(x, y)"
#define QUOTES    "a text holds no double quotes; single ones will do"
#define ELSE_IF   "a further 'if' stands in the braces of 'else': else { if x > 0 { } }"
#define CHOOSE    "a value that depends on a condition is written x > 0 ? a : b"
#define NO_LOOPS  "there are no loops: the stages come round again in every period"
#define DECLARE                                                                                    \
    "outside of stages, 'param' declares a number, 'state' what changes, 'let' an expression"

const char *const dt_habit_quotes = QUOTES;

static const struct habit {
    dt_habit_place where;
    const char *written; /* with a blank between the ways */
    const char *hint;
} habits[] = {
#define HABIT(where, written, hint) {DT_HABIT_##where, written, hint},
#include "lang/habits.def"
#undef HABIT
};

const char *dt_habit_hint(dt_habit_place where, dt_slice written)
{
    assert(written.length > 0);
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        if (habits[i].where != where)
            continue;
        for (const char *way = habits[i].written; *way;) {
            size_t length = strcspn(way, " ");
            if (dt_slice_equal(written, (dt_slice){way, length}))
                return habits[i].hint;
            way += length + strspn(way + length, " ");
        }
    }
    return NULL;
}

bool dt_habit_decimal_comma(dt_slice text)
{
    for (size_t i = 1; i + 1 < text.length; i++) {
        if (text.at[i] == ',' && dt_is_digit(text.at[i - 1]) && dt_is_digit(text.at[i + 1]))
            return true;
    }
    return false;
}
