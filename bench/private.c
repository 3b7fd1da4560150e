/*
 * A game with private variables that is measured, and the first of them: the model with a variable of two values that
 * nothing reads. Its 17 points of belief are lanes, and cost what 17 worlds of the model cost but for what
 * beliefs add: beside these it is measured, both with gaps and with the strategies of the horizon kept.
 */
#define _GNU_SOURCE /* asprintf */
#include "private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"

/* ---- a game with private variables ----------------------------------------------------------- */

static dt_status make(void *argument)
{
    bench_private *p = argument;
    const dt_game *game = p->game;
    const dt_private_plan *plan =
        dt_private_plan_new(p->arena, game, DT_VALUES_AVERAGE, true, 1, false);
    p->work = dt_private_new(p->arena, plan, dt_lane_code_of(bench_kernel(DT_KERNEL_AUTO)),
                             DT_KEEP_HORIZON, 1);
    p->outcomes =
        dt_outcomes_private_new(p->arena, p->work, (size_t)game->model->declared_outcomes);
    return DT_OK;
}

double *bench_nominal(const dt_game *game)
{
    double *world = calloc((size_t)game->model->params + 1, sizeof *world);
    bench_need(world != NULL, "no memory");
    dt_model_nominal(game->model, world);
    dt_game_settings(game, world);
    return world;
}

bench_private *bench_private_new(const dt_model *model)
{
    bench_private *p = calloc(1, sizeof *p);
    bench_need(p && (p->arena = dt_arena_new(NULL, 0)), "no memory");
    bench_need(dt_game_explore(model, 0, &bench_options, &p->game) == DT_OK, "can't explore");
    p->world = bench_nominal(p->game);
    bench_need(dt_arena_try(p->arena, make, p) == DT_OK, "no memory");
    bench_private_solve(p);
    return p;
}

double bench_private_solve(const bench_private *p)
{
    const double start = bench_now();
    dt_private_solve(p->work, p->world);
    const double seconds = bench_now() - start;
    bench_need(p->work->wrong.code == DT_CODES && p->work->found.failures == 0,
               "a game with a secret fails");
    return seconds;
}

double bench_private_outcomes(const bench_private *p)
{
    const double start = bench_now();
    bench_need(dt_outcomes_private_find(p->outcomes, NULL, NULL), "no outcomes");
    return bench_now() - start;
}

/* ---- a secret that nothing reads, beside worlds ---------------------------------------------- */

/* NULL if the actor can't have a secret, being in a team, or if the model has secrets of its own. */
static dt_model *with_secret(const char *text, const char *actor)
{
    dt_model *model = NULL;
    char *more;
    bench_need(asprintf(&more,
                        "%s\nprivate %s unread_secret : {one, two} = {one: 0.5, two: 0.5}\n"
                        "beliefs 16\n",
                        text, actor) > 0,
               "no memory");
    if (dt_model_parse("bench", more, strlen(more), NULL, &model) != DT_OK)
        model = NULL;
    free(more);
    return model;
}

/* The game with the secret, of the first actor who can have it; NULL if none can. */
static const bench_private *unread(bench *b)
{
    static bench_private *kept;
    static bool asked;
    const dt_model *plain = bench_model(b);
    dt_model *model = NULL;
    if (asked)
        return kept;
    char *text = bench_text(b);
    for (size_t i = 0; i < dt_model_count(plain, DT_ACTORS) && !model; i++)
        model = with_secret(text, dt_model_item(plain, DT_ACTORS, i));
    free(text);
    asked = true;
    if (model)
        kept = bench_private_new(model);
    return kept;
}

/* Nanoseconds for each node, period, and point or world. */
static double each(bench *b, double seconds, uint32_t points)
{
    return 1e9 * seconds / ((double)bench_game(b)->nodes * bench_game(b)->periods * points);
}

double bench_unread(bench *b, int which)
{
    const bench_private *p = unread(b);
    if (!p)
        return NAN;
    double seconds = bench_private_solve(p);
    if (which)
        seconds += bench_private_outcomes(p);
    return each(b, seconds, p->work->plan->beliefs->points);
}

/* `which`: with outcomes. */
double bench_unread_worlds(bench *b, int which)
{
    static bench_group *group;
    const bench_private *p = unread(b);
    if (!p)
        return NAN;
    const uint32_t worlds = p->work->plan->beliefs->points;
    if (!group)
        group = bench_group_of(b, bench_kernel(DT_KERNEL_AUTO), true);
    return each(b, bench_group_worlds(group, worlds, which), worlds);
}
