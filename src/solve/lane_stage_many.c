/*
 * Stage games in lanes, any number of agents and options: those whose equilibrium is certainly
 * unique (unique.c). Newton's method for F(z) = z - D(σ(z)), as equations.c has it at t = 1 and
 * unscaled, without pivoting: wherever it ends at a root, it is the one.
 *
 * Invariant: a lane's numbers depend on that lane alone; once done, its z isn't moved.
 */
#include <assert.h>

#include "solve/equations.h"
#include "solve/lane_stage_play.h"

#define DT_NUMBER dt_lane
#include "solve/expect_pairs.h"

/* Rounds of the power iteration. */
enum { POWERS = 12 };

/* Where things are, the same for all lanes. */
typedef struct shape {
    int agents, cells, total, unknowns;
    int options[DT_MAX_AGENTS], stride[DT_MAX_AGENTS];
    int first[DT_MAX_AGENTS + 1], unknown[DT_MAX_AGENTS + 1];
} shape;

static shape shape_of(const dt_lane_stage *game)
{
    shape s = {.agents = game->agents, .cells = 1};
    assert(s.agents >= 1 && s.agents <= DT_MAX_AGENTS);
    for (int k = s.agents - 1; k >= 0; k--) {
        s.stride[k] = s.cells;
        s.cells *= game->options[k];
    }
    for (int k = 0; k < s.agents; k++) {
        assert(game->options[k] >= 1);
        s.options[k] = game->options[k];
        s.first[k + 1] = s.first[k] + game->options[k];
        s.unknown[k + 1] = s.unknown[k] + game->options[k] - 1;
    }
    s.total = s.first[s.agents];
    s.unknowns = s.unknown[s.agents];
    assert(s.unknowns == s.total - s.agents && s.cells % s.options[0] == 0);
    return s;
}

/* G_k(s) = λ_k (u_k(s) - u_k(0, s_-k)) */
static void set_advantages(const shape *s, const dt_lane_stage *game, int pack, dt_lane *advantage)
{
    const dt_lane *payoff = game->payoff + pack;
    const int step = s->agents * DT_PACKS;
    for (int k = 0; k < s->agents; k++) {
        const int stride = s->stride[k], block = stride * s->options[k];
        const dt_lane rationality = game->rationality[k * DT_PACKS + pack];
        dt_lane *g = advantage + (size_t)k * (size_t)s->cells;
        for (int cell = 0; cell < s->cells; cell++) {
            const int none = cell / block * block + cell % stride;
            g[cell] = rationality *
                      (payoff[cell * step + k * DT_PACKS] - payoff[none * step + k * DT_PACKS]);
        }
    }
}

/* R_kj/4: over the others' profiles and two options of k, the largest range over j's options. */
static dt_lane influence_between(const shape *s, const dt_lane *g, int k, int j)
{
    const int own = s->stride[k], other = s->stride[j];
    assert(k != j);
    dt_lane largest = dt_lane_all(0);
    for (int cell = 0; cell < s->cells; cell++) {
        if (cell / own % s->options[k] != 0 || cell / other % s->options[j] != 0)
            continue;
        for (int a = 0; a < s->options[k]; a++) {
            for (int b = a + 1; b < s->options[k]; b++) {
                dt_lane low = g[cell + b * own] - g[cell + a * own], high = low;
                for (int i = 1; i < s->options[j]; i++) {
                    const int at = cell + i * other;
                    const dt_lane more = g[at + b * own] - g[at + a * own];
                    low = dt_lane_lesser(more, low);
                    high = dt_lane_greater(more, high);
                }
                largest = dt_lane_greater(high - low, largest);
            }
        }
    }
    return largest * 0.25;
}

