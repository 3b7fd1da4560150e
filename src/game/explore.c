/*
 * The search. Period by period: the states in which a period can begin lead to nodes, nodes in the
 * order of stages lead to later nodes and at last to leaves, leaves to the states of the next
 * period. Whatever is found is expanded once, in the first period in which it can occur.
 */
#include "game/explorer.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "game/alike.h"
#include "game/dated.h"
#include "game/secret.h"
#include "game/starts.h"
#include "game/vantage.h"
#include "model/beliefs.h"

enum { PROGRESS_EVERY = 16384 };

/* A period's end: what is paid and reported, and the state that follows if `goes_on`. */
static void expand_leaf(dt_explorer *explorer, uint32_t leaf, bool goes_on)
{
    const uint32_t kind = explorer->leaf_kind, state_kind = explorer->state_kind;
    const uint32_t words = explorer->layout.words;
    const uint32_t *variables = explorer->live_mask + (size_t)state_kind * words;
    uint32_t *key = explorer->key, *state = explorer->ahead;
    dt_key_copy(key, explorer->keys[kind].key.at + (size_t)leaf * words, words);
    for (uint32_t w = 0; w < words; w++)
        state[w] = key[w] & variables[w];
    bool ended = false;
    for (int e = 0; e < explorer->model->ends; e++)
        ended |= dt_formula_holds(explorer->formulas, explorer->model->end[e], key,
                                  explorer->model->end_list[e].place);
    dt_push(explorer->arena, &explorer->leaf_ended, ended);
    dt_push(explorer->arena, &explorer->leaf_payoff,
            dt_leaf_row_find(explorer, &explorer->payoffs, key));
    dt_push(explorer->arena, &explorer->leaf_outcome,
            dt_leaf_row_find(explorer, &explorer->outcomes, key));
    dt_push(explorer->arena, &explorer->leaf_standing,
            ended ? dt_leaf_row_find(explorer, &explorer->outcomes, state) : 0);
    uint32_t next = DT_NOWHERE;
    if (!ended && goes_on)
        next = dt_explorer_intern(explorer, state_kind, state, words, dt_key_hash(state, words));
    else
        dt_explorer_note(explorer, key);
    dt_push(explorer->arena, &explorer->leaf_next, next);
}

/* What leaves' rows consist of. */
static void find_leaf_rows(dt_explorer *explorer)
{
    const dt_model *model = explorer->model;
    explorer->payoffs = dt_leaf_row_new(explorer, true);
    for (int t = 0; t < model->terms; t++) {
        if (model->term[t].payoff != DT_NONE)
            dt_leaf_row_add(explorer, &explorer->payoffs, (uint32_t)t,
                            (uint32_t)model->term[t].payoff);
    }
    dt_leaf_row_prepare(explorer, &explorer->payoffs);
    explorer->outcomes = dt_leaf_row_new(explorer, false);
    for (int o = 0; o < model->outcomes; o++)
        dt_leaf_row_add(explorer, &explorer->outcomes, (uint32_t)o, model->outcome[o].argument);
    dt_leaf_row_prepare(explorer, &explorer->outcomes);
}

/* The place at which the period begins in a state. */
static void begin_period(dt_explorer *explorer, uint32_t state)
{
    const uint32_t words = explorer->layout.words;
    dt_key_copy(explorer->key, explorer->keys[explorer->state_kind].key.at + (size_t)state * words,
                words);
    uint32_t kind = dt_explorer_advance(explorer, 0, explorer->key);
    uint32_t number =
        dt_explorer_intern(explorer, kind, explorer->key, words, dt_key_hash(explorer->key, words));
    dt_push(explorer->arena, &explorer->state_kind_of, kind);
    dt_push(explorer->arena, &explorer->state_number, number);
}

/* Where to look when there is too much of everything: the state variable with the most values. */
static dt_place widest(const dt_model *model)
{
    int most = 0;
    dt_place place = model->is.place;
    for (int v = 0; v < model->variables; v++) {
        if (dt_slot_values(model, v) > most) {
            most = dt_slot_values(model, v);
            place = model->variable[v].is.place;
        }
    }
    return place;
}

