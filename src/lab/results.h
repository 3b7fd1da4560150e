/*
 * What was found, as JSON: the numbers of a solution, and what they are over time.
 */
#ifndef DT_LAB_RESULTS_H
#define DT_LAB_RESULTS_H

#include "base/json.h"
#include "detente_lab.h"
#include "solve/solve.h"

/* {"states":n,"nodes":n,…} */
void dt_write_counts(dt_writer *out, const dt_game *game);

/* {"solved":true,"reason":"","cure":"","outcomes":[…],"values":[…],"gaps":[…],"residual":…,…}, in the
 * model's order. Of what isn't solved, the outcomes' numbers included, these are null.
 * `outcome` has a number for each declared outcome. */
void dt_write_solution(dt_writer *out, const dt_solution *solution, const double *outcome);

/* {"outcomes":[outcome][period],"means":[variable][period],"shares":[variable][value][period]};
 * shares of a variable of many values are []. */
void dt_write_over_time(dt_writer *out, const dt_solution *solution, dt_arena *scratch);

/* The difference of an outcome under two solutions, split over the stages of play, with how often each
 * action is taken: {"here":x,"there":x,"counted":x,"stages":[{"part":x,
 * "situation":{"period":1,"part":x,"slots":[n…]} of `here` or null, "taken":[[here,there]…] of each
 * action}…]}. The outcome must be finite under both. */
void dt_write_contrast(dt_writer *out, const dt_solution *here, const dt_solution *there,
                       int outcome, dt_arena *scratch);

/* {"basis":text,"outcomes":[{"outcome":n,"lead":"clear","best":p,"next":p,"share":x,"less":x,"by_chance":bool,
 * "text":text,"turns":text,"work":text}…]}: the headline outcomes, answered. Policies are the model's; -1: none.
 * `policy` are those that were asked about. */
void dt_write_answered(dt_writer *out, const dt_answered *answered, const size_t *policy);

/* {"games":n,"uniform":x,"ingredients":[{"name","from","to"}…],"outcomes":[{"from":x,"to":x,
 * "shapley":[x…],"alone":[x…],"left_out":[x…],"mechanical":x,"adaptive":x,"text":text}…]}: what dt_levers_solve
 * found in one world, of every declared outcome. */
void dt_write_levers(dt_writer *out, const dt_model *model, const dt_levers *levers,
                     const dt_levers_result *result, dt_arena *scratch);

#endif
