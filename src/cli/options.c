/*
 * The options: one table, options.def, of which every line is one option. It is turned into what
 * argp parses and prints as help, it says how a value is checked and where it goes, and unknown
 * options are compared with it. Options are written out in full: an abbreviation would change its
 * meaning when an option is added.
 */
#include "cli.h"

#include <argp.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef enum option_kind {
    FLAG,   /* bool */
    TEXT,   /* const char * */
    TEXTS,  /* cli_texts: may be repeated */
    COUNT,  /* uint64_t, from 1 to MOST_COUNT */
    WHOLE,  /* uint64_t, from 1: seeds and limits, of which nothing is made so often */
    EVEN,   /* uint64_t, even, from 2 to MOST_EVEN */
    SIZE,   /* uint64_t: bytes, with K, M, G or T */
    CHOICE, /* int: which of the words in `argument` */
} option_kind;

#define ON(command) (1u << CLI_##command)
#define SOLVING                                                                                    \
    (ON(check) | ON(run) | ON(study) | ON(explain) | ON(verify) | ON(export) | ON(equilibria) |    \
     ON(levers) | ON(design) | ON(referee) | ON(score) | ON(fit) | ON(sample) | ON(play) |         \
     ON(report))
#define TELLING                                                                                    \
    (ON(check) | ON(run) | ON(study) | ON(explain) | ON(verify) | ON(equilibria) | ON(levers) |    \
     ON(design) | ON(referee) | ON(score) | ON(fit))
#define ASKING (ON(compare) | ON(discover) | ON(sensitivity) | ON(diagnose))
#define ALL    (SOLVING | ASKING | ON(fmt))

#define QUOTE(x)   #x
#define AS_TEXT(x) QUOTE(x)

static const struct option_row {
    const char *name;
    char key; /* the short option, or 0 */
    option_kind kind;
    unsigned commands;
    size_t field;
    const char *argument; /* what stands in the help, or the choices */
    const char *text;
} table[] = {
#define OPTION(name, key, kind, commands, field, argument, text)                                   \
    {name, key, kind, commands, offsetof(cli_line, field), argument, text},
#include "options.def"
#undef OPTION
};

enum { MOST_COUNT = 1 << 30, MOST_EVEN = 256 /* as fine as a grid of beliefs can be */ };
enum { OPTIONS = sizeof table / sizeof table[0], LONG_ONLY = 256 };

const char *cli_command_name(cli_command command)
{
    static const char *const name[] = {
#define COMMAND(name, text) #name,
        COMMANDS(COMMAND)
#undef COMMAND
    };
    assert(command >= 0 && command < CLI_COMMANDS);
    return name[command];
}

const char *cli_command_text(cli_command command)
{
    static const char *const text[] = {
#define COMMAND(name, text) text,
        COMMANDS(COMMAND)
#undef COMMAND
    };
    assert(command >= 0 && command < CLI_COMMANDS);
    return text[command];
}

bool cli_asks_study(cli_command command)
{
    return ASKING >> command & 1;
}

static bool applies(const struct option_row *row, cli_command command)
{
    return row->commands >> command & 1;
}

/* The number of the word among the choices "a|b|c", or -1. */
static int choice_of(const char *choices, const char *word)
{
    int n = 0;
    for (const char *at = choices;; n++) {
        size_t length = strcspn(at, "|");
        if (length == strlen(word) && memcmp(at, word, length) == 0)
            return n;
        if (at[length] == '\0')
            return -1;
        at += length + 1;
    }
}

/* A whole number from 1, followed by one of `units` (each 1024 times the one before) or nothing. */
static bool read_count(const char *text, const char *units, uint64_t *count)
{
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    if (end == text || text[strspn(text, " \t")] == '-' || errno != 0 || n == 0)
        return false;
    const char *unit = *end ? strchr(units, *end >= 'a' && *end <= 'z' ? *end - 32 : *end) : NULL;
    if (*end && (!unit || end[1]))
        return false;
    int shift = unit ? 10 * (int)(unit - units) : 0;
    if (n > UINT64_MAX >> shift)
        return false;
    *count = (uint64_t)n << shift;
    return true;
}

/* Ends the program: the line can't be understood. */
#define refuse(command, ...)                                                                       \
    (cli_error(cli_print("'detente help %s' lists the options", cli_command_name(command)),        \
               __VA_ARGS__),                                                                       \
     exit(DT_INVALID))

static void store(cli_line *line, const struct option_row *row, char *value)
{
    assert(row->field < sizeof *line && (row->kind == FLAG || value));
    void *field = (char *)line + row->field;
    switch (row->kind) {
    case FLAG:
        *(bool *)field = true;
        break;
    case TEXT:
        *(const char **)field = value;
        break;
    case TEXTS:
        cli_add(field, value);
        break;
    case COUNT:
        if (!read_count(value, "", field) || *(uint64_t *)field > MOST_COUNT)
            refuse(line->command, "--%s takes a whole number from 1 to %d, not '%s'", row->name,
                   MOST_COUNT, value);
        break;
    case WHOLE:
        if (!read_count(value, "", field))
            refuse(line->command, "--%s takes a whole number from 1 to %llu, not '%s'", row->name,
                   (unsigned long long)UINT64_MAX, value);
        break;
    case EVEN:
        if (!read_count(value, "", field) || *(uint64_t *)field % 2 != 0 ||
            *(uint64_t *)field > MOST_EVEN)
            refuse(line->command, "--%s takes an even number from 2 to %d, not '%s'", row->name,
                   MOST_EVEN, value);
        break;
    case SIZE:
        if (!read_count(value, "BKMGT", field))
            refuse(line->command, "--%s takes a size from 1 to %lluT, such as 500M or 4G, not '%s'",
                   row->name, (unsigned long long)(UINT64_MAX >> 40), value);
        break;
    case CHOICE:
        *(int *)field = choice_of(row->argument, value);
        if (*(int *)field < 0)
            refuse(line->command, "--%s takes %s, not '%s'", row->name, row->argument, value);
        break;
    }
}

