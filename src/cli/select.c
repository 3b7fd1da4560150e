/*
 * --select: which of several stationary equilibria the other commands use. The equilibria are looked for at the
 * declared numbers, as `detente equilibria` does it by default, so that a number means the same everywhere; the
 * one chosen goes into the options of the session, so that whatever solves with these follows it to its own numbers.
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

bool cli_selects(const char *select)
{
    return select && strcmp(select, "limit") != 0;
}

static dt_status check_selection(const cli_session *session)
{
    const char *select = session->line->select;
    const size_t digits = strspn(select, "0123456789");
    const bool number =
        digits > 0 && digits < 10 && !select[digits] && strtoull(select, NULL, 10) > 0;
    if (!number && strcmp(select, "branch") != 0) {
        cli_error(NULL, "--select takes limit, branch or a number from 1, not '%s'", select);
        return DT_INVALID;
    }
    if (session->line->precision) {
        cli_error(NULL, "--select goes without --precision");
        return DT_INVALID;
    }
    return cli_need_forever(session);
}

const char *cli_selection(const char *select)
{
    if (!cli_selects(select))
        return "the stagewise principal branch";
    return strcmp(select, "branch") == 0
               ? "the principal branch of the whole stationary game"
               : cli_print("equilibrium %s of `detente equilibria`", select);
}

/* Finds the equilibrium of one policy and keeps it. */
static dt_status find_selected(const cli_session *session, size_t policy, dt_selected *selected)
{
    const size_t parameters = dt_model_count(session->model, DT_PARAMETERS);
    double *declared = cli_take(parameters, sizeof *declared);
    dt_game *game;
    dt_equilibria *equilibria = NULL;
    dt_model_nominal(session->model, declared);
    dt_status status =
        dt_game_explore_known(session->model, policy, declared, 1, &session->options, &game);
    if (status == DT_OK) {
        dt_game_settings(game, declared);
        const dt_options within = cli_options_within(session);
        status = dt_equilibria_find(game, declared, (dt_values)session->line->values, NULL, &within,
                                    &equilibria);
    }
    const size_t index = equilibria ? chosen(session, policy, equilibria) : SIZE_MAX;
    if (equilibria && index == SIZE_MAX)
        status = DT_INVALID;
    if (index != SIZE_MAX) {
        const size_t options = dt_game_options(game);
        double *strategy = cli_take(options, sizeof *strategy);
        memcpy(strategy, dt_equilibria_selected(equilibria, index).strategy,
               options * sizeof *strategy);
        *selected = (dt_selected){declared, strategy};
    }
    dt_equilibria_free(equilibria);
    dt_game_free(game);
    return status;
}

dt_status cli_select(cli_session *session)
{
    if (!cli_selects(session->line->select))
        return DT_OK;
    dt_status status = check_selection(session);
    dt_selected *selected = cli_take(dt_model_count(session->model, DT_POLICIES), sizeof *selected);
    for (size_t c = 0; c < session->policies && status == DT_OK; c++)
        status = find_selected(session, session->policy[c], &selected[session->policy[c]]);
    session->options.selected = selected;
    return status;
}
