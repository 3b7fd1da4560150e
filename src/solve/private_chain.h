/*
 * The exact chain of a game with private variables: how probability flows over places, joint points of the
 * grids and joint types, when everybody plays the strategies found. Points and types are the columns of a
 * flow, each with the numbers of its type and belief; where nothing private happens they flow side by side,
 * elsewhere the signals after events mix them (docs/method.md, Private variables).
 *
 * Several masses can be carried at once: mass 0 is the plain probability, the others start out equal to it
 * and are cut by whoever follows them.
 */
#ifndef DT_SOLVE_PRIVATE_CHAIN_H
#define DT_SOLVE_PRIVATE_CHAIN_H

#include "solve/private.h"

typedef struct dt_private_chain {
    const dt_game *game;
    dt_private *work;
    size_t columns; /* points × types, the type varying fastest */
    size_t masses;
    size_t stride;   /* numbers of a place: masses × columns */
    dt_world *world; /* of as many columns, with the type and the belief of each */
    double *mass;    /* [nodes+leaves][masses][columns] of the period that was spread last */
    double *begin;   /* [states][masses][columns] of the next */
    size_t words;    /* of 64 points: */
    uint64_t
        *live; /* [nodes+leaves][words] bits of the points at which mass has come to a place, */
    uint64_t *alive;   /* [states][words] or to a state: all masses are 0 elsewhere */
    uint32_t *leaving; /* [columns] of a node at hand, */
    double *chance;    /* [columns] that a cell is played there, */
    double *share;     /* [columns] and that it comes to a branch */
    double *believed;  /* [columns] how likely the type is where the point is believed */
    uint32_t spread;   /* periods that have been */
    const double *
        gain; /* [nodes+leaves][columns] what is asked for, by dt_private_chain_expect; else NULL */
    double *expected; /* [columns] into which */
    double
        calibration; /* how far the share of a type has been from what is believed of it, at most */
} dt_private_chain;

/* Some of the points, ascending. */
typedef struct dt_points {
    uint32_t count;
    uint16_t point[DT_MOST_POINTS];
} dt_points;

static inline void dt_points_add(uint64_t *words, uint32_t point)
{
    words[point / 64] |= UINT64_C(1) << point % 64;
}

/* Those whose bits are set. */
static inline void dt_points_list(const uint64_t *live, size_t words, dt_points *points)
{
    points->count = 0;
    for (size_t i = 0; i < words; i++) {
        for (uint64_t rest = live[i]; rest; rest &= rest - 1)
            points->point[points->count++] = (uint16_t)(64 * i + (size_t)__builtin_ctzll(rest));
    }
}

/* For the world that is being solved or has been; begun. Bytes: what it takes. */
dt_private_chain *dt_private_chain_new(dt_arena *arena, dt_private *work, size_t masses);
double dt_private_chain_bytes(const dt_private_plan *plan, size_t masses);

/* Nothing has been spread: after the world was solved, or another was. */
void dt_private_chain_begin(dt_private_chain *chain);

/* Of a chain that is begun: only those go on whose variable has the value of this rank as play begins, as if all
 * had. The chance of that by the prior; 0: nobody. What is believed stays what it was, so calibration means
 * nothing. */
double dt_private_chain_given(dt_private_chain *chain, size_t variable, int rank);

/* Has period `t` (from 0) spread, after those before it. Mass that was cut before is cut from what comes. */
void dt_private_chain_to(dt_private_chain *chain, uint32_t t);

/* An agent of a menu who takes an option whatever its strategy says, or all of them who play a cell; what is believed
 * after it is what the strategies say. */
enum { DT_ALL_AGENTS = -1 };
typedef struct dt_held {
    int agent, option; /* a place in the menu, and its option there; or DT_ALL_AGENTS, and a cell */
} dt_held;

/* Whether an agent is held to something (`held` NULL: nobody is), and whether a cell of the menu isn't it. */
bool dt_is_held(const dt_held *held, int agent);
bool dt_is_barred(const dt_held *held, const dt_menu *menu, int cell);

/* Play that begins at a node in the middle of period `t` (from 0): nothing flows; then all masses are put
 * where a node at a joint point leads, `share` [types] of each joint type, everybody playing the strategies
 * but who is held (NULL: nobody); then the rest of the period is passed. dt_private_chain_to goes on from
 * there; calibration means nothing. */
void dt_private_chain_stand(dt_private_chain *chain, uint32_t t);
void dt_private_chain_enter(dt_private_chain *chain, uint32_t node, uint32_t point,
                            const double *share, const dt_held *held);
void dt_private_chain_pass(dt_private_chain *chain);

/* Takes the numbers of period `t` (from 0); no mass moves. */
void dt_private_chain_turn(const dt_private_chain *chain, uint32_t t);
/* Whether a column's types can be true where its point is believed. */
bool dt_private_chain_possible(const dt_private_chain *chain, size_t column);
/* The ways of mass backwards: what `gain` [nodes+leaves][columns] of the places that follow a node comes to on
 * average, from each of its points and types that can be true there, in the period to which the chain was turned; 0 where
 * they can't. No mass flows. `expected` [columns]. */
void dt_private_chain_expect(dt_private_chain *chain, uint32_t node, uint32_t t, const double *gain,
                             double *expected);

/* What has come to a node goes on to what follows it, everybody playing the strategies of period `t` but who is held (NULL:
 * nobody); or, if gains are asked for, these are taken from there (private_pass.c). */
void dt_private_chain_leave(dt_private_chain *chain, uint32_t node, uint32_t t,
                            const dt_held *held);

/* The parts of a period, for mass that enters and leaves in its middle: what is at its beginning is put where
 * it begins; a stage passes on what has come to it; what is at the leaves goes to the beginning of the next,
 * and what has ended is dropped. */
void dt_private_chain_place(dt_private_chain *chain, uint32_t t);
void dt_private_chain_stage(dt_private_chain *chain, uint32_t t, uint32_t stage);
void dt_private_chain_carry(dt_private_chain *chain, uint32_t t);

#endif
