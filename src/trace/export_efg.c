/*
 * The export to Gambit: the game unfolded over all its periods into a tree, in the format that
 * Gambit documents as "EFG 2" (nodes in prefix order). Players are the agents; a team is one player
 * who gets Σ w_i of its members' payoffs. A terminal node holds all that was paid on the way there,
 * discounted to the first period. Agents who move at once move one after the other, the later ones
 * without knowing what the earlier ones chose. What an action leads to at random is a chance node of its own.
 *
 * With private variables chance draws the types first. What everybody has seen is a history of its own number:
 * after each stage the joint action, unless it is hidden, and the public state that follows. What an owner
 * knows besides, the values its variable has had and what it chose unseen, is another; an information set is
 * the two together, of who owns nothing the first alone. The tree is the game itself: beliefs are on no grid.
 *
 * Gambit wants the probabilities of a chance node to sum to exactly one as decimals, so they are
 * rounded to 18 digits and the largest takes up what is left. Branches of probability 0 are left
 * out. The size of the tree is worked out before anything is written, by the same recursion as
 * values are. It is the game alone, without strategies: what isn't solved here is written all the same,
 * with the reason in the comment.
 */
#include "trace/export.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "game/intern.h"
#include "model/calendar.h"
#include "solve/private.h"

/* What is still to be written: a situation in which the first `level` agents have chosen. */
typedef struct pending {
    uint32_t place, period;
    int level;
    int cell; /* of the options chosen so far */
    uint32_t infoset[DT_MAX_MOVERS];
    uint32_t type;               /* joint, 0 without private variables */
    uint32_t seen;               /* number of what everybody has seen */
    uint32_t own[DT_MAX_ACTORS]; /* of what the owner of each private variable knows besides */
} pending;

typedef struct tree {
    const dt_export_job *job;
    dt_writer *writer;
    const dt_game *game;
    dt_list(pending) stack;
    dt_list(double) paid;      /* [stack.count][agents] */
    double *payoff;            /* [agents] of the pending that is being written */
    uint32_t *infosets;        /* [agents] used so far */
    const dt_world **world;    /* [periods] the numbers, a column for each joint type */
    const dt_beliefs *beliefs; /* NULL without private variables */
    dt_keys known;             /* what is known: KEY_WORDS words each, see `number` */
    dt_list(uint32_t) infoset; /* [known.count] the number of an information set */
    uint32_t chances, terminals, labelled;
    dt_text name; /* work space */
    dt_list(uint64_t) share;
} tree;

/* ---- size -------------------------------------------------------------------------------------- */

static double branch_probability(const tree *out, uint32_t t, uint32_t type, uint64_t cell,
                                 uint64_t branch)
{
    const uint32_t coefficient = dt_branch_coefficient(out->game, cell, branch);
    const dt_world *world = out->world[t];
    return world->coefficient[coefficient * world->width + type];
}

static int positive_branches(const tree *out, uint32_t t, uint32_t type, uint64_t cell,
                             uint64_t *only)
{
    int count = 0;
    for (uint64_t b = out->game->cell_branch[cell]; b < out->game->cell_branch[cell + 1]; b++) {
        if (branch_probability(out, t, type, cell, b) > 0) {
            count++;
            *only = b;
        }
    }
    assert(count > 0 && "the probabilities of a cell sum to one");
    return count;
}

/* The joint type after a branch. */
static uint32_t type_after(const tree *out, int stage, uint32_t type, uint64_t cell,
                           uint64_t branch)
{
    const dt_game *game = out->game;
    const uint16_t *moves = dt_cell_moves(game, cell);
    const int x = dt_stage_secret(game, stage);
    const uint16_t move = moves && x >= 0 ? moves[branch - game->cell_branch[cell]] : 0;
    if (move == 0)
        return type;
    const int rank = dt_beliefs_rank(out->beliefs, (size_t)x, type);
    const int after = game->move[move * game->most_values + (uint32_t)rank];
    return type + (uint32_t)(after - rank) * out->beliefs->type_stride[x];
}

