/*
 * The tree of a small game: the unfolding (src/trace/unfold.c) with the strategies found. Values come up
 * from the ends by the tree's own probabilities and payments: V(n) = Σ p(c) (paid between n and c + δ^(periods between)
 * V(c)). An action's worth is that at its information set, Σ reached(n) Q_n(a) / Σ reached(n) over the set: whoever
 * moves at once with others, or doesn't know their types, expects over what it can't see.
 *
 * With private variables each node carries how likely play comes there at each joint point of the grids, and the exact
 * chain (src/solve/private_chain.h) takes that on: what a type does after a history is Σ P(point | history, type)
 * σ(action | point), so that the tree has just the frequencies of play.
 */
#include "lab/tree.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "lab/words.h"
#include "solve/private_chain.h"
#include "trace/because.h"
#include "trace/unfold.h"

typedef enum node_kind { DECISION, CHANCE, TYPES, END } node_kind;

typedef struct node {
    dt_unfolded at;
    node_kind kind;
    int parent;
    const char *label, *text;
    double probability, reached, worth;
    double *earned; /* [actors] paid since the parent, discounted to its period */
    double *paid;   /* [actors] since the start */
    double *value;  /* [actors] */
} node;

/* What leads to a node that isn't there yet. */
typedef struct way {
    int parent;
    const char *label, *text;
    double probability, reached;
    double *mass; /* [points] how likely play comes there at each; NULL without private variables */
    const double *earned, *paid;
} way;

typedef struct grown {
    const dt_solution *solution;
    const dt_game *game;
    dt_arena *arena;
    dt_unfold *unfold;
    dt_private_chain *chain; /* NULL without private variables */
    size_t actors;
    int count;
    node node[DT_TREE_NODES];
} grown;

static void grow(grown *tree, dt_unfolded at, way by);

/* ---- one node ---------------------------------------------------------------------------------- */

static int add_node(grown *tree, node_kind kind, const dt_unfolded *at, const way *by)
{
    assert(tree->count < DT_TREE_NODES && by->parent < tree->count);
    double *number = dt_new(tree->arena, double, 3 * tree->actors);
    memcpy(number, by->earned, tree->actors * sizeof *number);
    memcpy(number + tree->actors, by->paid, tree->actors * sizeof *number);
    tree->node[tree->count] = (node){.at = *at,
                                     .kind = kind,
                                     .parent = by->parent,
                                     .label = by->label,
                                     .text = by->text,
                                     .probability = by->probability,
                                     .reached = by->reached,
                                     .earned = number,
                                     .paid = number + tree->actors,
                                     .value = number + 2 * tree->actors};
    return tree->count++;
}

/* What leads on from a node: nothing has been paid since. */
static way way_from(grown *tree, int parent, double probability)
{
    const node *from = &tree->node[parent];
    return (way){.parent = parent,
                 .label = "",
                 .text = "",
                 .probability = probability,
                 .reached = from->reached * probability,
                 .earned = dt_new(tree->arena, double, tree->actors),
                 .paid = from->paid};
}

/* Pays a row on the way. */
static void pay(const grown *tree, uint32_t row, const dt_unfolded *at, way *by)
{
    const uint32_t since = by->parent < 0 ? 0 : tree->node[by->parent].at.period;
    double *earned = dt_new(tree->arena, double, 2 * tree->actors), *paid = earned + tree->actors;
    for (size_t i = 0; i < tree->actors; i++) {
        const double payment = dt_unfold_payment(tree->unfold, at, row, (int)i);
        const double discount = dt_unfold_discount(tree->unfold, at, (int)i);
        earned[i] = by->earned[i] + pow(discount, at->period - since) * payment;
        paid[i] = by->paid[i] + pow(discount, at->period) * payment;
    }
    by->earned = earned;
    by->paid = paid;
}

/* ---- what somebody does ------------------------------------------------------------------------ */

/* The probability of an option of the agent at hand; with private variables, of each joint point, into mass[points],
 * what comes of it there. */
