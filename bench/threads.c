/*
 * Two threads against one. The engine's groups of worlds, what moving their numbers takes by itself,
 * and arithmetic that stays in registers are each done by one thread and then by two, as many tasks
 * either way. The gain is by the clock; with other programs running it says how the machine shares
 * its processors out, and only a ratio of gains found in the same round says something of the engine.
 * The cost, processors' time of two threads over that of one, leaves waiting out: what is above 1 is
 * what threads take from each other, in caches and memory.
 */
#include <math.h>

#include "base/threads.h"
#include "lanes.h"

enum { TASKS = BENCH_WORLDS / DT_WORLDS };

/* Gain or cost of `work`, which does all tasks with some threads. */
static double two_over_one(void (*work)(bench *b, int jobs), bench *b, bool cost)
{
    double wall[2], process[2];
    if (dt_threads_available() < 2)
        return NAN;
    for (int jobs = 1; jobs <= 2; jobs++) {
        const double start = bench_wall(), start_process = bench_process();
        work(b, jobs);
        wall[jobs - 1] = bench_wall() - start;
        process[jobs - 1] = bench_process() - start_process;
    }
    return cost ? process[1] / process[0] : wall[0] / wall[1];
}

static void solve_worlds(bench *b, int jobs)
{
    const size_t worlds = bench_small(b) ? DT_WORLDS : BENCH_WORLDS;
    const dt_ensemble_options how = {.jobs = jobs, .wanted = DT_WANT_OUTCOMES};
    dt_ensemble *ensemble;
    bench_need(dt_ensemble_run(bench_game(b), bench_worlds(b), worlds, DT_VALUES_AVERAGE, &how,
                               NULL, &ensemble) == DT_OK,
               "worlds can't be solved");
    for (size_t w = 0; w < worlds; w++)
        bench_need(dt_ensemble_world(ensemble, w).status == DT_OK, "a world fails");
    dt_ensemble_free(ensemble);
}

double bench_threads_worlds(bench *b, int which)
{
    bench_worlds(b);
    bench_game(b);
    return two_over_one(solve_worlds, b, which);
}

static bench_group *own_group[2]; /* of each worker */

static bool move_task(void *context, int worker, size_t task)
{
    (void)context;
    (void)task;
    own_group[worker]->bound(own_group[worker]->group);
    return true;
}

static void move(bench *b, int jobs)
{
    bench_need(dt_threads_run(jobs, bench_small(b) ? 2 : TASKS, move_task, b), "no threads");
}

double bench_threads_moving(bench *b, int which)
{
    for (int i = 0; i < 2 && !own_group[i]; i++)
        own_group[i] = bench_group_of(b, bench_kernel(DT_KERNEL_AUTO), false);
    return bench_group_moves(own_group[0]) ? two_over_one(move, b, which) : (double)NAN;
}

typedef struct counting {
    int steps;
    double sum[TASKS];
} counting;

static bool count_task(void *context, int worker, size_t task)
{
    enum { CHAINS = 16 };
    counting *counting = context;
    double x[CHAINS];
    (void)worker;
    for (int c = 0; c < CHAINS; c++)
        x[c] = (double)task + c;
    for (int i = 0; i < counting->steps; i++) {
        for (int c = 0; c < CHAINS; c++)
            x[c] = 0.5 * x[c] + 1;
    }
    for (int c = 0; c < CHAINS; c++)
        counting->sum[task] += x[c];
    return true;
}

static void count(bench *b, int jobs)
{
    counting counting = {.steps = bench_small(b) ? 1000 : 20000000};
    bench_need(dt_threads_run(jobs, TASKS, count_task, &counting) && counting.sum[0] > 0,
               "no threads");
}

double bench_threads_arithmetic(bench *b, int which)
{
    return two_over_one(count, b, which);
}
