/*
 * dt_verify: hands a solution's game, world and strategy, and nothing else of it, to the verifier,
 * and keeps the certificate with the solution. Whether the two certificates agree is judged here, too.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "solve/private.h"
#include "solve/solve.h"
#include "solve/solved.h"
#include "verify/certify.h"
#include "verify/typed.h"

typedef struct request {
    dt_solution *solution;
    const dt_options *options;
    double *value, *gap; /* [actors], kept */
} request;

static dt_status certify(dt_arena *scratch, void *argument)
{
    request *asked = argument;
    dt_solution *solution = asked->solution;
    const size_t actors = (size_t)solution->game->model->actors;
    const dt_certificate found =
        solution->private ? dt_certify_typed(scratch, solution->world, &solution->private->strategy,
                                             solution->values, asked->options)
                          : dt_certify(scratch, solution->game, solution->world, solution->strategy,
                                       solution->values, asked->options);
    memcpy(asked->value, found.value, actors * sizeof *asked->value);
    memcpy(asked->gap, found.gap, actors * sizeof *asked->gap);
    solution->verified = (dt_certificate){.residual = found.residual,
                                          .rounding = found.rounding,
                                          .gap = asked->gap,
                                          .value = asked->value,
                                          .calibration = found.calibration};
    return DT_OK;
}

static dt_status make_room(void *argument)
{
    request *asked = argument;
    const size_t actors = (size_t)asked->solution->game->model->actors;
    asked->value = dt_new(asked->solution->arena, double, actors);
    asked->gap = dt_new(asked->solution->arena, double, actors);
    return DT_OK;
}

dt_status dt_verify(dt_solution *solution, const dt_options *options, dt_certificate *certificate)
{
    if (!solution || !certificate)
        return dt_refuse_call(options, "dt_verify",
                              "no solution, or nowhere to put the certificate");
    if (dt_solution_horizon_alone(solution))
        return dt_refuse_call(options, "dt_verify", DT_LEFT_BEHIND);
    request asked = {.solution = solution, .options = options};
    dt_status status = DT_OK;
    if (!solution->verified.value) {
        status = dt_arena_try(solution->arena, make_room, &asked);
        if (status == DT_OK)
            status = dt_job(options, certify, &asked);
        else
            dt_report_limit(options, dt_arena_reason(solution->arena));
    }
    *certificate = solution->verified;
    return status;
}

/* ---- two certificates ------------------------------------------------------------------------ */

/* Two computations of a number by different code differ by their rounding, and by no more. */
static const double AGREEMENT = 1e-9;

static double difference_of(double a, double b)
{
    const double d = fabs(a - b) / fmax(1, fmax(fabs(a), fabs(b)));
    return isnan(d) ? INFINITY : d;
}

dt_confirmation dt_certificate_confirm(const dt_model *model, const dt_certificate *solver,
                                       const dt_certificate *verifier, double *difference)
{
    if (!model || !solver || !verifier || !difference || !solver->gap || !solver->value ||
        !verifier->gap || !verifier->value)
        return DT_DISAGREES;
    double most = fmax(difference_of(solver->residual, verifier->residual),
                       difference_of(solver->calibration, verifier->calibration));
    for (int i = 0; i < model->actors; i++) {
        most = fmax(most, difference_of(solver->gap[i], verifier->gap[i]));
        most = fmax(most, difference_of(solver->value[i], verifier->value[i]));
    }
    *difference = most;
    if (!(most <= AGREEMENT))
        return DT_DISAGREES;
    const dt_found found = {.residual = verifier->residual,
                            .rounding = verifier->rounding,
                            .calibration = verifier->calibration,
                            .settled = true};
    return dt_judge(&found) == DT_SOLVED ? DT_CONFIRMED : DT_MISSES_EQUATIONS;
}
