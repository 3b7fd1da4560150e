/*
 * LU factorisation with partial pivoting (Golub & Van Loan, Matrix Computations, §3.4), row-major
 * and unblocked: the matrices here have a handful of rows. Invariant: after dt_factor returns
 * non-zero, the strict lower triangle holds the multipliers, the rest U with a non-zero diagonal,
 * and pivot[k] >= k is the row that was exchanged with row k.
 */
#include "solve/linear.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "base/greater.h"

/* A pivot this small, relative to the largest entry of the matrix, counts as zero. */
static const double SINGULAR = 1e-15;

enum { SQUARINGS = 4 };

/* The few sizes that most matrices have are compiled by themselves, with loops that are laid out. */
#define SIZES(of)                                                                                  \
    of(2);                                                                                         \
    of(3);                                                                                         \
    of(4);                                                                                         \
    of(5)

static inline __attribute__((always_inline)) int factor_size(double *matrix, const int n,
                                                             int *pivot)
{
    double largest = 0;
    for (int i = 0; i < n * n; i++) {
        if (!isfinite(matrix[i]))
            return 0;
        largest = dt_greater(largest, fabs(matrix[i]));
    }
    int sign = 1;
    for (int k = 0; k < n; k++) {
        int p = k;
        for (int i = k + 1; i < n; i++) {
            if (fabs(matrix[i * n + k]) > fabs(matrix[p * n + k]))
                p = i;
        }
        pivot[k] = p;
        if (!(fabs(matrix[p * n + k]) > SINGULAR * largest))
            return 0;
        if (p != k) {
            sign = -sign;
            for (int j = 0; j < n; j++) {
                double held = matrix[k * n + j];
                matrix[k * n + j] = matrix[p * n + j];
                matrix[p * n + j] = held;
            }
        }
        double *top = matrix + k * n;
        if (top[k] < 0)
            sign = -sign;
        for (int i = k + 1; i < n; i++) {
            double *row = matrix + i * n;
            if (row[k] == 0)
                continue;
            double factor = row[k] /= top[k];
            for (int j = k + 1; j < n; j++)
                row[j] -= factor * top[j];
        }
    }
    return sign;
}

int dt_factor(double *matrix, int n, int *pivot)
{
    assert(n >= 1);
    switch (n) {
#define FACTOR(size)                                                                               \
    case size:                                                                                     \
        return factor_size(matrix, size, pivot)
        SIZES(FACTOR);
    default:
        return factor_size(matrix, n, pivot);
    }
}

static inline __attribute__((always_inline)) void substitute_size(const double *matrix, const int n,
                                                                  const int *pivot, double *x)
{
    for (int k = 0; k < n; k++) {
        int p = pivot[k];
        assert(p >= k && p < n);
        double held = x[k];
        x[k] = x[p];
        x[p] = held;
    }
    for (int i = 1; i < n; i++) {
        for (int j = 0; j < i; j++)
            x[i] -= matrix[i * n + j] * x[j];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int j = i + 1; j < n; j++)
            x[i] -= matrix[i * n + j] * x[j];
        assert(matrix[i * n + i] != 0);
        x[i] /= matrix[i * n + i];
    }
}

void dt_substitute(const double *matrix, int n, const int *pivot, double *x)
{
    switch (n) {
#define SUBSTITUTE(size)                                                                           \
    case size:                                                                                     \
        substitute_size(matrix, size, pivot, x);                                                   \
        return
        SIZES(SUBSTITUTE);
    default:
        substitute_size(matrix, n, pivot, x);
    }
}

/* (1-s) a + s b is singular for some s in [0, 1] just if a⁻¹ b has an eigenvalue μ <= 0, that is, if
 * C = (b + a)⁻¹ (b - a) has an eigenvalue c = (μ - 1)/(μ + 1) that is real and not inside (-1, 1).
 * All of them are inside if some power of C has a norm below 1. */
bool dt_line_regular(const double *a, const double *b, int n, double *work, int *pivot)
{
    assert(n >= 1 && a != b);
    size_t size = (size_t)n * (size_t)n;
    double *sum = work, *c = work + size;
    for (size_t i = 0; i < size; i++)
        sum[i] = a[i] + b[i];
    if (dt_factor(sum, n, pivot) == 0)
        return false;
    /* c holds C transposed: each of its rows is a column of C */
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++)
            c[j * n + i] = b[i * n + j] - a[i * n + j];
        dt_substitute(sum, n, pivot, c + j * n);
    }
    for (int squaring = 0;; squaring++) {
        double square = 0;
        for (size_t i = 0; i < size; i++)
            square += c[i] * c[i];
        if (square < 1)
            return true;
        if (squaring == SQUARINGS || !isfinite(square))
            return false;
        double *next = sum; /* its factors are no longer needed */
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++)
                next[i * n + j] = 0;
            for (int k = 0; k < n; k++) {
                for (int j = 0; j < n; j++)
                    next[i * n + j] += c[i * n + k] * c[k * n + j];
            }
        }
        sum = c;
        c = next;
    }
}

double dt_radius(const double *matrix, int n, double enough, double *work)
{
    double *x = work, *y = work + n, bound = INFINITY;
    for (int k = 0; k < n; k++)
        x[k] = 1;
    for (int round = 0; round < 12; round++) {
        double most = 0, top = 0;
        for (int k = 0; k < n; k++) {
            y[k] = 0;
            for (int j = 0; j < n; j++)
                y[k] += matrix[k * n + j] * x[j];
            most = dt_greater(most, y[k] / x[k]);
            top = dt_greater(top, y[k]);
        }
        bound = dt_lesser(bound, most);
        if (top == 0 || bound * enough <= 1)
            break;
        /* half of the old x damps oscillation and keeps x positive */
        for (int k = 0; k < n; k++)
            x[k] = (x[k] + y[k] / top) / 2;
    }
    return bound;
}
