/*
 * The sweep of sweep.c in lanes, on the graph of lanes_graph.h: leaves first, then the stages from
 * last to first, with the columns of a plan at every place. With Q_i a column's worth of a cell, at a
 * decision
 *     value, along:  Σ_s σ(s) Q(s)
 *     best:          the same where the agent doesn't move; where it does, the greatest of
 *                    Σ over the others' options of σ Q, and a cell's worth where it moves alone.
 * Where nearly all time goes: the sums over branches, for a block of columns that stay in registers.
 * One source for every kernel (lane.h). Invariant: as in sweep.c, what a cell reads is final.
 */
#include <assert.h>
#include <float.h>
#include <string.h>

#include "solve/lane_exp.h"
#include "solve/lanes.h"

/* Values beyond this could overflow in sums and products; as in sweep.c. */
static const double MOST_VALUE = 1e150;

/* Columns whose sums are kept in registers together. */
enum { BLOCK = 8 / DT_PACKS };

/* What is the same for all places of a sweep. */
typedef struct pass {
    dt_lane_group *group;
    const dt_lane_plan *plan;
    const dt_lane_graph *graph;
    const dt_lane_sweep *sweep;
    const dt_lane *coefficient, *payment;
    dt_lane *value, *ahead, *shared;
    uint32_t seen; /* cells before this one have been met in this sweep */
    dt_lane_mask active[DT_PACKS];
} pass;

/* A decision at work; arrays as in dt_lane_group. */
typedef struct seat {
    uint32_t node;
    const dt_menu *menu;
    const dt_lane **worth; /* [cells] each [columns] */
    dt_lane *own;
    dt_lane *payoff; /* [cells][agents]; of a sole agent q */
    dt_lane *q, *sigma, *value;
} seat;

/* Two stage games are solved side by side where one fills but one vector. */
enum { SEATS = DT_PACKS == 1 ? 2 : 1 };

static void fail_values(pass *pass, uint32_t place, size_t pack, dt_lane_mask wrong)
{
    for (int l = 0; l < DT_LANES; l++) {
        if (wrong[l] && pass->active[pack][l]) {
            dt_lane_fail(pass->group, (int)pack * DT_LANES + l,
                         (dt_lane_fault){DT_VALUE_OVERFLOW, 0, 0, place, pass->sweep->period});
            pass->active[pack][l] = 0;
        }
    }
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Columns first … first+count-1 of what a cell is worth, into worth [columns]. */
DT_LANE_INLINE void sum_block(const pass *pass, const dt_lane_cell *cell, size_t first,
                              const int count, dt_lane *worth)
{
    const dt_lane_plan *plan = pass->plan;
    const dt_lane_branch *branch = pass->graph->branch;
    const size_t columns = plan->columns;
    const dt_lane *value = pass->value + first * DT_PACKS;
    const dt_lane *paid = pass->payment + cell->row * plan->paid * DT_PACKS;
    const int *column_paid = plan->column_paid + first;
    dt_lane sum[BLOCK][DT_PACKS];
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            sum[i][p] = paid[column_paid[i] * DT_PACKS + p];
    }
    for (uint64_t b = cell->branch; b < cell[1].branch; b++) {
        const dt_lane *probability = pass->coefficient + branch[b].coefficient * DT_PACKS;
        const dt_lane *target = value + branch[b].target * columns * DT_PACKS;
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < DT_PACKS; p++)
                sum[i][p] += probability[p] * target[i * DT_PACKS + p];
        }
    }
    worth += first * DT_PACKS;
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            worth[i * DT_PACKS + p] = sum[i][p];
    }
}

static void sum_cell(const pass *pass, const dt_lane_cell *cell, dt_lane *worth)
{
    const size_t beyond = pass->sweep->beyond;
    size_t first = pass->sweep->first;
    for (; beyond - first >= BLOCK; first += BLOCK)
        sum_block(pass, cell, first, BLOCK, worth);
    /* what is left; the sizes that a kernel's block can't have are compiled away */
    switch (beyond - first) {
#define LEFT(count)                                                                                \
    case count:                                                                                    \
        if (count < BLOCK)                                                                         \
            sum_block(pass, cell, first, count, worth);                                            \
        break;
        LEFT(1)
        LEFT(2)
        LEFT(3)
        LEFT(4)
        LEFT(5)
        LEFT(6)
        LEFT(7)
#undef LEFT
    }
}

