/*
 * Making histories ready. In every row everybody plays as in the first period of a game that begins where play
 * stands, so each policy in force needs one game, explored from every state in which a row under it can begin. Which
 * these are is found first, row by row, whatever the numbers: from the states in which a row can begin, over all
 * that its cells let pass, to those in which it can end. While one policy is in force that walk is on one graph,
 * explored from where it came into force for as many periods as it stays. Then each policy's game is explored, as far
 * ahead as players look, and of each row is kept what can have been (slice.c). Invariant: a state in which a row can begin
 * is a root of the stand of its policy.
 */
#include <assert.h>
#include <string.h>

#include "base/job.h"
#include "game/starts.h"
#include "history/impossible.h"
#include "history/slice.h"
#include "solve/sweep.h"

/* What dt_likelihood_new is asked; and the games made for it, which are freed if it comes to nothing. */
typedef struct asking {
    const dt_model *model;
    const dt_history *const *history;
    size_t histories;
    dt_likelihood_how how;
    const dt_options *options;
    dt_game *game[DT_MAX_POLICIES], *walked;
} asking;

typedef struct making {
    dt_arena *arena, *scratch;
    asking *asked;
    dt_likelihood *ready;
    uint32_t *variables; /* [words] the fields of the public state */
    int *stand_of;       /* [policies] or DT_NONE */
    dt_indices words;    /* work space */
} making;

int dt_ready_policy(const dt_likelihood *ready, const dt_history *history, size_t row)
{
    const int named = history->policy[row < history->rows ? row : history->rows - 1];
    return named == DT_NONE ? (int)ready->policy : named;
}

/* ---- which states a row can begin in --------------------------------------------------------------- */

/* Adds states, by their numbers among all, to the roots of a policy's stand. */
static void add_roots(making *m, int policy, const dt_keys *all, const dt_indices *state)
{
    dt_stand *stand = &m->ready->stand[m->stand_of[policy]];
    for (size_t i = 0; i < state->count; i++) {
        const uint32_t *key = all->key.at + (size_t)state->at[i] * all->words;
        bool added;
        dt_keys_intern(&stand->roots, key, all->words, dt_key_hash(key, all->words), &added);
    }
}

/* The states that follow the leaves that are reached. */
static dt_keys follow(making *m, const dt_game *game, const uint8_t *reached)
{
    const uint32_t words = game->layout.words;
    dt_keys state = {.arena = m->scratch, .words = words};
    uint32_t *key = dt_room(m->scratch, words);
    for (uint32_t leaf = 0; leaf < game->leaves; leaf++) {
        if (!reached[game->nodes + leaf] || game->leaf_ended[leaf])
            continue;
        bool added;
        for (uint32_t w = 0; w < words; w++)
            key[w] = game->key[((size_t)game->nodes + leaf) * words + w] & m->variables[w];
        dt_keys_intern(&state, key, words, dt_key_hash(key, words), &added);
    }
    return state;
}

/* The states of a game, by their keys. */
static dt_keys list_states(making *m, const dt_game *game)
{
    const uint32_t words = game->layout.words;
    dt_keys all = {.arena = m->scratch, .words = words};
    for (uint32_t s = 0; s < game->states; s++) {
        const uint32_t *key = game->key + (size_t)game->state_place[s] * words;
        bool added;
        dt_keys_intern(&all, key, words, dt_key_hash(key, words), &added);
        assert(added);
    }
    return all;
}

/* The numbers of states among these. */
static dt_indices number(making *m, const dt_keys *all, const dt_keys *state)
{
    const uint32_t words = state->words;
    dt_indices numbers = {0};
    for (uint32_t i = 0; i < state->count; i++) {
        const uint32_t *key = state->key.at + (size_t)i * words;
        const uint32_t found = dt_keys_find(all, key, words, dt_key_hash(key, words));
        assert(found != DT_NOWHERE);
        dt_push(m->scratch, &numbers, found);
    }
    return numbers;
}

/* Goes through the rows from .. beyond-1, of one policy, beginning in `state`, which it replaces by the states in
 * which they can end; it may go past the last row. */
