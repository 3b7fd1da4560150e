/*
 * Starts: a game explored from several states at once, each as if play began there. What is told apart by
 * how long play has gone on (dt_game.stage_count) counts from any of them, so that the strategies of the
 * first period are those of everybody who stands in one of the states and looks as far ahead as the model
 * says.
 */
#ifndef DT_GAME_STARTS_H
#define DT_GAME_STARTS_H

#include "game/known.h"

typedef struct dt_starts {
    uint32_t count; /* at least 1 */
    const uint32_t
        *key; /* [count][words of the model's keys] states, each once: the game's first ones */
    uint32_t periods; /* that are explored; 0: horizon and lookahead, or play forever */
} dt_starts;

/* `known` NULL: nothing is taken for known. */
dt_status dt_game_explore_starts(const dt_model *model, size_t policy, const dt_starts *starts,
                                 const dt_known *known, const dt_options *options, dt_game **game);

#endif
