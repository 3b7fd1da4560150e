/*
 * Effects: what one action (or one chance stage) does in one situation, as the list of ways in which
 * it can come out, each with the coefficient of its probability, and what it pays on average.
 *
 * Alone, a mover's effects run top to bottom and each sees what those before it wrote; a draw is then
 * the whole situation afterwards. In a stage of several movers every effect sees the situation as the
 * stage began; a draw is then what is to be written: an assignment and an increment per variable,
 * to be put together with the other movers' by the explorer.
 *
 * A stage may have a secret: the one private variable that its probabilities read or its effects write.
 * No condition reads it, so every type (value of the secret) goes the same ways; what differs is how
 * probable a way is, and where the secret goes on it. So a draw has a probability for each type, as if the
 * effects had been run for that type alone, and a move: the value afterwards of each. Payments read the
 * secret where they stand. At the end the numbers of all types become one coefficient that chooses by the
 * secret's value. If that is known it is the number of that one type: which ways there are is the same
 * whatever is known.
 */
#ifndef DT_GAME_EFFECTS_H
#define DT_GAME_EFFECTS_H

#include "base/diagnostic.h"
#include "game/formula.h"
#include "game/game.h"

/* Alone: a key, then [types] the rank that the secret goes to, if there is one. At once, as int32_t:
 * [variables] value assigned or DT_UNASSIGNED, then [variables] increment. */
enum { DT_UNASSIGNED = INT32_MIN, DT_MAX_INCREMENT = 1 << 30 };

typedef struct dt_draws {
    size_t count;
    dt_indices probability; /* [draws][types] coefficients */
    dt_indices content;     /* [draws][width] */
    size_t width;
} dt_draws;

/* What is paid on average: terms in ascending order, each with its coefficient, none zero. */
typedef struct dt_payments {
    dt_indices term;
    dt_indices coefficient;
} dt_payments;

/* What went wrong; the explorer adds the state and how it was reached. */
typedef struct dt_fault {
    dt_code code;
    dt_place place;
    const char *first, *second, *third; /* arguments of the code's format */
    int secret, value; /* it is so if this private variable has this value; or DT_NONE */
} dt_fault;

typedef struct dt_effects_engine {
    dt_arena *arena;
    const dt_model *model;
    dt_formulas *formulas;
    dt_coefficients *coefficient;
    uint32_t zero, one;   /* coefficients of the constants */
    int secret;           /* of the stage whose effects are run, or DT_NONE */
    uint32_t types;       /* its values; 1 without */
    const uint32_t *base; /* the situation as the stage began; read if at_once */
    bool at_once;
    uint32_t
        *payment;    /* [terms][most types] coefficients of what the run pays; zero between runs */
    dt_indices paid; /* terms whose payment isn't zero, in the order of payment */
    dt_fault fault;
    dt_list(dt_check) checks; /* `where` is set by the explorer */
    dt_list(uint8_t) checked; /* [coefficients] a bit for each dt_check_kind */
    uint32_t where;           /* given to new checks */
    dt_indices bucket;        /* work space of merging */
    dt_indices
        chance; /* the arms' probabilities of the `with`s being run, by types; inner ones last */
    uint32_t *product; /* [most types] work space */
    uint32_t most_types;
} dt_effects_engine;

dt_effects_engine *dt_effects_engine_new(dt_arena *arena, dt_formulas *formulas,
                                         dt_coefficients *coefficient);

/* The stage whose effects will be run has a secret, or DT_NONE. */
void dt_effects_begin(dt_effects_engine *engine, int secret);

/* Runs effects from the situation `base`, putting the draws into *draws and what they pay into
 * *payments (both emptied first). False on a fault. */
bool dt_effects_run(dt_effects_engine *engine, dt_effects effects, const uint32_t *base,
                    bool at_once, dt_draws *draws, dt_payments *payments);

/* ---- what running effects is made of (effects.c, chance.c) ---- */

/* The probabilities [types] of a draw, its content, and the situation that effects of this draw see. */
static inline uint32_t *dt_draw_chances(const dt_effects_engine *engine, dt_draws *draws,
                                        size_t draw)
{
    return draws->probability.at + draw * engine->types;
}

static inline uint32_t *dt_draw_content(dt_draws *draws, size_t draw)
{
    return draws->content.at + draw * draws->width;
}

static inline const uint32_t *dt_draw_view(const dt_effects_engine *engine, dt_draws *draws,
                                           size_t draw)
{
    return engine->at_once ? engine->base : dt_draw_content(draws, draw);
}

/* Where the secret goes in a draw of a mover alone: [types] ranks. */
static inline uint32_t *dt_draw_move(const dt_effects_engine *engine, dt_draws *draws, size_t draw)
{
    return dt_draw_content(draws, draw) + engine->formulas->layout->words;
}

/* Whether a type comes as far as a draw with probabilities `before`: not if its own is the constant 0. */
static inline bool dt_type_comes(const dt_effects_engine *engine, const uint32_t *before,
                                 uint32_t type)
{
    return engine->types == 1 || before[type] != engine->zero;
}

/* The coefficient of an expression for a type, as effects of this draw see it. */
uint32_t dt_draw_coefficient(dt_effects_engine *engine, uint32_t expression, dt_draws *draws,
                             size_t draw, uint32_t type);

/* The coefficient that is by_type[k] for the type of rank k: it reads the secret, if they differ and it isn't
 * known. */
uint32_t dt_effects_choose(dt_effects_engine *engine, const uint32_t *by_type);

/* Sees to it that coefficients [types] are what their kind says, for each type that comes as far as a draw with
 * probabilities `before`: now if they are constants, in every world if not. False on a fault. */
bool dt_effects_check(dt_effects_engine *engine, dt_check_kind kind, const uint32_t *coefficient,
                      const uint32_t *before, dt_place place);

/* Puts the probabilities of an arm, by types, at the end of engine->chance, checked. `sum` [types]: of the
 * arms before it, which is added to. False on a fault. */
bool dt_effects_find_arm(dt_effects_engine *engine, const dt_effect *effect, int arm,
                         dt_draws *draws, size_t draw, uint32_t *sum);

/* Notes a fault; false. */
bool dt_effects_fault(dt_effects_engine *engine, dt_code code, dt_place place, const char *first,
                      const char *second, const char *third);
const char *dt_effects_number(dt_effects_engine *engine, double number);

#endif
