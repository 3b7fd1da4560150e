/*
 * How fast stage games are solved: microseconds per world for random games of some shapes, payoffs
 * uniform in 0 … 1, everybody's λ as the column says; one world at a time, and a lane group at a time
 * by each kernel. `settled` is the share whose equilibrium is certainly unique, so that no path need
 * be followed.
 */
#define _GNU_SOURCE /* clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "solve/sweep.h"

enum { GROUPS = 100, REPEATS = 5, NUMBERS = 81, TOTAL = 16 };

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
    const char *name;
    kernel *solve;
} kernels[] = {
    {DT_KERNEL_PLAIN,  "plain",   solve_plain               },
#ifdef __x86_64__
    {DT_KERNEL_AVX2,   "AVX2",    dt_lane_stage_solve_avx2  },
    {DT_KERNEL_AVX512, "AVX-512", dt_lane_stage_solve_avx512},
#endif
};

enum { KERNELS = sizeof kernels / sizeof kernels[0] };

static _Alignas(64) double payoff[GROUPS][NUMBERS][DT_WORLDS];
static double one_payoff[GROUPS][DT_WORLDS][NUMBERS];
static dt_arena *arena;
static dt_branch_space *one_space;
static dt_lane_space *kernel_space[KERNELS]; /* NULL if it doesn't run here */

static dt_status make_spaces(void *unused)
{
    (void)unused;
    one_space = dt_branch_space_new(arena, 5, TOTAL, NUMBERS);
    for (int k = 0; k < KERNELS; k++) {
        const dt_lane_code *code = dt_lane_code_of(kernels[k].which);
        if (code)
            kernel_space[k] = code->space_new(arena, 5, TOTAL, NUMBERS);
    }
    return DT_OK;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* xorshift64 (Marsaglia 2003) */
static double uniform(void)
{
    static uint64_t seed = 0x9e3779b97f4a7c15;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) * 0x1p-53;
}

/* Microseconds per world; the share settled into *settled. */
static double time_one(int agents, const int *options, double rationality, double *settled)
{
    double each[5] = {rationality, rationality, rationality, rationality, rationality};
    double sigma[TOTAL], start = now();
    int count = 0;
    for (int g = 0; g < GROUPS; g++) {
        for (int w = 0; w < DT_WORLDS; w++) {
            const dt_stage_game game = {agents, options, each, one_payoff[g][w]};
            count += dt_branch_follow(&game, one_space, NULL, sigma, NULL).steps == 0;
        }
    }
    *settled = count / (double)(GROUPS * DT_WORLDS);
    return 1e6 * (now() - start) / (GROUPS * DT_WORLDS);
}

static double time_lanes(kernel *solve, dt_lane_space *space, int agents, const int *options,
                         double rationality)
{
    static _Alignas(64) double each[5][DT_WORLDS], sigma[TOTAL][DT_WORLDS], q[TOTAL][DT_WORLDS];
    static _Alignas(64) int64_t active[DT_WORLDS];
    dt_branch_result result[DT_WORLDS];
    memset(active, -1, sizeof active);
    for (int i = 0; i < 5 * DT_WORLDS; i++)
        each[i / DT_WORLDS][i % DT_WORLDS] = rationality;
    const double start = now();
    for (int g = 0; g < GROUPS; g++) {
        const stage game = {agents, options, each, payoff[g], active, NULL};
        solve(&game, space, sigma, q, result);
    }
    return 1e6 * (now() - start) / (GROUPS * DT_WORLDS);
}

static void keep_least(double *least, double seconds)
{
    if (*least == 0 || seconds < *least)
        *least = seconds;
}

int main(void)
{
    static const int shapes[][3] = {
        {2, 2, 0},
        {3, 3, 0},
        {4, 4, 0},
        {2, 2, 2},
        {3, 3, 3}
    };
    static const double rationalities[] = {1, 2, 4, 20};
    arena = dt_arena_new(NULL, 0);
    if (!arena || dt_arena_try(arena, make_spaces, NULL) != DT_OK) {
        fprintf(stderr, "stage: no memory\n");
        return 1;
    }
    for (int i = 0; i < GROUPS * NUMBERS * DT_WORLDS; i++) {
        const int g = i / (NUMBERS * DT_WORLDS), n = i / DT_WORLDS % NUMBERS, w = i % DT_WORLDS;
        payoff[g][n][w] = one_payoff[g][w][n] = uniform();
    }
    printf("us per world:\noptions  lambda  settled  one world");
    for (int k = 0; k < KERNELS; k++)
        printf("  lanes %-7s", kernels[k].name);
    printf("\n");
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const int agents = shapes[s][2] ? 3 : 2;
        for (size_t r = 0; r < sizeof rationalities / sizeof *rationalities; r++) {
            const double rationality = rationalities[r];
            double settled, one = 0, lanes[KERNELS] = {0};
            for (int i = 0; i < REPEATS; i++) {
                keep_least(&one, time_one(agents, shapes[s], rationality, &settled));
                for (int k = 0; k < KERNELS; k++) {
                    if (kernel_space[k])
                        keep_least(&lanes[k], time_lanes(kernels[k].solve, kernel_space[k], agents,
                                                         shapes[s], rationality));
                }
            }
            printf("%d x %d", shapes[s][0], shapes[s][1]);
            if (agents == 3)
                printf(" x %d", shapes[s][2]);
            printf("\t%4g  %7.3f  %9.3f", rationality, settled, one);
            for (int k = 0; k < KERNELS; k++)
                printf("  %13.3f", lanes[k]);
            printf("\n");
        }
    }
    dt_arena_free(arena);
    return 0;
}
