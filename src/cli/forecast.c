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

#include "record.h"
#include "sheet.h"

static const size_t LEAD[] = {1, 2, 4, 8, 0};
static const double FAR_OFF = 2;
enum { LEADS = sizeof LEAD / sizeof *LEAD, LONGEST = 8, AT_ONCE = 32 };

typedef struct forecasting {
    const cli_session *session;
    const dt_history *history;
    dt_likelihood *likelihood;
    size_t worlds;
    const double *world; /* [worlds][parameters] */
    const char *whose;   /* "the nominal world" */
    size_t failed;       /* worlds that couldn't be solved */
    cli_rows train, test;
    size_t all;                /* values of all observables */
    size_t columns;            /* that are scored */
    size_t *column;            /* [columns] observables */
    size_t *values;            /* [columns] */
    bool *ordered;             /* [columns] */
    int *value;                /* [rows][columns] */
    size_t leads, lead[LEADS]; /* of LEAD, those that the rows before the test allow */
    double *sum[LEADS]; /* [test rows][values of the columns] forecasts, the mean over worlds */
    size_t width;       /* values of the columns */
    dt_scores *scores;
} forecasting;

static size_t periods_of(const forecasting *f)
{
    return f->test.to - f->test.from + 1;
}

static const char *column_name(const forecasting *f, size_t column)
{
    char name[256];
    return cli_print(
        "%s", dt_model_observable_name(f->session->model, f->column[column], name, sizeof name));
}

static const char *lead_name(size_t lead)
{
    return lead ? cli_print("%zu ahead", lead) : "all at once";
}

/* ---- what is scored ---------------------------------------------------------------------------- */

/* The columns of the history of which something was observed in the test. */
static bool choose_columns(forecasting *f)
{
    const dt_model *model = f->session->model;
    const size_t all = dt_model_observables(model), rows = dt_history_rows(f->history);
    f->column = cli_take(all, sizeof *f->column);
    f->values = cli_take(all, sizeof *f->values);
    f->ordered = cli_take(all, sizeof *f->ordered);
    for (size_t i = 0; i < all; i++) {
        const dt_observable o = dt_model_observable(model, i);
        bool seen = false;
        for (size_t t = f->test.from; t <= f->test.to; t++)
            seen |= dt_history_value(f->history, t, i) >= 0;
        if (!seen)
            continue;
        f->column[f->columns] = i;
        f->values[f->columns] = o.values;
        f->ordered[f->columns++] = o.variable >= 0;
        f->width += o.values;
    }
    f->value = cli_take(rows * (f->columns + 1), sizeof *f->value);
    for (size_t t = 0; t < rows; t++) {
        for (size_t c = 0; c < f->columns; c++)
            f->value[t * f->columns + c] = dt_history_value(f->history, t, f->column[c]);
    }
    if (f->columns == 0)
        cli_error(NULL, "nothing was observed in the rows of the test");
    return f->columns > 0;
}

static bool choose_rows(forecasting *f)
{
    const cli_line *line = f->session->line;
    const size_t last = dt_history_rows(f->history) - 1;
    if (!line->train) {
        cli_error("--train A..B", "which rows are the baselines fitted to?");
        return false;
    }
    if (!cli_find_rows(f->history, "train", line->train, &f->train))
        return false;
    f->test = (cli_rows){f->train.to + 1, last};
    if (line->test && !cli_find_rows(f->history, "test", line->test, &f->test))
        return false;
    if (f->test.from > f->test.to || f->test.from <= f->train.to) {
        cli_error(NULL, f->test.from > f->test.to ? "no row comes after the training rows"
                                                  : "the test begins before the training ends");
        return false;
    }
    for (size_t l = 0; l < LEADS; l++) {
        if (LEAD[l] <= f->test.from)
            f->lead[f->leads++] = LEAD[l];
    }
    assert(f->leads >= 2 && f->lead[f->leads - 1] == 0);
    return true;
}

