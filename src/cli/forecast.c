/*
 * detente score --test: what a model, or the draws of a fit, forecast of periods that weren't fitted to, 1, 2, 4 and 8 periods
 * ahead and all of them from the last one before, beside forecasters that know nothing of games and are
 * fitted to the training periods. Said in a sentence, whichever is better. The draws weigh the same throughout:
 * like the baselines they have learned from the training periods alone, and know the rows up to the origin.
 */
#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "foresight.h"
#include "record.h"
#include "spells.h"

static const size_t LEAD[] = {1, 2, 4, 8, 0};
static const double FAR_OFF = 2;
enum { LEADS = sizeof LEAD / sizeof *LEAD, LONGEST = 8 };

/* A history, and which of its rows are for what. */
typedef struct record {
    const dt_history *history;
    cli_rows train, test, fitted;
    bool known; /* the draws were fitted to rows of it: `fitted` */
} record;

typedef struct forecasting {
    cli_worlds given;
    const char *whose; /* "the nominal world" */
    size_t histories;
    record *record; /* [histories] */
    size_t rows;    /* of all of them, those of the states before them too */
    size_t failed;  /* worlds that couldn't be solved, of the history that most failed in */
    size_t columns; /* that are scored */
    size_t *column; /* [columns] observables */
    size_t *values; /* [columns] */
    bool *ordered;  /* [columns] */
    size_t width;   /* values of the columns */
    size_t leads, lead[LEADS]; /* of LEAD, those that the rows before the tests allow */
    double *
        mean[LEADS]; /* [test rows of all][values of the columns] forecasts, the mean over worlds */
    dt_scores *scores;
} forecasting;

static size_t tests_of(const record *r)
{
    return r->test.to - r->test.from + 1;
}

static const char *column_name(const forecasting *f, size_t column)
{
    char name[256];
    return cli_print("%s", dt_model_observable_name(f->given.session->model, f->column[column],
                                                    name, sizeof name));
}

static const char *lead_name(size_t lead)
{
    return lead ? cli_print("%zu ahead", lead) : "all at once";
}

/* ---- what is scored ---------------------------------------------------------------------------- */

static bool is_tested(const forecasting *f, size_t observable)
{
    for (size_t h = 0; h < f->histories; h++) {
        const record *r = &f->record[h];
        for (size_t t = r->test.from; t <= r->test.to; t++) {
            if (dt_history_value(r->history, t, observable) >= 0)
                return true;
        }
    }
    return false;
}

/* The columns of which something was observed in the tests. */
static bool choose_columns(forecasting *f)
{
    const dt_model *model = f->given.session->model;
    const size_t all = dt_model_observables(model);
    f->column = cli_take(all, sizeof *f->column);
    f->values = cli_take(all, sizeof *f->values);
    f->ordered = cli_take(all, sizeof *f->ordered);
    for (size_t i = 0; i < all; i++) {
        const dt_observable o = dt_model_observable(model, i);
        if (!is_tested(f, i))
            continue;
        f->column[f->columns] = i;
        f->values[f->columns] = o.values;
        f->ordered[f->columns++] = o.variable >= 0;
        f->width += o.values;
    }
    if (f->columns == 0)
        cli_error(NULL, "nothing was observed in the rows of the test");
    return f->columns > 0;
}

static bool choose_rows(forecasting *f, record *r)
{
    const cli_line *line = f->given.session->line;
    const size_t rows = dt_history_rows(r->history), last = rows - 1;
    if (!cli_find_rows(r->history, "train", line->train, &r->train))
        return false;
    r->test = (cli_rows){r->train.to + 1, last};
    if (line->test && !cli_find_rows(r->history, "test", line->test, &r->test))
        return false;
    if (r->test.from > r->test.to || r->test.from <= r->train.to) {
        cli_error(NULL,
                  r->test.from > r->test.to ? "no row of '%s' comes after the training rows"
                                            : "the test of '%s' begins before its training ends",
                  dt_history_name(r->history));
        return false;
    }
    r->known = cli_find_fitted(f->given.session, r->history, f->given.fitted, &r->fitted);
    f->rows += rows;
    return true;
}

