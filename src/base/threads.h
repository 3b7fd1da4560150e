/*
 * Threads: a number of tasks done by several workers at once, each taking the next one that nobody
 * has begun. Which worker does which task is left to chance; so a task's result may depend on its
 * number alone, and a worker owns nothing but work space.
 */
#ifndef DT_BASE_THREADS_H
#define DT_BASE_THREADS_H

#include <stdbool.h>
#include <stddef.h>

enum { DT_MAX_JOBS = 256 };

/* Processors that this process may run on, at least 1 and at most DT_MAX_JOBS. */
int dt_threads_available(void);

/* Calls work(context, worker, task) for each task < tasks, by workers 0 … jobs-1, 1 <= jobs <=
 * DT_MAX_JOBS; the calling thread is worker 0. Once a call returns false no further task is begun.
 * Returns when all workers are done; false if a call did. Where threads can't be had there are fewer
 * workers. */
bool dt_threads_run(int jobs, size_t tasks, bool (*work)(void *context, int worker, size_t task),
                    void *context);

#endif
