/*
 * detente sample: histories that are drawn, each a file that `score` reads, many of them by several threads; one of them
 * as a story.
 */
#include "detente_history.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

enum { WORTH_A_THREAD = 200 }; /* so many histories are worth solving the game once more */

typedef struct sampling {
    const cli_session *session;
    dt_sampler *sampler;
    size_t histories;
} sampling;

/* ---- files --------------------------------------------------------------------------------------- */

static dt_status write_history(const sampling *s, const dt_history *history, const char *path)
{
    static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER; /* asks for the process's umask */
    cli_output output;
    pthread_mutex_lock(&opening);
    dt_status status = cli_output_open(&output, path);
    pthread_mutex_unlock(&opening);
    if (status != DT_OK)
        return status;
    status = dt_history_write(history, s->session->line->secret, &s->session->options,
                              cli_output_write, &output);
    const dt_status closed = cli_output_close(&output, status == DT_OK);
    return closed > status ? closed : status;
}

/* The file of a history in the folder: history-0007.csv, so that their order is that of their names. */
static const char *path_of(const sampling *s, size_t number)
{
    int digits = 1;
    for (size_t most = s->histories; most >= 10; most /= 10)
        digits++;
    return cli_print("%s/history-%0*zu.csv", s->session->line->output, digits, number + 1);
}

static dt_status make_folder(const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return DT_OK;
    if (mkdir(path, 0777) == 0)
        return DT_OK;
    cli_error("-o names a folder, which is made if its parent is there", "can't make '%s': %s",
              path, strerror(errno));
    return DT_FILE;
}

/* ---- a story ------------------------------------------------------------------------------------- */

static bool is_told(const sampling *s, const dt_observable *what)
{
    return !what->secret || s->session->line->secret;
}

/* What was done in a stage: "talks: envoy step, ROK follow"; "" if it was skipped. */
static const char *deeds(const sampling *s, const dt_history *history, size_t row, size_t stage)
{
    const dt_model *model = s->session->model;
    const char *text = "";
    char name[256], value[256];
    for (size_t i = 0; i < dt_model_observables(model); i++) {
        const dt_observable what = dt_model_observable(model, i);
        const int taken = dt_history_value(history, row, i);
        if (what.stage != (int)stage || taken <= 0 || !is_told(s, &what))
            continue;
        dt_model_observable_name(model, i, name, sizeof name);
        const char *mover = strchr(name, '.') + 1;
        text = cli_print("%s%s%s %s", text, *text ? ", " : "", mover,
                         dt_model_observable_value(model, i, (size_t)taken, value, sizeof value));
    }
    return *text ? cli_print("%s: %s", dt_model_item(model, DT_STAGES, stage), text) : "";
}

/* What changed in a period: "tension from calm to tense, war from no to yes". */
static const char *changes(const sampling *s, const dt_history *history, size_t row)
{
    const dt_model *model = s->session->model;
    const char *text = "";
    char name[256], before[256], after[256];
    for (size_t i = 0; i < dt_model_observables(model); i++) {
        const dt_observable what = dt_model_observable(model, i);
        const int was = dt_history_value(history, row - 1, i),
                  is = dt_history_value(history, row, i);
        if (what.variable < 0 || was == is || !is_told(s, &what))
            continue;
        text = cli_print("%s%s%s from %s to %s", text, *text ? ", " : "",
                         dt_model_observable_name(model, i, name, sizeof name),
                         dt_model_observable_value(model, i, (size_t)was, before, sizeof before),
                         dt_model_observable_value(model, i, (size_t)is, after, sizeof after));
    }
    return *text ? text : "nothing changes";
}

static const char *state(const sampling *s, const dt_history *history, size_t row)
{
    const dt_model *model = s->session->model;
    const char *text = "";
    char name[256], value[256];
    for (size_t i = 0; i < dt_model_observables(model); i++) {
        const dt_observable what = dt_model_observable(model, i);
        const int is = dt_history_value(history, row, i);
        if (what.variable < 0 || is < 0 || !is_told(s, &what))
            continue;
        text = cli_print("%s%s%s %s", text, *text ? ", " : "",
                         dt_model_observable_name(model, i, name, sizeof name),
                         dt_model_observable_value(model, i, (size_t)is, value, sizeof value));
    }
    return text;
}

static void tell_story(const sampling *s, const dt_history *history, size_t periods)
{
    const dt_model *model = s->session->model;
    const size_t rows = dt_history_rows(history);
    const bool moves = *state(s, history, 0) != '\0';
    char date[DT_LABEL_SIZE];
    cli_print_title(model);
    cli_print_wrapped("",
                      cli_print("under %s, history 1 of seed %llu",
                                dt_model_item(model, DT_POLICIES, s->session->policy[0]),
                                (unsigned long long)s->session->line->seed),
                      0);
    printf("\n");
    if (moves)
        cli_print_wrapped("start  ", state(s, history, 0), 7);
    for (size_t row = 1; row < rows; row++) {
        dt_model_period_label(model, (int)row, date, sizeof date);
        cli_print_styled(CLI_BOLD, *date ? date : cli_print("period %zu", row), "");
        for (size_t stage = 0; stage < dt_model_count(model, DT_STAGES); stage++) {
            const char *done = deeds(s, history, row, stage);
            if (*done)
                cli_print_wrapped("", done, 2);
        }
        if (moves)
            cli_print_wrapped("-> ", changes(s, history, row), 3);
    }
    if (rows <= periods)
        cli_print_wrapped("", "Play ends.", 0);
    if (moves)
        cli_print_wrapped("end    ", state(s, history, rows - 1), 7);
}

