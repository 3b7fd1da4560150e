/*
 * The export to Gambit: the game unfolded over all its periods into a tree, in the format that
 * Gambit documents as "EFG 2" (nodes in prefix order). Players are the agents; a team is one player
 * who gets Σ w_i of its members' payoffs. A terminal node holds all that was paid on the way there,
 * discounted to the first period. Agents who move at once move one after the other, the later ones
 * without knowing what the earlier ones chose; as states are public, every history of a situation
 * is an information set of its own. What an action leads to at random is a chance node of its own.
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

#include "model/calendar.h"

/* What is still to be written: a situation in which the first `level` agents have chosen. */
typedef struct pending {
    uint32_t place, period;
    int level;
    int cell; /* of the options chosen so far */
    uint32_t infoset[DT_MAX_MOVERS];
} pending;

typedef struct tree {
    const dt_export_job *job;
    dt_writer *writer;
    const dt_game *game;
    dt_list(pending) stack;
    dt_list(double) paid; /* [stack.count][agents] */
    double *payoff;       /* [agents] of the pending that is being written */
    uint32_t *infosets;   /* [agents] used so far */
    uint32_t chances, terminals;
    dt_text name; /* work space */
    dt_list(uint64_t) share;
} tree;

/* ---- size -------------------------------------------------------------------------------------- */

static double branch_probability(const dt_solution *solution, uint32_t t, uint64_t cell,
                                 uint64_t branch)
{
    const uint32_t coefficient = dt_branch_coefficient(solution->game, cell, branch);
    return dt_solution_world(solution, t)->coefficient[coefficient];
}

static int positive_branches(const dt_solution *solution, uint32_t t, uint64_t cell, uint64_t *only)
{
    int count = 0;
    for (uint64_t b = solution->game->cell_branch[cell]; b < solution->game->cell_branch[cell + 1];
         b++) {
        if (branch_probability(solution, t, cell, b) > 0) {
            count++;
            *only = b;
        }
    }
    assert(count > 0 && "the probabilities of a cell sum to one");
    return count;
}

static bool is_over(const dt_game *game, uint32_t leaf, uint32_t t)
{
    return game->leaf_ended[leaf] || t + 1 == game->periods;
}

/* Nodes of the tree from a node of the graph on in period t, at most DT_EFG_NODES + 1. */
static uint64_t node_size(const dt_solution *solution, uint32_t t, uint32_t n, const uint64_t *size)
{
    const dt_game *game = solution->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    uint64_t total = 0, profiles = 1;
    for (int k = 0; k < menu->agents; k++) {
        total += profiles;
        profiles *= (uint64_t)menu->options[k];
    }
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
        uint64_t only = 0;
        total += positive_branches(solution, t, c, &only) > 1;
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++) {
            if (branch_probability(solution, t, c, b) > 0)
                total += size[game->branch_target[b]];
            if (total > DT_EFG_NODES)
                return DT_EFG_NODES + 1;
        }
    }
    return total;
}

static uint64_t tree_size(const dt_export_job *job)
{
    const dt_solution *solution = job->solution;
    const dt_game *game = solution->game;
    uint64_t *size = dt_new(job->arena, uint64_t, (size_t)game->nodes + game->leaves);
    uint64_t *next = dt_new(job->arena, uint64_t, (size_t)game->states);
    for (uint32_t t = game->periods; t-- > 0;) {
        for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++)
            size[game->nodes + leaf] = is_over(game, leaf, t) ? 1 : next[game->leaf_next[leaf]];
        for (uint32_t s = game->stages; s-- > 0;) {
            uint32_t first = game->stage_first[s];
            for (uint32_t n = first + dt_game_count(game, s, t); n-- > first;)
                size[n] = node_size(solution, t, n, size);
        }
        /* States that can't begin period t get a number too, which nobody reads. */
        for (uint32_t state = 0; state < game->states; state++)
            next[state] = size[game->state_place[state]];
    }
    return next[game->start];
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

/* "talks, period 2: tension=1 deal=none" */
static void node_label(tree *out, const pending *p)
{
    const dt_game *game = out->game;
    const dt_menu *menu = &game->menu[game->node_menu[p->place]];
    out->name.bytes.count = 0;
    dt_text_print(&out->name, "%s, ", game->model->stage[menu->stage].is.name);
    dt_period_print(game->model, (int64_t)p->period + 1, &out->name);
    dt_text_print(&out->name, ": ");
    dt_game_describe(game, p->place, &out->name);
    label(out->writer, dt_text_get(&out->name));
}

