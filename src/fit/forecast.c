/*
 * A model's forecasts beside those of baselines: the same cells for all of them, period by period, at each
 * lead, of one history after the other. Losses are means over cells; differences are taken for each period first, over its cells, so that
 * columns that depend on each other are one observation, and periods are resampled in blocks as long as
 * what depends on each other: the lead, and the cube root of their number (Künsch 1989).
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/job.h"
#include "fit/baseline.h"

const char *dt_forecaster_name(dt_forecaster forecaster)
{
    static const char *const name[DT_FORECASTERS] = {
        [DT_FORECAST_MODEL] = "model",    [DT_FORECAST_UNIFORM] = "uniform",
        [DT_FORECAST_RATE] = "base rate", [DT_FORECAST_MARKOV] = "Markov",
        [DT_FORECAST_LOGIT] = "logit",
    };
    return (unsigned)forecaster < DT_FORECASTERS ? name[forecaster] : "";
}

typedef struct scoring {
    dt_arena *scratch;
    const dt_forecasts *given;
    dt_series series;
    size_t periods;    /* of the tests of all histories */
    const size_t *row; /* [periods] */
    double
        *probability[DT_FORECASTERS]; /* [periods][all] at the lead at hand; the model's is given */
    double *loss[DT_FORECASTERS];     /* [periods] log loss, mean over the cells of the period */
    double *difference, *room;
    dt_scores *scores;
    dt_score_line *line;
} scoring;

/* ---- forecasts of baselines -------------------------------------------------------------------- */

static void forecast(scoring *s, dt_forecaster who, size_t column, size_t lead)
{
    const dt_forecasts *g = s->given;
    const size_t k = s->series.values[column], all = s->series.all;
    double *found = dt_take(s->scratch, s->periods, k * sizeof *found);
    double *there = found;
    for (size_t h = 0; h < g->histories; h++) {
        const size_t from = g->history[h].test_from, tests = g->history[h].test_to - from + 1;
        if (lead > 0)
            dt_baseline_forecast(s->scratch, who, &s->series, column, from - lead, tests, lead,
                                 there);
        for (size_t t = 0; t < tests && lead == 0; t++)
            dt_baseline_forecast(s->scratch, who, &s->series, column, from - 1, 1, t + 1,
                                 there + t * k);
        there += tests * k;
    }
    for (size_t t = 0; t < s->periods; t++)
        memcpy(s->probability[who] + t * all + s->series.first[column], found + t * k,
               k * sizeof *found);
}

/* ---- losses ------------------------------------------------------------------------------------ */

static const double *cell(const scoring *s, size_t who, size_t period, size_t column)
{
    return s->probability[who] + period * s->series.all + s->series.first[column];
}

/* What came in a cell that counts, or -1. */
static int came_in(const scoring *s, size_t period, size_t column)
{
    const int came = dt_series_at(&s->series, s->row[period], column);
    return came >= 0 && !isnan(cell(s, DT_FORECAST_MODEL, period, column)[came]) ? came : -1;
}

static void add_cell(const scoring *s, size_t who, size_t period, size_t column, int came,
                     dt_score_line *line)
{
    const double *p = cell(s, who, period, column);
    const size_t k = s->series.values[column];
    line->log_loss[who] += dt_log_loss(p, came);
    line->loss[who] += s->series.ordered[column] ? dt_ranked(p, k, came) : dt_brier(p, k, came);
    line->entropy[who] += dt_entropy(p, k);
    if (who == DT_FORECAST_MODEL) {
        line->cells++;
        line->impossible += !(p[came] > 0);
    }
}