/* ---- many of them ------------------------------------------------------------------------------ */

/* Histories that several threads draw and write: each has a sampler of its own, and takes the next history that nobody
 * has begun. */
typedef struct sharing {
    const sampling *sampling;
    const dt_sampling *how;
    size_t next;      /* shared */
    dt_status status; /* shared: the first that isn't DT_OK */
} sharing;

/* Draws a history and writes it into its file. */
static dt_status draw_file(const sampling *s, dt_sampler *sampler, size_t number)
{
    dt_history *history;
    dt_status status = dt_sampler_history(sampler, number, &s->session->options, &history);
    if (status == DT_OK)
        status = write_history(s, history, path_of(s, number));
    dt_history_free(history);
    return status;
}

static void share(sharing *all, dt_sampler *sampler)
{
    while (__atomic_load_n(&all->status, __ATOMIC_RELAXED) == DT_OK) {
        const size_t number = __atomic_fetch_add(&all->next, 1, __ATOMIC_RELAXED);
        if (number >= all->sampling->histories)
            return;
        const dt_status status = draw_file(all->sampling, sampler, number);
        dt_status before = DT_OK;
        if (status != DT_OK)
            __atomic_compare_exchange_n(&all->status, &before, status, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED);
    }
}

static void *help(void *argument)
{
    sharing *all = argument;
    const cli_session *session = all->sampling->session;
    dt_sampler *sampler;
    dt_options options = session->options;
    options.report = NULL; /* the main thread has told all */
    options.progress = NULL;
    options.jobs = 1;
    /* without the memory for one more the others do the work */
    if (dt_sampler_new(session->model, session->world, all->how, &options, &sampler) == DT_OK)
        share(all, sampler);
    dt_sampler_free(sampler);
    return NULL;
}

static dt_status draw_files(const sampling *s, const dt_sampling *how)
{
    const size_t jobs = (size_t)cli_jobs(s->session->line), most = s->histories / WORTH_A_THREAD;
    sharing all = {.sampling = s, .how = how};
    pthread_t *helper = cli_take(jobs, sizeof *helper);
    size_t helpers = 0;
    while (helpers + 1 < jobs && helpers < most &&
           pthread_create(&helper[helpers], NULL, help, &all) == 0)
        helpers++;
    share(&all, s->sampler);
    while (helpers-- > 0)
        pthread_join(helper[helpers], NULL);
    return all.status;
}

/* ---- the command --------------------------------------------------------------------------------- */

static dt_status draw_one(const sampling *s, size_t periods)
{
    dt_history *history;
    dt_status status = dt_sampler_history(s->sampler, 0, &s->session->options, &history);
    if (status == DT_OK && s->session->line->output)
        status = write_history(s, history, path_of(s, 0));
    else if (status == DT_OK && !s->session->line->story)
        status = write_history(s, history, NULL);
    if (status == DT_OK && s->session->line->story)
        tell_story(s, history, periods);
    dt_history_free(history);
    return status;
}

static dt_status draw(const sampling *s, const dt_sampling *how)
{
    const dt_status status =
        s->session->line->output ? make_folder(s->session->line->output) : DT_OK;
    if (status != DT_OK)
        return status;
    return s->histories > 1 ? draw_files(s, how) : draw_one(s, how->periods);
}

static dt_status sample(sampling *s)
{
    const cli_session *session = s->session;
    const cli_line *line = session->line;
    const dt_sampling how = {.policy = session->policy[0],
                             .periods = line->periods ? line->periods
                                                      : (size_t)dt_model_horizon(session->model),
                             .seed = line->seed,
                             .values = (dt_values)line->values,
                             .receding = line->receding};
    dt_options options = session->options;
    options.jobs = cli_jobs(line);
    dt_status status = dt_sampler_new(session->model, session->world, &how, &options, &s->sampler);
    cli_progress_end();
    if (status == DT_OK)
        status = draw(s, &how);
    dt_sampler_free(s->sampler);
    return status;
}

dt_status cli_run_sample(const cli_line *line)
{
    cli_session session;
    cli_line asked = *line;
    asked.seed = line->seed ? line->seed : 1;
    sampling s = {.session = &session, .histories = line->histories ? line->histories : 1};
    if (s.histories > 1 && (!line->output || line->story)) {
        cli_error(line->story ? "--explain tells one history" : "-o DIR is where they go",
                  "%zu histories are too many to print", s.histories);
        return DT_INVALID;
    }
    if (line->policy.count > 1) {
        cli_error(NULL, "'sample' draws under one policy at a time");
        return DT_INVALID;
    }
    const dt_status status = cli_open(&session, &asked);
    if (status != DT_OK)
        return status;
    const dt_status done = sample(&s);
    cli_close(&session);
    return done;
}
