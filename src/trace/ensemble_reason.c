/*
 * Why a world failed, put together when somebody asks: the same diagnostic that solving it alone
 * would give, or what a solution says of its first node whose branch ended early.
 */
#include <stdio.h>
#include <string.h>

#include "trace/ensemble.h"

typedef struct request {
    const dt_ensemble *ensemble;
    size_t world;
    dt_text text;
} request;

/* Receives the diagnostic: its message, and where it was met but not the way there. */
static void take_message(void *context, const dt_diagnostic *diagnostic)
{
    request *asked = context;
    dt_text_print(&asked->text, "%s", diagnostic->message);
    if (diagnostic->line > 0)
        dt_text_print(&asked->text, " (%s:%d:%d)", diagnostic->file, diagnostic->line,
                      diagnostic->column);
    const char *state = diagnostic->state;
    while (*state && strncmp(state, "reached by", 10) != 0) {
        const size_t length = strcspn(state, "\n");
        dt_text_print(&asked->text, ", %.*s", (int)length, state);
        state += length + (state[length] == '\n');
    }
}

static void tell_wrong(request *asked)
{
    const dt_game *game = asked->ensemble->game;
    const dt_options options = {.report = take_message, .report_context = asked};
    dt_arena *arena = asked->text.arena;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, &options, &game->model->source);
    dt_wrong_complain(arena, diagnostics, game, &asked->ensemble->wrong[asked->world]);
    dt_diagnostics_flush(diagnostics);
}

static void tell_failure(request *asked)
{
    const dt_ensemble *ensemble = asked->ensemble;
    const dt_judgement judgement = ensemble->judgement[asked->world];
    if (judgement == DT_NODE_UNSOLVED)
        dt_failure_print(ensemble->game, &ensemble->failure[asked->world], &asked->text);
    else
        dt_text_print(&asked->text, "%s", dt_judgement_reason(judgement));
}

static dt_status tell(void *argument)
{
    request *asked = argument;
    const dt_status status = asked->ensemble->status[asked->world];
    if (status == DT_INVALID)
        tell_wrong(asked);
    else if (status == DT_NO)
        tell_failure(asked);
    return DT_OK;
}

dt_status dt_ensemble_reason(const dt_ensemble *ensemble, size_t world, char *text, size_t room)
{
    if (!ensemble || world >= ensemble->worlds || !text || room == 0)
        return DT_INVALID;
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
