/*
 * PRIM: a box in the space of the parameters within which points of interest are dense, found by
 * peeling thin slices off the box that holds all points.
 */
#ifndef DT_ROBUST_PRIM_H
#define DT_ROBUST_PRIM_H

#include "base/arena.h"
#include "detente_study.h"

/* What is peeled. */
typedef struct dt_prim {
    size_t parameters, points;
    const double *x;      /* [parameters][points] */
    const bool *interest; /* [points] */
    const bool *in;       /* [points] the points to work on; NULL: all */
    const size_t *sorted; /* [parameters][points] each parameter's points, ascending */
    const size_t *name;   /* [parameters] what a limit calls a parameter */
    double peel, least;   /* as in dt_discover_how, both above 0 */
} dt_prim;

/* `sorted` for numbers x. */
const size_t *dt_prim_sort(dt_arena *arena, const double *x, size_t parameters, size_t points);

/* Work space of dt_prim_peel for a table of this size. */
typedef struct dt_prim_room dt_prim_room;
dt_prim_room *dt_prim_room_new(dt_arena *arena, const dt_prim *prim);

/* The peeling trajectory; the first box holds all points. Boxes and limits are arrays of `arena`; what
 * isn't counted from the points is NaN. */
size_t dt_prim_peel(dt_arena *arena, dt_prim_room *room, const dt_prim *prim, dt_box **boxes);

/* Sets quasi_p of the limits of a box. */
void dt_prim_quasi_p(dt_arena *scratch, const dt_prim *prim, const dt_box *box, dt_limit *limit);

/* Which points are within a box: inside [points]. */
void dt_prim_inside(const dt_prim *prim, const dt_box *box, bool *inside);

/* Counts a box anew, of which the limits changed; inside as above. */
void dt_prim_count(const dt_prim *prim, dt_box *box, bool *inside);

#endif
