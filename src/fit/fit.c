/*
 * A fit from the first draw to the last result: particles are drawn at one temperature after the other and
 * kept in the file (keep.c), then they are the worlds of a study of design POSTERIOR, which is run in
 * the same file as any other. Whatever is there is gone on with. Under mpirun rank 0 draws and keeps, and all find
 * likelihoods.
 *
 * Invariant: the file's content depends on what was asked alone.
 */
#include <assert.h>
#include <string.h>
#include <time.h>

#include "base/job.h"
#include "fit/keep.h"
#include "fit/learned.h"
#include "study/cluster.h"

/* Likelihoods asked for to know what one takes. */
enum { FIRST_FEW = 16 };

typedef struct running {
    dt_fitting fitting;
    const char *path;
    dt_fit_how how;
    dt_arena *arena; /* of the answer */
    dt_fit *fit;
    dt_swarm *swarm;
    dt_keep keep;
    dt_study_summary *study;
    double likelihood; /* seconds */
    bool stopped;
    dt_status status; /* of a run that has an answer */
} running;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static bool tell(running *r, const dt_study_progress *study)
{
    const dt_fit_progress progress = {.likelihood = r->likelihood,
                                      .temperature = r->swarm->at.temperature,
                                      .steps = r->swarm->at.steps,
                                      .sweeps = r->swarm->at.sweeps,
                                      .evaluations = r->swarm->at.evaluations,
                                      .study = study};
    if (r->how.progress && !r->how.progress(r->how.progress_context, &progress))
        r->stopped = true;
    return !r->stopped;
}

static bool pulse(void *context)
{
    return tell(context, NULL);
}

static bool study_pulse(void *context, const dt_study_progress *progress)
{
    return tell(context, progress);
}

/* What a likelihood takes, from the first few draws of the prior. */
static dt_status clock_likelihood(running *r, const dt_target *target)
{
    const size_t k = target->dimensions;
    double *score = dt_take(r->fitting.arena, FIRST_FEW, k * sizeof *score), loglik[FIRST_FEW];
    const double start = now();
    /* at the prior's middle, and so near it that every one is another world */
    for (size_t i = 0; i < FIRST_FEW * k; i++)
        score[i] = 1e-3 * (double)i;
    const dt_status status = target->loglik(target->context, FIRST_FEW, score, loglik);
    r->likelihood = (now() - start) / FIRST_FEW;
    return status;
}

static dt_status draw(running *r)
{
    dt_swarm *swarm = r->swarm;
    const dt_target target = dt_fitting_target(&r->fitting);
    r->fit->before = r->keep.found ? swarm->at.steps : 0;
    if (r->keep.found && swarm->at.temperature >= 1)
        return DT_OK;
    dt_status status = clock_likelihood(r, &target);
    if (status == DT_OK && !pulse(r))
        return DT_LIMIT;
    if (status == DT_OK && !r->keep.found) {
        status = dt_swarm_start(swarm, &target);
        if (status == DT_NO)
            dt_fitting_hopeless(&r->fitting, swarm->particles);
        if (status == DT_OK)
            status = dt_keep_swarm(&r->keep, swarm);
    }
    while (status == DT_OK && swarm->at.temperature < 1) {
        status = dt_swarm_step(swarm, &target, pulse, r);
        if (status == DT_OK)
            status = dt_keep_swarm(&r->keep, swarm);
    }
    return status;
}

static void answer(running *r)
{
    const dt_swarm *swarm = r->swarm;
    dt_fit *fit = r->fit;
    fit->particles = swarm->particles;
    fit->evidence = swarm->at.evidence;
    fit->evidence_error = dt_swarm_evidence_error(swarm);
    fit->steps = swarm->at.steps;
    fit->sweeps = swarm->at.sweeps;
    fit->evaluations = swarm->at.evaluations;
    fit->without = swarm->at.without;
    fit->accepted = swarm->at.accepted;
    fit->kept = swarm->at.kept;
    dt_learned(&r->fitting, r->arena, swarm->score, swarm->particles, swarm, fit);
}

/* The draws are the study's worlds; what becomes of them is its summary. */
static dt_status solve(running *r)
{
    dt_fitting *f = &r->fitting;
    const dt_study_how how = {.jobs = r->how.jobs, .progress = study_pulse, .progress_context = r};
    dt_fitting_shares(f, f->particles, r->swarm->score, f->share);
    f->study.evidence = r->fit->evidence;
    f->study.evidence_error = r->fit->evidence_error;
    const dt_status status =
        dt_study_run(f->model, &f->study, r->path, &how, f->options, &r->study);
    r->fit->study = r->study;
    r->fit->complete = r->study && r->study->done == (r->study->worlds + 1) * r->study->policies;
    return status;
}

static dt_status run(void *argument)
{
    running *r = argument;
    dt_fitting *f = &r->fitting;
    dt_status status = dt_fitting_prepare(f);
    if (status != DT_OK)
        return status;
    r->swarm = dt_swarm_new(f->arena, f->particles, f->plan->varied, f->asked->seed);
    dt_cluster_meet();
    if (dt_cluster_is_worker()) {
        status = dt_fitting_serve(f);
    } else {
        status = dt_keep_open(f->arena, r->path, f->plan, f->options, r->swarm, &r->keep);
        if (status == DT_OK)
            status = draw(r);
        dt_keep_close(&r->keep);
        dt_fitting_end(status);
    }
    if (status != DT_OK) {
        dt_cluster_part();
        return status;
    }
    dt_cluster_tell(r->swarm->score, f->particles * f->plan->varied);
    if (!dt_cluster_is_worker())
        answer(r);
    return solve(r);
}

static dt_status work(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    running *r = argument;
    r->arena = arena;
    r->fitting.arena = scratch;
    r->fit = dt_new(arena, dt_fit, 1);
    *r->fit = (dt_fit){.owner = arena};
    const double start = now();
    r->status = run(r);
    r->fit->seconds = now() - start;
    if (r->fit->particles == 0 && r->status != DT_OK)
        return r->status;
    *found = r->fit;
    return DT_OK;
}

dt_status dt_fit_run(const dt_model *model, const dt_fit_plan *plan, const char *path,
                     const dt_fit_how *how, const dt_options *options, dt_fit **fit)
{
    if (fit)
        *fit = NULL;
    if (!path || !fit || !dt_fitting_right(model, plan))
        return dt_refuse_call(
            options, "dt_fit_run",
            "a plan that isn't one of the model, no path, or nowhere to put the fit");
    running r = {
        .fitting = {.model = model, .asked = plan, .options = options},
          .path = path
    };
    if (how)
        r.how = *how;
    const dt_status status = dt_answer(options, work, &r, (void **)fit);
    dt_keep_close(&r.keep);
    dt_draws_free(r.fitting.draws);
    if (*fit && dt_cluster_is_worker()) { /* rank 0 alone has something to say */
        dt_fit_free(*fit);
        *fit = NULL;
    } else if (!*fit) {
        dt_study_summary_free(r.study);
    }
    return status == DT_OK ? r.status : status;
}

void dt_fit_free(dt_fit *fit)
{
    if (!fit)
        return;
    dt_study_summary_free((dt_study_summary *)(uintptr_t)fit->study);
    dt_arena_free(fit->owner);
}
