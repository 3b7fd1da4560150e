/*
 * Functionals by the forward pass. The cells of a node are played side by side, each with masses of
 * its own, and the masses are followed to the end. Outcomes are counted as those of the whole game are
 * (outcomes.c), from the node's period on. Of what is paid, equal payments are one row of the game: a
 * period's masses are first gathered by rows; then every functional reads each row once:
 *
 *     W(c) = Σ_k δ^k Σ_row mass_k(row | c) paid(row)
 *
 * With lookahead forever the sum goes on until what is cut off is below 1e-13 of the largest sum that
 * payments could reach. Invariant: the plain masses of a cell's places, with those that have ended,
 * sum to one.
 */
#include "trace/functional.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "trace/outcomes.h"
#include "trace/profile.h"

enum { MOST_CELLS = 16 }; /* played side by side */

typedef struct pass {
    const dt_solution *solution;
    const dt_functional *functional;
    size_t count;
    size_t cells;       /* played side by side: the width of what follows */
    dt_forward *flow;   /* its masses: the cells', and for each gate of the outcomes as many */
    dt_outcomes *found; /* from the node's period on */

    double *paid;       /* [rows][cells] plain mass at cells and leaves that pay the row */
    double *taste;      /* [actors][cells] Σ mass H/λ of the period; NULL with average values */
    double *discount;   /* [actors] δ^k of the period */
    size_t *term_place; /* [terms] 1 + the functional that reads a column; 0: none */
    double *worth;      /* [count][cells] */
} pass;

/* ---- what is paid ------------------------------------------------------------------------------ */

static void add(double *restrict to, const double *restrict from, double share, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += share * from[i];
}

/* H(σ)/λ for each agent that moves here. */
static void add_taste(const pass *p, const dt_menu *menu, const double *sigma, const double *mass)
{
    const dt_game *game = p->solution->game;
    for (int k = 0; k < menu->agents; sigma += menu->options[k], k++) {
        const dt_agent *agent = &game->rules->agent[menu->agent[k]];
        assert(!agent->team && "surplus values aren't defined for teams");
        double entropy = 0;
        for (int o = 0; o < menu->options[k]; o++)
            entropy -= sigma[o] > 0 ? sigma[o] * log(sigma[o]) : 0;
        add(p->taste + (size_t)agent->member[0] * p->cells, mass,
            entropy / p->solution->world->rationality[menu->agent[k]], p->cells);
    }
}

/* Gathers where the mass of period t, which is spread, is paid. */
static void gather(const pass *p, const double *strategy, uint32_t t)
{
    const dt_game *game = p->solution->game;
    const double *mass;
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint32_t first = game->stage_first[s], count = dt_game_count(game, s, t);
        for (uint32_t n = first; n < first + count; n++) {
            mass = p->flow->mass + n * p->flow->stride;
            if (dt_is_nothing(mass, p->cells))
                continue;
            const dt_menu *menu = &game->menu[game->node_menu[n]];
            const double *sigma = strategy + game->node_option[n];
            if (p->taste)
                add_taste(p, menu, sigma, mass);
            const double *profile = dt_profile(menu, sigma, p->flow->space);
            for (int c = 0; c < menu->cells; c++) {
                const uint32_t row = dt_cell_row(game, game->node_cell[n] + (uint64_t)c);
                if (row != 0)
                    add(p->paid + row * p->cells, mass, profile[c], p->cells);
            }
        }
    }
    mass = p->flow->mass + game->nodes * p->flow->stride;
    for (uint32_t l = 0; l < dt_game_count(game, game->stages, t); l++, mass += p->flow->stride)
        add(p->paid + game->leaf_payoff[l] * p->cells, mass, 1, p->cells);
}

/* A period's payments, each discounted by whose they are. */
static void read_payments(const pass *p, uint32_t t)
{
    const dt_game *game = p->solution->game;
    const dt_world *world = dt_solution_world(p->solution, t);
    const size_t actors = (size_t)game->model->actors;
    for (uint32_t row = 0; row < game->rows; row++) {
        const double *mass = p->paid + row * p->cells;
        if (dt_is_nothing(mass, p->cells))
            continue;
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const uint32_t term = game->row_column[e];
            if (p->term_place[term])
                add(p->worth + (p->term_place[term] - 1) * p->cells, mass,
                    p->discount[game->rules->term_actor[term]] *
                        world->coefficient[game->row_coefficient[e]],
                    p->cells);
        }
        for (size_t f = 0; f < p->count; f++) {
            const int actor = p->functional[f].index;
            if (p->functional[f].kind == DT_FUNCTIONAL_VALUE)
                add(p->worth + f * p->cells, mass,
                    p->discount[actor] * world->payment[row * actors + (size_t)actor], p->cells);
        }
    }
    for (size_t f = 0; p->taste && f < p->count; f++) {
        const dt_functional_kind kind = p->functional[f].kind;
        const int actor = p->functional[f].index;
        if (kind == DT_FUNCTIONAL_VALUE || kind == DT_FUNCTIONAL_TASTE)
            add(p->worth + f * p->cells, p->taste + (size_t)actor * p->cells, p->discount[actor],
                p->cells);
    }
    memset(p->paid, 0, game->rows * p->cells * sizeof *p->paid);
    if (p->taste)
        memset(p->taste, 0, actors * p->cells * sizeof *p->taste);
}

