/*
 * Ends that are prizes. After an end nothing is paid, so where going on costs something every period, an
 * end that nobody wants can be a relief. For each end and actor two numbers are found, averages over all
 * periods of the horizon that end so and over periods that begin in the same state and don't end:
 *
 *     paid     what the period that ends pays more than one that doesn't
 *     future   what follows a period that doesn't end
 *
 * An end is worth paid - future more than going on. It is a prize if -future > |paid|: what the actor
 * escapes by it is more than what it pays, or is paid, for it. Then the end is worth more to it than going
 * on, and that because nothing is paid any more. Both are exact expectations under the strategies found.
 *
 * Everything is found by one forward pass, so that nothing is kept of a period that is over. With e_k(s) the
 * probability that a period ends by k that begins in s (ending.c), three kinds of masses are carried:
 *     after[k]   what went on for k, in later periods: a mass for each discount that some actor has,
 *                shrunk by it at every period's end, so that payments count for the future as they are
 *     begun      that play is there
 *     on[k]      as begun, but a state s in which the period begins weighs e_k(s) / (1 - Σ e(s)) times as
 *                much: what of it doesn't end is paid, and followed for k
 * Where they meet the same row of payments they are added up first. Of places that are worth the same
 * one is followed for all.
 *
 * That pass is made only if some end may be a prize, for which it must be worth more than going on. Where
 * V is known of all states (dt_solution.worth) it is known of each how much, and a pass that carries nothing
 * but `begun` tells: V = Σ_k paid if it ends by k + (1 - Σ e) (paid + δ V of what follows, if it goes on).
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "trace/ending.h"
#include "trace/forward.h"
#include "trace/profile.h"

typedef struct search {
    const dt_solution *solution;
    const dt_game *game;
    const dt_options *options;
    size_t ends, actors;
    dt_endings *endings;
    size_t discounts;    /* different ones */
    double *discount;    /* [discounts] */
    size_t *discount_of; /* [actors] into them */
    uint32_t *same;      /* [places] the place that is followed */
    double *weight;      /* [ends] Σ P e_k */
    double *relief;      /* [ends][actors] Σ P e_k (paid - future), where V is known */
    double *sum_paid;    /* [ends][actors] likewise */
    double *sum_future;  /* [ends][actors] */
    dt_prize *prize;
    size_t *count;

    /* of the pass at hand */
    bool whole;       /* else begun alone is carried */
    size_t after;     /* masses of this kind, which come first: [ends][discounts]; then */
    dt_forward *flow; /* begun, and on [ends], neither past the horizon */
    double *share;    /* [rows][ends + after] by which a payment counts for paid and for future */
} search;

/* Places that are worth the same end by the same, but for leaves of several ends: then none are merged. */
static void find_same(search *p, dt_arena *arena)
{
    const dt_game *game = p->game;
    const uint32_t *end_of = p->endings->end_of;
    bool alike = true;
    for (uint32_t l = 0; l < game->leaves; l++)
        alike &= end_of[l] == end_of[game->leaf_same[l]];
    p->same = dt_new(arena, uint32_t, game->nodes + game->leaves);
    for (uint32_t n = 0; n < game->nodes; n++)
        p->same[n] = alike ? game->node_same[n] : n;
    for (uint32_t l = 0; l < game->leaves; l++)
        p->same[game->nodes + l] = game->nodes + (alike ? game->leaf_same[l] : l);
}

/* ---- one period --------------------------------------------------------------------------------- */

/* Counts what may end from a state in which play begins period t with probability `begun`, weighing
 * what goes on into `on` [ends]. False if it surely ends: that tells nothing and is left out. */
