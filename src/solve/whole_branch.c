/*
 * The principal branch of the whole stationary game in λ: from the solution at scale 0, which is the
 * uniform strategy, along the curve F(z, t) = 0 to the first point where t is 1 (Turocy 2005; Eibelshäuser
 * & Poensgen 2019, whose sgamesolver follows it). With surplus values the beginning is play by those who
 * enjoy nothing but entropy, found by iterated responses.
 *
 * Pseudo-arclength steps in (z, τ), τ = t Λ, with Λ the largest rate of F at the beginning: the tangent,
 * then Newton's method in the hyperplane across it. The tangent keeps its direction, so that folds are no
 * event. Where the orientation, the sign of det [F_z F_τ; tangent'], flips from one point to the next, a
 * bifurcation was stepped over along the continuous tangent. Steps adapt to how far the corrector moves
 * and the tangent turns. Invariant: `point` is a zero of F, and its tangent has unit length.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/linear.h"
#include "solve/whole.h"

enum { MOST_STEPS = 20000, MOST_CORRECTIONS = 12, MOST_RESPONSES = 10000 };
static const double FIRST_STEP = 0.05, LEAST_STEP = 1e-7, LONGEST_STEP = 4;
static const double CLOSE = 1e-10;
static const double STRAY = 0.3; /* how far correcting may move the point, in lengths of the step */
static const double TURN = 0.95; /* least cosine between neighbouring tangents */

/* A point on the curve: z [n], then τ; and its unit tangent. */
typedef struct follower {
    dt_whole *whole;
    size_t n;
    double unit; /* Λ */
    double *point, *tangent, *trial, *trial_tangent, *step;
} follower;

/* [F_z F_τ; border], of what was evaluated last, factored. Returns the sign of its determinant. */
static int factor(follower *f, const double *border)
{
    dt_whole *whole = f->whole;
    const size_t n = f->n, stride = n + 1;
    dt_whole_matrix(whole, stride);
    dt_whole_rate(whole, f->step);
    for (size_t i = 0; i < n; i++)
        whole->matrix[i * stride + n] = f->step[i] / f->unit;
    memcpy(whole->matrix + n * stride, border, stride * sizeof *border);
    return dt_factor(whole->matrix, (int)stride, whole->matrix_pivot);
}

static void substitute(const follower *f, double *x)
{
    dt_substitute(f->whole->matrix, (int)f->n + 1, f->whole->matrix_pivot, x);
}

/* The unit tangent at what was evaluated last, on the side of `border`; the orientation, or 0. */
static int tangent_at(follower *f, const double *border, double *tangent)
{
    const size_t n = f->n;
    const int sign = factor(f, border);
    if (sign == 0)
        return 0;
    memset(tangent, 0, n * sizeof *tangent);
    tangent[n] = 1;
    substitute(f, tangent);
    double square = 0;
    for (size_t i = 0; i <= n; i++)
        square += tangent[i] * tangent[i];
    for (size_t i = 0; i <= n; i++)
        tangent[i] /= sqrt(square);
    return isfinite(square) ? sign : 0;
}

static double evaluate(follower *f, const double *x)
{
    return dt_whole_at(f->whole, x, x[f->n] / f->unit);
}

/* From the trial back to the curve in the hyperplane across the tangent. The way it went, or infinity. */
static double correct(follower *f)
{
    const size_t n = f->n;
    double way = 0, before = INFINITY;
    for (int i = 0; i < MOST_CORRECTIONS; i++) {
        const double off = evaluate(f, f->trial);
        double size = 1;
        for (size_t u = 0; u < n; u++)
            size = dt_greater(fabs(f->trial[u]), size);
        if (off <= CLOSE * size)
            return way;
        if (!(off < before) || factor(f, f->tangent) == 0)
            return INFINITY;
        before = off;
        for (size_t u = 0; u < n; u++)
            f->step[u] = -f->whole->residual[u];
        f->step[n] = 0;
        substitute(f, f->step);
        double square = 0;
        for (size_t u = 0; u <= n; u++) {
            square += f->step[u] * f->step[u];
            f->trial[u] += f->step[u];
        }
        way += sqrt(square);
    }
    return INFINITY;
}

