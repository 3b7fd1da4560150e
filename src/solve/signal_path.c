/*
 * The principal branch of a signalling game: the path of fixed points from scale 0 to the first at scale 1
 * (docs/method.md, Private variables). It is a curve that is smooth within a piece of the grids and has a
 * kink wherever an event's belief passes from one piece to the next.
 *
 * 1. Up to a scale at which the fixed point is certainly the only one, or is as far as can be seen, it is
 *    iterated; the pieces in which it then lies are those that the path enters at scale 0.
 * 2. From there pseudo-arclength (Allgower & Georg 1990) with the Jacobian of the last tangent in the
 *    corrector. Where a weight falls towards 0, or the scale rises towards 1, the corrector lands on that
 *    instead. A cubic through each weight and its slopes at both ends of a step guards against leaving a
 *    piece and coming back unseen.
 * 3. At a kink all pieces that are being left change at once, and the new tangent has the old sign of
 *    det(J; tangent): so the path goes on, forwards or backwards in scale.
 * 4. A change of that sign within a piece that is still there in the least step is a bifurcation, which is
 *    crossed along the continuous tangent.
 * Invariant: `at` is on the path, `along` its unit tangent there, `sign` the orientation; every weight of
 * every held piece is at least -OUTSIDE, and no earlier point had scale 1.
 */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "solve/linear.h"
#include "solve/signal_space.h"

static const double FIRST_STEP = 0.02, MOST_STEP = 0.4;
static const double AFTER_KINK = 0.01; /* the first step after one */
static const double CROSSING = 1e-6; /* a change of sign within so short a step is a bifurcation */
static const double LEAST_STEP = 1e-12;
static const double OUTSIDE = 1e-11; /* so far below 0 a weight has left its piece */
static const double TOGETHER =
    1e-7; /* weights that reach 0 within so short a step do so together */
static const double FALLS =
    1e-11; /* a weight that falls more slowly stands still, but for rounding */
static const double TURN = 0.25;   /* between the tangents of a step's ends, at most */
static const double ENOUGH = 1e-8; /* residual of an arrival */
enum { MOST_STEPS = 20000, MOST_KINKS = 2000 };

typedef struct path {
    dt_signal_space *space;
    int unknowns;
    double *at, *along; /* [unknowns+1] */
    double *next, *turned, *guess, *change;
    double *jacobian; /* [unknowns][unknowns+1] at `at` */
    double *slope;    /* [unknowns] work */
    int sign;
    int steps, kinks;
    bool crossed;
    bool seen; /* the equations were evaluated at `at`, without derivatives, and nothing since */
} path;

/* An event towards which the path goes: the weight of a corner, or scale 1. */
typedef struct event {
    int view;   /* -1: scale 1 */
    int corner; /* of the view */
    double step;
} event;

static double length_of(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

static double largest(const double *x, int n)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fabs(x[i]) <= most ? most : fabs(x[i]);
    return most;
}

/* ---- equations ------------------------------------------------------------------------------- */

static const double *gain_of(const path *p, int u)
{
    return p->space->gain + (size_t)u * p->space->width;
}

/* The equations at a point that was evaluated, negative: for the right side of a correction. */
static void fall_short(const path *p, const double *point, double *to)
{
    for (int u = 0; u < p->unknowns; u++)
        to[u] = point[p->unknowns] * *gain_of(p, u) - point[u];
}

/* The Jacobian at the point, which was evaluated with derivatives. */
static void take_jacobian(path *p, const double *point)
{
    const int n = p->unknowns;
    for (int u = 0; u < n; u++) {
        double *row = p->jacobian + u * (n + 1);
        const double *gain = gain_of(p, u);
        for (int v = 0; v < n; v++)
            row[v] = (u == v) - point[n] * gain[1 + v];
        row[n] = -*gain;
    }
}

/* Factors (J; row). */
static int factor(path *p, const double *row)
{
    const int n = p->unknowns;
    memcpy(p->space->matrix, p->jacobian, (size_t)n * (size_t)(n + 1) * sizeof(double));
    memcpy(p->space->matrix + n * (n + 1), row, (size_t)(n + 1) * sizeof(double));
    return dt_factor(p->space->matrix, n + 1, p->space->pivot);
}

