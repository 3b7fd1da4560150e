/*
 * What expressions and effects depend on: marks on the variables, choices and parameters that they
 * read, and on the variables that they write. Whoever draws a model, or says which number can reach
 * which outcome, asks here.
 */
#ifndef DT_MODEL_READS_H
#define DT_MODEL_READS_H

#include "model/model.h"

typedef struct dt_reads {
    const dt_model *model;
    dt_arena *scratch;
    uint8_t *slot;       /* [slots] read, or written */
    uint8_t *param;      /* [params] read */
    uint8_t *expression; /* [expressions] still to be followed, or followed */
} dt_reads;

/* Without any mark. */
dt_reads *dt_reads_new(dt_arena *arena, const dt_model *model);
/* Takes all marks away. */
void dt_reads_forget(dt_reads *reads);
/* Marks what an expression reads once dt_reads_find is called; DT_NONE reads nothing. */
void dt_reads_add(dt_reads *reads, int64_t expression);
/* The same of all expressions in effects: assignments, payments, conditions and probabilities. */
void dt_reads_add_effects(dt_reads *reads, dt_effects effects);
/* Marks the variables that effects assign to. */
void dt_reads_add_written(dt_reads *reads, dt_effects effects);
/* From the expressions added to what they read: O(expressions). */
void dt_reads_find(dt_reads *reads);

#endif