static dt_status walk_spell(making *m, const dt_history *history, size_t from, size_t beyond,
                            dt_keys *state)
{
    dt_likelihood *ready = m->ready;
    const int policy = dt_ready_policy(ready, history, from);
    const dt_starts starts = {state->count, state->key.at, (uint32_t)(beyond - from)};
    const dt_status status = dt_game_explore_starts(ready->model, (size_t)policy, &starts, NULL,
                                                    &ready->options, &m->asked->walked);
    if (status != DT_OK)
        return status;
    dt_game *game = m->asked->walked;
    const dt_keys all = list_states(m, game);
    uint8_t *reached = dt_new(m->scratch, uint8_t, (size_t)game->nodes + game->leaves);
    dt_status found = DT_OK;
    dt_sequences rows = {.arena = m->scratch};
    dt_list(dt_indices) after = {0}; /* [rows] in which states the next can begin */
    dt_indices root = number(m, &all, state);
    for (size_t row = from; row < beyond; row++) {
        const bool seen = ready->ahead == 0 && row < history->rows, last = row + 1 == beyond;
        const int32_t *value = seen ? history->value + row * ready->all->count : NULL;
        bool added = true;
        const uint32_t known = dt_row_intern(m->scratch, &m->words, value ? ready->all->count : 0,
                                             &rows, 0, last, value, &root, &added);
        if (!added) {
            root = after.at[known];
            continue;
        }
        dt_row_view *view = dt_row_view_new(m->scratch, ready->all, game, value);
        add_roots(m, policy, &all, &root);
        if (!dt_ready_reach(view, ready->all, &root, reached)) {
            dt_impossible_in_graph(m->scratch, ready, history, row, game, &root);
            found = DT_INVALID;
            break;
        }
        *state = follow(m, game, reached);
        if (state->count == 0 && row + 1 < history->rows) { /* play has ended */
            dt_impossible_after_end(m->scratch, ready, history, row + 1);
            found = DT_INVALID;
        }
        if (state->count == 0)
            break;
        if (!last) {
            root = number(m, &all, state);
            dt_push(m->scratch, &after, root);
        }
    }
    dt_game_free(game);
    m->asked->walked = NULL;
    return found;
}

/* The state before the first period. */
static dt_keys first_state(making *m, const dt_history *history)
{
    const dt_model *model = m->ready->model;
    const dt_key_layout layout = dt_key_layout_make(m->scratch, model);
    const size_t policy = (size_t)dt_ready_policy(m->ready, history, 1);
    int *value = dt_new(m->scratch, int, (size_t)model->variables + 1);
    uint32_t *key = dt_new(m->scratch, uint32_t, layout.words);
    for (int v = 0; v < model->variables; v++) {
        const int32_t seen = history->value[v];
        value[v] = seen == DT_UNSEEN ? model->policy[policy].regime.start[v]
                                     : dt_slot_low(model, v) + seen;
    }
    dt_key_start(&layout, model, value, key);
    dt_keys state = {.arena = m->scratch, .words = layout.words};
    bool added;
    dt_keys_intern(&state, key, layout.words, dt_key_hash(key, layout.words), &added);
    return state;
}

/* Where the policy that is in force in a row ceases to be. */
static size_t end_of_spell(const dt_likelihood *ready, const dt_history *history, size_t row)
{
    size_t end = row + 1;
    while (end < history->rows &&
           dt_ready_policy(ready, history, end) == dt_ready_policy(ready, history, row))
        end++;
    return end < history->rows ? end : history->rows + ready->ahead;
}

static dt_status walk(making *m, const dt_history *history)
{
    dt_keys state = first_state(m, history);
    const size_t rows = history->rows + m->ready->ahead;
    for (size_t row = 1; row < rows && state.count > 0;) {
        const size_t beyond = end_of_spell(m->ready, history, row);
        const dt_status status = walk_spell(m, history, row, beyond, &state);
        if (status != DT_OK)
            return status;
        row = beyond;
    }
    return DT_OK;
}

/* ---- stands ----------------------------------------------------------------------------- */

static void find_stands(making *m)
{
    dt_likelihood *ready = m->ready;
    const uint32_t words = dt_key_layout_make(m->scratch, ready->model).words;
    m->stand_of = dt_new(m->scratch, int, (size_t)ready->model->policies);
    for (int p = 0; p < ready->model->policies; p++)
        m->stand_of[p] = DT_NONE;
    ready->stand = dt_new(m->arena, dt_stand, (size_t)ready->model->policies);
    for (size_t h = 0; h < ready->histories; h++) {
        const dt_history *history = m->asked->history[h];
        for (size_t row = 1; row < history->rows + (ready->ahead > 0); row++) {
            const int policy = dt_ready_policy(ready, history, row);
            if (m->stand_of[policy] != DT_NONE)
                continue;
            m->stand_of[policy] = (int)ready->stands;
            ready->stand[ready->stands++] = (dt_stand){
                .policy = policy, .roots = {.arena = m->arena, .words = words}
            };
        }
    }
}

