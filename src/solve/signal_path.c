/*
 * The principal branch of a signalling game: the path of fixed points from scale 0 to the first at scale 1
 * (docs/method.md, Private variables). It is a curve that is smooth within a piece of the grids and has a
 * kink wherever an event's belief passes from one piece to the next.
 *
 * 1. Up to a scale at which the fixed point is certainly the only one, or is as far as can be seen, it is
 *    iterated; the pieces in which it then lies are those that the path enters at scale 0.
 * 2. From there pseudo-arclength (Allgower & Georg 1990): a cubic through the last two points and tangents
 *    predicts, the Jacobian of the last point corrects. Where a slack falls towards 0, or the scale rises
 *    towards 1, the corrector lands on that instead. A cubic through each slack and its slopes at both ends of a
 *    step guards against leaving a piece and coming back unseen.
 * 3. At a kink all pieces that are being left change at once, and the new tangent has the old sign of
 *    det(J; tangent): so the path goes on, forwards or backwards in scale. How the path bends there says how
 *    far the first step may go.
 *    Where one piece alone changes that leads into the next one. Where several do, as those of options that are alike,
 *    it may lead back: then the sign is the other one's there, as at a bifurcation, and the path goes on into them.
 * 4. A change of that sign within a piece that is still there in the least step is a bifurcation, which is
 *    crossed along the continuous tangent, in a step from well before to well behind it.
 * Invariant: `at` is on the path, `along` its unit tangent there, `sign` the orientation; every slack is at
 * least -OUTSIDE, and no earlier point had scale 1.
 */
#include "solve/signal_path.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "solve/linear.h"

static const double FIRST_STEP = 0.05, MOST_STEP = 1;
static const double FREE_STEP = 0.5; /* the first, if how the path bends is known */
static const double CROSSING = 1e-6; /* a change of sign within so short a step is a bifurcation */
static const double CLOSE = 0.01;    /* within so short a step one is looked for, */
static const double JUMP = 1e-5;     /* where points on both sides are nearer than this */
static const double LEAST_STEP = 1e-12;
static const double OUTSIDE = 1e-11; /* so far below 0 a slack has left its piece */
static const double TOGETHER = 1e-9; /* slacks that reach 0 within so short a step do so together */
static const double FALLS =
    1e-11;                      /* a slack that falls more slowly stands still, but for rounding */
static const double TURN = 0.4; /* between the tangents of a step's ends, at most */
static const double ENOUGH = 1e-12; /* a last correction, relative to 1 + the largest number */
static const double NEARLY =
    1e-7; /* and one after which Newton's method leaves no more than that */
static const double SURELY =
    0.9; /* of what is certain, where Newton's method didn't settle there */
static const double PROBE = 1e-4; /* the step along a tangent that tells how the path bends */
enum { MOST_STEPS = 20000, MOST_KINKS = 2000, POINTS = 7 };

struct dt_path_space {
    int unknowns, slacks; /* at most */
    double *point;        /* points, tangents and right sides [POINTS][unknowns+1] */
    double *matrix;       /* [unknowns+1][unknowns+1] */
    int *pivot;           /* [unknowns+1] */
    double *began;        /* [1+slacks][2] the scale's slack, and all others, where a step begins */
    uint8_t *lost;        /* [slacks] */
};

double dt_path_space_bytes(double unknowns, double slacks)
{
    const double n = unknowns + 1;
    return sizeof(dt_path_space) + 8 * (n * n + POINTS * n + 2 * (1 + slacks)) + 4 * n + slacks;
}

dt_path_space *dt_path_space_new(dt_arena *arena, int unknowns, int slacks)
{
    dt_path_space *space = dt_new(arena, dt_path_space, 1);
    const size_t n = (size_t)unknowns + 1;
    space->unknowns = unknowns;
    space->slacks = slacks;
    space->point = dt_new(arena, double, POINTS *n);
    space->matrix = dt_new(arena, double, n *n);
    space->pivot = dt_new(arena, int, n);
    space->began = dt_new(arena, double, 2 * (1 + (size_t)slacks));
    space->lost = dt_new(arena, uint8_t, (size_t)slacks + 1);
    return space;
}

