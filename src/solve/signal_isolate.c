/*
 * One solution, by isolating all of them. One agent of two types moves and is seen; with ρ(a) = log σ_0(a) - log σ_1(a)
 * and x = e^ρ(a) an action's worth is, piece by piece, λ Q_0 = s_0 - A/x and λ Q_1 = s_1 + B x (signal_pieces.c). A
 * solution has one number N for all actions, the logarithm of Σ exp λQ_0 less that of Σ exp λQ_1, with
 *     N = λ (Q_0 - Q_1)(a) - ρ(a)  for all a,       H = Σ h_a(ρ(a)) = 0,   h_a = exp(λ Q_0(a)) (1 - e^-ρ(a)),
 * as exp(λ Q_0) e^-ρ is e^N exp(λ Q_1). Both hang on ρ(a) alone, so solutions are looked for among values of one number:
 * an interval of N is dropped if H can't be 0 whichever ρ(a) lie there.
 *
 * What is looked at are arcs, parts of a piece on which N is monotone: it falls with ρ where d = 1 - A/x + B x is
 * positive, and turns at roots of a quadratic. N, h, and with h' = exp(λ Q_0)/x (1 + A - A/x) the slope h'/d = -dh/dN
 * lie on an arc within bounds in closed form. Arcs of an action that follow each other are a branch; a combination of
 * branches, one of each action, at which H may be 0 is kept if
 *     Π d · Σ h'_a / d_a > 0,
 * which has the sign of the Jacobian of ρ - (what strategies answer). If that holds wherever H may be 0, every solution
 * counts 1 in the degree of that map, which is 1 as the answer is bounded: there is one (Ortega & Rheinboldt 1970,
 * §6.2; at kinks all sides are looked at: Clarke 1983, §7.1). What is neither dropped nor kept is halved, N and arcs,
 * a bounded number of times (Moore, Kearfott & Cloud 2009, §5).
 *
 * One solution at scale 1 is that of the principal branch, however many there are at smaller scales: it begins at the
 * only one of scale 0, is bounded, and ends nowhere but at scale 1.
 */
#include "solve/signal_isolate.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"

enum {
    INTERVALS = 48,   /* looked at */
    DEPTH = 40,       /* halvings of one */
    COMBINATIONS = 64 /* of branches, in one of them */
};

static const double MARGIN = 1e-9; /* what rounding may do, relative to what is added up */
static const double LITTLE = 0.15; /* of what H, or its slope, may be: isn't worth halving, */
static const double LONG = 8;      /* unless an arc is as long as that many intervals */

typedef struct arc {
    double a, b;        /* A and B, */
    double sure, apart; /* s_0, but for what all have, and s_0 - s_1 */
    double x[2], rho[2];
    double n[2]; /* N at both ends, and sorted: */
    double least, most;
    double u[2];       /* exp(s_0 - A/x) */
    double low, high;  /* h */
    double slow, fast; /* h'/d */
    bool falls;        /* d < 0 */
    bool known;        /* u and what follows are */
} arc;

/* Arcs of an action that follow each other, in the interval at hand. */
typedef struct branch {
    double low, high, slow, fast;
    bool falls;
    int from, beyond; /* in the list */
} branch;

struct dt_isolate {
    int cells;
    int most_arcs, arcs;
    arc *arc;
    int most_listed, listed;
    int *list;      /* arcs, by actions: those of each interval that is halved at the time */
    int *first;     /* [2 DEPTH + 1][cells+1] where an action's begin in the list */
    branch *branch; /* [most_branches] of the interval at hand, */
    int most_branches;
    int *own;    /* [cells+1] by actions, */
    int *choice; /* [cells] a combination of them */
    int intervals, combinations;
    double
        missed; /* how far from 0 H is at the start, in parts of an interval; INFINITY: there is none */
    double *nearest; /* [2][cells] the start: λ Q_k */
};

static int most_arcs(const dt_signal_size *size)
{
    return 3 * (size->cells + size->events * (size->values == 2 ? size->fineness : 0)) + 1000;
}

