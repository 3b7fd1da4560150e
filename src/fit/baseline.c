/*
 * Four baselines, each fitted to the training periods of all histories alone.
 *
 * Base rate: (n_v + 1/2) / (n + K/2), Krichevsky & Trofimov's estimate (1981), so that what never came
 * isn't impossible. Markov, first order: (n_uv + q_uv) / (n_u + 1), q being one imagined transition: it stays
 * as often as all values together did, and else goes where the base rate of the others says, so that a value
 * that never came in training isn't thought to pass at once. Several steps are powers of it; it starts from the last value
 * observed, as many more steps before. Logit: multinomial, on indicators of every column's value at the
 * origin, weights with a normal prior of deviation 1 (a ridge), without which a few dozen periods would
 * be told apart perfectly; fitted for each number of steps by itself, the base rate where there are fewer
 * than MEAGRE pairs.
 */
#include "fit/baseline.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

enum { MEAGRE = 20, MOST_STEPS = 200 };

/* What is fitted: a column by the training rows of all histories. */
typedef struct lesson {
    const dt_series *series;
    size_t column, values;
} lesson;

static int at(const lesson *l, size_t row)
{
    return dt_series_at(l->series, row, l->column);
}

/* The next row, from `row` on, that is for training together with the one `steps` before it; false: there is none. A pair
 * lies in one history. `row` 0 is the first to ask with, and one more than what was found the next. */
static bool next_row(const lesson *l, size_t steps, size_t *row)
{
    for (size_t h = 0; h < l->series->histories; h++) {
        const dt_forecast_rows *mine = &l->series->history[h];
        const size_t from = mine->train_from + steps;
        if (*row <= mine->train_to && from <= mine->train_to) {
            *row = *row > from ? *row : from;
            return true;
        }
    }
    return false;
}

static void base_rate(const lesson *l, double *rate)
{
    double count = 0;
    for (size_t v = 0; v < l->values; v++)
        rate[v] = 0.5;
    for (size_t t = 0; next_row(l, 0, &t); t++) {
        if (at(l, t) >= 0) {
            rate[at(l, t)] += 1;
            count += 1;
        }
    }
    for (size_t v = 0; v < l->values; v++)
        rate[v] /= count + (double)l->values / 2;
}

/* ---- Markov ----------------------------------------------------------------------------------- */

/* How often a value stayed, of all pairs of neighbours. */
static double stays(const lesson *l)
{
    double pairs = 1, same = 0.5;
    for (size_t t = 0; next_row(l, 1, &t); t++) {
        if (at(l, t - 1) >= 0 && at(l, t) >= 0) {
            pairs += 1;
            same += at(l, t - 1) == at(l, t);
        }
    }
    return same / pairs;
}

static void transitions(const lesson *l, const double *rate, double *p)
{
    const size_t k = l->values;
    const double stay = stays(l);
    for (size_t u = 0; u < k; u++) {
        for (size_t v = 0; v < k; v++)
            p[u * k + v] = u == v ? stay : (1 - stay) * rate[v] / (1 - rate[u]);
    }
    for (size_t t = 0; next_row(l, 1, &t); t++) {
        if (at(l, t - 1) >= 0 && at(l, t) >= 0)
            p[(size_t)at(l, t - 1) * k + (size_t)at(l, t)] += 1;
    }
    for (size_t u = 0; u < k; u++) {
        double sum = 0;
        for (size_t v = 0; v < k; v++)
            sum += p[u * k + v];
        for (size_t v = 0; v < k; v++)
            p[u * k + v] /= sum;
    }
}

/* `room` [values]. */
static void go_steps(const double *p, size_t k, size_t steps, double *now, double *room)
{
    for (size_t s = 0; s < steps; s++) {
        memset(room, 0, k * sizeof *room);
        for (size_t u = 0; u < k; u++) {
            for (size_t v = 0; v < k; v++)
                room[v] += now[u] * p[u * k + v];
        }
        memcpy(now, room, k * sizeof *now);
    }
}

/* The first row of the history that a row belongs to. */
static size_t begin_of(const dt_series *series, size_t row)
{
    size_t h = 0;
    while (series->history[h].last < row)
        h++;
    return series->history[h].first;
}

static void forecast_markov(dt_arena *arena, const lesson *l, const double *rate, size_t first,
                            size_t origins, size_t steps, double *probability)
{
    const size_t k = l->values, start = begin_of(l->series, first);
    double *p = dt_new(arena, double, k *k), *room = dt_new(arena, double, k);
    transitions(l, rate, p);
    for (size_t o = 0; o < origins; o++) {
        double *now = probability + o * k;
        size_t last = first + o, gap = 0;
        while (last > start && at(l, last) < 0) {
            last--;
            gap++;
        }
        if (at(l, last) < 0) {
            memcpy(now, rate, k * sizeof *now);
            continue;
        }
        memset(now, 0, k * sizeof *now);
        now[at(l, last)] = 1;
        go_steps(p, k, gap + steps, now, room);
    }
}

/* ---- logit ------------------------------------------------------------------------------------ */

/* Weights w[values][1 + all], the first of each a constant; features are the columns' indicators. */
typedef struct logit {
    const lesson *lesson;
    size_t steps;
    double *p; /* [values] */
} logit;

