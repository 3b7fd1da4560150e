/*
 * Believed: what the others believe of a private variable where somebody moves, and what they learn there.
 */
#ifndef DT_TRACE_BELIEVED_H
#define DT_TRACE_BELIEVED_H

#include "solve/private_chain.h"

/* The joint point meant at a node of the period that a chain of one mass has spread last. `wanted` [values
 * of each private variable, in order], NAN: left open. Of a variable of which something is wanted the point
 * nearest in Σ |difference|, what is left open sharing the rest as it does elsewhere; of the others that of
 * the likeliest point there, or at the start if play doesn't come to the node. asked [as `wanted`]: the
 * beliefs whose nearest points were taken, NAN for variables of which nothing is wanted. *chance: the
 * probability that play comes to the node and to the point. */
uint32_t dt_believed_find(const dt_private_chain *chain, uint32_t node, const double *wanted,
                          double *asked, double *chance);

/* The joint point nearest to a belief [values of each private variable, in order], in which nothing is open. */
uint32_t dt_believed_nearest(const dt_beliefs *beliefs, const double *belief);

/* What is believed of a variable [values] after a stage, on average over all that can be seen after it, if
 * an agent of the menu takes an option that its types take as their strategies say (`taken` NULL: whatever
 * is done). Before the signal, which changes no average. */
void dt_believed_after(dt_private *work, uint32_t node, uint32_t point, uint32_t t,
                       const dt_held *taken, size_t variable, double *after);

/* How far the belief about a variable moves in a stage, on average: half of Σ |b' − b|, with b what it
 * would be if nothing of the stage were seen. */
double dt_believed_move(dt_private *work, uint32_t node, uint32_t point, uint32_t t,
                        size_t variable);

/* A belief about a variable and what each of some actions does to it. */
typedef struct dt_moved_belief {
    int variable;
    const char *called;        /* the variable, and */
    const char *const *action; /* [actions] the actions: by names, or by descriptions */
    const double *before;      /* [values] */
    size_t actions;
    const double *const *after; /* [actions][values] */
    bool hidden;                /* nobody sees which is taken */
} dt_moved_belief;

/* All this in a sentence: "freeze moves the belief that aim is bargain from 40% to 65.5%; words tells
 * nothing". */
const char *dt_believed_words(dt_arena *arena, const dt_model *model, const dt_moved_belief *moved);

#endif
