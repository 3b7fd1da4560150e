/*
 * Outcomes: the exact expectations that a model declares, under the strategies found, of one world or
 * of DT_WORLDS side by side.
 */
#ifndef DT_TRACE_OUTCOMES_H
#define DT_TRACE_OUTCOMES_H

#include "base/diagnostic.h"
#include "solve/private_chain.h"
#include "trace/forward.h"

/* How the mass at a row of arguments counts. */
typedef enum dt_sum {
    DT_SUM_NOW,  /* at the end of some period */
    DT_SUM_REST, /* as a state that stands after an end, times the periods left */
    DT_SUM_LAST, /* at the horizon, standing or not */
    DT_SUMS
} dt_sum;

/* A gate's condition in a row. */
typedef struct dt_gate {
    size_t mass; /* that carries the probability that it hasn't held yet */
    uint32_t outcome, coefficient;
} dt_gate;

/* All arrays but those of gates end in [width], the worlds. */
typedef struct dt_outcomes {
    const dt_game *game;
    size_t width, outcomes;
    bool shared;        /* the coefficients are those of one world, whatever the width */
    uint32_t periods;   /* that are counted, those before the horizon */
    size_t masses;      /* that are carried forward, */
    size_t offset;      /* of one world: from here on among those of a place */
    size_t *gate_mass;  /* [outcomes] of a gate; else 0 */
    size_t *gate_first; /* [rows+1] into the next */
    dt_gate *gate;
    double *sum; /* [rows][DT_SUMS] mass of rows of arguments */
    double *now; /* [dated rows] mass in the period at hand, and that of states which stand since */
    double
        *stood; /* earlier ends: rows of arguments that read `now` are worked out in each period */
    uint32_t *dated; /* [rows] 1 + the dated row; 0: none. NULL if there are none */
    double *value;   /* [outcomes] */
    uint32_t *
        broken; /* [outcomes] a row that is reached and whose argument isn't a finite number, so that
                         the value means nothing; or DT_NOWHERE */
} dt_outcomes;

/* The first `outcomes` of a model: the declared ones, or those of expectations, too. */
dt_outcomes *dt_outcomes_new(dt_arena *arena, const dt_game *game, size_t outcomes, size_t width);
/* The masses that are carried for them: one, and one for each gate. */
size_t dt_outcomes_masses(const dt_game *game, size_t outcomes);
/* Bytes that it takes. */
double dt_outcomes_bytes(const dt_game *game, size_t outcomes, size_t width);

/* Before the first period; then after each has been spread, where gates are cut out of the masses; and
 * at the end, where the numbers of arguments come in that don't read `now`. */
void dt_outcomes_begin(dt_outcomes *outcomes);
void dt_outcomes_count(dt_outcomes *outcomes, dt_forward *forward, uint32_t t);
void dt_outcomes_end(dt_outcomes *outcomes, const double *coefficient);

/* All of a solution, those of expectations too, by one forward pass over the horizon. Can be
 * interrupted (dt_progress). */
dt_outcomes *dt_outcomes_forward(dt_arena *arena, const dt_solution *solution,
                                 const dt_options *options);

/* The same; and what the declared ones would be if `other` [options] were played in all periods (NULL: not asked for; not
 * with private variables), into *beside, by the same pass. */
dt_outcomes *dt_outcomes_beside(dt_arena *arena, const dt_solution *solution, const double *other,
                                dt_outcomes **beside, const dt_options *options);

/* What was found of one world, [outcomes]; what isn't a number is NaN. */
void dt_outcomes_take(const dt_outcomes *outcomes, double *value);

/* Every agent's options equally likely, [options]: one period's strategy, that of all by chance alone (chance.c). */
const double *dt_chance_strategy(dt_arena *arena, const dt_game *game);

/* Outcomes of a game with private variables, by a pass over its exact chain: of each point and type, and
 * of all together, as of one world. */
typedef struct dt_outcomes_private {
    dt_outcomes *by_column, *all;
    dt_private_chain *chain; /* with the calibration */
} dt_outcomes_private;

dt_outcomes_private *dt_outcomes_private_new(dt_arena *arena, dt_private *work, size_t outcomes);
double dt_outcomes_private_bytes(const dt_private_plan *plan, size_t outcomes);
/* Of the world that `work` has solved. `go_on` (may be NULL) is asked before each period; false if it says
 * so. */
bool dt_outcomes_private_find(dt_outcomes_private *found, bool (*go_on)(void *context, double done),
                              void *context);
/* The same if a variable has the value of this rank as play begins; false too if it can't have. */
bool dt_outcomes_private_given(dt_outcomes_private *found, size_t variable, int rank,
                               bool (*go_on)(void *context, double done), void *context);
/* Its parts, for play that begins elsewhere: before the first of so many periods, after each has been passed
 * (from 0, of the game), and at the end. */
void dt_outcomes_private_begin(dt_outcomes_private *found, uint32_t periods);
void dt_outcomes_private_count(dt_outcomes_private *found, uint32_t t);
void dt_outcomes_private_end(dt_outcomes_private *found);

/* False, and told, if the argument of a declared outcome isn't a finite number at a leaf that is reached; the
 * first of what was found, the second of what has yet to be looked for. */
bool dt_outcomes_told(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                      const dt_outcomes *outcomes);
bool dt_outcomes_defined(dt_arena *arena, dt_diagnostics *diagnostics, const dt_solution *solution,
                         const dt_options *options);

/* A place at which a row of arguments stands: the first leaf. */
uint32_t dt_outcomes_place(const dt_game *game, uint32_t row);

#endif
