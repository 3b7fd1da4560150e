/*
 * Formulas: a model's expressions made ready to be evaluated millions of times while exploring. A
 * formula knows which slots it reads; if these can take few enough values together, each result is
 * worked out once and looked up ever after. A formula of state alone has a value (`dt_formula_value`);
 * one that may read parameters has a coefficient (`dt_formula_coefficient`), which is what is left
 * of it once the situation is put in. A private variable stays in it as a leaf, unless its value is put in
 * as well, or the game takes it for known; of `belief(COND)` the shares of those values stay for which COND
 * may hold.
 */
#ifndef DT_GAME_FORMULA_H
#define DT_GAME_FORMULA_H

#include "game/game.h"

typedef struct dt_formula dt_formula;

/* One formula for each expression asked for, made on first use. */
typedef struct dt_formulas {
    dt_arena *arena;
    const dt_game *game; /* which has the rules, and says which private variables are known */
    const dt_rules *rules;
    const dt_key_layout *layout;  /* of the keys that situations are given as */
    dt_coefficients *coefficient; /* where coefficients are added */
    dt_formula **made;            /* [expressions of the model] NULL: not yet */
    uint32_t *mark;               /* [expressions of the model] work space */
    double *value;                /* [longest formula] work space */
    uint32_t *index;              /* [longest formula] work space */
    size_t room;
    dt_place undefined; /* of a condition that compared what isn't a number; length 0: none did */
} dt_formulas;

dt_formulas *dt_formulas_new(dt_arena *arena, const dt_game *game, const dt_key_layout *layout);

/* The value of a state-only expression in a situation. */
double dt_formula_value(dt_formulas *formulas, uint32_t expression, const uint32_t *key);

/* Whether a condition holds in a situation; DT_NONE always does. One that isn't a number doesn't, and
 * `place`, where it stands, is kept in `undefined` if it is the first. */
bool dt_formula_holds(dt_formulas *formulas, int64_t condition, const uint32_t *key,
                      dt_place place);

/* The coefficient of an expression in a situation. */
uint32_t dt_formula_coefficient(dt_formulas *formulas, uint32_t expression, const uint32_t *key);

/* The same if the private variable `variable` has a value. It isn't remembered: such are asked for once
 * for each pattern. */
uint32_t dt_formula_coefficient_if(dt_formulas *formulas, uint32_t expression, const uint32_t *key,
                                   int variable, int value);

/* Gives back all that is remembered. */
void dt_formulas_drop(dt_formulas *formulas);

/* The slots but for private variables that an expression reads, ascending; the count is returned. */
int dt_formula_reads(dt_formulas *formulas, uint32_t expression, const int **slot);

#endif
