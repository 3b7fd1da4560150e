/*
 * What can reach what in a model: which number is read by which stage or side, who moves where, what a stage
 * changes, what an outcome counts. It says nothing of how much: only what could have an effect at all.
 */
#ifndef DT_LAB_CAUSES_H
#define DT_LAB_CAUSES_H

#include "model/model.h"

typedef enum dt_part_kind {
    DT_PART_NUMBER,   /* a parameter */
    DT_PART_ACTOR,    /* who wants: payoff terms, discounting and rationality */
    DT_PART_STAGE,    /* what is done, by somebody or by chance */
    DT_PART_VARIABLE, /* what that changes */
    DT_PART_OUTCOME,  /* what is counted */
    DT_PARTS
} dt_part_kind;

/* "number", "actor", "stage", "variable", "outcome". */
const char *dt_part_word(dt_part_kind kind);

/* From a part to one that depends on it. */
typedef struct dt_cause {
    int from, to;
} dt_cause;

typedef struct dt_causes {
    const dt_model *model;
    int first[DT_PARTS + 1]; /* parts are numbered by kind, in the order of declaration */
    uint8_t *drawn;          /* [parts] whether it reaches what was asked for */
    dt_cause
        *cause; /* [causes] each pair once, between parts that are drawn, in the order of `from` */
    size_t causes;
} dt_causes;

dt_part_kind dt_part_kind_of(const dt_causes *causes, int part);
const dt_named *dt_part_named(const dt_causes *causes, int part);

/* The parts of a model under a policy, which says who holds a role, as far as they reach an outcome (DT_NONE: any
 * outcome). Roles count as their holders. O((actors + stages + outcomes) × expressions). */
dt_causes *dt_causes_make(dt_arena *arena, const dt_model *model, int policy, int outcome);

#endif
