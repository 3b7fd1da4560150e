/*
 * Matches as histories, and back. What is written is what those who hold sides may know: all that is public, and their own
 * secrets; of a period that isn't over, what was chosen so far. Read back, it says what they did, and everything
 * else in it must be what the match has by itself. Invariant: a match that follows its own history stands where it
 * stood.
 */
#include <assert.h>
#include <string.h>

#include "base/job.h"
#include "play/match.h"

/* Whether an observable is a secret of a side that nobody holds. */
static bool is_closed(const dt_match *match, size_t i)
{
    const dt_observables *all = match->history->all;
    const int stage = all->stage[i];
    int owner = DT_NONE;
    if (stage == DT_NONE)
        owner = match->model->variable[i].owner;
    else if (match->model->stage[stage].hidden)
        owner = match->game->rules->stage[stage].mover_actor[0];
    return owner != DT_NONE && !match->held[owner];
}

/* ---- writing ------------------------------------------------------------------------------------- */

/* In the row of a period that isn't over: nothing is known of stages from the one at hand on, but what was taken at it. */
static void cut_row(const dt_match *match, int32_t *value)
{
    const dt_game *game = match->game;
    const dt_observables *all = match->history->all;
    const dt_menu *menu = &game->menu[game->node_menu[match->place]];
    const dt_stage *stage = &match->model->stage[menu->stage];
    for (size_t i = 0; i < all->count; i++) {
        if (all->stage[i] == DT_NONE || all->stage[i] >= menu->stage)
            value[i] = DT_UNSEEN;
    }
    for (int k = 0, first = 0; k < match->asked; first += menu->options[k++]) {
        const int *action =
            menu->action + (size_t)(first + match->option[k]) * (size_t)stage->movers;
        for (int m = 0; m < stage->movers; m++) {
            const size_t i = (size_t)(stage->first_choice + m);
            if (action[m] != DT_NONE && dt_match_holder(match, menu->agent[k]) != DT_NONE)
                value[i] = all->value[i][action[m]];
        }
    }
}

static dt_status copy(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const dt_match *match = argument;
    const dt_history *own = match->history;
    const size_t count = own->all->count;
    (void)scratch;
    dt_history *history = *found = dt_history_new(arena, match->model, own->rows);
    history->has_period = history->has_policy = true;
    memcpy(history->value, own->value, own->rows * count * sizeof *own->value);
    for (size_t i = 0; i < count; i++)
        history->has[i] = !is_closed(match, i);
    for (size_t row = 0; row < own->rows; row++) {
        history->period[row] = dt_copy_text(arena, own->period[row], strlen(own->period[row]));
        history->policy[row] = own->policy[row];
        for (size_t i = 0; i < count; i++) {
            if (!history->has[i])
                history->value[row * count + i] = DT_UNSEEN;
        }
    }
    if (!match->over)
        cut_row(match, history->value + (own->rows - 1) * count);
    history->note = dt_copy_text(arena, match->code, strlen(match->code));
    return DT_OK;
}

dt_status dt_match_history(const dt_match *match, const dt_options *options, dt_history **history)
{
    if (history)
        *history = NULL;
    if (!match || !history)
        return dt_refuse_call(options, "dt_match_history",
                              "no match, or nowhere to put the history");
    return dt_answer(options, copy, (void *)match, (void **)history);
}

/* ---- following ----------------------------------------------------------------------------------- */

typedef struct following {
    dt_match *match;
    const dt_history *history;
    const dt_options *options;
    bool stopped; /* by what can't be done */
} following;

/* What a row says that the one whose turn it is took: an action; DT_NONE: it doesn't say; less: what can't be done. */
static int taken_in(const dt_match *match, const dt_history *history)
{
    const dt_game *game = match->game;
    const dt_menu *menu = &game->menu[game->node_menu[match->place]];
    const dt_stage *stage = &match->model->stage[menu->stage];
    const size_t row = match->period + (size_t)1, count = history->all->count;
    int first = 0;
    if (row >= history->rows)
        return DT_NONE;
    for (int k = 0; k < match->asked; k++)
        first += menu->options[k];
    for (int o = 0; o < menu->options[match->asked]; o++) {
        const int *action = menu->action + (size_t)(first + o) * (size_t)stage->movers;
        bool fits = true;
        for (int m = 0; m < stage->movers; m++) {
            const size_t i = (size_t)(stage->first_choice + m);
            const int32_t seen = history->value[row * count + i];
            if (action[m] == DT_NONE)
                continue;
            if (seen == DT_UNSEEN)
                return DT_NONE;
            fits &= seen == history->all->value[i][action[m]];
        }
        if (fits)
            return o;
    }
    return DT_NONE - 1;
}

/* Tells of the first cell that isn't what the match has; false if there is one. */
static bool agrees(dt_arena *arena, const dt_match *match, const dt_history *given,
                   dt_diagnostics *diagnostics)
{
    const dt_history *own = match->history;
    const size_t count = own->all->count, last = own->rows - 1;
    for (size_t at = 0; at < given->rows * count && at < own->rows * count; at++) {
        const size_t row = at / count, i = at % count;
        const int32_t is = own->value[at], said = given->value[at];
        const int stage = own->all->stage[i];
        if (is == said || is == DT_UNSEEN || said == DT_UNSEEN)
            continue;
        if (row == last && !match->over && stage >= match->turn.stage)
            continue;
        dt_text where = {.arena = arena}, name = {.arena = arena};
        dt_text one = {.arena = arena}, other = {.arena = arena};
        dt_history_print_row(given, row, &where);
        dt_observable_print(own->all, i, &name);
        dt_observable_print_value(own->all, i, (size_t)said, &one);
        dt_observable_print_value(own->all, i, (size_t)is, &other);
        dt_complain_more(diagnostics, DT_MATCH_PARTS, (dt_place){0, 0},
                         "it was played with another seed, side, policy or model", NULL,
                         dt_text_get(&where), dt_text_get(&name), dt_text_get(&one),
                         dt_text_get(&other));
        return false;
    }
    return true;
}

static dt_status compare(dt_arena *arena, void *argument)
{
    const following *f = argument;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, f->options, &f->history->source);
    if (agrees(arena, f->match, f->history, diagnostics) &&
        (f->stopped || f->history->rows > f->match->history->rows))
        dt_complain(diagnostics, DT_MATCH_LONGER, (dt_place){0, 0}, f->match->history->rows);
    dt_diagnostics_flush(diagnostics);
    return dt_diagnostics_errors(diagnostics) ? DT_NO : DT_OK;
}

static dt_status go(void *argument)
{
    following *f = argument;
    int action = DT_NONE;
    while (!f->match->over && (action = taken_in(f->match, f->history)) >= 0)
        dt_match_go(f->match, (size_t)action);
    f->stopped = action < DT_NONE;
    return DT_OK;
}

dt_status dt_match_follow(dt_match *match, const dt_history *history, const dt_options *options)
{
    if (!match || !history || history->model != match->model)
        return dt_refuse_call(options, "dt_match_follow",
                              "no match, no history, or one of another model");
    following f = {match, history, options, false};
    const dt_status status = dt_arena_try(match->arena, go, &f);
    if (status == DT_OK)
        return dt_job(options, compare, &f);
    dt_report_limit(options, dt_arena_reason(match->arena));
    return status;
}
