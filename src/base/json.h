/*
 * JSON, written through a writer: commas, quotes, escapes and the form of numbers in one place.
 */
#ifndef DT_BASE_JSON_H
#define DT_BASE_JSON_H

#include "base/writer.h"

/*
 * Writes a piece of JSON of this shape: brackets, keys (`name:`, or %s with a colon behind it), and
 * values, of which there are
 *
 *     %s         a text, quoted
 *     %d %u %zu  a whole number, also with l or ll
 *     %g         a number that reads back as the very same double; null if it isn't finite
 *     %i         a truth: true or false
 *     word       as it stands: null, 1
 *
 * Commas are put where they belong, also between the pieces of several calls; those of the shape are for
 * its reader. A line's end is kept, with the blanks behind it.
 */
void dt_json_print(dt_writer *out, const char *shape, ...) __attribute__((format(printf, 2, 3)));

/* A list of numbers, or of texts. */
void dt_json_numbers(dt_writer *out, const double *number, size_t count);
void dt_json_texts(dt_writer *out, const char *const *text, size_t count);

#endif