dt_isolate *dt_isolate_new(dt_arena *arena, const dt_signal_size *size)
{
    dt_isolate *w = dt_new(arena, dt_isolate, 1);
    const size_t cells = (size_t)size->cells;
    w->most_arcs = most_arcs(size);
    w->most_listed = 2 * w->most_arcs;
    w->most_branches = w->most_arcs;
    w->arc = dt_new(arena, arc, (size_t)w->most_arcs);
    w->list = dt_new(arena, int, (size_t)w->most_listed);
    w->branch = dt_new(arena, branch, (size_t)w->most_branches);
    w->first = dt_new(arena, int, (2 * DEPTH + 1) * (cells + 1));
    w->own = dt_new(arena, int, cells + 1);
    w->choice = dt_new(arena, int, cells);
    w->nearest = dt_new(arena, double, 2 * cells);
    return w;
}

double dt_isolate_bytes(const dt_signal_size *size)
{
    return sizeof(dt_isolate) + most_arcs(size) * (sizeof(arc) + sizeof(branch) + 8.0) +
           (8 * DEPTH + 36.0) * (size->cells + 1);
}

/* ---- arcs ------------------------------------------------------------------------------------ */

static inline double steepness(const arc *p, double x)
{
    return 1 - p->a / x + p->b * x;
}

/* N between both ends, where it is monotone. */
static inline void find_extent(arc *p)
{
    const bool fine = isfinite(p->n[0] - p->n[1]);
    p->least = fine ? dt_lesser(p->n[0], p->n[1]) : -INFINITY;
    p->most = fine ? dt_greater(p->n[0], p->n[1]) : INFINITY;
}

/* What is known of an arc without an exponential; false if there is no room for it. */
static bool add_arc(dt_isolate *w, const arc *like, double from, double rho_from, double to,
                    double rho_to)
{
    if (w->arcs == w->most_arcs)
        return false;
    arc *p = &w->arc[w->arcs++];
    *p = *like;
    p->x[0] = from;
    p->x[1] = to;
    p->rho[0] = rho_from;
    p->rho[1] = rho_to;
    for (int i = 0; i < 2; i++)
        p->n[i] = p->apart - p->a / p->x[i] - p->b * p->x[i] - p->rho[i];
    p->falls = steepness(p, sqrt(from * to)) < 0;
    find_extent(p);
    return true;
}

/* The arcs of a part of a piece: N turns where B x² + x - A = 0. */
static bool add_piece(dt_isolate *w, const arc *like, double from, double rho_from, double to,
                      double rho_to)
{
    const double inside = 1 + 4 * like->a * like->b;
    if (inside > 0 && (like->a > 0 || like->b < 0)) {
        const double root = 1 + sqrt(inside);
        double turn[2] = {2 * like->a / root, -root / (2 * like->b)};
        if (like->a > 0 && like->b < 0 && turn[1] < turn[0]) {
            const double other = turn[0];
            turn[0] = turn[1];
            turn[1] = other;
        }
        for (int i = 0; i < 2; i++) {
            if (!(turn[i] > from && turn[i] < to))
                continue;
            const double rho = log(turn[i]);
            if (!add_arc(w, like, from, rho_from, turn[i], rho))
                return false;
            from = turn[i];
            rho_from = rho;
        }
    }
    return add_arc(w, like, from, rho_from, to, rho_to);
}

/* h and its slope. */
static void measure(arc *p, bool ends)
{
    double h[2], g[2], e[2], d[2];
    for (int i = 0; i < 2; i++) {
        const double share = 1 / p->x[i], fall = p->a * share;
        if (!ends)
            p->u[i] = exp(p->sure - fall);
        h[i] = p->u[i] * (1 - share);
        e[i] = p->u[i] * share;
        g[i] = 1 + p->a - fall;
        d[i] = 1 - fall + p->b * p->x[i];
    }
    p->known = true;
    p->low = dt_lesser(h[0], h[1]);
    p->high = dt_greater(h[0], h[1]);
    if (g[0] * g[1] < 0) {
        const double turn = -exp(p->sure - 1 - p->a) / p->a;
        p->low = dt_lesser(p->low, turn);
        p->high = dt_greater(p->high, turn);
    }
    double steep = dt_greater(fabs(d[0]), fabs(d[1])), flat = dt_lesser(fabs(d[0]), fabs(d[1]));
    if (d[0] * d[1] < 0)
        flat = 0; /* a fold's end is 0 but for rounding */
    if (p->a * p->b < 0) {
        const double turn = -p->a / p->b; /* of d, squared */
        if (turn > p->x[0] * p->x[0] && turn < p->x[1] * p->x[1]) {
            const double most = fabs(1 + (p->a > 0 ? -2 : 2) * sqrt(-p->a * p->b));
            steep = dt_greater(steep, most);
            flat = dt_lesser(flat, most);
        }
    }
    const double least = dt_lesser(e[0], e[1]);
    const double most = p->a > p->x[0] && p->a < p->x[1]
                            ? dt_greater(p->u[0], p->u[1]) / p->x[0] /* it has a maximum */
                            : dt_greater(e[0], e[1]);
    const double low = dt_lesser(g[0], g[1]), high = dt_greater(g[0], g[1]);
    const double slow = low > 0 ? least * low / steep : most * low / flat;
    const double fast = high > 0 ? most * high / flat : least * high / steep;
    p->slow = p->falls ? -fast : slow;
    p->fast = p->falls ? -slow : fast;
    if (!isfinite(h[0] - h[1])) {
        p->low = -INFINITY;
        p->high = INFINITY;
    }
    if (!(p->slow <= p->fast)) {
        p->slow = -INFINITY;
        p->fast = INFINITY;
    }
}

