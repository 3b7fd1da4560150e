/*
 * Powers in double-double arithmetic (Dekker 1971; Hida, Li & Bailey 2001): a number is the sum of two
 * doubles, the second at most half a unit in the last place of the first, which makes about 104 bits.
 * Only operations that IEEE 754 rounds correctly are used, so that no library has a say in the result.
 *
 * Whole exponents are worked out by squaring, the power of two of each factor kept apart so that nothing
 * overflows on the way. All others are exp(y log x): with x = 2^e m, m near 1,
 *     log m = 2 artanh s,   s = (m - 1) / (m + 1),   by the series of artanh,
 * and exp of what is left of y log x after the nearest multiple of log 2 by its series.
 *
 * Invariant: what is lost before the last rounding is below 2^-70 of the result.
 */
#include "base/power.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

enum { ARTANH_TERMS = 22, EXP_TERMS = 22 };

/* Exponents up to this are worked out by squaring, which loses about as many units of 2^-104. */
static const double MOST_SQUARED = 0x1p20;

/* high + low */
typedef struct twin {
    double high, low;
} twin;

static const twin LOG_2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

/* a + b if |a| >= |b| or a is 0 */
static twin order(double a, double b)
{
    const double sum = a + b;
    return (twin){sum, b - (sum - a)};
}

/* a + b exactly */
static twin sum_of(double a, double b)
{
    const double sum = a + b, part = sum - a;
    return (twin){sum, (a - (sum - part)) + (b - part)};
}

static twin add(twin a, twin b)
{
    const twin high = sum_of(a.high, b.high), low = sum_of(a.low, b.low);
    const twin rest = order(high.high, high.low + low.high);
    return order(rest.high, rest.low + low.low);
}

static twin multiply(twin a, twin b)
{
    const double product = a.high * b.high;
    return order(product, fma(a.high, b.high, -product) + (a.high * b.low + a.low * b.high));
}

static twin divide(twin a, twin b)
{
    twin quotient = {0, 0}, rest = a;
    for (int digit = 0; digit < 3; digit++) {
        const twin part = {rest.high / b.high, 0};
        const twin taken = multiply(part, b);
        rest = add(rest, (twin){-taken.high, -taken.low});
        quotient = add(quotient, part);
    }
    return quotient;
}

/* The number times a power of two. */
static double scaled(twin number, double exponent)
{
    if (exponent > 2000)
        return INFINITY;
    return exponent < -2200 ? 0 : ldexp(number.high + number.low, (int)exponent);
}

/* x^n for x > 0 and whole n. */
static double square(double x, double n)
{
    int two;
    twin factor = {frexp(x, &two), 0}, product = {1, 0};
    double factor_two = two, product_two = 0;
    for (double left = fabs(n); left > 0; left = floor(left / 2)) {
        if (fmod(left, 2) != 0) {
            product = multiply(product, factor);
            product_two += factor_two;
        }
        factor = multiply(factor, factor);
        factor_two *= 2;
        /* both are from 1/4 to 1: back to at least 1/2 */
        if (factor.high < 0.5) {
            factor = (twin){2 * factor.high, 2 * factor.low};
            factor_two--;
        }
        if (product.high < 0.5) {
            product = (twin){2 * product.high, 2 * product.low};
            product_two--;
        }
    }
    if (n > 0)
        return scaled(product, product_two);
    return scaled(divide((twin){1, 0}, product), -product_two);
}

/* The logarithm of x > 0. */
static twin logarithm(double x)
{
    int two;
    double m = frexp(x, &two);
    if (m < 0x1.6a09e667f3bcdp-1) { /* the root of 1/2: now m is from it to its reciprocal */
        m *= 2;
        two--;
    }
    const twin s = divide((twin){m - 1, 0}, sum_of(m, 1)), squared = multiply(s, s);
    twin sum = {0, 0};
    for (int k = ARTANH_TERMS; k >= 0; k--)
        sum = add(divide((twin){1, 0}, (twin){2 * k + 1, 0}), multiply(squared, sum));
    sum = multiply((twin){2 * s.high, 2 * s.low}, sum);
    return add(multiply((twin){two, 0}, LOG_2), sum);
}

/* Of a number between those whose exponential is too large or too small. */
static double exponential(twin x)
{
    const double two = rint(x.high / LOG_2.high);
    const twin taken = multiply((twin){two, 0}, LOG_2);
    const twin rest = add(x, (twin){-taken.high, -taken.low});
    twin sum = {1, 0};
    for (int n = EXP_TERMS; n > 0; n--)
        sum = add((twin){1, 0}, divide(multiply(rest, sum), (twin){n, 0}));
    return scaled(sum, two);
}

/* x^y for x > 0. */
static double general(double x, double y)
{
    const double LARGEST = 710, SMALLEST = -746;
    const twin log = logarithm(x);
    const double roughly = log.high * y;
    if (roughly > LARGEST)
        return INFINITY;
    if (roughly < SMALLEST)
        return 0;
    return exponential(multiply(log, (twin){y, 0}));
}

double dt_raise(double base, double exponent)
{
    if (!isfinite(base) || !isfinite(exponent))
        return NAN;
    if (exponent == 0)
        return 1;
    if (base == 0)
        return exponent < 0 ? INFINITY : 0;
    const bool whole = exponent == floor(exponent);
    if (base < 0 && !whole)
        return NAN;
    const double x = fabs(base);
    const double power =
        whole && fabs(exponent) <= MOST_SQUARED ? square(x, exponent) : general(x, exponent);
    assert(power >= 0);
    return base < 0 && fmod(exponent, 2) != 0 ? -power : power;
}