static double chance_of(const grown *tree, const dt_unfolded *at, const double *sigma, int option,
                        const way *by, double *mass)
{
    if (!tree->chain)
        return sigma[option];
    const dt_private *work = tree->chain->work;
    const dt_beliefs *beliefs = work->plan->beliefs;
    const dt_menu *menu = &tree->game->menu[tree->game->node_menu[at->place]];
    const int x = beliefs->agent_variable[menu->agent[at->level]];
    const int rank = x < 0 ? 0 : dt_beliefs_rank(beliefs, (size_t)x, at->type);
    double sum = 0;
    for (uint32_t point = 0; point < beliefs->points; point++) {
        if (by->mass[point] > 0)
            mass[point] = by->mass[point] * dt_typed_at(&work->strategy, at->period, at->place,
                                                        point, at->level, rank, option);
        sum += mass[point];
    }
    return by->reached > 0 ? sum / by->reached : 0;
}

static void grow_decision(grown *tree, dt_unfolded at, way by)
{
    const dt_game *game = tree->game;
    const dt_menu *menu = &game->menu[game->node_menu[at.place]];
    const int k = at.level;
    if (k == 0)
        dt_unfold_inform(tree->unfold, &at);
    const int from = add_node(tree, DECISION, &at, &by);
    double *sigma = dt_new(tree->arena, double, (size_t)menu->options[k]);
    if (!tree->chain) {
        const double *own = dt_strategy_at(tree->solution->strategy, game, at.period, at.place);
        for (int j = 0; j < k; j++)
            own += menu->options[j];
        memcpy(sigma, own, (size_t)menu->options[k] * sizeof *sigma);
    }
    for (int o = 0; o < menu->options[k]; o++) {
        dt_unfolded child = at;
        dt_text name = {.arena = tree->arena};
        const size_t points = tree->chain ? tree->chain->work->plan->beliefs->points : 0;
        double *mass = dt_new(tree->arena, double, points);
        child.level = k + 1;
        child.cell = at.cell * menu->options[k] + o;
        way on = way_from(tree, from, chance_of(tree, &at, sigma, o, &by, mass));
        dt_option_name(game, menu, k, o, &name);
        on.label = dt_brief_name(tree->arena, dt_text_get(&name));
        on.mass = mass;
        grow(tree, child, on);
    }
}

/* ---- what chance does -------------------------------------------------------------------------- */

/* The mass that a branch of the cell takes to each joint point: its share of the event of which it is one cause. The
 * chain holds where the cell leads. */
static void take_mass(const grown *tree, const dt_unfolded *at, uint64_t cell, uint64_t branch,
                      const dt_unfolded *after, way *on)
{
    const dt_game *game = tree->game;
    const dt_beliefs *beliefs = tree->chain->work->plan->beliefs;
    double all = 0;
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        if (game->branch_target[b] == after->place &&
            dt_unfold_after(tree->unfold, at, cell, b).type == after->type)
            all += dt_unfold_probability(tree->unfold, at->period, at->type, cell, b);
    }
    const double share =
        dt_unfold_probability(tree->unfold, at->period, at->type, cell, branch) / all;
    const double *arrived = tree->chain->mass + after->place * tree->chain->stride;
    on->mass = dt_new(tree->arena, double, beliefs->points);
    for (uint32_t point = 0; point < beliefs->points; point++)
        on->mass[point] = share * arrived[point * (size_t)beliefs->types + after->type];
}

/* Has the chain take on what has come to a cell at each joint point. */
static void spread(const grown *tree, const dt_unfolded *at, const way *by)
{
    const dt_beliefs *beliefs = tree->chain->work->plan->beliefs;
    const dt_held held = {DT_ALL_AGENTS, at->cell};
    double *share = dt_new(tree->arena, double, beliefs->types);
    dt_private_chain_stand(tree->chain, at->period);
    for (uint32_t point = 0; point < beliefs->points; point++) {
        share[at->type] = by->mass[point];
        if (by->mass[point] > 0)
            dt_private_chain_enter(tree->chain, at->place, point, share, &held);
    }
}

