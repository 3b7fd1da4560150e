/*
 * The gaps: how much each agent would gain by answering everybody else's strategy as well as can be
 * from the start on, found by one more dynamic program (docs/method.md, Certificates). It runs over
 * agents instead of actors: a single actor's payments are its own, a team's those of its members
 * weighted by w_i and by their own discounts. As discounts may differ within a team, its value in
 * period t is taken relative to the most patient member's discount δ: with ρ_i = δ_i / δ,
 *     W(t) = best over its actions of Σ_i w_i ρ_i^t payment_i + E W(t'),   t' = t within a period,
 * and δ W(t+1) at the end of one, which is Σ_i w_i δ_i^t payment_i divided by δ^t throughout.
 * Payments alone count: what surplus values add for taste is left out. The program has columns of its
 * own (group.h), beside the values in the same sweeps, or after them along the strategies found.
 *
 * With lookahead forever it begins when play has settled, with the values of playing along, and goes
 * on until it has settled too, to 1e-13, with the leaps of leap.c or the steps of anderson.c, for each
 * column by itself: against fixed strategies it is a contraction with one fixed point, so that a step
 * needs no safeguard but that changes stay below what plain sweeps would have come to at the worst, a
 * share δ of the last one's each time. If some team's discounts differ it runs for so many periods T that δ^T <= 1e-13 (1 - δ)
 * for the most patient of all, so that what lies beyond weighs less than 1e-13 of the greatest payment.
 * Both end after DT_MAX_SWEEPS at the latest.
 */
#include <assert.h>
#include <math.h>

#include "base/greater.h"
#include "base/limits.h"
#include "solve/anderson.h"
#include "solve/sweep.h"

static const double CLOSE = 1e-13;

static const dt_agent *agent_of(const dt_group_plan *plan, size_t column)
{
    assert(column >= plan->best && column < plan->columns);
    return &plan->game->rules->agent[(column - plan->best) % plan->agents];
}

/* w_m ρ_m^t of a member of a column's agent */
double dt_member_weight(const dt_group *group, size_t column, int m, size_t world, uint32_t t)
{
    const size_t width = group->plan->width;
    const dt_agent *agent = agent_of(group->plan, column);
    const double own = group->discount[(size_t)agent->member[m] * width + world];
    const double most = group->discount[column * width + world];
    assert(own <= most || !group->active[world]);
    return agent->weight[m] * dt_power(own, most, t);
}

bool dt_gaps_steady(const dt_group *group)
{
    bool steady = true;
    for (size_t w = 0; w < group->plan->width; w++)
        steady &= group->steady[w];
    return steady;
}

/* What a column is paid in `rows` rows, from what its agent's members are. */
static void weigh(const dt_group *group, size_t column, uint32_t t, double *payment, uint32_t rows)
{
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width, paid = (size_t)plan->column_paid[column] * width;
    const dt_agent *agent = agent_of(plan, column);
    for (int m = 0; m < agent->members; m++) {
        double weight[DT_WORLDS];
        for (size_t w = 0; w < width; w++)
            weight[w] = dt_member_weight(group, column, m, w, t);
        for (uint32_t r = 0; r < rows; r++) {
            double *row = payment + r * plan->paid * width;
            const double *own = row + (size_t)agent->member[m] * width;
            for (size_t w = 0; w < width; w++)
                row[paid + w] = (m == 0 ? 0 : row[paid + w]) + weight[w] * own[w];
        }
    }
}

void dt_gaps_weigh(dt_group *group, uint32_t t)
{
    const dt_group_plan *plan = group->plan;
    for (size_t c = plan->best; c < plan->columns; c++) {
        if ((size_t)plan->column_paid[c] < plan->actors)
            continue; /* it is paid what the actor is */
        weigh(group, c, t, group->payment, plan->game->rows);
        weigh(group, c, t, group->due, plan->places->leaf_rows);
    }
}

double dt_gap(const dt_group *group, size_t world, size_t actor)
{
    const dt_group_plan *plan = group->plan;
    const size_t width = plan->width, agent = (size_t)plan->game->rules->actor_agent[actor];
    const dt_agent *a = &plan->game->rules->agent[agent];
    double along = 0;
    assert(plan->gaps);
    if (plan->along < plan->columns) {
        along = group->start[(plan->along + agent) * width + world];
    } else {
        for (int m = 0; m < a->members; m++)
            along += a->weight[m] * group->start[(size_t)a->member[m] * width + world];
    }
    const double gain = group->start[(plan->best + agent) * width + world] - along;
    return gain < 0 ? 0 : gain; /* but for rounding it isn't */
}

/* The gaps' columns of a period, along its strategies. */
static bool sweep(dt_group *group, uint32_t period, const int64_t *mask)
{
    const dt_group_plan *plan = group->plan;
    const dt_pass pass = {.group = group,
                          .period = period,
                          .first = plan->best,
                          .beyond = plan->columns,
                          .strategy =
                              dt_group_strategy(group, period == DT_EVERY_PERIOD ? 0 : period)};
    if (!dt_sweep_run(&pass))
        return false;
    dt_sweep_turn(group, plan->best, plan->columns, mask);
    return true;
}

void dt_gaps_backward(dt_group *group)
{
    const dt_game *game = group->plan->game;
    for (uint32_t t = game->periods; t-- > 0 && dt_group_going(group, group->active);) {
        dt_group_turn(group, t);
        if (t + 1 == game->periods || !dt_gaps_steady(group) || game->dated)
            dt_gaps_weigh(group, t);
        group->done = (double)(game->periods - 1 - t) / game->periods;
        dt_constant_over(group, t);
        if (!sweep(group, t, NULL))
            return;
        dt_constant_turn(group);
    }
    dt_group_take_start(group, group->plan->best, group->plan->columns);
}

