/*
 * Which policy holds up: the distribution of every outcome under every policy, the measures of
 * measures.c with the rankings they give, how far these agree, what a bootstrap makes of them, which
 * thresholds are kept where, and the Pareto set.
 *
 * Starr's domain criterion (1962, in the form of Schneller & Sphicas 1983) and satisficing (Simon
 * 1956) are shares of points at which thresholds are kept: one threshold, or all at once.
 *
 * Outcomes are worked on by several threads, each with room of its own; what comes out doesn't depend
 * on which does what.
 */
#include <assert.h>
#include <math.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "base/job.h"
#include "base/threads.h"
#include "robust/bootstrap.h"
#include "robust/criterion.h"
#include "robust/pareto.h"
#include "robust/ranking.h"
#include "robust/resample.h"
#include "robust/view.h"

/* Resamples times points and policies are at most about this. */
static const double MOST_DRAWS = 5e8;
enum { RESAMPLES = 1000, LEAST_RESAMPLES = 200 };

/* One worker's work space. */
typedef struct bench {
    double *y, *u;            /* [policies][points]: the outcome, and it with more being better */
    double size;              /* of these, by which rounding is told */
    double *sorted;           /* [points] */
    double *mean;             /* [policies][resamples] */
    double *resampled;        /* [resamples] */
    double *chosen, *measure; /* [policies][DT_MEASURES] */
    double *score, *other;    /* [policies] */
    size_t *rank;             /* [policies] */
    dt_measuring measuring;
    dt_bootstrap *bootstrap;
} bench;

typedef struct work {
    const dt_study_data *data;
    const dt_compare_how *how;
    const dt_view *view;
    dt_comparison *answer;
    dt_compared_outcome *outcome; /* [outcomes] */
    double *size;                 /* [outcomes] of its numbers */
    bench *of;                    /* [workers] */
} work;

double dt_quantile_share(size_t index)
{
    static const double share[DT_QUANTILES] = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
    return index < DT_QUANTILES ? share[index] : (double)NAN;
}

static bench bench_new(dt_arena *arena, size_t policies, size_t points, size_t resamples)
{
    return (bench){
        .y = dt_take(arena, policies, points * sizeof(double)),
        .u = dt_take(arena, policies, points * sizeof(double)),
        .sorted = dt_new(arena, double, points),
        .mean = dt_take(arena, policies, resamples * sizeof(double)),
        .resampled = dt_new(arena, double, resamples),
        .chosen = dt_new(arena, double, policies *DT_MEASURES),
        .measure = dt_new(arena, double, policies *DT_MEASURES),
        .score = dt_new(arena, double, policies),
        .other = dt_new(arena, double, policies),
        .rank = dt_new(arena, size_t, policies),
        .measuring = dt_measuring_new(arena, points),
        .bootstrap = dt_bootstrap_new(arena, policies, points),
    };
}

/* Quantiles, mean and its interval: what needs no direction. */
static void describe(const work *w, bench *b, const dt_compared_outcome *o, size_t p,
                     dt_compared *mine)
{
    const size_t points = w->view->points, resamples = w->answer->resamples;
    const double *y = b->y + p * points;
    for (size_t n = 0; n < points; n++)
        b->sorted[n] = y[n];
    gsl_sort(b->sorted, 1, points);
    for (size_t q = 0; q < DT_QUANTILES; q++)
        mine->quantile[q] =
            gsl_stats_quantile_from_sorted_data(b->sorted, 1, points, dt_quantile_share(q));
    mine->nominal = w->data->nominal[p * w->data->outcomes + o->outcome];
    const double sign = o->direction < 0 ? -1 : 1;
    for (size_t r = 0; r < resamples; r++)
        b->resampled[r] = sign * b->mean[p * resamples + r];
    mine->low = mine->high = NAN;
    if (resamples > 0 && points > 1)
        dt_interval(b->resampled, resamples, &mine->low, &mine->high);
    for (int m = 0; m < DT_MEASURES; m++) {
        const bool in_unit = dt_measure_sense((dt_measure)m) > 0;
        const double found = b->measure[p * DT_MEASURES + (size_t)m];
        const bool defined = o->direction != 0 || m == DT_MEASURE_MEAN;
        mine->measure[m] = !defined ? (double)NAN : in_unit ? sign * found : found;
        mine->chosen[m] =
            o->direction && resamples > 0 ? b->chosen[p * DT_MEASURES + (size_t)m] : (double)NAN;
    }
}

