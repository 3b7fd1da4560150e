/*
 * Plans and work of games with private variables: the columns, the packs of points, and the sweeps over
 * periods. Backward induction and play forever are those of public games (backward.c, forever.c) but for
 * one thing: every stage is done for all packs before the next, as points mix.
 *
 * Play forever repeats the sweep from zero values until changes are small enough, and is not accelerated.
 * Gaps then go on along the strategies found, from the values of playing along.
 */
#include "solve/private.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"
#include "base/threads.h"
#include "solve/sweep.h"

static const double CLOSE = 1e-12, GAPS_CLOSE = 1e-13;

/* ---- the plan -------------------------------------------------------------------------------- */

/* One column, or one for each value of what is known; the first ones of all stand together. */
static int *take_columns(dt_arena *arena, dt_private_plan *plan, dt_column_kind kind, int actor,
                         int agent, size_t first, size_t *more)
{
    const int x = kind == DT_COLUMN_VALUE ? plan->beliefs->owned[actor]
                                          : plan->beliefs->agent_variable[agent];
    const int values = x < 0 ? 1 : plan->beliefs->grid[x]->values;
    int *column = dt_new(arena, int, (size_t)values);
    for (int k = 0; k < values; k++) {
        const size_t at = k == 0 ? first : (*more)++;
        column[k] = (int)at;
        plan->column[at] = (dt_private_column){kind, actor, agent, x, k};
    }
    return column;
}

/* Lays out the columns of one kind for `count` actors or agents from `first` on; returns where they end. */
static size_t lay_out(dt_arena *arena, dt_private_plan *plan, dt_column_kind kind, int count,
                      size_t first, int ***columns)
{
    const dt_rules *rules = plan->game->rules;
    size_t more = first + (size_t)count;
    *columns = dt_new(arena, int *, (size_t)count);
    for (int i = 0; i < count; i++) {
        const bool value = kind == DT_COLUMN_VALUE;
        (*columns)[i] = take_columns(arena, plan, kind, value ? i : -1,
                                     value ? rules->actor_agent[i] : i, first + (size_t)i, &more);
    }
    return more;
}

static void plan_columns(dt_arena *arena, dt_private_plan *plan)
{
    const dt_rules *rules = plan->game->rules;
    const dt_beliefs *beliefs = plan->beliefs;
    dt_group_plan *group = plan->group;
    size_t most = (size_t)plan->game->model->actors + 2 * (size_t)rules->agents;
    for (size_t x = 0; x < beliefs->variables; x++)
        most += 3 * (size_t)beliefs->grid[x]->values;
    plan->column = dt_new(arena, dt_private_column, most);
    group->actors =
        lay_out(arena, plan, DT_COLUMN_VALUE, plan->game->model->actors, 0, &plan->value_column);
    group->best = group->along = group->columns = group->actors;
    if (plan->gaps) {
        group->along = group->columns =
            lay_out(arena, plan, DT_COLUMN_BEST, rules->agents, group->best, &plan->best_column);
        if (plan->values == DT_VALUES_SURPLUS)
            group->columns = lay_out(arena, plan, DT_COLUMN_ALONG, rules->agents, group->along,
                                     &plan->along_column);
    }
    assert(group->columns <= most);
    group->paid = group->columns;
    group->column_paid = dt_new(arena, int, group->columns);
    for (size_t c = 0; c < group->columns; c++)
        group->column_paid[c] = (int)c;
}

/* Where nodes have their strategies. */
static void plan_options(dt_arena *arena, dt_private_plan *plan)
{
    const dt_places *places = plan->places;
    uint64_t options = 0;
    for (uint32_t n = 0; n < places->nodes; n++) {
        const dt_menu *menu = &plan->game->menu[places->menu[n]];
        places->option[n] = (uint32_t)options;
        for (int k = 0; k < menu->agents; k++)
            options += (uint64_t)(dt_typed_values(plan->beliefs, menu, k) * menu->options[k]);
        if (options > UINT32_MAX)
            dt_refuse(arena, "there are more strategies than can be numbered");
    }
    plan->group->options = options;
}

