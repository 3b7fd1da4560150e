/*
 * The formatter: a text in, the same model in the one canonical layout out. The text is parsed, to
 * be sure of what its tokens mean; what is written are the tokens and comments themselves.
 */
#include <assert.h>

#include "lang/layout.h"
#include "lang/parser.h"

typedef struct job {
    dt_arena *arena;
    dt_source source;
    const dt_options *options;
    dt_write *write;
    void *context;
} job;

static dt_status work(void *argument)
{
    job *j = argument;
    dt_diagnostics *diagnostics = dt_diagnostics_new(j->arena, j->options, &j->source);
    dt_tokens tokens = {0};
    dt_parse_marked(j->arena, &j->source, &tokens, diagnostics);
    bool valid = dt_diagnostics_errors(diagnostics) == 0;
    dt_diagnostics_flush(diagnostics);
    if (!valid)
        return DT_INVALID;
    dt_layout layout;
    dt_layout_make(j->arena, &j->source, &tokens, &layout);
    return dt_layout_write(j->arena, &layout, j->write, j->context) ? DT_OK : DT_FILE;
}

dt_status dt_format(const char *name, const char *text, size_t length, const dt_options *options,
                    dt_write *write, void *context)
{
    if (!write || (length && !text))
        return dt_refuse_call(options, "dt_format", "no text, or nothing that receives it");
    static const dt_options defaults;
    if (!options)
        options = &defaults;
    dt_arena *arena = dt_arena_new(&options->allocator, options->max_memory);
    if (!arena) {
        dt_report_limit(options, "there is no memory to begin with");
        return DT_LIMIT;
    }
    job j = {
        arena, {name ? name : "", text, length},
         options, write, context
    };
    dt_status status = dt_arena_try(arena, work, &j);
    if (status == DT_LIMIT)
        dt_report_limit(options, dt_arena_reason(arena));
    dt_arena_free(arena);
    return status;
}
