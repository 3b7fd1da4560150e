/*
 * --select: which of several stationary equilibria the other commands use. The equilibria are looked for at the
 * declared numbers, as `detente equilibria` does it by default, so that a number means the same everywhere; the
 * one chosen is then followed to the numbers asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "detente_equilibria.h"

dt_status cli_need_forever(const cli_session *session)
{
    if (cli_lookahead(session) == -1)
        return DT_OK;
    cli_error("write `lookahead forever`: with a number of periods play has one solution, by "
              "backward induction",
              "other equilibria are looked for where play is stationary");
    return DT_INVALID;
}

/* An error under a policy, told as the library's own are: several policies may be at work. */
static void tell(const cli_session *session, const char *hint, const char *message)
{
    session->options.report(session->options.report_context,
                            &(dt_diagnostic){.severity = DT_ERROR,
                                             .code = "no-equilibrium",
                                             .message = message,
                                             .file = "",
                                             .source = "",
                                             .hint = hint,
                                             .state = ""});
}

/* The index that --select means among those found; SIZE_MAX, told, if there is none. */
static size_t chosen(const cli_session *session, size_t policy, const dt_equilibria *equilibria)
{
    const char *select = session->line->select;
    const char *name = dt_model_item(session->model, DT_POLICIES, policy);
    const size_t count = dt_equilibria_count(equilibria);
    if (strcmp(select, "branch") == 0) {
        for (size_t i = 0; i < count; i++) {
            if (dt_equilibria_item(equilibria, i).found & DT_FOUND_BRANCH)
                return i;
        }
        tell(session, "",
             cli_print("--select branch: under '%s' the branch in lambda doesn't arrive", name));
        return SIZE_MAX;
    }
    const unsigned long long number = strtoull(select, NULL, 10);
    if (number > count) {
        tell(session, "`detente equilibria` lists them",
             cli_print("--select %s: under '%s' %zu %s found", select, name, count,
                       count == 1 ? "equilibrium is" : "equilibria are"));
        return SIZE_MAX;
    }
    return (size_t)number - 1;
}

dt_status cli_check_selection(const cli_session *session)
{
    const char *select = session->line->select;
    if (!select || strcmp(select, "limit") == 0)
        return DT_OK;
    const size_t digits = strspn(select, "0123456789");
    const bool number =
        digits > 0 && digits < 10 && !select[digits] && strtoull(select, NULL, 10) > 0;
    if (!number && strcmp(select, "branch") != 0) {
        cli_error(NULL, "--select takes limit, branch or a number from 1, not '%s'", select);
        return DT_INVALID;
    }
    return cli_need_forever(session);
}

const char *cli_selection(const cli_line *line)
{
    const char *select = line->select;
    if (!select || strcmp(select, "limit") == 0)
        return "the stagewise principal branch";
    return strcmp(select, "branch") == 0
               ? "the principal branch of the whole stationary game"
               : cli_print("equilibrium %s of `detente equilibria`", select);
}

dt_status cli_solve_selected(const cli_session *session, size_t policy, cli_play *play,
                             const double *world)
{
    const size_t parameters = dt_model_count(session->model, DT_PARAMETERS);
    double *declared = cli_take(parameters, sizeof *declared);
    dt_model_nominal(session->model, declared);
    dt_game_settings(play->game, declared);
    dt_equilibria *equilibria;
    dt_status status = dt_equilibria_find(play->game, declared, (dt_values)session->line->values,
                                          NULL, &session->options, &equilibria);
    if (equilibria) {
        const size_t index = chosen(session, policy, equilibria);
        status = index == SIZE_MAX ? DT_INVALID
                                   : dt_equilibria_continue(equilibria, index, world,
                                                            &session->options, &play->solution);
    }
    dt_equilibria_free(equilibria);
    return status;
}
