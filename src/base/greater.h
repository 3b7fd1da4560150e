/*
 * The greater and the lesser of two numbers, neither NaN: unlike fmax and fmin these are a single
 * instruction. They stand in the innermost loops.
 */
#ifndef DT_BASE_GREATER_H
#define DT_BASE_GREATER_H

static inline double dt_greater(double a, double b)
{
    return a > b ? a : b;
}

static inline double dt_lesser(double a, double b)
{
    return a < b ? a : b;
}

#endif
