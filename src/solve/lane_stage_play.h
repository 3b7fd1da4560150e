/*
 * What the kernels for stage games in lanes share: their limits, their work space, the softmax of log
 * odds, the linear equations of a step of Newton's method, and what tells whether a result is one.
 */
#ifndef DT_SOLVE_LANE_STAGE_PLAY_H
#define DT_SOLVE_LANE_STAGE_PLAY_H

#include "base/lane_exp.h"
#include "solve/lane_stage.h"

/* For loops over numbers that are constant after inlining; clang unrolls those by itself. */
#ifdef __clang__
#define DT_UNROLL
#else
#define DT_UNROLL _Pragma("GCC unroll 16")
#endif

/* Rounds of Newton's method; a lane that needs more is followed on its own. */
enum { DT_STAGE_ROUNDS = 12 };

/* An equilibrium is certainly unique if the spectral radius of R/4 is below 1 (unique.c); this much
 * is left for rounding. */
#define DT_STAGE_CONTRACTION 0.98

/* A change of log odds with which Newton's method ends: its square is lost in rounding. */
#define DT_STAGE_LAST 1e-8

/* The residual up to which a result is taken. */
#define DT_STAGE_RESIDUAL 1e-12

/* What rounding in a softmax leaves. */
#define DT_STAGE_ROUNDING 1e-15

/* |log odds| that exp and the sum of a few stand. */
#define DT_STAGE_MOST_ODDS 700.0

struct dt_lane_space {
    int agents, total, cells; /* the sizes it was made for */

    /* lane_stage_many.c */
    dt_lane *advantage; /* [agents][cells] */
    dt_lane *z, *f;     /* [total] log odds, F */
    dt_lane *sigma, *q; /* [total] */
    dt_lane *gain;      /* [total] D */
    dt_lane *pair;      /* [total][total] as in equations.h */
    dt_lane *matrix;    /* [total][total] */

    /* one lane that is followed on its own */
    dt_branch_space *one;
    double *payoff, *one_sigma, *one_q;
};

/* What becomes of a game. */
typedef struct dt_lane_played {
    dt_lane *sigma, *q;             /* [total options][DT_PACKS] */
    dt_lane residual[DT_PACKS];     /* a bound */
    dt_lane_mask settled[DT_PACKS]; /* lanes that have been solved */
} dt_lane_played;

/* Solve those active lanes whose equilibrium is certainly unique; other lanes' sigma and q are left as
 * they were. The first takes one game or two of the same shape, knows only two agents with a few
 * options, and returns false for others; the second knows all. */
bool DT_KERNEL(dt_lane_stage_pair)(const dt_lane_stage *game, int games, dt_lane_played *played);
void DT_KERNEL(dt_lane_stage_many)(const dt_lane_stage *game, dt_lane_space *space,
                                   dt_lane_played *played);

/* σ(0 … options-1) from the log odds z(1 …); z within DT_STAGE_MOST_ODDS. */
DT_LANE_INLINE void dt_lane_stage_play(const dt_lane *z, int options, dt_lane *sigma)
{
    dt_lane sum = dt_lane_all(1);
    DT_UNROLL
    for (int a = 1; a < options; a++)
        sum += sigma[a] = dt_lane_exp(z[a]);
    const dt_lane share = 1.0 / sum;
    sigma[0] = share;
    DT_UNROLL
    for (int a = 1; a < options; a++)
        sigma[a] *= share;
}

/* x := matrix⁻¹ x, of n rows that are `stride` apart. Without pivoting: where that goes wrong Newton's
 * method won't end at a root. Overwrites the matrix. */
DT_LANE_INLINE void dt_lane_stage_substitute(dt_lane *matrix, int stride, int n, dt_lane *x)
{
    DT_UNROLL
    for (int k = 0; k < n; k++) {
        const dt_lane *top = matrix + k * stride;
        const dt_lane inverse = 1.0 / top[k];
        DT_UNROLL
        for (int i = k + 1; i < n; i++) {
            dt_lane *row = matrix + i * stride;
            const dt_lane factor = row[k] * inverse;
            DT_UNROLL
            for (int j = k + 1; j < n; j++)
                row[j] -= factor * top[j];
            x[i] -= factor * x[k];
        }
        matrix[k * stride + k] = inverse;
    }
    DT_UNROLL
    for (int i = n - 1; i >= 0; i--) {
        DT_UNROLL
        for (int j = i + 1; j < n; j++)
            x[i] -= matrix[i * stride + j] * x[j];
        x[i] *= matrix[i * stride + i];
    }
}

/* The largest of |λ (q(a) - q(0)) - z(a)|, into `worst`: twice what an agent's σ can be from softmax(λ q).
 * Returns the lanes in which its log odds are small enough, and its values are numbers. */
DT_LANE_INLINE dt_lane_mask dt_lane_stage_check(dt_lane rationality, const dt_lane *q,
                                                const dt_lane *z, int options, dt_lane *worst)
{
    dt_lane sum = q[0];
    dt_lane_mask tame = (dt_lane_mask)(sum - sum == 0.0);
    DT_UNROLL
    for (int a = 1; a < options; a++) {
        *worst = dt_lane_greater(dt_lane_abs(rationality * (q[a] - q[0]) - z[a]), *worst);
        tame &= (dt_lane_mask)(dt_lane_abs(z[a]) <= DT_STAGE_MOST_ODDS);
        sum += q[a];
    }
    return tame & (dt_lane_mask)(sum - sum == 0.0);
}

/* The residual, of what all agents' checks found; returns the lanes in which it is small enough. */
DT_LANE_INLINE dt_lane_mask dt_lane_stage_bound(dt_lane worst, dt_lane *residual)
{
    /* |σ - softmax(λ Q)| is at most a quarter of the range of the difference in log odds */
    *residual = 0.5 * worst + DT_STAGE_ROUNDING;
    return (dt_lane_mask)(*residual <= DT_STAGE_RESIDUAL);
}

#endif
