/*
 * What a file is, told from its first bytes, and what follows from it before anything is begun: a study
 * isn't read as a model, nor a model as a study, and nothing is written over what can't be had back: what
 * the command reads, a study, a model, work that a command has kept. Files are told apart by device and inode, so that no name and no
 * link hides one.
 */
#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

/* ---- what a file is ---------------------------------------------------------------------------- */

/* "model NAME" at the beginning of a line. */
static bool names_model(const char *text)
{
    static const char word[] = "model";
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += strspn(line, " \t\r\n");
        const char *name = line + strlen(word);
        if (strncmp(line, word, strlen(word)) == 0 && strspn(name, " \t") > 0) {
            name += strspn(name, " \t");
            if (isalpha((unsigned char)*name) || *name == '_')
                return true;
        }
    }
    return false;
}

static bool ends_in(const char *path, const char *end)
{
    const size_t length = strlen(path), tail = strlen(end);
    return length > tail && strcmp(path + length - tail, end) == 0;
}

/* What `levers`, `design` and `referee` keep what they solve in begins with the command's name. */
static bool is_work(const char *text)
{
    static const char *const start[] = {"detente levers ", "detente design ", "detente referee "};
    bool is = false;
    for (size_t i = 0; i < sizeof start / sizeof *start; i++)
        is |= strncmp(text, start[i], strlen(start[i])) == 0;
    return is;
}

cli_kind cli_kind_of(const char *path)
{
    static const char magic[] = "SQLite format 3", id[] = "DTNT";
    enum {
        ID_AT = 68,
        START = 1 << 16
    }; /* the file format of SQLite has the application's id there */
    struct stat about;
    if (strcmp(path, "-") == 0 || stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return CLI_OTHER; /* what is read from a pipe isn't there a second time */
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return CLI_OTHER;
    char *start = cli_take(START + 1, 1);
    const size_t length = fread(start, 1, START, stream);
    fclose(stream);
    assert(length <= START);
    if (length >= sizeof magic && memcmp(start, magic, sizeof magic) == 0)
        return memcmp(start + ID_AT, id, strlen(id)) == 0 ? CLI_STUDY : CLI_DATABASE;
    if (is_work(start))
        return CLI_WORK;
    return length > 0 && (ends_in(path, ".dtn") || names_model(start)) ? CLI_MODEL : CLI_OTHER;
}

/* ---- what is read ------------------------------------------------------------------------------ */

/* The name is that of a model, or of a study, and the command reads the other. */
static dt_status check_input(const cli_line *line)
{
    const char *command = cli_command_name(line->command);
    const cli_kind kind = cli_kind_of(line->model);
    if (cli_asks_study(line->command) && kind == CLI_MODEL) {
        cli_error(
            cli_print("'detente study %s --worlds 1000 -o FILE' makes a study of it", line->model),
            "'%s' is a model, and '%s' reads a study", line->model, command);
        return DT_INVALID;
    }
    if (kind == CLI_WORK) {
        cli_error("with -o the command that made it goes on with it",
                  "'%s' is work that was kept, and '%s' reads a %s", line->model, command,
                  cli_asks_study(line->command) ? "study" : "model");
        return DT_INVALID;
    }
    if (cli_asks_study(line->command) || line->command == CLI_report ||
        line->command == CLI_referee || (line->command == CLI_score && (line->train || line->test)))
        return DT_OK;
    const char *cure = line->command == CLI_score
                           ? "with --train A..B --test C..D the draws of a fit are scored"
                           : "compare, discover, sensitivity, diagnose, referee and report read "
                             "studies; the model is in its table 'study', as 'text'";
    if (kind == CLI_STUDY)
        cli_error(cure, "'%s' is a study, worlds that are solved already, and '%s' reads a model",
                  line->model, command);
    else if (kind == CLI_DATABASE)
        cli_error(NULL, "'%s' is an SQLite database, and '%s' reads a model", line->model, command);
    return kind == CLI_STUDY || kind == CLI_DATABASE ? DT_INVALID : DT_OK;
}

/* ---- what is written --------------------------------------------------------------------------- */

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && S_ISREG(a->st_mode);
}

const char *cli_coverage_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return cli_print("%.*scoverage.csv", slash ? (int)(slash + 1 - path) : 0, path);
}

/* Whether `about` is one of the files that the command reads; `what` it is then. */
static bool is_input(const cli_line *line, const struct stat *about, const char **what)
{
    struct stat input;
    *what = line->model;
    const bool standard = strcmp(line->model, "-") == 0;
    if ((standard ? fstat(STDIN_FILENO, &input) : stat(line->model, &input)) == 0 &&
        same(about, &input))
        return true;
    *what = line->referee;
    if (*what && stat(*what, &input) == 0 && same(about, &input))
        return true;
    *what = line->command == CLI_report && !standard ? cli_coverage_of(line->model) : NULL;
    return *what && stat(*what, &input) == 0 && same(about, &input);
}

/* Whether a command takes up what the file of -o has, so that this is read as well as written. */
static bool goes_on(cli_command command)
{
    return command == CLI_levers || command == CLI_design || command == CLI_referee ||
           command == CLI_study || command == CLI_fit || command == CLI_play;
}

static dt_status check_output(const cli_line *line)
{
    struct stat about;
    const char *what;
    if (fstat(STDOUT_FILENO, &about) == 0 && is_input(line, &about, &what)) {
        cli_error(NULL, "standard output is the file that '%s' reads",
                  cli_command_name(line->command));
        return DT_INVALID;
    }
    if (!line->output || stat(line->output, &about) != 0)
        return DT_OK;
    if (goes_on(line->command) && (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode))) {
        cli_error("-o takes the name of a file",
                  "'%s' is a pipe, and '%s' reads again what it keeps", line->output,
                  cli_command_name(line->command));
        return DT_FILE;
    }
    const cli_kind kind = cli_kind_of(line->output);
    /* the library looks closer */
    const bool wanted =
        kind == CLI_WORK
            ? line->command == CLI_levers || line->command == CLI_design ||
                  line->command == CLI_referee
            : (line->command == CLI_study || line->command == CLI_fit) && kind != CLI_MODEL;
    if (is_input(line, &about, &what))
        cli_error("-o takes another name", "'%s' would be replaced, and '%s' reads it%s",
                  line->output, cli_command_name(line->command),
                  strcmp(what, line->output) == 0 ? ""
                  : strcmp(what, "-") == 0        ? " as standard input"
                                                  : cli_print(" as '%s'", what));
    else if (kind != CLI_OTHER && !wanted)
        cli_error("-o takes another name; what isn't needed any more is removed first",
                  "'%s' is %s, and would be replaced", line->output,
                  kind == CLI_MODEL   ? "a model"
                  : kind == CLI_STUDY ? "a study"
                  : kind == CLI_WORK  ? "work that was kept"
                                      : "an SQLite database");
    else
        return DT_OK;
    return DT_INVALID;
}

dt_status cli_guard(const cli_line *line)
{
    assert(line->model);
    const bool writes = line->command == CLI_export || line->command == CLI_report ||
                        line->command == CLI_play; /* once, when their work is done */
    dt_status status = check_input(line);
    if (status == DT_OK)
        status = check_output(line);
    return status == DT_OK && line->output && writes ? cli_output_check(line->output) : status;
}
