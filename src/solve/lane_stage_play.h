/*
 * What the kernels for stage games in lanes share: their limits, their work space, and the softmax
 * of log odds.
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

#endif
