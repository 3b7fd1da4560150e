/*
 * Coefficients: the numbers of a game that depend on parameters, each distinct expression once. A
 * world is a new column of this table: `dt_coefficients_evaluate` runs it from front to back.
 */
#ifndef DT_GAME_COEFFICIENT_H
#define DT_GAME_COEFFICIENT_H

#include "model/expression.h"

/* Expressions without SLOT and ROLE. */
typedef struct dt_expressions dt_coefficients;

/* values[i] for each coefficient i, from parameter[]. */
void dt_coefficients_evaluate(const dt_coefficients *table, const double *parameter,
                              double *values);

#endif
