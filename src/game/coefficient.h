/*
 * Coefficients: the numbers of a game that depend on parameters, each distinct expression once. A
 * world is a new column of this table (world.h): operands come first, so that it is evaluated in one pass.
 * What depends on a private variable reads it here as it reads parameters, so a type is a column, too.
 */
#ifndef DT_GAME_COEFFICIENT_H
#define DT_GAME_COEFFICIENT_H

#include "model/expression.h"

/* Expressions without ROLE and BELIEF, and without SLOT but for private variables: their value, not its
 * rank. SHARE stands in coefficients alone. */
typedef struct dt_expressions dt_coefficients;

#endif
