/*
 * detente score: how likely a history is. With --rows the probability of each row given those before it, with --smooth
 * what wasn't observed, period by period, given the rows so far and given all of them.
 */
#include "detente_history.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

typedef struct scoring {
    const cli_session *session;
    dt_history **history; /* [histories] */
    size_t histories, rows;
    dt_likelihood *likelihood;
    double loglik, *row;           /* [rows] */
    double **filtered, **smoothed; /* [histories][rows][values] */
} scoring;

dt_status cli_read_histories(const cli_session *session, dt_history **history)
{
    const cli_texts *path = &session->line->history;
    for (size_t h = 0; h < path->count; h++) {
        const dt_options told = cli_asked_options(session);
        dt_status status;
        if (strcmp(path->at[h], "-") == 0) {
            char *text;
            size_t length;
            status = cli_read("-", &text, &length);
            if (status == DT_OK)
                status = dt_history_parse(session->model, "standard input", text, length, &told,
                                          &history[h]);
        } else {
            status = dt_history_read(session->model, path->at[h], &told, &history[h]);
        }
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

/* What a row is called: its label, or its number in the file. */
static const char *row_name(const dt_history *history, size_t row)
{
    const char *label = dt_history_period(history, row);
    return *label ? label : cli_print("row %zu", row + 1);
}

static const char *policy_name(const scoring *s, size_t h, size_t row)
{
    const int named = dt_history_policy(s->history[h], row);
    return dt_model_item(s->session->model, DT_POLICIES,
                         named < 0 ? s->session->policy[0] : (size_t)named);
}

/* ---- rows -------------------------------------------------------------------------------------- */

/* What a row says: "tension = calm, talks.US = step". */
static const char *seen_in(const scoring *s, const dt_history *history, size_t row)
{
    const dt_model *model = s->session->model;
    const char *text = "";
    char name[256], value[256];
    for (size_t i = 0; i < dt_model_observables(model); i++) {
        const int found = dt_history_value(history, row, i);
        if (found >= 0)
            text =
                cli_print("%s%s%s = %s", text, *text ? ", " : "",
                          dt_model_observable_name(model, i, name, sizeof name),
                          dt_model_observable_value(model, i, (size_t)found, value, sizeof value));
    }
    return *text ? text : "nothing is seen";
}

static void print_rows(const scoring *s)
{
    size_t at = 0, worst = 0, worst_history = 0, worst_row = 1;
    for (size_t h = 0; h < s->histories; h++) {
        cli_table table;
        cli_table_start(&table, 3);
        table.head[0] = "policy";
        table.head[1] = "log p";
        table.head[2] = "p";
        if (s->histories > 1)
            cli_table_heading(&table, dt_history_name(s->history[h]));
        for (size_t r = 1; r < dt_history_rows(s->history[h]); r++, at++) {
            const char **cell = cli_table_row(&table, row_name(s->history[h], r));
            cell[0] = policy_name(s, h, r);
            cell[1] = cli_print("%.4f", s->row[at] + 0.0);
            cell[2] = cli_print("%.4g", exp(s->row[at]));
            if (s->row[at] < s->row[worst]) {
                worst = at;
                worst_history = h;
                worst_row = r;
            }
        }
        cli_table_print(&table);
    }
    printf("\n");
    cli_print_wrapped("",
                      cli_print("log-likelihood %.6f, %.4f for each of %zu rows", s->loglik + 0.0,
                                s->loglik / (double)s->rows + 0.0, s->rows),
                      0);
    const dt_history *history = s->history[worst_history];
    cli_print_wrapped(
        "least likely  ",
        cli_print("%s: %s", row_name(history, worst_row), seen_in(s, history, worst_row)), 14);
}

/* ---- what wasn't seen -------------------------------------------------------------------------- */

static bool always_seen(const dt_history *history, size_t observable)
{
    for (size_t r = 1; r < dt_history_rows(history); r++) {
        if (dt_history_value(history, r, observable) < 0)
            return false;
    }
    return true;
}

/* One observable: the periods as rows, its values as columns. */
static void print_smooth(const scoring *s, size_t h, size_t observable)
{
    const dt_model *model = s->session->model;
    const dt_observable what = dt_model_observable(model, observable);
    const size_t all = dt_model_observable_values(model);
    char name[256];
    cli_table table;
    cli_table_start(&table, what.values);
    for (size_t v = 0; v < what.values; v++)
        table.head[v] =
            cli_print("%s", dt_model_observable_value(model, observable, v, name, sizeof name));
    cli_table_heading(
        &table, cli_print("%s", dt_model_observable_name(model, observable, name, sizeof name)));
    for (size_t r = 1; r < dt_history_rows(s->history[h]); r++) {
        const char **cell = cli_table_row(&table, row_name(s->history[h], r));
        const int seen = dt_history_value(s->history[h], r, observable);
        const double *filtered = s->filtered[h] + r * all + what.first;
        const double *smoothed = s->smoothed[h] + r * all + what.first;
        for (size_t v = 0; v < what.values; v++)
            cell[v] = seen < 0            ? cli_print("%.3f %.3f", filtered[v], smoothed[v])
                      : (size_t)seen == v ? "seen"
                                          : "";
    }
    printf("\n");
    cli_table_print(&table);
}

static json_t *smooth_json(const scoring *s, size_t h)
{
    const dt_model *model = s->session->model;
    const size_t all = dt_model_observable_values(model);
    char name[256], value[256];
    json_t *rows = json_array();
    for (size_t r = 0; r < dt_history_rows(s->history[h]); r++) {
        json_t *row = json_object();
        json_object_set_new(row, "period", json_string(dt_history_period(s->history[h], r)));
        for (size_t i = 0; i < dt_model_observables(model); i++) {
            const dt_observable what = dt_model_observable(model, i);
            if (dt_history_value(s->history[h], r, i) >= 0 || (r == 0 && what.stage >= 0))
                continue;
            json_t *values = json_object();
            for (size_t v = 0; v < what.values; v++)
                json_object_set_new(
                    values, dt_model_observable_value(model, i, v, value, sizeof value),
                    json_pack("{s:o,s:o}", "filtered",
                              cli_json_number(s->filtered[h][r * all + what.first + v]), "smoothed",
                              cli_json_number(s->smoothed[h][r * all + what.first + v])));
            json_object_set_new(row, dt_model_observable_name(model, i, name, sizeof name), values);
        }
        json_array_append_new(rows, row);
    }
    return rows;
}

static dt_status find_smooth(scoring *s)
{
    const size_t all = dt_model_observable_values(s->session->model);
    s->filtered = cli_take(s->histories, sizeof *s->filtered);
    s->smoothed = cli_take(s->histories, sizeof *s->smoothed);
    for (size_t h = 0; h < s->histories; h++) {
        const size_t count = dt_history_rows(s->history[h]) * all;
        if (dt_history_rows(s->history[h]) < 2)
            continue;
        s->filtered[h] = cli_take(count, sizeof(double));
        s->smoothed[h] = cli_take(count, sizeof(double));
        const dt_status status =
            dt_likelihood_smooth(s->likelihood, h, s->session->world, &s->session->options,
                                 s->filtered[h], s->smoothed[h]);
        if (status != DT_OK)
            return status;
    }
    return DT_OK;
}

/* ---- the command --------------------------------------------------------------------------------- */

static dt_status tell(const scoring *s)
{
    if (s->session->line->json) {
        json_t *object = json_object(), *rows = json_array();
        json_object_set_new(object, "loglik", cli_json_number(s->loglik));
        for (size_t r = 0; r < s->rows; r++)
            json_array_append_new(rows, cli_json_number(s->row[r]));
        json_object_set_new(object, "rows", rows);
        json_t *smooth = s->filtered ? json_array() : NULL;
        for (size_t h = 0; h < s->histories && smooth; h++)
            json_array_append_new(smooth, s->filtered[h] ? smooth_json(s, h) : json_array());
        if (smooth)
            json_object_set_new(object, "smooth", smooth);
        return cli_json_print(object);
    }
    cli_print_title(s->session->model);
    printf("\n");
    for (size_t h = 0; h < s->histories && s->filtered; h++) {
        if (s->filtered[h])
            cli_print_wrapped("", "Given the rows so far, and given all rows:", 0);
        for (size_t i = 0; i < dt_model_observables(s->session->model) && s->filtered[h]; i++) {
            if (!always_seen(s->history[h], i))
                print_smooth(s, h, i);
        }
    }
    if (s->session->line->rows) {
        printf("%s", s->filtered ? "\n" : "");
        print_rows(s);
    }
    return DT_OK;
}

static dt_status score(scoring *s)
{
    const cli_session *session = s->session;
    dt_status status = cli_read_histories(session, s->history);
    if (status != DT_OK)
        return status;
    const dt_likelihood_how how = {.policy = session->policy[0],
                                   .values = (dt_values)session->line->values,
                                   .worlds = 1,
                                   .parameters = session->world};
    status = dt_likelihood_new(session->model, (const dt_history *const *)s->history, s->histories,
                               &how, &session->options, &s->likelihood);
    if (status != DT_OK)
        return status;
    s->rows = dt_likelihood_rows(s->likelihood);
    s->row = cli_take(s->rows, sizeof(double));
    status =
        dt_likelihood_world(s->likelihood, session->world, &session->options, &s->loglik, s->row);
    if (status == DT_OK && session->line->smooth)
        status = find_smooth(s);
    cli_progress_end();
    return status == DT_OK ? tell(s) : status;
}

dt_status cli_run_score(const cli_line *line)
{
    cli_session session;
    if (line->history.count > 0 && (line->train || line->test))
        return cli_run_forecast(line);
    if (line->history.count == 0 || (!line->rows && !line->smooth)) {
        cli_error("--history FILE says what happened; --rows shows the probability of each row, "
                  "--smooth what wasn't seen, --train and --test what could have been foreseen",
                  line->history.count == 0 ? "which history?" : "what of it?");
        return DT_INVALID;
    }
    dt_status status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    scoring s = {.session = &session, .histories = line->history.count};
    s.history = cli_take(s.histories, sizeof *s.history);
    if (line->policy.count > 1) {
        cli_error(NULL, "one --policy is in force where no row names one");
        status = DT_INVALID;
    } else {
        status = score(&s);
    }
    cli_progress_end();
    dt_likelihood_free(s.likelihood);
    for (size_t h = 0; h < s.histories; h++)
        dt_history_free(s.history[h]);
    cli_close(&session);
    return status;
}
