/*
 * Outcomes by the forward pass. At the end of period t each leaf's mass is counted into every
 * outcome with the argument's value there; `ever` and `first` each have a lane of their own that
 * carries the probability that their condition hasn't held yet. With T the horizon and hit(t) the
 * mass of that lane where the condition holds at the end of period t,
 *
 *     ever = Σ hit(t)        first = T+1 - Σ hit(t) (T+1 - t)
 *
 * Mass whose play has ended leaves the flow: its last state stands for the periods that remain.
 */
#include "trace/outcomes.h"

#include <assert.h>
#include <math.h>

#include "trace/forward.h"
#include "trace/job.h"

typedef struct counter {
    const dt_solution *solution;
    const dt_model *model;
    dt_forward *forward;
    dt_outcomes *outcomes;
    size_t *lane; /* [outcomes] of an ever or first; else 0 */
} counter;

/* An argument at a leaf; if it isn't finite, the outcome is marked. */
static double argument_at(const counter *count, uint32_t entry, uint32_t leaf)
{
    const dt_game *game = count->solution->game;
    double value = count->solution->world->coefficient[game->row_coefficient[entry]];
    uint32_t *broken = &count->outcomes->broken[game->row_column[entry]];
    if (!isfinite(value) && *broken == DT_NOWHERE)
        *broken = game->nodes + leaf;
    return value;
}

/* What the situation at the end of period t (from 0) adds. */
static void count_now(const counter *count, uint32_t t, uint32_t leaf)
{
    const dt_game *game = count->solution->game;
    const double periods = game->horizon;
    double *mass = count->forward->mass + (size_t)(game->nodes + leaf) * count->forward->lanes;
    uint32_t row = game->leaf_outcome[leaf];
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        uint32_t o = game->row_column[e];
        assert(o < (uint32_t)count->model->outcomes);
        double *value = &count->outcomes->value[o];
        const dt_form form = count->model->outcome[o].form;
        if (form == DT_LAST && t + 1 < game->horizon)
            continue;
        double x = argument_at(count, e, leaf);
        if (form == DT_EVER || form == DT_FIRST) {
            assert(count->lane[o] > 0 && count->lane[o] < count->forward->lanes);
            double *hit = &mass[count->lane[o]];
            if (x != 0) {
                *value += form == DT_EVER ? *hit : -*hit * (periods - t);
                *hit = 0;
            }
        } else if (form == DT_MEAN) {
            *value += mass[0] * x / periods;
        } else {
            *value += mass[0] * x;
        }
    }
}

/* What a state that stands after an end adds for the periods after t. */
static void count_standing(const counter *count, uint32_t t, uint32_t leaf)
{
    const dt_game *game = count->solution->game;
    const double mass = count->forward->mass[(size_t)(game->nodes + leaf) * count->forward->lanes];
    assert(t + 1 < game->horizon && game->leaf_ended[leaf]);
    const double rest = game->horizon - t - 1;
    uint32_t row = game->leaf_standing[leaf];
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        uint32_t o = game->row_column[e];
        const dt_form form = count->model->outcome[o].form;
        if (form == DT_MEAN)
            count->outcomes->value[o] += mass * rest * argument_at(count, e, leaf) / game->horizon;
        else if (form == DT_LAST)
            count->outcomes->value[o] += mass * argument_at(count, e, leaf);
    }
}

dt_outcomes *dt_outcomes_forward(dt_arena *arena, const dt_solution *solution)
{
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    const size_t outcomes = (size_t)model->outcomes;
    dt_outcomes *result = dt_new(arena, dt_outcomes, 1);
    result->value = dt_new(arena, double, outcomes);
    result->broken = dt_new(arena, uint32_t, outcomes);
    counter count = {solution, model, NULL, result, dt_new(arena, size_t, outcomes)};
    size_t lanes = 1;
    for (size_t o = 0; o < outcomes; o++) {
        const dt_form form = model->outcome[o].form;
        result->broken[o] = DT_NOWHERE;
        result->value[o] = form == DT_FIRST ? game->horizon + 1.0 : 0;
        if (form == DT_EVER || form == DT_FIRST)
            count.lane[o] = lanes++;
    }
    count.forward = dt_forward_new(arena, solution, lanes);
    assert(game->horizon <= game->periods);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_forward_spread(count.forward, t);
        uint32_t leaves = dt_game_count(game, game->stages, t);
        for (uint32_t leaf = 0; leaf < leaves; leaf++) {
            if (count.forward->mass[(size_t)(game->nodes + leaf) * lanes] == 0)
                continue;
            count_now(&count, t, leaf);
            if (game->leaf_ended[leaf] && t + 1 < game->horizon)
                count_standing(&count, t, leaf);
        }
        if (t + 1 < game->horizon)
            dt_forward_carry(count.forward, t);
    }
    return result;
}

void dt_outcomes_complain(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                          int outcome, uint32_t leaf)
{
    const dt_game *game = solution->game;
    const dt_outcome *declared = &game->model->outcome[outcome];
    dt_text state = {.arena = arena};
    dt_text_print(&state, "in the state ");
    dt_game_describe(game, leaf, &state);
    dt_text_print(&state, "\nreached by\n");
    dt_game_way(game, leaf, &state);
    dt_complain_more(diagnostics, DT_OUTCOME_NUMBER, declared->is.place, NULL, dt_text_get(&state),
                     declared->is.name);
}

typedef struct request {
    const dt_solution *solution;
    const dt_options *options;
    double *value;
} request;

static dt_status answer(dt_arena *arena, void *argument)
{
    const request *asked = argument;
    const dt_model *model = asked->solution->game->model;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, asked->options, &model->source);
    const dt_outcomes *outcomes = dt_outcomes_forward(arena, asked->solution);
    for (int o = 0; o < model->declared_outcomes; o++) {
        asked->value[o] = outcomes->value[o];
        if (outcomes->broken[o] != DT_NOWHERE)
            dt_outcomes_complain(arena, diagnostics, asked->solution, o, outcomes->broken[o]);
    }
    dt_status status = dt_diagnostics_errors(diagnostics) ? DT_INVALID : DT_OK;
    dt_diagnostics_flush(diagnostics);
    return status;
}

dt_status dt_solution_outcomes(const dt_solution *solution, const dt_options *options,
                               double *outcomes)
{
    return dt_job(options, answer, &(request){solution, options, outcomes});
}
