/*
 * Running a job: one arena, made before and freed after, whatever happens in between.
 */
#include "trace/job.h"

#include "base/diagnostic.h"

typedef struct job {
    dt_arena *arena;
    dt_status (*work)(dt_arena *arena, void *argument);
    void *argument;
} job;

static dt_status run(void *argument)
{
    job *given = argument;
    return given->work(given->arena, given->argument);
}

dt_status dt_job(const dt_options *options, dt_status (*work)(dt_arena *arena, void *argument),
                 void *argument)
{
    job given = {.work = work, .argument = argument};
    given.arena =
        dt_arena_new(options ? &options->allocator : NULL, options ? options->max_memory : 0);
    if (!given.arena) {
        dt_report_limit(options, "the machine has no more memory");
        return DT_LIMIT;
    }
    dt_status status = dt_arena_try(given.arena, run, &given);
    const char *reason = dt_arena_reason(given.arena);
    if (status == DT_LIMIT && reason[0])
        dt_report_limit(options, reason);
    dt_arena_free(given.arena);
    return status;
}
