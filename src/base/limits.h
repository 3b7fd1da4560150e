/*
 * Limits and the one slack: the numbers that the language states. Checks, messages, `detente help
 * limits` and the documents have them from here.
 */
#ifndef DT_BASE_LIMITS_H
#define DT_BASE_LIMITS_H

/* DT_MAX_ACTORS, … */
enum {
#define LIMIT(id, most, what) DT_MAX_##id = (most),
#include "base/limits.def"
#undef LIMIT
};

/* DT_LIMIT_ACTORS, …: the lines of the table, for dt_limit_text. */
enum {
#define LIMIT(id, most, what) DT_LIMIT_##id,
#include "base/limits.def"
#undef LIMIT
    DT_LIMITS
};

/* How far a probability may lie outside 0..1, a sum of probabilities from 1, and a number that is
 * assigned from a whole one: it is then taken for what it should be. */
#define DT_SLACK 1e-9

#endif
