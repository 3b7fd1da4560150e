/*
 * The principal branch: the path of logit equilibria of a stage game that starts at the centroid,
 * where the scale t is 0, followed to the first point where t is 1 (McKelvey & Palfrey 1995; Turocy
 * 2005). For almost all games it is a smooth curve; games with symmetries, where branches meet, are
 * as common in models as others are rare.
 *
 * 1. Up to the scale where the equilibrium is certainly unique (unique.c) nothing need be followed:
 *    Newton's method finds the point. Most nodes of most models end here, and most of those already
 *    in pair.c, which has nothing but two agents' equations to set up.
 * 2. From there pseudo-arclength steps (branch_step.c) follow the curve in (z, τ = t Λ), the tangent
 *    keeping its direction, so that folds are no event. The length adapts to how the curve bends.
 * 3. Where the orientation flips within the least step, two branches meet. The tangent is continuous
 *    along the principal branch, which is crossed over in one longer step.
 * 4. Along each step τ is taken as the cubic Hermite interpolant between the ends. If that passes
 *    τ = Λ and comes back, or passes it while nearly turning, the step is halved: the first
 *    passage is the answer. Newton's method at t = 1 polishes it.
 *
 * Invariant: `point` lies on the principal branch, `orientation` is the orientation there, and no
 * earlier point of the branch has t >= 1.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "solve/branch_step.h"
#include "solve/linear.h"
#include "solve/pair.h"

static const double FIRST_STEP = 0.1;
static const double LEAST_STEP = 1e-6;
static const double ORDINARY = 100;     /* in least steps: a step that isn't close to anything */
static const double ENOUGH = 1e-8;      /* residual of an arrival */
static const double MOST_SCALE = 1e100; /* Λ whose square can still be added up */
enum { MOST_STEPS = 20000 };

/* The cubic with values a, b at 0, 1 and slopes p, q there. */
static double cubic(double a, double b, double p, double q, double s)
{
    double c = 3 * (b - a) - 2 * p - q, d = 2 * (a - b) + p + q;
    return a + s * (p + s * (c + s * d));
}

/* The range over [0, 1] of that cubic's slope, and its largest value. */
typedef struct shape {
    double slowest, fastest, highest;
} shape;

static shape shape_of(double a, double b, double p, double q)
{
    assert(isfinite(a) && isfinite(b) && isfinite(p) && isfinite(q));
    double c = 3 * (b - a) - 2 * p - q, d = 2 * (a - b) + p + q;
    shape f = {fmin(p, q), fmax(p, q), fmax(a, b)};
    double bend = -c / (3 * d); /* where the slope is extreme; maybe not finite */
    if (bend > 0 && bend < 1) {
        double slope = p + bend * (2 * c + 3 * d * bend);
        f.slowest = fmin(f.slowest, slope);
        f.fastest = fmax(f.fastest, slope);
    }
    /* a maximum: slope 0, falling; in the form that doesn't cancel for small d */
    double root = c * c - 3 * d * p;
    if (root >= 0) {
        double s = c > 0 ? (-c - sqrt(root)) / (3 * d) : p / (sqrt(root) - c);
        if (s > 0 && s < 1)
            f.highest = fmax(f.highest, cubic(a, b, p, q, s));
    }
    return f;
}

/* With `trial` at τ >= Λ and `point` before it: the solution at τ = Λ between them into `answer`.
 * `orientation` is that of both, or 0 if they lie on two sides of a bifurcation. */
static bool finish(dt_branch_space *space, double chord, int orientation)
{
    int n = space->unknowns;
    double target = space->scale, low = 0, high = 1;
    const double *from = space->point, *to = space->trial;
    const double *p = space->tangent, *q = space->trial_tangent;
    assert(from[n] < target && to[n] >= target && chord > 0);
    for (int halving = 0; halving < 50; halving++) {
        double middle = (low + high) / 2;
        if (cubic(from[n], to[n], chord * p[n], chord * q[n], middle) < target)
            low = middle;
        else
            high = middle;
    }
    for (int i = 0; i < n; i++)
        space->answer[i] = cubic(from[i], to[i], chord * p[i], chord * q[i], high);
    bool found;
    int sign = dt_newton(space, target, space->answer, 0.25 * chord, &found);
    return found && (sign == 0 || orientation == 0 || sign == orientation);
}

