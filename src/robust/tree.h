/*
 * A classification tree, to see whether another method finds the same region as a box does.
 */
#ifndef DT_ROBUST_TREE_H
#define DT_ROBUST_TREE_H

#include "robust/prim.h"

/* Grows a tree on the points of `prim` and takes its leaves that are denser than `least`, densest
 * first, until they cover the share `coverage` of the points of interest: inside [points] says which
 * points they hold. The arrays of the answer are of `arena`; its agreement, and how it does elsewhere,
 * are left for the caller. */
dt_tree_answer dt_tree(dt_arena *arena, dt_arena *scratch, const dt_prim *prim, double coverage,
                       double least, bool *inside);

#endif
