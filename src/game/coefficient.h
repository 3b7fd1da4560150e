/*
 * Coefficients: the numbers of a game that depend on parameters, each distinct expression once. A
 * world is a new column of this table (world.h): operands come first, so that it is evaluated in one pass.
 */
#ifndef DT_GAME_COEFFICIENT_H
#define DT_GAME_COEFFICIENT_H

#include "model/expression.h"

/* Expressions without SLOT and ROLE. */
typedef struct dt_expressions dt_coefficients;

#endif