typedef struct path {
    const dt_curve *curve;
    dt_path_space *space;
    int unknowns;
    double *at, *along; /* [unknowns+1] */
    double *bend;       /* the second derivative there, */
    bool bends;         /* if it is known */
    double *next, *turned, *change, *row;
    int sign;
    int steps, kinks;
    bool crossed;
} path;

/* What the path goes towards: that a slack is 0, or that the scale is 1. */
typedef struct event {
    int slack; /* -1: the scale's */
    double step;
} event;

static double dot(const double *x, const double *y, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static double largest(const double *x, int n)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fabs(x[i]) <= most ? most : fabs(x[i]);
    return most;
}

static double distance(const double *x, const double *y, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}

/* ---- slacks ---------------------------------------------------------------------------------- */

/* At a point that was evaluated. */
static double slack_at(const path *p, int slack, const double *point)
{
    return slack < 0 ? 1 - point[p->unknowns] : p->curve->slack[slack];
}

/* The slope along a direction, where derivatives were evaluated. */
static double slope_along(const path *p, int slack, const double *along)
{
    return slack < 0 ? -along[p->unknowns]
                     : dot(p->curve->slope + slack * p->unknowns, along, p->unknowns);
}

/* The first event in the direction of the path, were it straight: a step of INFINITY if there is none. */
static event foresee(const path *p)
{
    event first = {-1, INFINITY};
    for (int s = -1; s < p->curve->slacks; s++) {
        const double slope = slope_along(p, s, p->along), slack = slack_at(p, s, p->at);
        const double step = slope < -FALLS ? (slack > 0 ? slack : 0) / -slope : INFINITY;
        if (step < first.step)
            first = (event){s, step};
    }
    return first;
}

/* The worst of what lies outside at a point that was evaluated; its step is how far it is below 0. */
static event outside(const path *p, const double *point)
{
    event worst = {-1, -slack_at(p, -1, point)};
    for (int s = 0; s < p->curve->slacks; s++) {
        if (-p->curve->slack[s] > worst.step)
            worst = (event){s, -p->curve->slack[s]};
    }
    return worst;
}

/* All slacks at `at`, with their slopes along the path. */
static void remember(const path *p)
{
    double *began = p->space->began;
    for (int s = -1; s < p->curve->slacks; s++) {
        *began++ = slack_at(p, s, p->at);
        *began++ = slope_along(p, s, p->along);
    }
}

/* Whether some slack may fall below 0 and come back between `at`, where it was remembered, and `next`, which
 * is at hand. */
