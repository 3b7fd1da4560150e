/*
 * Steps that make of the last sweeps' values nearer ones (anderson.c): what accelerate.c does with the
 * values of play forever, and gaps.c with those of best responses. One for each group.
 */
#ifndef DT_SOLVE_ANDERSON_H
#define DT_SOLVE_ANDERSON_H

#include "solve/group.h"

/* Differences that are kept. */
enum { DT_DEPTH = 20 };

/* Arrays of double end in [size]: the columns at hand, each of all worlds. */
typedef struct dt_anderson {
    size_t width, first, size;
    uint64_t sweeps;           /* that have been recorded since it began */
    size_t newest, filled;     /* place of the last difference, and how many places have one */
    double *change, *value;    /* [states] f and g of the last sweep */
    double *changes[DT_DEPTH]; /* [states] Δf of the last sweeps, in a ring, */
    double *values[DT_DEPTH];  /* [states] and Δg */
    double *product;           /* [DT_DEPTH][DT_DEPTH] Δf · Δf */
    double *side;              /* [DT_DEPTH] Δf · f */
    double *coefficient;       /* [DT_DEPTH] c */
    double *square;            /* |f|² */
    double *most, *weight;     /* the largest |V|, and the weight of a square */
} dt_anderson;

double dt_anderson_bytes(const dt_group_plan *plan);
dt_anderson *dt_anderson_new(dt_arena *arena, const dt_group_plan *plan);

/* Begins with these columns; what was kept is forgotten. */
void dt_anderson_begin(dt_anderson *it, const dt_group_plan *plan, size_t first, size_t beyond);

/* Takes what a sweep found: group->next, from group->before. The first difference of all is none. */
void dt_anderson_record(dt_anderson *it, const dt_group *group);

/* The products of the newest difference with all, if `sides` theirs with what changes now, too. All c are 0. */
void dt_anderson_products(dt_anderson *it, size_t states, bool sides);

/* A weighted sum over the columns of a world, [at], [at + width] … below [beyond], of a product. */
double dt_anderson_weigh(const dt_anderson *it, const double *product, size_t at, size_t beyond);

/* c of these columns together, from so many of the last differences; 0 where there is nothing to gain. */
void dt_anderson_least_squares(dt_anderson *it, int differences, size_t at, size_t beyond);

/* group->next -= Σ c Δg. */
void dt_anderson_combine(const dt_anderson *it, dt_group *group);

#endif