static void plan_rows(dt_arena *arena, dt_private_plan *plan)
{
    const dt_game *game = plan->game;
    plan->row_typed = dt_new(arena, uint8_t, game->rows);
    for (uint32_t r = 0; r < game->rows; r++) {
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && game->row_pays[r]; e++)
            plan->row_typed[r] |= game->is_typed && game->is_typed[game->row_coefficient[e]];
    }
}

static void plan_stages(dt_arena *arena, dt_private_plan *plan)
{
    const dt_places *places = plan->places;
    plan->stage_secret = dt_new(arena, int, places->stages);
    plan->mixes = dt_new(arena, uint8_t, places->stages);
    plan->node_mixes = dt_new(arena, uint8_t, places->nodes);
    for (uint32_t s = 0; s < places->stages; s++) {
        plan->stage_secret[s] = dt_stage_secret(plan->game, (int)s);
    }
    for (uint32_t s = 0; s < places->stages; s++) {
        for (uint32_t n = places->stage_first[s]; n < places->stage_first[s + 1]; n++) {
            plan->node_mixes[n] = dt_private_mixes(plan, places->node[n]);
            plan->mixes[s] |= plan->node_mixes[n];
            if (plan->node_mixes[n])
                dt_private_measure(plan, places->node[n]);
        }
    }
    plan->sigma_room = (size_t)plan->size.options * (size_t)(plan->size.values + 1);
}

dt_private_plan *dt_private_plan_new(dt_arena *arena, const dt_game *game, dt_values values,
                                     bool gaps, double scale, bool half)
{
    dt_private_plan *plan = dt_new(arena, dt_private_plan, 1);
    plan->game = game;
    plan->values = values;
    plan->gaps = gaps;
    plan->scale = scale;
    plan->beliefs = dt_beliefs_new(arena, game, half);
    plan->packs = (plan->beliefs->points - 1) / DT_WORLDS + 1;
    plan->group = dt_group_plan_new(arena, game, values, false, scale, DT_WORLDS);
    plan->group->gaps = gaps;
    plan->group->accelerate = false;
    plan->places = plan->group->places;
    plan_columns(arena, plan);
    plan_options(arena, plan);
    plan_rows(arena, plan);
    plan_stages(arena, plan);
    return plan;
}

/* ---- the work -------------------------------------------------------------------------------- */

static double steep_numbers(const dt_private_plan *plan)
{
    return ((double)plan->places->nodes + plan->places->leaves) * (double)plan->group->columns *
           (double)plan->beliefs->variables * 2;
}

/* Periods of which strategies are kept: those past the horizon, which nothing asks for but the periods before them, share the
 * place behind it. */
static uint32_t kept_of(const dt_game *game, dt_keep keep)
{
    assert(keep == DT_KEEP_ALL || keep == DT_KEEP_HORIZON || keep == DT_KEEP_LAST);
    const uint32_t periods = game->forever ? 1 : game->periods;
    const uint32_t most = keep == DT_KEEP_ALL       ? periods
                          : keep == DT_KEEP_HORIZON ? game->horizon + 1
                                                    : 1;
    return periods < most ? periods : most;
}

double dt_private_bytes(const dt_private_plan *plan, dt_keep keep, int jobs)
{
    const dt_game *game = plan->game;
    return (double)plan->packs *
               (dt_group_bytes(plan->group, DT_KEEP_ALL, jobs) +
                kept_of(game, keep) * (double)plan->group->options * DT_WORLDS * sizeof(double)) +
           dt_world_bytes(game, plan->beliefs->types) + dt_world_bytes(game, DT_WORLDS) +
           8 * steep_numbers(plan) + 4.0 * ((double)plan->places->nodes + plan->places->leaves) +
           jobs * dt_private_space_bytes(plan);
}

