/*
 * Many worlds at once: nanoseconds for each node, world and period by each kernel that runs here, for
 * values, with every outcome, and with gaps; what moving the numbers takes by itself; the forward
 * pass; two threads against one. Nodes are those of the game, whether or not some are worth the same.
 * Each time is the least of a few repetitions; that of kernels is of a lane group whose memory has
 * been touched before, as it is in any work that takes long.
 */
#define _GNU_SOURCE /* clock_gettime */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/threads.h"
#include "bound.h"
#include "trace/outcomes.h"

/* MANY: worlds by which threads are measured. */
enum { MANY = 6 * DT_WORLDS, REPEATS = 3 };

static const struct {
    dt_kernel which;
    const char *name;
    bench_bound *bound;
} kernels[] = {
    {DT_KERNEL_PLAIN,  "plain C", bench_bound_plain },
#ifdef __x86_64__
    {DT_KERNEL_AVX2,   "AVX2",    bench_bound_avx2  },
    {DT_KERNEL_AVX512, "AVX-512", bench_bound_avx512},
#endif
};

enum { KERNELS = sizeof kernels / sizeof kernels[0] };

typedef struct lanes {
    const dt_model *model;
    const dt_game *game;
    size_t params;
    double *world; /* [MANY][params] */
    double steps;  /* nodes × periods */
} lanes;

/* What one kernel takes: nanoseconds per node, world and period. */
typedef struct kernel_times {
    double wanted[DT_WANT_VALUES + 1]; /* [dt_wanted] */
    double bound, forward_s;           /* forward: seconds for a lane group */
} kernel_times;

static double wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds on the wall that the MANY worlds take with their outcomes. */
static double seconds(const lanes *l, int jobs)
{
    const dt_ensemble_options how = {.jobs = jobs, .wanted = DT_WANT_OUTCOMES};
    dt_ensemble *ensemble;
    const double start = wall();
    bench_need(dt_ensemble_run(l->game, l->world, MANY, DT_VALUES_AVERAGE, &how, NULL, &ensemble) ==
                   DT_OK,
               "worlds can't be solved");
    const double found = wall() - start;
    for (size_t w = 0; w < MANY; w++)
        bench_need(dt_ensemble_world(ensemble, w).status == DT_OK, "a world fails");
    dt_ensemble_free(ensemble);
    return found;
}

/* ---- parts, inside an arena ------------------------------------------------------------------ */

typedef struct parts {
    const lanes *lanes;
    size_t kernel;
    dt_arena *arena;
    kernel_times *times;
} parts;

static void put_worlds(const lanes *l, dt_group *group)
{
    double *own = malloc(l->params * sizeof *own);
    bench_need(own != NULL, "no memory");
    for (size_t w = 0; w < DT_WORLDS; w++) {
        for (size_t i = 0; i < l->params; i++)
            own[i] = l->world[w * l->params + i];
        dt_game_settings(l->game, own);
        for (size_t i = 0; i < l->params; i++)
            group->world->parameter[i * DT_WORLDS + w] = own[i];
    }
    free(own);
}

/* A group, and the forward pass of its outcomes. */
typedef struct worker {
    dt_group *group;
    dt_forward *forward;
    dt_outcomes *outcomes;
} worker;

static worker make_worker(const parts *p, bool gaps)
{
    const dt_kernel kernel = kernels[p->kernel].which;
    const dt_game *game = p->lanes->game;
    const dt_group_plan *plan =
        dt_group_plan_new(p->arena, game, DT_VALUES_AVERAGE, gaps, 1, DT_WORLDS);
    worker w = {.group = dt_group_new(p->arena, plan, dt_lane_code_of(kernel),
                                      dt_world_new(p->arena, game, DT_WORLDS), DT_KEEP_HORIZON, 1,
                                      NULL)};
    w.outcomes = dt_outcomes_new(p->arena, game, (size_t)game->model->declared_outcomes, DT_WORLDS);
    w.forward = dt_forward_make(p->arena, game, w.group->coefficient, DT_WORLDS, w.outcomes->masses,
                                kernel);
    w.forward->forgets = true;
    put_worlds(p->lanes, w.group);
    return w;
}

static void go_forward(const worker *w)
{
    dt_forward_begin(w->forward);
    dt_outcomes_begin(w->outcomes);
    for (uint32_t t = 0; t < w->group->plan->game->horizon; t++) {
        dt_forward_spread(w->forward, dt_group_strategy(w->group, t), t);
        dt_outcomes_count(w->outcomes, w->forward, t);
        dt_forward_carry(w->forward, t);
    }
    dt_outcomes_end(w->outcomes, w->group->coefficient);
}

static void solve(const worker *w, dt_wanted wanted)
{
    dt_group_solve(w->group, DT_WORLDS);
    if (wanted != DT_WANT_VALUES)
        go_forward(w);
}

static dt_status time_parts(void *argument)
{
    parts *p = argument;
    const double each = 1e9 / (p->lanes->steps * DT_WORLDS);
    kernel_times *times = p->times;
    times->forward_s = times->bound = INFINITY;
    for (int wanted = 0; wanted <= DT_WANT_VALUES; wanted++) {
        const worker w = make_worker(p, wanted == DT_WANT_ALL);
        times->wanted[wanted] = INFINITY;
        for (int i = 0; i <= REPEATS; i++) {
            const double start = bench_now();
            solve(&w, (dt_wanted)wanted);
            if (i > 0)
                times->wanted[wanted] = fmin(times->wanted[wanted], each * (bench_now() - start));
        }
        for (int i = 0; i < DT_WORLDS; i++)
            bench_need(w.group->wrong[i].code == DT_CODES && w.group->found[i].failures == 0,
                       "a world fails");
    }
    const worker w = make_worker(p, false);
    dt_group_solve(w.group, DT_WORLDS);
    for (int i = 0; i < REPEATS; i++) {
        const double start = bench_now();
        go_forward(&w);
        times->forward_s = fmin(times->forward_s, bench_now() - start);
    }
    const dt_group_plan *plan = w.group->plan;
    for (int i = 0; i < REPEATS && plan->columns <= 8 && !plan->game->forever; i++) {
        const double start = bench_now();
        kernels[p->kernel].bound(w.group);
        times->bound = fmin(times->bound, each * (bench_now() - start));
    }
    return DT_OK;
}

