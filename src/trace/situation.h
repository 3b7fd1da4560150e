/*
 * Situations: reading which one is meant, and finding it among those that can occur.
 */
#ifndef DT_TRACE_SITUATION_H
#define DT_TRACE_SITUATION_H

#include "base/diagnostic.h"
#include "solve/solve.h"

/* A slot whose value is left open. */
enum { DT_ANY = INT32_MIN };

/* Reads "variable=value, stage.MOVER=action" into wanted[slots], DT_ANY for slots that it doesn't
 * name. `text` is the source of `diagnostics`. False if it told an error. */
bool dt_situation_read(dt_arena *arena, const dt_model *model, const char *text,
                       dt_diagnostics *diagnostics, int *wanted);

typedef struct dt_situation {
    uint32_t node;
    double reached; /* probability that play comes there in that period */
} dt_situation;

/* The likeliest decision node of a stage (NULL: of the first stage that has one which is reached)
 * in period `t` (from 0, before the horizon) that fits `wanted`; of equally likely ones the first.
 * False, told to `diagnostics`, if none fits. Can be interrupted (dt_progress). */
bool dt_situation_find(dt_arena *arena, const dt_solution *solution, const int *wanted,
                       const char *stage, uint32_t t, dt_diagnostics *diagnostics,
                       const dt_options *options, dt_situation *found);

#endif
