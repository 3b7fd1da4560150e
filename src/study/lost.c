/*
 * Worlds that will be lost, counted before anything is solved. The numbers that the given worlds have
 * are the ranges for which hazards are proved away; what is left is looked at in each world.
 */
#include <assert.h>
#include <math.h>

#include "base/job.h"
#include "study/judge.h"

typedef struct counting {
    dt_arena *arena;
    dt_game *const *games;
    size_t count;
    const double *parameters; /* [worlds][params] */
    size_t worlds;
    const dt_options *options;
    size_t *lost;
} counting;

/* The hazard that is wrong in most worlds; NULL if none is. */
static dt_judged *find_worst(const dt_judge *judge, size_t *hazard)
{
    dt_judged *most = NULL;
    for (size_t c = 0; c < judge->count; c++) {
        for (size_t h = 0; h < judge->of[c].hazard.count; h++) {
            if (judge->of[c].found[h].wrong > (most ? most->found[*hazard].wrong : 0)) {
                most = &judge->of[c];
                *hazard = h;
            }
        }
    }
    return most;
}

static void tell(const counting *asked, const dt_judge *judge)
{
    size_t hazard = 0;
    dt_judged *worst = find_worst(judge, &hazard);
    assert(worst && *asked->lost > 0);
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(asked->arena, asked->options, &judge->model->source);
    dt_text text = {.arena = asked->arena};
    dt_judge_print(judge, worst, hazard, &text);
    if (judge->model->policies > 1 || worst->game->rules->policy == DT_NONE)
        dt_text_print(&text, ", under %s", worst->game->rules->under);
    dt_complain(diagnostics, DT_WORLDS_LOST, worst->hazard.at[hazard].place, *asked->lost,
                asked->worlds, dt_text_get(&text));
    dt_diagnostics_flush(diagnostics);
}

static dt_status count_lost(dt_arena *arena, void *argument)
{
    counting *asked = argument;
    asked->arena = arena;
    const size_t params = (size_t)asked->games[0]->model->params;
    dt_interval *range = dt_new(asked->arena, dt_interval, params);
    for (size_t i = 0; i < params; i++) {
        range[i] = dt_interval_point(asked->parameters[i]);
        for (size_t w = 1; w < asked->worlds; w++) {
            range[i].low = fmin(range[i].low, asked->parameters[w * params + i]);
            range[i].high = fmax(range[i].high, asked->parameters[w * params + i]);
        }
    }
    const dt_judge *judge = dt_judge_new(asked->arena, asked->games, asked->count, range);
    for (size_t w = 0; w < asked->worlds; w++)
        *asked->lost += dt_judge_world(judge, asked->parameters + w * params);
    if (*asked->lost)
        tell(asked, judge);
    return DT_OK;
}

dt_status dt_games_count_lost(dt_game *const *games, size_t count, const double *parameters,
                              size_t worlds, const dt_options *options, size_t *lost)
{
    if (lost)
        *lost = 0;
    const bool right =
        count == 0 || worlds == 0 ||
        (dt_games_are_one_models(games, count) && (games[0]->model->params == 0 || parameters));
    if (!lost || !right)
        return dt_refuse_call(options, "dt_games_count_lost",
                              "games that aren't there, or of several models, or no numbers");
    if (count == 0 || worlds == 0)
        return DT_OK;
    return dt_job(options, count_lost,
                  &(counting){NULL, games, count, parameters, worlds, options, lost});
}
