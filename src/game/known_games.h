/*
 * Games of policies for worlds that differ in what everybody knows (known_games.c).
 */
#ifndef DT_GAME_KNOWN_GAMES_H
#define DT_GAME_KNOWN_GAMES_H

#include "game/game.h"

enum { DT_KNOWN_GAMES = 32 }; /* held at once; the oldest gives way */

/* All zero to begin with. */
typedef struct dt_known_games {
    dt_game *game[DT_KNOWN_GAMES];
    size_t made; /* games ever explored */
} dt_known_games;

/* The game of a policy in which to solve a world [params], which has the policy's settings, or an expectation's
 * numbers in their place: what is certain there is known, and nothing else. Explored if it isn't held, with the
 * errors of dt_game_explore. It is there until DT_KNOWN_GAMES others have been asked for; owned by `games`. */
dt_status dt_known_games_of(dt_known_games *games, const dt_model *model, size_t policy,
                            const double *world, const dt_options *options, dt_game **game);

void dt_known_games_free(dt_known_games *games);

#endif