/* The line of the columns from … to (not included), at a lead. */
static void score_columns(scoring *s, size_t lead, size_t from, size_t to, dt_score_line *line)
{
    size_t periods = 0;
    for (size_t t = 0; t < s->periods; t++) {
        size_t cells = 0;
        for (size_t who = 0; who < DT_FORECASTERS; who++)
            s->loss[who][periods] = 0;
        for (size_t c = from; c < to; c++) {
            const int came = came_in(s, t, c);
            if (came < 0)
                continue;
            cells++;
            for (size_t who = 0; who < DT_FORECASTERS; who++) {
                add_cell(s, who, t, c, came, line);
                s->loss[who][periods] += dt_log_loss(cell(s, who, t, c), came);
            }
        }
        for (size_t who = 0; who < DT_FORECASTERS && cells > 0; who++)
            s->loss[who][periods] /= (double)cells;
        periods += cells > 0;
    }
    for (size_t who = 0; who < DT_FORECASTERS; who++) {
        line->log_loss[who] /= (double)line->cells;
        line->loss[who] =
            line->column < s->given->columns ? line->loss[who] / (double)line->cells : (double)NAN;
        line->entropy[who] /= (double)line->cells;
        for (size_t t = 0; t < periods; t++)
            s->difference[t] = s->loss[DT_FORECAST_MODEL][t] - s->loss[who][t];
        const size_t block = (size_t)ceil(cbrt((double)periods));
        const dt_interval_mean d = dt_block_bootstrap(
            s->difference, periods, lead > block ? lead : block, s->given->seed, s->room);
        line->difference[who] = d.mean;
        line->low[who] = d.low;
        line->high[who] = d.high;
    }
}

/* Every chance given to anything at the first lead, by tenths. */
static void calibrate(scoring *s)
{
    dt_calibration *bin = s->scores->bin;
    for (size_t t = 0; t < s->periods; t++) {
        for (size_t c = 0; c < s->series.columns; c++) {
            const int came = came_in(s, t, c);
            const double *p = cell(s, DT_FORECAST_MODEL, t, c);
            for (size_t v = 0; v < s->series.values[c] && came >= 0; v++) {
                const size_t b =
                    p[v] < 1 ? (size_t)(p[v] * DT_CALIBRATION_BINS) : DT_CALIBRATION_BINS - 1;
                bin[b].forecast += p[v];
                bin[b].came += v == (size_t)came;
                bin[b].count++;
            }
        }
    }
    for (size_t b = 0; b < DT_CALIBRATION_BINS; b++) {
        bin[b].forecast /= (double)bin[b].count;
        bin[b].came /= (double)bin[b].count;
    }
}

/* Adds an event of chance p. */
static void add_event(dt_count *count, double p, bool came)
{
    count->came += came;
    count->expected += p;
    count->sd += p * (1 - p); /* variances, as yet */
}

/* Given all rows before, what came less its chance has mean 0 and no correlation over time. */
static void count_events(scoring *s, dt_count *count)
{
    for (size_t c = 0; c < s->series.columns; c++, count++) {
        const size_t k = s->series.values[c];
        for (size_t v = 0; v <= k; v++)
            count[v] = (dt_count){.column = c, .value = v};
        for (size_t t = 0; t < s->periods; t++) {
            const int came = came_in(s, t, c), before = dt_series_at(&s->series, s->row[t] - 1, c);
            const double *p = cell(s, DT_FORECAST_MODEL, t, c);
            for (size_t v = 0; v < k && came >= 0; v++)
                add_event(&count[v], p[v], v == (size_t)came);
            if (came >= 0 && before >= 0)
                add_event(&count[k], p[before], came == before);
        }
        for (size_t v = 0; v <= k; v++)
            count[v].sd = sqrt(fmax(count[v].sd, 0));
        count += k;
    }
}

/* ---- all of it --------------------------------------------------------------------------------- */

