/*
 * The formatter: a text in, the same model in the one canonical layout out. The text is parsed, to
 * be sure of what its tokens mean; what is written are the tokens and comments themselves.
 */
#include <assert.h>

#include "base/job.h"
#include "lang/layout.h"
#include "lang/parser.h"

typedef struct formatting {
    dt_source source;
    const dt_options *options;
    dt_write *write;
    void *context;
} formatting;

static dt_status format(dt_arena *arena, void *argument)
{
    const formatting *f = argument;
    dt_diagnostics *diagnostics = dt_diagnostics_new(arena, f->options, &f->source);
    dt_tokens tokens = {0};
    dt_parse_marked(arena, &f->source, &tokens, diagnostics);
    bool valid = dt_diagnostics_errors(diagnostics) == 0;
    dt_diagnostics_flush(diagnostics);
    if (!valid)
        return DT_INVALID;
    dt_layout layout;
    dt_layout_make(arena, &f->source, &tokens, &layout);
    return dt_layout_write(arena, &layout, f->write, f->context) ? DT_OK : DT_FILE;
}

dt_status dt_format(const char *name, const char *text, size_t length, const dt_options *options,
                    dt_write *write, void *context)
{
    if (!write || (length && !text))
        return dt_refuse_call(options, "dt_format", "no text, or nothing that receives it");
    formatting f = {
        {name ? name : "", text, length},
        options, write, context
    };
    return dt_job(options, format, &f);
}
