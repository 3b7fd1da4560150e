/*
 * Unfolding. The size of the tree is worked out before anything is unfolded, by the same recursion as values are; what
 * is known at a node is a chain of interned numbers, so that two nodes are in one information set just if the numbers
 * of what their mover has seen, and of what it alone knows, are the same. Branches of probability 0 are no part of the
 * tree.
 */
#include "trace/unfold.h"

#include <assert.h>

#include "solve/solve.h"
/* ---- size -------------------------------------------------------------------------------------- */

double dt_unfold_probability(const dt_unfold *tree, uint32_t t, uint32_t type, uint64_t cell,
                             uint64_t branch)
{
    const uint32_t coefficient = dt_branch_coefficient(tree->game, cell, branch);
    const dt_world *world = tree->world[t];
    return world->coefficient[coefficient * world->width + type];
}

int dt_unfold_branches(const dt_unfold *tree, uint32_t t, uint32_t type, uint64_t cell,
                       uint64_t *only)
{
    int count = 0;
    for (uint64_t b = tree->game->cell_branch[cell]; b < tree->game->cell_branch[cell + 1]; b++) {
        if (dt_unfold_probability(tree, t, type, cell, b) > 0) {
            count++;
            *only = b;
        }
    }
    assert(count > 0 && "the probabilities of a cell sum to one");
    return count;
}

/* The joint type after a branch. */
static uint32_t type_after(const dt_unfold *tree, int stage, uint32_t type, uint64_t cell,
                           uint64_t branch)
{
    const dt_game *game = tree->game;
    const uint16_t *moves = dt_cell_moves(game, cell);
    const int x = dt_stage_secret(game, stage);
    const uint16_t move = moves && x >= 0 ? moves[branch - game->cell_branch[cell]] : 0;
    if (move == 0)
        return type;
    const int rank = dt_beliefs_rank(tree->beliefs, (size_t)x, type);
    const int after = game->move[move * game->most_values + (uint32_t)rank];
    return type + (uint32_t)(after - rank) * tree->beliefs->type_stride[x];
}

bool dt_unfold_over(const dt_unfold *tree, uint32_t leaf, uint32_t t)
{
    return tree->game->leaf_ended[leaf] || t + 1 == tree->game->periods;
}

/* Nodes of the tree from a node of the graph on in period t for a type, at most `most` + 1; size
 * [places][types]. */
static uint64_t node_size(const dt_unfold *tree, uint32_t t, uint32_t n, uint32_t type,
                          uint64_t most, const uint64_t *size)
{
    const dt_game *game = tree->game;
    const dt_menu *menu = &game->menu[game->node_menu[n]];
    uint64_t total = 0, profiles = 1;
    for (int k = 0; k < menu->agents; k++) {
        total += profiles;
        profiles *= (uint64_t)menu->options[k];
    }
    for (uint64_t c = game->node_cell[n]; c < game->node_cell[n + 1]; c++) {
        uint64_t only = 0;
        total += dt_unfold_branches(tree, t, type, c, &only) > 1;
        for (uint64_t b = game->cell_branch[c]; b < game->cell_branch[c + 1]; b++) {
            if (dt_unfold_probability(tree, t, type, c, b) > 0)
                total += size[game->branch_target[b] * game->types +
                              type_after(tree, menu->stage, type, c, b)];
            if (total > most)
                return most + 1;
        }
    }
    return total;
}

double dt_unfold_prior(const dt_unfold *tree, uint32_t type)
{
    double chance = 1, prior[DT_MOST_TYPES];
    for (size_t x = 0; tree->beliefs && x < tree->beliefs->variables; x++) {
        dt_beliefs_prior(tree->beliefs, tree->world[0], x, prior);
        chance *= prior[dt_beliefs_rank(tree->beliefs, x, type)];
    }
    return chance;
}