/* Branches that a forward pass goes along. */
static double forward_branches(const dt_game *game)
{
    double branches = 0;
    for (uint32_t t = 0; t < game->horizon; t++) {
        for (uint32_t s = 0; s < game->stages; s++) {
            const uint32_t first = game->stage_first[s];
            const uint32_t beyond = first + dt_game_count(game, s, t);
            branches += (double)(game->cell_branch[game->node_cell[beyond]] -
                                 game->cell_branch[game->node_cell[first]]);
        }
    }
    return branches;
}

/* ---- together -------------------------------------------------------------------------------- */

static void time_kernel(const lanes *l, size_t kernel, kernel_times *times)
{
    parts p = {l, kernel, dt_arena_new(NULL, 0), times};
    bench_need(p.arena && dt_arena_try(p.arena, time_parts, &p) == DT_OK, "no memory");
    dt_arena_free(p.arena);
}

/* A task that stays within registers: what it takes is the machine's affair alone. */
static bool count_down(void *context, int worker, size_t task)
{
    enum { CHAINS = 16, STEPS = 5000000 };
    double x[CHAINS];
    (void)worker;
    for (int c = 0; c < CHAINS; c++)
        x[c] = (double)task + c;
    for (int i = 0; i < STEPS; i++) {
        for (int c = 0; c < CHAINS; c++)
            x[c] = 0.5 * x[c] + 1;
    }
    double *sum = context;
    for (int c = 0; c < CHAINS; c++)
        sum[task] += x[c];
    return true;
}

/* Seconds on the wall of two such tasks. */
static double arithmetic(const lanes *l, int jobs)
{
    double sum[2] = {0};
    (void)l;
    const double start = wall();
    bench_need(dt_threads_run(jobs, 2, count_down, sum) && sum[0] > 0, "no threads");
    return wall() - start;
}

/* By the clock on the wall, one and two threads in turn. */
static double one_over_two(const lanes *l, double (*took)(const lanes *l, int jobs), int repeats)
{
    double one = INFINITY, two = INFINITY;
    if (dt_threads_available() < 2)
        return NAN;
    for (int i = 0; i < repeats; i++) {
        one = fmin(one, took(l, 1));
        two = fmin(two, took(l, 2));
    }
    return one / two;
}

void bench_lanes(const dt_model *model, const dt_game *game, double world_s, bench_numbers *numbers)
{
    lanes l = {model, game, dt_model_count(model, DT_PARAMETERS), NULL, 0};
    l.steps = (double)game->nodes * game->periods;
    l.world = calloc(MANY * l.params + 1, sizeof *l.world);
    dt_draws *draws;
    bench_need(l.world && dt_draws_prepare(model, NULL, &draws) == DT_OK, "no worlds");
    for (size_t w = 0; w < MANY; w++)
        dt_draws_world(draws, 1, w, l.world + w * l.params);
    dt_draws_free(draws);

    const double branches = forward_branches(game) * DT_WORLDS;
    kernel_times best = {{0}, 0, 0};
    printf("ns per node, world and period; branches of the forward pass, in millions a second:\n"
           "%-12s %10s %10s %10s %10s %10s\n",
           "kernel", "values", "+ outcomes", "+ gaps", "moving", "forward");
    for (size_t k = 0; k < KERNELS; k++) {
        if (!dt_lane_code_of(kernels[k].which))
            continue;
        time_kernel(&l, k, &best);
        printf("%-12s %10.1f %10.1f %10.1f %10.1f %10.0f\n", kernels[k].name,
               best.wanted[DT_WANT_VALUES], best.wanted[DT_WANT_OUTCOMES], best.wanted[DT_WANT_ALL],
               best.bound, 1e-6 * branches / best.forward_s);
    }
    /* the last is the one that is chosen */
    const double all_s = 1e-9 * best.wanted[DT_WANT_ALL] * l.steps;
    bench_add(numbers, "lane_ns", best.wanted[DT_WANT_VALUES],
              "ns per node, world and period: values");
    bench_add(numbers, "lane_outcomes_ns", best.wanted[DT_WANT_OUTCOMES], "with every outcome");
    bench_add(numbers, "lane_gaps_ns", best.wanted[DT_WANT_ALL], "with outcomes and gaps");
    bench_add(numbers, "bound_ns", isfinite(best.bound) ? best.bound : NAN,
              "moving the numbers of values alone");
    bench_add(numbers, "lanes_over_bound",
              isfinite(best.bound) ? best.wanted[DT_WANT_VALUES] / best.bound : NAN,
              "values over moving their numbers");
    bench_add(numbers, "scalar_over_lanes", world_s / all_s,
              "one world at a time over lanes, outcomes and gaps too");
    bench_add(numbers, "one_job_over_two", one_over_two(&l, seconds, REPEATS),
              "one thread over two");
    bench_add(numbers, "one_job_over_two_bound", one_over_two(&l, arithmetic, 20),
              "the same of arithmetic in registers: what the machine gives");
    bench_add(numbers, "forward_branches_per_s", branches / best.forward_s,
              "branches x worlds that the forward pass goes along, per second");
    free(l.world);
}
