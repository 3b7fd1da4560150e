/*
 * What both verifiers do in the same way: go through the places of a period, through the options of a cell, and
 * hold a strategy against the logit of what options are worth.
 */
#ifndef DT_VERIFY_WALK_H
#define DT_VERIFY_WALK_H

#include "game/strategy.h"

/* Places of a stage, or leaves, in period t: all that there are when play is forever. */
uint32_t dt_walk_places(const dt_game *game, uint32_t stage, uint32_t t);

/* Whether the state can begin period t; sets where its play begins. */
bool dt_walk_begins(const dt_game *game, uint32_t state, uint32_t t, uint32_t *place);

/* Periods that are gone through: those of the game, or of play forever so many that δ^N ≤ 1e-13 for the
 * largest discount. */
uint32_t dt_walk_periods(const dt_game *game, const dt_world *world);

/* The options of a cell, one for each agent of the menu; the last agent's varies fastest. */
void dt_walk_options(const dt_menu *menu, int cell, int *option);

/* Payoffs less those of the first leaf in the first column, each term by itself: due [rows][actors][width]
 * is what is left, reference [actors] what is left out, term [terms] work space. */
void dt_walk_due(const dt_game *game, const dt_world *world, double *term, double *due,
                 double *reference);

/* max |σ - softmax(λ q)|, NaN if a number is none. */
double dt_walk_residual(const double *sigma, const double *q, int options, double lambda);

/* (1/λ) log Σ exp(λ q) */
double dt_walk_surplus(const double *q, int options, double lambda);

/* The greater of two, a number that is none before any other. */
static inline double dt_walk_worse(double one, double other)
{
    return one > other || one != one ? one : other;
}

#endif
