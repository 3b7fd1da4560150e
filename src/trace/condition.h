/*
 * Conditions of expectations: what one comes to, the numbers of outcomes being looked up elsewhere.
 */
#ifndef DT_TRACE_CONDITION_H
#define DT_TRACE_CONDITION_H

#include "model/model.h"

/* By chance alone numbers nearer than this are the same: what differs less differs by rounding. */
#define DT_SAME_BY_CHANCE 1e-9

/* The number of an outcome of the model (those of expectations follow the declared ones) under a policy. */
typedef double dt_look_up(void *context, int outcome, int policy);

/* Whether a condition is "value in low .. high": that stands in the tree as low <= value and value <= high, with one
 * `value` that has two parents; it must be visited once, or nested ranges would take exponential time. */
bool dt_condition_is_range(const dt_condition *condition);

/* The value of a condition where outcomes that name no policy are those of `policy`; every outcome in it is looked up.
 * Numbers nearer than `slack` count as the same: neither is less than the other. */
double dt_condition_evaluate(const dt_condition *condition, int policy, double slack,
                             dt_look_up *look_up, void *context);

#endif
