/*
 * A fit for the page: each fitted number before and after the record was seen, and what was observed beside what the
 * model says of it: one period ahead, and free-running, that is from one row on with nothing of what follows known.
 * The worlds are the draws of the fit, which weigh the same, or the one world that the page begins with. The
 * page only draws it (docs/lab.md has the keys).
 */
#include "report.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "foresight.h"

enum { MOST_PERIODS = 1000, FAN = 5 };
/* Shares of the fan of a variable. */
static const double SHARE[FAN] = {0.05, 0.25, 0.5, 0.75, 0.95};

static json_t *numbers(const double *at, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, cli_json_number(at[i]));
    return list;
}

static dt_status print(json_t *json, const char **text)
{
    char *made = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(json);
    if (!made)
        return DT_LIMIT;
    *text = cli_print("%s", made);
    free(made);
    return DT_OK;
}

/* ---- before and after -------------------------------------------------------------------------- */

static json_t *side(const dt_posterior_number *n, int when)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "mean", cli_json_number(n->mean[when]), "sd",
                     cli_json_number(n->sd[when]), "quantiles",
                     numbers(n->quantile[when], DT_QUANTILES), "shares",
                     numbers(n->share[when], n->bins));
}

dt_status cli_posterior_for_page(const dt_study_data *data, const dt_options *options,
                                 const char **text)
{
    dt_posterior *posterior;
    const dt_status status = dt_posterior_read(data, options, &posterior);
    if (status != DT_OK)
        return status;
    json_t *list = json_array();
    for (size_t i = 0; i < posterior->numbers; i++) {
        const dt_posterior_number *n = &posterior->number[i];
        json_array_append_new(list, json_pack("{s:I, s:b, s:o, s:o, s:o, s:o}", "parameter",
                                              (json_int_t)n->parameter, "uniform", n->uniform,
                                              "learned", cli_json_number(n->learned), "edges",
                                              numbers(n->edge, n->bins + 1), "prior",
                                              side(n, DT_BEFORE), "posterior", side(n, DT_AFTER)));
    }
    json_t *json =
        json_pack("{s:s, s:I, s:o, s:o, s:o}", "fitted", data->fitted, "draws",
                  (json_int_t)posterior->draws, "evidence", cli_json_number(data->evidence),
                  "evidence_error", cli_json_number(data->evidence_error), "numbers", list);
    dt_posterior_free(posterior);
    return print(json, text);
}

/* ---- observed beside expected ------------------------------------------------------------------ */

typedef struct showing {
    const cli_worlds *given;
    const dt_history *history;
    size_t rows, free_from;
    cli_foresight ahead, free; /* one period ahead of all rows; free-running from free_from on */
} showing;

/* The least value up to which a share of the distribution lies. */
static size_t quantile(const double *probability, size_t values, double share)
{
    double below = 0;
    for (size_t v = 0; v + 1 < values; v++) {
        below += probability[v];
        if (below >= share - 1e-12)
            return v;
    }
    return values - 1;
}

/* What is expected of an observable in the rows of a foresight, null in those before. */
static json_t *expected(const showing *s, const cli_foresight *f, const dt_observable *what)
{
    const size_t all = dt_model_observable_values(f->session->model);
    json_t *probability = json_array(), *fan = what->variable >= 0 ? json_array() : json_null();
    for (size_t row = 1; row <= s->rows; row++) {
        const double *there =
            row < f->from ? NULL : f->mean[0] + (row - f->from) * all + what->first;
        const bool is = there && !isnan(*there);
        json_array_append_new(probability, is ? numbers(there, what->values) : json_null());
        if (what->variable < 0)
            continue;
        json_t *at = is ? json_array() : json_null();
        for (size_t q = 0; q < FAN && is; q++)
            json_array_append_new(
                at, json_integer((json_int_t)quantile(there, what->values, SHARE[q])));
        json_array_append_new(fan, at);
    }
    return json_pack("{s:o, s:o}", "probabilities", probability, "quantiles", fan);
}

static json_t *column(const showing *s, size_t observable)
{
    const dt_model *model = s->ahead.session->model;
    const dt_observable what = dt_model_observable(model, observable);
    char name[256];
    json_t *values = json_array(), *observed = json_array();
    for (size_t v = 0; v < what.values; v++)
        json_array_append_new(values, json_string(dt_model_observable_value(model, observable, v,
                                                                            name, sizeof name)));
    for (size_t row = 1; row <= s->rows; row++) {
        const int seen = dt_history_value(s->history, row, observable);
        json_array_append_new(observed, seen < 0 ? json_null() : json_integer(seen));
    }
    return json_pack("{s:s, s:b, s:o, s:o, s:o, s:o}", "name",
                     dt_model_observable_name(model, observable, name, sizeof name), "variable",
                     what.variable >= 0, "values", values, "observed", observed, "one_ahead",
                     expected(s, &s->ahead, &what), "free", expected(s, &s->free, &what));
}

