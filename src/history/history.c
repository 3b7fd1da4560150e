/*
 * Histories from outside: what they hold, blank ones, and writing them as files that are read back the same.
 */
#include "history/history.h"

#include <assert.h>
#include <string.h>

#include "base/job.h"
#include "base/limits.h"
#include "history/table.h"

void dt_history_free(dt_history *history)
{
    dt_arena_free(history ? history->arena : NULL);
}

const char *dt_history_name(const dt_history *history)
{
    return history ? history->source.name : "";
}

size_t dt_history_rows(const dt_history *history)
{
    return history ? history->rows : 0;
}

bool dt_history_has(const dt_history *history, size_t observable)
{
    return history && observable < history->all->count && history->has[observable];
}

int dt_history_value(const dt_history *history, size_t row, size_t observable)
{
    if (!history || row >= history->rows || observable >= history->all->count)
        return DT_UNSEEN;
    return history->value[row * history->all->count + observable];
}

int dt_history_policy(const dt_history *history, size_t row)
{
    return history && row < history->rows ? history->policy[row] : DT_NONE;
}

const char *dt_history_note(const dt_history *history)
{
    return history ? history->note : "";
}

const char *dt_history_period(const dt_history *history, size_t row)
{
    return history && row < history->rows ? history->period[row] : "";
}

void dt_history_print_row(const dt_history *history, size_t row, dt_text *text)
{
    dt_text_print(text, "row %zu", row + 1);
    if (*history->period[row])
        dt_text_print(text, " (%s)", history->period[row]);
}

/* ---- blank ones ---------------------------------------------------------------------------------- */

typedef struct blank {
    const dt_model *model;
    int policy;
    size_t periods;
} blank;

static dt_status make_blank(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const blank *asked = argument;
    (void)scratch;
    dt_history *history = dt_history_new(arena, asked->model, asked->periods + 1);
    for (size_t r = 1; r <= asked->periods; r++)
        history->policy[r] = asked->policy;
    *found = history;
    return DT_OK;
}

dt_status dt_history_blank(const dt_model *model, int policy, size_t periods,
                           const dt_options *options, dt_history **history)
{
    if (history)
        *history = NULL;
    if (!model || policy < DT_NONE || policy >= model->policies || periods > DT_MAX_ROWS ||
        !history)
        return dt_refuse_call(options, "dt_history_blank",
                              "no model, a policy that it hasn't got, too many periods, or nowhere "
                              "to put the history");
    return dt_answer(options, make_blank, &(blank){model, policy, periods}, (void **)history);
}

/* ---- writing ------------------------------------------------------------------------------------- */

typedef struct writing {
    const dt_history *history;
    bool secret;
    dt_write *write;
    void *context;
} writing;

static bool is_shown(const writing *w, size_t observable)
{
    const dt_observables *all = w->history->all;
    const int stage = all->stage[observable];
    const bool secret = stage == DT_NONE ? dt_slot_is_private(all->model, (int)observable)
                                         : all->model->stage[stage].hidden;
    return w->history->has[observable] && (w->secret || !secret);
}

static void print_row(const writing *w, size_t row, dt_arena *arena, dt_text *line)
{
    const dt_history *history = w->history;
    const dt_observables *all = history->all;
    const char *between = "";
    if (history->has_period) {
        dt_table_print(line, history->period[row]);
        between = ",";
    }
    if (history->has_policy) {
        const bool named = row > 0 && history->policy[row] != DT_NONE &&
                           (row == 1 || history->policy[row] != history->policy[row - 1]);
        dt_text_print(line, "%s%s", between,
                      named ? history->model->policy[history->policy[row]].is.name : "");
        between = ",";
    }
    for (size_t i = 0; i < all->count; i++) {
        if (!is_shown(w, i))
            continue;
        dt_text cell = {.arena = arena};
        const int32_t value = history->value[row * all->count + i];
        if (value != DT_UNSEEN)
            dt_observable_print_value(all, i, (size_t)value, &cell);
        dt_text_print(line, "%s%s", between, dt_text_get(&cell));
        dt_drop(arena, &cell.bytes);
        between = ",";
    }
    if (*history->note) {
        dt_text_print(line, "%s", between);
        dt_table_print(line, row == 0 ? history->note : "");
    }
    if (line->bytes.count == 0) /* a blank line would be none */
        dt_text_print(line, "\"\"");
    dt_text_print(line, "\n");
}

static dt_status write_all(dt_arena *arena, void *argument)
{
    const writing *w = argument;
    const dt_history *history = w->history;
    dt_text line = {.arena = arena};
    const char *between = "";
    if (history->has_period || history->has_policy) {
        dt_text_print(&line, "%s%s%s", history->has_period ? "period" : "",
                      history->has_period && history->has_policy ? "," : "",
                      history->has_policy ? "policy" : "");
        between = ",";
    }
    for (size_t i = 0; i < history->all->count; i++) {
        if (!is_shown(w, i))
            continue;
        dt_text_print(&line, "%s", between);
        dt_observable_print(history->all, i, &line);
        between = ",";
    }
    if (*history->note)
        dt_text_print(&line, "%s" DT_NOTE_COLUMN, between);
    if (line.bytes.count == 0) /* nothing is seen: a column of comments */
        dt_text_print(&line, "_");
    dt_text_print(&line, "\n");
    if (!w->write(w->context, dt_text_get(&line), line.bytes.count))
        return DT_FILE;
    for (size_t row = 0; row < history->rows; row++) {
        line.bytes.count = 0;
        print_row(w, row, arena, &line);
        if (!w->write(w->context, dt_text_get(&line), line.bytes.count))
            return DT_FILE;
    }
    return DT_OK;
}

dt_status dt_history_write(const dt_history *history, bool secret, const dt_options *options,
                           dt_write *write, void *context)
{
    if (!history || !write)
        return dt_refuse_call(options, "dt_history_write", "no history, or nothing to write with");
    return dt_job(options, write_all, &(writing){history, secret, write, context});
}
