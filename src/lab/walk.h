/*
 * Walking the tree: which situations can be met in a period, and where an action leads.
 */
#ifndef DT_LAB_WALK_H
#define DT_LAB_WALK_H

#include "base/json.h"
#include "detente_explain.h"
#include "trace/reach.h"

/* How likely play comes to each node, kept at the period that was asked for last. */
typedef struct dt_walk {
    const dt_solution *solution;
    dt_reach reach;
} dt_walk;

dt_walk *dt_walk_new(dt_arena *arena, const dt_solution *solution);

/*
 * The situation of a stage (an index; -1: the first that is played) in period `t` (from 0, before
 * the horizon) nearest to `wanted` [slots]: of those where slot `fixed` is as wanted (-1: none need
 * be), one in which the fewest other slots differ, and of these the likeliest. NULL wanted: the
 * likeliest. As JSON:
 *
 *   {"period":1,"stage":"talks","node":n,"reached":p,"situations":count,"text":sentences,
 *    "stages":[{"name","reached"}…] that decide in this period,
 *    "slots":[{"name","value":"cap","number":n,"values":[{"name","value":number,"fits":bool}…]}…]}
 *
 * where a value `fits` if it can be had with all other slots as they are. null if there is no such
 * situation. Only situations of positive probability count.
 */
void dt_walk_situation(dt_walk *walk, dt_arena *scratch, dt_writer *out, uint32_t t, int stage,
                       const int *wanted, int fixed);

/* What somebody does in a situation: a decision node in period `t` (from 0), where the agent at position
 * `agent` of its menu takes `option`. With private variables `rank` is that of its own, if it owns one, and
 * `belief` [values of each secret, in order] what the others believe, of which the nearest point of
 * the grid is taken. */
typedef struct dt_walked {
    uint32_t t, node;
    int agent, option, rank;
    const double *belief;
} dt_walked;

/*
 * Where play goes then, if the others at the node play their strategies and chance moves: the decisions
 * that come next, the likeliest first, at most 12 of them. As JSON:
 *
 *   {"ended":p,"over":p,"rest":p,"next":[{"probability","period","stage","node",
 *    "changes":[{"name","from","to","text"}…],"belief":[number…]}…]}
 *
 * `ended` by an end's condition, `over` past the horizon, `rest` in the situations not told; `belief` the
 * expectation of what is believed there, of each private variable, also of what is known.
 */
void dt_walk_next(const dt_solution *solution, dt_arena *scratch, dt_writer *out,
                  const dt_walked *from);

/* The words by which dt_explain knows a node, and what is believed there (`belief` as above; NULL: what is
 * likeliest): "tension=1, talks.envoy=step, aim=stall:0.3". */
const char *dt_walk_words(const dt_game *game, uint32_t node, const double *belief,
                          dt_arena *arena);

#endif