static bool begin_state(const search *p, uint32_t t, uint32_t state, double begun, double *on)
{
    const double LEAST = 1e-9; /* below it the other case is a rounding error */
    const dt_game *game = p->game;
    const double *ending = dt_ending_of(p->endings, game->state_place[state]);
    const double *worth = p->solution->worth;
    if (worth)
        worth += ((game->forever ? 0 : (size_t)t * game->states) + state) * p->actors;
    double goes_on = 1;
    for (size_t k = 0; k < p->ends; k++)
        goes_on -= ending[k * (1 + p->actors)];
    for (size_t k = 0; k < p->ends && goes_on > LEAST; k++) {
        const double *of = ending + k * (1 + p->actors), ratio = of[0] / goes_on;
        p->weight[k] += begun * of[0];
        for (size_t i = 0; i < p->actors; i++) {
            double going_on = worth ? worth[i] : 0;
            for (size_t x = 0; x < p->ends; x++)
                going_on -= ending[x * (1 + p->actors) + 1 + i];
            p->sum_paid[k * p->actors + i] += begun * of[1 + i];
            p->relief[k * p->actors + i] += begun * (of[1 + i] - ratio * going_on);
        }
        if (on)
            on[k] = begun * ratio;
    }
    return goes_on > LEAST;
}

static void begin(const search *p, uint32_t t)
{
    const dt_game *game = p->game;
    double *begun = p->flow->begin + p->after;
    for (uint32_t state = 0; state < game->states; state++, begun += p->flow->stride) {
        if (*begun != 0 && p->endings->may_end[game->state_place[state]] &&
            !begin_state(p, t, state, *begun, p->whole ? begun + 1 : NULL))
            *begun = 0;
    }
}

static double *share_of(const search *p, uint32_t row)
{
    return p->share + row * (p->ends + p->after);
}

/* Adds the masses of a node to the rows that its cells pay. */
static void share_node(const search *p, const dt_world *world, const double *strategy, uint32_t n,
                       bool counted)
{
    const dt_game *game = p->game;
    const double *mass = p->flow->mass + n * p->flow->stride, *on = mass + p->after + 1;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    if (dt_is_nothing(mass, p->flow->stride))
        return;
    const double *profile = dt_profile(menu, strategy + game->node_option[n], p->flow->space);
    for (int c = 0; c < menu->cells; c++) {
        const uint64_t cell = game->node_cell[n] + (uint64_t)c;
        const uint32_t row = dt_cell_row(game, cell);
        double *share = share_of(p, row);
        if (row == 0)
            continue; /* it pays nothing */
        const double goes_on = counted && p->endings->may_end[n]
                                   ? dt_endings_cell(p->endings, world, menu->stage, cell)
                                   : 1;
        for (size_t k = 0; k < p->ends && counted; k++)
            share[k] -= profile[c] * goes_on * on[k];
        for (size_t x = 0; x < p->after; x++)
            share[p->ends + x] += profile[c] * mass[x];
    }
}

/* The same for a leaf; what goes on there is after from then on. */
static void share_leaf(const search *p, uint32_t leaf, bool counted)
{
    double *mass = p->flow->mass + ((size_t)p->game->nodes + leaf) * p->flow->stride;
    double *on = mass + p->after + 1, *share = share_of(p, p->game->leaf_payoff[leaf]);
    if (dt_is_nothing(mass, p->flow->stride))
        return;
    for (size_t x = 0; x < p->after; x++)
        share[p->ends + x] += mass[x];
    for (size_t k = 0; k < p->ends && !p->endings->end_of[leaf]; k++) {
        for (size_t d = 0; d < p->discounts; d++, mass++)
            *mass = p->discount[d] * (*mass + (counted ? on[k] : 0));
        if (counted) {
            share[k] -= on[k];
            on[k] = 0;
        }
    }
}

/* What the rows of a period pay, by their shares. */
static void pay(const search *p, const dt_world *world)
{
    const double *payment = world->payment;
    for (uint32_t row = 0; row < p->game->rows; row++, payment += p->actors) {
        double *share = share_of(p, row);
        if (dt_is_nothing(share, p->ends + p->after))
            continue;
        for (size_t k = 0; k < p->ends; k++) {
            const double *future = share + p->ends + k * p->discounts;
            for (size_t i = 0; i < p->actors; i++) {
                p->sum_paid[k * p->actors + i] += share[k] * payment[i];
                p->sum_future[k * p->actors + i] += future[p->discount_of[i]] * payment[i];
            }
        }
        memset(share, 0, (p->ends + p->after) * sizeof *share);
    }
}

