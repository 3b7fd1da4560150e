/*
 * Telling of a node whose branch ended early.
 */
#include "solve/solved.h"

#include <assert.h>

#include "model/calendar.h"

void dt_failure_print(const dt_game *game, const dt_failure *failure, dt_text *text)
{
    char scale[32], residual[32];
    const dt_branch_result *result = &failure->result;
    assert(result->end != DT_BRANCH_ARRIVED);
    dt_text_print(text, "stage %s", game->model->stage[dt_game_stage(game, failure->node)].is.name);
    if (failure->period != DT_EVERY_PERIOD) {
        dt_text_print(text, " in ");
        dt_period_print(game->model, (int64_t)failure->period + 1, text);
    }
    dt_text_print(text, " at ");
    dt_game_describe(game, failure->node, text);
    if (result->end == DT_BRANCH_UNDERFLOW) {
        dt_text_print(text,
                      ": after what is seen there the belief in a type that can be is smaller "
                      "than any number");
        return;
    }
    dt_text_print(text, ": the principal branch %s at %s of the movers' rationality, residual %s",
                  result->end == DT_BRANCH_TOO_LONG ? "takes too many steps" : "can't be followed",
                  dt_print_number(scale, result->scale),
                  dt_print_number(residual, result->residual));
}
