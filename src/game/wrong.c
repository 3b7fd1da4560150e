/*
 * Telling what is wrong with a world. Where a number doesn't belong to one place but to a payment row
 * or a check, the first place at which it counts stands for all.
 */
#include "game/wrong.h"

#include <assert.h>

#include "game/secret.h"
#include "model/calendar.h"

static uint32_t row_of_entry(const dt_game *game, uint32_t entry)
{
    uint32_t row = 0;
    while (game->row_first[row + 1] <= entry)
        row++;
    return row;
}

static bool is_of_check(const dt_wrong *wrong)
{
    return wrong->code == DT_WORLD_PROBABILITY || wrong->code == DT_WORLD_SUM ||
           wrong->code == DT_WORLD_REST || wrong->code == DT_WORLD_KNOWN;
}

/* For whom it is wrong, if not for everybody. */
static void describe_type(const dt_game *game, const dt_wrong *wrong, dt_text *text)
{
    const dt_check *check = is_of_check(wrong) ? &game->check[wrong->item] : NULL;
    if (wrong->type == DT_NOWHERE && (!check || check->secret == DT_NONE))
        return;
    dt_text_print(text, ", if ");
    if (wrong->type != DT_NOWHERE)
        dt_type_print(game, wrong->type, game->row_coefficient[wrong->item], text);
    else
        dt_secret_print(game->model, check->secret, check->value, text);
}

/* Where it was met: lines for the diagnostic's state. */
static const char *describe(dt_arena *arena, const dt_game *game, uint32_t place,
                            const dt_wrong *wrong)
{
    const uint32_t period = wrong->period;
    dt_text text = {.arena = arena};
    if (place == DT_NOWHERE && is_of_check(wrong) && game->check[wrong->item].secret != DT_NONE) {
        const dt_check *check = &game->check[wrong->item];
        dt_text_print(&text, "the chance at the start that ");
        dt_secret_print(game->model, check->secret, check->value, &text);
        return dt_text_get(&text);
    }
    if (place == DT_NOWHERE)
        return NULL;
    const uint32_t stage = dt_game_stage(game, place);
    if (stage < game->stages)
        dt_text_print(&text, "stage %s", game->model->stage[stage].is.name);
    else
        dt_text_print(&text, "at the end of a period");
    if (period != DT_NOWHERE && period != DT_EVERY_PERIOD) {
        dt_text_print(&text, ", ");
        dt_period_print(game->model, (int64_t)period + 1, &text);
    }
    dt_text_print(&text, "\nin the state ");
    dt_game_describe(game, place, &text);
    describe_type(game, wrong, &text);
    dt_text_print(&text, "\nreached by\n");
    dt_game_way(game, place, &text);
    return dt_text_get(&text);
}

void dt_wrong_complain(dt_arena *arena, dt_diagnostics *diagnostics, const dt_game *game,
                       const dt_wrong *wrong)
{
    const dt_model *model = game->model;
    const size_t item = (size_t)wrong->item;
    uint32_t place = wrong->place;
    dt_place in_text = {0, 0};
    const char *name = NULL, *hint = NULL;
    char number[32];
    dt_print_number(number, wrong->number);
    switch (wrong->code) {
    case DT_WORLD_DISCOUNT:
    case DT_WORLD_FOREVER:
        in_text = model->actor[item].discount_place;
        name = model->actor[item].is.name;
        break;
    case DT_WORLD_RATIONALITY:
    case DT_SURPLUS_RATIONALITY:
        in_text = model->actor[item].rationality_place;
        name = model->actor[item].is.name;
        break;
    case DT_OUTCOME_NUMBER:
    case DT_OUTCOME_OVERFLOW:
        in_text = model->outcome[item].is.place;
        name = model->outcome[item].is.name;
        break;
    case DT_WORLD_PAYMENT:
        in_text = model->term[game->row_column[item]].payoff_place;
        place = dt_game_row_place(game, row_of_entry(game, (uint32_t)item));
        break;
    case DT_VALUE_OVERFLOW:
        if (place == DT_NOWHERE) {
            in_text = model->term[game->row_column[item]].payoff_place;
            place = dt_game_row_place(game, row_of_entry(game, (uint32_t)item));
        } else {
            in_text = dt_game_text_place(game, place);
        }
        hint = "give payoffs in a larger unit";
        break;
    default:
        assert(is_of_check(wrong));
        in_text = game->check[item].place;
    }
    const char *state = describe(arena, game, place, wrong);
    if (name)
        dt_complain_more(diagnostics, wrong->code, in_text, hint, state, name, number);
    else
        dt_complain_more(diagnostics, wrong->code, in_text, hint, state, number);
}
