/*
 * Numbers given in place of declared ones: what is suspicious about them.
 */
#ifndef DT_MODEL_GIVEN_H
#define DT_MODEL_GIVEN_H

#include "model/model.h"

/* Warns, at a place, of a number outside what its parameter is declared to be; a parameter without a
 * range may be given any. */
void dt_given_warn(dt_arena *arena, const dt_model *model, int parameter, double value,
                   dt_place place, dt_diagnostics *diagnostics);

#endif
