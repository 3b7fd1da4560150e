/*
 * One world's places, by the kernels of many worlds: what cells are worth is summed with the columns
 * of a place in a vector; decisions are made with the nodes of a batch in the lanes, where other
 * kernel sources have worlds. The formulas are those of sweep.c. One source for every kernel
 * (lane.h). Invariant: a node's numbers depend neither on its place in a batch nor on its neighbours,
 * and each sum runs in the order of the game, so that all kernels give the same bits.
 */
#include "solve/lane_nodes.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "solve/greater.h"
#include "solve/lane_exp.h"
#include "solve/lane_stage.h"
#include "solve/softmax.h"

_Static_assert((int)DT_BATCH == (int)DT_WORLDS, "nodes of a batch take the lanes of worlds");

/* A vector of columns, anywhere in memory. */
enum { WIDE = DT_LANES < 4 ? DT_LANES : 4 };
typedef double wide __attribute__((vector_size(8 * WIDE), aligned(8), may_alias));

/* ---- cells ----------------------------------------------------------------------------------- */

/* Branches that are worth adding up in several sums at once: each alone waits for the one before. */
enum { MANY = 8, SUMS = 4 };

/* The expectation of `count` vectors over the branches b … end-1, of which there are many, is added to
 * sum; returns the first branch that is left. */
DT_LANE_INLINE uint64_t sum_many(const dt_target *target, const double *coefficient,
                                 const double *value, size_t columns, uint64_t b, uint64_t end,
                                 const int count, wide *sum)
{
    wide part[SUMS][4] = {{{0}}};
    for (; end - b >= SUMS; b += SUMS) {
        for (int s = 0; s < SUMS; s++) {
            const wide *there = (const wide *)(value + target[b + (uint64_t)s].slot * columns);
            const double probability = coefficient[target[b + (uint64_t)s].coefficient];
            for (int i = 0; i < count; i++)
                part[s][i] += probability * there[i];
        }
    }
    for (int i = 0; i < count; i++)
        sum[i] += (part[0][i] + part[1][i]) + (part[2][i] + part[3][i]);
    return b;
}

/* `count` vectors of columns from `first` on. */
DT_LANE_INLINE void sum_block(const dt_sweep *sweep, uint64_t cell, uint64_t beyond, size_t first,
                              const int count, double *worth)
{
    const dt_quotient *q = sweep->quotient;
    const double *coefficient = sweep->world->coefficient;
    const double *payment = sweep->payment + first, *value = sweep->value + first;
    const size_t columns = sweep->columns;
    uint64_t b = q->cell_target[cell];
    worth += first;
    for (; cell < beyond; cell++, worth += columns) {
        const wide *paid = (const wide *)(payment + q->cell_row[cell] * columns);
        wide sum[4];
        for (int i = 0; i < count; i++)
            sum[i] = paid[i];
        const uint64_t end = q->cell_target[cell + 1];
        if (end - b >= MANY)
            b = sum_many(q->target, coefficient, value, columns, b, end, count, sum);
        for (; b < end; b++) {
            const dt_target target = q->target[b];
            const double probability = coefficient[target.coefficient];
            const wide *there = (const wide *)(value + target.slot * columns);
            for (int i = 0; i < count; i++)
                sum[i] += probability * there[i];
        }
        for (int i = 0; i < count; i++)
            ((wide *)worth)[i] = sum[i];
    }
}

