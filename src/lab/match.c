/*
 * What detente_play.h says of a match, field by field. Invariant: nothing is written that its public functions don't
 * tell, so that the page can't show what the terminal hides.
 */
#include "lab/match.h"

#include "base/text.h"

static void write_action(dt_writer *out, const dt_match_action *action)
{
    dt_json_print(out, "{name: %s, brief: %s, text: %s, probability: %g, less: %g, atLeast: %i}",
                  action->name, action->brief, action->text, action->probability, action->less,
                  action->at_least);
}

static void write_turn(dt_writer *out, const dt_match *match)
{
    const dt_match_turn turn = dt_match_at(match);
    dt_json_print(out, "turn:");
    if (turn.over) {
        dt_json_print(out, "null");
        return;
    }
    dt_json_print(out,
                  "{period: %d, stage: %d, actor: %d, mover: %s, team: %i, best: %zu, drawn: %zu, "
                  "mean: %g, variable: %d, rank: %zu, actions: [",
                  turn.period, turn.stage, turn.actor, turn.mover, turn.team, turn.best, turn.drawn,
                  turn.mean, turn.variable, turn.rank);
    for (size_t a = 0; a < turn.actions; a++)
        write_action(out, &turn.action[a]);
    dt_json_print(out, "]}");
}

static void write_event(dt_writer *out, const dt_event *event, const dt_model *model)
{
    static const char *const kind[DT_EVENTS] = {"period", "action", "change", "belief", "end"};
    dt_json_print(out,
                  "{kind: %s, period: %d, stage: %d, actor: %d, action: %d, variable: %d, from: "
                  "%d, to: %d, secret: %i, text: %s, share:",
                  kind[event->kind], event->period, event->stage, event->actor, event->action,
                  event->variable, event->from, event->to, event->secret, event->text);
    dt_json_numbers(out, event->share,
                    event->share ? dt_model_values(model, (size_t)event->variable) : 0);
    dt_json_print(out, "}");
}

static void write_state(dt_writer *out, const dt_match *match, const dt_model *model)
{
    dt_json_print(out, "state: [");
    for (size_t v = 0; v < dt_model_count(model, DT_STATES); v++) {
        const int rank = dt_match_value(match, v);
        const double *share = dt_match_belief(match, v);
        dt_json_print(out, "{rank: %d, share:", rank);
        dt_json_numbers(out, share, share ? dt_model_values(model, v) : 0);
        dt_json_print(out, "}");
    }
    dt_json_print(out, "]");
}

static void write_moves(dt_writer *out, const dt_match *match)
{
    dt_json_print(out, "moves: [");
    for (size_t m = 0; m < dt_match_moves(match); m++) {
        const dt_match_move move = dt_match_move_at(match, m);
        dt_json_print(out,
                      "{period: %d, stage: %d, actor: %d, mover: %s, action: %zu, brief: %s, text: "
                      "%s, best: %zu, bestBrief: %s, bestText: %s, probability: %g, less: %g, "
                      "shortOf: %g, atLeast: %i, discount: %g}",
                      move.period, move.stage, move.actor, move.mover, move.action, move.brief,
                      move.text, move.best, move.best_brief, move.best_text, move.probability,
                      move.less, move.short_of, move.at_least, move.discount);
    }
    dt_json_print(out, "]");
}

static bool add(void *context, const char *text, size_t length)
{
    dt_text_add(context, text, length);
    return true;
}

dt_status dt_write_match(dt_writer *out, const dt_match *match, const dt_model *model,
                         const bool *held, const dt_options *options, dt_arena *scratch)
{
    char code[DT_CODE_SIZE];
    dt_history *history;
    dt_status status = dt_match_history(match, options, &history);
    if (status != DT_OK)
        return status;
    dt_text file = {.arena = scratch};
    status = dt_history_write(history, true, options, add, &file);
    dt_history_free(history);
    const size_t outcomes = dt_model_count(model, DT_OUTCOMES);
    double *outcome = dt_new(scratch, double, outcomes);
    dt_match_outcomes(match, outcome);
    dt_json_print(out, "{code: %s, held: [", dt_match_code(match, code, sizeof code));
    for (size_t i = 0; i < dt_model_count(model, DT_ACTORS); i++)
        dt_json_print(out, "%i", held[i]);
    dt_json_print(out, "]");
    write_state(out, match, model);
    dt_json_print(out, "events: [");
    for (size_t i = 0; i < dt_match_events(match); i++) {
        const dt_event event = dt_match_event(match, i);
        write_event(out, &event, model);
    }
    dt_json_print(out, "]");
    write_turn(out, match);
    write_moves(out, match);
    dt_json_print(out, "outcomes:");
    dt_json_numbers(out, outcome, outcomes);
    dt_json_print(out, "history: %s}", dt_text_get(&file));
    return status;
}
