/*
 * Finding what is alike. Two leaves that pay the same and lead to the same state are worth the same
 * in every world; two cells are if they pay the same and lead to places of equal worth with the same
 * probabilities; two nodes if their movers have the same choices and these lead to equal cells in
 * the same order. This is bisimulation (Paige and Tarjan 1987); as a period has no cycles, one pass
 * from the leaves back to the first stage finds its coarsest partition of the nodes, by hashing.
 * Invariant: what is alike lies in the same stage, and the first of its kind stands for all. Since a
 * stage is in the order of first occurrence, that one occurs whenever one of them does. In a stage with a
 * secret, which branches lead to one place counts as well: they are one event, and what is believed after
 * it follows from all of them.
 */
#include "game/alike.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/order.h"

/* The items of one kind in one stage, found by hash; open addressing, at most half full. */
typedef struct table {
    struct bucket {
        uint32_t item; /* 1 + item; 0: empty */
        uint32_t hash; /* upper bits, to skip most comparisons */
    } * bucket;
    size_t mask;
} table;

typedef struct search {
    dt_game *game;
    bool apart;
    bool secret;                 /* the stage at hand has one */
    uint32_t *same;              /* [places] the lowest place alike */
    dt_list(struct bucket) room; /* of the table */
    table table;
    dt_list(uint64_t) sorted; /* work space: the branches of two cells */
} search;

/* An empty table for `items` of them. */
static void begin(search *work, size_t items)
{
    size_t buckets = 16;
    while (buckets < 2 * items)
        buckets *= 2;
    work->room.count = 0;
    dt_reserve(work->game->arena, &work->room, buckets);
    memset(work->room.at, 0, buckets * sizeof *work->room.at);
    work->table = (table){work->room.at, buckets - 1};
}

/* The first item that has come with this hash and is equal, or `item`, which is then entered. */
static uint32_t find(search *work, uint64_t hash, uint32_t item,
                     bool (*equal)(search *work, uint32_t first, uint32_t item))
{
    const uint32_t upper = (uint32_t)(hash >> 32);
    if (work->apart)
        return item;
    size_t at = hash & work->table.mask;
    for (; work->table.bucket[at].item; at = (at + 1) & work->table.mask) {
        const struct bucket *b = &work->table.bucket[at];
        if (b->hash == upper && equal(work, b->item - 1, item))
            return b->item - 1;
    }
    assert(item < UINT32_MAX);
    work->table.bucket[at] = (struct bucket){item + 1, upper};
    return item;
}

static bool leaves_equal(search *work, uint32_t first, uint32_t item)
{
    const dt_game *game = work->game;
    return game->leaf_payoff[first] == game->leaf_payoff[item] &&
           game->leaf_next[first] == game->leaf_next[item];
}

static void find_leaves(search *work)
{
    dt_game *game = work->game;
    begin(work, game->leaves);
    for (uint32_t l = 0; l < game->leaves; l++) {
        uint64_t hash = dt_mix((uint64_t)game->leaf_payoff[l] << 32 | game->leaf_next[l]);
        game->leaf_same[l] = find(work, hash, l, leaves_equal);
        work->same[game->nodes + l] = game->nodes + game->leaf_same[l];
    }
}

/* A branch as cells compare it: where it leads and the coefficient of its probability. */
static uint64_t branch_of(const search *work, uint32_t target, uint32_t coefficient)
{
    assert(work->same[target] <= target);
    return (uint64_t)work->same[target] << 32 | coefficient;
}

/* The targets of a cell's branches, their coefficients and moves. */
typedef struct branches {
    const uint32_t *target, *coefficient;
    const uint16_t *move; /* NULL: nothing moves */
    uint32_t count;
} branches;

static branches branches_of(const dt_game *game, uint64_t cell)
{
    const uint32_t first = game->cell_branch[cell];
    return (branches){game->branch_target + first, dt_cell_coefficients(game, cell),
                      dt_cell_moves(game, cell), game->cell_branch[cell + 1] - first};
}

/* The same for all orders of the branches: each is taken by one multiplication, which is enough as
 * they are compared besides. */
static uint64_t hash_cell(const search *work, uint64_t cell)
{
    const branches all = branches_of(work->game, cell);
    uint64_t sum = dt_cell_row(work->game, cell);
    for (uint32_t b = 0; b < all.count; b++) {
        uint64_t product =
            (branch_of(work, all.target[b], all.coefficient[b]) + 1) * 0x9e3779b97f4a7c15ULL;
        sum += product ^ product >> 29;
    }
    return dt_mix(sum);
}

/* Whether two cells have the same branches, in whatever order. */
static bool branches_equal(search *work, const branches *one, const branches *other)
{
    const uint32_t count = one->count;
    uint32_t i = 0;
    while (i < count && branch_of(work, one->target[i], one->coefficient[i]) ==
                            branch_of(work, other->target[i], other->coefficient[i]))
        i++;
    if (i == count)
        return true;
    work->sorted.count = 0;
    dt_reserve(work->game->arena, &work->sorted, 2 * (size_t)count);
    uint64_t *a = work->sorted.at, *b = a + count;
    for (i = 0; i < count; i++) {
        a[i] = branch_of(work, one->target[i], one->coefficient[i]);
        b[i] = branch_of(work, other->target[i], other->coefficient[i]);
    }
    qsort(a, count, sizeof *a, dt_by_number64);
    qsort(b, count, sizeof *b, dt_by_number64);
    return memcmp(a, b, count * sizeof *a) == 0;
}

