/*
 * The arithmetic of Anderson acceleration (Anderson 1965; as type II in Walker & Ni 2011). With g(x) the
 * values that a sweep finds from x, and f(x) = g(x) - x what it changes, sweep k is followed not by
 * g(x_k) but by
 *     x_{k+1} = g(x_k) - Σ_j c_j Δg_j,    c the least squares of f(x_k) - Σ_j c_j Δf_j,
 * over the differences of the last DT_DEPTH sweeps: where g is linear, that is a Krylov method (GMRES).
 * Squares are weighted as the distance that is still to go (leap.c): by δ_i / (1 - δ_i) / max |V_i|.
 * Columns of a world that depend on each other are taken together, others one by one; whether such a step
 * is to be trusted is for the caller to say.
 * Invariant: a world's numbers depend on its own alone, summed in the order of states, then columns,
 * then steps.
 */
#include "solve/anderson.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/greater.h"

/* Of a difference, what the others don't explain: less than this share, squared, is rounding. */
static const double SMALL_SHARE = 1e-9;

/* Coefficients that are larger in sum would make values of rounding. */
static const double MOST_COEFFICIENTS = 1e8;

/* The arrays, with how many numbers they have for a world. */
#define ARRAYS(X)                                                                                  \
    X(change, states *columns)                                                                     \
    X(value, states *columns)                                                                      \
    X(product, DT_DEPTH *DT_DEPTH *columns)                                                        \
    X(side, DT_DEPTH *columns)                                                                     \
    X(coefficient, DT_DEPTH *columns)                                                              \
    X(square, columns)                                                                             \
    X(most, columns)                                                                               \
    X(weight, columns)

/* The values that play begins with, or the gaps: not both at once. */
static size_t most_columns(const dt_group_plan *plan)
{
    const size_t rest = plan->columns - plan->best;
    return plan->actors > rest ? plan->actors : rest;
}

double dt_anderson_bytes(const dt_group_plan *plan)
{
    const double states = (double)plan->states, columns = (double)most_columns(plan);
    double numbers = 2 * DT_DEPTH * states * columns;
#define X(name, count) numbers += count;
    ARRAYS(X)
#undef X
    return numbers * (double)plan->width * sizeof(double) + sizeof(dt_anderson);
}

dt_anderson *dt_anderson_new(dt_arena *arena, const dt_group_plan *plan)
{
    const size_t states = plan->states, columns = most_columns(plan);
    dt_anderson *it = dt_new(arena, dt_anderson, 1);
#define X(name, count) it->name = dt_new(arena, double, (size_t)(count)*plan->width);
    ARRAYS(X)
#undef X
    for (int j = 0; j < DT_DEPTH; j++) {
        it->changes[j] = dt_new(arena, double, states *columns * plan->width);
        it->values[j] = dt_new(arena, double, states *columns * plan->width);
    }
    return it;
}

void dt_anderson_begin(dt_anderson *it, const dt_group_plan *plan, size_t first, size_t beyond)
{
    assert(beyond - first <= most_columns(plan));
    it->width = plan->width;
    it->first = first;
    it->size = (beyond - first) * plan->width;
    it->sweeps = it->newest = it->filled = 0;
}

/* Σ over states of a b, [size] of them side by side. */
static void multiply(const double *restrict a, const double *restrict b, size_t states, size_t size,
                     double *restrict sum)
{
    memset(sum, 0, size * sizeof *sum);
    for (size_t s = 0; s < states; s++, a += size, b += size) {
        for (size_t i = 0; i < size; i++)
            sum[i] += a[i] * b[i];
    }
}

