/*
 * What people see on the terminal beside results: diagnostics with the line they speak of, and
 * progress. A long line of a model is cut down to the part around the caret.
 */
#include "cli.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- diagnostics ------------------------------------------------------------------------------- */

enum { LONGEST_LINE = 100, LONGEST_MESSAGE = 1000 };

/* A text that isn't the program's own, as much of it as anybody reads. */
static void put_message(cli_flow *flow, const char *text)
{
    const size_t bytes = cli_fitting(text, LONGEST_MESSAGE);
    cli_flow_put(flow, text[bytes] ? cli_print("%.*s…", (int)bytes, text) : text);
}

/* Words in a style. */
static void put_styled(cli_flow *flow, cli_style style, const char *text)
{
    fputs(cli_on(flow->stream, style), flow->stream);
    put_message(flow, text);
    fputs(cli_off(flow->stream), flow->stream);
}

/* A line of its own, which may become several: after `label`, indented to where it begins and a bit. */
static void put_line(FILE *stream, const char *label, const char *text)
{
    fputs(label, stream);
    cli_flow flow = cli_flow_on(stream, cli_columns(label), (int)strspn(label, " ") + 2);
    put_message(&flow, text);
    fputc('\n', stream);
}

/* The bytes of the first `count` characters of a text, or of all, and the columns they take. */
static size_t pass_characters(const char *text, int count, int *columns)
{
    size_t bytes = 0;
    *columns = 0;
    for (int i = 0, wide; i < count && text[bytes]; i++) {
        bytes += cli_character(text + bytes, &wide);
        *columns += wide < 0 ? 1 : wide;
    }
    return bytes;
}

/* The line of text and under it the caret: a window of it if it is long. */
static void show_source(const cli_flow *flow, const dt_diagnostic *d)
{
    assert(d->line >= 1 && d->column >= 1 && d->length >= 1);
    FILE *stream = flow->stream;
    /* Two columns go to the indentation, two to what stands for the parts left out. */
    const int room = flow->width ? flow->width - 4 : LONGEST_LINE, before = 3 * room / 5;
    int caret, marked;
    const char *from = d->source,
               *at = d->source + pass_characters(d->source, d->column - 1, &caret);
    const bool whole = !d->source[cli_fitting(d->source, room)];
    for (int wide; !whole && caret > before;) {
        from += cli_character(from, &wide);
        caret -= wide < 0 ? 1 : wide;
    }
    const size_t shown = cli_fitting(from, room);
    fprintf(stream, "  %s%s%s\n", from > d->source ? "…" : "",
            cli_clean(cli_print("%.*s", (int)shown, from)), from[shown] ? "…" : "");
    fprintf(stream, "  %*s%s^", caret + (from > d->source), "",
            cli_on(stream, d->severity == DT_ERROR ? CLI_BAD : CLI_WARN));
    const size_t rest = at < from + shown ? (size_t)(from + shown - at) : 0;
    pass_characters(cli_print("%.*s", (int)rest, at), d->length, &marked);
    for (int i = 1; i < marked; i++)
        fputc('~', stream);
    fprintf(stream, "%s\n", cli_off(stream));
}

void cli_report(void *context, const dt_diagnostic *d)
{
    const cli_line *line = context;
    /* warnings about the text are told by `check`, those about a solution by whoever solves */
    const bool solving = strcmp(d->code, "rounding") == 0;
    if (d->severity == DT_ERROR || line->command == CLI_check || solving)
        cli_report_asked(context, d);
}

void cli_report_asked(void *context, const dt_diagnostic *d)
{
    const cli_line *line = context;
    assert(line && d->message && d->hint && d->state && d->source && d->file);
    if (d->severity == DT_WARNING && line->quiet)
        return;
    cli_progress_end();
    const bool error = d->severity == DT_ERROR;
    const char *file = *d->file ? d->file : "detente";
    cli_flow flow = cli_flow_on(stderr, 0, 4);
    put_styled(&flow, CLI_BOLD,
               d->line > 0 ? cli_print("%s:%d:%d:", file, d->line, d->column)
                           : cli_print("%s:", file));
    put_message(&flow, " ");
    put_styled(&flow, error ? CLI_BAD : CLI_WARN, error ? "error:" : "warning:");
    put_message(&flow, " ");
    put_message(&flow, d->message);
    put_message(&flow, " ");
    put_styled(&flow, CLI_DIM, cli_print("[%s]", d->code));
    fputc('\n', stderr);
    if (d->line > 0)
        show_source(&flow, d);
    if (*d->hint)
        put_line(stderr, "  hint: ", d->hint);
    for (const char *at = d->state; *at;) {
        int length = (int)strcspn(at, "\n");
        const int blanks = (int)strspn(at, " ");
        put_line(stderr, cli_print("    %*s", blanks, ""),
                 cli_print("%.*s", length - blanks, at + blanks));
        at += length + (at[length] == '\n');
    }
}

void cli_error(const char *hint, const char *format, ...)
{
    char message[LONGEST_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cli_progress_end();
    cli_flow flow = cli_flow_on(stderr, 0, 4);
    put_styled(&flow, CLI_BOLD, "detente:");
    put_message(&flow, " ");
    put_styled(&flow, CLI_BAD, "error:");
    put_message(&flow, " ");
    put_message(&flow, message);
    fputc('\n', stderr);
    if (hint)
        put_line(stderr, "  hint: ", hint);
}

const char *cli_did_you_mean(const char *name, const char *const *names, size_t count)
{
    const char *near = dt_suggest(name, names, count);
    return near ? cli_print("did you mean '%s'?", near) : NULL;
}

/* ---- progress ---------------------------------------------------------------------------------- */

static char line_shown[200]; /* "": none */

bool cli_progress(void *context, const char *activity, double done)
{
    (void)context;
    char line[sizeof line_shown];
    snprintf(line, sizeof line, "%s %3.0f%%", activity, 100 * done);
    if (strcmp(line, line_shown) != 0 && isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K%s", line);
        memcpy(line_shown, line, sizeof line);
    }
    return true;
}

void cli_progress_end(void)
{
    if (*line_shown)
        fputs("\r\033[K", stderr);
    *line_shown = '\0';
}
