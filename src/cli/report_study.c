/*
 * A study for the page: of every outcome the bands of each policy; of those with a direction also the
 * regrets of its worlds in order, where the policy does worst as a box, which numbers move it, and
 * which would be worth knowing. All of it is what compare, discover and sensitivity compute; the page only draws it.
 */
#include "report.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    REGRETS = 51,   /* points of a curve of regrets, from the least to the largest */
    MOST_ROWS = 12, /* parameters told of, those that matter most */
    RESAMPLES = 200
};

static json_t *indices(const size_t *at, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_integer((json_int_t)at[i]));
    return list;
}

/* ---- one outcome ------------------------------------------------------------------------------- */

static const double *column(const dt_study_data *data, size_t policy, size_t outcome)
{
    return data->outcome + (policy * data->outcomes + outcome) * data->worlds;
}

/* What a policy loses in each world against the best there, in order: a curve of REGRETS points. */
static json_t *regrets(const dt_study_data *data, size_t policy, size_t outcome, int direction)
{
    double *regret = cli_take(data->worlds, sizeof *regret);
    size_t count = 0;
    for (size_t w = 0; w < data->worlds; w++) {
        double best = -INFINITY;
        bool whole = true;
        for (size_t p = 0; p < data->policies; p++) {
            const double number = column(data, p, outcome)[w];
            whole &= isfinite(number);
            best = fmax(best, direction * number);
        }
        if (whole)
            regret[count++] = best - direction * column(data, policy, outcome)[w];
    }
    json_t *curve = json_array();
    qsort(regret, count, sizeof *regret, cli_by_size);
    for (size_t i = 0; count && i < REGRETS; i++)
        json_array_append_new(
            curve,
            json_real(regret[(size_t)lround((double)i * (double)(count - 1) / (REGRETS - 1))]));
    return curve;
}

/* The number that a fourth of all worlds, over all policies, are worse than. */
static double worst_quarter(const dt_study_data *data, size_t outcome, int direction)
{
    double *number = cli_take(data->worlds * data->policies, sizeof *number);
    size_t count = 0;
    for (size_t p = 0; p < data->policies; p++) {
        for (size_t w = 0; w < data->worlds; w++) {
            if (isfinite(column(data, p, outcome)[w]))
                number[count++] = column(data, p, outcome)[w];
        }
    }
    qsort(number, count, sizeof *number, cli_by_size);
    return count ? number[direction > 0 ? count / 4 : count - 1 - count / 4] : NAN;
}

/* Where the policy is among the worst: the box, or null if none tells. */
static json_t *box_of(const dt_study_data *data, size_t policy, const dt_criterion *criterion,
                      const dt_options *options)
{
    const dt_discover_how how = {
        .policy = policy, .criteria = 1, .criterion = criterion, .box = SIZE_MAX};
    dt_discovery *d;
    if (dt_discover(data, &how, options, &d) != DT_OK)
        return json_null();
    json_t *box = json_null();
    if (d->boxes && d->pruned.limits) {
        json_t *limits = json_array();
        for (size_t l = 0; l < d->pruned.limits; l++) {
            const dt_limit *limit = &d->pruned.limit[l];
            json_array_append_new(limits, json_pack("{s:I, s:b, s:f}", "parameter",
                                                    (json_int_t)limit->parameter, "upper",
                                                    limit->upper, "at", limit->at));
        }
        box = json_pack("{s:I, s:I, s:I, s:f, s:f, s:o}", "points", (json_int_t)d->basis.points,
                        "interest", (json_int_t)d->interest, "inside", (json_int_t)d->pruned.points,
                        "coverage", d->pruned.coverage, "density", d->pruned.density, "limits",
                        limits);
    }
    dt_discovery_free(d);
    return box;
}

typedef struct mover {
    size_t parameter, at;
    double effect;
} mover;

static int by_effect(const void *a, const void *b)
{
    const mover *x = a, *y = b;
    const double left = fabs(x->effect), right = fabs(y->effect);
    return left != right ? (left < right) - (left > right) : (x->at > y->at) - (x->at < y->at);
}

/* How the outcome moves with the parameters that move it most: a rank correlation, or the outcome at
 * both ends of the range where the design moves one at a time. */
