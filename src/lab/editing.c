/*
 * Marks and offers as JSON. Units of UTF-16 are counted once along the text: a character of four bytes is two, any other
 * one.
 */
#include "lab/editing.h"

#include <assert.h>

#include "model/offers.h"

/* Units from byte `from` to byte `to`, both where characters begin. */
static size_t units_between(const dt_source *source, size_t from, size_t to)
{
    size_t units = 0;
    assert(from <= to && to <= source->length);
    for (size_t i = from; i < to; i++) {
        const unsigned char byte = (unsigned char)source->text[i];
        units += (byte & 0xC0) != 0x80; /* not within a character */
        units += byte >= 0xF0;
    }
    return units;
}

void dt_write_marks(dt_writer *out, const dt_source *source, dt_arena *scratch)
{
    const dt_spans spans = dt_marks_read(scratch, source);
    size_t at = 0, units = 0;
    dt_json_print(out, "{kinds: [");
    for (dt_mark mark = 0; mark < DT_MARK_COUNT; mark++)
        dt_json_print(out, "%s", dt_mark_word(mark));
    dt_json_print(out, "], spans: [");
    for (size_t i = 0; i < spans.list.count; i++) {
        const dt_place place = spans.list.at[i].place;
        const size_t end = place.offset + place.length;
        units += units_between(source, at, place.offset);
        const size_t length = units_between(source, place.offset, end);
        dt_json_print(out, "%zu, %zu, %d", units, length, (int)spans.list.at[i].mark);
        units += length;
        at = end;
    }
    dt_json_print(out, "]}");
}

void dt_write_offers(dt_writer *out, const dt_source *source, size_t at, dt_arena *scratch)
{
    const dt_offers offers = dt_offers_at(scratch, source, at);
    dt_json_print(out, "{from: %zu, offers: [", units_between(source, 0, offers.from));
    for (size_t i = 0; i < offers.list.count; i++) {
        const dt_offer *offer = &offers.list.at[i];
        dt_json_print(out, "[%s, %s, %i]",
                      dt_copy_text(scratch, offer->text.at, offer->text.length),
                      dt_mark_word(offer->mark), offer->beside);
    }
    dt_json_print(out, "]}");
}
