/*
 * The mechanical chain of two policies P and Q: what comes of Q if everybody goes on by the strategy of P's
 * rules (DESIGN §3, Ingredients). Made once for two games, then run for any number of worlds.
 */
#ifndef DT_TRACE_MECHANICAL_H
#define DT_TRACE_MECHANICAL_H

#include "game/vantage.h"
#include "solve/solve.h"

typedef struct dt_mechanical dt_mechanical;

/* Explores what the chain needs. Needs both games as long as it lives. */
dt_status dt_mechanical_new(const dt_game *from, const dt_game *to, const dt_options *options,
                            dt_mechanical **mechanical);
void dt_mechanical_free(dt_mechanical *mechanical);

/* outcome [outcomes] of the chain: strategies by the parameters `from`, probabilities and outcomes by `to`
 * [params], which both have their policies' settings. *uniform: the share of decisions, by mover and by how
 * often they are made over the horizon, that are taken uniformly, as P's rules have no strategy there. DT_NO if the strategies
 * of P's rules aren't solved at situations of the chain, or an outcome isn't a number: then all are NaN, and told. */
dt_status dt_mechanical_run(const dt_mechanical *mechanical, const double *from, const double *to,
                            dt_values values, const dt_options *options, double *outcome,
                            double *uniform);

#endif