/* The halves of an arc. */
static bool halve(dt_isolate *w, const arc *whole)
{
    if (w->arcs + 2 > w->most_arcs)
        return false;
    const double x = sqrt(whole->x[0] * whole->x[1]), rho = 0.5 * (whole->rho[0] + whole->rho[1]);
    const double fall = whole->a / x;
    const double n = whole->apart - fall - whole->b * x - rho, u = exp(whole->sure - fall);
    for (int i = 0; i < 2; i++) {
        arc *p = &w->arc[w->arcs++];
        *p = *whole;
        p->x[1 - i] = x;
        p->rho[1 - i] = rho;
        p->n[1 - i] = n;
        p->u[1 - i] = u;
        find_extent(p);
        measure(p, true);
    }
    return true;
}

/* ---- an interval ----------------------------------------------------------------------------- */

/* Lists the arcs of a list that reach an interval, and finds their branches; false if an action has none, or there is no
 * room. */
static bool gather(dt_isolate *w, double n1, double n2, const int *given, int *first, bool *room)
{
    const double margin = MARGIN * (1 + fabs(n1) + fabs(n2));
    int branches = 0;
    for (int a = 0; a < w->cells; a++) {
        first[a] = w->listed;
        w->own[a] = branches;
        const arc *before = NULL;
        for (int i = given[a]; i < given[a + 1]; i++) {
            arc *p = &w->arc[w->list[i]];
            if (p->most < n1 - margin || p->least > n2 + margin)
                continue;
            if (w->listed == w->most_listed) {
                *room = false;
                return false;
            }
            if (!p->known)
                measure(p, false);
            branch *b = &w->branch[branches];
            if (before && before->x[1] == p->x[0] && before->falls == p->falls) {
                b--;
                b->low = dt_lesser(b->low, p->low);
                b->high = dt_greater(b->high, p->high);
                b->slow = dt_lesser(b->slow, p->slow);
                b->fast = dt_greater(b->fast, p->fast);
            } else {
                *b = (branch){p->low, p->high, p->slow, p->fast, p->falls, w->listed, 0};
                branches++;
            }
            w->list[w->listed++] = w->list[i];
            b->beyond = w->listed;
            before = p;
        }
        if (!before)
            return false;
    }
    first[w->cells] = w->listed;
    w->own[w->cells] = branches;
    return true;
}

/* What H and its slope may be in the interval at hand; and how large what is added up. */
static branch find_sum(const dt_isolate *w, double *size)
{
    branch sum = {0};
    *size = 0;
    for (int a = 0; a < w->cells; a++) {
        branch own = w->branch[w->own[a]];
        for (int b = w->own[a] + 1; b < w->own[a + 1]; b++) {
            const branch *other = &w->branch[b];
            own.low = dt_lesser(own.low, other->low);
            own.high = dt_greater(own.high, other->high);
            own.slow = dt_lesser(own.slow, other->slow);
            own.fast = dt_greater(own.fast, other->fast);
        }
        sum.low += own.low;
        sum.high += own.high;
        sum.slow += own.slow;
        sum.fast += own.fast;
        *size += dt_greater(fabs(own.low), fabs(own.high));
    }
    return sum;
}

static void aim(dt_isolate *w, double n1, double n2);

/* Sums over a combination of branches; and of what is added up for one without signs. */
typedef struct total {
    double low, high, slow, fast;
    double size, slow_size, fast_size;
    bool falls;
} total;

