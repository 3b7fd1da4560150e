/*
 * The forward pass of outcomes.c, kept apart by periods. Of what isn't a gate the masses at leaves are first
 * gathered by rows of arguments, beside those of states that stand since earlier periods: then each row is
 * read once. Invariant: after each period the shares of a variable's values sum to one.
 *
 * With private variables a mass is one for each column of the exact chain, a point of the grids and a joint
 * type (solve/private_chain.h): the type says what a variable is in truth, the point what is believed of it.
 * So Σ mass · belief over the columns in which it has a value, divided by the mass there, is what those who
 * have that value are believed to have, on average. Without any there is one column.
 */
#include "trace/over_time.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/private_chain.h"
#include "trace/forward.h"

typedef struct tally {
    const dt_solution *solution;
    const dt_beliefs *beliefs; /* NULL: nothing is private */
    dt_forward *forward;       /* then; */
    dt_private_chain *chain;   /* else */
    double *mass;              /* [nodes+leaves][stride], a place's being [lanes][columns] */
    size_t columns, stride;
    const double *coefficient; /* [coefficients][columns] of the period */
    dt_over_time *result;
    size_t outcomes;
    size_t *lane;  /* [outcomes] of an ever or first; else 0 */
    int *slot;     /* [slots] work space */
    double *now;   /* [rows][columns] mass at the leaves of a row of arguments, in the period; */
    double *stood; /* [rows][columns] and that of states which stand, as it begins */
    double *standing_mean;    /* [variables] */
    double *standing_share;   /* [values] */
    double *standing_learned; /* [learnings] */
} tally;

/* What the outcomes' arguments add in the period, where their rows have mass. */
static void add_rows(const tally *all, double *outcome)
{
    const dt_game *game = all->solution->game;
    const size_t columns = all->columns;
    for (uint32_t row = 0; row < game->rows; row++) {
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const uint32_t o = game->row_column[e];
            if (game->row_pays[row] || o >= all->outcomes || all->lane[o])
                continue;
            const double *x = all->coefficient + game->row_coefficient[e] * columns;
            const double stands = dt_form_stands(game->model->outcome[o].form, 0, 1);
            for (size_t w = 0; w < columns; w++) {
                const double mass =
                    all->now[row * columns + w] + stands * all->stood[row * columns + w];
                if (mass != 0)
                    outcome[o] += mass * x[w];
            }
        }
    }
}

/* Moves the mass of lanes whose condition holds at a leaf from "not yet" to "has held". */
static void hit(const tally *all, uint32_t row, double *mass, double *outcome)
{
    const dt_game *game = all->solution->game;
    const size_t columns = all->columns;
    for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
        const uint32_t o = game->row_column[e];
        if (o >= all->outcomes || !all->lane[o])
            continue;
        const double *x = all->coefficient + game->row_coefficient[e] * columns;
        double *waiting = mass + all->lane[o] * columns;
        for (size_t w = 0; w < columns; w++) {
            if (x[w] != 0) {
                outcome[o] += waiting[w];
                waiting[w] = 0;
            }
        }
    }
}

/* Adds what is in truth, and believed, in a column: of private variables, whose slots don't say it. */
static void add_column(const tally *all, size_t w, double mass, double *mean, double *share,
                       double *learned)
{
    const dt_model *model = all->solution->game->model;
    const dt_over_time *result = all->result;
    const uint32_t types = all->beliefs->types;
    for (size_t x = 0; x < all->beliefs->variables; x++) {
        const int v = all->solution->game->secret_variable[x];
        const size_t rank = (size_t)dt_beliefs_rank(all->beliefs, x, (uint32_t)(w % types));
        const size_t values = result->value_count[v];
        const double *belief = dt_beliefs_at(all->beliefs, x, (uint32_t)(w / types));
        mean[v] += mass * (model->variable[v].low + (int)rank);
        if (values)
            share[result->value_first[v] + rank] += mass;
        for (size_t k = 0; k < values; k++)
            learned[result->learned_first[v] + rank * values + k] += mass * belief[k];
    }
}

