/*
 * One sweep: from the values at the beginning of the next period to every decision and value of a
 * period. Backward induction, play forever and the gaps are sequences of sweeps.
 *
 * Decisions are made at tables. A table has DT_WORLDS seats, one for each lane of a vector, at which
 * the same choice is made: of many worlds, each at the same node; of one world, at as many nodes with
 * the same menu. What is decided at a seat depends on what lies there alone. How numbers come to the
 * table and go back is the matter of lane_worlds.c and of lane_nodes.c, which both have the functions
 * of a `dt_seating`; what is done in between is in lane_decide.c, once.
 */
#ifndef DT_SOLVE_SWEEP_H
#define DT_SOLVE_SWEEP_H

#include "solve/group.h"
#include "solve/lane_signal.h"
#include "solve/lane_stage.h"

/* What a sweep is to do. */
typedef struct dt_pass {
    dt_group *group;
    uint32_t period;      /* from 0, or DT_EVERY_PERIOD */
    size_t first, beyond; /* columns that are worked out */
    bool decide;          /* strategies are made; else they are followed, and if actors' values are
                             worked out the residual is measured */
    bool count;           /* failures, crossings and the residual of what is decided are counted */
    double *strategy;     /* [options] */
    const double *guess;  /* [options] strategies that may be near, or NULL */
} dt_pass;

/* Work space of one thread, and what it finds in a stage. Arrays of double end in [DT_WORLDS]. */
typedef struct dt_space {
    struct dt_lane_space *stage;
    double *payoff;       /* [2][cells][agents] Q of each agent in each cell */
    double *q;            /* [2][total] */
    double *strategy;     /* [2][total] */
    double *joint;        /* [cells] */
    double *column;       /* [cells] one column of worth */
    double *own;          /* [2][cells][columns] worth of cells that no other node has */
    const double **worth; /* [2][cells][seats that differ] where the worth of cells is */
    dt_found *found;      /* [width] */
} dt_space;

/* A table. All arrays of lanes end in [DT_PACKS]. */
typedef struct dt_table {
    const dt_pass *pass;
    const dt_menu *menu;
    dt_space *space;
    const struct dt_seating *seating;
    size_t seats;                  /* that are taken, the first ones */
    const uint32_t *node;          /* [seats] of each seat; a place. Of worlds they are one node */
    size_t node_step, world_step;  /* from seat to seat: 0 or 1 */
    dt_lane_mask active[DT_PACKS]; /* seats at which something is to be decided */
    const double **worth;          /* as the seating has it */
    dt_lane *payoff;               /* [cells][agents]; of a sole agent it is q */
    dt_lane *q, *strategy;         /* [total] */
    const dt_lane *guess;          /* [total] or NULL; may be `strategy` */
} dt_table;

/* The node and the world of a seat. */
static inline uint32_t dt_table_node(const dt_table *table, size_t seat)
{
    return table->node[seat * table->node_step];
}

static inline size_t dt_table_world(const dt_table *table, size_t seat)
{
    return seat * table->world_step;
}

/* How numbers come to the seats of a table, and go back. */
typedef struct dt_seating {
    /* One column of the worth of cells, to [cells], `stride` lanes apart. */
    void (*gather)(const dt_table *table, size_t column, dt_lane *to, size_t stride);
    /* One column of the values of the nodes. */
    void (*put)(const dt_table *table, size_t column, const dt_lane *from);
    /* The average of all columns of worth, by the probabilities of cells, into the values. */
    void (*average)(const dt_table *table, const dt_lane *joint);
} dt_seating;

/* ---- within a kernel (lane.h) ---------------------------------------------------------------- */

/* Two tables are decided side by side where a stage game fills but one vector. */
enum { DT_TABLES = DT_PACKS == 1 ? 2 : 1 };

/* Decides at one table, or at two with the same menu: each mover's Q into q, and strategies, made or
 * measured; with `first` past the actors' columns, nothing. */
void DT_KERNEL(dt_decide)(const dt_table *table, int tables);

/* What the nodes are worth then: all columns of the pass. Overwrites q and payoff. */
void DT_KERNEL(dt_value)(const dt_table *table);

/* ---- kernels --------------------------------------------------------------------------------- */

/* What is compiled for each kernel and width. */
typedef struct dt_lane_sweep {
    /* What is paid at the first `count` leaves, and what lies ahead. */
    void (*leaves)(const dt_pass *pass, uint32_t count);
    /* The worth of cells first … beyond-1 of a stage into group->worth; NULL if tables work out what
     * cells are worth by themselves. */
    void (*cells)(const dt_pass *pass, uint32_t stage, uint32_t first, uint32_t beyond);
    /* The nodes at tables first … beyond-1 of a stage, of which those below `limit` can occur; with
     * many worlds each node has a table of its own, in the order of places. */
    void (*tables)(const dt_pass *pass, dt_space *space, uint32_t first, uint32_t beyond,
                   uint32_t limit);
    /* One node by itself, whatever else has been done in its stage; with many worlds alone. */
    void (*alone)(const dt_pass *pass, dt_space *space, uint32_t node);
} dt_lane_sweep;

typedef struct dt_lane_code {
    struct dt_lane_space *(*space_new)(dt_arena *arena, int agents, int total_options, int cells);
    const dt_lane_sweep *worlds, *nodes;
    struct dt_lane_signal_space *(*signal_space_new)(dt_arena *arena, const dt_signal_size *size);
    uint32_t (*signal_solve)(const dt_lane_signal *game, struct dt_lane_signal_space *space);
    uint32_t (*signal_told)(const dt_lane_signal *game, struct dt_lane_signal_space *space,
                            struct dt_lane_told *told);
} dt_lane_code;

/* The kernel that is asked for; NULL if it doesn't run here. */
const dt_lane_code *dt_lane_code_of(dt_kernel kernel);

/* From next to value, all stages from the last to the first. Worlds whose values are too large fail.
 * False if the work is to be left off. */
bool dt_sweep_run(const dt_pass *pass);

/* The parts of that: leaves, from what lies ahead of them; then a stage whose successors are done. */
void dt_sweep_ahead(const dt_pass *pass);
bool dt_sweep_stage(const dt_pass *pass, uint32_t stage);

/* From value to next, these columns, in the worlds of the mask (NULL: all); `before` is what next was. */
void dt_sweep_turn(dt_group *group, size_t first, size_t beyond, const int64_t *mask);

#endif
