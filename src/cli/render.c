/*
 * What people see on the terminal: diagnostics with the line they speak of, progress, colour.
 * Text that comes from a model is shown with control characters and broken UTF-8 replaced, so that
 * a file can't steer the terminal, and long lines are cut down to the part around the caret.
 */
#include "cli.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- colour and width -------------------------------------------------------------------------- */

static bool coloured(FILE *stream)
{
    const char *no = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fileno(stream)) && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

const char *cli_on(FILE *stream, cli_style style)
{
    static const char *const code[] = {
        [CLI_PLAIN] = "",        [CLI_BOLD] = "\033[1m",   [CLI_DIM] = "\033[2m",
        [CLI_GOOD] = "\033[32m", [CLI_BAD] = "\033[31;1m", [CLI_WARN] = "\033[35;1m",
    };
    return coloured(stream) ? code[style] : "";
}

const char *cli_off(FILE *stream)
{
    return coloured(stream) ? "\033[0m" : "";
}

int cli_width(void)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col;
    return 80;
}

/* ---- characters -------------------------------------------------------------------------------- */

/* Bytes of the character at `text`; 0 if it is none that should reach a terminal. */
static int character(const char *text, size_t left)
{
    const unsigned char *at = (const unsigned char *)text;
    if (left == 0)
        return 0;
    if (at[0] < 0x80)
        return at[0] >= 0x20 && at[0] != 0x7f ? 1 : 0;
    int length = at[0] >= 0xf0 && at[0] <= 0xf4 ? 4 : at[0] >= 0xe0 ? 3 : at[0] >= 0xc2 ? 2 : 0;
    if (at[0] > 0xf4 || length == 0 || (size_t)length > left)
        return 0;
    for (int i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    }
    if (at[0] == 0xc2 && at[1] < 0xa0)
        return 0; /* C1 control characters */
    return length;
}

int cli_columns(const char *text)
{
    int columns = 0;
    size_t left = strlen(text);
    while (left > 0) {
        int length = character(text, left);
        if (length == 0)
            length = 1;
        text += length;
        left -= (size_t)length;
        columns++;
    }
    return columns;
}

/* Prints at most `columns` characters of a text, tabs as one blank each, the unprintable as '?'. */
static const char *show(FILE *stream, const char *text, int columns)
{
    size_t left = strlen(text);
    for (; left > 0 && columns > 0; columns--) {
        int length = character(text, left);
        if (length > 0)
            fwrite(text, 1, (size_t)length, stream);
        else
            fputc(*text == '\t' ? ' ' : '?', stream);
        if (length == 0)
            length = 1;
        text += length;
        left -= (size_t)length;
    }
    return text;
}

/* Passes over `columns` characters. */
static const char *skip(const char *text, int columns)
{
    size_t left = strlen(text);
    for (; left > 0 && columns > 0; columns--) {
        int length = character(text, left);
        if (length == 0)
            length = 1;
        text += length;
        left -= (size_t)length;
    }
    return text;
}

void cli_print_wrapped(const char *label, const char *text, int indent)
{
    fputs(label, stdout);
    cli_print_wrapped_on(cli_columns(label), text, indent);
}

void cli_print_wrapped_on(int begun, const char *text, int indent)
{
    int column = indent;
    printf("%*s", indent - begun, "");
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (strspn(text + length, " +-") == 2) /* a number stays with what it measures */
            length += 1 + (int)strcspn(text + length + 1, " ");
        const char *word = cli_print("%.*s", length, text);
        int columns = cli_columns(word);
        if (column > indent && column + 1 + columns > cli_width()) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putchar(' ');
            column++;
        }
        fputs(word, stdout);
        column += columns;
        text += length;
        text += strspn(text, " ");
    }
    putchar('\n');
}

/* ---- diagnostics ------------------------------------------------------------------------------- */

enum { LONGEST_LINE = 100, BEFORE_CARET = 60, LONGEST_MESSAGE = 1000 };

/* The line of text and under it the caret: a window of it if it is long. */
static void show_source(FILE *stream, const dt_diagnostic *d)
{
    assert(d->line >= 1 && d->column >= 1 && d->length >= 1);
    int columns = cli_columns(d->source);
    int first = columns > LONGEST_LINE && d->column > BEFORE_CARET ? d->column - BEFORE_CARET : 1;
    int shown = columns - first + 1 > LONGEST_LINE ? LONGEST_LINE : columns - first + 1;
    const char *cut_before = first > 1 ? "…" : "",
               *cut_after = first - 1 + shown < columns ? "…" : "";

    fprintf(stream, "  %s", cut_before);
    show(stream, skip(d->source, first - 1), shown);
    fprintf(stream, "%s\n  %*s%s^", cut_after, d->column - first + (first > 1), "",
            cli_on(stream, d->severity == DT_ERROR ? CLI_BAD : CLI_WARN));
    for (int i = 1; i < d->length && d->column + i <= columns && d->column + i < first + shown; i++)
        fputc('~', stream);
    fprintf(stream, "%s\n", cli_off(stream));
}

void cli_report(void *context, const dt_diagnostic *d)
{
    const cli_line *line = context;
    if (d->severity == DT_ERROR || line->command == CLI_check)
        cli_report_asked(context, d);
}

void cli_report_asked(void *context, const dt_diagnostic *d)
{
    const cli_line *line = context;
    assert(line && d->message && d->hint && d->state && d->source && d->file);
    if (d->severity == DT_WARNING && line->quiet)
        return;
    cli_progress_end();
    fputs(cli_on(stderr, CLI_BOLD), stderr);
    show(stderr, *d->file ? d->file : "detente", LONGEST_MESSAGE);
    if (d->line > 0)
        fprintf(stderr, ":%d:%d", d->line, d->column);
    fprintf(stderr, ":%s %s%s:%s ", cli_off(stderr),
            cli_on(stderr, d->severity == DT_ERROR ? CLI_BAD : CLI_WARN),
            d->severity == DT_ERROR ? "error" : "warning", cli_off(stderr));
    show(stderr, d->message, LONGEST_MESSAGE);
    fprintf(stderr, " %s[%s]%s\n", cli_on(stderr, CLI_DIM), d->code, cli_off(stderr));
    if (d->line > 0)
        show_source(stderr, d);
    if (*d->hint) {
        fputs("  hint: ", stderr);
        show(stderr, d->hint, LONGEST_MESSAGE);
        fputc('\n', stderr);
    }
    for (const char *at = d->state; *at;) {
        int length = (int)strcspn(at, "\n");
        fputs("    ", stderr);
        show(stderr, cli_print("%.*s", length, at), LONGEST_MESSAGE);
        fputc('\n', stderr);
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
    fprintf(stderr, "%sdetente:%s %serror:%s ", cli_on(stderr, CLI_BOLD), cli_off(stderr),
            cli_on(stderr, CLI_BAD), cli_off(stderr));
    show(stderr, message, LONGEST_MESSAGE);
    fputc('\n', stderr);
    if (hint)
        fprintf(stderr, "  hint: %s\n", hint);
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
