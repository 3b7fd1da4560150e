/*
 * detente study: a design of worlds, each solved under each policy, into a file; or what is missing of
 * it, if the file is there. An interruption (Ctrl-C, or the signal TERM that batch systems send) ends the
 * run when what is being solved is in the file; a second one ends the program at once, which costs the
 * last second or two and nothing else. Under mpirun all ranks come through here, and rank 0 speaks.
 */
#include "cli.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "detente_study.h"

/* ---- progress --------------------------------------------------------------------------------- */

typedef struct telling {
    const cli_line *line;
    size_t policies;
    double start, told; /* seconds */
    bool ending;
} telling;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static const char *time_left(double seconds)
{
    static char text[40];
    if (seconds < 90)
        snprintf(text, sizeof text, "%.0f s left", seconds);
    else if (seconds < 5400)
        snprintf(text, sizeof text, "%.0f min left", seconds / 60);
    else if (seconds < 36 * 3600)
        snprintf(text, sizeof text, "%.1f h left", seconds / 3600);
    else
        snprintf(text, sizeof text, "%.1f days left", seconds / 86400);
    return text;
}

static bool progress(void *context, const dt_study_progress *p)
{
    telling *t = context;
    const double time = now();
    if (t->start == 0)
        t->start = time;
    if (!t->line->quiet && time - t->told > 0.2) {
        const double worlds = (double)p->worlds / (double)t->policies - 1,
                     done = ((double)p->done + p->ongoing) / (double)t->policies,
                     here = done - (double)p->before / (double)t->policies,
                     rate = here / (time - t->start);
        char text[150];
        snprintf(text, sizeof text, "world %.0f of %.0f", done < worlds ? done : worlds, worlds);
        if (here > 0 && time > t->start)
            snprintf(text + strlen(text), sizeof text - strlen(text), ", %.*f worlds/s, %s",
                     rate < 10 ? 2 : 0, rate, time_left((worlds + 1 - done) / rate));
        cli_progress(NULL, text, ((double)p->done + p->ongoing) / (double)p->worlds);
        t->told = time;
    }
    /* at once: mpirun, for one, leaves ten milliseconds until it ends the process */
    const bool interrupted = cli_interrupted();
    if (interrupted && !t->ending)
        cli_error("the same command goes on", "interrupted; what is solved stays in '%s'",
                  t->line->output);
    t->ending = interrupted;
    return !interrupted;
}

/* ---- what is asked ---------------------------------------------------------------------------- */

/* Adds the parameters of one --vary, "a,b,c", to the plan. */
static bool add_varied(const cli_session *session, const char *list, size_t *vary, size_t *varied)
{
    const size_t parameters = dt_model_count(session->model, DT_PARAMETERS);
    const char **names = cli_take(parameters, sizeof *names);
    for (size_t i = 0; i < parameters; i++)
        names[i] = dt_model_item(session->model, DT_PARAMETERS, i);
    for (const char *at = list;; at++) {
        const size_t length = strcspn(at, ",");
        const char *name = cli_print("%.*s", (int)length, at);
        const int found = dt_model_find(session->model, DT_PARAMETERS, name);
        if (found < 0) {
            cli_error(cli_did_you_mean(name, names, parameters), "model '%s' has no parameter '%s'",
                      dt_model_name(session->model), name);
            return false;
        }
        bool twice = false;
        for (size_t i = 0; i < *varied; i++)
            twice |= vary[i] == (size_t)found;
        if (!twice)
            vary[(*varied)++] = (size_t)found;
        at += length;
        if (!*at)
            return true;
    }
}

static bool make_plan(const cli_session *session, dt_study_plan *plan)
{
    const cli_line *line = session->line;
    size_t *vary = cli_take(dt_model_count(session->model, DT_PARAMETERS), sizeof *vary);
    *plan = (dt_study_plan){
        .design = (dt_design)line->design,
        .seed = line->seed ? line->seed : 1,
        .values = (dt_values)line->values,
        .worlds = line->worlds,
        .deep = line->deep,
        .risk = line->risk,
        .base = line->base,
        .points = line->points,
        .vary = vary,
        .policies = session->policies,
        .policy = session->policy,
        .held = session->world,
        .selected = cli_selects(line->select) ? line->select : NULL,
    };
    for (size_t i = 0; i < line->vary.count; i++) {
        if (!add_varied(session, line->vary.at[i], vary, &plan->varied))
            return false;
    }
    return true;
}

/* ---- what was done ---------------------------------------------------------------------------- */

