/*
 * A lane group that is measured: of one policy, by one kernel, with the forward pass of its outcomes.
 */
#ifndef DT_BENCH_LANES_H
#define DT_BENCH_LANES_H

#include "bench.h"
#include "bound.h"
#include "trace/outcomes.h"

typedef struct bench_group {
    dt_kernel kernel;
    bool gaps;
    const double *world; /* parameters of the worlds, */
    size_t step;         /* from one to the next */
    dt_arena *arena;
    bench_bound *bound;
    dt_group *group;
    dt_forward *forward;
    dt_outcomes *outcomes;
} bench_group;

/* The kernel that is asked for, or the one that is chosen here; DT_KERNEL_AUTO: it doesn't run here. */
dt_kernel bench_kernel(int which);

/* A group by a kernel that runs here, solved once so that its memory has been touched. The parameters of the first world
 * are at `world`, each further one's `step` numbers on: with 0 all are one. Or the model's, and the worlds drawn. */
bench_group *bench_group_new(const dt_game *game, const double *world, size_t step,
                             dt_kernel kernel, bool gaps);
bench_group *bench_group_of(bench *b, dt_kernel kernel, bool gaps);
void bench_group_free(bench_group *g);

/* Solves the first `worlds` of its worlds, eight at a time, with every outcome or without: seconds. */
double bench_group_worlds(const bench_group *g, size_t worlds, bool outcomes);

/* Whether the group's model is one of which moving alone can be measured. */
bool bench_group_moves(const bench_group *g);

#endif