static void run_period(const search *p, uint32_t t)
{
    const dt_game *game = p->game;
    const double *strategy = dt_strategy_of(p->solution->strategy, game, t);
    const dt_world *world = dt_solution_world(p->solution, t);
    const bool counted = t < game->horizon;
    if (counted) {
        dt_endings_find(p->endings, t);
        begin(p, t);
    }
    dt_forward_place(p->flow, t);
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint32_t first = game->stage_first[s], count = dt_game_count(game, s, t);
        for (uint32_t n = first; n < first + count && p->whole; n++)
            share_node(p, world, strategy, n, counted);
        dt_forward_pass(p->flow, strategy, t, s);
    }
    for (uint32_t l = 0; l < dt_game_count(game, game->stages, t) && p->whole; l++)
        share_leaf(p, l, counted);
    if (p->whole)
        pay(p, world);
    dt_forward_carry(p->flow, t);
}

/* ---- the whole ---------------------------------------------------------------------------------- */

/* One pass, over periods to the horizon, or to the last that counts. */
static void pass(search *p, dt_arena *arena, bool whole, uint32_t periods)
{
    const dt_game *game = p->game;
    p->whole = whole;
    p->after = whole ? p->ends * p->discounts : 0;
    p->flow = dt_forward_new(arena, p->solution, whole ? p->after + 1 + p->ends : 1);
    p->flow->plain = p->flow->masses;
    p->flow->forgets = true;
    p->flow->same = p->same;
    double *start = p->flow->begin + game->start * p->flow->stride;
    for (size_t m = 0; m < p->flow->stride; m++)
        start[m] = m == p->after;
    if (whole)
        p->share = dt_take(arena, game->rows, (p->ends + p->after) * sizeof *p->share);
    p->weight = dt_new(arena, double, p->ends);
    p->relief = dt_take(arena, p->ends, p->actors * sizeof *p->relief);
    p->sum_paid = dt_take(arena, p->ends, p->actors * sizeof *p->sum_paid);
    p->sum_future = dt_take(arena, p->ends, p->actors * sizeof *p->sum_future);
    for (uint32_t t = 0; t < periods; t++) {
        if (whole && t == game->horizon) {
            p->flow->plain = p->after;
            dt_forward_narrow(p->flow, p->after);
        }
        if (dt_is_nothing(p->flow->begin, game->states * p->flow->stride))
            break;
        run_period(p, t);
        dt_progress(arena, p->options, "looking at ends", (t + 1.0) / periods);
    }
}

/* Whether some end may be worth more to an actor than going on. */
static bool any_relief(const search *p)
{
    bool any = false;
    for (size_t x = 0; x < p->ends * p->actors; x++)
        any |= p->relief[x] > 0;
    return any;
}

static void take(const search *p)
{
    const double MARGIN = 1.01; /* a relief by less isn't worth a word */
    for (size_t k = 0; k < p->ends; k++) {
        for (size_t i = 0; i < p->actors && p->weight[k] > 0; i++) {
            const double paid = p->sum_paid[k * p->actors + i] / p->weight[k],
                         future = p->sum_future[k * p->actors + i] / p->weight[k];
            if (-future > MARGIN * fabs(paid))
                p->prize[(*p->count)++] =
                    (dt_prize){(size_t)p->game->rules->policy, k, i, paid, future};
        }
    }
}

static void find_discounts(search *p, dt_arena *arena)
{
    const double *own = p->solution->world->discount;
    p->discount = dt_new(arena, double, p->actors);
    p->discount_of = dt_new(arena, size_t, p->actors);
    for (size_t i = 0; i < p->actors; i++) {
        size_t d = 0;
        while (d < p->discounts && p->discount[d] != own[i])
            d++;
        if (d == p->discounts)
            p->discount[p->discounts++] = own[i];
        p->discount_of[i] = d;
    }
}

