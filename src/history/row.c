/*
 * What a row's cells let pass. A choice that is seen lets the cells of its stage pass in which the mover takes that
 * action, and the stage must be played: play may not go past it. A `none` that is seen says that the stage was
 * skipped: play may not come to it. State variables are looked at where the period ends.
 */
#include <assert.h>
#include <string.h>

#include "game/secret.h"
#include "history/likelihood.h"

/* Whether a cell is what was seen. */
static bool fits(const dt_observables *all, const dt_menu *menu, int first_choice, int movers,
                 const int32_t *value, int cell)
{
    int option[DT_MAX_MOVERS];
    dt_cell_options(menu, cell, option);
    for (int k = 0; k < menu->agents; k++) {
        const int *action = menu->action + (size_t)option[k] * (size_t)movers;
        for (int m = 0; m < movers; m++) {
            const size_t i = (size_t)(first_choice + m);
            if (action[m] != DT_NONE && value[i] != DT_UNSEEN &&
                all->value[i][action[m]] != value[i])
                return false;
        }
    }
    return true;
}

/* Marks in `seen` the stages of which an action is seen, and in `skipped` those that were skipped. */
static void look_at_choices(const dt_observables *all, const int32_t *value, uint8_t *seen,
                            uint8_t *skipped)
{
    for (size_t i = 0; i < all->count && value; i++) {
        if (all->stage[i] == DT_NONE || value[i] == DT_UNSEEN)
            continue;
        if (value[i] == 0)
            skipped[all->stage[i]] = 1;
        else
            seen[all->stage[i]] = 1;
    }
}

static void find_limits(const dt_game *game, const uint8_t *seen, uint32_t *limit)
{
    uint32_t beyond = game->nodes + game->leaves;
    for (uint32_t s = game->stages; s-- > 0;) {
        limit[s] = beyond;
        if (seen[s])
            beyond = game->stage_first[s + 1];
    }
    limit[game->stages] = beyond;
}

dt_row_view *dt_row_view_new(dt_arena *arena, const dt_observables *all, const dt_game *game,
                             const int32_t *value)
{
    dt_row_view *view = dt_new(arena, dt_row_view, 1);
    uint8_t *seen = dt_new(arena, uint8_t, (size_t)game->stages + 1);
    uint8_t *skipped = dt_new(arena, uint8_t, (size_t)game->stages + 1);
    view->game = game;
    view->value = value;
    view->skipped = skipped;
    view->limit = dt_room(arena, (size_t)game->stages + 1);
    view->cell = dt_new(arena, const uint8_t *, (size_t)game->menus + 1);
    look_at_choices(all, value, seen, skipped);
    find_limits(game, seen, view->limit);
    for (uint32_t m = 0; m < game->menus; m++) {
        const dt_menu *menu = &game->menu[m];
        const dt_stage *stage = &all->model->stage[menu->stage];
        if (!seen[menu->stage])
            continue;
        uint8_t *cell = dt_new(arena, uint8_t, (size_t)menu->cells);
        for (int c = 0; c < menu->cells; c++)
            cell[c] = fits(all, menu, stage->first_choice, stage->movers, value, c);
        view->cell[m] = cell;
    }
    return view;
}

bool dt_row_lets_end(const dt_row_view *view, const dt_observables *all, uint32_t leaf)
{
    const dt_game *game = view->game;
    const uint32_t *key = game->key + ((size_t)game->nodes + leaf) * game->layout.words;
    for (int v = 0; v < all->model->variables && view->value; v++) {
        if (view->value[v] == DT_UNSEEN || game->secret_of[v] != DT_NONE)
            continue;
        if (dt_slot_is_private(all->model, v)) {
            if (dt_true_rank(game, v, 0) != (uint32_t)view->value[v])
                return false;
        } else if (dt_key_rank(&game->layout.field[v], key) != (uint32_t)view->value[v])
            return false;
    }
    return true;
}

bool dt_row_lets_type(const int32_t *value, const dt_game *game, uint32_t type)
{
    for (int i = 0; value && i < game->model->privates; i++) {
        const int variable = game->model->private_variable[i];
        const int32_t seen = value[variable];
        if (seen != DT_UNSEEN && dt_true_rank(game, variable, type) != (uint32_t)seen)
            return false;
    }
    return true;
}