static bool dips(const path *p, double length)
{
    static const double where[] = {1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 3.0 / 4, 7.0 / 8};
    const double *began = p->space->began;
    for (int k = -1; k < p->curve->slacks; k++, began += 2) {
        const double a = began[0], p0 = length * began[1];
        const double b = slack_at(p, k, p->next), p1 = length * slope_along(p, k, p->turned);
        if (a == INFINITY || (p0 >= 0 && p1 <= 0))
            continue; /* it rises and falls */
        for (size_t i = 0; i < sizeof where / sizeof *where; i++) {
            const double s = where[i], r = 1 - s;
            const double slack =
                (1 + 2 * s) * r * r * a + s * r * r * p0 + s * s * (3 - 2 * s) * b - s * s * r * p1;
            if (slack < -OUTSIDE)
                return true;
        }
    }
    return false;
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* Factors (J; row). */
static int factor(const path *p, const double *row)
{
    const int n = p->unknowns;
    double *matrix = p->space->matrix;
    memcpy(matrix, p->curve->jacobian, (size_t)n * (size_t)(n + 1) * sizeof *matrix);
    memcpy(matrix + n * (n + 1), row, (size_t)(n + 1) * sizeof *matrix);
    return dt_factor(matrix, n + 1, p->space->pivot);
}

static void substitute(const path *p, double *x)
{
    dt_substitute(p->space->matrix, p->unknowns + 1, p->space->pivot, x);
}

static bool evaluate(const path *p, const double *point, bool derivatives)
{
    return p->curve->evaluate(p->curve->of, point, derivatives);
}

/* The unit tangent at a point that was evaluated with derivatives, with along · tangent > 0, and the sign of
 * det(J; tangent); 0 if there is none. (J; along) is factored then. */
static int find_tangent(const path *p, const double *along, double *tangent)
{
    const int n = p->unknowns, sign = factor(p, along);
    if (sign == 0)
        return 0;
    memset(tangent, 0, (size_t)n * sizeof *tangent);
    tangent[n] = 1;
    substitute(p, tangent);
    const double length = sqrt(dot(tangent, tangent, n + 1));
    if (!isfinite(length) || length == 0)
        return 0;
    for (int i = 0; i <= n; i++)
        tangent[i] /= length;
    return sign;
}

/* Adds a correction to a point, and to the slacks there. */
static void add_change(const path *p, double *point)
{
    for (int u = 0; u <= p->unknowns; u++)
        point[u] += p->change[u];
    for (int s = 0; s < p->curve->slacks; s++)
        p->curve->slack[s] += slope_along(p, s, p->change);
}

/* The correction of a point that was evaluated, with the matrix that is factored, whose last equation is that
 * the point moves at right angles to a direction, or that an event's slack is 0. */
static void find_change(const path *p, const double *point, const event *e)
{
    const size_t n = (size_t)p->unknowns;
    memcpy(p->change, p->curve->lacking, n * sizeof *p->change);
    p->change[n] = e ? -slack_at(p, e->slack, point) : 0;
    substitute(p, p->change);
}

/* Corrects a point, the last equation being `row`, which is factored with the Jacobian of the step's beginning;
 * the event is that of the row, if it is one's. Derivatives are at hand then, from NEARLY there or nearer. False
 * if it doesn't settle near by. */
static bool correct(const path *p, double *point, double near, const double *row, const event *e)
{
    const int n = p->unknowns;
    double before = INFINITY, moved = 0;
    for (int i = 0; i < 24; i++) {
        if (!evaluate(p, point, p->curve->eager) || (p->curve->eager && factor(p, row) == 0))
            return false;
        find_change(p, point, e);
        const double size = largest(p->change, n + 1);
        if (!(size <= 10) || (i > 2 && size > 0.7 * before && size > 1e-10))
            return false;
        moved += size;
        if (moved > near)
            return false;
        if (p->curve->eager && size < NEARLY) {
            add_change(p, point);
            return true;
        }
        for (int u = 0; u <= n; u++)
            point[u] += p->change[u];
        const double enough = e ? ENOUGH * (1 + largest(point, n + 1)) : NEARLY;
        if (size < enough || (i > 4 && size >= before)) {
            if (!(size < 1e-10 || size < enough) || !evaluate(p, point, true))
                return false;
            if (e)
                return true;
            if (factor(p, row) == 0)
                return false;
            find_change(p, point, e);
            add_change(p, point);
            return true;
        }
        before = size;
    }
    return false;
}

/* Goes from `at` towards an event, or a step along, to `next`, with its tangent `turned`. The Jacobian at
 * hand must be that of `at`; it is that of `next`, or of a point on the way, afterwards. */
typedef enum went { WENT, TURNED, LOST } went;

static went go(const path *p, double step, const event *e)
{
    const int n = p->unknowns;
    double *row = p->row;
    if (e) {
        memset(row, 0, (size_t)(n + 1) * sizeof *row);
        if (e->slack < 0)
            row[n] = -1;
        else
            memcpy(row, p->curve->slope + e->slack * n, (size_t)n * sizeof *row);
    }
    if (!p->curve->eager && factor(p, e ? row : p->along) == 0)
        return LOST;
    for (int i = 0; i <= n; i++)
        p->next[i] = p->at[i] + step * (p->along[i] + (p->bends ? step / 2 * p->bend[i] : 0));
    if (!correct(p, p->next, 0.2 * step + 1e-9, e ? row : p->along, e))
        return LOST;
    const int sign = find_tangent(p, p->along, p->turned);
    if (sign == 0 || distance(p->turned, p->along, n + 1) > TURN)
        return LOST;
    if (e && slope_along(p, e->slack, p->turned) > 0)
        return LOST; /* it was there before, and is coming back */
    return sign == p->sign ? WENT : TURNED;
}

/* Evaluates at `at` again. */
static bool stand(const path *p)
{
    return evaluate(p, p->at, true);
}

/* How the path bends at `next`, from the cubic through both ends of the step that led there. With s the way
 * along the old tangent, which is measured along the new one from here on. */
static void bend_on(path *p)
{
    const int n = p->unknowns;
    const double turn = dot(p->along, p->turned, n + 1);
    double length = 0;
    for (int i = 0; i <= n; i++)
        length += (p->next[i] - p->at[i]) * p->along[i];
    p->bends = length > 1e-6 && turn > 0.5;
    if (!p->bends)
        return;
    for (int i = 0; i <= n; i++)
        p->bend[i] =
            turn * turn / length *
            (2 * p->along[i] + 4 * p->turned[i] / turn - 6 * (p->next[i] - p->at[i]) / length);
    const double along = dot(p->bend, p->turned, n + 1);
    for (int i = 0; i <= n; i++)
        p->bend[i] -= along * p->turned[i];
}

static void move(path *p)
{
    double *swap = p->at;
    p->at = p->next;
    p->next = swap;
    swap = p->along;
    p->along = p->turned;
    p->turned = swap;
}

/* Whether some slack, as good as 0, falls along the path, or if `way` is -1 against it. */
static bool leaves(const path *p, int way)
{
    for (int s = 0; s < p->curve->slacks; s++) {
        const double slope = way * slope_along(p, s, p->along);
        if (slope < -FALLS && p->curve->slack[s] < TOGETHER * -slope + DBL_EPSILON)
            return true;
    }
    return false;
}

/* At a kink: changes all pieces that are being left, and turns. */
static bool turn(path *p)
{
    const dt_curve *curve = p->curve;
    const int n = p->unknowns;
    int together = 0;
    for (int s = 0; s < curve->slacks; s++) {
        const double slope = slope_along(p, s, p->along);
        /* a belief that only tends to 0 or 1 doesn't get there */
        p->space->lost[s] = slope < -FALLS && curve->slack[s] < TOGETHER * -slope + DBL_EPSILON;
        together += p->space->lost[s];
    }
    if (together == 0 || !curve->turn(curve->of, p->space->lost) || !stand(p))
        return false;
    const int sign = find_tangent(p, p->along, p->turned);
    if (sign == 0)
        return false;
    for (int i = 0; i <= n; i++)
        p->along[i] = sign == p->sign ? p->turned[i] : -p->turned[i];
    if (together > 1 && leaves(p, 1) && !leaves(p, -1)) { /* what is alike goes on alike */
        for (int i = 0; i <= n; i++)
            p->along[i] = -p->along[i];
        p->sign = -p->sign;
        p->crossed = true;
    }
    for (int s = 0; s < curve->slacks; s++) {
        if (curve->slack[s] < -1e-8)
            return false;
    }
    p->bends = false;
    p->kinks++;
    return p->kinks < MOST_KINKS;
}

/* Finds how the path bends where a piece begins, and returns how far a step may go: not to where it would
 * come back. */
static double look_round(path *p, double step)
{
    const dt_curve *curve = p->curve;
    const size_t n = (size_t)p->unknowns;
    const double twice = 2 / (PROBE * PROBE);
    if (factor(p, p->along) == 0)
        return step / 2;
    remember(p);
    for (size_t i = 0; i <= n; i++)
        p->next[i] = p->at[i] + PROBE * p->along[i];
    p->bends = evaluate(p, p->next, false);
    for (size_t i = 0; i < n; i++)
        p->bend[i] = twice * curve->lacking[i];
    p->bend[n] = 0;
    substitute(p, p->bend);
    const double most = largest(p->bend, p->unknowns + 1);
    step = step * most < TURN / 2 ? step : TURN / 2 / most;
    const double *began = p->space->began + 2;
    for (int s = 0; s < curve->slacks; s++, began += 2) {
        const double slope = began[1];
        const double back =
            (curve->slack[s] - began[0] - PROBE * slope) * twice + slope_along(p, s, p->bend);
        curve->slack[s] = began[0];
        if (slope > 0 && back < 0 && step > 1.5 * slope / -back)
            step = 1.5 * slope / -back;
    }
    return step;
}

/* Goes a step with the piece held; LOST if it leads out of that. */
static went go_within(path *p, double step)
{
    p->steps++;
    const went went = stand(p) ? go(p, step, NULL) : LOST;
    return went != LOST && outside(p, p->next).step > OUTSIDE ? LOST : went;
}

/* Steps over a bifurcation within a step after which the sign is another: first the step is halved, from where the
 * path stands, down to where the sign changes and the path does not jump. Near to it Newton's method is lost in
 * rounding, and where options are alike that would break the tie between them: so nothing begins there. */
static bool cross(path *p, double step)
{
    static const double steps[] = {1e-3, 3e-3, 3e-4, 1e-4, 1e-5};
    double before = 0, *last = p->row;
    memcpy(last, p->at, (size_t)(p->unknowns + 1) * sizeof *last);
    while (step - before > CROSSING) {
        const double middle = before + (step - before) / 2;
        const went went = go_within(p, middle);
        if (went == LOST)
            return false;
        if (went == WENT)
            memcpy(last, p->next, (size_t)(p->unknowns + 1) * sizeof *last);
        before = went == WENT ? middle : before;
        step = went == WENT ? step : middle;
    }
    if (go_within(p, step) != TURNED || distance(last, p->next, p->unknowns + 1) > JUMP)
        return false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (go_within(p, before + steps[i]) == TURNED) {
            bend_on(p);
            move(p);
            p->sign = -p->sign;
            p->crossed = true;
            return true;
        }
    }
    return false;
}

