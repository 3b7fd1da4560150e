/*
 * A group: worlds of one game that are solved by the same passes over its places, one of them or
 * DT_WORLDS. Every array of numbers ends in [width], the worlds; so what runs over periods, sweeps
 * and columns is written once. Only where numbers are put into vectors does the width matter: with
 * many worlds the lanes of a vector are the worlds at one place, with one they are several places
 * (sweep.h). A plan says which columns of numbers are worked out at every place; it is made once for a
 * game and shared by the groups of several threads.
 *
 * Columns of a place, in this order:
 *     value  [actors]   V_i
 *     best   [agents]   what the agent gets if it answers best from there on (gaps.c)
 *     along  [agents]   what it gets by playing along; with surplus values alone, whose V counts taste
 *
 * What is paid at every period's end, whatever happens, moves no choice, but large numbers would drown
 * the small ones that do. So payoffs that all leaves have in common are left out: with K_i(t) their sum
 * from period t on, discounted, the columns hold V_i - K_i, and a leaf at which play ends leads to -δ K.
 *
 * Strategies are made from the last period to the first. Guesses, which save time where a solution is
 * certainly unique and never change which one it is, are the strategies of the period after; but for
 * all periods before the anchor, the first period past the horizon or the last if there is none, they
 * are the strategies of the anchor. So where there is no memory to keep them all, those of a block of
 * periods can be made again, to the same bits, from a checkpoint: the values at which the next period
 * begins, and past the horizon, if there are guesses, its strategies (Griewank & Walther 2000, with
 * one level of checkpoints: memory grows with the square root of the periods, and each is worked out
 * twice).
 *
 * Where the game reads `now`, the group's world is turned to each period before it is worked on: its
 * coefficients, payments and common payoffs are those of the period at hand.
 *
 * A world's numbers depend, to the last bit, on itself alone: not on the width, its neighbours, its
 * place among them, the kernel, or the number of threads. Worlds fail one by one. One that does is no
 * longer active: its numbers go on meaninglessly, and nothing that is done for others depends on them.
 */
#ifndef DT_SOLVE_GROUP_H
#define DT_SOLVE_GROUP_H

#include "base/diagnostic.h"
#include "base/lane.h"
#include "game/world.h"
#include "solve/places.h"
#include "solve/solved.h"

typedef struct dt_group_plan {
    const dt_game *game;
    dt_values values;
    bool gaps;
    double scale; /* of everybody's rationality */
    size_t width; /* worlds of a group: 1 or DT_WORLDS */
    const dt_places *places;
    size_t states, actors, agents;
    uint64_t options; /* of a period's strategy */
    uint32_t anchor;  /* a period; see above */
    bool endless;     /* every period is followed by another */
    bool accelerate;  /* play forever by fewer sweeps than the plain ones (accelerate.c) */
    size_t columns;
    size_t best, along; /* first columns of these kinds; `columns` if there are none */
    size_t paid;        /* numbers of a payment row */
    int *column_paid;   /* [columns] which of them a column is paid */
    bool *moves;        /* [agents] whether it decides anything, */
    bool *chooses;      /* and somewhere between two options or more */

    /* the largest node */
    int most_agents, most_total, most_cells;
    bool together;
} dt_group_plan;

/* Which strategies are kept. */
typedef enum dt_keep {
    DT_KEEP_LAST,        /* those of the anchor, and of the last period that was worked on */
    DT_KEEP_VALUES,      /* the same, and from what those of the horizon can be made again */
    DT_KEEP_CHECKPOINTS, /* those of the anchor and of a block of periods, and checkpoints from which
                            those of any block can be made again: of one world */
    DT_KEEP_HORIZON,     /* of each period of the horizon, and of the anchor */
    DT_KEEP_ALL,
} dt_keep;