static bool is_over(const dt_game *game, uint32_t leaf, uint32_t t)
{
    return game->leaf_ended[leaf] || t + 1 == game->periods;
}

/* Nodes of the tree from a node of the graph on in period t for a type, at most DT_EFG_NODES + 1; size
 * [places][types]. */
static uint64_t node_size(const tree *out, uint32_t t, uint32_t n, uint32_t type,
                          const uint64_t *size)
{
    const dt_game *game = out->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    uint64_t total = 0, profiles = 1;
    for (int k = 0; k < menu->agents; k++) {
        total += profiles;
        profiles *= (uint64_t)menu->options[k];
    }
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
        uint64_t only = 0;
        total += positive_branches(out, t, type, c, &only) > 1;
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++) {
            if (branch_probability(out, t, type, c, b) > 0)
                total += size[game->branch_target[b] * game->types +
                              type_after(out, menu->stage, type, c, b)];
            if (total > DT_EFG_NODES)
                return DT_EFG_NODES + 1;
        }
    }
    return total;
}

/* The chance of a joint type at the start. */
static double prior_of(const tree *out, uint32_t type)
{
    double chance = 1, prior[DT_MOST_TYPES];
    for (size_t x = 0; out->beliefs && x < out->beliefs->variables; x++) {
        dt_beliefs_prior(out->beliefs, out->world[0], x, prior);
        chance *= prior[dt_beliefs_rank(out->beliefs, x, type)];
    }
    return chance;
}

static uint64_t tree_size(const tree *out)
{
    const dt_game *game = out->game;
    dt_arena *arena = out->job->arena;
    const uint32_t types = game->types;
    uint64_t *size = dt_new(arena, uint64_t, ((size_t)game->nodes + game->leaves) * types);
    uint64_t *next = dt_new(arena, uint64_t, (size_t)game->states * types);
    for (uint32_t t = game->periods; t-- > 0;) {
        for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
            for (uint32_t k = 0; k < types; k++)
                size[(game->nodes + leaf) * types + k] =
                    is_over(game, leaf, t) ? 1 : next[game->leaf_next[leaf] * types + k];
        }
        for (uint32_t s = game->stages; s-- > 0;) {
            uint32_t first = game->stage_first[s];
            for (uint32_t n = first + dt_game_count(game, s, t); n-- > first;) {
                for (uint32_t k = 0; k < types; k++)
                    size[n * types + k] = node_size(out, t, n, k, size);
            }
        }
        /* States that can't begin period t get a number too, which nobody reads. */
        for (uint32_t state = 0; state < game->states; state++) {
            for (uint32_t k = 0; k < types; k++)
                next[state * types + k] = size[game->state_place[state] * types + k];
        }
    }
    uint64_t total = 0, drawn = 0;
    for (uint32_t k = 0; k < types; k++) {
        if (prior_of(out, k) > 0) {
            total += next[game->start * types + k];
            drawn++;
        }
    }
    return total + (drawn > 1);
}

/* ---- what is known ----------------------------------------------------------------------------- */

enum { KEY_WORDS = 5, KEY_SEEN = 0, KEY_INFOSET = 1, KEY_OWN = 2 /* and the variable */ };

/* The number, from 1, of something known: what kind of thing, of what it was known before, and what has come
 * to it. */
static uint32_t number(tree *out, uint32_t kind, uint32_t before, uint32_t a, uint32_t b,
                       uint32_t c)
{
    const uint32_t key[KEY_WORDS] = {kind, before, a, b, c};
    bool added;
    const uint32_t found =
        dt_keys_intern(&out->known, key, KEY_WORDS, dt_key_hash(key, KEY_WORDS), &added);
    if (added)
        dt_push(out->job->arena, &out->infoset, 0);
    return found + 1;
}