/* False, and told, if a limit is passed or the user interrupts. */
static bool within_limits(dt_explorer *explorer, uint64_t expanded)
{
    uint64_t most = explorer->options->max_nodes;
    if (most == 0 || most > UINT32_MAX / 2)
        most = UINT32_MAX / 2;
    const char *under = explorer->rules->under;
    if (explorer->nodes > most) {
        dt_complain_more(explorer->diagnostics, DT_TOO_MANY_NODES, widest(explorer->model),
                         "raise --max-nodes, or give this variable, or others, fewer values", NULL,
                         most, under);
        return false;
    }
    if (explorer->options->progress && expanded % PROGRESS_EVERY == 0) {
        dt_text activity = {.arena = explorer->arena};
        dt_text_print(&activity, "exploring %s: %" PRIu64 " nodes", explorer->rules->name,
                      explorer->nodes);
        double done = (double)expanded / (double)(explorer->nodes ? explorer->nodes : 1);
        bool go_on = explorer->options->progress(explorer->options->progress_context,
                                                 dt_text_get(&activity), done);
        dt_drop(explorer->arena, &activity.bytes);
        if (!go_on) {
            dt_complain(explorer->diagnostics, DT_INTERRUPTED, (dt_place){0, 0}, "exploring");
            return false;
        }
    }
    return true;
}

static uint32_t leaves_found(const dt_explorer *explorer)
{
    return explorer->keys[explorer->leaf_kind].count;
}

/* False, and told, if a condition looked at since the start compares what isn't a number. */
static bool is_defined(dt_explorer *explorer, uint32_t kind, uint32_t number)
{
    if (explorer->formulas->undefined.length == 0)
        return true;
    dt_explorer_fail(explorer, kind, number, NULL);
    return false;
}

/* The situations of another game that can first occur there at a depth: where these rules come to the same
 * stage in them. */
static void add_roots(dt_explorer *explorer, uint32_t depth)
{
    const dt_game *roots = explorer->roots;
    const uint32_t words = explorer->layout.words;
    if (!roots || depth >= roots->depths)
        return;
    for (uint32_t s = 0; s < roots->stages; s++) {
        const uint32_t *count = roots->stage_count + (size_t)depth * (roots->stages + 1) + s;
        const uint32_t first = depth == 0 ? 0 : *(count - (roots->stages + 1));
        for (uint32_t n = roots->stage_first[s] + first; n < roots->stage_first[s] + *count; n++) {
            const uint32_t *key = roots->key + (size_t)n * words;
            if (dt_explorer_advance(explorer, s, key) == s)
                dt_explorer_intern(explorer, s, key, words, dt_key_hash(key, words));
        }
    }
}

/* The whole search. `starts`: where it begins, or NULL: as the rules say. */
static dt_status search(dt_explorer *explorer, const dt_starts *starts)
{
    const dt_game *game = explorer->game;
    const dt_model *model = explorer->model;
    const uint32_t words = explorer->layout.words;
    dt_key_start(&explorer->layout, model, explorer->rules->start, explorer->key);
    for (uint32_t i = 0; i < game->starts; i++) {
        const uint32_t *key = starts ? starts->key + (size_t)i * words : explorer->key;
        const uint32_t number =
            dt_explorer_intern(explorer, explorer->state_kind, key, words, dt_key_hash(key, words));
        assert(number == i && "each start once");
        (void)number;
    }
    uint64_t expanded = 0;
    uint32_t begun = 0;
    for (uint32_t depth = 0; game->forever || depth < game->periods; depth++) {
        uint32_t end = explorer->keys[explorer->state_kind].count;
        if (begun == end && (!explorer->roots || depth >= explorer->roots->depths))
            break;
        add_roots(explorer, depth);
        for (; begun < end; begun++) {
            begin_period(explorer, begun);
            if (!is_defined(explorer, explorer->state_kind_of.at[begun],
                            explorer->state_number.at[begun]))
                return DT_INVALID;
        }
        for (uint32_t s = 0; s < explorer->leaf_kind; s++) {
            dt_stage_found *found = &explorer->found[s];
            while (found->expanded < explorer->keys[s].count) {
                if (!within_limits(explorer, expanded++))
                    return DT_LIMIT;
                if (!dt_explorer_expand(explorer, s, found->expanded) ||
                    !is_defined(explorer, s, found->expanded))
                    return DT_INVALID;
                found->expanded++;
            }
        }
        bool goes_on = game->forever || depth + 1 < game->periods;
        while (explorer->leaf_next.count < leaves_found(explorer)) {
            const uint32_t leaf = (uint32_t)explorer->leaf_next.count;
            expand_leaf(explorer, leaf, goes_on);
            if (!is_defined(explorer, explorer->leaf_kind, leaf))
                return DT_INVALID;
        }
        for (uint32_t s = 0; s <= explorer->leaf_kind; s++)
            dt_push(explorer->arena, &explorer->counts, explorer->keys[s].count);
    }
    return DT_OK;
}

