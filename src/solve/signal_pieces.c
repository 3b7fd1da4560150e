/*
 * One agent of two types moves and is seen. After its action a the types who took it stand at the odds
 * z = b(0) σ_0(a) / b(1) σ_1(a), and after an event that they cause with the chances p_k at o = z p_0/p_1. Between two
 * knots l < u of b'(0) what follows is linear in 1/o for the first type and in o for the second,
 *     C_0 = V_0(l) + A/p_0 ((1 - l)/l - 1/o),     A = p_0 l u (V_0(u) - V_0(l)) / (u - l),
 *     C_1 = V_1(l) + C/p_1 (o - l/(1 - l)),       C = p_1 (1 - l) (1 - u) (V_1(u) - V_1(l)) / (u - l),
 * and where l = 0, or u = 1, the type that would be ruled out there has what it has at the other end. So what the action
 * is worth has, between two knots of any of its events, the form of signal_pieces.h, with sums of A and C. Invariant:
 * nothing here hangs on the belief at hand, nor on what is paid at once: it serves all points of a node.
 */
#include "solve/signal_pieces.h"

#include <assert.h>
#include <math.h>

#include "base/greater.h"
#include "solve/signal_odds.h"

/* Knots of two events that are nearer to each other, relative to z, are one. */
static const double ALIKE = 1e-13;

struct dt_pieces_event {
    int cell;
    uint32_t place;
    double chance[2];
    double ratio, log; /* p_0/p_1; infinite, or 0: one type alone */
    int interval;      /* where a walk is, */
    double next;       /* z where that ends, */
    double sure[2], told[2];
};

void dt_pieces_new(dt_pieces *pieces, dt_arena *arena, const dt_signal_size *size)
{
    const size_t cells = (size_t)size->cells, events = (size_t)size->events;
    const size_t fineness = size->values == 2 ? (size_t)size->fineness : 0;
    *pieces = (dt_pieces){.most_cells = size->cells, .most_fineness = (int)fineness};
    pieces->first = dt_new(arena, int, cells + 1);
    pieces->piece = dt_new(arena, dt_told_piece, cells + events * fineness);
    pieces->least = dt_new(arena, double, cells);
    pieces->most = dt_new(arena, double, cells);
    pieces->odds = dt_new(arena, double, fineness + 1);
    pieces->log = dt_new(arena, double, fineness + 1);
    pieces->event = dt_new(arena, dt_pieces_event, events);
}

double dt_pieces_bytes(const dt_signal_size *size)
{
    const double fineness = size->values == 2 ? size->fineness : 0;
    return (size->cells + size->events * fineness) * sizeof(dt_told_piece) + 20.0 * size->cells +
           16 * fineness + size->events * (double)sizeof(dt_pieces_event) + 64;
}

/* What follows an event in an interval, and where that ends. */
static void enter(const dt_pieces *pieces, const dt_signal_game *game, uint32_t base,
                  dt_pieces_event *e, int j)
{
    const dt_grid *grid = game->subject[0].grid;
    const uint32_t stride = game->subject[0].stride, point = base + (uint32_t)j * stride;
    const double l = grid->knot[j], u = grid->knot[j + 1];
    double here[2], change[2];
    for (int k = 0; k < 2; k++) {
        const double scale = pieces->rationality * e->chance[k];
        const int column = game->player[0].column[k];
        here[k] = scale * dt_ahead_at(&game->ahead, e->place, column, point);
        change[k] = scale * dt_ahead_at(&game->ahead, e->place, column, point + stride) - here[k];
    }
    const double told[2] = {j > 0 ? change[0] * l * u / (u - l) : 0,
                            j + 1 < grid->fineness ? change[1] * (1 - l) * (1 - u) / (u - l) : 0};
    e->interval = j;
    e->next = j + 1 < grid->fineness ? pieces->odds[j + 1] / e->ratio : (double)INFINITY;
    e->sure[0] = here[0] + (j > 0 ? told[0] / pieces->odds[j] : change[0]);
    e->sure[1] = here[1] - told[1] * pieces->odds[j];
    e->told[0] = told[0] / e->ratio;
    e->told[1] = told[1] * e->ratio;
}

/* The first event of an action from one on that both types can cause; or all events' number. */
static int next_told(const dt_pieces *pieces, int events, int action, int from)
{
    while (from < events &&
           (pieces->event[from].cell != action || !isfinite(pieces->event[from].log)))
        from++;
    return from;
}

