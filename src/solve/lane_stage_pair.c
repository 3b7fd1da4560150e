/*
 * Stage games of two agents with at most four options each, in lanes: those whose equilibrium is
 * certainly unique, which is nearly every node of most models.
 *
 * With z and y the log odds of the agent I with fewer options and of the other J, the equations
 * (equations.h, at t = 1 and unscaled)
 *     z(a) = D_I(a; σ_J) = Σ_b G(a,b) σ_J(b),     y(b) = D_J(b; σ_I) = Σ_a H(b,a) σ_I(a)
 * are solved for z alone: F(z) = z - D_I(softmax(D_J(softmax(z)))), by Newton's method with
 *     ∂D_I(a)/∂y(b) = σ_J(b) (G(a,b) - D_I(a)),   ∂D_J(b)/∂z(c) = σ_I(c) (H(b,c) - D_J(b)).
 * With two options there is but one unknown, with three there are two. F = 0 has one root where the
 * product of both influences R/4 is below 1 (unique.c), or where two by two options oppose each
 * other; wherever Newton's method ends at a root, it is that one. A unique equilibrium lies on the
 * principal branch: from scale 0 a connected set of equilibria leads to every other scale.
 *
 * Invariant: a lane's numbers depend on that lane alone; once done, its z isn't moved.
 */
#include <assert.h>

#include "solve/lane_stage_play.h"

enum { FEW = 4 }; /* options that this file knows */

/* Packs that are solved at once, of one game or of two: the arithmetic of one fills the waits of the
 * other's. */
enum { FEW_PACKS = DT_WORLDS == 1 ? 1 : 2 };

/* One pack of worlds. */
typedef struct pair_pack {
    dt_lane own_rationality, their_rationality;
    dt_lane g[FEW][FEW], h[FEW][FEW]; /* G(a,b) for a >= 1, H(b,a) for b >= 1 */
    dt_lane slope;                    /* y changes by no more than this times the change of z */
    dt_lane z[FEW], y[FEW], p[FEW], s[FEW]; /* log odds and σ, of I and of J */
    dt_lane change[FEW];                    /* of z */
    dt_lane_mask wanted, going;
} pair_pack;

/* R/4 of one agent: the largest range over b of the difference between two rows. */
DT_LANE_INLINE dt_lane influence_of_rows(dt_lane g[FEW][FEW], int rows, int columns)
{
    dt_lane largest = dt_lane_all(0);
    DT_UNROLL
    for (int a = 0; a < rows; a++) {
        DT_UNROLL
        for (int b = a + 1; b < rows; b++) {
            dt_lane low = a == 0 ? g[b][0] : g[b][0] - g[a][0], high = low;
            DT_UNROLL
            for (int s = 1; s < columns; s++) {
                const dt_lane more = a == 0 ? g[b][s] : g[b][s] - g[a][s];
                low = dt_lane_lesser(more, low);
                high = dt_lane_greater(more, high);
            }
            largest = dt_lane_greater(high - low, largest);
        }
    }
    return largest * 0.25;
}

/* Lanes whose equilibrium is certainly unique, from both influences. */
DT_LANE_INLINE dt_lane_mask is_unique(pair_pack *x, int m, int n, dt_lane own, dt_lane their)
{
    dt_lane_mask unique =
        (dt_lane_mask)(own * their <= DT_STAGE_CONTRACTION * DT_STAGE_CONTRACTION);
    if (m == 2 && n == 2) {
        const dt_lane mine = x->g[1][1] - x->g[1][0], its = x->h[1][1] - x->h[1][0];
        unique |= (dt_lane_mask)(mine * its <= 0.0);
    }
    return unique;
}

/* gain(a) = Σ_b g(a,b) σ(b) for a >= 1 */
DT_LANE_INLINE void gains(dt_lane g[FEW][FEW], int rows, int columns, const dt_lane *sigma,
                          dt_lane *gain)
{
    DT_UNROLL
    for (int a = 1; a < rows; a++) {
        gain[a] = g[a][0] * sigma[0];
        DT_UNROLL
        for (int b = 1; b < columns; b++)
            gain[a] += g[a][b] * sigma[b];
    }
}

/* q(a) = Σ_b u(a,b) σ(b) */
DT_LANE_INLINE void values(const dt_lane *payoff, int row, int column, int rows, int columns,
                           const dt_lane *sigma, dt_lane *q)
{
    DT_UNROLL
    for (int a = 0; a < rows; a++) {
        q[a] = payoff[a * row] * sigma[0];
        DT_UNROLL
        for (int b = 1; b < columns; b++)
            q[a] += payoff[a * row + b * column] * sigma[b];
    }
}

/* What σ becomes when its log odds change by a little: to first order. */
DT_LANE_INLINE void shift(const dt_lane *change, int options, dt_lane *sigma)
{
    dt_lane mean = sigma[1] * change[1];
    DT_UNROLL
    for (int a = 2; a < options; a++)
        mean += sigma[a] * change[a];
    sigma[0] -= sigma[0] * mean;
    DT_UNROLL
    for (int a = 1; a < options; a++)
        sigma[a] += sigma[a] * (change[a] - mean);
}

