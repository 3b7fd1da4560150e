/*
 * Outcomes if an actor's private variable has a certain value as play begins: the exact chain (solve/private_chain.h)
 * of those alone of whom that is true. What the others believe, and so what everybody does, is what it was. Over the
 * prior they average to the outcomes; what becomes of the variable later is the chain's.
 */
#include <math.h>

#include "base/job.h"
#include "game/secret.h"
#include "trace/outcomes.h"

typedef struct request {
    const dt_solution *solution;
    size_t variable, rank;
    const dt_options *options;
    double *outcome;
} request;

static dt_status answer(dt_arena *arena, void *argument)
{
    const request *asked = argument;
    const dt_model *model = asked->solution->game->model;
    dt_outcomes_private *found =
        dt_outcomes_private_new(arena, asked->solution->private, (size_t)model->declared_outcomes);
    dt_progress(arena, asked->options, "following a type", 0);
    if (!dt_outcomes_private_given(found, asked->variable, (int)asked->rank, NULL, NULL))
        return DT_OK;
    for (int o = 0; o < model->declared_outcomes; o++) {
        const bool whole = found->all->broken[o] == DT_NOWHERE && isfinite(found->all->value[o]);
        asked->outcome[o] = whole ? found->all->value[o] : (double)NAN;
    }
    return DT_OK;
}

dt_status dt_solution_type_outcomes(const dt_solution *solution, size_t actor, size_t rank,
                                    const dt_options *options, double *outcomes)
{
    if (!solution || !outcomes)
        return dt_refuse_call(options, "dt_solution_type_outcomes",
                              "no solution, or nowhere to put the outcomes");
    const dt_game *game = solution->game;
    for (int o = 0; o < game->model->declared_outcomes; o++)
        outcomes[o] = (double)NAN;
    if (!dt_solution_solved(solution))
        return DT_NO;
    size_t known;
    if (actor < (size_t)game->model->actors && dt_known_of(game, (int)actor, &known) != DT_NONE)
        return rank == known ? dt_solution_outcomes(solution, options, outcomes) : DT_OK;
    for (size_t x = 0; x < game->privates; x++) {
        const int variable = game->secret_variable[x];
        if ((size_t)game->model->variable[variable].owner == actor && rank < game->secret_values[x])
            return dt_job(options, answer, &(request){solution, x, rank, options, outcomes});
    }
    return DT_OK;
}
