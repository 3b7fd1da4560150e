/*
 * The Cholesky factor of a small matrix.
 */
#ifndef DT_BASE_CHOLESKY_H
#define DT_BASE_CHOLESKY_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* Replaces the lower triangle of a symmetric matrix [n][n] by its factor L, L L' being the matrix. False if
 * it isn't positive definite, by 1e-12. */
static inline bool dt_cholesky(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > 1e-12))
                return false;
            a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
        }
    }
    return true;
}

#endif
