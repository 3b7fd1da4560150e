/*
 * Passing masses on from nodes to what follows them: what forward.c asks of the kernels.
 */
#ifndef DT_TRACE_SPREAD_H
#define DT_TRACE_SPREAD_H

#include "trace/forward.h"

/* What is compiled for each kernel: nodes first … beyond-1, in order. */
typedef struct dt_spread {
    void (*worlds)(dt_forward *forward, const double *strategy, uint32_t first, uint32_t beyond);
    void (*nodes)(dt_forward *forward, const double *strategy, uint32_t first, uint32_t beyond);
} dt_spread;

#endif
