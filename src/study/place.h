/*
 * Placing a point of the unit cube: each coordinate becomes its parameter's number.
 */
#ifndef DT_STUDY_PLACE_H
#define DT_STUDY_PLACE_H

#include "study/design.h"
#include "study/draw.h"

typedef struct dt_placing dt_placing;

/* For the points of `plan`, which it needs as long as it lives, as it does `draws`. */
dt_placing *dt_placing_new(dt_arena *arena, const dt_plan *plan, const dt_draws *draws);

/* The world at a point: `share` [varied], `values` [parameters]. */
void dt_placing_world(const dt_placing *placing, const double *share, double *values);

#endif
