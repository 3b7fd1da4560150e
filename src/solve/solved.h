/*
 * Whether what was found is a solution. One world's solution and each world of an ensemble are judged
 * here and nowhere else: everything that shows a number asks for this judgement first.
 */
#ifndef DT_SOLVE_SOLVED_H
#define DT_SOLVE_SOLVED_H

#include <stdbool.h>
#include <stdint.h>

/* What the judgement goes by. */
typedef struct dt_found {
    double residual;   /* the largest of all nodes; may be NaN */
    uint64_t failures; /* nodes whose branch ended early */
    uint64_t sweeps;   /* with lookahead forever */
    bool settled;      /* true with a finite horizon */
} dt_found;

typedef enum dt_judgement {
    DT_SOLVED,
    DT_NODE_UNSOLVED, /* some node's branch ended early */
    DT_GOES_ROUND,    /* the values of ever longer lookaheads have no limit */
    DT_UNSETTLED,     /* or no limit was found in DT_MAX_SWEEPS sweeps */
    DT_RESIDUAL_LARGE,
    DT_JUDGEMENTS
} dt_judgement;

/* The first that is true of: a node failed, play forever didn't settle, the residual is above 1e-8. */
dt_judgement dt_judge(const dt_found *found);

/* Name of the kind, as dt_world_result.code: "" if solved. */
const char *dt_judgement_code(dt_judgement judgement);
/* A sentence without a full stop; "" if solved. */
const char *dt_judgement_reason(dt_judgement judgement);
/* What to do about it, likewise. */
const char *dt_judgement_cure(dt_judgement judgement);

#endif
