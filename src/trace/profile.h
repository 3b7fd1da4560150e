/*
 * Profiles: with which probability each cell of a menu is played, given the strategies of the
 * agents there.
 */
#ifndef DT_TRACE_PROFILE_H
#define DT_TRACE_PROFILE_H

#include "game/game.h"

/* Room that dt_profile needs for any menu of the game: its largest number of cells. */
int dt_profile_room(const dt_game *game);

/* The probability of each cell of `menu` when its agents play `sigma` [total]. The result is either
 * `space` (with room for dt_profile_room numbers) or `sigma` itself. */
const double *dt_profile(const dt_menu *menu, const double *sigma, double *space);

#endif
