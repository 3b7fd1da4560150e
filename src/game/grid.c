/*
 * Grids of beliefs: points and their numbers, faces, pieces and weights (grid.h). The number of a point
 * is Σ_m binomial(j_m + m, m + 1), m from 0, which counts nondecreasing tuples in colexicographic order.
 */
#include "game/grid.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Places that differ by less are a tie. */
static const double TIE = 1e-14;

static uint32_t binomial(int n, int k)
{
    uint64_t product = 1;
    for (int i = 1; i <= k; i++) {
        product = product * (uint64_t)(n - k + i) / (uint64_t)i;
        if (product > DT_MOST_POINTS)
            return DT_MOST_POINTS + 1; /* they grow with i */
    }
    return (uint32_t)product;
}

uint32_t dt_grid_count(int values, int fineness)
{
    assert(values >= 1 && fineness >= 1);
    return values > DT_MOST_TYPES ? DT_MOST_POINTS + 1
                                  : binomial(fineness + values - 1, values - 1);
}

/* The next nondecreasing tuple in order; false past the last. */
static bool count_up(uint16_t *at, int sums, int fineness)
{
    for (int m = 0; m < sums; m++) {
        const int most = m + 1 < sums ? at[m + 1] : fineness;
        if (at[m] < most) {
            at[m]++;
            memset(at, 0, (size_t)m * sizeof *at);
            return true;
        }
    }
    return false;
}

dt_grid *dt_grid_new(dt_arena *arena, int values, int fineness)
{
    const int sums = values - 1;
    const size_t knots = (size_t)fineness + 1;
    dt_grid *grid = dt_new(arena, dt_grid, 1);
    assert(fineness >= 1);
    grid->values = values;
    grid->fineness = fineness;
    grid->points = dt_grid_count(values, fineness);
    assert(grid->points <= DT_MOST_POINTS);
    grid->knot = dt_new(arena, double, knots);
    const double pi = 4 * atan(1);
    for (int j = 0; j <= fineness; j++) {
        const int near = 2 * j <= fineness ? j : fineness - j;
        const double s = sin(pi * near / (2.0 * fineness));
        grid->knot[j] = near == j ? s * s : 1 - s * s; /* the two halves mirror each other */
    }
    if (fineness % 2 == 0)
        grid->knot[fineness / 2] = 0.5;
    grid->rank = dt_new(arena, uint32_t, (size_t)sums * knots);
    for (int m = 0; m < sums; m++) {
        for (int j = 0; j <= fineness; j++)
            grid->rank[(size_t)m * knots + (size_t)j] = j == 0 ? 0 : binomial(j + m, m + 1);
    }
    grid->belief = dt_new(arena, double, grid->points *(size_t)values);
    grid->at = dt_new(arena, uint16_t, grid->points * (size_t)sums);
    for (uint32_t p = 0; p < grid->points; p++) {
        uint16_t *at = grid->at + p * (size_t)sums;
        if (p > 0) {
            memcpy(at, at - sums, (size_t)sums * sizeof *at);
            count_up(at, sums, fineness);
        }
        double below = 0;
        for (int k = 0; k < values; k++) {
            const double upto = k < sums ? grid->knot[at[k]] : 1;
            grid->belief[p * (size_t)values + (size_t)k] = upto - below;
            below = upto;
        }
    }
    return grid;
}

void dt_face_set(dt_face *face, const dt_grid *grid, const uint8_t *possible)
{
    const size_t knots = (size_t)grid->fineness + 1;
    face->grid = grid;
    face->types = 0;
    face->base = 0;
    for (int k = 0; k < grid->values; k++) {
        if (possible[k])
            face->type[face->types++] = (uint8_t)k;
    }
    assert(face->types >= 1);
    for (int m = face->type[face->types - 1]; m < grid->values - 1; m++)
        face->base += grid->rank[(size_t)m * knots + (size_t)grid->fineness];
}

static double place_of(const dt_face *face, int low, double c)
{
    const double *knot = face->grid->knot + low;
    return (c - knot[0]) / (knot[1] - knot[0]);
}

void dt_piece_find(const dt_face *face, const double *b, dt_piece *piece)
{
    const dt_grid *grid = face->grid;
    double c = 0, place[DT_MOST_TYPES];
    int low = 0;
    for (int g = 0; g < face->types - 1; g++) {
        c += b[g];
        while (low + 1 < grid->fineness && c > grid->knot[low + 1])
            low++;
        piece->low[g] = (uint8_t)low;
        place[g] = place_of(face, low, c);
        /* in its place among those before, behind those that are greater by more than a tie */
        int i = g;
        for (; i > 0 && place[piece->order[i - 1]] <= place[g] + TIE; i--)
            piece->order[i] = piece->order[i - 1];
        piece->order[i] = (uint8_t)g;
    }
}

