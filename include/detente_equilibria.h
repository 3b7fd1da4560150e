/*
 * Detente: other equilibria of play forever. dt_solve selects the stationary equilibrium that ever longer
 * lookaheads tend to; there may be others, that solve the same equations as exactly. They are looked for
 * here, certified, told apart, and shown with what they differ in; and one of them can be followed to
 * other numbers. The rest of the public interface, and the conventions, are in detente.h.
 */
#ifndef DETENTE_EQUILIBRIA_H
#define DETENTE_EQUILIBRIA_H

#include "detente.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dt_equilibria dt_equilibria;

/* How to look. Zeroed means the defaults. */
typedef struct dt_search {
    uint64_t
        starts; /* random starting strategies, or values; 0: 500 if all unknowns are solved for at
                        once, else 20 */
    uint64_t seed; /* of them: start k depends on it and on k alone */
    const double
        *given; /* [dt_game_options] a strategy to start from as well, as dt_game_strategy_entry
                            lays it out; NULL: none */
} dt_search;

/* Where an equilibrium was found: one of these or several. */
enum {
    DT_FOUND_LIMIT = 1,  /* by ever longer lookaheads: what dt_solve selects */
    DT_FOUND_BRANCH = 2, /* at the end of the principal branch of the whole stationary game in λ */
    DT_FOUND_GIVEN = 4,  /* from the strategy that was given */
    DT_FOUND_STARTS = 8, /* from random ones */
};

typedef enum dt_held { DT_HELD_NO, DT_HELD_YES, DT_HELD_UNKNOWN } dt_held;

typedef struct dt_equilibrium {
    unsigned found;              /* DT_FOUND_LIMIT … */
    uint64_t starts;             /* random starts that ended here */
    const dt_solution *solution; /* certified as any other; solved */
    /* Whether iterated responses hold it: σ ← softmax(λ Q) with exact values each time, begun off it
     * by 1e-4 towards the uniform strategy, is back within 1e-6 in 1,000 steps. Unknown for games with too many unknowns to
     * try it. */
    dt_held held;
    double
        distance; /* the largest difference of a probability from the limit's; NAN if that isn't solved */
} dt_equilibrium;

/* What the search did. */
typedef struct dt_search_report {
    uint64_t unknowns; /* log odds: options less one, over all distinct nodes and agents */
    bool whole;        /* all unknowns at once, by Newton's method; else play forever was begun from
                          random values, which finds only what that recursion holds */
    uint64_t starts;   /* tried */
    uint64_t ended;    /* at an equilibrium */
    bool limit;        /* whether the limit is solved */
    bool branch;       /* whether the branch in λ arrived, */
    bool crossed;      /* over a bifurcation; */
    double scale;      /* else the share of everybody's rationality at which it was lost */
    uint64_t together; /* nodes where several choose at once; */
    uint64_t plural; /* those of them at which, values being the limit's, the stage game has several
                          solutions; looked for if `whole` and `limit` */
    double passes;   /* how often play passes such a node over the horizon, in expectation */
    bool full;       /* more equilibria than DT_MOST_EQUILIBRIA: the rest was left out */
} dt_search_report;

enum { DT_MOST_EQUILIBRIA = 500 };

/* Probabilities in a stationary strategy of a game: all options of all distinct nodes. */
DT_API size_t dt_game_options(const dt_game *game);
/* Where in it the probability of an option stands; SIZE_MAX if there is no such node, agent or option. */
DT_API size_t dt_game_strategy_entry(const dt_game *game, uint64_t node, size_t agent,
                                     size_t option);

/* Looks for stationary equilibria of a game with lookahead forever, in one world. What is
 * found may be nothing. DT_INVALID if the lookahead isn't forever
 * or the numbers are wrong. Progress is told in starts. Order: the limit, the branch, then by distance
 * from the limit. */
DT_API dt_status dt_equilibria_find(const dt_game *game, const double *parameters, dt_values values,
                                    const dt_search *search, const dt_options *options,
                                    dt_equilibria **equilibria);
DT_API void dt_equilibria_free(dt_equilibria *equilibria);

DT_API size_t dt_equilibria_count(const dt_equilibria *equilibria);
DT_API dt_equilibrium dt_equilibria_item(const dt_equilibria *equilibria, size_t index);
DT_API dt_search_report dt_equilibria_report(const dt_equilibria *equilibria);

/* The equilibrium `index`, to be put among dt_options.selected: everything that solves with these options
 * uses it. It lives as long as the equilibria. No strategy if there is no such equilibrium. */
DT_API dt_selected dt_equilibria_selected(const dt_equilibria *equilibria, size_t index);

/* The equilibrium `index` continued to other numbers along the straight segment of parameters. DT_NO and a
 * solution that isn't solved if it folds on the way. The solution is freed as any other, and needs the game
 * alone. */
DT_API dt_status dt_equilibria_continue(const dt_equilibria *equilibria, size_t index,
                                        const double *parameters, const dt_options *options,
                                        dt_solution **solution);

#ifdef __cplusplus
}
#endif

#endif