/* Adds what is believed of a private variable that is known. */
static void add_known(const tally *all, int v, double mass, double *learned)
{
    const dt_game *game = all->solution->game;
    const size_t rank = (size_t)(game->known[v] - game->model->variable[v].low);
    const size_t values = all->result->value_count[v];
    if (values)
        learned[all->result->learned_first[v] + rank * values + rank] += mass;
}

/* Adds a leaf's state to the means and shares of the variables. */
static void add_state(const tally *all, uint32_t leaf, double *mean, double *share, double *learned)
{
    const dt_game *game = all->solution->game;
    const dt_over_time *result = all->result;
    const double *mass = all->mass + (game->nodes + leaf) * all->stride;
    double sum = 0;
    for (size_t w = 0; w < all->columns; w++) {
        sum += mass[w];
        if (all->beliefs && mass[w] != 0)
            add_column(all, w, mass[w], mean, share, learned);
    }
    dt_game_unpack(game, game->nodes + leaf, all->slot);
    for (int v = 0; v < game->model->variables; v++) {
        if (game->secret_of[v] != DT_NONE)
            continue;
        mean[v] += sum * all->slot[v];
        const size_t rank = (size_t)(all->slot[v] - game->model->variable[v].low);
        assert(!result->value_count[v] || rank < result->value_count[v]);
        if (result->value_count[v])
            share[result->value_first[v] + rank] += sum;
        if (game->known[v] != DT_DRAWN)
            add_known(all, v, sum, learned);
    }
}

/* From sums to expectations among those who have a value. */
static void divide_learned(const tally *all, const double *share, double *learned)
{
    const dt_model *model = all->solution->game->model;
    const dt_over_time *result = all->result;
    for (int x = 0; x < model->privates; x++) {
        const int v = model->private_variable[x];
        const size_t values = result->value_count[v];
        for (size_t j = 0; j < values; j++) {
            const double chance = share[result->value_first[v] + j];
            double *of = learned + result->learned_first[v] + j * values;
            for (size_t k = 0; k < values; k++)
                of[k] = chance > 0 ? of[k] / chance : (double)NAN;
        }
    }
}

/* What is believed as play begins, once the first signal has been heard. */
static void tally_start(dt_arena *arena, const tally *all)
{
    const dt_game *game = all->solution->game;
    const dt_over_time *result = all->result;
    double *mean = dt_new(arena, double, (size_t)game->model->variables);
    double *share = dt_new(arena, double, result->values);
    for (size_t w = 0; w < all->columns && all->beliefs; w++) {
        const double mass = all->solution->private->begins[w];
        if (mass != 0)
            add_column(all, w, mass, mean, share, result->learned);
    }
    for (int v = 0; v < game->model->variables; v++) {
        if (game->known[v] == DT_DRAWN || !result->value_count[v])
            continue;
        share[result->value_first[v] + (size_t)(game->known[v] - game->model->variable[v].low)] = 1;
        add_known(all, v, 1, result->learned);
    }
    divide_learned(all, share, result->learned);
}

/* The masses of a period, and the numbers by which they are counted. */
static void turn_to(tally *all, uint32_t t)
{
    if (all->chain)
        dt_private_chain_to(all->chain, t);
    else
        dt_forward_to(all->forward, t);
    all->coefficient = all->chain ? all->chain->world->coefficient
                                  : dt_solution_world(all->solution, t)->coefficient;
}

