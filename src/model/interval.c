/*
 * Interval arithmetic with outward rounding (Moore 1966; Hickey, Ju & van Emden 2001 on division and
 * infinities). A bound is computed to nearest and moved outward by one unit in the last place unless
 * the error of that computation, found exactly by TwoSum or a fused multiply-add, says that it need not
 * be: so 1 - p with p in 0 .. 1 is 0 .. 1, and its root is safe. Since rounding to nearest is monotone,
 * what encloses the exact results encloses the computed ones. The exponential and the logarithm are
 * moved by some units more, as no library rounds them correctly and the lanes have their own.
 *
 * Invariant: low <= high, neither is NaN, and a mark is never lost.
 */
#include "model/interval.h"

#include <assert.h>
#include <float.h>
#include <math.h>

static const double LEAST_EXACT = 1e-280; /* below it the error of a product is lost itself */
enum { LOOSE = 8 };                       /* units in the last place of exp and log */

static const dt_interval EVERYTHING = {-INFINITY, INFINITY, true};

static double lesser(double a, double b)
{
    return b < a ? b : a;
}

static double greater(double a, double b)
{
    return b > a ? b : a;
}

/* `nearest`, moved towards `way` unless `error`, the exact result less it, makes that needless; an
 * error of NaN is one that isn't known. */
static double outward(double nearest, double error, double way)
{
    const bool fine = error == 0 || (way < 0 ? error > 0 : error < 0);
    return fine ? nearest : nextafter(nearest, way);
}

static double loosen(double number, double way)
{
    for (int i = 0; i < LOOSE; i++)
        number = nextafter(number, way);
    return number;
}

/* ---- sums -------------------------------------------------------------------------------------- */

static double add_outward(double a, double b, double way)
{
    const double sum = a + b;
    if (isnan(sum)) /* infinities that cancel */
        return way;
    const double part = sum - a, error = (a - (sum - part)) + (b - part);
    return outward(sum, isinf(a) || isinf(b) ? 0 : error, way);
}

static dt_interval add(dt_interval a, dt_interval b)
{
    const bool cancels =
        (a.high == INFINITY && b.low == -INFINITY) || (a.low == -INFINITY && b.high == INFINITY);
    return (dt_interval){add_outward(a.low, b.low, -INFINITY),
                         add_outward(a.high, b.high, INFINITY), a.nan || b.nan || cancels};
}

static dt_interval negate(dt_interval a)
{
    return (dt_interval){-a.high, -a.low, a.nan};
}

/* ---- products ---------------------------------------------------------------------------------- */

static bool holds_zero(dt_interval a)
{
    return a.low <= 0 && a.high >= 0;
}

static bool holds_infinity(dt_interval a)
{
    return isinf(a.low) || isinf(a.high);
}

/* The product of two ends; 0 times infinity is 0, the limit from within. */
static double multiply_outward(double a, double b, double way)
{
    if (a == 0 || b == 0)
        return 0;
    const double product = a * b;
    if (isinf(a) || isinf(b))
        return product;
    const double error = fabs(product) < LEAST_EXACT ? (double)NAN : fma(a, b, -product);
    return outward(product, error, way);
}

/* The quotient of two ends; infinity over infinity is 0, the limit from within. */
static double divide_outward(double a, double b, double way)
{
    if (a == 0 || (isinf(a) && isinf(b)))
        return 0;
    const double quotient = a / b;
    if (isinf(a) || isinf(b))
        return isinf(b) ? 0 : quotient;
    const bool lost = fabs(quotient) < LEAST_EXACT || fabs(a) < LEAST_EXACT;
    const double rest = fma(-quotient, b, a); /* of the exact a / b, times b */
    return outward(quotient, lost ? (double)NAN : b > 0 ? rest : -rest, way);
}

/* The hull of what the four pairs of ends give. */
static dt_interval hull_of_ends(double (*of)(double, double, double), dt_interval a, dt_interval b)
{
    dt_interval hull = {INFINITY, -INFINITY, a.nan || b.nan};
    for (int i = 0; i < 4; i++) {
        const double x = i & 1 ? a.high : a.low, y = i & 2 ? b.high : b.low;
        hull.low = lesser(hull.low, of(x, y, -INFINITY));
        hull.high = greater(hull.high, of(x, y, INFINITY));
    }
    return hull;
}

static dt_interval multiply(dt_interval a, dt_interval b)
{
    dt_interval product = hull_of_ends(multiply_outward, a, b);
    product.nan |= (holds_zero(a) && holds_infinity(b)) || (holds_zero(b) && holds_infinity(a));
    return product;
}