/* Sets up a pack: I has m options, J has n, `row` and `column` are the steps between the payoffs
 * of neighbouring options. `guess` [n] of σ_J may be NULL. */
DT_LANE_INLINE void set_up(pair_pack *x, const dt_lane *own, const dt_lane *their, int row,
                           int column, int m, int n, const dt_lane *guess)
{
    DT_UNROLL
    for (int b = 0; b < n; b++) {
        DT_UNROLL
        for (int a = 1; a < m; a++)
            x->g[a][b] = x->own_rationality * (own[a * row + b * column] - own[b * column]);
        x->s[b] = guess ? guess[b * DT_PACKS] : dt_lane_all(1.0 / n);
    }
    DT_UNROLL
    for (int a = 0; a < m; a++) {
        DT_UNROLL
        for (int b = 1; b < n; b++)
            x->h[b][a] = x->their_rationality * (their[a * row + b * column] - their[a * row]);
    }
    const dt_lane influences[2] = {influence_of_rows(x->g, m, n), influence_of_rows(x->h, n, m)};
    x->slope = 1.0 + 2.0 * influences[1];
    x->wanted &=
        (dt_lane_mask)(x->own_rationality >= 0.0) & (dt_lane_mask)(x->their_rationality >= 0.0);
    if (m > 1)
        x->wanted &= is_unique(x, m, n, influences[0], influences[1]);
    x->going = x->wanted;
    gains(x->g, m, n, x->s, x->z);
}

/* Newton's change of z from where all has been evaluated, and which lanes go on with it. */
DT_LANE_INLINE void find_change(pair_pack *x, int m, int n)
{
    dt_lane d[FEW], matrix[FEW][FEW], size = dt_lane_all(0);
    gains(x->g, m, n, x->s, d);
    DT_UNROLL
    for (int a = 1; a < m; a++) {
        x->change[a] = d[a] - x->z[a];
        DT_UNROLL
        for (int c = 1; c < m; c++) {
            dt_lane sum = x->s[1] * (x->g[a][1] - d[a]) * (x->h[1][c] - x->y[1]);
            DT_UNROLL
            for (int b = 2; b < n; b++)
                sum += x->s[b] * (x->g[a][b] - d[a]) * (x->h[b][c] - x->y[b]);
            matrix[a][c] = (a == c) - sum * x->p[c];
        }
    }
    dt_lane_stage_substitute(&matrix[1][1], FEW, m - 1, x->change + 1);
    DT_UNROLL
    for (int a = 1; a < m; a++)
        size = dt_lane_greater(dt_lane_abs(x->change[a]), size);
    x->going &= (dt_lane_mask)(size * x->slope > DT_STAGE_LAST);
}

/* The last change, so small that its square is lost in rounding. */
DT_LANE_INLINE void change_last(pair_pack *x, int m, int n)
{
    dt_lane d[FEW], change[FEW];
    shift(x->change, m, x->p);
    DT_UNROLL
    for (int a = 1; a < m; a++)
        x->z[a] += x->change[a];
    gains(x->h, n, m, x->p, d);
    DT_UNROLL
    for (int b = 1; b < n; b++) {
        change[b] = d[b] - x->y[b];
        x->y[b] = d[b];
    }
    shift(change, n, x->s);
    x->wanted &= ~x->going;
}

/* Into the lanes of a mask. */
DT_LANE_INLINE void put(dt_lane_mask mask, const dt_lane *from, int count, dt_lane *to)
{
    DT_UNROLL
    for (int a = 0; a < count; a++)
        to[a * DT_PACKS] = dt_lane_select(mask, from[a], to[a * DT_PACKS]);
}

/* What the packs' values tell about their solutions: the residual, and whether they are ones. */
DT_LANE_INLINE dt_lane_mask check_pack(const pair_pack *x, int m, int n, const dt_lane *own_q,
                                       const dt_lane *their_q, dt_lane *residual)
{
    dt_lane worst = dt_lane_all(0);
    const dt_lane_mask own = dt_lane_stage_check(x->own_rationality, own_q, x->z, m, &worst);
    const dt_lane_mask their = dt_lane_stage_check(x->their_rationality, their_q, x->y, n, &worst);
    return x->wanted & own & their & dt_lane_stage_bound(worst, residual);
}

