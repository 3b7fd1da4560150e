/*
 * Decisions at a table, where each seat has what its cells are worth and receives a strategy and
 * what it is worth then (docs/method.md). With Q_i a column's worth of a cell,
 *     sole:          σ(a) ∝ exp(λ_k Σ_m w_m Q_m(a))
 *     together:      σ on the principal branch of the stage game
 *     value, along:  Σ_s σ(s) Q(s); with surplus values a mover's own is (1/λ_k) log Σ_a exp(λ_k Q_k(a))
 *     best:          the same where the agent doesn't move; where it does, the greatest of
 *                    Σ over the others' options of σ Q, and a cell's worth where it moves alone.
 * One source for every kernel (lane.h). Invariant: what is done at a seat depends neither on its place
 * at the table nor on its neighbours, and each sum runs in the order of the game; so all kernels, and
 * one world as well as many, give the same bits.
 */
#include <assert.h>
#include <string.h>

#include "base/greater.h"
#include "base/lane_exp.h"
#include "solve/sweep.h"

/* sigma [options] = softmax of λ q [options], in one vector; returns the surplus (1/λ) log Σ exp(λ q)
 * if it is asked for. Shifted by the greatest q, so that nothing overflows: that one has exp 0 = 1, and
 * where it isn't q(0) it changes places with that, so that one exponential less is taken. */
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

/* The rationalities at the seats of a menu's agent. */
static const dt_lane *rationality_of(const dt_table *table, int k)
{
    return (const dt_lane *)table->pass->group->seated + table->menu->agent[k] * DT_PACKS;
}

/* Each agent's Q of each cell: the members' weighted sum of worth. */
static void take_payoffs(const dt_table *table)
{
    const dt_menu *menu = table->menu;
    const size_t stride = (size_t)menu->agents;
    for (int k = 0; k < menu->agents; k++) {
        const dt_agent *agent = &table->pass->group->plan->game->rules->agent[menu->agent[k]];
        dt_lane *own = table->payoff + k * DT_PACKS;
        table->seating->gather(table, (size_t)agent->member[0], own, stride);
        for (int m = 0; agent->team && m < agent->members; m++) {
            dt_lane *more = (dt_lane *)table->space->column;
            table->seating->gather(table, (size_t)agent->member[m], more, 1);
            for (size_t c = 0; c < (size_t)menu->cells; c++) {
                for (size_t p = 0; p < DT_PACKS; p++) {
                    dt_lane *sum = &own[c * stride * DT_PACKS + p];
                    const dt_lane part = agent->weight[m] * more[c * DT_PACKS + p];
                    *sum = m == 0 ? part : *sum + part;
                }
            }
        }
    }
}

/* q [options]: what each option of a menu's agent k gives against the others' strategies, where cells
 * are worth `worth`, `stride` lanes apart. */
