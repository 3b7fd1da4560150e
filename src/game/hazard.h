/*
 * Hazards: the numbers of a game that can be wrong in a world, and whether the declared ranges allow
 * that. What makes a world fail without anything being solved is here: dt_world_check
 * refuses it for the same reasons.
 */
#ifndef DT_GAME_HAZARD_H
#define DT_GAME_HAZARD_H

#include "game/game.h"
#include "model/interval.h"

typedef enum dt_hazard_kind {
    DT_HAZARD_PROBABILITY,
    DT_HAZARD_SUM,  /* of the arms of a branch without else */
    DT_HAZARD_REST, /* the sum of the arms before an else */
    DT_HAZARD_DISCOUNT,
    DT_HAZARD_RATIONALITY,
    DT_HAZARD_PAYMENT,
    DT_HAZARD_OUTCOME,
} dt_hazard_kind;

typedef struct dt_hazard {
    dt_hazard_kind kind;
    uint32_t coefficient;
    double least, most; /* it must lie between them; NaN doesn't */
    dt_place place;     /* of the expression in the model */
    int item;           /* the actor or outcome it belongs to; else DT_NONE */
    uint32_t where;     /* the first node at which it stands, or DT_NOWHERE */
    uint32_t type;   /* joint type that it is of, if it reads private variables; else DT_NOWHERE */
    uint32_t row;    /* of payments or outcomes in which it stands; else 0, the empty row */
    uint32_t since;  /* the first period in which it counts, and the one after the last: if it */
    uint32_t beyond; /* doesn't read `now`, 0 and 1, which stand for all */
} dt_hazard;

typedef dt_list(dt_hazard) dt_hazards;

/* The first place of the game at which a hazard stands; DT_NOWHERE: at none, as it belongs to an actor. */
uint32_t dt_hazard_place(const dt_game *game, const dt_hazard *hazard);

/* All hazards of a game but those that are constants and right. */
dt_hazards dt_hazards_of(dt_arena *arena, const dt_game *game);

static inline bool dt_hazard_holds(const dt_hazard *hazard, double value)
{
    return value >= hazard->least && value <= hazard->most;
}

/* What a coefficient is made of. */
typedef struct dt_cone {
    dt_indices entry;     /* of the table, operands first, the last being itself */
    dt_indices parameter; /* ascending */
    uint32_t type;        /* of the hazard */
} dt_cone;

/* The value of the cone's coefficient in a world and a period (from 0), for its type, of which everybody is
 * certain; `value` has room for the whole table. */
double dt_cone_evaluate(const dt_game *game, const dt_cone *cone, const double *parameter,
                        uint32_t period, double *value);

/* What proofs over one box of parameters share. */
typedef struct dt_prover {
    dt_arena *arena;
    const dt_game *game;
    uint32_t period; /* whose bounds they are, of what reads `now` */
    const dt_coefficients *table;
    const dt_interval *parameter; /* [params] the box */
    dt_interval *bound;           /* [coefficients] of each within the box */
    dt_interval *typed; /* [coefficients] work space: the same of one type; NULL if there is one */
    double *value;      /* [coefficients] work space, as the others */
    uint32_t *on;       /* [coefficients] */
    bool *mark;         /* [coefficients] all false between calls */
    double *world;      /* [params] */
} dt_prover;

dt_prover *dt_prover_new(dt_arena *arena, const dt_game *game, const dt_interval *parameter);

dt_cone dt_cone_of(dt_prover *prover, const dt_hazard *hazard);

/* Turns the bounds to another period. */
void dt_prover_turn(dt_prover *prover, uint32_t period);

/* Whether a hazard, whose cone is given, holds in every world of the box in the period that the bounds are of. */
bool dt_prover_proves(dt_prover *prover, const dt_hazard *hazard, const dt_cone *cone);

#endif
