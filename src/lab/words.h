/*
 * Sentences about situations: who decides there and how things stand, and what is other in the next.
 */
#ifndef DT_LAB_WORDS_H
#define DT_LAB_WORDS_H

#include "game/game.h"

/* "2017Q3, Talks: United States and North Korea choose at once, neither seeing what the other does. tension is 2; envoy chose
 * Offer the next rung in talks." of a decision node in period `t` (from 0); no more of the variables than a sentence
 * bears. */
const char *dt_situation_words(const dt_game *game, uint32_t t, uint32_t node, dt_arena *arena);

/* "rung of the ladder goes from none to pause" and "US chose Maximum pressure": what is other at one place of the
 * game than at another in one slot, with the values that it has at both. */
const char *dt_change_words(const dt_game *game, int slot, int before, int after, dt_arena *arena);

#endif
