/*
 * Uniqueness within reach. One agent of two types moves and is seen; all it can change is what is believed
 * after each action a, by ρ(a) = log σ_0(a) - log σ_1(a):
 *     log b'(0)/b'(1) = log b(0)/b(1) + log p_0/p_1 + ρ(a)      p_k: the chance of the event
 * With D(a) = Q_0(a) - Q_1(a), a fixed point at scale t has
 *     ρ(a) = t λ D(a) - (the logarithms of Σ exp(t λ Q_0) less Σ exp(t λ Q_1)),  so that
 *     t λ (D(a) - max D) <= ρ(a) <= t λ (D(a) - min D).
 * From bounds on what follows the whole grid come bounds on D, from these on ρ, and so on b': within those
 * what follows varies less, and so on, a few rounds (Moore, Kearfott & Cloud 2009, §5). All fixed points at all
 * scales up to 1 lie in that box. In it, on an interval l … u of b'(0) = b,
 *     C_0 = A + B/b, B = l u (V_0(l) - V_0(u)) / (u - l),       |dC_0/dρ| = |B| (1 - b)/b,
 * greatest at the lower end, and the same for the other type with 1 - b. S_k(a), the sum over events of p_k times the
 * greatest, says how much Q_k changes with ρ; signal_bounds.c takes it from there.
 *
 * Before that the signs of slopes are asked, which norms forget: who gains by what the other type gains by tells
 * nothing more for it. With o = b'(0)/b'(1) an event adds constant - A/o - C o to D on an interval,
 *     A = p_0 l u (V_0(u) - V_0(l)) / (u - l),     C = p_1 (1 - l) (1 - u) (V_1(u) - V_1(l)) / (u - l),
 * so that ∂Q_0/∂ρ is the sum of A/o, and ∂Q_1/∂ρ that of C o: as signal_degree.c has it, piece by piece, where a piece is
 * what lies between two knots of any of an action's events.
 */
#include "solve/signal_reach.h"

#include <assert.h>
#include <math.h>

#include "solve/signal_bounds.h"
#include "solve/signal_degree.h"
#include "solve/signal_odds.h"

enum { ROUNDS = 5 };

static const double SHRUNK = 0.9;  /* of the box, for another round to be worth while */
static const double MARGIN = 1e-9; /* what rounding may do to ρ */

typedef struct reach_event {
    int cell;
    double chance[2];
    double shift;     /* log p_0/p_1; not finite: one type alone */
    double *value[2]; /* [N+1] V_k at the points of the variable */
    double *told[2];  /* [N] A and C of intervals, */
    double *turn;     /* [N] the odds at which p_0 C_0 - p_1 C_1 has an extremum within, or -1, */
    double *extremum; /* [N] and that */
    double low, high; /* p_0 C_0 - p_1 C_1, whatever is believed */
    double same;      /* the odds at the point at hand where ρ = 0, */
    int interval;     /* and where a walk is */
} reach_event;

struct dt_signal_reach {
    int most_cells, most_fineness;
    const dt_grid *grid;
    double rationality;
    int cells, events;
    reach_event *event;
    double *odds;              /* [N+1] of knots */
    double *low, *high;        /* [cells] ρ */
    double *least, *most;      /* [cells] D */
    double *sum[2];            /* [cells] S_k, */
    double *poor[2], *rich[2]; /* [cells] Q_k, */
    dt_signal_bounds bounds;   /* and where they stand side by side */
};

double dt_signal_reach_bytes(const dt_signal_size *size)
{
    const double numbers = size->values == 2 ? size->fineness + 1 : 0;
    return sizeof(dt_signal_reach) + 80.0 * size->cells +
           size->events * (sizeof(reach_event) + 48 * numbers) + 8 * numbers;
}

dt_signal_reach *dt_signal_reach_new(dt_arena *arena, const dt_signal_size *size)
{
    dt_signal_reach *reach = dt_new(arena, dt_signal_reach, 1);
    const size_t cells = (size_t)size->cells, events = (size_t)size->events;
    const size_t numbers = size->values == 2 ? (size_t)size->fineness + 1 : 0;
    reach->most_cells = size->cells;
    reach->most_fineness = size->values == 2 ? size->fineness : 0;
    reach->event = dt_new(arena, reach_event, events);
    for (size_t e = 0; e < events; e++) {
        for (int k = 0; k < 2; k++) {
            reach->event[e].value[k] = dt_new(arena, double, numbers);
            reach->event[e].told[k] = dt_new(arena, double, numbers);
        }
        reach->event[e].turn = dt_new(arena, double, numbers);
        reach->event[e].extremum = dt_new(arena, double, numbers);
    }
    reach->odds = dt_new(arena, double, numbers);
    double **arrays[] = {&reach->low, &reach->high, &reach->least, &reach->most};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = dt_new(arena, double, cells);
    double **pairs[] = {&reach->bounds.sum, &reach->bounds.poor, &reach->bounds.rich};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        *pairs[i] = dt_new(arena, double, 2 * cells);
    return reach;
}