/* The information set of an agent where play has come to. */
static uint32_t infoset_of(tree *out, const pending *p, int agent)
{
    const int x = out->beliefs ? out->beliefs->agent_variable[agent] : -1;
    const uint32_t found =
        number(out, KEY_INFOSET, p->seen, (uint32_t)agent, x < 0 ? 0 : p->own[x], 0);
    uint32_t *infoset = &out->infoset.at[found - 1];
    if (*infoset == 0)
        *infoset = ++out->infosets[agent];
    return *infoset;
}

/* What is known after a branch: the action that was seen and where it led, and to an owner the value that its
 * variable has now and what it chose unseen. */
static pending follow(tree *out, const pending *p, uint64_t cell, uint64_t branch)
{
    const dt_game *game = out->game;
    const dt_menu *menu = &game->menu[game->node_menu[p->place]];
    const bool hidden = game->model->stage[menu->stage].hidden;
    const uint32_t shown = hidden ? DT_NOWHERE : (uint32_t)p->cell;
    pending next = *p;
    next.level = next.cell = 0;
    next.place = game->branch_target[branch];
    next.type = type_after(out, menu->stage, p->type, cell, branch);
    next.seen = number(out, KEY_SEEN, p->seen, shown, next.place, 0);
    for (size_t x = 0; out->beliefs && x < out->beliefs->variables; x++) {
        const int rank = dt_beliefs_rank(out->beliefs, x, next.type);
        const bool mine = hidden && out->beliefs->agent_variable[menu->agent[0]] == (int)x;
        if (mine || rank != dt_beliefs_rank(out->beliefs, x, p->type))
            next.own[x] = number(out, KEY_OWN + (uint32_t)x, p->own[x], next.seen,
                                 mine ? (uint32_t)p->cell : DT_NOWHERE, (uint32_t)rank);
    }
    return next;
}

/* ---- pieces of text ---------------------------------------------------------------------------- */

/* A label: quotes and backslashes, which readers of the format treat differently, are replaced. */
static void label(dt_writer *writer, const char *text)
{
    dt_writer_text(writer, "\"");
    for (const char *c = text; *c; c++)
        dt_writer_print(writer, "%c", *c == '"' ? '\'' : *c == '\\' ? '/' : *c);
    dt_writer_text(writer, "\"");
}

/* A number without an exponent, which not every reader knows. */
static void plain_number(dt_writer *writer, double number)
{
    char buffer[32];
    const char *digit = dt_print_number(buffer, number);
    char *e = strchr(buffer, 'e');
    int exponent = e ? atoi(e + 1) : 0;
    if (e)
        *e = '\0';
    if (*digit == '-')
        dt_writer_text(writer, "-"), digit++;
    if (!e) {
        dt_writer_text(writer, digit);
        return;
    }
    /* d.ddd times ten to the exponent: where the point goes among the digits. */
    char digits[32];
    int count = 0;
    for (; *digit; digit++) {
        if (*digit != '.')
            digits[count++] = *digit;
    }
    digits[count] = '\0';
    int whole = exponent + 1;
    if (whole <= 0)
        dt_writer_text(writer, "0.");
    for (int zeros = whole; zeros < 0; zeros++)
        dt_writer_text(writer, "0");
    for (int i = 0; i < count || i < whole; i++) {
        if (i == whole && i > 0)
            dt_writer_text(writer, ".");
        dt_writer_print(writer, "%c", i < count ? digits[i] : '0');
    }
}

/* Millionths of millionths of millionths, as a decimal. */
static void write_share(dt_writer *writer, uint64_t share)
{
    const uint64_t one = 1000000000000000000u;
    char buffer[32];
    int length =
        snprintf(buffer, sizeof buffer, "%" PRIu64 ".%018" PRIu64, share / one, share % one);
    while (buffer[length - 1] == '0')
        buffer[--length] = '\0';
    if (buffer[length - 1] == '.')
        buffer[--length] = '\0';
    dt_writer_text(writer, buffer);
}

