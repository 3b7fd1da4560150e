/*
 * The equations of the principal branch, and the work space they are evaluated in.
 *
 * Unknowns: z_k(a), the log odds of agent k's option a against its option 0, for a = 1 …. With
 *     G_k(s) = λ_k (u_k(s) - u_k(0, s_-k)) / Λ,     Λ = max |λ_k (u_k(s) - u_k(0, s_-k))|,
 *     D_k(a) = Σ over the others' profiles of Π_{j≠k} σ_j · G_k(a, ·),     σ = softmax(z),
 * the logit equilibria at scale t are the zeros of F(z, τ) = z - τ D(σ(z)) at τ = t Λ. Taking
 * differences to option 0 drops what an agent can't influence; dividing by Λ makes all numbers of
 * order one, whatever the units of payoffs and rationality: the interesting part of a branch lies
 * at τ of order one to ten, and beyond it branches become straight.
 */
#ifndef DT_SOLVE_EQUATIONS_H
#define DT_SOLVE_EQUATIONS_H

#include "solve/stage_game.h"

enum { DT_MAX_AGENTS = 5 };

struct dt_branch_space {
    int max_agents, max_total, max_cells; /* the sizes it was made for */

    /* the game at hand */
    int agents, total, cells, unknowns;
    int options[DT_MAX_AGENTS];
    int first[DT_MAX_AGENTS + 1];   /* first option of each agent; then the total */
    int unknown[DT_MAX_AGENTS + 1]; /* first unknown of each agent; then their number */
    int stride[DT_MAX_AGENTS];      /* cells between neighbouring options of an agent */
    double scale;                   /* Λ; 0 if nobody can influence what it gets */
    double *advantage;              /* [agents][cells] G_k */

    /* what was evaluated last */
    bool paired;       /* `pair` belongs to the game at hand */
    double *sigma;     /* [total] */
    double *log_sigma; /* [total] if dt_equations_logs was called since; else up to a constant */
    double sum[DT_MAX_AGENTS]; /* Σ_a exp(log_sigma[a]) of each agent before that */
    double *gain;              /* [total] D_k(a); 0 for a = 0 */
    double *pair;   /* [total][total] at (k,a), (j,b): the expectation of G_k when k chooses a, j
                          chooses b, and the others play σ */
    double *value;  /* [unknowns] F */
    double *matrix; /* [unknowns+1]² as built, then factored */
    int *pivot;     /* [unknowns+1] */

    /* the follower's (branch_step.h): points are (z, τ), [unknowns+1] */
    double *point, *tangent;             /* on the branch, and its unit tangent there */
    double *trial, *trial_tangent;       /* a step further */
    double *anchor, *anchor_tangent;     /* an earlier point */
    double *point_sigma, *point_log;     /* [total] σ and log σ at the point */
    double *point_matrix, *trial_matrix; /* [unknowns+1]² [F_z F_τ; any border] at both */
    double *work;                        /* [2][unknowns+1]² */
    double *answer;                      /* [unknowns] where Newton's method ends */
    double *change, *start, *ahead;      /* scratch */
};

/* Takes up a game that the space has room for. False if its numbers are too large to be handled:
 * some λ u overflows. */
bool dt_equations_set(dt_branch_space *space, const dt_stage_game *game);

/* Evaluates σ, log σ, D and the pairs at z. */
void dt_equations_at(dt_branch_space *space, const double *z);

/* Completes log σ. */
void dt_equations_logs(dt_branch_space *space);

/* value = F(z, τ), of what was evaluated last; returns its Euclidean norm. */
double dt_equations_value(dt_branch_space *space, const double *z, double tau);

/* matrix = [F_z F_τ; border], unknowns+1 rows, or F_z alone if border is NULL, of what was
 * evaluated last. */
void dt_equations_matrix(dt_branch_space *space, double tau, const double *border);

/* A τ (maybe INFINITY) below which the logit equilibrium is certainly unique, as large as can be
 * shown; or one of at least `enough`, when less work shows that. See unique.c. */
double dt_equations_unique(const dt_branch_space *space, double enough);

#endif
