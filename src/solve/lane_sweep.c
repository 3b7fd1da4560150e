/*
 * The sweep of sweep.c in lanes: the stages from last to first, with the columns of a plan at every
 * node. What a leaf is worth is added up anew wherever a branch leads to one: there are more leaves
 * than nodes, but few payments and few states that follow, and these stay in the cache. With Q_i a column's worth of a cell, at a decision
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
    const dt_lane_sweep *sweep;
    const dt_lane *coefficient, *payment;
    dt_lane *value, *ahead;
    dt_lane *worth; /* [cells][columns] of the node at hand */
    dt_lane_mask active[DT_PACKS];
} pass;

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

/* Columns first … first+count-1 of what cells are worth, into worth [cells][columns]. */
DT_LANE_INLINE void sum_block(const pass *pass, uint64_t cell, int cells, size_t first,
                              const int count, dt_lane *worth)
{
    const dt_lane_plan *plan = pass->plan;
    const dt_game *game = plan->game;
    const size_t columns = plan->columns;
    const dt_lane *coefficient = pass->coefficient, *payment = pass->payment;
    const dt_lane *value = pass->value + first * DT_PACKS, *ahead = pass->ahead + first * DT_PACKS;
    const int *column_paid = plan->column_paid + first;
    uint64_t b = game->cell_branch[cell];
    worth += first * DT_PACKS;
    for (int c = 0; c < cells; c++, cell++, worth += columns * DT_PACKS) {
        const dt_lane *paid = payment + game->cell_row[cell] * plan->paid * DT_PACKS;
        dt_lane sum[BLOCK][DT_PACKS];
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < DT_PACKS; p++)
                sum[i][p] = paid[column_paid[i] * DT_PACKS + p];
        }
        for (const uint64_t end = game->cell_branch[cell + 1]; b < end; b++) {
            const dt_lane *probability = coefficient + game->branch_coefficient[b] * DT_PACKS;
            const uint32_t place = game->branch_target[b];
            if (place < game->nodes) {
                const dt_lane *target = value + place * columns * DT_PACKS;
                for (int i = 0; i < count; i++) {
                    for (int p = 0; p < DT_PACKS; p++)
                        sum[i][p] += probability[p] * target[i * DT_PACKS + p];
                }
            } else {
                const dt_lane_leaf leaf = plan->leaf[place - game->nodes];
                const dt_lane *now = payment + leaf.row * plan->paid * DT_PACKS;
                const dt_lane *then = ahead + leaf.state * columns * DT_PACKS;
                for (int i = 0; i < count; i++) {
                    for (int p = 0; p < DT_PACKS; p++)
                        sum[i][p] += probability[p] *
                                     (now[column_paid[i] * DT_PACKS + p] + then[i * DT_PACKS + p]);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < DT_PACKS; p++)
                worth[i * DT_PACKS + p] = sum[i][p];
        }
    }
}

static void sum_cells(const pass *pass, uint64_t cell, int cells, dt_lane *worth)
{
    const size_t beyond = pass->sweep->beyond;
    size_t first = pass->sweep->first;
    for (; beyond - first >= BLOCK; first += BLOCK)
        sum_block(pass, cell, cells, first, BLOCK, worth);
    /* what is left; the sizes that a kernel's block can't have are compiled away */
    switch (beyond - first) {
#define LEFT(count)                                                                                \
    case count:                                                                                    \
        if (count < BLOCK)                                                                         \
            sum_block(pass, cell, cells, first, count, worth);                                     \
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

/* joint [cells] = Π_k σ_k, from sigma [total]; as dt_joint. */
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
DT_LANE_INLINE void average_block(const pass *pass, const dt_lane *joint, int cells, size_t first,
                                  const int count, dt_lane *value)
{
    const size_t columns = pass->plan->columns;
    const dt_lane *worth = pass->worth + first * DT_PACKS;
    dt_lane sum[BLOCK][DT_PACKS];
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            sum[i][p] = joint[p] * worth[i * DT_PACKS + p];
    }
    for (int c = 1; c < cells; c++) {
        worth += columns * DT_PACKS;
        joint += DT_PACKS;
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < DT_PACKS; p++)
                sum[i][p] += joint[p] * worth[i * DT_PACKS + p];
        }
    }
    value += first * DT_PACKS;
    for (int i = 0; i < count; i++) {
        for (int p = 0; p < DT_PACKS; p++)
            value[i * DT_PACKS + p] = sum[i][p];
    }
}

static void average(const pass *pass, const dt_lane *joint, int cells, dt_lane *value)
{
    const size_t beyond = pass->sweep->beyond;
    size_t first = pass->sweep->first;
    for (; beyond - first >= BLOCK; first += BLOCK)
        average_block(pass, joint, cells, first, BLOCK, value);
    for (; first < beyond; first++)
        average_block(pass, joint, cells, first, 1, value);
}

/* ---- decisions ------------------------------------------------------------------------------- */

/* An agent's Q of each cell: the members' weighted sum of worth, into q [cells], `stride` apart.
 * Worlds in which one isn't finite fail. */
