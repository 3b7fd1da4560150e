/*
 * Interval arithmetic: between which bounds the operators of expressions stay when their operands do.
 */
#ifndef DT_MODEL_INTERVAL_H
#define DT_MODEL_INTERVAL_H

#include "model/expression.h"

/* Every number from low to high, either maybe infinite; never empty. If marked also NaN, or whatever an
 * operator makes of a NaN that it hides: a marked interval proves nothing. */
typedef struct dt_interval {
    double low, high;
    bool nan;
} dt_interval;

static inline dt_interval dt_interval_point(double number)
{
    return (dt_interval){number, number, false};
}

/* Encloses what op(x, y, z) can be for x in a, y in b, z in c, in exact arithmetic and as the program
 * computes it; not for the leaves. Where an operand is marked, so is the result. */
dt_interval dt_interval_operate(dt_operator op, dt_interval a, dt_interval b, dt_interval c);

/* Encloses x * x: tighter than the product of two numbers that happen to have the same bounds. */
dt_interval dt_interval_square(dt_interval a);

#endif