dt_private *dt_private_new(dt_arena *arena, const dt_private_plan *plan, const dt_lane_code *code,
                           dt_keep keep, int jobs)
{
    const dt_game *game = plan->game;
    const uint32_t kept = kept_of(game, keep);
    const size_t places = (size_t)plan->places->nodes + plan->places->leaves;
    dt_private *work = dt_new(arena, dt_private, 1);
    work->plan = plan;
    work->code = code;
    work->jobs = jobs;
    work->typed = dt_beliefs_world(arena, plan->beliefs);
    work->world = dt_world_new(arena, game, DT_WORLDS);
    for (size_t x = 0; x < plan->beliefs->variables; x++) {
        for (size_t s = 0; s < DT_WORLDS; s++)
            work->world->secret[x * DT_WORLDS + s] =
                game->model->variable[game->secret_variable[x]].low;
    }
    const size_t options = plan->group->options;
    work->strategy = (dt_typed_strategy){
        .beliefs = plan->beliefs,
        .periods = game->forever ? 1 : game->periods,
        .kept = kept,
        .options = options,
        .node_option = dt_new(arena, uint32_t, game->nodes),
        .probability = dt_new_worlds(arena, plan->packs * kept * options),
    };
    for (uint32_t n = 0; n < game->nodes; n++)
        work->strategy.node_option[n] = plan->places->option[plan->places->place[n]];
    work->pack = dt_new(arena, dt_group *, plan->packs);
    work->value = dt_new(arena, const double *, plan->packs);
    for (size_t b = 0; b < plan->packs; b++) {
        work->pack[b] = dt_group_new(arena, plan->group, code, work->world, DT_KEEP_ALL, jobs,
                                     dt_typed_of(&work->strategy, 0, (uint32_t)(b * DT_POINTS)));
        work->value[b] = work->pack[b]->value;
    }
    work->member_weight = dt_new(arena, double *, (size_t)game->rules->agents);
    for (int k = 0; k < game->rules->agents; k++)
        work->member_weight[k] = dt_new(arena, double, (size_t)game->rules->agent[k].members);
    work->steep = dt_new(arena, double, (size_t)steep_numbers(plan));
    work->steep_at = dt_new(arena, uint32_t, places);
    work->space = dt_new(arena, struct dt_private_space *, (size_t)jobs);
    for (int j = 0; j < jobs; j++)
        work->space[j] = dt_private_space_new(arena, plan, code);
    work->start = dt_new(arena, double, plan->group->columns);
    work->begins = dt_new(arena, double, (size_t)plan->beliefs->points * plan->beliefs->types);
    return work;
}

/* ---- sweeps ---------------------------------------------------------------------------------- */

static bool going(dt_private *work, double done)
{
    if (!work->stopped && work->go_on)
        work->stopped = !work->go_on(work->context, done);
    return !work->stopped && work->wrong.code == DT_CODES;
}

bool dt_private_going(dt_private *work)
{
    return going(work, work->done);
}

static dt_pass pass_of(dt_private *work, size_t pack, uint32_t period, size_t first, size_t beyond,
                       bool decide, bool count)
{
    return (dt_pass){.group = work->pack[pack],
                     .period = period,
                     .first = first,
                     .beyond = beyond,
                     .decide = decide,
                     .count = count,
                     .strategy =
                         dt_typed_of(&work->strategy, period == DT_EVERY_PERIOD ? 0 : period,
                                     (uint32_t)(pack * DT_POINTS))};
}

/* What the packs have found, and what went wrong there. */
static void collect(dt_private *work)
{
    for (size_t b = 0; b < work->plan->packs; b++) {
        dt_group *pack = work->pack[b];
        for (size_t s = 0; s < DT_WORLDS && b * DT_WORLDS + s < work->plan->beliefs->points; s++) {
            dt_found_append(&work->found, &pack->found[s]);
            pack->found[s] = (dt_found){0};
            if (pack->active[s] == 0 && work->wrong.code == DT_CODES)
                work->wrong = pack->wrong[s];
        }
    }
}

