/*
 * The Pareto set: what nothing else beats by every criterion.
 */
#ifndef DT_ROBUST_PARETO_H
#define DT_ROBUST_PARETO_H

#include <stddef.h>

/* Of scores [policies][criteria], more being better: for each policy one that is no worse by any
 * criterion and better by one, or `policies` if there is none. Ties as in ranking.h. */
void dt_pareto(const double *score, const double *size, size_t policies, size_t criteria,
               size_t *dominated);

#endif
