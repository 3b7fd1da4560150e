/*
 * Outcomes by the forward pass. Arguments aren't looked at on the way: what is added up is the mass
 * at the leaves of each row of arguments, in the three sums of outcomes.h, so that an outcome of a form
 * that is no gate is (by_now Σ now x + by_rest Σ rest x + by_last Σ last x) / T or undivided, with the
 * numbers of lang/form.h. Each gate has a mass of its own, which carries the probability that its
 * condition hasn't held yet: what is there when it holds is counted, and cut out.
 *
 * Mass whose play has ended leaves the flow: its last state stands for the periods that remain.
 *
 * Arguments that read `now` have another number in each period, and go on counting where a state stands:
 * of their rows the mass of the period, and the mass that stands, are kept apart and meet the numbers
 * of the period at once.
 * Invariant: a world's numbers depend on that world alone.
 */
#include "trace/outcomes.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "base/lane.h"
#include "game/dated.h"

#define COUNT_INLINE static inline __attribute__((always_inline))

size_t dt_outcomes_masses(const dt_game *game, size_t outcomes)
{
    size_t masses = 1;
    for (size_t o = 0; o < outcomes; o++)
        masses += dt_form_table[game->model->outcome[o].form].gate;
    return masses;
}

double dt_outcomes_bytes(const dt_game *game, size_t outcomes, size_t width)
{
    const double rows = game->rows, gates = (double)dt_outcomes_masses(game, outcomes) - 1;
    return (rows * DT_SUMS + 2.0 * game->dated_rows) * (double)width * sizeof(double) +
           (game->dated ? rows * sizeof(uint32_t) : 0) +
           rows * (sizeof(size_t) + gates * sizeof(dt_gate)) +
           (double)outcomes * (sizeof(size_t) + 2 * (double)width * sizeof(double));
}

dt_outcomes *dt_outcomes_new(dt_arena *arena, const dt_game *game, size_t outcomes, size_t width)
{
    dt_outcomes *all = dt_new(arena, dt_outcomes, 1);
    all->game = game;
    all->width = width;
    all->outcomes = outcomes;
    all->periods = game->horizon;
    all->masses = 1;
    all->gate_mass = dt_new(arena, size_t, outcomes);
    for (size_t o = 0; o < outcomes; o++) {
        if (dt_form_table[game->model->outcome[o].form].gate)
            all->gate_mass[o] = all->masses++;
    }
    all->gate_first = dt_new(arena, size_t, (size_t)game->rows + 1);
    all->gate = dt_take(arena, game->rows, (all->masses - 1) * sizeof(dt_gate));
    for (uint32_t row = 0; row < game->rows; row++) {
        size_t at = all->gate_first[row];
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const uint32_t o = game->row_column[e];
            if (!game->row_pays[row] && o < outcomes && all->gate_mass[o] > 0)
                all->gate[at++] = (dt_gate){all->gate_mass[o], o, game->row_coefficient[e]};
        }
        all->gate_first[row + 1] = at;
    }
    all->sum = dt_take(arena, game->rows, DT_SUMS * width * sizeof *all->sum);
    if (game->dated_rows) {
        all->now = dt_take(arena, game->dated_rows, width * sizeof *all->now);
        all->stood = dt_take(arena, game->dated_rows, width * sizeof *all->stood);
        all->dated = dt_new(arena, uint32_t, game->rows);
    }
    for (uint32_t i = 0; i < game->dated_rows; i++)
        all->dated[game->dated_row[i]] = i + 1;
    all->value = dt_take(arena, outcomes, width * sizeof *all->value);
    all->broken = dt_take(arena, outcomes, width * sizeof *all->broken);
    return all;
}

void dt_outcomes_begin(dt_outcomes *all)
{
    const dt_game *game = all->game;
    memset(all->sum, 0, game->rows * DT_SUMS * all->width * sizeof *all->sum);
    if (all->stood)
        memset(all->stood, 0, game->dated_rows * all->width * sizeof *all->stood);
    for (size_t o = 0; o < all->outcomes; o++) {
        for (size_t w = 0; w < all->width; w++) {
            all->value[o * all->width + w] =
                dt_form_none(game->model->outcome[o].form, all->periods);
            all->broken[o * all->width + w] = DT_NOWHERE;
        }
    }
}

/* Adds `share` times a leaf's mass to a sum of a row. */
COUNT_INLINE void add(dt_outcomes *all, uint32_t row, dt_sum kind, double share, const double *mass,
                      const size_t width)
{
    double *sum = all->sum + (row * DT_SUMS + (size_t)kind) * width;
    for (size_t w = 0; w < width; w++)
        sum[w] += share * mass[w];
}

