/*
 * Where a game in what actions tell (signal_odds.h) has one solution although several move at once.
 *
 * Bounds on D(a) = Q_0(a) - Q_1(a), over all that the others may do, bound ρ(a) as for one mover (signal_reach.c).
 * That bounds beliefs, and so D again, and so on, a few rounds (Moore, Kearfott & Cloud 2009, §5): all fixed points
 * at all scales up to 1 lie in that box. There
 * let r be the largest change of a ρ, d_j the change of σ_j of another player in total variation. With S_k(a) the
 * steepest Q_k(a) can be in ρ(a), T_k the sum of the two largest, and R_ki the largest range over i's options of
 * the difference between two options of k (unique.c), log σ_k and σ_k change by at most
 *     λ (T_k r + Σ_i R_ki d_i)     and, in total variation, a quarter of that.
 * What another player gets is a sum over types of σ_k(a) times numbers: with F(m_0, m_1) = (m_0 + m_1) V(b'(0)), for
 * the masses m_k of an event, ∂F/∂m_0 = V(l) + (1-l) V', ∂F/∂m_1 = V(l) - l V' on an interval on which V has the
 * slope V'. So with W_jk the largest range of those over the typed player's actions
 *     d_j' <= λ_j/4 (Σ_k b(k) W_jk d_k + Σ_i R_ji d_i),     d_k the change of σ_k.
 * These bounds make a non-negative matrix. If its spectral radius is below 1 the map contracts in a weighted maximum
 * norm at every scale up to 1: one fixed point each, the principal branch's. Ranges are those at the middle of
 * the box, and as much more as what follows can deviate from its middle within the box.
 */
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "solve/linear.h"
#include "solve/signal_odds.h"

enum { ROUNDS = 5, MIDDLE = 0, LEAST = 1, MOST = 2, NUMBERS = 3 };

static const double SHRUNK = 0.9;  /* of the box, for another round to be worth while */
static const double MARGIN = 1e-9; /* what rounding may do to ρ */
static const double FAR = 500;     /* no bound is looked for where ρ may be so large */

/* Numbers of cells, in the middle of the box, and how far below and above they may be: [cells][NUMBERS]. */
struct dt_odds_bound {
    double *low, *high;          /* [options] ρ */
    double *poor, *rich;         /* [options] D */
    double *sum[2];              /* [options] S_k */
    double *steep[2];            /* [cells] the same of a cell */
    double *worth[2];            /* cells to the types */
    double *value[2], *share[2]; /* [players] cells to the others, and ∂F/∂m_k, if the type is k */
};

double dt_odds_bound_bytes(const dt_signal_size *size)
{
    return sizeof(dt_odds_bound) + 8.0 * (6 * size->options + 2 * size->cells +
                                          2 * NUMBERS * size->cells * (1 + 2.0 * size->players));
}

dt_odds_bound *dt_odds_bound_new(dt_arena *arena, const dt_signal_size *size)
{
    dt_odds_bound *bound = dt_new(arena, dt_odds_bound, 1);
    const size_t options = (size_t)size->options, cells = (size_t)size->cells;
    double **lists[] = {&bound->low,  &bound->high,   &bound->poor,
                        &bound->rich, &bound->sum[0], &bound->sum[1]};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        *lists[i] = dt_new(arena, double, options);
    for (int k = 0; k < 2; k++) {
        bound->steep[k] = dt_new(arena, double, cells);
        bound->worth[k] = dt_new(arena, double, NUMBERS *cells);
        bound->value[k] = dt_new(arena, double, NUMBERS *cells *(size_t)size->players);
        bound->share[k] = dt_new(arena, double, NUMBERS *cells *(size_t)size->players);
    }
    return bound;
}

/* ---- what is within reach -------------------------------------------------------------------- */

/* The log odds that are within reach after an event, and their intervals. */
typedef struct extent {
    double low, high;
    int first, last;
} extent;

static extent extent_of(const dt_odds *odds, const dt_told_event *e)
{
    const int a = dt_odds_act(odds, e->cell), fineness = odds->grid->fineness;
    extent x = {e->odds + odds->bound->low[a] - MARGIN, e->odds + odds->bound->high[a] + MARGIN, 0,
                fineness - 1};
    while (x.first + 1 < fineness && odds->knot[x.first + 1] < x.low)
        x.first++;
    while (x.last > x.first && odds->knot[x.last] > x.high)
        x.last--;
    return x;
}

