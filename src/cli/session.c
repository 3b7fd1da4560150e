/*
 * One command's work: the model read, the numbers of --set, the policies asked for, and the limits.
 * The library counts the memory of each handle; the budget here counts all of them together, so
 * that --max-memory means the whole program.
 */
#include "cli.h"

#include <assert.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- memory ------------------------------------------------------------------------------------ */

static struct {
    size_t limit, held;
    bool refused;
} budget;
static pthread_mutex_t budget_lock = PTHREAD_MUTEX_INITIALIZER; /* of `held` and `refused` */

/* Exchanges one block's size for another; false if that is too much. */
static bool budget_exchange(size_t before, size_t after)
{
    pthread_mutex_lock(&budget_lock);
    assert(budget.held >= before);
    const size_t others = budget.held - before;
    const bool granted =
        after <= before || (after <= budget.limit && others <= budget.limit - after);
    if (granted)
        budget.held = others + after;
    else
        budget.refused = true;
    pthread_mutex_unlock(&budget_lock);
    return granted;
}

/* A dt_allocator within the budget. */
static void *resize_within(void *context, void *block, size_t size)
{
    (void)context;
    const size_t before = block ? malloc_usable_size(block) : 0;
    if (size == 0) {
        free(block);
        budget_exchange(before, 0);
        return NULL;
    }
    const size_t asked = size > before ? size : before;
    if (!budget_exchange(before, asked))
        return NULL;
    void *moved = realloc(block, size);
    pthread_mutex_lock(&budget_lock); /* what it really takes */
    budget.held = budget.held - asked + (moved ? malloc_usable_size(moved) : before);
    pthread_mutex_unlock(&budget_lock);
    return moved;
}

/* The number in a file of one line such as "MemAvailable:  123 kB", or UINT64_MAX. */
static uint64_t number_in(const char *path, const char *after, uint64_t unit)
{
    uint64_t number = UINT64_MAX;
    char line[256];
    FILE *stream = fopen(path, "r");
    while (stream && fgets(line, sizeof line, stream)) {
        size_t length = strlen(after);
        const char *digits = line + strcspn(line, "0123456789");
        if (strncmp(line, after, length) == 0 && *digits)
            number = strtoull(digits, NULL, 10) * unit;
    }
    if (stream)
        fclose(stream);
    return number;
}

/* Three quarters of what can be had before the machine swaps or the container is stopped. */
static uint64_t default_memory(void)
{
    uint64_t physical = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t available = number_in("/proc/meminfo", "MemAvailable:", 1024);
    uint64_t container = number_in("/sys/fs/cgroup/memory.max", "", 1);
    uint64_t least = physical < available ? physical : available;
    return (least < container ? least : container) / 4 * 3;
}

static size_t warnings;

size_t cli_warnings(void)
{
    return warnings;
}

/* Every diagnostic passes here: warnings are counted, and when memory ends it is told which limit
 * it was. */
static void tell(const dt_diagnostic *diagnostic, void *context,
                 void (*say)(void *context, const dt_diagnostic *diagnostic))
{
    dt_diagnostic told = *diagnostic;
    warnings += told.severity == DT_WARNING;
    if (strcmp(told.code, "memory") == 0 && budget.refused) {
        const int shift = budget.limit < (size_t)10 << 10   ? 0
                          : budget.limit < (size_t)10 << 20 ? 10
                                                            : 20;
        told.message = cli_print("more than %zu %s of memory are needed", budget.limit >> shift,
                                 shift == 0    ? "bytes"
                                 : shift == 10 ? "kB"
                                               : "MB");
    }
    if (strcmp(told.code, "memory") == 0 &&
        (budget.refused || strstr(told.message, "the memory limit")))
        told.hint = "--max-memory SIZE allows more";
    say(context, &told);
}

static void report(void *context, const dt_diagnostic *diagnostic)
{
    tell(diagnostic, context, cli_report);
}

/* The program's own tables have so much room whatever the limit is. */
enum { LEAST_OWN = 16 << 20 };