/* Where what a cell is worth is found, after it has been worked out if it is new: into its slot if
 * other nodes have it, too, else into `own` [columns]. */
static const dt_lane *find_worth(pass *pass, uint32_t number, dt_lane *own)
{
    const dt_lane_graph *graph = pass->graph;
    const dt_lane_cell *cell = &graph->cell[number];
    const size_t size = pass->plan->columns * DT_PACKS;
    const bool new = number == pass->seen;
    assert(number <= pass->seen);
    pass->seen += new;
    if (cell->slot == DT_LANE_NEXT)
        return pass->value + graph->branch[cell->branch].target * size;
    if (cell->slot != DT_LANE_ONCE)
        own = pass->shared + cell->slot * size;
    if (new)
        sum_cell(pass, cell, own);
    return own;
}

static void find_worths(pass *pass, const seat *at)
{
    const dt_lane_graph *graph = pass->graph;
    const uint32_t *use = graph->use + graph->use_first[at->node];
    dt_lane *own = at->own;
    assert(graph->use_first[at->node + 1] - graph->use_first[at->node] ==
           (uint32_t)at->menu->cells);
    for (int c = 0; c < at->menu->cells; c++, own += pass->plan->columns * DT_PACKS)
        at->worth[c] = find_worth(pass, use[c], own);
}

/* joint [cells] = Π_k σ_k, from sigma [total]. */
static void multiply_out(const dt_menu *menu, const dt_lane *sigma, dt_lane *joint)
{
    int cells = 1;
    for (int p = 0; p < DT_PACKS; p++)
        joint[p] = dt_lane_all(1);
    sigma += menu->total * DT_PACKS;
    for (int k = menu->agents - 1; k >= 0; k--) {
        const int options = menu->options[k];
        sigma -= options * DT_PACKS;
        for (int a = options - 1; a >= 0; a--) {
            for (int c = 0; c < cells; c++) {
                for (int p = 0; p < DT_PACKS; p++)
                    joint[(a * cells + c) * DT_PACKS + p] =
                        sigma[a * DT_PACKS + p] * joint[c * DT_PACKS + p];
            }
        }
        cells *= options;
    }
    assert(cells == menu->cells);
}

/* Averages columns first … first+count-1 of worth over cells, into value [columns]. */
DT_LANE_INLINE void average_block(const seat *at, const dt_lane *joint, size_t first,
                                  const int count)
{
    const dt_lane *worth = at->worth[0] + first * DT_PACKS;
    dt_lane *value = at->value + first * DT_PACKS;
    dt_lane sum[BLOCK][DT_PACKS];
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            sum[i][p] = joint[p] * worth[i * DT_PACKS + p];
    }
    for (int c = 1; c < at->menu->cells; c++) {
        worth = at->worth[c] + first * DT_PACKS;
        joint += DT_PACKS;
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < DT_PACKS; p++)
                sum[i][p] += joint[p] * worth[i * DT_PACKS + p];
        }
    }
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            value[i * DT_PACKS + p] = sum[i][p];
    }
}

static void average(const pass *pass, const seat *at, const dt_lane *joint)
{
    const size_t beyond = pass->sweep->beyond;
    size_t first = pass->sweep->first;
    for (; beyond - first >= BLOCK; first += BLOCK)
        average_block(at, joint, first, BLOCK);
    for (; BLOCK > 4 && beyond - first >= 4; first += 4)
        average_block(at, joint, first, 4);
    for (; first < beyond; first++)
        average_block(at, joint, first, 1);
}

/* ---- decisions ------------------------------------------------------------------------------- */

/* An agent's Q of each cell: the members' weighted sum of worth, into q [cells], `stride` apart.
 * Worlds in which one isn't finite fail. */
