/*
 * Solving a lane group: DT_WORLDS worlds of one game by the same passes over its graph. A plan says
 * which columns of numbers are worked out at every node; it is made once for a game and shared. A
 * group is the work space of one worker, used for one handful of worlds after the other.
 *
 * Columns of a node, in this order:
 *     value  [actors]   V_i
 *     best   [agents]   what the agent gets if it answers best from there on (certificate.c)
 *     along  [agents]   what it gets by playing along; with surplus values alone, whose V counts taste
 * Outcomes need no columns: the forward pass that follows carries three numbers where they would need
 * dozens. It wants the strategies of the horizon's periods. If there is memory for them they are kept;
 * else they are made anew, a period at a time, from the values at the beginning of the next period,
 * which are kept. Both ways the same bits come out: the guesses that they are made from, where
 * solutions are certainly unique, are for all periods before the anchor the strategies of the anchor,
 * which is the first period past the horizon, or the last if there is none.
 *
 * Worlds fail one by one. One that does is no longer active: its numbers go on meaninglessly, and
 * nothing that is done for the others depends on them.
 */
#ifndef DT_SOLVE_LANES_H
#define DT_SOLVE_LANES_H

#include "base/diagnostic.h"
#include "game/game.h"
#include "solve/greater.h"
#include "solve/lane_stage.h"
#include "solve/lanes_graph.h"
#include "solve/sweep.h"

typedef struct dt_lane_plan {
    const dt_game *game;
    dt_values values;
    bool outcomes, gaps;
    double scale; /* of everybody's rationality */
    const dt_lane_graph *graph;
    size_t places; /* of the game */
    size_t states, actors, agents;
    uint32_t anchor;  /* a period; see above */
    uint64_t *option; /* [game's nodes] first entry in a period's strategies */
    size_t columns;
    size_t best, along; /* first columns of these kinds; `columns` if there are none */
    size_t paid;        /* numbers of a payment row: for each actor, then for each team */
    int *column_paid;   /* [columns] which of them a column is paid */
    bool *moves;        /* [agents] whether it decides anything */

    /* the largest node */
    int most_agents, most_total, most_cells;
    bool together;

    /* The forward pass carries `masses` numbers: the probability of being at a place and, for each
     * outcome of the forms ever and first, that of being there without its condition having held. */
    size_t masses;
    int *mass_outcome;      /* [masses] of each but the first */
    uint32_t outcome_rows;  /* distinct rows of outcome arguments; */
    uint32_t *outcome_row;  /* [outcome_rows] the game's rows */
    uint32_t *outcome_leaf; /* [outcome_rows] a leaf at which it stands */
    uint32_t *leaf_now;     /* [leaves] into the list above: the arguments at the period's end */
    uint32_t *leaf_over;    /* [leaves] once play has ended; read where it has */
    uint32_t *row_hit;      /* [outcome_rows][masses] coefficient of a condition, or DT_NOWHERE */
} dt_lane_plan;

/* What is wrong with a world. */
typedef struct dt_lane_fault {
    dt_code code;    /* DT_CODES: nothing */
    int item;        /* the actor, check, payment row or outcome that it is about */
    double number;   /* that was found */
    uint32_t place;  /* or DT_NOWHERE */
    uint32_t period; /* from 0, or DT_NOWHERE */
} dt_lane_fault;

/* The first node of a world whose branch ended early. */
typedef struct dt_lane_failure {
    uint32_t place, period;
    dt_branch_result result;
} dt_lane_failure;

/* All arrays of double end in [DT_WORLDS]. */
typedef struct dt_lane_group {
    const dt_lane_plan *plan;
    double *parameter;   /* [params]: the worlds to be solved */
    double *coefficient; /* [coefficients] */
    double *discount;    /* [columns] */
    double *rationality; /* [agents] */
    double *payment;     /* [rows][paid] */
    double *value;       /* [graph's places][columns] */
    double *next;        /* [states][columns] at the beginning of the next period */
    double *before;      /* [states][columns] next, a sweep earlier */
    double *ahead;       /* [states+1][columns] next discounted; 0 where play is over */
    double *earlier;     /* [states][actors] some sweeps earlier; see stationary.c */
    double *sigma;       /* [1, 2 or 1+anchor][options] see dt_lane_sigma */
    double *kept;        /* [horizon][states][actors] next of each period, if it is needed */
    bool keeps;          /* strategies of all periods of the horizon */

    double *mass;     /* [places][masses] */
    double *arriving; /* [states][masses] */
    double *row_mass; /* [outcome_rows][3] see lane_forward.c */

    double *shared; /* [slots][columns] worth of cells that several nodes of a stage have */
    /* nodes at work, one or two at a time */
    double *worth;             /* [2][cells][columns] of their own cells */
    const double **cell_worth; /* [2][cells] where it is: there, shared, or at a place */
    double *joint;             /* [cells] */
    double *q;                 /* [2][total] */
    double *payoff;            /* [2][cells][agents] */
    dt_lane_space *space;

    bool steady_world[DT_WORLDS]; /* the members of each team discount alike, so that what counts
                                     for it is the same in every period */
    bool steady;                  /* so it is in all worlds */
    int64_t active[DT_WORLDS];    /* -1: being solved, 0: no such world, or it has failed */

    /* Called before each sweep; false: leave off, what is found means nothing. */
    bool (*go_on)(void *context);
    void *context;
    bool stopped;

    /* what is found */
    double *start;   /* [columns] at the start */
    double *outcome; /* [outcomes] */
    double residual[DT_WORLDS];
    dt_lane_fault fault[DT_WORLDS];
    uint64_t failures[DT_WORLDS], crossed[DT_WORLDS], sweeps[DT_WORLDS];
    dt_lane_failure failure[DT_WORLDS];
    bool settled[DT_WORLDS];
} dt_lane_group;