/* ---- forecasts --------------------------------------------------------------------------------- */

/* Adds the forecasts of one world: of each row of the test from its origin. probability [origins][steps][all]. */
static void add_world(forecasting *f, size_t lead, const double *probability, size_t first,
                      size_t steps)
{
    double *sum = f->sum[lead];
    for (size_t t = 0; t < periods_of(f); t++) {
        const size_t ahead = f->lead[lead] ? f->lead[lead] : t + 1,
                     origin = f->lead[lead] ? f->test.from + t - ahead : f->test.from - 1;
        const double *there = probability + ((origin - first) * steps + ahead - 1) * f->all;
        for (size_t c = 0; c < f->columns; c++) {
            const dt_observable o = dt_model_observable(f->session->model, f->column[c]);
            for (size_t v = 0; v < o.values; v++)
                *sum++ += there[o.first + v];
        }
    }
}

/* Forecasts from `origins` rows on of some worlds, added at the leads from … to (not included). */
static dt_status predict(forecasting *f, size_t world, size_t worlds, size_t first, size_t origins,
                         size_t steps, size_t from, size_t to, double *room, dt_status *status)
{
    const size_t parameters = dt_model_count(f->session->model, DT_PARAMETERS),
                 one = origins * steps * f->all;
    const dt_ensemble_options how = {.jobs = cli_jobs(f->session->line)};
    const dt_options options = cli_options_within(f->session);
    const dt_status found =
        dt_likelihood_predict(f->likelihood, 0, first, origins, steps,
                              f->world + world * parameters, worlds, &how, &options, room, status);
    for (size_t w = 0; w < worlds && found == DT_OK; w++) {
        if (status[w] != DT_OK || isnan(room[w * one]))
            continue;
        for (size_t l = from; l < to; l++)
            add_world(f, l, room + w * one, first, steps);
    }
    return found;
}

static dt_status forecast(forecasting *f)
{
    const size_t periods = periods_of(f), longest = f->test.from < LONGEST ? f->test.from : LONGEST,
                 first = f->test.from - longest, origins = longest + periods - 1,
                 steps = longest > periods ? longest : periods,
                 room = origins * longest > steps ? origins * longest : steps;
    double *probability = cli_take(AT_ONCE * room, f->all * sizeof *probability);
    dt_status state[AT_ONCE], status = DT_OK;
    for (size_t l = 0; l < f->leads; l++)
        f->sum[l] = cli_take(periods, f->width * sizeof **f->sum);
    for (size_t w = 0; w < f->worlds && status == DT_OK; w += AT_ONCE) {
        const size_t some = f->worlds - w < AT_ONCE ? f->worlds - w : AT_ONCE;
        status = predict(f, w, some, first, origins, longest, 0, f->leads - 1, probability, state);
        for (size_t i = 0; i < some && status == DT_OK; i++)
            f->failed += state[i] != DT_OK;
        if (status == DT_OK)
            status = predict(f, w, some, f->test.from - 1, 1, periods, f->leads - 1, f->leads,
                             probability, state);
        if (!f->session->line->quiet)
            cli_progress(NULL, "forecasting", (double)(w + some) / (double)f->worlds);
    }
    for (size_t l = 0; l < f->leads; l++) {
        for (size_t i = 0; i < periods * f->width; i++)
            f->sum[l][i] /= (double)(f->worlds - f->failed); /* 0/0: no forecast */
    }
    return status;
}

