/*
 * Text that stands compressed in a page.
 */
#ifndef DT_LAB_PACKED_H
#define DT_LAB_PACKED_H

#include "base/text.h"
#include "base/writer.h"

/* Writes `text` compressed, as text that any page can hold: inflated (RFC 1951, without a frame) it is what
 * web/page/coded.mjs decodes. Takes some two bytes of `scratch` for each byte, and 300 kB. */
void dt_write_packed(dt_writer *out, const char *text, size_t length, dt_arena *scratch);

#endif