uint64_t dt_unfold_size(const dt_unfold *tree, uint64_t most)
{
    const dt_game *game = tree->game;
    dt_arena *arena = tree->arena;
    const uint32_t types = game->types;
    uint64_t *size = dt_new(arena, uint64_t, ((size_t)game->nodes + game->leaves) * types);
    uint64_t *next = dt_new(arena, uint64_t, (size_t)game->states * types);
    for (uint32_t t = game->periods; t-- > 0;) {
        for (uint32_t leaf = 0; leaf < dt_game_count(game, game->stages, t); leaf++) {
            for (uint32_t k = 0; k < types; k++)
                size[(game->nodes + leaf) * types + k] =
                    dt_unfold_over(tree, leaf, t) ? 1 : next[game->leaf_next[leaf] * types + k];
        }
        for (uint32_t s = game->stages; s-- > 0;) {
            uint32_t first = game->stage_first[s];
            for (uint32_t n = first + dt_game_count(game, s, t); n-- > first;) {
                for (uint32_t k = 0; k < types; k++)
                    size[n * types + k] = node_size(tree, t, n, k, most, size);
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
        if (dt_unfold_prior(tree, k) > 0) {
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
static uint32_t number(dt_unfold *tree, uint32_t kind, uint32_t before, uint32_t a, uint32_t b,
                       uint32_t c)
{
    const uint32_t key[KEY_WORDS] = {kind, before, a, b, c};
    bool added;
    const uint32_t found =
        dt_keys_intern(&tree->known, key, KEY_WORDS, dt_key_hash(key, KEY_WORDS), &added);
    if (added)
        dt_push(tree->arena, &tree->infoset, 0);
    return found + 1;
}

/* The information set of an agent where play has come to. */
static uint32_t infoset_of(dt_unfold *tree, const dt_unfolded *at, int agent)
{
    const int x = tree->beliefs ? tree->beliefs->agent_variable[agent] : -1;
    const uint32_t found =
        number(tree, KEY_INFOSET, at->seen, (uint32_t)agent, x < 0 ? 0 : at->own[x], 0);
    uint32_t *infoset = &tree->infoset.at[found - 1];
    if (*infoset == 0)
        *infoset = ++tree->infosets[agent];
    return *infoset;
}

dt_unfolded dt_unfold_after(dt_unfold *tree, const dt_unfolded *at, uint64_t cell, uint64_t branch)
{
    const dt_game *game = tree->game;
    const dt_menu *menu = &game->menu[game->node_menu[at->place]];
    const bool hidden = game->model->stage[menu->stage].hidden;
    const uint32_t shown = hidden ? DT_NOWHERE : (uint32_t)at->cell;
    dt_unfolded next = *at;
    next.level = next.cell = 0;
    next.place = game->branch_target[branch];
    next.type = type_after(tree, menu->stage, at->type, cell, branch);
    next.seen = number(tree, KEY_SEEN, at->seen, shown, next.place, 0);
    for (size_t x = 0; tree->beliefs && x < tree->beliefs->variables; x++) {
        const int rank = dt_beliefs_rank(tree->beliefs, x, next.type);
        const bool mine = hidden && tree->beliefs->agent_variable[menu->agent[0]] == (int)x;
        if (mine || rank != dt_beliefs_rank(tree->beliefs, x, at->type))
            next.own[x] = number(tree, KEY_OWN + (uint32_t)x, at->own[x], next.seen,
                                 mine ? (uint32_t)at->cell : DT_NOWHERE, (uint32_t)rank);
    }
    return next;
}

/* What owners know is told of each variable from the value that it begins with. */
dt_unfolded dt_unfold_start(dt_unfold *tree, uint32_t type)
{
    const dt_game *game = tree->game;
    dt_unfolded first = {.place = game->state_place[game->start], .type = type};
    for (size_t x = 0; tree->beliefs && x < tree->beliefs->variables; x++)
        first.own[x] = number(tree, KEY_OWN + (uint32_t)x, 0, 0, DT_NOWHERE,
                              (uint32_t)dt_beliefs_rank(tree->beliefs, x, type));
    return first;
}

void dt_unfold_inform(dt_unfold *tree, dt_unfolded *at)
{
    const dt_menu *menu = &tree->game->menu[tree->game->node_menu[at->place]];
    assert(at->level == 0 && menu->agents <= DT_MAX_MOVERS);
    for (int k = 0; k < menu->agents; k++)
        at->infoset[k] = infoset_of(tree, at, menu->agent[k]);
}

void dt_unfold_turn(const dt_unfold *tree, dt_unfolded *at)
{
    const dt_game *game = tree->game;
    const uint32_t leaf = at->place - game->nodes;
    assert(at->place >= game->nodes && !dt_unfold_over(tree, leaf, at->period));
    assert(game->leaf_next[leaf] < game->states);
    at->place = game->state_place[game->leaf_next[leaf]];
    at->period++;
}

/* ---- numbers ----------------------------------------------------------------------------------- */

/* The numbers of each period, with a column for each joint type. */
static void take_worlds(dt_unfold *tree, const dt_solution *solution)
{
    tree->world = dt_new(tree->arena, const dt_world *, tree->game->periods);
    for (uint32_t t = 0; t < tree->game->periods; t++) {
        tree->world[t] =
            solution->private ? solution->private->typed : dt_solution_world(solution, t);
        if (solution->private && tree->game->dated) {
            dt_world *own = dt_world_copy(tree->arena, tree->game, solution->private->typed);
            dt_world_turn(tree->game, own, t);
            tree->world[t] = own;
        }
    }
}

dt_unfold *dt_unfold_new(dt_arena *arena, const dt_solution *solution)
{
    assert(!solution->game->forever);
    dt_unfold *tree = dt_new(arena, dt_unfold, 1);
    tree->arena = arena;
    tree->game = solution->game;
    tree->beliefs = solution->private ? solution->private->plan->beliefs : NULL;
    tree->known = (dt_keys){.arena = arena, .words = KEY_WORDS};
    tree->infosets = dt_new(arena, uint32_t, (size_t)solution->game->rules->agents);
    take_worlds(tree, solution);
    return tree;
}

double dt_unfold_payment(const dt_unfold *tree, const dt_unfolded *at, uint32_t row, int actor)
{
    const dt_world *world = tree->world[at->period];
    const size_t actors = (size_t)tree->game->model->actors;
    return world->payment[(row * actors + (size_t)actor) * world->width + at->type];
}

double dt_unfold_discount(const dt_unfold *tree, const dt_unfolded *at, int actor)
{
    const dt_world *world = tree->world[at->period];
    return world->discount[(size_t)actor * world->width];
}
