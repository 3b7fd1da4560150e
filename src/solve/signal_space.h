/*
 * The equations of a signalling game, with their derivatives. Unknowns are the logits y of all agents
 * relative to their first option; solutions at scale t are the zeros of y - t λ (Q(a) - Q(first)). With
 * the piece of the grid held for every event they are smooth.
 *
 * All that depends on y is a jet: a number followed by its derivatives, which rules of sum, product and
 * quotient carry along (forward differentiation: Griewank & Walther 2008), or the number alone.
 */
#ifndef DT_SOLVE_SIGNAL_SPACE_H
#define DT_SOLVE_SIGNAL_SPACE_H

#include "solve/signal_game.h"
#include "solve/signal_odds.h"
#include "solve/signal_path.h"
#include "solve/signal_reach.h"
#include "solve/signal_types.h"

/* Bounds on the map's slope below this are below 1 whatever rounding does. */
static const double DT_CONTRACTS = 0.9;

/* What is known of a subject after an event. */
typedef struct dt_view_after {
    dt_piece piece;
    uint32_t
        point[DT_MOST_TYPES]; /* [types after] corners of the piece, as they add to a joint point */
    double *at;     /* [types after][types after] the belief of each corner in each type */
    double *belief; /* [types after] jets b' */
    double *weight; /* [types after] jets, of corners */
} dt_view_after;

struct dt_signal_space {
    dt_signal_size size;
    const dt_signal_game *game; /* at hand */
    int agents, total, unknowns;
    size_t width;                   /* of jets at hand: 1, or 1 + unknowns, up to a whole vector */
    size_t room;                    /* of the widest */
    int *agent_player, *agent_type; /* [agents] */
    int *agent_option;              /* [agents+1] its first option, */
    int *agent_unknown;             /* [agents+1] and unknown */
    int *player_agent;              /* [players+1] */
    int *choice;                    /* [cells][players] */
    int *joint;                     /* [types][subjects] */
    int *value_of;                  /* [events][subjects] entry of `view`, or -1: still */
    dt_view_after *view;
    int *ahead_first; /* [events][players] first jet of `ahead` */
    double *after;    /* [events][columns] what follows for voices, of the types after */

    double *logit;   /* [total] jets log σ */
    double *sigma;   /* [total] jets σ */
    double *ahead;   /* jets: what follows an event for a player, of each type after */
    double *worth;   /* jets [1] */
    double *quality; /* [total] jets Q */
    double *gain;    /* [unknowns] jets λ (Q(a) - Q(first)) */
    double *work;    /* jets */
    double *matrix;  /* [unknowns+1][unknowns+1] */
    int *pivot;      /* [unknowns+1] */

    double *point; /* points and right sides [3][unknowns+1] */
    dt_curve curve;
    dt_path_space *path;
    dt_odds *odds;
    dt_branch_space *branch; /* if several may move */
    double *payoff;          /* [cells][players] in normal form */
    int *options;            /* [players] */
    double *rationality;     /* [players] */
    dt_signal_reach *reach;
    dt_signal_types *type_reach; /* NULL: no variable has three values */
    bool only_two;               /* of these the first has taken the node up */
    double *own_pay;             /* [types][cells] */
    double *own_start;           /* [types][cells] */
    const double *start;         /* [types][cells] log odds next to the only solution, or NULL */
    bool doubts;                 /* follows every path, in logits and small steps */
};

/* Lays out the game at hand. */
void dt_signal_begin(dt_signal_space *space, const dt_signal_game *game);

/* Strategies, beliefs and weights at logits y, and then the gains if they are wanted; with derivatives or
 * without. Pieces are found first if `find`, else held. False if something isn't a number, or a type's
 * belief underflows. */
bool dt_signal_evaluate(dt_signal_space *space, const double *y, bool derivatives, bool find,
                        bool gains);

/* Puts strategies in, without derivatives, in place of logits. */
bool dt_signal_put(dt_signal_space *space, const double *sigma, bool gains);

/* Finds the corners of all pieces, which have changed. */
void dt_signal_repoint(dt_signal_space *space);

/* max |σ - softmax(λ Q)| of what was evaluated; 1 if it isn't a number. */
double dt_signal_off(const dt_signal_space *space);

/* A bound on the slope of the fixed point's map in log σ, whatever σ: the largest change of a λ Q, less its
 * mean, that a change of 1 in all log σ can bring; INFINITY if none is known. */
double dt_signal_slope(dt_signal_space *space);

/* 1 if the solution of the game at hand is certainly the only one, and `start` says where it may be; else a scale up to
 * which that is so at each, 0 if none is known. */
double dt_signal_only_upto(dt_signal_space *space);

/* Then: its logits, from strategies that may be near, or NULL. `seen`: what was evaluated last, without
 * derivatives, is the solution. False if it doesn't settle. */
bool dt_signal_find_only(dt_signal_space *space, const double *near, double *y, bool *seen);

/* What players get in each cell of the game at hand, expected over types: payoff [cells][players]; of a game in
 * which nothing is learned from actions, and nobody who moves has two types. False if a belief underflows. */
bool dt_signal_normal_form(dt_signal_space *space, double *payoff);

/* The game at hand as a curve in its logits. */
const dt_curve *dt_signal_logits(dt_signal_space *space);

#endif
