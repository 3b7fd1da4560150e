/*
 * Situations: finding the one that is meant among those that can occur.
 */
#ifndef DT_TRACE_SITUATION_H
#define DT_TRACE_SITUATION_H

#include "solve/solve.h"
#include "trace/asked.h"

typedef struct dt_situation {
    uint32_t node;
    double reached; /* probability that play comes there in that period */
    uint32_t
        point; /* with private variables the joint point believed: of the variables named the nearest, of
                       the others that of the point which is likeliest there, or at the start if play doesn't
                       come there; */
    double
        believed; /* probability that play comes to the node and to this point; without: to the node */
    const double
        *asked; /* [values of each secret] the belief that the point is nearest to; NAN: of a
                            variable of which nothing was wanted */
} dt_situation;

/* The likeliest decision node of a stage (NULL: of the first stage that has one which is reached)
 * in period `t` (from 0, before the horizon) that fits `wanted`; of equally likely ones the first.
 * False, told to `diagnostics`, if none fits. Can be interrupted (dt_progress). */
bool dt_situation_find(dt_arena *arena, const dt_solution *solution,
                       const dt_wanted_situation *wanted, const char *stage, uint32_t t,
                       dt_diagnostics *diagnostics, const dt_options *options, dt_situation *found);

#endif
