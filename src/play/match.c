/*
 * A match as a walk over the game, as sampling walks it (history/sample.c): at a node a cell is drawn, then what
 * follows. Where a side that is held moves, the walk stops; its options take the place of those of the cell that was
 * drawn, so that what the others do, who move at once, doesn't hang on what it chooses. Invariant: a match that isn't over
 * stands at a node, and it is somebody's turn.
 */
#include "play/match.h"

#include <assert.h>
#include <string.h>

#include "base/job.h"
#include "game/secret.h"
#include "history/note.h"
#include "solve/solve.h"

/* ---- walking ----------------------------------------------------------------------------------- */

static const dt_menu *menu_of(const dt_match *match)
{
    return &match->game->menu[match->game->node_menu[match->place]];
}

int dt_match_holder(const dt_match *match, int agent)
{
    const dt_agent *who = &match->game->rules->agent[agent];
    for (int m = 0; m < who->members; m++) {
        if (match->held[who->member[m]])
            return who->member[m];
    }
    return DT_NONE;
}

/* What an agent knows by itself: its variable, and its value. */
static void see_own(const dt_match *match, int agent, dt_decider *who)
{
    const dt_agent *mover = &match->game->rules->agent[agent];
    if (who->known >= 0) {
        who->variable = match->game->secret_variable[who->known];
        who->value = (size_t)who->rank;
    } else if (mover->members == 1) {
        who->variable = dt_known_of(match->game, mover->member[0], &who->value);
    }
}

/* Looks for the next agent of the menu from match->asked on whose turn it is. */
static bool ask(dt_match *match)
{
    const dt_menu *menu = menu_of(match);
    const dt_beliefs *beliefs = match->stand->beliefs;
    for (; match->asked < menu->agents; match->asked++) {
        const int agent = menu->agent[match->asked];
        if (dt_match_holder(match, agent) == DT_NONE)
            continue;
        dt_decider who = {.k = match->asked,
                          .options = menu->options[match->asked],
                          .known = beliefs ? beliefs->agent_variable[agent] : -1,
                          .variable = DT_NONE};
        for (int k = 0; k < match->asked; k++)
            who.first += menu->options[k];
        if (who.known >= 0)
            who.rank = dt_beliefs_rank(beliefs, (size_t)who.known, match->column % beliefs->types);
        see_own(match, agent, &who);
        dt_account_turn(match, &who, &match->turn);
        return true;
    }
    return false;
}

/* The cell of the menu that the options make. */
static int cell_of(const dt_menu *menu, const int *option)
{
    int cell = 0;
    for (int k = 0; k < menu->agents; k++)
        cell = cell * menu->options[k] + option[k];
    return cell;
}

static void end(dt_match *match, bool ended)
{
    match->over = true;
    match->turn = (dt_match_turn){.over = true, .stage = -1, .variable = -1};
    if (!match->quiet)
        dt_tell_end(match, ended);
}

/* Comes to a node, and draws what is done there. */
static void arrive(dt_match *match)
{
    const dt_menu *menu = menu_of(match);
    dt_draw(match->seed, match->number, match->period + (size_t)1, (uint32_t)menu->stage, match->u);
    match->drawn = dt_draw_cell(match->flow, match->place, match->column, match->u);
    if (match->drawn == DT_NONE)
        dt_refuse(match->arena, "what is believed isn't known where an action has no chance");
    dt_cell_options(menu, match->drawn, match->option);
    for (int k = 0, first = 0; k < menu->agents; first += menu->options[k++])
        match->option[k] -= first;
    match->asked = 0;
}

/* Leaves the node by what its agents do. */
static void leave(dt_match *match)
{
    const dt_menu *menu = menu_of(match);
    const int cell = menu->agents == 0 ? match->drawn : cell_of(menu, match->option);
    const dt_step *step = dt_draw_step(match->flow, match->place, match->column, cell, match->u);
    if (!step)
        dt_refuse(match->arena, "what is believed isn't known where an action has no chance");
    const uint32_t place = step->target, column = step->column;
    dt_note_cell(match->history, match->period + (size_t)1, menu, cell);
    if (!match->quiet) {
        dt_tell_cell(match, cell);
        dt_tell_changes(match, place, column);
    }
    match->place = place;
    match->column = column;
}