void dt_anderson_record(dt_anderson *it, const dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const size_t size = it->size, row = plan->columns * plan->width, from = it->first * plan->width;
    it->sweeps++;
    it->newest = (size_t)(it->sweeps % DT_DEPTH);
    it->filled = it->sweeps < DT_DEPTH ? (size_t)it->sweeps + 1 : DT_DEPTH;
    memset(it->most, 0, size * sizeof *it->most);
    for (size_t s = 0; s < plan->states; s++) {
        const double *now = group->next + s * row + from;
        const double *was = group->before + s * row + from;
        double *change = it->change + s * size, *value = it->value + s * size;
        double *changes = it->changes[it->newest] + s * size;
        double *values = it->values[it->newest] + s * size;
        for (size_t i = 0; i < size; i++) {
            const double moved = now[i] - was[i];
            changes[i] = moved - change[i];
            values[i] = now[i] - value[i];
            change[i] = moved;
            value[i] = now[i];
            it->most[i] = dt_greater(fabs(now[i]), it->most[i]);
        }
    }
    multiply(it->change, it->change, plan->states, size, it->square);
    for (size_t i = 0; i < size; i++) {
        const double discount = group->discount[from + i];
        const double own = discount / (1 - discount) / dt_greater(it->most[i], 1);
        it->weight[i] = own * own;
    }
}

void dt_anderson_products(dt_anderson *it, size_t states, bool sides)
{
    const size_t size = it->size;
    for (size_t j = 0; j < it->filled; j++) {
        double *to = it->product + (it->newest * DT_DEPTH + j) * size;
        multiply(it->changes[it->newest], it->changes[j], states, size, to);
        memcpy(it->product + (j * DT_DEPTH + it->newest) * size, to, size * sizeof *to);
        if (sides)
            multiply(it->changes[j], it->change, states, size, it->side + j * size);
    }
    memset(it->coefficient, 0, DT_DEPTH * size * sizeof *it->coefficient);
}

double dt_anderson_weigh(const dt_anderson *it, const double *product, size_t at, size_t beyond)
{
    double sum = 0;
    for (size_t i = at; i < beyond; i += it->width)
        sum += it->weight[i] * product[i];
    return sum;
}

/*
 * By Cholesky's L D L' of the products, each difference scaled to length 1, from the newest on; those
 * that newer ones explain are left out.
 */
void dt_anderson_least_squares(dt_anderson *it, int differences, size_t at, size_t beyond)
{
    const size_t size = it->size;
    double factor[DT_DEPTH][DT_DEPTH], pivot[DT_DEPTH], right[DT_DEPTH], length[DT_DEPTH];
    double total = 0;
    size_t used[DT_DEPTH], count = 0;
    for (int n = 0; n < differences; n++) {
        const size_t place = (it->newest + DT_DEPTH - (size_t)n) % DT_DEPTH;
        const double *own_products = it->product + place * DT_DEPTH * size;
        const double square = dt_anderson_weigh(it, own_products + place * size, at, beyond);
        if (!(square > 0) || isinf(square))
            continue;
        length[count] = sqrt(square);
        double rest = 1;
        double side = dt_anderson_weigh(it, it->side + place * size, at, beyond) / length[count];
        for (size_t j = 0; j < count; j++) {
            double own = dt_anderson_weigh(it, own_products + used[j] * size, at, beyond) /
                         (length[count] * length[j]);
            for (size_t l = 0; l < j; l++)
                own -= factor[count][l] * pivot[l] * factor[j][l];
            factor[count][j] = own / pivot[j];
            rest -= own * factor[count][j];
            side -= factor[count][j] * right[j];
        }
        if (!(rest > SMALL_SHARE))
            continue;
        pivot[count] = rest;
        right[count] = side;
        used[count++] = place;
    }
    for (size_t j = count; j-- > 0;) {
        right[j] /= pivot[j];
        for (size_t l = j + 1; l < count; l++)
            right[j] -= factor[l][j] * right[l];
    }
    for (size_t j = 0; j < count; j++) {
        right[j] /= length[j];
        total += fabs(right[j]);
    }
    for (size_t j = 0; j < count && total <= MOST_COEFFICIENTS; j++) {
        for (size_t i = at; i < beyond; i += it->width)
            it->coefficient[used[j] * size + i] = right[j];
    }
}

void dt_anderson_combine(const dt_anderson *it, dt_group *group)
{
    const dt_group_plan *plan = group->plan;
    const size_t size = it->size;
    for (size_t j = 0; j < it->filled; j++) {
        const double *values = it->values[j], *c = it->coefficient + j * size;
        double *next = group->next + it->first * plan->width;
        for (size_t s = 0; s < plan->states;
             s++, values += size, next += plan->columns * plan->width) {
            for (size_t i = 0; i < size; i++)
                next[i] -= c[i] * values[i];
        }
    }
}
