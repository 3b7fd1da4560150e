/*
 * Quantiles: from a share of a distribution to the number below which that share lies.
 */
#ifndef DT_STUDY_QUANTILE_H
#define DT_STUDY_QUANTILE_H

#include "model/model.h"

/* How a distribution is parted by a number: below + above = 1, each known to full relative
 * precision, so that neither tail is lost in the rounding of the other. */
typedef struct dt_share {
    double below, above;
} dt_share;

/* What a parameter that isn't fixed is drawn from. */
typedef struct dt_quantile {
    /* The value is offset + scale * s (LOGNORMAL: exp of that) with s from the standard distribution
     * of this kind; a UNIFORM is between low and high. */
    dt_distribution_kind kind; /* a PERT is a BETA */
    double shape[2];           /* BETA: a, b; GAMMA: shape; TRIANGULAR: mode; else unused */
    double offset, scale;
    double low, high;         /* where support and declared range meet, both finite */
    int values;               /* of a list, from which each is drawn alike; 0: no list */
    const double *list;       /* [values] ascending */
    dt_share at_low, at_high; /* of the untruncated distribution, at low and high */
} dt_quantile;

/* Prepares the quantiles of a parameter: of its distribution, truncated to its range, or of the
 * uniform one over its range, or over the values of its list, if it is deep. False, and told, if they can't be had: shapes beyond
 * what can be computed, or less than 1e-290 of the distribution in the range. */
bool dt_quantile_prepare(const dt_param *param, dt_diagnostics *diagnostics, dt_quantile *quantile);

/* The number below which the share lies: in low..high, to a relative precision of about 1e-13. */
double dt_quantile_at(const dt_quantile *quantile, dt_share share);

/* How the standard normal distribution is parted by a score, and the score that parts it so. */
dt_share dt_normal_share(double score);
double dt_normal_score(dt_share share);

#endif
