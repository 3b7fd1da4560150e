/*
 * detente export: the graph with its strategies, in a form that other programs read; or the model itself as a
 * drawing, for which nothing is explored or solved.
 */
#include "cli.h"
#include "detente_lab.h"

enum { FORMAT_DOT = 1, OF_GRAPH = 0 };

/* What the line asks to be drawn; false, told, if that makes no sense. */
static bool asks_well(const cli_line *line)
{
    if (line->of != OF_GRAPH && line->format != FORMAT_DOT)
        cli_error(NULL, "--of goes with --format dot");
    else if (line->outcome.count > 0 && line->of != OF_GRAPH + 1 + DT_PICTURE_CAUSES)
        cli_error(NULL, "--outcome goes with --of causes");
    else if (line->outcome.count > 1)
        cli_error(NULL, "'export' draws what can reach one outcome at a time");
    else
        return true;
    return false;
}

static dt_status draw_model(const cli_session *session)
{
    const cli_line *line = session->line;
    int outcome = -1;
    if (line->outcome.count > 0) {
        outcome = cli_find(session, DT_OUTCOMES, "outcome", line->outcome.at[0]);
        if (outcome < 0)
            return DT_INVALID;
    }
    cli_output output;
    dt_status told = cli_output_open(&output, line->output);
    if (told != DT_OK)
        return told;
    told = dt_model_draw(session->model, session->policy[0], (dt_picture)(line->of - OF_GRAPH - 1),
                         outcome, &session->options, cli_output_write, &output);
    const dt_status closed = cli_output_close(&output, told == DT_OK);
    return closed > told ? closed : told;
}

dt_status cli_run_export(const cli_line *line)
{
    cli_session session;
    if (!asks_well(line))
        return DT_INVALID;
    dt_status status = cli_open(&session, line);
    session.options.horizon_alone = false;
    if (status != DT_OK)
        return status;
    if (line->policy.count > 1) {
        cli_error(NULL, "'export' writes one policy at a time");
        cli_close(&session);
        return DT_INVALID;
    }
    if (line->of != OF_GRAPH) {
        status = draw_model(&session);
        cli_close(&session);
        return status;
    }
    cli_play play;
    status = cli_play_policy(&session, session.policy[0], &play);
    if (!play.solution) {
        cli_close(&session);
        return status;
    }
    const cli_unsolved unsolved = cli_take_down(play.solution);
    cli_tell_unsolved(&session, session.policy[0], &unsolved);

    cli_output output;
    dt_status told = cli_output_open(&output, line->output);
    if (told == DT_OK) {
        static const dt_export_format format[] = {DT_EXPORT_JSON, DT_EXPORT_DOT, DT_EXPORT_EFG};
        told = dt_export(play.solution, format[line->format], &session.options, cli_output_write,
                         &output);
        cli_progress_end();
        dt_status closed = cli_output_close(&output, told == DT_OK);
        told = closed > told ? closed : told;
    }
    cli_play_free(&play);
    cli_close(&session);
    return told > status ? told : status;
}