/* All arrays of double end in [width], but for work space and what says otherwise. */
typedef struct dt_group {
    const dt_group_plan *plan;
    const struct dt_lane_code *code;
    dt_keep keep;

    dt_world *world;       /* the numbers of the worlds; the caller puts parameters there */
    double *coefficient;   /* [coefficients] of it */
    double *discount;      /* [columns] */
    double *seated;        /* [agents][DT_WORLDS] rationalities, for the seats of a table */
    double *payment;       /* [rows][paid] in the period at hand */
    double *due;           /* [leaf_rows][paid] payoffs of leaves, without those in common */
    double *common;        /* [actors] these; */
    double *constant;      /* [actors] K of the next period; */
    double *over;          /* [columns] and what a leaf leads to at which play ends */
    double *most_paid;     /* [actors] the largest payment of a cell */
    double *most;          /* [actors] work space of sweep.c */
    double *value;         /* [places][columns] */
    double *next;          /* [states][columns] at the beginning of the next period */
    double *before;        /* [states][columns] next, a sweep earlier */
    double *ahead;         /* [states+1][columns] next discounted; past the last state `over` */
    double *earlier;       /* [states][actors] some sweeps earlier; see forever.c */
    double *from;          /* [states][actors] values that play forever begins with; NULL: 0 */
    double *strategy;      /* [periods kept][options] see dt_group_strategy */
    double *kept;          /* [blocks][states][actors] next of each block's last period, or NULL */
    double *kept_constant; /* [blocks][actors] likewise, */
    double *kept_guess;    /* [blocks past the anchor][options] and its guesses, if there are any */
    double *worth;         /* [homes or cells of a stage][columns] of cells, behind `value` */
    struct dt_space *space;               /* [jobs] */
    struct dt_anderson *anderson;         /* NULL: plain sweeps, or leaps */
    struct dt_acceleration *acceleration; /* likewise */
    int jobs;

    uint32_t
        block; /* periods of a block, but the last may have fewer; 0 if none can be made again */
    uint32_t held; /* the first period of the block that is at hand, or DT_NOWHERE */

    int64_t active[DT_WORLDS]; /* -1: being solved, 0: no such world, or it has failed */
    bool steady[DT_WORLDS];    /* the members of each team discount alike, so that what counts for
                                  it is the same in every period */

    /* Called before each sweep, and now and then within one, with the part of the work that is done;
     * false: leave off, what is found means nothing. */
    bool (*go_on)(void *context, double done);
    void *context;
    double done;
    bool stopped;

    /* what is found */
    double *worth_kept;     /* [horizon, or 1][states][actors] V as periods begin; or NULL */
    double *start;          /* [columns] at the start, without constants; */
    double *start_constant; /* [actors] these */
    dt_found *found;        /* [width] */
    dt_wrong wrong[DT_WORLDS];
} dt_group;

dt_group_plan *dt_group_plan_new(dt_arena *arena, const dt_game *game, dt_values values, bool gaps,
                                 double scale, size_t width);

/* Bytes that dt_group_new takes with so many jobs; strategies that are all kept aren't counted. */
double dt_group_bytes(const dt_group_plan *plan, dt_keep keep, int jobs);

/* The work space of a group on which `jobs` threads work: on its stages, or with many worlds on single
 * nodes (dt_lane_sweep's `alone`).
 * `strategy`: zeroed, where all strategies are to be kept; NULL: room is made for those that are. */
dt_group *dt_group_new(dt_arena *arena, const dt_group_plan *plan, const struct dt_lane_code *code,
                       dt_world *world, dt_keep keep, int jobs, double *strategy);

/* Where the strategies of a period are. */
double *dt_group_strategy(const dt_group *group, uint32_t period);

/* Marks a world as wrong, unless it has been before. */
static inline void dt_group_fail(dt_group *group, size_t world, dt_wrong wrong)
{
    if (group->active[world] && group->wrong[world].code == DT_CODES)
        group->wrong[world] = wrong;
    group->active[world] = 0;
}