static void count_reached(dt_explorer *explorer)
{
    const dt_model *model = explorer->model;
    explorer->first_action = dt_new(explorer->arena, int, (size_t)model->stages + 1);
    for (int s = 0; s < model->stages; s++)
        explorer->first_action[s + 1] = explorer->first_action[s] + model->stage[s].actions;
    explorer->first_value = dt_new(explorer->arena, size_t, (size_t)model->variables + 1);
    for (int v = 0; v < model->variables; v++) {
        int values = dt_slot_values(model, v);
        explorer->first_value[v + 1] =
            explorer->first_value[v] + (values <= DT_TRACKED_VALUES ? (size_t)values : 0);
    }
    explorer->game->action_reached =
        dt_new(explorer->arena, uint8_t, (size_t)explorer->first_action[model->stages]);
    explorer->game->value_reached =
        dt_new(explorer->arena, uint8_t, explorer->first_value[model->variables]);
}

/* The coefficients of discounts and rationalities; a team's is the weighted mean of its members'. They
 * read no situation: any will do. */
static void find_constants(dt_explorer *explorer)
{
    const dt_model *model = explorer->model;
    const dt_rules *rules = explorer->rules;
    dt_coefficients *table = explorer->coefficient;
    dt_game *game = explorer->game;
    game->discount = dt_new(explorer->arena, uint32_t, (size_t)model->actors);
    game->rationality = dt_new(explorer->arena, uint32_t, (size_t)rules->agents);
    for (int i = 0; i < model->actors; i++)
        game->discount[i] =
            dt_formula_coefficient(explorer->formulas, model->actor[i].discount, explorer->key);
    for (int k = 0; k < rules->agents; k++) {
        const dt_agent *agent = &rules->agent[k];
        double weights = 0;
        uint32_t sum = explorer->engine->zero;
        for (int m = 0; m < agent->members; m++) {
            uint32_t one = dt_formula_coefficient(
                explorer->formulas, model->actor[agent->member[m]].rationality, explorer->key);
            uint32_t weight = dt_expression_constant(table, agent->weight[m]);
            weights += agent->weight[m];
            one = dt_expression_make(table, DT_OP_MULTIPLY, weight, one, 0);
            sum = dt_expression_make(table, DT_OP_ADD, sum, one, 0);
        }
        game->rationality[k] =
            dt_expression_make(table, DT_OP_DIVIDE, sum, dt_expression_constant(table, weights), 0);
    }
}

/* One call of dt_game_explore. */
typedef struct exploration {
    dt_arena *arena;
    const dt_model *model;
    int policy;
    const dt_lever_cell *cell;       /* NULL: the policy */
    const dt_game *chain, *rules_of; /* see vantage.h; or NULL */
    bool from;
    const dt_starts *starts; /* or NULL */
    const dt_known *known;   /* or NULL: nothing is taken for known */
    const dt_options *options;
    dt_game *game;
    bool told; /* why it failed */
} exploration;

/* The rules of what is explored; NULL, and told, if there are none. */
static const dt_rules *make_rules(const exploration *work, dt_diagnostics *diagnostics)
{
    if (work->chain)
        return dt_vantage_rules(work->arena, work->chain, work->rules_of, work->from);
    return work->cell ? dt_rules_of_cell(work->arena, work->model, work->cell, diagnostics)
                      : dt_rules_make(work->arena, work->model, work->policy);
}

