/*
 * Vantage: the rules of one policy played where another's lead. The mechanical chain of two policies P and Q
 * (DESIGN §3, Ingredients) is Q's game in which everybody goes on by P's strategies. Two graphs are explored
 * for it: the chain itself, Q's rules with those choosing together who do under P; and P's rules from every
 * situation of the chain, whether or not P's own play could bring it about. In both a choice stays alive if
 * either policy's orders read it, so that a situation has the same key in both. Where P's rules lead to
 * an error in situations that only Q's play meets, P has no strategy: errors count only where rules' own
 * play can get. Beliefs are those of the chain: what is a constant in it must be one, and the same, in both games.
 */
#ifndef DT_GAME_VANTAGE_H
#define DT_GAME_VANTAGE_H

#include "game/game.h"

/* The chain: the rules of `to`, those of a stage choosing together who do under the rules of `from`. Where they
 * know something under `from`, and some of them don't under `to`, they are an agent of its own: unknowing.
 * No two of its places are taken for alike. Needs both games, of one model and which take the same for
 * known, as long as it lives. */
dt_status dt_game_explore_chain(const dt_game *to, const dt_game *from, const dt_options *options,
                                dt_game **chain);

/* The rules of `rules_of` from its own start and from every situation of the chain, from the period on in
 * which that can first occur there. Its node_dead is there. Needs the chain as long as it lives. */
dt_status dt_game_explore_from(const dt_game *chain, const dt_game *rules_of,
                               const dt_options *options, dt_game **game);

/* The rules of either, in `arena`. */
const dt_rules *dt_vantage_rules(dt_arena *arena, const dt_game *chain, const dt_game *rules_of,
                                 bool from);

/* The node of a game with the key of a chain's node, at the same stage; DT_NOWHERE if there is none. */
typedef struct dt_meeting dt_meeting;
dt_meeting *dt_meeting_new(dt_arena *arena, const dt_game *game);
uint32_t dt_meeting_find(const dt_meeting *meeting, const dt_game *chain, uint32_t node);

/* lost [periods, or 1][nodes]: whether the rules lead to an error from a node on, there or later, in each of the
 * first `periods` periods. */
const uint8_t *dt_game_lost(dt_arena *arena, const dt_game *game, uint32_t periods);

#endif
