/*
 * Explaining a decision: what each action is worth to who chooses it, split by what the worth is
 * made of, and what it does to the outcomes. In the situation looked at, an action's worth is the
 * expectation over the others' choices of what its cells are worth, and a cell's worth is linear in
 * the functionals (functional.c): so Q is the sum of its terms but for rounding.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "model/beliefs.h"
#include "model/calendar.h"
#include "trace/because.h"
#include "trace/functional.h"
#include "trace/outcomes.h"
#include "trace/profile.h"
#include "trace/situation.h"

typedef struct work {
    const dt_solution *solution;
    const char *at, *stage;
    int period;
    const dt_options *options;
    dt_arena *arena;   /* of the explanation */
    dt_arena *scratch; /* of what only making it needs */
    dt_diagnostics *diagnostics;
    dt_situation situation;
    const dt_menu *menu;
    const double *sigma;
    size_t count; /* functionals */
    dt_functional *functional;
    double *worth; /* [cells][count] */
    dt_explanation *explanation;
} work;

/* ---- the functionals and what they are at each cell -------------------------------------------- */

/* Values, then terms and taste in the order shown, then outcomes. */
static void list_functionals(work *w)
{
    const dt_game *game = w->solution->game;
    const dt_model *model = game->model;
    const size_t most = (size_t)model->terms + 2 * (size_t)model->actors + (size_t)model->outcomes;
    w->functional = dt_new(w->scratch, dt_functional, most);
    for (int kind = DT_FUNCTIONAL_VALUE; kind <= DT_FUNCTIONAL_TASTE; kind++) {
        for (int k = 0; k < w->menu->agents; k++) {
            const dt_agent *agent = &game->rules->agent[w->menu->agent[k]];
            for (int m = 0; m < agent->members; m++) {
                int actor = agent->member[m];
                if (kind != DT_FUNCTIONAL_TERM) {
                    if (kind == DT_FUNCTIONAL_VALUE || w->solution->values == DT_VALUES_SURPLUS)
                        w->functional[w->count++] = (dt_functional){kind, actor};
                    continue;
                }
                for (int term = 0; term < model->terms; term++) {
                    if (game->rules->term_actor[term] == actor)
                        w->functional[w->count++] = (dt_functional){kind, term};
                }
            }
        }
    }
    for (int o = 0; o < model->declared_outcomes; o++)
        w->functional[w->count++] = (dt_functional){DT_FUNCTIONAL_OUTCOME, o};
    assert(w->count <= most);
}

/* The expectation of every functional if the agent at position `mover` of the menu takes `option`
 * and the others play their strategies; with mover -1, if all do. */
static void expect(const work *w, int mover, int option, double *result)
{
    assert(mover < w->menu->agents && (mover < 0 || option < w->menu->options[mover]));
    memset(result, 0, w->count * sizeof *result);
    for (int c = 0; c < w->menu->cells; c++) {
        double p = 1;
        bool taken = true;
        const double *sigma = w->sigma + w->menu->total;
        for (int k = w->menu->agents - 1, rest = c; k >= 0; k--) {
            int o = rest % w->menu->options[k];
            rest /= w->menu->options[k];
            sigma -= w->menu->options[k];
            if (k != mover)
                p *= sigma[o];
            else
                taken = o == option;
        }
        for (size_t f = 0; taken && p != 0 && f < w->count; f++)
            result[f] += p * w->worth[(size_t)c * w->count + f];
    }
}

/* ---- what is handed out ------------------------------------------------------------------------ */

/* The functionals that are parts of a mover's value. */
static bool is_part(const work *w, const dt_agent *agent, const dt_functional *which, int *member)
{
    if (which->kind != DT_FUNCTIONAL_TERM && which->kind != DT_FUNCTIONAL_TASTE)
        return false;
    int actor = which->kind == DT_FUNCTIONAL_TERM
                    ? w->solution->game->rules->term_actor[which->index]
                    : which->index;
    for (*member = 0; *member < agent->members; ++*member) {
        if (agent->member[*member] == actor)
            return true;
    }
    return false;
}

static const char *part_name(const work *w, const dt_agent *agent, const dt_functional *which)
{
    const dt_model *model = w->solution->game->model;
    dt_text name = {.arena = w->arena};
    int actor = which->index;
    if (which->kind == DT_FUNCTIONAL_TERM)
        actor = w->solution->game->rules->term_actor[which->index];
    if (agent->team)
        dt_text_print(&name, "%s ", model->actor[actor].is.name);
    dt_text_print(&name, "%s",
                  which->kind == DT_FUNCTIONAL_TERM ? model->term[which->index].is.name : "taste");
    return dt_text_get(&name);
}

