/*
 * The forward pass of outcomes.c, kept apart by periods. Of what isn't a gate the masses at leaves are first
 * gathered by rows of arguments, beside those of states that stand since earlier periods: then each row is
 * read once. Invariant: after each period the shares of a variable's values sum to one.
 */
#include "trace/over_time.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "trace/forward.h"

typedef struct tally {
    const dt_solution *solution;
    const dt_forward *forward;
    const double *coefficient; /* of the period */
    dt_over_time *result;
    size_t outcomes;
    size_t *lane;           /* [outcomes] of an ever or first; else 0 */
    int *slot;              /* [slots] work space */
    double *now;            /* [rows] mass at the leaves of a row of arguments, in the period; */
    double *stood;          /* [rows] and that of states which stand, as it begins */
    double *standing_mean;  /* [variables] */
    double *standing_share; /* [values] */
} tally;

/* What the outcomes' arguments add in the period, where their rows have mass. */
static void add_rows(const tally *all, double *outcome)
{
    const dt_game *game = all->solution->game;
    for (uint32_t row = 0; row < game->rows; row++) {
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const uint32_t o = game->row_column[e];
            if (game->row_pays[row] || o >= all->outcomes || all->lane[o])
                continue;
            const double mass = all->now[row] + dt_form_stands(game->model->outcome[o].form, 0, 1) *
                                                    all->stood[row];
            if (mass != 0)
                outcome[o] += mass * all->coefficient[game->row_coefficient[e]];
        }
    }
}

/* Moves the mass of lanes whose condition holds at a leaf from "not yet" to "has held". */
static void hit(const tally *all, uint32_t row, double *mass, double *outcome)
{
    const dt_game *game = all->solution->game;
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        const uint32_t o = game->row_column[e];
        if (o >= all->outcomes || !all->lane[o])
            continue;
        if (all->coefficient[game->row_coefficient[e]] != 0) {
            outcome[o] += mass[all->lane[o]];
            mass[all->lane[o]] = 0;
        }
    }
}

/* Adds a leaf's state to the means and shares of the variables. */
static void add_state(const tally *all, uint32_t leaf, double mass, double *mean, double *share)
{
    const dt_game *game = all->solution->game;
    const dt_over_time *result = all->result;
    dt_game_unpack(game, game->nodes + leaf, all->slot);
    for (int v = 0; v < game->model->variables; v++) {
        mean[v] += mass * all->slot[v];
        const size_t rank = (size_t)(all->slot[v] - game->model->variable[v].low);
        assert(!result->value_count[v] || rank < result->value_count[v]);
        if (result->value_count[v])
            share[result->value_first[v] + rank] += mass;
    }
}

static void tally_period(tally *all, uint32_t t)
{
    const dt_game *game = all->solution->game;
    const dt_over_time *result = all->result;
    const size_t variables = (size_t)game->model->variables;
    double *outcome = result->outcome + t * all->outcomes;
    const double *before = t > 0 ? outcome - all->outcomes : NULL;
    double *mean = result->mean + t * variables;
    double *share = result->share + t * result->values;
    for (size_t o = 0; o < all->outcomes; o++) {
        const dt_form form = game->model->outcome[o].form;
        if (before && (all->lane[o] || !dt_form_stands(form, 0, 1)))
            outcome[o] = before[o]; /* has held by then, or the sum so far */
    }
    for (size_t v = 0; v < variables; v++)
        mean[v] = all->standing_mean[v];
    for (size_t i = 0; i < result->values; i++)
        share[i] = all->standing_share[i];

    all->coefficient = dt_solution_world(all->solution, t)->coefficient;
    memset(all->now, 0, game->rows * sizeof *all->now);
    const uint32_t leaves = dt_game_count(game, game->stages, t);
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        double *mass = all->forward->mass + (game->nodes + leaf) * all->forward->stride;
        if (mass[0] == 0)
            continue;
        all->now[game->leaf_outcome[leaf]] += mass[0];
        hit(all, game->leaf_outcome[leaf], mass, outcome);
        add_state(all, leaf, mass[0], mean, share);
        if (game->leaf_ended[leaf])
            add_state(all, leaf, mass[0], all->standing_mean, all->standing_share);
    }
    add_rows(all, outcome);
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        if (game->leaf_ended[leaf])
            all->stood[game->leaf_standing[leaf]] +=
                all->forward->mass[(game->nodes + leaf) * all->forward->stride];
    }
}

static void count_values(dt_over_time *result, const dt_model *model)
{
    for (int v = 0; v < model->variables; v++) {
        const int values = dt_slot_values(model, v);
        result->value_first[v] = result->values;
        result->value_count[v] = values <= DT_TOLD_VALUES ? (size_t)values : 0;
        result->values += result->value_count[v];
    }
}

dt_over_time *dt_over_time_make(dt_arena *arena, const dt_solution *solution)
{
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    const size_t outcomes = (size_t)model->declared_outcomes, variables = (size_t)model->variables;
    dt_over_time *result = dt_new(arena, dt_over_time, 1);
    result->periods = game->horizon;
    result->value_first = dt_new(arena, size_t, variables);
    result->value_count = dt_new(arena, size_t, variables);
    count_values(result, model);
    result->outcome = dt_new(arena, double, game->horizon *outcomes);
    result->mean = dt_new(arena, double, game->horizon *variables);
    result->share = dt_new(arena, double, game->horizon * result->values);

    tally all = {.solution = solution, .result = result, .outcomes = outcomes};
    all.lane = dt_new(arena, size_t, outcomes);
    all.slot = dt_new(arena, int, (size_t)model->slots);
    all.now = dt_new(arena, double, game->rows);
    all.stood = dt_new(arena, double, game->rows);
    all.standing_mean = dt_new(arena, double, variables);
    all.standing_share = dt_new(arena, double, result->values);
    size_t lanes = 1;
    for (size_t o = 0; o < outcomes; o++) {
        if (dt_form_table[model->outcome[o].form].gate)
            all.lane[o] = lanes++;
    }
    dt_forward *forward = dt_forward_new(arena, solution, lanes);
    all.forward = forward;
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_forward_to(forward, t);
        tally_period(&all, t);
    }
    return result;
}
