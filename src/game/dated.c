/*
 * The calendar in the coefficients. `now` is no part of the state, so that the graph is the same in
 * every period; what reads it is a coefficient like any other, but for having another number in each.
 * These and the rows that hold them are listed once, so that what a period costs beyond others is only
 * working them out again (world.c). Invariant: operands come first here too, as the list ascends.
 */
#include "game/dated.h"

#include <assert.h>

uint32_t dt_game_since(const dt_game *game, uint32_t place)
{
    const uint32_t stage = dt_game_stage(game, place);
    uint32_t period = 0;
    while (place - game->stage_first[stage] >= dt_game_count(game, stage, period))
        period++;
    assert(period < game->depths);
    return period;
}

static void find_coefficients(dt_game *game)
{
    const dt_coefficients *table = game->coefficient;
    uint8_t *is_dated = dt_new(game->arena, uint8_t, table->list.count);
    dt_indices dated = {0};
    for (uint32_t i = 0; i < table->list.count; i++) {
        const dt_expression *e = &table->list.at[i];
        const uint32_t operand[3] = {e->a, e->b, e->c};
        is_dated[i] = e->op == DT_OP_NOW;
        for (int k = 0; k < dt_operands[e->op]; k++)
            is_dated[i] |= is_dated[operand[k]];
        if (is_dated[i])
            dt_push(game->arena, &dated, i);
    }
    game->dated = (uint32_t)dated.count;
    game->dated_coefficient = dated.at;
    game->is_dated = is_dated;
}

static void pays_since(const dt_game *game, uint32_t row, uint32_t place, uint32_t *since)
{
    const uint32_t period = dt_game_since(game, place);
    since[row] = period < since[row] ? period : since[row];
}

/* The first period in which each row can count. */
static void find_since(dt_game *game)
{
    game->row_since = dt_new(game->arena, uint32_t, game->rows);
    for (uint32_t r = 0; r < game->rows; r++)
        game->row_since[r] = UINT32_MAX;
    for (uint32_t n = 0; n < game->nodes; n++) {
        for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++)
            pays_since(game, dt_cell_row(game, c), n, game->row_since);
    }
    for (uint32_t l = 0; l < game->leaves; l++) {
        pays_since(game, game->leaf_payoff[l], game->nodes + l, game->row_since);
        pays_since(game, game->leaf_outcome[l], game->nodes + l, game->row_since);
        pays_since(game, game->leaf_standing[l], game->nodes + l, game->row_since);
    }
}

bool dt_game_find_dated(dt_game *game)
{
    const dt_coefficients *table = game->coefficient;
    bool any = false;
    for (size_t i = 0; i < table->list.count; i++)
        any |= table->list.at[i].op == DT_OP_NOW;
    if (!any || game->forever)
        return !any;
    find_coefficients(game);
    find_since(game);
    dt_indices rows = {0};
    for (uint32_t r = 0; r < game->rows; r++) {
        bool dated = false;
        for (uint32_t e = game->row_first[r]; e < game->row_first[r + 1]; e++)
            dated |= dt_game_is_dated(game, game->row_coefficient[e]);
        if (dated)
            dt_push(game->arena, &rows, r);
    }
    game->dated_rows = (uint32_t)rows.count;
    game->dated_row = rows.at;
    return true;
}