static void prepare(scoring *s)
{
    const dt_forecasts *g = s->given;
    size_t *first = dt_new(s->scratch, size_t, g->columns), all = 0;
    for (size_t c = 0; c < g->columns; c++) {
        first[c] = all;
        all += g->values[c];
    }
    s->series = (dt_series){.rows = g->rows,
                            .columns = g->columns,
                            .values = g->values,
                            .first = first,
                            .all = all,
                            .ordered = g->ordered,
                            .value = g->value,
                            .histories = g->histories,
                            .history = g->history};
    for (size_t h = 0; h < g->histories; h++)
        s->periods += g->history[h].test_to - g->history[h].test_from + 1;
    size_t *row = dt_new(s->scratch, size_t, s->periods), *next = row;
    for (size_t h = 0; h < g->histories; h++) {
        for (size_t t = g->history[h].test_from; t <= g->history[h].test_to; t++)
            *next++ = t;
    }
    s->row = row;
    for (size_t who = 0; who < DT_FORECASTERS; who++) {
        s->loss[who] = dt_new(s->scratch, double, s->periods);
        if (who != DT_FORECAST_MODEL)
            s->probability[who] = dt_take(s->scratch, s->periods, all * sizeof(double));
    }
    s->difference = dt_new(s->scratch, double, s->periods);
    s->room = dt_new(s->scratch, double, DT_BOOTSTRAPS);
}

static dt_status score(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const dt_forecasts *g = argument;
    scoring s = {.scratch = scratch, .given = g};
    s.scores = dt_new(arena, dt_scores, 1);
    s.scores->owner = arena;
    s.scores->lines = g->leads * (g->columns + 1);
    s.scores->line = s.line = dt_new(arena, dt_score_line, s.scores->lines);
    prepare(&s);
    for (size_t l = 0; l < g->leads; l++) {
        /* read only */
        s.probability[DT_FORECAST_MODEL] = (double *)(uintptr_t)g->probability[l];
        for (dt_forecaster who = DT_FORECAST_UNIFORM; who < DT_FORECASTERS; who++) {
            for (size_t c = 0; c < g->columns; c++)
                forecast(&s, who, c, g->lead[l]);
        }
        for (size_t c = 0; c <= g->columns; c++) {
            const bool together = c == 0;
            *s.line = (dt_score_line){.lead = g->lead[l], .column = together ? g->columns : c - 1};
            score_columns(&s, g->lead[l], together ? 0 : c - 1, together ? g->columns : c, s.line);
            s.line++;
        }
        if (l == 0)
            calibrate(&s);
        if (l == 0 && g->lead[l] == 1) {
            dt_count *count = dt_new(arena, dt_count, s.series.all + g->columns);
            s.scores->counts = s.series.all + g->columns;
            s.scores->count = count;
            count_events(&s, count);
        }
    }
    *found = s.scores;
    return DT_OK;
}

static bool right(const dt_forecasts *g)
{
    if (!g || g->columns == 0 || !g->values || !g->ordered || !g->value || !g->lead ||
        !g->probability || g->leads == 0 || g->leads > DT_MOST_LEADS || g->histories == 0 ||
        !g->history)
        return false;
    bool good = true;
    for (size_t h = 0; h < g->histories; h++) {
        const dt_forecast_rows *r = &g->history[h];
        good &= r->first <= r->train_from && r->train_from <= r->train_to &&
                r->train_to <= r->last && r->first < r->test_from && r->test_from <= r->test_to &&
                r->test_to <= r->last && r->last < g->rows &&
                (h == 0 || g->history[h - 1].last < r->first);
        for (size_t l = 0; l < g->leads && good; l++)
            good &= g->lead[l] <= r->test_from - r->first;
    }
    for (size_t l = 0; l < g->leads; l++)
        good &= g->probability[l] != NULL;
    for (size_t c = 0; c < g->columns; c++) {
        good &= g->values[c] > 0;
        for (size_t t = 0; t < g->rows; t++)
            good &= g->value[t * g->columns + c] < (int)g->values[c];
    }
    return good;
}

dt_status dt_score_forecasts(const dt_forecasts *forecasts, const dt_options *options,
                             dt_scores **scores)
{
    if (scores)
        *scores = NULL;
    if (!scores || !right(forecasts))
        return dt_refuse_call(options, "dt_score_forecasts",
                              "rows, columns or leads that don't fit together, or nowhere to put "
                              "the scores");
    return dt_answer(options, score, (void *)(uintptr_t)forecasts, (void **)scores);
}

void dt_scores_free(dt_scores *scores)
{
    dt_arena_free(scores ? scores->owner : NULL);
}