static void tally_period(const tally *all, uint32_t t)
{
    const dt_game *game = all->solution->game;
    const dt_over_time *result = all->result;
    const size_t variables = (size_t)game->model->variables, columns = all->columns;
    double *outcome = result->outcome + t * all->outcomes;
    const double *before = t > 0 ? outcome - all->outcomes : NULL;
    double *mean = result->mean + t * variables;
    double *share = result->share + t * result->values;
    double *learned = result->learned + (t + 1) * result->learnings;
    for (size_t o = 0; o < all->outcomes; o++) {
        const dt_form form = game->model->outcome[o].form;
        if (before && (all->lane[o] || !dt_form_stands(form, 0, 1)))
            outcome[o] = before[o]; /* has held by then, or the sum so far */
    }
    for (size_t v = 0; v < variables; v++)
        mean[v] = all->standing_mean[v];
    for (size_t i = 0; i < result->values; i++)
        share[i] = all->standing_share[i];
    for (size_t i = 0; i < result->learnings; i++)
        learned[i] = all->standing_learned[i];

    memset(all->now, 0, game->rows * columns * sizeof *all->now);
    const uint32_t leaves = dt_game_count(game, game->stages, t);
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        double *mass = all->mass + (game->nodes + leaf) * all->stride;
        if (dt_is_nothing(mass, columns))
            continue;
        for (size_t w = 0; w < columns; w++)
            all->now[game->leaf_outcome[leaf] * columns + w] += mass[w];
        hit(all, game->leaf_outcome[leaf], mass, outcome);
        add_state(all, leaf, mean, share, learned);
        if (game->leaf_ended[leaf])
            add_state(all, leaf, all->standing_mean, all->standing_share, all->standing_learned);
    }
    add_rows(all, outcome);
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        const double *mass = all->mass + (game->nodes + leaf) * all->stride;
        for (size_t w = 0; w < columns && game->leaf_ended[leaf]; w++)
            all->stood[game->leaf_standing[leaf] * columns + w] += mass[w];
    }
    divide_learned(all, share, learned);
}

static void count_values(dt_over_time *result, const dt_model *model)
{
    for (int v = 0; v < model->variables; v++) {
        const int values = dt_slot_values(model, v);
        result->value_first[v] = result->values;
        result->value_count[v] = values <= DT_TOLD_VALUES ? (size_t)values : 0;
        result->values += result->value_count[v];
        result->learned_first[v] = result->learnings;
        if (dt_slot_is_private(model, v))
            result->learnings += result->value_count[v] * result->value_count[v];
    }
}

/* Where the masses flow that are carried: the plain one and one for each gate. */
static void start_flow(dt_arena *arena, tally *all, size_t lanes)
{
    if (all->beliefs) {
        all->chain = dt_private_chain_new(arena, all->solution->private, lanes);
        all->mass = all->chain->mass;
        all->columns = all->chain->columns;
        all->stride = all->chain->stride;
    } else {
        all->forward = dt_forward_new(arena, all->solution, lanes);
        all->mass = all->forward->mass;
        all->columns = 1;
        all->stride = all->forward->stride;
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
    result->learned_first = dt_new(arena, size_t, variables);
    count_values(result, model);
    result->outcome = dt_new(arena, double, game->horizon *outcomes);
    result->mean = dt_new(arena, double, game->horizon *variables);
    result->share = dt_new(arena, double, game->horizon * result->values);
    result->learned = dt_new(arena, double, ((size_t)game->horizon + 1) * result->learnings);

    tally all = {.solution = solution, .result = result, .outcomes = outcomes};
    all.beliefs = solution->private ? solution->private->plan->beliefs : NULL;
    all.lane = dt_new(arena, size_t, outcomes);
    all.slot = dt_new(arena, int, (size_t)model->slots);
    all.standing_mean = dt_new(arena, double, variables);
    all.standing_share = dt_new(arena, double, result->values);
    all.standing_learned = dt_new(arena, double, result->learnings);
    size_t lanes = 1;
    for (size_t o = 0; o < outcomes; o++) {
        if (dt_form_table[model->outcome[o].form].gate)
            all.lane[o] = lanes++;
    }
    start_flow(arena, &all, lanes);
    all.now = dt_new(arena, double, game->rows *all.columns);
    all.stood = dt_new(arena, double, game->rows *all.columns);
    tally_start(arena, &all);
    for (uint32_t t = 0; t < game->horizon; t++) {
        turn_to(&all, t);
        tally_period(&all, t);
    }
    return result;
}