/* ---- the whole --------------------------------------------------------------------------------- */

/* Puts the masses of cells first … first + cells - 1 in period t, which are 1, where they lead and where they
 * are paid. */
static void start(pass *p, uint32_t t, uint64_t first, size_t cells)
{
    const dt_game *game = p->solution->game;
    dt_forward_clear(p->flow, p->found->masses * p->cells);
    dt_forward_turn(p->flow, t);
    for (size_t c = 0; c < cells; c++) {
        p->paid[dt_cell_row(game, first + c) * p->cells + c] += 1;
        for (size_t m = 0; m < p->found->masses; m++)
            dt_forward_enter(p->flow, first + c, m * p->cells + c, 1);
    }
    for (int i = 0; i < game->model->actors; i++)
        p->discount[i] = 1;
    memset(p->worth, 0, p->count * p->cells * sizeof *p->worth);
    dt_outcomes_begin(p->found);
}

/* Plays what was started in period `from` to the end. */
static void play(pass *p, uint32_t from, dt_arena *arena, const dt_options *options)
{
    const dt_game *game = p->solution->game;
    const uint32_t far = game->forever ? from + dt_forward_far(p->solution, 1e-13) : game->periods;
    const uint32_t end = far > game->horizon ? far : game->horizon;
    for (uint32_t t = from; t < end; t++) {
        const double *strategy = dt_strategy_of(p->solution->strategy, game, t);
        if (t > from)
            dt_forward_place(p->flow, t);
        for (uint32_t s = 0; s < game->stages; s++)
            dt_forward_pass(p->flow, strategy, t, s);
        gather(p, strategy, t);
        read_payments(p, t);
        if (t < game->horizon)
            dt_outcomes_count(p->found, p->flow, t);
        dt_forward_carry(p->flow, t);
        if (t + 1 >= game->horizon && dt_is_nothing(p->flow->begin, game->states * p->flow->stride))
            break;                  /* and what stands isn't counted any more */
        if (t + 1 == game->horizon) /* past it nothing goes through gates any more */
            dt_forward_narrow(p->flow, p->cells);
        dt_progress(arena, options, "explaining", (t + 1.0 - from) / (end - from));
        for (int i = 0; i < game->model->actors; i++)
            p->discount[i] *= p->solution->world->discount[i];
    }
    dt_outcomes_end(p->found, p->solution->world->coefficient);
}

void dt_functionals_cells(dt_arena *arena, const dt_solution *solution, uint32_t t, uint32_t node,
                          const dt_functional *functional, size_t count, const dt_options *options,
                          double *worth)
{
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    const size_t all = (size_t)game->menu[game->node_menu[node]].cells;
    const size_t most = all < MOST_CELLS ? all : MOST_CELLS;
    assert(t < game->horizon && node < game->nodes);
    pass p = {solution, functional, count, .cells = most};
    p.found = dt_outcomes_new(arena, game, (size_t)model->declared_outcomes, most);
    p.found->shared = true;
    p.found->periods = game->horizon - t;
    p.flow = dt_forward_make(arena, game, solution->world->coefficient, 1, p.found->masses * most,
                             DT_KERNEL_AUTO);
    p.flow->solution = solution;
    p.flow->plain = most;
    p.paid = dt_new(arena, double, (size_t)game->rows *most);
    if (solution->values == DT_VALUES_SURPLUS)
        p.taste = dt_new(arena, double, (size_t)model->actors *most);
    p.discount = dt_new(arena, double, (size_t)model->actors);
    p.worth = dt_new(arena, double, count *most);
    p.term_place = dt_new(arena, size_t, (size_t)model->terms);
    for (size_t f = 0; f < count; f++) {
        if (functional[f].kind == DT_FUNCTIONAL_TERM)
            p.term_place[functional[f].index] = f + 1;
    }
    for (size_t done = 0; done < all; done += most) {
        const size_t cells = all - done < most ? all - done : most;
        start(&p, t, game->node_cell[node] + done, cells);
        play(&p, t, arena, options);
        for (size_t c = 0; c < cells; c++) {
            for (size_t f = 0; f < count; f++)
                worth[(done + c) * count + f] =
                    functional[f].kind == DT_FUNCTIONAL_OUTCOME
                        ? p.found->value[(size_t)functional[f].index * most + c]
                        : p.worth[f * most + c];
        }
    }
}
