/*
 * Stage games by themselves: microseconds per world for random games of some shapes, payoffs uniform
 * in 0 … 1, everybody's λ the same; a lane group at a time by the kernel that is chosen here, and one
 * world at a time.
 */
#include <string.h>

#include "base/arena.h"
#include "lanes.h"
#include "solve/sweep.h"

enum { GROUPS = 100, NUMBERS = 81, TOTAL = 16, MOVERS = 3 };

/* dt_lane_stage with the sizes of vectors left out. */
typedef struct stage {
    int agents;
    const int *options;
    const void *rationality, *payoff, *active, *guess;
} stage;

typedef void kernel(const void *game, dt_lane_space *space, void *sigma, void *q,
                    dt_branch_result *result);

#ifdef __x86_64__
kernel dt_lane_stage_solve_avx2, dt_lane_stage_solve_avx512;
#endif

static void solve_plain(const void *game, dt_lane_space *space, void *sigma, void *q,
                        dt_branch_result *result)
{
    dt_lane_stage_solve_plain(game, space, sigma, q, result);
}

static const struct {
    dt_kernel which;
    kernel *solve;
} kernels[] = {
    {DT_KERNEL_PLAIN,  solve_plain               },
#ifdef __x86_64__
    {DT_KERNEL_AVX2,   dt_lane_stage_solve_avx2  },
    {DT_KERNEL_AVX512, dt_lane_stage_solve_avx512},
#endif
};

enum { KERNELS = sizeof kernels / sizeof kernels[0] };

static const int shapes[][3] = {
    {2, 2, 0},
    {3, 3, 0},
    {4, 4, 0},
    {2, 2, 2},
    {3, 3, 3}
};

static _Alignas(64) double payoff[GROUPS][NUMBERS][DT_WORLDS];
static double one_payoff[GROUPS][DT_WORLDS][NUMBERS];
static dt_arena *arena; /* NULL: nothing is made yet */
static dt_branch_space *one_space;
static dt_lane_space *kernel_space;
static kernel *solve;

static dt_status make_spaces(void *unused)
{
    (void)unused;
    const dt_kernel chosen = bench_kernel(DT_KERNEL_AUTO);
    one_space = dt_branch_space_new(arena, MOVERS, TOTAL, NUMBERS);
    kernel_space = dt_lane_code_of(chosen)->space_new(arena, MOVERS, TOTAL, NUMBERS);
    for (int k = 0; k < KERNELS; k++)
        solve = kernels[k].which == chosen ? kernels[k].solve : solve;
    return DT_OK;
}

static double uniform(void)
{
    static uint64_t seed = 0x9e3779b97f4a7c15;
    return bench_uniform(&seed);
}

static void make(void)
{
    if (arena)
        return;
    arena = dt_arena_new(NULL, 0);
    bench_need(arena && dt_arena_try(arena, make_spaces, NULL) == DT_OK, "no memory");
    for (int i = 0; i < GROUPS * NUMBERS * DT_WORLDS; i++) {
        const int g = i / (NUMBERS * DT_WORLDS), n = i / DT_WORLDS % NUMBERS, w = i % DT_WORLDS;
        payoff[g][n][w] = one_payoff[g][w][n] = uniform();
    }
}

static int agents_of(int which)
{
    return shapes[which / 100][2] ? 3 : 2;
}

static double per_world(double start, int groups)
{
    return 1e6 * (bench_now() - start) / (groups * DT_WORLDS);
}

double bench_stage_alone(bench *b, int which)
{
    double rationality[MOVERS], sigma[TOTAL];
    const int groups = bench_small(b) ? 1 : GROUPS;
    make();
    for (int i = 0; i < MOVERS; i++)
        rationality[i] = which % 100;
    const double start = bench_now();
    for (int g = 0; g < groups; g++) {
        for (int w = 0; w < DT_WORLDS; w++) {
            const dt_stage_game game = {agents_of(which), shapes[which / 100], rationality,
                                        one_payoff[g][w]};
            dt_branch_follow(&game, one_space, NULL, sigma, NULL);
        }
    }
    return per_world(start, groups);
}

double bench_stage(bench *b, int which)
{
    static _Alignas(64) double rationality[MOVERS][DT_WORLDS], sigma[TOTAL][DT_WORLDS],
        q[TOTAL][DT_WORLDS];
    static _Alignas(64) int64_t active[DT_WORLDS];
    dt_branch_result result[DT_WORLDS];
    const int groups = bench_small(b) ? 1 : GROUPS;
    make();
    memset(active, -1, sizeof active);
    for (int i = 0; i < MOVERS * DT_WORLDS; i++)
        rationality[i / DT_WORLDS][i % DT_WORLDS] = which % 100;
    const double start = bench_now();
    for (int g = 0; g < groups; g++) {
        const stage game = {
            agents_of(which), shapes[which / 100], rationality, payoff[g], active, NULL};
        solve(&game, kernel_space, sigma, q, result);
    }
    return per_world(start, groups);
}
