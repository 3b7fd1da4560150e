/*
 * What the page knows of a model, as JSON: everything declared, and for each stage what it reads.
 * web/engine/answers.ts has the shapes.
 */
#ifndef DT_LAB_DESCRIBE_H
#define DT_LAB_DESCRIBE_H

#include "model/model.h"
#include "trace/writer.h"

/* One object: name, title, horizon, the labels of periods, actors, parameters, sources, variables, roles, stages, terms,
 * outcomes, policies, each in the order of declaration and with its line in the text. */
void dt_describe_model(dt_writer *out, const dt_model *model, dt_arena *scratch);

/* A number, or null if it isn't finite: JSON has no others. */
void dt_write_number(dt_writer *out, double number);
/* "[a,b,c]" */
void dt_write_numbers(dt_writer *out, const double *number, size_t count);
/* "key": with the comma before it unless it is the first of its object. */
void dt_write_key(dt_writer *out, const char *key, bool first);
/* "key":"text" */
void dt_write_pair(dt_writer *out, const char *key, const char *text, bool first);

#endif