/* The unit tangent at a point with along · tangent > 0, and the sign of det(J; tangent); 0 if there is
 * none. */
static int find_tangent(path *p, const double *point, const double *along, double *tangent)
{
    const int n = p->unknowns;
    if (!dt_signal_evaluate(p->space, point, true, false, true))
        return 0;
    take_jacobian(p, point);
    const int sign = factor(p, along);
    if (sign == 0)
        return 0;
    memset(tangent, 0, (size_t)n * sizeof *tangent);
    tangent[n] = 1;
    dt_substitute(p->space->matrix, n + 1, p->space->pivot, tangent);
    const double length = length_of(tangent, n + 1);
    if (!isfinite(length) || length == 0)
        return 0;
    for (int i = 0; i <= n; i++)
        tangent[i] /= length;
    return sign;
}

/* ---- weights --------------------------------------------------------------------------------- */

static int views_of(const path *p)
{
    const dt_signal_game *game = p->space->game;
    int views = 0;
    for (int i = 0; i < game->events * game->subjects; i++)
        views += p->space->value_of[i] >= 0;
    return views;
}

/* The face of a view: those of still subjects are left out, in the order of events and subjects. */
static const dt_face *face_of(const path *p, int view)
{
    const dt_signal_game *game = p->space->game;
    for (int e = 0; e < game->events; e++) {
        for (int x = 0; x < game->subjects; x++) {
            if (p->space->value_of[e * game->subjects + x] == view)
                return &game->event[e].face[x];
        }
    }
    assert(!"there is such a view");
    return NULL;
}

static const double *weight_of(const path *p, int view, int corner)
{
    return p->space->view[view].weight + (size_t)corner * p->space->width;
}

/* The slope of a weight along a direction, where derivatives were evaluated. */
static double slope_along(const path *p, int view, int corner, const double *along)
{
    const double *weight = weight_of(p, view, corner);
    double sum = 0;
    for (int u = 0; u < p->unknowns; u++)
        sum += weight[1 + u] * along[u];
    return sum;
}

/* How many corners all views have, those of a face of one corner left out. */
static int corners_of(const path *p, int view)
{
    const int types = face_of(p, view)->types;
    return types > 1 ? types : 0;
}

/* The first event in the direction of the path, were it straight: a step of INFINITY if there is none.
 * `skip`: a weight that was just left aside. */
static event foresee(const path *p)
{
    event first = {-1, 0, INFINITY};
    if (p->along[p->unknowns] > 0)
        first.step = (1 - p->at[p->unknowns]) / p->along[p->unknowns];
    const int views = views_of(p);
    for (int v = 0; v < views; v++) {
        const int corners = corners_of(p, v);
        for (int c = 0; c < corners; c++) {
            const double slope = slope_along(p, v, c, p->along), weight = *weight_of(p, v, c);
            const double step = slope < -FALLS ? (weight > 0 ? weight : 0) / -slope : INFINITY;
            if (step < first.step)
                first = (event){v, c, step};
        }
    }
    return first;
}

/* The worst of what lies outside at a point that was evaluated; its step is how far it is below 0. */
static event outside(const path *p, const double *point)
{
    event worst = {-1, 0, point[p->unknowns] - 1};
    const int views = views_of(p);
    for (int v = 0; v < views; v++) {
        const int corners = corners_of(p, v);
        for (int c = 0; c < corners; c++) {
            const double weight = *weight_of(p, v, c);
            if (-weight > worst.step)
                worst = (event){v, c, -weight};
        }
    }
    return worst;
}