static json_t *tornado_of(const dt_study_data *data, size_t policy, size_t outcome,
                          const dt_options *options)
{
    dt_sensitivity *s;
    if (dt_sensitivities(data, policy, outcome, options, &s) != DT_OK)
        return json_null();
    const size_t count = s->rank || s->swing ? s->parameters : 0;
    mover *order = cli_take(count, sizeof *order);
    for (size_t i = 0; i < count; i++) {
        const double effect =
            s->rank ? s->rank[i].correlation : s->swing[i].at_high - s->swing[i].at_low;
        order[i] = (mover){s->parameter[i], i, isfinite(effect) ? effect : 0};
    }
    qsort(order, count, sizeof *order, by_effect);
    json_t *rows = json_array();
    for (size_t i = 0; i < count && i < MOST_ROWS; i++)
        json_array_append_new(rows,
                              json_pack("{s:I, s:f}", "parameter", (json_int_t)order[i].parameter,
                                        "effect", order[i].effect));
    json_t *tornado = json_pack("{s:b, s:o, s:I, s:o}", "ranks", s->rank != NULL, "floor",
                                cli_json_number(s->rank ? s->rank_floor_all : NAN), "tests",
                                (json_int_t)count, "rows", rows);
    dt_sensitivity_free(s);
    return tornado;
}

/* Which numbers decide what is best: flip values, or what knowing them is worth. */
static json_t *decision_of(const dt_study_data *data, size_t outcome, const dt_options *options,
                           dt_decision **decision)
{
    if (data->policies < 2 || dt_decide(data, outcome, options, decision) != DT_OK)
        return json_null();
    const dt_decision *d = *decision;
    json_t *rows = json_array();
    for (size_t i = 0; i < d->parameters && i < MOST_ROWS; i++) {
        const dt_decisive *at = &d->decisive[i];
        json_t *row = json_pack("{s:I, s:o, s:o, s:o, s:o}", "parameter", (json_int_t)at->parameter,
                                "worth", cli_json_number(d->worths ? at->worth : NAN), "turn",
                                cli_json_number(d->worths ? at->turn : NAN), "below",
                                cli_json_number(d->flips ? at->flip_below : NAN), "above",
                                cli_json_number(d->flips ? at->flip_above : NAN));
        if (d->flips && isfinite(at->flip_below))
            json_object_set_new(row, "best_below", json_integer((json_int_t)at->best_below));
        if (d->flips && isfinite(at->flip_above))
            json_object_set_new(row, "best_above", json_integer((json_int_t)at->best_above));
        if (d->worths && isfinite(at->turn)) {
            json_object_set_new(row, "best_below", json_integer((json_int_t)at->best_low));
            json_object_set_new(row, "best_above", json_integer((json_int_t)at->best_high));
        }
        json_array_append_new(rows, row);
    }
    return json_pack("{s:I, s:o, s:o, s:o}", "best", (json_int_t)d->best, "perfect",
                     cli_json_number(d->worths ? d->perfect : NAN), "floor",
                     cli_json_number(d->worths ? d->floor : NAN), "rows", rows);
}

/* How many worlds of each policy were solved in vain. */
static json_t *failures(const dt_study_data *data)
{
    json_t *policies = json_array();
    for (size_t p = 0; p < data->policies; p++) {
        json_int_t failed = 0;
        for (size_t w = 0; w < data->worlds; w++) {
            const unsigned char status = data->status[p * data->worlds + w];
            failed += status != DT_OK && status != DT_NOT_DONE;
        }
        json_array_append_new(policies, json_integer(failed));
    }
    return policies;
}

/* The quantiles of an outcome under every policy. */
static json_t *bands_of(const dt_study_data *data, const dt_compared_outcome *compared)
{
    json_t *policies = json_array();
    for (size_t p = 0; p < data->policies; p++) {
        json_t *bands = json_array();
        for (size_t q = 0; q < DT_QUANTILES; q++)
            json_array_append_new(bands, cli_json_number(compared->policy[p].quantile[q]));
        json_array_append_new(policies, bands);
    }
    return policies;
}

static json_t *outcome_of(const dt_study_data *data, const dt_compared_outcome *compared,
                          const dt_options *options, dt_decision **decision)
{
    const size_t outcome = compared->outcome;
    const double bad = worst_quarter(data, outcome, compared->direction);
    const dt_criterion criterion = {outcome, compared->direction > 0 ? DT_BELOW : DT_ABOVE, bad};
    json_t *policies = json_array();
    for (size_t p = 0; p < data->policies; p++) {
        json_array_append_new(
            policies,
            json_pack("{s:o, s:o, s:o, s:o}", "best", cli_json_number(compared->policy[p].best),
                      "regrets", regrets(data, p, outcome, compared->direction), "box",
                      isfinite(bad) ? box_of(data, p, &criterion, options) : json_null(), "tornado",
                      tornado_of(data, p, outcome, options)));
    }
    return json_pack("{s:I, s:o, s:o, s:o}", "outcome", (json_int_t)outcome, "bad",
                     cli_json_number(bad), "policies", policies, "decision",
                     decision_of(data, outcome, options, decision));
}

