/*
 * Whether to trust a study: is it complete, how many worlds failed, do the solutions solve their
 * equations, what would perfect play gain, are there rows enough for indices, have the bands settled, would half the worlds or other
 * rationality say the same, and on what sources does it rest. Each is a finding with a verdict; the
 * diagnosis has the worst of them.
 */
#include <assert.h>
#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "base/job.h"
#include "robust/finding.h"

/* Failed worlds are left out, and those left may be another kind: few of them don't matter. */
static const double FAILURES_BAD = 0.01;
/* The solver's own bound is 1e-9 and less. */
static const double RESIDUAL_GOOD = 1e-8, RESIDUAL_BAD = 1e-6;
static const double OPTIMISM = 0.5;

static void find_completeness(dt_diagnosing *d)
{
    const dt_study_data *data = d->data;
    const size_t all = data->worlds * data->policies;
    size_t missing = 0;
    for (size_t i = 0; i < all; i++)
        missing += data->status[i] == DT_NOT_DONE;
    dt_text text = {.arena = d->arena};
    if (missing)
        dt_text_print(&text,
                      "%zu of %zu solutions are missing (worlds times policies); 'detente study' "
                      "with the same file goes on with them.",
                      missing, all);
    else
        dt_text_print(&text, "All %zu worlds are done under %zu %s.", data->worlds, data->policies,
                      data->policies == 1 ? "policy" : "policies");
    dt_find(d, "complete", missing ? DT_VERDICT_BAD : DT_VERDICT_GOOD, (double)missing, &text);
}

static void find_failures(dt_diagnosing *d)
{
    const dt_study_data *data = d->data;
    size_t failed = 0, most = 0;
    dt_name_list names = dt_names(d->scratch, DT_NAMES_FOUND);
    for (size_t p = 0; p < data->policies; p++) {
        size_t here = 0;
        for (size_t w = 0; w < data->worlds; w++) {
            here +=
                data->status[p * data->worlds + w] != DT_NOT_DONE && !dt_view_solved(data, p, w);
        }
        failed += here;
        if (here)
            dt_name_add(&names, "%zu under %s", here,
                        dt_model_item(data->model, DT_POLICIES, data->policy[p]));
        if (here > most)
            most = here;
    }
    const double share = data->worlds ? (double)most / (double)data->worlds : 0;
    dt_text text = {.arena = d->arena};
    if (failed)
        dt_text_print(&text,
                      "%zu solutions failed: %s, of %zu worlds each (at most %.2f %%). A world "
                      "that failed under one policy is left out for all.",
                      failed, dt_name_list_end(&names), data->worlds, 100 * share);
    else
        dt_text_print(&text, "No world failed.");
    dt_find(d, "failures",
            share > FAILURES_BAD ? DT_VERDICT_BAD
            : failed             ? DT_VERDICT_CAUTION
                                 : DT_VERDICT_GOOD,
            share, &text);
}

static void find_residuals(dt_diagnosing *d)
{
    const dt_study_data *data = d->data;
    double most = 0;
    for (size_t i = 0; i < data->worlds * data->policies; i++) {
        if (data->status[i] == DT_OK)
            most = fmax(most, data->residual[i]);
    }
    dt_text text = {.arena = d->arena};
    dt_text_print(
        &text, "The largest residual, by which a strategy misses the equation it solves, is %.1e.",
        most);
    dt_find(d, "residuals",
            most <= RESIDUAL_GOOD  ? DT_VERDICT_GOOD
            : most <= RESIDUAL_BAD ? DT_VERDICT_CAUTION
                                   : DT_VERDICT_BAD,
            most, &text);
}

/* Gaps are a property of the play assumed, not an error: they are told, not judged. */
static void find_gaps(dt_diagnosing *d)
{
    const dt_study_data *data = d->data;
    double *gap = dt_new(d->scratch, double, data->worlds), most = -1;
    size_t actor = 0, policy = 0;
    for (size_t p = 0; p < data->policies; p++) {
        for (size_t i = 0; i < data->actors; i++) {
            const double *from = data->gap + (p * data->actors + i) * data->worlds;
            size_t count = 0;
            for (size_t w = 0; w < data->worlds; w++) {
                if (data->status[p * data->worlds + w] == DT_OK && !isnan(from[w]))
                    gap[count++] = from[w];
            }
            if (count == 0)
                continue;
            gsl_sort(gap, 1, count);
            const double median = gsl_stats_median_from_sorted_data(gap, 1, count);
            if (median > most) {
                most = median;
                actor = i;
                policy = p;
            }
        }
    }
    dt_text text = {.arena = d->arena};
    if (most < 0)
        dt_text_print(&text, "The study holds no gaps.");
    else
        dt_text_print(&text,
                      "What an actor would gain by always answering best is in the median at most "
                      "%.3g (%s under %s).",
                      most, dt_model_item(data->model, DT_ACTORS, actor),
                      dt_model_item(data->model, DT_POLICIES, data->policy[policy]));
    dt_find(d, "gaps", DT_VERDICT_GOOD, most < 0 ? (double)NAN : most, &text);
}

typedef struct request {
    const dt_study_data *data;
    const dt_diagnose_how *how;
    const dt_options *options;
    const dt_comparison *comparison;
} request;

static dt_status find_all(dt_diagnosing *d)
{
    find_completeness(d);
    find_failures(d);
    find_residuals(d);
    find_gaps(d);
    dt_find_design(d);
    dt_text text = {.arena = d->arena};
    if (d->view->points == 0) {
        dt_text_print(
            &text, "There is no world in which every policy was solved: nothing can be compared.");
        dt_find(d, "conclusions", DT_VERDICT_BAD, NAN, &text);
        return DT_OK;
    }
    dt_find_bands(d);
    dt_find_halves(d);
    const dt_status status = dt_find_rationality(d);
    if (status == DT_OK)
        dt_find_sources(d);
    return status;
}

static dt_status diagnose(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const request *asked = argument;
    dt_diagnosing d = {.data = asked->data,
                       .how = asked->how,
                       .options = asked->options,
                       .arena = arena,
                       .scratch = scratch,
                       .view = dt_view_all(scratch, asked->data),
                       .comparison = asked->comparison};
    dt_diagnosis *answer = *found = dt_new(arena, dt_diagnosis, 1);
    answer->owner = arena;
    const dt_status status = find_all(&d);
    answer->findings = d.findings.count;
    answer->finding = d.findings.at;
    for (size_t i = 0; i < answer->findings; i++) {
        if (answer->finding[i].verdict > answer->verdict)
            answer->verdict = answer->finding[i].verdict;
    }
    return status;
}

dt_status dt_diagnose(const dt_study_data *data, const dt_diagnose_how *how,
                      const dt_options *options, dt_diagnosis **diagnosis)
{
    if (diagnosis)
        *diagnosis = NULL;
    if (!data || !how || !diagnosis)
        return dt_refuse_call(options, "dt_diagnose",
                              "no study, no settings, or nowhere to put the answer");
    const dt_compare_how all = {.optimism = OPTIMISM};
    dt_comparison *comparison = NULL;
    *diagnosis = NULL;
    dt_status status = dt_view_any(data) ? dt_compare(data, &all, options, &comparison) : DT_OK;
    request asked = {data, how, options, comparison};
    if (status == DT_OK)
        status = dt_answer(options, diagnose, &asked, (void **)diagnosis);
    dt_comparison_free(comparison);
    return status;
}

void dt_diagnosis_free(dt_diagnosis *diagnosis)
{
    dt_arena_free(diagnosis ? diagnosis->owner : NULL);
}