/* What follows for the types, and how steep that is in the log odds, on an interval at e^x, given e^-x. */
static void follow(const dt_odds *odds, const dt_told_event *e, int interval, const double *likely,
                   double *to, double *steep)
{
    const dt_player *player = &odds->game->player[odds->typed];
    const double l = odds->grid->knot[interval], u = odds->grid->knot[interval + 1];
    for (int k = 0; k < 2; k++) {
        const double here = dt_odds_ahead(odds, e, player, k, interval);
        const double rise = (dt_odds_ahead(odds, e, player, k, interval + 1) - here) / (u - l);
        const double told = (k == 0 ? l * u : (1 - l) * (1 - u)) * likely[k];
        to[k] = here + rise * (k == 0 ? u * (1 - l) - told : told - (1 - u) * l);
        steep[k] = fabs(rise) * told;
    }
}

/* The least and the most of what follows for the types within reach, of p_0 C_0 - p_1 C_1, and of |dC_k/dx|. */
typedef struct span {
    double least[2], most[2], low, high, steep[2];
} span;

static span span_of(const dt_odds *odds, const dt_told_event *e, const extent *x)
{
    span s = {
        {INFINITY,  INFINITY },
        {-INFINITY, -INFINITY},
        INFINITY, -INFINITY, {0,         0        }
    };
    for (int j = x->first; j <= x->last; j++) {
        double least[2], most[2], end[2], steep[2];
        for (int i = 0; i < 2; i++) {
            const double knot = odds->grid->knot[j + i];
            double likely[2] = {(1 - knot) / knot, knot / (1 - knot)};
            if (j + i == (i == 0 ? x->first : x->last + 1)) {
                likely[1] = exp(i == 0 ? x->low : x->high);
                likely[0] = 1 / likely[1];
            }
            follow(odds, e, j, likely, end, steep);
            for (int k = 0; k < 2; k++) {
                least[k] = i == 0 ? end[k] : dt_lesser(end[k], least[k]);
                most[k] = i == 0 ? end[k] : dt_greater(end[k], most[k]);
                s.steep[k] = dt_greater(steep[k], s.steep[k]);
            }
        }
        for (int k = 0; k < 2; k++) {
            s.least[k] = dt_lesser(least[k], s.least[k]);
            s.most[k] = dt_greater(most[k], s.most[k]);
        }
        s.low = dt_lesser(e->chance[0] * least[0] - e->chance[1] * most[1], s.low);
        s.high = dt_greater(e->chance[0] * most[0] - e->chance[1] * least[1], s.high);
    }
    return s;
}

/* Of an event that one type alone can bring about: what follows for a player. */
static double follow_alone(const dt_odds *odds, const dt_told_event *e, const dt_player *player)
{
    const int k = e->chance[0] > 0 ? 0 : 1;
    return dt_odds_ahead(odds, e, player, k, k == 0 ? odds->grid->fineness : 0);
}

/* Bounds on D, and from these on ρ. True if they have become narrower by much. */
static bool narrow(const dt_odds *odds, bool first)
{
    const dt_signal_game *game = odds->game;
    const dt_player *player = &game->player[odds->typed];
    dt_odds_bound *bound = odds->bound;
    double least = INFINITY, most = -INFINITY;
    bool better = false;
    for (int a = 0; a < odds->options; a++) {
        bound->poor[a] = INFINITY;
        bound->rich[a] = -INFINITY;
    }
    for (int c = 0; c < game->cells; c++) {
        const int a = dt_odds_act(odds, c);
        const double *pay = game->pay + (size_t)(2 * c) * (size_t)game->players;
        double low = pay[odds->typed] - pay[game->players + odds->typed], high = low;
        for (int i = 0; i < game->events; i++) {
            const dt_told_event *e = &odds->event[i];
            if (e->cell != c)
                continue;
            if (isfinite(e->odds)) {
                const extent x = extent_of(odds, e);
                const span s = span_of(odds, e, &x);
                low += s.low;
                high += s.high;
            } else {
                const double alone = (e->chance[0] - e->chance[1]) * follow_alone(odds, e, player);
                low += alone;
                high += alone;
            }
        }
        bound->poor[a] = dt_lesser(low, bound->poor[a]);
        bound->rich[a] = dt_greater(high, bound->rich[a]);
        least = dt_lesser(low, least);
        most = dt_greater(high, most);
    }
    for (int a = 0; a < odds->options; a++) {
        const double low = dt_lesser(0, player->rationality * (bound->poor[a] - most));
        const double high = dt_greater(0, player->rationality * (bound->rich[a] - least));
        better |= first || high - low < SHRUNK * (bound->high[a] - bound->low[a]);
        bound->low[a] = first ? low : dt_greater(low, bound->low[a]);
        bound->high[a] = first ? high : dt_lesser(high, bound->high[a]);
    }
    return better;
}

static bool find_box(const dt_odds *odds)
{
    for (int a = 0; a < odds->options; a++) {
        odds->bound->low[a] = -FAR;
        odds->bound->high[a] = FAR;
    }
    for (int round = 0; round < ROUNDS && narrow(odds, round == 0); round++) {
        for (int a = 0; a < odds->options; a++) {
            if (!(odds->bound->low[a] > -FAR / 2 && odds->bound->high[a] < FAR / 2))
                return false;
        }
    }
    return true;
}

