/*
 * The command line: what its files share. It sees the library through its public headers alone, so that
 * whatever the program can do, another program can.
 *
 * Tables and JSON go to stdout; diagnostics and progress to stderr. A command returns its exit
 * status, which is a `dt_status`. Memory of the program itself is taken by cli_take, which ends the
 * program with DT_LIMIT if there is none; it lives until the program ends.
 */
#ifndef DT_CLI_H
#define DT_CLI_H

#include <stdio.h>

#include "detente.h"

/* ---- commands and options -------------------------------------------------------------------- */

/* Every command, one line each: name, arguments, what it does. */
#define COMMANDS(COMMAND)                                                                          \
    COMMAND(check, "parse, explore, count, warn, and run the model's expectations")                \
    COMMAND(run, "solve under each policy: outcomes side by side, with certificates")              \
    COMMAND(study, "solve many worlds under each policy into a file, or go on with it")            \
    COMMAND(compare, "of a study: which policy holds up across its worlds")                        \
    COMMAND(discover, "of a study: in which worlds a policy fails")                                \
    COMMAND(sensitivity, "of a study: which numbers matter, and for which policy is best")         \
    COMMAND(diagnose, "of a study: whether to trust it")                                           \
    COMMAND(explain, "say why the movers of a situation do what they do")                          \
    COMMAND(verify, "recompute residuals and gaps by code that shares nothing with the solver")    \
    COMMAND(levers, "which ingredient does the work between two policies")                         \
    COMMAND(design, "which cells of all levers are best, nominal and over worlds")                 \
    COMMAND(referee, "what a hostile referee would say: findings, the worst first")                \
    COMMAND(fit, "what histories say about the numbers: draws of the posterior, as a study")       \
    COMMAND(equilibria, "of play forever: other equilibria than the one that is selected")         \
    COMMAND(sample, "draw histories: what may happen, period by period")                           \
    COMMAND(play, "hold a side, or several, while everybody else plays the equilibrium")           \
    COMMAND(score, "how likely a history is, row by row, and what wasn't seen of it")              \
    COMMAND(export, "write the graph with its strategies as json, dot or Gambit efg")              \
    COMMAND(report, "write one page to share, which solves the game by itself")                    \
    COMMAND(fmt, "print the model in the one canonical layout")

typedef enum cli_command {
#define COMMAND(name, text) CLI_##name,
    COMMANDS(COMMAND)
#undef COMMAND
        CLI_COMMANDS
} cli_command;

/* Nodes of a policy, unless --max-nodes says otherwise. */
#define CLI_MOST_NODES 2000000

typedef struct cli_texts {
    const char **at;
    size_t count;
} cli_texts;

/* The command line, read. The fields below `model` are those of options.def. */
typedef struct cli_line {
    cli_command command;
    const char *model; /* path, "-": standard input */

    cli_texts policy, set, vary, outcome, require, where, minimise, maximise, free, history, as;
    const char *at, *believing, *stage, *against, *period, *output, *table, *optimism, *peel,
        *select, *from_file, *from_policy, *to_policy, *precision, *lookahead, *train, *test,
        *evidence, *code;
    const char *referee;
    uint64_t max_nodes, max_memory, worlds, seed, jobs, deep, risk, base, points, box, starts,
        cells, beliefs, particles, histories, periods;
    int values, format, of, design;
    bool json, csv, markdown, latex, full, quick, quiet, check, write, rows, smooth, prior, mode,
        receding, secret, story, coach;
} cli_line;

/* Reads what follows the command's name: argv[0] is the name. Ends the program with DT_INVALID if
 * it is wrong, with DT_OK after --help. */
void cli_read_line(cli_line *line, cli_command command, int argc, char **argv);

const char *cli_command_name(cli_command command);
const char *cli_command_text(cli_command command);
/* Whether the command reads a study, and not a model; `report` and `referee` read either. */
bool cli_asks_study(cli_command command);

/* One function for each command, in the file of its name. */
#define COMMAND(name, text) dt_status cli_run_##name(const cli_line *line);
COMMANDS(COMMAND)
#undef COMMAND

/* ---- what may be read and written: guard.c ----------------------------------------------------- */

typedef enum cli_kind { CLI_OTHER, CLI_MODEL, CLI_STUDY, CLI_DATABASE, CLI_WORK } cli_kind;

/* What the file at `path` holds; CLI_OTHER also if there is none or it can be read only once. */
cli_kind cli_kind_of(const char *path);

/* DT_INVALID, told, if the command would read what it isn't for, or write over what it reads, a study
 * (unless it goes on with it), or a model; DT_FILE, told, if what it would go on with is a pipe. */
