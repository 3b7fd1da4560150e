/*
 * CART (Breiman, Friedman, Olshen & Stone 1984): a node is split by the parameter and the number that
 * lower Gini's impurity 2 p (1 - p), p the share of interest, weighted by points, most; among equals
 * the first parameter, the lowest number. It stays a leaf if it is pure, at depth 5, or if a part
 * would hold fewer points than a hundredth of all, or than 5. Lempert, Bryant & Bankes (2008) compare
 * the method with PRIM.
 *
 * Each parameter's points are sorted once; a node is a range of every row, parted in place.
 */
#include "robust/tree.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { DEEPEST = 5, LEAST_POINTS = 5 };

typedef struct node {
    size_t from, to; /* of every row */
    size_t interest;
    int depth;
    bool leaf;
    size_t above;     /* the node that was split, itself at the root; */
    size_t parameter; /* by which, counted in dt_prim, */
    double at;        /* where, halfway between the points on both sides, */
    bool upper;       /* and whether this is the part at most that */
} node;

typedef struct growing {
    const dt_prim *prim;
    size_t *sorted; /* [parameters][points] */
    size_t *room;   /* [points] */
    bool *left;     /* [points] */
    size_t least;   /* points of a leaf */
    double *gain;   /* [parameters] that splits by it brought, in all */
    dt_list(node) nodes;
} growing;

/* Impurity times points. */
static double impurity(size_t interest, size_t points)
{
    return points == 0 ? 0 : 2 * (double)interest * (double)(points - interest) / (double)points;
}

typedef struct split {
    size_t parameter, at; /* the first rank of the right part */
    size_t interest;      /* of the left part */
    double gain;
} split;

static split find_split(const growing *g, const node *here)
{
    const dt_prim *prim = g->prim;
    const size_t points = here->to - here->from;
    const double before = impurity(here->interest, points);
    split best = {.gain = 0};
    for (size_t i = 0; i < prim->parameters; i++) {
        const size_t *row = g->sorted + i * prim->points;
        const double *x = prim->x + i * prim->points;
        size_t interest = 0;
        for (size_t r = here->from; r + g->least < here->to; r++) {
            interest += prim->interest[row[r]];
            const size_t left = r + 1 - here->from;
            if (left < g->least || x[row[r]] == x[row[r + 1]])
                continue;
            const double gain = before - impurity(interest, left) -
                                impurity(here->interest - interest, points - left);
            if (gain > best.gain + 1e-12 * (double)points)
                best = (split){i, r + 1, interest, gain};
        }
    }
    return best;
}

/* Parts every row so that points of the left part stand first, their order kept. */
static void part(growing *g, const node *here, const split *by)
{
    const dt_prim *prim = g->prim;
    const size_t *row = g->sorted + by->parameter * prim->points;
    for (size_t r = here->from; r < here->to; r++)
        g->left[row[r]] = r < by->at;
    for (size_t i = 0; i < prim->parameters; i++) {
        size_t *points = g->sorted + i * prim->points, left = here->from, right = 0;
        for (size_t r = here->from; r < here->to; r++) {
            if (g->left[points[r]])
                points[left++] = points[r];
            else
                g->room[right++] = points[r];
        }
        assert(left == by->at && left + right == here->to);
        memcpy(points + left, g->room, right * sizeof *points);
    }
}

static void grow(dt_arena *scratch, growing *g)
{
    for (size_t i = 0; i < g->nodes.count; i++) {
        const node here = g->nodes.at[i];
        const size_t points = here.to - here.from;
        split by = {.gain = 0};
        if (here.depth < DEEPEST && here.interest > 0 && here.interest < points)
            by = find_split(g, &here);
        g->nodes.at[i].leaf = by.gain <= 0;
        if (by.gain <= 0)
            continue;
        g->gain[by.parameter] += by.gain;
        const size_t *row = g->sorted + by.parameter * g->prim->points;
        const double *x = g->prim->x + by.parameter * g->prim->points;
        const double at = (x[row[by.at - 1]] + x[row[by.at]]) / 2;
        part(g, &here, &by);
        const node left = {here.from,    by.at, by.interest, here.depth + 1, false, i,
                           by.parameter, at,    true},
                   right = {by.at,          here.to, here.interest - by.interest,
                            here.depth + 1, false,   i,
                            by.parameter,   at,      false};
        dt_push(scratch, &g->nodes, left);
        dt_push(scratch, &g->nodes, right);
    }
}