static bool choose_all_rows(forecasting *f)
{
    size_t shortest = SIZE_MAX;
    if (!f->given.session->line->train) {
        cli_error("--train A..B", "which rows are the baselines fitted to?");
        return false;
    }
    for (size_t h = 0; h < f->histories; h++) {
        if (!choose_rows(f, &f->record[h]))
            return false;
        shortest = f->record[h].test.from < shortest ? f->record[h].test.from : shortest;
    }
    for (size_t l = 0; l < LEADS; l++) {
        if (LEAD[l] <= shortest)
            f->lead[f->leads++] = LEAD[l];
    }
    assert(f->leads >= 2 && f->lead[f->leads - 1] == 0);
    return true;
}

/* ---- forecasts --------------------------------------------------------------------------------- */

/* The forecasts of a history's tests, of the columns alone, from those of all that can be observed. */
static void keep_columns(forecasting *f, const cli_foresight *seen, size_t before)
{
    const dt_model *model = f->given.session->model;
    const size_t all = dt_model_observable_values(model);
    for (size_t l = 0; l < f->leads; l++) {
        double *to = f->mean[l] + before * f->width;
        for (size_t t = 0; t <= seen->to - seen->from; t++) {
            for (size_t c = 0; c < f->columns; c++) {
                const dt_observable o = dt_model_observable(model, f->column[c]);
                memcpy(to, seen->mean[l] + t * all + o.first, o.values * sizeof *to);
                to += o.values;
            }
        }
    }
}

static dt_status forecast(forecasting *f, const dt_likelihood *likelihood)
{
    size_t tests = 0;
    dt_status status = DT_OK;
    for (size_t h = 0; h < f->histories; h++)
        tests += tests_of(&f->record[h]);
    for (size_t l = 0; l < f->leads; l++)
        f->mean[l] = cli_take(tests * f->width, sizeof **f->mean);
    tests = 0;
    for (size_t h = 0; h < f->histories && status == DT_OK; h++) {
        cli_foresight seen = {.session = f->given.session,
                              .likelihood = likelihood,
                              .history = h,
                              .worlds = f->given.worlds,
                              .world = f->given.world,
                              .from = f->record[h].test.from,
                              .to = f->record[h].test.to,
                              .leads = f->leads,
                              .lead = f->lead};
        status = cli_foresee(&seen);
        if (status == DT_OK)
            keep_columns(f, &seen, tests);
        f->failed = seen.failed > f->failed ? seen.failed : f->failed;
        tests += tests_of(&f->record[h]);
    }
    return status;
}

static dt_status find_scores(forecasting *f)
{
    const dt_options *options = &f->given.session->options;
    const uint64_t seed = f->given.session->line->seed;
    dt_forecast_rows *rows = cli_take(f->histories, sizeof *rows);
    int *value = cli_take(f->rows, f->columns * sizeof *value), *next = value;
    size_t first = 0;
    for (size_t h = 0; h < f->histories; h++) {
        const record *r = &f->record[h];
        const size_t count = dt_history_rows(r->history);
        rows[h] = (dt_forecast_rows){.first = first,
                                     .last = first + count - 1,
                                     .train_from = first + r->train.from,
                                     .train_to = first + r->train.to,
                                     .test_from = first + r->test.from,
                                     .test_to = first + r->test.to};
        for (size_t t = 0; t < count; t++) {
            for (size_t c = 0; c < f->columns; c++)
                *next++ = dt_history_value(r->history, t, f->column[c]);
        }
        first += count;
    }
    const dt_forecasts forecasts = {.rows = f->rows,
                                    .columns = f->columns,
                                    .values = f->values,
                                    .ordered = f->ordered,
                                    .value = value,
                                    .histories = f->histories,
                                    .history = rows,
                                    .leads = f->leads,
                                    .lead = f->lead,
                                    .probability = (const double *const *)f->mean,
                                    .seed = seed ? seed : 1};
    return dt_score_forecasts(&forecasts, options, &f->scores);
}

/* ---- what is said ------------------------------------------------------------------------------ */

/* The baseline that does best on a line. */
static dt_forecaster best_baseline(const dt_score_line *line)
{
    dt_forecaster best = DT_FORECAST_UNIFORM;
    for (dt_forecaster who = best; who < DT_FORECASTERS; who++)
        best = line->log_loss[who] < line->log_loss[best] ? who : best;
    return best;
}

