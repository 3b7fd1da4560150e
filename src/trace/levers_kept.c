/*
 * What is solved between two policies, in a file. What it belongs to is written into its opening: the model, the policies,
 * how everybody plays, and the worlds, all of them: as what is known in every one decides which game a cell is, a file
 * can't be added to with more.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "trace/levers.h"

static const char *print(dt_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static const char *print(dt_arena *arena, const char *format, ...)
{
    dt_text text = {.arena = arena};
    va_list arguments;
    va_start(arguments, format);
    dt_text_print_list(&text, format, arguments);
    va_end(arguments);
    return dt_text_get(&text);
}

static const char *sign(dt_arena *arena, const void *bytes, size_t count)
{
    return print(arena, "%016" PRIx64, dt_hash_bytes(bytes, count));
}

/* Everybody's rationality: "times 2", or "chance alone". */
static const char *precision_of(dt_arena *arena, const dt_options *options)
{
    char number[32];
    if (options->chance_alone)
        return "chance alone";
    return options->rationality_scale == 0
               ? "the model's"
               : print(arena, "times %s", dt_print_number(number, options->rationality_scale));
}

static const char *lookahead_of(dt_arena *arena, const dt_options *options)
{
    if (!options->other_lookahead)
        return "the model's";
    return options->lookahead < 0 ? "forever" : print(arena, "%d", options->lookahead);
}

static const char *beliefs_of(dt_arena *arena, const dt_options *options)
{
    const char *half = options->half_beliefs ? "half of " : "";
    return options->beliefs == 0 ? print(arena, "%sthe model's", half)
                                 : print(arena, "%s%d", half, options->beliefs);
}

static dt_status open_file(dt_arena *arena, dt_levers *levers, const dt_levers_asked *asked)
{
    const dt_model *model = levers->model;
    const dt_options *options = asked->options;
    const size_t numbers = asked->worlds * (size_t)model->params;
    const char *values = asked->values == DT_VALUES_SURPLUS ? "surplus" : "average";
    enum { FACTS = 11 };
    dt_kept_fact fact[FACTS];
    size_t n = 0;
    fact[n++] = (dt_kept_fact){"version of detente", dt_version(), false};
    fact[n++] = (dt_kept_fact){"model", model->is.name, false};
    fact[n++] =
        (dt_kept_fact){"model's text", sign(arena, model->source.text, model->source.length), true};
    fact[n++] = (dt_kept_fact){"first policy", model->policy[levers->policy[0]].is.name, false};
    fact[n++] = (dt_kept_fact){"second policy", model->policy[levers->policy[1]].is.name, false};
    fact[n++] = (dt_kept_fact){"convention of values", values, false};
    fact[n++] = (dt_kept_fact){"precision", precision_of(arena, options), false};
    fact[n++] = (dt_kept_fact){"lookahead", lookahead_of(arena, options), false};
    fact[n++] = (dt_kept_fact){"fineness of beliefs", beliefs_of(arena, options), false};
    fact[n++] = (dt_kept_fact){"draw of worlds", levers->drawn, false};
    fact[n++] = (dt_kept_fact){"set of numbers",
                               sign(arena, asked->parameters, numbers * sizeof(double)), true};
    assert(n == FACTS);
    return dt_kept_open(arena, &levers->kept, levers->path, "levers", fact, FACTS, options);
}

dt_status dt_levers_keep(dt_levers *levers, const char *path, const char *drawn,
                         const dt_options *options)
{
    static const dt_levers_keeper keeper = {open_file, dt_kept_take, dt_kept_add, dt_kept_close};
    if (!levers || !path || !drawn || strchr(drawn, '\n'))
        return dt_refuse_call(options, "dt_levers_keep",
                              "no levers, no path, or no line that says what the worlds are");
    levers->path = path;
    levers->drawn = drawn;
    levers->keeper = &keeper;
    return DT_OK;
}
