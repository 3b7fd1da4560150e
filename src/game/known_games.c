/*
 * Games of policies for worlds that differ in what everybody knows. An expectation may give a prior other numbers, and
 * a number that a prior hangs on may be moved or drawn: then a private variable can be certain in one world, in
 * another the other way, and in a third a secret. To solve them all in the game in which it is a secret would be
 * right, and would cost all types and points of beliefs where one of each is left. So each world is solved in the game
 * that takes for known just what is certain in it, explored when the first such world is met. There are few: of each
 * policy one for each set of private variables and values that are certain together.
 *
 * Invariant: two worlds under a policy get one game if and only if the same is certain in both.
 */
#include "game/known_games.h"

#include "game/known.h"

dt_status dt_known_games_of(dt_known_games *games, const dt_model *model, size_t policy,
                            const double *world, const dt_options *options, dt_game **game)
{
    const size_t held = games->made < DT_KNOWN_GAMES ? games->made : DT_KNOWN_GAMES;
    for (size_t i = 0; i < held; i++) {
        *game = games->game[i];
        if ((*game)->rules->policy != (int)policy)
            continue;
        const dt_status status = dt_game_knows_exactly(*game, world, options);
        if (status != DT_NO)
            return status;
    }
    const dt_status status = dt_game_explore_settled(model, policy, world, options, game);
    if (status != DT_OK)
        return status;
    dt_game **place = &games->game[games->made++ % DT_KNOWN_GAMES];
    dt_game_free(*place);
    *place = *game;
    return DT_OK;
}

void dt_known_games_free(dt_known_games *games)
{
    for (size_t i = 0; i < DT_KNOWN_GAMES; i++)
        dt_game_free(games->game[i]);
    *games = (dt_known_games){.made = 0};
}
