/*
 * Small dense linear systems: LU factorisation with partial pivoting (Golub & Van Loan, Matrix
 * Computations, §3.4). The sign of the determinant comes with it.
 */
#ifndef DT_SOLVE_LINEAR_H
#define DT_SOLVE_LINEAR_H

#include <stdbool.h>

/* Factors the n × n matrix (row-major, overwritten); pivot has room for n. Returns the sign of the
 * determinant, -1 or 1, or 0 if the matrix is singular to working precision or not finite. */
int dt_factor(double *matrix, int n, int *pivot);

/* Solves with a factored matrix; `x` holds the right side, then the solution. */
void dt_substitute(const double *matrix, int n, const int *pivot, double *x);

/* True if it is certain that every matrix on the straight line from `a` to `b`, n × n, is regular.
 * `work` has room for 2 n², pivot for n. */
bool dt_line_regular(const double *a, const double *b, int n, double *work, int *pivot);

/* A bound from above on the spectral radius of a non-negative matrix, n × n: max_k (M x)_k / x_k for any x > 0
 * (Collatz–Wielandt), with x from a few power iterations, fewer once the bound times `enough` is at most 1. `work` has room
 * for 2 n. */
double dt_radius(const double *matrix, int n, double enough, double *work);

#endif
