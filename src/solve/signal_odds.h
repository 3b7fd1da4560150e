/*
 * A signalling game in what actions tell: the form of those in which one agent of two types moves and is seen,
 * by itself or at once with others who know nothing.
 */
#ifndef DT_SOLVE_SIGNAL_ODDS_H
#define DT_SOLVE_SIGNAL_ODDS_H

#include "solve/signal_path.h"

typedef struct dt_odds dt_odds;
typedef struct dt_odds_bound dt_odds_bound;

/* An event after an action, as the others hear of it. */
typedef struct dt_told_event {
    int cell, interval;
    uint32_t place;
    double chance[2];
    double odds; /* log b'(0)/b'(1) - ρ; not finite: of one type alone */
} dt_told_event;

struct dt_odds {
    int most_fineness, fineness; /* of what `knot` holds */
    const dt_signal_game *game;
    dt_curve curve;
    const dt_grid *grid;
    double *knot; /* [N+1] log odds of the knots */
    int typed;    /* the player who knows */
    int options;  /* its */
    int *choice;  /* [cells][players] */
    int *first;   /* [players] unknown of the second option of those who don't know, less 1 */
    dt_told_event *event;      /* [events] */
    uint8_t *held;             /* [options] the numbers below are those of the intervals */
    double *sure[2], *told[2]; /* [cells] */
    double *worth[2];          /* [players][cells] of the others, times b(k) */
    double *low, *high;        /* [options] where ρ may be */
    double *sigma[2], *quality[2], *rise[2]; /* [options] σ_k, Q_k, ∂Q_k/∂ρ */
    double *likely[2];                       /* [options] e^-ρ and e^ρ */
    double *mixed;                           /* [players][options] σ of the others */
    double *gain;                            /* [options] Q_j */
    double *logit[2];     /* [options][unknowns+1] derivatives of t λ Q_k, then of log σ_k */
    double *mean;         /* [unknowns+1] */
    double *gradient;     /* [options][unknowns+1] of Q_j */
    dt_odds_bound *bound; /* of signal_odds_unique.c */
};

/* Room for games up to a size, and its bytes. */
dt_odds *dt_odds_new(dt_arena *arena, const dt_signal_size *size);
double dt_odds_bytes(const dt_signal_size *size);

/* Takes up a game; NULL if it isn't of this form. */
const dt_curve *dt_odds_take(dt_odds *odds, const dt_signal_game *game);

/* The chances of an event by type, of a game with one subject of two possible values; false if its action isn't
 * seen, or what is known changes. */
bool dt_told_chance(const dt_signal_game *game, int event, double chance[2]);

/* The option of who knows in a cell. */
static inline int dt_odds_act(const dt_odds *odds, int cell)
{
    return odds->choice[cell * odds->game->players + odds->typed];
}

/* What follows an event for a player at a knot; for who knows, as a type. */
double dt_odds_ahead(const dt_odds *odds, const dt_told_event *event, const dt_player *player,
                     int type, int knot);

/* A bound on a norm of the slope of the map of the game that was taken up, at scale 1 and for all that can be a
 * solution at any scale up to 1; it grows with the scale. Found less exactly once it is below `enough`; INFINITY
 * if none is known. */
double dt_odds_slope(const dt_odds *odds, double enough);
dt_odds_bound *dt_odds_bound_new(dt_arena *arena, const dt_signal_size *size);
double dt_odds_bound_bytes(const dt_signal_size *size);

/* The logits of all agents, relative to their first options, at a point of the curve of scale 1. */
void dt_odds_logits(const dt_odds *odds, const double *point, double *logit);

#endif
