/*
 * The whole stationary game as one system of equations. With lookahead forever a stationary strategy is
 * a logit equilibrium if and only if it solves, at every node and for every agent that chooses there,
 *     F(z, t) = z - [U_k(a) - U_k(0)]_{a = 1 …} = 0,     σ = softmax(z),  z(0) = 0,
 * where U_k(a) = t λ_k Σ_m w_m Q_m(a) is what option a is worth to agent k if everybody plays σ for ever,
 * and t scales everybody's rationality: at t = 1 the zeros are all stationary equilibria, not the one
 * alone that ever longer lookaheads tend to. Values aren't unknowns: given σ they solve a linear system,
 * V_i = r_i + δ_i P V_i over the states in which a period begins.
 *
 * With surplus values an actor also has the entropy of its own choices, H/(t λ). What is worth then is
 * t λ V + E with a column E of its own, the discounted sum of its entropies, which doesn't grow without
 * bound as t falls to 0.
 *
 * Nodes that are worth the same are one (places.h). The matrices are dense: meant for games of at most
 * DT_MOST_UNKNOWNS unknowns.
 */
#ifndef DT_SOLVE_WHOLE_H
#define DT_SOLVE_WHOLE_H

#include "solve/group.h"

enum { DT_MOST_UNKNOWNS = 2000 };

/* What one agent chooses at one node, between two options or more. */
typedef struct dt_simplex {
    uint32_t node;    /* place */
    int k;            /* of its menu's agents */
    int agent;        /* of the rules */
    int options;      /* at least 2 */
    uint32_t option;  /* first entry in a strategy [options of the game] */
    uint32_t unknown; /* first of options-1 */
    uint32_t entry;   /* first of options, in arrays over the options of all choices */
} dt_simplex;

typedef struct dt_whole {
    dt_group *group; /* one world; its numbers are taken */
    bool surplus;
    size_t unknowns, choices, entries, states, columns, places;
    dt_simplex *choice;  /* [choices] node by node */
    uint32_t *choice_of; /* [nodes+1] the first choice of each node */
    int *
        column_actor; /* [columns] payments of each actor, then with surplus values its entropies */
    double *discount; /* [columns] */
    int *factor_of;   /* [columns] which of the factored matrices is its own */
    int factors;

    /* what was evaluated last, at z and t */
    double scale;      /* t */
    double *strategy;  /* [options of the game] σ */
    double *log_sigma; /* [entries] */
    double *state;     /* [states][columns] V (and E) at the beginning of a period */
    double *value;     /* [places][columns] */
    double *gets;      /* [entries][columns] what an option is worth, the others playing σ */
    double *factor;    /* [factors][states][states] I - δ P, factored */
    int *pivot;        /* [factors][states] */
    double *residual;  /* [unknowns] F */
    double *matrix; /* [unknowns+1][unknowns+1] room for the matrix of derivatives and a border */
    int *matrix_pivot; /* [unknowns+1] */

    /* scratch */
    double *block;            /* [places][DT_BLOCK columns] */
    double *direct;           /* [states][DT_BLOCK columns] */
    double *worth;            /* [DT_BLOCK columns] of a cell */
    double *utility;          /* [most cells] */
    double *change;           /* [most options of a node][DT_BLOCK] */
    double *column;           /* [states] */
    double *step, *trial;     /* [unknowns] Newton's */
    double *odds;             /* [unknowns] of what is followed */
    double *kept, *predicted; /* [options of the game] */
    double *follow[5];        /* [unknowns+1] the follower's */
} dt_whole;

enum { DT_BLOCK = 16 }; /* directions that are followed side by side */

/* The number of unknowns of a game: 0 if nobody chooses anywhere. */
size_t dt_whole_unknowns(const dt_places *places);

/* Bytes that dt_whole_new takes. */
double dt_whole_bytes(const dt_group_plan *plan);

/* False, and told, if a game has too many unknowns to follow an equilibrium, or too few bytes are allowed. */
bool dt_whole_fits(const dt_group_plan *plan, const dt_options *options);