static void agent_worth(pass *pass, const seat *at, int k, dt_lane *q, size_t stride)
{
    const dt_agent *agent = &pass->plan->game->rules->agent[at->menu->agent[k]];
    dt_lane_mask right[DT_PACKS];
    memset(right, -1, sizeof right);
    for (int c = 0; c < at->menu->cells; c++, q += stride) {
        const dt_lane *worth = at->worth[c];
        for (int p = 0; p < DT_PACKS; p++) {
            dt_lane sum = worth[agent->member[0] * DT_PACKS + p];
            if (agent->team) {
                sum *= agent->weight[0];
                for (int m = 1; m < agent->members; m++)
                    sum += agent->weight[m] * worth[agent->member[m] * DT_PACKS + p];
            }
            right[p] &= (dt_lane_mask)(dt_lane_abs(sum) <= DBL_MAX);
            q[p] = sum;
        }
    }
    for (size_t p = 0; p < DT_PACKS; p++) {
        if (!dt_lane_every(right[p]))
            fail_values(pass, pass->graph->node[at->node], p, ~right[p]);
    }
}

/* sigma [options] = softmax of q [options] (dt_softmax), one vector of worlds; returns the surplus
 * (1/λ) log Σ exp(λ q) if it is asked for. The greatest of q has exp 0 = 1: where it isn't q(0) it
 * changes places with that, so that one exponential less is taken. */
DT_LANE_INLINE dt_lane softmax(dt_lane rationality, const dt_lane *q, int options, dt_lane *sigma,
                               bool surplus)
{
    dt_lane top = q[0], sum = dt_lane_all(1);
    for (int a = 1; a < options; a++)
        top = dt_lane_greater(top, q[a * DT_PACKS]);
    dt_lane_mask moved = (dt_lane_mask)(q[0] < top); /* and its place not found yet */
    dt_lane first = sum;
    for (int a = 1; a < options; a++) {
        const dt_lane_mask here = moved & (dt_lane_mask)(q[a * DT_PACKS] == top);
        const dt_lane other = dt_lane_select(here, q[0], q[a * DT_PACKS]);
        const dt_lane e = dt_lane_exp(rationality * (other - top));
        first = dt_lane_select(here, e, first);
        sigma[a * DT_PACKS] = dt_lane_select(here, dt_lane_all(1), e);
        moved &= ~here;
        sum += e;
    }
    const dt_lane scale = 1.0 / sum;
    sigma[0] = first * scale;
    for (int a = 1; a < options; a++)
        sigma[a * DT_PACKS] *= scale;
    return surplus ? top + dt_lane_log(sum) / rationality : sum;
}

/* The greatest difference between a strategy and the softmax of q [options]. */
static void measure(const pass *pass, const dt_lane *rationality, const dt_lane *q, int options,
                    const dt_lane *sigma)
{
    dt_lane *wanted = (dt_lane *)pass->group->joint; /* not in use yet; options <= cells */
    for (int p = 0; p < DT_PACKS; p++) {
        softmax(rationality[p], q + p, options, wanted + p, false);
        for (int a = 0; a < options; a++) {
            const dt_lane off = dt_lane_abs(sigma[a * DT_PACKS + p] - wanted[a * DT_PACKS + p]);
            for (int l = 0; l < DT_LANES; l++) {
                double *residual = &pass->group->residual[p * DT_LANES + l];
                *residual = dt_greater(off[l], *residual);
            }
        }
    }
}

/* q [options]: what each option of a menu's agent k gives against the others' sigma [total], where a
 * cell is worth worth[c * stride]. */