/* ---- numbers of cells ------------------------------------------------------------------------ */

/* Adds to a number: its middle, and what it may be. */
static void add(double *to, double weight, double middle, double least, double most)
{
    to[MIDDLE] += weight * middle;
    to[LEAST] += weight * (least - middle);
    to[MOST] += weight * (most - middle);
}

/* What an event is worth to another player if the type is k: V within reach, and ∂F/∂m_k. */
static void add_other(const dt_odds *odds, const dt_told_event *e, const extent *x, double middle,
                      int p)
{
    const dt_player *player = &odds->game->player[p];
    const double ends[] = {1 / (1 + exp(-x->low)), 1 / (1 + exp(-middle)), 1 / (1 + exp(-x->high))};
    double value[NUMBERS] = {0, INFINITY, -INFINITY}, share[2][NUMBERS];
    for (int k = 0; k < 2; k++)
        memcpy(share[k], value, sizeof value);
    for (int j = x->first; j <= x->last; j++) {
        const double l = odds->grid->knot[j], u = odds->grid->knot[j + 1];
        const double here = dt_odds_ahead(odds, e, player, -1, j);
        const double rise = (dt_odds_ahead(odds, e, player, -1, j + 1) - here) / (u - l);
        const bool inside = odds->knot[j] <= middle && middle <= odds->knot[j + 1];
        const double from = here + rise * (dt_greater(l, ends[0]) - l),
                     upto = here + rise * (dt_lesser(u, ends[2]) - l);
        value[LEAST] = dt_lesser(dt_lesser(from, upto), value[LEAST]);
        value[MOST] = dt_greater(dt_greater(from, upto), value[MOST]);
        if (inside)
            value[MIDDLE] = here + rise * (ends[1] - l);
        for (int k = 0; k < 2; k++) {
            const double slope = here + rise * (k == 0 ? 1 - l : -l);
            share[k][LEAST] = dt_lesser(slope, share[k][LEAST]);
            share[k][MOST] = dt_greater(slope, share[k][MOST]);
            if (inside)
                share[k][MIDDLE] = slope;
        }
    }
    const int at = (p * odds->game->cells + e->cell) * NUMBERS;
    for (int k = 0; k < 2; k++) {
        add(odds->bound->value[k] + at, e->chance[k], value[MIDDLE], value[LEAST], value[MOST]);
        add(odds->bound->share[k] + at, e->chance[k], share[k][MIDDLE], share[k][LEAST],
            share[k][MOST]);
    }
}

static void add_event(const dt_odds *odds, const dt_told_event *e)
{
    const dt_signal_game *game = odds->game;
    dt_odds_bound *bound = odds->bound;
    const int a = dt_odds_act(odds, e->cell), k = e->chance[0] > 0 ? 0 : 1;
    if (!isfinite(e->odds)) {
        for (int p = 0; p < game->players; p++) {
            const double value = e->chance[k] * follow_alone(odds, e, &game->player[p]);
            const int at = (p * game->cells + e->cell) * NUMBERS;
            if (p == odds->typed)
                bound->worth[k][e->cell * NUMBERS] += value;
            else
                bound->value[k][at] += value;
            if (p != odds->typed)
                bound->share[k][at] += value;
        }
        return;
    }
    const extent x = extent_of(odds, e);
    const span s = span_of(odds, e, &x);
    const double middle = e->odds + (bound->low[a] + bound->high[a]) / 2;
    double there[2], steep[2];
    int interval = x.first;
    while (interval < x.last && middle > odds->knot[interval + 1])
        interval++;
    const double likely[2] = {exp(-middle), exp(middle)};
    follow(odds, e, interval, likely, there, steep);
    for (int t = 0; t < 2; t++) {
        add(bound->worth[t] + e->cell * NUMBERS, e->chance[t], there[t], s.least[t], s.most[t]);
        bound->steep[t][e->cell] += e->chance[t] * s.steep[t];
    }
    for (int p = 0; p < game->players; p++) {
        if (p != odds->typed)
            add_other(odds, e, &x, middle, p);
    }
}