static const char *verdict(const dt_score_line *line)
{
    const dt_forecaster best = best_baseline(line);
    if (line->impossible)
        return cli_print("it gave no chance to %zu of %zu cells, so that its loss is infinite",
                         line->impossible, line->cells);
    const double d = line->difference[best];
    return cli_print(
        "%s the best of the baselines, %s, by %.2g nats a cell (5 to 95 %%: %+.2g to "
        "%+.2g)%s",
        d < 0 ? "it is better than" : "it is worse than", dt_forecaster_name(best), fabs(d),
        line->low[best], line->high[best],
        line->low[best] <= 0 && line->high[best] >= 0 ? ", which can't be told from chance" : "");
}

static void put_line(cli_sheet *sheet, const dt_score_line *line, const char *label)
{
    const dt_forecaster best = best_baseline(line);
    cli_put(sheet, "%s %zu %zu", label, line->lead, line->cells);
    for (dt_forecaster who = 0; who < DT_FORECASTERS; who++) {
        const bool least = who == DT_FORECAST_MODEL
                               ? line->log_loss[who] < line->log_loss[best]
                               : who == best && !(line->log_loss[0] < line->log_loss[best]);
        cli_put(sheet, "%c%g", cli_mark_if(least, false), line->log_loss[who]);
    }
    cli_put(sheet, "%g %g %g", line->difference[best], line->low[best], line->high[best]);
    for (dt_forecaster who = 0; who < DT_FORECASTERS; who++)
        cli_put(sheet, "%g", line->loss[who]);
    for (dt_forecaster who = 0; who < DT_FORECASTERS; who++)
        cli_put(sheet, "%g", line->entropy[who]);
}

static const char COLUMNS[] =
    "|%s, -lead, cells, model, uniform, base_rate=rate, markov=Markov, logit, "
    "difference=less best, p05=5 %%, p95=95 %%, -loss_model, -loss_uniform, -loss_base_rate, "
    "-loss_markov, -loss_logit, -entropy_model, -entropy_uniform, -entropy_base_rate, "
    "-entropy_markov, -entropy_logit";

static void put_scores(const forecasting *f, cli_answer *answer)
{
    cli_sheet *all = cli_sheet_new(answer, "leads", "All columns: loss in nats a cell",
                                   cli_print(COLUMNS, "lead"));
    for (size_t i = 0; i < f->scores->lines; i++) {
        const dt_score_line *line = &f->scores->line[i];
        if (line->column == f->columns)
            put_line(all, line, lead_name(line->lead));
    }
    cli_note(&all->notes,
             "* least loss. rate: the base rate. less best: the model's less that of the best "
             "baseline, and "
             "its bootstrap band; below 0 the model is better.");
    cli_sheet *each = cli_sheet_new(answer, "columns", "Column by column, one period ahead",
                                    cli_print(COLUMNS, "column"));
    for (size_t i = 0; i < f->scores->lines; i++) {
        const dt_score_line *line = &f->scores->line[i];
        if (line->column == f->columns)
            continue;
        put_line(each, line, column_name(f, line->column));
        cli_last_row(each)->hidden = line->lead != 1;
    }
    cli_sheet *bins = cli_sheet_new(answer, "calibration", "Calibration, one period ahead",
                                    "|chance, given=mean given, came=share that came, cells");
    for (size_t b = 0; b < DT_CALIBRATION_BINS; b++) {
        const dt_calibration *bin = &f->scores->bin[b];
        cli_put(bins, "%s %f %f %zu",
                cli_print("%zu..%zu %%", b * 100 / DT_CALIBRATION_BINS,
                          (b + 1) * 100 / DT_CALIBRATION_BINS),
                bin->forecast, bin->came, bin->count);
    }
}

static const char *count_name(const forecasting *f, const dt_count *count)
{
    char value[256];
    if (count->value == f->values[count->column])
        return "stayed";
    return cli_print("%s",
                     dt_model_observable_value(f->given.session->model, f->column[count->column],
                                               count->value, value, sizeof value));
}

