/*
 * What may stand at a place of a text that is being written: the words and names among which an editor lets one choose.
 * The text is parsed with an empty name at that place, and the parser tells what it asks for there
 * (lang/parser.h); so an offer is what the grammar takes, in a text that may be wrong before the place and
 * after it. Of the names that are declared, in the whole text, those are offered whose kind is asked for;
 * beside a variable, a choice, a point or a lever those that belong to it. Whether what is chosen makes sense
 * (a guard that reads a parameter) is for the checker to say.
 */
#ifndef DT_MODEL_OFFERS_H
#define DT_MODEL_OFFERS_H

#include "lang/marks.h"

typedef struct dt_offer {
    dt_slice text;
    dt_mark mark;
    bool beside; /* belongs to what it would stand beside: to be shown first */
} dt_offer;

typedef struct dt_offers {
    size_t from; /* where the word begins that the offer would take the place of, up to `at` */
    dt_list(dt_offer) list;
} dt_offers;

/* What may stand at byte `at` of a text; nothing within a string, a comment or a number, or if the text is longer
 * than DT_MAX_TEXT. Names are slices of the text. Takes time n log n. */
dt_offers dt_offers_at(dt_arena *arena, const dt_source *source, size_t at);

#endif
