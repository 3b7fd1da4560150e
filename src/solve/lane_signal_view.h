/*
 * What is believed after each event of a signalling game in lanes (lane_signal.c), for one vector of its points: the work
 * space, where a belief lies between two knots, and what stands at these.
 */
#ifndef DT_SOLVE_LANE_SIGNAL_VIEW_H
#define DT_SOLVE_LANE_SIGNAL_VIEW_H

#include <string.h>

#include "base/lane_exp.h"
#include "solve/lane_signal.h"

/* What is believed after an event, in one vector. */
typedef struct view {
    dt_lane belief[2]; /* b' */
    dt_lane upper;     /* w */
    dt_lane part[2];   /* w as types see it */
    dt_lane low, high; /* knots l and u */
    dt_lane here[2];   /* V(l) of who chooses, by type, */
    dt_lane rise[2];   /* and V(u) - V(l); */
    dt_lane steep[2];  /* dC_k/dρ is that times b'(other)/b'(k) */
    int interval[DT_LANES];
    const double *column[2][DT_LANES]; /* where columns stand at l and u */
} view;

_Static_assert(sizeof(view) <= 1024, "as dt_lane_signal_bytes has it");

struct dt_lane_signal_space {
    view *view;      /* [events] */
    dt_lane *joint;  /* [events][2] chances of an event and a value */
    dt_lane *ahead;  /* [events][2] what follows, in two columns */
    dt_lane *y;      /* [2][cells] log odds */
    dt_lane *sigma;  /* [2][cells] */
    dt_lane *mass;   /* [2][cells] b σ */
    dt_lane *q;      /* [2][cells] */
    dt_lane *change; /* [2][cells] */
    dt_lane *slope;  /* [2][cells] λ dQ_k/dρ */
};

/* One vector of the game: the lanes p·DT_LANES … */
typedef struct seat {
    const dt_lane_signal *game;
    dt_lane_signal_space *space;
    size_t first; /* lane */
    dt_lane belief[2];
    dt_lane_mask possible[2], wanted;
    bool all;   /* are wanted */
    bool blind; /* what is worth what isn't asked for */
} seat;

static dt_lane load(const double *from)
{
    dt_lane x;
    memcpy(&x, from, sizeof x);
    return x;
}

/* Writes the seats that are wanted. What the others have isn't read, as it may not have been worked out. */
static void keep(const seat *s, dt_lane x, double *to)
{
    if (s->all) {
        memcpy(to, &x, sizeof x);
        return;
    }
    for (int l = 0; l < DT_LANES; l++) {
        if (s->wanted[l])
            to[l] = x[l];
    }
}

static const double *column_at(const dt_lane_signal *game, uint32_t place, uint32_t point)
{
    return game->value[point / DT_WORLDS] + place * game->columns * DT_WORLDS + point % DT_WORLDS;
}

static dt_lane gather(const double *const column[DT_LANES], int at)
{
    dt_lane x;
    for (int l = 0; l < DT_LANES; l++)
        x[l] = column[l][at * DT_WORLDS];
    return x;
}

/* The columns at the points themselves, where nothing is learned. */
static dt_lane stay(const seat *s, uint32_t place, int column)
{
    const dt_lane_signal *game = s->game;
    const double *from[DT_LANES];
    for (int l = 0; l < DT_LANES; l++) {
        const size_t at = s->first + (size_t)l;
        from[l] = column_at(game, place, game->base[at] + game->at[at] * game->stride);
    }
    return gather(from, column);
}

/* Looks for the intervals in which b'(0) lies: open below, closed above, 0 belongs to the first. Those of
 * the last time are near; `known`: their knots are at hand. True if a lane's is another one. */