/* One pack's part of a sweep: the leaves, if they are to be done, and then the stages first … after-1, at which nothing
 * private happens, the last one first. */
typedef struct part {
    dt_private *work;
    uint32_t period;
    size_t first_column, beyond;
    bool leaves, decide, count;
    uint32_t first, after;
} part;

static bool run_pack(void *context, int worker, size_t pack)
{
    const part *p = context;
    (void)worker;
    const dt_pass pass =
        pass_of(p->work, pack, p->period, p->first_column, p->beyond, p->decide, p->count);
    if (p->leaves)
        dt_sweep_ahead(&pass);
    for (uint32_t stage = p->after; stage-- > p->first;)
        dt_sweep_stage(&pass, stage);
    return true;
}

/* Columns first … beyond-1 of a period, from next to value. False if the work is to be left off. A pack does all that it can
 * by itself before the next one does, as what it has just written is what it reads. */
static bool sweep(dt_private *work, uint32_t period, size_t first, size_t beyond, bool decide,
                  bool count)
{
    const dt_private_plan *plan = work->plan;
    part p = {work, period, first, beyond, true, decide, count, 0, 0};
    work->sweep++;
    for (uint32_t left = plan->game->stages; left > 0 || p.leaves;) {
        p.first = p.after = left;
        while (p.first > 0 && !plan->mixes[p.first - 1])
            p.first--;
        if (p.leaves || p.first < p.after)
            dt_threads_run(work->jobs, plan->packs, run_pack, &p);
        collect(work);
        p.leaves = false;
        if (!going(work, work->done))
            return false;
        left = p.first;
        if (left > 0) {
            left--;
            if (!dt_private_stage(work, left, period, decide, count, first, beyond) ||
                !going(work, work->done))
                return false;
        }
    }
    return true;
}

static void turn(dt_private *work, size_t first, size_t beyond)
{
    for (size_t b = 0; b < work->plan->packs; b++)
        dt_sweep_turn(work->pack[b], first, beyond, NULL);
}

/* The numbers of a period; teams' weights count from it. */
static void stand_in(dt_private *work, uint32_t period)
{
    const dt_game *game = work->plan->game;
    if (game->dated) {
        dt_world_turn(game, work->world, period);
        dt_world_turn(game, work->typed, period);
    }
    dt_private_numbers(work, period);
}

/* Whether numbers differ from period to period. */
static bool are_dated(const dt_private *work)
{
    const dt_private_plan *plan = work->plan;
    bool dated = plan->game->dated > 0;
    for (int k = 0; k < plan->game->rules->agents && plan->gaps; k++) {
        const dt_agent *agent = &plan->game->rules->agent[k];
        for (int m = 1; m < agent->members; m++)
            dated |= work->typed->discount[(size_t)agent->member[m] * work->typed->width] !=
                     work->typed->discount[(size_t)agent->member[0] * work->typed->width];
    }
    return dated;
}

static bool is_mixed(const dt_private_plan *plan)
{
    bool mixed = false;
    for (uint32_t s = 0; s < plan->game->stages; s++)
        mixed |= plan->mixes[s] != 0;
    return mixed;
}

/* All periods of a pack, of a game in which no points are mixed: packs are nothing to each other. */
static bool run_periods(void *context, int worker, size_t pack)
{
    dt_private *work = context;
    const dt_private_plan *plan = work->plan;
    const size_t columns = plan->group->columns;
    part p = {work, 0, 0, columns, true, true, true, 0, plan->game->stages};
    for (uint32_t t = plan->game->periods; t-- > 0;) {
        if (worker == 0)
            work->done = ((double)pack + 1 - (t + 1.0) / plan->game->periods) / (double)plan->packs;
        if (worker == 0 && !going(work, work->done))
            return false;
        p.period = t;
        run_pack(&p, worker, pack);
        dt_sweep_turn(work->pack[pack], 0, columns, NULL);
    }
    return true;
}

