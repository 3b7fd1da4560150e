/*
 * What is wrong with a world: one record, whether the world is solved alone or among others, and one
 * function that tells it.
 */
#ifndef DT_GAME_WRONG_H
#define DT_GAME_WRONG_H

#include "base/diagnostic.h"
#include "game/game.h"

typedef struct dt_wrong {
    dt_code code;    /* DT_CODES: nothing */
    int item;        /* the actor, check, entry of a payment row or outcome that it is about */
    double number;   /* that was found */
    uint32_t place;  /* of the game, or DT_NOWHERE */
    uint32_t period; /* from 0, or DT_NOWHERE */
    uint32_t type;   /* joint type whose payment it is, or DT_NOWHERE: of no one's in particular */
} dt_wrong;

/* Complains of it: the number, the place in the text, and at which stage, in which period and state it
 * was met, and the way there. */
void dt_wrong_complain(dt_arena *arena, dt_diagnostics *diagnostics, const dt_game *game,
                       const dt_wrong *wrong);

#endif
