/*
 * Warnings about what no policy ever reaches. Such a line of the model does nothing, which is
 * mostly a slip of the pen.
 */
#include <assert.h>

#include "base/job.h"
#include "game/game.h"

typedef struct warning_work {
    dt_game *const *games;
    size_t count;
    const dt_options *options;
} warning_work;

static bool any_reached(const warning_work *work, size_t action)
{
    for (size_t g = 0; g < work->count; g++) {
        if (work->games[g]->action_reached[action])
            return true;
    }
    return false;
}

static bool any_occurs(const warning_work *work, size_t value)
{
    for (size_t g = 0; g < work->count; g++) {
        if (work->games[g]->value_reached[value])
            return true;
    }
    return false;
}

static bool any_plays(const warning_work *work, int stage)
{
    for (size_t g = 0; g < work->count; g++) {
        if (work->games[g]->stage_first[stage + 1] > work->games[g]->stage_first[stage])
            return true;
    }
    return false;
}

static void warn_of_stages(const warning_work *work, dt_diagnostics *diagnostics)
{
    const dt_model *model = work->games[0]->model;
    size_t first = 0;
    for (int s = 0; s < model->stages; s++) {
        const dt_stage *stage = &model->stage[s];
        bool played = any_plays(work, s);
        if (!played)
            dt_complain(diagnostics, DT_UNREACHED_STAGE, stage->is.place, stage->is.name);
        for (int a = 0; a < stage->actions && played; a++) {
            const dt_action *action = &stage->action[a];
            if (!any_reached(work, first + (size_t)a))
                dt_complain(diagnostics, DT_UNREACHED_ACTION, action->is.place,
                            dt_owner_name(model, stage->mover[action->mover]), action->is.name);
        }
        first += (size_t)stage->actions;
    }
}

/* One warning for each variable: "3", "1..8, 18..20", "cap, rollback". */
static void warn_of_values(dt_arena *arena, const warning_work *work, dt_diagnostics *diagnostics)
{
    const dt_model *model = work->games[0]->model;
    size_t first = 0;
    for (int v = 0; v < model->variables; v++) {
        int values = dt_slot_values(model, v);
        if (values > DT_TRACKED_VALUES)
            continue;
        dt_text list = {.arena = arena};
        int missing = 0;
        for (int i = 0; i < values; i++) {
            if (any_occurs(work, first + (size_t)i))
                continue;
            int last = i;
            while (model->variable[v].type == DT_TYPE_RANGE && last + 1 < values &&
                   !any_occurs(work, first + (size_t)last + 1))
                last++;
            dt_text_print(&list, "%s", missing ? ", " : "");
            dt_slot_value_name(model, v, model->variable[v].low + i, &list);
            if (last > i) {
                dt_text_print(&list, "..");
                dt_slot_value_name(model, v, model->variable[v].low + last, &list);
            }
            missing += last - i + 1;
            i = last;
        }
        if (missing)
            dt_complain(diagnostics, DT_UNREACHED_VALUE, model->variable[v].is.place,
                        model->variable[v].is.name, missing > 1 ? "s" : "", dt_text_get(&list));
        first += (size_t)values;
    }
}

static dt_status warn(dt_arena *arena, void *argument)
{
    const warning_work *work = argument;
    const dt_model *model = work->games[0]->model;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, work->options, &model->source);
    warn_of_stages(work, diagnostics);
    warn_of_values(arena, work, diagnostics);
    dt_diagnostics_flush(diagnostics);
    return DT_OK;
}

bool dt_games_are_one_models(dt_game *const *games, size_t count)
{
    if (!games)
        return false;
    for (size_t g = 0; g < count; g++) {
        if (!games[g] || games[g]->model != games[0]->model)
            return false;
    }
    return true;
}

dt_status dt_games_warn(dt_game *const *games, size_t count, const dt_options *options)
{
    if (count > 0 && !dt_games_are_one_models(games, count))
        return dt_refuse_call(options, "dt_games_warn",
                              "games that are not there, or of several models");
    return count == 0 ? DT_OK : dt_job(options, warn, &(warning_work){games, count, options});
}