/* The first branch that leads to the place that branch b leads to. */
static uint32_t event_of(const branches *all, uint32_t b)
{
    uint32_t first = 0;
    while (all->target[first] != all->target[b])
        first++;
    return first;
}

/* Whether two cells of a stage with a secret have the same branches in the same order, and the same of them
 * are one event: what is believed afterwards depends on which are seen apart. */
static bool events_equal(const search *work, const branches *one, const branches *other)
{
    for (uint32_t b = 0; b < one->count; b++) {
        if (branch_of(work, one->target[b], one->coefficient[b]) !=
                branch_of(work, other->target[b], other->coefficient[b]) ||
            (one->move && one->move[b] != other->move[b]) || event_of(one, b) != event_of(other, b))
            return false;
    }
    return true;
}

static bool cells_equal(search *work, uint32_t first, uint32_t item)
{
    const dt_game *game = work->game;
    const branches one = branches_of(game, first), other = branches_of(game, item);
    return dt_cell_row(game, first) == dt_cell_row(game, item) && one.count == other.count &&
           (work->secret ? events_equal(work, &one, &other) : branches_equal(work, &one, &other));
}

static void find_cells(search *work, uint32_t stage)
{
    dt_game *game = work->game;
    uint64_t first = game->node_cell[game->stage_first[stage]];
    uint64_t end = game->node_cell[game->stage_first[stage + 1]];
    work->secret = dt_stage_secret(game, (int)stage) != DT_NONE;
    begin(work, (size_t)(end - first));
    for (uint64_t c = first; c < end; c++)
        game->cell_same[c] = find(work, hash_cell(work, c), (uint32_t)c, cells_equal);
}

static bool nodes_equal(search *work, uint32_t first, uint32_t item)
{
    const dt_game *game = work->game;
    uint64_t a = game->node_cell[first], b = game->node_cell[item];
    size_t count = (size_t)(game->node_cell[first + 1] - a);
    assert(game->node_menu[first] != game->node_menu[item] ||
           game->node_cell[item + 1] - b == count);
    return game->node_menu[first] == game->node_menu[item] &&
           memcmp(game->cell_same + a, game->cell_same + b, count * sizeof *game->cell_same) == 0;
}

static void find_nodes(search *work, uint32_t stage)
{
    dt_game *game = work->game;
    uint32_t first = game->stage_first[stage], end = game->stage_first[stage + 1];
    begin(work, end - first);
    for (uint32_t n = first; n < end; n++) {
        uint32_t cells = (uint32_t)(game->node_cell[n + 1] - game->node_cell[n]);
        uint64_t hash = dt_hash_words(game->cell_same + game->node_cell[n], cells);
        hash = dt_mix(hash + game->node_menu[n]);
        work->same[n] = game->node_same[n] = find(work, hash, n, nodes_equal);
    }
}

/* Gives the distinct nodes from `first` to `beyond` their options, those of one menu side by side. */
static void number_some(search *work, uint32_t first, uint32_t beyond)
{
    dt_game *game = work->game;
    work->sorted.count = 0;
    for (uint32_t n = first; n < beyond; n++) {
        if (game->node_same[n] == n)
            dt_push(game->arena, &work->sorted, (uint64_t)game->node_menu[n] << 32 | n);
    }
    if (work->sorted.count > 0)
        qsort(work->sorted.at, work->sorted.count, sizeof *work->sorted.at, dt_by_number64);
    for (size_t i = 0; i < work->sorted.count; i++) {
        const uint32_t node = (uint32_t)work->sorted.at[i];
        game->node_option[node] = (uint32_t)game->options;
        game->options += (uint64_t)game->menu[game->node_menu[node]].total;
    }
}

/* What is worth the same is played the same: nodes that are alike share an entry of a strategy. Entries
 * are in the order of stages, then of the first period in which a node can occur, then of menus. */
static void number_options(search *work)
{
    dt_game *game = work->game;
    const size_t row = (size_t)game->stages + 1;
    game->node_option = dt_room(game->arena, game->nodes);
    game->options = 0;
    for (uint32_t s = 0; s < game->stages; s++) {
        uint32_t first = game->stage_first[s];
        for (size_t d = 0; d < game->depths; d++) {
            const uint32_t beyond = game->stage_first[s] + game->stage_count[d * row + s];
            number_some(work, first, beyond);
            first = beyond;
        }
    }
    for (uint32_t n = 0; n < game->nodes; n++)
        game->node_option[n] = game->node_option[game->node_same[n]];
}

void dt_game_find_alike(dt_game *game, bool apart)
{
    search work = {.game = game, .apart = apart};
    const size_t places = (size_t)game->nodes + game->leaves;
    game->leaf_same = dt_room(game->arena, game->leaves);
    game->cell_same = dt_room(game->arena, game->cells);
    game->node_same = dt_room(game->arena, game->nodes);
    dt_indices same = {0};
    dt_reserve(game->arena, &same, places);
    work.same = same.at;
    find_leaves(&work);
    for (uint32_t s = game->stages; s-- > 0;) {
        find_cells(&work, s);
        find_nodes(&work, s);
    }
    number_options(&work);
    dt_drop(game->arena, &same);
    dt_drop(game->arena, &work.room);
    dt_drop(game->arena, &work.sorted);
}