static void agent_worth(pass *pass, uint32_t node, const dt_menu *menu, int k, dt_lane *q,
                        size_t stride)
{
    const dt_lane_plan *plan = pass->plan;
    const dt_agent *agent = &plan->game->rules->agent[menu->agent[k]];
    const dt_lane *worth = pass->worth;
    dt_lane_mask right[DT_PACKS];
    memset(right, -1, sizeof right);
    for (int c = 0; c < menu->cells; c++, worth += plan->columns * DT_PACKS, q += stride) {
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
            fail_values(pass, node, p, ~right[p]);
    }
}

/* sigma [options] = softmax of q [options] (dt_softmax), one vector of worlds; returns the surplus
 * (1/λ) log Σ exp(λ q) if it is asked for. */
DT_LANE_INLINE dt_lane softmax(dt_lane rationality, const dt_lane *q, int options, dt_lane *sigma,
                               bool surplus)
{
    dt_lane top = q[0], sum = dt_lane_all(0);
    for (int a = 1; a < options; a++)
        top = dt_lane_greater(top, q[a * DT_PACKS]);
    for (int a = 0; a < options; a++) {
        const dt_lane e = dt_lane_exp(rationality * (q[a * DT_PACKS] - top));
        sigma[a * DT_PACKS] = e;
        sum += e;
    }
    const dt_lane scale = 1.0 / sum;
    for (int a = 0; a < options; a++)
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

/* q [options]: what each option of a menu's agent k gives in one column against the others' sigma
 * [total]; cells [columns] hold the column's worth. */
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
    group->crossed[world] += result->crossed;
    group->residual[world] = dt_greater(result->residual, group->residual[world]);
    if (result->end != DT_BRANCH_ARRIVED && group->failures[world]++ == 0)
        group->failure[world] = (dt_lane_failure){node, pass->sweep->period, *result};
}

/* The stage game, from the movers' Q in payoff [cells][agents] into sigma and q. */
static void play_together(const pass *pass, uint32_t node, const dt_menu *menu,
                          const dt_lane *payoff, dt_lane *sigma, dt_lane *q)
{
    dt_lane_group *group = pass->group;
    const dt_lane *all = (const dt_lane *)group->rationality;
    dt_lane rationality[DT_MAX_MOVERS * DT_PACKS];
    assert(menu->agents <= DT_MAX_MOVERS);
    for (int k = 0; k < menu->agents; k++) {
        for (int p = 0; p < DT_PACKS; p++)
            rationality[k * DT_PACKS + p] = all[menu->agent[k] * DT_PACKS + p];
    }
    const dt_lane_stage game = {.agents = menu->agents,
                                .options = menu->options,
                                .rationality = rationality,
                                .payoff = payoff,
                                .active = pass->active,
                                .guess = pass->sweep->guess ? sigma : NULL};
    dt_branch_result result[DT_WORLDS];
    DT_KERNEL(dt_lane_stage_solve)(&game, group->space, sigma, q, result);
    for (int w = 0; w < DT_WORLDS; w++) {
        if (pass->active[w / DT_LANES][w % DT_LANES])
            note_result(pass, node, w, &result[w]);
    }
}

/* Each mover's Q into q [total], and the strategies into sigma, or measured. */
static void decide(pass *pass, uint32_t node, const dt_menu *menu, dt_lane *sigma, dt_lane *q)
{
    const dt_lane *rationality = (const dt_lane *)pass->group->rationality;
    const int agents = menu->agents;
    dt_lane *own = agents == 1 ? q : (dt_lane *)pass->group->payoff; /* [cells][agents] */
    for (int k = 0; k < agents; k++)
        agent_worth(pass, node, menu, k, own + k * DT_PACKS, (size_t)agents * DT_PACKS);
    if (pass->sweep->mode == DT_LANE_DECIDE) {
        if (agents > 1) {
            play_together(pass, node, menu, own, sigma, q);
            return;
        }
        for (size_t p = 0; p < DT_PACKS; p++)
            softmax(rationality[menu->agent[0] * DT_PACKS + (int)p], q + p, menu->cells, sigma + p,
                    false);
        return;
    }
    for (int k = 0, first = 0; k < agents; first += menu->options[k++]) {
        dt_lane *here = q + first * DT_PACKS;
        if (agents > 1)
            against_others(menu, k, own + k * DT_PACKS, (size_t)agents * DT_PACKS, sigma, here);
        measure(pass, rationality + menu->agent[k] * DT_PACKS, here, menu->options[k],
                sigma + first * DT_PACKS);
    }
}

/* The columns `best` of those who move. `q` is overwritten. */
static void answer_best(const pass *pass, const dt_menu *menu, const dt_lane *sigma, dt_lane *q,
                        dt_lane *value)
{
    const dt_lane_plan *plan = pass->plan;
    for (int k = 0; k < menu->agents; k++) {
        const size_t column = plan->best + (size_t)menu->agent[k];
        const dt_lane *worth = pass->worth + column * DT_PACKS;
        size_t stride = plan->columns * DT_PACKS;
        if (menu->agents > 1) {
            against_others(menu, k, worth, stride, sigma, q);
            worth = q;
            stride = DT_PACKS;
        }
        for (int p = 0; p < DT_PACKS; p++) {
            dt_lane best = worth[p];
            for (int a = 1; a < menu->options[k]; a++)
                best = dt_lane_greater(best, worth[(size_t)a * stride + (size_t)p]);
            value[column * DT_PACKS + (size_t)p] = best;
        }
    }
}

