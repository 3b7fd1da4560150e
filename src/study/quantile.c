/*
 * The quantile function of every distribution of the language, truncated to the parameter's range:
 * with F the distribution function, x = F⁻¹(F(low) + u (F(high) − F(low))). Both F and 1 − F are
 * carried along and the smaller one is inverted, so that truncations far out in a tail keep their
 * precision. Normal quantiles are GSL's (Wichura's AS 241). Beta and gamma ones are found from GSL's
 * distribution functions by Ridders' method (1979) on the logarithm of the tail against the
 * logarithm of the number, where both tails are nearly straight: GSL's own inverses may fail to
 * converge and then end the program.
 *
 * Invariant: GSL is asked nothing that it can fail at; its error handler, which belongs to the
 * whole process, is neither called nor changed. That is what the limits on shapes are for: within
 * them the series and continued fractions of GSL end before it gives them up.
 */
#include "study/quantile.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

static const double LEAST_SHAPE = 1e-3, LARGEST_SHAPE = 1e5, LEAST_MASS = 1e-290;
static const double FLAT = 1e-10; /* a range with less of the tail than this has an even density */

dt_share dt_normal_share(double score)
{
    return (dt_share){gsl_cdf_ugaussian_P(score), gsl_cdf_ugaussian_Q(score)};
}

double dt_normal_score(dt_share share)
{
    return share.below <= share.above ? gsl_cdf_ugaussian_Pinv(share.below)
                                      : gsl_cdf_ugaussian_Qinv(share.above);
}

/* ---- standard distributions ---- */

static dt_share beta_share(double a, double b, double x)
{
    if (x <= 0)
        return (dt_share){0, 1};
    if (x >= 1)
        return (dt_share){1, 0};
    return (dt_share){gsl_cdf_beta_P(x, a, b), gsl_cdf_beta_Q(x, a, b)};
}

static dt_share gamma_share(double shape, double x)
{
    if (x <= 0)
        return (dt_share){0, 1};
    if (x >= 2 * shape + 2000) /* where 1 − F < 1e-323, by Chernoff's bound */
        return (dt_share){1, 0};
    return (dt_share){gsl_cdf_gamma_P(x, shape, 1), gsl_cdf_gamma_Q(x, shape, 1)};
}

/* From 0 to 1: F = x²/mode up to the mode, 1 − F = (1 − x)²/(1 − mode) from there. */
static dt_share triangular_share(double mode, double x)
{
    x = fmin(fmax(x, 0), 1);
    if (x < mode)
        return (dt_share){x * x / mode, 1 - x * x / mode};
    if (mode == 1)
        return (dt_share){1, 0};
    const double above = (1 - x) * (1 - x) / (1 - mode);
    return (dt_share){1 - above, above};
}

static double triangular_quantile(double mode, dt_share share)
{
    return share.below < mode ? sqrt(mode * share.below) : 1 - sqrt((1 - mode) * share.above);
}

/* ---- inverting a tail ---- */

/* One tail of a beta or gamma distribution, and how much of it is wanted. */
typedef struct tail {
    dt_distribution_kind kind;
    double a, b;
    bool above; /* 1 − F, else F */
    double log_wanted;
} tail;

/* log(share of the tail at e^t) − log(share wanted); shares too small for a double count as e^-800. */
static double miss(const tail *tail, double t)
{
    const double x = exp(t);
    const dt_share share =
        tail->kind == DT_BETA ? beta_share(tail->a, tail->b, x) : gamma_share(tail->a, x);
    const double found = tail->above ? share.above : share.below;
    return (found > 0 ? log(found) : -800) - tail->log_wanted;
}

