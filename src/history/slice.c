/*
 * Slices: of each row what can have been, whatever the numbers. Places that can be reached from where the row can begin are
 * marked forwards over what its cells let pass, and those that lead to no end of it are taken back. Rows that say the
 * same and can begin in the same states are looked at, and kept, once: a long record takes the memory of what is
 * different in it. Invariant: a place that a slice holds lies on a way from a state in which the row can begin to one in
 * which it can end.
 */
#include "history/slice.h"

#include <assert.h>
#include <string.h>

#include "history/impossible.h"

uint32_t dt_row_intern(dt_arena *scratch, dt_indices *words, size_t observables, dt_sequences *rows,
                       uint32_t from, uint32_t to, const int32_t *value, const dt_indices *root,
                       bool *added)
{
    words->count = 0;
    dt_reserve(scratch, words, 2 + observables + root->count);
    words->at[words->count++] = from;
    words->at[words->count++] = to;
    for (size_t i = 0; i < observables && value; i++)
        words->at[words->count++] = (uint32_t)value[i];
    for (size_t i = 0; i < root->count; i++)
        words->at[words->count++] = root->at[i];
    return dt_sequences_intern(rows, words->at, (uint32_t)words->count, added);
}

/* ---- on one graph -------------------------------------------------------------------------------- */

bool dt_ready_reach(const dt_row_view *view, const dt_observables *all, const dt_indices *root,
                    uint8_t *reached)
{
    const dt_game *game = view->game;
    bool any = false;
    memset(reached, 0, (size_t)game->nodes + game->leaves);
    for (size_t i = 0; i < root->count; i++) {
        const uint32_t place = game->state_place[root->at[i]];
        const uint32_t stage = dt_game_stage(game, place);
        reached[place] |= dt_row_lets_go(view, game->stages, place) &&
                          (stage == game->stages || !view->skipped[stage]);
    }
    for (uint32_t s = 0; s < game->stages; s++) {
        for (uint32_t n = game->stage_first[s]; n < game->stage_first[s + 1]; n++) {
            if (!reached[n] || view->skipped[s])
                continue;
            const uint32_t menu = game->node_menu[n];
            for (int c = 0; c < game->menu[menu].cells; c++) {
                const uint64_t cell = game->node_cell[n] + (uint64_t)c;
                if (!dt_row_lets_cell(view, menu, c))
                    continue;
                for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
                    reached[game->branch_target[b]] |=
                        dt_row_lets_go(view, s, game->branch_target[b]);
            }
        }
    }
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++) {
        uint8_t *here = &reached[game->nodes + leaf];
        *here = *here && dt_row_lets_end(view, all, leaf);
        any |= *here;
    }
    return any;
}
/* Takes back what leads to no end of the row. */
static void look_back(const dt_row_view *view, uint8_t *reached)
{
    const dt_game *game = view->game;
    for (uint32_t s = game->stages; s-- > 0;) {
        for (uint32_t n = game->stage_first[s]; n < game->stage_first[s + 1]; n++) {
            bool leads = false;
            const uint32_t menu = game->node_menu[n];
            for (int c = 0; c < game->menu[menu].cells && reached[n] && !leads; c++) {
                const uint64_t cell = game->node_cell[n] + (uint64_t)c;
                if (!dt_row_lets_cell(view, menu, c))
                    continue;
                for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++)
                    leads |= dt_row_lets_go(view, s, game->branch_target[b]) &&
                             reached[game->branch_target[b]];
            }
            reached[n] = leads && !view->skipped[s];
        }
    }
}
/* ---- a row ------------------------------------------------------------------------------------- */

/* `count` zeroed bytes of a work space. */
static uint8_t *cleared(dt_slicer *s, dt_bytes *list, size_t count)
{
    dt_reserve(s->scratch, list, count);
    return memset(list->at, 0, count);
}