static dt_interval divide(dt_interval a, dt_interval b)
{
    dt_interval quotient = {-INFINITY, INFINITY, a.nan || b.nan || holds_zero(a)};
    if (!holds_zero(b))
        quotient = hull_of_ends(divide_outward, a, b);
    quotient.nan |= holds_infinity(a) && holds_infinity(b);
    return quotient;
}

dt_interval dt_interval_square(dt_interval a)
{
    const double low = fabs(a.low), high = fabs(a.high), least = lesser(low, high),
                 most = greater(low, high);
    return (dt_interval){holds_zero(a) ? 0 : multiply_outward(least, least, -INFINITY),
                         multiply_outward(most, most, INFINITY), a.nan};
}

/* ---- truth ------------------------------------------------------------------------------------- */

/* no, yes, or either. */
static dt_interval truth(bool maybe_no, bool maybe_yes, bool nan)
{
    assert(maybe_no || maybe_yes);
    return (dt_interval){maybe_no ? 0 : 1, maybe_yes ? 1 : 0, nan};
}

static bool maybe_yes(dt_interval a)
{
    return a.low != 0 || a.high != 0;
}

static dt_interval compare(dt_operator op, dt_interval a, dt_interval b)
{
    const bool nan = a.nan || b.nan, apart = a.high < b.low || b.high < a.low,
               same = a.low == a.high && b.low == b.high && a.low == b.low;
    if (op == DT_OP_EQUAL)
        return truth(!same, !apart, nan);
    if (op == DT_OP_UNEQUAL)
        return truth(!apart, !same, nan);
    if (op == DT_OP_LESS)
        return truth(!(a.high < b.low), a.low < b.high, nan);
    assert(op == DT_OP_AT_MOST);
    return truth(!(a.high <= b.low), a.low <= b.high, nan);
}

/* ---- functions --------------------------------------------------------------------------------- */

static dt_interval logarithm(dt_interval a)
{
    if (a.high < 0)
        return EVERYTHING;
    return (dt_interval){a.low <= 0 ? -INFINITY : loosen(log(a.low), -INFINITY),
                         a.high == 0 ? -DBL_MAX : loosen(log(a.high), INFINITY),
                         a.nan || a.low < 0};
}

static double root_outward(double a, double way)
{
    const double root = sqrt(a);
    if (root == 0 || isinf(root))
        return root;
    return outward(root, a < LEAST_EXACT ? (double)NAN : fma(-root, root, a), way);
}

static dt_interval root(dt_interval a)
{
    if (a.high < 0)
        return EVERYTHING;
    return (dt_interval){a.low <= 0 ? 0 : root_outward(a.low, -INFINITY),
                         root_outward(a.high, INFINITY), a.nan || a.low < 0};
}

/* x < y ? y : x > z ? z : x, where y may be above z. */
static dt_interval clamp(dt_interval x, dt_interval y, dt_interval z)
{
    dt_interval clamped = {lesser(greater(x.low, y.low), z.low), lesser(x.high, z.high),
                           x.nan || y.nan || z.nan};
    if (x.low < y.high) /* the y above can be it */
        clamped.high = greater(clamped.high, y.high);
    clamped.high = greater(clamped.high, clamped.low);
    return clamped;
}

static dt_interval select(dt_interval condition, dt_interval yes, dt_interval no)
{
    if (!maybe_yes(condition))
        return (dt_interval){no.low, no.high, no.nan || condition.nan};
    if (!holds_zero(condition))
        return (dt_interval){yes.low, yes.high, yes.nan || condition.nan};
    return (dt_interval){lesser(yes.low, no.low), greater(yes.high, no.high),
                         yes.nan || no.nan || condition.nan};
}

/* a - b floor(a / b): between 0 and b, and a itself if it is already. */
static dt_interval modulo(dt_interval a, dt_interval b)
{
    dt_interval rest = {lesser(b.low, 0), greater(b.high, 0),
                        a.nan || b.nan || holds_zero(b) || holds_infinity(a) || holds_infinity(b)};
    if (a.low == a.high && b.low == b.high && !rest.nan)
        rest.low = rest.high = dt_operate(DT_OP_MODULO, a.low, b.low, 0);
    else if (a.low >= 0 && b.low > a.high)
        rest = (dt_interval){a.low, a.high, rest.nan};
    return rest;
}

/* The power of two ends, whose error is below a unit in the last place (base/power.h): exact if it is
 * 0 or 1, as of these bases and the exponent 0. */
static double power_outward(double a, double b, double way)
{
    const double power = dt_operate(DT_OP_POWER, a, b, 0);
    if (a == 0 || fabs(a) == 1 || b == 0)
        return power;
    return way > 0 && power == INFINITY ? power : nextafter(power, way);
}

/* Powers of a number from 0 up: monotone in each, so that the corners are the extremes; at 0 the power
 * falls from infinity through 1 to 0 as the exponent rises through 0. */
