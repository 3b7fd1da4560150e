/*
 * Tables: comma-separated values, read row by row.
 */
#ifndef DT_HISTORY_TABLE_H
#define DT_HISTORY_TABLE_H

#include "base/diagnostic.h"

typedef struct dt_table_cell {
    dt_slice text; /* without quotes, and without blanks around it */
    dt_place place;
} dt_table_cell;

/* A text on the way through it; zeroed but for the first three. */
typedef struct dt_table_reader {
    dt_arena *arena; /* of cells that aren't in the text as they are */
    const dt_source *source;
    dt_diagnostics *diagnostics;
    size_t at;
    dt_place row; /* the row that was read last */
    dt_list(dt_table_cell) cell;
    bool broken; /* a quote is nowhere closed: nothing follows */
} dt_table_reader;

/* Reads the next row into reader->cell; false past the last. Blank lines after the last row aren't rows. */
bool dt_table_next(dt_table_reader *reader);

/* Writes a cell, quoted if it has to be. */
void dt_table_print(dt_text *text, const char *cell);

#endif