/* What holds at a leaf goes through its gates: counted, and gone from their masses. */
COUNT_INLINE void pass_gates(dt_outcomes *all, const double *coefficient, uint32_t row,
                             uint32_t left, double *mass, const size_t width, const size_t worlds)
{
    for (size_t g = all->gate_first[row]; g < all->gate_first[row + 1]; g++) {
        const dt_gate *gate = &all->gate[g];
        const double *holds = coefficient + gate->coefficient * worlds;
        const double gained =
            dt_form_now(all->game->model->outcome[gate->outcome].form, left, all->periods);
        double *value = all->value + gate->outcome * width, *open = mass + gate->mass * width;
        for (size_t w = 0; w < width; w++) {
            const bool hit = holds[worlds > 1 ? w : 0] != 0;
            value[w] += hit ? gained * open[w] : 0;
            open[w] = hit ? 0 : open[w];
        }
    }
}

COUNT_INLINE void count(dt_outcomes *all, const dt_forward *forward, uint32_t t, const size_t width,
                        const size_t worlds)
{
    const dt_game *game = all->game;
    const uint32_t left = game->horizon - t - 1, leaves = dt_game_count(game, game->stages, t);
    double *mass = forward->mass + game->nodes * forward->stride + all->offset;
    for (uint32_t leaf = 0; leaf < leaves; leaf++, mass += forward->stride) {
        const uint32_t row = game->leaf_outcome[leaf];
        if (dt_is_nothing(mass, width))
            continue;
        add(all, row, DT_SUM_NOW, 1, mass, width);
        if (left == 0)
            add(all, row, DT_SUM_LAST, 1, mass, width);
        pass_gates(all, forward->coefficient, row, left, mass, width, worlds);
        if (game->leaf_ended[leaf] && left > 0) {
            add(all, game->leaf_standing[leaf], DT_SUM_REST, left, mass, width);
            add(all, game->leaf_standing[leaf], DT_SUM_LAST, 1, mass, width);
        }
    }
}

/* What a dated argument `x` adds to an outcome in one world in period t, with the mass of a row `i`. */
static void take_dated(dt_outcomes *all, uint32_t i, uint32_t o, size_t w, uint32_t t, double x)
{
    const dt_form form = all->game->model->outcome[o].form;
    const uint32_t left = all->game->horizon - t - 1;
    const double now = all->now[i * all->width + w], stood = all->stood[i * all->width + w];
    const bool gate = dt_form_table[form].gate;
    const double mass = gate ? now
                             : dt_form_now(form, left, all->periods) * now +
                                   dt_form_stands(form, left, all->periods) * stood;
    const size_t at = o * all->width + w;
    if (mass == 0)
        return;
    if (!isfinite(x) && all->broken[at] == DT_NOWHERE)
        all->broken[at] = all->game->dated_row[i];
    if (!gate)
        all->value[at] += mass * x;
}

/* The arguments that read `now` in period t, whose leaves have been passed: the plain masses are there. */
static void count_dated(dt_outcomes *all, const dt_forward *forward, uint32_t t)
{
    const dt_game *game = all->game;
    const size_t width = all->width;
    const uint32_t leaves = dt_game_count(game, game->stages, t);
    const double *mass = forward->mass + game->nodes * forward->stride + all->offset;
    memset(all->now, 0, game->dated_rows * width * sizeof *all->now);
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        const uint32_t i = all->dated[game->leaf_outcome[leaf]];
        for (size_t w = 0; i > 0 && w < width; w++)
            all->now[(i - 1) * width + w] += mass[leaf * forward->stride + w];
    }
    for (uint32_t i = 0; i < game->dated_rows; i++) {
        const uint32_t r = game->dated_row[i];
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && !game->row_pays[r];
             e++) {
            const uint32_t o = game->row_column[e], coefficient = game->row_coefficient[e];
            if (o >= all->outcomes || !dt_game_is_dated(game, coefficient))
                continue;
            const double *x = forward->coefficient + coefficient * (all->shared ? 1 : width);
            for (size_t w = 0; w < width; w++)
                take_dated(all, i, o, w, t, x[all->shared ? 0 : w]);
        }
    }
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        const uint32_t i = game->leaf_ended[leaf] ? all->dated[game->leaf_standing[leaf]] : 0;
        for (size_t w = 0; i > 0 && w < width; w++)
            all->stood[(i - 1) * width + w] += mass[leaf * forward->stride + w];
    }
}