/* (own/most)^t by squaring, of discounts: 1 exactly if they are equal. */
static inline double dt_power(double own, double most, uint32_t t)
{
    double rho = own == most ? 1 : own / most, product = 1;
    for (; t != 0; t >>= 1, rho *= rho)
        product *= t & 1 ? rho : 1;
    return product;
}

/* Whether any world of a mask [width] is there. */
bool dt_group_any(const dt_group *group, const int64_t *mask);

/* Asks whether to go on; false: leave off, or no world of the mask is left. */
bool dt_group_going(dt_group *group, const int64_t *mask);

/* Clears what was found and evaluates the parameters of group->world for the first `worlds` worlds. False
 * if no world is right. */
bool dt_group_numbers(dt_group *group, size_t worlds);

/* Solves the parameters of group->world for the first `worlds` worlds: numbers of the worlds, backward induction or
 * play forever, gaps if the plan has them. Allocates nothing. */
void dt_group_solve(dt_group *group, size_t worlds);

/* The gaps alone, along strategies that have been found and are all kept. */
void dt_group_gaps(dt_group *group);

/* What a stationary strategy of one world is, an equilibrium or not (follow.c); it stands in
 * dt_group_strategy. Values, the residual, and gaps if the plan has them. */
void dt_group_follow(dt_group *group);

/* Makes the strategies of a period's block again if they aren't at hand, with DT_KEEP_VALUES (periods
 * of the horizon, each a block) or DT_KEEP_CHECKPOINTS. False if the work is to be left off. */
bool dt_group_recall(dt_group *group, uint32_t period);

/* Where those of a period at hand are. */
double *dt_group_recalled(const dt_group *group, uint32_t period);

/* ---- its parts ------------------------------------------------------------------------------- */

/* Evaluates group->world; worlds that are wrong fail (numbers.c). */
void dt_group_evaluate(dt_group *group);
/* Turns it to a period, with all that follows from it; the payments of gaps' columns aren't weighed yet.
 * Takes no time where nothing reads `now`. */
void dt_group_turn(dt_group *group, uint32_t period);

/* Keeps what states are worth as a period begins, where that is wanted. */
void dt_group_keep_worth(dt_group *group, uint32_t period);

/* Reads the numbers at the start, of some columns. */
void dt_group_take_start(dt_group *group, size_t first, size_t beyond);

/* Backward induction (backward.c). */
void dt_backward(dt_group *group);

/* Play forever (forever.c): the strategies at which values settle. */
void dt_forever(dt_group *group);

/* How far a column's change in one world is from small enough, and the leap over all further changes
 * (leap.c). */
double dt_distance(const dt_group *group, size_t column, size_t world, double close);
/* How far the column is from the fixed point, relative to its largest value if that is above 1: if sweeps
 * shrink changes by the discount, and a change is no less than the rounding of a sweep. */
double dt_bound(const dt_group *group, size_t column, size_t world);
void dt_leap(dt_group *group, size_t column, size_t world);

/* Sets `over` before a period, and the constant after it (constant.c). */
void dt_constant_over(dt_group *group, uint32_t period);
void dt_constant_turn(dt_group *group);
/* The constants of play forever; with them, values that are 0. */
void dt_constant_forever(dt_group *group);

/* w_m ρ_m^t of a member of an agent's column; see gaps.c. */
double dt_member_weight(const dt_group *group, size_t column, int m, size_t world, uint32_t t);

/* The gaps (gaps.c). */
bool dt_gaps_steady(const dt_group *group);
void dt_gaps_weigh(dt_group *group, uint32_t period);
void dt_gaps_backward(dt_group *group);
/* Periods of a world, of play forever, after which nothing that is paid counts any more. */
uint32_t dt_gaps_periods(const dt_group *group, size_t world);
void dt_gaps_forever(dt_group *group);

/* An actor's value in a world at the start, */
double dt_group_value(const dt_group *group, size_t world, size_t actor);

/* and its gap, from the columns of the start. */
double dt_gap(const dt_group *group, size_t world, size_t actor);

#endif
