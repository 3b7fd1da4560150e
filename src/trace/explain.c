/*
 * Explaining a decision: what each action is worth to who chooses it, split by what the worth is
 * made of, and what it does to the outcomes. In the situation looked at, an action's worth is the
 * expectation over the others' choices of what its cells are worth, and a cell's worth is linear in
 * the functionals (functional.c): so Q is the sum of its terms but for rounding.
 *
 * With private variables there is a belief to the situation, and who knows something is explained type by
 * type, each of its actions, and each cell of those who move at once, by a chain of its own (typed_functional.c).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/job.h"
#include "game/secret.h"
#include "model/calendar.h"
#include "trace/because.h"
#include "trace/believed.h"
#include "trace/outcomes.h"
#include "trace/profile.h"
#include "trace/situation.h"
#include "trace/typed_functional.h"

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
    size_t count;  /* functionals, */
    size_t values; /* of which the first are values */
    dt_functional *functional;
    double *worth;                   /* [cells][count] */
    dt_private *private;             /* with private variables, */
    dt_typed_functionals *typed;     /* and in place of worths and strategies */
    size_t mover[DT_MAX_MOVERS + 1]; /* of each agent of the menu the first of the explanation's */
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
    while (w->values < w->count && w->functional[w->values].kind == DT_FUNCTIONAL_VALUE)
        w->values++;
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

/* What an agent of the menu knows: its variable's index, and its values; -1 and 1. */
static int known(const work *w, int k, int *values)
{
    const int x = w->private ? w->private->plan->beliefs->agent_variable[w->menu->agent[k]] : -1;
    *values = x < 0 ? 1 : w->private->plan->beliefs->grid[x]->values;
    return x;
}

/* How likely an option of an agent of the menu is, of the type whose variable has this value, and what
 * functionals are to be expected after it. */
