/*
 * The game at one node, for one public belief, where players who know something move and the others
 * learn from what they see: a signalling game. Continuation values are final, given at the points of the
 * grids (game/grid.h); where an event leaves a belief off the grid they are those of the corners around
 * it, weighed as the public signal is.
 *
 * With b the beliefs as the stage begins, P(e, k'|k) the probability that type k takes the stage to the
 * event e and the value k', and σ_k inside P where the owner moves,
 *     b'(k') ∝ Σ_k b(k) P(e, k'|k)
 *     what follows, for the owner    Σ_g w_g(b') g(k')/b'(k') V_k'(g)
 *     for anybody else               Σ_g w_g(b') V(g)
 *     σ_k(a) ∝ exp(λ Q_k(a))         a fixed point, as Q depends on σ through b'.
 * The one selected lies on the principal branch: the path of solutions with all λ scaled from 0, where
 * nothing is learned from actions, to 1 (docs/method.md, Private variables).
 *
 * Where the fixed point's slope in log σ is certainly below 1, whatever σ, the solution is the only one at
 * every scale; it is then found from any start.
 */
#ifndef DT_SOLVE_SIGNAL_GAME_H
#define DT_SOLVE_SIGNAL_GAME_H

#include "base/limits.h"
#include "game/grid.h"
#include "solve/stage_game.h"

enum { DT_MOST_SUBJECTS = DT_MAX_MOVERS + 1 };

/* Values of places at all joint points of the grids. */
typedef struct dt_ahead {
    const double *const *value; /* [packs of 8 points] → [places][columns][8] */
    size_t columns;
    size_t variables; /* private ones */
    const double
        *steep; /* [places][columns][variables][2] bounds of signal_unique.c, or NULL: none */
    uint64_t
        stamp; /* as long as it is the same, values of places asked for are; 0: they may have changed */
} dt_ahead;

static inline double dt_ahead_at(const dt_ahead *ahead, uint32_t place, int column, uint32_t point)
{
    return ahead->value[point / 8][(place * ahead->columns + (size_t)column) * 8 + point % 8];
}

/* A private variable about which something can be learned at the node, or which moves there. */
typedef struct dt_subject {
    const dt_grid *grid;
    int variable;                 /* among the private ones */
    uint32_t stride;              /* of its points, in the number of a joint point */
    uint32_t point;               /* its point as the stage begins */
    int owner;                    /* the player who knows it, or -1: nobody who moves here does */
    int types;                    /* that are possible as the stage begins, */
    uint8_t type[DT_MOST_TYPES];  /* [types] their ranks, ascending, */
    double belief[DT_MOST_TYPES]; /* [types] and what is believed of each: positive */
} dt_subject;

/* Who moves: an agent of the menu. */
typedef struct dt_player {
    int subject; /* that it knows, or -1 */
    int options;
    double rationality;
    int members;       /* of a team; else 1 */
    const int *column; /* [members] columns of values; of one who knows something [values of it] */
    const double *weight; /* [members] */
} dt_player;

/* A branch of a cell: with which chance it is taken, and where the secret goes, for each type. */
typedef struct dt_signal_branch {
    int cell, event;
    const double *chance; /* [types of the secret]; without a secret [1] */
    const uint8_t *after; /* [types of the secret] the type after, an index in the event's face */
} dt_signal_branch;

/* What is seen: the cell that was played, unless it is hidden, and the public place that follows. */
typedef struct dt_signal_event {
    int cell;             /* or -1: all cells lead there, unseen */
    uint32_t target;      /* place of the game, */
    uint32_t place;       /* and where its values are */
    const dt_face *face;  /* [subjects] what is possible afterwards */
    const uint8_t *still; /* [subjects] 1: nothing is learned of it, and it doesn't move */
} dt_signal_event;

typedef struct dt_signal_game {
    int subjects;
    const dt_subject *subject;
    int secret;     /* the subject that chances read or effects move, or -1 */
    uint32_t point; /* the joint point at which everything stays that isn't a subject */
    int players;    /* 0: chance */
    const dt_player *player;
    int cells;         /* the last player's option varies fastest */
    int types;         /* joint types of the subjects, the last varying fastest */
    const double *pay; /* [cells][types][players] what a player is paid: a team's is weighed */
    int events;
    const dt_signal_event *event;
    int branches;
    const dt_signal_branch *branch; /* by cells */
    const int *cell_branch;         /* [cells+1] the first of each */
    dt_ahead ahead;
    bool asked;          /* dt_signal_upto was, and said: */
    double upto;         /* see there */
    const double *start; /* [types][cells], if that is 1 */
} dt_signal_game;

