/*
 * Because: the words of an explanation.
 */
#ifndef DT_TRACE_BECAUSE_H
#define DT_TRACE_BECAUSE_H

#include "detente_explain.h"
#include "model/rules.h"
#include "trace/functional.h"

/* An action's name without those of its movers: "US.pressure + ROK.engage" is "pressure + engage". */
const char *dt_brief_name(dt_arena *arena, const char *name);

/* What a part of a mover's value is called in a sentence: the term's description or name; of a
 * payment without a label what it is paid for, "what A pays for back in nerve". Reads the mover's
 * actions and their numbers for part `part`. */
const char *dt_part_words(dt_arena *arena, const dt_rules *rules, const dt_functional *which,
                          const dt_explained_mover *mover, size_t part);

/* A number of three digits after some words, "0.909". */
void dt_say_number(const char *before, double number, dt_text *text);

#endif
