/*
 * All that the referee solves. A task is a policy with one lookahead: its game is explored once, and solved
 * for every number that the objections want of it. Tasks are done side by side; what each finds stands in its own
 * place, so that nothing depends on the order. What isn't solved is NaN.
 */
#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/job.h"
#include "base/threads.h"
#include "referee/referee.h"
#include "study/draw.h"
#include "trace/ensemble.h"
#include "trace/outcomes.h"

typedef struct solving {
    dt_refereeing *r;
    size_t tasks, solves;
    unsigned char *status; /* [tasks] dt_status */
    _Atomic size_t done;   /* solutions */
    _Atomic bool stopped;
} solving;

/* One task, by one thread. */
typedef struct one {
    solving *all;
    size_t policy, lookahead; /* r->lookaheads: the model's own */
    dt_options options;
    const dt_game *game;
    double *world; /* [params] work space */
} one;

/* ---- what there is to solve ---------------------------------------------------------------------- */

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
    const int64_t wanted[] = {own > 0 ? 2 * (int64_t)from : from,
                              own > 0 ? 4 * (int64_t)from : 4 * (int64_t)from};
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
}

size_t dt_referee_solves(const dt_refereeing *r)
{
    return r->play.count * (2 + r->lookaheads + r->worlds) + r->policies * (1 + 2 * r->varied);
}

/* ---- one task ------------------------------------------------------------------------------------ */

/* The numbers of a play in a world: the policy's settings, then what the expectation gives. */
static void settle(const one *o, const dt_referee_play *play, const double *from, double *world)
{
    memcpy(world, from, (size_t)o->game->model->params * sizeof *world);
    dt_game_settings(o->game, world);
    for (int i = 0; play->with && i < play->with->withs; i++)
        world[play->with->with[i].parameter] = play->with->with[i].value;
}

typedef struct forwarding {
    const one *o;
    const dt_solution *solution;
    double *number; /* [outcomes] */
} forwarding;

static dt_status work_out(dt_arena *arena, void *argument)
{
    const forwarding *f = argument;
    const dt_outcomes *found = dt_outcomes_forward(arena, f->solution, &f->o->options);
    for (size_t i = 0; i < f->o->all->r->outcomes; i++) {
        const bool known = found->broken[i] == DT_NOWHERE && isfinite(found->value[i]);
        f->number[i] = known ? found->value[i] : (double)NAN;
    }
    return DT_OK;
}

/* What a play is in the nominal world, and what is done under it. NaN where it isn't solved. */
static dt_status solve_one(one *o, const dt_referee_play *play, double *number, dt_taken *taken,
                           bool prizes)
{
    dt_refereeing *r = o->all->r;
    dt_solution *solution = NULL;
    settle(o, play, r->world, o->world);
    dt_status status = dt_solve_values(o->game, o->world, r->how->values, &o->options, &solution);
    if (status == DT_OK && number)
        status = dt_job(&o->options, work_out, &(forwarding){o, solution, number});
    if (status == DT_OK && taken)
        status = dt_taken_add(r, solution, &o->options, taken);
    if (status == DT_OK && prizes && r->model->ends > 0)
        status = dt_solution_prizes(solution, &o->options,
                                    r->prize + o->policy * (size_t)r->model->ends *
                                                   (size_t)r->model->actors,
                                    &r->prizes[o->policy]);
    dt_solution_free(solution);
    o->all->done++;
    return status == DT_NO || status == DT_INVALID ? DT_OK : status; /* it stays NaN */
}

/* A play in many worlds [worlds][params], settled: outcome o of world w to number[o][w], o < outcomes. */
static dt_status solve_many(one *o, const double *worlds, size_t count, size_t outcomes,
                            double *number)
{
    dt_ensemble *ensemble;
    const dt_status status = dt_ensemble_expected(o->game, worlds, count, o->all->r->how->values,
                                                  &o->options, &ensemble);
    for (size_t w = 0; w < count && status == DT_OK; w++) {
        const dt_world_result result = dt_ensemble_world(ensemble, w);
        for (size_t i = 0; i < outcomes && result.status == DT_OK; i++)
            number[i * count + w] = result.outcome[i];
    }
    if (status == DT_OK)
        dt_ensemble_free(ensemble);
    o->all->done += count;
    return status == DT_INVALID ? DT_OK : status; /* they stay NaN */
}