void dt_outcomes_count(dt_outcomes *all, dt_forward *forward, uint32_t t)
{
    assert(t < all->game->horizon);
    assert(forward->masses * forward->width >= all->offset + all->masses * all->width);
    /* the usual widths are known to the compiler */
    if (all->width == 1)
        count(all, forward, t, 1, 1);
    else if (all->shared)
        count(all, forward, t, all->width, 1);
    else if (all->width == DT_WORLDS)
        count(all, forward, t, DT_WORLDS, DT_WORLDS);
    else
        count(all, forward, t, all->width, all->width);
    if (all->dated)
        count_dated(all, forward, t);
}

/* What a row's argument adds to an outcome in one world. */
static void take_argument(dt_outcomes *all, uint32_t row, uint32_t o, size_t w, double x)
{
    const dt_form form = all->game->model->outcome[o].form;
    const dt_form_meaning *f = &dt_form_table[form];
    const double *sum = all->sum + row * DT_SUMS * all->width + w;
    const double now = sum[DT_SUM_NOW * all->width], rest = sum[DT_SUM_REST * all->width];
    const double last = sum[DT_SUM_LAST * all->width];
    const double mass = f->by_now * now + f->by_rest * rest + f->by_last * last;
    const bool counts = f->gate ? now != 0 : mass != 0;
    const size_t at = o * all->width + w;
    if (!counts)
        return;
    if (!isfinite(x) && all->broken[at] == DT_NOWHERE)
        all->broken[at] = row;
    if (!f->gate)
        all->value[at] += (f->average ? mass / all->periods : mass) * x;
}

void dt_outcomes_end(dt_outcomes *all, const double *coefficient)
{
    const dt_game *game = all->game;
    for (uint32_t r = 0; r < game->rows; r++) {
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && !game->row_pays[r];
             e++) {
            const uint32_t o = game->row_column[e];
            const double *x =
                coefficient + game->row_coefficient[e] * (all->shared ? 1 : all->width);
            if (dt_game_is_dated(game, game->row_coefficient[e]))
                continue;
            for (size_t w = 0; w < all->width && o < all->outcomes; w++)
                take_argument(all, r, o, w, x[all->shared ? 0 : w]);
        }
    }
}

dt_outcomes_private *dt_outcomes_private_new(dt_arena *arena, dt_private *work, size_t outcomes)
{
    const dt_game *game = work->plan->game;
    const size_t width = (size_t)work->plan->beliefs->points * work->plan->beliefs->types;
    dt_outcomes_private *all = dt_new(arena, dt_outcomes_private, 1);
    all->by_column = dt_outcomes_new(arena, game, outcomes, width);
    all->all = dt_outcomes_new(arena, game, outcomes, 1);
    all->chain = dt_private_chain_new(arena, work, all->by_column->masses);
    return all;
}

double dt_outcomes_private_bytes(const dt_private_plan *plan, size_t outcomes)
{
    const dt_game *game = plan->game;
    const size_t width = (size_t)plan->beliefs->points * plan->beliefs->types;
    return dt_outcomes_bytes(game, outcomes, width) + dt_outcomes_bytes(game, outcomes, 1) +
           dt_private_chain_bytes(plan, dt_outcomes_masses(game, outcomes));
}

void dt_outcomes_private_begin(dt_outcomes_private *found, uint32_t periods)
{
    found->by_column->periods = found->all->periods = periods;
    dt_outcomes_begin(found->by_column);
    dt_outcomes_begin(found->all);
}

/* Points and types are worlds of a forward pass, */
void dt_outcomes_private_count(dt_outcomes_private *found, uint32_t t)
{
    const dt_private_chain *chain = found->chain;
    dt_forward forward = {.game = chain->game,
                          .width = chain->columns,
                          .masses = chain->masses,
                          .plain = 1,
                          .stride = chain->stride,
                          .coefficient = chain->world->coefficient,
                          .mass = chain->mass,
                          .begin = chain->begin};
    dt_outcomes_count(found->by_column, &forward, t);
}

/* whose outcomes add up. */
void dt_outcomes_private_end(dt_outcomes_private *found)
{
    const dt_outcomes *each = found->by_column;
    dt_outcomes *all = found->all;
    const size_t width = each->width;
    dt_outcomes_end(found->by_column, found->chain->world->coefficient);
    for (size_t o = 0; o < each->outcomes; o++) {
        const double none = dt_form_none(each->game->model->outcome[o].form, each->periods);
        for (size_t w = 0; w < width; w++) {
            all->value[o] += each->value[o * width + w] - none;
            if (all->broken[o] == DT_NOWHERE)
                all->broken[o] = each->broken[o * width + w];
        }
    }
}

