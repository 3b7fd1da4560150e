/*
 * Functionals with private variables, by the exact chain over places, points and types
 * (solve/private_chain.h). The chain begins at the node, with the type that chooses and the others' types as
 * they are believed, leaves it by the option, and is followed to the end. There everybody has a true type,
 * so that a payment is that of the type, and
 *
 *     W_k(a) = Σ_s δ^s Σ_row Σ_type mass_s(row, type | k, a) paid(row, type).
 *
 * An option that its strategy wouldn't take with such odds changes nobody's beliefs after it: so W_k is the
 * Q of the type, and the solver, which found it backward, must agree. With lookahead forever the sum goes on
 * until what is cut off is below 1e-13 of the largest sum that payments could reach.
 */
#include "trace/typed_functional.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "trace/outcomes.h"

struct dt_typed_functionals {
    const dt_solution *solution;
    dt_private *work;
    const dt_functional *functional;
    size_t count;
    dt_outcomes_private *found;
    double *share;      /* [types] with which the chain begins */
    double *paid;       /* [rows][types] plain mass at cells and leaves that pay the row */
    double *taste;      /* [actors] Σ mass H/λ of the period; NULL with average values */
    double *discount;   /* [actors] δ^s of the period */
    size_t *term_place; /* [terms] 1 + the functional that reads a column; 0: none */
};

/* Outcomes to be followed: up to the last that is asked for. */
static size_t count_outcomes(const dt_functional *functional, size_t count)
{
    size_t outcomes = 0;
    for (size_t f = 0; f < count; f++) {
        if (functional[f].kind == DT_FUNCTIONAL_OUTCOME && (size_t)functional[f].index >= outcomes)
            outcomes = (size_t)functional[f].index + 1;
    }
    return outcomes;
}

dt_typed_functionals *dt_typed_functionals_new(dt_arena *arena, const dt_solution *solution,
                                               const dt_functional *functional, size_t count)
{
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    dt_typed_functionals *all = dt_new(arena, dt_typed_functionals, 1);
    assert(solution->private);
    all->solution = solution;
    all->work = solution->private;
    all->functional = functional;
    all->count = count;
    all->found =
        dt_outcomes_private_new(arena, solution->private, count_outcomes(functional, count));
    all->share = dt_new(arena, double, game->types);
    all->paid = dt_new(arena, double, (size_t)game->rows * game->types);
    if (solution->values == DT_VALUES_SURPLUS)
        all->taste = dt_new(arena, double, (size_t)model->actors);
    all->discount = dt_new(arena, double, (size_t)model->actors);
    all->term_place = dt_new(arena, size_t, (size_t)model->terms);
    for (size_t f = 0; f < count; f++) {
        if (functional[f].kind == DT_FUNCTIONAL_TERM)
            all->term_place[functional[f].index] = f + 1;
    }
    return all;
}

/* ---- what is played ---------------------------------------------------------------------------- */

/* The rank of what an agent of a menu knows; 0 if it owns nothing. */
static int own_rank(const dt_beliefs *beliefs, const dt_menu *menu, int k, uint32_t type)
{
    const int x = beliefs->agent_variable[menu->agent[k]];
    return x < 0 ? 0 : dt_beliefs_rank(beliefs, (size_t)x, type);
}

double dt_typed_cell(const dt_typed_strategy *strategy, const dt_choice_at *at, uint32_t type,
                     int cell, bool held)
{
    const dt_beliefs *beliefs = strategy->beliefs;
    const dt_game *game = beliefs->game;
    const dt_menu *menu = &game->menu[game->node_menu[at->node]];
    const dt_held *bound = held ? &at->held : NULL;
    double chance = !dt_is_barred(bound, menu, cell);
    for (int k = menu->agents - 1, rest = cell; k >= 0 && chance > 0;
         rest /= menu->options[k], k--) {
        if (!dt_is_held(bound, k))
            chance *= dt_typed_at(strategy, at->t, at->node, at->point, k,
                                  own_rank(beliefs, menu, k, type), rest % menu->options[k]);
    }
    return chance;
}

/* ---- what is paid ------------------------------------------------------------------------------ */

/* Adds what is paid in the cells of a node where so much of each type [types] is. */
static void pay_node(const dt_typed_functionals *all, const dt_choice_at *at, const double *mass,
                     bool held)
{
    const dt_game *game = all->solution->game;
    const dt_menu *menu = &game->menu[game->node_menu[at->node]];
    for (int c = 0; c < menu->cells; c++) {
        const uint32_t row = dt_cell_row(game, game->node_cell[at->node] + (uint64_t)c);
        for (uint32_t type = 0; type < game->types && row != 0; type++) {
            if (mass[type] != 0)
                all->paid[row * game->types + type] +=
                    mass[type] * dt_typed_cell(&all->work->strategy, at, type, c, held);
        }
    }
}

/* H(σ)/λ for each agent that moves at a node. */
static void add_taste(const dt_typed_functionals *all, const dt_choice_at *at, const double *mass)
{
    const dt_game *game = all->solution->game;
    const dt_menu *menu = &game->menu[game->node_menu[at->node]];
    const dt_world *typed = all->work->typed;
    for (int k = 0; k < menu->agents; k++) {
        const dt_agent *agent = &game->rules->agent[menu->agent[k]];
        assert(!agent->team && "surplus values aren't defined for teams");
        for (uint32_t type = 0; type < game->types; type++) {
            const int rank = own_rank(all->work->plan->beliefs, menu, k, type);
            double entropy = 0;
            for (int o = 0; o < menu->options[k] && mass[type] != 0; o++) {
                const double p =
                    dt_typed_at(&all->work->strategy, at->t, at->node, at->point, k, rank, o);
                entropy -= p > 0 ? p * log(p) : 0;
            }
            all->taste[agent->member[0]] +=
                mass[type] * entropy / typed->rationality[(size_t)menu->agent[k] * typed->width];
        }
    }
}

