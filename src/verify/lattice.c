/*
 * Points, corners and weights from the definition (lattice.h). With c_m = b(1) + … + b(m) each c_m lies in
 * an interval (knot j, knot j+1], 0 in the first, at r_m of its width above the lower end; the c_m are
 * raised from lower to upper ends in the order of falling r (of equal ones that of larger m first), and the
 * corners met on the way have the weights 1 - r_(1), r_(1) - r_(2), …, r_(K-1): Kuhn's (1960) triangulation.
 */
#include "verify/lattice.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* sin²(b) - sin²(a) = sin(b + a) sin(b - a), with angles of π/2N */
static double between_knots(const dt_lattice *lattice, int a, int b)
{
    const double unit = 2 * atan(1) / lattice->fineness;
    return sin(unit * (b + a)) * sin(unit * (b - a));
}

dt_lattice *dt_lattice_new(dt_arena *arena, const dt_grid *grid)
{
    dt_lattice *lattice = dt_new(arena, dt_lattice, 1);
    const int values = grid->values, fineness = grid->fineness;
    *lattice = (dt_lattice){.grid = grid, .values = values, .fineness = fineness};
    lattice->knot = dt_new(arena, double, (size_t)fineness + 1);
    lattice->share = dt_new(arena, double, grid->points *(size_t)values);
    for (int j = 0; j <= fineness; j++)
        lattice->knot[j] = j == fineness ? 1 : between_knots(lattice, 0, j);
    for (uint32_t p = 0; p < grid->points; p++) {
        const uint16_t *at = grid->at + p * (size_t)(values - 1);
        for (int k = 0; k < values; k++)
            lattice->share[p * (size_t)values + (size_t)k] =
                between_knots(lattice, k == 0 ? 0 : at[k - 1], k + 1 == values ? fineness : at[k]);
    }
    return lattice;
}

/* A sum c_m: its interval, its place r there, and 1 - r. */
typedef struct raised {
    int low;
    double width, r, rest;
} raised;

/* `under` and `over` are the shares of the types up to m and from there on. Below one half r is what is
 * worked out, above it 1 - r: in the first interval r is exact then, in the last 1 - r. */
static raised place(const dt_lattice *lattice, double under, double over)
{
    const int n = lattice->fineness;
    int j = 0;
    while (j + 1 < n &&
           (2 * (j + 1) <= n ? under > lattice->knot[j + 1] : over < lattice->knot[n - j - 1]))
        j++;
    const double width = between_knots(lattice, j, j + 1);
    if (n == 1)
        return (raised){0, 1, under, over};
    if (2 * j < n) {
        const double r = fmin(1, fmax(0, under - lattice->knot[j]) / width);
        return (raised){j, width, r, 1 - r};
    }
    const double rest = fmin(1, fmax(0, over - lattice->knot[n - j - 1]) / width);
    return (raised){j, width, 1 - rest, rest};
}

/* Whether sum a is raised before sum b. Within one interval r never falls with m. */
static bool before(const raised *sum, int a, int b)
{
    return sum[a].r > sum[b].r || (sum[a].r == sum[b].r && a > b);
}

/* r_a - r_b, where a is raised before b. */
static double apart(const raised *sum, const double *belief, int a, int b)
{
    if (sum[a].low == sum[b].low) {
        double between = 0;
        for (int k = b + 1; k <= a; k++)
            between += belief[k];
        return between / sum[a].width;
    }
    return fmax(0, sum[b].r < 0.5 ? sum[a].r - sum[b].r : sum[b].rest - sum[a].rest);
}

void dt_lattice_spread(const dt_lattice *lattice, const double *mass, dt_spread *spread)
{
    const int values = lattice->values, sums = values - 1;
    raised sum[DT_MOST_TYPES];
    int order[DT_MOST_TYPES];
    double under[DT_MOST_TYPES], over[DT_MOST_TYPES];
    assert(values >= 1 && values <= DT_MOST_TYPES);
    under[0] = mass[0];
    over[sums] = mass[sums];
    for (int k = 1; k < values; k++)
        under[k] = under[k - 1] + mass[k];
    for (int k = sums; k-- > 0;)
        over[k] = over[k + 1] + mass[k];
    for (int k = 0; k < values; k++)
        spread->belief[k] = mass[k] / under[sums];
    if (isnan(under[sums])) { /* and so is all that is made of it */
        *spread = (dt_spread){.corners = 1, .weight = {NAN}, .belief = {NAN}};
        return;
    }
    for (int m = 0; m < sums; m++) {
        sum[m] = place(lattice, under[m] / under[sums], over[m + 1] / over[0]);
        int at = m;
        for (; at > 0 && before(sum, m, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = m;
    }
    const uint32_t *rank = lattice->grid->rank;
    const size_t knots = (size_t)lattice->fineness + 1;
    uint32_t point = 0;
    for (int m = 0; m < sums; m++)
        point += rank[(size_t)m * knots + (size_t)sum[m].low];
    spread->corners = 0;
    for (int c = 0; c <= sums; c++) {
        const double weight = sums == 0   ? 1
                              : c == 0    ? sum[order[0]].rest
                              : c == sums ? sum[order[c - 1]].r
                                          : apart(sum, spread->belief, order[c - 1], order[c]);
        if (c > 0) {
            const size_t m = (size_t)order[c - 1], low = (size_t)sum[m].low;
            point += rank[m * knots + low + 1] - rank[m * knots + low];
        }
        if (weight == 0)
            continue;
        assert(point < lattice->grid->points);
        spread->point[spread->corners] = point;
        spread->weight[spread->corners++] = weight;
    }
}

void dt_lattice_stay(const dt_lattice *lattice, uint32_t point, dt_spread *spread)
{
    spread->corners = 1;
    spread->point[0] = point;
    spread->weight[0] = 1;
    memcpy(spread->belief, dt_lattice_at(lattice, point),
           (size_t)lattice->values * sizeof *spread->belief);
}
