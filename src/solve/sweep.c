/*
 * A sweep over one period, leaves first, then the stages from last to first (docs/method.md). With
 * V_i the values of places,
 *     leaf:      V_i = payment_i + δ_i next_i(state that follows)
 *     cell:      Q_i = payment_i + Σ over branches of p V_i(target)
 *     chance:    V_i = Q_i of the one cell
 *     sole:      σ(a) ∝ exp(λ_k Σ_m w_m Q_m(a)),   V_i = Σ_a σ(a) Q_i(a)
 *     together:  σ on the principal branch of the stage game,   V_i = Σ_s σ(s) Q_i(s)
 * With surplus values a mover's own V_k is (1/λ_k) log Σ_a exp(λ_k Q_k(a)). All of it is done once for
 * what is worth the same in every world (quotient.h), by the kernels of lane_nodes.c, in each stage
 * first the cells, then the nodes; by several threads if there are and the stage is large. A thread
 * takes runs of cells and of batches and writes what belongs to these alone, and what it finds
 * besides is merged in the order of nodes: so the bits don't depend on the number of threads.
 * Invariant: every branch leads to a later stage or a leaf, so that what a cell reads is final.
 */
#include "solve/sweep.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/threads.h"
#include "model/calendar.h"
#include "solve/greater.h"
#include "solve/lane_nodes.h"
#include "solve/lanes.h"

/* Values beyond this could overflow in sums and products. */
static const double MOST_VALUE = 1e150;

/* Cells and batches that a thread takes at a time, and cells of a stage that are worth making
 * threads for. */
enum { CELLS = 1024, BATCHES = 32, ENOUGH_CELLS = 8 * CELLS };

/* Tasks of the calling thread between two calls of options->progress. */
enum { STRIDE = 64 };

/* ---- work space ------------------------------------------------------------------------------ */

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

/* Numbers of a block: a whole number of vectors. */
static size_t padded(size_t numbers)
{
    return (numbers + 3) / 4 * 4;
}

/* Where columns are. */
typedef struct layout {
    size_t best, along, columns, values, gaps;
} layout;

static layout layout_of(const dt_game *game, dt_values values, bool certified)
{
    const size_t actors = (size_t)game->model->actors, agents = (size_t)game->rules->agents;
    if (!certified) {
        const size_t all = padded(actors);
        return (layout){all, all, all, all, all};
    }
    const size_t blocks = values == DT_VALUES_SURPLUS ? 2 : 1;
    if (actors + blocks * agents <= 4)
        return (layout){.best = actors, .along = actors + agents, .columns = 4, .values = 4};
    const size_t best = padded(actors), along = best + padded(agents);
    return (layout){best, along, best + blocks * padded(agents), best, best};
}

static int jobs_of(const dt_options *options)
{
    return options->jobs < 1 ? 1 : options->jobs > DT_MAX_JOBS ? DT_MAX_JOBS : options->jobs;
}

double dt_sweep_bytes(const dt_game *game, uint32_t periods, dt_values values,
                      const dt_options *options)
{
    const extent e = extent_of(game);
    const double total = e.total;
    double numbers = 0, most = 0;
    for (uint32_t s = 0; s < game->stages; s++)
        most = fmax(most, (double)(game->node_cell[game->stage_first[s + 1]] -
                                   game->node_cell[game->stage_first[s]]));
    numbers += (double)game->nodes + game->leaves + 3.0 * game->states + game->rows + most;
    numbers *= (double)layout_of(game, values, true).columns;
    numbers += (double)periods * (double)game->options + game->nodes / 8.0;
    double each = DT_BATCH * ((e.agents + 2.0) * e.cells + 2 * total);
    if (e.together)
        each += DT_BATCH * (2 * total * total + (double)e.agents * e.cells + 6 * total) +
                6 * total * total + (double)e.agents * e.cells + 20 * total;
    return (numbers + jobs_of(options) * each) * sizeof(double) + dt_quotient_bytes(game);
}

/* Zeroed numbers, on a cache line of their own, that can be given back. */
static double *numbers(dt_arena *arena, dt_sweep *sweep, int index, size_t count)
{
    dt_list(double) list = {0};
    dt_reserve(arena, &list, count + 8);
    memset(list.at, 0, (count + 8) * sizeof *list.at);
    sweep->held[index] = list.at;
    return (double *)(((uintptr_t)list.at + 63) & ~(uintptr_t)63);
}

