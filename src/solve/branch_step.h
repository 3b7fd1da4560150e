/*
 * One step along a branch, and Newton's method at a fixed scale: the two moves that the follower
 * (branch.c) is made of. Both work in a dt_branch_space whose game is set.
 */
#ifndef DT_SOLVE_BRANCH_STEP_H
#define DT_SOLVE_BRANCH_STEP_H

#include "solve/equations.h"

typedef enum dt_step_end {
    DT_STEP_GOOD,     /* the trial point lies on the same branch, a regular stretch further */
    DT_STEP_FLIPPED,  /* likewise, but the orientation has changed: a bifurcation, or a jump */
    DT_STEP_DOUBTFUL, /* likewise, but an even number of eigenvalues may have changed sign */
    DT_STEP_NOISY,    /* so close to a bifurcation that rounding hides where the branch is */
    DT_STEP_POOR,     /* too long: the trial point means nothing */
} dt_step_end;

typedef struct dt_step {
    dt_step_end end;
    int orientation; /* sign of det [F_z F_τ; tangent'] at the trial point */
    double strain;   /* how far the branch bends along the step: 1 at the limit; INFINITY if the
                        corrector failed */
} dt_step;

/* From `point` along `tangent` for a length, then back to the branch: fills `trial` and
 * `trial_tangent`. */
dt_step dt_step_try(dt_branch_space *space, double length, int orientation);

/* Makes the trial the point. */
void dt_step_take(dt_branch_space *space);

/* Newton's method, damped, for F(z, τ) = 0 at a fixed τ, from z (overwritten) and no further than
 * `reach` from it. *found tells whether it ended at a solution. Returns the sign of det F_z there,
 * 0 if singular. */
int dt_newton(dt_branch_space *space, double tau, double *z, double reach, bool *found);

#endif
