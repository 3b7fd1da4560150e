/*
 * Sobol's sequence: points that fill the unit cube evenly, whichever faces of it one looks at first.
 */
#ifndef DT_STUDY_SOBOL_H
#define DT_STUDY_SOBOL_H

#include "base/arena.h"

/* Dimensions for which there are direction numbers. */
enum { DT_SOBOL_DIMENSIONS = 40 };

typedef struct dt_sobol dt_sobol;

/* The sequence in 1 … DT_SOBOL_DIMENSIONS dimensions. `shift` [dimensions]: random words. */
dt_sobol *dt_sobol_new(dt_arena *arena, size_t dimensions, const uint64_t *shift);

/* Point `index` of the sequence (0: the corner), shifted: each coordinate an odd multiple of 2^-53, so
 * in (0, 1). Cheap for the indices that follow the one asked for last, in any order a search. */
void dt_sobol_point(dt_sobol *sobol, uint64_t index, double *point);

#endif
