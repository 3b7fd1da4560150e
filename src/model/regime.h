/*
 * What is in force in a cell of the levers: the changes of the settings that hold, and those that
 * policies make of their own, as one. A policy is such a cell, with all its own changes.
 */
#ifndef DT_MODEL_REGIME_H
#define DT_MODEL_REGIME_H

#include "model/model.h"

/* What the changes in force in a cell amount to, in `arena`. Forces and forbids of all are one set;
 * `set`, `role` and `start` of a policy's own replace those of settings. False, and told at `place` with
 * `under` for what it is about ("policy 'sequenced'"), if two changes contradict each other: they
 * give one number, role or start differently, or put an actor into two teams. */
bool dt_regime_make(dt_arena *arena, const dt_model *model, const dt_lever_cell *cell,
                    dt_place place, const char *under, dt_diagnostics *diagnostics,
                    dt_regime *regime);

/* The cell that a policy is; its changes in `arena`. */
dt_lever_cell dt_cell_of_policy(dt_arena *arena, const dt_model *model, int policy);

/* "lead=seoul, drills=off", or "" without levers. */
void dt_settings_print(const dt_model *model, const size_t *setting, dt_text *text);
/* The same with the changes that policies make of their own: "lead=seoul, set c_offer = 0.2". */
void dt_cell_print(const dt_model *model, const dt_lever_cell *cell, dt_text *text);

#endif
