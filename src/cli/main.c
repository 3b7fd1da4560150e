/*
 * The program: finds the command and hands the rest of the line to it. `detente help COMMAND` is
 * `detente COMMAND --help`. Exit statuses are those of dt_status: 0 done, 1 the answer is no, 2 the
 * model or the command line is wrong, 3 a limit was hit, 4 a file could not be read or written.
 */
#include "cli.h"

#include <assert.h>
#include <string.h>

static dt_status (*const run[])(const cli_line *line) = {
#define COMMAND(name, text) cli_run_##name,
    COMMANDS(COMMAND)
#undef COMMAND
};

/* A paragraph, its first line begun at `indent`. */
static void put(FILE *stream, int indent, const char *text)
{
    cli_flow flow = cli_flow_on(stream, indent, indent);
    flow.width = cli_width();
    cli_flow_put(&flow, text);
    fputc('\n', stream);
}

static void print_overview(FILE *stream)
{
    enum { NAMES = 15 };
    put(stream, 0, "Usage: detente COMMAND MODEL [OPTION...]");
    put(stream, 0, "Crises as games: write one down, solve it, compare policies.");
    fputc('\n', stream);
    for (int c = 0; c < CLI_COMMANDS; c++) {
        fprintf(stream, "  %-*s", NAMES - 2, cli_command_name(c));
        put(stream, NAMES, cli_command_text(c));
    }
    fputc('\n', stream);
    put(stream, 0,
        "'detente help COMMAND' lists the options of a command, 'detente help limits' what a "
        "model may have at most. MODEL is a file, or - for standard input. Exit status: 0 done, 1 "
        "the answer is no, 2 the model or the command line is wrong, 3 a limit was hit, 4 a file "
        "could not be read or written.");
}

static void print_limit(const char *most, const char *what)
{
    cli_print_wrapped(cli_print("%10s", most), what, 12);
}

/* What there is at most so much of, one line each: the section Limits of docs/language.md. */
static void print_limits(void)
{
    int most;
    const char *what;
    for (size_t i = 0; (what = dt_limit_text(i, &most)) != NULL; i++)
        print_limit(cli_print("%d", most), what);
    print_limit(cli_print("%d", CLI_MOST_NODES),
                "nodes of a policy, unless --max-nodes says otherwise");
    print_limit("3/4", "of the memory that is free, unless --max-memory says otherwise");
}

/* The command of that name, or -1 after saying so. */
static int find_command(const char *name)
{
    const char *names[CLI_COMMANDS];
    for (int c = 0; c < CLI_COMMANDS; c++) {
        names[c] = cli_command_name(c);
        if (strcmp(names[c], name) == 0)
            return c;
    }
    const char *hint = cli_did_you_mean(name, names, CLI_COMMANDS);
    cli_error(hint ? hint : "'detente help' lists the commands", "there is no command '%s'", name);
    return -1;
}

/* What was printed may be stuck in a buffer: a full disk shows only here. */
static int finish(dt_status status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_error(NULL, "can't write to standard output");
        return DT_FILE;
    }
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_overview(stderr);
        return DT_INVALID;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0) {
        printf("detente %s\n", dt_version());
        return finish(DT_OK);
    }
    bool help = strcmp(word, "help") == 0;
    if (strcmp(word, "--help") == 0 || (help && argc == 2)) {
        print_overview(stdout);
        return finish(DT_OK);
    }
    if (help && strcmp(argv[2], "limits") == 0) {
        print_limits();
        return finish(DT_OK);
    }
    int command = find_command(help ? argv[2] : word);
    if (command < 0)
        return DT_INVALID;

    assert(command < CLI_COMMANDS);
    cli_line line;
    if (help)
        cli_read_line(&line, command, 2, (char *[]){argv[2], "--help", NULL});
    cli_read_line(&line, command, argc - 1, argv + 1);
    const dt_status guarded = cli_guard(&line);
    return finish(guarded == DT_OK ? run[command](&line) : guarded);
}
