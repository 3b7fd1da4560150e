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
    /* What the others learn of a private variable of K values, K = value_count: at j·K + k the expectation of
     * what they believe of its value of rank k where in truth it has that of rank j at that time; NAN where it
     * can't have that. */
    size_t learnings; /* sum of K² */
    size_t
        *learned_first; /* [variables] into learned, of those that are private and told by values */
    double
        *learned; /* [1+periods][learnings] the first as play begins, then at each period's end */
} dt_over_time;

/* By one forward pass over the horizon, with private variables over the exact chain: then means and shares
 * of these are those of the truth. Play that has ended stands in its last state, with its beliefs. Of an
 * outcome whose argument isn't finite somewhere, the numbers aren't either. */
dt_over_time *dt_over_time_make(dt_arena *arena, const dt_solution *solution);

#endif
