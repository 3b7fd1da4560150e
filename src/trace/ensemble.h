/*
 * What an ensemble holds when its work is done: the results of each world, side by side.
 */
#ifndef DT_TRACE_ENSEMBLE_H
#define DT_TRACE_ENSEMBLE_H

#include "solve/group.h"

struct dt_ensemble {
    dt_arena *arena;
    const dt_game *game;
    size_t worlds, outcomes, actors;
    double *outcome;                       /* [worlds][outcomes]; NULL if not wanted */
    double *value;                         /* [worlds][actors] */
    double *gap;                           /* [worlds][actors]; NULL if not wanted */
    dt_status *status;                     /* [worlds] */
    dt_judgement *judgement;               /* [worlds] of those that aren't DT_INVALID */
    dt_wrong *wrong;                       /* [worlds] of those that are DT_INVALID */
    dt_failure *failure;                   /* [worlds] the first, if there are any */
    uint64_t *failures, *crossed, *sweeps; /* [worlds] */
    double *residual, *rounding;           /* [worlds] */
};

/* dt_ensemble_run by the calling thread, with the outcomes of expectations after the declared ones. The
 * policy's settings stand in the numbers already, and what an expectation gives over them. There are options. */
dt_status dt_ensemble_expected(const dt_game *game, const double *parameters, size_t worlds,
                               dt_values values, const dt_options *options, dt_ensemble **ensemble);

#endif
