/*
 * Saying why a row can't be. A row has several cells, and mostly one of them is wrong: so each is tried alone, all
 * else unseen.
 */
#include "history/impossible.h"

#include <string.h>

/* "a = x, b = y and c = z" of the cells of a row that are marked. */
static size_t print_cells(const dt_likelihood *ready, const int32_t *value, const uint8_t *marked,
                          dt_text *text)
{
    const dt_observables *all = ready->all;
    size_t count = 0, told = 0;
    for (size_t i = 0; i < all->count; i++)
        count += marked[i];
    for (size_t i = 0; i < all->count; i++) {
        if (!marked[i])
            continue;
        dt_text_print(text, "%s", told == 0 ? "" : told + 1 == count ? " and " : ", ");
        dt_observable_print(all, i, text);
        dt_text_print(text, " = ");
        dt_observable_print_value(all, i, (size_t)value[i], text);
        told++;
    }
    return count;
}

void dt_impossible_tell(dt_arena *arena, const dt_likelihood *ready, const dt_history *history,
                        size_t row, const dt_options *options,
                        bool (*possible)(void *context, const int32_t *value), void *context)
{
    const dt_observables *all = ready->all;
    const int32_t *value = history->value + row * all->count;
    int32_t *one = dt_new(arena, int32_t, all->count);
    uint8_t *seen = dt_new(arena, uint8_t, all->count), *can = dt_new(arena, uint8_t, all->count);
    memset(one, 0xff, all->count * sizeof *one);
    size_t cells = 0, fine = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (value[i] == DT_UNSEEN)
            continue;
        one[i] = value[i];
        seen[i] = possible(context, one) ? 0 : 1;
        can[i] = !seen[i];
        one[i] = DT_UNSEEN;
        cells++;
        fine += can[i];
    }
    dt_text name = {.arena = arena}, which = {.arena = arena}, hint = {.arena = arena};
    dt_history_print_row(history, row, &name);
    if (cells == 0) {
        dt_text_print(&which, ": play has ended before it");
        dt_text_print(&hint, "leave out the rows after an end");
    } else if (!possible(context, one)) {
        dt_text_print(&which, ": play has ended before it, whatever its cells say");
        dt_text_print(&hint, "leave out the rows after an end");
    } else {
        for (size_t i = 0; i < all->count; i++)
            seen[i] |= can[i];
        dt_text_print(&which, ": ");
        print_cells(ready, value, seen, &which);
        for (size_t i = 0; i < all->count; i++)
            seen[i] &= !can[i];
        if (fine == cells) {
            dt_text_print(&hint, cells > 1 ? "each of them alone would be possible"
                                           : "it would be possible without the rows before");
        } else {
            if (fine > 0)
                dt_text_print(&hint, "alone would be possible ");
            print_cells(ready, value, can, &hint);
            dt_text_print(&hint, fine > 0 ? "; not even alone " : "not even alone is possible ");
            print_cells(ready, value, seen, &hint);
        }
    }
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, options, &history->source);
    const int policy = dt_ready_policy(ready, history, row > 0 ? row : 1);
    dt_complain_more(diagnostics, DT_IMPOSSIBLE_ROW, history->place[row], dt_text_get(&hint), NULL,
                     dt_text_get(&name), ready->model->policy[policy].is.name, dt_text_get(&which));
    dt_diagnostics_flush(diagnostics);
}

/* ---- on a graph -------------------------------------------------------------------------------- */

typedef struct in_graph {
    dt_arena *arena;
    const dt_likelihood *ready;
    const dt_game *game;
    const dt_indices *root;
    uint8_t *reached;
} in_graph;

static bool can_be(void *context, const int32_t *value)
{
    const in_graph *in = context;
    const dt_row_view *view = dt_row_view_new(in->arena, in->ready->all, in->game, value);
    return dt_ready_reach(view, in->ready->all, in->root, in->reached);
}

void dt_impossible_in_graph(dt_arena *arena, const dt_likelihood *ready, const dt_history *history,
                            size_t row, const dt_game *game, const dt_indices *root)
{
    in_graph in = {arena, ready, game, root,
                   dt_new(arena, uint8_t, (size_t)game->nodes + game->leaves)};
    dt_impossible_tell(arena, ready, history, row, &ready->options, can_be, &in);
}

static bool can_never_be(void *context, const int32_t *value)
{
    (void)context;
    (void)value;
    return false;
}

void dt_impossible_after_end(dt_arena *arena, const dt_likelihood *ready, const dt_history *history,
                             size_t row)
{
    dt_impossible_tell(arena, ready, history, row, &ready->options, can_never_be, NULL);
}
