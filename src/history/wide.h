/*
 * Wide numbers: what isn't negative, however small. A history is a product of many probabilities, and a
 * strategy gives every action one above 0, so what play leads to never is quite impossible; as doubles such
 * products would end in 0 long before. A wide number is part · 2^(512 step), its part within 2^±256 unless it
 * is 0: sums and products cost little more than those of doubles, and have their rounding.
 */
#ifndef DT_HISTORY_WIDE_H
#define DT_HISTORY_WIDE_H

#include <math.h>
#include <stdint.h>

typedef struct dt_wide {
    double part;
    int64_t step;
} dt_wide;

static const double DT_WIDE_LOG = 354.89135644669199842; /* 512 log 2 */

static inline dt_wide dt_wide_settle(dt_wide x)
{
    while (x.part < 0x1p-256 && x.part > 0) {
        x.part *= 0x1p512;
        x.step--;
    }
    while (x.part > 0x1p256) {
        x.part *= 0x1p-512;
        x.step++;
    }
    return x;
}

static inline dt_wide dt_wide_of(double x)
{
    return dt_wide_settle((dt_wide){x, 0});
}

/* exp(x), also where that is no double. */
static inline dt_wide dt_wide_exp(double x)
{
    const double step = x > -170 && x < 170 ? 0 : rint(x / DT_WIDE_LOG);
    return dt_wide_settle((dt_wide){exp(x - step * DT_WIDE_LOG), (int64_t)step});
}

static inline double dt_wide_log(dt_wide x)
{
    return x.part > 0 ? log(x.part) + (double)x.step * DT_WIDE_LOG : -(double)INFINITY;
}

static inline dt_wide dt_wide_times(dt_wide a, dt_wide b)
{
    return dt_wide_settle((dt_wide){a.part * b.part, a.step + b.step});
}

static inline dt_wide dt_wide_plus(dt_wide a, dt_wide b)
{
    if (a.part == 0)
        return b;
    if (b.part == 0)
        return a;
    const dt_wide more = a.step < b.step ? b : a, less = a.step < b.step ? a : b;
    if (more.step == less.step)
        return dt_wide_settle((dt_wide){a.part + b.part, a.step});
    return more.step == less.step + 1 ? (dt_wide){more.part + less.part * 0x1p-512, more.step}
                                      : more;
}

/* a / b, b above 0. */
static inline dt_wide dt_wide_over(dt_wide a, dt_wide b)
{
    return dt_wide_settle((dt_wide){a.part / b.part, a.step - b.step});
}

/* As a double: 0 if it is less than any. */
static inline double dt_wide_double(dt_wide x)
{
    if (x.step == 0)
        return x.part;
    const double most = 8;
    const double step = (double)x.step < -most  ? -most
                        : (double)x.step > most ? most
                                                : (double)x.step;
    return ldexp(x.part, 512 * (int)step);
}

#endif
