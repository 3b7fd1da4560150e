/*
 * detente fit: what a record says about the numbers of a model. Draws of the posterior go into a study file,
 * with which every question goes on; printed is each number before and after, what the record says nothing
 * about and what it can't tell apart, and the evidence, by which two models, or two policies in force, are
 * weighed against each other. With --mode the posterior's mode and curvature first, or alone. Under mpirun all ranks come
 * through here, and rank 0 speaks.
 */
#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "record.h"
#include "sheet.h"

/* A pair that correlates so much is known together only. */
static const double TOGETHER = 0.7, REMEMBERED = 0.2;
enum { PAIRS_SHOWN = 3 };

typedef struct reporting {
    const cli_session *session;
    const dt_fit_plan *plan;
    const dt_fit *fit;
    cli_answer *answer;
} reporting;

static const char *name_of(const reporting *r, size_t number)
{
    return dt_model_item(r->session->model, DT_PARAMETERS, r->fit->number[number].parameter);
}

/* The names of the numbers of which `is` says so. */
static const char *names(const reporting *r, bool (*is)(const dt_fitted_number *n))
{
    const char *list = "";
    for (size_t i = 0; i < r->fit->numbers; i++) {
        if (is(&r->fit->number[i]))
            list = cli_print("%s%s%s", list, *list ? ", " : "", name_of(r, i));
    }
    return list;
}

static bool is_flat(const dt_fitted_number *n)
{
    return n->flat;
}

static bool is_uniform(const dt_fitted_number *n)
{
    return n->uniform;
}

/* ---- sheets ------------------------------------------------------------------------------------ */

static void put_numbers(const reporting *r)
{
    const bool mode = r->fit->mode != NULL;
    cli_sheet *sheet = cli_sheet_new(
        r->answer, mode ? "mode" : "numbers",
        mode ? "At the mode, and by the curvature there" : "Before and after",
        mode
            ? "|number, prior=before, prior_sd=sd, mode, mean=after, sd, p05=5 %, p95=95 %, learned"
            : "|number, prior=before, prior_sd=sd, -prior_p05, -prior_p95, mean=after, sd, p05=5 "
              "%, "
              "p95=95 %, learned, ess=ESS");
    for (size_t i = 0; i < r->fit->numbers; i++) {
        const dt_fitted_number *n = &r->fit->number[i];
        if (mode)
            cli_put(sheet, "%s %g %g %g %g %g %g %g %f", name_of(r, i), n->prior_mean, n->prior_sd,
                    r->fit->mode[n->parameter], n->mean, n->sd, n->low, n->high, n->learned);
        else
            cli_put(sheet, "%s %g %g %g %g %g %g %g %g %f %zu", name_of(r, i), n->prior_mean,
                    n->prior_sd, n->prior_low, n->prior_high, n->mean, n->sd, n->low, n->high,
                    n->learned, (size_t)n->effective);
    }
    const char *uniform = names(r, is_uniform), *flat = names(r, is_flat);
    cli_note(&sheet->notes, "learned: the part of the prior's variance that is gone.%s",
             mode ? "" : " ESS: independent draws that the draws are worth.");
    if (*uniform)
        cli_note(&sheet->notes,
                 "Have a range and no distribution, and are taken as uniform on it for the sake of "
                 "the fit: %s.",
                 uniform);
    if (*flat && r->plan->loglik)
        cli_note(&sheet->notes,
                 "Flat: by itself, nothing that could be told from noise was learned of %s.", flat);
}

static void put_pairs(const reporting *r)
{
    if (r->fit->pairs == 0)
        return;
    cli_sheet *sheet = cli_sheet_new(r->answer, r->fit->mode ? "mode_pairs" : "pairs",
                                     "What hangs together most", "|pair, prior, posterior");
    const char *together = "";
    for (size_t i = 0; i < r->fit->pairs; i++) {
        const dt_fitted_pair *p = &r->fit->pair[i];
        const char *pair = cli_print("%s, %s", name_of(r, p->a), name_of(r, p->b));
        cli_put(sheet, "%s %g %g", pair, p->prior, p->posterior);
        cli_last_row(sheet)->hidden = i >= PAIRS_SHOWN;
        if (fabs(p->posterior) >= TOGETHER)
            together = cli_print("%s%s%s", together, *together ? "; " : "", pair);
    }
    cli_note(&sheet->notes, "Correlations of normal scores.%s",
             *together
                 ? cli_print(" The fit can't tell apart, it knows together only: %s.", together)
                 : "");
}

/* ---- sentences --------------------------------------------------------------------------------- */

