/*
 * A sweep over one period, leaves first, then the stages from last to first (docs/method.md). With
 * V_i the values of places,
 *     leaf:      V_i = payment_i + δ_i next_i(state that follows)
 *     cell:      Q_i = payment_i + Σ over branches of p V_i(target)
 *     chance:    V_i = Q_i of the one cell
 *     sole:      σ(a) ∝ exp(λ_k Σ_m w_m Q_m(a)),   V_i = Σ_a σ(a) Q_i(a)
 *     together:  σ on the principal branch of the stage game,   V_i = Σ_s σ(s) Q_i(s)
 * With surplus values a mover's own V_k is (1/λ_k) log Σ_a exp(λ_k Q_k(a)). Invariant: every branch
 * leads to a higher place, so that what a cell reads is final.
 */
#include "solve/sweep.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "solve/greater.h"
#include "solve/softmax.h"
#include "solve/worth.h"

/* Values beyond this could overflow in sums and products. */
static const double MOST_VALUE = 1e150;

/* Nodes between two calls of options->progress. */
enum { STRIDE = 1 << 16 };

/* The largest node of a game. */
typedef struct extent {
    int agents, total, cells;
    bool together;
} extent;

static extent extent_of(const dt_game *game)
{
    extent e = {1, 1, 1, false};
    for (uint32_t m = 0; m < game->menus; m++) {
        const dt_menu *menu = &game->menu[m];
        e.agents = menu->agents > e.agents ? menu->agents : e.agents;
        e.total = menu->total > e.total ? menu->total : e.total;
        e.cells = menu->cells > e.cells ? menu->cells : e.cells;
        e.together |= menu->agents > 1;
    }
    return e;
}

double dt_sweep_bytes(const dt_game *game, uint32_t periods)
{
    const extent e = extent_of(game);
    const double actors = game->model->actors, total = e.total;
    double numbers = (double)periods * (double)game->options;
    numbers += actors * ((double)game->nodes + game->leaves);
    numbers += actors * (game->states * (game->forever ? 5.0 : 3.0) + game->rows);
    numbers += (actors + e.agents + 1) * e.cells + total;
    if (e.together)
        numbers += 6 * total * total + (double)e.agents * e.cells + 20 * total;
    return numbers * sizeof(double);
}

/* Zeroed numbers that can be given back before the arena dies. */
static double *numbers(dt_arena *arena, size_t count)
{
    dt_list(double) list = {0};
    count += count == 0;
    dt_reserve(arena, &list, count);
    memset(list.at, 0, count * sizeof *list.at);
    return list.at;
}

dt_sweep *dt_sweep_new(dt_arena *arena, dt_solution *solution, const dt_options *options)
{
    const dt_game *game = solution->game;
    const extent e = extent_of(game);
    dt_sweep *sweep = dt_new(arena, dt_sweep, 1);
    sweep->game = game;
    sweep->world = solution->world;
    sweep->options = options;
    sweep->solution = solution;
    sweep->actors = (size_t)game->model->actors;
    sweep->places = (size_t)game->nodes + game->leaves;
    sweep->states = game->states;
    sweep->value = numbers(arena, sweep->places * sweep->actors);
    sweep->next = numbers(arena, sweep->states * sweep->actors);
    sweep->worth = numbers(arena, (size_t)e.cells * sweep->actors);
    sweep->joint = numbers(arena, (size_t)e.cells);
    sweep->payoff = numbers(arena, (size_t)e.cells * (size_t)e.agents);
    sweep->q = numbers(arena, (size_t)e.total);
    sweep->overflow = DT_NOWHERE;
    if (e.together)
        sweep->space = dt_branch_space_new(arena, e.agents, e.total, e.cells);
    return sweep;
}

void dt_sweep_free(dt_arena *arena, dt_sweep *sweep)
{
    dt_give_back(arena, sweep->value);
    dt_give_back(arena, sweep->next);
    dt_give_back(arena, sweep->worth);
    dt_give_back(arena, sweep->joint);
    dt_give_back(arena, sweep->payoff);
    dt_give_back(arena, sweep->q);
}