static void go_backward(dt_private *work)
{
    const dt_private_plan *plan = work->plan;
    const uint32_t periods = plan->game->periods;
    const bool dated = are_dated(work);
    if (!dated && !is_mixed(plan)) {
        stand_in(work, periods - 1);
        work->found.settled = dt_threads_run(work->jobs, plan->packs, run_periods, work);
        return;
    }
    for (uint32_t t = periods; t-- > 0;) {
        work->done = (double)(periods - 1 - t) / periods;
        if (!going(work, work->done))
            return;
        if (t + 1 == periods || dated)
            stand_in(work, t);
        if (!sweep(work, t, 0, plan->group->columns, true, true))
            return;
        turn(work, 0, plan->group->columns);
    }
    work->found.settled = true;
}

/* How far the column that has most still to go has to, in units of what is close enough. */
static double distance(const dt_private *work, size_t first, size_t beyond, double close)
{
    double left = 0;
    for (size_t b = 0; b < work->plan->packs; b++) {
        for (size_t s = 0; s < DT_WORLDS && b * DT_WORLDS + s < work->plan->beliefs->points; s++) {
            for (size_t c = first; c < beyond; c++) {
                const double own = dt_distance(work->pack[b], c, s, close);
                left = own <= left ? left : own;
            }
        }
    }
    return left;
}

/* Sweeps within which the distance must have halved: values of strategies that stand still come nearer by e to the
 * twentieth. */
static double patience(const dt_private *work)
{
    double most = 0;
    for (int i = 0; i < work->plan->game->model->actors; i++)
        most = dt_greater(work->typed->discount[(size_t)i * work->typed->width], most);
    return 4000 + 20 / (1 - most);
}

static bool settle(dt_private *work, size_t first, size_t beyond, bool decide, double close)
{
    double begun = 0, least = INFINITY;
    uint64_t nearest = 0; /* the sweep that came so near */
    for (uint64_t sweeps = 1; sweeps <= DT_MAX_SWEEPS && going(work, work->done); sweeps++) {
        if (!sweep(work, DT_EVERY_PERIOD, first, beyond, decide, false))
            return false;
        turn(work, first, beyond);
        const double left = distance(work, first, beyond, close);
        begun = dt_greater(left, begun);
        if (first == 0)
            work->found.sweeps = sweeps;
        if (left <= 1)
            return true;
        if (left < least / 2) {
            least = left;
            nearest = sweeps;
        }
        if ((double)(sweeps - nearest) > patience(work)) {
            work->found.wanders = true;
            return false;
        }
        work->done = dt_greater(work->done, 0.75 * (1 - log(left) / log(begun)));
    }
    return false;
}

/* The gaps of play forever. Weights of a team whose discounts differ hang on the period, so that there is
 * nothing to settle: its program goes back over the periods that count (gaps.c). */
static void gaps_forever(dt_private *work)
{
    const size_t values = work->plan->group->actors, columns = work->plan->group->columns;
    if (!are_dated(work)) {
        settle(work, values, columns, false, GAPS_CLOSE);
        return;
    }
    const uint32_t periods = dt_gaps_periods(work->pack[0], 0);
    for (uint32_t t = periods; t-- > 0;) {
        if (!going(work, dt_greater(work->done, 1 - 0.25 * (t + 1) / periods)))
            return;
        stand_in(work, t);
        if (!sweep(work, DT_EVERY_PERIOD, values, columns, false, false))
            return;
        turn(work, values, columns);
    }
}