static void predict_logit(const logit *m, const gsl_vector *w, size_t row, double *p)
{
    const dt_series *s = m->lesson->series;
    const size_t k = m->lesson->values, width = 1 + s->all;
    double most = -INFINITY, sum = 0;
    for (size_t v = 0; v < k; v++) {
        p[v] = gsl_vector_get(w, v * width);
        for (size_t c = 0; c < s->columns; c++) {
            const int x = dt_series_at(s, row, c);
            if (x >= 0)
                p[v] += gsl_vector_get(w, v * width + 1 + s->first[c] + (size_t)x);
        }
        most = fmax(most, p[v]);
    }
    for (size_t v = 0; v < k; v++)
        sum += p[v] = exp(p[v] - most);
    for (size_t v = 0; v < k; v++)
        p[v] /= sum;
}

/* Minus the log likelihood and half the squares of weights; constants are free but for a trace, which
 * makes them one solution. */
static void both(const gsl_vector *w, void *context, double *f, gsl_vector *slope)
{
    const logit *m = context;
    const lesson *l = m->lesson;
    const dt_series *s = l->series;
    const size_t width = 1 + s->all;
    *f = 0;
    for (size_t i = 0; i < w->size; i++) {
        const double x = gsl_vector_get(w, i), strength = i % width == 0 ? 1e-6 : 1;
        *f += 0.5 * strength * x * x;
        gsl_vector_set(slope, i, strength * x);
    }
    for (size_t t = 0; next_row(l, m->steps, &t); t++) {
        const int came = at(l, t);
        if (came < 0)
            continue;
        predict_logit(m, w, t - m->steps, m->p);
        *f -= log(m->p[came]);
        for (size_t v = 0; v < l->values; v++) {
            const double d = m->p[v] - ((size_t)came == v);
            *gsl_vector_ptr(slope, v * width) += d;
            for (size_t c = 0; c < s->columns; c++) {
                const int x = dt_series_at(s, t - m->steps, c);
                if (x >= 0)
                    *gsl_vector_ptr(slope, v * width + 1 + s->first[c] + (size_t)x) += d;
            }
        }
    }
}

/* The same for GSL, which asks for one without the other: the vector of slopes is the minimiser's own. */
static void slope_alone(const gsl_vector *w, void *context, gsl_vector *slope)
{
    double f;
    both(w, context, &f, slope);
}

static double value_alone(const gsl_vector *w, void *context)
{
    const logit *m = context;
    const lesson *l = m->lesson;
    const size_t width = 1 + l->series->all;
    double f = 0;
    for (size_t i = 0; i < w->size; i++) {
        const double x = gsl_vector_get(w, i);
        f += 0.5 * (i % width == 0 ? 1e-6 : 1) * x * x;
    }
    for (size_t t = 0; next_row(l, m->steps, &t); t++) {
        const int came = at(l, t);
        if (came < 0)
            continue;
        predict_logit(m, w, t - m->steps, m->p);
        f -= log(m->p[came]);
    }
    return f;
}

static size_t pairs(const lesson *l, size_t steps)
{
    size_t count = 0;
    for (size_t t = 0; next_row(l, steps, &t); t++)
        count += at(l, t) >= 0;
    return count;
}

/* False if there is too little to fit to. */
static bool forecast_logit(dt_arena *arena, const lesson *l, size_t first, size_t origins,
                           size_t steps, double *probability)
{
    if (pairs(l, steps) < MEAGRE)
        return false;
    logit m = {l, steps, dt_new(arena, double, l->values)};
    const size_t size = l->values * (1 + l->series->all);
    gsl_multimin_function_fdf function = {value_alone, slope_alone, both, size, &m};
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    gsl_vector *w = gsl_vector_calloc(size);
    gsl_multimin_fdfminimizer *minimiser =
        gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, size);
    const bool room = w && minimiser;
    if (room) {
        gsl_multimin_fdfminimizer_set(minimiser, &function, w, 0.1, 0.1);
        for (int step = 0; step < MOST_STEPS; step++) {
            if (gsl_multimin_fdfminimizer_iterate(minimiser) != GSL_SUCCESS ||
                gsl_multimin_test_gradient(minimiser->gradient, 1e-6) == GSL_SUCCESS)
                break;
        }
        for (size_t o = 0; o < origins; o++)
            predict_logit(&m, minimiser->x, first + o, probability + o * l->values);
    }
    if (minimiser)
        gsl_multimin_fdfminimizer_free(minimiser);
    if (w)
        gsl_vector_free(w);
    gsl_set_error_handler(handler);
    if (!room)
        dt_refuse(arena, "the machine has no more memory");
    return true;
}

/* ---- all of them ------------------------------------------------------------------------------ */

void dt_baseline_forecast(dt_arena *arena, dt_forecaster baseline, const dt_series *series,
                          size_t column, size_t first, size_t origins, size_t steps,
                          double *probability)
{
    assert(column < series->columns && series->histories >= 1 && steps >= 1);
    assert(first + origins <= series->rows);
    const lesson l = {series, column, series->values[column]};
    double *rate = dt_new(arena, double, l.values);
    base_rate(&l, rate);
    if (baseline == DT_FORECAST_MARKOV) {
        forecast_markov(arena, &l, rate, first, origins, steps, probability);
        return;
    }
    if (baseline == DT_FORECAST_LOGIT &&
        forecast_logit(arena, &l, first, origins, steps, probability))
        return;
    for (size_t o = 0; o < origins; o++) {
        for (size_t v = 0; v < l.values; v++)
            probability[o * l.values + v] =
                baseline == DT_FORECAST_UNIFORM ? 1 / (double)l.values : rate[v];
    }
}
