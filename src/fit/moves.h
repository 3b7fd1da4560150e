/*
 * Moves of the particles at one temperature, and the random numbers that everything random about them
 * is made of.
 */
#ifndef DT_FIT_MOVES_H
#define DT_FIT_MOVES_H

#include "fit/tempering.h"

/* What a random number is for. */
typedef enum dt_draw_kind {
    DT_DRAW_PRIOR,
    DT_DRAW_RESAMPLING,
    DT_DRAW_PROPOSAL,
    DT_DRAW_TAIL,
    DT_DRAW_PARTNER,
    DT_DRAW_ACCEPT,
} dt_draw_kind;

/* Numbers of particle i at the swarm's step and sweep: one in (0, 1), or `count` standard normal ones. */
double dt_swarm_uniform(const dt_swarm *swarm, size_t i, dt_draw_kind kind);
void dt_swarm_normals(const dt_swarm *swarm, size_t i, dt_draw_kind kind, size_t count,
                      double *normal);

/* Counts the points that have no likelihood. */
void dt_swarm_count(dt_swarm *swarm, const double *loglik);

/* Sweeps of moves, until particles have moved. Wants mean and factor of the population, and parents. */
dt_status dt_swarm_move(dt_swarm *swarm, const dt_target *target, bool (*pulse)(void *context),
                        void *context);

#endif
