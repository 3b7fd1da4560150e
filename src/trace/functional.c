/*
 * Backward evaluation of functionals (policy evaluation; Puterman 1994, §4.2 and §6.1). With σ fixed,
 * what is at hand at a node is W(n) = Σ_c σ(c) (paid(c) + Σ_b p_b W(target_b)); at a leaf of period t it
 * is paid(leaf) + δ W(next state, t+1), or for an outcome what its form says. Taste adds at an
 * agent's nodes the entropy of its strategy over its rationality, as V = Σ σ Q + H(σ)/λ.
 *
 * With lookahead forever the payoff functionals are stationary: the sweep is repeated from zero,
 * so often that what is cut off is below 1e-13 of the largest sum that payments could reach.
 */
#include "trace/functional.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "trace/profile.h"

dt_functionals *dt_functionals_new(dt_arena *arena, const dt_solution *solution, size_t room,
                                   const dt_options *options)
{
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    dt_functionals *all = dt_new(arena, dt_functionals, 1);
    all->solution = solution;
    all->arena = arena;
    all->options = options;
    all->room = room;
    all->value = dt_new(arena, double, ((size_t)game->nodes + game->leaves) * room);
    all->next = dt_new(arena, double, (size_t)game->states *room);
    all->space = dt_new(arena, double, (size_t)dt_profile_room(game));
    all->row = dt_new(arena, double, 2 * room);
    all->lane = dt_new(arena, size_t, (size_t)model->outcomes + (size_t)model->terms);
    return all;
}

static bool of_outcomes(const dt_functionals *all)
{
    return all->count != 0 && all->functional[0].kind == DT_FUNCTIONAL_OUTCOME;
}

/* Says which functional reads which column: a term, or an outcome. */
static void choose(dt_functionals *all, const dt_functional *functional, size_t count)
{
    const dt_model *model = all->solution->game->model;
    assert(count <= all->room);
    all->functional = functional;
    all->count = count;
    memset(all->lane, 0, ((size_t)model->outcomes + (size_t)model->terms) * sizeof *all->lane);
    for (size_t f = 0; f < count; f++) {
        const dt_functional_kind kind = functional[f].kind;
        assert((kind == DT_FUNCTIONAL_OUTCOME) == of_outcomes(all));
        if (kind == DT_FUNCTIONAL_OUTCOME || kind == DT_FUNCTIONAL_TERM)
            all->lane[functional[f].index] = f + 1;
    }
}

/* The numbers of a row for each functional, into all->row. */
static const double *read_row(const dt_functionals *all, uint32_t row, bool payments)
{
    const dt_game *game = all->solution->game;
    const dt_world *world = all->solution->world;
    assert(row < game->rows);
    memset(all->row, 0, all->count * sizeof *all->row);
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        size_t lane = all->lane[game->row_column[e]];
        if (lane)
            all->row[lane - 1] = world->coefficient[game->row_coefficient[e]];
    }
    for (size_t f = 0; payments && f < all->count; f++) {
        if (all->functional[f].kind == DT_FUNCTIONAL_VALUE)
            all->row[f] = world->payment[(size_t)row * (size_t)game->model->actors +
                                         (size_t)all->functional[f].index];
    }
    return all->row;
}

void dt_functionals_cell(const dt_functionals *all, uint64_t cell, double *worth)
{
    const dt_game *game = all->solution->game;
    if (of_outcomes(all)) /* nothing is paid; columns of the row are terms */
        memset(worth, 0, all->count * sizeof *worth);
    else
        memcpy(worth, read_row(all, dt_cell_row(game, cell), true), all->count * sizeof *worth);
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        double p = all->solution->world->coefficient[dt_branch_coefficient(game, cell, b)];
        assert(game->branch_target[b] < game->nodes + game->leaves);
        const double *target = all->value + (size_t)game->branch_target[b] * all->count;
        for (size_t f = 0; p != 0 && f < all->count; f++)
            worth[f] += p * target[f];
    }
}

/* H(σ)/λ for each agent that moves here, to the functionals that hold its taste. */
static void add_taste(const dt_functionals *all, const dt_menu *menu, const double *sigma,
                      double *value)
{
    const dt_game *game = all->solution->game;
    for (int k = 0; k < menu->agents; sigma += menu->options[k], k++) {
        const dt_agent *agent = &game->rules->agent[menu->agent[k]];
        assert(!agent->team && "surplus values aren't defined for teams");
        double entropy = 0;
        for (int o = 0; o < menu->options[k]; o++)
            entropy -= sigma[o] > 0 ? sigma[o] * log(sigma[o]) : 0;
        for (size_t f = 0; f < all->count; f++) {
            const dt_functional *which = &all->functional[f];
            if ((which->kind == DT_FUNCTIONAL_TASTE || which->kind == DT_FUNCTIONAL_VALUE) &&
                which->index == agent->member[0])
                value[f] += entropy / all->solution->world->rationality[menu->agent[k]];
        }
    }
}

static void run_node(const dt_functionals *all, uint32_t t, uint32_t n, double *worth)
{
    const dt_game *game = all->solution->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    const double *sigma = dt_strategy_at(&all->solution->strategy, game, t, n);
    const double *profile = dt_profile(menu, sigma, all->space);
    double *value = all->value + (size_t)n * all->count;
    memset(value, 0, all->count * sizeof *value);
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
        double played = profile[c - game->node_cell[n]];
        if (played == 0)
            continue;
        dt_functionals_cell(all, c, worth);
        for (size_t f = 0; f < all->count; f++)
            value[f] += played * worth[f];
    }
    if (all->solution->values == DT_VALUES_SURPLUS)
        add_taste(all, menu, sigma, value);
}