static void say_mode(const reporting *r)
{
    const dt_fit *fit = r->fit;
    cli_note(&r->answer->before, "%s: the mode, given %s. Log likelihood %.6g.",
             dt_model_name(r->session->model), r->plan->fitted, fit->loglik);
    if (fit->peak)
        cli_note(&r->answer->before,
                 "Log evidence by Laplace's approximation %.6g; no error can be stated.",
                 fit->evidence);
    else
        cli_note(&r->answer->cautions,
                 "The curvature isn't that of a peak: some numbers aren't known there, and no "
                 "spread is shown.");
    if (fit->slope > 0.01)
        cli_note(&r->answer->cautions,
                 "The climb ended where the density still has a slope of %.2g by a normal score.",
                 fit->slope);
    json_object_set_new(
        r->answer->facts, "mode_found",
        json_pack("{s:o, s:o, s:o, s:b, s:I}", "loglik", cli_json_number(fit->loglik), "evidence",
                  cli_json_number(fit->evidence), "slope", cli_json_number(fit->slope), "peak",
                  fit->peak, "evaluations", (json_int_t)fit->evaluations));
}

static void say_draws(const reporting *r)
{
    const dt_fit *fit = r->fit;
    cli_texts *before = &r->answer->before, *cautions = &r->answer->cautions;
    cli_note(before, "%s: %zu draws of the posterior, given %s; seed %" PRIu64 ".",
             dt_model_name(r->session->model), fit->particles, r->plan->fitted, r->plan->seed);
    if (r->plan->loglik)
        cli_note(before, "Log evidence %.5g, with an error of %.2g.", fit->evidence,
                 fit->evidence_error);
    cli_note(&r->answer->after,
             "%" PRIu64 " temperatures, %" PRIu64 " sweeps, %" PRIu64
             " likelihoods; of the last proposals %.0f %% were taken.",
             fit->steps, fit->sweeps, fit->evaluations, 100 * fit->accepted);
    if (fit->before > 0 && fit->before == fit->steps)
        cli_note(&r->answer->after, "The draws were in the file before.");
    if (fit->kept > REMEMBERED)
        cli_note(
            cautions,
            "The particles moved badly: after the last sweeps they still correlate by %.2f with "
            "where they were, so that they are fewer than they seem. More draws help.",
            fit->kept);
    if (fit->without > 0)
        cli_note(cautions,
                 "%" PRIu64 " of %" PRIu64 " worlds that were tried couldn't be solved, or a row "
                 "was impossible in them; they count as impossible.",
                 fit->without, fit->evaluations);
    json_object_set_new(
        r->answer->facts, "fit",
        json_pack("{s:I, s:s, s:I, s:o, s:o, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "draws",
                  (json_int_t)fit->particles, "fitted", r->plan->fitted, "seed",
                  (json_int_t)r->plan->seed, "evidence", cli_json_number(fit->evidence),
                  "evidence_error", cli_json_number(fit->evidence_error), "temperatures",
                  (json_int_t)fit->steps, "sweeps", (json_int_t)fit->sweeps, "likelihoods",
                  (json_int_t)fit->evaluations, "without", (json_int_t)fit->without, "accepted",
                  cli_json_number(fit->accepted), "kept", cli_json_number(fit->kept), "seconds",
                  cli_json_number(fit->seconds)));
}

static void say_study(const reporting *r, const char *path)
{
    const dt_study_summary *did = r->fit->study;
    if (!did)
        return;
    const size_t all = (did->worlds + 1) * did->policies;
    cli_note(&r->answer->after, "'%s' is a study of the draws under %zu %s: %s%s.", path,
             did->policies, did->policies == 1 ? "policy" : "policies",
             r->fit->complete ? "complete" : cli_print("%zu of %zu results", did->done, all),
             did->failed ? cli_print(", %zu failed", did->failed) : "");
    json_object_set_new(r->answer->facts, "study",
                        json_pack("{s:s, s:b, s:I, s:I}", "file", path, "complete",
                                  r->fit->complete, "done", (json_int_t)did->done, "failed",
                                  (json_int_t)did->failed));
}

/* ---- two fits ---------------------------------------------------------------------------------- */

/* What was fitted to, without what was in force. */
static size_t same_record(const char *fitted)
{
    const char *comma = strrchr(fitted, ',');
    return comma ? (size_t)(comma - fitted) : strlen(fitted);
}

/* The evidence beside that of the fit in another file. */
static dt_status weigh(const reporting *r, const char *path)
{
    dt_study *study;
    const dt_status status = dt_study_open(path, &r->session->options, &study);
    if (status != DT_OK)
        return status;
    const dt_study_data *other = dt_study_read(study);
    const size_t length = same_record(r->plan->fitted);
    if (!other->fitted || same_record(other->fitted) != length ||
        strncmp(other->fitted, r->plan->fitted, length) != 0) {
        cli_error("both are to be fitted to the same rows of the same histories",
                  other->fitted ? cli_print("'%s' was fitted to %s", path, other->fitted)
                                : "'%s' is no fit",
                  path);
        dt_study_close(study);
        return DT_INVALID;
    }
    const double log_factor = r->fit->evidence - other->evidence,
                 error = hypot(r->fit->evidence_error, other->evidence_error);
    const bool for_this = log_factor > 0;
    cli_note(&r->answer->before,
             "Weighed against '%s' (%s, %s): log Bayes factor %.3g, with an error of %.2g. %s",
             path, dt_model_name(other->model),
             other->fitted + length + (other->fitted[length] ? 2 : 0), log_factor, error,
             fabs(log_factor) < 2 * error
                 ? "The two can't be told apart by it."
                 : cli_print("What was observed speaks for %s, by a factor of %.3g.",
                             for_this ? "this fit" : "that one", exp(fabs(log_factor))));
    json_object_set_new(r->answer->facts, "against",
                        json_pack("{s:s, s:o, s:o}", "file", path, "log_factor",
                                  cli_json_number(log_factor), "error", cli_json_number(error)));
    dt_study_close(study);
    return DT_OK;
}

