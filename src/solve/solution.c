/*
 * What can be asked of a solution: whether it is one, its certificates and why it failed, what is said of play
 * forever. Without a solution the answers are those of one that isn't solved.
 */
#include "solve/solve.h"

#include <assert.h>
#include <math.h>

#include "game/secret.h"
#include "solve/private_chain.h"

void dt_solution_free(dt_solution *solution)
{
    if (!solution)
        return;
    dt_arena_free(solution->work);
    dt_arena_free(solution->arena);
}

bool dt_solution_solved(const dt_solution *solution)
{
    if (!solution)
        return false;
    return solution->judgement == DT_SOLVED;
}

const char *dt_solution_reason(const dt_solution *solution)
{
    if (!solution)
        return "there is no solution";
    return solution->reason;
}

const char *dt_solution_cure(const dt_solution *solution)
{
    if (!solution)
        return "";
    return dt_judgement_cure(solution->judgement);
}

size_t dt_solution_points(const dt_solution *solution)
{
    if (!solution)
        return 0;
    if (solution->private)
        return solution->private->plan->beliefs->points;
    return solution->game->model->privates > 0; /* if all are known, in one point */
}

double dt_solution_type_value(const dt_solution *solution, size_t actor, size_t rank)
{
    size_t known;
    if (!solution || actor >= (size_t)solution->game->model->actors)
        return (double)NAN;
    if (dt_known_of(solution->game, (int)actor, &known) != DT_NONE)
        return rank == known ? solution->value[actor] : (double)NAN;
    if (!solution->private)
        return (double)NAN;
    return dt_private_type_value(solution->private, (int)actor, rank);
}

dt_certificate dt_solution_certificate(const dt_solution *solution)
{
    if (!solution)
        return (dt_certificate){0};
    return (dt_certificate){.residual = solution->found.residual,
                            .rounding = solution->found.rounding,
                            .gap = solution->gap,
                            .value = solution->value,
                            .calibration = solution->found.calibration};
}

uint64_t dt_solution_failures(const dt_solution *solution)
{
    if (!solution)
        return 0;
    return solution->found.failures;
}

const char *dt_solution_failure(const dt_solution *solution, size_t index)
{
    if (!solution)
        return NULL;
    if (index >= solution->found.failures || index >= DT_NAMED_FAILURES)
        return NULL;
    assert(solution->failure[index]);
    return solution->failure[index];
}

uint64_t dt_solution_crossed(const dt_solution *solution)
{
    if (!solution)
        return 0;
    return solution->found.crossed;
}

uint64_t dt_solution_sweeps(const dt_solution *solution)
{
    if (!solution)
        return 0;
    return solution->found.sweeps;
}

double dt_solution_bound(const dt_solution *solution)
{
    if (!solution)
        return 0;
    return solution->found.bound;
}

bool dt_solution_settled(const dt_solution *solution)
{
    if (!solution)
        return false;
    return !solution->game->forever || solution->found.settled;
}