/* "war=yes, deal=cap", and in sentences. */
static void name_branch(const grown *tree, uint32_t before, uint32_t after, way *on)
{
    const dt_model *model = tree->game->model;
    dt_text label = {.arena = tree->arena}, text = {.arena = tree->arena};
    int *was = dt_new(tree->arena, int, (size_t)model->slots);
    int *is = dt_new(tree->arena, int, (size_t)model->slots);
    dt_game_unpack(tree->game, before, was);
    dt_game_unpack(tree->game, after, is);
    for (int v = 0; v < model->variables; v++) {
        if (was[v] == is[v])
            continue;
        dt_text_print(&label, "%s", label.bytes.count ? ", " : "");
        dt_slot_name(model, v, &label);
        dt_text_print(&label, "=");
        dt_slot_value_name(model, v, is[v], &label);
        dt_text_print(&text, "%s%s", text.bytes.count ? "; " : "",
                      dt_change_words(tree->game, v, was[v], is[v], tree->arena));
    }
    on->label = label.bytes.count ? dt_text_get(&label) : "no change";
    on->text = dt_text_get(&text);
}

/* Where the cell leads that has been chosen. */
static void grow_cell(grown *tree, dt_unfolded at, way by)
{
    const dt_game *game = tree->game;
    const uint64_t cell = game->node_cell[at.place] + (uint64_t)at.cell;
    uint64_t only = 0;
    const int branches = dt_unfold_branches(tree->unfold, at.period, at.type, cell, &only);
    pay(tree, dt_cell_row(game, cell), &at, &by);
    const int from = branches > 1 ? add_node(tree, CHANCE, &at, &by) : -1;
    if (tree->chain)
        spread(tree, &at, &by);
    way *on = dt_new(tree->arena, way, branches);
    dt_unfolded *after = dt_new(tree->arena, dt_unfolded, branches);
    int count = 0;
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const double chance = dt_unfold_probability(tree->unfold, at.period, at.type, cell, b);
        if (!(chance > 0))
            continue;
        assert(count < branches);
        on[count] = from < 0 ? by : way_from(tree, from, chance);
        after[count] = dt_unfold_after(tree->unfold, &at, cell, b);
        if (from >= 0)
            name_branch(tree, at.place, after[count].place, &on[count]);
        if (tree->chain)
            take_mass(tree, &at, cell, b, &after[count], &on[count]);
        count++;
    }
    for (int i = 0; i < count; i++)
        grow(tree, after[i], on[i]);
}

static void grow(grown *tree, dt_unfolded at, way by)
{
    const dt_game *game = tree->game;
    while (at.place >= game->nodes) {
        const uint32_t leaf = at.place - game->nodes;
        pay(tree, game->leaf_payoff[leaf], &at, &by);
        if (dt_unfold_over(tree->unfold, leaf, at.period)) {
            add_node(tree, END, &at, &by);
            return;
        }
        dt_unfold_turn(tree->unfold, &at);
    }
    if (at.level < game->menu[game->node_menu[at.place]].agents)
        grow_decision(tree, at, by);
    else
        grow_cell(tree, at, by);
}

/* ---- the whole tree ---------------------------------------------------------------------------- */

/* "kind=wimp" */
static const char *type_name(const grown *tree, uint32_t type)
{
    const dt_game *game = tree->game;
    const dt_model *model = game->model;
    dt_text name = {.arena = tree->arena};
    for (uint32_t x = 0; x < game->privates; x++) {
        const int v = game->secret_variable[x];
        const int rank = dt_beliefs_rank(tree->unfold->beliefs, x, type);
        dt_text_print(&name, "%s", x ? ", " : "");
        dt_slot_name(model, v, &name);
        dt_text_print(&name, "=");
        dt_slot_value_name(model, v, dt_slot_low(model, v) + rank, &name);
    }
    return dt_text_get(&name);
}