dt_options cli_library_options(const cli_line *line)
{
    uint64_t memory = line->max_memory ? line->max_memory : default_memory();
    budget.limit = memory > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)memory;
    cli_take_at_most(budget.limit < LEAST_OWN ? LEAST_OWN : budget.limit);
    return (dt_options){
        .report = report,
        .report_context = (void *)line,
        .max_nodes = line->max_nodes,
        .allocator = {resize_within, NULL},
        .progress = line->quiet ? NULL : cli_progress,
        .jobs = cli_jobs(line),
        .beliefs = (int)line->beliefs,
    };
}

dt_options cli_options_within(const cli_session *session)
{
    dt_options options = session->options;
    pthread_mutex_lock(&budget_lock);
    const size_t left = budget.limit > budget.held ? budget.limit - budget.held : 0;
    pthread_mutex_unlock(&budget_lock);
    options.max_memory = left > 0 ? left : 1;
    return options;
}

/* ---- the model and what was asked of it -------------------------------------------------------- */

/* The index of a name among the model's items of a kind; says so if there is none. */
int cli_find(const cli_session *session, dt_kind kind, const char *what, const char *name)
{
    int index = dt_model_find(session->model, kind, name);
    if (index >= 0)
        return index;
    size_t count = dt_model_count(session->model, kind);
    const char **names = cli_take(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = dt_model_item(session->model, kind, i);
    assert(count == 0 || names[count - 1]);
    cli_error(cli_did_you_mean(name, names, count), "model '%s' has no %s '%s'",
              dt_model_name(session->model), what, name);
    return -1;
}

/* Warnings about what was asked for: every command tells them. */
static void report_asked(void *context, const dt_diagnostic *diagnostic)
{
    tell(diagnostic, context, cli_report_asked);
}

dt_options cli_asked_options(const cli_session *session)
{
    dt_options options = session->options;
    options.report = report_asked;
    return options;
}

/* VALUE of --set as in the language, a number or a percentage. */
static bool read_value(const cli_session *session, const char *name, const char *text,
                       double *value)
{
    const size_t digits = strspn(text, "+-.0123456789eE");
    const bool percent = strcmp(text + digits, "%") == 0;
    char *end;
    *value = strtod(text, &end);
    if (end == text || (*end && !percent) || end > text + digits) {
        const char *hint = isfinite(*value) && !*end && strpbrk(text, "xX")
                               ? cli_print("numbers are decimal: %.17g", *value)
                               : NULL;
        cli_error(hint, "--set %s takes a number, not '%s'", name, text);
        return false;
    }
    if (!isfinite(*value)) {
        cli_error(NULL, "--set %s takes a smaller number than '%s'", name, text);
        return false;
    }
    *value = percent ? *value / 100 : *value;
    if (*value == 0 && strcspn(text, "123456789") < strcspn(text, "eE%"))
        report_asked((void *)session->line,
                     &(dt_diagnostic){.severity = DT_WARNING,
                                      .code = "tiny-number",
                                      .message = cli_print("--set %s=%s is so small that it counts "
                                                           "as 0",
                                                           name, text),
                                      .file = "",
                                      .source = "",
                                      .hint = "",
                                      .state = ""});
    return true;
}

/* NAME=VALUE into the world. */
static bool set_parameter(cli_session *session, const char *text)
{
    size_t length = strcspn(text, "=");
    if (!text[length]) {
        cli_error(NULL, "--set takes NAME=VALUE, not '%s'", text);
        return false;
    }
    const char *name = cli_print("%.*s", (int)length, text);
    double value;
    if (!read_value(session, name, text + length + 1, &value))
        return false;
    int parameter = cli_find(session, DT_PARAMETERS, "parameter", name);
    if (parameter < 0)
        return false;
    session->world[parameter] = value;
    session->given[parameter] = true;
    return true;
}

/* The policies asked for, or all of them. */
bool cli_choose_policies(cli_session *session)
{
    size_t all = dt_model_count(session->model, DT_POLICIES);
    const cli_texts *asked = &session->line->policy;
    session->policy = cli_take(all, sizeof *session->policy);
    for (size_t i = 0; i < asked->count; i++) {
        int index = cli_find(session, DT_POLICIES, "policy", asked->at[i]);
        if (index < 0)
            return false;
        bool twice = false;
        for (size_t k = 0; k < session->policies; k++)
            twice |= session->policy[k] == (size_t)index;
        if (!twice)
            session->policy[session->policies++] = (size_t)index;
    }
    for (size_t i = 0; i < all && asked->count == 0; i++)
        session->policy[session->policies++] = i;
    assert(session->policies >= 1 && session->policies <= all);
    return true;
}

/* --precision and --lookahead into the options of every call. */
static bool read_play(cli_session *session)
{
    const char *precision = session->line->precision, *lookahead = session->line->lookahead;
    char *end;
    if (precision) {
        const double scale = strtod(precision, &end);
        if (end == precision || *end || !isfinite(scale) || scale < 0) {
            cli_error(NULL, "--precision takes a number from 0, not '%s'", precision);
            return false;
        }
        session->options.chance_alone = scale == 0;
        session->options.rationality_scale = scale;
    }
    if (lookahead) {
        const bool forever = strcmp(lookahead, "forever") == 0;
        const size_t digits = strspn(lookahead, "0123456789");
        if (!forever && (digits == 0 || digits > 6 || lookahead[digits])) {
            cli_error(NULL,
                      "--lookahead takes a number of periods up to 999999, or 'forever', not '%s'",
                      lookahead);
            return false;
        }
        session->options.other_lookahead = true;
        session->options.lookahead = forever ? -1 : (int)strtol(lookahead, NULL, 10);
    }
    return true;
}

int cli_lookahead(const cli_session *session)
{
    return session->options.other_lookahead ? session->options.lookahead
                                            : dt_model_lookahead(session->model);
}

static dt_status read_model(cli_session *session)
{
    const char *path = session->line->model;
    if (strcmp(path, "-") != 0)
        return dt_model_read(path, &session->options, &session->model);
    char *text;
    size_t length;
    dt_status status = cli_read(path, &text, &length);
    if (status != DT_OK)
        return status;
    status = dt_model_parse("<stdin>", text, length, &session->options, &session->model);
    return status;
}

dt_status cli_open(cli_session *session, const cli_line *line)
{
    *session = (cli_session){.line = line, .options = cli_library_options(line)};
    session->options.horizon_alone = true;
    dt_status status = read_model(session);
    if (status != DT_OK)
        return status;
    session->world = cli_take(dt_model_count(session->model, DT_PARAMETERS), sizeof(double));
    session->given = cli_take(dt_model_count(session->model, DT_PARAMETERS), sizeof(bool));
    dt_model_nominal(session->model, session->world);
    bool good = cli_choose_policies(session) && read_play(session);
    for (size_t i = 0; i < line->set.count; i++)
        good &= set_parameter(session, line->set.at[i]);
    if (good) {
        const dt_options asked = cli_asked_options(session);
        status = dt_model_warn_given(session->model, session->world, session->given,
                                     session->policy, session->policies, &asked);
    }
    if (good && status == DT_OK)
        status = cli_select(session);
    if (good && status == DT_OK)
        return DT_OK;
    cli_close(session);
    return good ? status : DT_INVALID;
}

void cli_close(cli_session *session)
{
    dt_model_free(session->model);
    cli_progress_end();
}

/* ---- playing a policy -------------------------------------------------------------------------- */

dt_status cli_explore(const cli_session *session, size_t policy, dt_game **game)
{
    if (session->believing)
        return dt_game_explore_believing(session->model, policy, session->world, session->believing,
                                         &session->options, game);
    return dt_game_explore_known(session->model, policy, session->world, 1, &session->options,
                                 game);
}

dt_status cli_play_game(const cli_session *session, dt_game *game, cli_play *play)
{
    *play = (cli_play){.game = game};
    size_t parameters = dt_model_count(session->model, DT_PARAMETERS);
    double *world = cli_take(parameters, sizeof *world);
    if (parameters)
        memcpy(world, session->world, parameters * sizeof *world);
    dt_game_settings(game, world);
    const dt_options within = cli_options_within(session);
    const dt_status status =
        dt_solve(game, world, (dt_values)session->line->values, &within, &play->solution);
    if (status != DT_OK && status != DT_NO) {
        cli_play_free(play);
        return status;
    }
    assert(play->game && play->solution);
    play->counts = dt_game_counts(game);
    play->certificate = dt_solution_certificate(play->solution);
    return status;
}

dt_status cli_play_policy(const cli_session *session, size_t policy, cli_play *play)
{
    dt_game *game;
    *play = (cli_play){0};
    const dt_status status = cli_explore(session, policy, &game);
    return status == DT_OK ? cli_play_game(session, game, play) : status;
}

dt_status cli_play_half(const cli_session *session, const cli_play *play, double *outcome)
{
    const size_t outcomes = dt_model_count(session->model, DT_OUTCOMES);
    dt_options options = cli_options_within(session);
    options.half_beliefs = true;
    const dt_ensemble_options how = {.jobs = options.jobs > 0 ? options.jobs : 1,
                                     .wanted = DT_WANT_OUTCOMES};
    dt_ensemble *ensemble;
    const dt_status status = dt_ensemble_run(
        play->game, session->world, 1, (dt_values)session->line->values, &how, &options, &ensemble);
    if (status != DT_OK)
        return status;
    const dt_world_result result = dt_ensemble_world(ensemble, 0);
    for (size_t o = 0; o < outcomes; o++)
        outcome[o] = result.status == DT_OK ? result.outcome[o] : (double)NAN;
    dt_ensemble_free(ensemble);
    return DT_OK;
}

void cli_play_free(cli_play *play)
{
    dt_solution_free(play->solution);
    dt_game_free(play->game);
    *play = (cli_play){0};
}

/* ---- what isn't solved ------------------------------------------------------------------------- */

/* Hears why an outcome isn't a number, and passes everything on. */
typedef struct listener {
    const dt_options *options;
    cli_unsolved *unsolved;
} listener;

static void listen(void *context, const dt_diagnostic *diagnostic)
{
    const listener *self = context;
    if (!self->unsolved->reason) {
        self->unsolved->reason = cli_print("%s", diagnostic->message);
        self->unsolved->cure = cli_print("%s", diagnostic->hint);
    }
    self->options->report(self->options->report_context, diagnostic);
}

dt_status cli_play_outcomes(const cli_session *session, const cli_play *play, double *outcome,
                            double *chance, cli_unsolved *unsolved)
{
    *unsolved = (cli_unsolved){0};
    listener self = {&session->options, unsolved};
    dt_options options = session->options;
    options.report = listen;
    options.report_context = &self;
    const dt_status status =
        chance ? dt_solution_outcomes_and_chance(play->solution, &options, outcome, chance)
               : dt_solution_outcomes(play->solution, &options, outcome);
    if (!dt_solution_solved(play->solution))
        *unsolved = cli_take_down(play->solution);
    return status;
}

cli_unsolved cli_take_down(const dt_solution *solution)
{
    cli_unsolved unsolved = {0};
    if (dt_solution_solved(solution))
        return unsolved;
    unsolved.reason = cli_print("%s", dt_solution_reason(solution));
    unsolved.cure = cli_print("%s", dt_solution_cure(solution));
    for (size_t i = 0; dt_solution_failure(solution, i); i++)
        cli_add(&unsolved.failure, cli_print("%s", dt_solution_failure(solution, i)));
    return unsolved;
}

/* One line of a list on stderr, wrapped; `before` takes four columns. */
static void tell_more(const char *before, const char *text)
{
    fprintf(stderr, "    %s", before);
    cli_flow flow = cli_flow_on(stderr, 8, 8);
    cli_flow_put(&flow, text);
    fputc('\n', stderr);
}

void cli_tell_unsolved(const cli_session *session, size_t policy, const cli_unsolved *unsolved)
{
    if (!unsolved->reason)
        return;
    cli_error(*unsolved->cure ? unsolved->cure : NULL, "policy '%s' isn't solved: %s",
              dt_model_item(session->model, DT_POLICIES, policy), unsolved->reason);
    for (size_t i = 1; i < unsolved->failure.count; i++) /* the reason is the first */
        tell_more(i > 1 ? "    " : "and ", unsolved->failure.at[i]);
}
