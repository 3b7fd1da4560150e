/*
 * What `fit` and `score` share: the histories that are fitted to, the numbers that are free, what the work will
 * cost and how far it is. The likelihood of some rows of a history is that of these given the rows before them:
 * the sum of their log p_t, with the filter run from the beginning.
 */
#include "record.h"

#include <assert.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Sweeps that fits take, and seconds that are worth saying beforehand. */
enum { FEW_SWEEPS = 16, MANY_SWEEPS = 320 };
static const double WORTH_SAYING = 30;

/* ---- rows -------------------------------------------------------------------------------------- */

/* The row called so in the column `period`, or of that number. 0: none is. */
static size_t find_row(const dt_history *history, const char *name)
{
    const size_t rows = dt_history_rows(history);
    for (size_t r = 1; r < rows; r++) {
        if (strcmp(dt_history_period(history, r), name) == 0)
            return r;
    }
    const size_t digits = strspn(name, "0123456789");
    const unsigned long row =
        digits > 0 && digits < 9 && !name[digits] ? strtoul(name, NULL, 10) : 0;
    return row < rows ? row : 0;
}

bool cli_find_rows(const dt_history *history, const char *option, const char *range, cli_rows *rows)
{
    const char *dots = strstr(range, "..");
    if (!dots) {
        cli_error("the first and the last, such as 2003Q2..2016Q4 or 1..55",
                  "--%s takes A..B, not '%s'", option, range);
        return false;
    }
    const char *end[2] = {cli_print("%.*s", (int)(dots - range), range), dots + 2};
    size_t row[2];
    for (int i = 0; i < 2; i++) {
        row[i] = find_row(history, end[i]);
        if (row[i] == 0) {
            const char *last = dt_history_period(history, dt_history_rows(history) - 1);
            cli_error(cli_print("its rows go from 1 (%s) to %zu (%s)",
                                dt_history_period(history, 1), dt_history_rows(history) - 1, last),
                      "--%s: '%s' has no period '%s'", option, dt_history_name(history), end[i]);
            return false;
        }
    }
    if (row[0] > row[1]) {
        cli_error(NULL, "--%s: '%s' comes after '%s'", option, end[0], end[1]);
        return false;
    }
    *rows = (cli_rows){row[0], row[1]};
    return true;
}

/* ---- histories --------------------------------------------------------------------------------- */