/* Lanes in which the spectral radius of R/4 is certainly below 1, by the Collatz–Wielandt bound. */
static dt_lane_mask certainly_unique(const shape *s, const dt_lane *advantage, dt_lane_mask active)
{
    dt_lane m[DT_MAX_AGENTS][DT_MAX_AGENTS], x[DT_MAX_AGENTS], y[DT_MAX_AGENTS];
    for (int k = 0; k < s->agents; k++) {
        x[k] = dt_lane_all(1);
        for (int j = 0; j < s->agents; j++) {
            m[k][j] = dt_lane_all(0);
            if (j != k)
                m[k][j] = influence_between(s, advantage + (size_t)k * (size_t)s->cells, k, j);
        }
    }
    dt_lane_mask unique = {0};
    /* a lane that has passed stays so; thus it doesn't matter to it how long others take */
    for (int round = 0; round < POWERS && dt_lane_any(active & ~unique); round++) {
        dt_lane most = dt_lane_all(0), top = dt_lane_all(1e-300);
        for (int k = 0; k < s->agents; k++) {
            y[k] = m[k][0] * x[0];
            for (int j = 1; j < s->agents; j++)
                y[k] += m[k][j] * x[j];
            most = dt_lane_greater(y[k] / x[k], most);
            top = dt_lane_greater(y[k], top);
        }
        unique |= (dt_lane_mask)(most <= DT_STAGE_CONTRACTION);
        for (int k = 0; k < s->agents; k++)
            x[k] = 0.5 * (x[k] + y[k] / top);
    }
    return unique;
}

static void play_all(const shape *s, const dt_lane *z, dt_lane *sigma)
{
    for (int k = 0; k < s->agents; k++)
        dt_lane_stage_play(z + s->unknown[k] - 1, s->options[k], sigma + s->first[k]);
}

static void set_pairs(const shape *s, dt_lane_space *space)
{
    expect_pairs(s->agents, s->options, s->first, (size_t)s->cells, space->advantage, space->sigma,
                 space->pair);
}

/* gain(k,a) = D_k(a) */
static void expect_gains(const shape *s, const dt_lane *advantage, const dt_lane *pair,
                         const dt_lane *sigma, dt_lane *gain)
{
    for (int k = 0; k < s->agents; k++) {
        const int j = k == 0 ? 1 : 0;
        gain[s->first[k]] = dt_lane_all(0);
        for (int a = s->first[k] + 1; a < s->first[k + 1]; a++) {
            if (s->agents == 1) {
                gain[a] = advantage[a];
                continue;
            }
            const dt_lane *row = pair + (size_t)a * (size_t)s->total;
            dt_lane sum = row[s->first[j]] * sigma[s->first[j]];
            for (int b = s->first[j] + 1; b < s->first[j + 1]; b++)
                sum += row[b] * sigma[b];
            gain[a] = sum;
        }
    }
}

/* matrix = F_z: I, less σ_j(b) (pair(k,a; j,b) - D_k(a)) off the agents' own blocks. */
static void set_matrix(const shape *s, const dt_lane_space *space, const dt_lane *sigma)
{
    dt_lane *row = space->matrix;
    for (int k = 0; k < s->agents; k++) {
        for (int a = s->first[k] + 1; a < s->first[k + 1]; a++, row += s->unknowns) {
            const dt_lane *pair = space->pair + (size_t)a * (size_t)s->total;
            for (int j = 0; j < s->agents; j++) {
                dt_lane *entry = row + s->unknown[j] - 1 - s->first[j];
                for (int b = s->first[j] + 1; b < s->first[j + 1]; b++) {
                    entry[b] =
                        j == k ? dt_lane_all(b == a) : -(sigma[b] * (pair[b] - space->gain[a]));
                }
            }
        }
    }
}

/* Q_k(a), from the payoffs as they are given. */
static void expect_values(const shape *s, const dt_lane *payoff, const dt_lane *sigma, dt_lane *q)
{
    int choice[DT_MAX_AGENTS] = {0};
    for (int a = 0; a < s->total; a++)
        q[a] = dt_lane_all(0);
    for (int cell = 0; cell < s->cells; cell++) {
        for (int k = 0; k < s->agents; k++) {
            dt_lane gets = payoff[(cell * s->agents + k) * DT_PACKS];
            for (int j = 0; j < s->agents; j++) {
                if (j != k)
                    gets *= sigma[s->first[j] + choice[j]];
            }
            q[s->first[k] + choice[k]] += gets;
        }
        for (int k = s->agents - 1; k >= 0 && ++choice[k] == s->options[k]; k--)
            choice[k] = 0;
    }
}

