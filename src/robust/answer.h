/*
 * An answer: one arena that holds it and lives as long, and one for the work, which doesn't.
 */
#ifndef DT_ROBUST_ANSWER_H
#define DT_ROBUST_ANSWER_H

#include "base/arena.h"

/* Runs work(arena, scratch, argument, found) under the limits of `options`. If that returns DT_OK,
 * *answer is what it put into *found, and `arena` lives on as its owner; else *answer is NULL. A want
 * of memory is told, and DT_LIMIT. */
dt_status dt_answer(const dt_options *options,
                    dt_status (*work)(dt_arena *arena, dt_arena *scratch, void *argument,
                                      void **found),
                    void *argument, void **answer);

#endif
