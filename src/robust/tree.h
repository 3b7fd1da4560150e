/*
 * A classification tree, to see whether another method finds the same region as a box does.
 */
#ifndef DT_ROBUST_TREE_H
#define DT_ROBUST_TREE_H

#include "robust/prim.h"

/* Grows a tree on the points of `prim` and takes its leaves, densest first, until they cover the
 * share `coverage` of the points of interest: inside [points] says which points they hold. The
 * parameters of the answer are an array of `arena`; its agreement is left for the caller. */
dt_tree_answer dt_tree(dt_arena *arena, dt_arena *scratch, const dt_prim *prim, double coverage,
                       bool *inside);

#endif
