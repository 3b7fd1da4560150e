/*
 * detente export: the graph with its strategies, in a form that other programs read.
 */
#include "cli.h"

dt_status cli_run_export(const cli_line *line)
{
    cli_session session;
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    if (line->policy.count > 1) {
        cli_error(NULL, "'export' writes one policy at a time");
        cli_close(&session);
        return DT_INVALID;
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
