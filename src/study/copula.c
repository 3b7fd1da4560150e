/*
 * Scores of risks that correlate. With Σ = L Lᵀ their correlations, x an old draw of all and y an
 * independent new one, K those that are kept and R those that are drawn,
 *
 *     y_R + Σ_RK Σ_KK⁻¹ (x_K - y_K)
 *
 * is a draw of R given x_K: its mean given x_K is Σ_RK Σ_KK⁻¹ x_K, and y_R - Σ_RK Σ_KK⁻¹ y_K is
 * independent of K with the conditional covariance (Matheron's rule: Journel & Huijbregts 1978; Hoffman
 * & Ribak 1991). So one new draw serves every choice of R, and with none kept it is itself the result.
 */
#include "study/copula.h"

#include <assert.h>

#include "base/cholesky.h"

/* Correlations below are what a product of factors leaves of 0. */
static const double NOUGHT = 1e-12;

/* Σ of rows i and j. */
static double covariance(const double *factor, size_t rows, size_t i, size_t j)
{
    const double *a = factor + i * rows, *b = factor + j * rows;
    double sum = 0;
    for (size_t k = 0; k <= (i < j ? i : j); k++)
        sum += a[k] * b[k];
    return sum;
}

/* The Cholesky factor of the rows `of` of Σ; positive definite, as Σ is. */
static void factorise_part(const double *whole, size_t rows, const size_t *of, size_t count,
                           double *factor)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j <= i; j++)
            factor[i * count + j] = covariance(whole, rows, of[i], of[j]);
    }
    const bool definite = dt_cholesky(factor, count);
    assert(definite && "part of a matrix that is");
    (void)definite;
}

dt_joint dt_joint_of(dt_arena *arena, const dt_model *model, const size_t *vary, size_t varied)
{
    const dt_copula *copula = &model->copula;
    size_t *row = dt_new(arena, size_t, copula->rows), *of = dt_new(arena, size_t, copula->rows);
    dt_joint joint = {.row = row};
    for (size_t r = 0; r < copula->rows; r++) {
        for (size_t i = 0; i < varied; i++) {
            if (vary[i] != (size_t)copula->param[r])
                continue;
            of[joint.rows] = r;
            row[joint.rows++] = i;
        }
    }
    joint.factor = copula->factor;
    if (joint.rows < copula->rows) {
        double *factor = dt_new(arena, double, joint.rows *joint.rows);
        factorise_part(copula->factor, copula->rows, of, joint.rows, factor);
        joint.factor = factor;
    }
    return joint;
}

size_t dt_joint_groups(dt_arena *arena, const dt_model *model, const size_t *vary, size_t varied,
                       size_t *group)
{
    const dt_joint joint = dt_joint_of(arena, model, vary, varied);
    size_t *first = dt_new(arena, size_t, varied); /* the first member of each one's group */
    for (size_t i = 0; i < varied; i++)
        first[i] = i;
    for (size_t r = 0; r < joint.rows; r++) {
        for (size_t q = 0; q < r; q++) {
            const size_t a = first[joint.row[r]], b = first[joint.row[q]];
            if (a == b || fabs(covariance(joint.factor, joint.rows, r, q)) <= NOUGHT)
                continue;
            for (size_t i = 0; i < varied; i++) { /* both groups become one */
                if (first[i] == a || first[i] == b)
                    first[i] = a < b ? a : b;
            }
        }
    }
    size_t groups = 0;
    for (size_t i = 0; i < varied; i++) {
        assert(first[i] <= i);
        group[i] = first[i] == i ? groups++ : group[first[i]];
    }
    return groups;
}

dt_joint_room dt_joint_room_new(dt_arena *arena, const dt_joint *joint)
{
    return (dt_joint_room){
        .factor = dt_new(arena, double, joint->rows * joint->rows),
        .weight = dt_new(arena, double, joint->rows),
        .kept = dt_new(arena, size_t, joint->rows),
        .old = dt_new(arena, double, joint->rows),
        .new = dt_new(arena, double, joint->rows),
    };
}

void dt_joint_scores(const dt_joint *joint, const double *z, double *score)
{
    for (size_t r = 0; r < joint->rows; r++) {
        score[r] = 0;
        for (size_t j = 0; j <= r; j++)
            score[r] += joint->factor[r * joint->rows + j] * z[j];
    }
}

/* Σ_KK⁻¹ (x_K - y_K) in room->weight. */
static void solve_kept(const dt_joint *joint, dt_joint_room *room, size_t count)
{
    const double *l = room->factor;
    double *w = room->weight;
    factorise_part(joint->factor, joint->rows, room->kept, count, room->factor);
    for (size_t i = 0; i < count; i++) {
        w[i] = room->old[room->kept[i]] - room->new[room->kept[i]];
        for (size_t k = 0; k < i; k++)
            w[i] -= l[i * count + k] * w[k];
        w[i] /= l[i * count + i];
    }
    for (size_t i = count; i-- > 0;) {
        for (size_t k = i + 1; k < count; k++)
            w[i] -= l[k * count + i] * w[k];
        w[i] /= l[i * count + i];
    }
}

void dt_joint_draw(const dt_joint *joint, dt_joint_room *room, const bool *drawn)
{
    size_t count = 0;
    for (size_t r = 0; r < joint->rows; r++) {
        if (!drawn[r])
            room->kept[count++] = r;
    }
    solve_kept(joint, room, count);
    for (size_t r = 0; r < joint->rows; r++) {
        if (!drawn[r])
            continue;
        for (size_t k = 0; k < count; k++)
            room->new[r] +=
                covariance(joint->factor, joint->rows, r, room->kept[k]) * room->weight[k];
    }
    for (size_t k = 0; k < count; k++)
        room->new[room->kept[k]] = room->old[room->kept[k]];
}