/* The share of points at which each policy is best. */
static void count_best(const work *w, const bench *b, const dt_compared_outcome *o,
                       dt_compared *policy)
{
    const size_t points = w->view->points;
    for (size_t p = 0; p < w->answer->policies; p++)
        policy[p].best = 0;
    for (size_t n = 0; n < points && o->direction; n++) {
        double best = -INFINITY;
        for (size_t p = 0; p < w->answer->policies; p++)
            best = fmax(best, b->u[p * points + n]);
        for (size_t p = 0; p < w->answer->policies; p++)
            policy[p].best += dt_better(best, b->u[p * points + n], b->size) == 0;
    }
    for (size_t p = 0; p < w->answer->policies; p++)
        policy[p].best = o->direction ? policy[p].best / (double)points : (double)NAN;
}

/* The policies' scores by a measure, more being better. */
static void score(const bench *b, size_t policies, dt_measure m, double *scores)
{
    for (size_t p = 0; p < policies; p++)
        scores[p] = dt_measure_sense(m) * b->measure[p * DT_MEASURES + m];
}

static void rank_policies(const work *w, bench *b, dt_compared_outcome *o, dt_compared *policy)
{
    const size_t policies = w->answer->policies;
    for (dt_measure m = 0; m < DT_MEASURES; m++) {
        score(b, policies, m, b->score);
        dt_rank(b->score, policies, b->size, b->rank);
        o->tied[m] = 0;
        for (size_t p = policies; p-- > 0;) {
            policy[p].rank[m] = b->rank[p];
            o->tied[m] += b->rank[p] == 1;
            if (b->rank[p] == 1)
                o->choice[m] = p;
        }
        assert(o->tied[m] > 0);
        for (dt_measure k = 0; k < DT_MEASURES; k++) {
            score(b, policies, k, b->other);
            o->tau[m][k] =
                o->direction ? dt_kendall(b->score, b->other, policies, b->size) : (double)NAN;
        }
    }
}

static void take_difference(const work *w, bench *b, const dt_compared_outcome *o,
                            dt_difference *pair)
{
    const size_t points = w->view->points, resamples = w->answer->resamples;
    const double *mine = b->u + pair->policy * points, *other = b->u + pair->other * points;
    const double sign = o->direction < 0 ? -1 : 1;
    const double *mean = b->mean + pair->policy * resamples,
                 *mean_other = b->mean + pair->other * resamples;
    for (size_t r = 0; r < resamples; r++)
        b->resampled[r] = sign * (mean[r] - mean_other[r]);
    pair->mean =
        sign * (b->measure[pair->policy * DT_MEASURES] - b->measure[pair->other * DT_MEASURES]);
    pair->low = pair->high = NAN;
    if (resamples > 0 && points > 1)
        dt_interval(b->resampled, resamples, &pair->low, &pair->high);
    double better = 0;
    for (size_t n = 0; n < points; n++)
        better += dt_better(mine[n], other[n], b->size) > 0;
    pair->better = o->direction ? better / (double)points : (double)NAN;
    bool ahead = false, behind = false;
    for (dt_measure m = 0; m < DT_MEASURES && o->direction; m++) {
        pair->order[m] =
            dt_measure_sense(m) * dt_better(b->measure[pair->policy * DT_MEASURES + m],
                                            b->measure[pair->other * DT_MEASURES + m], b->size);
        ahead |= pair->order[m] > 0;
        behind |= pair->order[m] < 0;
    }
    pair->turns = ahead && behind;
}

