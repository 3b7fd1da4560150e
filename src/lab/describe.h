/*
 * What the page knows of a model, as JSON: everything declared, and for each stage what it reads.
 * web/engine/answers.ts has the shapes.
 */
#ifndef DT_LAB_DESCRIBE_H
#define DT_LAB_DESCRIBE_H

#include "base/json.h"
#include "model/model.h"

/* One object: name, title, horizon, the labels of periods, actors, parameters, sources, variables, roles, stages, terms,
 * outcomes, policies, each in the order of declaration and with its line in the text. */
void dt_describe_model(dt_writer *out, const dt_model *model, dt_arena *scratch);

#endif
