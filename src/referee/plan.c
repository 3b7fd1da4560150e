/*
 * What the referee has to solve, and the room for what that finds: the plays, the lookaheads, the numbers that are moved and
 * between which ends, the worlds, and the bundles that are taken apart. Everything is counted before anything is begun.
 */
#include <math.h>
#include <string.h>

#include "referee/referee.h"
#include "study/draw.h"

/* ---- what there is ------------------------------------------------------------------------------- */

static bool same_withs(const dt_expect *a, const dt_expect *b)
{
    bool same = a->withs == b->withs;
    for (int i = 0; same && i < a->withs; i++)
        same = a->with[i].parameter == b->with[i].parameter && a->with[i].value == b->with[i].value;
    return same;
}

static void add_play(dt_refereeing *r, int policy, const dt_expect *with)
{
    for (size_t i = 0; i < r->play.count && with->withs > 0; i++) {
        const dt_referee_play *known = &r->play.at[i];
        if (known->policy == policy && known->with && same_withs(known->with, with))
            return;
    }
    if (with->withs > 0)
        dt_push(r->arena, &r->play, ((dt_referee_play){policy, with}));
}

/* The policies that a condition speaks of, where it names none `policy`. */
static void add_plays(dt_refereeing *r, const dt_expect *expect, const dt_condition *condition,
                      int policy)
{
    if (condition->op == DT_OP_SLOT)
        add_play(r, condition->policy == DT_NONE ? policy : condition->policy, expect);
    for (int i = 0; condition->op != DT_OP_SLOT && i < dt_operands[condition->op]; i++)
        add_plays(r, expect, condition->operand[i], policy);
}

static void plan_plays(dt_refereeing *r)
{
    for (size_t p = 0; p < r->policies; p++)
        dt_push(r->arena, &r->play, ((dt_referee_play){(int)p, NULL}));
    for (int e = 0; e < r->model->expects; e++) {
        const dt_expect *expect = &r->model->expect[e];
        for (size_t p = 0; p < r->policies && expect->withs > 0; p++) {
            if (expect->policy == DT_NONE || expect->policy == (int)p)
                add_plays(r, expect, expect->condition, (int)p);
        }
    }
}

/* The lookahead doubled, fourfold, and forever; of none or play forever, counted from the horizon. */
static void plan_lookaheads(dt_refereeing *r)
{
    const int own = r->model->lookahead, from = own > 0 ? own : r->model->horizon;
    const double wanted[] = {own > 0 ? dt_threshold_of(DT_THRESHOLD_FARTHER) * from : from,
                             dt_threshold_of(DT_THRESHOLD_FARTHEST) * from};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (wanted[i] <= DT_MAX_HORIZON)
            r->lookahead[r->lookaheads++] = (int)wanted[i];
    }
    if (own != DT_FOREVER)
        r->lookahead[r->lookaheads++] = DT_FOREVER;
}

/* Which numbers are moved. */
static void plan_numbers(dt_refereeing *r)
{
    const size_t params = (size_t)r->model->params;
    r->vary = dt_new(r->arena, size_t, params + r->how->varied);
    for (size_t i = 0; i < (r->how->varied ? r->how->varied : params); i++) {
        const size_t p = r->how->varied ? r->how->vary[i] : i;
        if (r->model->param[p].uncertainty != DT_FIXED && !r->held[p])
            r->vary[r->varied++] = p;
    }
}

void dt_referee_plan(dt_refereeing *r)
{
    plan_plays(r);
    plan_lookaheads(r);
    plan_numbers(r);
    dt_referee_plan_bundles(r);
}

/* Whether what a play is in the worlds is given, and needn't be solved. */
bool dt_referee_is_given(const dt_refereeing *r, size_t play)
{
    const dt_referee_play *at = &r->play.at[play];
    return r->how->given && r->how->given[at->policy] && !at->with && r->outcomes == r->declared;
}