/* Whether all combinations of branches are dropped or kept, those of actions from `action` on. */
static bool combine(dt_isolate *w, int action, total sum, double n1, double n2)
{
    if (action == w->cells) {
        if (sum.low > MARGIN * sum.size || sum.high < -MARGIN * sum.size)
            return true;
        if (w->combinations++ >= COMBINATIONS)
            return false;
        if (!(sum.falls ? sum.fast < -MARGIN * sum.fast_size : sum.slow > MARGIN * sum.slow_size))
            return false;
        aim(w, n1, n2);
        return true;
    }
    for (int b = w->own[action]; b < w->own[action + 1]; b++) {
        const branch *own = &w->branch[b];
        const total with = {sum.low + own->low,
                            sum.high + own->high,
                            sum.slow + own->slow,
                            sum.fast + own->fast,
                            sum.size + dt_greater(fabs(own->low), fabs(own->high)),
                            sum.slow_size + fabs(own->slow),
                            sum.fast_size + fabs(own->fast),
                            sum.falls != own->falls};
        w->choice[action] = b;
        if (!combine(w, action + 1, with, n1, n2))
            return false;
    }
    return true;
}

/* The arc of a branch that is next to an N, and how far along it is. */
static const arc *find_arc(const dt_isolate *w, const branch *b, double n, double *along)
{
    const arc *best = NULL;
    for (int i = b->from; i < b->beyond; i++) {
        const arc *p = &w->arc[w->list[i]];
        const double t = p->n[0] == p->n[1] ? 0.5 : (n - p->n[0]) / (p->n[1] - p->n[0]);
        const double inside = dt_lesser(1, dt_greater(0, t));
        if (!best || fabs(t - 0.5) < 0.5) {
            best = p;
            *along = inside;
        }
    }
    return best;
}

/* Where H is 0 in a combination that is kept, by a secant. */
static void aim(dt_isolate *w, double n1, double n2)
{
    double end[2] = {0, 0}, along;
    for (int i = 0; i < 2; i++) {
        for (int a = 0; a < w->cells; a++) {
            const arc *p = find_arc(w, &w->branch[w->choice[a]], i == 0 ? n1 : n2, &along);
            const double h[2] = {p->u[0] * (1 - 1 / p->x[0]), p->u[1] * (1 - 1 / p->x[1])};
            end[i] += h[0] + along * (h[1] - h[0]);
        }
    }
    const double at = end[0] == end[1] ? 0.5 : end[0] / (end[0] - end[1]);
    const double missed = fabs(at - 0.5);
    if (!(missed < w->missed))
        return;
    w->missed = missed;
    const double n = n1 + dt_lesser(1, dt_greater(0, at)) * (n2 - n1);
    for (int a = 0; a < w->cells; a++) {
        const arc *p = find_arc(w, &w->branch[w->choice[a]], n, &along);
        const double x = p->x[0] + along * (p->x[1] - p->x[0]);
        w->nearest[a] = p->sure - p->a / x;
        w->nearest[w->cells + a] = p->sure - p->apart + p->b * x;
    }
}

/* The arcs of an interval, halved where much hangs on them, listed anew. */
static bool refine(dt_isolate *w, double width, const branch *sum, const int *from, int *to)
{
    const double range = LITTLE * (sum->high - sum->low), slope = LITTLE * (sum->fast - sum->slow);
    for (int a = 0; a < w->cells; a++) {
        to[a] = w->listed;
        for (int i = from[a]; i < from[a + 1]; i++) {
            const int one = w->list[i];
            const arc *p = &w->arc[one];
            const double extent = p->most - p->least;
            const bool whole =
                p->high - p->low < range &&
                (extent < width || (extent < LONG * width && p->fast - p->slow < slope));
            if (w->listed + 2 > w->most_listed || (!whole && !halve(w, p)))
                return false;
            w->list[w->listed++] = whole ? one : w->arcs - 2;
            if (!whole)
                w->list[w->listed++] = w->arcs - 1;
        }
    }
    to[w->cells] = w->listed;
    return true;
}