static dt_status print_json(const cli_session *session, const dt_study_plan *plan,
                            const dt_study_summary *did)
{
    const char *selected = plan->selected ? plan->selected : "limit";
    json_t *failures = json_array();
    for (size_t i = 0; i < did->failures; i++) {
        const dt_study_failure *f = &did->failure[i];
        json_array_append_new(failures,
                              json_pack("{s:s, s:s, s:I, s:I, s:s}", "policy",
                                        dt_model_item(session->model, DT_POLICIES, f->policy),
                                        "code", f->code, "worlds", (json_int_t)f->worlds, "first",
                                        (json_int_t)f->first, "reason", f->reason));
    }
    return cli_json_print(json_pack(
        "{s:s, s:s, s:I, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:b, s:o, s:o, s:o}", "model",
        dt_model_name(session->model), "version", dt_version(), "seed", (json_int_t)plan->seed,
        "file", session->line->output, "selected", selected, "design", dt_design_name(plan->design),
        "worlds", (json_int_t)did->worlds, "policies", (json_int_t)did->policies, "before",
        (json_int_t)did->before, "done", (json_int_t)did->done, "failed", (json_int_t)did->failed,
        "complete", did->done == (did->worlds + 1) * did->policies, "failures", failures, "seconds",
        cli_json_number(did->seconds), "storing", cli_json_number(did->storing)));
}

static void print_summary(const cli_session *session, const dt_study_plan *plan,
                          const dt_study_summary *did)
{
    const dt_model *model = session->model;
    const size_t all = (did->worlds + 1) * did->policies;
    cli_print_title(model);
    const char *what =
        cli_print("%zu %s of the design %s, seed %" PRIu64 ", and the nominal one, under %zu %s",
                  did->worlds, did->worlds == 1 ? "world" : "worlds", dt_design_name(plan->design),
                  plan->seed, did->policies, did->policies == 1 ? "policy" : "policies");
    if (plan->selected)
        what = cli_print("%s, on %s", what, cli_selection(plan->selected));
    const char *found = did->before == 0 ? ""
                        : did->before == all
                            ? "; it was complete before"
                            : cli_print("; %zu of %zu results were in it before", did->before, all);
    if (did->done == all)
        cli_print_wrapped(
            "", cli_print("%s: '%s' is complete%s.", what, session->line->output, found), 0);
    else
        cli_print_wrapped("",
                          cli_print("%s: %zu of %zu results are in '%s'.", what, did->done, all,
                                    session->line->output),
                          0);
    for (size_t i = 0; i < did->failures; i++) {
        const dt_study_failure *f = &did->failure[i];
        cli_print_wrapped("  ",
                          cli_print("%s: %zu %s FAILED [%s]; the first is world %" PRIu64 ": %s",
                                    dt_model_item(model, DT_POLICIES, f->policy), f->worlds,
                                    f->worlds == 1 ? "world" : "worlds", f->code, f->first,
                                    f->reason),
                          2);
    }
}

static dt_status run_study(const cli_session *session, int rank)
{
    dt_study_plan plan;
    if (!make_plan(session, &plan))
        return DT_INVALID;
    telling told = {.line = session->line, .policies = session->policies};
    const dt_study_how how = {
        .jobs = (int)session->line->jobs, .progress = progress, .progress_context = &told};
    /* what speaks against the design, and which worlds it will lose, too */
    dt_options options = rank == 0 ? cli_asked_options(session) : session->options;
    options.max_memory = cli_options_within(session).max_memory;
    dt_study_summary *did;
    dt_status status =
        dt_study_run(session->model, &plan, session->line->output, &how, &options, &did);
    cli_progress_end();
    if (!did)
        return status;
    assert(did->done <= (did->worlds + 1) * did->policies);
    if (session->line->json) {
        const dt_status printed = print_json(session, &plan, did);
        status = printed == DT_OK ? status : printed;
    } else {
        print_summary(session, &plan, did);
    }
    dt_study_summary_free(did);
    return status;
}

dt_status cli_run_study(const cli_line *line)
{
    if (!line->output) {
        cli_error(NULL, "into which file? -o FILE");
        return DT_INVALID;
    }
    const dt_options options = cli_library_options(line);
    int rank, ranks;
    dt_status status = dt_cluster_join(&options, &rank, &ranks);
    if (status != DT_OK)
        return status;
    if (ranks > 1 && strcmp(line->model, "-") == 0) {
        cli_error(NULL, "many ranks can't read one standard input; give the model as a file");
        dt_cluster_leave(DT_INVALID);
        return DT_INVALID;
    }
    if (rank == 0)
        cli_catch_signals();
    cli_session session;
    status = cli_open(&session, line);
    if (status == DT_OK) {
        status = run_study(&session, rank);
        cli_close(&session);
    }
    fflush(stdout);
    dt_cluster_leave(status);
    return status;
}