dt_status cli_guard(const cli_line *line);

/* ---- one command's work: session.c ------------------------------------------------------------- */

/* A model read, with the world and the policies that the command line asks for. */
typedef struct cli_session {
    const cli_line *line;
    dt_options options; /* for every call of the library */
    dt_model *model;
    double *world;         /* [parameters] as declared, then --set; before a policy's settings */
    bool *given;           /* [parameters] by --set */
    size_t *policy;        /* [policies] indices, each once, in the order asked for */
    size_t policies;       /* without --policy: all */
    const char *believing; /* of whom something else than what is so is to be believed; or NULL */
} cli_session;

struct dt_history;
/* The histories of --history, read: score.c. history [line->history.count], NULL from the first that is wrong on. */
dt_status cli_read_histories(const cli_session *session, struct dt_history **history);

/* A game under one policy, solved. */
typedef struct cli_play {
    dt_game *game;
    dt_solution *solution;
    dt_counts counts;
    dt_certificate certificate;
} cli_play;

/* The lookahead of the games: --lookahead, or the model's; -1 forever. */
int cli_lookahead(const cli_session *session);

/* Reads and checks the model. On any status but DT_OK all was told and nothing is held. */
dt_status cli_open(cli_session *session, const cli_line *line);
void cli_close(cli_session *session);
/* The policies that the line names, or all. False, told, if there is none of a name. For a study's model, too. */
bool cli_choose_policies(cli_session *session);

/* The index of what is called so; -1, told with the nearest name, if nothing of its kind is: `what` names the
 * kind. */
int cli_find(const cli_session *session, dt_kind kind, const char *what, const char *name);

/* The options that every call of the library gets: where diagnostics go, limits, progress. */
dt_options cli_library_options(const cli_line *line);
/* The same with the memory that is left as the limit: for work that makes do with less if it knows. */
dt_options cli_options_within(const cli_session *session);
/* The same as the first for what the command line asked for: warnings are told whatever the command is. */
dt_options cli_asked_options(const cli_session *session);
/* Warnings told so far. */
size_t cli_warnings(void);

/* Explores a policy for play from its start in the session's world: what is certain there is taken for known. */
dt_status cli_explore(const cli_session *session, size_t policy, dt_game **game);
/* Solves a game, which is the play's from then on. DT_NO (it isn't solved): the play is made all the same; on any other
 * status but DT_OK nothing is held. */
dt_status cli_play_game(const cli_session *session, dt_game *game, cli_play *play);
/* Explores and solves under a policy, with the statuses of both. */
dt_status cli_play_policy(const cli_session *session, size_t policy, cli_play *play);
void cli_play_free(cli_play *play);
/* The outcomes [outcomes] of the game of a play with private variables on the grid of half the fineness; NAN: it
 * isn't solved. */
dt_status cli_play_half(const cli_session *session, const cli_play *play, double *outcome);

/* DT_INVALID, told, if play isn't forever, where alone there are other equilibria: select.c. */
dt_status cli_need_forever(const cli_session *session);
/* Whether --select names another equilibrium than the limit: select.c. */
bool cli_selects(const char *select);
/* Looks for it under the session's policies; from then on it is in the session's options. DT_INVALID, told, if there
 * is none. */
dt_status cli_select(cli_session *session);
/* What selects among several solutions, in words. */
const char *cli_selection(const char *select);

/* The work of `run` with --worlds: ensemble.c. */
dt_status cli_run_ensemble(const cli_session *session);

/* Why a policy isn't solved, so that none of its numbers is shown. */
typedef struct cli_unsolved {
    const char *reason; /* NULL: it is solved */
    const char *cure;   /* may be "" */
    cli_texts failure;  /* the first nodes that failed, if that is the reason */
} cli_unsolved;

/* What there is to tell of a solution, which may be freed then. */
cli_unsolved cli_take_down(const dt_solution *solution);
/* The outcomes of a play, those by chance alone if `chance` isn't NULL, and whether these and the solution are
 * results: dt_solution_outcomes. */
dt_status cli_play_outcomes(const cli_session *session, const cli_play *play, double *outcome,
                            double *chance, cli_unsolved *unsolved);
/* Tells it on stderr, if it isn't solved. */
void cli_tell_unsolved(const cli_session *session, size_t policy, const cli_unsolved *unsolved);

/* ---- policies side by side: policies.c --------------------------------------------------------- */

/* Works on policy number `column` of those asked for; tells by session->options alone. Called from
 * several threads. */
typedef dt_status cli_work(const cli_session *session, size_t column, void *context);
/* What is to be told after a policy's diagnostics. */
typedef void cli_tell(const cli_session *session, size_t column, void *context);

