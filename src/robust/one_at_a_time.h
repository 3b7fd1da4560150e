/*
 * One parameter moved at a time: how far the outcome swings, and where another policy becomes best.
 */
#ifndef DT_ROBUST_ONE_AT_A_TIME_H
#define DT_ROBUST_ONE_AT_A_TIME_H

#include "base/arena.h"
#include "detente_study.h"

/* A parameter's numbers, ascending, the nominal one among them, and what follows. */
typedef struct dt_line {
    size_t points, nominal; /* which point is the nominal one */
    const size_t *world;    /* [points] of the study */
    const double *x;        /* [points] */
    const double *u;        /* [policies][points]; NaN where a policy failed */
    bool listed;            /* the parameter is declared over a list: nothing lies between */
} dt_line;

/* The line of varied parameter number `i` of a study made one at a time. *u is room for the numbers of
 * all policies, to be filled in. */
dt_line dt_line_of(dt_arena *arena, const dt_study_data *data, size_t i, double **u);

/* The swing of the numbers of one policy. */
dt_swing dt_line_swing(const dt_line *line, size_t policy);

/* Where on the way from the nominal number in a direction (1 up, -1 down) a policy passes `best`,
 * more being better: the number, and the policy; NaN if none does. Linear between points, or of a list the
 * point itself, and the policy that is best there; the way ends at a point where a policy failed. */
double dt_line_flip(const dt_line *line, size_t policies, size_t best, int direction,
                    size_t *follows);

#endif