static error_t parse_one(int key, char *argument, struct argp_state *state)
{
    cli_line *line = state->input;
    if (key == ARGP_KEY_ARG) {
        if (line->model)
            refuse(line->command, "one %s is enough: '%s' or '%s'",
                   cli_asks_study(line->command) ? "study" : "model", line->model, argument);
        line->model = argument;
        return 0;
    }
    if (key == ARGP_KEY_END) {
        if (!line->model)
            refuse(line->command, cli_asks_study(line->command)
                                      ? "which study? give the file that 'detente study' wrote"
                                      : "which model? give a file, or '-' for standard input");
        return 0;
    }
    for (int i = 0; i < OPTIONS; i++) {
        if (applies(&table[i], line->command) &&
            key == (table[i].key ? table[i].key : LONG_ONLY + i)) {
            store(line, &table[i], argument);
            return 0;
        }
    }
    return ARGP_ERR_UNKNOWN;
}

/* Stops at a long option that the command doesn't have, which argp would complete or only refuse. */
static void refuse_unknown(cli_command command, int argc, char **argv)
{
    const char *known[OPTIONS + 2] = {"--help", "--usage"};
    size_t count = 2;
    for (int i = 0; i < OPTIONS; i++) {
        if (applies(&table[i], command))
            known[count++] = cli_print("--%s", table[i].name);
    }
    for (int a = 1; a < argc && strcmp(argv[a], "--") != 0; a++) {
        if (strcmp(argv[a], "-o") == 0)
            a++; /* its value may look like an option */
        if (a >= argc || strncmp(argv[a], "--", 2) != 0)
            continue;
        const char *name = cli_print("%.*s", (int)strcspn(argv[a], "="), argv[a]);
        bool found = false, elsewhere = false, takes_value = false;
        for (size_t i = 0; i < count; i++)
            found |= strcmp(known[i], name) == 0;
        for (int i = 0; i < OPTIONS; i++) {
            if (strcmp(table[i].name, name + 2) == 0) {
                elsewhere = true;
                takes_value = table[i].kind != FLAG;
            }
        }
        if (!found) {
            cli_error(elsewhere ? NULL : cli_did_you_mean(name, known, count),
                      elsewhere ? "'%s' has no option %s; other commands do"
                                : "'%s' has no option %s",
                      cli_command_name(command), name);
            exit(DT_INVALID);
        }
        if (takes_value && !strchr(argv[a], '='))
            a++;
    }
}

/* Whether a choice has so many words that help says them in its text. */
static bool long_choice(const struct option_row *row)
{
    enum { LONG = 30 };
    return row->kind == CHOICE && strlen(row->argument) > LONG;
}

/* "latin, random or grid: which worlds" */
static const char *spell_choice(const struct option_row *row)
{
    const char *words = "";
    for (const char *at = row->argument; *at;) {
        const int length = (int)strcspn(at, "|");
        const char *next = at + length + (at[length] == '|');
        words = cli_print("%s%s%.*s", words, !*words ? "" : *next ? ", " : " or ", length, at);
        at = next;
    }
    return cli_print("%s: %s", words, row->text);
}

void cli_read_line(cli_line *line, cli_command command, int argc, char **argv)
{
    *line = (cli_line){.command = command, .max_nodes = CLI_MOST_NODES};
    refuse_unknown(command, argc, argv);

    struct argp_option options[OPTIONS + 1] = {{0}};
    int count = 0;
    for (int i = 0; i < OPTIONS; i++) {
        if (applies(&table[i], command))
            options[count++] = (struct argp_option){
                .name = table[i].name,
                .key = table[i].key ? table[i].key : LONG_ONLY + i,
                .arg = long_choice(&table[i]) ? "WORD" : table[i].argument,
                .doc = long_choice(&table[i]) ? spell_choice(&table[i]) : table[i].text,
            };
    }
    assert(count > 0 && count < OPTIONS + 1);
    struct argp parser = {
        .options = options,
        .parser = parse_one,
        .args_doc = cli_asks_study(command) ? "FILE" : "MODEL",
        .doc = cli_print("%s", cli_command_text(command)),
    };
    argp_err_exit_status = DT_INVALID;
    if (cli_width() < 80) /* argp's own layout is for 80 columns */
        setenv("ARGP_HELP_FMT",
               cli_print("opt-doc-col=10,usage-indent=4,rmargin=%d", cli_width() - 1), false);
    argv[0] = cli_print("detente %s", cli_command_name(command));
    argp_parse(&parser, argc, argv, 0, NULL, line);
}
