/*
 * Policies side by side: each is a game of its own, so that several can be worked on at once. What a
 * policy has to tell is kept until all before it have told theirs; thus the output doesn't depend on
 * the number of threads. Working side by side takes more memory than one after the other: a policy that
 * found too little is tried again alone.
 *
 * Invariant: once the threads are joined, the policies that were begun are the first ones.
 */
#define _GNU_SOURCE /* sched_getaffinity */
#include "cli.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

enum { MOST_JOBS = 256 };

/* What was told of a policy while others were being worked on. */
typedef struct told {
    dt_diagnostic *at;
    size_t count;
    bool memory; /* there was too little */
    bool done;
    dt_status status;
} told;

typedef struct crew {
    const cli_session *session;
    cli_work *work;
    void *context;
    int jobs;
    int threads;  /* that each policy gets */
    size_t next;  /* the first policy that nobody has begun; shared */
    bool stopped; /* a policy ended the work; shared */
    told *told;   /* [policies] */
} crew;

typedef struct worker {
    pthread_t thread;
    crew *crew;
    bool first; /* tells of progress */
} worker;

int cli_jobs(const cli_line *line)
{
    cpu_set_t set;
    const int here = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    const uint64_t jobs = line->jobs ? line->jobs : (uint64_t)here;
    assert(here >= 1);
    return jobs < MOST_JOBS ? (int)jobs : MOST_JOBS;
}

/* A diagnostic lives no longer than the call. */
static void keep(void *context, const dt_diagnostic *diagnostic)
{
    told *told = context;
    dt_diagnostic copy = *diagnostic;
    copy.code = cli_print("%s", diagnostic->code);
    copy.message = cli_print("%s", diagnostic->message);
    copy.file = cli_print("%s", diagnostic->file);
    copy.source = cli_print("%s", diagnostic->source);
    copy.hint = cli_print("%s", diagnostic->hint);
    copy.state = cli_print("%s", diagnostic->state);
    told->memory |= strcmp(diagnostic->code, "memory") == 0;
    told->at = cli_grow(told->at, told->count, sizeof *told->at);
    told->at[told->count++] = copy;
}

static void *run(void *argument)
{
    const worker *self = argument;
    crew *crew = self->crew;
    while (!__atomic_load_n(&crew->stopped, __ATOMIC_RELAXED)) {
        const size_t column = __atomic_fetch_add(&crew->next, 1, __ATOMIC_RELAXED);
        if (column >= crew->session->policies)
            break;
        told *told = &crew->told[column];
        cli_session mine = *crew->session;
        mine.options.report = keep;
        mine.options.report_context = told;
        mine.options.jobs = crew->threads;
        if (!self->first)
            mine.options.progress = NULL;
        told->status = crew->work(&mine, column, crew->context);
        told->done = true;
        if (told->status > DT_NO)
            __atomic_store_n(&crew->stopped, true, __ATOMIC_RELAXED);
    }
    return NULL;
}

static void run_together(crew *crew)
{
    worker workers[MOST_JOBS];
    int made = 1;
    for (int w = 0; w < crew->jobs; w++)
        workers[w] = (worker){.crew = crew, .first = w == 0};
    while (made < crew->jobs &&
           pthread_create(&workers[made].thread, NULL, run, &workers[made]) == 0)
        made++;
    run(&workers[0]);
    while (--made > 0)
        pthread_join(workers[made].thread, NULL);
}

dt_status cli_each_policy(const cli_session *session, cli_work *work, cli_tell *tell, void *context)
{
    const dt_options *options = &session->options;
    const int policies = session->policies < MOST_JOBS ? (int)session->policies : MOST_JOBS;
    crew crew = {
        .session = session, .work = work, .context = context, .jobs = cli_jobs(session->line)};
    crew.threads = crew.jobs / policies > 1 ? crew.jobs / policies : 1;
    crew.jobs = crew.jobs < policies ? crew.jobs : policies;
    crew.told = cli_take(session->policies, sizeof *crew.told);
    if (crew.jobs > 1)
        run_together(&crew);
    dt_status status = DT_OK;
    for (size_t c = 0; c < session->policies && status <= DT_NO; c++) {
        told *told = &crew.told[c];
        if (told->done && !told->memory) {
            for (size_t i = 0; i < told->count; i++)
                options->report(options->report_context, &told->at[i]);
        } else {
            told->status = work(session, c, context);
        }
        tell(session, c, context);
        status = told->status > status ? told->status : status;
    }
    return status;
}