/* Of a chain that is begun. */
static bool pass_horizon(dt_outcomes_private *found, bool (*go_on)(void *context, double done),
                         void *context)
{
    const uint32_t horizon = found->chain->game->horizon;
    dt_outcomes_private_begin(found, horizon);
    for (uint32_t t = 0; t < horizon; t++) {
        if (go_on && !go_on(context, (double)t / horizon))
            return false;
        dt_private_chain_to(found->chain, t);
        dt_outcomes_private_count(found, t);
    }
    dt_outcomes_private_end(found);
    return true;
}

bool dt_outcomes_private_find(dt_outcomes_private *found, bool (*go_on)(void *context, double done),
                              void *context)
{
    dt_private_chain_begin(found->chain);
    return pass_horizon(found, go_on, context);
}

bool dt_outcomes_private_given(dt_outcomes_private *found, size_t variable, int rank,
                               bool (*go_on)(void *context, double done), void *context)
{
    dt_private_chain_begin(found->chain);
    return dt_private_chain_given(found->chain, variable, rank) > 0 &&
           pass_horizon(found, go_on, context);
}

/* What tells of progress, and may leave by it. */
typedef struct teller {
    dt_arena *arena;
    const dt_options *options;
} teller;

static bool tell(void *context, double done)
{
    const teller *self = context;
    dt_progress(self->arena, self->options, "following play", done);
    return true;
}

dt_outcomes *dt_outcomes_forward(dt_arena *arena, const dt_solution *solution,
                                 const dt_options *options)
{
    return dt_outcomes_beside(arena, solution, NULL, NULL, options);
}

dt_outcomes *dt_outcomes_beside(dt_arena *arena, const dt_solution *solution, const double *other,
                                dt_outcomes **beside, const dt_options *options)
{
    const dt_game *game = solution->game;
    assert(!other || !solution->private);
    if (solution->private) {
        dt_outcomes_private *found =
            dt_outcomes_private_new(arena, solution->private, (size_t)game->model->outcomes);
        dt_outcomes_private_find(found, tell, &(teller){arena, options});
        return found->all;
    }
    dt_outcomes *all = dt_outcomes_new(arena, game, (size_t)game->model->outcomes, 1),
                *second = NULL;
    dt_forward *forward;
    if (other) {
        *beside = second = dt_outcomes_new(arena, game, (size_t)game->model->declared_outcomes, 1);
        forward = dt_forward_beside(arena, solution, all->masses, other, second->masses);
        second->offset = forward->split;
        dt_outcomes_begin(second);
    } else {
        forward = dt_forward_new(arena, solution, all->masses);
    }
    forward->forgets = true;
    assert(game->horizon <= game->periods);
    dt_outcomes_begin(all);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_progress(arena, options, "following play", (double)t / game->horizon);
        dt_forward_to(forward, t);
        dt_outcomes_count(all, forward, t);
        if (second)
            dt_outcomes_count(second, forward, t);
    }
    dt_outcomes_end(all, solution->world->coefficient);
    if (second)
        dt_outcomes_end(second, solution->world->coefficient);
    return all;
}

void dt_outcomes_take(const dt_outcomes *outcomes, double *value)
{
    assert(outcomes->width == 1);
    for (size_t o = 0; o < outcomes->outcomes; o++) {
        const bool known = outcomes->broken[o] == DT_NOWHERE && isfinite(outcomes->value[o]);
        value[o] = known ? outcomes->value[o] : (double)NAN;
    }
}

uint32_t dt_outcomes_place(const dt_game *game, uint32_t row)
{
    uint32_t leaf = 0;
    while (game->leaf_outcome[leaf] != row &&
           !(game->leaf_ended[leaf] && game->leaf_standing[leaf] == row))
        leaf++;
    assert(leaf < game->leaves);
    return game->nodes + leaf;
}

/* Tells of an outcome whose argument isn't finite at a place. */
static void complain(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                     int outcome, uint32_t place)
{
    const dt_game *game = solution->game;
    const dt_outcome *declared = &game->model->outcome[outcome];
    dt_text state = {.arena = arena};
    dt_text_print(&state, "in the state ");
    dt_game_describe(game, place, &state);
    dt_text_print(&state, "\nreached by\n");
    dt_game_way(game, place, &state);
    dt_complain_more(diagnostics, DT_OUTCOME_NUMBER, declared->is.place, NULL, dt_text_get(&state),
                     declared->is.name);
}

