/*
 * Unfolding: a game over all its periods as a tree, node by node, each with the information set of whoever moves
 * there. Agents who move at once move one after the other, the later ones without knowing what the earlier ones
 * chose. What an action leads to at random is a chance node of its own.
 *
 * With private variables chance draws the types first. What everybody has seen is a history of its own number:
 * after each stage the joint action, unless it is hidden, and the public state that follows. What an owner
 * knows besides, the values its variable has had and what it chose unseen, is another; an information set is
 * the two together, of who owns nothing the first alone. The tree is the game itself: beliefs are on no grid.
 */
#ifndef DT_TRACE_UNFOLD_H
#define DT_TRACE_UNFOLD_H

#include "game/intern.h"
#include "solve/private.h"

/* A node of the tree: a place of the game in a period, where the first `level` agents have chosen. At a leaf of the
 * game a period ends. */
typedef struct dt_unfolded {
    uint32_t place, period; /* from 0 */
    int level;
    int cell; /* of the options chosen so far */
    uint32_t
        infoset[DT_MAX_MOVERS]; /* of each agent of the menu, once dt_unfold_inform has told them */
    uint32_t type;              /* joint, 0 without private variables */
    uint32_t seen;              /* number of what everybody has seen */
    uint32_t own[DT_MAX_ACTORS]; /* of what the owner of each private variable knows besides */
} dt_unfolded;

typedef struct dt_unfold {
    dt_arena *arena;
    const dt_game *game;
    const dt_world **world;    /* [periods] the numbers, a column for each joint type */
    const dt_beliefs *beliefs; /* NULL without private variables */
    dt_keys known;             /* what is known */
    dt_list(uint32_t) infoset; /* [known.count] the number of an information set */
    uint32_t *infosets;        /* [agents] numbered so far */
} dt_unfold;

/* Of a game with finitely many periods. */
dt_unfold *dt_unfold_new(dt_arena *arena, const dt_solution *solution);

/* Nodes of the tree, at most `most` + 1: worked out by the same recursion as values are, O(periods × branches × types). */
uint64_t dt_unfold_size(const dt_unfold *tree, uint64_t most);

/* The chance of a joint type at the start, and where play starts with it. */
double dt_unfold_prior(const dt_unfold *tree, uint32_t type);
dt_unfolded dt_unfold_start(dt_unfold *tree, uint32_t type);

/* Numbers the information sets of all who move at a node, each agent's from 1; before the first of them has chosen. */
void dt_unfold_inform(dt_unfold *tree, dt_unfolded *at);

/* The probability of a branch of a cell for a type in a period; how many of a cell have one, and the last of these. */
double dt_unfold_probability(const dt_unfold *tree, uint32_t t, uint32_t type, uint64_t cell,
                             uint64_t branch);
int dt_unfold_branches(const dt_unfold *tree, uint32_t t, uint32_t type, uint64_t cell,
                       uint64_t *only);

/* What comes of a branch of the cell that was chosen: what has been seen then, and what owners know. */
dt_unfolded dt_unfold_after(dt_unfold *tree, const dt_unfolded *at, uint64_t cell, uint64_t branch);

/* Whether play is over at a leaf in a period; if not, the next one begins. */
bool dt_unfold_over(const dt_unfold *tree, uint32_t leaf, uint32_t t);
void dt_unfold_turn(const dt_unfold *tree, dt_unfolded *at);

/* What an actor is paid by a row at a node, not discounted. */
double dt_unfold_payment(const dt_unfold *tree, const dt_unfolded *at, uint32_t row, int actor);
/* The discount of an actor for a period. */
double dt_unfold_discount(const dt_unfold *tree, const dt_unfolded *at, int actor);

#endif