/* Whether an interval of N is dropped or kept, the arcs that may reach it being given. */
static bool settle(dt_isolate *w, double n1, double n2, const int *given, int depth)
{
    const int listed = w->listed, arcs = w->arcs;
    int *first = w->first + 2 * depth * (w->cells + 1), *next = first + w->cells + 1;
    bool told = true;
    if (w->intervals++ >= INTERVALS)
        return false;
    if (gather(w, n1, n2, given, first, &told)) {
        double size;
        const branch sum = find_sum(w, &size);
        told = sum.low > MARGIN * size || sum.high < -MARGIN * size;
        if (!told) {
            w->combinations = 0;
            told = combine(w, 0, (total){0}, n1, n2);
        }
        if (!told && depth + 1 < DEPTH && refine(w, n2 - n1, &sum, first, next)) {
            const double middle = 0.5 * (n1 + n2);
            told = settle(w, n1, middle, next, depth + 1) && settle(w, middle, n2, next, depth + 1);
        }
    }
    w->listed = listed;
    w->arcs = arcs;
    return told;
}

/* ---- a game ---------------------------------------------------------------------------------- */

/* All arcs within reach, listed. */
static bool take_arcs(dt_isolate *w, const dt_pieces *pieces, double ratio, const double *pay,
                      const double *low, const double *high, int *first)
{
    const double log_ratio = log(ratio), share = 1 / ratio;
    w->arcs = 0;
    for (int a = 0; a < w->cells; a++) {
        first[a] = w->arcs;
        const double below = exp(low[a]), above = exp(high[a]);
        const double paid[2] = {pieces->rationality * pay[a],
                                pieces->rationality * pay[w->cells + a]};
        for (int i = pieces->first[a]; i < pieces->first[a + 1]; i++) {
            const dt_told_piece *p = &pieces->piece[i];
            const double from = p->log_from - log_ratio, to = p->log_to - log_ratio;
            if (!(to > low[a] && from < high[a]))
                continue;
            const double sure = p->sure[0] + paid[0];
            const arc like = {.a = p->told[0] * share,
                              .b = p->told[1] * ratio,
                              .sure = sure,
                              .apart = sure - (p->sure[1] + paid[1])};
            if (!add_piece(w, &like, from > low[a] ? p->from * share : below,
                           from > low[a] ? from : low[a], to < high[a] ? p->to * share : above,
                           to < high[a] ? to : high[a]))
                return false;
        }
    }
    first[w->cells] = w->arcs;
    for (int i = 0; i < w->arcs; i++)
        w->list[i] = i;
    w->listed = w->arcs;
    return true;
}

/* Between which N lies: each action has an arc there, one some ρ that isn't below 0, and one some that isn't above. */
static void find_ends(const dt_isolate *w, const int *first, double *n1, double *n2)
{
    double low = INFINITY, high = -INFINITY, least = -INFINITY, most = INFINITY;
    for (int a = 0; a < w->cells; a++) {
        double own_least = INFINITY, own_most = -INFINITY;
        for (int i = first[a]; i < first[a + 1]; i++) {
            const arc *p = &w->arc[i];
            own_least = dt_lesser(own_least, p->least);
            own_most = dt_greater(own_most, p->most);
            if (p->rho[1] >= 0)
                high = dt_greater(high, p->most);
            if (p->rho[0] <= 0)
                low = dt_lesser(low, p->least);
        }
        least = dt_greater(least, own_least);
        most = dt_lesser(most, own_most);
    }
    *n1 = dt_greater(low, least);
    *n2 = dt_lesser(high, most);
}

bool dt_isolate_only(dt_isolate *w, const dt_pieces *pieces, double ratio, const double *pay,
                     const double *low, const double *high, double *start)
{
    int *first = w->first + 2 * DEPTH * (pieces->cells + 1);
    double n1, n2, top = -INFINITY;
    w->cells = pieces->cells;
    if (!take_arcs(w, pieces, ratio, pay, low, high, first))
        return false;
    find_ends(w, first, &n1, &n2);
    const double margin = MARGIN * (1 + fabs(n1) + fabs(n2));
    for (int i = 0; i < w->arcs; i++) {
        for (int end = 0; end < 2; end++)
            top = dt_greater(top, w->arc[i].sure - w->arc[i].a / w->arc[i].x[end]);
    }
    for (int i = 0; i < w->arcs; i++)
        w->arc[i].sure -= top;
    w->intervals = 0;
    w->missed = INFINITY;
    if (!settle(w, n1 - margin, n2 + margin, first, 0) || !(w->missed < INFINITY))
        return false;
    for (int k = 0; k < 2; k++) {
        for (int a = 0; a < w->cells; a++)
            start[k * w->cells + a] = w->nearest[k * w->cells + a] - w->nearest[k * w->cells];
    }
    return true;
}
