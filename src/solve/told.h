/*
 * Where a branch of a signalling game leads: one way for each point that the others can be told of it (told.c).
 */
#ifndef DT_SOLVE_TOLD_H
#define DT_SOLVE_TOLD_H

#include "game/beliefs.h"
#include "solve/signal_game.h"

/* The ways that are left. */
typedef struct dt_told {
    const dt_signal_game *game;
    const int *after;
    uint32_t types, type; /* joint types, and the one that is true after the branch */
    dt_signal_view view[DT_MOST_SUBJECTS];
    bool heard[DT_MOST_SUBJECTS];
    int corner[DT_MOST_SUBJECTS];
    bool over;
} dt_told;

/* Begins with a branch after which subjects have the types `after` [subjects], which have to live as long; `type` is
 * the joint type before it. The game is that which `space` has seen. */
void dt_told_begin(dt_told *told, const dt_beliefs *beliefs, const dt_signal_space *space,
                   const dt_signal_game *game, const dt_signal_branch *branch, const int *after,
                   uint32_t type);

/* The next way: the column of its point and type, points × types, and its chance given the branch and what is
 * true. False if there was none left. */
bool dt_told_next(dt_told *told, uint32_t *column, double *chance);

#endif