static uint32_t *keep(dt_arena *arena, const dt_indices *list)
{
    uint32_t *copy = dt_room(arena, list->count);
    if (list->count)
        memcpy(copy, list->at, list->count * sizeof *copy);
    return copy;
}
/* What can be in a row, given in which roots it can begin, which become those of the next. False if nothing can. */
static bool cut_slice(dt_slicer *s, const dt_history *history, size_t row, dt_indices *root,
                      dt_slice_row *slice)
{
    dt_likelihood *ready = s->ready;
    const bool last = row + 1 == history->rows;
    slice->stand = (uint32_t)s->stand_of[dt_ready_policy(ready, history, row)];
    const dt_stand *stand = &ready->stand[slice->stand];
    if (root->count == 0) {
        dt_impossible_after_end(s->scratch, ready, history, row);
        return false;
    }
    const dt_stand *after =
        last ? NULL : &ready->stand[s->stand_of[dt_ready_policy(ready, history, row + 1)]];
    const dt_game *game = stand->game;
    const uint32_t words = game->layout.words;
    uint8_t *reached = cleared(s, &s->reached, (size_t)game->nodes + game->leaves);
    const dt_row_view *view = slice->view =
        dt_row_view_new(s->arena, ready->all, game, history->value + row * ready->all->count);
    if (!dt_ready_reach(view, ready->all, root, reached)) {
        dt_impossible_in_graph(s->scratch, ready, history, row, game, root);
        return false;
    }
    look_back(view, reached);
    dt_indices node = {0}, leaf = {0}, next = {0};
    uint32_t *key = dt_room(s->scratch, words);
    uint8_t *begins = cleared(s, &s->begins, after ? (size_t)after->roots.count : 1);
    for (uint32_t n = 0; n < game->nodes; n++) {
        if (reached[n])
            dt_push(s->scratch, &node, n);
    }
    for (uint32_t l = 0; l < game->leaves; l++) {
        if (!reached[game->nodes + l])
            continue;
        uint32_t to = DT_NOWHERE;
        for (uint32_t w = 0; w < words; w++)
            key[w] = game->key[((size_t)game->nodes + l) * words + w] & s->variables[w];
        if (after && !game->leaf_ended[l]) {
            to = dt_keys_find(&after->roots, key, words, dt_key_hash(key, words));
            assert(to != DT_NOWHERE);
            begins[to] = 1;
        }
        dt_push(s->scratch, &leaf, l);
        dt_push(s->scratch, &next, to);
    }
    slice->roots = (uint32_t)root->count;
    slice->root = keep(s->arena, root);
    slice->nodes = (uint32_t)node.count;
    slice->node = keep(s->arena, &node);
    slice->leaves = (uint32_t)leaf.count;
    slice->leaf = keep(s->arena, &leaf);
    slice->next = keep(s->arena, &next);
    root->count = 0;
    for (uint32_t i = 0; after && i < after->roots.count; i++) {
        if (begins[i])
            dt_push(s->scratch, root, i);
    }
    dt_drop(s->scratch, &node);
    dt_drop(s->scratch, &leaf);
    dt_drop(s->scratch, &next);
    return true;
}
/* The same, and if it was found before that again. */
static bool find_slice(dt_slicer *s, const dt_history *history, size_t row, dt_indices *root,
                       dt_slice_row *slice)
{
    const dt_likelihood *ready = s->ready;
    const bool last = row + 1 == history->rows;
    const int from = s->stand_of[dt_ready_policy(ready, history, row)],
              to = last ? DT_NONE : s->stand_of[dt_ready_policy(ready, history, row + 1)];
    bool added;
    const uint32_t number =
        dt_row_intern(s->scratch, &s->words, ready->all->count, &s->rows, (uint32_t)from,
                      (uint32_t)to, history->value + row * ready->all->count, root, &added);
    if (!added) {
        const dt_cut *known = &s->cut.at[number];
        *slice = known->slice;
        root->count = 0;
        dt_reserve(s->scratch, root, known->after.count);
        for (size_t i = 0; i < known->after.count; i++)
            root->at[root->count++] = known->after.at[i];
        return true;
    }
    if (!cut_slice(s, history, row, root, slice))
        return false;
    dt_push(s->scratch, &s->cut,
            (dt_cut){
                *slice, {.at = keep(s->scratch, root), .count = root->count}
    });
    return true;
}
dt_status dt_slices_cut(dt_slicer *s, size_t h)
{
    dt_ready_history *mine = &s->ready->history[h];
    const dt_history *history = mine->history;
    dt_indices root = {0};
    mine->row = dt_new(s->arena, dt_slice_row, history->rows);
    dt_push(s->scratch, &root, mine->root);
    for (size_t row = 1; row < history->rows; row++) {
        if (!find_slice(s, history, row, &root, &mine->row[row]))
            return DT_INVALID;
    }
    return DT_OK;
}

/* ---- without a row ------------------------------------------------------------------------------- */

void dt_slice_fill(dt_arena *arena, const dt_game *game, dt_slice_row *slice)
{
    slice->nodes = game->nodes;
    slice->leaves = game->leaves;
    slice->node = dt_room(arena, game->nodes);
    slice->leaf = dt_room(arena, game->leaves);
    for (uint32_t n = 0; n < game->nodes; n++)
        slice->node[n] = n;
    for (uint32_t l = 0; l < game->leaves; l++)
        slice->leaf[l] = l;
}
uint32_t *dt_stand_next(dt_arena *arena, const dt_stand *from, const dt_stand *to)
{
    const dt_game *game = from->game;
    const uint32_t words = game->layout.words;
    uint32_t *next = dt_room(arena, game->leaves), *key = dt_new(arena, uint32_t, words);
    uint32_t *variables = dt_new(arena, uint32_t, words);
    for (int v = 0; v < game->model->variables; v++)
        dt_key_mark(&game->layout.field[v], variables);
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++) {
        for (uint32_t w = 0; w < words; w++)
            key[w] = game->key[((size_t)game->nodes + leaf) * words + w] & variables[w];
        next[leaf] = game->leaf_ended[leaf]
                         ? DT_NOWHERE
                         : dt_keys_find(&to->roots, key, words, dt_key_hash(key, words));
    }
    return next;
}
uint32_t **dt_ready_next(dt_arena *arena, const dt_likelihood *ready,
                         const dt_ready_history *history, size_t last)
{
    uint32_t **next = dt_new(arena, uint32_t *, ready->stands * ready->stands);
    for (size_t row = 1; row <= last; row++) {
        const size_t from = dt_ready_stand(history, row), to = dt_ready_stand(history, row + 1);
        uint32_t **these = &next[from * ready->stands + to];
        if (!*these)
            *these = dt_stand_next(arena, &ready->stand[from], &ready->stand[to]);
    }
    return next;
}