/* ---- play forever ---------------------------------------------------------------------------- */

static bool settled(const dt_group *group, size_t world)
{
    for (size_t c = group->plan->best; c < group->plan->columns; c++) {
        if (!(dt_distance(group, c, world, CLOSE) <= 1))
            return false;
    }
    return true;
}

uint32_t dt_gaps_periods(const dt_group *group, size_t world)
{
    double discount = 0;
    for (size_t c = group->plan->best; c < group->plan->columns; c++)
        discount = dt_greater(group->discount[c * group->plan->width + world], discount);
    double periods = discount == 0 ? 1 : ceil(log(CLOSE * (1 - discount)) / log(discount));
    return (uint32_t)dt_lesser(dt_greater(periods, 1), DT_MAX_SWEEPS);
}

/* The columns of one world, from the values of playing along forever, in the units of period t. */
static void start_from(dt_group *group, size_t world, uint32_t t)
{
    const dt_group_plan *plan = group->plan;
    for (size_t c = plan->best; c < plan->columns; c++) {
        const dt_agent *agent = agent_of(plan, c);
        for (size_t s = 0; s < plan->states; s++) {
            double *next = group->next + s * plan->columns * plan->width, sum = 0;
            for (int m = 0; m < agent->members; m++)
                sum += dt_member_weight(group, c, m, world, t) *
                       next[(size_t)agent->member[m] * plan->width + world];
            next[c * plan->width + world] = sum;
        }
    }
}

/* After a sweep: which worlds go on. */
static void look(dt_group *group, int64_t *going)
{
    const dt_group_plan *plan = group->plan;
    for (size_t w = 0; w < plan->width; w++) {
        if (!going[w] || !group->steady[w])
            continue;
        if (settled(group, w))
            going[w] = 0;
        for (size_t c = plan->best; c < plan->columns && going[w] && plan->endless; c++)
            dt_leap(group, c, w);
    }
}

/* What acceleration knows of a column of a world. */
typedef struct column_pace {
    int differences; /* that can be used; -1: not even the last sweep's values can */
    double allowed;  /* change of the next sweep */
} column_pace;

/* The largest change of a column's values by the last sweep. */
static double largest_change(const dt_group *group, size_t at)
{
    const size_t size = group->anderson->size;
    double most = 0;
    for (size_t s = 0; s < group->plan->states; s++)
        most = dt_greater(fabs(group->anderson->change[s * size + at]), most);
    return most;
}

/* After a sweep: the values that the next one begins with. Columns that have settled, of worlds that
 * go on, stay in plain sweeps. */
static void accelerate(dt_group *group, const int64_t *going, column_pace *pace)
{
    const dt_group_plan *plan = group->plan;
    dt_anderson *it = group->anderson;
    bool any = false;
    dt_anderson_record(it, group);
    dt_anderson_products(it, plan->states, true);
    for (size_t i = 0; i < it->size; i++) {
        const size_t world = i % plan->width, column = plan->best + i / plan->width;
        const double change = largest_change(group, i);
        column_pace *own = &pace[i];
        own->allowed *= group->discount[plan->best * plan->width + i];
        if (!going[world])
            continue;
        if (own->differences < 0 || !(change <= own->allowed))
            *own = (column_pace){.differences = 0, .allowed = change};
        else
            own->differences += own->differences < DT_DEPTH;
        if (own->differences < 1 || dt_distance(group, column, world, CLOSE) <= 1)
            continue;
        dt_anderson_least_squares(it, own->differences, i, i + 1);
        any = true;
    }
    if (any)
        dt_anderson_combine(it, group);
}

void dt_gaps_forever(dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    uint32_t periods[DT_WORLDS], most = 0;
    int64_t going[DT_WORLDS] = {0};
    const bool faster = group->anderson && dt_gaps_steady(group);
    column_pace pace[2 * DT_MAX_ACTORS * DT_WORLDS];
    dt_gaps_weigh(group, 0);
    for (size_t w = 0; w < plan->width; w++) {
        periods[w] = group->active[w] ? dt_gaps_periods(group, w) : 0;
        most = periods[w] > most ? periods[w] : most;
    }
    if (faster)
        dt_anderson_begin(group->anderson, plan, plan->best, plan->columns);
    for (size_t i = 0; i < (plan->columns - plan->best) * plan->width; i++)
        pace[i].differences = -1;
    for (uint32_t t = most; t-- > 0;) {
        bool waiting = false;
        for (size_t w = 0; w < plan->width; w++) {
            if (t + 1 == periods[w]) {
                start_from(group, w, t + 1);
                going[w] = -1;
            }
            waiting |= t + 1 > periods[w] && periods[w] != 0;
        }
        if (!dt_group_any(group, going) && waiting)
            continue;
        group->done = dt_lesser(1, 0.75 + 0.25 * (most - 1 - t) / most);
        if (!dt_group_going(group, going))
            break;
        if (!dt_gaps_steady(group))
            dt_gaps_weigh(group, t);
        dt_constant_over(group, t);
        if (!sweep(group, DT_EVERY_PERIOD, going))
            return;
        look(group, going);
        if (faster)
            accelerate(group, going, pace);
    }
    dt_group_take_start(group, plan->best, plan->columns);
}