static dt_status find(dt_arena *arena, void *argument)
{
    search *p = argument;
    const dt_game *game = p->game;
    find_discounts(p, arena);
    p->endings = dt_endings_new(arena, p->solution);
    find_same(p, arena);
    if (p->solution->worth) {
        pass(p, arena, false, game->horizon);
        if (!any_relief(p))
            return DT_OK;
    }
    /* periods after which nothing counts any more: all, or so many that a discount leaves 1e-6 */
    const uint32_t far =
        game->forever ? game->horizon + (uint32_t)fmin(dt_forward_far(p->solution, 1e-6), 1e5)
                      : game->periods;
    pass(p, arena, true, far);
    take(p);
    return DT_OK;
}

dt_status dt_solution_prizes(const dt_solution *solution, const dt_options *options,
                             dt_prize *prize, size_t *count)
{
    if (count)
        *count = 0;
    if (!solution || !count || (!prize && solution->game->model->ends > 0) ||
        solution->game->rules->policy == DT_NONE)
        return dt_refuse_call(options, "dt_solution_prizes",
                              "no solution of a policy, or nowhere to put what is found");
    const dt_model *model = solution->game->model;
    if (model->ends == 0 || !dt_solution_solved(solution) || solution->private)
        return DT_OK;
    search p = {.solution = solution,
                .game = solution->game,
                .options = options,
                .ends = (size_t)model->ends,
                .actors = (size_t)model->actors,
                .prize = prize,
                .count = count};
    return dt_job(options, find, &p);
}

/* ---- saying it ---------------------------------------------------------------------------------- */

typedef struct telling {
    const dt_model *model;
    const dt_prize *prize;
    size_t count;
    const dt_options *options;
} telling;

/* Whether b is the same thing under another policy. */
static bool same(const dt_prize *a, const dt_prize *b)
{
    return a->end == b->end && a->actor == b->actor;
}

static double relief(const dt_prize *prize)
{
    return prize->paid - prize->future;
}

static dt_status tell(dt_arena *arena, void *argument)
{
    const telling *t = argument;
    const dt_model *model = t->model;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, t->options, &model->source);
    for (size_t a = 0; a < t->count; a++) {
        const dt_prize *most = &t->prize[a];
        bool told = false;
        for (size_t b = 0; b < t->count; b++) {
            if (!same(&t->prize[a], &t->prize[b]))
                continue;
            told |= b < a;
            if (relief(&t->prize[b]) > relief(most))
                most = &t->prize[b];
        }
        if (told)
            continue;
        char paid[48], future[32], under[160] = "";
        snprintf(paid, sizeof paid, most->paid > 0 ? "pays it %.4g" : "costs it %.4g",
                 fabs(most->paid));
        snprintf(future, sizeof future, "%.4g", most->future);
        if (model->policies > 1)
            snprintf(under, sizeof under, " under policy '%.120s'",
                     model->policy[most->policy].is.name);
        dt_complain_more(diagnostics, DT_END_IS_PRIZE, model->end_list[most->end].place,
                         "give the end a payment worth the future it cuts off, or let play go on "
                         "with a state variable in place of the end",
                         NULL, model->end_list[most->end].name, model->actor[most->actor].is.name,
                         future, paid, under);
    }
    dt_diagnostics_flush(diagnostics);
    return DT_OK;
}

dt_status dt_prizes_warn(const dt_model *model, const dt_prize *prize, size_t count,
                         const dt_options *options)
{
    bool right = model && (prize || count == 0);
    for (size_t p = 0; right && p < count; p++)
        right = prize[p].policy < (size_t)model->policies && prize[p].end < (size_t)model->ends &&
                prize[p].actor < (size_t)model->actors;
    if (!right)
        return dt_refuse_call(options, "dt_prizes_warn", "no model, or what it hasn't got");
    telling t = {model, prize, count, options};
    return count ? dt_job(options, tell, &t) : DT_OK;
}
