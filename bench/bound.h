/*
 * Parts of the work on a lane group, to be timed one by one. Compiled for each kernel, as kernel
 * sources are (src/solve/lane.h).
 */
#ifndef DT_BENCH_BOUND_H
#define DT_BENCH_BOUND_H

#include "solve/lanes.h"

/* The backward induction of values with its arithmetic removed: everything that is read is read, in
 * the same order, and everything that is written is written, but nothing is multiplied, no stage game
 * is solved, no exponential taken. */
typedef void bench_bound(dt_lane_group *group);
bench_bound bench_bound_plain, bench_bound_avx2, bench_bound_avx512;

/* The forward pass over the horizon, of a group that has been solved and keeps its strategies. */
typedef void bench_forward(dt_lane_group *group);
bench_forward bench_forward_plain, bench_forward_avx2, bench_forward_avx512;

#endif
