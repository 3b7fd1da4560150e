/*
 * A predictor–corrector step of pseudo-arclength continuation (Allgower & Georg, Introduction to
 * Numerical Continuation Methods, 2003, ch. 6; Turocy 2005 for logit branches): along the tangent,
 * then Newton's method in the hyperplane orthogonal to it.
 *
 * A step must never end on another branch. F is as nonlinear as softmax is, so the derivative F_z
 * is known to be nearly constant along a step if σ is, and log σ is concave along a straight line
 * of log odds: what it changes by between the ends bounds what it does in between. Four things are
 * asked of a step: Newton contracts fast and ends near the prediction; the tangent turns little; no
 * σ changes much, unless too small to matter at this τ; the orientation, the sign of
 * det [F_z F_τ; tangent'], is kept, which along a regular branch is constant.
 */
#include "solve/branch_step.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/linear.h"

/* Limits of a step. */
static const double MOST_TURN = 0.25;  /* radians between tangents */
static const double MOST_PLAY = 0.5;   /* change of log σ, or of τ σ */
static const double MOST_MISS = 0.2;   /* first correction, of the length of the step */
static const double MOST_NOISE = 1e-3; /* what rounding moves, of the length of the step */
static const double CONTRACTION = 0.2; /* of each further correction to the one before */
static const double CLOSE = 1e-7;      /* the last correction, of the length of the step */
static const double ROUNDING = 1e-15;  /* of z and F, relative to their terms */
static const double NEAR = 1e-8;       /* a change of z that Newton's method may end on */
enum { CORRECTIONS = 6, NEWTON_STEPS = 60, HALVINGS = 12 };

static double norm(const double *x, int n)
{
    double square = 0;
    for (int i = 0; i < n; i++)
        square += x[i] * x[i];
    return sqrt(square);
}

/* The largest change of play between the point and the trial point: of log σ, or of τ σ where that
 * is less, since the derivatives are made of products τ σ(a) × (numbers up to 2). */
static double change_of_play(dt_branch_space *space)
{
    dt_equations_logs(space);
    double tau = dt_greater(space->point[space->unknowns], space->trial[space->unknowns]), most = 0;
    for (int a = 0; a < space->total; a++) {
        double in_log = fabs(space->log_sigma[a] - space->point_log[a]);
        double in_effect = tau * fabs(space->sigma[a] - space->point_sigma[a]);
        most = dt_greater(most, dt_lesser(in_log, in_effect));
    }
    return most;
}

/* No bifurcation lies between the point and the trial point, as far as the derivatives there tell.
 * This sees what the orientation doesn't: two eigenvalues that change sign. */
static bool regular_between(dt_branch_space *space)
{
    int n = space->unknowns;
    memcpy(space->point_matrix + n * (n + 1), space->tangent, (size_t)(n + 1) * sizeof(double));
    return dt_line_regular(space->point_matrix, space->trial_matrix, n + 1, space->work,
                           space->pivot);
}

