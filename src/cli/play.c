/*
 * detente play: a side, or several, at a terminal. What happens is told as it happens; at each turn whoever holds the side
 * is shown what it knows and what it can do, and answers with a number or a name. The match is a history in a file from
 * the first answer on: it can be left at any time, and is gone on with where it was left.
 */
#include "play.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what is shown ------------------------------------------------------------------------------- */

const char *cli_in_hundred(double probability)
{
    const double hundred = 100 * probability;
    if (hundred > 0 && hundred < 1)
        return "less than 1 in 100";
    if (hundred < 100 && hundred > 99)
        return "more than 99 in 100";
    return cli_print("%.0f in 100", hundred);
}

static void tell_events(cli_seat *seat)
{
    const size_t events = dt_match_events(seat->match);
    for (; seat->told < events; seat->told++) {
        const dt_event event = dt_match_event(seat->match, seat->told);
        char date[DT_LABEL_SIZE];
        if (event.kind == DT_EVENT_PERIOD) {
            dt_model_period_label(seat->model, event.period, date, sizeof date);
            printf("\n");
            cli_print_styled(CLI_BOLD, *date ? date : cli_print("Period %d", event.period), "");
        } else if (event.kind == DT_EVENT_END) {
            cli_print_wrapped("", cli_print("%s.", event.text), 0);
        } else {
            cli_print_wrapped("", cli_print("%s%s", event.text, event.secret ? " (secret)" : ""),
                              2);
        }
    }
}

/* "tension 1, deal none": all that those at the terminal know of the state. */
static const char *state_of(const cli_seat *seat)
{
    const char *text = "";
    char buffer[64];
    for (size_t v = 0; v < dt_model_count(seat->model, DT_STATES); v++) {
        const int rank = dt_match_value(seat->match, v);
        if (rank < 0)
            continue;
        text = cli_print("%s%s%s %s", text, *text ? ", " : "",
                         dt_model_item(seat->model, DT_STATES, v),
                         dt_model_value(seat->model, v, (size_t)rank, buffer, sizeof buffer));
    }
    return text;
}

/* "aim is thought to be bargain 40 in 100, stall 60 in 100". */
static void show_beliefs(const cli_seat *seat)
{
    char buffer[64];
    for (size_t v = 0; v < dt_model_count(seat->model, DT_STATES); v++) {
        const double *share = dt_match_belief(seat->match, v);
        const char *text = "";
        for (size_t k = 0; share && k < dt_model_values(seat->model, v); k++)
            text = cli_print("%s%s%s %s", text, *text ? ", " : "",
                             dt_model_value(seat->model, v, k, buffer, sizeof buffer),
                             cli_in_hundred(share[k]));
        if (share)
            cli_print_wrapped(
                "",
                cli_print("%s is thought to be %s", dt_model_item(seat->model, DT_STATES, v), text),
                2);
    }
}

/* What the equilibrium does with an action, and what it is worth. */
static const char *advice(const dt_match_turn *turn, size_t a)
{
    const dt_match_action *action = &turn->action[a];
    if (!(action->less >= 0))
        return cli_print("equilibrium: %s", cli_in_hundred(action->probability));
    return cli_print(
        "equilibrium: %s; %s", cli_in_hundred(action->probability),
        a == turn->best
            ? "worth most"
            : cli_print("worth %s%.3g less", action->at_least ? "at least " : "", action->less));
}

static void show_actions(const dt_match_turn *turn, bool coached)
{
    for (size_t a = 0; a < turn->actions; a++) {
        const dt_match_action *action = &turn->action[a];
        const char *line = cli_print("%zu %s", a + 1, action->brief);
        if (*action->text)
            line = cli_print("%s: %s", line, action->text);
        cli_print_wrapped("", coached ? cli_print("%s (%s)", line, advice(turn, a)) : line, 4);
    }
}

static void show_state(const cli_seat *seat)
{
    const char *state = state_of(seat);
    if (*state)
        cli_print_wrapped("", cli_print("Now: %s", state), 2);
    show_beliefs(seat);
}

/* With the state at the first turn of a period; what changes after it is told. */
static void show_turn(cli_seat *seat, const dt_match_turn *turn)
{
    const char *stage = dt_model_item(seat->model, DT_STAGES, (size_t)turn->stage);
    if (seat->shown != turn->period)
        show_state(seat);
    seat->shown = turn->period;
    cli_print_styled(CLI_BOLD, cli_print("%s decides: %s", turn->mover, stage), "");
    show_actions(turn, seat->session->line->coach);
}