static dt_status find_scores(forecasting *f)
{
    const dt_forecasts forecasts = {.rows = dt_history_rows(f->history),
                                    .columns = f->columns,
                                    .values = f->values,
                                    .ordered = f->ordered,
                                    .value = f->value,
                                    .train_from = f->train.from,
                                    .train_to = f->train.to,
                                    .test_from = f->test.from,
                                    .test_to = f->test.to,
                                    .leads = f->leads,
                                    .lead = f->lead,
                                    .probability = (const double *const *)f->sum,
                                    .seed = f->session->line->seed ? f->session->line->seed : 1};
    return dt_score_forecasts(&forecasts, &f->session->options, &f->scores);
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
    return cli_print("%s", dt_model_observable_value(f->session->model, f->column[count->column],
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

static void say(const forecasting *f, cli_answer *answer)
{
    const dt_score_line *line = f->scores->line;
    const char *policy = dt_model_item(f->session->model, DT_POLICIES, f->session->policy[0]);
    cli_note(&answer->before,
             "%s: %s, played under %s where no row names a policy; rows %zu to %zu of "
             "'%s', baselines fitted to rows %zu to %zu.",
             dt_model_name(f->session->model), f->whose, policy, f->test.from, f->test.to,
             dt_history_name(f->history), f->train.from, f->train.to);
    for (size_t i = 0; i < f->scores->lines; i++) {
        if (line[i].column == f->columns && (line[i].lead == 1 || line[i].lead == 0))
            cli_note(&answer->before, "%s: %s.",
                     line[i].lead ? "One period ahead" : "All periods from the first on",
                     verdict(&line[i]));
    }
    if (f->failed)
        cli_note(&answer->cautions, "%zu of %zu worlds couldn't be solved and are left out.",
                 f->failed, f->worlds);
    json_object_set_new(answer->facts, "model", json_string(dt_model_name(f->session->model)));
    json_object_set_new(answer->facts, "version", json_string(dt_version()));
    json_object_set_new(answer->facts, "worlds", json_integer((json_int_t)f->worlds));
    json_object_set_new(answer->facts, "rows",
                        json_pack("{s:[I, I], s:[I, I]}", "train", (json_int_t)f->train.from,
                                  (json_int_t)f->train.to, "test", (json_int_t)f->test.from,
                                  (json_int_t)f->test.to));
}

/* ---- the command ------------------------------------------------------------------------------- */

static dt_status work(forecasting *f)
{
    const cli_session *session = f->session;
    dt_history *history = NULL;
    dt_status status = cli_read_histories(session, &history);
    f->history = history;
    if (status == DT_OK && !(choose_rows(f) && choose_columns(f)))
        status = DT_INVALID;
    if (status == DT_OK) {
        const size_t periods = periods_of(f);
        const dt_likelihood_how how = {.policy = session->policy[0],
                                       .values = (dt_values)session->line->values,
                                       .ahead = periods > LONGEST ? periods : LONGEST};
        status = dt_likelihood_new(session->model, &f->history, 1, &how, &session->options,
                                   &f->likelihood);
    }
    f->all = dt_model_observable_values(session->model);
    if (status == DT_OK)
        status = forecast(f);
    if (status == DT_OK)
        status = find_scores(f);
    cli_progress_end();
    if (status == DT_OK) {
        cli_answer *answer = cli_answer_new(session->line);
        say(f, answer);
        put_scores(f, answer);
        put_counts(f, answer);
        status = cli_answer_print(answer);
    }
    dt_scores_free(f->scores);
    dt_likelihood_free(f->likelihood);
    dt_history_free(history);
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
    if (!cli_choose_policies(session))
        return DT_INVALID;
    f->world = data->parameter;
    while (f->worlds < data->worlds && !isnan(data->parameter[f->worlds * data->parameters]))
        f->worlds++;
    f->whose = data->fitted ? cli_print("%zu draws given %s", f->worlds, data->fitted)
                            : cli_print("%zu worlds of a study, fitted to nothing", f->worlds);
    return DT_OK;
}

dt_status cli_run_forecast(const cli_line *line)
{
    if (line->history.count != 1) {
        cli_error(NULL, "--test takes one --history");
        return DT_INVALID;
    }
    cli_session session = {0};
    forecasting f = {.session = &session};
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
    f.worlds = 1;
    f.world = session.world;
    f.whose = "the nominal world";
    status = work(&f);
    cli_close(&session);
    return status;
}