size_t dt_referee_solves(const dt_refereeing *r)
{
    size_t solves = r->play.count * (2 + r->lookaheads) + r->policies * (1 + 2 * r->varied);
    for (size_t i = 0; i < r->play.count; i++)
        solves += dt_referee_is_given(r, i) ? 0 : r->worlds;
    for (size_t i = 0; i < r->bundle.count; i++)
        solves += r->bundle.at[i].cells;
    return solves + dt_referee_starts(r);
}

size_t dt_referee_starts(const dt_refereeing *r)
{
    const size_t each =
        r->how->starts ? (size_t)r->how->starts : (size_t)dt_threshold_of(DT_THRESHOLD_STARTS);
    return r->model->lookahead == DT_FOREVER ? r->policies * each : 0;
}

/* ---- numbers and worlds -------------------------------------------------------------------------- */

static double *unknown(dt_arena *arena, size_t count)
{
    double *number = dt_new(arena, double, count);
    for (size_t i = 0; i < count; i++)
        number[i] = (double)NAN;
    return number;
}

dt_status dt_referee_worlds(dt_refereeing *r)
{
    const size_t params = (size_t)r->model->params;
    const double end = dt_threshold_of(DT_THRESHOLD_END);
    dt_draws *draws;
    const dt_status status = dt_draws_prepare(r->model, r->options, &draws);
    if (status != DT_OK)
        return status;
    for (size_t w = 0; w < r->worlds; w++) {
        double *world = r->drawn_world + w * params;
        if (r->how->drawn) {
            memcpy(world, r->how->drawn + w * params, params * sizeof *world);
            continue;
        }
        dt_draws_world(draws, r->how->seed ? r->how->seed : 1, w, world);
        for (size_t p = 0; p < params; p++)
            world[p] = r->held[p] ? r->world[p] : world[p];
    }
    for (size_t p = 0; p < params; p++) {
        const dt_param *param = &r->model->param[p];
        r->low[p] = param->least;
        r->high[p] = param->most;
        if (param->uncertainty != DT_RISK)
            continue;
        const dt_quantile *quantile = dt_draws_quantile(draws, p);
        r->low[p] = dt_quantile_at(quantile, (dt_share){end, 1 - end});
        r->high[p] = dt_quantile_at(quantile, (dt_share){1 - end, end});
    }
    dt_draws_free(draws);
    return DT_OK;
}

void dt_referee_room(dt_refereeing *r)
{
    const size_t params = (size_t)r->model->params;
    const size_t prizes = (size_t)r->model->ends * (size_t)r->model->actors;
    r->low = dt_new(r->arena, double, params);
    r->high = dt_new(r->arena, double, params);
    r->drawn_world = dt_take(r->arena, r->worlds, params * sizeof(double));
    for (size_t v = 0; v < DT_VARIANTS; v++)
        r->number[v] = unknown(r->arena, r->play.count * r->outcomes);
    r->drawn = unknown(r->arena, r->play.count * r->outcomes * r->worlds);
    r->moved = unknown(r->arena, r->policies * 2 * r->varied * r->declared);
    r->prize = unknown(r->arena, r->policies * prizes);
    r->others = unknown(r->arena, r->policies * dt_others_width(r));
    r->unpaid = unknown(r->arena, r->policies * (size_t)r->model->terms);
    r->taken = dt_new(r->arena, dt_taken, r->policies);
    r->precise = dt_new(r->arena, dt_taken, r->policies);
    for (size_t p = 0; p < r->policies; p++) {
        r->taken[p] = dt_taken_new(r);
        r->precise[p] = dt_taken_new(r);
    }
    for (size_t i = 0; i < r->bundle.count; i++) {
        dt_referee_bundle *bundle = &r->bundle.at[i];
        bundle->outcome = unknown(r->arena, bundle->cells * r->declared);
        bundle->mechanical = unknown(r->arena, r->declared);
        bundle->spare = unknown(r->arena, r->declared + 1);
    }
}
