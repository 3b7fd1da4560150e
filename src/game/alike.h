/*
 * Places that are worth the same in every world, whatever is paid elsewhere: see dt_game.leaf_same,
 * cell_same and node_same.
 */
#ifndef DT_GAME_ALIKE_H
#define DT_GAME_ALIKE_H

#include "game/game.h"

/* Fills in game->leaf_same, cell_same and node_same, of a game that is otherwise laid out. Takes
 * time in proportion to the branches. `apart`: every place is taken for itself, as strategies may differ that
 * are not of this game's making. */
void dt_game_find_alike(dt_game *game, bool apart);

#endif
