/*
 * Outcomes in lanes, by a forward pass as in src/trace/outcomes.c: the probability of every place,
 * from the start on, through the strategies of one period after the other. Arguments of outcomes
 * aren't looked at on the way. What is added up is the probability of each row of arguments, in
 * three sums that say how it counts,
 *     now    at the end of some period,
 *     rest   as a state that stands after an end, times the periods left,
 *     last   at the horizon, standing or not,
 * so that total(e) = Σ now x, mean(e) = Σ (now + rest) x / T and last(e) = Σ last x over rows. Only
 * the conditions of `ever` and `first` are looked at in each period: what reaches one is taken out
 * of the numbers that are carried for that outcome, and counted.
 *
 * One source for every kernel (lane.h). Invariant: between periods all of `mass` is 0.
 */
#include <assert.h>
#include <float.h>
#include <string.h>

#include "solve/lanes.h"

enum { NOW, REST, LAST, SUMS };

/* Puts the numbers that a place is reached with into `here`, leaving 0. False if all are 0. */
static bool take(const dt_lane_plan *plan, dt_lane *mass, dt_lane *here)
{
    const size_t bytes = plan->masses * DT_PACKS * sizeof *mass;
    bool any = false;
    for (int p = 0; p < DT_PACKS; p++)
        any |= dt_lane_any((dt_lane_mask)(mass[p] != 0.0));
    if (!any)
        return false; /* those of outcomes are no greater */
    memcpy(here, mass, bytes);
    memset(mass, 0, bytes);
    return true;
}

/* Sends `masses` numbers on along the branches of one cell, `played` with these probabilities. */
DT_LANE_INLINE void send(const dt_game *game, const dt_lane *coefficient, uint64_t cell,
                         const dt_lane played[DT_PACKS], const dt_lane *here, const size_t masses,
                         dt_lane *mass)
{
    const uint32_t *chance = dt_cell_coefficients(game, cell);
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const dt_lane *probability = coefficient + *chance++ * DT_PACKS;
        dt_lane *target = mass + game->branch_target[b] * masses * DT_PACKS;
        for (size_t p = 0; p < DT_PACKS; p++) {
            const dt_lane weight = played[p] * probability[p];
            for (size_t m = 0; m < masses; m++)
                target[m * DT_PACKS + p] += weight * here[m * DT_PACKS + p];
        }
    }
}

DT_LANE_INLINE void send_node(dt_lane_group *group, const dt_lane *sigma, uint32_t node,
                              const dt_lane *here, const size_t masses)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const dt_menu *menu = &game->menu[game->node_menu[node]];
    const dt_lane *coefficient = (const dt_lane *)group->coefficient;
    dt_lane *mass = (dt_lane *)group->mass;
    uint64_t cell = game->node_cell[node];
    int choice[DT_MAX_MOVERS] = {0};
    sigma += plan->option[node] * DT_PACKS;
    for (int c = 0; c < menu->cells; c++, cell++) {
        dt_lane played[DT_PACKS];
        for (int p = 0; p < DT_PACKS; p++) {
            const dt_lane *own = sigma + p;
            played[p] = dt_lane_all(1);
            for (int k = 0; k < menu->agents; own += menu->options[k++] * DT_PACKS)
                played[p] *= own[choice[k] * DT_PACKS];
        }
        for (int k = menu->agents - 1; k >= 0 && ++choice[k] == menu->options[k]; k--)
            choice[k] = 0;
        send(game, coefficient, cell, played, here, masses, mass);
    }
}

static void run_node(dt_lane_group *group, const dt_lane *sigma, uint32_t node, dt_lane *here)
{
    const size_t masses = group->plan->masses;
    if (!take(group->plan, (dt_lane *)group->mass + node * masses * DT_PACKS, here))
        return;
    if (masses == 1)
        send_node(group, sigma, node, here, 1);
    else if (masses == 2)
        send_node(group, sigma, node, here, 2);
    else if (masses == 3)
        send_node(group, sigma, node, here, 3);
    else
        send_node(group, sigma, node, here, masses);
}

/* Counts a period's end, and carries what goes on. */
static void run_leaf(dt_lane_group *group, uint32_t leaf, uint32_t period, dt_lane *here)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const size_t masses = plan->masses;
    const double rest = game->horizon - 1 - period; /* periods after this one */
    const dt_lane *coefficient = (const dt_lane *)group->coefficient;
    dt_lane *outcome = (dt_lane *)group->outcome;
    const uint32_t place = game->nodes + leaf, row = plan->leaf_now[leaf];
    if (!take(plan, (dt_lane *)group->mass + place * masses * DT_PACKS, here))
        return;
    dt_lane *now = (dt_lane *)group->row_mass + row * SUMS * DT_PACKS;
    for (int p = 0; p < DT_PACKS; p++) {
        now[NOW * DT_PACKS + p] += here[p];
        if (rest == 0)
            now[LAST * DT_PACKS + p] += here[p];
    }
    for (size_t m = 1; m < masses; m++) {
        const uint32_t hit = plan->row_hit[row * masses + m];
        for (size_t p = 0; p < DT_PACKS && hit != DT_NOWHERE; p++) {
            dt_lane *carried = &here[m * DT_PACKS + p];
            const dt_lane_mask holds = (dt_lane_mask)(coefficient[hit * DT_PACKS + p] != 0.0);
            const dt_lane reached = dt_lane_where(holds, *carried);
            const int o = plan->mass_outcome[m];
            if (game->model->outcome[o].form == DT_FIRST)
                outcome[(size_t)o * DT_PACKS + p] -= reached * (rest + 1);
            else
                outcome[(size_t)o * DT_PACKS + p] += reached;
            *carried = dt_lane_where(~holds, *carried);
        }
    }
    if (rest == 0)
        return;
    if (game->leaf_ended[leaf]) {
        dt_lane *over = (dt_lane *)group->row_mass + plan->leaf_over[leaf] * SUMS * DT_PACKS;
        for (int p = 0; p < DT_PACKS; p++) {
            over[REST * DT_PACKS + p] += rest * here[p];
            over[LAST * DT_PACKS + p] += here[p];
        }
        return;
    }
    assert(game->leaf_next[leaf] < game->states);
    dt_lane *next = (dt_lane *)group->arriving + game->leaf_next[leaf] * masses * DT_PACKS;
    for (size_t i = 0; i < masses * DT_PACKS; i++)
        next[i] += here[i];
}

