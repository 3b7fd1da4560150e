/*
 * detente fmt: the model in the one canonical layout, on stdout; with --write in its own file, with
 * --check only the answer whether it is in that layout already.
 */
#include "cli.h"

#include <string.h>

/* A dt_write that compares what is written with the text at hand. */
typedef struct comparison {
    const char *text;
    size_t length, at;
    bool same;
} comparison;

static bool compare(void *context, const char *text, size_t length)
{
    comparison *c = context;
    c->same = c->same && length <= c->length - c->at && memcmp(c->text + c->at, text, length) == 0;
    c->at += c->same ? length : 0;
    return true;
}

/* To the file, or to stdout if `path` is NULL. */
static dt_status format_to(const char *path, const char *name, const char *text, size_t length,
                           const dt_options *options)
{
    cli_output output;
    dt_status status = cli_output_open(&output, path);
    if (status != DT_OK)
        return status;
    status = dt_format(name, text, length, options, cli_output_write, &output);
    dt_status closed = cli_output_close(&output, status == DT_OK);
    return closed > status ? closed : status;
}

dt_status cli_run_fmt(const cli_line *line)
{
    bool standard = strcmp(line->model, "-") == 0;
    if (line->write && (line->check || standard)) {
        cli_error(NULL, line->check ? "--check and --write exclude each other"
                                    : "--write needs a file, not standard input");
        return DT_INVALID;
    }
    char *text;
    size_t length;
    dt_status status = cli_read(line->model, &text, &length);
    if (status != DT_OK)
        return status;
    dt_options options = cli_library_options(line);
    comparison c = {.text = text, .length = length, .same = true};
    const char *name = standard ? "<stdin>" : line->model;
    if (!line->check && !line->write) {
        status = format_to(NULL, name, text, length, &options);
    } else {
        status = dt_format(name, text, length, &options, compare, &c);
        bool canonical = c.same && c.at == length;
        if (status == DT_OK && !canonical && line->check) {
            printf("%s: not in the canonical layout\n", name);
            status = DT_NO;
        } else if (status == DT_OK && !canonical) {
            status = format_to(line->model, name, text, length, &options);
        }
    }
    return status;
}
