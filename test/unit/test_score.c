/*
 * Scores and baselines by hand: losses of small forecasts, that nobody gains by saying what he doesn't believe,
 * transitions counted, in one history or two, a logit at its optimum, and blocks that make an interval as wide as the dependence in
 * time asks for.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fit/baseline.h"
#include "study/random.h"

static void assert_near(double found, double known, double within)
{
    if (!(fabs(found - known) <= within))
        print_error("%.10g is not %.10g\n", found, known);
    assert_true(fabs(found - known) <= within);
}

/* ---- losses ---- */

static void losses_by_hand(void **state)
{
    (void)state;
    const double p[] = {0.2, 0.5, 0.3};
    assert_near(dt_log_loss(p, 1), 0.6931471805599453, 1e-15);
    assert_near(dt_brier(p, 3, 1), 0.04 + 0.25 + 0.09, 1e-15);
    assert_near(dt_brier(p, 3, 0), 0.64 + 0.25 + 0.09, 1e-15);
    /* cumulated .2, .7, 1 against 0, 0, 1 and against 0, 1, 1; two places between three values */
    assert_near(dt_ranked(p, 3, 2), (0.04 + 0.49) / 2, 1e-15);
    assert_near(dt_ranked(p, 3, 1), (0.04 + 0.09) / 2, 1e-15);
    assert_near(dt_entropy(p, 3), -0.2 * log(0.2) - 0.5 * log(0.5) - 0.3 * log(0.3), 1e-15);
    const double sure[] = {1, 0};
    assert_true(isinf(dt_log_loss(sure, 1)) && dt_log_loss(sure, 0) == 0);
    assert_true(dt_brier(sure, 2, 1) == 2 && dt_ranked(sure, 2, 1) == 1 &&
                dt_entropy(sure, 2) == 0);
}

/* What is expected of a forecast q by one who believes p is least for q = p. */
static void scores_are_proper(void **state)
{
    (void)state;
    const double p[] = {0.15, 0.35, 0.1, 0.4};
    for (int way = 0; way < 200; way++) {
        double q[4], sum = 0, expected[3][2] = {{0}};
        for (int v = 0; v < 4; v++)
            sum += q[v] = dt_random(1, (uint64_t)way, (uint64_t)v);
        for (int v = 0; v < 4; v++)
            q[v] /= sum;
        for (int came = 0; came < 4; came++) {
            for (int of_q = 0; of_q < 2; of_q++) {
                const double *f = of_q ? q : p;
                expected[0][of_q] += p[came] * dt_log_loss(f, came);
                expected[1][of_q] += p[came] * dt_brier(f, 4, came);
                expected[2][of_q] += p[came] * dt_ranked(f, 4, came);
            }
        }
        for (int score = 0; score < 3; score++)
            assert_true(expected[score][0] < expected[score][1]);
    }
}

/* ---- baselines ---- */

enum { ROWS = 8 };
static const int SEEN[ROWS] = {0, 1, 0, 1, 0, 1, -1, 1};
static const size_t TWO = 2, NOUGHT = 0;
static const bool NO = false;

typedef struct forecasting {
    dt_arena *arena;
    dt_forecaster who;
    const dt_series *series;
    size_t first, origins, steps;
    double *probability;
} forecasting;

static dt_status forecast(void *argument)
{
    const forecasting *f = argument;
    dt_baseline_forecast(f->arena, f->who, f->series, 0, f->first, f->origins, f->steps,
                         f->probability);
    return DT_OK;
}

static void run(dt_forecaster who, const dt_series *series, size_t to, size_t first, size_t origins,
                size_t steps, double *probability)
{
    const dt_forecast_rows whole = {.last = series->rows - 1, .train_to = to};
    dt_series taught = *series;
    if (series->histories == 0) {
        taught.histories = 1;
        taught.history = &whole;
    }
    forecasting f = {dt_arena_new(NULL, 0), who, &taught, first, origins, steps, probability};
    assert_int_equal(dt_arena_try(f.arena, forecast, &f), DT_OK);
    dt_arena_free(f.arena);
}