/* What an action's events that one type alone can cause are worth to it. */
static void take_known(const dt_pieces *pieces, const dt_signal_game *game, uint32_t base,
                       int action, double sure[2])
{
    const dt_subject *subject = &game->subject[0];
    sure[0] = sure[1] = 0;
    for (int i = 0; i < game->events; i++) {
        const dt_pieces_event *e = &pieces->event[i];
        if (e->cell != action || isfinite(e->log))
            continue;
        const int k = e->chance[0] > 0 ? 0 : 1;
        const uint32_t at = k == 0 ? (uint32_t)subject->grid->fineness : 0;
        sure[k] += pieces->rationality * e->chance[k] *
                   dt_ahead_at(&game->ahead, e->place, game->player[0].column[k],
                               base + at * subject->stride);
    }
}

/* Widens the bounds on λ (Q_0 - Q_1) by a piece. */
static void widen(const dt_told_piece *p, double *least, double *most)
{
    const double sure = p->sure[0] - p->sure[1];
    double extreme[3] = {sure, sure, 0};
    int count = 2;
    if (p->from > 0)
        extreme[0] -= p->told[0] / p->from + p->told[1] * p->from;
    if (p->to < INFINITY)
        extreme[1] -= p->told[0] / p->to + p->told[1] * p->to;
    if (p->told[0] * p->told[1] > 0) {
        const double turn = sqrt(p->told[0] / p->told[1]);
        if (turn > p->from && turn < p->to)
            extreme[count++] = sure - p->told[0] / turn - p->told[1] * turn;
    }
    for (int i = 0; i < count; i++) {
        *least = dt_lesser(*least, extreme[i]);
        *most = dt_greater(*most, extreme[i]);
    }
}

/* The pieces of an action; returns the one after. */
static dt_told_piece *take_action(const dt_pieces *pieces, const dt_signal_game *game,
                                  uint32_t base, int action, dt_told_piece *p)
{
    const int events = game->events, first = next_told(pieces, events, action, 0);
    double known[2], from = 0, log_from = -INFINITY;
    take_known(pieces, game, base, action, known);
    pieces->least[action] = INFINITY;
    pieces->most[action] = -INFINITY;
    for (int i = first; i < events; i = next_told(pieces, events, action, i + 1))
        enter(pieces, game, base, &pieces->event[i], 0);
    for (;;) {
        *p = (dt_told_piece){
            from, INFINITY, log_from, INFINITY, {known[0], known[1]},
                {0,        0       }
        };
        for (int i = first; i < events; i = next_told(pieces, events, action, i + 1)) {
            const dt_pieces_event *e = &pieces->event[i];
            for (int k = 0; k < 2; k++) {
                p->sure[k] += e->sure[k];
                p->told[k] += e->told[k];
            }
            if (e->next < p->to) {
                p->to = e->next;
                p->log_to = pieces->log[e->interval + 1] - e->log;
            }
        }
        widen(p, &pieces->least[action], &pieces->most[action]);
        if (!(p->to < INFINITY))
            return p + 1;
        for (int i = first; i < events; i = next_told(pieces, events, action, i + 1)) {
            dt_pieces_event *e = &pieces->event[i];
            while (e->next <= p->to * (1 + ALIKE))
                enter(pieces, game, base, e, e->interval + 1);
        }
        from = p->to;
        log_from = p->log_to;
        p++;
    }
}

bool dt_pieces_take(dt_pieces *pieces, const dt_signal_game *game, uint32_t base)
{
    if (game->players != 1 || game->subjects != 1 || game->player[0].subject != 0 ||
        game->subject[0].grid->values != 2 || game->subject[0].types != 2 ||
        game->subject[0].grid->fineness > pieces->most_fineness)
        return false;
    assert(game->cells <= pieces->most_cells);
    const dt_grid *grid = game->subject[0].grid;
    for (int i = 0; i < game->events; i++) {
        dt_pieces_event *e = &pieces->event[i];
        e->cell = game->event[i].cell;
        e->place = game->event[i].place;
        if (!dt_told_chance(game, i, e->chance))
            return false;
        e->ratio = e->chance[0] / e->chance[1];
        e->log = log(e->ratio);
    }
    if (pieces->fineness != grid->fineness) { /* which is all that knots hang on */
        pieces->fineness = grid->fineness;
        for (int j = 0; j <= grid->fineness; j++) {
            pieces->odds[j] = grid->knot[j] / (1 - grid->knot[j]);
            pieces->log[j] = log(pieces->odds[j]);
        }
    }
    pieces->cells = game->cells;
    pieces->rationality = game->player[0].rationality;
    dt_told_piece *next = pieces->piece;
    for (int a = 0; a < game->cells; a++) {
        pieces->first[a] = (int)(next - pieces->piece);
        next = take_action(pieces, game, base, a, next);
    }
    pieces->first[game->cells] = (int)(next - pieces->piece);
    return true;
}
