/*
 * The arenas of jobs and answers, made and freed whatever happens in between.
 */
#include "base/job.h"

#include <assert.h>

#include "base/diagnostic.h"

typedef struct question {
    dt_arena *arena, *scratch;
    dt_status (*work)(dt_arena *arena, dt_arena *scratch, void *argument, void **found);
    void *argument;
    void *found;
} question;

static dt_status with_scratch(void *argument)
{
    question *q = argument;
    return q->work(q->arena, q->scratch, q->argument, &q->found);
}

/* Memory that the answer wants leaves through the outer try, the work's through the inner. */
static dt_status with_both(void *argument)
{
    question *q = argument;
    return dt_arena_try(q->scratch, with_scratch, q);
}

dt_status dt_answer(const dt_options *options,
                    dt_status (*work)(dt_arena *arena, dt_arena *scratch, void *argument,
                                      void **found),
                    void *argument, void **answer)
{
    const dt_allocator *allocator = options ? &options->allocator : NULL;
    const size_t limit = options ? options->max_memory : 0;
    question q = {dt_arena_new(allocator, limit), dt_arena_new(allocator, limit), work, argument,
                  NULL};
    *answer = NULL;
    dt_status status = DT_LIMIT;
    if (q.arena && q.scratch) {
        status = dt_arena_try(q.arena, with_both, &q);
        const char *reason = dt_arena_reason(q.scratch);
        reason = reason[0] ? reason : dt_arena_reason(q.arena);
        if (status == DT_LIMIT && reason[0]) /* else whoever ended the work has told why */
            dt_report_limit(options, reason);
    } else {
        dt_report_limit(options, "the machine has no more memory");
    }
    dt_arena_free(q.scratch);
    if (status == DT_OK) {
        assert(q.found);
        *answer = q.found;
        return status;
    }
    dt_arena_free(q.arena);
    return status;
}

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
