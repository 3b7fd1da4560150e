/*
 * From places of a game to the cells of a history, the reverse of what the likelihood reads (row.c). Invariant: what is
 * noted is a value of the observable's domain.
 */
#include "history/note.h"

#include <assert.h>
#include <stdio.h>

#include "game/secret.h"

void dt_note_label(dt_history *history, size_t row)
{
    char *text = dt_new(history->arena, char, DT_LABEL_SIZE);
    dt_model_period_label(history->model, (int)row, text, DT_LABEL_SIZE);
    if (row == 0)
        snprintf(text, DT_LABEL_SIZE, "start");
    else if (!*text)
        snprintf(text, DT_LABEL_SIZE, "%zu", row);
    history->period[row] = text;
}

void dt_note_nothing(dt_history *history, size_t row)
{
    const dt_observables *all = history->all;
    for (size_t i = 0; i < all->count; i++) {
        if (all->stage[i] != DT_NONE)
            history->value[row * all->count + i] = 0;
    }
}

void dt_note_state(dt_history *history, size_t row, const dt_stand *stand, uint32_t place,
                   uint32_t column)
{
    const dt_game *game = stand->game;
    const dt_model *model = history->model;
    const uint32_t *key = game->key + (size_t)place * game->layout.words;
    int32_t *value = history->value + row * history->all->count;
    for (int v = 0; v < model->variables; v++)
        value[v] =
            (int32_t)(dt_slot_is_private(model, v) ? dt_true_rank(game, v, column % game->types)
                                                   : dt_key_rank(&game->layout.field[v], key));
}

void dt_note_cell(dt_history *history, size_t row, const dt_menu *menu, int cell)
{
    const dt_observables *all = history->all;
    const dt_stage *stage = &history->model->stage[menu->stage];
    int32_t *value = history->value + row * all->count;
    int option[DT_MAX_MOVERS];
    dt_cell_options(menu, cell, option);
    for (int k = 0; k < menu->agents; k++) {
        const int *action = menu->action + (size_t)option[k] * (size_t)stage->movers;
        for (int m = 0; m < stage->movers; m++) {
            const size_t i = (size_t)(stage->first_choice + m);
            assert(action[m] < stage->actions);
            if (action[m] != DT_NONE)
                value[i] = all->value[i][action[m]];
        }
    }
}
