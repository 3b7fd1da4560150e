/*
 * The export to Gambit: the game unfolded over all its periods into a tree (unfold.c), in the format that
 * Gambit documents as "EFG 2" (nodes in prefix order). Players are the agents; a team is one player
 * who gets Σ w_i of its members' payoffs. A terminal node holds all that was paid on the way there,
 * discounted to the first period.
 *
 * Gambit wants the probabilities of a chance node to sum to exactly one as decimals, so they are
 * rounded to 18 digits and the largest takes up what is left. Branches of probability 0 are left
 * out. It is the game alone, without strategies: what isn't solved here is written all the same,
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
#include "trace/unfold.h"

typedef struct tree {
    const dt_export_job *job;
    dt_writer *writer;
    const dt_game *game;
    dt_unfold *unfold;
    dt_list(dt_unfolded) stack; /* what is still to be written, */
    dt_list(double) paid;       /* [stack.count][agents] and what was paid on the way there */
    double *payoff;             /* [agents] of the one that is being written */
    uint32_t chances, terminals, labelled;
    dt_text name; /* work space */
    dt_list(uint64_t) share;
} tree;

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
static void node_label(tree *out, const dt_unfolded *p)
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
static void pay(const tree *out, uint32_t row, const dt_unfolded *p)
{
    const dt_rules *rules = out->game->rules;
    for (int k = 0; k < rules->agents; k++) {
        const dt_agent *agent = &rules->agent[k];
        for (int m = 0; m < agent->members; m++) {
            const int i = agent->member[m];
            out->payoff[k] += agent->weight[m] *
                              pow(dt_unfold_discount(out->unfold, p, i), p->period) *
                              dt_unfold_payment(out->unfold, p, row, i);
        }
    }
}

static void push(tree *out, const dt_unfolded *p)
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

static void write_player(tree *out, dt_unfolded *p, const dt_menu *menu)
{
    const int k = p->level;
    assert(k >= 0 && k < menu->agents && menu->agents <= DT_MAX_MOVERS);
    if (k == 0)
        dt_unfold_inform(out->unfold, p);
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
        dt_unfolded child = *p;
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

static void write_chance(tree *out, const dt_unfolded *p, uint64_t cell)
{
    const dt_game *game = out->game;
    out->share.count = 0;
    for (uint64_t b = game->cell_branch[cell]; b < game->cell_branch[cell + 1]; b++) {
        const double chance = dt_unfold_probability(out->unfold, p->period, p->type, cell, b);
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
        if (dt_unfold_probability(out->unfold, p->period, p->type, cell, b) > 0) {
            const dt_unfolded next = dt_unfold_after(out->unfold, p, cell, b);
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
    for (size_t x = 0; x < out->unfold->beliefs->variables; x++) {
        const int v = game->secret_variable[x];
        dt_text_print(&out->name, x ? " " : "");
        dt_slot_name(model, v, &out->name);
        dt_text_print(&out->name, "=");
        dt_slot_value_name(model, v,
                           dt_slot_low(model, v) + dt_beliefs_rank(out->unfold->beliefs, x, type),
                           &out->name);
    }
}

/* The first node: chance draws the types, where there is more than one. */
static void write_types(tree *out)
{
    const dt_game *game = out->game;
    uint32_t drawn = 0;
    for (uint32_t type = game->types; type-- > 0;) {
        if (dt_unfold_prior(out->unfold, type) == 0)
            continue;
        const dt_unfolded first = dt_unfold_start(out->unfold, type);
        push(out, &first);
        drawn++;
    }
    if (drawn < 2)
        return;
    out->share.count = 0;
    for (uint32_t type = 0; type < game->types; type++) {
        if (dt_unfold_prior(out->unfold, type) > 0)
            add_share(out, dt_unfold_prior(out->unfold, type));
    }
    share_out(out);
    dt_writer_print(out->writer, "c \"types\" %u \"\" {", ++out->chances);
    for (uint32_t type = 0, i = 0; type < game->types; type++) {
        if (dt_unfold_prior(out->unfold, type) == 0)
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
    dt_unfolded p = out->stack.at[--out->stack.count];
    out->paid.count -= agents;
    memcpy(out->payoff, out->paid.at + out->paid.count, agents * sizeof *out->payoff);
    for (;;) {
        if (p.place >= game->nodes) {
            const uint32_t leaf = p.place - game->nodes;
            pay(out, game->leaf_payoff[leaf], &p);
            if (dt_unfold_over(out->unfold, leaf, p.period)) {
                write_terminal(out);
                return;
            }
            dt_unfold_turn(out->unfold, &p);
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
        if (dt_unfold_branches(out->unfold, p.period, p.type, cell, &only) > 1) {
            write_chance(out, &p, cell);
            return;
        }
        p = dt_unfold_after(out->unfold, &p, cell, only);
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
    tree out = {.job = job, .writer = job->writer, .game = game};
    out.unfold = dt_unfold_new(job->arena, job->solution);
    if (dt_unfold_size(out.unfold, DT_EFG_NODES) > DT_EFG_NODES) {
        dt_complain_more(job->diagnostics, DT_TOO_LARGE_TREE, (dt_place){0, 0},
                         "a shorter horizon and lookahead make a smaller tree", NULL, DT_EFG_NODES);
        return DT_LIMIT;
    }
    out.name.arena = job->arena;
    out.payoff = dt_new(job->arena, double, (size_t)game->rules->agents);
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