static double chord_of(const dt_branch_space *space)
{
    double square = 0;
    for (int i = 0; i <= space->unknowns; i++) {
        double d = space->trial[i] - space->point[i];
        square += d * d;
    }
    return sqrt(square);
}

/* Remembers the point and its tangent, and returns to it. Close to a bifurcation the tangent is lost
 * in rounding; the anchor is the last point from which a step of ordinary length was tried. */
static void cast_anchor(dt_branch_space *space)
{
    size_t bytes = (size_t)(space->unknowns + 1) * sizeof(double);
    memcpy(space->anchor, space->point, bytes);
    memcpy(space->anchor_tangent, space->tangent, bytes);
}

static void return_to_anchor(dt_branch_space *space)
{
    size_t bytes = (size_t)(space->unknowns + 1) * sizeof(double);
    memcpy(space->point, space->anchor, bytes);
    memcpy(space->tangent, space->anchor_tangent, bytes);
    dt_equations_at(space, space->point);
    dt_equations_logs(space);
    memcpy(space->point_sigma, space->sigma, (size_t)space->total * sizeof(double));
    memcpy(space->point_log, space->log_sigma, (size_t)space->total * sizeof(double));
}

/* From the anchor over a bifurcation that lies shortly ahead, onto regular ground: the trial is
 * there. Tries lengths at which branches that meet at the bifurcation are well apart, and prefers
 * one at which the orientation has flipped; it doesn't where an even number of eigenvalues vanish
 * together, as symmetries make them. */
static bool cross(dt_branch_space *space, double unit, int orientation, dt_step *step)
{
    assert(unit > 0);
    static const double lengths[] = {10, 30, 3, 100};
    return_to_anchor(space);
    for (int want_flip = 1; want_flip >= 0; want_flip--) {
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            *step = dt_step_try(space, lengths[i] * unit, orientation);
            if ((want_flip ? step->end == DT_STEP_FLIPPED : step->end < DT_STEP_NOISY) &&
                step->strain < 0.5)
                return true;
        }
    }
    return false;
}

/* The log odds of a strategy, kept within what exp can take. */
static void odds_of(const dt_branch_space *space, const double *sigma, double *z)
{
    for (int k = 0; k < space->agents; k++) {
        const double *own = sigma + space->first[k];
        for (int a = 1; a < space->options[k]; a++)
            z[space->unknown[k] + a - 1] = log(fmax(own[a], DBL_MIN)) - log(fmax(own[0], DBL_MIN));
    }
}

/* Moves the point to the solution at τ, the equilibrium being unique up to there. */
static bool go_to(dt_branch_space *space, double tau, const double *guess)
{
    bool found = true;
    if (guess)
        odds_of(space, guess, space->point);
    else
        memset(space->point, 0, (size_t)space->unknowns * sizeof(double));
    if (tau > 0)
        dt_newton(space, tau, space->point, INFINITY, &found);
    else
        dt_equations_at(space, space->point);
    space->point[space->unknowns] = tau;
    return found;
}

/* Works out all that belongs to the point. False if it isn't regular. */
static bool stand(dt_branch_space *space)
{
    const int n = space->unknowns;
    double tau = space->point[n], *tangent = space->tangent;
    memset(tangent, 0, (size_t)n * sizeof(double));
    tangent[n] = 1;
    dt_equations_matrix(space, tau, tangent);
    memcpy(space->point_matrix, space->matrix, (size_t)(n + 1) * (size_t)(n + 1) * sizeof(double));
    if (dt_factor(space->matrix, n + 1, space->pivot) != 1)
        return false;
    dt_substitute(space->matrix, n + 1, space->pivot, tangent);
    double square = 0;
    for (int i = 0; i <= n; i++)
        square += tangent[i] * tangent[i];
    for (int i = 0; i <= n; i++)
        tangent[i] /= sqrt(square);
    dt_equations_logs(space);
    memcpy(space->point_sigma, space->sigma, (size_t)space->total * sizeof(double));
    memcpy(space->point_log, space->log_sigma, (size_t)space->total * sizeof(double));
    return isfinite(square);
}

static void play_centroid(dt_branch_space *space)
{
    for (int k = 0; k < space->agents; k++) {
        for (int a = space->first[k]; a < space->first[k + 1]; a++)
            space->sigma[a] = 1.0 / space->options[k];
    }
}