void dt_sweep_forget(dt_sweep *sweep)
{
    dt_solution *solution = sweep->solution;
    solution->failures = solution->crossed = 0;
    solution->residual = 0;
}

bool dt_sweep_progress(const dt_sweep *sweep)
{
    const dt_options *options = sweep->options;
    assert(sweep->done >= 0 && sweep->done <= 1);
    return !options->progress ||
           options->progress(options->progress_context, "solving", sweep->done);
}

void dt_sweep_turn(dt_sweep *sweep)
{
    const size_t actors = sweep->actors;
    for (size_t s = 0; s < sweep->states; s++) {
        memcpy(sweep->next + s * actors, sweep->value + sweep->game->state_place[s] * actors,
               actors * sizeof(double));
    }
}

/* Counts a node whose branch ended early, and names it if it is among the first. */
static void note_failure(dt_sweep *sweep, uint32_t node, uint32_t t, const dt_branch_result *result)
{
    dt_solution *solution = sweep->solution;
    const dt_game *game = sweep->game;
    assert(result->end != DT_BRANCH_ARRIVED);
    uint64_t index = solution->failures++;
    if (index >= DT_NAMED_FAILURES || sweep->unnamed)
        return;
    char scale[32], residual[32];
    dt_text text = {.arena = solution->arena};
    const char *stage = game->model->stage[dt_game_stage(game, node)].is.name;
    dt_text_print(&text, "stage %s", stage);
    if (t != DT_EVERY_PERIOD)
        dt_text_print(&text, " in period %" PRIu32, t + 1);
    dt_text_print(&text, " at ");
    dt_game_describe(game, node, &text);
    dt_text_print(&text, ": the principal branch %s at %s of the movers' rationality, residual %s",
                  result->end == DT_BRANCH_TOO_LONG ? "takes too many steps" : "can't be followed",
                  dt_print_number(scale, result->scale),
                  dt_print_number(residual, result->residual));
    solution->failure[index] = dt_text_get(&text);
}

/* The strategy of a sole agent with the values sweep->q. */
static void choose(dt_sweep *sweep, double rationality, int options, double *sigma)
{
    if (!sweep->keep) {
        dt_softmax(rationality, sweep->q, options, sigma);
        return;
    }
    dt_stage_game alone = {1, &options, &rationality, sweep->q};
    double residual = dt_stage_game_residual(&alone, sigma, sweep->q);
    sweep->solution->residual = dt_greater(sweep->solution->residual, residual);
}

/* Solves the stage game of a node into sigma, and leaves each agent's Q in sweep->q. False if a
 * payoff is too large. */
static bool play_together(dt_sweep *sweep, uint32_t node, uint32_t t, const dt_menu *menu,
                          const double *guess, double *sigma)
{
    const dt_rules *rules = sweep->game->rules;
    dt_solution *solution = sweep->solution;
    double rationality[DT_MAX_MOVERS];
    assert(menu->agents <= DT_MAX_MOVERS);
    for (int k = 0; k < menu->agents; k++) {
        rationality[k] = sweep->world->rationality[menu->agent[k]];
        const dt_agent *agent = &rules->agent[menu->agent[k]];
        for (int cell = 0; cell < menu->cells; cell++) {
            double q = dt_agent_worth(agent, sweep->worth + (size_t)cell * sweep->actors);
            if (!isfinite(q))
                return false;
            sweep->payoff[cell * menu->agents + k] = q;
        }
    }
    dt_stage_game game = {menu->agents, menu->options, rationality, sweep->payoff};
    if (sweep->keep) {
        dt_stage_game_values(&game, sigma, sweep->q);
        solution->residual =
            dt_greater(solution->residual, dt_stage_game_residual(&game, sigma, sweep->q));
        return true;
    }
    dt_branch_result result = dt_branch_follow(&game, sweep->space, guess, sigma, sweep->q);
    solution->crossed += result.crossed;
    solution->residual = dt_greater(solution->residual, result.residual);
    if (result.end != DT_BRANCH_ARRIVED)
        note_failure(sweep, node, t, &result);
    return true;
}

