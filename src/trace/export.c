/*
 * dt_export: the format asked for, through a writer.
 */
#include "trace/export.h"

#include <assert.h>

#include "base/job.h"

typedef struct request {
    const dt_solution *solution;
    dt_export_format format;
    const dt_options *options;
    dt_writer writer;
} request;

static dt_status export(dt_arena *arena, void *argument)
{
    static dt_status (*const formats[])(const dt_export_job *job) = {
        [DT_EXPORT_JSON] = dt_export_json,
        [DT_EXPORT_DOT] = dt_export_dot,
        [DT_EXPORT_EFG] = dt_export_efg,
    };
    request *asked = argument;
    assert(asked->format < sizeof formats / sizeof formats[0]);
    const dt_export_job job = {
        arena, asked->solution, asked->options,
        dt_diagnostics_new(arena, asked->options, &asked->solution->game->model->source),
        &asked->writer};
    dt_status status = formats[asked->format](&job);
    dt_diagnostics_flush(job.diagnostics);
    dt_writer_flush(&asked->writer);
    return status == DT_OK && asked->writer.failed ? DT_FILE : status;
}

dt_status dt_export(const dt_solution *solution, dt_export_format format, const dt_options *options,
                    dt_write *write, void *context)
{
    if (!solution || !write || (unsigned)format > DT_EXPORT_EFG)
        return dt_refuse_call(options, "dt_export",
                              "no solution, no such format, or nothing that receives it");
    if (dt_solution_horizon_alone(solution))
        return dt_refuse_call(options, "dt_export", DT_LEFT_BEHIND);
    request asked = {
        solution, format, options, {.write = write, .context = context}
    };
    return dt_job(options, export, &asked);
}