/* The largest of what may come. */
typedef struct dt_signal_size {
    int players, options, cells, types, subjects, events, branches;
    int values;   /* of the subject that has most */
    int fineness; /* of the finest grid */
    int columns;  /* of voices */
} dt_signal_size;

typedef struct dt_signal_space dt_signal_space;

/* Work space for games up to a size, and its bytes. */
dt_signal_space *dt_signal_space_new(dt_arena *arena, const dt_signal_size *size);
double dt_signal_space_bytes(const dt_signal_size *size);
/* From now on nothing is believed to be the only solution: every path is followed, in logits and in steps twelve
 * times smaller. For tests. */
void dt_signal_space_doubt(dt_signal_space *space);

/* Follows the principal branch. An agent is a player, or one possible type of a player who knows
 * something; sigma [agents][options of each] has them in the order of players, types ascending. `near`
 * (may be NULL) is such a strategy that is looked at only where the solution is certainly the only one.
 * `proved` (may be NULL): whether it is. A path that is lost leaves the strategies of its last point.
 * Takes bounded time, allocates nothing. */
dt_branch_result dt_signal_follow(const dt_signal_game *game, dt_signal_space *space,
                                  const double *near, double *sigma, bool *proved);

/* Whether the solution is certainly the only one, whatever is believed and paid (never if there
 * are doubts); if not, whether that may be known at a belief. `base`: see dt_signal_reach_take. */
bool dt_signal_certain(const dt_signal_game *game, dt_signal_space *space);
bool dt_signal_may_be_certain(const dt_signal_game *game, dt_signal_space *space, uint32_t base);
/* Then, at this one [types], of which two are positive at least, pay [types][cells] being what is paid: 1 if the
 * solution is certainly the only one; else a scale up to which that is so at each, 0 if none is known. `start`
 * [types][cells]: log odds against the first option from which to look for the only one. */
double dt_signal_upto(const dt_signal_space *space, const double *belief, const double *pay,
                      double *start);

/* How much what follows can change with what is believed about a variable, for a place whose values are
 * final: two numbers, for a change of 1 in all log σ of the types; where the variable stands still at the
 * stage, and where it moves. `known`: a column for a type of the variable itself, of this rank; else -1.
 * INFINITY if no bound is known. */
void dt_steep_find(const dt_ahead *ahead, uint32_t place, int column, const dt_grid *grid,
                   uint32_t stride, uint32_t points, int known, double steep[2]);

/* max |σ - softmax(λ Q)| of strategies; 1 if it isn't a number. */
double dt_signal_residual(const dt_signal_game *game, dt_signal_space *space, const double *sigma);

/* ---- what the game is worth for strategies ----------------------------------------------------- */

/* A voice: somebody whose values are wanted, in one column, or in one for each value of what it knows. */
typedef struct dt_voice {
    int subject;       /* that it knows, or -1; */
    int player;        /* as which it moves and would answer best, or enjoys its taste; or -1 */
    bool best;         /* the greatest instead of the average over its own options */
    bool taste;        /* the surplus instead of that */
    const int *column; /* [1], or [values of what it knows] */
} dt_voice;

/* Values of voices at the node, into value [columns], for strategies sigma, or, if it is NULL, for those that
 * dt_signal_follow has just found: columns of types that aren't possible are left as they are. pay [cells][types][columns]: what a column is paid, of an owner's those of
 * its own type. False if a type of positive belief has no chance after an event, as it underflows. */
bool dt_signal_value(const dt_signal_game *game, dt_signal_space *space, const double *sigma,
                     int voices, const dt_voice *voice, const double *pay, double *value);

/* ---- what is seen and believed ------------------------------------------------------------------ */

/* Puts strategies in and finds what is believed after each event. False if a type of positive belief has no
 * chance, as it underflows. */
bool dt_signal_see(const dt_signal_game *game, dt_signal_space *space, const double *sigma);

/* The probability that was put in for a player's option; type: its own, if it knows something. */
double dt_signal_chance(const dt_signal_space *space, int player, int type, int cell);

/* The signal about a subject after an event, S corners for as many types after. */
typedef struct dt_signal_view {
    int corners;
    const uint32_t *point; /* [corners] what each adds to a joint point */
    const double *weight;  /* [corners] w_g */
    const double *at;      /* [corners][corners] g(k) */
    const double *belief;  /* [corners] b'(k) */
} dt_signal_view;

/* False if nothing was learned of it. */
bool dt_signal_heard(const dt_signal_space *space, int event, int subject, dt_signal_view *view);

#endif