/* ---- all outcomes, by several threads ---------------------------------------------------------- */

typedef struct asking {
    const dt_study_data *data;
    const dt_comparison *comparison;
    const dt_options *options; /* of the main thread */
    json_t **answer;           /* [outcomes] NULL: has no direction */
    dt_decision **decision;    /* [outcomes] NULL: there is none */
    size_t next;               /* the first outcome that nobody has begun; shared */
    size_t answered;           /* shared */
} asking;

static bool tell_share(void *context, const char *activity, double done)
{
    const asking *a = context;
    (void)activity;
    (void)done;
    return a->options->progress(a->options->progress_context, "asking the study",
                                (double)__atomic_load_n(&a->answered, __ATOMIC_RELAXED) /
                                    (double)a->comparison->outcomes);
}

/* Outcomes as long as there are any. */
static void ask(asking *a, bool main)
{
    dt_options options = *a->options;
    options.report = NULL; /* what a design can't answer is left out */
    options.progress = main && options.progress ? tell_share : NULL;
    options.progress_context = a;
    for (;;) {
        const size_t o = __atomic_fetch_add(&a->next, 1, __ATOMIC_RELAXED);
        if (o >= a->comparison->outcomes)
            break;
        const dt_compared_outcome *compared = &a->comparison->outcome[o];
        assert(compared->outcome == o && "all are compared, in order");
        if (compared->direction)
            a->answer[o] = outcome_of(a->data, compared, &options, &a->decision[o]);
        __atomic_fetch_add(&a->answered, 1, __ATOMIC_RELAXED);
    }
}

static void *help(void *argument)
{
    ask(argument, false);
    return NULL;
}

static void ask_together(asking *a, int jobs)
{
    pthread_t *helper = cli_take((size_t)jobs, sizeof *helper);
    int helpers = 0;
    assert(jobs >= 1);
    json_object_seed(0); /* once, before there are threads */
    while (helpers < jobs - 1 && pthread_create(&helper[helpers], NULL, help, a) == 0)
        helpers++;
    ask(a, true);
    while (helpers-- > 0)
        pthread_join(helper[helpers], NULL);
}

/* ---- the study --------------------------------------------------------------------------------- */

void cli_told_free(cli_told *told)
{
    for (size_t o = 0; o < told->outcomes; o++)
        dt_decision_free(told->decision[o]);
    dt_comparison_free(told->comparison);
}

dt_status cli_study_for_page(const dt_study_data *data, const char *file, const dt_options *options,
                             int jobs, cli_told *told)
{
    assert(data && told);
    *told = (cli_told){0};
    const dt_compare_how how = {.optimism = 0.5, .resamples = RESAMPLES};
    dt_status status = dt_compare(data, &how, options, &told->comparison);
    if (status != DT_OK)
        return status;
    const dt_comparison *comparison = told->comparison;
    told->outcomes = comparison->outcomes;
    told->decision = cli_take(comparison->outcomes, sizeof *told->decision);
    asking a = {
        .data = data, .comparison = comparison, .options = options, .decision = told->decision};
    a.answer = cli_take(comparison->outcomes, sizeof(json_t *));
    ask_together(&a, jobs);
    json_t *bands = json_array(), *outcomes = json_array();
    for (size_t o = 0; o < comparison->outcomes; o++) {
        json_array_append_new(bands, bands_of(data, &comparison->outcome[o]));
        if (a.answer[o])
            json_array_append_new(outcomes, a.answer[o]);
    }
    const dt_basis *basis = &comparison->basis;
    json_t *study = json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:I, s:b, s:I, s:I, s:o, s:o, s:o}", "file", file,
        "hash", data->hash, "design", dt_design_name(data->design), "seed", (json_int_t)data->seed,
        "worlds", (json_int_t)basis->worlds, "failed", (json_int_t)basis->failed, "unfinished",
        (json_int_t)basis->unfinished, "failures", failures(data), "points",
        (json_int_t)basis->points, "averaged", basis->averaged, "deep", (json_int_t)basis->deep,
        "risk", (json_int_t)basis->risk, "policies", indices(data->policy, data->policies), "bands",
        bands, "outcomes", outcomes);
    char *json = study ? json_dumps(study, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(study);
    if (!json)
        return DT_LIMIT;
    told->text = cli_print("%s", json);
    free(json);
    return DT_OK;
}
