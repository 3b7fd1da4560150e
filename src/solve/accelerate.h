/*
 * Fewer sweeps for play forever in games that can end (accelerate.c). One for each group, with room for
 * a few sweeps' values; what it does for a world depends on that world alone.
 */
#ifndef DT_SOLVE_ACCELERATE_H
#define DT_SOLVE_ACCELERATE_H

#include "solve/group.h"

double dt_acceleration_bytes(const dt_group_plan *plan);
struct dt_acceleration *dt_acceleration_new(dt_arena *arena, const dt_group_plan *plan,
                                            struct dt_anderson *steps);

/* Before the first sweep. */
void dt_acceleration_begin(dt_group *group);

/* Whether the values that the last sweep began with are those of plain sweeps alone. */
bool dt_acceleration_plain(const dt_group *group, size_t world);

/* Of a world whose values have settled: whether they did where plain sweeps were about to. If not the
 * next step goes back to these. */
bool dt_acceleration_arrived(dt_group *group, size_t world);

/* After sweep `sweeps`, from 1, of the worlds that go on: sets the values that the next one begins
 * with, group->next, which are those that the sweep has found unless it accelerates. */
void dt_acceleration_step(dt_group *group, uint64_t sweeps, const int64_t *going);

#endif