static dt_status solve_drawn(one *o, dt_arena *arena, size_t index)
{
    const dt_refereeing *r = o->all->r;
    const size_t params = (size_t)r->model->params;
    double *worlds = dt_take(arena, r->worlds, params * sizeof *worlds);
    for (size_t w = 0; w < r->worlds; w++)
        settle(o, &r->play.at[index], r->drawn_world + w * params, worlds + w * params);
    return solve_many(o, worlds, r->worlds, r->outcomes,
                      r->drawn + index * r->outcomes * r->worlds);
}

/* Every number at both ends of its range, if the policy doesn't set it. */
static dt_status solve_moved(one *o, dt_arena *arena)
{
    const dt_refereeing *r = o->all->r;
    const size_t params = (size_t)r->model->params, count = 2 * r->varied;
    double *worlds = dt_take(arena, count, params * sizeof *worlds);
    double *number = dt_take(arena, r->outcomes, count * sizeof *number);
    for (size_t i = 0; i < r->outcomes * count; i++)
        number[i] = (double)NAN;
    for (size_t i = 0; i < count; i++) {
        double *world = worlds + i * params;
        const size_t p = r->vary[i / 2];
        memcpy(world, r->world, params * sizeof *world);
        world[p] = i % 2 ? r->high[p] : r->low[p];
        dt_game_settings(o->game, world);
    }
    const dt_status status = count ? solve_many(o, worlds, count, r->outcomes, number) : DT_OK;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < r->declared; k++)
            r->moved[(o->policy * count + i) * r->declared + k] = number[k * count + i];
    }
    return status;
}

static dt_status solve_own(one *o, dt_arena *arena)
{
    dt_refereeing *r = o->all->r;
    dt_status status = DT_OK;
    for (size_t i = 0; i < r->play.count && status == DT_OK; i++) {
        const dt_referee_play *play = &r->play.at[i];
        const bool plain = !play->with;
        if (play->policy != (int)o->policy)
            continue;
        status = solve_one(o, play, r->number[DT_VARIANT_NOMINAL] + i * r->outcomes,
                           plain ? &r->taken[o->policy] : NULL, plain);
        o->options.chance_alone = true;
        if (status == DT_OK)
            status =
                solve_one(o, play, r->number[DT_VARIANT_CHANCE] + i * r->outcomes, NULL, false);
        o->options.chance_alone = false;
        o->options.rationality_scale = DT_FIVE_TIMES;
        if (status == DT_OK && plain)
            status = solve_one(o, play, NULL, &r->precise[o->policy], false);
        o->options.rationality_scale = 0;
        if (status == DT_OK)
            status = solve_drawn(o, arena, i);
    }
    return status == DT_OK ? solve_moved(o, arena) : status;
}

static dt_status solve_other(one *o)
{
    dt_refereeing *r = o->all->r;
    dt_status status = DT_OK;
    for (size_t i = 0; i < r->play.count && status == DT_OK; i++) {
        double *number = r->number[DT_VARIANT_LOOKAHEAD + o->lookahead] + i * r->outcomes;
        if (r->play.at[i].policy == (int)o->policy)
            status = solve_one(o, &r->play.at[i], number, NULL, false);
    }
    return status;
}

static dt_status solve_task(dt_arena *arena, void *argument)
{
    one *o = argument;
    const dt_refereeing *r = o->all->r;
    dt_game *game = NULL;
    o->world = dt_new(arena, double, (size_t)r->model->params);
    o->options.other_lookahead = o->lookahead < r->lookaheads;
    o->options.lookahead = o->options.other_lookahead ? r->lookahead[o->lookahead] : 0;
    dt_status status = dt_game_explore(r->model, o->policy, &o->options, &game);
    o->game = game;
    if (status == DT_INVALID && o->options.other_lookahead)
        return DT_OK; /* what reads the calendar can't be played forever: it stays NaN */
    if (status == DT_OK)
        status = o->lookahead < r->lookaheads ? solve_other(o) : solve_own(o, arena);
    dt_game_free(game);
    return status;
}