static void find_numbers(const dt_odds *odds)
{
    const dt_signal_game *game = odds->game;
    dt_odds_bound *bound = odds->bound;
    const size_t numbers = (size_t)(NUMBERS * game->cells) * sizeof(double);
    for (int k = 0; k < 2; k++) {
        memset(bound->steep[k], 0, (size_t)game->cells * sizeof(double));
        memset(bound->sum[k], 0, (size_t)odds->options * sizeof(double));
        memset(bound->worth[k], 0, numbers);
        memset(bound->value[k], 0, numbers * (size_t)game->players);
        memset(bound->share[k], 0, numbers * (size_t)game->players);
        for (int c = 0; c < game->cells; c++) {
            const double *pay = game->pay + (size_t)(2 * c + k) * (size_t)game->players;
            bound->worth[k][c * NUMBERS] = pay[odds->typed];
            for (int p = 0; p < game->players; p++) {
                bound->value[k][(p * game->cells + c) * NUMBERS] = pay[p];
                bound->share[k][(p * game->cells + c) * NUMBERS] = pay[p];
            }
        }
    }
    for (int i = 0; i < game->events; i++)
        add_event(odds, &odds->event[i]);
    for (int c = 0; c < game->cells; c++) {
        for (int k = 0; k < 2; k++) {
            double *sum = &bound->sum[k][dt_odds_act(odds, c)];
            *sum = dt_greater(bound->steep[k][c], *sum);
        }
    }
}

/* ---- the matrix ------------------------------------------------------------------------------ */

/* How far apart cells of two options in a row can be: options a and b of one, over all of the other. */
static double range_of(const double *table, int one, int two, int step, int options)
{
    double low = INFINITY, high = -INFINITY, least[2] = {0}, most[2] = {0};
    for (int s = 0; s < options; s++) {
        const double *x[2] = {table + (one + s * step) * NUMBERS,
                              table + (two + s * step) * NUMBERS};
        const double more = x[0][MIDDLE] - x[1][MIDDLE];
        low = dt_lesser(more, low);
        high = dt_greater(more, high);
        for (int i = 0; i < 2; i++) {
            least[i] = dt_lesser(x[i][LEAST], least[i]);
            most[i] = dt_greater(x[i][MOST], most[i]);
        }
    }
    return high - low + most[0] - least[0] + most[1] - least[1];
}

/* The largest range, over a player's options, of the difference between two options of another. */
static double influence(const dt_odds *odds, const double *table, int own, int other)
{
    const dt_signal_game *game = odds->game;
    int step[2] = {1, 1};
    for (int p = game->players - 1; p > own; p--)
        step[0] *= game->player[p].options;
    for (int p = game->players - 1; p > other; p--)
        step[1] *= game->player[p].options;
    double most = 0;
    for (int c = 0; c < game->cells; c++) {
        const int *choice = odds->choice + c * game->players, a = choice[own];
        for (int b = a + 1; b < game->player[own].options && choice[other] == 0; b++)
            most = dt_greater(
                range_of(table, c, c + (b - a) * step[0], step[1], game->player[other].options),
                most);
    }
    return most;
}

/* The sum of the two largest. */
static double largest_two(const double *x, int count)
{
    double first = 0, second = 0;
    for (int i = 0; i < count; i++) {
        second = x[i] > first ? first : dt_greater(x[i], second);
        first = dt_greater(x[i], first);
    }
    return first + second;
}

/* The matrix [players][players], the typed player's place being that of r. */
static void find_matrix(const dt_odds *odds, double *matrix)
{
    const dt_signal_game *game = odds->game;
    const dt_odds_bound *bound = odds->bound;
    const double *belief = game->subject[0].belief;
    const int players = game->players, typed = odds->typed;
    double told[2][DT_MAX_MOVERS]; /* what changes log σ_k at most */
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < players; i++)
            told[k][i] = game->player[typed].rationality *
                         (i == typed ? largest_two(bound->sum[k], odds->options)
                                     : influence(odds, bound->worth[k], typed, i));
    }
    for (int j = 0; j < players; j++) {
        const double quarter = game->player[j].rationality / 4;
        const int at = j * game->cells * NUMBERS;
        double *row = matrix + j * players;
        for (int i = 0; i < players; i++) {
            row[i] = j == typed ? told[0][i] + told[1][i] : 0;
            if (j != typed && i != typed && i != j)
                row[i] = quarter * dt_greater(influence(odds, bound->value[0] + at, j, i),
                                              influence(odds, bound->value[1] + at, j, i));
        }
        for (int k = 0; k < 2 && j != typed; k++) {
            const double share =
                quarter * belief[k] * influence(odds, bound->share[k] + at, j, typed) / 4;
            for (int i = 0; i < players; i++)
                row[i] += share * told[k][i];
        }
    }
}

double dt_odds_slope(const dt_odds *odds, double enough)
{
    double matrix[DT_MAX_MOVERS * DT_MAX_MOVERS], work[2 * DT_MAX_MOVERS];
    if (!find_box(odds))
        return INFINITY;
    find_numbers(odds);
    find_matrix(odds, matrix);
    const double slope = dt_radius(matrix, odds->game->players, 1 / enough, work);
    return slope <= INFINITY ? slope : INFINITY;
}