/* "17. talks, period 2: tension=1 deal=none": numbered, as a situation can come about in two ways and
 * Gambit takes no label twice. */
static void node_label(tree *out, const pending *p)
{
    const dt_game *game = out->game;
    const dt_menu *menu = &game->menu[game->node_menu[p->place]];
    out->name.bytes.count = 0;
    dt_text_print(&out->name, "%u. %s, ", ++out->labelled, game->model->stage[menu->stage].is.name);
    dt_period_print(game->model, (int64_t)p->period + 1, &out->name);
    dt_text_print(&out->name, ": ");
    dt_game_describe(game, p->place, &out->name);
    label(out->writer, dt_text_get(&out->name));
}

/* ---- the tree ---------------------------------------------------------------------------------- */

/* Adds what a row pays in a period to the players' payoffs. */
static void pay(const tree *out, uint32_t row, const pending *p)
{
    const dt_rules *rules = out->game->rules;
    const dt_world *world = out->world[p->period];
    const size_t width = world->width, actors = (size_t)out->game->model->actors;
    const double *payment = world->payment + row * actors * width + p->type;
    for (int k = 0; k < rules->agents; k++) {
        const dt_agent *agent = &rules->agent[k];
        for (int m = 0; m < agent->members; m++) {
            int i = agent->member[m];
            out->payoff[k] += agent->weight[m] *
                              pow(world->discount[(size_t)i * width], p->period) *
                              payment[(size_t)i * width];
        }
    }
}

static void push(tree *out, const pending *p)
{
    dt_push(out->job->arena, &out->stack, *p);
    for (int k = 0; k < out->game->rules->agents; k++)
        dt_push(out->job->arena, &out->paid, out->payoff[k]);
}

static void write_terminal(tree *out)
{
    dt_writer_print(out->writer, "t \"\" %u \"\" {", ++out->terminals);
    for (int k = 0; k < out->game->rules->agents; k++) {
        dt_writer_text(out->writer, k ? ", " : " ");
        plain_number(out->writer, out->payoff[k]);
    }
    dt_writer_text(out->writer, " }\n");
}

static void write_player(tree *out, pending *p, const dt_menu *menu)
{
    const int k = p->level;
    assert(k >= 0 && k < menu->agents && menu->agents <= DT_MAX_MOVERS);
    if (k == 0) {
        for (int j = 0; j < menu->agents; j++)
            p->infoset[j] = infoset_of(out, p, menu->agent[j]);
    }
    dt_writer_text(out->writer, "p ");
    node_label(out, p);
    dt_writer_print(out->writer, " %d %u \"\" {", menu->agent[k] + 1, p->infoset[k]);
    for (int o = 0; o < menu->options[k]; o++) {
        out->name.bytes.count = 0;
        dt_option_name(out->game, menu, k, o, &out->name);
        dt_writer_text(out->writer, " ");
        label(out->writer, dt_text_get(&out->name));
    }
    dt_writer_text(out->writer, " } 0\n");
    for (int o = menu->options[k] - 1; o >= 0; o--) {
        pending child = *p;
        child.level = k + 1;
        child.cell = p->cell * menu->options[k] + o;
        push(out, &child);
    }
}

/* Rounds a probability to 18 digits, among those of one chance node. */
static void add_share(tree *out, double p)
{
    dt_push(out->job->arena, &out->share, (uint64_t)llround(fmin(p, 1) * 1e18));
}

/* Has them sum to exactly one: the largest takes up what is left. */
static void share_out(tree *out)
{
    uint64_t left = 1000000000000000000u;
    size_t largest = 0;
    for (size_t i = 0; i < out->share.count; i++) {
        left -= out->share.at[i]; /* may wrap around, and back below */
        if (out->share.at[i] > out->share.at[largest])
            largest = i;
    }
    out->share.at[largest] += left;
}

