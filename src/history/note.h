/*
 * Noting: what a play that is followed puts into the rows of a history.
 */
#ifndef DT_HISTORY_NOTE_H
#define DT_HISTORY_NOTE_H

#include "history/likelihood.h"

/* The label of a row: its date, or without a calendar its number; that of row 0 is "start". */
void dt_note_label(dt_history *history, size_t row);
/* What a row's choices are before anything is chosen: `none`. */
void dt_note_nothing(dt_history *history, size_t row);
/* What is so at a place of a stand's game, in a column: all that is public, and the types. */
void dt_note_state(dt_history *history, size_t row, const dt_stand *stand, uint32_t place,
                   uint32_t column);
/* The actions that a cell of a menu consists of. */
void dt_note_cell(dt_history *history, size_t row, const dt_menu *menu, int cell);

#endif