static dt_interval power_above(dt_interval a, dt_interval b)
{
    dt_interval hull = {INFINITY, -INFINITY, false};
    for (int i = 0; i < 4; i++) {
        const double x = i & 1 ? a.high : a.low, y = i & 2 ? b.high : b.low;
        hull.low = lesser(hull.low, power_outward(x, y, -INFINITY));
        hull.high = greater(hull.high, power_outward(x, y, INFINITY));
    }
    if (a.low == 0 && b.low <= 0 && b.high > 0)
        hull.low = 0;
    if (holds_zero(b)) {
        hull.low = lesser(hull.low, 1);
        hull.high = greater(hull.high, 1);
    }
    hull.low = greater(hull.low, 0);
    return hull;
}

static dt_interval power(dt_interval a, dt_interval b)
{
    const bool lost = a.nan || b.nan || holds_infinity(a) || holds_infinity(b);
    if (lost || (a.low < 0 && (b.low != b.high || b.low != floor(b.low))))
        return EVERYTHING;
    if (a.low >= 0)
        return power_above(a, b);
    const bool odd = fmod(b.low, 2) != 0;
    if (holds_zero(a) && b.low < 0)
        return (dt_interval){odd ? -INFINITY : 0, INFINITY, false};
    const double least_at = b.low > 0 ? a.low : a.high, most_at = b.low > 0 ? a.high : a.low;
    if (odd)
        return (dt_interval){power_outward(least_at, b.low, -INFINITY),
                             power_outward(most_at, b.low, INFINITY), false};
    const double least = lesser(fabs(a.low), fabs(a.high)),
                 most = greater(fabs(a.low), fabs(a.high));
    return power_above((dt_interval){holds_zero(a) ? 0 : least, most, false}, b);
}

static dt_interval operate(dt_operator op, dt_interval a, dt_interval b, dt_interval c)
{
    const bool nan = a.nan || b.nan;
    switch (op) {
    case DT_OP_NEGATE:
        return negate(a);
    case DT_OP_NOT:
        return truth(maybe_yes(a), holds_zero(a), a.nan);
    case DT_OP_ADD:
        return add(a, b);
    case DT_OP_SUBTRACT:
        return add(a, negate(b));
    case DT_OP_MULTIPLY:
        return multiply(a, b);
    case DT_OP_DIVIDE:
        return divide(a, b);
    case DT_OP_EQUAL:
    case DT_OP_UNEQUAL:
    case DT_OP_LESS:
    case DT_OP_AT_MOST:
        return compare(op, a, b);
    case DT_OP_AND:
        return truth(holds_zero(a) || holds_zero(b), maybe_yes(a) && maybe_yes(b), nan);
    case DT_OP_OR:
        return truth(holds_zero(a) && holds_zero(b), maybe_yes(a) || maybe_yes(b), nan);
    case DT_OP_MIN:
        return (dt_interval){lesser(a.low, b.low), lesser(a.high, b.high), nan};
    case DT_OP_MAX:
        return (dt_interval){greater(a.low, b.low), greater(a.high, b.high), nan};
    case DT_OP_ABS:
        return (dt_interval){holds_zero(a) ? 0 : lesser(fabs(a.low), fabs(a.high)),
                             greater(fabs(a.low), fabs(a.high)), a.nan};
    case DT_OP_EXP:
        return (dt_interval){greater(loosen(exp(a.low), -INFINITY), 0),
                             loosen(exp(a.high), INFINITY), a.nan};
    case DT_OP_LOG:
        return logarithm(a);
    case DT_OP_SQRT:
        return root(a);
    case DT_OP_CLAMP:
        return clamp(a, b, c);
    case DT_OP_SELECT:
        return select(a, b, c);
    case DT_OP_PROBABILITY:
        return clamp(a, dt_interval_point(0), dt_interval_point(1));
    case DT_OP_MODULO:
        return modulo(a, b);
    case DT_OP_FLOOR:
        return (dt_interval){floor(a.low), floor(a.high), a.nan};
    case DT_OP_POWER:
        return power(a, b);
    case DT_OP_BELIEF:
        return truth(holds_zero(a), maybe_yes(a), nan);
    case DT_OP_CONSTANT:
    case DT_OP_PARAMETER:
    case DT_OP_NOW:
    case DT_OP_SLOT:
    case DT_OP_ROLE:
    case DT_OP_SHARE:
    case DT_OPS:
        break;
    }
    assert(!"a leaf has no operation");
    return EVERYTHING;
}

dt_interval dt_interval_operate(dt_operator op, dt_interval a, dt_interval b, dt_interval c)
{
    const dt_interval result = operate(op, a, b, c);
    assert(result.low <= result.high);
    return result;
}
