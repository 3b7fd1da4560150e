/*
 * What the page's editor asks of a text that is being written, as JSON: what each stretch of it is (lang/marks.h), and
 * what may stand at a place (model/offers.h). Places are in the units of JavaScript, 16 bits of UTF-16
 * each, where the text itself is UTF-8.
 */
#ifndef DT_LAB_EDITING_H
#define DT_LAB_EDITING_H

#include "base/diagnostic.h"
#include "base/json.h"

/* {"kinds":[word…],"spans":[from, length, place among the kinds, …]} */
void dt_write_marks(dt_writer *out, const dt_source *source, dt_arena *scratch);

/* {"from":n,"offers":[[text, kind, whether it belongs to what it would stand beside]…]}, at byte `at`. */
void dt_write_offers(dt_writer *out, const dt_source *source, size_t at, dt_arena *scratch);

#endif