/* A leaf as a box: of the splits above it each parameter's innermost ones. */
static dt_box box_of(dt_arena *arena, const growing *g, const node *leaf)
{
    const dt_prim *prim = g->prim;
    dt_box box = {.points = leaf->to - leaf->from,
                  .interest = leaf->interest,
                  .elsewhere_coverage = NAN,
                  .elsewhere_density = NAN};
    box.coverage = (double)box.interest / (double)g->nodes.at[0].interest;
    box.density = (double)box.interest / (double)box.points;
    box.mass = (double)box.points / (double)g->nodes.at[0].to;
    dt_limit *limit = dt_new(arena, dt_limit, DEEPEST);
    for (size_t i = 0; i < prim->parameters; i++) {
        double side[2] = {-INFINITY, INFINITY}; /* at least, at most */
        for (const node *n = leaf; n->depth > 0; n = &g->nodes.at[n->above]) {
            if (n->parameter == i)
                side[n->upper] = n->upper ? fmin(side[1], n->at) : fmax(side[0], n->at);
        }
        for (int upper = 0; upper < 2; upper++) {
            if (isfinite(side[upper]))
                limit[box.limits++] = (dt_limit){prim->name[i], upper, side[upper], NAN, NAN};
        }
        box.restricted += isfinite(side[0]) || isfinite(side[1]);
    }
    assert(box.limits <= DEEPEST);
    box.limit = limit;
    return box;
}

/* The densest leaf that isn't taken yet, the larger among equals; NULL if none is left. */
static node *densest(growing *g)
{
    node *best = NULL;
    for (size_t i = 0; i < g->nodes.count; i++) {
        node *n = &g->nodes.at[i];
        if (!n->leaf || n->interest == 0)
            continue;
        const double density = (double)n->interest / (double)(n->to - n->from);
        const double most = best ? (double)best->interest / (double)(best->to - best->from) : -1;
        if (density > most || (density == most && n->to - n->from > best->to - best->from))
            best = n;
    }
    return best;
}

static void name_parameters(dt_arena *arena, const growing *g, dt_tree_answer *answer)
{
    const size_t count = g->prim->parameters;
    size_t *name = dt_new(arena, size_t, count);
    for (;;) {
        size_t best = count;
        for (size_t i = 0; i < count; i++) {
            if (g->gain[i] > 0 && (best == count || g->gain[i] > g->gain[best]))
                best = i;
        }
        if (best == count)
            break;
        name[answer->parameters++] = g->prim->name[best];
        g->gain[best] = 0;
    }
    answer->parameter = name;
}

/* Every parameter's points that are worked on, ascending; returns how many. */
static size_t take_points(growing *g)
{
    const dt_prim *prim = g->prim;
    size_t count = 0;
    for (size_t i = 0; i < prim->parameters; i++) {
        const size_t *from = prim->sorted + i * prim->points;
        size_t *to = g->sorted + i * prim->points;
        count = 0;
        for (size_t r = 0; r < prim->points; r++) {
            if (!prim->in || prim->in[from[r]])
                to[count++] = from[r];
        }
    }
    return count;
}

dt_tree_answer dt_tree(dt_arena *arena, dt_arena *scratch, const dt_prim *prim, double coverage,
                       double least, bool *inside)
{
    const size_t points = prim->points;
    assert(points > 0);
    growing g = {
        .prim = prim,
        .sorted = dt_take(scratch, prim->parameters, points * sizeof(size_t)),
        .room = dt_new(scratch, size_t, points),
        .left = dt_new(scratch, bool, points),
        .gain = dt_new(scratch, double, prim->parameters),
    };
    node root = {.to = take_points(&g)};
    g.least = root.to / 100 > LEAST_POINTS ? root.to / 100 : LEAST_POINTS;
    for (size_t r = 0; r < root.to; r++)
        root.interest += prim->interest[g.sorted[r]];
    dt_push(scratch, &g.nodes, root);
    grow(scratch, &g);

    dt_tree_answer answer = {0};
    for (size_t i = 0; i < g.nodes.count; i++)
        answer.leaves += g.nodes.at[i].leaf;
    memset(inside, 0, points * sizeof *inside);
    size_t taken = 0, interest = 0;
    node *leaf;
    dt_box *box = dt_new(arena, dt_box, answer.leaves);
    while ((double)interest < coverage * (double)root.interest - 1e-9 && (leaf = densest(&g)) &&
           (double)leaf->interest > least * (double)(leaf->to - leaf->from)) {
        box[answer.taken] = box_of(arena, &g, leaf);
        for (size_t r = leaf->from; r < leaf->to; r++)
            inside[g.sorted[r]] = true;
        taken += leaf->to - leaf->from;
        interest += leaf->interest;
        leaf->leaf = false;
        answer.taken++;
    }
    answer.leaf = box;
    answer.elsewhere_coverage = answer.elsewhere_density = NAN;
    answer.coverage = (double)interest / (double)root.interest;
    answer.density = taken ? (double)interest / (double)taken : (double)NAN;
    name_parameters(arena, &g, &answer);
    return answer;
}