/* ---- from scale 0 to 1 ------------------------------------------------------------------------ */

/* Newton's method at the scale of `at`, with the pieces held. */
static bool polish(const path *p)
{
    const int n = p->unknowns;
    double *change = p->change, best = INFINITY;
    memset(p->row, 0, (size_t)n * sizeof *p->row);
    p->row[n] = 1;
    for (int i = 0; i < 12; i++) {
        if (!stand(p))
            return false;
        if (factor(p, p->row) == 0)
            return best < INFINITY;
        memcpy(change, p->curve->lacking, (size_t)n * sizeof *change);
        change[n] = 0;
        substitute(p, change);
        const double size = largest(change, n), large = 1 + largest(p->at, n);
        if (size >= best || !isfinite(size))
            return best < 1e-9 * large;
        for (int u = 0; u < n; u++)
            p->at[u] += change[u];
        best = size;
        if (size <= DBL_EPSILON * large)
            break;
    }
    return true;
}

/* Iterates the map at a scale from the centroid, and once it is near the solution polishes that, if it lies in the
 * pieces that were found; false if a change isn't `contraction` times the one before. */
static bool settle(const path *p, double scale, double contraction)
{
    const int n = p->unknowns;
    double before = INFINITY, near = 1e-3;
    memset(p->at, 0, (size_t)n * sizeof *p->at);
    p->at[n] = scale;
    for (int i = 0; i < 400; i++) {
        if (!p->curve->find(p->curve->of, p->at, false))
            return false;
        const double change = largest(p->curve->lacking, n);
        for (int u = 0; u < n; u++)
            p->at[u] += p->curve->lacking[u];
        const double small = 4e-16 * (1 + largest(p->at, n));
        if (change <= small || (change >= before && change <= 16 * small))
            return true;
        if (i > 0 && change > contraction * before && change > 1e-13)
            return false;
        before = change;
        if (change > near)
            continue;
        memcpy(p->next, p->at, (size_t)(n + 1) * sizeof *p->next);
        if (polish(p) && stand(p) && outside(p, p->at).step <= OUTSIDE)
            return true;
        memcpy(p->at, p->next, (size_t)(n + 1) * sizeof *p->next);
        near = change / 30;
    }
    return before <= ENOUGH;
}

