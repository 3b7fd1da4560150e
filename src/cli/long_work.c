/*
 * What commands that work for long share: the worlds they work on, and how they are ended. An interruption
 * (Ctrl-C, or the signal TERM that batch systems send) is noted, and asked for as progress is told; a second one
 * ends the program.
 */
#include <signal.h>

#include "cli.h"

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

void cli_catch_signals(void)
{
    const int caught[] = {SIGINT, SIGTERM, SIGHUP};
    /* once: the second is not caught */
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESETHAND | SA_RESTART};
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        sigaction(caught[i], &action, NULL);
}

bool cli_interrupted(void)
{
    return interrupted;
}

bool cli_go_on(void *context, const char *activity, double done)
{
    const cli_line *line = context;
    if (!line->quiet)
        cli_progress(context, activity, done);
    return !cli_interrupted();
}

void cli_keeps(dt_options *options, const cli_line *line)
{
    if (!line->output)
        return;
    cli_catch_signals();
    options->progress = cli_go_on;
    options->progress_context = (void *)line;
}

void cli_tell_kept(dt_status status, const cli_line *line)
{
    if (status == DT_LIMIT && line->output)
        fprintf(stderr, "what is solved is in '%s'; the same command goes on with it\n",
                line->output);
}

dt_status cli_draw_worlds(const cli_session *session, size_t worlds, double *values)
{
    const size_t parameters = dt_model_count(session->model, DT_PARAMETERS);
    dt_draws *draws = NULL;
    if (worlds > 0) {
        const dt_status status = dt_draws_prepare(session->model, &session->options, &draws);
        if (status != DT_OK)
            return status;
    }
    for (size_t w = 0; w <= worlds; w++) {
        double *world = values + w * parameters;
        if (w > 0)
            dt_draws_world(draws, session->line->seed ? session->line->seed : 1, w - 1, world);
        for (size_t p = 0; p < parameters; p++)
            world[p] = w == 0 || session->given[p] ? session->world[p] : world[p];
    }
    dt_draws_free(draws);
    return DT_OK;
}

const char *cli_drawn(const cli_session *session, size_t worlds)
{
    const uint64_t seed = session->line->seed ? session->line->seed : 1;
    const char *text =
        worlds == 0 ? "nominal" : cli_print("%zu of seed %llu", worlds, (unsigned long long)seed);
    for (size_t p = 0; p < dt_model_count(session->model, DT_PARAMETERS); p++) {
        if (session->given[p])
            text = cli_print("%s, %s=%.17g", text, dt_model_item(session->model, DT_PARAMETERS, p),
                             session->world[p]);
    }
    return text;
}
