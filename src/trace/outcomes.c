/*
 * Outcomes by the forward pass. Arguments aren't looked at on the way: what is added up is the mass
 * at the leaves of each row of arguments, in three sums that say how it counts,
 *
 *     now    at the end of some period
 *     rest   as a state that stands after an end, times the periods left
 *     last   at the horizon, standing or not
 *
 * so that total(e) = Σ now x, mean(e) = Σ (now + rest) x / T and last(e) = Σ last x over rows. Each
 * `ever` and `first` has a lane of its own that carries the probability that its condition hasn't held
 * yet. With T the horizon and hit(t) the mass of that lane where the condition holds at the end of
 * period t,
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

typedef enum sum_kind { NOW, REST, LAST, SUMS } sum_kind;

/* The mass at a row of arguments. */
typedef struct row_mass {
    double sum[SUMS];
    uint64_t reached[SUMS]; /* 1 + order in which a leaf was first counted so; 0: none */
    uint32_t leaf[SUMS];    /* that leaf */
    uint32_t hit, beyond;   /* in counter.hit: outcomes whose condition holds */
} row_mass;

/* A condition that holds in a row. */
typedef struct hit {
    size_t lane;
    uint32_t outcome;
    bool first; /* form first; else ever */
} hit;

typedef struct counter {
    const dt_solution *solution;
    const dt_model *model;
    dt_forward *forward;
    dt_outcomes *outcomes;
    row_mass *row; /* [rows] */
    dt_list(hit) hit;
    uint64_t order;
} counter;

/* Which conditions hold in each row of outcome arguments. */
static void find_hits(dt_arena *arena, counter *count, const size_t *lane)
{
    const dt_game *game = count->solution->game;
    for (uint32_t row = 0; row < game->rows; row++) {
        count->row[row].hit = (uint32_t)count->hit.count;
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const uint32_t o = game->row_column[e];
            if (game->row_pays[row] || lane[o] == 0)
                continue;
            assert(o < (uint32_t)count->model->outcomes);
            if (count->solution->world->coefficient[game->row_coefficient[e]] != 0)
                dt_push(arena, &count->hit,
                        (hit){lane[o], o, count->model->outcome[o].form == DT_FIRST});
        }
        count->row[row].beyond = (uint32_t)count->hit.count;
    }
}

static void add(counter *count, uint32_t leaf, row_mass *row, sum_kind kind, double mass)
{
    row->sum[kind] += mass;
    if (row->reached[kind] == 0) {
        row->reached[kind] = ++count->order;
        row->leaf[kind] = leaf;
    }
}

/* What the situation at the end of period t (from 0) adds. */
static void count_leaf(counter *count, uint32_t t, uint32_t leaf, double *mass)
{
    const dt_game *game = count->solution->game;
    const bool horizon = t + 1 == game->horizon;
    row_mass *now = &count->row[game->leaf_outcome[leaf]];
    add(count, leaf, now, NOW, mass[0]);
    if (horizon)
        add(count, leaf, now, LAST, mass[0]);
    for (uint32_t h = now->hit; h < now->beyond; h++) {
        const hit *at = &count->hit.at[h];
        const double part = mass[at->lane];
        count->outcomes->value[at->outcome] += at->first ? -part * (game->horizon - t) : part;
        mass[at->lane] = 0;
    }
    if (game->leaf_ended[leaf] && !horizon) {
        row_mass *standing = &count->row[game->leaf_standing[leaf]];
        add(count, leaf, standing, REST, mass[0] * (game->horizon - t - 1));
        add(count, leaf, standing, LAST, mass[0]);
    }
}

/* One kind of sum of a row, times the argument of one outcome. If that isn't finite, the outcome is
 * marked with the first leaf at which it was met. */
static void take_sum(const counter *count, const row_mass *row, sum_kind kind, uint32_t o, double x,
                     uint64_t *broken)
{
    if (row->reached[kind] == 0)
        return;
    dt_outcomes *outcomes = count->outcomes;
    const dt_form form = count->model->outcome[o].form;
    if (form != DT_EVER && form != DT_FIRST)
        outcomes->value[o] +=
            row->sum[kind] / (form == DT_MEAN ? count->solution->game->horizon : 1) * x;
    if (!isfinite(x) && (broken[o] == 0 || row->reached[kind] < broken[o])) {
        broken[o] = row->reached[kind];
        outcomes->broken[o] = count->solution->game->nodes + row->leaf[kind];
    }
}