static inline double lesser(double a, double b)
{
    return a < b ? a : b;
}

static inline double greater(double a, double b)
{
    return a > b ? a : b;
}

/* ---- a node ---------------------------------------------------------------------------------- */

static inline void widen(double x, double *low, double *high)
{
    *low = lesser(*low, x);
    *high = greater(*high, x);
}

/* p_0 V_0 - p_1 V_1 at a knot. */
static inline double worth_at(const reach_event *e, int knot)
{
    return e->chance[0] * e->value[0][knot] - e->chance[1] * e->value[1][knot];
}

/* An interval of what follows an event: p_0 C_0 - p_1 C_1 = constant - A/o - C o, o being the odds b'(0)/b'(1). */
static void take_interval(const dt_signal_reach *reach, reach_event *e, int j)
{
    const double l = reach->grid->knot[j], u = reach->grid->knot[j + 1];
    const double first = e->chance[0] * (e->value[0][j + 1] - e->value[0][j]) * l * u / (u - l);
    const double second =
        e->chance[1] * (e->value[1][j + 1] - e->value[1][j]) * (1 - l) * (1 - u) / (u - l);
    e->told[0][j] = first;
    e->told[1][j] = second;
    e->turn[j] = -1;
    if (!(first * second > 0))
        return;
    const double odds = sqrt(first / second);
    if (!(odds > reach->odds[j] && odds < reach->odds[j + 1]))
        return;
    e->turn[j] = odds;
    e->extremum[j] = worth_at(e, j) + first / reach->odds[j] + second * reach->odds[j] -
                     2 * (first > 0 ? 1 : -1) * sqrt(first * second);
}

/* What follows an event on the whole grid. */
static void take_event(dt_signal_reach *reach, const dt_signal_game *game, uint32_t base,
                       reach_event *e, uint32_t place)
{
    const dt_grid *grid = reach->grid;
    const dt_subject *subject = &game->subject[0];
    const int *column = game->player[0].column;
    for (int j = 0; j <= grid->fineness; j++) {
        const uint32_t point = base + (uint32_t)j * subject->stride;
        for (int k = 0; k < 2; k++)
            e->value[k][j] = dt_ahead_at(&game->ahead, place, column[k], point);
    }
    e->shift = log(e->chance[0] / e->chance[1]);
    if (!isfinite(e->shift)) { /* the type that can be there is known then */
        e->low = e->high = e->chance[0] > 0 ? e->chance[0] * e->value[0][grid->fineness]
                                            : -e->chance[1] * e->value[1][0];
        return;
    }
    e->low = e->high = worth_at(e, 0);
    for (int j = 0; j < grid->fineness; j++) {
        take_interval(reach, e, j);
        widen(worth_at(e, j + 1), &e->low, &e->high);
        if (e->turn[j] > 0)
            widen(e->extremum[j], &e->low, &e->high);
    }
}

bool dt_signal_reach_take(dt_signal_reach *reach, const dt_signal_game *game, uint32_t base)
{
    if (game->players != 1 || game->subjects != 1 || game->player[0].subject != 0 ||
        game->subject[0].grid->values != 2 || game->subject[0].types != 2 ||
        game->subject[0].grid->fineness > reach->most_fineness)
        return false;
    assert(game->cells <= reach->most_cells);
    reach->grid = game->subject[0].grid;
    reach->rationality = game->player[0].rationality;
    reach->cells = game->cells;
    reach->events = game->events;
    reach->bounds.types = 2;
    reach->bounds.cells = game->cells;
    reach->bounds.rationality = reach->rationality;
    for (int k = 0; k < 2; k++) {
        reach->sum[k] = reach->bounds.sum + k * game->cells;
        reach->poor[k] = reach->bounds.poor + k * game->cells;
        reach->rich[k] = reach->bounds.rich + k * game->cells;
    }
    for (int e = 0; e < game->events; e++) {
        reach->event[e].cell = game->event[e].cell;
        if (!dt_told_chance(game, e, reach->event[e].chance))
            return false;
    }
    for (int j = 0; j <= reach->grid->fineness; j++)
        reach->odds[j] = reach->grid->knot[j] / (1 - reach->grid->knot[j]);
    for (int e = 0; e < game->events; e++)
        take_event(reach, game, base, &reach->event[e], game->event[e].place);
    return true;
}

