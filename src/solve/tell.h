/*
 * What is told of a world that is wrong or has no solution: the same words whether it was solved
 * alone or among others.
 */
#ifndef DT_SOLVE_TELL_H
#define DT_SOLVE_TELL_H

#include "base/diagnostic.h"
#include "solve/group.h"

/* Complains of what is wrong with a world: the number, the place in the text, and at which stage, in
 * which period and state it was met. */
void dt_wrong_complain(dt_arena *arena, dt_diagnostics *diagnostics, const dt_game *game,
                       const dt_wrong *wrong);

/* Where a node's branch ended early, and how: "stage s in 2019Q3 at x=1: the principal branch …". */
void dt_failure_print(const dt_game *game, const dt_failure *failure, dt_text *text);

#endif
