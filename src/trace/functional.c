/*
 * Functionals by the forward pass. The cells of a node are played side by side, each with masses of
 * its own, and the masses are followed to the end. As equal payments are one row of the game, a
 * period's masses are first gathered by rows; then every functional reads each row once:
 *
 *     W(c) = Σ_k δ^k Σ_row mass_k(row | c) paid(row)
 *
 * For `ever` and `first` the part of the mass on which the condition hasn't held yet runs beside it.
 * With lookahead forever the sum goes on until what is cut off is below 1e-13 of the largest sum that
 * payments could reach. Invariant: the plain masses of a cell's places, with those that have ended,
 * sum to one.
 */
#include "trace/functional.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "trace/profile.h"

enum { MOST_CELLS = 16 }; /* played side by side */

typedef struct pass {
    const dt_solution *solution;
    dt_arena *arena; /* and options: for dt_progress */
    const dt_options *options;
    const dt_functional *functional;
    size_t count;
    uint32_t from; /* the period of the node */
    size_t cells;  /* played side by side */
    size_t gates;  /* outcomes `ever` or `first` */
    size_t lanes;  /* cells × (1 + gates): plain masses first, then those of each gate */

    double *mass;     /* [nodes+leaves][lanes] */
    double *begin;    /* [states][lanes] */
    double *paid;     /* [rows][cells] plain mass at cells and leaves that pay the row */
    double *read;     /* [rows][cells] plain mass at leaves whose outcome arguments are the row */
    double *standing; /* [rows][cells] the same for states that stand since an end */
    double *taste;    /* [actors][cells] Σ mass H/λ of the period; NULL with average values */
    double *space;    /* work space of dt_profile */
    double *discount; /* [actors] δ^k of the period */

    size_t *term_place, *outcome_place; /* 1 + the functional that reads a column; 0: none */
    size_t *gate_place;                 /* [gates] the functional */
    uint8_t *hits;                      /* [rows][gates] whether the gate's condition holds */
    double *worth;                      /* [cells][count] */
} pass;

/* ---- what is read where ------------------------------------------------------------------------ */

static void place_functionals(pass *p, dt_arena *arena)
{
    const dt_game *game = p->solution->game;
    const dt_model *model = game->model;
    p->term_place = dt_new(arena, size_t, (size_t)model->terms);
    p->outcome_place = dt_new(arena, size_t, (size_t)model->outcomes);
    p->gate_place = dt_new(arena, size_t, p->count);
    size_t *gate_of = dt_new(arena, size_t, (size_t)model->outcomes); /* 1 + gate */
    for (size_t f = 0; f < p->count; f++) {
        const dt_functional *which = &p->functional[f];
        if (which->kind == DT_FUNCTIONAL_TERM)
            p->term_place[which->index] = f + 1;
        if (which->kind != DT_FUNCTIONAL_OUTCOME)
            continue;
        if (dt_form_table[model->outcome[which->index].form].gate) {
            p->gate_place[p->gates] = f;
            gate_of[which->index] = ++p->gates;
        } else {
            p->outcome_place[which->index] = f + 1;
        }
    }
    p->hits = dt_new(arena, uint8_t, (size_t)game->rows * p->gates);
    for (uint32_t row = 0; p->gates && row < game->rows; row++) {
        if (game->row_pays[row])
            continue;
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const size_t gate = gate_of[game->row_column[e]];
            if (gate)
                p->hits[row * p->gates + gate - 1] =
                    p->solution->world->coefficient[game->row_coefficient[e]] != 0;
        }
    }
}

/* ---- the masses -------------------------------------------------------------------------------- */

static bool is_empty(const pass *p, const double *mass)
{
    for (size_t c = 0; c < p->cells; c++) {
        if (mass[c] != 0)
            return false;
    }
    return true;
}

static void add(double *restrict to, const double *restrict from, double share, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] += share * from[i];
}

static void spread_cell(const pass *p, uint64_t cell, const double *mass, double played)
{
    const dt_game *game = p->solution->game;
    const uint32_t *chance = dt_cell_coefficients(game, cell);
    add(p->paid + dt_cell_row(game, cell) * p->cells, mass, played, p->cells);
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++, chance++) {
        const double share = p->solution->world->coefficient[*chance];
        if (share != 0)
            add(p->mass + (size_t)game->branch_target[b] * p->lanes, mass, played * share,
                p->lanes);
    }
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

/* Spreads all mass of a period over its leaves. */
static void spread(const pass *p, uint32_t t)
{
    const dt_game *game = p->solution->game;
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint32_t first = game->stage_first[s];
        for (uint32_t n = first; n < first + dt_game_count(game, s, t); n++) {
            double *mass = p->mass + (size_t)n * p->lanes;
            if (is_empty(p, mass))
                continue;
            const dt_menu *menu = &game->menu[game->node_menu[n]];
            const double *sigma = dt_strategy_at(&p->solution->strategy, game, t, n);
            if (p->taste)
                add_taste(p, menu, sigma, mass);
            const double *profile = dt_profile(menu, sigma, p->space);
            for (int c = 0; c < menu->cells; c++) {
                if (profile[c] != 0)
                    spread_cell(p, game->node_cell[n] + (uint64_t)c, mass, profile[c]);
            }
            memset(mass, 0, p->lanes * sizeof *mass);
        }
    }
}