/* ---- a point --------------------------------------------------------------------------------- */

/* The beliefs that are within reach after an event: b'(0) and b'(1) at both ends, their odds, and their intervals. */
typedef struct extent {
    double low[2], high[2];
    double below, above;
    int first, last;
} extent;

static extent extent_of(const dt_signal_reach *reach, const reach_event *e, double odds)
{
    const double *knot = reach->grid->knot;
    const int fineness = reach->grid->fineness;
    const double below = exp(odds + e->shift + reach->low[e->cell] - MARGIN);
    const double above = exp(odds + e->shift + reach->high[e->cell] + MARGIN);
    extent x = {
        {below / (1 + below),                        1 / (1 + below)},
        {above < INFINITY ? above / (1 + above) : 1, 1 / (1 + above)},
        below,
        above,
        0,
        fineness - 1
    };
    while (x.first + 1 < fineness && knot[x.first + 1] < x.low[0])
        x.first++;
    while (x.last > x.first && knot[x.last] > x.high[0])
        x.last--;
    return x;
}

/* C_k at a belief in an interval. */
static void follow(const dt_signal_reach *reach, const reach_event *e, int j, const double *belief,
                   double *to)
{
    const double l = reach->grid->knot[j], u = reach->grid->knot[j + 1];
    const double weight = lesser(1, greater(0, (belief[0] - l) / (u - l)));
    for (int k = 0; k < 2; k++) {
        const double corner = k == 0 ? u : 1 - u;
        const double part = belief[k] > 0 ? lesser(1, weight * corner / belief[k]) : k == 0 ? 0 : 1;
        to[k] = e->value[k][j] + part * (e->value[k][j + 1] - e->value[k][j]);
    }
}

/* What p_0 C_0 - p_1 C_1 can be within reach. */
static void find_range(const dt_signal_reach *reach, const reach_event *e, const extent *x,
                       double *low, double *high)
{
    double end[2];
    follow(reach, e, x->first, x->low, end);
    *low = *high = e->chance[0] * end[0] - e->chance[1] * end[1];
    follow(reach, e, x->last, x->high, end);
    widen(e->chance[0] * end[0] - e->chance[1] * end[1], low, high);
    for (int j = x->first; j <= x->last; j++) {
        if (j < x->last)
            widen(worth_at(e, j + 1), low, high);
        if (e->turn[j] > x->below && e->turn[j] < x->above)
            widen(e->extremum[j], low, high);
    }
}

/* Adds what p_k C_k can be within reach to Q_k. */
static void add_range(const dt_signal_reach *reach, const reach_event *e, const extent *x)
{
    double here[2], there[2];
    follow(reach, e, x->first, x->low, here);
    follow(reach, e, x->last, x->high, there);
    for (int k = 0; k < 2; k++) {
        double low = lesser(here[k], there[k]), high = greater(here[k], there[k]);
        for (int j = x->first + 1; j <= x->last; j++) {
            low = lesser(low, e->value[k][j]);
            high = greater(high, e->value[k][j]);
        }
        reach->poor[k][e->cell] += e->chance[k] * low;
        reach->rich[k][e->cell] += e->chance[k] * high;
    }
}

/* Bounds on D and then on ρ; `whole`: what is believed may be anything. True if they have become narrower
 * by much. */
static bool narrow(const dt_signal_reach *reach, double odds, const double *pay, bool whole)
{
    double least = INFINITY, most = -INFINITY;
    bool better = false;
    for (int a = 0; a < reach->cells; a++)
        reach->least[a] = reach->most[a] = pay[a] - pay[reach->cells + a];
    for (int i = 0; i < reach->events; i++) {
        const reach_event *e = &reach->event[i];
        double low = e->low, high = e->high;
        if (!whole && isfinite(e->shift)) {
            const extent x = extent_of(reach, e, odds);
            find_range(reach, e, &x, &low, &high);
        }
        reach->least[e->cell] += low;
        reach->most[e->cell] += high;
    }
    for (int a = 0; a < reach->cells; a++) {
        least = lesser(least, reach->least[a]);
        most = greater(most, reach->most[a]);
    }
    for (int a = 0; a < reach->cells; a++) {
        const double low = lesser(0, reach->rationality * (reach->least[a] - most));
        const double high = greater(0, reach->rationality * (reach->most[a] - least));
        better |= whole || high - low < SHRUNK * (reach->high[a] - reach->low[a]);
        reach->low[a] = whole ? low : greater(low, reach->low[a]);
        reach->high[a] = whole ? high : lesser(high, reach->high[a]);
    }
    return better;
}

