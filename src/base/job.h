/*
 * Jobs: work within arenas that are made for it. A job needs memory only while it lasts; an answer is
 * what the work makes, with an arena that lives as long, beside one for the work.
 */
#ifndef DT_BASE_JOB_H
#define DT_BASE_JOB_H

#include "base/arena.h"

/* Runs work(arena, argument) with a new arena under the limit of `options` (NULL: none), which dies with it.
 * Returns what the work returns; DT_LIMIT, told to `options`, if memory ran out. */
dt_status dt_job(const dt_options *options, dt_status (*work)(dt_arena *arena, void *argument),
                 void *argument);

/* Runs work(arena, scratch, argument, found) under the limits of `options`. If that returns DT_OK,
 * *answer is what it put into *found, and `arena` lives on as its owner; else *answer is NULL. A want
 * of memory is told, and DT_LIMIT. */
dt_status dt_answer(const dt_options *options,
                    dt_status (*work)(dt_arena *arena, dt_arena *scratch, void *argument,
                                      void **found),
                    void *argument, void **answer);

#endif
