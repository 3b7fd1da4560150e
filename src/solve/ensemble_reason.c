/*
 * Why a world failed, put together when somebody asks: the same diagnostic that solving it alone
 * would give, or what a solution says of its first node whose branch ended early.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "model/calendar.h"
#include "solve/ensemble.h"

typedef struct request {
    const dt_ensemble *ensemble;
    size_t world;
    dt_text text;
} request;

static uint32_t row_of_entry(const dt_game *game, uint32_t entry)
{
    uint32_t row = 0;
    while (game->row_first[row + 1] <= entry)
        row++;
    return row;
}

/* Receives the diagnostic. */
static void take_message(void *context, const dt_diagnostic *diagnostic)
{
    request *asked = context;
    dt_text_print(&asked->text, "%s", diagnostic->message);
    if (diagnostic->line > 0)
        dt_text_print(&asked->text, " (%s:%d:%d)", diagnostic->file, diagnostic->line,
                      diagnostic->column);
}

static void tell_place(request *asked, uint32_t place, uint32_t period)
{
    const dt_game *game = asked->ensemble->game;
    if (place == DT_NOWHERE)
        return;
    const uint32_t stage = dt_game_stage(game, place);
    if (stage < game->stages)
        dt_text_print(&asked->text, ", stage %s", game->model->stage[stage].is.name);
    else
        dt_text_print(&asked->text, ", at the end of a period");
    if (period != DT_NOWHERE && period != DT_EVERY_PERIOD) {
        dt_text_print(&asked->text, ", ");
        dt_period_print(game->model, (int64_t)period + 1, &asked->text);
    }
    dt_text_print(&asked->text, ", in the state ");
    dt_game_describe(game, place, &asked->text);
}

static void tell_fault(request *asked)
{
    const dt_game *game = asked->ensemble->game;
    const dt_model *model = game->model;
    dt_lane_fault fault = asked->ensemble->fault[asked->world];
    const dt_options options = {.report = take_message, .report_context = asked};
    dt_diagnostics *diagnostics = dt_diagnostics_new(asked->text.arena, &options, &model->source);
    char number[32];
    dt_print_number(number, fault.number);
    switch (fault.code) {
    case DT_WORLD_DISCOUNT:
    case DT_WORLD_FOREVER:
        dt_complain(diagnostics, fault.code, model->actor[fault.item].discount_place,
                    model->actor[fault.item].is.name, number);
        break;
    case DT_WORLD_RATIONALITY:
        dt_complain(diagnostics, fault.code, model->actor[fault.item].rationality_place,
                    model->actor[fault.item].is.name, number);
        break;
    case DT_SURPLUS_RATIONALITY:
        dt_complain(diagnostics, fault.code, model->actor[fault.item].rationality_place,
                    model->actor[fault.item].is.name);
        break;
    case DT_WORLD_PAYMENT:
        fault.place = dt_game_row_place(game, row_of_entry(game, (uint32_t)fault.item));
        dt_complain(diagnostics, fault.code, model->term[game->row_column[fault.item]].payoff_place,
                    number);
        break;
    case DT_OUTCOME_NUMBER:
    case DT_OUTCOME_OVERFLOW:
        dt_complain(diagnostics, fault.code, model->outcome[fault.item].is.place,
                    model->outcome[fault.item].is.name);
        break;
    case DT_VALUE_OVERFLOW:
        dt_complain(diagnostics, fault.code, dt_game_text_place(game, fault.place));
        break;
    default:
        assert(fault.code == DT_WORLD_PROBABILITY || fault.code == DT_WORLD_SUM ||
               fault.code == DT_WORLD_REST);
        dt_complain(diagnostics, fault.code, game->check[fault.item].place, number);
    }
    dt_diagnostics_flush(diagnostics);
    tell_place(asked, fault.place, fault.period);
}

static void tell_failure(request *asked)
{
    const dt_ensemble *ensemble = asked->ensemble;
    const dt_lane_failure *failure = &ensemble->failure[asked->world];
    const dt_judgement judgement = ensemble->judgement[asked->world];
    if (judgement != DT_NODE_UNSOLVED) {
        dt_text_print(&asked->text, "%s", dt_judgement_reason(judgement));
        return;
    }
    char scale[32], residual[32];
    dt_text_print(
        &asked->text, "the principal branch %s at %s of the movers' rationality, residual %s",
        failure->result.end == DT_BRANCH_TOO_LONG ? "takes too many steps" : "can't be followed",
        dt_print_number(scale, failure->result.scale),
        dt_print_number(residual, failure->result.residual));
    tell_place(asked, failure->place, failure->period);
}

static dt_status tell(void *argument)
{
    request *asked = argument;
    const dt_status status = asked->ensemble->status[asked->world];
    if (status == DT_INVALID)
        tell_fault(asked);
    else if (status == DT_NO)
        tell_failure(asked);
    return DT_OK;
}

dt_status dt_ensemble_reason(const dt_ensemble *ensemble, size_t world, char *text, size_t room)
{
    if (!ensemble || world >= ensemble->worlds || !text || room == 0)
        return DT_INVALID;
    assert(world < ensemble->worlds && room >= 1);
    request asked = {.ensemble = ensemble, .world = world};
    text[0] = '\0';
    asked.text.arena = dt_arena_new(NULL, 0);
    if (!asked.text.arena)
        return DT_LIMIT;
    const dt_status status = dt_arena_try(asked.text.arena, tell, &asked);
    if (status == DT_OK)
        snprintf(text, room, "%s", dt_text_get(&asked.text));
    dt_arena_free(asked.text.arena);
    return status;
}