/* How likely play begins at each joint point with a type. */
static double *start_mass(const grown *tree, uint32_t type)
{
    const dt_private_chain *chain = tree->chain;
    const dt_beliefs *beliefs = chain->work->plan->beliefs;
    double *mass = dt_new(tree->arena, double, beliefs->points);
    for (uint32_t point = 0; point < beliefs->points; point++)
        mass[point] =
            chain->begin[tree->game->start * chain->stride + point * (size_t)beliefs->types + type];
    return mass;
}

static void grow_from_start(grown *tree)
{
    const double *nothing = dt_new(tree->arena, double, tree->actors);
    const way first = {-1, "", "", 1, 1, NULL, nothing, nothing};
    uint32_t drawn = 0;
    for (uint32_t type = 0; type < tree->game->types; type++)
        drawn += dt_unfold_prior(tree->unfold, type) > 0;
    int from = -1;
    double **mass = dt_new(tree->arena, double *, tree->game->types);
    for (uint32_t type = 0; tree->chain && type < tree->game->types; type++)
        mass[type] = start_mass(tree, type);
    for (uint32_t type = 0; type < tree->game->types; type++) {
        const double chance = dt_unfold_prior(tree->unfold, type);
        const dt_unfolded at = dt_unfold_start(tree->unfold, type);
        if (!(chance > 0))
            continue;
        if (drawn > 1 && from < 0)
            from = add_node(tree, TYPES, &at, &first);
        way on = from < 0 ? first : way_from(tree, from, chance);
        on.mass = mass[type];
        if (from >= 0)
            on.label = type_name(tree, type);
        grow(tree, at, on);
    }
}

/* What is to come at each node, from the ends up. */
static void find_values(grown *tree)
{
    for (int n = tree->count - 1; n > 0; n--) {
        const node *child = &tree->node[n];
        const node *parent = &tree->node[child->parent];
        for (size_t i = 0; i < tree->actors; i++) {
            const double discount = dt_unfold_discount(tree->unfold, &parent->at, (int)i);
            parent->value[i] +=
                child->probability *
                (child->earned[i] +
                 pow(discount, child->at.period - parent->at.period) * child->value[i]);
        }
    }
}

/* The agent who moves at a node, or -1. */
static int agent_at(const grown *tree, const node *n)
{
    if (n->kind != DECISION)
        return -1;
    return tree->game->menu[tree->game->node_menu[n->at.place]].agent[n->at.level];
}

/* Whether the same agent moves at two nodes and can't tell them apart. */
static bool look_the_same(const grown *tree, const node *a, const node *b)
{
    const int agent = agent_at(tree, a);
    return agent >= 0 && agent == agent_at(tree, b) &&
           a->at.infoset[a->at.level] == b->at.infoset[b->at.level];
}

/* What a node is worth to the agent who chose the way there, counted from where it chose. */
static double worth_to(const grown *tree, const node *child, const dt_agent *agent)
{
    const node *parent = &tree->node[child->parent];
    double worth = 0;
    for (int m = 0; m < agent->members; m++) {
        const int i = agent->member[m];
        const double discount = dt_unfold_discount(tree->unfold, &parent->at, i);
        worth += agent->weight[m] *
                 (child->earned[i] +
                  pow(discount, child->at.period - parent->at.period) * child->value[i]);
    }
    return worth;
}

/* What each action is worth to who takes it: at all nodes of its information set, by how likely they are. Options are
 * told apart by their labels. */
static void find_worths(grown *tree)
{
    for (int n = 1; n < tree->count; n++) {
        node *child = &tree->node[n];
        const node *parent = &tree->node[child->parent];
        const int agent = agent_at(tree, parent);
        double sum = 0, reached = 0;
        child->worth = NAN;
        for (int m = 1; agent >= 0 && m < tree->count; m++) {
            const node *like = &tree->node[m], *from = &tree->node[like->parent];
            if (!look_the_same(tree, parent, from) || strcmp(like->label, child->label) != 0)
                continue;
            sum += from->reached * worth_to(tree, like, &tree->game->rules->agent[agent]);
            reached += from->reached;
        }
        if (reached > 0)
            child->worth = sum / reached;
    }
}