static void go_on_forever(dt_private *work)
{
    const dt_private_plan *plan = work->plan;
    const size_t values = plan->group->actors, columns = plan->group->columns;
    stand_in(work, 0);
    work->found.settled = settle(work, 0, values, true, CLOSE);
    if (work->stopped || work->wrong.code != DT_CODES)
        return;
    if (!sweep(work, DT_EVERY_PERIOD, 0, values, true, true))
        return;
    turn(work, 0, values);
    for (size_t b = 0; b < plan->packs; b++) {
        for (size_t s = 0; s < DT_WORLDS && b * DT_WORLDS + s < plan->beliefs->points; s++) {
            for (size_t c = 0; c < values; c++)
                work->found.bound = dt_greater(dt_bound(work->pack[b], c, s), work->found.bound);
        }
    }
    /* the same once more against the strategies, which measures the residual */
    if (!sweep(work, DT_EVERY_PERIOD, 0, values, false, true))
        return;
    turn(work, 0, values);
    if (columns > values)
        gaps_forever(work);
}

/* What the numbers at the start are worth once the signal about the prior has been heard. */
static void take_start(dt_private *work)
{
    const dt_private_plan *plan = work->plan;
    const dt_beliefs *beliefs = plan->beliefs;
    const size_t columns = plan->group->columns;
    memset(work->start, 0, columns * sizeof *work->start);
    for (size_t c = 0; c < columns; c++) {
        const dt_private_column *column = &plan->column[c];
        double all = 0; /* the chance of the column's type */
        for (uint32_t p = 0; p < beliefs->points; p++) {
            double chance = 0;
            for (uint32_t t = 0; t < beliefs->types; t++) {
                if (column->variable < 0 ||
                    dt_beliefs_rank(beliefs, (size_t)column->variable, t) == column->rank)
                    chance += work->begins[p * (size_t)beliefs->types + t];
            }
            all += chance;
            if (chance > 0)
                work->start[c] +=
                    chance *
                    work->pack[p / DT_WORLDS]
                        ->next[(plan->game->start * columns + c) * DT_WORLDS + p % DT_WORLDS];
        }
        work->start[c] = all > 0 ? work->start[c] / all : 0;
    }
}

/* What is wrong in some period for some type. */
static void check_worlds(dt_private *work)
{
    const dt_game *game = work->plan->game;
    const uint32_t periods = game->dated ? game->periods : 1;
    for (uint32_t t = 0; t < periods; t++) {
        dt_world_turn(game, work->typed, t);
        for (size_t k = 0; k < work->typed->width && work->wrong.code == DT_CODES; k++)
            work->wrong = dt_world_check(game, work->typed, k);
    }
    for (int i = 0; i < game->model->actors && work->plan->values == DT_VALUES_SURPLUS; i++) {
        const size_t agent = (size_t)game->rules->actor_agent[i];
        if (work->wrong.code == DT_CODES && work->plan->group->moves[agent] &&
            work->typed->rationality[agent * work->typed->width] == 0)
            work->wrong = (dt_wrong){.code = DT_SURPLUS_RATIONALITY,
                                     .item = i,
                                     .place = DT_NOWHERE,
                                     .period = DT_NOWHERE};
    }
}