/* ---- what is answered ---------------------------------------------------------------------------- */

static bool names(const dt_match_action *action, const char *answer)
{
    return strcmp(action->brief, answer) == 0 || strcmp(action->name, answer) == 0;
}

/* The action that an answer means; turn->actions if it means none, which is said. */
static size_t read_answer(const dt_match_turn *turn, const char *answer)
{
    char *end;
    const unsigned long number = strtoul(answer, &end, 10);
    if (*answer >= '0' && *answer <= '9' && *end == '\0' && number >= 1 && number <= turn->actions)
        return number - 1;
    const char **brief = cli_take(turn->actions, sizeof *brief);
    for (size_t a = 0; a < turn->actions; a++) {
        brief[a] = turn->action[a].brief;
        if (names(&turn->action[a], answer))
            return a;
    }
    const char *near = dt_suggest(answer, brief, turn->actions);
    cli_print_wrapped("",
                      cli_print("There is no '%s' here. %s", cli_clean(answer),
                                near ? cli_print("Is '%s' meant?", near)
                                     : "A number or a name of the list is wanted; also: coach, "
                                       "state, quit."),
                      2);
    return turn->actions;
}

/* A line of standard input without blanks at its ends, NULL at its end. It is repeated where nobody saw it typed. */
static const char *read_line(void)
{
    char *line = NULL;
    size_t room = 0;
    const ssize_t length = getline(&line, &room, stdin);
    if (length < 0) {
        free(line);
        return NULL;
    }
    char *from = line + strspn(line, " \t\r\n");
    char *text = cli_print("%s", from);
    free(line);
    for (size_t at = strlen(text); at > 0 && strchr(" \t\r\n", text[at - 1]); at--)
        text[at - 1] = '\0';
    if (!isatty(STDIN_FILENO))
        printf("%s\n", cli_clean(text));
    return text;
}

/* The action taken at a turn; turn->actions if the match is left. */
static size_t ask(const cli_seat *seat, const dt_match_turn *turn)
{
    for (;;) {
        printf("  %s> ", turn->mover);
        fflush(stdout);
        const char *answer = read_line();
        if (!answer) {
            printf("\n");
            return turn->actions;
        }
        if (strcmp(answer, "quit") == 0)
            return turn->actions;
        if (strcmp(answer, "coach") == 0) {
            show_actions(turn, true);
        } else if (strcmp(answer, "state") == 0) {
            show_state(seat);
        } else if (*answer) {
            const size_t action = read_answer(turn, answer);
            if (action < turn->actions)
                return action;
        }
    }
}

/* ---- the file ------------------------------------------------------------------------------------ */

static dt_status save(const cli_seat *seat)
{
    const char *path = seat->session->line->output;
    dt_history *history;
    cli_output output;
    if (!path)
        return DT_OK;
    dt_status status = dt_match_history(seat->match, &seat->session->options, &history);
    if (status != DT_OK)
        return status;
    status = cli_output_open(&output, path);
    if (status == DT_OK) {
        status =
            dt_history_write(history, true, &seat->session->options, cli_output_write, &output);
        const dt_status closed = cli_output_close(&output, status == DT_OK);
        status = closed > status ? closed : status;
    }
    dt_history_free(history);
    return status;
}

/* The match so far, of -o; NULL if there is no such file yet. */
static dt_status read_file(const cli_session *session, dt_history **history)
{
    const char *path = session->line->output;
    *history = NULL;
    if (!path || access(path, F_OK) != 0)
        return DT_OK;
    const dt_status status = dt_history_read(session->model, path, &session->options, history);
    if (status == DT_OK && !*dt_history_note(*history)) {
        cli_error("-o takes another name", "'%s' is no match: it has no column '_match'", path);
        dt_history_free(*history);
        *history = NULL;
        return DT_INVALID;
    }
    return status;
}

/* ---- the command --------------------------------------------------------------------------------- */

/* What is to be played. */
typedef struct chosen {
    size_t policy;
    uint64_t seed;
    bool *held; /* [actors] */
} chosen;

