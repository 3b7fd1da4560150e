/*
 * Workers are POSIX threads, made for a run and joined at its end; tasks are handed out by one
 * counter. In WebAssembly the caller does everything.
 */
#define _GNU_SOURCE /* sched_getaffinity */
#include "base/threads.h"

#include <assert.h>
#ifndef __wasm__
#include <pthread.h>
#include <sched.h>
#endif

typedef struct run {
    bool (*work)(void *context, int worker, size_t task);
    void *context;
    size_t tasks;
    size_t next;  /* the first task that nobody has begun; shared */
    bool stopped; /* shared */
} run;

static void work_on(run *run, int worker)
{
    while (!__atomic_load_n(&run->stopped, __ATOMIC_RELAXED)) {
        const size_t task = __atomic_fetch_add(&run->next, 1, __ATOMIC_RELAXED);
        if (task >= run->tasks)
            return;
        if (!run->work(run->context, worker, task))
            __atomic_store_n(&run->stopped, true, __ATOMIC_RELAXED);
    }
}

#ifdef __wasm__
int dt_threads_available(void)
{
    return 1;
}

static void work_together(run *run, int jobs)
{
    (void)jobs;
    work_on(run, 0);
}
#else
typedef struct worker {
    pthread_t thread;
    run *run;
    int number;
} worker;

static void *start(void *argument)
{
    const worker *self = argument;
    work_on(self->run, self->number);
    return NULL;
}

int dt_threads_available(void)
{
    cpu_set_t set;
    const int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    assert(count >= 1);
    return count < DT_MAX_JOBS ? count : DT_MAX_JOBS;
}

static void work_together(run *run, int jobs)
{
    worker other[DT_MAX_JOBS];
    int made = 1;
    for (; made < jobs; made++) {
        other[made].run = run;
        other[made].number = made;
        if (pthread_create(&other[made].thread, NULL, start, &other[made]) != 0)
            break;
    }
    work_on(run, 0);
    while (--made > 0)
        pthread_join(other[made].thread, NULL);
}
#endif

bool dt_threads_run(int jobs, size_t tasks, bool (*work)(void *context, int worker, size_t task),
                    void *context)
{
    run run = {.work = work, .context = context, .tasks = tasks};
    assert(jobs >= 1 && jobs <= DT_MAX_JOBS);
    work_together(&run, jobs);
    return !run.stopped;
}