/* The surplus of those who move, who enjoy their taste. */
static void take_surplus(const pass *pass, const dt_menu *menu, const dt_lane *q, dt_lane *value)
{
    const dt_lane_plan *plan = pass->plan;
    const dt_lane *rationality = (const dt_lane *)pass->group->rationality;
    dt_lane *scratch = (dt_lane *)pass->group->joint; /* done with; options <= cells */
    for (int k = 0; k < menu->agents; q += menu->options[k++] * DT_PACKS) {
        const dt_agent *agent = &plan->game->rules->agent[menu->agent[k]];
        assert(agent->members == 1);
        for (int p = 0; p < DT_PACKS; p++)
            value[agent->member[0] * DT_PACKS + p] =
                softmax(rationality[menu->agent[k] * DT_PACKS + p], q + p, menu->options[k],
                        scratch + p, true);
    }
}

/* ---- places ---------------------------------------------------------------------------------- */

static void run_node(pass *pass, uint32_t node)
{
    const dt_lane_plan *plan = pass->plan;
    const dt_game *game = plan->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const uint64_t cell = game->node_cell[node];
    dt_lane *value = pass->value + node * plan->columns * DT_PACKS;
    assert(game->node_cell[node + 1] - cell == (uint64_t)menu->cells);
    if (menu->agents == 0) {
        sum_cells(pass, cell, 1, value);
        return;
    }
    sum_cells(pass, cell, menu->cells, pass->worth);
    dt_lane *sigma = (dt_lane *)pass->group->sigma + game->node_option[node] * DT_PACKS;
    dt_lane *q = (dt_lane *)pass->group->q, *joint = (dt_lane *)pass->group->joint;
    const bool values = pass->sweep->first == 0;
    if (values)
        decide(pass, node, menu, sigma, q);
    if (menu->agents == 1) {
        joint = sigma;
    } else {
        multiply_out(menu, sigma, joint);
    }
    average(pass, joint, menu->cells, value);
    if (values && plan->values == DT_VALUES_SURPLUS)
        take_surplus(pass, menu, q, value);
    if (pass->sweep->beyond > plan->best)
        answer_best(pass, menu, sigma, q, value);
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
    pass pass = {.group = group, .plan = group->plan, .sweep = sweep};
    pass.coefficient = (const dt_lane *)group->coefficient;
    pass.payment = (const dt_lane *)group->payment;
    pass.value = (dt_lane *)group->value;
    pass.ahead = (dt_lane *)group->ahead;
    pass.worth = (dt_lane *)group->worth;
    memcpy(pass.active, group->active, sizeof group->active);
    assert(sweep->first < sweep->beyond && sweep->beyond <= group->plan->columns);
    assert(sweep->period == DT_EVERY_PERIOD ? game->forever : sweep->period < game->periods);
    look_ahead(&pass);
    for (uint32_t stage = game->stages; stage-- > 0;) {
        const uint32_t first = game->stage_first[stage];
        const uint32_t count = dt_game_count(game, stage, sweep->period);
        for (uint32_t node = first; node < first + count; node++)
            run_node(&pass, node);
    }
}

/* What a period that begins at a place is worth: a node, or a leaf if no stage is played. */
static void value_of(const dt_lane_group *group, uint32_t place, size_t column, double *value)
{
    const dt_lane_plan *plan = group->plan;
    const size_t size = DT_WORLDS * sizeof *value;
    if (place < plan->game->nodes) {
        memcpy(value, group->value + (place * plan->columns + column) * DT_WORLDS, size);
        return;
    }
    const dt_lane_leaf leaf = plan->leaf[place - plan->game->nodes];
    const size_t paid = leaf.row * plan->paid + (size_t)plan->column_paid[column];
    const size_t then = leaf.state * plan->columns + column;
    for (size_t w = 0; w < DT_WORLDS; w++)
        value[w] = group->payment[paid * DT_WORLDS + w] + group->ahead[then * DT_WORLDS + w];
}

void DT_KERNEL(dt_lane_sweep_turn)(dt_lane_group *group, size_t first, size_t beyond,
                                   const int64_t *mask)
{
    const dt_lane_plan *plan = group->plan;
    double *to = group->before, *old = group->next, value[DT_WORLDS];
    for (size_t s = 0; s < plan->states; s++) {
        for (size_t c = 0; c < plan->columns; c++, to += DT_WORLDS, old += DT_WORLDS) {
            memcpy(to, old, sizeof value);
            if (c < first || c >= beyond)
                continue;
            value_of(group, plan->game->state_place[s], c, value);
            for (size_t w = 0; w < DT_WORLDS; w++)
                to[w] = !mask || mask[w] ? value[w] : to[w];
        }
    }
    to = group->before;
    group->before = group->next;
    group->next = to;
}