/* The descriptions of the actions that a joint action consists of. */
static const char *option_description(const work *w, int first_option)
{
    const dt_game *game = w->solution->game;
    const dt_stage *stage = &game->model->stage[w->menu->stage];
    dt_text text = {.arena = w->arena};
    for (int m = 0; m < stage->movers; m++) {
        int action = w->menu->action[first_option * stage->movers + m];
        assert(action == DT_NONE || (action >= 0 && action < stage->actions));
        const char *description = action == DT_NONE ? "" : stage->action[action].is.description;
        if (description[0])
            dt_text_print(&text, "%s%s", text.bytes.count ? " + " : "", description);
    }
    return dt_text_get(&text);
}

/* The outcomes among expectations, copied for the explanation. */
static const double *copy_outcomes(work *w, const double *expected)
{
    const size_t outcomes = (size_t)w->solution->game->model->declared_outcomes;
    assert(outcomes <= w->count);
    double *copy = dt_new(w->arena, double, outcomes);
    memcpy(copy, expected + w->count - outcomes, outcomes * sizeof *copy);
    return copy;
}

static void explain_action(work *w, const dt_agent *agent, size_t terms, const double *expected,
                           dt_explained_action *action)
{
    double *part = dt_new(w->arena, double, terms);
    size_t parts = 0;
    for (size_t f = 0; f < w->count; f++) {
        int member;
        if (is_part(w, agent, &w->functional[f], &member))
            part[parts++] = agent->weight[member] * expected[f];
        if (w->functional[f].kind != DT_FUNCTIONAL_VALUE)
            continue;
        for (int m = 0; m < agent->members; m++) {
            if (agent->member[m] == w->functional[f].index)
                action->value += agent->weight[m] * expected[f];
        }
    }
    assert(parts == terms);
    action->term = part;
    action->outcome = copy_outcomes(w, expected);
}

static void explain_mover(work *w, int k, int first_option, dt_explained_mover *mover)
{
    const dt_game *game = w->solution->game;
    const dt_agent *agent = &game->rules->agent[w->menu->agent[k]];
    dt_text name = {.arena = w->arena};
    dt_agent_name(game->rules, w->menu->agent[k], &name);
    mover->name = dt_text_get(&name);
    mover->rationality = w->solution->world->rationality[w->menu->agent[k]];
    mover->team = agent->team;
    const char **term = dt_new(w->arena, const char *, w->count);
    for (size_t f = 0; f < w->count; f++) {
        int member;
        if (is_part(w, agent, &w->functional[f], &member))
            term[mover->terms++] = part_name(w, agent, &w->functional[f]);
    }
    mover->term = term;
    mover->actions = (size_t)w->menu->options[k];
    dt_explained_action *action = dt_new(w->arena, dt_explained_action, mover->actions);
    mover->action = action;
    double *expected = dt_new(w->scratch, double, w->count);
    for (int o = 0; o < w->menu->options[k]; o++) {
        dt_text text = {.arena = w->arena};
        dt_option_name(game, w->menu, k, o, &text);
        action[o].name = dt_text_get(&text);
        action[o].brief = dt_brief_name(w->arena, action[o].name);
        action[o].text = option_description(w, first_option + o);
        action[o].probability = w->sigma[first_option + o];
        expect(w, k, o, expected);
        explain_action(w, agent, mover->terms, expected, &action[o]);
    }
    const char **words = dt_new(w->arena, const char *, mover->terms);
    for (size_t f = 0, t = 0; t < mover->terms; f++) {
        int member;
        if (is_part(w, agent, &w->functional[f], &member)) {
            words[t] = dt_part_words(w->arena, game->rules, &w->functional[f], mover, t);
            t++;
        }
    }
    mover->words = words;
}

