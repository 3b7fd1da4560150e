/*
 * Over time: what outcomes and state variables look like at the end of each period, under the
 * strategies found.
 */
#ifndef DT_TRACE_OVER_TIME_H
#define DT_TRACE_OVER_TIME_H

#include "solve/solve.h"

/* Variables with more values than this are told by their mean alone. */
enum { DT_TOLD_VALUES = 12 };

/* Of an outcome, by its form: `ever` and `first` the probability that the condition has held by
 * then; `last` the expectation at that time; `mean` the expectation in that period, so that the
 * average over the periods is the outcome; `total` the sum so far. */
typedef struct dt_over_time {
    uint32_t periods;    /* the horizon */
    double *outcome;     /* [periods][declared outcomes] */
    double *mean;        /* [periods][variables] expectation at the end of the period */
    size_t values;       /* sum of value_count */
    size_t *value_first; /* [variables] into share */
    size_t *value_count; /* [variables] values of the variable; 0: more than DT_TOLD_VALUES */
    double *share;       /* [periods][values] probability of each value, the least first */
} dt_over_time;

/* By one forward pass over the horizon. Play that has ended stands in its last state. Of an outcome
 * whose argument isn't finite somewhere, the numbers aren't either. */
dt_over_time *dt_over_time_make(dt_arena *arena, const dt_solution *solution);

#endif
