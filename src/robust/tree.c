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
        part(g, &here, &by);
        const node left = {here.from, by.at, by.interest, here.depth + 1, false},
                   right = {by.at, here.to, here.interest - by.interest, here.depth + 1, false};
        dt_push(scratch, &g->nodes, left);
        dt_push(scratch, &g->nodes, right);
    }
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

dt_tree_answer dt_tree(dt_arena *arena, dt_arena *scratch, const dt_prim *prim, double coverage,
                       bool *inside)
{
    const size_t points = prim->points;
    assert(points > 0 && !prim->in);
    growing g = {
        .prim = prim,
        .sorted = dt_take(scratch, prim->parameters, points * sizeof(size_t)),
        .room = dt_new(scratch, size_t, points),
        .left = dt_new(scratch, bool, points),
        .least = points / 100 > LEAST_POINTS ? points / 100 : LEAST_POINTS,
        .gain = dt_new(scratch, double, prim->parameters),
    };
    memcpy(g.sorted, prim->sorted, prim->parameters * points * sizeof(size_t));
    node root = {.to = points};
    for (size_t n = 0; n < points; n++)
        root.interest += prim->interest[n];
    dt_push(scratch, &g.nodes, root);
    grow(scratch, &g);

    dt_tree_answer answer = {0};
    for (size_t i = 0; i < g.nodes.count; i++)
        answer.leaves += g.nodes.at[i].leaf;
    memset(inside, 0, points * sizeof *inside);
    size_t taken = 0, interest = 0;
    node *leaf;
    while ((double)interest < coverage * (double)root.interest - 1e-9 && (leaf = densest(&g))) {
        for (size_t r = leaf->from; r < leaf->to; r++)
            inside[g.sorted[r]] = true;
        taken += leaf->to - leaf->from;
        interest += leaf->interest;
        leaf->leaf = false;
        answer.taken++;
    }
    answer.coverage = (double)interest / (double)root.interest;
    answer.density = taken ? (double)interest / (double)taken : (double)NAN;
    name_parameters(arena, &g, &answer);
    return answer;
}