static dt_status explain_node(work *w)
{
    const dt_game *game = w->solution->game;
    const uint32_t node = w->situation.node;
    w->menu = &game->menu[game->node_menu[node]];
    const size_t total = (size_t)w->menu->total;
    double *sigma = dt_new(w->scratch, double, total); /* other periods will be asked for */
    memcpy(sigma, dt_strategy_at(w->solution->strategy, game, (uint32_t)w->period - 1, node),
           total * sizeof *sigma);
    w->sigma = sigma;
    assert(w->menu->agents >= 1);
    list_functionals(w);
    w->worth = dt_new(w->scratch, double, (size_t)w->menu->cells * w->count);
    dt_functionals_cells(w->scratch, w->solution, (uint32_t)w->period - 1, node, w->functional,
                         w->count, w->options, w->worth);

    dt_explanation *e = w->explanation = dt_new(w->arena, dt_explanation, 1);
    e->owner = w->arena;
    e->stage = game->model->stage[w->menu->stage].is.name;
    e->period = w->period;
    e->reached = w->situation.reached;
    dt_text state = {.arena = w->arena};
    dt_game_describe(game, node, &state);
    e->state = dt_text_get(&state);
    e->outcomes = (size_t)game->model->declared_outcomes;
    double *expected = dt_new(w->scratch, double, w->count);
    expect(w, -1, 0, expected);
    e->outcome = copy_outcomes(w, expected);
    for (size_t o = 0; o < e->outcomes; o++) {
        if (!isfinite(e->outcome[o]))
            dt_complain_more(w->diagnostics, DT_OUTCOME_NUMBER, game->model->outcome[o].is.place,
                             NULL, e->state, game->model->outcome[o].is.name);
    }
    e->movers = (size_t)w->menu->agents;
    dt_explained_mover *mover = dt_new(w->arena, dt_explained_mover, e->movers);
    e->mover = mover;
    for (int k = 0, first = 0; k < w->menu->agents; first += w->menu->options[k], k++)
        explain_mover(w, k, first, &mover[k]);
    return dt_diagnostics_errors(w->diagnostics) ? DT_INVALID : DT_OK;
}

/* ---- the call ---------------------------------------------------------------------------------- */

static dt_status explain(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    work *w = argument;
    w->arena = arena;
    w->scratch = scratch;
    const dt_model *model = w->solution->game->model;
    const char *at = w->at ? w->at : "";
    const dt_source words = {"at", at, strlen(at)};
    dt_diagnostics *reading = dt_diagnostics_new(w->scratch, w->options, &words);
    int *wanted = dt_new(w->scratch, int, (size_t)model->slots);
    bool good = dt_situation_read(w->scratch, model, at, reading, wanted);
    dt_diagnostics_flush(reading);
    w->diagnostics = dt_diagnostics_new(w->scratch, w->options, &model->source);
    if (!dt_solution_solved(w->solution)) {
        dt_complain_more(w->diagnostics, DT_UNSOLVED, (dt_place){0, 0},
                         dt_solution_cure(w->solution), NULL, w->solution->game->rules->under,
                         dt_solution_reason(w->solution));
        dt_diagnostics_flush(w->diagnostics);
        return DT_NO;
    }
    if (w->period < 1 || w->period > model->horizon) {
        dt_text period = {.arena = w->scratch};
        dt_period_print(model, w->period, &period);
        dt_complain(w->diagnostics, DT_EXPLAIN_PERIOD, (dt_place){0, 0}, dt_text_get(&period),
                    model->horizon);
        good = false;
    }
    good = good &&
           dt_situation_find(w->scratch, w->solution, wanted, w->stage, (uint32_t)w->period - 1,
                             w->diagnostics, w->options, &w->situation);
    good = good && dt_outcomes_defined(w->scratch, w->diagnostics, w->solution, w->options);
    dt_status status = good ? explain_node(w) : DT_INVALID;
    *found = w->explanation;
    dt_diagnostics_flush(w->diagnostics);
    return status;
}

dt_status dt_explain(const dt_solution *solution, const char *at, const char *stage, int period,
                     const dt_options *options, dt_explanation **explanation)
{
    if (explanation)
        *explanation = NULL;
    if (!solution || !explanation)
        return dt_refuse_call(options, "dt_explain",
                              "no solution, or nowhere to put the explanation");
    if (dt_refuse_private(solution->game->model, options, "explain"))
        return DT_INVALID;
    work w = {.solution = solution, .at = at, .stage = stage, .period = period, .options = options};
    return dt_answer(options, explain, &w, (void **)explanation);
}

void dt_explanation_free(dt_explanation *explanation)
{
    dt_arena_free(explanation ? explanation->owner : NULL);
}