/* Brings to hand what matches of one solution share: the period's strategies, and what is learned at a node. */
static void turn(dt_match *match)
{
    dt_play_follow(match->play, match->solution, match->period);
    dt_flow_turn(match->flow, 0);
}

/* Begins the period in which the match stands. */
static void begin_period(dt_match *match)
{
    const size_t row = match->period + (size_t)1;
    turn(match);
    dt_note_nothing(match->history, row);
    if (!match->quiet)
        dt_note_label(match->history, row);
    match->history->policy[row] = match->game->rules->policy;
    match->history->rows = row + 1;
    if (!match->quiet)
        dt_tell_period(match);
}

/* Ends it; false if play is over. */
static bool end_period(dt_match *match)
{
    const dt_game *game = match->game;
    const uint32_t leaf = match->place - game->nodes;
    dt_note_state(match->history, match->period + (size_t)1, match->stand, match->place,
                  match->column);
    dt_account_period(match);
    const bool ended = game->leaf_ended[leaf];
    if (ended || match->period + 1 == game->horizon) {
        end(match, ended);
        return false;
    }
    assert(game->leaf_next[leaf] != DT_NOWHERE);
    match->place = game->state_place[game->leaf_next[leaf]];
    match->period++;
    begin_period(match);
    return true;
}

/* Plays on to the next decision of a side that is held, from a place that was come to just now. */
static void play_on(dt_match *match)
{
    for (;;) {
        if (match->place >= match->game->nodes) {
            if (!end_period(match))
                return;
            continue;
        }
        arrive(match);
        if (ask(match))
            return;
        leave(match);
    }
}

void dt_match_go(dt_match *match, size_t action)
{
    assert(!match->over && action < match->turn.actions);
    turn(match);
    dt_account_move(match, action);
    match->option[match->asked++] = (int)action;
    if (ask(match))
        return;
    leave(match);
    play_on(match);
}

/* ---- beginning ------------------------------------------------------------------------------------- */

static void make_stand(dt_match *match)
{
    dt_stand *stand = match->stand = dt_new(match->arena, dt_stand, 1);
    stand->policy = match->game->rules->policy;
    stand->game = (dt_game *)match->game;
    stand->columns = 1;
    if (match->solution->private) {
        stand->beliefs = match->solution->private->plan->beliefs;
        stand->columns = (size_t)stand->beliefs->points * stand->beliefs->types;
    }
}

/* What lasts from one history to the next. */
static dt_match *new_match(dt_arena *arena, const dt_solution *solution, uint64_t seed,
                           const bool *held)
{
    dt_match *match = dt_new(arena, dt_match, 1);
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    match->arena = arena;
    match->solution = solution;
    match->game = game;
    match->model = model;
    match->seed = seed;
    match->held = dt_new(arena, bool, (size_t)model->actors);
    for (int i = 0; i < model->actors; i++)
        match->held[i] = held && held[i];
    make_stand(match);
    match->play = dt_play_of(arena, solution);
    match->flow = dt_flow_of_steps(arena, match->stand, match->play);
    match->option = dt_new(arena, int, DT_MAX_MOVERS);
    match->history = dt_history_new(arena, model, (size_t)game->horizon + 1);
    match->history->has_period = match->history->has_policy = true;
    memset(match->history->has, 1, match->history->all->count);
    match->code = dt_code_of(match);
    match->sure = dt_new(arena, double *, (size_t)model->variables);
    for (int v = 0; v < model->variables; v++) {
        if (game->known[v] == DT_DRAWN)
            continue;
        match->sure[v] = dt_new(arena, double, (size_t)dt_slot_values(model, v));
        match->sure[v][game->known[v] - dt_slot_low(model, v)] = 1;
    }
    dt_account_new(match);
    return match;
}

/* Begins history `number`, whatever was played before. */
static void begin(dt_match *match, uint64_t number)
{
    const dt_game *game = match->game;
    const double *begins = match->solution->private ? match->solution->private->begins : NULL;
    match->number = number;
    match->over = false;
    match->period = 0;
    dt_draw(match->seed, number, 0, game->stages, match->u);
    match->column = dt_draw_column(match->stand, begins, match->u);
    match->place = game->state_place[game->start];
    dt_note_state(match->history, 0, match->stand, match->place, match->column);
    if (!match->quiet)
        dt_note_label(match->history, 0);
    dt_account_begin(match);
    begin_period(match);
    play_on(match);
}

/* ---- calls ------------------------------------------------------------------------------------- */