/* What holds at a leaf goes through its gate: told, and gone from the gate's mass. */
static void pass_gates(const pass *p, uint32_t t, uint32_t row, double *mass)
{
    const dt_game *game = p->solution->game;
    for (size_t g = 0; g < p->gates; g++) {
        if (!p->hits[row * p->gates + g])
            continue;
        const size_t f = p->gate_place[g];
        const double change = dt_form_now(game->model->outcome[p->functional[f].index].form,
                                          game->horizon - t - 1, game->horizon - p->from);
        double *open = mass + (1 + g) * p->cells;
        for (size_t c = 0; c < p->cells; c++) {
            p->worth[c * p->count + f] += change * open[c];
            open[c] = 0;
        }
    }
}

/* Gathers what leaves pay and carries their mass into the next period; false if none is left. Past
 * the horizon nothing goes through gates any more: only the plain masses go on. */
static bool carry(pass *p, uint32_t t)
{
    const dt_game *game = p->solution->game;
    const size_t kept = t + 1 == game->horizon ? p->cells : p->lanes;
    const bool last = !game->forever && t + 1 == game->periods;
    bool more = false;
    memset(p->begin, 0, (size_t)game->states * kept * sizeof *p->begin);
    for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
        double *mass = p->mass + ((size_t)game->nodes + leaf) * p->lanes;
        if (is_empty(p, mass))
            continue;
        add(p->paid + game->leaf_payoff[leaf] * p->cells, mass, 1, p->cells);
        if (t < game->horizon) {
            add(p->read + game->leaf_outcome[leaf] * p->cells, mass, 1, p->cells);
            pass_gates(p, t, game->leaf_outcome[leaf], mass);
            if (game->leaf_ended[leaf])
                add(p->standing + game->leaf_standing[leaf] * p->cells, mass, 1, p->cells);
        }
        const uint32_t next = game->leaf_next[leaf];
        if (!last && next != DT_NOWHERE) {
            add(p->begin + (size_t)next * kept, mass, 1, kept);
            more = true;
        }
        memset(mass, 0, p->lanes * sizeof *mass);
    }
    p->lanes = kept;
    for (uint32_t state = 0; more && state < game->states; state++) {
        const double *mass = p->begin + (size_t)state * p->lanes;
        if (!is_empty(p, mass))
            add(p->mass + (size_t)game->state_place[state] * p->lanes, mass, 1, p->lanes);
    }
    return more;
}

/* ---- from masses to functionals ---------------------------------------------------------------- */

static void gain(const pass *p, size_t f, double number, const double *mass)
{
    for (size_t c = 0; c < p->cells; c++)
        p->worth[c * p->count + f] += number * mass[c];
}

/* A period's payments, each discounted by whose they are. */
static void read_payments(const pass *p)
{
    const dt_game *game = p->solution->game;
    const dt_world *world = p->solution->world;
    const size_t actors = (size_t)game->model->actors;
    for (uint32_t row = 0; row < game->rows; row++) {
        const double *mass = p->paid + row * p->cells;
        if (is_empty(p, mass))
            continue;
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const uint32_t term = game->row_column[e];
            if (p->term_place[term])
                gain(p, p->term_place[term] - 1,
                     p->discount[game->rules->term_actor[term]] *
                         world->coefficient[game->row_coefficient[e]],
                     mass);
        }
        for (size_t f = 0; f < p->count; f++) {
            const int actor = p->functional[f].index;
            if (p->functional[f].kind == DT_FUNCTIONAL_VALUE)
                gain(p, f, p->discount[actor] * world->payment[row * actors + (size_t)actor], mass);
        }
    }
    for (size_t f = 0; p->taste && f < p->count; f++) {
        const dt_functional_kind kind = p->functional[f].kind;
        const int actor = p->functional[f].index;
        if (kind == DT_FUNCTIONAL_VALUE || kind == DT_FUNCTIONAL_TASTE)
            gain(p, f, p->discount[actor], p->taste + (size_t)actor * p->cells);
    }
}

/* What a form makes of an argument now, or of that of a state which stands since an earlier end. */
static double weight(const pass *p, uint32_t t, dt_form form, bool stands)
{
    const uint32_t left = p->solution->game->horizon - t - 1;
    const uint32_t periods = p->solution->game->horizon - p->from;
    return stands ? dt_form_stands(form, left, periods) : dt_form_now(form, left, periods);
}

