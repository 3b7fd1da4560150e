/*
 * A small game as a tree that can be drawn and taken in: every move and every chance, how likely it is and what it is
 * worth.
 */
#ifndef DT_LAB_TREE_H
#define DT_LAB_TREE_H

#include "base/json.h"
#include "solve/solve.h"

/* Nodes above which nobody takes a tree in. */
enum { DT_TREE_NODES = 60 };

/*
 * The game of a solved solution unfolded over all its periods, as JSON; parents stand before their children:
 *
 *   {"nodes":[{"parent":n,"kind":"decision","label":"resist","text":sentences,"probability":p,"reached":p,
 *    "worth":x,"period":1,"node":n,"stage":"response","agent":k,"mover":"B","actor":n,"infoset":n,"values":[…],
 *    "slots":[…],"paid":[…]}…]}
 *
 * `kind` is decision, chance, types (chance draws what some know alone) or end. `label`, `text`, `probability` and
 * `worth` are of what leads there from `parent` (-1: the first): `worth` is that of the action to who takes it, at its
 * information set, null of chance. Nodes of one `infoset` (-1: nobody moves) look the same to who moves there.
 * `node`, `slots` and `agent` are the situation's, with a number for each slot, and the place among its movers. `values` are what is to come
 * from there on, `paid` what was paid on the way there, discounted to the first period, of each actor.
 *
 * null where there is no such tree: a lookahead without end, or more than DT_TREE_NODES nodes.
 *
 * With private variables what is done is the average over the points of the grid to which the signals may
 * have moved the belief by then.
 */
void dt_write_tree(dt_writer *out, const dt_solution *solution, dt_arena *scratch);

#endif
