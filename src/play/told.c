/*
 * What happens, told in events: who does what in the words of the model, and what has changed when a stage is over.
 * Public things are told as they happen; what one side alone sees is noted with whose it is. Invariant: events are in
 * the order of play.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "game/secret.h"
#include "play/match.h"

static const dt_event NOTHING = {.stage = -1, .actor = -1, .action = -1, .variable = -1};

/* A new event of the match's period, to be filled in. */
static dt_event event_of(const dt_match *match, dt_event_kind kind)
{
    dt_event event = NOTHING;
    event.kind = kind;
    event.period = (int)match->period + 1;
    if (match->place < match->game->nodes && kind != DT_EVENT_PERIOD)
        event.stage = (int)dt_game_stage(match->game, match->place);
    return event;
}

static void tell(dt_match *match, dt_event event, const dt_text *text)
{
    event.text = dt_text_get(text);
    dt_push(match->arena, &match->event, event);
}

/* The description of something that was declared, or its name. */
const char *dt_words_of(const dt_named *is)
{
    return *is->description ? is->description : is->name;
}

void dt_tell_period(dt_match *match)
{
    dt_text text = {.arena = match->arena};
    dt_text_print(&text, "%s", match->history->period[match->period + 1]);
    tell(match, event_of(match, DT_EVENT_PERIOD), &text);
}

void dt_tell_cell(dt_match *match, int cell)
{
    const dt_game *game = match->game;
    const dt_menu *menu = &game->menu[game->node_menu[match->place]];
    const dt_stage *stage = &match->model->stage[menu->stage];
    int option[DT_MAX_MOVERS];
    dt_cell_options(menu, cell, option);
    for (int k = 0; k < menu->agents; k++) {
        const int *action = menu->action + (size_t)option[k] * (size_t)stage->movers;
        for (int m = 0; m < stage->movers; m++) {
            if (action[m] == DT_NONE)
                continue;
            dt_event event = event_of(match, DT_EVENT_ACTION);
            dt_text text = {.arena = match->arena};
            event.actor = game->rules->stage[menu->stage].mover_actor[m];
            event.action = action[m];
            event.secret = stage->hidden;
            dt_text_print(&text, "%s: %s", dt_words_of(&match->model->actor[event.actor].is),
                          dt_words_of(&stage->action[action[m]].is));
            tell(match, event, &text);
        }
    }
}

static void tell_change(dt_match *match, int variable, int from, int to)
{
    const dt_model *model = match->model;
    const int low = dt_slot_low(model, variable);
    dt_event event = event_of(match, DT_EVENT_CHANGE);
    dt_text text = {.arena = match->arena};
    event.variable = variable;
    event.actor = model->variable[variable].owner;
    event.secret = event.actor != DT_NONE;
    event.from = from;
    event.to = to;
    dt_text_print(&text, "%s: from ", model->variable[variable].is.name);
    dt_slot_value_name(model, variable, low + from, &text);
    dt_text_print(&text, " to ");
    dt_slot_value_name(model, variable, low + to, &text);
    tell(match, event, &text);
}

static void tell_belief(dt_match *match, size_t x, uint32_t point)
{
    const dt_model *model = match->model;
    const int variable = match->game->secret_variable[x];
    const double *share = dt_beliefs_at(match->stand->beliefs, x, point);
    dt_event event = event_of(match, DT_EVENT_BELIEF);
    dt_text text = {.arena = match->arena};
    event.variable = variable;
    event.share = share;
    dt_text_print(&text, "%s is now thought to be", model->variable[variable].is.name);
    for (int k = 0; k < dt_slot_values(model, variable); k++) {
        dt_text_print(&text, "%s ", k ? "," : "");
        dt_slot_value_name(model, variable, dt_slot_low(model, variable) + k, &text);
        dt_text_print(&text, " with %.0f %%", 100 * share[k]);
    }
    tell(match, event, &text);
}

void dt_tell_changes(dt_match *match, uint32_t place, uint32_t column)
{
    const dt_game *game = match->game;
    const dt_model *model = match->model;
    const dt_beliefs *beliefs = match->stand->beliefs;
    const uint32_t *before = game->key + (size_t)match->place * game->layout.words;
    const uint32_t *after = game->key + (size_t)place * game->layout.words;
    for (int v = 0; v < model->variables; v++) {
        int from, to;
        if (dt_slot_is_private(model, v)) {
            from = (int)dt_true_rank(game, v, match->column % game->types);
            to = (int)dt_true_rank(game, v, column % game->types);
        } else {
            from = (int)dt_key_rank(&game->layout.field[v], before);
            to = (int)dt_key_rank(&game->layout.field[v], after);
        }
        if (from != to)
            tell_change(match, v, from, to);
    }
    for (size_t x = 0; beliefs && x < beliefs->variables; x++) {
        const uint32_t point = column / beliefs->types;
        if (dt_beliefs_point(beliefs, x, point) !=
            dt_beliefs_point(beliefs, x, match->column / beliefs->types))
            tell_belief(match, x, point);
    }
}

void dt_tell_end(dt_match *match, bool ended)
{
    dt_text text = {.arena = match->arena};
    dt_text_print(&text, "%s", ended ? "Play has ended" : "The horizon is reached");
    tell(match, event_of(match, DT_EVENT_END), &text);
}

bool dt_match_shows(const dt_match *match, const dt_event *event)
{
    return !event->secret || match->over || match->held[event->actor];
}

size_t dt_match_events(const dt_match *match)
{
    size_t shown = 0;
    for (size_t i = 0; match && i < match->event.count; i++)
        shown += dt_match_shows(match, &match->event.at[i]);
    return shown;
}

dt_event dt_match_event(const dt_match *match, size_t index)
{
    for (size_t i = 0; match && i < match->event.count; i++) {
        if (dt_match_shows(match, &match->event.at[i]) && index-- == 0)
            return match->event.at[i];
    }
    dt_event none = NOTHING;
    none.text = "";
    return none;
}
