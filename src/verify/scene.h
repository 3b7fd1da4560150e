/*
 * A node of a game with private variables at a point of beliefs, as it is played: who of which type does
 * what, what everybody sees of it, and what is believed then. It is what values (typed_values.c) and the chain
 * over true types (typed_chain.c) have in common, worked out from game, worlds and strategy alone.
 *
 * What is seen in a cell, one profile of actions, is the place that follows; so its branches to one place are
 * one event. In a hidden stage nothing is seen: whatever is done there is one event. With P(e,k'|k) the
 * probability that a type k causes e and has the value k' afterwards, Bayes' rule gives
 *     b'(k') = Σ_k b(k) P(e,k'|k) / Σ_{k,k''} b(k) P(e,k''|k),
 * where P contains what the owner's type k does; and a signal moves this to a corner g with the probability
 * w_g g(k')/b'(k') if the value is k'. What an owner does tells of its own variable alone, and draws tell of
 * the stage's, so beliefs about different variables stay independent, and so do their signals.
 */
#ifndef DT_VERIFY_SCENE_H
#define DT_VERIFY_SCENE_H

#include "game/typed.h"
#include "verify/lattice.h"

typedef struct dt_scene {
    const dt_game *game;
    const dt_typed_strategy *strategy;
    const dt_beliefs *beliefs; /* for the numbers of points and types */
    dt_world *world;           /* a column for each joint type, in the period at hand */
    dt_lattice **lattice;      /* [variables] */

    /* The node and the point: */
    uint32_t node, point;
    const dt_menu *menu;
    bool hidden;
    int secret;                     /* the variable of which draws tell, or that they move; -1 */
    const double **belief;          /* [variables] g */
    int *mover;                     /* [variables] the position in the menu of its owner, or -1 */
    double *sigma;                  /* what agents do: see dt_scene_strategy */
    int sigma_first[DT_MAX_MOVERS]; /* [agents of the menu] */

    /* One of its cells: */
    uint64_t cell;
    int option[DT_MAX_MOVERS]; /* [agents of the menu] */
    double **like; /* [variables][values] with which the type does its part, 1 if it has none */

    /* One event there: */
    uint64_t branch; /* the next one to look at */
    uint32_t target; /* the place that follows */
    double plain;    /* its probability, of a stage without a secret */
    double *chance;  /* [values][values] P of draws alone: from a value of the secret to another */
    double *all;  /* the same of everything that may happen in a hidden stage, with what is done */
    double *mass; /* [values] work space */
    dt_spread *seen;  /* [variables] what is believed then, and where it goes */
    uint32_t corners; /* joint ones: */
    uint32_t *corner; /* [corners] joint points */
    double *weight;   /* [corners] */
} dt_scene;

/* Work space for any node of the game. `world` gives parameters and rationalities. */
dt_scene *dt_scene_new(dt_arena *arena, const dt_typed_strategy *strategy, const dt_world *world);

/* The prior: what is believed, and where the signal about it goes, as if it were an event. */
void dt_scene_start(dt_scene *scene);

/* A point, for what is believed there and no more. */
void dt_scene_stand(dt_scene *scene, uint32_t point);

void dt_scene_set(dt_scene *scene, uint32_t period, uint32_t node, uint32_t point);
void dt_scene_cell(dt_scene *scene, int cell);
/* The next event of the cell that somebody who is possible can cause; false if there is none left. */
bool dt_scene_event(dt_scene *scene);

/* The strategy [options] of agent k of the menu if its variable has the value of this rank. */
const double *dt_scene_strategy(const dt_scene *scene, int k, int rank);

/* How much likelier corner c is to whom the variable has the value of this rank than it is altogether:
 * g(k)/b'(k); x is -1: 1. */
double dt_scene_likelier(const dt_scene *scene, uint32_t c, int x, int rank);

#endif
