/*
 * What the declared ranges allow. Each number that can be wrong in a world is proved right for all of
 * them, if that can be (src/game/hazard.c); of the others a world is looked for in which it is wrong:
 * at the corners of the ranges of the parameters that it depends on, in their centre, and in worlds
 * drawn as a study draws them. Of a list, its ends are the corners and a value in
 * its middle the centre; what holds between its ends is proved for all its values. Of a distribution, whose ends may be out of all reason, a corner is its
 * 0.5 % or 99.5 % point, as in the designs. What is found is certain, since it is shown with its
 * numbers; what isn't found may still be there.
 */
#include <assert.h>
#include <string.h>

#include "base/job.h"
#include "game/secret.h"
#include "study/draw.h"
#include "study/judge.h"

static const uint64_t SEED = 1;
enum { DRAWN = 1000, MOST_CORNERED = 10 };

typedef struct search {
    dt_arena *arena;
    const dt_model *model;
    const dt_options *options;
    dt_game *const *games;
    size_t count;
    const double *parameters; /* [params] */
    const bool *held;         /* [params] */
    dt_draws *draws;
    dt_judge *judge;
    double *low, *high, *centre; /* [params] the box of the game that is searched */
    dt_safety *safety;
} search;

/* ---- searching --------------------------------------------------------------------------------- */

static double quantile(const search *s, int param, double share)
{
    return dt_quantile_at(dt_draws_quantile(s->draws, (size_t)param), (dt_share){share, 1 - share});
}

/* Corners and centre of a game's box. */
static void place_corners(const search *s, const dt_game *game)
{
    const double END_OF_RISK = 0.005;
    for (int i = 0; i < s->model->params; i++) {
        const dt_param *param = &s->model->param[i];
        if (s->held[i]) {
            s->low[i] = s->high[i] = s->centre[i] = s->parameters[i];
        } else if (param->uncertainty == DT_RISK) {
            s->low[i] = quantile(s, i, END_OF_RISK);
            s->high[i] = quantile(s, i, 1 - END_OF_RISK);
            s->centre[i] = quantile(s, i, 0.5);
        } else {
            s->low[i] = param->least;
            s->high[i] = param->most;
            s->centre[i] =
                param->values ? param->list[param->values / 2] : param->least / 2 + param->most / 2;
        }
    }
    dt_game_settings(game, s->low);
    dt_game_settings(game, s->high);
    dt_game_settings(game, s->centre);
}

/* Parameters one after the other to the end of their range at which the number is larger (smaller, if
 * not `up`): this finds the corner where the number is largest, if it rises or falls with each. */
static void climb(const search *s, dt_judged *g, size_t h, bool up)
{
    const dt_judgement *f = &g->found[h];
    const uint32_t since = g->hazard.at[h].since;
    double *world = g->world;
    memcpy(world, s->centre, (size_t)s->model->params * sizeof *world);
    for (size_t i = 0; i < f->cone.parameter.count; i++) {
        const uint32_t p = f->cone.parameter.at[i];
        world[p] = s->low[p];
        const double at_low = dt_cone_evaluate(g->game, &f->cone, world, since, g->value);
        dt_judge_number(s->judge, g, h, world);
        world[p] = s->high[p];
        const double at_high = dt_cone_evaluate(g->game, &f->cone, world, since, g->value);
        dt_judge_number(s->judge, g, h, world);
        if (up ? at_low > at_high : at_low < at_high)
            world[p] = s->low[p];
    }
}