static void write_chance(tree *out, const pending *p, uint64_t cell)
{
    const dt_game *game = out->game;
    out->share.count = 0;
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const double chance = branch_probability(out, p->period, p->type, cell, b);
        if (chance > 0)
            add_share(out, chance);
    }
    share_out(out);
    dt_writer_text(out->writer, "c ");
    node_label(out, p);
    dt_writer_print(out->writer, " %u \"\" {", ++out->chances);
    for (size_t i = 0; i < out->share.count; i++) {
        dt_writer_print(out->writer, " \"%zu\" ", i + 1);
        write_share(out->writer, out->share.at[i]);
    }
    dt_writer_text(out->writer, " } 0\n");
    for (uint64_t b = game->cell_branch[cell + 1]; b-- > game->cell_branch[cell];) {
        if (branch_probability(out, p->period, p->type, cell, b) > 0) {
            const pending next = follow(out, p, cell, b);
            push(out, &next);
        }
    }
}

/* "aim=stall mood=2" */
static void name_type(tree *out, uint32_t type)
{
    const dt_game *game = out->game;
    const dt_model *model = game->model;
    out->name.bytes.count = 0;
    for (size_t x = 0; x < out->beliefs->variables; x++) {
        const int v = game->secret_variable[x];
        dt_text_print(&out->name, x ? " " : "");
        dt_slot_name(model, v, &out->name);
        dt_text_print(&out->name, "=");
        dt_slot_value_name(model, v, dt_slot_low(model, v) + dt_beliefs_rank(out->beliefs, x, type),
                           &out->name);
    }
}

/* The first node: chance draws the types, where there is more than one. */
static void write_types(tree *out)
{
    const dt_game *game = out->game;
    pending first = {.place = game->state_place[game->start]};
    uint32_t drawn = 0;
    for (uint32_t type = game->types; type-- > 0;) {
        if (prior_of(out, type) == 0)
            continue;
        first.type = type;
        for (size_t x = 0; out->beliefs && x < out->beliefs->variables; x++)
            first.own[x] = number(out, KEY_OWN + (uint32_t)x, 0, 0, DT_NOWHERE,
                                  (uint32_t)dt_beliefs_rank(out->beliefs, x, type));
        push(out, &first);
        drawn++;
    }
    if (drawn < 2)
        return;
    out->share.count = 0;
    for (uint32_t type = 0; type < game->types; type++) {
        if (prior_of(out, type) > 0)
            add_share(out, prior_of(out, type));
    }
    share_out(out);
    dt_writer_print(out->writer, "c \"types\" %u \"\" {", ++out->chances);
    for (uint32_t type = 0, i = 0; type < game->types; type++) {
        if (prior_of(out, type) == 0)
            continue;
        name_type(out, type);
        dt_writer_text(out->writer, " ");
        label(out->writer, dt_text_get(&out->name));
        dt_writer_text(out->writer, " ");
        write_share(out->writer, out->share.at[i++]);
    }
    dt_writer_text(out->writer, " } 0\n");
}

/* Writes the next node of the tree, and leaves its children on the stack. */
static void write_next(tree *out)
{
    const dt_game *game = out->game;
    const size_t agents = (size_t)game->rules->agents;
    assert(out->stack.count > 0 && out->paid.count == out->stack.count * agents);
    pending p = out->stack.at[--out->stack.count];
    out->paid.count -= agents;
    memcpy(out->payoff, out->paid.at + out->paid.count, agents * sizeof *out->payoff);
    for (;;) {
        if (p.place >= game->nodes) {
            const uint32_t leaf = p.place - game->nodes;
            pay(out, game->leaf_payoff[leaf], &p);
            if (is_over(game, leaf, p.period)) {
                write_terminal(out);
                return;
            }
            assert(game->leaf_next[leaf] < game->states && p.period + 1 < game->periods);
            p.place = game->state_place[game->leaf_next[leaf]];
            p.period++;
            continue;
        }
        const dt_menu *menu = &game->menu[game->node_menu[p.place]];
        if (p.level < menu->agents) {
            write_player(out, &p, menu);
            return;
        }
        assert(p.level == menu->agents && p.cell >= 0 && p.cell < menu->cells);
        const uint64_t cell = game->node_cell[p.place] + (uint64_t)p.cell;
        uint64_t only = 0;
        pay(out, dt_cell_row(game, cell), &p);
        if (positive_branches(out, p.period, p.type, cell, &only) > 1) {
            write_chance(out, &p, cell);
            return;
        }
        p = follow(out, &p, cell, only);
    }
}

