/*
 * Leaks: how much each stage gives away of what one side knows alone. The exact chain says how often play
 * comes to each node and belief; there the signalling game says how far the belief moves on average over all
 * that can be seen (believed.c).
 */
#include <assert.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "solve/solve.h"
#include "trace/believed.h"

/* A leak smaller than this is rounding. */
static const double NOTHING = 1e-12;

typedef struct request {
    const dt_solution *solution;
    const dt_options *options;
    dt_leak *leak;
    size_t *count;
} request;

/* Adds up what a stage gives away in a period that has been passed: [variables] sums of moves, and visits. */
static void add_stage(const dt_private_chain *chain, uint32_t stage, uint32_t t, double *move,
                      double *visits)
{
    const dt_game *game = chain->game;
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    const uint32_t first = game->stage_first[stage];
    for (uint32_t n = first; n < first + dt_game_count(game, stage, t); n++) {
        const double *mass = chain->mass + n * chain->stride;
        for (uint32_t point = 0; point < beliefs->points; point++, mass += beliefs->types) {
            double chance = 0;
            for (uint32_t type = 0; type < beliefs->types; type++)
                chance += mass[type];
            *visits += chance;
            for (size_t x = 0; x < beliefs->variables && chance > 0; x++)
                move[x] += chance * dt_believed_move(chain->work, n, point, t, x);
        }
    }
}

/* The largest first; equal ones in the order of stages. */
static int by_move(const void *a, const void *b)
{
    const dt_leak *x = a, *y = b;
    if (x->move != y->move)
        return x->move < y->move ? 1 : -1;
    return x->stage != y->stage ? (x->stage < y->stage ? -1 : 1)
                                : (x->variable > y->variable) - (x->variable < y->variable);
}

static dt_status find(dt_arena *arena, void *argument)
{
    const request *asked = argument;
    dt_private *work = asked->solution->private;
    const dt_game *game = asked->solution->game;
    const size_t variables = work->plan->beliefs->variables;
    double *move = dt_new(arena, double, game->stages *variables);
    double *visits = dt_new(arena, double, game->stages);
    dt_private_chain *chain = dt_private_chain_new(arena, work, 1);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_progress(arena, asked->options, "following play", (double)t / game->horizon);
        dt_private_chain_to(chain, t);
        for (uint32_t s = 0; s < game->stages; s++)
            add_stage(chain, s, t, move + s * variables, &visits[s]);
    }
    for (uint32_t s = 0; s < game->stages; s++) {
        for (size_t x = 0; x < variables; x++) {
            const double mean = visits[s] > 0 ? move[s * variables + x] / visits[s] : 0;
            if (mean > NOTHING)
                asked->leak[(*asked->count)++] =
                    (dt_leak){s, (size_t)game->secret_variable[x], mean, visits[s]};
        }
    }
    qsort(asked->leak, *asked->count, sizeof *asked->leak, by_move);
    return DT_OK;
}

dt_status dt_solution_leaks(const dt_solution *solution, const dt_options *options, dt_leak *leak,
                            size_t *count)
{
    if (!solution || !count || (!leak && solution->private))
        return dt_refuse_call(options, "dt_solution_leaks",
                              "no solution, or nowhere to put what its stages give away");
    *count = 0;
    if (!solution->private || !dt_solution_solved(solution))
        return DT_OK;
    return dt_job(options, find, &(request){solution, options, leak, count});
}