static void search_corners(const search *s, dt_judged *g, size_t h)
{
    const dt_judgement *f = &g->found[h];
    uint32_t vary[MOST_CORNERED];
    size_t varied = 0;
    dt_judge_number(s->judge, g, h, s->centre);
    for (size_t i = 0; i < f->cone.parameter.count; i++) {
        const uint32_t p = f->cone.parameter.at[i];
        if (s->low[p] < s->high[p] && varied++ < MOST_CORNERED)
            vary[varied - 1] = p;
    }
    if (varied > MOST_CORNERED) {
        climb(s, g, h, true);
        climb(s, g, h, false);
        return;
    }
    memcpy(g->world, s->centre, (size_t)s->model->params * sizeof *g->world);
    for (uint32_t corner = 0; corner < 1u << varied; corner++) {
        for (size_t i = 0; i < varied; i++)
            g->world[vary[i]] = corner >> i & 1 ? s->high[vary[i]] : s->low[vary[i]];
        dt_judge_number(s->judge, g, h, g->world);
    }
}

static bool same_place(const dt_hazard *a, const dt_hazard *b)
{
    return a->kind == b->kind && a->place.offset == b->place.offset &&
           a->place.length == b->place.length && a->item == b->item;
}

/* The state in which a number is wrong, if there are others in which it is another number. */
static const char *state_of(const dt_judge *j, const dt_judged *g, const dt_hazard *hazard)
{
    size_t alike = 0;
    for (size_t h = 0; h < g->hazard.count; h++)
        alike += same_place(&g->hazard.at[h], hazard);
    const uint32_t place = dt_hazard_place(g->game, hazard);
    if (alike < 2 || place == DT_NOWHERE)
        return NULL;
    dt_text state = {.arena = j->arena};
    dt_text_print(&state, "in the state ");
    dt_game_describe(g->game, place, &state);
    if (hazard->type != DT_NOWHERE) {
        dt_text_print(&state, ", if ");
        dt_type_print(g->game, hazard->type, hazard->coefficient, &state);
    }
    dt_text_print(&state, "\nreached by\n");
    dt_game_way(g->game, place, &state);
    return dt_text_get(&state);
}

/* Warns of a number at its worst among all that stand at one place, in all games. */
static void warn_at(const dt_judge *j, dt_diagnostics *diagnostics, const dt_hazard *at)
{
    dt_judged *worst = NULL;
    size_t hazard = 0, under = 0;
    uint64_t wrong = 0;
    for (size_t c = 0; c < j->count; c++) {
        dt_judged *g = &j->of[c];
        bool here = false;
        for (size_t h = 0; h < g->hazard.count; h++) {
            if (g->found[h].excess == 0 || !same_place(&g->hazard.at[h], at))
                continue;
            here = true;
            wrong = g->found[h].wrong > wrong ? g->found[h].wrong : wrong;
            if (!worst || g->found[h].excess > worst->found[hazard].excess) {
                worst = g;
                hazard = h;
            }
        }
        under += here;
    }
    assert(worst);
    dt_text text = {.arena = j->arena}, more = {.arena = j->arena};
    dt_judge_print(j, worst, hazard, &text);
    if (under < j->count)
        dt_text_print(&more, ", under %s", worst->game->rules->under);
    if (wrong == DRAWN)
        dt_text_print(&more, "; so in every world drawn");
    else if (wrong)
        dt_text_print(&more, "; so in about %llu of 1,000 worlds",
                      (unsigned long long)(wrong * 1000 / DRAWN));
    else
        dt_text_print(&more, "; in none of 1,000 worlds drawn");
    dt_complain_more(diagnostics, DT_UNSAFE_RANGE, at->place, NULL,
                     state_of(j, worst, &worst->hazard.at[hazard]), dt_text_get(&text),
                     dt_text_get(&more));
}

/* ---- over the ranges --------------------------------------------------------------------------- */

static void make_ranges(const search *s, dt_interval *range)
{
    for (int i = 0; i < s->model->params; i++) {
        const dt_param *param = &s->model->param[i];
        if (s->held[i])
            range[i] = dt_interval_point(s->parameters[i]);
        else if (param->uncertainty == DT_FIXED)
            range[i] = dt_interval_point(param->value);
        else
            range[i] = (dt_interval){dt_draws_quantile(s->draws, (size_t)i)->low,
                                     dt_draws_quantile(s->draws, (size_t)i)->high, false};
    }
}

