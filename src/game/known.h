/*
 * What a game takes for known, for those who explore others than policies (known.c; dt_game_explore_known).
 */
#ifndef DT_GAME_KNOWN_H
#define DT_GAME_KNOWN_H

#include "game/game.h"

/* The worlds that a game is for, where what is certain in all of them is taken for known; or what another
 * game takes for known, which is so in this one as well. */
typedef struct dt_known {
    size_t worlds;
    const double *parameter; /* [worlds][params] before the rules' settings */
    const bool
        *varies; /* [params] may have other numbers, too: what hangs on them isn't known; or NULL */
    const int *as; /* [variables] dt_game.known; or NULL */
} dt_known;

/* dt_game_explore_cell, with what is known. */
dt_status dt_game_explore_cell_known(const dt_model *model, const dt_lever_cell *cell,
                                     const dt_known *known, const dt_options *options,
                                     dt_game **game);

/* Whether two games of one model take the same for known. */
bool dt_games_know_the_same(const dt_game *one, const dt_game *other);

#endif
