/*
 * The Gaussian copula of the risks that vary: which of them hang together, their scores, and draws of
 * some of them given the others.
 */
#ifndef DT_STUDY_COPULA_H
#define DT_STUDY_COPULA_H

#include "base/arena.h"
#include "model/model.h"

/* The risks that correlate and vary: with those that don't vary left out, it is the same copula. */
typedef struct dt_joint {
    size_t rows;
    const size_t *row;    /* [rows] which of the parameters that vary, ascending */
    const double *factor; /* [rows][rows] L, lower triangle: scores are L z, z independent */
} dt_joint;

dt_joint dt_joint_of(dt_arena *arena, const dt_model *model, const size_t *vary, size_t varied);

/* Which of the parameters that vary depend on each other: group[varied] their group's number, from 0 in
 * the order of first members; one that correlates with no other is a group by itself. Returns how
 * many. */
size_t dt_joint_groups(dt_arena *arena, const dt_model *model, const size_t *vary, size_t varied,
                       size_t *group);

/* Room for drawing. */
typedef struct dt_joint_room {
    double *factor;    /* [rows][rows] of those that are kept */
    double *weight;    /* [rows] */
    size_t *kept;      /* [rows] */
    double *old, *new; /* [rows] scores */
} dt_joint_room;

dt_joint_room dt_joint_room_new(dt_arena *arena, const dt_joint *joint);

/* L z in `score`; both [rows], not the same. */
void dt_joint_scores(const dt_joint *joint, const double *z, double *score);

/* From two independent draws of all scores, room->old and room->new, to a draw of those that are
 * `drawn` given the others, which stay as they were in room->old: the result in room->new. */
void dt_joint_draw(const dt_joint *joint, dt_joint_room *room, const bool *drawn);

#endif