static dt_status choose(const cli_session *session, const dt_history *before, chosen *what)
{
    const cli_line *line = session->line;
    const char *code = before ? dt_history_note(before) : line->code;
    const size_t actors = dt_model_count(session->model, DT_ACTORS);
    what->held = cli_take(actors, sizeof *what->held);
    what->policy = session->policy[0];
    what->seed = line->seed ? line->seed : 1;
    if (before && line->code && strcmp(line->code, code) != 0) {
        cli_error("-o takes another name", "'%s' is the match '%s', not '%s'", line->output, code,
                  line->code);
        return DT_INVALID;
    }
    if (code) {
        if (line->as.count || line->policy.count || line->seed) {
            cli_error("without --as, --policy and --seed", "%s says which match it is",
                      before ? "the file" : "--code");
            return DT_INVALID;
        }
        return dt_match_read_code(session->model, session->world, code, &session->options,
                                  &what->policy, &what->seed, what->held);
    }
    for (size_t i = 0; i < line->as.count; i++) {
        const int actor = cli_find(session, DT_ACTORS, "actor", line->as.at[i]);
        if (actor < 0)
            return DT_INVALID;
        what->held[actor] = true;
    }
    if (line->as.count == 0) {
        const char *all = "";
        for (size_t i = 0; i < actors; i++)
            all = cli_print("%s%s%s", all, i ? ", " : "",
                            dt_model_item(session->model, DT_ACTORS, i));
        cli_error(cli_print("its sides are %s", all), "--as says whose side is played");
        return DT_INVALID;
    }
    return DT_OK;
}

static void introduce(const cli_seat *seat, const chosen *what)
{
    const char *sides = "";
    char code[DT_CODE_SIZE];
    const int horizon = dt_model_horizon(seat->model);
    for (size_t i = 0; i < dt_model_count(seat->model, DT_ACTORS); i++) {
        const char *text = dt_model_item_description(seat->model, DT_ACTORS, i);
        if (what->held[i])
            sides = cli_print("%s%s%s", sides, *sides ? " and " : "",
                              *text ? text : dt_model_item(seat->model, DT_ACTORS, i));
    }
    cli_print_title(seat->model);
    cli_print_wrapped("",
                      cli_print("You hold %s, under %s, for %d period%s; all others play the "
                                "equilibrium.",
                                sides, dt_model_item(seat->model, DT_POLICIES, what->policy),
                                horizon, horizon == 1 ? "" : "s"),
                      0);
    cli_print_wrapped("",
                      cli_print("Whoever plays --code %s meets the same chances.",
                                dt_match_code(seat->match, code, sizeof code)),
                      0);
}

/* From where the match stands to its end, or to where it is left. */
static dt_status play_on(cli_seat *seat)
{
    dt_status status = DT_OK;
    tell_events(seat);
    for (dt_match_turn turn = dt_match_at(seat->match); status == DT_OK && !turn.over;
         turn = dt_match_at(seat->match)) {
        show_turn(seat, &turn);
        const size_t action = ask(seat, &turn);
        if (action == turn.actions) {
            status = save(seat);
            if (status == DT_OK && seat->session->line->output)
                cli_print_wrapped(
                    "", cli_print("Left: with -o %s it goes on.", seat->session->line->output), 0);
            return status;
        }
        status = dt_match_take(seat->match, action, &seat->session->options);
        if (status == DT_OK)
            status = save(seat);
        tell_events(seat);
    }
    return status == DT_OK ? cli_play_sheet(seat) : status;
}

static dt_status play(const cli_session *session, const dt_history *before)
{
    chosen what;
    dt_status status = choose(session, before, &what);
    if (status != DT_OK)
        return status;
    cli_play solved;
    status = cli_play_policy(session, what.policy, &solved);
    cli_progress_end();
    cli_seat seat = {.session = session,
                     .model = session->model,
                     .solution = solved.solution,
                     .seed = what.seed};
    if (status <= DT_NO && solved.solution) {
        const dt_match_how how = {.seed = what.seed, .held = what.held};
        status = dt_match_new(solved.solution, &how, &session->options, &seat.match);
    }
    if (status == DT_OK && before)
        status = dt_match_follow(seat.match, before, &session->options);
    if (status == DT_OK) {
        introduce(&seat, &what);
        status = play_on(&seat);
    }
    dt_match_free(seat.match);
    cli_play_free(&solved);
    return status;
}

dt_status cli_run_play(const cli_line *line)
{
    cli_session session;
    if (strcmp(line->model, "-") == 0) {
        cli_error(NULL, "'play' reads answers from standard input, so that the model is a file");
        return DT_INVALID;
    }
    if (line->policy.count > 1) {
        cli_error(NULL, "'play' is under one policy at a time");
        return DT_INVALID;
    }
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    dt_history *before;
    status = read_file(&session, &before);
    if (status == DT_OK)
        status = play(&session, before);
    dt_history_free(before);
    cli_close(&session);
    return status;
}
