/*
 * The grid of beliefs: how fine it is and how many points it has. A belief about a variable of K
 * values is K numbers that sum to 1; on the grid their sums c_1 ≤ … ≤ c_{K−1} are among the N + 1
 * numbers (1 − cos(πj/N))/2, j = 0…N, so a variable has as many points as there are such sequences,
 * C(N + K − 1, K − 1). Beliefs about several variables are independent: a point for each of them.
 */
#ifndef DT_MODEL_BELIEFS_H
#define DT_MODEL_BELIEFS_H

#include "model/model.h"

/* N for a private variable: `beliefs` if that isn't 0, else the model's, else 32 for two values and
 * 16 for more. */
int dt_fineness(const dt_model *model, int variable, int beliefs);

/* The points of one variable's grid; UINT64_MAX if that many or more. */
uint64_t dt_belief_points(int values, int fineness);
/* Those of all private variables together, likewise; 1 without any. */
uint64_t dt_all_belief_points(const dt_model *model, int beliefs);

/* The largest N for all private variables with which their points are at most DT_MAX_BELIEFS, or 0:
 * not even with the least. */
int dt_largest_fineness(const dt_model *model);

/* Whether dt_options.beliefs is 0, or even and within the limits. NULL is right. */
bool dt_fineness_is_right(const dt_options *options);
/* Whether the grid has at most DT_MAX_BELIEFS points; else that is told, with the largest N that
 * fits. The caller then ends with DT_LIMIT. */
bool dt_beliefs_fit(const dt_model *model, const dt_options *options, dt_diagnostics *diagnostics);

/* Whether a model has private variables, which is told, `what` ("equilibria are looked for") being done only where all
 * are known. */
bool dt_refuse_private(const dt_model *model, const dt_options *options, const char *what);

#endif