/* Whether the argument of some declared outcome isn't a finite number anywhere in period t. */
static bool any_undefined(const dt_solution *solution, uint32_t t)
{
    const dt_game *game = solution->game;
    const double *coefficient = dt_solution_world(solution, t)->coefficient;
    for (uint32_t r = 0; r < game->rows; r++) {
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && !game->row_pays[r];
             e++) {
            if ((int)game->row_column[e] < game->model->declared_outcomes &&
                !isfinite(coefficient[game->row_coefficient[e]]))
                return true;
        }
    }
    return false;
}

bool dt_outcomes_told(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                      const dt_outcomes *outcomes)
{
    bool defined = true;
    for (int o = 0; o < solution->game->model->declared_outcomes; o++) {
        if (outcomes->broken[o] == DT_NOWHERE)
            continue;
        complain(arena, diagnostics, solution, o,
                 dt_outcomes_place(solution->game, outcomes->broken[o]));
        defined = false;
    }
    return defined;
}

bool dt_outcomes_defined(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                         const dt_options *options)
{
    bool undefined = any_undefined(solution, 0);
    for (uint32_t t = 1; t < solution->game->horizon && solution->dated; t++)
        undefined |= any_undefined(solution, t);
    return !undefined || dt_outcomes_told(arena, diagnostics, solution,
                                          dt_outcomes_forward(arena, solution, options));
}

typedef struct request {
    const dt_solution *solution;
    const dt_options *options;
    double *value;
    double
        *chance; /* [declared outcomes] as well, if everybody tossed coins; NULL: not asked for */
} request;

static dt_status answer(dt_arena *arena, void *argument)
{
    const request *asked = argument;
    const dt_model *model = asked->solution->game->model;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, asked->options, &model->source);
    const double *coins = asked->chance ? dt_chance_strategy(arena, asked->solution->game) : NULL;
    dt_outcomes *chance = NULL;
    const dt_outcomes *outcomes =
        dt_outcomes_beside(arena, asked->solution, coins, &chance, asked->options);
    if (chance)
        dt_outcomes_take(chance, asked->chance);
    dt_status status =
        dt_outcomes_told(arena, diagnostics, asked->solution, outcomes) ? DT_OK : DT_INVALID;
    for (int o = 0; o < model->declared_outcomes; o++) {
        const bool broken = outcomes->broken[o] != DT_NOWHERE;
        const bool finite = isfinite(outcomes->value[o]);
        asked->value[o] = finite && !broken ? outcomes->value[o] : (double)NAN;
        if (finite || broken)
            continue;
        dt_complain_more(diagnostics, DT_OUTCOME_OVERFLOW, model->outcome[o].is.place,
                         "count it in a larger unit", NULL, model->outcome[o].is.name);
        status = status == DT_OK ? DT_NO : status;
    }
    dt_diagnostics_flush(diagnostics);
    return status;
}

static dt_status find_outcomes(const request *asked)
{
    for (int o = 0; o < asked->solution->game->model->declared_outcomes; o++)
        asked->value[o] = (double)NAN;
    if (!dt_solution_solved(asked->solution))
        return DT_NO;
    return dt_job(asked->options, answer, (void *)asked);
}

dt_status dt_solution_outcomes(const dt_solution *solution, const dt_options *options,
                               double *outcomes)
{
    if (!solution || !outcomes)
        return dt_refuse_call(options, "dt_solution_outcomes",
                              "no solution, or nowhere to put the outcomes");
    return find_outcomes(&(request){solution, options, outcomes, NULL});
}

dt_status dt_solution_outcomes_and_chance(const dt_solution *solution, const dt_options *options,
                                          double *outcomes, double *chance)
{
    if (!solution || !outcomes || !chance)
        return dt_refuse_call(options, "dt_solution_outcomes_and_chance",
                              "no solution, or nowhere to put the outcomes");
    for (int o = 0; o < solution->game->model->declared_outcomes; o++)
        chance[o] = (double)NAN;
    const bool together = !solution->private;
    const dt_status status =
        find_outcomes(&(request){solution, options, outcomes, together ? chance : NULL});
    if (together || status > DT_NO || !dt_solution_solved(solution))
        return status;
    const dt_status followed =
        dt_game_outcomes_by_chance(solution->game, solution->world->parameter, options, chance);
    return followed == DT_OK ? status : followed;
}