static void baselines_by_hand(void **state)
{
    (void)state;
    const dt_series s = {.rows = ROWS,
                         .columns = 1,
                         .values = &TWO,
                         .first = &NOUGHT,
                         .all = 2,
                         .ordered = &NO,
                         .value = SEEN};
    double p[2 * ROWS];
    run(DT_FORECAST_UNIFORM, &s, 5, 2, 1, 1, p);
    assert_near(p[0], 0.5, 0);
    /* three of each, and half a one */
    run(DT_FORECAST_RATE, &s, 4, 2, 1, 1, p);
    assert_near(p[0], 3.5 / 6, 1e-15);
    /* 0 was followed by 1 three times of three, 1 by 0 twice of twice, nothing stayed in five pairs; one more
     * that stays with (0 + 1/2) / (5 + 1) */
    run(DT_FORECAST_MARKOV, &s, 5, 4, 4, 1, p);
    assert_near(p[1], (3 + 11.0 / 12) / 4, 1e-15);
    assert_near(p[2], (2 + 11.0 / 12) / 3, 1e-15);
    /* row 6 wasn't seen: two steps from row 5, where it was 1 */
    const double back = (2 + 11.0 / 12) / 3, stay = 1.0 / 12 / 4;
    assert_near(p[4], back * stay + (1 - back) * back, 1e-15);
    run(DT_FORECAST_MARKOV, &s, 5, 5, 1, 2, p + 8);
    assert_near(p[8], p[4], 1e-15);
    /* five pairs are too few for a logit */
    run(DT_FORECAST_LOGIT, &s, 5, 4, 1, 1, p);
    assert_near(p[0], 0.5, 1e-15);
}

/* Of one column of two values the optimum is w = counts less n p of each value before; by symmetry half of it for either
 * value after. So what is forecast solves logit p0 - logit p1 = 2 (w0 - w1), and is right on the whole. */
static void a_logit_is_at_its_optimum(void **state)
{
    (void)state;
    enum { LONG = 60 };
    int seen[LONG];
    double count[2][2] = {{0}}, p[2 * LONG];
    for (int t = 0; t < LONG; t++)
        seen[t] = t == 0 ? 0 : dt_random(3, (uint64_t)t, 1) < (seen[t - 1] ? 0.8 : 0.3);
    for (int t = 1; t < LONG; t++)
        count[seen[t - 1]][seen[t]]++;
    const dt_series s = {.rows = LONG,
                         .columns = 1,
                         .values = &TWO,
                         .first = &NOUGHT,
                         .all = 2,
                         .ordered = &NO,
                         .value = seen};
    run(DT_FORECAST_LOGIT, &s, LONG - 1, 0, LONG, 1, p);
    double chance[2] = {0, 0}, w[2];
    for (int t = 0; t < LONG; t++)
        chance[seen[t]] = p[2 * t + 1];
    for (int x = 0; x < 2; x++)
        w[x] = count[x][1] - (count[x][0] + count[x][1]) * chance[x];
    assert_true(chance[1] > chance[0] + 0.2);
    assert_near(log(chance[0] / (1 - chance[0])) - log(chance[1] / (1 - chance[1])),
                2 * (w[0] - w[1]), 1e-4);
    assert_near(w[0] + w[1], 0, 1e-4);
}

/* Of two histories all pairs count, but none that goes from the one to the other; a forecast looks back no further than
 * to where its own begins. */
