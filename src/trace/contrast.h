/*
 * Contrast: an outcome under two solutions of one model, be they of two policies or of two worlds,
 * and how much of the difference each stage of play accounts for.
 */
#ifndef DT_TRACE_CONTRAST_H
#define DT_TRACE_CONTRAST_H

#include "solve/solve.h"

/* What a stage accounts for, in the outcome's unit, over all periods. */
typedef struct dt_contrast_stage {
    double part;
    double
        *by_truth; /* [values of each private variable, in order] of it, where that value is true */
    /* Of the situations whose own part has the same sign, the one with the largest: a node of the
     * game of `here`; DT_NOWHERE if there is none. */
    uint32_t period, node;
    double largest; /* its part */
} dt_contrast_stage;

typedef struct dt_contrast {
    double here, there;       /* the outcome under each */
    dt_contrast_stage *stage; /* [stages] */
    double drawn;   /* accounted for by what is private and drawn otherwise as play begins */
    double counted; /* accounted for by what is counted: the outcome's argument has other numbers */
} dt_contrast;

/* Why two solutions can't be contrasted: what is known to all under one of them is private under the other. "" if
 * they can. */
const char *dt_contrast_trouble(const dt_solution *here, const dt_solution *there);

/* Bytes that it needs while it works, roughly. */
double dt_contrast_room(const dt_solution *here, const dt_solution *there);

/*
 * The outcome under `here` less that under `there`. The parts of the stages, as contrast.c has
 * them, `drawn` and `counted` sum to the difference. Both games are of one model and of no trouble; the outcome's
 * argument must be finite. O(periods × branches × points × types).
 */
dt_contrast *dt_contrast_make(dt_arena *arena, dt_arena *scratch, const dt_solution *here,
                              const dt_solution *there, int outcome);

#endif