/* ---- the tree ---------------------------------------------------------------------------------- */

/* Adds what a row pays in a period to the players' payoffs. */
static void pay(const tree *out, uint32_t row, uint32_t period)
{
    const dt_rules *rules = out->game->rules;
    const dt_world *world = dt_solution_world(out->job->solution, period);
    const double *payment = world->payment + (size_t)row * (size_t)out->game->model->actors;
    for (int k = 0; k < rules->agents; k++) {
        const dt_agent *agent = &rules->agent[k];
        for (int m = 0; m < agent->members; m++) {
            int i = agent->member[m];
            out->payoff[k] += agent->weight[m] * pow(world->discount[i], period) * payment[i];
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
            p->infoset[j] = ++out->infosets[menu->agent[j]];
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

/* Rounds the probabilities of a cell in period t to 18 digits so that they sum to exactly one. */
static void share_out(tree *out, uint32_t t, uint64_t cell)
{
    const dt_game *game = out->game;
    uint64_t left = 1000000000000000000u;
    size_t largest = 0;
    out->share.count = 0;
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        double p = branch_probability(out->job->solution, t, cell, b);
        if (!(p > 0))
            continue;
        uint64_t share = (uint64_t)llround(fmin(p, 1) * 1e18);
        dt_push(out->job->arena, &out->share, share);
        left -= share; /* may wrap around, and back below */
        if (share > out->share.at[largest])
            largest = out->share.count - 1;
    }
    out->share.at[largest] += left;
}

static void write_chance(tree *out, const pending *p, uint64_t cell)
{
    const dt_game *game = out->game;
    share_out(out, p->period, cell);
    dt_writer_text(out->writer, "c ");
    node_label(out, p);
    dt_writer_print(out->writer, " %u \"\" {", ++out->chances);
    for (size_t i = 0; i < out->share.count; i++) {
        dt_writer_print(out->writer, " \"%zu\" ", i + 1);
        write_share(out->writer, out->share.at[i]);
    }
    dt_writer_text(out->writer, " } 0\n");
    for (uint64_t b = game->cell_branch[cell + 1]; b-- > game->cell_branch[cell];) {
        if (branch_probability(out->job->solution, p->period, cell, b) > 0)
            push(out, &(pending){game->branch_target[b], p->period, 0, 0, {0}});
    }
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
            pay(out, game->leaf_payoff[leaf], p.period);
            if (is_over(game, leaf, p.period)) {
                write_terminal(out);
                return;
            }
            assert(game->leaf_next[leaf] < game->states && p.period + 1 < game->periods);
            p = (pending){game->state_place[game->leaf_next[leaf]], p.period + 1, 0, 0, {0}};
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
        pay(out, dt_cell_row(game, cell), p.period);
        if (positive_branches(out->job->solution, p.period, cell, &only) > 1) {
            write_chance(out, &p, cell);
            return;
        }
        p = (pending){game->branch_target[only], p.period, 0, 0, {0}};
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

dt_status dt_export_efg(const dt_export_job *job)
{
    const dt_game *game = job->solution->game;
    if (game->forever) {
        dt_complain_more(job->diagnostics, DT_TREE_FOREVER, (dt_place){0, 0},
                         "give lookahead a number of periods", NULL);
        return DT_INVALID;
    }
    if (tree_size(job) > DT_EFG_NODES) {
        dt_complain_more(job->diagnostics, DT_TOO_LARGE_TREE, (dt_place){0, 0},
                         "a shorter horizon and lookahead make a smaller tree", NULL, DT_EFG_NODES);
        return DT_LIMIT;
    }
    tree out = {.job = job, .writer = job->writer, .game = game};
    out.name.arena = job->arena;
    out.payoff = dt_new(job->arena, double, (size_t)game->rules->agents);
    out.infosets = dt_new(job->arena, uint32_t, (size_t)game->rules->agents);
    write_header(&out);
    push(&out, &(pending){game->state_place[game->start], 0, 0, 0, {0}});
    for (uint32_t made = 0; out.stack.count != 0 && !out.writer->failed; made++) {
        if (made % STRIDE == 0)
            dt_progress(job->arena, job->options, "exporting", 0);
        write_next(&out);
    }
    assert(out.writer->failed || out.paid.count == 0);
    return DT_OK;
}
