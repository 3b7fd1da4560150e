/*
 * Situations: reading which one is meant, and finding it among those that can occur.
 */
#ifndef DT_TRACE_SITUATION_H
#define DT_TRACE_SITUATION_H

#include "base/diagnostic.h"
#include "solve/solve.h"

/* A slot whose value is left open. */
enum { DT_ANY = INT32_MIN };

/* What is meant. */
typedef struct dt_wanted_situation {
    int *slot; /* [slots] DT_ANY: left open */
    double *
        belief; /* [values of each private variable, in order] the probability that others give to it;
                       NAN: left open */
} dt_wanted_situation;

/* Reads "variable=value, stage.MOVER=action", and of private variables "variable=value:probability", which
 * is what the others believe of it. `text` is the source of `diagnostics`. False if it told an error. */
bool dt_situation_read(dt_arena *arena, const dt_model *model, const char *text,
                       dt_diagnostics *diagnostics, dt_wanted_situation *wanted);

typedef struct dt_situation {
    uint32_t node;
    double reached; /* probability that play comes there in that period */
    uint32_t
        point; /* with private variables the joint point believed: of the variables named the nearest, of
                       the others that of the point which is likeliest there, or at the start if play doesn't
                       come there; */
    double
        believed; /* probability that play comes to the node and to this point; without: to the node */
} dt_situation;

/* The likeliest decision node of a stage (NULL: of the first stage that has one which is reached)
 * in period `t` (from 0, before the horizon) that fits `wanted`; of equally likely ones the first.
 * False, told to `diagnostics`, if none fits, or a belief is wanted of what is known. Can be interrupted (dt_progress). */
bool dt_situation_find(dt_arena *arena, const dt_solution *solution,
                       const dt_wanted_situation *wanted, const char *stage, uint32_t t,
                       dt_diagnostics *diagnostics, const dt_options *options, dt_situation *found);

#endif