static dt_explorer *new_explorer(const exploration *work, const dt_rules *rules,
                                 dt_diagnostics *diagnostics)
{
    dt_arena *arena = work->arena;
    const dt_model *model = work->model;
    dt_explorer *explorer = dt_new(arena, dt_explorer, 1);
    dt_game *game = explorer->game = dt_new(arena, dt_game, 1);
    game->arena = explorer->arena = arena;
    game->model = explorer->model = model;
    game->rules = explorer->rules = rules;
    game->carried = work->chain != NULL && !work->from;
    const int lookahead =
        work->options->other_lookahead ? work->options->lookahead : model->lookahead;
    game->forever = lookahead == DT_FOREVER;
    game->horizon = (uint32_t)model->horizon;
    game->periods = game->horizon + (game->forever ? 0 : (uint32_t)lookahead);
    if (work->starts && work->starts->periods > 0) {
        game->forever = false;
        game->horizon = game->periods = work->starts->periods;
    }
    game->starts = work->starts ? work->starts->count : 1;
    game->stages = (uint32_t)model->stages;
    game->coefficient = explorer->coefficient = dt_new(arena, dt_coefficients, 1);
    game->coefficient->arena = arena;
    explorer->layout = dt_key_layout_make(arena, model);
    explorer->options = work->options;
    explorer->diagnostics = diagnostics;
    explorer->leaf_kind = game->stages;
    explorer->state_kind = game->stages + 1;
    explorer->formulas = dt_formulas_new(arena, game, &explorer->layout);
    explorer->engine = dt_effects_engine_new(arena, explorer->formulas, explorer->coefficient);
    explorer->rows.arena = explorer->menus.arena = explorer->forms.arena = arena;
    explorer->outlines.arena = explorer->moves.arena = arena;
    const uint32_t most_types = explorer->engine->most_types;
    explorer->move = dt_new(arena, uint32_t, most_types);
    explorer->rank = dt_new(arena, uint32_t, most_types);
    for (uint32_t k = 0; k < most_types; k++)
        explorer->move[k] = k;
    bool added;
    dt_sequences_intern(&explorer->rows, NULL, 0, &added);                     /* row 0 */
    dt_sequences_intern(&explorer->moves, explorer->move, most_types, &added); /* move 0 */
    const size_t words = explorer->layout.words, kinds = (size_t)game->stages + 2;
    explorer->key = dt_new(arena, uint32_t, words);
    explorer->after = dt_new(arena, uint32_t, words);
    explorer->ahead = dt_new(arena, uint32_t, words * DT_AHEAD);
    explorer->overwritten = dt_new(arena, uint32_t, words);
    explorer->keys = dt_new(arena, dt_keys, kinds);
    for (size_t k = 0; k < kinds; k++)
        explorer->keys[k] = (dt_keys){.arena = arena, .words = (uint32_t)words};
    explorer->branch = (dt_keys){.arena = arena, .words = (uint32_t)(2 + 2 * words)};
    explorer->branch_key = dt_new(arena, uint32_t, 2 + 2 * words);
    explorer->live_mask = dt_new(arena, uint32_t, words * kinds);
    explorer->live = dt_new(arena, dt_indices, kinds);
    explorer->found = dt_new(arena, dt_stage_found, game->stages);
    size_t actions = 1;
    for (int s = 0; s < model->stages; s++)
        actions =
            actions < (size_t)model->stage[s].actions ? (size_t)model->stage[s].actions : actions;
    explorer->draws = dt_new(arena, dt_draws, actions);
    explorer->payment = dt_new(arena, dt_payments, actions);
    return explorer;
}

static dt_status explore(void *argument)
{
    exploration *work = argument;
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(work->arena, work->options, &work->model->source);
    const dt_rules *rules = make_rules(work, diagnostics);
    if (!rules) {
        work->told = true;
        dt_diagnostics_flush(diagnostics);
        return DT_INVALID;
    }
    if (!dt_beliefs_fit(work->model, work->options, diagnostics)) {
        work->told = true;
        dt_diagnostics_flush(diagnostics);
        return DT_LIMIT;
    }
    dt_explorer *explorer = new_explorer(work, rules, diagnostics);
    if (work->chain)
        explorer->beside = work->from ? work->chain->rules : work->rules_of->rules;
    explorer->roots = work->from ? work->chain : NULL;
    if (!dt_explorer_find_secrets(explorer, work->known)) {
        work->told = true;
        dt_diagnostics_flush(diagnostics);
        return DT_INVALID;
    }
    count_reached(explorer);
    dt_explorer_find_live(explorer);
    find_constants(explorer);
    dt_explorer_find_patterns(explorer);
    find_leaf_rows(explorer);
    dt_status status = search(explorer, work->starts);
    if (status == DT_OK) {
        dt_explorer_assemble(explorer);
        dt_game_find_secrets(explorer->game);
        dt_game_find_alike(explorer->game, explorer->game->carried);
        if (!dt_game_find_dated(explorer->game)) { /* the lookahead isn't the model's */
            dt_complain(diagnostics, DT_CALENDAR_FOREVER, (dt_place){0, 0}, "the calendar");
            status = DT_INVALID;
        }
    }
    work->game = explorer->game;
    work->told = status != DT_OK;
    dt_diagnostics_flush(explorer->diagnostics);
    return status;
}