static void draw(const search *s)
{
    double *world = dt_new(s->arena, double, (size_t)s->model->params);
    for (uint64_t w = 0; w < DRAWN; w++) {
        dt_draws_world(s->draws, SEED, w, world);
        for (int i = 0; i < s->model->params; i++)
            world[i] = s->held[i] ? s->parameters[i] : world[i];
        s->safety->lost += dt_judge_world(s->judge, world);
    }
    s->safety->drawn = DRAWN;
}

static void count(const search *s)
{
    for (size_t c = 0; c < s->count; c++) {
        const dt_judged *g = &s->judge->of[c];
        s->safety->numbers += g->hazard.count;
        for (size_t h = 0; h < g->hazard.count; h++) {
            s->safety->proved += g->found[h].proved;
            s->safety->found += g->found[h].excess > 0;
        }
    }
    assert(s->safety->proved + s->safety->found <= s->safety->numbers);
    s->safety->open = s->safety->numbers - s->safety->proved - s->safety->found;
}

/* Whether hazard `h` of game `c` stands where one stood that was told before it. */
static bool is_told(const dt_judge *j, size_t c, size_t h)
{
    for (size_t b = 0; b <= c; b++) {
        const dt_judged *before = &j->of[b];
        for (size_t k = 0; k < (b < c ? before->hazard.count : h); k++) {
            if (before->found[k].excess > 0 &&
                same_place(&before->hazard.at[k], &j->of[c].hazard.at[h]))
                return true;
        }
    }
    return false;
}

static void tell(const search *s)
{
    dt_diagnostics *diagnostics = dt_diagnostics_new(s->arena, s->options, &s->model->source);
    for (size_t c = 0; c < s->count; c++) {
        const dt_judged *g = &s->judge->of[c];
        for (size_t h = 0; h < g->hazard.count; h++) {
            if (g->found[h].excess > 0 && !is_told(s->judge, c, h))
                warn_at(s->judge, diagnostics, &g->hazard.at[h]);
        }
    }
    dt_diagnostics_flush(diagnostics);
}

static dt_status check_ranges(dt_arena *arena, void *argument)
{
    search *s = argument;
    s->arena = arena;
    const size_t params = (size_t)s->model->params;
    dt_interval *range = dt_new(s->arena, dt_interval, params);
    make_ranges(s, range);
    s->judge = dt_judge_new(s->arena, s->games, s->count, range);
    s->low = dt_new(s->arena, double, params);
    s->high = dt_new(s->arena, double, params);
    s->centre = dt_new(s->arena, double, params);
    bool all = true;
    for (size_t c = 0; c < s->count; c++) {
        dt_judged *g = &s->judge->of[c];
        place_corners(s, g->game);
        for (size_t h = 0; h < g->hazard.count; h++) {
            if (!g->found[h].proved)
                search_corners(s, g, h);
            all &= g->found[h].proved;
        }
    }
    if (!all)
        draw(s);
    count(s);
    tell(s);
    return DT_OK;
}

dt_status dt_games_check_ranges(dt_game *const *games, size_t count, const double *parameters,
                                const bool *held, const dt_options *options, dt_safety *safety)
{
    if (safety)
        *safety = (dt_safety){0};
    const bool right = count == 0 || (dt_games_are_one_models(games, count) &&
                                      (games[0]->model->params == 0 || (parameters && held)));
    if (!safety || !right)
        return dt_refuse_call(options, "dt_games_check_ranges",
                              "games that aren't there, or of several models, or no numbers");
    if (count == 0)
        return DT_OK;
    search s = {.model = games[0]->model,
                .options = options,
                .games = games,
                .count = count,
                .parameters = parameters,
                .held = held,
                .safety = safety};
    dt_status status = dt_draws_prepare(s.model, options, &s.draws);
    if (status != DT_OK)
        return status;
    status = dt_job(options, check_ranges, &s);
    dt_draws_free(s.draws);
    return status;
}