bool dt_piece_next(const dt_face *face, const uint8_t *lost, dt_piece *piece)
{
    const int sums = face->types - 1, fineness = face->grid->fineness;
    uint8_t order[DT_MOST_TYPES];
    int up = 0, down = 0, placed = 0;
    assert(sums >= 1);
    /* Weight i stands between the sums i-1 and i of the order: runs of lost ones join sums whose places
     * are equal, and which come out in the reverse order. Those at 1 go on in the next interval, those at
     * 0 in the one before. */
    while (lost[0] && up < sums && (up == 0 || lost[up]))
        up++;
    while (lost[sums] && down < sums - up && (down == 0 || lost[sums - down]))
        down++;
    for (int i = sums - 1; i >= sums - down; i--) {
        const uint8_t g = piece->order[i];
        if (piece->low[g] == 0)
            return false;
        piece->low[g]--;
        order[placed++] = g;
    }
    for (int first = up; first < sums - down;) {
        int beyond = first + 1;
        while (beyond < sums - down && lost[beyond])
            beyond++;
        for (int i = beyond; i-- > first;)
            order[placed++] = piece->order[i];
        first = beyond;
    }
    for (int i = up; i-- > 0;) {
        const uint8_t g = piece->order[i];
        if (piece->low[g] + 1 >= fineness)
            return false;
        piece->low[g]++;
        order[placed++] = g;
    }
    assert(placed == sums);
    memcpy(piece->order, order, (size_t)sums);
    return true;
}

/* The number of the point whose sums that move are at these knots. */
static uint32_t number_of(const dt_face *face, const uint16_t *at)
{
    const dt_grid *grid = face->grid;
    const size_t knots = (size_t)grid->fineness + 1;
    uint32_t number = face->base;
    for (int g = 0; g < face->types - 1; g++) {
        for (int m = face->type[g]; m < face->type[g + 1]; m++)
            number += grid->rank[(size_t)m * knots + at[g]];
    }
    return number;
}

void dt_piece_corners(const dt_face *face, const dt_piece *piece, uint32_t *point, double *belief)
{
    const int types = face->types, sums = types - 1;
    uint16_t at[DT_MOST_TYPES];
    for (int g = 0; g < sums; g++)
        at[g] = piece->low[g];
    for (int i = 0; i < types; i++) {
        point[i] = number_of(face, at);
        double below = 0;
        for (int s = 0; s < types && belief; s++) {
            const double upto = s < sums ? face->grid->knot[at[s]] : 1;
            *belief++ = upto - below;
            below = upto;
        }
        if (i < sums)
            at[piece->order[i]]++;
    }
}

/* Sums of beliefs from one possible type to another, both included. */
static double sum_of(const double *b, int first, int last)
{
    double sum = 0;
    for (int k = first; k <= last; k++)
        sum += b[k];
    return sum;
}

/* How far sum g is above the lower end of its interval, and below the upper, in widths of the interval:
 * small beliefs are added up, not taken from 1, as a type of small belief asks for its share of a corner. */
static double above(const dt_face *face, const dt_piece *piece, const double *b, int g)
{
    const double *knot = face->grid->knot + piece->low[g];
    return (sum_of(b, 0, g) - knot[0]) / (knot[1] - knot[0]);
}

static double below(const dt_face *face, const dt_piece *piece, const double *b, int g)
{
    const double *knot = face->grid->knot + piece->low[g];
    if (piece->low[g] + 1 == face->grid->fineness)
        return sum_of(b, g + 1, face->types - 1) / (knot[1] - knot[0]);
    return (knot[1] - sum_of(b, 0, g)) / (knot[1] - knot[0]);
}

void dt_piece_weights(const dt_face *face, const dt_piece *piece, const double *b, double *weight)
{
    const int sums = face->types - 1;
    const double *knot = face->grid->knot;
    if (sums == 0) {
        weight[0] = 1;
        return;
    }
    weight[0] = below(face, piece, b, piece->order[0]);
    weight[sums] = above(face, piece, b, piece->order[sums - 1]);
    for (int i = 1; i < sums; i++) {
        const int g = piece->order[i - 1], h = piece->order[i];
        const double width = knot[piece->low[g] + 1] - knot[piece->low[g]];
        if (piece->low[g] != piece->low[h])
            weight[i] = above(face, piece, b, g) - above(face, piece, b, h);
        else if (h < g)
            weight[i] = sum_of(b, h + 1, g) / width;
        else
            weight[i] = -sum_of(b, g + 1, h) / width;
    }
}
