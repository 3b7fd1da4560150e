/*
 * Outcomes: the exact expectations that a model declares, under the strategies found.
 */
#ifndef DT_TRACE_OUTCOMES_H
#define DT_TRACE_OUTCOMES_H

#include "base/diagnostic.h"
#include "solve/solve.h"

typedef struct dt_outcomes {
    double *value; /* [model->outcomes], those of expectations too */
    /* [model->outcomes] a leaf that is reached and where the argument isn't a finite number, so
     * that the value means nothing; or DT_NOWHERE */
    uint32_t *broken;
} dt_outcomes;

/* All outcomes by one forward pass over the horizon. Can be interrupted (dt_progress). */
dt_outcomes *dt_outcomes_forward(dt_arena *arena, const dt_solution *solution,
                                 const dt_options *options);

/* False, and told, if the argument of a declared outcome isn't a finite number at a leaf that is reached. */
bool dt_outcomes_defined(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                         const dt_options *options);

/* Tells of an outcome whose argument isn't finite at a leaf. */
void dt_outcomes_complain(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                          int outcome, uint32_t leaf);

#endif