void DT_KERNEL(dt_nodes_sum)(const dt_sweep *sweep, const dt_pass *pass, uint64_t cell,
                             uint64_t beyond, double *worth)
{
    size_t first = pass->first;
    assert(cell <= beyond && beyond <= sweep->quotient->cells);
    for (; pass->beyond - first >= 4 * WIDE; first += 4 * WIDE)
        sum_block(sweep, cell, beyond, first, 4, worth);
    for (; pass->beyond - first >= 2 * WIDE; first += 2 * WIDE)
        sum_block(sweep, cell, beyond, first, 2, worth);
    for (; first < pass->beyond; first += WIDE)
        sum_block(sweep, cell, beyond, first, 1, worth);
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* A batch at work. */
typedef struct batch_work {
    dt_sweep *sweep;
    const dt_pass *pass;
    const dt_menu *menu;
    dt_node_space *space;
    const uint32_t *node;             /* [count] in the game */
    uint32_t count;                   /* nodes that can occur */
    const double *worth;              /* of the stage's first cell */
    const uint32_t *cell[DT_BATCH];   /* of each lane; lanes beyond count repeat the first */
    double *value;                    /* of the first node */
    dt_lane_mask active[DT_PACKS];    /* lanes below count */
    dt_lane *sigma, *q, *joint, *own; /* [total], [total], [cells], [cells][agents] */
} batch_work;

/* One column of worth in the lanes: to [cells], `stride` lanes apart. */
static void gather(const batch_work *work, size_t column, dt_lane *to, size_t stride)
{
    const size_t columns = work->sweep->columns;
    const double *worth = work->worth + column;
    for (int c = 0; c < work->menu->cells; c++, to += stride * DT_PACKS) {
        for (int p = 0; p < DT_PACKS; p++) {
            const uint32_t *const *cell = work->cell + p * DT_LANES;
            dt_lane pack; /* whole vectors are stored: they are read before long */
            for (int l = 0; l < DT_LANES; l++)
                pack[l] = worth[cell[l][c] * columns];
            to[p] = pack;
        }
    }
}

/* Each agent's Q of each cell into `own`. Nodes at which one isn't finite are told. */
static void take_worth(const batch_work *work)
{
    const dt_menu *menu = work->menu;
    const size_t stride = (size_t)menu->agents;
    dt_lane_mask right[DT_PACKS];
    memset(right, -1, sizeof right);
    for (int k = 0; k < menu->agents; k++) {
        const dt_agent *agent = &work->sweep->game->rules->agent[menu->agent[k]];
        dt_lane *own = work->own + k * DT_PACKS;
        gather(work, (size_t)agent->member[0], own, stride);
        for (int m = 0; agent->team && m < agent->members; m++) {
            dt_lane *more = (dt_lane *)work->space->column;
            gather(work, (size_t)agent->member[m], more, 1);
            for (int c = 0; c < menu->cells; c++) {
                for (size_t p = 0; p < DT_PACKS; p++) {
                    dt_lane *sum = &own[(size_t)c * stride * DT_PACKS + p];
                    const dt_lane part = agent->weight[m] * more[(size_t)c * DT_PACKS + p];
                    *sum = m == 0 ? part : *sum + part;
                }
            }
        }
    }
    for (size_t i = 0; i < (size_t)menu->cells * stride; i++) {
        for (size_t p = 0; p < DT_PACKS; p++)
            right[p] &= (dt_lane_mask)(dt_lane_abs(work->own[i * DT_PACKS + p]) < INFINITY);
    }
    for (uint32_t l = work->count; l-- > 0;) {
        if (!right[l / DT_LANES][l % DT_LANES] && work->node[l] < work->space->overflow)
            work->space->overflow = work->node[l];
    }
}

/* sigma [options] = softmax of λ q [options] (dt_softmax). */
DT_LANE_INLINE void softmax(double rationality, const dt_lane *q, int options, dt_lane *sigma)
{
    for (int p = 0; p < DT_PACKS; p++) {
        dt_lane top = q[p], sum = dt_lane_all(0);
        for (int a = 1; a < options; a++)
            top = dt_lane_greater(top, q[a * DT_PACKS + p]);
        for (int a = 0; a < options; a++) {
            const dt_lane e = dt_lane_exp(rationality * (q[a * DT_PACKS + p] - top));
            sigma[a * DT_PACKS + p] = e;
            sum += e;
        }
        const dt_lane scale = 1.0 / sum;
        for (int a = 0; a < options; a++)
            sigma[a * DT_PACKS + p] *= scale;
    }
}

static double *strategy_of(const batch_work *work, uint32_t period, uint32_t lane)
{
    return dt_strategy_at(&work->sweep->solution->strategy, work->sweep->game, period,
                          work->node[lane < work->count ? lane : 0]);
}

/* The strategies of a period, from where they are kept to the lanes. */
static void read_strategies(const batch_work *work, uint32_t period)
{
    for (uint32_t l = 0; l < DT_BATCH; l++) {
        const double *sigma = strategy_of(work, period, l);
        for (int a = 0; a < work->menu->total; a++)
            work->sigma[a * DT_PACKS + (int)(l / DT_LANES)][l % DT_LANES] = sigma[a];
    }
}

static void write_strategies(const batch_work *work)
{
    for (uint32_t l = 0; l < work->count; l++) {
        double *sigma = strategy_of(work, work->pass->period, l);
        for (int a = 0; a < work->menu->total; a++)
            sigma[a] = work->sigma[a * DT_PACKS + (int)(l / DT_LANES)][l % DT_LANES];
    }
}

/* q [options]: what each option of agent k gives against the others' sigma, from what the cells are
 * worth to it, `stride` lanes apart. */
static void against_others(const batch_work *work, int k, const dt_lane *worth, size_t stride,
                           dt_lane *q)
{
    const dt_menu *menu = work->menu;
    int choice[DT_MAX_MOVERS] = {0};
    memset(q, 0, (size_t)menu->options[k] * DT_PACKS * sizeof *q);
    for (int cell = 0; cell < menu->cells; cell++, worth += stride * DT_PACKS) {
        for (int p = 0; p < DT_PACKS; p++) {
            dt_lane others = worth[p];
            const dt_lane *own = work->sigma + p;
            for (int j = 0; j < menu->agents; own += menu->options[j++] * DT_PACKS) {
                if (j != k)
                    others *= own[choice[j] * DT_PACKS];
            }
            q[choice[k] * DT_PACKS + p] += others;
        }
        for (int j = menu->agents - 1; j >= 0 && ++choice[j] == menu->options[j]; j--)
            choice[j] = 0;
    }
}

/* Enters a failure among the lowest. */
static void note_failure(dt_node_space *space, uint32_t node, const dt_branch_result *result)
{
    int at = space->failures < DT_NAMED_FAILURES ? space->failures++ : DT_NAMED_FAILURES;
    for (; at > 0 && space->failure[at - 1].node > node; at--) {
        if (at < DT_NAMED_FAILURES)
            space->failure[at] = space->failure[at - 1];
    }
    if (at < DT_NAMED_FAILURES)
        space->failure[at] = (dt_node_failure){node, *result};
}

/* The values against the strategies of a lane whose numbers were too large for the stage game. */
static void complete(const batch_work *work, uint32_t lane)
{
    const dt_menu *menu = work->menu;
    dt_lane *option = work->joint; /* not in use yet; options <= cells */
    for (int k = 0, first = 0; k < menu->agents; first += menu->options[k++]) {
        against_others(work, k, work->own + k * DT_PACKS, (size_t)menu->agents, option);
        for (int a = 0; a < menu->options[k]; a++) {
            const size_t p = lane / DT_LANES, l = lane % DT_LANES;
            work->q[(size_t)(first + a) * DT_PACKS + p][l] = option[(size_t)a * DT_PACKS + p][l];
        }
    }
}

static void play_together(const batch_work *work)
{
    const dt_menu *menu = work->menu;
    dt_node_space *space = work->space;
    dt_lane rationality[DT_MAX_MOVERS * DT_PACKS];
    assert(menu->agents > 1 && menu->agents <= DT_MAX_MOVERS);
    for (int k = 0; k < menu->agents; k++) {
        for (int p = 0; p < DT_PACKS; p++)
            rationality[k * DT_PACKS + p] =
                dt_lane_all(work->sweep->world->rationality[menu->agent[k]]);
    }
    if (work->pass->guess) {
        const uint32_t period = work->pass->period;
        read_strategies(work, period == DT_EVERY_PERIOD ? period : period + 1);
    }
    const dt_lane_stage game = {.agents = menu->agents,
                                .options = menu->options,
                                .rationality = rationality,
                                .payoff = work->own,
                                .active = work->active,
                                .guess = work->pass->guess ? work->sigma : NULL};
    dt_branch_result result[DT_BATCH];
    DT_KERNEL(dt_lane_stage_solve)(&game, space->lanes, work->sigma, work->q, result);
    for (uint32_t l = 0; l < work->count; l++) {
        const bool failed = result[l].end != DT_BRANCH_ARRIVED;
        space->residual = dt_greater(space->residual, result[l].residual);
        if (failed) {
            note_failure(space, work->node[l], &result[l]);
            complete(work, l);
        }
        if (failed || result[l].crossed) {
            work->sweep->mark[work->node[l]] = (uint8_t)((failed ? DT_MARK_FAILED : 0) |
                                                         (result[l].crossed ? DT_MARK_CROSSED : 0));
            space->marked = true;
        }
    }
}

/* The greatest difference between strategies and the softmax of q. */
static void measure(const batch_work *work)
{
    const dt_menu *menu = work->menu;
    dt_lane *wanted = (dt_lane *)work->space->column; /* options <= cells */
    for (int k = 0, first = 0; k < menu->agents; first += menu->options[k++]) {
        softmax(work->sweep->world->rationality[menu->agent[k]], work->q + first * DT_PACKS,
                menu->options[k], wanted);
        for (int a = 0; a < menu->options[k]; a++) {
            for (uint32_t l = 0; l < work->count; l++) {
                const size_t p = l / DT_LANES, at = (size_t)(first + a) * DT_PACKS + p;
                const double off = fabs(work->sigma[at][l % DT_LANES] -
                                        wanted[(size_t)a * DT_PACKS + p][l % DT_LANES]);
                work->space->residual = dt_greater(off, work->space->residual);
            }
        }
    }
}

/* Strategies, made or followed, into sigma; and each mover's Q. */
static void decide(const batch_work *work)
{
    const dt_menu *menu = work->menu;
    const dt_pass *pass = work->pass;
    if (!pass->decide)
        read_strategies(work, pass->period);
    if (pass->first > 0) /* what actors get isn't known */
        return;
    take_worth(work);
    if (pass->decide) {
        if (menu->agents > 1)
            play_together(work);
        else
            softmax(work->sweep->world->rationality[menu->agent[0]], work->q, menu->cells,
                    work->sigma);
        write_strategies(work);
        return;
    }
    for (int k = 0, first = 0; k < menu->agents && menu->agents > 1; first += menu->options[k++])
        against_others(work, k, work->own + k * DT_PACKS, (size_t)menu->agents,
                       work->q + first * DT_PACKS);
    if (pass->measure)
        measure(work);
}

/* joint [cells] = Π_k σ_k, built from the last agent, whose option varies fastest, to the first. */
static void multiply_out(const batch_work *work)
{
    const dt_menu *menu = work->menu;
    const dt_lane *sigma = work->sigma + menu->total * DT_PACKS;
    dt_lane *joint = work->joint;
    int cells = 1;
    for (int p = 0; p < DT_PACKS; p++)
        joint[p] = dt_lane_all(1);
    for (int k = menu->agents - 1; k >= 0; k--) {
        const int options = menu->options[k];
        sigma -= options * DT_PACKS;
        for (int a = options - 1; a >= 0; a--) {
            for (int c = 0; c < cells * DT_PACKS; c++)
                joint[a * cells * DT_PACKS + c] = sigma[a * DT_PACKS + c % DT_PACKS] * joint[c];
        }
        cells *= options;
    }
    assert(cells == menu->cells);
}

/* `count` vectors of columns from `first` on: value = Σ over cells of joint · worth, node by node. */
DT_LANE_INLINE void average_block(const batch_work *work, const dt_lane *joint, size_t first,
                                  const int count)
{
    const size_t columns = work->sweep->columns;
    const int cells = work->menu->cells;
    const double *worth = work->worth + first, *share = (const double *)joint;
    double *value = work->value + first;
    for (uint32_t l = 0; l < work->count; l++, value += columns, share++) {
        const uint32_t *cell = work->cell[l];
        wide sum[2];
        for (int i = 0; i < count; i++)
            sum[i] = share[0] * ((const wide *)(worth + cell[0] * columns))[i];
        for (int c = 1; c < cells; c++) {
            for (int i = 0; i < count; i++)
                sum[i] += share[c * DT_BATCH] * ((const wide *)(worth + cell[c] * columns))[i];
        }
        for (int i = 0; i < count; i++)
            ((wide *)value)[i] = sum[i];
    }
}

static void average(const batch_work *work, const dt_lane *joint)
{
    size_t first = work->pass->first;
    for (; work->pass->beyond - first >= 2 * WIDE; first += 2 * WIDE)
        average_block(work, joint, first, 2);
    for (; first < work->pass->beyond; first += WIDE)
        average_block(work, joint, first, 1);
}

/* The columns `best` of those who move. Overwrites q. */
static void answer_best(const batch_work *work)
{
    const dt_menu *menu = work->menu;
    const dt_sweep *sweep = work->sweep;
    dt_lane *worth = (dt_lane *)work->space->column;
    for (int k = 0; k < menu->agents; k++) {
        const size_t column = sweep->best + (size_t)menu->agent[k];
        const dt_lane *option = worth;
        gather(work, column, worth, 1);
        if (menu->agents > 1) {
            against_others(work, k, worth, 1, work->q);
            option = work->q;
        }
        for (uint32_t l = 0; l < work->count; l++) {
            const size_t p = l / DT_LANES;
            double best = option[p][l % DT_LANES];
            for (size_t a = 1; a < (size_t)menu->options[k]; a++)
                best = dt_greater(option[a * DT_PACKS + p][l % DT_LANES], best);
            work->value[l * sweep->columns + column] = best;
        }
    }
}

/* The surplus of those who move, who enjoy their taste; overwrites q. */
static void take_surplus(const batch_work *work)
{
    const dt_menu *menu = work->menu;
    double *option = work->space->column; /* options <= cells */
    for (int k = 0, first = 0; k < menu->agents; first += menu->options[k++]) {
        const dt_agent *agent = &work->sweep->game->rules->agent[menu->agent[k]];
        const double rationality = work->sweep->world->rationality[menu->agent[k]];
        assert(agent->members == 1);
        for (uint32_t l = 0; l < work->count; l++) {
            for (int a = 0; a < menu->options[k]; a++)
                option[a] = work->q[(first + a) * DT_PACKS + (int)(l / DT_LANES)][l % DT_LANES];
            work->value[l * work->sweep->columns + (size_t)agent->member[0]] =
                dt_surplus(rationality, option, menu->options[k]);
        }
    }
}

/* Chance: the one cell is the value. */
static void copy_chance(const dt_sweep *sweep, const dt_pass *pass, const double *worth,
                        const uint32_t *cell, uint32_t count, double *value)
{
    const size_t columns = sweep->columns;
    for (uint32_t n = 0; n < count; n++, value += columns) {
        const double *from = worth + cell[n] * columns;
        for (size_t i = pass->first; i < pass->beyond; i += WIDE)
            *(wide *)(value + i) = *(const wide *)(from + i);
    }
}

void DT_KERNEL(dt_nodes_run)(dt_sweep *sweep, const dt_pass *pass, dt_node_space *space,
                             const dt_batch *batch, uint32_t count)
{
    const dt_quotient *quotient = sweep->quotient;
    const dt_menu *menu = &sweep->game->menu[batch->menu];
    const uint32_t *cell = quotient->node_cell + batch->first_cell;
    assert(count >= 1 && count <= batch->count);
    batch_work work = {.sweep = sweep, .pass = pass, .menu = menu, .space = space, .count = count};
    work.node = quotient->place + batch->first;
    work.worth = sweep->worth;
    work.value = sweep->value + batch->first * sweep->columns;
    if (menu->agents == 0) {
        copy_chance(sweep, pass, work.worth, cell, count, work.value);
        return;
    }
    for (uint32_t l = 0; l < DT_BATCH; l++) {
        work.cell[l] = cell + (l < count ? l : 0) * (size_t)menu->cells;
        work.active[l / DT_LANES][l % DT_LANES] = l < count ? -1 : 0;
    }
    work.sigma = (dt_lane *)space->sigma;
    work.q = (dt_lane *)space->q;
    work.joint = (dt_lane *)space->joint;
    work.own = menu->agents == 1 ? work.q : (dt_lane *)space->payoff;
    decide(&work);
    if (menu->agents > 1)
        multiply_out(&work);
    average(&work, menu->agents > 1 ? work.joint : work.sigma);
    if (pass->first == 0 && sweep->solution->values == DT_VALUES_SURPLUS)
        take_surplus(&work);
    if (pass->beyond > sweep->best)
        answer_best(&work);
}
