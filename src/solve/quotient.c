/*
 * Making the quotient: cells and branches are copied in the order of the game, nodes are dealt into
 * batches by menu. A stage with many menus would leave batches short, but a menu is what movers can
 * do, and there are few of them. Invariant: slots of nodes come stage by stage, so that a branch
 * leads to a slot of a later stage or to a leaf.
 */
#include "solve/quotient.h"

#include <assert.h>
#include <string.h>

double dt_quotient_bytes(const dt_game *game)
{
    return (double)game->branches * sizeof(dt_target) +
           (double)game->cells * (2 * sizeof(uint64_t) + 3 * sizeof(uint32_t)) +
           (double)game->nodes * (sizeof(dt_batch) + 3 * sizeof(uint32_t)) +
           (double)game->leaves * 2 * sizeof(uint32_t) + (double)game->states * sizeof(uint32_t) +
           (double)game->menus * 2 * sizeof(uint32_t);
}

/* Memory that can be given back. */
static void *items(dt_arena *arena, size_t count, size_t size)
{
    size_t room = 0;
    return dt_grow(arena, NULL, &room, 0, count + 1, size);
}

/* Deals the nodes of a stage into batches, one open batch for each menu. */
static void deal(dt_quotient *q, uint32_t stage, uint32_t *node_slot, uint32_t *open,
                 uint32_t *size)
{
    const dt_game *game = q->game;
    const uint32_t first = game->stage_first[stage], beyond = game->stage_first[stage + 1];
    memset(size, 0, game->menus * sizeof *size);
    for (uint32_t n = first; n < beyond; n++)
        size[game->node_menu[n]] += game->node_same[n] == n;
    uint32_t batches = q->stage_batch[stage], slot = q->nodes;
    uint64_t cell = batches == 0 ? 0 : q->batch[batches - 1].first_cell;
    if (batches > 0) {
        const dt_batch *last = &q->batch[batches - 1];
        cell += (uint64_t)last->count * (uint64_t)game->menu[last->menu].cells;
    }
    for (uint32_t m = 0; m < game->menus; m++) {
        open[m] = batches;
        for (uint32_t left = size[m]; left > 0;) {
            const uint32_t most = game->menu[m].agents == 0 ? left : DT_BATCH;
            const uint32_t count = left < most ? left : most;
            q->batch[batches++] = (dt_batch){m, slot, 0, cell};
            slot += count;
            cell += (uint64_t)count * (uint64_t)game->menu[m].cells;
            left -= count;
        }
    }
    q->stage_batch[stage + 1] = batches;
    for (uint32_t n = first; n < beyond; n++) {
        if (game->node_same[n] != n)
            continue;
        const dt_menu *menu = &game->menu[game->node_menu[n]];
        uint32_t *at = &open[game->node_menu[n]];
        if (menu->agents > 0 && q->batch[*at].count == DT_BATCH)
            ++*at;
        dt_batch *batch = &q->batch[*at];
        assert(batch->menu == game->node_menu[n]);
        node_slot[n] = batch->first + batch->count++;
        q->place[node_slot[n]] = n;
    }
    q->nodes = slot;
}

/* Copies the cells of a stage; `index` gives each its number within the stage. */
static void copy_cells(dt_quotient *q, uint32_t stage, const uint32_t *node_slot,
                       const uint32_t *leaf_slot, uint32_t *index)
{
    const dt_game *game = q->game;
    const uint64_t first = game->node_cell[game->stage_first[stage]];
    const uint64_t beyond = game->node_cell[game->stage_first[stage + 1]];
    const uint64_t before = q->cells;
    uint64_t branch = q->cell_target[before];
    for (uint64_t c = first; c < beyond; c++) {
        if (game->cell_same[c] != c) {
            index[c - first] = index[game->cell_same[c] - first];
            continue;
        }
        index[c - first] = (uint32_t)(q->cells - before);
        q->cell_row[q->cells] = dt_cell_row(game, c);
        q->cell_place[q->cells++] = c;
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++) {
            const uint32_t target = game->branch_target[b];
            const uint32_t slot = target < game->nodes
                                      ? node_slot[game->node_same[target]]
                                      : leaf_slot[game->leaf_same[target - game->nodes]];
            q->target[branch++] = (dt_target){slot, dt_branch_coefficient(game, c, b)};
        }
        q->cell_target[q->cells] = branch;
    }
    const uint64_t count = q->cells - before;
    q->most_cells = count > q->most_cells ? count : q->most_cells;
    for (uint32_t b = q->stage_batch[stage]; b < q->stage_batch[stage + 1]; b++) {
        const dt_batch *batch = &q->batch[b];
        const size_t cells = (size_t)game->menu[batch->menu].cells;
        for (uint32_t n = 0; n < batch->count; n++) {
            const uint64_t from = game->node_cell[q->place[batch->first + n]] - first;
            memcpy(q->node_cell + batch->first_cell + n * cells, index + from,
                   cells * sizeof *index);
        }
    }
}