static bool compare_outcome(void *context, int worker, size_t task)
{
    const work *w = context;
    bench *b = &w->of[worker];
    dt_compared_outcome *o = &w->outcome[task];
    const size_t points = w->view->points, policies = w->answer->policies;
    for (size_t p = 0; p < policies; p++)
        dt_view_outcome(w->view, p, o->outcome, b->y + p * points);
    for (size_t i = 0; i < policies * points; i++)
        b->u[i] = o->direction < 0 ? -b->y[i] : b->y[i];
    b->size = w->size[task] = dt_size_of(b->u, policies * points);
    dt_measure_policies(&b->measuring, b->u, policies, points, w->answer->optimism, b->measure);
    if (w->answer->resamples > 0)
        dt_bootstrap_run(b->bootstrap, b->u, w->answer->optimism, w->data->seed,
                         w->answer->resamples, b->mean, b->chosen);
    dt_compared *policy = (dt_compared *)o->policy;
    for (size_t p = 0; p < policies; p++)
        describe(w, b, o, p, &policy[p]);
    count_best(w, b, o, policy);
    rank_policies(w, b, o, policy);
    dt_difference *difference = (dt_difference *)o->difference;
    size_t made = 0;
    for (size_t p = 0; p < policies; p++) {
        for (size_t q = p + 1; q < policies; q++, made++) {
            difference[made] = (dt_difference){.policy = p, .other = q};
            take_difference(w, b, o, &difference[made]);
            o->turns += difference[made].turns;
        }
    }
    assert(made == o->differences);
    return true;
}

/* Whether the policy with a share of points, of good [policies][points], is ahead of each that has
 * fewer by more than 1.96 standard errors: of the points at which one is good and not the other, those
 * for it less those against it, squared, over their sum (McNemar 1947). */
static bool ahead_of_fewer(const bool *good, const double *share, size_t policies, size_t points,
                           size_t policy)
{
    for (size_t q = 0; q < policies; q++) {
        double ahead = 0, apart = 0;
        if (share[q] >= share[policy])
            continue;
        for (size_t n = 0; n < points; n++) {
            const int step = good[policy * points + n] - good[q * points + n];
            ahead += step;
            apart += step != 0;
        }
        if (ahead * ahead <= 1.96 * 1.96 * apart)
            return false;
    }
    return true;
}

static void count_kept(dt_arena *arena, const work *w, dt_arena *kept_in)
{
    const size_t points = w->view->points, policies = w->answer->policies,
                 requirements = w->how->requirements;
    if (requirements == 0)
        return;
    double *kept = dt_new(kept_in, double, (requirements + 1) * policies),
           *y = dt_new(arena, double, points);
    bool *good = dt_take(arena, (requirements + 1) * policies, points),
         *clear = dt_new(kept_in, bool, (requirements + 1) * policies);
    for (size_t r = 0; r <= requirements; r++) {
        for (size_t p = 0; p < policies; p++) {
            bool *mine = good + (r * policies + p) * points;
            if (r < requirements)
                dt_view_outcome(w->view, p, w->how->requirement[r].outcome, y);
            for (size_t n = 0; n < points; n++) {
                bool all = true; /* of the last row */
                for (size_t k = 0; r == requirements && k < requirements; k++)
                    all &= good[(k * policies + p) * points + n];
                mine[n] =
                    r < requirements ? dt_criterion_holds(&w->how->requirement[r], y[n]) : all;
                kept[r * policies + p] += mine[n];
            }
            kept[r * policies + p] /= (double)points;
        }
        for (size_t p = 0; p < policies; p++)
            clear[r * policies + p] = ahead_of_fewer(good + r * policies * points,
                                                     kept + r * policies, policies, points, p);
    }
    w->answer->kept = kept;
    w->answer->all_kept = kept + requirements * policies;
    w->answer->kept_clear = w->view->basis.sample ? clear : NULL;
}

static void find_pareto(dt_arena *arena, const work *w, size_t *dominated)
{
    const size_t policies = w->answer->policies, outcomes = w->answer->outcomes;
    double *score = dt_new(arena, double, policies *outcomes),
           *size = dt_new(arena, double, outcomes);
    for (size_t o = 0; o < outcomes; o++)
        w->answer->directed += w->outcome[o].direction != 0;
    for (dt_measure m = 0; m < DT_MEASURES; m++) {
        size_t criterion = 0;
        for (size_t o = 0; o < outcomes; o++) {
            const dt_compared_outcome *from = &w->outcome[o];
            if (from->direction == 0)
                continue;
            const int sign = dt_measure_sense(m) > 0 ? from->direction : -1;
            size[criterion] = w->size[o];
            for (size_t p = 0; p < policies; p++)
                score[p * w->answer->directed + criterion] = sign * from->policy[p].measure[m];
            criterion++;
        }
        assert(criterion == w->answer->directed);
        dt_pareto(score, size, policies, criterion, dominated + m * policies);
    }
}