/* Counts beside their predictive distribution: posterior predictive checks of a fit. */
static void put_counts(const forecasting *f, cli_answer *answer)
{
    cli_sheet *sheet = cli_sheet_new(answer, "counts", "How often, one period ahead",
                                     "#column, |value, came, expected, sd, off");
    size_t checked = 0, off = 0;
    for (size_t i = 0; i < f->scores->counts; i++) {
        const dt_count *c = &f->scores->count[i];
        const double distance = c->sd > 0 ? (c->came - c->expected) / c->sd : (double)NAN;
        cli_put(sheet, "%s %s %g %g %g %c%g", column_name(f, c->column), count_name(f, c), c->came,
                c->expected, c->sd, cli_mark_if(fabs(distance) > FAR_OFF, false), distance);
        cli_last_row(sheet)->hidden = !(fabs(distance) > FAR_OFF);
        checked += !isnan(distance);
        off += fabs(distance) > FAR_OFF;
    }
    sheet->hidden = off == 0;
    cli_note(
        &sheet->notes,
        "off: came less expected, over sd; beyond 2 one in twenty is by chance. Of %zu it is %zu, "
        "shown here; --json has all.",
        checked, off);
}

/* "rows 56 to 95 of 'record.csv'", of all histories. */
static const char *say_rows(const forecasting *f, bool train)
{
    const char *text = "";
    if (train && f->histories == 1) /* the file is named already */
        return cli_print("rows %zu to %zu", f->record->train.from, f->record->train.to);
    for (size_t h = 0; h < f->histories; h++) {
        const record *r = &f->record[h];
        const cli_rows *rows = train ? &r->train : &r->test;
        text = cli_print("%s%s%zu to %zu of '%s'", text, *text ? ", " : "rows ", rows->from,
                         rows->to, dt_history_name(r->history));
    }
    return text;
}

static json_t *rows_json(const cli_rows *rows)
{
    return json_pack("[I, I]", (json_int_t)rows->from, (json_int_t)rows->to);
}

/* What was fitted to is no test. */
static void warn_fitted(const forecasting *f, cli_answer *answer)
{
    json_t *list = json_array();
    for (size_t h = 0; h < f->histories; h++) {
        const record *r = &f->record[h];
        const size_t from = r->fitted.from > r->test.from ? r->fitted.from : r->test.from,
                     to = r->fitted.to < r->test.to ? r->fitted.to : r->test.to;
        const size_t rest = r->fitted.to + 1, last = dt_history_rows(r->history) - 1;
        if (r->known && from <= to && rest > last)
            cli_note(&answer->cautions,
                     "Rows %zu to %zu of '%s' were fitted to: what is forecast of them is no test "
                     "of the model, and no row is left for one.",
                     from, to, dt_history_name(r->history));
        else if (r->known && from <= to)
            cli_note(&answer->cautions,
                     "Rows %zu to %zu of '%s' were fitted to: what is forecast of them is no test "
                     "of the model. --test %zu..%zu would be one.",
                     from, to, dt_history_name(r->history), rest, last);
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o}", "history", dt_history_name(r->history), "train",
                            rows_json(&r->train), "test", rows_json(&r->test), "fitted",
                            r->known ? rows_json(&r->fitted) : json_null()));
    }
    json_object_set_new(answer->facts, "histories", list);
}

static void say(const forecasting *f, cli_answer *answer)
{
    const dt_score_line *line = f->scores->line;
    const dt_model *model = f->given.session->model;
    cli_note(&answer->before,
             "%s: %s, played under %s where no row names a policy; %s, baselines fitted to %s.",
             dt_model_name(model), f->whose, dt_model_item(model, DT_POLICIES, f->given.in_force),
             say_rows(f, false), say_rows(f, true));
    for (size_t i = 0; i < f->scores->lines; i++) {
        if (line[i].column == f->columns && (line[i].lead == 1 || line[i].lead == 0))
            cli_note(&answer->before, "%s: %s.",
                     line[i].lead ? "One period ahead" : "All periods from the first on",
                     verdict(&line[i]));
    }
    if (f->failed)
        cli_note(
            &answer->cautions,
            "%zu of %zu worlds couldn't be solved, or a row is impossible in them; they are left "
            "out.",
            f->failed, f->given.worlds);
    json_object_set_new(answer->facts, "model", json_string(dt_model_name(model)));
    json_object_set_new(answer->facts, "version", json_string(dt_version()));
    json_object_set_new(answer->facts, "worlds", json_integer((json_int_t)f->given.worlds));
    warn_fitted(f, answer);
}

/* ---- the command ------------------------------------------------------------------------------- */