/* What is compiled for each kernel. */
typedef struct dt_lane_code {
    dt_lane_space *(*space_new)(dt_arena *arena, int agents, int total_options, int cells);
    /* Solves group->parameter for the first `worlds` worlds. Allocates nothing. */
    void (*solve)(dt_lane_group *group, int worlds);
    /* one world alone: lane_nodes.h */
    void (*nodes_sum)(const dt_sweep *sweep, const dt_pass *pass, uint64_t cell, uint64_t beyond,
                      double *worth);
    void (*nodes_run)(dt_sweep *sweep, const dt_pass *pass, dt_node_space *space,
                      const dt_batch *batch, uint32_t count);
} dt_lane_code;

extern const dt_lane_code dt_lane_code_plain;
#ifdef __x86_64__
extern const dt_lane_code dt_lane_code_avx2;
extern const dt_lane_code dt_lane_code_avx512;
#endif

/* The kernel that is asked for; NULL if it doesn't run here. */
const dt_lane_code *dt_lane_code_of(dt_kernel kernel);

dt_lane_plan *dt_lane_plan_new(dt_arena *arena, const dt_game *game, dt_values values,
                               bool outcomes, bool gaps, double scale);

/* The space for stage games that a group of this plan needs; NULL if nobody moves at once. */
dt_lane_space *dt_lane_plan_space(dt_arena *arena, const dt_lane_plan *plan,
                                  const dt_lane_code *code);

/* Bytes that dt_lane_group_new takes. */
double dt_lane_group_bytes(const dt_lane_plan *plan, bool keeps);
/* Keeps the strategies of the whole horizon, or makes them twice. */
dt_lane_group *dt_lane_group_new(dt_arena *arena, const dt_lane_plan *plan, dt_lane_space *space,
                                 bool keeps);

/* Where the strategies of a period are: those from the anchor on share one place. */
static inline double *dt_lane_sigma(const dt_lane_group *group, uint32_t period)
{
    const dt_lane_plan *plan = group->plan;
    size_t at = 0;
    if (!plan->game->forever && period < plan->anchor)
        at = group->keeps ? 1 + (size_t)period : 1;
    return group->sigma + at * plan->graph->option[plan->graph->nodes] * DT_WORLDS;
}

/* Marks a world as failed, unless it has been before. */
static inline void dt_lane_fail(dt_lane_group *group, int world, dt_lane_fault fault)
{
    if (group->active[world] && group->fault[world].code == DT_CODES)
        group->fault[world] = fault;
    group->active[world] = 0;
}

/* (own/most)^t by squaring, of discounts: 1 exactly if they are equal. */
static inline double dt_lane_power(double own, double most, uint32_t t)
{
    double rho = own == most ? 1 : own / most, product = 1;
    for (; t != 0; t >>= 1, rho *= rho)
        product *= t & 1 ? rho : 1;
    return product;
}

/* ---- within a kernel ------------------------------------------------------------------------- */

/* What is done at a decision. */
typedef enum dt_lane_mode {
    DT_LANE_DECIDE, /* strategies are made */
    DT_LANE_FOLLOW, /* strategies are kept, and the residual is measured */
} dt_lane_mode;

typedef struct dt_lane_sweep {
    dt_lane_mode mode;
    double *sigma;        /* [options] */
    const double *guess;  /* [options] strategies that may be near, or NULL */
    bool count;           /* failures, crossings and the residual are counted */
    size_t first, beyond; /* columns that are worked out */
    uint32_t period;      /* from 0, or DT_EVERY_PERIOD */
} dt_lane_sweep;

/* Evaluates the coefficients of group->parameter and all that follows from them but `payment` of
 * teams. Worlds that are wrong fail; after that their parameters are those of one that is right. */
void DT_KERNEL(dt_lane_world_make)(dt_lane_group *group);

/* Payments of teams in a period; sets `steady`. */
void DT_KERNEL(dt_lane_world_teams)(dt_lane_group *group, uint32_t period);

/* From next to value. */
void DT_KERNEL(dt_lane_sweep_run)(dt_lane_group *group, const dt_lane_sweep *sweep);

/* From value to next, these columns, in the worlds of the mask [DT_WORLDS] (NULL: all). */
void DT_KERNEL(dt_lane_sweep_turn)(dt_lane_group *group, size_t first, size_t beyond,
                                   const int64_t *mask);

/* The forward pass: begins at the start; then one period after the other; then outcomes. */
void DT_KERNEL(dt_lane_forward_begin)(dt_lane_group *group);
void DT_KERNEL(dt_lane_forward_run)(dt_lane_group *group, const double *sigma, uint32_t period);
void DT_KERNEL(dt_lane_forward_end)(dt_lane_group *group);

#endif