dt_step dt_step_try(dt_branch_space *space, double length, int orientation)
{
    int n = space->unknowns;
    double *x = space->trial, *change = space->change;
    const dt_step poor = {DT_STEP_POOR, 0, INFINITY};
    assert(n >= 1 && length > 0 && (orientation == 1 || orientation == -1));

    for (int i = 0; i <= n; i++)
        x[i] = space->point[i] + length * space->tangent[i];
    double rounding = ROUNDING * (1 + norm(x, n + 1));
    double close = CLOSE * length + rounding;
    double limit = dt_greater(MOST_MISS * length, close);
    size_t bytes = (size_t)(n + 1) * (size_t)(n + 1) * sizeof(double);
    int sign;
    bool noisy = false;
    for (int round = 0;; round++) {
        if (round == CORRECTIONS)
            return poor;
        dt_equations_at(space, x);
        bool exact = dt_equations_value(space, x, x[n]) <= rounding;
        dt_equations_matrix(space, x[n], space->tangent);
        memcpy(space->trial_matrix, space->matrix, bytes);
        sign = dt_factor(space->matrix, n + 1, space->pivot);
        if (sign == 0)
            return poor;
        for (int i = 0; i < n; i++)
            change[i] = -space->value[i];
        change[n] = 0;
        dt_substitute(space->matrix, n + 1, space->pivot, change);
        double size = norm(change, n + 1);
        if (!(size <= limit))
            return poor;
        if (exact) {
            /* F is as small as rounding lets it be; this is what that leaves open */
            noisy = size > MOST_NOISE * length;
            break;
        }
        for (int i = 0; i <= n; i++)
            x[i] += change[i];
        if (size <= close)
            break;
        limit = dt_greater(CONTRACTION * size, close);
    }
    /* the tangent with inner product > 0; derivatives are those at a distance below `close` */
    double *tangent = space->trial_tangent;
    memset(tangent, 0, (size_t)n * sizeof(double));
    tangent[n] = 1;
    dt_substitute(space->matrix, n + 1, space->pivot, tangent);
    double size = norm(tangent, n + 1), turn = 0;
    if (!isfinite(size) || x[n] < 0) /* at τ = 0 there is but one point */
        return poor;
    for (int i = 0; i <= n; i++) {
        tangent[i] /= size;
        double d = tangent[i] - space->tangent[i];
        turn += d * d;
    }
    assert(sign == 1 || sign == -1);
    dt_step step = {DT_STEP_GOOD, sign, 0};
    step.strain = dt_greater(sqrt(turn) / MOST_TURN, change_of_play(space) / MOST_PLAY);
    if (!(step.strain <= 1))
        step.end = DT_STEP_POOR;
    else if (noisy)
        step.end = DT_STEP_NOISY;
    else if (sign != orientation)
        step.end = DT_STEP_FLIPPED;
    else if (!regular_between(space))
        step.end = DT_STEP_DOUBTFUL;
    return step;
}

void dt_step_take(dt_branch_space *space)
{
    double *held = space->point;
    space->point = space->trial;
    space->trial = held;
    held = space->point_matrix;
    space->point_matrix = space->trial_matrix;
    space->trial_matrix = held;
    held = space->tangent;
    space->tangent = space->trial_tangent;
    space->trial_tangent = held;
    memcpy(space->point_sigma, space->sigma, (size_t)space->total * sizeof(double));
    memcpy(space->point_log, space->log_sigma, (size_t)space->total * sizeof(double));
}

/* Makes `ahead` a point between z and z + change where F is smaller, and returns the norm of F
 * there; `now`, the norm at z, if there is none that rounding lets one see. */
static double search(dt_branch_space *space, double tau, const double *z, double now)
{
    double damping = 1;
    for (int halving = 0; halving <= HALVINGS; halving++, damping /= 2) {
        for (int i = 0; i < space->unknowns; i++)
            space->ahead[i] = z[i] + damping * space->change[i];
        dt_equations_at(space, space->ahead);
        double after = dt_equations_value(space, space->ahead, tau);
        if (after <= (1 - damping / 4) * now)
            return after;
    }
    return now;
}

int dt_newton(dt_branch_space *space, double tau, double *z, double reach, bool *found)
{
    int n = space->unknowns, sign = 0;
    double *change = space->change, *start = space->start;
    assert(n >= 1 && z != change && z != start && z != space->ahead);
    memcpy(start, z, (size_t)n * sizeof(double));
    dt_equations_at(space, z);
    double now = dt_equations_value(space, z, tau);
    *found = false;
    for (int round = 0; round < NEWTON_STEPS; round++) {
        dt_equations_matrix(space, tau, NULL);
        sign = dt_factor(space->matrix, n, space->pivot);
        if (sign == 0 || now <= DBL_EPSILON / 4 * (1 + tau)) {
            *found = now <= 10 * ROUNDING * (1 + tau);
            break;
        }
        for (int i = 0; i < n; i++)
            change[i] = -space->value[i];
        dt_substitute(space->matrix, n, space->pivot, change);
        double size = norm(change, n), far = 0;
        if (!isfinite(size))
            break;
        if (size <= NEAR) { /* the square of that is below rounding */
            for (int i = 0; i < n; i++)
                z[i] += change[i];
            *found = true;
            break;
        }
        double after = search(space, tau, z, now);
        if (after >= now) { /* as good as it gets */
            *found = size <= NEAR * (1 + norm(z, n));
            break;
        }
        now = after;
        for (int i = 0; i < n; i++) {
            z[i] = space->ahead[i];
            far += (z[i] - start[i]) * (z[i] - start[i]);
        }
        if (sqrt(far) > reach)
            break;
    }
    assert(!*found || isfinite(now));
    dt_equations_at(space, z);
    return sign;
}