/* Follows the branch from where start_at stands; the strategies end up in space->sigma. */
static void follow(dt_branch_space *space, dt_branch_result *result)
{
    int n = space->unknowns, orientation = 1;
    double target = space->scale, length = FIRST_STEP;
    bool anchored = false;
    result->end = DT_BRANCH_TOO_LONG;
    for (result->steps = 1; result->steps <= MOST_STEPS; result->steps++) {
        double size = 0;
        for (int i = 0; i <= n; i++)
            size = fmax(size, fabs(space->point[i]));
        double least = LEAST_STEP * (1 + 1e-3 * size);
        assert(length > 0 && isfinite(length) && size <= DBL_MAX);
        assert(space->point[n] < target);
        dt_step step = dt_step_try(space, length, orientation);
        bool crossing = false;
        if (step.end != DT_STEP_GOOD) {
            if (length > least && step.end != DT_STEP_NOISY) {
                double factor = isfinite(step.strain) && step.strain > 1 ? 0.8 / step.strain : 0.5;
                length *= fmin(fmax(factor, 0.2), 0.5);
                if (!anchored && length < ORDINARY * least) {
                    cast_anchor(space);
                    anchored = true;
                }
                continue;
            }
            if (!anchored)
                cast_anchor(space);
            double unit = fmax(ORDINARY * least, 10 * length);
            crossing = cross(space, unit, orientation, &step);
            anchored = false;
            if (!crossing) {
                result->end = DT_BRANCH_STALLED;
                break;
            }
            result->crossed = true;
            length = FIRST_STEP;
        }
        double chord = chord_of(space);
        double here = space->point[n], there = space->trial[n];
        shape f = shape_of(here, there, chord * space->tangent[n], chord * space->trial_tangent[n]);
        if (there >= target) {
            bool clear = f.slowest > 0.25 * f.fastest || (f.slowest > 0 && chord < 1e-3);
            if ((clear || crossing) && finish(space, chord, crossing ? 0 : orientation)) {
                result->end = DT_BRANCH_ARRIVED;
                return;
            }
            if (crossing || length <= least) {
                result->end = DT_BRANCH_STALLED;
                break;
            }
            length /= 2;
            continue;
        }
        double margin = 0.25 * (f.highest - fmax(here, there));
        if (f.highest + margin >= target && length > least) {
            length /= 2;
            continue;
        }
        anchored = anchored && length < ORDINARY * least;
        dt_step_take(space);
        orientation = step.orientation;
        if (!crossing)
            length *= fmin(0.8 / fmax(step.strain, 1e-3), 2);
    }
    assert(result->end != DT_BRANCH_ARRIVED);
    memcpy(space->sigma, space->point_sigma, (size_t)space->total * sizeof(double));
    result->scale = space->point[n] / target;
}

dt_branch_result dt_branch_follow(const dt_stage_game *game, dt_branch_space *space,
                                  const double *guess, double *sigma, double *q)
{
    dt_branch_result result = {.end = DT_BRANCH_ARRIVED, .scale = 1};
    double *values = q ? q : space->change;
    if (dt_pair_solve(game, guess, sigma, values, &result.residual))
        return result;
    bool finite = dt_equations_set(space, game);
    play_centroid(space);
    if (!finite) {
        result.end = DT_BRANCH_STALLED;
        result.scale = 0;
    } else if (space->scale > 0) {
        const double unique = 0.9 * dt_equations_unique(space, space->scale / 0.9);
        const bool everywhere = unique >= space->scale;
        bool found = go_to(space, fmin(unique, space->scale), everywhere ? guess : NULL);
        if ((!found || !everywhere) && space->scale > MOST_SCALE) {
            result.end = DT_BRANCH_STALLED;
            result.scale = 0;
            play_centroid(space);
        } else if (!found || !everywhere) {
            if (!found || !stand(space)) {
                go_to(space, 0, NULL);
                stand(space);
            }
            follow(space, &result);
        }
    }
    memcpy(sigma, space->sigma, (size_t)space->total * sizeof(double));
    dt_stage_game_values(game, sigma, values);
    result.residual = dt_stage_game_residual(game, sigma, values);
    if (result.end == DT_BRANCH_ARRIVED && result.residual > ENOUGH)
        result.end = DT_BRANCH_STALLED; /* rounding alone is more than that */
    assert(result.scale >= 0 && result.scale <= 1);
    return result;
}
