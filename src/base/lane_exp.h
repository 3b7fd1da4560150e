/*
 * exp and log in lanes.
 *
 * exp: x = n log 2 + r with |r| <= (log 2)/2, the part subtracted in two pieces of which the first
 * is exact; exp r = 1 + r + r² P(r), P the near-minimax polynomial of degree 10 (relative error of
 * the whole below 2^-61); then two exact multiplications by powers of two, so that subnormal results
 * are rounded once and large ones overflow (Muller, Elementary Functions, 3rd ed., §11).
 *
 * log: x = 2^k (1+f) with √½ <= 1+f < √2 and s = f/(2+f), so that log(1+f) = 2 atanh s
 *    = f - f²/2 + s (f²/2 + s² G(s²)),  G near-minimax of degree 6.
 *
 * Errors, as test/unit/test_lanes.c asserts them against long double: exp below 1 unit in the last
 * place wherever the result is normal, half the least subnormal more below; log below 1 unit.
 * Special values are those of the C library.
 */
#ifndef DT_BASE_LANE_EXP_H
#define DT_BASE_LANE_EXP_H

#include <math.h>

#include "base/lane.h"

/* log 2 as a number of 32 bits and the rest */
#define DT_LOG2_HIGH 0x1.62e42feep-1
#define DT_LOG2_REST 0x1.a39ef35793c76p-33

/* Added to a number below 2^51 it leaves the nearest integer in the low bits. */
#define DT_ROUNDER 0x1.8p52

/* Shifting the sign's bit as any other. */
typedef uint64_t dt_lane_bits __attribute__((vector_size(8 * DT_LANES)));

/* 2^n for whole -1022 <= n <= 1023 */
DT_LANE_INLINE dt_lane dt_lane_power_of_two(dt_lane n)
{
    return (dt_lane)(((dt_lane_bits)(n + DT_ROUNDER) + 1023) << 52);
}

DT_LANE_INLINE dt_lane dt_lane_exp(dt_lane x)
{
    /* beyond these the result is infinite or 0 all the same; NaN passes */
    x = dt_lane_greater(dt_lane_all(-760), dt_lane_lesser(dt_lane_all(720), x));
    const dt_lane n = (x * 0x1.71547652b82fep0 + DT_ROUNDER) - DT_ROUNDER;
    const dt_lane r = (x - n * DT_LOG2_HIGH) - n * DT_LOG2_REST;
    const dt_lane r2 = r * r, r4 = r2 * r2;
    const dt_lane low =
        (0.5 + r * 0x1.5555555555557p-3) + r2 * (0x1.5555555555556p-5 + r * 0x1.11111111100dfp-7);
    const dt_lane middle = (0x1.6c16c16c162d6p-10 + r * 0x1.a01a01abe6323p-13) +
                           r2 * (0x1.a01a01a6d7831p-16 + r * 0x1.71de0237484cdp-19);
    const dt_lane high =
        (0x1.27e4db67ac2b0p-22 + r * 0x1.af4ddda1c08cdp-26) + r2 * 0x1.1f72fc83bcbc7p-29;
    const dt_lane y = 1.0 + (r + r2 * (low + r4 * (middle + r4 * high)));
#ifdef DT_FOR_AVX512
    return _mm512_scalef_pd(y, n); /* the same: it rounds once */
#else
    const dt_lane half = (n * 0.5 + DT_ROUNDER) - DT_ROUNDER;
    return y * dt_lane_power_of_two(half) * dt_lane_power_of_two(n - half);
#endif
}

DT_LANE_INLINE dt_lane dt_lane_log(dt_lane x)
{
    const dt_lane_mask tiny = (dt_lane_mask)(x < 0x1p-1022);
    const dt_lane scaled = dt_lane_select(tiny, x * 0x1p54, x);
    const dt_lane_bits bits = (dt_lane_bits)scaled;
    /* k so that scaled / 2^k lies in √½ … √2: the exponent once √½ is shifted to 1 */
    const dt_lane_bits shifted = bits + (0x3ff0000000000000 - 0x3fe6a09e667f3bcd);
    const dt_lane_bits exponent = (shifted >> 52) & 0x7ff;
    const dt_lane k = ((dt_lane)(exponent | 0x4330000000000000) - 0x1p52) - 1023.0 -
                      dt_lane_where(tiny, dt_lane_all(54));
    const dt_lane_bits mantissa = (shifted & 0x000fffffffffffff) + 0x3fe6a09e667f3bcd;
    const dt_lane f = (dt_lane)mantissa - 1.0;
    const dt_lane s = f / (2.0 + f), z = s * s, half = 0.5 * f * f;
    const dt_lane low = 0x1.5555555555558p-1 + z * 0x1.9999999995276p-2;
    const dt_lane middle = 0x1.2492492dfd3d3p-2 + z * 0x1.c71c62d643033p-3;
    const dt_lane high =
        (0x1.7462b900e4b3ep-3 + z * 0x1.39fdd060a2a56p-3) + z * z * 0x1.2b5f3df0a9a78p-3;
    const dt_lane rest = z * (low + z * z * (middle + z * z * high));
    dt_lane y = k * DT_LOG2_HIGH - ((half - (s * (half + rest) + k * DT_LOG2_REST)) - f);
    /* infinity stays, and so does NaN; below 0 there is no logarithm */
    y = dt_lane_select((dt_lane_mask)(x <= 1.7976931348623157e308), y, x);
    y = dt_lane_select((dt_lane_mask)(x < 0.0), dt_lane_all(NAN), y);
    return dt_lane_select((dt_lane_mask)(x == 0.0), dt_lane_all(-INFINITY), y);
}

#endif