/* Works on every policy, by as many threads as --jobs allows, and tells of each in order, until one
 * ends with more than DT_NO. Returns the worst status. */
dt_status cli_each_policy(const cli_session *session, cli_work *work, cli_tell *tell,
                          void *context);

/* The threads of --jobs, or one for each processor. */
int cli_jobs(const cli_line *line);

/* ---- long work: long_work.c --------------------------------------------------------------------- */

/* From now on an interruption is noted, and doesn't end the program at once. */
void cli_catch_signals(void);
bool cli_interrupted(void);
/* For dt_options.progress, with the line as context: tells of it unless --quiet, and says stop when interrupted. */
bool cli_go_on(void *line, const char *activity, double done);
/* Of a command that keeps what is solved in the file that -o names, if there is one: how it is interrupted, and how that
 * is told. */
void cli_keeps(dt_options *options, const cli_line *line);
void cli_tell_kept(dt_status status, const cli_line *line);

/* The nominal world, then `worlds` drawn by --seed: values [worlds + 1][parameters]. What --set gives stays. */
dt_status cli_draw_worlds(const cli_session *session, size_t worlds, double *values);
/* What they are, in a line: "200 of seed 1, cost=0.5". */
const char *cli_drawn(const cli_session *session, size_t worlds);

/* ---- styles: text.c ------------------------------------------------------------------------------ */

typedef enum cli_style { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_GOOD, CLI_BAD, CLI_WARN } cli_style;

/* Text that starts or ends a style on a stream; "" where colour is not wanted. */
const char *cli_on(FILE *stream, cli_style style);
const char *cli_off(FILE *stream);

/* ---- text on a terminal: text.c ---------------------------------------------------------------- */

/* A number as people are told it: what is no more than the rounding of a sum that is 0 is 0, without a sign. JSON and
 * CSV have numbers as they are. */
double cli_unless_rounding(double number);
/* Columns of the terminal, or what COLUMNS says; 80 if stdout is no terminal. */
int cli_width(void);

/* The bytes of the first character of a text that isn't empty, and its columns; -1: not to be shown. */
size_t cli_character(const char *text, int *columns);
/* Columns that a UTF-8 text takes. */
int cli_columns(const char *text);
/* The first bytes of a text that fit into so many columns. */
size_t cli_fitting(const char *text, int columns);
/* The text with '?' for what must not reach a terminal, a blank for a tab. */
const char *cli_clean(const char *text);

/* Words flowing into lines. */
typedef struct cli_flow {
    FILE *stream;
    int width;  /* 0: lines end nowhere */
    int indent; /* blanks before the lines after the first */
    int column; /* reached */
    bool apart; /* a blank stands before the next word */
} cli_flow;

/* A flow that goes on where `begun` columns are printed. */
cli_flow cli_flow_on(FILE *stream, int begun, int indent);
/* Prints words, cleaned, in lines that fit, broken at blanks. */
void cli_flow_put(cli_flow *flow, const char *text);

/* Prints a line on stdout, or as many as it takes, that begins with a head in a style. */
void cli_print_styled(cli_style style, const char *head, const char *rest);
/* A model's name and description. */
void cli_print_title(const dt_model *model);
/* Prints a text on stdout in lines that fit the terminal, broken at blanks, each after `indent`
 * blanks; in the first line these begin with the label, which may be "". */
void cli_print_wrapped(const char *label, const char *text, int indent);
/* The same on a line of which `begun` columns are printed already. */
void cli_print_wrapped_on(int begun, const char *text, int indent);

/* ---- the terminal beside results: render.c ------------------------------------------------------ */

/* A diagnostic of the library on stderr: report of dt_options; context is the cli_line. Warnings are
 * about the model, so `check` alone shows them. */
void cli_report(void *context, const dt_diagnostic *diagnostic);
/* The same of what was asked for on the command line: every command shows warnings, too. */
void cli_report_asked(void *context, const dt_diagnostic *diagnostic);
/* Progress on stderr if that is a terminal: progress of dt_options. */
bool cli_progress(void *context, const char *activity, double done);
/* Wipes the progress line. */
void cli_progress_end(void);