static size_t longest_test(const forecasting *f)
{
    size_t longest = LONGEST;
    for (size_t h = 0; h < f->histories; h++)
        longest = tests_of(&f->record[h]) > longest ? tests_of(&f->record[h]) : longest;
    return longest;
}

static dt_status put_spells(const forecasting *f, const dt_likelihood *likelihood,
                            dt_history **history, cli_answer *answer)
{
    const uint64_t seed = f->given.session->line->seed;
    cli_rows *rows = cli_take(f->histories, sizeof *rows);
    for (size_t h = 0; h < f->histories; h++)
        rows[h] = f->record[h].test;
    const cli_spells asked = {.given = &f->given,
                              .likelihood = likelihood,
                              .histories = f->histories,
                              .history = (const dt_history *const *)history,
                              .rows = rows,
                              .columns = f->columns,
                              .column = f->column,
                              .seed = seed ? seed : 1};
    return cli_put_spells(&asked, answer);
}

static dt_status work(forecasting *f)
{
    const cli_session *session = f->given.session;
    dt_likelihood *likelihood = NULL;
    f->histories = session->line->history.count;
    f->record = cli_take(f->histories, sizeof *f->record);
    dt_history **history = cli_take(f->histories, sizeof(dt_history *));
    dt_status status = cli_read_histories(session, history);
    for (size_t h = 0; h < f->histories; h++)
        f->record[h].history = history[h];
    if (status == DT_OK && !(choose_all_rows(f) && choose_columns(f)))
        status = DT_INVALID;
    if (status == DT_OK) {
        const dt_likelihood_how how = {.policy = f->given.in_force,
                                       .values = f->given.values,
                                       .ahead = longest_test(f),
                                       .worlds = f->given.worlds,
                                       .parameters = f->given.world};
        status = dt_likelihood_new(session->model, (const dt_history *const *)history, f->histories,
                                   &how, &session->options, &likelihood);
    }
    if (status == DT_OK)
        status = forecast(f, likelihood);
    if (status == DT_OK)
        status = find_scores(f);
    if (status == DT_OK) {
        cli_answer *answer = cli_answer_new(session->line);
        say(f, answer);
        put_scores(f, answer);
        put_counts(f, answer);
        status = put_spells(f, likelihood, history, answer);
        cli_progress_end();
        if (status == DT_OK)
            status = cli_answer_print(answer);
    }
    cli_progress_end();
    dt_scores_free(f->scores);
    dt_likelihood_free(likelihood);
    for (size_t h = 0; h < f->histories; h++)
        dt_history_free(history[h]);
    return status;
}

/* The draws of a fit, as worlds of its model. */
static dt_status open_fit(cli_session *session, const cli_line *line, dt_study **study,
                          forecasting *f)
{
    session->line = line;
    session->options = cli_library_options(line);
    const dt_status status = dt_study_open(line->model, &session->options, study);
    if (status != DT_OK)
        return status;
    const dt_study_data *data = dt_study_read(*study);
    if (line->set.count > 0 || line->values != (int)DT_VALUES_AVERAGE) {
        cli_error(NULL, "a study holds its own numbers and values: --set and --values can't be "
                        "given with it");
        return DT_INVALID;
    }
    session->model = (dt_model *)(uintptr_t)data->model; /* read only; the study's */
    session->options.beliefs = data->beliefs;
    if (!cli_choose_policies(session))
        return DT_INVALID;
    f->given = cli_worlds_of_study(session, data);
    if (line->policy.count > 0)
        f->given.in_force = session->policy[0];
    f->whose = data->fitted
                   ? cli_print("%zu draws given %s", f->given.worlds, data->fitted)
                   : cli_print("%zu worlds of a study, fitted to nothing", f->given.worlds);
    return DT_OK;
}

dt_status cli_run_forecast(const cli_line *line)
{
    cli_session session = {0};
    forecasting f = {0};
    dt_study *study = NULL;
    dt_status status;
    if (cli_kind_of(line->model) == CLI_STUDY) {
        status = open_fit(&session, line, &study, &f);
        if (status == DT_OK)
            status = work(&f);
        dt_study_close(study);
        return status;
    }
    status = cli_open(&session, line);
    if (status != DT_OK)
        return status;
    f.given = cli_worlds_of_session(&session);
    f.whose = "the nominal world";
    status = work(&f);
    cli_close(&session);
    return status;
}