/* Newton's method from where the path is, on whatever pieces it comes to: to the only solution at a scale. */
static bool settle_only(const path *p, double scale)
{
    const int n = p->unknowns;
    double before = INFINITY;
    memset(p->row, 0, (size_t)n * sizeof *p->row);
    p->at[n] = scale;
    p->row[n] = 1;
    for (int i = 0; i < 24; i++) {
        if (!p->curve->find(p->curve->of, p->at, true) || factor(p, p->row) == 0)
            return false;
        memcpy(p->change, p->curve->lacking, (size_t)n * sizeof *p->change);
        p->change[n] = 0;
        substitute(p, p->change);
        const double size = largest(p->change, n), large = 1 + largest(p->at, n);
        if (!(size < 1e6) || (i > 2 && size >= before && size > 1e-10 * large))
            return false;
        for (int u = 0; u < n; u++)
            p->at[u] += p->change[u];
        if (size <= 4 * DBL_EPSILON * large || (size >= before && size < 1e-13 * large))
            return true;
        before = size;
    }
    return false;
}

/* To where the path is known: false if that can't be found. */
static bool begin(path *p, double upto)
{
    const int n = p->unknowns;
    double scale = !(upto > 0) ? 1e-3 : upto < 1 ? upto : SURELY;
    memset(p->at, 0, (size_t)n * sizeof *p->at);
    if (!(upto > 0) || !settle_only(p, scale)) {
        while (scale > 1e-14 && !settle(p, scale, upto > 0 ? 0.95 : 0.2))
            scale /= 10;
    }
    if (scale <= 1e-14 || !stand(p))
        return false;
    memset(p->along, 0, (size_t)n * sizeof *p->along);
    p->along[n] = 1;
    p->sign = find_tangent(p, p->along, p->turned);
    memcpy(p->along, p->turned, (size_t)(n + 1) * sizeof *p->along);
    return p->sign != 0;
}

