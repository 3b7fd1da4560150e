/*
 * A history: for each row and observable a value, or none. Row 0 is the state before the first period.
 */
#ifndef DT_HISTORY_HISTORY_H
#define DT_HISTORY_HISTORY_H

#include "base/diagnostic.h"
#include "history/observe.h"

enum { DT_UNSEEN = -1 };

/* The comment in which a history says of which match it is. */
#define DT_NOTE_COLUMN "_match"

struct dt_history {
    dt_arena *arena;
    const dt_model *model;
    dt_observables *all;
    dt_source source; /* the text; "" of what isn't read from one */
    size_t rows;      /* at least 1 */
    uint8_t *has;     /* [observables] 1: there is a column for it */
    bool has_period, has_policy;
    int32_t *value;  /* [rows][observables] rank, or DT_UNSEEN; choices of row 0 are unseen */
    int32_t *policy; /* [rows] in force, DT_NONE: none was named yet; that of row 0 isn't read */
    const char **period; /* [rows] label, "" if none */
    dt_place *place;     /* [rows] in the text */
    const char *note;    /* of the first row in the comment DT_NOTE_COLUMN, "" if none */
};

/* A history in `arena` of so many rows, with nothing seen. */
dt_history *dt_history_new(dt_arena *arena, const dt_model *model, size_t rows);

/* "row 3 (2004Q1)": rows are counted as a reader of the file does, the first one 1. */
void dt_history_print_row(const dt_history *history, size_t row, dt_text *text);

#endif