static bool find_intervals(const dt_lane_signal *game, view *v, bool known)
{
    const double *knot = game->grid->knot;
    const int fineness = game->grid->fineness;
    const dt_lane belief = v->belief[0];
    bool moved = false;
    if (known && !dt_lane_any((dt_lane_mask)(belief <= v->low) | (dt_lane_mask)(belief > v->high)))
        return false;
    for (int l = 0; l < DT_LANES; l++) {
        const double b = belief[l];
        int j = v->interval[l];
        while (j + 1 < fineness && b > knot[j + 1])
            j++;
        while (j > 0 && b <= knot[j])
            j--;
        moved |= j != v->interval[l];
        v->interval[l] = j;
    }
    return moved;
}

/* What stands at the corners. */
static void take_corners(const seat *s, int event, view *v)
{
    const dt_lane_signal *game = s->game;
    for (int l = 0; l < DT_LANES; l++) {
        v->low[l] = game->grid->knot[v->interval[l]];
        v->high[l] = game->grid->knot[v->interval[l] + 1];
    }
    for (int l = 0; l < DT_LANES && !s->blind; l++) {
        const uint32_t point =
            game->base[s->first + (size_t)l] + (uint32_t)v->interval[l] * game->stride;
        v->column[0][l] = column_at(game, game->event[event].place, point);
        v->column[1][l] = column_at(game, game->event[event].place, point + game->stride);
    }
    for (int k = 0; k < 2 && game->knows && !s->blind; k++) {
        v->here[k] = gather(v->column[0], game->own[k]);
        v->rise[k] = gather(v->column[1], game->own[k]) - v->here[k];
        v->steep[k] = v->rise[k] / (v->high - v->low) *
                      (k == 0 ? v->low * v->high : (1.0 - v->low) * (1.0 - v->high));
    }
}

/* The chances of each event and value of the variable, from the masses of cells. */
static void join(const seat *s)
{
    const dt_lane_signal *game = s->game;
    dt_lane_signal_space *space = s->space;
    const dt_lane zero = dt_lane_all(0);
    for (int e = 0; e < 2 * game->events; e++)
        space->joint[e] = zero;
    for (int r = 0; r < game->routes; r++) {
        const dt_lane_route *route = &game->route[r];
        for (int k = 0; k < 2; k++)
            space->joint[2 * route->event + route->after[k]] +=
                space->mass[k * game->cells + route->cell] * route->chance[k];
    }
}

/* What is believed after each event, from these chances. `anew`: nothing was looked for before. Of divisions, which
 * take most of the time, there are three. */
static void believe(const seat *s, bool anew)
{
    const dt_lane_signal *game = s->game;
    const dt_lane one = dt_lane_all(1);
    for (int e = 0; e < game->events; e++) {
        view *v = &s->space->view[e];
        if (game->event[e].still)
            continue;
        const dt_lane *joint = &s->space->joint[2 * e];
        const dt_lane sum = joint[0] + joint[1];
        /* an event that can't be, at these points, says what anybody likes */
        const dt_lane share = 1.0 / dt_lane_select((dt_lane_mask)(sum > 0.0), sum, one);
        for (int k = 0; k < 2; k++) /* who is known is so without rounding */
            v->belief[k] =
                dt_lane_select((dt_lane_mask)(joint[1 - k] == 0.0) & (dt_lane_mask)(joint[k] > 0.0),
                               one, joint[k] * share);
        if (find_intervals(game, v, !anew) || anew)
            take_corners(s, e, v);
        v->upper = (v->belief[0] - v->low) / (v->high - v->low);
        /* one of the two is a half at least, so that the product of both doesn't underflow */
        const dt_lane both = v->belief[0] * v->belief[1];
        const dt_lane_mask open = (dt_lane_mask)(both > 0.0);
        const dt_lane part = v->upper / dt_lane_select(open, both, one);
        for (int k = 0; k < 2; k++) {
            const dt_lane high = k == 0 ? v->high : 1.0 - v->high;
            const dt_lane other = dt_lane_select(open, v->belief[1 - k], one);
            v->part[k] = dt_lane_where((dt_lane_mask)(v->belief[k] > 0.0), part * high * other);
        }
    }
}

#endif
