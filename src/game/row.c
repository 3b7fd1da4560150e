/*
 * Rows of coefficients under construction: what a cell or a leaf pays, what outcomes read. Equal
 * rows are one row, so that a world evaluates each but once.
 */
#include "game/explore.h"

void dt_explorer_row_begin(dt_explorer *explorer, bool pays)
{
    explorer->row.count = 0;
    dt_push(explorer->arena, &explorer->row, pays);
}

void dt_explorer_row_add(dt_explorer *explorer, uint32_t column, uint32_t coefficient)
{
    if (coefficient == explorer->engine->zero)
        return;
    dt_push(explorer->arena, &explorer->row, column);
    dt_push(explorer->arena, &explorer->row, coefficient);
}

uint32_t dt_explorer_row_end(dt_explorer *explorer)
{
    if (explorer->row.count == 1)
        return 0;
    bool added;
    return dt_sequences_intern(&explorer->rows, explorer->row.at, (uint32_t)explorer->row.count,
                               &added);
}