/* z at scale 0. False if it can't be found. */
static bool begin(dt_whole *whole, double *z)
{
    memset(z, 0, whole->unknowns * sizeof *z);
    double off = dt_whole_at(whole, z, 0);
    for (int i = 0; i < MOST_RESPONSES && off > CLOSE && isfinite(off); i++) {
        for (size_t u = 0; u < whole->unknowns; u++)
            z[u] -= whole->residual[u];
        off = dt_whole_at(whole, z, 0);
    }
    return off <= CLOSE || dt_whole_newton(whole, z, 0, NULL);
}

/* With the trial at τ >= Λ: the zero at t = 1 near the chord, into z. */
static bool arrive(follower *f, double *z)
{
    const size_t n = f->n;
    const double share = (f->unit - f->point[n]) / (f->trial[n] - f->point[n]);
    double chord = 0, moved = 0;
    for (size_t u = 0; u < n; u++) {
        z[u] = f->point[u] + share * (f->trial[u] - f->point[u]);
        chord += (f->trial[u] - f->point[u]) * (f->trial[u] - f->point[u]);
    }
    double *from = f->trial_tangent; /* no longer needed */
    memcpy(from, z, n * sizeof *z);
    if (!dt_whole_newton(f->whole, z, 1, NULL))
        return false;
    for (size_t u = 0; u < n; u++)
        moved += (z[u] - from[u]) * (z[u] - from[u]);
    return moved <= STRAY * STRAY * chord || moved < 1e-12;
}

dt_lambda_branch dt_whole_branch(dt_whole *whole, double *z)
{
    const size_t n = whole->unknowns;
    dt_lambda_branch result = {0};
    follower f = {whole,
                  n,
                  1,
                  whole->follow[0],
                  whole->follow[1],
                  whole->follow[2],
                  whole->follow[3],
                  whole->follow[4]};
    if (!begin(whole, f.point))
        return result;
    dt_whole_rate(whole, f.step);
    f.unit = 1e-3;
    for (size_t u = 0; u < n; u++)
        f.unit = dt_greater(fabs(f.step[u]), f.unit);
    f.point[n] = 0;
    evaluate(&f, f.point);
    memset(f.trial, 0, n * sizeof *f.trial);
    f.trial[n] = 1;
    int orientation = tangent_at(&f, f.trial, f.tangent);
    double size = FIRST_STEP;
    while (orientation != 0 && result.steps++ < MOST_STEPS && size >= LEAST_STEP &&
           dt_whole_going(whole)) {
        result.scale = f.point[n] / f.unit;
        for (size_t u = 0; u <= n; u++)
            f.trial[u] = f.point[u] + size * f.tangent[u];
        const double way = correct(&f);
        int sign = 0;
        double cosine = 0;
        if (way <= STRAY * size) {
            sign = tangent_at(&f, f.tangent, f.trial_tangent);
            for (size_t u = 0; u <= n; u++)
                cosine += f.tangent[u] * f.trial_tangent[u];
        }
        if (sign == 0 || cosine < TURN || f.trial[n] < 0) {
            size /= 2;
            continue;
        }
        if (f.trial[n] >= f.unit) {
            if (arrive(&f, z)) {
                result.arrived = true;
                result.scale = 1;
                return result;
            }
            size /= 2;
            continue;
        }
        result.crossed |= sign != orientation;
        orientation = sign;
        memcpy(f.point, f.trial, (n + 1) * sizeof *f.point);
        memcpy(f.tangent, f.trial_tangent, (n + 1) * sizeof *f.tangent);
        size =
            dt_lesser(size * (way < 0.1 * STRAY * size && cosine > 0.99 ? 1.7 : 1), LONGEST_STEP);
    }
    return result;
}
