/*
 * What of a game's numbers differs from period to period, as it reads `now`: see dt_game.dated.
 */
#ifndef DT_GAME_DATED_H
#define DT_GAME_DATED_H

#include "game/game.h"

/* Fills in what dt_game says of dated coefficients and rows, of a game that is otherwise laid out.
 * False if something reads `now` and play is forever. */
bool dt_game_find_dated(dt_game *game);

/* Whether a coefficient's number differs from period to period. */
static inline bool dt_game_is_dated(const dt_game *game, uint32_t coefficient)
{
    return game->is_dated && game->is_dated[coefficient];
}

/* The first period (from 0) in which a place can occur. */
uint32_t dt_game_since(const dt_game *game, uint32_t place);

#endif