static void read_arguments(const pass *p, uint32_t t, const double *masses, bool stands)
{
    const dt_game *game = p->solution->game;
    for (uint32_t row = 0; row < game->rows; row++) {
        const double *mass = masses + row * p->cells;
        if (is_empty(p, mass))
            continue;
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const uint32_t o = game->row_column[e];
            const double share =
                p->outcome_place[o] ? weight(p, t, game->model->outcome[o].form, stands) : 0;
            if (share != 0)
                gain(p, p->outcome_place[o] - 1,
                     share * p->solution->world->coefficient[game->row_coefficient[e]], mass);
        }
    }
}

/* ---- the whole --------------------------------------------------------------------------------- */

/* The least N with δ^N ≤ 1e-13 for the largest discount δ, so that the tail cut off, at most
 * δ^N M/(1-δ) with payments up to M, is below 1e-13 of M/(1-δ). */
static uint32_t periods_that_matter(const pass *p)
{
    double most = 0;
    for (int i = 0; i < p->solution->game->model->actors; i++)
        most = fmax(most, p->solution->world->discount[i]);
    assert(most < 1);
    return most == 0 ? 1 : (uint32_t)fmin(ceil(log(1e-13) / log(most)), 1e8);
}

static void clear(const pass *p)
{
    const dt_game *game = p->solution->game;
    const size_t rows = (size_t)game->rows * p->cells;
    memset(p->paid, 0, rows * sizeof *p->paid);
    memset(p->read, 0, rows * sizeof *p->read);
    if (p->taste)
        memset(p->taste, 0, (size_t)game->model->actors * p->cells * sizeof *p->taste);
}

/* Plays cells first_cell … first_cell + p->cells - 1 of the node to the end. */
static void play_cells(pass *p, uint64_t first_cell)
{
    const dt_game *game = p->solution->game;
    const size_t places = (size_t)game->nodes + game->leaves;
    double *unit = p->space; /* before dt_profile needs it: the masses of one cell */
    memset(p->mass, 0, places * p->lanes * sizeof *p->mass);
    memset(p->standing, 0, (size_t)game->rows * p->cells * sizeof *p->standing);
    clear(p);
    for (size_t c = 0; c < p->cells; c++) {
        memset(unit, 0, p->lanes * sizeof *unit);
        for (size_t lane = c; lane < p->lanes; lane += p->cells)
            unit[lane] = 1;
        spread_cell(p, first_cell + c, unit, 1);
        for (size_t g = 0; g < p->gates; g++) {
            const size_t f = p->gate_place[g];
            p->worth[c * p->count + f] += dt_form_none(
                game->model->outcome[p->functional[f].index].form, game->horizon - p->from);
        }
    }
    for (int i = 0; i < game->model->actors; i++)
        p->discount[i] = 1;
    const uint32_t far = game->forever ? p->from + periods_that_matter(p) : game->periods;
    const uint32_t end = far > game->horizon ? far : game->horizon;
    bool more = true;
    for (uint32_t t = p->from; t < end; t++) {
        if (!more && t >= game->horizon)
            break; /* all play has ended, and what stands isn't read any more */
        spread(p, t);
        if (t < game->horizon)
            read_arguments(p, t, p->standing, true); /* of earlier ends */
        more = carry(p, t);
        read_payments(p);
        if (t < game->horizon)
            read_arguments(p, t, p->read, false);
        clear(p);
        dt_progress(p->arena, p->options, "explaining", (t + 1.0 - p->from) / (end - p->from));
        for (int i = 0; i < game->model->actors; i++)
            p->discount[i] *= p->solution->world->discount[i];
    }
}

void dt_functionals_cells(dt_arena *arena, const dt_solution *solution, uint32_t t, uint32_t node,
                          const dt_functional *functional, size_t count, const dt_options *options,
                          double *worth)
{
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    const size_t cells = (size_t)game->menu[game->node_menu[node]].cells;
    assert(t < game->horizon && node < game->nodes);
    pass p = {solution, arena, options, functional, count, .from = t};
    place_functionals(&p, arena);
    const size_t most = cells < MOST_CELLS ? cells : MOST_CELLS;
    const size_t lanes = most * (1 + p.gates);
    const size_t profile = (size_t)dt_profile_room(game);
    p.mass = dt_new(arena, double, ((size_t)game->nodes + game->leaves) * lanes);
    p.begin = dt_new(arena, double, (size_t)game->states *lanes);
    p.paid = dt_new(arena, double, (size_t)game->rows *most);
    p.read = dt_new(arena, double, (size_t)game->rows *most);
    p.standing = dt_new(arena, double, (size_t)game->rows *most);
    if (solution->values == DT_VALUES_SURPLUS)
        p.taste = dt_new(arena, double, (size_t)model->actors *most);
    p.space = dt_new(arena, double, profile > lanes ? profile : lanes);
    p.discount = dt_new(arena, double, (size_t)model->actors);
    memset(worth, 0, cells * count * sizeof *worth);
    for (size_t done = 0; done < cells; done += p.cells) {
        p.cells = cells - done < most ? cells - done : most;
        p.lanes = p.cells * (1 + p.gates);
        p.worth = worth + done * count;
        play_cells(&p, game->node_cell[node] + done);
    }
}
