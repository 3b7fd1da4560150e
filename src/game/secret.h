/*
 * Private variables in a game: see dt_game.privates. The graph knows no types: what a private variable is
 * changes coefficients, and where it goes, but never which places there are.
 */
#ifndef DT_GAME_SECRET_H
#define DT_GAME_SECRET_H

#include "game/game.h"

/* Fills in dt_game.is_typed and which values of private variables can occur, of a game that is otherwise
 * laid out. */
void dt_game_find_secrets(dt_game *game);

/* The rank of private variable i in a joint type. */
uint32_t dt_type_rank(const dt_game *game, uint32_t type, uint32_t i);

/* reads [privates]: whether a coefficient depends on the private variable, or on what others believe of it. */
void dt_coefficient_secrets(const dt_game *game, uint32_t coefficient, bool *reads);

/* The rank of any private variable's value, where the secrets have a joint type (0 without secrets): of what is
 * known its value is the one that it always has. */
uint32_t dt_true_rank(const dt_game *game, int variable, uint32_t type);

/* The private variable of an actor, if it is known; and the rank of its value. Else DT_NONE. */
int dt_known_of(const dt_game *game, int actor, size_t *rank);

/* "aim is stall"; and of a joint type what a coefficient depends on: "aim is stall and resolve is 2". */
void dt_secret_print(const dt_model *model, int variable, int value, dt_text *text);
void dt_type_print(const dt_game *game, uint32_t type, uint32_t coefficient, dt_text *text);

#endif