/* An error of the command line itself, with a hint (may be NULL). */
void cli_error(const char *hint, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "did you mean 'x'?", or NULL if no name is near. */
const char *cli_did_you_mean(const char *name, const char *const *names, size_t count);

/* ---- tables: table.c --------------------------------------------------------------------------- */

/* What stands behind a cell: a star says that it is the best of its row, or clear of its noise; a
 * tilde that it lies within its noise. */
typedef enum cli_mark { CLI_UNMARKED, CLI_STAR, CLI_TILDE } cli_mark;

/* Follows the name of an outcome by which the policies rank as they do if everybody tosses coins. */
#define CLI_BY_CHANCE "^"

/* ---- what holds by chance alone: chance.c ------------------------------------------------------ */

/* Games that are ranked, in one world, and what their outcomes are if everybody tosses coins. */
typedef struct cli_chance {
    const dt_model *model;
    const double *world; /* [parameters] before the settings of each */
    const dt_options *options;
    size_t columns;
    double *outcome; /* [outcomes][columns]; NaN where it isn't known */
} cli_chance;

cli_chance cli_chance_start(const dt_model *model, const double *world, const dt_options *options,
                            size_t columns);
/* Fills a column; it stays unknown if the game's world is wrong. */
dt_status cli_chance_of(const cli_chance *chance, const dt_game *game, size_t column);
/* Whether the games rank by an outcome, `nominal` [columns], as they do by chance alone. */
bool cli_chance_ranks(const cli_chance *chance, size_t outcome, const double *nominal);
/* The name with the mark, if it is so; and if any is, the line that says what: "the policies rank so". */
const char *cli_chance_mark(const char *name, bool by_chance);
void cli_chance_say(bool any, const char *what);

/* Rows and columns of text: a label for each row, a head for each column. Rows without cells are
 * headings. */
typedef struct cli_table {
    size_t columns;
    size_t rows;
    int head_width;        /* columns that a head may take before it is shortened */
    const char **head;     /* [columns] */
    const char **label;    /* [rows] */
    const char **cell;     /* [rows][columns]; NULL in a row's first: a heading */
    unsigned char *marked; /* [rows][columns] cli_mark */
} cli_table;

void cli_table_start(cli_table *table, size_t columns);
/* Adds a row whose cells are still empty; returns its cells. With `heading` it has none. */
const char **cli_table_row(cli_table *table, const char *label);
void cli_table_heading(cli_table *table, const char *text);
/* Adds a row of numbers to as many decimals as the largest needs; direction +1 or -1 marks the
 * largest or the least. What isn't finite isn't a result: it is a dash, and never the best. */
void cli_table_numbers(cli_table *table, const char *label, const double *number, int direction);
/* Fills a column of the rows there are in the same way, all of them with one number of decimals. */
void cli_table_column(cli_table *table, size_t column, const double *number, int direction);
/* Adds a row of small numbers, "3.1e-16". */
void cli_table_errors(cli_table *table, const char *label, const double *number);
void cli_table_counts(cli_table *table, const char *label, const uint64_t *number);
/* Prints it, in as many blocks of columns as the width demands. */
void cli_table_print(const cli_table *table);

/* ---- memory and text: memory.c; JSON: json.c; files: files.c ------------------------------------  */

/* `count` zeroed items of `size` bytes, kept until the program ends. */
void *cli_take(size_t count, size_t size);
/* From now on cli_take ends the program with DT_LIMIT, told, if more bytes are asked for at once. */
void cli_take_at_most(size_t bytes);
/* A list of `count` items with room for one more: moves when `count` is a power of two. */
void *cli_grow(const void *items, size_t count, size_t size);
void cli_add(cli_texts *texts, const char *text);
/* Of qsort: doubles, the least first. */
int cli_by_size(const void *a, const void *b);
/* A new text. */
char *cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct json_t;
/* A number for JSON; null if it isn't finite. */
struct json_t *cli_json_number(double number);
struct json_t *cli_json_texts(const cli_texts *texts);
/* Prints one object on stdout and gives it up. */
dt_status cli_json_print(struct json_t *object);

/* Reads a whole file, or standard input for "-". */
dt_status cli_read(const char *path, char **text, size_t *length);

/* A file being written: beside its final name until it is complete. */
typedef struct cli_output {
    const char *path; /* NULL: standard output */
    char *final;      /* the file that is replaced */
    char *partial;    /* written meanwhile; NULL, as the final one is, if written in place */
    FILE *stream;
    bool replaces; /* there was a file */
    int failed;    /* the errno of a write that failed, or 0 */
} cli_output;

/* DT_FILE, told, if nothing can be written to the path, as far as can be said before anything is: long work comes first. */
dt_status cli_output_check(const char *path);
dt_status cli_output_open(cli_output *output, const char *path);
/* A dt_write whose context is a cli_output. */
bool cli_output_write(void *context, const char *text, size_t length);
/* Puts the file in place if `keep`, else removes what was written. */
dt_status cli_output_close(cli_output *output, bool keep);

#endif
