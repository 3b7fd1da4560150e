/*
 * One world's cells and nodes, in the kernels (lane.h): what sweep.c asks of them.
 */
#ifndef DT_SOLVE_LANE_NODES_H
#define DT_SOLVE_LANE_NODES_H

#include "solve/lane.h"
#include "solve/sweep.h"

/* What cells cell … beyond-1 of the quotient are worth, into worth [cells][sweep->columns], the
 * columns of the pass: what is paid, and the expectation over branches. */
void DT_KERNEL(dt_nodes_sum)(const dt_sweep *sweep, const dt_pass *pass, uint64_t cell,
                             uint64_t beyond, double *worth);

/* Decides and values the first `count` nodes of a batch, whose cells are in sweep->worth. Allocates
 * nothing; touches what belongs to these nodes, and the space. */
void DT_KERNEL(dt_nodes_run)(dt_sweep *sweep, const dt_pass *pass, dt_node_space *space,
                             const dt_batch *batch, uint32_t count);

#endif
