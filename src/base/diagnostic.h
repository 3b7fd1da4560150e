/*
 * Diagnostics: every message of the library is one line of `diagnostic.def`, and goes out through
 * one function, which finds line and column and counts errors. Of one text at most 20 errors are
 * told; they are held back and delivered in the order of their places.
 */
#ifndef DT_BASE_DIAGNOSTIC_H
#define DT_BASE_DIAGNOSTIC_H

#include "base/arena.h"
#include "base/text.h"

typedef enum dt_code {
#define DIAGNOSTIC(id, severity, code, format) DT_##id,
#include "base/diagnostic.def"
#undef DIAGNOSTIC
    DT_CODES
} dt_code;

/* A stretch of the text, in bytes. One of length 0 is no place: such a diagnostic shows no line. */
typedef struct dt_place {
    uint32_t offset;
    uint32_t length;
} dt_place;

/* A text and the name it goes by. */
typedef struct dt_source {
    const char *name;
    const char *text;
    size_t length;
} dt_source;

typedef struct dt_diagnostics dt_diagnostics;

/* Diagnostics about `source`, sent to options->report. Lives and dies with `arena`. `source` may be
 * NULL when there is no text; both must outlive the diagnostics. */
dt_diagnostics *dt_diagnostics_new(dt_arena *arena, const dt_options *options,
                                   const dt_source *source);

/* Notes a diagnostic at a place; the arguments belong to the format of `code`. A second error at the
 * same place is taken for a consequence of the first and dropped, as is a repeated warning. */
void dt_complain(dt_diagnostics *diagnostics, dt_code code, dt_place place, ...);
/* The same with a hint (may be NULL) and a state text (may be NULL). */
void dt_complain_more(dt_diagnostics *diagnostics, dt_code code, dt_place place, const char *hint,
                      const char *state, ...);

/* Errors noted so far, those delivered included (warnings don't count). */
size_t dt_diagnostics_errors(const dt_diagnostics *diagnostics);

/* Delivers all that was noted, in order of place, and forgets it: errors first to 20, after them
 * one that counts the rest; warnings likewise. */
void dt_diagnostics_flush(dt_diagnostics *diagnostics);

/* Whether all of a text is UTF-8 without control characters; the first that isn't is told. */
bool dt_source_is_plain(const dt_source *source, dt_diagnostics *diagnostics);

/* Answers a call of a public function whose arguments are wrong: tells it and returns DT_INVALID. */
dt_status dt_refuse_call(const dt_options *options, const char *function, const char *what);

/* For when no memory is left: one diagnostic without a place, delivered at once. */
void dt_report_limit(const dt_options *options, const char *reason);

/* For when options->progress said stop. */
void dt_report_interrupted(const dt_options *options, const char *activity);

/* Calls options->progress, if there is one. If that says stop, tells so and leaves through the
 * innermost dt_arena_try of `arena`, with DT_LIMIT and no reason. */
void dt_progress(dt_arena *arena, const dt_options *options, const char *activity, double done);

/* Of `names`, the one nearest to `name` by edit distance, if near enough to be a likely slip (at
 * most a third of its length, at least 1); NULL if none. */
const char *dt_nearest(dt_slice name, const char *const *names, size_t count);

#endif