/* A dt_write into the FNV-1a hash at `context`: what is in a history, however it is written. */
static bool add_hash(void *context, const char *text, size_t length)
{
    uint64_t *hash = context;
    for (size_t i = 0; i < length; i++)
        *hash = (*hash ^ (unsigned char)text[i]) * 0x100000001b3;
    return true;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static dt_status hash_history(const cli_session *session, const dt_history *history, uint64_t *hash)
{
    *hash = 0xcbf29ce484222325;
    return dt_history_write(history, true, &session->options, add_hash, hash);
}

bool cli_find_fitted(const cli_session *session, const dt_history *history, const char *fitted,
                     cli_rows *rows)
{
    uint64_t hash;
    if (!fitted || hash_history(session, history, &hash) != DT_OK)
        return false;
    /* as choose_rows says it: "…, rows 1 to 55 (0123456789abcdef)" */
    const char *at = strstr(fitted, cli_print(" (%016" PRIx64 ")", hash));
    static const char rows_are[] = ", rows ";
    const char *before = NULL;
    for (const char *next = fitted; at && next && next < at; next = strstr(next + 1, rows_are)) {
        if (strncmp(next, rows_are, sizeof rows_are - 1) == 0)
            before = next + sizeof rows_are - 1;
    }
    return before && sscanf(before, "%zu to %zu", &rows->from, &rows->to) == 2 && rows->from >= 1 &&
           rows->from <= rows->to && rows->to < dt_history_rows(history);
}

/* The policy that was in force in a fit: "…, bound in force". */
static int find_in_force(const dt_model *model, const char *fitted)
{
    const char *comma = fitted ? strrchr(fitted, ',') : NULL,
               *end = comma ? strchr(comma + 2, ' ') : NULL;
    return end ? dt_model_find(model, DT_POLICIES,
                               cli_print("%.*s", (int)(end - comma - 2), comma + 2))
               : -1;
}

cli_worlds cli_worlds_of_session(const cli_session *session)
{
    return (cli_worlds){.session = session,
                        .worlds = 1,
                        .world = session->world,
                        .values = (dt_values)session->line->values,
                        .in_force = session->policy[0]};
}

cli_worlds cli_worlds_of_study(const cli_session *session, const dt_study_data *data)
{
    const int in_force = find_in_force(data->model, data->fitted);
    cli_worlds given = {.session = session,
                        .world = data->parameter,
                        .values = data->values,
                        .in_force = in_force < 0 ? session->policy[0] : (size_t)in_force,
                        .fitted = data->fitted};
    while (given.worlds < data->worlds && !isnan(data->parameter[given.worlds * data->parameters]))
        given.worlds++;
    return given;
}

/* Which rows of a history count. */
static dt_status choose_rows(cli_record *r, size_t h, const char *train)
{
    const dt_history *history = r->history[h];
    cli_rows *rows = &r->fitted[h];
    uint64_t hash;
    const size_t last = dt_history_rows(history) - 1;
    if (last == 0) {
        cli_error(
            "the first row is the state before the first period; each period is a row after it",
            "'%s' has no period", dt_history_name(history));
        return DT_INVALID;
    }
    *rows = (cli_rows){1, last};
    if (train && !cli_find_rows(history, "train", train, rows))
        return DT_INVALID;
    const dt_status status = hash_history(r->session, history, &hash);
    r->said = cli_print("%s%s%s, rows %zu to %zu (%016" PRIx64 ")", r->said, *r->said ? "; " : "",
                        base_name(dt_history_name(history)), rows->from, rows->to, hash);
    return status;
}

dt_status cli_record_open(cli_record *r, const cli_session *session, const char *train)
{
    const cli_texts *asked = &session->line->history;
    *r = (cli_record){.session = session, .said = ""};
    r->history = cli_take(asked->count, sizeof(dt_history *));
    r->fitted = cli_take(asked->count, sizeof *r->fitted);
    /* without --policy: the model's first */
    r->in_force = session->policy[0];
    r->histories = asked->count;
    size_t *free_parameter, frees;
    bool *is_free = cli_take(dt_model_count(session->model, DT_PARAMETERS), sizeof *is_free);
    if (!cli_choose_free(session, &free_parameter, &frees))
        return DT_INVALID;
    for (size_t i = 0; i < frees; i++)
        is_free[free_parameter[i]] = true;
    const dt_likelihood_how how = {.policy = r->in_force,
                                   .values = (dt_values)session->line->values,
                                   .worlds = 1,
                                   .parameters = session->world,
                                   .free = is_free};
    dt_status status = cli_read_histories(session, r->history);
    for (size_t h = 0; h < r->histories && status == DT_OK; h++)
        status = choose_rows(r, h, train);
    if (status == DT_OK)
        status = dt_likelihood_new(session->model, (const dt_history *const *)r->history,
                                   r->histories, &how, &session->options, &r->likelihood);
    r->whole = cli_print("%s, %s in force", r->said,
                         dt_model_item(session->model, DT_POLICIES, r->in_force));
    if (status != DT_OK)
        cli_record_close(r);
    return status;
}

void cli_record_close(cli_record *r)
{
    dt_likelihood_free(r->likelihood);
    for (size_t h = 0; h < r->histories; h++)
        dt_history_free(r->history[h]);
    free(r->row);
}

/* ---- likelihood -------------------------------------------------------------------------------- */

/* Log likelihoods of the rows that count, from those of all. */
static double sum_rows(const cli_record *r, const double *row)
{
    double sum = 0;
    for (size_t h = 0; h < r->histories; h++) {
        for (size_t t = r->fitted[h].from; t <= r->fitted[h].to; t++)
            sum += row[t - 1];
        row += dt_history_rows(r->history[h]) - 1;
    }
    return sum;
}

dt_status cli_record_loglik(void *context, size_t count, const double *parameters, double *loglik)
{
    cli_record *r = context;
    const size_t rows = dt_likelihood_rows(r->likelihood);
    if (count > r->room) {
        double *row = realloc(r->row, count * rows * sizeof *row);
        if (!row) {
            cli_error(NULL, "the machine has no more memory");
            return DT_LIMIT;
        }
        r->row = row;
        r->room = count;
    }
    dt_options options = cli_options_within(r->session);
    options.progress = NULL;
    const dt_ensemble_options how = {.jobs = cli_jobs(r->session->line)};
    const dt_status status =
        dt_likelihood_run(r->likelihood, parameters, count, &how, &options, loglik, r->row, NULL);
    for (size_t i = 0; i < count && status == DT_OK; i++)
        loglik[i] = sum_rows(r, r->row + i * rows);
    return status;
}

/* ---- what is free ------------------------------------------------------------------------------ */

/* Whether a parameter is one of a pattern's: "all" leaves out what can't vary. */
static bool fits(const cli_session *session, size_t parameter, const char *pattern)
{
    const dt_parameter p = dt_model_parameter(session->model, parameter);
    const bool can = p.uncertainty != DT_FIXED && !session->given[parameter];
    if (strcmp(pattern, "all") == 0)
        return can;
    return strcmp(pattern, p.name) == 0 ||
           (can && strpbrk(pattern, "*?[") && fnmatch(pattern, p.name, 0) == 0);
}

static bool choose(const cli_session *session, const char *pattern, bool *chosen)
{
    const size_t parameters = dt_model_count(session->model, DT_PARAMETERS);
    bool any = false;
    for (size_t p = 0; p < parameters; p++) {
        const bool here = fits(session, p, pattern);
        chosen[p] |= here;
        any |= here;
    }
    if (any)
        return true;
    if (!strpbrk(pattern, "*?[") && strcmp(pattern, "all") != 0)
        return cli_find(session, DT_PARAMETERS, "parameter", pattern) >= 0;
    cli_error(NULL, "no parameter of '%s' that has a range or a distribution is called '%s'",
              dt_model_name(session->model), pattern);
    return false;
}

bool cli_choose_free(const cli_session *session, size_t **parameter, size_t *count)
{
    const cli_texts *asked = &session->line->free;
    const size_t parameters = dt_model_count(session->model, DT_PARAMETERS);
    bool *chosen = cli_take(parameters, sizeof *chosen);
    if (asked->count == 0) {
        cli_error("--free a,b, a pattern such as 'w_*', or all", "which numbers are free?");
        return false;
    }
    for (size_t i = 0; i < asked->count; i++) {
        for (const char *at = asked->at[i];; at++) {
            const size_t length = strcspn(at, ",");
            if (!choose(session, cli_print("%.*s", (int)length, at), chosen))
                return false;
            at += length;
            if (!*at)
                break;
        }
    }
    *parameter = cli_take(parameters, sizeof **parameter);
    *count = 0;
    for (size_t p = 0; p < parameters; p++) {
        if (chosen[p])
            (*parameter)[(*count)++] = p;
    }
    return true;
}

bool cli_plan_fit(cli_record *r, dt_fit_plan *plan)
{
    const cli_session *session = r->session;
    const cli_line *line = session->line;
    size_t *parameter;
    *plan = (dt_fit_plan){.loglik = cli_record_loglik,
                          .loglik_context = r,
                          .fitted = r->whole,
                          .held = session->world,
                          .particles = line->particles,
                          .seed = line->seed ? line->seed : 1,
                          .values = (dt_values)line->values,
                          .policies = session->policies,
                          .policy = session->policy};
    if (line->prior) {
        plan->loglik = NULL;
        plan->fitted = cli_print("nothing, the prior alone");
    }
    if (!cli_choose_free(session, &parameter, &plan->free))
        return false;
    plan->parameter = parameter;
    return true;
}

/* ---- progress ---------------------------------------------------------------------------------- */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static const char *duration(double seconds)
{
    return seconds < 0.1    ? cli_print("%.1f ms", 1000 * seconds)
           : seconds < 90   ? cli_print("%.2g s", seconds)
           : seconds < 5400 ? cli_print("%.0f min", seconds / 60)
                            : cli_print("%.1f h", seconds / 3600);
}

/* Before it starts, if it will take a while: how many sweeps isn't known, so from few to many. */
static void say_cost(const cli_fit_telling *f, const dt_fit_progress *p)
{
    const double draws = (double)(f->plan->particles ? f->plan->particles : 512),
                 least = FEW_SWEEPS * draws * p->likelihood,
                 most = MANY_SWEEPS * draws * p->likelihood;
    if (least < WORTH_SAYING)
        return;
    cli_flow flow = cli_flow_on(stderr, 0, 2);
    cli_flow_put(&flow, cli_print("detente: a likelihood takes %s here: %.0f draws in %d to %d "
                                  "sweeps will take %s to %s%s",
                                  duration(p->likelihood), draws, FEW_SWEEPS, MANY_SWEEPS,
                                  duration(least), duration(most),
                                  f->stays ? "; then they are solved as a study's worlds" : ""));
    fputc('\n', stderr);
}

bool cli_fit_progress(void *context, const dt_fit_progress *p)
{
    cli_fit_telling *f = context;
    const cli_line *line = f->session->line;
    if (!f->said && !line->quiet && f->plan->loglik && !p->study && p->temperature < 1)
        say_cost(f, p);
    f->said = true;
    const double time = now();
    if (!line->quiet && time - f->told > 0.2) {
        if (p->study)
            cli_progress(
                NULL, cli_print("solving the draws, %zu of %zu", p->study->done, p->study->worlds),
                ((double)p->study->done + p->study->ongoing) / (double)p->study->worlds);
        else
            cli_progress(
                NULL,
                cli_print("drawing, temperature %.3g, sweep %" PRIu64, p->temperature, p->sweeps),
                p->temperature);
        f->told = time;
    }
    const bool interrupted = cli_interrupted();
    if (interrupted && !f->ending)
        cli_error("the same command goes on",
                  f->stays ? "interrupted; what was drawn up to the last temperature, or solved, "
                             "stays in '%s'"
                           : "interrupted%s",
                  f->stays ? f->stays : "");
    f->ending = interrupted;
    return !interrupted;
}
