/*
 * Exports: a solved game written down for other programs and for people, one function a format.
 */
#ifndef DT_TRACE_EXPORT_H
#define DT_TRACE_EXPORT_H

#include "base/diagnostic.h"
#include "base/writer.h"
#include "solve/solve.h"

/* Sizes above which a format is of no use. */
enum {
    DT_DOT_NODES = 400,    /* nodes and leaves in a drawing */
    DT_EFG_NODES = 100000, /* nodes of a tree */
};

typedef struct dt_export_job {
    dt_arena *arena;
    const dt_solution *solution;
    const dt_options *options;
    dt_diagnostics *diagnostics;
    dt_writer *writer;
} dt_export_job;

/* Each writes the whole text, or tells why it won't and returns DT_LIMIT or DT_INVALID. */
dt_status dt_export_json(const dt_export_job *job);
dt_status dt_export_dot(const dt_export_job *job);
dt_status dt_export_efg(const dt_export_job *job);

#endif
