/*
 * Endings: at the places from which a period may end, by which ends it does and what it still pays then.
 */
#ifndef DT_TRACE_ENDING_H
#define DT_TRACE_ENDING_H

#include "solve/solve.h"

typedef struct dt_endings {
    const dt_solution *solution;
    const dt_game *game;
    size_t ends, columns; /* for each end 1 + actors: */
    uint32_t *end_of;     /* [leaves] 1 + the first end that holds; 0: none does */
    uint32_t *may_end;    /* [places] number of those from which the period may end; 0: it can't */
    bool *pays_by_chance; /* [stages] some payment stands in a branch */
    double *
        ending; /* [those places, from 1][columns] e_k, and what is paid to each actor from there on
                       if the period ends by k, weighted by e_k */
    double *cell;  /* [columns] likewise, of the cell at hand */
    double *space; /* of dt_profile */
} dt_endings;

dt_endings *dt_endings_new(dt_arena *arena, const dt_solution *solution);

/* Works out a period (from 0), from its last stage to its first. */
void dt_endings_find(dt_endings *endings, uint32_t period);

/* Of a place in that period: zeros where the period can't end. */
static inline const double *dt_ending_of(const dt_endings *endings, uint32_t place)
{
    return endings->ending + endings->may_end[place] * endings->columns;
}

/* Fills `cell`, and returns the part of what a cell of a stage pays that counts if the period goes on. */
double dt_endings_cell(dt_endings *endings, const dt_world *world, int stage, uint64_t cell);

#endif