dt_quotient *dt_quotient_new(dt_arena *arena, const dt_game *game)
{
    dt_quotient *q = dt_new(arena, dt_quotient, 1);
    q->game = game;
    const size_t places = (size_t)game->nodes + game->leaves;
    size_t cells = 0;
    for (uint32_t s = 0; s < game->stages; s++) {
        const uint64_t here =
            game->node_cell[game->stage_first[s + 1]] - game->node_cell[game->stage_first[s]];
        cells = here > cells ? (size_t)here : cells;
    }
    assert(cells <= UINT32_MAX);
    q->place = items(arena, places, sizeof *q->place);
    q->stage_batch = items(arena, game->stages, sizeof *q->stage_batch);
    q->batch = items(arena, game->nodes, sizeof *q->batch);
    q->node_cell = items(arena, (size_t)game->cells, sizeof *q->node_cell);
    q->stage_cell = items(arena, game->stages, sizeof *q->stage_cell);
    q->cell_place = items(arena, (size_t)game->cells, sizeof *q->cell_place);
    q->cell_row = items(arena, (size_t)game->cells, sizeof *q->cell_row);
    q->cell_target = items(arena, (size_t)game->cells, sizeof *q->cell_target);
    q->target = items(arena, (size_t)game->branches, sizeof *q->target);
    q->state_slot = items(arena, game->states, sizeof *q->state_slot);
    uint32_t *node_slot = items(arena, game->nodes, sizeof *node_slot);
    uint32_t *leaf_slot = items(arena, game->leaves, sizeof *leaf_slot);
    uint32_t *index = items(arena, cells, sizeof *index);
    uint32_t *menus = items(arena, 2 * (size_t)game->menus, sizeof *menus);

    q->stage_batch[0] = 0;
    for (uint32_t s = 0; s < game->stages; s++)
        deal(q, s, node_slot, menus, menus + game->menus);
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++) {
        if (game->leaf_same[leaf] != leaf)
            continue;
        leaf_slot[leaf] = q->nodes + q->leaves;
        q->place[leaf_slot[leaf]] = game->nodes + leaf;
        q->leaves++;
    }
    q->stage_cell[0] = q->cell_target[0] = 0;
    for (uint32_t s = 0; s < game->stages; s++) {
        copy_cells(q, s, node_slot, leaf_slot, index);
        q->stage_cell[s + 1] = q->cells;
    }
    for (uint32_t s = 0; s < game->states; s++) {
        const uint32_t place = game->state_place[s];
        q->state_slot[s] = place < game->nodes ? node_slot[game->node_same[place]]
                                               : leaf_slot[game->leaf_same[place - game->nodes]];
    }
    dt_give_back(arena, node_slot);
    dt_give_back(arena, leaf_slot);
    dt_give_back(arena, index);
    dt_give_back(arena, menus);
    return q;
}

void dt_quotient_free(dt_arena *arena, const dt_quotient *quotient)
{
    void *const held[] = {quotient->place,     quotient->stage_batch, quotient->batch,
                          quotient->node_cell, quotient->stage_cell,  quotient->cell_place,
                          quotient->cell_row,  quotient->cell_target, quotient->target,
                          quotient->state_slot};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        dt_give_back(arena, held[i]);
}

uint64_t dt_quotient_cells(const dt_quotient *quotient, uint32_t stage, uint32_t period)
{
    const dt_game *game = quotient->game;
    const uint32_t nodes = game->stage_first[stage] + dt_game_count(game, stage, period);
    const uint64_t limit = game->node_cell[nodes];
    uint64_t low = quotient->stage_cell[stage], high = quotient->stage_cell[stage + 1];
    const uint64_t first = low;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (quotient->cell_place[middle] < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low - first;
}

uint32_t dt_quotient_leaves(const dt_quotient *quotient, uint32_t period)
{
    const dt_game *game = quotient->game;
    const uint32_t limit = game->nodes + dt_game_count(game, game->stages, period);
    uint32_t low = quotient->nodes, high = low + quotient->leaves;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (quotient->place[middle] < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low - quotient->nodes;
}