/* Gathers where the mass of a period, which has been passed, is paid. */
static void gather(const dt_typed_functionals *all, uint32_t t)
{
    const dt_game *game = all->solution->game;
    const dt_private_chain *chain = all->found->chain;
    const size_t types = game->types;
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint32_t first = game->stage_first[s], count = dt_game_count(game, s, t);
        for (uint32_t n = first; n < first + count; n++) {
            const double *mass = chain->mass + n * chain->stride;
            for (size_t point = 0; point * types < chain->columns; point++, mass += types) {
                if (dt_is_nothing(mass, types))
                    continue;
                const dt_choice_at at = {.t = t, .node = n, .point = (uint32_t)point};
                pay_node(all, &at, mass, false);
                if (all->taste)
                    add_taste(all, &at, mass);
            }
        }
    }
    for (uint32_t l = 0; l < dt_game_count(game, game->stages, t); l++) {
        const double *mass = chain->mass + ((size_t)game->nodes + l) * chain->stride;
        for (size_t w = 0; w < chain->columns; w++)
            all->paid[game->leaf_payoff[l] * types + w % types] += mass[w];
    }
}

/* A period's payments, each at the type that is paid it and discounted by whose it is. */
static void read_payments(const dt_typed_functionals *all, double *worth)
{
    const dt_game *game = all->solution->game;
    const dt_world *typed = all->work->typed;
    const size_t actors = (size_t)game->model->actors, types = game->types;
    for (uint32_t row = 0; row < game->rows; row++) {
        const double *mass = all->paid + row * types;
        for (size_t type = 0; type < types; type++) {
            if (mass[type] == 0)
                continue;
            for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
                const uint32_t term = game->row_column[e];
                if (all->term_place[term])
                    worth[all->term_place[term] - 1] +=
                        mass[type] * all->discount[game->rules->term_actor[term]] *
                        typed->coefficient[game->row_coefficient[e] * types + type];
            }
            for (size_t f = 0; f < all->count; f++) {
                const size_t actor = (size_t)all->functional[f].index;
                if (all->functional[f].kind == DT_FUNCTIONAL_VALUE)
                    worth[f] += mass[type] * all->discount[actor] *
                                typed->payment[(row * actors + actor) * types + type];
            }
        }
    }
    for (size_t f = 0; all->taste && f < all->count; f++) {
        const dt_functional_kind kind = all->functional[f].kind;
        const int actor = all->functional[f].index;
        if (kind == DT_FUNCTIONAL_VALUE || kind == DT_FUNCTIONAL_TASTE)
            worth[f] += all->taste[actor] * all->discount[actor];
    }
    memset(all->paid, 0, (size_t)game->rows * types * sizeof *all->paid);
    if (all->taste)
        memset(all->taste, 0, actors * sizeof *all->taste);
}

/* ---- the whole --------------------------------------------------------------------------------- */

/* The joint types that there can be, by what is believed of what isn't given. */
static void set_share(const dt_typed_functionals *all, const dt_choice_at *choice)
{
    const dt_beliefs *beliefs = all->work->plan->beliefs;
    for (uint32_t type = 0; type < beliefs->types; type++) {
        all->share[type] = 1;
        for (size_t x = 0; x < beliefs->variables; x++) {
            const int rank = dt_beliefs_rank(beliefs, x, type);
            all->share[type] *= choice->rank[x] >= 0
                                    ? rank == choice->rank[x]
                                    : dt_beliefs_at(beliefs, x, choice->point)[rank];
        }
    }
}

void dt_typed_functionals_find(dt_typed_functionals *all, dt_arena *arena,
                               const dt_choice_at *choice, const dt_options *options, double *worth)
{
    const dt_game *game = all->solution->game;
    const uint32_t from = choice->t;
    const uint32_t far =
        game->forever ? from + dt_forward_far(all->solution, 1e-13) : game->periods;
    const uint32_t end = far > game->horizon ? far : game->horizon;
    dt_private_chain *chain = all->found->chain;
    assert(from < game->horizon && choice->node < game->nodes);
    memset(worth, 0, all->count * sizeof *worth);
    for (int i = 0; i < game->model->actors; i++)
        all->discount[i] = 1;
    set_share(all, choice);
    dt_outcomes_private_begin(all->found, game->horizon - from);
    dt_private_chain_stand(chain, from);
    dt_private_chain_enter(chain, choice->node, choice->point, all->share, &choice->held);
    dt_private_chain_pass(chain);
    pay_node(all, choice, all->share, true);
    for (uint32_t t = from; t < end; t++) {
        if (t > from)
            dt_private_chain_to(chain, t);
        gather(all, t);
        read_payments(all, worth);
        if (t < game->horizon)
            dt_outcomes_private_count(all->found, t);
        dt_progress(arena, options, "explaining", (t + 1.0 - from) / (end - from));
        for (size_t i = 0; i < (size_t)game->model->actors; i++)
            all->discount[i] *= all->work->typed->discount[i * all->work->typed->width];
    }
    dt_outcomes_private_end(all->found);
    for (size_t f = 0; f < all->count; f++) {
        if (all->functional[f].kind == DT_FUNCTIONAL_OUTCOME)
            worth[f] = all->found->all->value[all->functional[f].index];
    }
}