static double look_at(const work *w, int k, int rank, int first_option, int option, double *result)
{
    const dt_situation *at = &w->situation;
    const uint32_t t = (uint32_t)w->period - 1;
    if (!w->private) {
        expect(w, k, option, result);
        return w->sigma[first_option + option];
    }
    int values, ranks[DT_MAX_ACTORS];
    const int x = known(w, k, &values);
    for (size_t i = 0; i < w->private->plan->beliefs->variables; i++)
        ranks[i] = (int)i == x ? rank : -1;
    const dt_choice_at choice = {
        t, at->node, at->point, {k, option},
           ranks
    };
    dt_typed_functionals_find(w->typed, w->scratch, &choice, w->options, result);
    return dt_typed_at(&w->private->strategy, t, at->node, at->point, k, rank, option);
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

static const char *call_option(const work *w, const dt_explained_action *action)
{
    dt_text text = {.arena = w->arena};
    if (!action->text[0])
        return action->brief;
    dt_text_print(&text, "“%s”", action->text);
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

/* The private variable of an agent of the menu that everybody knows, and the rank of its value; or -1. */
static int knower_of(const work *w, int k, size_t *rank)
{
    const dt_game *game = w->solution->game;
    const dt_agent *agent = &game->rules->agent[w->menu->agent[k]];
    return agent->members == 1 ? dt_known_of(game, agent->member[0], rank) : DT_NONE;
}

/* What everybody believes of a variable that is known. */
static const double *certainty(const work *w, int variable)
{
    const dt_game *game = w->solution->game;
    double *share = dt_new(w->arena, double, (size_t)dt_slot_values(game->model, variable));
    share[game->known[variable] - dt_slot_low(game->model, variable)] = 1;
    return share;
}

/* Who moves, of one who knows something a type. */
static void name_mover(const work *w, int k, int rank, dt_explained_mover *mover)
{
    const dt_game *game = w->solution->game;
    const int x = w->private ? w->private->plan->beliefs->agent_variable[w->menu->agent[k]] : -1;
    dt_text name = {.arena = w->arena}, called = name;
    dt_agent_name(game->rules, w->menu->agent[k], &name);
    dt_agent_title(game->rules, w->menu->agent[k], &called);
    mover->variable = knower_of(w, k, &mover->rank);
    if (x >= 0) {
        mover->variable = game->secret_variable[x];
        mover->rank = (size_t)rank;
    }
    if (mover->variable >= 0) {
        const dt_named *is = &game->model->variable[mover->variable].is;
        dt_text value = {.arena = w->arena};
        dt_slot_value_name(game->model, mover->variable,
                           dt_slot_low(game->model, mover->variable) + (int)mover->rank, &value);
        dt_text_print(&name, " if %s is %s", is->name, dt_text_get(&value));
        dt_text_print(&called, " (%s: %s)", is->description[0] ? is->description : is->name,
                      dt_text_get(&value));
    }
    mover->name = dt_text_get(&name);
    mover->called = dt_text_get(&called);
}

/* What the payoffs of an agent are counted in; of a team only if all its members say the same. */
static const char *unit_of(const work *w, const dt_agent *agent)
{
    const dt_model *model = w->solution->game->model;
    const char *unit = model->actor[agent->member[0]].unit;
    for (int m = 1; m < agent->members; m++) {
        if (strcmp(model->actor[agent->member[m]].unit, unit) != 0)
            return "";
    }
    return unit;
}

/* What is believed of a mover's variable after an option. */
static const double *posterior(const work *w, int k, int option)
{
    const dt_beliefs *beliefs = w->private->plan->beliefs;
    const int x = beliefs->agent_variable[w->menu->agent[k]];
    const dt_held taken = {k, option};
    double *after = dt_new(w->arena, double, (size_t)beliefs->grid[x]->values);
    dt_believed_after(w->private, w->situation.node, w->situation.point, (uint32_t)w->period - 1,
                      &taken, (size_t)x, after);
    return after;
}

static void explain_mover(work *w, int k, int rank, int first_option, dt_explained_mover *mover)
{
    const dt_game *game = w->solution->game;
    const dt_agent *agent = &game->rules->agent[w->menu->agent[k]];
    name_mover(w, k, rank, mover);
    mover->rationality = w->solution->world->rationality[w->menu->agent[k]];
    mover->team = agent->team;
    mover->unit = unit_of(w, agent);
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
        action[o].called = call_option(w, &action[o]);
        action[o].probability = look_at(w, k, rank, first_option, o, expected);
        explain_action(w, agent, mover->terms, expected, &action[o]);
        if (mover->variable >= 0)
            action[o].posterior = game->known[mover->variable] == DT_DRAWN
                                      ? posterior(w, k, o)
                                      : certainty(w, mover->variable);
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

/* All movers of the situation, and the types that are believed possible; returns how many. */
static size_t explain_movers(work *w, dt_explained_mover *mover)
{
    size_t count = 0;
    for (int k = 0, first = 0; k < w->menu->agents; first += w->menu->options[k], k++) {
        int values;
        const int x = known(w, k, &values);
        w->mover[k] = count;
        for (int rank = 0; rank < values; rank++) {
            if (x < 0 ||
                dt_beliefs_at(w->private->plan->beliefs, (size_t)x, w->situation.point)[rank] > 0)
                explain_mover(w, k, rank, first, &mover[count++]);
        }
    }
    w->mover[w->menu->agents] = count;
    return count;
}

/* What a cell is worth to an agent, if it is worth this to all [values]: the weighted sum over its members. */
static double cell_worth(const work *w, int k, const double *worth)
{
    const dt_agent *agent = &w->solution->game->rules->agent[w->menu->agent[k]];
    double sum = 0;
    for (size_t f = 0; f < w->values; f++) {
        for (int m = 0; m < agent->members; m++) {
            if (w->functional[f].index == agent->member[m])
                sum += agent->weight[m] * worth[f];
        }
    }
    return sum;
}

/* What a cell is worth [values] if movers are of these types [agents]. */
static void look_at_cell(const work *w, dt_typed_functionals *typed, const size_t *mover, int cell,
                         double *worth)
{
    const dt_beliefs *beliefs = w->private->plan->beliefs;
    int rank[DT_MAX_ACTORS];
    for (size_t x = 0; x < beliefs->variables; x++)
        rank[x] = -1;
    for (int k = 0, values; k < w->menu->agents; k++) {
        const int x = known(w, k, &values);
        if (x >= 0)
            rank[x] = (int)w->explanation->mover[mover[k]].rank;
    }
    const dt_choice_at choice = {
        (uint32_t)w->period - 1,
        w->situation.node,
        w->situation.point,
        {DT_ALL_AGENTS, cell},
        rank
    };
    dt_typed_functionals_find(typed, w->scratch, &choice, w->options, worth);
}

/* Where something is private each cell takes a pass over play: more than so many aren't told. */
enum { MOST_TYPED_CELLS = 256 };

/* The stage game of those who move at once: Q of an action is the expectation of its cells over what the others do, and
 * over their types. */
static void explain_cells(work *w)
{
    dt_explanation *e = w->explanation;
    e->agents = (size_t)w->menu->agents;
    e->cells = (size_t)w->menu->cells;
    for (size_t k = 0; k < e->agents; k++)
        e->cells *= w->mover[k + 1] - w->mover[k];
    if (w->private && e->cells > MOST_TYPED_CELLS)
        e->cells = 0;
    dt_typed_functionals *typed =
        w->private ? dt_typed_functionals_new(w->scratch, w->solution, w->functional, w->values)
                   : NULL;
    dt_explained_cell *cell = dt_new(w->arena, dt_explained_cell, e->cells);
    double *worth = dt_new(w->scratch, double, w->values);
    e->cell = cell;
    for (size_t c = 0; c < e->cells; c++) {
        size_t *mover = dt_new(w->arena, size_t, 2 * e->agents), *action = mover + e->agents;
        double *value = dt_new(w->arena, double, e->agents);
        size_t rest = c;
        for (size_t k = e->agents; k-- > 0; rest /= (size_t)w->menu->options[k])
            action[k] = rest % (size_t)w->menu->options[k];
        for (size_t k = e->agents; k-- > 0; rest /= w->mover[k + 1] - w->mover[k])
            mover[k] = w->mover[k] + rest % (w->mover[k + 1] - w->mover[k]);
        cell[c] = (dt_explained_cell){mover, action, 1, value};
        const size_t played = c % (size_t)w->menu->cells;
        if (w->private)
            look_at_cell(w, typed, mover, (int)played, worth);
        else
            memcpy(worth, w->worth + played * w->count, w->values * sizeof *worth);
        for (size_t k = 0; k < e->agents; k++) {
            cell[c].probability *= e->mover[mover[k]].action[action[k]].probability;
            value[k] = cell_worth(w, (int)k, worth);
        }
    }
}

/* What is expected before the choice: of the first mover's actions, each as it is believed to take them. */
static void average_outcomes(work *w)
{
    dt_explanation *e = w->explanation;
    double *sum = dt_new(w->arena, double, e->outcomes);
    const dt_beliefs *beliefs = w->private->plan->beliefs;
    int values;
    const int x = known(w, 0, &values);
    for (size_t m = 0;
         m < e->movers && (m == 0 || (x >= 0 && e->mover[m].variable == e->mover[0].variable));
         m++) {
        const dt_explained_mover *mover = &e->mover[m];
        const double share =
            x < 0 ? 1 : dt_beliefs_at(beliefs, (size_t)x, w->situation.point)[mover->rank];
        for (size_t a = 0; a < mover->actions; a++) {
            for (size_t o = 0; o < e->outcomes; o++)
                sum[o] += share * mover->action[a].probability * mover->action[a].outcome[o];
        }
    }
    e->outcome = sum;
}

/* What the others believe of a variable, and after the actions of its owner, if it moves here. */
static void explain_belief(work *w, size_t x, const dt_explained_mover *mover,
                           dt_explained_belief *belief)
{
    const dt_game *game = w->solution->game;
    const dt_model *model = game->model;
    const dt_beliefs *beliefs = w->private->plan->beliefs;
    const size_t values = (size_t)beliefs->grid[x]->values;
    double *share = dt_new(w->arena, double, values);
    memcpy(share, dt_beliefs_at(beliefs, x, w->situation.point), values * sizeof *share);
    const double *asked = w->situation.asked + game->secret_first[x];
    if (!isnan(*asked)) {
        double *copy = dt_new(w->arena, double, values);
        memcpy(copy, asked, values * sizeof *copy);
        asked = copy;
    } else {
        asked = NULL;
    }
    *belief = (dt_explained_belief){
        .variable = (size_t)game->secret_variable[x],
        .share = share,
        .asked = asked,
        .fineness = beliefs->grid[x]->fineness,
        .text = "",
        .in_texts = "",
    };
    size_t m = 0;
    while (m < w->explanation->movers && mover[m].variable != game->secret_variable[x])
        m++;
    if (m == w->explanation->movers)
        return;
    const double **after = dt_new(w->scratch, const double *, mover[m].actions);
    const char **brief = dt_new(w->scratch, const char *, mover[m].actions);
    const char **called = dt_new(w->scratch, const char *, mover[m].actions);
    for (size_t a = 0; a < mover[m].actions; a++) {
        after[a] = mover[m].action[a].posterior;
        brief[a] = mover[m].action[a].brief;
        called[a] = mover[m].action[a].called;
    }
    const dt_named *is = &model->variable[game->secret_variable[x]].is;
    dt_moved_belief moved = {.variable = game->secret_variable[x],
                             .called = is->name,
                             .before = share,
                             .actions = mover[m].actions,
                             .action = brief,
                             .after = after,
                             .hidden = model->stage[w->menu->stage].hidden};
    belief->text = dt_believed_words(w->arena, model, &moved);
    moved.action = called;
    moved.called = is->description[0] ? is->description : is->name;
    belief->in_texts = dt_believed_words(w->arena, model, &moved);
}

static void explain_beliefs(work *w, const dt_explained_mover *mover)
{
    dt_explanation *e = w->explanation;
    const dt_game *game = w->solution->game;
    e->beliefs = (size_t)game->model->privates;
    e->believed = w->situation.believed;
    dt_explained_belief *belief = dt_new(w->arena, dt_explained_belief, e->beliefs);
    e->belief = belief;
    for (size_t i = 0; i < e->beliefs; i++) {
        const int variable = game->model->private_variable[i];
        if (game->known[variable] == DT_DRAWN)
            explain_belief(w, (size_t)game->secret_of[variable], mover, &belief[i]);
        else
            belief[i] = (dt_explained_belief){.variable = (size_t)variable,
                                              .share = certainty(w, variable),
                                              .known = true,
                                              .text = "",
                                              .in_texts = ""};
    }
}

/* Works out what cells are worth, and what is expected before the choice. */
static void explain_public(work *w)
{
    const dt_game *game = w->solution->game;
    const uint32_t node = w->situation.node;
    const size_t total = (size_t)w->menu->total;
    double *sigma = dt_new(w->scratch, double, total); /* other periods will be asked for */
    memcpy(sigma, dt_strategy_at(w->solution->strategy, game, (uint32_t)w->period - 1, node),
           total * sizeof *sigma);
    w->sigma = sigma;
    w->worth = dt_new(w->scratch, double, (size_t)w->menu->cells * w->count);
    dt_functionals_cells(w->scratch, w->solution, (uint32_t)w->period - 1, node, w->functional,
                         w->count, w->options, w->worth);
    double *expected = dt_new(w->scratch, double, w->count);
    expect(w, -1, 0, expected);
    w->explanation->outcome = copy_outcomes(w, expected);
}

static dt_status explain_node(work *w)
{
    const dt_game *game = w->solution->game;
    const uint32_t node = w->situation.node;
    w->menu = &game->menu[game->node_menu[node]];
    w->private = w->solution->private;
    assert(w->menu->agents >= 1);
    list_functionals(w);
    dt_explanation *e = w->explanation = dt_new(w->arena, dt_explanation, 1);
    e->owner = w->arena;
    e->stage = game->model->stage[w->menu->stage].is.name;
    e->period = w->period;
    e->reached = w->situation.reached;
    dt_text state = {.arena = w->arena};
    dt_game_describe(game, node, &state);
    e->state = dt_text_get(&state);
    e->outcomes = (size_t)game->model->declared_outcomes;
    if (w->private)
        w->typed = dt_typed_functionals_new(w->scratch, w->solution, w->functional, w->count);
    else
        explain_public(w);
    size_t most = 0;
    for (int k = 0, values; k < w->menu->agents; k++) {
        known(w, k, &values);
        most += (size_t)values;
    }
    dt_explained_mover *mover = dt_new(w->arena, dt_explained_mover, most);
    e->mover = mover;
    e->movers = explain_movers(w, mover);
    if (w->private)
        average_outcomes(w);
    if (w->menu->agents > 1)
        explain_cells(w);
    if (game->model->privates > 0)
        explain_beliefs(w, mover);
    for (size_t o = 0; o < e->outcomes; o++) {
        if (!isfinite(e->outcome[o]))
            dt_complain_more(w->diagnostics, DT_OUTCOME_NUMBER, game->model->outcome[o].is.place,
                             NULL, e->state, game->model->outcome[o].is.name);
    }
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
    dt_wanted_situation wanted;
    bool good = dt_asked_situation(w->scratch, model, at, reading, &wanted);
    dt_diagnostics_flush(reading);
    w->diagnostics = dt_diagnostics_new(w->scratch, w->options, &model->source);
    if (!dt_solution_solved(w->solution)) {
        dt_complain_more(w->diagnostics, DT_UNSOLVED, (dt_place){0, 0},
                         dt_solution_cure(w->solution), NULL, w->solution->game->rules->under,
                         dt_solution_reason(w->solution));
        dt_diagnostics_flush(w->diagnostics);
        return DT_NO;
    }
    good &= dt_asked_period(w->scratch, model, w->period, w->diagnostics);
    good = good && dt_asked_known(w->scratch, w->solution->game, &wanted, w->diagnostics);
    good = good &&
           dt_situation_find(w->scratch, w->solution, &wanted, w->stage, (uint32_t)w->period - 1,
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
    if (dt_solution_horizon_alone(solution))
        return dt_refuse_call(options, "dt_explain", DT_LEFT_BEHIND);
    work w = {.solution = solution, .at = at, .stage = stage, .period = period, .options = options};
    return dt_answer(options, explain, &w, (void **)explanation);
}

void dt_explanation_free(dt_explanation *explanation)
{
    dt_arena_free(explanation ? explanation->owner : NULL);
}
