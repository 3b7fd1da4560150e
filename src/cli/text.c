/*
 * Text on a terminal: what of it may get there, how many columns it takes, and where its lines are
 * broken; colour only on a terminal, never with NO_COLOR. Whatever is printed and didn't come from this program (names and descriptions of models,
 * file names, what stands on the command line) goes through cli_clean, so that no file can steer the
 * terminal; JSON, CSV and models keep their text as it is.
 *
 * The width is that of the terminal, or what COLUMNS says. What goes elsewhere is laid out for 80
 * columns, but for diagnostics: programs read those a line at a time.
 */
#include "cli.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- colour ------------------------------------------------------------------------------------ */

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

/* ---- numbers ----------------------------------------------------------------------------------- */

double cli_unless_rounding(double number)
{
    static const double nought = 1e-12;
    return fabs(number) < nought ? 0 : number;
}

enum { LEAST_WIDTH = 20, USUAL_WIDTH = 80, MOST_WIDTH = 10000 };

/* The columns of a stream; 0: it is no terminal, and nobody says. */
static int width_of(FILE *stream)
{
    const char *told = getenv("COLUMNS");
    const long columns = told ? strtol(told, NULL, 10) : 0;
    if (columns >= LEAST_WIDTH && columns <= MOST_WIDTH)
        return (int)columns;
    struct winsize size;
    const int file = fileno(stream);
    if (isatty(file) && ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col >= LEAST_WIDTH)
        return size.ws_col;
    return 0;
}

int cli_width(void)
{
    const int width = width_of(stdout);
    return width ? width : USUAL_WIDTH;
}

/* ---- characters -------------------------------------------------------------------------------- */

size_t cli_character(const char *text, int *columns)
{
    size_t bytes;
    uint32_t code;
    *columns = dt_character(text, strnlen(text, 4), &bytes, &code);
    return bytes;
}

int cli_columns(const char *text)
{
    int all = 0, columns;
    for (; *text; all += columns < 0 ? 1 : columns)
        text += cli_character(text, &columns);
    return all;
}

size_t cli_fitting(const char *text, int columns)
{
    size_t bytes = 0;
    for (int taken = 0; text[bytes];) {
        int more;
        const size_t length = cli_character(text + bytes, &more);
        taken += more < 0 ? 1 : more;
        if (taken > columns)
            break;
        bytes += length;
    }
    return bytes;
}

const char *cli_clean(const char *text)
{
    char *clean = NULL; /* a copy once there is something to replace */
    size_t used = 0;
    for (const char *at = text; *at;) {
        int columns;
        const size_t bytes = cli_character(at, &columns);
        if (columns < 0 && !clean) {
            clean = cli_take(strlen(text) + 1, 1);
            used = (size_t)(at - text);
            memcpy(clean, text, used);
        }
        if (columns < 0)
            clean[used++] = *at == '\t' ? ' ' : '?';
        else if (clean)
            memcpy(clean + used, at, bytes), used += bytes;
        at += bytes;
    }
    return clean ? clean : text;
}

/* ---- lines ------------------------------------------------------------------------------------- */

cli_flow cli_flow_on(FILE *stream, int begun, int indent)
{
    const int width = stream == stdout ? cli_width() : width_of(stream);
    return (cli_flow){.stream = stream, .width = width, .indent = indent, .column = begun};
}

static bool has_wide(const char *text)
{
    int columns = 0;
    while (*text && columns < 2)
        text += cli_character(text, &columns);
    return columns == 2;
}

void cli_flow_put(cli_flow *flow, const char *text)
{
    text = cli_clean(text);
    for (;;) {
        const int blanks = (int)strspn(text, " ");
        flow->apart |= blanks > 0;
        text += blanks;
        if (!*text)
            return;
        int length = (int)strcspn(text, " ");
        if (strspn(text + length, " +-") == 2) /* a number stays with what it measures */
            length += 1 + (int)strcspn(text + length + 1, " ");
        const char *word = cli_print("%.*s", length, text);
        int columns = cli_columns(word);
        /* Scripts of wide characters have no blanks and are broken anywhere. */
        const bool cut = flow->width && columns > flow->width - flow->indent && has_wide(word);
        if (cut) {
            length = (int)cli_fitting(word, flow->width - flow->indent);
            word = cli_print("%.*s", length, word);
            columns = cli_columns(word);
        }
        if (flow->apart) {
            const bool full = flow->width && flow->column > flow->indent &&
                              flow->column + 1 + columns > flow->width;
            fprintf(flow->stream, "%s%*s", full ? "\n" : " ", full ? flow->indent : 0, "");
            flow->column = full ? flow->indent : flow->column + 1;
        }
        fputs(word, flow->stream);
        flow->column += columns;
        flow->apart = cut;
        text += length;
    }
}

void cli_print_styled(cli_style style, const char *head, const char *rest)
{
    cli_flow flow = cli_flow_on(stdout, 0, 2);
    fputs(cli_on(stdout, style), stdout);
    cli_flow_put(&flow, head);
    fputs(cli_off(stdout), stdout);
    cli_flow_put(&flow, rest);
    putchar('\n');
}

void cli_print_title(const dt_model *model)
{
    const char *description = dt_model_description(model);
    cli_print_styled(CLI_BOLD, dt_model_name(model),
                     cli_print("%s%s", *description ? ": " : "", description));
}

void cli_print_wrapped(const char *label, const char *text, int indent)
{
    fputs(cli_clean(label), stdout);
    cli_print_wrapped_on(cli_columns(label), text, indent);
}

void cli_print_wrapped_on(int begun, const char *text, int indent)
{
    const int pad = indent > begun ? indent - begun : 0;
    printf("%*s", pad, "");
    cli_flow flow = cli_flow_on(stdout, begun + pad, indent);
    cli_flow_put(&flow, text);
    putchar('\n');
}
