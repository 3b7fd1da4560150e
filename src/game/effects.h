/*
 * Effects: what one action (or one chance stage) does in one situation, as the list of ways in which
 * it can come out, each with the coefficient of its probability, and what it pays on average.
 *
 * Alone, a mover's effects run top to bottom and each sees what those before it wrote; a draw is then
 * the whole situation afterwards. In a stage of several movers every effect sees the situation as the
 * stage began; a draw is then what is to be written: an assignment and an increment per variable,
 * to be put together with the other movers' by the explorer.
 */
#ifndef DT_GAME_EFFECTS_H
#define DT_GAME_EFFECTS_H

#include "base/diagnostic.h"
#include "game/formula.h"
#include "game/game.h"

/* Alone: a key. At once, as int32_t: [variables] value assigned or DT_UNASSIGNED, then [variables]
 * increment. */
enum { DT_UNASSIGNED = INT32_MIN, DT_MAX_INCREMENT = 1 << 30 };

typedef struct dt_draws {
    dt_indices probability; /* coefficient of each draw */
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
} dt_fault;

typedef struct dt_effects_engine {
    dt_arena *arena;
    const dt_model *model;
    dt_formulas *formulas;
    dt_coefficients *coefficient;
    uint32_t zero, one;   /* coefficients of the constants */
    const uint32_t *base; /* the situation as the stage began; read if at_once */
    bool at_once;
    uint32_t *payment; /* [terms] coefficients of what the run pays; zero between runs */
    dt_indices paid;   /* terms whose payment isn't zero, in the order of payment */
    dt_fault fault;
    dt_list(dt_check) checks; /* `where` is set by the explorer */
    dt_list(uint8_t) checked; /* [coefficients] a bit for each dt_check_kind */
    uint32_t where;           /* given to new checks */
    dt_indices bucket;        /* work space of merging */
    dt_indices chance; /* the arms' probabilities of the `with`s being run, inner ones last */
} dt_effects_engine;

dt_effects_engine *dt_effects_engine_new(dt_arena *arena, dt_formulas *formulas,
                                         dt_coefficients *coefficient);

/* Runs effects from the situation `base`, putting the draws into *draws and what they pay into
 * *payments (both emptied first). False on a fault. */
bool dt_effects_run(dt_effects_engine *engine, dt_effects effects, const uint32_t *base,
                    bool at_once, dt_draws *draws, dt_payments *payments);

#endif
