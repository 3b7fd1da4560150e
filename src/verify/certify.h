/*
 * The independent certificate: how far a strategy is from being an equilibrium, found out from the
 * game, the world and the strategy alone. Nothing here knows how the strategy was made.
 */
#ifndef DT_VERIFY_CERTIFY_H
#define DT_VERIFY_CERTIFY_H

#include "game/strategy.h"

/*
 * The certificate of a strategy that has probabilities for every node and period of `game`: the
 * residual max |σ - softmax(λ Q)| with Q taken under the strategy itself and the given convention of
 * values, the values at the start in that convention, and the gaps, which are payments only. A
 * number that can't be made sense of (NaN) comes back as it is. Arrays of the result and all work
 * space are taken from `arena`. Can be interrupted (dt_progress). O(periods × cells × (actors + agents)).
 */
dt_certificate dt_certify(dt_arena *arena, const dt_game *game, const dt_world *world,
                          dt_strategy *strategy, dt_values values, const dt_options *options);

#endif
