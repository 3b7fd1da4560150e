/*
 * A part of the work on a group of worlds, to be timed by itself. Compiled for each kernel, as kernel
 * sources are (src/base/lane.h).
 */
#ifndef DT_BENCH_BOUND_H
#define DT_BENCH_BOUND_H

#include "solve/sweep.h"

/* The backward induction of values with its arithmetic removed: everything that is read is read, in
 * the same order, and everything that is written is written, but nothing is multiplied, no stage game
 * is solved, no exponential taken. */
typedef void bench_bound(dt_group *group);
bench_bound bench_bound_plain, bench_bound_avx2, bench_bound_avx512;

#endif
