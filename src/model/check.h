/*
 * The checker: syntax tree to model. Every name is resolved, every type checked, every expression
 * put into the model's table, and all that is wrong is told in one go.
 */
#ifndef DT_MODEL_CHECK_H
#define DT_MODEL_CHECK_H

#include "lang/syntax.h"
#include "model/model.h"

/* Checks a syntax tree and builds the model in `arena`. Always tells all errors it finds; the result
 * is usable only if diagnostics counted none. */
dt_model *dt_model_check(dt_arena *arena, const dt_source *source, const dt_syntax *file,
                         dt_diagnostics *diagnostics);

#endif