/* Nothing found, values of zero after the last period, and the world's parameters. */
static void begin(dt_private *work, const double *parameter)
{
    const dt_private_plan *plan = work->plan;
    const size_t types = work->typed->width;
    for (size_t i = 0; i < (size_t)plan->game->model->params; i++) {
        for (size_t t = 0; t < types; t++)
            work->typed->parameter[i * types + t] = parameter[i];
        for (size_t s = 0; s < DT_WORLDS; s++)
            work->world->parameter[i * DT_WORLDS + s] = parameter[i];
    }
    work->found = (dt_found){0};
    work->wrong = (dt_wrong){.code = DT_CODES};
    work->count = (dt_signal_count){0};
    work->done = 0;
    for (size_t b = 0; b < plan->packs; b++) {
        dt_group *pack = work->pack[b];
        for (size_t s = 0; s < DT_WORLDS; s++) {
            pack->active[s] = b * DT_WORLDS + s < plan->beliefs->points ? -1 : 0;
            pack->found[s] = (dt_found){0};
            pack->wrong[s] = (dt_wrong){.code = DT_CODES};
        }
        if (b + 1 ==
            plan->packs) /* seats that nobody has are worth nothing, rather than anything */
            memset(pack->value, 0,
                   ((size_t)plan->places->nodes + plan->places->leaves) * plan->group->columns *
                       DT_WORLDS * sizeof *pack->value);
        memset(pack->next, 0,
               plan->group->states * plan->group->columns * DT_WORLDS * sizeof *pack->next);
    }
    dt_world_evaluate(plan->game, work->typed, plan->scale);
    dt_world_evaluate(plan->game, work->world, plan->scale);
}

void dt_private_prepare(dt_private *work, const double *parameter)
{
    begin(work, parameter);
    check_worlds(work);
    if (work->wrong.code == DT_CODES)
        dt_beliefs_start(work->plan->beliefs, work->typed, work->begins);
}

void dt_private_solve(dt_private *work, const double *parameter)
{
    const dt_private_plan *plan = work->plan;
    dt_private_prepare(work, parameter);
    if (work->wrong.code != DT_CODES)
        return;
    if (plan->game->forever)
        go_on_forever(work);
    else
        go_backward(work);
    collect(work);
    if (!work->stopped && work->wrong.code == DT_CODES)
        take_start(work);
}

/* The prior of what an actor owns [values]; of one that owns nothing, 1. Returns how many values. */
static int prior_of(const dt_private *work, int actor, double *prior)
{
    const dt_beliefs *beliefs = work->plan->beliefs;
    const int x = beliefs->owned[actor];
    prior[0] = 1;
    if (x < 0)
        return 1;
    dt_beliefs_prior(beliefs, work->typed, (size_t)x, prior);
    return beliefs->grid[x]->values;
}

double dt_private_value(const dt_private *work, int actor)
{
    double prior[DT_MOST_TYPES], sum = 0;
    const int values = prior_of(work, actor, prior);
    for (int k = 0; k < values; k++)
        sum += prior[k] * work->start[work->plan->value_column[actor][k]];
    return sum;
}

double dt_private_type_value(const dt_private *work, int actor, size_t rank)
{
    const dt_beliefs *beliefs = work->plan->beliefs;
    const dt_game *game = work->plan->game;
    double prior[DT_MOST_TYPES];
    for (size_t x = 0; x < beliefs->variables; x++) {
        if (game->model->variable[game->secret_variable[x]].owner != actor)
            continue;
        dt_beliefs_prior(beliefs, work->typed, x, prior);
        if (rank >= (size_t)beliefs->grid[x]->values || prior[rank] == 0)
            return (double)NAN;
        /* what no play hangs on makes no difference */
        return work->start[work->plan->value_column[actor][beliefs->owned[actor] < 0 ? 0 : rank]];
    }
    return (double)NAN;
}

double dt_private_gap(const dt_private *work, int actor)
{
    const dt_private_plan *plan = work->plan;
    const int agent = plan->game->rules->actor_agent[actor];
    const dt_agent *a = &plan->game->rules->agent[agent];
    double prior[DT_MOST_TYPES], sum = 0;
    const int values = prior_of(work, actor, prior);
    assert(plan->gaps);
    for (int k = 0; k < values; k++) {
        double along = plan->along_column ? work->start[plan->along_column[agent][k]] : 0;
        for (int m = 0; m < a->members && !plan->along_column; m++)
            along += a->weight[m] * work->start[plan->value_column[a->member[m]][k]];
        sum += prior[k] * (work->start[plan->best_column[agent][k]] - along);
    }
    return sum < 0 ? 0 : sum; /* but for rounding it isn't */
}