static void histories_stay_apart(void **state)
{
    (void)state;
    static const int seen[] = {0, 0, 1, 1, /* and */ -1, 0, 1, 0};
    static const dt_forecast_rows two[] = {
        {.first = 0, .last = 3, .train_from = 1, .train_to = 3},
        {.first = 4, .last = 7, .train_from = 5, .train_to = 7},
    };
    const dt_series s = {.rows = 8,
                         .columns = 1,
                         .values = &TWO,
                         .first = &NOUGHT,
                         .all = 2,
                         .ordered = &NO,
                         .value = seen,
                         .histories = 2,
                         .history = two};
    double p[4];
    run(DT_FORECAST_RATE, &s, 0, 2, 1, 1, p);
    assert_near(p[1], (3 + 0.5) / (6 + 1), 1e-15);
    /* pairs: 0 to 1, 1 to 1; 0 to 1, 1 to 0. One of four stays: with half of one more in one more, .3 */
    const double stay = 1.5 / 5;
    run(DT_FORECAST_MARKOV, &s, 0, 3, 1, 1, p);
    assert_near(p[1], (1 + stay) / (2 + 1), 1e-15);
    assert_near(p[0], (1 + 1 - stay) / (2 + 1), 1e-15);
    /* nothing was seen in the second history up to its first row: the base rate, not what the first ended with */
    run(DT_FORECAST_MARKOV, &s, 0, 4, 1, 1, p);
    assert_near(p[1], 0.5, 1e-15);

    /* the tests of both, one after the other; the first history's last row is at one lead alone */
    static const dt_forecast_rows parted[] = {
        {.first = 0, .last = 3, .train_from = 1, .train_to = 2, .test_from = 3, .test_to = 3},
        {.first = 4, .last = 7, .train_from = 5, .train_to = 5, .test_from = 6, .test_to = 7},
    };
    static const size_t lead[] = {1, 2, 3};
    static const double forecast[] = {0.25, 0.75, 0.5, 0.5, 0.125, 0.875};
    const double *const probability[] = {forecast, forecast, forecast};
    dt_forecasts f = {.rows = 8,
                      .columns = 1,
                      .values = &TWO,
                      .ordered = &NO,
                      .value = seen,
                      .histories = 2,
                      .history = parted,
                      .leads = 2,
                      .lead = lead,
                      .probability = probability,
                      .seed = 1};
    dt_scores *scores;
    assert_int_equal(dt_score_forecasts(&f, NULL, &scores), DT_OK);
    assert_true(scores->line[0].cells == 3);
    assert_near(scores->line[0].log_loss[DT_FORECAST_MODEL],
                -(log(0.75) + log(0.5) + log(0.125)) / 3, 1e-15);
    /* the base rate of 0, 1 and 0 */
    assert_near(scores->line[0].log_loss[DT_FORECAST_RATE], -(2 * log(1.5 / 4) + log(2.5 / 4)) / 3,
                1e-15);
    /* "it stayed": of the second history's rows none is compared with the first's */
    assert_true(scores->count[2].came == 1);
    assert_near(scores->count[2].expected, 0.75 + 0.5 + 0.875, 1e-15);
    dt_scores_free(scores);
    f.leads = 3; /* the second history's test begins two rows after its beginning */
    assert_int_equal(dt_score_forecasts(&f, NULL, &scores), DT_INVALID);
}

/* ---- intervals ---- */

static void blocks_know_of_time(void **state)
{
    (void)state;
    enum { COUNT = 400 };
    double x[COUNT], *room = calloc(DT_BOOTSTRAPS, sizeof *room);
    for (int t = 0; t < COUNT; t++) /* uniform numbers, each for ten periods */
        x[t] = dt_random(4, (uint64_t)(t / 10), 2);
    const dt_interval_mean single = dt_block_bootstrap(x, COUNT, 1, 5, room),
                           blocks = dt_block_bootstrap(x, COUNT, 20, 5, room);
    double mean = 0, square = 0;
    for (int t = 0; t < COUNT; t++) {
        mean += x[t] / COUNT;
        square += x[t] * x[t] / COUNT;
    }
    const double sd = sqrt(square - mean * mean), normal = 2 * 1.6448536269514722;
    assert_near(single.mean, mean, 1e-14);
    assert_near((single.high - single.low) / (normal * sd / sqrt(COUNT)), 1, 0.08);
    /* forty independent numbers, not four hundred; blocks of two see most of that */
    assert_true((blocks.high - blocks.low) / (single.high - single.low) > 2.2);
    const double same[] = {0.25, 0.25, 0.25};
    const dt_interval_mean sure = dt_block_bootstrap(same, 3, 2, 5, room);
    assert_true(sure.mean == 0.25 && sure.low == 0.25 && sure.high == 0.25);
    assert_true(isnan(dt_block_bootstrap(same, 1, 1, 5, room).low));
    assert_true(isnan(dt_block_bootstrap(same, 0, 1, 5, room).mean));
    free(room);
}

/* ---- all together ---- */

