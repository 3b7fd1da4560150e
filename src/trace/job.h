/*
 * A job: work that needs memory only while it lasts.
 */
#ifndef DT_TRACE_JOB_H
#define DT_TRACE_JOB_H

#include "base/arena.h"

/* Runs work(arena, argument) with a new arena under the limit of `options` (NULL: none), which dies with it.
 * Returns what the work returns; DT_LIMIT, told to `options`, if memory ran out. */
dt_status dt_job(const dt_options *options, dt_status (*work)(dt_arena *arena, void *argument),
                 void *argument);

#endif
