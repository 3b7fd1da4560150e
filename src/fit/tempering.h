/*
 * Tempered sequential Monte Carlo: from draws of the prior to draws of the posterior, and the evidence
 * on the way. Coordinates are normal scores: a priori each is a standard normal number, independent of
 * the others, whatever parameter it stands for. Nothing here knows what the likelihood is of.
 */
#ifndef DT_FIT_TEMPERING_H
#define DT_FIT_TEMPERING_H

#include "base/arena.h"

/* What is drawn from. `loglik` puts the log likelihood of `count` points score[count][dimensions] into
 * loglik[count]: -INFINITY or NaN where the point has none. The same point has the same likelihood to the
 * last bit, whatever it is asked for with. Any status but DT_OK ends the work. */
typedef struct dt_target {
    size_t dimensions;
    dt_status (*loglik)(void *context, size_t count, const double *score, double *loglik);
    void *context;
} dt_target;

/* How far the particles have come; numbers alone, so that a file can keep it. */
typedef struct dt_stage_reached {
    double temperature; /* the power of the likelihood, 0 to 1 */
    double evidence;    /* log of the integral of prior times likelihood to that power */
    double reach;       /* of the moves by differences, adapted to what was accepted */
    double
        kept; /* after the last moves the largest correlation of a coordinate with what it was before */
    double accepted;      /* share of the proposals of the last moves */
    uint64_t steps;       /* of the temperature */
    uint64_t sweeps;      /* every particle was proposed a move in each */
    uint64_t evaluations; /* of the likelihood */
    uint64_t without;     /* of these, points that have none */
} dt_stage_reached;

typedef struct dt_swarm {
    size_t particles, dimensions;
    uint64_t seed;
    dt_stage_reached at;
    double *score;  /* [particles][dimensions] */
    double *loglik; /* [particles] */
    uint32_t *root; /* [particles] the draw of the prior that it descends from */
    double *excess; /* [particles] by root: what its descendants had more than their part of the
                       weight, summed over the steps */
    /* Work space. */
    double *proposal, *before, *archive; /* [particles][dimensions] */
    double *proposed, *weight, *density; /* [particles] */
    double *mean, *factor; /* [dimensions], [dimensions][dimensions] of the population */
    uint32_t *parent;      /* [particles] */
} dt_swarm;

enum { DT_LEAST_PARTICLES = 16, DT_MOST_PARTICLES = 1 << 20 };

/* All zeroed: dt_swarm_start or a copy of what was kept comes next. */
dt_swarm *dt_swarm_new(dt_arena *arena, size_t particles, size_t dimensions, uint64_t seed);

/* Draws from the prior. DT_NO if no particle has a likelihood. */
dt_status dt_swarm_start(dt_swarm *swarm, const dt_target *target);

/* One temperature further: weights, the evidence, resampling, moves. Not to be called at temperature 1.
 * `pulse` (may be NULL) is called before each sweep; if it says false the work ends with DT_LIMIT, and
 * the swarm is of no more use. */
dt_status dt_swarm_step(dt_swarm *swarm, const dt_target *target, bool (*pulse)(void *context),
                        void *context);

/* The standard error of the log evidence so far (Chan & Lai 2013, by the descendants of each draw). */
double dt_swarm_evidence_error(const dt_swarm *swarm);

/* How many independent draws the particles are worth for the mean of value[particles]; at most
 * `particles`. */
double dt_swarm_effective(const dt_swarm *swarm, const double *value, double *room);

#endif
