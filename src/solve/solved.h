/*
 * Whether what was found is a solution. One world's solution and each world of an ensemble are judged
 * here and nowhere else: everything that shows a number asks for this judgement first.
 */
#ifndef DT_SOLVE_SOLVED_H
#define DT_SOLVE_SOLVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "game/game.h"
#include "solve/stage_game.h"

enum { DT_NAMED_FAILURES = 10 };

/* A node whose branch ended early. */
typedef struct dt_failure {
    uint32_t node;   /* of the game, the first of those that are alike */
    uint32_t period; /* from 0, or DT_EVERY_PERIOD */
    uint32_t nodes;  /* that are alike, and can occur then */
    dt_branch_result result;
} dt_failure;

/* What is found out about a world's solution: what the judgement goes by. */
typedef struct dt_found {
    double residual;            /* the largest of all nodes; may be NaN */
    double rounding;            /* the largest of all nodes; see dt_certificate */
    double calibration;         /* likewise; 0 without private variables */
    uint64_t failures, crossed; /* nodes whose branch ended early, or crossed a bifurcation; one for
                                   each node and period */
    uint64_t sweeps;            /* with lookahead forever, */
    double bound;               /* and how far values may be from the fixed point (dt_bound) */
    bool settled;               /* true with a finite horizon */
    bool wanders;               /* values were seen to come no nearer to any */
    double lost;                /* of an equilibrium that was followed from other numbers and folds
                                   back: the share of the way that is left; else 0 */
    uint32_t named;
    dt_failure failure[DT_NAMED_FAILURES]; /* [named] the first ones, in the order of sweeps */
} dt_found;

/* Where a node's branch ended early, and how: "stage s in 2019Q3 at x=1: the principal branch …". */
void dt_failure_print(const dt_game *game, const dt_failure *failure, dt_text *text);

/* Enters a failure of the stage at hand, where those of the lowest nodes are kept, in order. */
void dt_found_name(dt_found *found, const dt_failure *failure);
/* Adds what else was found in the same stage, */
void dt_found_merge(dt_found *found, const dt_found *other);
/* or in one that came after. */
void dt_found_append(dt_found *found, const dt_found *later);

typedef enum dt_judgement {
    DT_SOLVED,
    DT_NODE_UNSOLVED, /* some node's branch ended early */
    DT_GOES_ROUND,    /* the values of ever longer lookaheads have no limit */
    DT_UNSETTLED,     /* or none was found: in DT_MAX_SWEEPS sweeps, or as values wander */
    DT_RESIDUAL_LARGE,
    DT_FOLDS,        /* the chosen equilibrium doesn't reach these numbers */
    DT_ROUNDED,      /* rounding could move a probability by more than 1e-6 */
    DT_UNCALIBRATED, /* types' shares are off by more than 1e-9 from what is believed of them */
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
