/*
 * What is asked of an explanation, in words.
 */
#ifndef DT_TRACE_ASKED_H
#define DT_TRACE_ASKED_H

#include "base/diagnostic.h"
#include "game/game.h"

/* A slot whose value is left open. */
enum { DT_ANY = INT32_MIN };

/* What is meant. */
typedef struct dt_wanted_situation {
    int *slot; /* [slots] DT_ANY: left open */
    double *
        belief; /* [values of each private variable, in order] the probability that others give to it;
                       NAN: left open */
} dt_wanted_situation;

/* Reads "variable=value, stage.MOVER=action", and of private variables "variable=value:probability", which
 * is what the others believe of it. `text` is the source of `diagnostics`. False if it told an error. */
bool dt_asked_situation(dt_arena *arena, const dt_model *model, const char *text,
                        dt_diagnostics *diagnostics, dt_wanted_situation *wanted);

/* False, told, if a belief is wanted of what everybody knows in this game. */
bool dt_asked_known(dt_arena *arena, const dt_game *game, const dt_wanted_situation *wanted,
                    dt_diagnostics *diagnostics);

/* The index of the stage meant, or -1, told, if there is none in which anybody decides. */
int dt_asked_stage(dt_arena *arena, const dt_model *model, const char *name,
                   dt_diagnostics *diagnostics);

/* False, told, if a period (from 1) isn't before the horizon. */
bool dt_asked_period(dt_arena *arena, const dt_model *model, int period,
                     dt_diagnostics *diagnostics);

#endif
