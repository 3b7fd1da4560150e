/*
 * A signalling game as a curve in the logits of all agents (signal_path.h): y - t λ (Q(a) - Q(first)) = 0, with
 * the derivatives that jets carry (signal_space.h). Slacks are the weights of the corners of every piece that
 * is held, in the order of events, subjects and corners.
 */
#include <math.h>
#include <string.h>

#include "solve/signal_space.h"

/* The face of a view if it has a weight that can be 0. */
typedef struct seen {
    const dt_face *face;
    dt_view_after *view;
} seen;

/* Goes through all that is seen: the next one from `event` and `subject` on, which go beyond it. */
static bool next_seen(const dt_signal_space *space, int *event, int *subject, seen *to)
{
    const dt_signal_game *game = space->game;
    for (; *event < game->events; ++*event, *subject = 0) {
        while (*subject < game->subjects) {
            const int x = (*subject)++, at = space->value_of[*event * game->subjects + x];
            *to = (seen){&game->event[*event].face[x], at < 0 ? NULL : &space->view[at]};
            if (at >= 0 && to->face->types > 1)
                return true;
        }
    }
    return false;
}

/* The weights, and their slopes. */
static void take_slacks(dt_signal_space *space, bool derivatives)
{
    const size_t width = space->width, unknowns = (size_t)space->unknowns;
    double *slack = space->curve.slack, *slope = space->curve.slope;
    seen at;
    for (int event = 0, subject = 0; next_seen(space, &event, &subject, &at);) {
        for (int c = 0; c < at.face->types; c++, slope += unknowns) {
            const double *weight = at.view->weight + (size_t)c * width;
            *slack++ = *weight;
            if (derivatives)
                memcpy(slope, weight + 1, unknowns * sizeof *slope);
        }
    }
}

/* Evaluates with the pieces held, or found. */
static bool evaluate_at(dt_signal_space *space, const double *point, bool derivatives, bool pieces)
{
    const int n = space->unknowns;
    if (!dt_signal_evaluate(space, point, derivatives, pieces, true))
        return false;
    for (int u = 0; u < n; u++) {
        const double *gain = space->gain + (size_t)u * space->width;
        double *row = space->curve.jacobian + u * (n + 1);
        space->curve.lacking[u] = point[n] * *gain - point[u];
        for (int v = 0; v < n && derivatives; v++)
            row[v] = (u == v) - point[n] * gain[1 + v];
        if (derivatives)
            row[n] = -*gain;
    }
    take_slacks(space, derivatives);
    return true;
}

static bool evaluate(void *of, const double *point, bool derivatives)
{
    return evaluate_at(of, point, derivatives, false);
}

static bool find(void *of, const double *point, bool derivatives)
{
    return evaluate_at(of, point, derivatives, true);
}

static bool turn(void *of, const uint8_t *lost)
{
    dt_signal_space *space = of;
    seen at;
    for (int event = 0, subject = 0; next_seen(space, &event, &subject, &at);) {
        const int corners = at.face->types;
        bool left = false;
        for (int c = 0; c < corners; c++)
            left |= lost[c];
        if (left && !dt_piece_next(at.face, lost, &at.view->piece))
            return false;
        lost += corners;
    }
    dt_signal_repoint(space);
    return true;
}

const dt_curve *dt_signal_logits(dt_signal_space *space)
{
    dt_curve *curve = &space->curve;
    curve->of = space;
    curve->unknowns = space->unknowns;
    curve->slacks = 0;
    curve->evaluate = evaluate;
    curve->find = find;
    curve->turn = turn;
    seen at;
    for (int event = 0, subject = 0; next_seen(space, &event, &subject, &at);)
        curve->slacks += at.face->types;
    return curve;
}