/* ---- as JSON ----------------------------------------------------------------------------------- */

/* The first node that looks the same, which numbers the information set. */
static int infoset_of(const grown *tree, int n)
{
    for (int m = 0; m < n; m++) {
        if (look_the_same(tree, &tree->node[m], &tree->node[n]))
            return m;
    }
    return agent_at(tree, &tree->node[n]) < 0 ? -1 : n;
}

/* The situation of a decision, by which one can look at it: a number for each slot. */
static void write_slots(dt_writer *out, const grown *tree, const node *of)
{
    const size_t slots = (size_t)tree->game->model->slots;
    int *slot = dt_new(tree->arena, int, slots);
    dt_json_print(out, "slots: [");
    if (of->kind == DECISION)
        dt_game_unpack(tree->game, of->at.place, slot);
    for (size_t i = 0; i < slots && of->kind == DECISION; i++)
        dt_json_print(out, "%d", slot[i]);
    dt_json_print(out, "]");
}

static void write_node(dt_writer *out, const grown *tree, int n)
{
    static const char *const kind[] = {"decision", "chance", "types", "end"};
    const dt_game *game = tree->game;
    const node *of = &tree->node[n];
    const bool inside = of->kind == DECISION || of->kind == CHANCE;
    const int agent = agent_at(tree, of);
    dt_text mover = {.arena = tree->arena};
    if (agent >= 0)
        dt_agent_name(game->rules, agent, &mover);
    const char *stage = inside ? game->model->stage[dt_game_stage(game, of->at.place)].is.name : "";
    dt_json_print(out,
                  "{parent: %d, kind: %s, label: %s, text: %s, probability: %g, reached: %g, "
                  "worth: %g, period: %u, node: %u, stage: %s, agent: %d, mover: %s, actor: %d, "
                  "infoset: %d, values:",
                  of->parent, kind[of->kind], of->label, of->text, of->probability, of->reached,
                  n == 0 ? (double)NAN : of->worth, of->at.period + 1, of->at.place, stage,
                  agent >= 0 ? of->at.level : -1, dt_text_get(&mover),
                  agent >= 0 ? game->rules->agent[agent].member[0] : -1, infoset_of(tree, n));
    dt_json_numbers(out, of->value, tree->actors);
    write_slots(out, tree, of);
    dt_json_print(out, "paid:");
    dt_json_numbers(out, of->paid, tree->actors);
    dt_json_print(out, "}");
}

void dt_write_tree(dt_writer *out, const dt_solution *solution, dt_arena *scratch)
{
    const dt_game *game = solution->game;
    /* Whatever can be reached is in the tree, unless a probability is 0 in this world. */
    if (game->forever || game->nodes > DT_TREE_NODES) {
        dt_json_print(out, "null");
        return;
    }
    grown *tree = dt_new(scratch, grown, 1);
    tree->solution = solution;
    tree->game = game;
    tree->arena = scratch;
    tree->actors = (size_t)game->model->actors;
    tree->unfold = dt_unfold_new(scratch, solution);
    if (dt_unfold_size(tree->unfold, DT_TREE_NODES) > DT_TREE_NODES) {
        dt_json_print(out, "null");
        return;
    }
    if (solution->private) {
        tree->chain = dt_private_chain_new(scratch, solution->private, 1);
        dt_private_chain_begin(tree->chain);
    }
    grow_from_start(tree);
    find_values(tree);
    find_worths(tree);
    dt_json_print(out, "{nodes: [");
    for (int n = 0; n < tree->count; n++)
        write_node(out, tree, n);
    dt_json_print(out, "]}");
}
