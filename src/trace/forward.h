/*
 * Forward: how probability flows through the periods when everybody plays the strategies found, in
 * one world or in DT_WORLDS side by side. Several masses can be carried at once: mass 0 is the plain
 * probability, the others start out equal to it and are cut by whoever follows them (see outcomes.c).
 * Of one world some can flow by a second strategy: reading the branches is most of the work.
 */
#ifndef DT_TRACE_FORWARD_H
#define DT_TRACE_FORWARD_H

#include "solve/solve.h"

/* Arrays of double end in [width], the worlds. */
typedef struct dt_forward {
    const dt_game *game;
    size_t width, masses;
    size_t
        plain; /* of the masses of one world, the first ones that aren't cut: where they are 0 all are */
    size_t stride;             /* numbers of a place: masses × width, or a little more */
    const double *coefficient; /* [coefficients] of the period at hand */
    const struct dt_spread *code;
    /* Of one world: a second strategy [options], of all periods, by which the masses from `split` on flow; NULL: all flow by
     * the one. The plain one of these is the first. */
    const double *other;
    size_t split;         /* even */
    double *other_space;  /* of dt_profile */
    bool forgets;         /* nodes' masses are 0 again once they have been passed on: faster */
    const uint32_t *same; /* [nodes+leaves] of one world, the place where a place's mass is put,
                              which goes on just so; NULL: each has its own */
    double *mass;         /* [nodes+leaves][stride] of the period that was spread last */
    double *begin;        /* [states][stride] at the beginning of the period to be spread next */
    double *here;         /* [stride] work space, */
    double *space;        /* and that of dt_profile */

    const dt_solution
        *solution;   /* whose numbers of each period are taken, and whose play is followed
                                    by dt_forward_to; NULL: the caller turns to periods */
    uint32_t spread; /* periods that it has spread */
} dt_forward;

/* Whether all of some masses are 0. */
static inline bool dt_is_nothing(const double *mass, const size_t count)
{
    bool nothing = true;
    for (size_t i = 0; i < count; i++)
        nothing &= mass[i] == 0;
    return nothing;
}

/* For the worlds whose coefficients these are, which the caller turns to each period before it is
 * spread; nothing flows yet. DT_KERNEL_AUTO is always there. */
dt_forward *dt_forward_make(dt_arena *arena, const dt_game *game, const double *coefficient,
                            size_t width, size_t masses, dt_kernel kernel);

/* Bytes that it takes. */
double dt_forward_bytes(const dt_game *game, size_t width, size_t masses);

/* Nothing flows, whatever did before; of the masses that it was made for `masses` are carried. */
void dt_forward_clear(dt_forward *forward, size_t masses);

/* All mass in the state of the first period, whatever flowed before. */
void dt_forward_begin(dt_forward *forward);

/* Carries the first `masses` alone from the next period on. */
void dt_forward_narrow(dt_forward *forward, size_t masses);

/* Of a solution, begun. */
dt_forward *dt_forward_new(dt_arena *arena, const dt_solution *solution, size_t masses);

/* The same with as many masses again, and a few, that flow by another strategy [options], the same in all periods. */
dt_forward *dt_forward_beside(dt_arena *arena, const dt_solution *solution, size_t masses,
                              const double *other, size_t other_masses);

/* Spreads the mass at the beginning of period `t` (from 0) over its places, by strategies
 * [options][width]. Periods come in order, with dt_forward_carry between them. O(branches of the
 * period × masses). */
void dt_forward_spread(dt_forward *forward, const double *strategy, uint32_t t);

/* Turns to a period's numbers, before mass enters in its middle. */
void dt_forward_turn(dt_forward *forward, uint32_t t);

/* Its parts: mass at the beginning of the period is put where it begins, then each stage in turn passes
 * on what has come to it. So mass can enter and leave in the middle of a period, too. */
void dt_forward_place(dt_forward *forward, uint32_t t);
void dt_forward_pass(dt_forward *forward, const double *strategy, uint32_t t, uint32_t stage);
/* Puts `share` of mass number `mass` of one world where a cell leads. */
void dt_forward_enter(dt_forward *forward, uint64_t cell, size_t mass, double share);

/* Carries the mass at the leaves of period `t` to the beginning of the next; what has ended is
 * dropped. */
void dt_forward_carry(dt_forward *forward, uint32_t t);

/* Of a solution: has period `t` spread, after those before it. Mass that was cut before is cut from what
 * comes; going back begins anew. */
void dt_forward_to(dt_forward *forward, uint32_t t);

/* With lookahead forever, the least N with δ^N ≤ `left` for the largest discount δ of a solution. */
uint32_t dt_forward_far(const dt_solution *solution, double left);

#endif
