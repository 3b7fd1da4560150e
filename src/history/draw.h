/*
 * Drawing: one step of play, taken by numbers that belong to it.
 */
#ifndef DT_HISTORY_DRAW_H
#define DT_HISTORY_DRAW_H

#include "history/flow.h"

/* What a number is for. */
enum { DT_FOR_CELL, DT_FOR_BRANCH, DT_FOR_SIGNAL, DT_PURPOSES };

/* The numbers in (0, 1) of a stage in a period (from 1) of history `number` of a seed. Those of period 0 and of the
 * stage past the last are the ones by which play begins. */
void dt_draw(uint64_t seed, uint64_t number, size_t period, uint32_t stage, double u[DT_PURPOSES]);

/* The column that play begins in, given the chance of each, `begins` [columns] (NULL: there is one): the type by the
 * prior, the point by the signal about it. */
uint32_t dt_draw_column(const dt_stand *stand, const double *begins, const double u[DT_PURPOSES]);

/* The cell that is played in a column of a node, by the strategies; DT_NONE if they aren't known there. */
int dt_draw_cell(dt_flow *flow, uint32_t node, uint32_t column, const double u[DT_PURPOSES]);

/* The step that follows when a cell is played there, however likely it is: a branch, then the signal. NULL if what is
 * believed after it isn't known. */
const dt_step *dt_draw_step(dt_flow *flow, uint32_t node, uint32_t column, int cell,
                            const double u[DT_PURPOSES]);

#endif