static double discount_of(const dt_functionals *all, const dt_functional *which)
{
    const dt_game *game = all->solution->game;
    int actor =
        which->kind == DT_FUNCTIONAL_TERM ? game->rules->term_actor[which->index] : which->index;
    return all->solution->world->discount[actor];
}

/* paid + δ W(next), the last only if a period follows. */
static void run_payoff_leaf(const dt_functionals *all, uint32_t leaf, bool last)
{
    const dt_game *game = all->solution->game;
    double *value = all->value + (size_t)(game->nodes + leaf) * all->count;
    memcpy(value, read_row(all, game->leaf_payoff[leaf], true), all->count * sizeof *value);
    uint32_t next = game->leaf_next[leaf];
    assert(next == DT_NOWHERE || (next < game->states && !game->leaf_ended[leaf]));
    for (size_t f = 0; !last && next != DT_NOWHERE && f < all->count; f++)
        value[f] += discount_of(all, &all->functional[f]) * all->next[next * all->count + f];
}

/* What an outcome's form makes of the argument now, of the argument on the state that stands after
 * an end, and of what follows. `from` is the first period counted, T the horizon. */
static void run_outcome_leaf(const dt_functionals *all, uint32_t t, uint32_t from, uint32_t leaf)
{
    const dt_game *game = all->solution->game;
    const double counted = game->horizon - from; /* periods from..T-1 */
    const double rest = game->horizon - 1 - t;   /* periods after this one */
    const bool over = rest == 0 || game->leaf_ended[leaf];
    double *value = all->value + (size_t)(game->nodes + leaf) * all->count;
    memcpy(value, read_row(all, game->leaf_outcome[leaf], false), all->count * sizeof *value);
    const double *standing = read_row(all, game->leaf_standing[leaf], false);
    const double *next = over ? NULL : all->next + (size_t)game->leaf_next[leaf] * all->count;
    assert(over || game->leaf_next[leaf] != DT_NOWHERE);
    for (size_t f = 0; f < all->count; f++) {
        const double now = value[f];
        switch (game->model->outcome[all->functional[f].index].form) {
        case DT_EVER:
            value[f] = now != 0 ? 1 : over ? 0 : next[f];
            break;
        case DT_FIRST:
            value[f] = now != 0 ? t - from + 1.0 : over ? counted + 1 : next[f];
            break;
        case DT_LAST:
            value[f] = rest == 0 ? now : over ? standing[f] : next[f];
            break;
        case DT_MEAN:
            value[f] = now / counted;
            if (rest != 0)
                value[f] += over ? rest * standing[f] / counted : next[f];
            break;
        case DT_TOTAL:
            value[f] = now + (over ? 0 : next[f]);
            break;
        }
    }
}

/* One period: its leaves, then its nodes from the last stage to the first. */
static void sweep(dt_functionals *all, uint32_t t, uint32_t from, bool last, double *worth)
{
    const dt_game *game = all->solution->game;
    uint32_t leaves = dt_game_count(game, game->stages, t);
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        if (of_outcomes(all))
            run_outcome_leaf(all, t, from, leaf);
        else
            run_payoff_leaf(all, leaf, last);
    }
    for (uint32_t s = game->stages; s-- > 0;) {
        uint32_t first = game->stage_first[s];
        for (uint32_t n = first + dt_game_count(game, s, t); n-- > first;)
            run_node(all, t, n, worth);
    }
}

/* Values at the beginning of period t, for the period before it. */
static void turn_back(dt_functionals *all, uint32_t t)
{
    const dt_game *game = all->solution->game;
    for (uint32_t state = 0; state < game->states; state++) {
        uint32_t place = game->state_place[state];
        uint32_t stage = dt_game_stage(game, place);
        if (place < game->stage_first[stage] + dt_game_count(game, stage, t))
            memcpy(all->next + (size_t)state * all->count, all->value + (size_t)place * all->count,
                   all->count * sizeof *all->next);
    }
}

/* The least N with δ^N ≤ 1e-13 for the largest discount δ, so that the tail cut off, at most
 * δ^N M/(1-δ) with payments up to M, is below 1e-13 of M/(1-δ). */
static uint32_t periods_that_matter(const dt_functionals *all)
{
    double most = 0;
    for (size_t f = 0; f < all->count; f++)
        most = fmax(most, discount_of(all, &all->functional[f]));
    assert(most < 1);
    return most == 0 ? 1 : (uint32_t)fmin(ceil(log(1e-13) / log(most)), 1e8);
}

void dt_functionals_run(dt_functionals *all, const dt_functional *functional, size_t count,
                        uint32_t t)
{
    const dt_game *game = all->solution->game;
    assert(t < game->horizon);
    if (count == 0)
        return;
    choose(all, functional, count);
    double *worth = all->row + all->count;
    if (game->forever && !of_outcomes(all)) {
        /* Every place can occur in the last period of the table. */
        uint32_t late = game->depths - 1;
        memset(all->next, 0, (size_t)game->states * all->count * sizeof *all->next);
        const uint32_t periods = periods_that_matter(all);
        for (uint32_t left = periods; left-- > 0;) {
            dt_progress(all->arena, all->options, "explaining", 1 - (left + 1.0) / periods);
            sweep(all, late, late, false, worth);
            turn_back(all, late);
        }
        return;
    }
    uint32_t end = of_outcomes(all) ? game->horizon : game->periods;
    for (uint32_t period = end; period-- > t;) {
        dt_progress(all->arena, all->options, "explaining", 1 - (period + 1.0 - t) / (end - t));
        sweep(all, period, t, period + 1 == game->periods, worth);
        turn_back(all, period);
    }
}