typedef struct making {
    const dt_solution *solution;
    const dt_match_how *how;
    const dt_options *options;
} making;

static bool is_solved(dt_arena *arena, const dt_solution *solution, const dt_options *options)
{
    if (dt_solution_solved(solution))
        return true;
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(arena, options, &solution->game->model->source);
    dt_complain_more(diagnostics, DT_UNSOLVED, (dt_place){0, 0}, dt_solution_cure(solution), NULL,
                     solution->game->rules->under, dt_solution_reason(solution));
    dt_diagnostics_flush(diagnostics);
    return false;
}

static dt_status make(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const making *m = argument;
    if (!is_solved(scratch, m->solution, m->options))
        return DT_NO;
    dt_match *match = *found = new_match(arena, m->solution, m->how->seed, m->how->held);
    begin(match, m->how->number);
    return DT_OK;
}

dt_status dt_match_new(const dt_solution *solution, const dt_match_how *how,
                       const dt_options *options, dt_match **match)
{
    if (match)
        *match = NULL;
    if (!solution || !how || !match)
        return dt_refuse_call(options, "dt_match_new",
                              "no solution, not said how, or nowhere to put the match");
    return dt_answer(options, make, &(making){solution, how, options}, (void **)match);
}

void dt_match_free(dt_match *match)
{
    dt_arena_free(match ? match->arena : NULL);
}

dt_match_turn dt_match_at(const dt_match *match)
{
    return match ? match->turn : (dt_match_turn){.over = true, .stage = -1, .variable = -1};
}

typedef struct taking {
    dt_match *match;
    size_t action;
} taking;

static dt_status take(void *argument)
{
    const taking *t = argument;
    dt_match_go(t->match, t->action);
    return DT_OK;
}

dt_status dt_match_take(dt_match *match, size_t action, const dt_options *options)
{
    if (!match || match->over || action >= match->turn.actions)
        return dt_refuse_call(options, "dt_match_take",
                              "no match, play is over, or there is no such action");
    const dt_status status = dt_arena_try(match->arena, take, &(taking){match, action});
    if (status == DT_LIMIT)
        dt_report_limit(options, dt_arena_reason(match->arena));
    return status;
}

int dt_match_value(const dt_match *match, size_t variable)
{
    if (!match || variable >= (size_t)match->model->variables)
        return -1;
    const int owner = match->model->variable[variable].owner;
    if (owner == DT_NONE)
        return (int)dt_key_rank(&match->game->layout.field[variable],
                                match->game->key +
                                    (size_t)match->place * match->game->layout.words);
    if (!match->held[owner] && !match->over)
        return -1;
    return (int)dt_true_rank(match->game, (int)variable, match->column % match->game->types);
}

const double *dt_match_belief(const dt_match *match, size_t variable)
{
    if (!match || variable >= (size_t)match->model->variables ||
        !dt_slot_is_private(match->model, (int)variable))
        return NULL;
    const int x = match->game->secret_of[variable];
    if (x == DT_NONE)
        return match->sure[variable];
    const dt_beliefs *beliefs = match->stand->beliefs;
    return dt_beliefs_at(beliefs, (size_t)x, match->column / beliefs->types);
}

/* ---- many ---------------------------------------------------------------------------------------- */

typedef struct spreading {
    const dt_solution *solution;
    uint64_t seed, first;
    size_t count;
    const dt_options *options;
    double *outcome;
} spreading;

static dt_status spread(dt_arena *arena, void *argument)
{
    const spreading *s = argument;
    if (!is_solved(arena, s->solution, s->options))
        return DT_NO;
    dt_match *match = new_match(arena, s->solution, s->seed, NULL);
    match->quiet = true;
    for (size_t i = 0; i < s->count; i++) {
        dt_progress(arena, s->options, "sampling histories", (double)i / (double)s->count);
        begin(match, s->first + i);
        dt_match_outcomes(match,
                          s->outcome + i * (size_t)s->solution->game->model->declared_outcomes);
    }
    return DT_OK;
}

dt_status dt_match_spread(const dt_solution *solution, uint64_t seed, uint64_t first, size_t count,
                          const dt_options *options, double *outcome)
{
    if (!solution || !outcome)
        return dt_refuse_call(options, "dt_match_spread",
                              "no solution, or nowhere to put the outcomes");
    return dt_job(options, spread, &(spreading){solution, seed, first, count, options, outcome});
}