/* A forecaster that knows the truth beats those that don't; one that is wrong is told to be. */
static void the_truth_beats_the_baselines(void **state)
{
    (void)state;
    enum { LONG = 120, FROM = 60 };
    int seen[LONG];
    double truth[2 * (LONG - FROM)], wrong[2 * (LONG - FROM)], later[2 * (LONG - FROM)];
    for (int t = 0; t < LONG; t++) /* what comes depends on a clock that no baseline has */
        seen[t] = dt_random(6, (uint64_t)t, 1) < (t % 3 == 0 ? 0.95 : 0.1);
    for (int t = FROM; t < LONG; t++) {
        truth[2 * (t - FROM) + 1] = t % 3 == 0 ? 0.95 : 0.1;
        truth[2 * (t - FROM)] = 1 - truth[2 * (t - FROM) + 1];
        wrong[2 * (t - FROM)] = seen[t];
        wrong[2 * (t - FROM) + 1] = 1 - seen[t];
        later[2 * (t - FROM)] = later[2 * (t - FROM) + 1] = t % 2 ? 0.5 : NAN;
    }
    static const size_t lead[] = {1, 2, 0};
    const double *const probability[] = {truth, wrong, later};
    const dt_forecast_rows rows = {
        .last = LONG - 1, .train_to = FROM - 1, .test_from = FROM, .test_to = LONG - 1};
    const dt_forecasts f = {.rows = LONG,
                            .columns = 1,
                            .values = &TWO,
                            .ordered = &NO,
                            .value = seen,
                            .histories = 1,
                            .history = &rows,
                            .leads = 3,
                            .lead = lead,
                            .probability = probability,
                            .seed = 1};
    dt_scores *scores;
    assert_int_equal(dt_score_forecasts(&f, NULL, &scores), DT_OK);
    assert_int_equal(scores->lines, 6);
    const dt_score_line *one = scores->line, *two = scores->line + 2, *far = scores->line + 4;
    assert_true(one->column == 1 && one[1].column == 0 && one->lead == 1 && far->lead == 0);
    assert_true(one->cells == LONG - FROM && far->cells == (LONG - FROM) / 2);
    for (dt_forecaster who = DT_FORECAST_UNIFORM; who < DT_FORECASTERS; who++) {
        assert_true(one->high[who] < 0);
        assert_near(one->difference[who], one->log_loss[0] - one->log_loss[who], 1e-12);
    }
    assert_near(one->log_loss[DT_FORECAST_UNIFORM], log(2), 1e-12);
    assert_true(isnan(one->loss[0]) && one[1].loss[0] < one[1].loss[DT_FORECAST_RATE]);
    assert_true(two->impossible == LONG - FROM && isinf(two->log_loss[0]) && two[1].loss[0] == 2);
    assert_near(far->log_loss[0], log(2), 1e-12);
    /* of every forecast there are two chances: .05 and .95, .1 and .9, a third and two thirds of them */
    size_t counted = 0;
    for (size_t b = 0; b < DT_CALIBRATION_BINS; b++)
        counted += scores->bin[b].count;
    assert_true(counted == 2 * (LONG - FROM) && scores->bin[5].count == 0);
    assert_true(isnan(scores->bin[5].forecast));
    assert_near(scores->bin[9].forecast, (0.95 + 2 * 0.9) / 3, 1e-12);
    /* twenty chances of .95 and forty of .1; both values, and whether it stayed */
    const dt_count *one_came = scores->count + 1, *stayed = scores->count + 2;
    assert_true(scores->counts == 3 && one_came->value == 1 && stayed->value == 2);
    double ones = 0, stays = 0, expected = 0;
    for (int t = FROM; t < LONG; t++) {
        ones += seen[t];
        stays += seen[t] == seen[t - 1];
        expected += truth[2 * (t - FROM) + seen[t - 1]];
    }
    assert_true(one_came->came == ones && stayed->came == stays);
    assert_near(one_came->expected, 20 * 0.95 + 40 * 0.1, 1e-12);
    assert_near(one_came->sd, sqrt(20 * 0.95 * 0.05 + 40 * 0.1 * 0.9), 1e-12);
    assert_near(stayed->expected, expected, 1e-12);
    assert_true(fabs(ones - one_came->expected) < 3 * one_came->sd);
    dt_scores_free(scores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_by_hand),
        cmocka_unit_test(scores_are_proper),
        cmocka_unit_test(baselines_by_hand),
        cmocka_unit_test(a_logit_is_at_its_optimum),
        cmocka_unit_test(histories_stay_apart),
        cmocka_unit_test(blocks_know_of_time),
        cmocka_unit_test(the_truth_beats_the_baselines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