void DT_KERNEL(dt_lane_forward_begin)(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    memset(group->row_mass, 0, plan->outcome_rows * SUMS * DT_WORLDS * sizeof(double));
    memset(group->arriving, 0, plan->states * plan->masses * DT_WORLDS * sizeof(double));
    double *start = group->arriving + game->start * plan->masses * DT_WORLDS;
    for (size_t i = 0; i < plan->masses * DT_WORLDS; i++)
        start[i] = 1;
    for (int o = 0; o < game->model->declared_outcomes; o++) {
        const double most = game->model->outcome[o].form == DT_FIRST ? game->horizon + 1.0 : 0;
        for (int w = 0; w < DT_WORLDS; w++)
            group->outcome[o * DT_WORLDS + w] = most;
    }
}

void DT_KERNEL(dt_lane_forward_run)(dt_lane_group *group, const double *sigma, uint32_t period)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const size_t size = plan->masses * DT_WORLDS;
    dt_lane *here = (dt_lane *)group->worth; /* it has room for them */
    assert(period < game->horizon);
    for (size_t s = 0; s < plan->states; s++) {
        double *from = group->arriving + s * size;
        memcpy(group->mass + game->state_place[s] * size, from, size * sizeof *from);
        memset(from, 0, size * sizeof *from);
    }
    for (uint32_t stage = 0; stage <= game->stages; stage++) {
        const uint32_t first = game->stage_first[stage];
        const uint32_t count = dt_game_count(game, stage, period);
        for (uint32_t place = first; place < first + count; place++) {
            if (place < game->nodes)
                run_node(group, (const dt_lane *)sigma, place, here);
            else
                run_leaf(group, place - game->nodes, period, here);
        }
    }
}

/* Fails the worlds in which an outcome isn't a number. */
static void fail_outcome(dt_lane_group *group, size_t pack, dt_lane_mask wrong, dt_code code, int o,
                         uint32_t place)
{
    for (int l = 0; l < DT_LANES; l++) {
        if (wrong[l])
            dt_lane_fail(group, (int)pack * DT_LANES + l,
                         (dt_lane_fault){code, o, 0, place, DT_NOWHERE});
    }
}

/* Arguments that are finite may add up to more than a number can hold. */
static void check_sums(dt_lane_group *group)
{
    const dt_lane *outcome = (const dt_lane *)group->outcome;
    for (int o = 0; o < group->plan->game->model->declared_outcomes; o++) {
        for (size_t p = 0; p < DT_PACKS; p++) {
            const dt_lane x = outcome[(size_t)o * DT_PACKS + p];
            const dt_lane_mask wrong = ~(dt_lane_mask)(dt_lane_abs(x) <= DBL_MAX);
            if (dt_lane_any(wrong))
                fail_outcome(group, p, wrong, DT_OUTCOME_OVERFLOW, o, DT_NOWHERE);
        }
    }
}

void DT_KERNEL(dt_lane_forward_end)(dt_lane_group *group)
{
    const dt_lane_plan *plan = group->plan;
    const dt_game *game = plan->game;
    const dt_lane *coefficient = (const dt_lane *)group->coefficient;
    dt_lane *outcome = (dt_lane *)group->outcome;
    for (uint32_t r = 0; r < plan->outcome_rows; r++) {
        const uint32_t row = plan->outcome_row[r];
        for (uint32_t e = game->row_first[row]; e < game->row_first[row + 1]; e++) {
            const int o = (int)game->row_column[e];
            if (o >= game->model->declared_outcomes)
                continue;
            const dt_form form = game->model->outcome[o].form;
            for (size_t p = 0; p < DT_PACKS; p++) {
                const dt_lane *sum = (const dt_lane *)group->row_mass + r * SUMS * DT_PACKS + p;
                const dt_lane x = coefficient[game->row_coefficient[e] * DT_PACKS + p];
                dt_lane mass = sum[NOW * DT_PACKS];
                if (form == DT_LAST)
                    mass = sum[LAST * DT_PACKS];
                else if (form == DT_MEAN)
                    mass = (mass + sum[REST * DT_PACKS]) / (double)game->horizon;
                const dt_lane_mask counts = (dt_lane_mask)(mass != 0.0);
                const dt_lane_mask wrong = counts & ~(dt_lane_mask)(dt_lane_abs(x) <= DBL_MAX);
                if (dt_lane_any(wrong))
                    fail_outcome(group, p, wrong, DT_OUTCOME_NUMBER, o,
                                 game->nodes + plan->outcome_leaf[r]);
                if (form != DT_EVER && form != DT_FIRST)
                    outcome[(size_t)o * DT_PACKS + p] += dt_lane_where(counts, mass * x);
            }
        }
    }
    check_sums(group);
}