static double slack_of(const path *p, const event *e, const double *point)
{
    return e->view < 0 ? 1 - point[p->unknowns] : *weight_of(p, e->view, e->corner);
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* Corrects a point with the matrix that is factored, so that the last equation is that the point moves
 * at right angles to `along`, or that the event's slack is 0. False if it doesn't settle near by. */
static bool correct(path *p, double *point, double near, const event *e)
{
    const int n = p->unknowns;
    double *change = p->change, before = INFINITY, moved = 0;
    for (int i = 0; i < 24; i++) {
        if (!dt_signal_evaluate(p->space, point, false, false, true))
            return false;
        fall_short(p, point, change);
        change[n] = e ? -slack_of(p, e, point) : 0;
        dt_substitute(p->space->matrix, n + 1, p->space->pivot, change);
        const double size = largest(change, n + 1);
        if (!(size <= 10) || (i > 2 && size > 0.7 * before && size > 1e-10))
            return false;
        for (int u = 0; u <= n; u++)
            point[u] += change[u];
        moved += size;
        if (moved > near)
            return false;
        if (size < 1e-12 * (1 + largest(point, n + 1)) || (i > 4 && size >= before))
            return size < 1e-10;
        before = size;
    }
    return false;
}

/* Goes from `at` towards an event, or a step along, to `next`, with its tangent `turned`. The Jacobian at
 * hand must be that of `at`, and is when this returns false. */
typedef enum went { WENT, TURNED, LOST } went;

static went go(path *p, double step, const event *e)
{
    const int n = p->unknowns;
    double *row = p->slope;
    if (e) {
        memset(row, 0, (size_t)(n + 1) * sizeof *row);
        if (e->view < 0)
            row[n] = -1;
        else
            memcpy(row, weight_of(p, e->view, e->corner) + 1, (size_t)n * sizeof *row);
    }
    if (factor(p, e ? row : p->along) == 0)
        return LOST;
    for (int i = 0; i <= n; i++)
        p->next[i] = p->at[i] + step * p->along[i];
    if (!correct(p, p->next, 0.2 * step + 1e-9, e))
        return LOST;
    const int sign = find_tangent(p, p->next, p->along, p->turned);
    double bend = 0;
    for (int i = 0; i <= n && sign != 0; i++)
        bend += (p->turned[i] - p->along[i]) * (p->turned[i] - p->along[i]);
    if (sign == 0 || bend > TURN * TURN)
        return LOST;
    return sign == p->sign ? WENT : TURNED;
}

/* Evaluates at `at` again. */
static bool stand(path *p)
{
    if (!dt_signal_evaluate(p->space, p->at, true, false, true))
        return false;
    take_jacobian(p, p->at);
    return true;
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

/* Whether some weight, or the scale, may go outside and come back between `at`, where its values and
 * slopes are in `began`, and `next`, which is at hand. */
static bool dips(const path *p, double length, const double *began)
{
    static const double where[] = {1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 3.0 / 4, 7.0 / 8};
    const int views = views_of(p);
    for (int v = -1; v < views; v++) {
        const int corners = v < 0 ? 1 : corners_of(p, v);
        for (int c = 0; c < corners; c++, began += 2) {
            const double a = began[0], p0 = length * began[1];
            const double b = v < 0 ? 1 - p->next[p->unknowns] : *weight_of(p, v, c);
            const double p1 =
                length * (v < 0 ? -p->turned[p->unknowns] : slope_along(p, v, c, p->turned));
            if (p0 >= 0 && p1 <= 0)
                continue; /* it rises and falls */
            for (size_t i = 0; i < sizeof where / sizeof *where; i++) {
                const double s = where[i], r = 1 - s;
                const double w = (1 + 2 * s) * r * r * a + s * r * r * p0 +
                                 s * s * (3 - 2 * s) * b - s * s * r * p1;
                if (w < -OUTSIDE)
                    return true;
            }
        }
    }
    return false;
}

/* Values and slopes of all weights at `at`. Returns how many numbers. */
static void remember(const path *p, double *began)
{
    const int views = views_of(p);
    *began++ = 1 - p->at[p->unknowns];
    *began++ = -p->along[p->unknowns];
    for (int v = 0; v < views; v++) {
        const int corners = corners_of(p, v);
        for (int c = 0; c < corners; c++) {
            *began++ = *weight_of(p, v, c);
            *began++ = slope_along(p, v, c, p->along);
        }
    }
}

/* At a kink: changes the pieces of all views that are being left, and turns. */
static bool turn(path *p)
{
    const int views = views_of(p), n = p->unknowns;
    bool any = false;
    for (int v = 0; v < views; v++) {
        const dt_face *face = face_of(p, v);
        bool left = false;
        for (int c = 0; c < corners_of(p, v); c++) {
            const double slope = slope_along(p, v, c, p->along);
            /* a belief that only tends to 0 or 1 doesn't get there */
            p->space->lost[c] =
                slope < -FALLS && *weight_of(p, v, c) < TOGETHER * -slope + DBL_EPSILON;
            left |= p->space->lost[c];
        }
        if (!left)
            continue;
        dt_view_after *view = &p->space->view[v];
        if (!dt_piece_next(face, p->space->lost, &view->piece))
            return false;
        any = true;
    }
    if (!any)
        return false;
    dt_signal_repoint(p->space);
    const int sign = find_tangent(p, p->at, p->along, p->turned);
    if (sign == 0)
        return false;
    for (int i = 0; i <= n; i++)
        p->along[i] = sign == p->sign ? p->turned[i] : -p->turned[i];
    for (int v = 0; v < views; v++) {
        for (int c = 0; c < corners_of(p, v); c++) {
            if (*weight_of(p, v, c) < -1e-8)
                return false;
        }
    }
    p->kinks++;
    return p->kinks < MOST_KINKS;
}

/* Steps over a bifurcation just ahead. */
static bool cross(path *p)
{
    static const double steps[] = {1e-3, 3e-3, 3e-4, 1e-4, 1e-5};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (!stand(p))
            return false;
        if (go(p, steps[i], NULL) == TURNED && outside(p, p->next).step <= OUTSIDE) {
            move(p);
            p->sign = -p->sign;
            p->crossed = true;
            return true;
        }
    }
    return false;
}

/* ---- from scale 0 to 1 ------------------------------------------------------------------------ */

/* Newton's method at scale 1, with the pieces held. */
static bool polish(path *p)
{
    const int n = p->unknowns;
    double *change = p->change, best = INFINITY;
    for (int i = 0; i < 12; i++) {
        p->at[n] = 1;
        if (!stand(p))
            return false;
        memset(p->slope, 0, (size_t)(n + 1) * sizeof *p->slope);
        p->slope[n] = 1;
        if (factor(p, p->slope) == 0)
            return best < INFINITY;
        fall_short(p, p->at, change);
        change[n] = 0;
        dt_substitute(p->space->matrix, n + 1, p->space->pivot, change);
        const double size = largest(change, n);
        if (size >= best || !isfinite(size))
            return best < 1e-9 * (1 + largest(p->at, n));
        for (int u = 0; u < n; u++)
            p->at[u] += change[u];
        best = size;
        if (size == 0)
            break;
    }
    return true;
}

/* To where the path is known: false if that can't be found. `slope` bounds that of the map. */
static bool begin(path *p, double slope)
{
    const int n = p->unknowns;
    memset(p->at, 0, (size_t)(n + 1) * sizeof *p->at);
    double scale = slope < 1 ? 0.5 : isfinite(slope) ? 0.5 / slope : 1e-3;
    for (; scale > 1e-14; scale /= 10) {
        memset(p->at, 0, (size_t)n * sizeof *p->at);
        p->at[n] = scale;
        if (dt_signal_iterate(p->space, p->at, scale, isfinite(slope) ? 0.95 : 0.2))
            break;
    }
    if (scale <= 1e-14)
        return false;
    memset(p->along, 0, (size_t)n * sizeof *p->along);
    p->along[n] = 1;
    const int sign = find_tangent(p, p->at, p->along, p->turned);
    memcpy(p->along, p->turned, (size_t)(n + 1) * sizeof *p->along);
    p->sign = sign;
    return sign != 0;
}

/* How far the path goes before the event that comes first; true at scale 1. */
static dt_branch_end walk(path *p, double *began)
{
    const int n = p->unknowns;
    const double share = p->space->doubts ? 1.0 / 12 : 1, most = share * MOST_STEP;
    double step = share * FIRST_STEP;
    for (; p->steps < MOST_STEPS; p->steps++) {
        event e = foresee(p);
        remember(p, began);
        bool at_event = e.step <= 1.25 * step;
        double length = at_event ? e.step : step;
        went went = LOST;
        if (at_event && e.step <= 1e-14) { /* it is there already */
            if (e.view < 0)
                return DT_BRANCH_ARRIVED;
            if (!turn(p))
                return DT_BRANCH_STALLED;
            step = share * AFTER_KINK;
            continue;
        }
        went = go(p, length, at_event ? &e : NULL);
        event worst = {-1, 0, 0};
        /* land on what lies before */
        for (int tries = 0; went == WENT && tries < 8; tries++) {
            worst = outside(p, p->next);
            if (worst.step <= OUTSIDE || (at_event && e.view < 0 && worst.view < 0))
                break;
            double slack;
            {
                const double *pair = began;
                for (int v = -1; v < worst.view; v++)
                    pair += 2 * (v < 0 ? 1 : corners_of(p, v));
                slack = pair[2 * (worst.view < 0 ? 0 : worst.corner)];
            }
            length *= slack > 0 ? slack / (slack + worst.step) : 0;
            e = worst;
            at_event = true;
            if (!stand(p))
                return DT_BRANCH_STALLED;
            if (length <= 1e-14) {
                went = LOST;
                break;
            }
            went = go(p, length, &e);
        }
        if (went == WENT && worst.step > OUTSIDE && !(at_event && e.view < 0 && worst.view < 0))
            went = LOST;
        if (went == WENT && length > 1e-5 && dips(p, length, began))
            went = LOST;
        double ahead = 0;
        for (int i = 0; i <= n && went == WENT; i++)
            ahead += (p->next[i] - p->at[i]) * p->along[i];
        if (went != WENT || ahead < -1e-12) {
            step = (at_event && length < step ? length : step) / 2;
            if (step < CROSSING && went == TURNED) {
                if (!cross(p))
                    return DT_BRANCH_STALLED;
                step = 1e-3;
            } else if (step < LEAST_STEP) {
                return DT_BRANCH_STALLED;
            } else if (!stand(p)) {
                return DT_BRANCH_STALLED;
            }
            continue;
        }
        double bend = 0;
        for (int i = 0; i <= n; i++)
            bend += (p->turned[i] - p->along[i]) * (p->turned[i] - p->along[i]);
        bend = sqrt(bend);
        move(p);
        if (at_event) {
            if (e.view < 0)
                return DT_BRANCH_ARRIVED;
            if (!turn(p))
                return DT_BRANCH_STALLED;
            step = step < share * AFTER_KINK ? step : share * AFTER_KINK;
        }
        if (bend < 0.06)
            step = step * 1.7 < most ? step * 1.7 : most;
        else if (bend > 0.12)
            step *= 0.6;
    }
    return DT_BRANCH_TOO_LONG;
}

dt_branch_result dt_signal_follow(const dt_signal_game *game, dt_signal_space *space,
                                  const double *near, double *sigma, bool *proved)
{
    dt_signal_begin(space, game);
    const size_t room = space->room;
    const int n = space->unknowns;
    path p = {.space = space, .unknowns = n};
    double **arrays[] = {&p.at, &p.along, &p.next, &p.turned, &p.guess, &p.change, &p.slope};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = space->path + i * room;
    p.jacobian = space->jacobian;
    dt_branch_result result = {.end = DT_BRANCH_ARRIVED, .scale = 1};
    const double slope = n > 0 ? dt_signal_slope(space) : 0;
    const bool certain = dt_signal_is_only(space, slope);
    if (proved)
        *proved = certain;
    if (certain && !(space->doubts && n > 0)) {
        p.at[n] = 1;
        if (!dt_signal_find_only(space, near, p.at, &p.seen))
            result.end = DT_BRANCH_STALLED;
    } else if (!begin(&p, slope)) {
        result = (dt_branch_result){.end = DT_BRANCH_STALLED};
    } else {
        result.end = walk(&p, space->began);
        result.scale = p.at[n];
        if (result.end == DT_BRANCH_ARRIVED && !polish(&p))
            result.end = DT_BRANCH_STALLED;
    }
    result.crossed = p.crossed;
    result.steps = p.steps;
    /* at the point itself, unless that was the last thing done */
    const bool fine = p.seen || dt_signal_evaluate(space, p.at, false, true, true);
    for (int o = 0; o < space->total; o++)
        sigma[o] = space->sigma[(size_t)o * space->width];
    result.residual = fine ? dt_signal_off(space) : 1;
    if (!fine && !dt_signal_evaluate(space, p.at, false, true, false))
        result.end = DT_BRANCH_UNDERFLOW;
    if (result.end == DT_BRANCH_ARRIVED && !(result.residual <= ENOUGH))
        result.end = DT_BRANCH_STALLED;
    return result;
}