dt_sweep *dt_sweep_new(dt_arena *arena, dt_solution *solution, const dt_options *options,
                       bool certified)
{
    const dt_game *game = solution->game;
    const extent e = extent_of(game);
    dt_sweep *sweep = dt_new(arena, dt_sweep, 1);
    sweep->game = game;
    sweep->world = solution->world;
    sweep->options = options;
    sweep->solution = solution;
    sweep->code = dt_lane_code_of(DT_KERNEL_AUTO);
    sweep->actors = (size_t)game->model->actors;
    sweep->agents = (size_t)game->rules->agents;
    sweep->states = game->states;
    const layout at = layout_of(game, solution->values, certified);
    sweep->certified = certified;
    sweep->best = at.best;
    sweep->along = at.along;
    sweep->columns = at.columns;
    sweep->values = at.values;
    sweep->gaps = at.gaps;
    sweep->overflow = DT_NOWHERE;
    const dt_quotient *q = sweep->quotient = dt_quotient_new(arena, game);
    const size_t columns = sweep->columns;
    sweep->value = numbers(arena, sweep, 0, ((size_t)q->nodes + q->leaves) * columns);
    sweep->next = numbers(arena, sweep, 1, sweep->states * columns);
    sweep->before = numbers(arena, sweep, 2, sweep->states * columns);
    sweep->ahead = numbers(arena, sweep, 3, (sweep->states + 1) * columns);
    sweep->worth = numbers(arena, sweep, 4, q->most_cells * columns);
    sweep->payment = numbers(arena, sweep, 5, game->rows * columns);
    sweep->discount = dt_new(arena, double, columns);
    sweep->mark = dt_new(arena, uint8_t, game->nodes);
    for (uint32_t row = 0; row < game->rows; row++) {
        if (game->row_pays[row])
            memcpy(sweep->payment + row * columns, sweep->world->payment + row * sweep->actors,
                   sweep->actors * sizeof(double));
    }
    memcpy(sweep->discount, sweep->world->discount, sweep->actors * sizeof(double));

    sweep->jobs = jobs_of(options);
    sweep->space = dt_new(arena, dt_node_space, (size_t)sweep->jobs);
    for (int j = 0; j < sweep->jobs; j++) {
        dt_node_space *space = &sweep->space[j];
        space->payoff = dt_new_worlds(arena, (size_t)e.agents * (size_t)e.cells);
        space->column = dt_new_worlds(arena, (size_t)e.cells);
        space->joint = dt_new_worlds(arena, (size_t)e.cells);
        space->sigma = dt_new_worlds(arena, (size_t)e.total);
        space->q = dt_new_worlds(arena, (size_t)e.total);
        if (e.together)
            space->lanes = sweep->code->space_new(arena, e.agents, e.total, e.cells);
    }
    return sweep;
}