/* S_k(a) within reach. */
static void find_sums(const dt_signal_reach *reach, double odds)
{
    const double *knot = reach->grid->knot;
    for (int a = 0; a < reach->cells; a++)
        reach->sum[0][a] = reach->sum[1][a] = 0;
    for (int i = 0; i < reach->events; i++) {
        const reach_event *e = &reach->event[i];
        if (!isfinite(e->shift))
            continue;
        const extent x = extent_of(reach, e, odds);
        double first = 0, second = 0;
        for (int j = x.first; j <= x.last; j++) {
            /* where an end is 0 or 1 the type's C is that of one corner */
            const double b = greater(knot[j], x.low[0]), d = greater(1 - knot[j + 1], x.high[1]);
            if (e->told[0][j] != 0)
                first = greater(first, fabs(e->told[0][j]) * (1 - b) / b);
            if (e->told[1][j] != 0)
                second = greater(second, fabs(e->told[1][j]) * (1 - d) / d);
        }
        reach->sum[0][e->cell] += first;
        reach->sum[1][e->cell] += second;
    }
}

/* The first event of an action from one on that both types can cause; or all events' number. */
static int next_told(const dt_signal_reach *reach, int action, int from)
{
    while (from < reach->events &&
           (reach->event[from].cell != action || !isfinite(reach->event[from].shift)))
        from++;
    return from;
}

/* All pieces of an action, e^ρ being between two numbers. */
static void walk(const dt_signal_reach *reach, int action, double from, double end,
                 dt_degree *degree)
{
    const int last = reach->grid->fineness - 1, first = next_told(reach, action, 0);
    const double *knot = reach->odds + 1;
    for (int i = first; i < reach->events; i = next_told(reach, action, i + 1))
        reach->event[i].interval = 0;
    while (first < reach->events) {
        double a = 0, b = 0, to = end;
        for (int i = first; i < reach->events; i = next_told(reach, action, i + 1)) {
            reach_event *e = &reach->event[i];
            while (e->interval < last && knot[e->interval] / e->same <= from)
                e->interval++;
            a += e->told[0][e->interval] / e->same;
            b += e->told[1][e->interval] * e->same;
            if (e->interval < last)
                to = lesser(knot[e->interval] / e->same, to);
        }
        dt_degree_add(degree, from, to, reach->rationality * a, reach->rationality * b);
        if (!(to < end))
            return;
        from = to;
    }
}

/* As dt_degree_upto. `whole`: what is believed may be anything. */
static double orient(const dt_signal_reach *reach, bool whole)
{
    dt_degree degree;
    dt_degree_begin(&degree);
    for (int a = 0; a < reach->cells; a++)
        walk(reach, a, whole ? 0 : exp(reach->low[a] - MARGIN),
             whole ? (double)INFINITY : exp(reach->high[a] + MARGIN), &degree);
    return dt_degree_upto(&degree);
}

/* Bounds on Q_k, from payments [2][cells]. */
static void find_qualities(const dt_signal_reach *reach, double odds, const double *pay)
{
    for (int k = 0; k < 2; k++) {
        for (int a = 0; a < reach->cells; a++)
            reach->poor[k][a] = reach->rich[k][a] = pay[k * reach->cells + a];
    }
    for (int i = 0; i < reach->events; i++) {
        const reach_event *e = &reach->event[i];
        if (isfinite(e->shift)) {
            const extent x = extent_of(reach, e, odds);
            add_range(reach, e, &x);
            continue;
        }
        const int k = e->chance[0] > 0 ? 0 : 1;
        const double value = e->chance[k] * e->value[k][k == 0 ? reach->grid->fineness : 0];
        reach->poor[k][e->cell] += value;
        reach->rich[k][e->cell] += value;
    }
}

double dt_signal_reach_upto(const dt_signal_reach *reach, double first, double second,
                            const double *pay, double limit)
{
    const double ratio = first / second, odds = log(ratio);
    for (int i = 0; i < reach->events; i++)
        reach->event[i].same = ratio * (reach->event[i].chance[0] / reach->event[i].chance[1]);
    double known = orient(reach, true);
    bool better = true;
    for (int round = 0; round < ROUNDS && better && known < 1; round++) {
        better = narrow(reach, odds, pay, round == 0);
        if (round == 0 || round + 1 == ROUNDS || !better)
            known = orient(reach, false);
    }
    if (known == 1)
        return 1;
    find_sums(reach, odds);
    const double plain = dt_signal_bounds_plain(&reach->bounds);
    if (plain >= limit)
        find_qualities(reach, odds, pay);
    return dt_signal_bounds_upto(&reach->bounds, lesser(plain, limit / known), limit);
}