/* ---- the command ------------------------------------------------------------------------------- */

static dt_status find_mode(const reporting *asked)
{
    dt_fit *fit;
    reporting r = *asked;
    const dt_options options = cli_options_within(r.session);
    const dt_status status = dt_fit_mode(r.session->model, r.plan, &options, &fit);
    if (!fit)
        return status;
    r.fit = fit;
    say_mode(&r);
    put_numbers(&r);
    put_pairs(&r);
    dt_fit_free(fit);
    return status;
}

static dt_status draw(const reporting *asked)
{
    const cli_line *line = asked->session->line;
    cli_fit_telling told = {.session = asked->session, .plan = asked->plan, .stays = line->output};
    const dt_fit_how how = {
        .jobs = cli_jobs(line), .progress = cli_fit_progress, .progress_context = &told};
    dt_options options = cli_asked_options(asked->session);
    options.max_memory = cli_options_within(asked->session).max_memory;
    dt_fit *fit;
    reporting r = *asked;
    dt_status status = dt_fit_run(r.session->model, r.plan, line->output, &how, &options, &fit);
    cli_progress_end();
    if (!fit)
        return status;
    r.fit = fit;
    say_draws(&r);
    put_numbers(&r);
    put_pairs(&r);
    say_study(&r, line->output);
    if (line->evidence) {
        const dt_status weighed = weigh(&r, line->evidence);
        status = weighed == DT_OK ? status : weighed;
    }
    dt_fit_free(fit);
    return status;
}

static dt_status run_fit(const cli_session *session, cli_record *record)
{
    const cli_line *line = session->line;
    dt_fit_plan plan;
    if (!cli_plan_fit(record, &plan))
        return DT_INVALID;
    const reporting r = {.session = session, .plan = &plan, .answer = cli_answer_new(line)};
    json_object_set_new(r.answer->facts, "model", json_string(dt_model_name(session->model)));
    json_object_set_new(r.answer->facts, "version", json_string(dt_version()));
    dt_status status = line->mode ? find_mode(&r) : DT_OK;
    if (status == DT_OK && line->output)
        status = draw(&r);
    if (r.answer->sheets == 0)
        return status;
    const dt_status printed = cli_answer_print(r.answer);
    return status == DT_OK ? printed : status;
}

static bool asked_well(const cli_line *line)
{
    if (!line->output && !line->mode) {
        cli_error(NULL, "into which file? -o FILE, or --mode for the mode alone");
        return false;
    }
    if (line->evidence && !line->output) {
        cli_error("-o FILE", "--evidence weighs draws, and none are asked for");
        return false;
    }
    if (line->history.count == 0 && !line->prior) {
        cli_error("--history FILE, or --prior to see what the numbers are before",
                  "fitted to what?");
        return false;
    }
    return true;
}

static dt_status open_and_run(const cli_line *line)
{
    cli_session session;
    cli_record record = {0};
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    if (line->prior)
        record = (cli_record){.session = &session};
    else
        status = cli_record_open(&record, &session, line->train);
    if (status == DT_OK) {
        status = run_fit(&session, &record);
        cli_record_close(&record);
    }
    cli_close(&session);
    return status;
}

static bool reads_standard_input(const cli_line *line)
{
    bool reads = strcmp(line->model, "-") == 0;
    for (size_t h = 0; h < line->history.count; h++)
        reads |= strcmp(line->history.at[h], "-") == 0;
    return reads;
}

dt_status cli_run_fit(const cli_line *line)
{
    if (!asked_well(line))
        return DT_INVALID;
    const dt_options options = cli_library_options(line);
    int rank, ranks;
    dt_status status = dt_cluster_join(&options, &rank, &ranks);
    if (status != DT_OK)
        return status;
    if (ranks > 1 && reads_standard_input(line)) {
        cli_error(NULL, "many ranks can't read one standard input; give the model and histories as "
                        "files");
        dt_cluster_leave(DT_INVALID);
        return DT_INVALID;
    }
    if (rank == 0)
        cli_catch_signals();
    status = open_and_run(line);
    fflush(stdout);
    dt_cluster_leave(status);
    return status;
}