/* Decides and values one node. False if a value is too large: a team's weights can be anything. */
static bool run_node(dt_sweep *sweep, uint32_t node, uint32_t t, const double *guess)
{
    const dt_game *game = sweep->game;
    assert(node < game->nodes);
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const uint64_t cell = game->node_cell[node];
    const size_t actors = sweep->actors;
    double *value = sweep->value + node * actors;
    assert(game->node_cell[node + 1] - cell == (uint64_t)menu->cells);
    if (menu->agents == 0) {
        dt_cells_worth(sweep, cell, 1, sweep->world->payment, sweep->value, actors, value);
        return true;
    }
    dt_cells_worth(sweep, cell, menu->cells, sweep->world->payment, sweep->value, actors,
                   sweep->worth);
    double *sigma = dt_strategy_at(&sweep->solution->strategy, game, t, node);
    if (menu->agents == 1) {
        const dt_agent *agent = &game->rules->agent[menu->agent[0]];
        for (int c = 0; c < menu->cells; c++) {
            sweep->q[c] = dt_agent_worth(agent, sweep->worth + (size_t)c * actors);
            if (!isfinite(sweep->q[c]))
                return false;
        }
        choose(sweep, sweep->world->rationality[menu->agent[0]], menu->cells, sigma);
    } else {
        if (guess)
            guess += game->node_option[node];
        if (!play_together(sweep, node, t, menu, guess, sigma))
            return false;
    }
    dt_joint(menu, sigma, sweep->joint);
    dt_average(sweep->joint, sweep->worth, menu->cells, actors, value);
    if (sweep->solution->values == DT_VALUES_SURPLUS) {
        const double *q = sweep->q;
        for (int k = 0; k < menu->agents; q += menu->options[k++]) {
            const dt_agent *agent = &game->rules->agent[menu->agent[k]];
            assert(agent->members == 1);
            value[agent->member[0]] =
                dt_surplus(sweep->world->rationality[menu->agent[k]], q, menu->options[k]);
        }
    }
    return true;
}

/* False if the value of a leaf is too large. */
static bool run_leaf(dt_sweep *sweep, uint32_t leaf)
{
    const dt_game *game = sweep->game;
    const size_t actors = sweep->actors;
    double *value = sweep->value + (game->nodes + (size_t)leaf) * actors;
    const double *paid = sweep->world->payment + game->leaf_payoff[leaf] * actors;
    const uint32_t next = game->leaf_next[leaf];
    assert(next == DT_NOWHERE || next < game->states);
    bool fine = true;
    for (size_t i = 0; i < actors; i++) {
        value[i] = paid[i];
        if (next != DT_NOWHERE)
            value[i] += sweep->world->discount[i] * sweep->next[next * actors + i];
        fine &= fabs(value[i]) <= MOST_VALUE;
    }
    return fine;
}

dt_sweep_end dt_sweep_run(dt_sweep *sweep, uint32_t t, const double *guess)
{
    const dt_game *game = sweep->game;
    uint32_t since = 0;
    assert(t == DT_EVERY_PERIOD ? game->forever : t < game->periods);
    for (uint32_t stage = game->stages + 1; stage-- > 0;) {
        const uint32_t first = game->stage_first[stage];
        const uint32_t count = dt_game_count(game, stage, t);
        for (uint32_t place = first; place < first + count; place++) {
            bool fine = place < game->nodes ? run_node(sweep, place, t, guess)
                                            : run_leaf(sweep, place - game->nodes);
            if (!fine) {
                sweep->overflow = place;
                return DT_SWEEP_OVERFLOW;
            }
            if (++since == STRIDE) {
                since = 0;
                if (!dt_sweep_progress(sweep))
                    return DT_SWEEP_INTERRUPTED;
            }
        }
    }
    return DT_SWEEP_DONE;
}