/* What is told when memory ends, after it was given back. */
typedef struct shortage {
    dt_arena *arena;
    const dt_model *model;
    const dt_options *options;
    const char *reason;
} shortage;

static dt_status tell_shortage(void *argument)
{
    const shortage *work = argument;
    dt_diagnostics *diagnostics =
        dt_diagnostics_new(work->arena, work->options, &work->model->source);
    dt_complain_more(diagnostics, DT_MEMORY, widest(work->model),
                     "give this state variable, or others, fewer values", NULL, work->reason);
    dt_diagnostics_flush(diagnostics);
    return DT_OK;
}

static void tell_memory(const dt_model *model, const dt_options *options, const char *reason)
{
    shortage work = {dt_arena_new(&options->allocator, 0), model, options, reason};
    if (!work.arena || dt_arena_try(work.arena, tell_shortage, &work) != DT_OK)
        dt_report_limit(options, reason);
    dt_arena_free(work.arena);
}

static dt_status explore_as(exploration work, dt_game **game)
{
    static const dt_options defaults;
    const dt_options *options = work.options = work.options ? work.options : &defaults;
    dt_arena *arena = work.arena = dt_arena_new(&options->allocator, options->max_memory);
    if (!arena) {
        dt_report_limit(options, "the machine has no more memory");
        return DT_LIMIT;
    }
    dt_status status = dt_arena_try(arena, explore, &work);
    if (status == DT_OK) {
        *game = work.game;
        return DT_OK;
    }
    const char *reason = dt_arena_reason(arena);
    dt_arena_free(arena);
    if (!work.told)
        tell_memory(work.model, options, reason);
    return status;
}

/* Whether there can be such a lookahead, and such beliefs. */
static bool options_are_right(const dt_options *options)
{
    return dt_fineness_is_right(options) &&
           (!options || !options->other_lookahead ||
            (options->lookahead >= DT_FOREVER && options->lookahead <= DT_MAX_HORIZON));
}

dt_status dt_game_explore(const dt_model *model, size_t policy, const dt_options *options,
                          dt_game **game)
{
    if (game)
        *game = NULL;
    if (!model || !game || policy >= (size_t)model->policies || !options_are_right(options))
        return dt_refuse_call(
            options, "dt_game_explore",
            "no model, a policy that it hasn't got, no such lookahead or beliefs, or nowhere "
            "to put the game");
    return explore_as((exploration){.model = model, .policy = (int)policy, .options = options},
                      game);
}

dt_status dt_game_explore_known(const dt_model *model, size_t policy, const double *parameters,
                                size_t worlds, const dt_options *options, dt_game **game)
{
    if (game)
        *game = NULL;
    if (!model || !game || policy >= (size_t)model->policies || !options_are_right(options) ||
        (worlds > 0 && !parameters && model->params > 0))
        return dt_refuse_call(
            options, "dt_game_explore_known",
            "no model, a policy that it hasn't got, no worlds, no such lookahead or beliefs, or "
            "nowhere to put the game");
    const dt_known known = {.worlds = worlds, .parameter = parameters};
    return explore_as(
        (exploration){.model = model, .policy = (int)policy, .known = &known, .options = options},
        game);
}

dt_status dt_game_explore_believing(const dt_model *model, size_t policy, const double *parameters,
                                    const char *believing, const dt_options *options,
                                    dt_game **game)
{
    if (game)
        *game = NULL;
    if (!model || !game || policy >= (size_t)model->policies || !options_are_right(options) ||
        !believing || (model->params > 0 && !parameters))
        return dt_refuse_call(
            options, "dt_game_explore_believing",
            "no model, a policy that it hasn't got, no numbers, no beliefs, no such lookahead or "
            "fineness, or nowhere to put the game");
    const dt_known known = {.worlds = 1, .parameter = parameters, .believing = believing};
    return explore_as(
        (exploration){.model = model, .policy = (int)policy, .known = &known, .options = options},
        game);
}

