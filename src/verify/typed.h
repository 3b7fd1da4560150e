/*
 * The independent certificate of a game with private variables, from the game, the world and the strategies
 * of types at points of beliefs alone, as certify.h without them.
 */
#ifndef DT_VERIFY_TYPED_H
#define DT_VERIFY_TYPED_H

#include "game/typed.h"

/*
 * As dt_certify; the residual is taken over all types that are possible, of all nodes, at all points. Values and
 * gaps of an owner are expected over its prior. Besides: the calibration. `world` gives the
 * parameters and everybody's rationality. O(periods × points × cells × corners × columns); two numbers for each
 * place, point and voice.
 */
dt_certificate dt_certify_typed(dt_arena *arena, const dt_world *world,
                                const dt_typed_strategy *strategy, dt_values values,
                                const dt_options *options);

struct dt_scene;

/* The calibration alone (typed_chain.c), by going on from the start. */
double dt_typed_calibration(dt_arena *arena, struct dt_scene *scene, const dt_options *options);

#endif