typedef struct request {
    const dt_study_data *data;
    const dt_compare_how *how;
    const dt_options *options;
} request;

static size_t choose_resamples(const request *asked, const dt_view *view)
{
    if (!view->basis.sample || view->points < 2)
        return 0;
    if (asked->how->resamples)
        return asked->how->resamples;
    const double afford = MOST_DRAWS / ((double)view->points * (double)asked->data->policies);
    return afford >= RESAMPLES        ? RESAMPLES
           : afford > LEAST_RESAMPLES ? (size_t)afford
                                      : LEAST_RESAMPLES;
}

static dt_status compare(dt_arena *arena, dt_arena *scratch, void *argument, void **found)
{
    const request *asked = argument;
    const dt_study_data *data = asked->data;
    work w = {.data = data, .how = asked->how, .view = dt_view_all(scratch, data)};
    if (w.view->points == 0)
        return dt_view_empty(scratch, asked->options, w.view);
    dt_comparison *answer = *found = w.answer = dt_new(arena, dt_comparison, 1);
    answer->basis = w.view->basis;
    answer->optimism = asked->how->optimism;
    answer->resamples = choose_resamples(asked, w.view);
    answer->policies = data->policies;
    answer->requirements = asked->how->requirements;
    answer->outcomes = asked->how->outcomes ? asked->how->outcomes : data->outcomes;
    answer->outcome = w.outcome = dt_new(arena, dt_compared_outcome, answer->outcomes);
    for (size_t o = 0; o < answer->outcomes; o++) {
        dt_compared_outcome *mine = &w.outcome[o];
        mine->outcome = asked->how->outcomes ? asked->how->outcome[o] : o;
        mine->direction = dt_model_outcome_direction(data->model, mine->outcome);
        mine->policy = dt_new(arena, dt_compared, data->policies);
        mine->differences = data->policies * (data->policies - 1) / 2;
        mine->difference = dt_new(arena, dt_difference, mine->differences);
    }
    size_t jobs = (size_t)dt_threads_available();
    jobs = jobs < answer->outcomes ? jobs : answer->outcomes;
    w.size = dt_new(scratch, double, answer->outcomes);
    w.of = dt_new(scratch, bench, jobs + 1);
    for (size_t j = 0; j < jobs; j++)
        w.of[j] = bench_new(scratch, data->policies, w.view->points, answer->resamples);
    if (answer->outcomes > 0)
        dt_threads_run((int)jobs, answer->outcomes, compare_outcome, &w);
    count_kept(scratch, &w, arena);
    size_t *dominated = dt_new(arena, size_t, DT_MEASURES * data->policies);
    answer->dominated = dominated;
    find_pareto(scratch, &w, dominated);
    answer->owner = arena;
    return DT_OK;
}

/* Whether all that is asked about is there. */
static bool right_questions(const dt_study_data *data, const dt_compare_how *how)
{
    if (!data || !how || (how->outcomes > 0 && !how->outcome))
        return false;
    bool right = how->optimism >= 0 && how->optimism <= 1;
    for (size_t i = 0; i < how->outcomes; i++)
        right &= how->outcome[i] < data->outcomes;
    return right && dt_criteria_fit(data, how->requirement, how->requirements);
}

dt_status dt_compare(const dt_study_data *data, const dt_compare_how *how,
                     const dt_options *options, dt_comparison **comparison)
{
    if (comparison)
        *comparison = NULL;
    if (!comparison || !right_questions(data, how))
        return dt_refuse_call(options, "dt_compare",
                              "no study, no settings, or nowhere to put the answer");
    request asked = {data, how, options};
    return dt_answer(options, compare, &asked, (void **)comparison);
}

void dt_comparison_free(dt_comparison *comparison)
{
    dt_arena_free(comparison ? comparison->owner : NULL);
}