/* ---- all of them --------------------------------------------------------------------------------- */

static bool tell_progress(void *context, const char *activity, double done)
{
    solving *all = context;
    const dt_options *options = all->r->options;
    (void)activity;
    (void)done;
    if (!all->stopped &&
        !options->progress(options->progress_context, "solving what the referee asks for",
                           (double)all->done / (double)all->solves))
        all->stopped = true;
    return !all->stopped;
}

/* Ends the work of the other threads when one was told to stop. */
static bool go_on(void *context, const char *activity, double done)
{
    const solving *all = context;
    (void)activity;
    (void)done;
    return !all->stopped;
}

static bool do_task(void *context, int worker, size_t task)
{
    solving *all = context;
    const dt_refereeing *r = all->r;
    one o = {.all = all,
             .policy = task % r->policies,
             .lookahead = r->lookaheads - task / r->policies, /* the longest work first */
             .options = *r->options};
    o.options.report = NULL;
    o.options.jobs = 1;
    o.options.progress = worker == 0 && r->options->progress ? tell_progress : go_on;
    o.options.progress_context = all;
    all->status[task] = (unsigned char)dt_job(&o.options, solve_task, &o);
    return all->status[task] == DT_OK && !all->stopped;
}

/* Tells why a task failed: its game alone is explored again. */
static dt_status tell_failure(const solving *all, size_t task)
{
    dt_game *game = NULL;
    const dt_status failed = (dt_status)all->status[task];
    const dt_status again =
        dt_game_explore(all->r->model, task % all->r->policies, all->r->options, &game);
    dt_game_free(game);
    if (again == DT_OK && failed == DT_LIMIT)
        dt_report_limit(all->r->options, all->stopped ? "interrupted while solving"
                                                      : "the memory limit was reached");
    return again == DT_OK ? failed : again;
}

static double *unknown(dt_arena *arena, size_t count)
{
    double *number = dt_new(arena, double, count);
    for (size_t i = 0; i < count; i++)
        number[i] = (double)NAN;
    return number;
}

static dt_status make_worlds(dt_refereeing *r)
{
    const size_t params = (size_t)r->model->params;
    const double END_OF_RISK = 0.005;
    dt_draws *draws;
    const dt_status status = dt_draws_prepare(r->model, r->options, &draws);
    if (status != DT_OK)
        return status;
    for (size_t w = 0; w < r->worlds; w++) {
        double *world = r->drawn_world + w * params;
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
        r->low[p] = dt_quantile_at(quantile, (dt_share){END_OF_RISK, 1 - END_OF_RISK});
        r->high[p] = dt_quantile_at(quantile, (dt_share){1 - END_OF_RISK, END_OF_RISK});
    }
    dt_draws_free(draws);
    return DT_OK;
}

static void make_room(dt_refereeing *r)
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
    r->prize = dt_new(r->arena, dt_prize, r->policies * prizes);
    r->prizes = dt_new(r->arena, size_t, r->policies);
    r->taken = dt_new(r->arena, dt_taken, r->policies);
    r->precise = dt_new(r->arena, dt_taken, r->policies);
    for (size_t p = 0; p < r->policies; p++) {
        r->taken[p] = dt_taken_new(r);
        r->precise[p] = dt_taken_new(r);
    }
}

dt_status dt_referee_solve(dt_refereeing *r)
{
    make_room(r);
    const dt_status drawn = make_worlds(r);
    if (drawn != DT_OK)
        return drawn;
    solving all = {
        .r = r, .tasks = r->policies * (1 + r->lookaheads), .solves = dt_referee_solves(r)};
    all.status = dt_new(r->arena, unsigned char, all.tasks);
    const int jobs = r->options->jobs < 1             ? 1
                     : r->options->jobs > DT_MAX_JOBS ? DT_MAX_JOBS
                                                      : r->options->jobs;
    dt_threads_run(jobs, all.tasks, do_task, &all);
    for (size_t t = 0; t < all.tasks; t++) {
        if (all.status[t] != DT_OK)
            return tell_failure(&all, t);
    }
    r->solved = all.done;
    return DT_OK;
}