static void against_others(const dt_table *table, int k, const dt_lane *worth, size_t stride,
                           dt_lane *q)
{
    const dt_menu *menu = table->menu;
    int choice[DT_MAX_MOVERS] = {0};
    memset(q, 0, (size_t)menu->options[k] * DT_PACKS * sizeof *q);
    assert(menu->agents <= DT_MAX_MOVERS);
    for (int cell = 0; cell < menu->cells; cell++, worth += stride * DT_PACKS) {
        for (int p = 0; p < DT_PACKS; p++) {
            dt_lane others = worth[p];
            const dt_lane *own = table->strategy + p;
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

/* Keeps how the branch of a seat ended. */
static void note_result(const dt_table *table, size_t seat, const dt_branch_result *result)
{
    const dt_pass *pass = table->pass;
    const dt_places *places = pass->group->plan->places;
    dt_found *found = &table->space->found[dt_table_world(table, seat)];
    if (!pass->count)
        return;
    found->residual = dt_greater(result->residual, found->residual);
    if (result->end == DT_BRANCH_ARRIVED && !result->crossed)
        return;
    const uint32_t nodes = dt_places_alike(places, dt_table_node(table, seat), pass->period);
    if (result->crossed)
        found->crossed += nodes;
    if (result->end == DT_BRANCH_ARRIVED)
        return;
    found->failures += nodes;
    const dt_failure failure = {places->node[dt_table_node(table, seat)], pass->period, nodes,
                                *result};
    dt_found_name(found, &failure);
}

/* The stage games of one or two tables with the same menu. */
static void play_together(const dt_table *table, int tables)
{
    const dt_menu *menu = table->menu;
    dt_lane rationality[DT_MAX_MOVERS * DT_PACKS];
    dt_lane_stage game[2];
    dt_branch_result result[2][DT_WORLDS];
    assert(menu->agents > 1 && menu->agents <= DT_MAX_MOVERS && tables <= 2);
    for (int k = 0; k < menu->agents; k++)
        memcpy(rationality + k * DT_PACKS, rationality_of(table, k),
               DT_PACKS * sizeof *rationality);
    for (int t = 0; t < tables; t++)
        game[t] = (dt_lane_stage){.agents = menu->agents,
                                  .options = menu->options,
                                  .rationality = rationality,
                                  .payoff = table[t].payoff,
                                  .active = table[t].active,
                                  .guess = table[t].guess};
    if (tables == 1) {
        DT_KERNEL(dt_lane_stage_solve)
        (game, table->space->stage, table->strategy, table->q, result[0]);
    } else {
        dt_lane *const sigma[] = {table[0].strategy, table[1].strategy};
        dt_lane *const q[] = {table[0].q, table[1].q};
        DT_KERNEL(dt_lane_stage_solve_two)(game, table->space->stage, sigma, q, result);
    }
    for (int t = 0; t < tables; t++) {
        for (size_t s = 0; s < table[t].seats; s++) {
            if (table[t].active[s / DT_LANES][s % DT_LANES])
                note_result(&table[t], s, &result[t][s]);
        }
    }
}

/* The greatest difference between a strategy and the softmax of q [options]. */
static void measure(const dt_table *table, const dt_lane *rationality, const dt_lane *q,
                    int options, const dt_lane *sigma)
{
    dt_lane *wanted = (dt_lane *)table->space->column; /* options <= cells */
    for (int p = 0; p < DT_PACKS; p++)
        softmax(rationality[p], q + p, options, wanted + p, false);
    for (size_t s = 0; s < table->seats; s++) {
        double *residual = &table->space->found[dt_table_world(table, s)].residual;
        for (size_t a = 0; a < (size_t)options; a++) {
            const size_t at = a * DT_PACKS + s / DT_LANES;
            const double off = sigma[at][s % DT_LANES] - wanted[at][s % DT_LANES];
            *residual = dt_greater(off < 0 ? -off : off, *residual);
        }
    }
}

void DT_KERNEL(dt_decide)(const dt_table *table, int tables)
{
    const dt_pass *pass = table->pass;
    const dt_menu *menu = table->menu;
    if (pass->first >= pass->group->plan->actors) /* what actors get isn't known */
        return;
    for (int t = 0; t < tables; t++)
        take_payoffs(&table[t]);
    if (pass->decide && menu->agents > 1) {
        play_together(table, tables);
        return;
    }
    assert(tables == 1);
    if (pass->decide) {
        const dt_lane *rationality = rationality_of(table, 0);
        for (int p = 0; p < DT_PACKS; p++)
            softmax(rationality[p], table->q + p, menu->cells, table->strategy + p, false);
        return;
    }
    for (int k = 0, first = 0; k < menu->agents; first += menu->options[k++]) {
        dt_lane *q = table->q + first * DT_PACKS;
        if (menu->agents > 1)
            against_others(table, k, table->payoff + k * DT_PACKS, (size_t)menu->agents, q);
        measure(table, rationality_of(table, k), q, menu->options[k],
                table->strategy + first * DT_PACKS);
    }
}

/* joint [cells] = Π_k σ_k */
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

/* The surplus of those who move, who enjoy their taste. */
static void put_surplus(const dt_table *table)
{
    const dt_menu *menu = table->menu;
    dt_lane *scratch = (dt_lane *)table->space->column, value[DT_PACKS]; /* options <= cells */
    const dt_lane *q = table->q;
    for (int k = 0; k < menu->agents; q += menu->options[k++] * DT_PACKS) {
        const dt_agent *agent = &table->pass->group->plan->game->rules->agent[menu->agent[k]];
        assert(agent->members == 1);
        for (int p = 0; p < DT_PACKS; p++)
            value[p] =
                softmax(rationality_of(table, k)[p], q + p, menu->options[k], scratch + p, true);
        table->seating->put(table, (size_t)agent->member[0], value);
    }
}

/* The columns `best` of those who move. */
static void put_best(const dt_table *table)
{
    const dt_menu *menu = table->menu;
    dt_lane *worth = (dt_lane *)table->space->column, value[DT_PACKS];
    for (int k = 0; k < menu->agents; k++) {
        const size_t column = table->pass->group->plan->best + (size_t)menu->agent[k];
        const dt_lane *gets = worth;
        table->seating->gather(table, column, worth, 1);
        if (menu->agents > 1) {
            against_others(table, k, worth, 1, table->q);
            gets = table->q;
        }
        for (int p = 0; p < DT_PACKS; p++) {
            value[p] = gets[p];
            for (int a = 1; a < menu->options[k]; a++)
                value[p] = dt_lane_greater(value[p], gets[a * DT_PACKS + p]);
        }
        table->seating->put(table, column, value);
    }
}

void DT_KERNEL(dt_value)(const dt_table *table)
{
    const dt_pass *pass = table->pass;
    const dt_group_plan *plan = pass->group->plan;
    const dt_lane *joint = table->strategy;
    if (table->menu->agents > 1) {
        dt_lane *cells = (dt_lane *)table->space->joint;
        multiply_out(table->menu, table->strategy, cells);
        joint = cells;
    }
    table->seating->average(table, joint);
    if (pass->first < plan->actors && plan->values == DT_VALUES_SURPLUS)
        put_surplus(table);
    if (pass->beyond > plan->best)
        put_best(table);
}