dt_status dt_game_explore_settled(const dt_model *model, size_t policy, const double *world,
                                  const dt_options *options, dt_game **game)
{
    *game = NULL;
    assert(policy < (size_t)model->policies);
    const dt_known known = {.worlds = 1, .parameter = world, .settled = true};
    return explore_as(
        (exploration){.model = model, .policy = (int)policy, .known = &known, .options = options},
        game);
}

dt_status dt_game_explore_ranges(const dt_model *model, size_t policy, const double *parameters,
                                 const bool *held, const dt_options *options, dt_game **game)
{
    if (game)
        *game = NULL;
    if (!model || !game || policy >= (size_t)model->policies || !options_are_right(options) ||
        (model->params > 0 && !parameters))
        return dt_refuse_call(
            options, "dt_game_explore_ranges",
            "no model, a policy that it hasn't got, no numbers, no such lookahead or beliefs, or "
            "nowhere to put the game");
    const dt_known known = {.worlds = 1, .parameter = parameters, .ranges = true, .held = held};
    return explore_as(
        (exploration){.model = model, .policy = (int)policy, .known = &known, .options = options},
        game);
}

/* Whether a model has the settings and changes of a cell. */
static bool has_cell(const dt_model *model, const dt_lever_cell *cell)
{
    bool right =
        cell && (model->levers == 0 || cell->setting) && (cell->changes == 0 || cell->change);
    for (int l = 0; right && l < model->levers; l++)
        right = cell->setting[l] < (size_t)model->lever[l].settings;
    for (size_t i = 0; right && i < cell->changes; i++)
        right = cell->change[i].policy < (size_t)model->policies &&
                cell->change[i].change < (size_t)model->policy[cell->change[i].policy].changes;
    return right;
}

dt_status dt_game_explore_cell(const dt_model *model, const dt_lever_cell *cell,
                               const dt_options *options, dt_game **game)
{
    return dt_game_explore_cell_known(model, cell, NULL, options, game);
}

dt_status dt_game_explore_cell_known(const dt_model *model, const dt_lever_cell *cell,
                                     const dt_known *known, const dt_options *options,
                                     dt_game **game)
{
    if (game)
        *game = NULL;
    if (!model || !game || !has_cell(model, cell) || !options_are_right(options))
        return dt_refuse_call(
            options, "dt_game_explore_cell",
            "no model, a cell that it hasn't got, no such lookahead or beliefs, or nowhere to "
            "put the game");
    return explore_as(
        (exploration){
            .model = model, .policy = DT_NONE, .cell = cell, .known = known, .options = options},
        game);
}

dt_status dt_game_explore_starts(const dt_model *model, size_t policy, const dt_starts *starts,
                                 const dt_known *known, const dt_options *options, dt_game **game)
{
    *game = NULL;
    assert(policy < (size_t)model->policies && starts->count > 0);
    return explore_as((exploration){.model = model,
                                    .policy = (int)policy,
                                    .starts = starts,
                                    .known = known,
                                    .options = options},
                      game);
}

dt_status dt_game_explore_chain(const dt_game *to, const dt_game *from, const dt_options *options,
                                dt_game **chain)
{
    *chain = NULL;
    assert(dt_games_are_one_models((dt_game *[]){(dt_game *)to, (dt_game *)from}, 2));
    assert(dt_games_know_the_same(to, from));
    const dt_known known = {.as = to->known};
    return explore_as((exploration){.model = to->model,
                                    .policy = to->rules->policy,
                                    .chain = to,
                                    .rules_of = from,
                                    .known = &known,
                                    .options = options},
                      chain);
}

dt_status dt_game_explore_from(const dt_game *chain, const dt_game *rules_of,
                               const dt_options *options, dt_game **game)
{
    *game = NULL;
    const dt_known known = {.as = chain->known};
    return explore_as((exploration){.model = chain->model,
                                    .policy = rules_of->rules->policy,
                                    .chain = chain,
                                    .rules_of = rules_of,
                                    .from = true,
                                    .known = &known,
                                    .options = options},
                      game);
}

void dt_game_free(dt_game *game)
{
    dt_arena_free(game ? game->arena : NULL);
}