/* z = D against the guess, or the centroid. */
static void start(const shape *s, const dt_lane *guess, dt_lane_space *space)
{
    for (int k = 0; k < s->agents; k++) {
        for (int a = s->first[k]; a < s->first[k + 1]; a++)
            space->sigma[a] = guess ? guess[a * DT_PACKS] : dt_lane_all(1.0 / s->options[k]);
    }
    if (s->agents > 1)
        set_pairs(s, space);
    expect_gains(s, space->advantage, space->pair, space->sigma, space->gain);
    for (int k = 0; k < s->agents; k++) {
        for (int i = s->unknown[k]; i < s->unknown[k + 1]; i++)
            space->z[i] = space->gain[s->first[k] + 1 + i - s->unknown[k]];
    }
}

/* Newton's method on all agents' z in some lanes, from where they are, into z and sigma; returns those that didn't end. */
static dt_lane_mask iterate_all(const shape *s, dt_lane_space *space, dt_lane_mask going)
{
    dt_lane *z = space->z, *f = space->f;
    assert(s->unknowns <= space->total - s->agents && z != f);
    for (int round = 0; round < DT_STAGE_ROUNDS && dt_lane_any(going); round++) {
        play_all(s, z, space->sigma);
        if (s->agents > 2) /* between two agents the pairs don't depend on σ */
            set_pairs(s, space);
        expect_gains(s, space->advantage, space->pair, space->sigma, space->gain);
        for (int k = 0; k < s->agents; k++) {
            for (int i = s->unknown[k]; i < s->unknown[k + 1]; i++)
                f[i] = space->gain[s->first[k] + 1 + i - s->unknown[k]] - z[i];
        }
        set_matrix(s, space, space->sigma);
        dt_lane_stage_substitute(space->matrix, s->unknowns, s->unknowns, f);
        dt_lane size = dt_lane_all(0);
        for (int i = 0; i < s->unknowns; i++) {
            z[i] += dt_lane_where(going, f[i]);
            size = dt_lane_greater(dt_lane_abs(f[i]), size);
        }
        going &= (dt_lane_mask)(size > DT_STAGE_LAST);
    }
    play_all(s, z, space->sigma);
    return going;
}

/* The residual, and the lanes in which all agents' results are well. */
static dt_lane_mask check_agents(const shape *s, const dt_lane_stage *game, int pack,
                                 const dt_lane_space *space, dt_lane *residual)
{
    dt_lane worst = dt_lane_all(0);
    dt_lane_mask tame = ~(dt_lane_mask){0};
    for (int k = 0; k < s->agents; k++)
        tame &= dt_lane_stage_check(game->rationality[k * DT_PACKS + pack], space->q + s->first[k],
                                    space->z + s->unknown[k] - 1, s->options[k], &worst);
    return tame & dt_lane_stage_bound(worst, residual);
}

void DT_KERNEL(dt_lane_stage_many)(const dt_lane_stage *game, dt_lane_space *space,
                                   dt_lane_played *played)
{
    const shape s = shape_of(game);
    assert(s.agents <= space->agents && s.total <= space->total && s.cells <= space->cells);
    for (int pack = 0; pack < DT_PACKS; pack++) {
        dt_lane_mask wanted = game->active[pack];
        for (int k = 0; k < s.agents; k++)
            wanted &= (dt_lane_mask)(game->rationality[k * DT_PACKS + pack] >= 0.0);
        played->settled[pack] = (dt_lane_mask){0};
        if (!dt_lane_any(wanted))
            continue;
        set_advantages(&s, game, pack, space->advantage);
        wanted &= certainly_unique(&s, space->advantage, wanted);
        if (!dt_lane_any(wanted))
            continue;
        start(&s, game->guess ? game->guess + pack : NULL, space);
        wanted &= ~iterate_all(&s, space, wanted);
        expect_values(&s, game->payoff + pack, space->sigma, space->q);
        wanted &= check_agents(&s, game, pack, space, &played->residual[pack]);
        played->settled[pack] = wanted;
        for (int a = 0; a < s.total; a++) {
            dt_lane *p = &played->sigma[a * DT_PACKS + pack], *v = &played->q[a * DT_PACKS + pack];
            *p = dt_lane_select(wanted, space->sigma[a], *p);
            *v = dt_lane_select(wanted, space->q[a], *v);
        }
    }
}