static bool is_seen(const dt_history *history, size_t observable)
{
    for (size_t row = 1; row < dt_history_rows(history); row++) {
        if (dt_history_value(history, row, observable) >= 0)
            return true;
    }
    return false;
}

/* One history, from what the likelihood of it says. */
static dt_status show(const cli_worlds *given, const dt_likelihood *likelihood, size_t h,
                      const dt_history *history, json_t *list)
{
    static const size_t one = 1, at_once = 0;
    const cli_session *session = given->session;
    cli_rows fitted;
    showing s = {.given = given, .history = history, .rows = dt_history_rows(history) - 1};
    const bool known = cli_find_fitted(session, history, given->fitted, &fitted);
    s.free_from = known && fitted.to < s.rows ? fitted.to + 1 : 1;
    s.ahead = (cli_foresight){.session = session,
                              .likelihood = likelihood,
                              .history = h,
                              .worlds = given->worlds,
                              .world = given->world,
                              .from = 1,
                              .to = s.rows,
                              .leads = 1,
                              .lead = &one};
    s.free = s.ahead;
    s.free.from = s.free_from;
    s.free.lead = &at_once;
    dt_status status = cli_foresee(&s.ahead);
    if (status == DT_OK)
        status = cli_foresee(&s.free);
    if (status != DT_OK)
        return status;
    json_t *periods = json_array(), *columns = json_array();
    for (size_t row = 1; row <= s.rows; row++)
        json_array_append_new(periods, json_string(dt_history_period(history, row)));
    for (size_t i = 0; i < dt_model_observables(session->model); i++) {
        if (is_seen(history, i))
            json_array_append_new(columns, column(&s, i));
    }
    const char *slash = strrchr(dt_history_name(history), '/');
    json_array_append_new(
        list, json_pack("{s:s, s:o, s:I, s:I, s:I, s:o, s:o, s:o}", "history",
                        slash ? slash + 1 : dt_history_name(history), "fitted",
                        known ? json_pack("[I, I]", (json_int_t)fitted.from, (json_int_t)fitted.to)
                              : json_null(),
                        "free_from", (json_int_t)s.free_from, "worlds", (json_int_t)given->worlds,
                        "failed", (json_int_t)s.ahead.failed, "shares", numbers(SHARE, FAN),
                        "periods", periods, "columns", columns));
    return DT_OK;
}

static bool right_length(dt_history *const *history, size_t histories)
{
    for (size_t h = 0; h < histories; h++) {
        const size_t rows = dt_history_rows(history[h]) - 1;
        if (rows >= 1 && rows <= MOST_PERIODS)
            continue;
        cli_error("a part of it can be shown: a file with fewer rows",
                  "'%s' has %zu periods; the page shows 1 to %d", dt_history_name(history[h]), rows,
                  MOST_PERIODS);
        return false;
    }
    return true;
}

/* How far ahead the longest of them is. */
static size_t longest_of(dt_history *const *history, size_t histories)
{
    size_t longest = 1;
    for (size_t h = 0; h < histories; h++)
        longest = dt_history_rows(history[h]) > longest ? dt_history_rows(history[h]) : longest;
    return longest;
}

dt_status cli_fan_for_page(const cli_worlds *given, const char **text)
{
    const cli_session *session = given->session;
    const size_t histories = session->line->history.count;
    dt_history **history = cli_take(histories, sizeof(dt_history *));
    dt_likelihood *likelihood = NULL;
    json_t *list = json_array();
    dt_status status = cli_read_histories(session, history);
    if (status == DT_OK && !right_length(history, histories))
        status = DT_INVALID;
    if (status == DT_OK) {
        const dt_likelihood_how how = {.policy = given->in_force,
                                       .values = given->values,
                                       .ahead = longest_of(history, histories),
                                       .worlds = given->worlds,
                                       .parameters = given->world};
        status = dt_likelihood_new(session->model, (const dt_history *const *)history, histories,
                                   &how, &session->options, &likelihood);
    }
    for (size_t h = 0; h < histories && status == DT_OK; h++)
        status = show(given, likelihood, h, history[h], list);
    cli_progress_end();
    dt_likelihood_free(likelihood);
    for (size_t h = 0; h < histories; h++)
        dt_history_free(history[h]);
    if (status == DT_OK)
        return print(list, text);
    json_decref(list);
    return status;
}