/* Goes a step, or to an event, and back to what lies before it. Where it went is in `length` and `e`. */
static went advance(const path *p, double *length, event *e, bool *at_event)
{
    went went = go(p, *length, *at_event ? e : NULL);
    event worst = {-1, 0};
    for (int tries = 0; went == WENT && tries < 8; tries++) {
        worst = outside(p, p->next);
        if (worst.step <= OUTSIDE || (*at_event && e->slack < 0 && worst.slack < 0))
            break;
        const double slack = p->space->began[2 * (worst.slack + 1)];
        const double share = slack > 0 ? slack / (slack + worst.step) : 0;
        if (*length * share <= 1e-14 || !stand(p))
            return LOST; /* it rose from 0 and came back */
        *length *= share;
        *e = worst;
        *at_event = true;
        went = go(p, *length, e);
    }
    if (went == WENT && worst.step > OUTSIDE && !(*at_event && e->slack < 0 && worst.slack < 0))
        return LOST;
    return went == WENT && *length > 1e-5 && dips(p, *length) ? LOST : went;
}

/* From where the path begins to the first point at scale 1. */
static dt_branch_end walk(path *p, double share)
{
    const int n = p->unknowns;
    const double most = share * MOST_STEP;
    double step = p->curve->eager ? look_round(p, share * FREE_STEP) : share * FIRST_STEP;
    for (; p->steps < MOST_STEPS; p->steps++) {
        event e = foresee(p);
        bool at_event = e.step <= 1.25 * step;
        double length = at_event ? e.step : step;
        remember(p);
        if (at_event && e.step <= 1e-14) { /* it is there already */
            if (e.slack < 0)
                return DT_BRANCH_ARRIVED;
            if (!turn(p))
                return DT_BRANCH_STALLED;
            step = look_round(p, step);
            continue;
        }
        const went went = advance(p, &length, &e, &at_event);
        double ahead = 0;
        for (int i = 0; i <= n && went == WENT; i++)
            ahead += (p->next[i] - p->at[i]) * p->along[i];
        if (went != WENT || ahead < -1e-12) {
            step = (at_event && length < step ? length : step) / 2;
            if (step < LEAST_STEP && !(step < CROSSING && went == TURNED))
                return DT_BRANCH_STALLED;
            const bool crossed = went == TURNED && step < CLOSE && cross(p, 2 * step);
            if (crossed)
                step = 1e-3;
            else if ((step < CROSSING && went == TURNED) || !stand(p))
                return DT_BRANCH_STALLED;
            continue;
        }
        const double bend = distance(p->turned, p->along, n + 1);
        bend_on(p);
        move(p);
        if (at_event) {
            if (e.slack < 0)
                return DT_BRANCH_ARRIVED;
            if (!turn(p))
                return DT_BRANCH_STALLED;
            step = look_round(p, step);
        }
        if (bend < 0.12)
            step = step * 2.5 < most ? step * 2.5 : most;
        else if (bend > 0.2)
            step *= 0.6;
    }
    return DT_BRANCH_TOO_LONG;
}