/* Of the first row's stand, the root in which a history of some rows begins. */
static uint32_t find_root(making *m, const dt_history *history)
{
    const dt_keys state = first_state(m, history);
    const dt_stand *stand = &m->ready->stand[m->stand_of[dt_ready_policy(m->ready, history, 1)]];
    return dt_keys_find(&stand->roots, state.key.at, state.words,
                        dt_key_hash(state.key.at, state.words));
}

/* Explores the game of a stand, again if there is one. */
static dt_status explore_stand(making *m, size_t s, const dt_known *known)
{
    dt_likelihood *ready = m->ready;
    dt_stand *stand = &ready->stand[s];
    const dt_starts starts = {stand->roots.count, stand->roots.key.at, 0};
    dt_game **game = &m->asked->game[s];
    dt_game_free(*game);
    *game = NULL;
    const dt_status status = dt_game_explore_starts(ready->model, (size_t)stand->policy, &starts,
                                                    known, &ready->options, game);
    stand->game = *game;
    return status;
}

/* Beliefs go on from row to row, whatever policy is in force: so what is known must be known, and the same, under
 * all of them. */
static dt_status explore_all(making *m)
{
    dt_likelihood *ready = m->ready;
    const dt_likelihood_how *how = &m->asked->how;
    const dt_known known = {
        .worlds = how->worlds, .parameter = how->parameters, .varies = how->free};
    const size_t variables = (size_t)ready->model->variables;
    const dt_game *first = NULL;
    int *same = dt_new(m->scratch, int, variables);
    for (size_t s = 0; s < ready->stands; s++) {
        if (ready->stand[s].roots.count == 0)
            continue; /* play has ended before it comes into force */
        const dt_status status = explore_stand(m, s, &known);
        if (status != DT_OK)
            return status;
        const dt_game *game = ready->stand[s].game;
        for (size_t v = 0; v < variables; v++)
            same[v] = !first || same[v] == game->known[v] ? game->known[v] : DT_DRAWN;
        first = game;
    }
    for (size_t s = 0; s < ready->stands; s++) {
        const dt_game *game = ready->stand[s].game;
        bool more = false;
        for (size_t v = 0; v < variables && game; v++)
            more |= game->known[v] != same[v];
        if (!more)
            continue;
        const dt_status status = explore_stand(m, s, &(dt_known){.as = same});
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

static dt_status explore(making *m)
{
    dt_likelihood *ready = m->ready;
    const dt_status status = explore_all(m);
    for (size_t s = 0; s < ready->stands && status == DT_OK; s++) {
        dt_stand *stand = &ready->stand[s];
        if (!stand->game)
            continue;
        stand->plan = dt_play_plan_new(m->arena, stand->game, &ready->how, DT_WORLDS);
        stand->single = stand->plan->private
                            ? stand->plan
                            : dt_play_plan_new(m->arena, stand->game, &ready->how, 1);
        stand->columns = 1;
        if (stand->game->privates > 0) {
            stand->beliefs = stand->plan->private->beliefs;
            stand->columns = (size_t)stand->beliefs->points * stand->beliefs->types;
        }
    }
    return status;
}

static dt_status make_all(making *m)
{
    dt_likelihood *ready = m->ready;
    for (size_t h = 0; h < ready->histories; h++) {
        const dt_history *history = m->asked->history[h];
        ready->history[h].history = history;
        ready->history[h].first = ready->rows;
        ready->rows += history->rows - 1;
        ready->longest = history->rows > ready->longest ? history->rows : ready->longest;
        const dt_status status = walk(m, history);
        if (status != DT_OK)
            return status;
    }
    dt_status status = explore(m);
    dt_slicer slicer = {.arena = m->arena,
                        .scratch = m->scratch,
                        .ready = ready,
                        .variables = m->variables,
                        .stand_of = m->stand_of,
                        .rows = {.arena = m->scratch}};
    for (size_t h = 0; h < ready->histories && status == DT_OK; h++) {
        if (ready->history[h].history->rows > 1)
            ready->history[h].root = find_root(m, ready->history[h].history);
        status = dt_slices_cut(&slicer, h);
    }
    return status;
}

/* ---- the call -------------------------------------------------------------------------------------- */

/* False, and told, if surplus values aren't defined, as a team moves under a policy in force. */
static bool surplus_defined(making *m)
{
    const dt_likelihood *ready = m->ready;
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(m->scratch, &ready->options, &ready->model->source);
    for (size_t s = 0; s < ready->stands && ready->how.values == DT_VALUES_SURPLUS; s++) {
        const dt_policy *policy = &ready->model->policy[ready->stand[s].policy];
        dt_text under = {.arena = m->scratch};
        dt_text_print(&under, "policy '%s'", policy->is.name);
        for (int i = 0; i < policy->regime.teams; i++)
            dt_complain(diagnostics, DT_SURPLUS_TEAM, policy->regime.team[i].place,
                        dt_text_get(&under));
    }
    const bool fine = dt_diagnostics_errors(diagnostics) == 0;
    dt_diagnostics_flush(diagnostics);
    return fine;
}

static dt_status make(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    asking *asked = argument;
    dt_likelihood *ready = *found = dt_new(arena, dt_likelihood, 1);
    making m = {.arena = arena, .scratch = scratch, .asked = asked, .ready = ready};
    ready->arena = arena;
    ready->model = asked->model;
    ready->all = dt_observables_new(arena, asked->model);
    ready->options = *asked->options;
    ready->policy = asked->how.policy;
    ready->ahead = asked->how.ahead;
    ready->histories = asked->histories;
    ready->history = dt_new(arena, dt_ready_history, asked->histories);
    ready->how =
        (dt_play_how){.values = ready->options.chance_alone ? DT_VALUES_AVERAGE : asked->how.values,
                      .scale = dt_rationality_scale(&ready->options),
                      .half_beliefs = ready->options.half_beliefs,
                      .code = dt_lane_code_of(DT_KERNEL_AUTO)};
    const dt_key_layout layout = dt_key_layout_make(scratch, asked->model);
    m.variables = dt_new(scratch, uint32_t, layout.words);
    for (int v = 0; v < asked->model->variables; v++)
        dt_key_mark(&layout.field[v], m.variables);
    find_stands(&m);
    return surplus_defined(&m) ? make_all(&m) : DT_INVALID;
}

dt_status dt_likelihood_new(const dt_model *model, const dt_history *const *history,
                            size_t histories, const dt_likelihood_how *how,
                            const dt_options *options, dt_likelihood **likelihood)
{
    static const dt_options defaults;
    bool right = model && likelihood && histories > 0 && history;
    for (size_t h = 0; right && h < histories; h++)
        right = history[h] && history[h]->model == model;
    right = right &&
            (!how || (how->policy < (size_t)model->policies &&
                      (unsigned)how->values <= DT_VALUES_SURPLUS && how->ahead <= DT_MAX_ROWS &&
                      (how->worlds == 0 || how->parameters || model->params == 0)));
    if (likelihood)
        *likelihood = NULL;
    if (!right)
        return dt_refuse_call(
            options, "dt_likelihood_new",
            "no model, no histories of it, a setting of no kind, or nowhere to put "
            "the likelihood");
    asking asked = {.model = model,
                    .history = history,
                    .histories = histories,
                    .options = options ? options : &defaults};
    if (how)
        asked.how = *how;
    const dt_status status = dt_answer(options, make, &asked, (void **)likelihood);
    for (size_t s = 0; s < DT_MAX_POLICIES && status != DT_OK; s++)
        dt_game_free(asked.game[s]);
    if (status != DT_OK)
        dt_game_free(asked.walked);
    return status;
}

void dt_likelihood_free(dt_likelihood *likelihood)
{
    for (size_t s = 0; likelihood && s < likelihood->stands; s++)
        dt_game_free(likelihood->stand[s].game);
    dt_arena_free(likelihood ? likelihood->arena : NULL);
}

size_t dt_likelihood_rows(const dt_likelihood *likelihood)
{
    return likelihood ? likelihood->rows : 0;
}

size_t dt_likelihood_games(const dt_likelihood *likelihood)
{
    size_t games = 0;
    for (size_t s = 0; likelihood && s < likelihood->stands; s++) {
        const dt_stand *stand = &likelihood->stand[s];
        size_t rows = 0;
        for (size_t t = 1; t < likelihood->longest; t++) {
            bool here = false;
            for (size_t h = 0; h < likelihood->histories; h++)
                here |= t < likelihood->history[h].history->rows &&
                        likelihood->history[h].row[t].stand == s;
            rows += here;
        }
        games += stand->game ? stand->plan->dated ? rows : rows > 0 : 0;
    }
    return games;
}

uint64_t dt_likelihood_nodes(const dt_likelihood *likelihood)
{
    uint64_t nodes = 0;
    for (size_t s = 0; likelihood && s < likelihood->stands; s++)
        nodes += likelihood->stand[s].game ? likelihood->stand[s].game->nodes : 0;
    return nodes;
}