static void against_others(const dt_menu *menu, int k, const dt_lane *worth, size_t stride,
                           const dt_lane *sigma, dt_lane *q)
{
    int choice[DT_MAX_MOVERS] = {0};
    memset(q, 0, (size_t)menu->options[k] * DT_PACKS * sizeof *q);
    assert(menu->agents <= DT_MAX_MOVERS);
    for (int cell = 0; cell < menu->cells; cell++, worth += stride) {
        for (int p = 0; p < DT_PACKS; p++) {
            dt_lane others = worth[p];
            const dt_lane *own = sigma + p;
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

static void note_result(const pass *pass, uint32_t node, int world, const dt_branch_result *result)
{
    dt_lane_group *group = pass->group;
    assert(group->active[world]);
    if (!pass->sweep->count)
        return;
    group->residual[world] = dt_greater(result->residual, group->residual[world]);
    if (result->end == DT_BRANCH_ARRIVED && !result->crossed)
        return;
    const dt_lane_graph *graph = pass->graph;
    const uint32_t nodes = dt_lane_graph_alike(graph, pass->plan->game, node, pass->sweep->period);
    if (result->crossed)
        group->crossed[world] += nodes;
    if (result->end == DT_BRANCH_ARRIVED)
        return;
    if (group->failures[world] == 0)
        group->failure[world] = (dt_lane_failure){graph->node[node], pass->sweep->period, *result};
    group->failures[world] += nodes;
}

/* The stage games of one or two nodes with the same menu, into their sigma and q. */
static void play_together(const pass *pass, const seat *at, int seats)
{
    dt_lane_group *group = pass->group;
    const dt_menu *menu = at->menu;
    const dt_lane *guess = (const dt_lane *)pass->sweep->guess;
    const dt_lane *all = (const dt_lane *)group->rationality;
    dt_lane rationality[DT_MAX_MOVERS * DT_PACKS];
    dt_lane_stage game[2];
    dt_branch_result result[2][DT_WORLDS];
    assert(menu->agents <= DT_MAX_MOVERS && seats <= 2);
    for (int k = 0; k < menu->agents; k++) {
        for (int p = 0; p < DT_PACKS; p++)
            rationality[k * DT_PACKS + p] = all[menu->agent[k] * DT_PACKS + p];
    }
    for (int s = 0; s < seats; s++)
        game[s] = (dt_lane_stage){
            .agents = menu->agents,
            .options = menu->options,
            .rationality = rationality,
            .payoff = at[s].payoff,
            .active = pass->active,
            .guess = guess ? guess + pass->graph->option[at[s].node] * DT_PACKS : NULL};
    if (seats == 1) {
        DT_KERNEL(dt_lane_stage_solve)(game, group->space, at->sigma, at->q, result[0]);
    } else {
        dt_lane *const sigma[] = {at[0].sigma, at[1].sigma}, *const q[] = {at[0].q, at[1].q};
        DT_KERNEL(dt_lane_stage_solve_two)(game, group->space, sigma, q, result);
    }
    for (int s = 0; s < seats; s++) {
        for (int w = 0; w < DT_WORLDS; w++) {
            if (pass->active[w / DT_LANES][w % DT_LANES])
                note_result(pass, at[s].node, w, &result[s][w]);
        }
    }
}

/* Each mover's Q into q [total], and the strategies into sigma, or measured; of one or two nodes with
 * the same menu. */
static void decide(pass *pass, const seat *at, int seats)
{
    const dt_lane *rationality = (const dt_lane *)pass->group->rationality;
    const dt_menu *menu = at->menu;
    const int agents = menu->agents;
    const size_t stride = (size_t)agents * DT_PACKS;
    for (int s = 0; s < seats; s++) {
        for (int k = 0; k < agents; k++)
            agent_worth(pass, &at[s], k, at[s].payoff + k * DT_PACKS, stride);
    }
    if (pass->sweep->mode == DT_LANE_DECIDE && agents > 1) {
        play_together(pass, at, seats);
        return;
    }
    assert(seats == 1);
    if (pass->sweep->mode == DT_LANE_DECIDE) {
        for (size_t p = 0; p < DT_PACKS; p++)
            softmax(rationality[menu->agent[0] * DT_PACKS + (int)p], at->q + p, menu->cells,
                    at->sigma + p, false);
        return;
    }
    for (int k = 0, first = 0; k < agents; first += menu->options[k++]) {
        dt_lane *here = at->q + first * DT_PACKS;
        if (agents > 1)
            against_others(menu, k, at->payoff + k * DT_PACKS, stride, at->sigma, here);
        measure(pass, rationality + menu->agent[k] * DT_PACKS, here, menu->options[k],
                at->sigma + first * DT_PACKS);
    }
}

/* The columns `best` of those who move. `q` and `payoff` are overwritten. */
static void answer_best(const pass *pass, const seat *at)
{
    const dt_lane_plan *plan = pass->plan;
    const dt_menu *menu = at->menu;
    dt_lane *worth = at->payoff; /* [cells] */
    for (int k = 0; k < menu->agents; k++) {
        const size_t column = plan->best + (size_t)menu->agent[k];
        for (int c = 0; c < menu->cells; c++)
            memcpy(worth + c * DT_PACKS, at->worth[c] + column * DT_PACKS,
                   DT_PACKS * sizeof *worth);
        const dt_lane *gets = worth;
        if (menu->agents > 1) {
            against_others(menu, k, worth, DT_PACKS, at->sigma, at->q);
            gets = at->q;
        }
        for (int p = 0; p < DT_PACKS; p++) {
            dt_lane best = gets[p];
            for (int a = 1; a < menu->options[k]; a++)
                best = dt_lane_greater(best, gets[a * DT_PACKS + p]);
            at->value[column * DT_PACKS + (size_t)p] = best;
        }
    }
}

/* The surplus of those who move, who enjoy their taste. */
static void take_surplus(const pass *pass, const seat *at)
{
    const dt_menu *menu = at->menu;
    const dt_lane *rationality = (const dt_lane *)pass->group->rationality, *q = at->q;
    dt_lane *scratch = (dt_lane *)pass->group->joint; /* done with; options <= cells */
    for (int k = 0; k < menu->agents; q += menu->options[k++] * DT_PACKS) {
        const dt_agent *agent = &pass->plan->game->rules->agent[menu->agent[k]];
        assert(agent->members == 1);
        for (int p = 0; p < DT_PACKS; p++)
            at->value[agent->member[0] * DT_PACKS + p] =
                softmax(rationality[menu->agent[k] * DT_PACKS + p], q + p, menu->options[k],
                        scratch + p, true);
    }
}

/* ---- places ---------------------------------------------------------------------------------- */

static seat take_seat(const pass *pass, uint32_t node, int number)
{
    const dt_lane_plan *plan = pass->plan;
    dt_lane_group *group = pass->group;
    const size_t cells = (size_t)number * (size_t)plan->most_cells;
    seat at = {
        .node = node,
        .menu = &plan->game->menu[pass->graph->menu[node]],
        .worth = (const dt_lane **)group->cell_worth + cells,
        .own = (dt_lane *)group->worth + cells * plan->columns * DT_PACKS,
        .payoff = (dt_lane *)group->payoff + cells * (size_t)plan->most_agents * DT_PACKS,
        .q = (dt_lane *)group->q + number * plan->most_total * DT_PACKS,
        .sigma = (dt_lane *)pass->sweep->sigma + pass->graph->option[node] * DT_PACKS,
        .value = pass->value + node * plan->columns * DT_PACKS,
    };
    if (at.menu->agents == 1)
        at.payoff = at.q;
    return at;
}

/* What a decision is worth, its strategies being made. */
static void value_decision(const pass *pass, const seat *at)
{
    const dt_lane_plan *plan = pass->plan;
    dt_lane *joint = at->sigma;
    if (at->menu->agents > 1) {
        joint = (dt_lane *)pass->group->joint;
        multiply_out(at->menu, at->sigma, joint);
    }
    average(pass, at, joint);
    if (pass->sweep->first == 0 && plan->values == DT_VALUES_SURPLUS)
        take_surplus(pass, at);
    if (pass->sweep->beyond > plan->best)
        answer_best(pass, at);
}

/* One node, or two of which the second is the next one and has the same menu. */
static void run_decisions(pass *pass, uint32_t node, int seats)
{
    seat at[2];
    for (int s = 0; s < seats; s++) {
        at[s] = take_seat(pass, node + (uint32_t)s, s);
        find_worths(pass, &at[s]);
    }
    if (pass->sweep->first == 0)
        decide(pass, at, seats);
    for (int s = 0; s < seats; s++)
        value_decision(pass, &at[s]);
}

static void run_chance(pass *pass, uint32_t node)
{
    const dt_lane_graph *graph = pass->graph;
    const size_t size = pass->plan->columns * DT_PACKS;
    dt_lane *value = pass->value + node * size;
    const dt_lane *worth = find_worth(pass, graph->use[graph->use_first[node]], value);
    if (worth != value)
        memcpy(value, worth, size * sizeof *value);
}

static void run_stage(pass *pass, uint32_t first, uint32_t count)
{
    const dt_lane_graph *graph = pass->graph;
    const bool two = SEATS == 2 && pass->sweep->mode == DT_LANE_DECIDE;
    if (count > 0)
        pass->seen = graph->use[graph->use_first[first]];
    for (uint32_t node = first; node < first + count; node++) {
        const uint32_t menu = graph->menu[node];
        const int agents = pass->plan->game->menu[menu].agents;
        if (agents == 0) {
            run_chance(pass, node);
        } else if (two && agents > 1 && node + 1 < first + count && graph->menu[node + 1] == menu) {
            run_decisions(pass, node, 2);
            node++;
        } else {
            run_decisions(pass, node, 1);
        }
    }
}

/* What is paid at a period's end, and what the next one is worth then. */
static void run_leaves(const pass *pass, uint32_t count)
{
    const dt_lane_plan *plan = pass->plan;
    const size_t columns = plan->columns;
    const dt_lane_leaf *leaf = pass->graph->leaf;
    dt_lane *value = pass->value + pass->graph->nodes * columns * DT_PACKS;
    for (uint32_t l = 0; l < count; l++, value += columns * DT_PACKS) {
        const dt_lane *paid = pass->payment + leaf[l].row * plan->paid * DT_PACKS;
        const dt_lane *then = pass->ahead + leaf[l].state * columns * DT_PACKS;
        for (size_t i = pass->sweep->first; i < pass->sweep->beyond; i++) {
            const size_t now = (size_t)plan->column_paid[i];
            for (size_t p = 0; p < DT_PACKS; p++)
                value[i * DT_PACKS + p] = paid[now * DT_PACKS + p] + then[i * DT_PACKS + p];
        }
    }
}

/* What the beginnings of the next period are worth at the end of this one: ahead = δ next. */
static void look_ahead(pass *pass)
{
    const dt_lane_plan *plan = pass->plan;
    const dt_lane *discount = (const dt_lane *)pass->group->discount;
    const dt_lane *next = (const dt_lane *)pass->group->next;
    for (size_t s = 0; s < plan->states; s++) {
        for (size_t i = pass->sweep->first; i < pass->sweep->beyond; i++) {
            for (size_t p = 0; p < DT_PACKS; p++) {
                const size_t at = (s * plan->columns + i) * DT_PACKS + p;
                const dt_lane v = discount[i * DT_PACKS + p] * next[at];
                const dt_lane_mask wrong = ~(dt_lane_mask)(dt_lane_abs(v) <= MOST_VALUE);
                pass->ahead[at] = v;
                if (i < plan->actors && dt_lane_any(wrong))
                    fail_values(pass, plan->game->state_place[s], p, wrong);
            }
        }
    }
}

void DT_KERNEL(dt_lane_sweep_run)(dt_lane_group *group, const dt_lane_sweep *sweep)
{
    const dt_game *game = group->plan->game;
    const dt_lane_graph *graph = group->plan->graph;
    pass pass = {.group = group, .plan = group->plan, .graph = graph, .sweep = sweep};
    pass.coefficient = (const dt_lane *)group->coefficient;
    pass.payment = (const dt_lane *)group->payment;
    pass.value = (dt_lane *)group->value;
    pass.ahead = (dt_lane *)group->ahead;
    pass.shared = (dt_lane *)group->shared;
    memcpy(pass.active, group->active, sizeof group->active);
    assert(sweep->first < sweep->beyond && sweep->beyond <= group->plan->columns);
    assert(sweep->period == DT_EVERY_PERIOD ? game->forever : sweep->period < game->periods);
    look_ahead(&pass);
    run_leaves(&pass, dt_lane_graph_count(graph, game, game->stages, sweep->period));
    for (uint32_t stage = game->stages; stage-- > 0;) {
        const uint32_t first = graph->stage_first[stage];
        run_stage(&pass, first, dt_lane_graph_count(graph, game, stage, sweep->period));
    }
}

void DT_KERNEL(dt_lane_sweep_turn)(dt_lane_group *group, size_t first, size_t beyond,
                                   const int64_t *mask)
{
    const dt_lane_plan *plan = group->plan;
    const size_t size = plan->columns * DT_WORLDS;
    double *to = group->before, *old = group->next;
    for (size_t s = 0; s < plan->states; s++, to += size, old += size) {
        const uint32_t place = plan->graph->place[plan->game->state_place[s]];
        const double *value = group->value + place * size;
        memcpy(to, old, size * sizeof *to);
        for (size_t c = first; c < beyond; c++) {
            for (size_t w = c * DT_WORLDS; w < (c + 1) * DT_WORLDS; w++)
                to[w] = !mask || mask[w % DT_WORLDS] ? value[w] : to[w];
        }
    }
    to = group->before;
    group->before = group->next;
    group->next = to;
}
