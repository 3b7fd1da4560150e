/*
 * What drawing and climbing share: the fitted parameters as independent standard normal scores a priori.
 * A score becomes the share of the unit cube below it, and that a number as in any study (place.c): by
 * the quantile of the parameter's distribution, through the copula if it correlates, by the uniform one
 * on its range if it has no distribution. So the likelihood is asked for exactly the worlds that the
 * file will hold.
 */
#include "fit/fitting.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/diagnostic.h"
#include "study/cluster.h"

enum { USUAL_PARTICLES = 512, FOR_EACH = 4 };
/* The ends of the open unit interval, as far as their complements are numbers too. */
static const double LARGEST_SHARE = 1 - 0x1p-53, SMALLEST_SHARE = 0x1p-54;

static dt_status refuse(const dt_fitting *f, const char *message)
{
    dt_diagnostics *told = dt_diagnostics_new(f->arena, f->options, NULL);
    dt_complain(told, DT_BAD_FIT, (dt_place){0, 0}, message);
    dt_diagnostics_flush(told);
    return DT_INVALID;
}

void dt_fitting_hopeless(const dt_fitting *f, size_t draws)
{
    dt_diagnostics *told = dt_diagnostics_new(f->arena, f->options, NULL);
    dt_complain_more(told, DT_NO_LIKELIHOOD, (dt_place){0, 0},
                     "is every row possible somewhere in the ranges?", NULL, draws);
    dt_diagnostics_flush(told);
}

bool dt_fitting_right(const dt_model *model, const dt_fit_plan *plan)
{
    if (!model || !plan || !plan->fitted || (unsigned)plan->values > DT_VALUES_SURPLUS ||
        (plan->free > 0 && !plan->parameter) || (plan->policies > 0 && !plan->policy))
        return false;
    bool good = true;
    for (size_t i = 0; i < plan->free; i++)
        good &= plan->parameter[i] < dt_model_count(model, DT_PARAMETERS);
    for (size_t i = 0; i < plan->policies; i++)
        good &= plan->policy[i] < dt_model_count(model, DT_POLICIES);
    return good;
}

dt_status dt_fitting_prepare(dt_fitting *f)
{
    const dt_fit_plan *asked = f->asked;
    char message[120];
    f->particles = asked->particles ? asked->particles : USUAL_PARTICLES;
    const size_t least =
        FOR_EACH * asked->free > DT_LEAST_PARTICLES ? FOR_EACH * asked->free : DT_LEAST_PARTICLES;
    if (asked->free == 0)
        return refuse(f, "nothing is fitted: which numbers are free?");
    if (f->particles < least || f->particles > DT_MOST_PARTICLES) {
        snprintf(message, sizeof message, "%zu draws: for %zu free %s from %zu to %d make a fit",
                 f->particles, asked->free, asked->free == 1 ? "number" : "numbers", least,
                 (int)DT_MOST_PARTICLES);
        return refuse(f, message);
    }
    f->share = dt_take(f->arena, f->particles, asked->free * sizeof(double));
    f->study = (dt_study_plan){.design = DT_DESIGN_POSTERIOR,
                               .seed = asked->seed,
                               .values = asked->values,
                               .worlds = f->particles,
                               .varied = asked->free,
                               .vary = asked->parameter,
                               .policies = asked->policies,
                               .policy = asked->policy,
                               .held = asked->held,
                               .point = f->share,
                               .fitted = asked->fitted};
    f->plan = dt_plan_new(f->arena, f->model, &f->study, f->options);
    if (!f->plan)
        return DT_INVALID;
    assert(f->plan->varied <= asked->free);
    const dt_status status = dt_draws_prepare(f->model, f->options, &f->draws);
    if (status != DT_OK)
        return status;
    f->placing = dt_placing_new(f->arena, f->plan, f->draws);
    f->parameter = dt_take(f->arena, f->particles, (size_t)f->model->params * sizeof *f->parameter);
    return DT_OK;
}

void dt_fitting_shares(const dt_fitting *f, size_t count, const double *score, double *share)
{
    for (size_t i = 0; i < count * f->plan->varied; i++)
        share[i] = fmin(fmax(dt_normal_share(score[i]).below, SMALLEST_SHARE), LARGEST_SHARE);
}

static dt_status loglik(void *context, size_t count, const double *score, double *loglik)
{
    dt_fitting *f = context;
    const size_t params = (size_t)f->model->params;
    for (size_t first = 0; first < count; first += f->particles) {
        const size_t some = count - first < f->particles ? count - first : f->particles;
        dt_fitting_shares(f, some, score + first * f->plan->varied, f->share);
        for (size_t i = 0; i < some; i++) {
            dt_placing_world(f->placing, f->share + i * f->plan->varied, f->parameter + i * params);
            loglik[first + i] = 0;
        }
        const dt_status status = f->asked->loglik ? f->asked->loglik(f->asked->loglik_context, some,
                                                                     f->parameter, loglik + first)
                                                  : DT_OK;
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

static dt_question question_of(dt_fitting *f)
{
    return (dt_question){f->plan->varied, loglik, f};
}

static dt_status ask(void *context, size_t count, const double *score, double *loglik)
{
    const dt_question question = question_of(context);
    return dt_cluster_ask(&question, count, score, loglik);
}

dt_target dt_fitting_target(dt_fitting *f)
{
    return (dt_target){f->plan->varied, dt_cluster_workers() > 0 ? ask : loglik, f};
}

dt_status dt_fitting_serve(dt_fitting *f)
{
    const dt_question question = question_of(f);
    return dt_cluster_answer(&question, f->arena);
}

void dt_fitting_end(dt_status status)
{
    if (dt_cluster_workers() > 0)
        dt_cluster_dismiss(status);
}