static path new_path(const dt_curve *curve, dt_path_space *space)
{
    const size_t room = (size_t)curve->unknowns + 1;
    path p = {.curve = curve, .space = space, .unknowns = curve->unknowns};
    double **arrays[] = {&p.at, &p.along, &p.bend, &p.next, &p.turned, &p.change, &p.row};
    _Static_assert(sizeof arrays / sizeof *arrays == POINTS, "as there is room for");
    for (size_t i = 0; i < POINTS; i++)
        *arrays[i] = space->point + i * room;
    return p;
}

bool dt_path_settle(const dt_curve *curve, dt_path_space *space, double scale, double *point)
{
    const path p = new_path(curve, space);
    memcpy(p.at, point, (size_t)curve->unknowns * sizeof *point);
    const bool found = settle_only(&p, scale);
    memcpy(point, p.at, ((size_t)curve->unknowns + 1) * sizeof *point);
    return found;
}

dt_branch_result dt_path_follow(const dt_curve *curve, dt_path_space *space, double upto,
                                double share, double *point)
{
    const size_t room = (size_t)curve->unknowns + 1;
    path p = new_path(curve, space);
    dt_branch_result result = {.end = DT_BRANCH_STALLED};
    if (begin(&p, upto)) {
        result.end = walk(&p, share);
        result.scale = p.at[p.unknowns];
        p.at[p.unknowns] = result.end == DT_BRANCH_ARRIVED ? 1 : result.scale;
        if (result.end == DT_BRANCH_ARRIVED && !polish(&p))
            result.end = DT_BRANCH_STALLED;
    }
    result.crossed = p.crossed;
    result.steps = p.steps;
    memcpy(point, p.at, room * sizeof *point);
    return result;
}
