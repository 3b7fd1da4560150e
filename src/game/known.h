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
    const double *parameter; /* [worlds][params] before the rules' settings, unless: */
    bool settled;            /* they have these already, or others in their place */
    const bool
        *varies; /* [params] may have other numbers, too: what hangs on them isn't known; or NULL */
    bool ranges; /* so may all that have a range or a distribution, but for: */
    const bool *held;      /* [params] those that stay as they are; NULL: none */
    const int *as;         /* [variables] dt_game.known; or NULL */
    const char *believing; /* assignments to variables that stay secrets all the same; or NULL */
} dt_known;

/* dt_game_explore_cell, with what is known. */
dt_status dt_game_explore_cell_known(const dt_model *model, const dt_lever_cell *cell,
                                     const dt_known *known, const dt_options *options,
                                     dt_game **game);

/* dt_game_explore_known for one world [params] that has the policy's settings, or others in their place. */
dt_status dt_game_explore_settled(const dt_model *model, size_t policy, const double *world,
                                  const dt_options *options, dt_game **game);

/* Whether a game takes for known what is certain in a world [params], which has the policy's settings, and nothing
 * else: DT_OK or DT_NO. */
dt_status dt_game_knows_exactly(const dt_game *game, const double *world,
                                const dt_options *options);

/* Whether two games of one model take the same for known. */
bool dt_games_know_the_same(const dt_game *one, const dt_game *other);

#endif
