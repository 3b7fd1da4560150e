/*
 * The parts of an answer in words: which policy is best (answer.c), and what does the work
 * (answer_levers.c).
 */
#ifndef DT_LAB_ANSWER_H
#define DT_LAB_ANSWER_H

#include "detente_lab.h"
#include "lab/scale.h"

/* Whether all is there that an answer is made from. */
bool dt_can_answer(const dt_answer_from *from);

/* Fills `work` of those outcomes [outcomes] of which a policy leads, "" where nothing is to be said. */
void dt_answer_work(dt_arena *arena, const dt_answer_from *from, const dt_options *options,
                    dt_answered_outcome *outcome, size_t outcomes);

#endif