/* The t at which the tail has the share wanted: bracketed by growing steps from t, then Ridders'. */
static double invert(const tail *tail, double t, double step)
{
    enum { MOST = 200 }; /* every round halves a bracket at least; usual are five */
    double a = t, miss_a = miss(tail, a), b, miss_b;
    const double way = (miss_a < 0) == tail->above ? -1 : 1;
    for (;; step *= 2) {
        b = a + way * step;
        miss_b = miss(tail, b);
        if ((miss_b < 0) != (miss_a < 0))
            break;
        assert(fabs(b) < 1e6 && "a tail goes from 0 to 1");
        a = b;
        miss_a = miss_b;
    }
    double last = INFINITY;
    for (int round = 0; round < MOST; round++) {
        const double middle = a + (b - a) / 2, miss_middle = miss(tail, middle);
        const double root = sqrt(miss_middle * miss_middle - miss_a * miss_b);
        if (miss_middle == 0 || root == 0)
            return middle;
        t = middle + (middle - a) * (miss_a > miss_b ? 1 : -1) * (miss_middle / root);
        if (fabs(t - last) <= 1e-14 * fmax(1, fabs(t)))
            break;
        last = t;
        const double miss_t = miss(tail, t);
        if ((miss_t < 0) != (miss_middle < 0)) {
            a = middle;
            miss_a = miss_middle;
            b = t;
            miss_b = miss_t;
        } else if ((miss_t < 0) != (miss_a < 0)) {
            b = t;
            miss_b = miss_t;
        } else {
            a = t;
            miss_a = miss_t;
        }
        assert((miss_a < 0) != (miss_b < 0));
    }
    return t;
}

/* The x that parts the distribution so: the smaller share is inverted; 0 for the too small. */
static double tail_quantile(dt_distribution_kind kind, const double shape[2], dt_share share,
                            double mean, double relative_sd)
{
    const bool above = share.below > share.above;
    const double smaller = above ? share.above : share.below;
    if (smaller <= 0)
        return above ? INFINITY : 0;
    const tail wanted = {kind, shape[0], shape[1], above, log(smaller)};
    const double x = exp(invert(&wanted, log(mean), relative_sd));
    return x < DBL_MIN ? 0 : x;
}

static double beta_tail(double a, double b, dt_share share)
{
    const double mean = a / (a + b), relative_sd = sqrt(b / (a * (a + b + 1)));
    return tail_quantile(DT_BETA, (double[]){a, b}, share, mean, relative_sd);
}

/* Above 1/2 a beta is inverted as its mirror image, beta(b, a) of 1 − x. */
static double beta_quantile(const double shape[2], dt_share share)
{
    const double a = shape[0], b = shape[1];
    const dt_share half = beta_share(a, b, 0.5);
    const bool mirror =
        share.below <= share.above ? share.below > half.below : share.above < half.above;
    return mirror ? 1 - beta_tail(b, a, (dt_share){share.above, share.below})
                  : beta_tail(a, b, share);
}

static double gamma_quantile(const double shape[2], dt_share share)
{
    return tail_quantile(DT_GAMMA, shape, share, shape[0], 1 / sqrt(shape[0]));
}

/* ---- a parameter's distribution ---- */

/* The share at a value, of the untruncated distribution. */
static dt_share share_at(const dt_quantile *q, double value)
{
    if (q->kind == DT_LOGNORMAL)
        value = value > 0 ? log(value) : -INFINITY;
    const double s = (value - q->offset) / q->scale;
    switch (q->kind) {
    case DT_NORMAL:
    case DT_LOGNORMAL:
        return dt_normal_share(s);
    case DT_BETA:
        return beta_share(q->shape[0], q->shape[1], s);
    case DT_GAMMA:
        return gamma_share(q->shape[0], s);
    case DT_TRIANGULAR:
        return triangular_share(q->shape[0], s);
    case DT_UNIFORM:
    case DT_PERT:
    case DT_DISTRIBUTION_NONE:
        break;
    }
    assert(!"uniform distributions need no shares, PERT ones are beta");
    return (dt_share){0, 1};
}

/* The distribution without its truncation: kind, shape, offset and scale; low and high take in its
 * support. */