void dt_sweep_free(dt_arena *arena, dt_sweep *sweep)
{
    for (size_t i = 0; i < sizeof sweep->held / sizeof *sweep->held; i++)
        dt_give_back(arena, sweep->held[i]);
    dt_quotient_free(arena, sweep->quotient);
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

/* ---- failures -------------------------------------------------------------------------------- */

/* Names a node whose branch ended early, if it is among the first. */
static void name_failure(dt_sweep *sweep, uint32_t node, const dt_pass *pass,
                         const dt_branch_result *result)
{
    dt_solution *solution = sweep->solution;
    const dt_game *game = sweep->game;
    assert(result->end != DT_BRANCH_ARRIVED);
    char scale[32], residual[32];
    dt_text text = {.arena = solution->arena};
    const char *stage = game->model->stage[dt_game_stage(game, node)].is.name;
    dt_text_print(&text, "stage %s", stage);
    if (pass->period != DT_EVERY_PERIOD) {
        dt_text_print(&text, " in ");
        dt_period_print(game->model, (int64_t)pass->period + 1, &text);
    }
    dt_text_print(&text, " at ");
    dt_game_describe(game, node, &text);
    dt_text_print(&text, ": the principal branch %s at %s of the movers' rationality, residual %s",
                  result->end == DT_BRANCH_TOO_LONG ? "takes too many steps" : "can't be followed",
                  dt_print_number(scale, result->scale),
                  dt_print_number(residual, result->residual));
    solution->failure[solution->failures] = dt_text_get(&text);
}

/* How the branch of a node ended that is among the lowest ones that failed; NULL if it isn't. */
static const dt_branch_result *find_failure(const dt_sweep *sweep, uint32_t node)
{
    for (int j = 0; j < sweep->jobs; j++) {
        const dt_node_space *space = &sweep->space[j];
        for (int i = 0; i < space->failures; i++) {
            if (space->failure[i].node == node)
                return &space->failure[i].result;
        }
    }
    return NULL;
}

/* Counts the nodes of a stage that are marked, with all that are the same, and clears the marks. */
static void count_marks(dt_sweep *sweep, uint32_t stage, const dt_pass *pass)
{
    const dt_game *game = sweep->game;
    dt_solution *solution = sweep->solution;
    const uint32_t first = game->stage_first[stage];
    const uint32_t count = dt_game_count(game, stage, pass->period);
    for (uint32_t n = first; n < first + count; n++) {
        const uint32_t same = game->node_same[n];
        solution->crossed += (sweep->mark[same] & DT_MARK_CROSSED) != 0;
        if (!(sweep->mark[same] & DT_MARK_FAILED))
            continue;
        if (solution->failures < DT_NAMED_FAILURES && !pass->unnamed) {
            const dt_branch_result *result = find_failure(sweep, same);
            assert(result);
            name_failure(sweep, n, pass, result);
        }
        solution->failures++;
    }
    memset(sweep->mark + first, 0, count);
}

/* What the threads have found in a stage. */
static void merge(dt_sweep *sweep, uint32_t stage, const dt_pass *pass)
{
    bool marked = false;
    for (int j = 0; j < sweep->jobs; j++) {
        const dt_node_space *space = &sweep->space[j];
        sweep->solution->residual = dt_greater(sweep->solution->residual, space->residual);
        sweep->overflow = space->overflow < sweep->overflow ? space->overflow : sweep->overflow;
        marked |= space->marked;
    }
    if (marked)
        count_marks(sweep, stage, pass);
}

/* ---- places ---------------------------------------------------------------------------------- */

/* Leaves that can occur: paid, and what lies ahead. False if a value is too large. */
static bool run_leaves(dt_sweep *sweep, const dt_pass *pass)
{
    const dt_game *game = sweep->game;
    const dt_quotient *q = sweep->quotient;
    const size_t columns = sweep->columns, first = pass->first, beyond = pass->beyond;
    for (size_t s = 0; s < sweep->states; s++) {
        for (size_t i = first; i < beyond; i++)
            sweep->ahead[s * columns + i] = sweep->discount[i] * sweep->next[s * columns + i];
    }
    const uint32_t leaves = dt_quotient_leaves(q, pass->period);
    for (uint32_t slot = q->nodes; slot < q->nodes + leaves; slot++) {
        const uint32_t leaf = q->place[slot] - game->nodes, state = game->leaf_next[leaf];
        const double *paid = sweep->payment + game->leaf_payoff[leaf] * columns;
        const double *ahead =
            sweep->ahead + (state == DT_NOWHERE ? sweep->states : state) * columns;
        double *value = sweep->value + slot * columns;
        for (size_t i = first; i < beyond; i += 4) {
            for (size_t j = i; j < i + 4; j++)
                value[j] = paid[j] + ahead[j];
        }
        bool fine = true;
        for (size_t i = first; i < sweep->actors; i++)
            fine &= fabs(value[i]) <= MOST_VALUE;
        if (!fine) {
            sweep->overflow = q->place[slot];
            return false;
        }
    }
    return true;
}

/* Cells and then batches of a stage, in tasks. */
typedef struct stage_work {
    dt_sweep *sweep;
    const dt_pass *pass;
    bool nodes; /* batches; else cells */
    uint64_t first_cell, cells;
    uint32_t first_batch, batches;
    uint32_t limit;        /* the first node that can't occur */
    uint32_t since;        /* of the calling thread */
    dt_node_space *spaces; /* [jobs] */
} stage_work;

static void run_cells(const stage_work *work, size_t task)
{
    dt_sweep *sweep = work->sweep;
    const uint64_t first = (uint64_t)task * CELLS;
    const uint64_t beyond = first + CELLS < work->cells ? first + CELLS : work->cells;
    sweep->code->nodes_sum(sweep, work->pass, work->first_cell + first, work->first_cell + beyond,
                           sweep->worth + first * sweep->columns);
}

static void run_batches(const stage_work *work, dt_node_space *space, size_t task)
{
    const dt_quotient *q = work->sweep->quotient;
    const uint32_t first = (uint32_t)task * BATCHES;
    const uint32_t beyond = first + BATCHES < work->batches ? first + BATCHES : work->batches;
    for (uint32_t b = first; b < beyond; b++) {
        const dt_batch *batch = &q->batch[work->first_batch + b];
        uint32_t count = batch->count; /* those of the period are the first */
        if (q->place[batch->first + count - 1] >= work->limit) {
            for (count = 0; q->place[batch->first + count] < work->limit;)
                count++;
        }
        if (count > 0)
            work->sweep->code->nodes_run(work->sweep, work->pass, space, batch, count);
    }
}

static bool run_task(void *context, int worker, size_t task)
{
    stage_work *work = context;
    if (worker == 0 && ++work->since == STRIDE) {
        work->since = 0;
        if (!dt_sweep_progress(work->sweep))
            return false;
    }
    if (work->nodes)
        run_batches(work, &work->sweep->space[worker], task);
    else
        run_cells(work, task);
    return true;
}

/* One stage, all cells before all nodes. */
static dt_sweep_end run_stage(dt_sweep *sweep, uint32_t stage, const dt_pass *pass, uint32_t *since)
{
    const dt_game *game = sweep->game;
    const dt_quotient *q = sweep->quotient;
    stage_work work = {.sweep = sweep, .pass = pass, .since = *since};
    work.first_cell = q->stage_cell[stage];
    work.cells = dt_quotient_cells(q, stage, pass->period);
    work.first_batch = q->stage_batch[stage];
    work.batches = q->stage_batch[stage + 1] - work.first_batch;
    work.limit = game->stage_first[stage] + dt_game_count(game, stage, pass->period);
    const int jobs = work.cells < ENOUGH_CELLS ? 1 : sweep->jobs;
    for (int j = 0; j < sweep->jobs; j++) {
        dt_node_space *space = &sweep->space[j];
        space->residual = 0;
        space->marked = false;
        space->overflow = DT_NOWHERE;
        space->failures = 0;
    }
    const size_t tasks[] = {(size_t)((work.cells + CELLS - 1) / CELLS),
                            (work.batches + BATCHES - 1) / BATCHES};
    for (int nodes = 0; nodes < 2; nodes++) {
        work.nodes = nodes == 1;
        if (!dt_threads_run(jobs, tasks[nodes], run_task, &work))
            return DT_SWEEP_INTERRUPTED;
    }
    *since = work.since;
    merge(sweep, stage, pass);
    return sweep->overflow == DT_NOWHERE ? DT_SWEEP_DONE : DT_SWEEP_OVERFLOW;
}

/* next and before, in the columns of the pass. */
static void turn(dt_sweep *sweep, const dt_pass *pass)
{
    const size_t columns = sweep->columns, bytes = (pass->beyond - pass->first) * sizeof(double);
    for (size_t s = 0; s < sweep->states; s++) {
        const size_t at = s * columns + pass->first;
        memcpy(sweep->before + at, sweep->next + at, bytes);
        memcpy(sweep->next + at,
               sweep->value + sweep->quotient->state_slot[s] * columns + pass->first, bytes);
    }
}

dt_sweep_end dt_sweep_run(dt_sweep *sweep, dt_pass pass)
{
    const dt_game *game = sweep->game;
    uint32_t since = 0;
    assert(pass.period == DT_EVERY_PERIOD ? game->forever : pass.period < game->periods);
    assert(pass.first % 4 == 0 && pass.first < pass.beyond && pass.beyond <= sweep->columns);
    assert(!pass.decide || pass.first == 0);
    if (!run_leaves(sweep, &pass))
        return DT_SWEEP_OVERFLOW;
    for (uint32_t stage = game->stages; stage-- > 0;) {
        const dt_sweep_end end = run_stage(sweep, stage, &pass, &since);
        if (end != DT_SWEEP_DONE)
            return end;
    }
    turn(sweep, &pass);
    return DT_SWEEP_DONE;
}