/* Σ over rows of what is counted there. */
static void take_sums(dt_arena *arena, const counter *count)
{
    static const bool counted[][SUMS] = {
        [DT_EVER] = {[NOW] = true },
          [DT_FIRST] = {[NOW] = true },
        [DT_LAST] = {[LAST] = true},
          [DT_MEAN] = {[NOW] = true,  [REST] = true},
        [DT_TOTAL] = {[NOW] = true            },
    };
    const dt_game *game = count->solution->game;
    uint64_t *broken = dt_new(arena, uint64_t, (size_t)count->model->outcomes);
    for (uint32_t r = 0; r < game->rows; r++) {
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && !game->row_pays[r];
             e++) {
            const uint32_t o = game->row_column[e];
            const double x = count->solution->world->coefficient[game->row_coefficient[e]];
            for (int kind = 0; kind < SUMS; kind++) {
                if (counted[count->model->outcome[o].form][kind])
                    take_sum(count, &count->row[r], (sum_kind)kind, o, x, broken);
            }
        }
    }
}

dt_outcomes *dt_outcomes_forward(dt_arena *arena, const dt_solution *solution,
                                 const dt_options *options)
{
    const dt_game *game = solution->game;
    const dt_model *model = game->model;
    const size_t outcomes = (size_t)model->outcomes;
    dt_outcomes *result = dt_new(arena, dt_outcomes, 1);
    result->value = dt_new(arena, double, outcomes);
    result->broken = dt_new(arena, uint32_t, outcomes);
    counter count = {.solution = solution, .model = model, .outcomes = result};
    size_t *lane = dt_new(arena, size_t, outcomes), lanes = 1;
    for (size_t o = 0; o < outcomes; o++) {
        const dt_form form = model->outcome[o].form;
        result->broken[o] = DT_NOWHERE;
        result->value[o] = form == DT_FIRST ? game->horizon + 1.0 : 0;
        if (form == DT_EVER || form == DT_FIRST)
            lane[o] = lanes++;
    }
    count.row = dt_new(arena, row_mass, game->rows);
    find_hits(arena, &count, lane);
    count.forward = dt_forward_new(arena, solution, lanes);
    lanes = count.forward->lanes;
    assert(game->horizon <= game->periods);
    for (uint32_t t = 0; t < game->horizon; t++) {
        dt_progress(arena, options, "following play", (double)t / game->horizon);
        dt_forward_spread(count.forward, t);
        const uint32_t leaves = dt_game_count(game, game->stages, t);
        double *mass = count.forward->mass + (size_t)game->nodes * lanes;
        for (uint32_t leaf = 0; leaf < leaves; leaf++, mass += lanes) {
            if (mass[0] != 0)
                count_leaf(&count, t, leaf, mass);
        }
        if (t + 1 < game->horizon)
            dt_forward_carry(count.forward, t);
    }
    take_sums(arena, &count);
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

/* Whether the argument of some declared outcome isn't a finite number anywhere. */
static bool any_undefined(const dt_solution *solution)
{
    const dt_game *game = solution->game;
    for (uint32_t r = 0; r < game->rows; r++) {
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1] && !game->row_pays[r];
             e++) {
            if ((int)game->row_column[e] < game->model->declared_outcomes &&
                !isfinite(solution->world->coefficient[game->row_coefficient[e]]))
                return true;
        }
    }
    return false;
}

bool dt_outcomes_defined(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                         const dt_options *options)
{
    if (!any_undefined(solution))
        return true;
    const dt_outcomes *outcomes = dt_outcomes_forward(arena, solution, options);
    bool defined = true;
    for (int o = 0; o < solution->game->model->declared_outcomes; o++) {
        if (outcomes->broken[o] == DT_NOWHERE)
            continue;
        dt_outcomes_complain(arena, diagnostics, solution, o, outcomes->broken[o]);
        defined = false;
    }
    return defined;
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
    const dt_outcomes *outcomes = dt_outcomes_forward(arena, asked->solution, asked->options);
    dt_status status = DT_OK;
    for (int o = 0; o < model->declared_outcomes; o++) {
        const bool finite = isfinite(outcomes->value[o]);
        const bool broken = outcomes->broken[o] != DT_NOWHERE;
        asked->value[o] = finite && !broken ? outcomes->value[o] : (double)NAN;
        if (broken) {
            dt_outcomes_complain(arena, diagnostics, asked->solution, o, outcomes->broken[o]);
            status = DT_INVALID;
        } else if (!finite) {
            dt_complain_more(diagnostics, DT_OUTCOME_OVERFLOW, model->outcome[o].is.place,
                             "count it in a larger unit", NULL, model->outcome[o].is.name);
            status = status == DT_OK ? DT_NO : status;
        }
    }
    dt_diagnostics_flush(diagnostics);
    return status;
}

dt_status dt_solution_outcomes(const dt_solution *solution, const dt_options *options,
                               double *outcomes)
{
    if (!solution || !outcomes)
        return dt_refuse_call(options, "dt_solution_outcomes",
                              "no solution, or nowhere to put the outcomes");
    for (int o = 0; o < solution->game->model->declared_outcomes; o++)
        outcomes[o] = (double)NAN;
    if (!dt_solution_solved(solution))
        return DT_NO;
    return dt_job(options, answer, &(request){solution, options, outcomes});
}