static void standardise(const dt_param *param, dt_quantile *q)
{
    const double *a = param->argument;
    q->kind = param->distribution;
    q->scale = 1;
    switch (q->kind) {
    case DT_NORMAL:
    case DT_LOGNORMAL:
        q->offset = a[0];
        q->scale = a[1];
        break;
    case DT_BETA:
        q->shape[0] = a[0];
        q->shape[1] = a[1];
        q->high = fmin(q->high, 1);
        break;
    case DT_GAMMA:
        q->shape[0] = a[0];
        q->scale = a[1];
        break;
    case DT_TRIANGULAR:
    case DT_PERT:
        q->offset = a[0];
        q->scale = a[2] - a[0];
        q->shape[0] = (a[1] - a[0]) / q->scale;
        if (q->kind == DT_PERT) { /* of shape 4: beta(1 + 4 m, 5 − 4 m), m the standard mode */
            q->kind = DT_BETA;
            q->shape[1] = 5 - 4 * q->shape[0];
            q->shape[0] = 1 + 4 * q->shape[0];
        }
        break;
    case DT_UNIFORM:
    case DT_DISTRIBUTION_NONE: /* deep */
        q->kind = DT_UNIFORM;
        break;
    }
    if (param->distribution == DT_LOGNORMAL || param->distribution == DT_BETA ||
        param->distribution == DT_GAMMA) {
        q->low = fmax(q->low, 0);
    } else if (param->distribution == DT_TRIANGULAR || param->distribution == DT_PERT ||
               param->distribution == DT_UNIFORM) {
        q->low = fmax(q->low, a[0]);
        q->high = fmin(q->high, param->distribution == DT_UNIFORM ? a[1] : a[2]);
    }
}

static bool has_good_shape(const dt_quantile *q)
{
    const int shapes = q->kind == DT_BETA ? 2 : q->kind == DT_GAMMA ? 1 : 0;
    for (int i = 0; i < shapes; i++) {
        if (!(q->shape[i] >= LEAST_SHAPE && q->shape[i] <= LARGEST_SHAPE))
            return false;
    }
    return isfinite(q->scale);
}

bool dt_quantile_prepare(const dt_param *param, dt_diagnostics *diagnostics, dt_quantile *q)
{
    assert(param->uncertainty != DT_FIXED);
    *q = (dt_quantile){.low = fmax(param->low, -DBL_MAX),
                       .high = fmin(param->high, DBL_MAX),
                       .values = param->values,
                       .list = param->list};
    standardise(param, q);
    assert(q->low < q->high && "the checker sees to that");
    if (q->kind == DT_UNIFORM)
        return true;
    if (!has_good_shape(q)) {
        char least[32], largest[32];
        dt_complain(diagnostics, DT_UNDRAWABLE, param->is.place, param->is.name,
                    param->distribution_text, dt_print_number(least, LEAST_SHAPE),
                    dt_print_number(largest, LARGEST_SHAPE));
        return false;
    }
    q->at_low = share_at(q, q->low);
    q->at_high = share_at(q, q->high);
    if (fmin(q->at_high.below, q->at_low.above) < LEAST_MASS) {
        dt_complain(diagnostics, DT_EMPTY_TRUNCATION, param->is.place, param->is.name);
        return false;
    }
    if (q->at_high.below - q->at_low.below < FLAT * q->at_high.below &&
        q->at_low.above - q->at_high.above < FLAT * q->at_low.above)
        q->kind = DT_UNIFORM;
    assert(q->kind == DT_UNIFORM || q->at_low.below < q->at_high.below ||
           q->at_low.above > q->at_high.above);
    return true;
}

double dt_quantile_at(const dt_quantile *q, dt_share u)
{
    assert(u.below >= 0 && u.above >= 0 && fabs(u.below + u.above - 1) < 1e-14);
    const dt_share share = {u.above * q->at_low.below + u.below * q->at_high.below,
                            u.above * q->at_low.above + u.below * q->at_high.above};
    double s = 0;
    switch (q->kind) {
    case DT_NORMAL:
    case DT_LOGNORMAL:
        s = dt_normal_score(share);
        break;
    case DT_BETA:
        s = beta_quantile(q->shape, share);
        break;
    case DT_GAMMA:
        s = gamma_quantile(q->shape, share);
        break;
    case DT_TRIANGULAR:
        s = triangular_quantile(q->shape[0], share);
        break;
    case DT_UNIFORM:
    case DT_PERT:
    case DT_DISTRIBUTION_NONE:
        assert(q->kind == DT_UNIFORM);
        if (q->values) /* steps of equal width */
            return q->list[(size_t)fmin(floor(u.below * q->values), q->values - 1)];
        return fmin(fmax(u.above * q->low + u.below * q->high, q->low), q->high);
    }
    double value = q->offset + q->scale * s;
    if (q->kind == DT_LOGNORMAL)
        value = exp(value);
    return fmin(fmax(value, q->low), q->high);
}