static void write_header(tree *out)
{
    const dt_model *model = out->game->model;
    dt_writer_text(out->writer, "EFG 2 R ");
    label(out->writer, model->is.description[0] ? model->is.description : model->is.name);
    dt_writer_text(out->writer, " {");
    for (int k = 0; k < out->game->rules->agents; k++) {
        out->name.bytes.count = 0;
        dt_agent_name(out->game->rules, k, &out->name);
        dt_writer_text(out->writer, " ");
        label(out->writer, dt_text_get(&out->name));
    }
    dt_writer_text(out->writer, " }\n");
    out->name.bytes.count = 0;
    dt_text_print(&out->name, "model %s, policy %s, %u period%s; payoffs discounted to the first",
                  model->is.name, out->game->rules->name, out->game->periods,
                  out->game->periods == 1 ? "" : "s");
    if (!dt_solution_solved(out->job->solution))
        dt_text_print(&out->name, "; not solved: %s", dt_solution_reason(out->job->solution));
    label(out->writer, dt_text_get(&out->name));
    dt_writer_text(out->writer, "\n\n");
}

/* Nodes of the tree between two calls of dt_progress. */
enum { STRIDE = 4096 };

/* The numbers of each period. */
static void take_worlds(tree *out)
{
    const dt_solution *solution = out->job->solution;
    dt_arena *arena = out->job->arena;
    out->world = dt_new(arena, const dt_world *, out->game->periods);
    out->beliefs = solution->private ? solution->private->plan->beliefs : NULL;
    for (uint32_t t = 0; t < out->game->periods; t++) {
        out->world[t] =
            solution->private ? solution->private->typed : dt_solution_world(solution, t);
        if (solution->private && out->game->dated) {
            dt_world *own = dt_world_copy(arena, out->game, solution->private->typed);
            dt_world_turn(out->game, own, t);
            out->world[t] = own;
        }
    }
}

dt_status dt_export_efg(const dt_export_job *job)
{
    const dt_game *game = job->solution->game;
    if (game->forever) {
        dt_complain_more(job->diagnostics, DT_TREE_FOREVER, (dt_place){0, 0},
                         "give lookahead a number of periods", NULL);
        return DT_INVALID;
    }
    tree out = {.job = job, .writer = job->writer, .game = game};
    out.known = (dt_keys){.arena = job->arena, .words = KEY_WORDS};
    take_worlds(&out);
    if (tree_size(&out) > DT_EFG_NODES) {
        dt_complain_more(job->diagnostics, DT_TOO_LARGE_TREE, (dt_place){0, 0},
                         "a shorter horizon and lookahead make a smaller tree", NULL, DT_EFG_NODES);
        return DT_LIMIT;
    }
    out.name.arena = job->arena;
    out.payoff = dt_new(job->arena, double, (size_t)game->rules->agents);
    out.infosets = dt_new(job->arena, uint32_t, (size_t)game->rules->agents);
    write_header(&out);
    write_types(&out);
    for (uint32_t made = 0; out.stack.count != 0 && !out.writer->failed; made++) {
        if (made % STRIDE == 0)
            dt_progress(job->arena, job->options, "exporting", 0);
        write_next(&out);
    }
    assert(out.writer->failed || out.paid.count == 0);
    return DT_OK;
}