/* Newton's method on z of I alone, in FEW_PACKS packs. */
DT_LANE_INLINE void iterate_own(pair_pack x[FEW_PACKS], int m, int n)
{
    for (int round = 0;; round++) {
        DT_UNROLL
        for (int k = 0; k < FEW_PACKS; k++)
            dt_lane_stage_play(x[k].z, m, x[k].p);
        DT_UNROLL
        for (int k = 0; k < FEW_PACKS; k++) {
            gains(x[k].h, n, m, x[k].p, x[k].y);
            dt_lane_stage_play(x[k].y, n, x[k].s);
        }
        if (m == 1)
            return;
        dt_lane_mask going = {0};
        DT_UNROLL
        for (int k = 0; k < FEW_PACKS; k++) {
            find_change(&x[k], m, n);
            going |= x[k].going;
        }
        if (round == DT_STAGE_ROUNDS || !dt_lane_any(going))
            break;
        DT_UNROLL
        for (int k = 0; k < FEW_PACKS; k++) {
            DT_UNROLL
            for (int a = 1; a < m; a++)
                x[k].z[a] += dt_lane_where(x[k].going, x[k].change[a]);
        }
    }
    DT_UNROLL
    for (int k = 0; k < FEW_PACKS; k++)
        change_last(&x[k], m, n);
}

/* All packs of one or two games; `i` is the agent I, with m options, the other has n. */
DT_LANE_INLINE void solve(const dt_lane_stage *game, int games, int i, int m, int n,
                          dt_lane_played *played)
{
    assert(m >= 1 && m <= n && n <= FEW);
    const int j = 1 - i, packs = games * DT_PACKS;
    const int own_step = 2 * DT_PACKS * (i == 0 ? n : 1);
    const int their_step = 2 * DT_PACKS * (i == 0 ? 1 : m);
    const int own_first = (i == 0 ? 0 : n) * DT_PACKS, their_first = (i == 0 ? m : 0) * DT_PACKS;
    for (int first = 0; first < packs; first += FEW_PACKS) {
        pair_pack x[FEW_PACKS];
        dt_lane_mask wanted = {0};
        DT_UNROLL
        for (int k = 0; k < FEW_PACKS; k++) {
            /* what is left over is done twice */
            const int at = first + k < packs ? first + k : packs - 1, pack = at % DT_PACKS;
            const dt_lane_stage *g = &game[at / DT_PACKS];
            x[k].own_rationality = g->rationality[i * DT_PACKS + pack];
            x[k].their_rationality = g->rationality[j * DT_PACKS + pack];
            x[k].wanted = g->active[pack];
            set_up(&x[k], g->payoff + i * DT_PACKS + pack, g->payoff + j * DT_PACKS + pack,
                   own_step, their_step, m, n, g->guess ? g->guess + their_first + pack : NULL);
            wanted |= x[k].wanted;
            played[at / DT_PACKS].settled[pack] = x[k].wanted;
        }
        if (!dt_lane_any(wanted))
            continue;
        iterate_own(x, m, n);
        DT_UNROLL
        for (int k = 0; k < FEW_PACKS; k++) {
            const int at = first + k < packs ? first + k : packs - 1, pack = at % DT_PACKS;
            const dt_lane_stage *g = &game[at / DT_PACKS];
            dt_lane_played *to = &played[at / DT_PACKS];
            dt_lane own_q[FEW], their_q[FEW];
            values(g->payoff + i * DT_PACKS + pack, own_step, their_step, m, n, x[k].s, own_q);
            values(g->payoff + j * DT_PACKS + pack, their_step, own_step, n, m, x[k].p, their_q);
            to->settled[pack] = check_pack(&x[k], m, n, own_q, their_q, &to->residual[pack]);
            put(to->settled[pack], x[k].p, m, to->sigma + own_first + pack);
            put(to->settled[pack], own_q, m, to->q + own_first + pack);
            put(to->settled[pack], x[k].s, n, to->sigma + their_first + pack);
            put(to->settled[pack], their_q, n, to->q + their_first + pack);
        }
    }
}

bool DT_KERNEL(dt_lane_stage_pair)(const dt_lane_stage *game, int games, dt_lane_played *played)
{
    if (game->agents != 2)
        return false;
    const int i = game->options[0] > game->options[1];
    const int m = game->options[i], n = game->options[1 - i];
    assert(m >= 1 && m <= n && (games == 1 || (games == 2 && game[1].options == game->options)));
    if (n > FEW)
        return false;
    /* with constant numbers the compiler keeps a small game in registers */
    switch (2 * (8 * m + n) + i) {
#define SIZES(m, n, i)                                                                             \
    case 2 * (8 * m + n) + i:                                                                      \
        solve(game, games, i, m, n, played);                                                       \
        break;
        SIZES(1, 1, 0)
        SIZES(1, 2, 0)
        SIZES(1, 2, 1)
        SIZES(1, 3, 0)
        SIZES(1, 3, 1)
        SIZES(1, 4, 0)
        SIZES(1, 4, 1)
        SIZES(2, 2, 0)
        SIZES(2, 3, 0)
        SIZES(2, 3, 1)
        SIZES(2, 4, 0)
        SIZES(2, 4, 1)
        SIZES(3, 3, 0)
        SIZES(3, 4, 0)
        SIZES(3, 4, 1)
        SIZES(4, 4, 0)
#undef SIZES
    default:
        assert(false);
    }
    return true;
}