/* The system of the group's game, in the world that the group's numbers were last taken for. */
dt_whole *dt_whole_new(dt_arena *arena, dt_group *group);

/* Takes the group's numbers anew, after its world was evaluated. */
void dt_whole_renew(dt_whole *whole);

/* Evaluates σ, values and F at z [unknowns] and scale t. Returns max |F|; NaN or infinity if the numbers
 * can't be handled. O(states³ + branches · states). */
double dt_whole_at(dt_whole *whole, const double *z, double t);

/* matrix = dF/dz, `stride` numbers a row, of what was evaluated last (whole_matrix.c).
 * O(unknowns · (branches + states²) · columns). */
void dt_whole_matrix(dt_whole *whole, size_t stride);

/* rate [unknowns] = dF/dt of what was evaluated last. */
void dt_whole_rate(const dt_whole *whole, double *rate);

/* The log odds of a strategy [options of the game], within what exp can take. */
void dt_whole_odds(const dt_whole *whole, const double *strategy, double *z);

/* What one unit of a column is worth to an agent at the scale evaluated last; 0 if nothing. */
double dt_whole_weight(const dt_whole *whole, int agent, size_t column);

/* utility [cells] = what the cells of a node are worth to an agent at the strategy and scale evaluated last,
 * rationality included (whole_matrix.c). */
void dt_whole_utility(dt_whole *whole, uint32_t node, int agent);

/* ---- solving (whole_newton.c, whole_branch.c, whole_continue.c) ------------------------------------------------------------ */

/* Newton's method with damping, at scale t, from z (overwritten). True if it ended at a zero. `sign`
 * (may be NULL): that of det dF/dz there, 0 if singular. */
bool dt_whole_newton(dt_whole *whole, double *z, double t, int *sign);

/* Whether iterated responses, σ ← softmax(λ Q^σ) with exact values each time, come back to within 1e-6
 * of a solution from a mixture of it with the uniform strategy of weight 1e-4, in 1,000 steps. */
bool dt_whole_held(dt_whole *whole, const double *z);

/* How the following of the branch in λ ended. */
typedef struct dt_lambda_branch {
    bool arrived;
    bool crossed;   /* a bifurcation was crossed along the continuous tangent */
    double scale;   /* the last point's */
    uint64_t steps; /* tried */
} dt_lambda_branch;

/* Follows the principal branch of the whole game from t = 0 to the first point where t is 1, into z. */
dt_lambda_branch dt_whole_branch(dt_whole *whole, double *z);

/* Parameters [params] of two worlds, and the way between them. */
typedef struct dt_segment {
    const double *from, *to;
} dt_segment;

/* Follows the solution z of the world `from` to the world `to` (whole_continue.c); the group's world ends there.
 * Returns the share of the way that was gone: 1 if it arrived, z being the solution there. */
double dt_whole_continue(dt_whole *whole, const dt_segment *segment, double *z);

/* Follows the selected equilibrium from its own numbers to those of the group's world, which stand there again
 * afterwards, into `strategy` [options of the game]; `to` [params] is work space. Returns the share of the way
 * that was gone. */
double dt_whole_reach(dt_whole *whole, const dt_selected *selected, double *to, double *strategy);

/* The equilibrium that is selected for a game; NULL: the limit, as always if nobody chooses by what things are
 * worth. */
const dt_selected *dt_selected_of(const dt_game *game, const dt_options *options);

/* Tells why a selected equilibrium can't be what `function` solves a game for, and returns DT_INVALID (or what
 * else went wrong): it is one at the rationality declared, and of what is known where it was found. DT_OK: it can,
 * or none is selected. */
dt_status dt_selected_fits(const dt_game *game, const dt_options *options, const char *function);

/* Whether it is one at these very numbers [params]. */
bool dt_selected_at(const dt_game *game, const dt_selected *selected, const double *parameters);

/* Asks the group whether to go on; false: leave off. */
static inline bool dt_whole_going(dt_whole *whole)
{
    return dt_group_going(whole->group, whole->group->active);
}

#endif
