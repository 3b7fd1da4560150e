/*
 * Comparing policies: the textbook's rules on its own table, thresholds, crossed studies, rankings by
 * hand, and the bootstrap against brute force and against the interval that theory gives.
 */
#include "made.h"

#include "robust/bootstrap.h"
#include "robust/pareto.h"
#include "robust/ranking.h"

/* Milnor (1954): four acts, of which the four rules choose one each. */
static void milnors_table(void **state)
{
    (void)state;
    static const double row[4][4] = {
        {2, 2, 0, 1},
        {1, 1, 1, 1},
        {0, 4, 0, 0},
        {1, 3, 0, 0}
    };
    made *m = make(4, 0, 4);
    for (size_t p = 0; p < 4; p++) {
        for (size_t w = 0; w < 4; w++) {
            numbers(m, p, MORE)[w] = row[p][w];
            numbers(m, p, LESS)[w] = 10 - row[p][w];
        }
    }
    const double optimism[] = {0.2, 0.26, 0.5, 1};
    for (size_t a = 0; a < 4; a++) {
        dt_comparison *c;
        const dt_compare_how how = {.optimism = optimism[a], .resamples = 50};
        assert_int_equal(dt_compare(&m->data, &how, &m->options, &c), DT_OK);
        for (size_t o = MORE; o <= LESS; o++) {
            const dt_compared_outcome *mine = &c->outcome[o];
            assert_int_equal(mine->choice[DT_MEASURE_MEAN], 0);
            assert_int_equal(mine->choice[DT_MEASURE_WORST], 1);
            assert_int_equal(mine->choice[DT_MEASURE_HURWICZ], optimism[a] > 0.25 ? 2 : 1);
            assert_int_equal(mine->choice[DT_MEASURE_REGRET], 3);
            assert_float_equal(mine->policy[3].measure[DT_MEASURE_REGRET], 1, 0);
            assert_float_equal(mine->policy[0].measure[DT_MEASURE_REGRET], 2, 0);
            assert_float_equal(mine->policy[1].measure[DT_MEASURE_REGRET], 3, 0);
            assert_float_equal(mine->policy[2].measure[DT_MEASURE_REGRET], 2, 0);
            assert_float_equal(mine->policy[2].measure[DT_MEASURE_HURWICZ],
                               o == MORE ? 4 * optimism[a] : 10 - 4 * optimism[a], 1e-15);
            assert_true(mine->turns > 0);
        }
        assert_float_equal(c->outcome[MORE].policy[0].measure[DT_MEASURE_MEAN], 1.25, 0);
        assert_float_equal(c->outcome[LESS].policy[0].measure[DT_MEASURE_MEAN], 8.75, 0);
        assert_true(isnan(c->outcome[PLAIN].policy[0].measure[DT_MEASURE_WORST]));
        /* best at: row 1 in world 1, row 2 in 3 and (tied) 4, row 3 in world 2, row 1 in 4 */
        assert_float_equal(c->outcome[MORE].policy[0].best, 0.5, 0);
        assert_float_equal(c->outcome[MORE].policy[1].best, 0.5, 0);
        assert_float_equal(c->outcome[MORE].policy[2].best, 0.25, 0);
        assert_float_equal(c->outcome[MORE].policy[3].best, 0, 0);
        dt_comparison_free(c);
    }
    unmake(m);
}

/* Requirements, by hand; a world that failed under one policy counts for none; no outcome to choose
 * by is no error. */
static void thresholds_and_failures(void **state)
{
    (void)state;
    made *m = make(2, 1, 5);
    static const double first[] = {1, 2, 3, 4, 100}, second[] = {4, 4, 0, 0, 0};
    memcpy(numbers(m, 0, MORE), first, sizeof first);
    memcpy(numbers(m, 1, MORE), second, sizeof second);
    memcpy(numbers(m, 0, LESS), second, sizeof second);
    m->status[4] = DT_NO; /* the last world of the first policy */
    dt_criterion require[2];
    assert_int_equal(dt_criterion_read(m->data.model, " more>=2", &m->options, &require[0]), DT_OK);
    assert_int_equal(dt_criterion_read(m->data.model, "less < 400%", &m->options, &require[1]),
                     DT_OK);
    const dt_compare_how how = {.requirements = 2, .requirement = require, .resamples = 20};
    dt_comparison *c;
    assert_int_equal(dt_compare(&m->data, &how, &m->options, &c), DT_OK);
    assert_int_equal(c->basis.points, 4);
    assert_int_equal(c->basis.failed, 1);
    assert_float_equal(c->kept[0], 0.75, 0);    /* more >= 2 under p0: 2, 3, 4 */
    assert_float_equal(c->kept[1], 0.5, 0);     /* under p1: 4, 4 */
    assert_float_equal(c->kept[2], 0.5, 0);     /* less < 4 under p0: 0, 0 */
    assert_float_equal(c->all_kept[0], 0.5, 0); /* worlds 3 and 4 */
    assert_float_equal(c->all_kept[1], 0.5, 0);
    assert_float_equal(c->outcome[MORE].policy[0].quantile[DT_QUANTILES - 1], 4, 0);
    assert_float_equal(c->outcome[MORE].difference[0].better, 0.5, 0);
    dt_comparison_free(c);
    memset(m->status, DT_NOT_DONE, 10);
    assert_int_equal(dt_compare(&m->data, &how, &m->options, &c), DT_INVALID);
    assert_string_equal(m->log.codes, "no-worlds");
    assert_null(c);
    unmake(m);
}

/* A crossed study: risks are averaged before worst cases and regrets are taken. */
static void risks_are_averaged_first(void **state)
{
    (void)state;
    made *m = make(2, 2, 6); /* two deep draws, three risk draws */
    m->data.deep = 2;
    m->data.risk = 3;
    static const double first[] = {0, 3, 6, 10, 10, 10}, second[] = {4, 4, 4, 0, 9, 12};
    memcpy(numbers(m, 0, MORE), first, sizeof first);
    memcpy(numbers(m, 1, MORE), second, sizeof second);
    const dt_compare_how how = {.resamples = 20};
    dt_comparison *c;
    assert_int_equal(dt_compare(&m->data, &how, &m->options, &c), DT_OK);
    assert_int_equal(c->basis.points, 2);
    assert_true(c->basis.averaged);
    assert_float_equal(c->outcome[MORE].policy[0].measure[DT_MEASURE_WORST], 3, 1e-15);
    assert_float_equal(c->outcome[MORE].policy[1].measure[DT_MEASURE_WORST], 4, 1e-15);
    assert_float_equal(c->outcome[MORE].policy[0].measure[DT_MEASURE_REGRET], 1, 1e-15);
    assert_float_equal(c->outcome[MORE].policy[1].measure[DT_MEASURE_REGRET], 3, 1e-15);
    dt_comparison_free(c);
    m->status[1] = DT_INVALID; /* the average is of the two worlds left, for both policies */
    assert_int_equal(dt_compare(&m->data, &how, &m->options, &c), DT_OK);
    assert_int_equal(c->basis.points, 2);
    assert_int_equal(c->basis.failed, 1);
    assert_float_equal(c->outcome[MORE].policy[0].quantile[0], 3, 1e-15);
    dt_comparison_free(c);
    unmake(m);
}

/* Relative to what is compared, whatever its units; to the size of the terms where they cancel. */
static void ties(void **state)
{
    (void)state;
    for (double unit = 1e-200; unit < 1e201; unit *= 1e50) {
        assert_int_equal(dt_better(2 * unit, unit, 2 * unit), 1);
        assert_int_equal(dt_better(unit, 2 * unit, 2 * unit), -1);
        assert_int_equal(dt_better(unit * (1 + 1e-8), unit, unit), 1);
        assert_int_equal(dt_better(unit * (1 + 1e-10), unit, unit), 0);
        assert_int_equal(dt_better(unit, 0, unit), 1);
        assert_int_equal(dt_better(1e-13 * unit, 0, unit), 0);
        assert_int_equal(dt_better(1e-11 * unit, 2e-11 * unit, unit), -1);
    }
    assert_int_equal(dt_better(0, -0.0, 0), 0);
    assert_int_equal(dt_better(INFINITY, INFINITY, INFINITY), 0);
    assert_int_equal(dt_better(INFINITY, 1e300, INFINITY), 1);
    assert_int_equal(dt_better(2, 1, INFINITY), 1);
    assert_int_equal(dt_better(-1e308, 1e308, 1e308), -1);
    assert_int_equal(dt_better(NAN, -INFINITY, 1), -1);
    assert_int_equal(dt_better(-INFINITY, NAN, 1), 1);
    assert_int_equal(dt_better(NAN, NAN, 1), 0);
}

/* tau-b of scipy.stats.kendalltau for lists with ties. */
static void rankings(void **state)
{
    (void)state;
    static const double a[] = {1, 2, 3, 4, 5}, b[] = {5, 4, 3, 2, 1}, c[] = {1, 3, 2, 4, 4},
                        flat[] = {7, 7, 7, 7, 7};
    assert_float_equal(dt_kendall(a, a, 5, 5), 1, 1e-15);
    assert_float_equal(dt_kendall(a, b, 5, 5), -1, 1e-15);
    assert_float_equal(dt_kendall(a, c, 5, 5), 7 / sqrt(90), 1e-15); /* 8 alike, 1 not, 1 tied */
    assert_true(isnan(dt_kendall(a, flat, 5, 7)));
    size_t rank[5];
    dt_rank(c, 5, 5, rank);
    static const size_t wanted[] = {5, 3, 4, 1, 1};
    assert_memory_equal(rank, wanted, sizeof wanted);

    static const double score[] = {1, 1, 2, 0,
                                   0, 2, 1, 1 + 1e-12}; /* four policies by two criteria */
    static const double size[] = {3, 3};
    size_t dominated[4];
    dt_pareto(score, size, 4, 2, dominated);
    assert_int_equal(dominated[0], 4);
    assert_int_equal(dominated[1], 4);
    assert_int_equal(dominated[2], 4);
    assert_int_equal(dominated[3], 4); /* tied with the first */
    static const double chain[] = {1, 1, 2, 2, 3, 3};
    dt_pareto(chain, size, 3, 2, dominated);
    assert_int_equal(dominated[0], 2);
    assert_int_equal(dominated[1], 2);
    assert_int_equal(dominated[2], 3);
}

enum { P = 3, N = 37, B = 60 };

/* Each measure of each resample, from the list of what was drawn. */
static dt_status measure_resamples(dt_arena *arena, void *argument)
{
    (void)argument;
    double u[P * N], list[P * N], mean[P * B], chosen[P * DT_MEASURES], measure[P * DT_MEASURES],
        wanted[P * DT_MEASURES] = {0};
    uint32_t times[N];
    for (size_t p = 0; p < P; p++)
        fill_random(u + p * N, N, p);
    dt_bootstrap_run(dt_bootstrap_new(arena, P, N), u, 0.3, 5, B, mean, chosen);
    const dt_measuring room = dt_measuring_new(arena, N);
    for (size_t b = 0; b < B; b++) {
        dt_resample(5, DT_FOR_BOOTSTRAP, b, N, times);
        for (size_t n = 0, at = 0; n < N; n++) {
            for (uint32_t t = 0; t < times[n]; t++, at++) {
                for (size_t p = 0; p < P; p++)
                    list[p * N + at] = u[p * N + n];
            }
        }
        dt_measure_policies(&room, list, P, N, 0.3, measure);
        for (size_t p = 0; p < P; p++)
            assert_float_equal(mean[p * B + b], measure[p * DT_MEASURES], 1e-14);
        for (dt_measure m = 0; m < DT_MEASURES; m++) {
            double best = -INFINITY;
            for (size_t p = 0; p < P; p++)
                best = fmax(best, dt_measure_sense(m) * measure[p * DT_MEASURES + m]);
            for (size_t p = 0; p < P; p++)
                wanted[p * DT_MEASURES + m] +=
                    dt_better(best, dt_measure_sense(m) * measure[p * DT_MEASURES + m], 1) == 0;
        }
    }
    for (size_t i = 0; i < P * DT_MEASURES; i++)
        assert_float_equal(chosen[i], wanted[i] / B, 1e-12);
    return DT_OK;
}

static void resamples_are_measured(void **state)
{
    (void)state;
    in_arena(measure_resamples);
}

/* A resample draws N of N points, each as often as any other: over many the variance of how often is
 * that of the binomial, 1 - 1/N. A shuffle is a permutation, another for each number. */
static void resamples_are_even(void **state)
{
    (void)state;
    enum { POINTS = 50, MANY = 4000 };
    uint32_t times[POINTS];
    double sum[POINTS] = {0}, squares = 0;
    size_t order[POINTS], first[POINTS] = {0};
    for (uint64_t r = 0; r < MANY; r++) {
        dt_resample(3, DT_FOR_INDICES, r, POINTS, times);
        uint32_t all = 0;
        for (size_t n = 0; n < POINTS; n++) {
            all += times[n];
            sum[n] += times[n];
            squares += (times[n] - 1.0) * (times[n] - 1.0);
        }
        assert_int_equal(all, POINTS);
        dt_shuffle(3, DT_FOR_HALVES, r, POINTS, order);
        bool seen[POINTS] = {false};
        for (size_t n = 0; n < POINTS; n++) {
            assert_false(seen[order[n]]);
            seen[order[n]] = true;
        }
        first[order[0]]++;
    }
    for (size_t n = 0; n < POINTS; n++) { /* six standard errors */
        assert_float_equal(sum[n] / MANY, 1, 6 * sqrt(0.98 / MANY));
        assert_float_equal((double)first[n] / MANY, 1.0 / POINTS, 6 * sqrt(0.02 * 0.98 / MANY));
    }
    assert_float_equal(squares / MANY / POINTS, 0.98, 0.02);
}

/* The 95 % interval of a mean of N even numbers on 0 … 1 covers 1/2 in nearly 95 % of samples, and that of
 * the paired difference of two policies that share their worlds is as narrow as what they don't
 * share. */
static void intervals_cover(void **state)
{
    (void)state;
    enum { SAMPLES = 400, POINTS = 60 };
    made *m = make(2, 0, POINTS);
    size_t covered = 0;
    double width = 0;
    for (uint64_t s = 0; s < SAMPLES; s++) {
        /* independent draws: single entries of long shuffles would do, but a stream is simpler */
        for (size_t w = 0; w < POINTS; w++) {
            uint32_t times[97];
            dt_resample(1000 + s, DT_FOR_ORDER, w, 97, times);
            size_t n = 0;
            while (times[n] == 0)
                n++; /* waste, but independent from world to world */
            size_t order[97];
            dt_shuffle(1000 + s, DT_FOR_HALVES, w, 97, order);
            numbers(m, 0, MORE)[w] = ((double)order[n] + 0.5) / 97;
            numbers(m, 1, MORE)[w] = numbers(m, 0, MORE)[w] + 0.001 * (double)(w % 2);
        }
        m->data.seed = s;
        const size_t outcome = MORE;
        const dt_compare_how how = {.outcomes = 1, .outcome = &outcome, .resamples = 300};
        dt_comparison *c;
        assert_int_equal(dt_compare(&m->data, &how, &m->options, &c), DT_OK);
        const dt_compared *p = &c->outcome[0].policy[0];
        covered += p->low <= 0.5 && 0.5 <= p->high;
        width += p->high - p->low;
        const dt_difference *d = &c->outcome[0].difference[0];
        assert_float_equal(d->mean, -0.0005, 1e-12);
        assert_true(d->low < -0.0002 && d->low > -0.0009 && d->high < 0);
        dt_comparison_free(c);
    }
    /* .95 less about .01 for N = 60, with five standard errors of .011 */
    assert_in_range(covered, (size_t)(0.885 * SAMPLES), (size_t)(0.995 * SAMPLES));
    /* 2 · 1.96 · √(1/12 / 60) */
    assert_float_equal(width / SAMPLES, 0.146, 0.01);
    unmake(m);
}

/* One policy, one world: nothing to resample, nothing to choose, no error. */
static void one_of_everything(void **state)
{
    (void)state;
    made *m = make(1, 0, 1);
    numbers(m, 0, MORE)[0] = 3;
    const dt_compare_how how = {.optimism = 0.5};
    dt_comparison *c;
    assert_int_equal(dt_compare(&m->data, &how, &m->options, &c), DT_OK);
    assert_int_equal(c->outcome[MORE].differences, 0);
    assert_float_equal(c->outcome[MORE].policy[0].measure[DT_MEASURE_HURWICZ], 3, 0);
    assert_float_equal(c->outcome[MORE].policy[0].measure[DT_MEASURE_REGRET_P90], 0, 0);
    assert_true(isnan(c->outcome[MORE].policy[0].low));
    assert_int_equal(c->dominated[0], 1);
    assert_null(c->all_kept);
    dt_comparison_free(c);
    dt_decision *d;
    assert_int_equal(dt_decide(&m->data, MORE, &m->options, &d), DT_INVALID);
    assert_string_equal(m->log.codes, "one-policy");
    unmake(m);
}

static void criteria_are_read(void **state)
{
    (void)state;
    made *m = make(1, 0, 1);
    dt_criterion c;
    assert_int_equal(dt_criterion_read(m->data.model, "plain<=-1.5e-1", &m->options, &c), DT_OK);
    assert_int_equal(c.outcome, PLAIN);
    assert_int_equal(c.relation, DT_AT_MOST);
    assert_float_equal(c.number, -0.15, 1e-16);
    assert_int_equal(dt_criterion_read(m->data.model, "less > 5% ", &m->options, &c), DT_OK);
    assert_float_equal(c.number, 0.05, 1e-16);
    assert_int_equal(c.relation, DT_ABOVE);
    static const char *const bad[] = {"",          "less",       "less <",   "less = 3",
                                      "less == 3", "< 3",        "less < x", "less < 3 4",
                                      "3 < less",  "less < 3%%", "less <> 3"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        m->log = (play_log){0};
        assert_int_equal(dt_criterion_read(m->data.model, bad[i], &m->options, &c), DT_INVALID);
        assert_string_equal(m->log.codes, "criterion-syntax");
    }
    m->log = (play_log){0};
    assert_int_equal(dt_criterion_read(m->data.model, "mor < 1", &m->options, &c), DT_INVALID);
    assert_string_equal(m->log.codes, "criterion-outcome");
    assert_string_equal(m->log.hint, "did you mean 'more'?");
    unmake(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(milnors_table),
        cmocka_unit_test(thresholds_and_failures),
        cmocka_unit_test(risks_are_averaged_first),
        cmocka_unit_test(ties),
        cmocka_unit_test(rankings),
        cmocka_unit_test(resamples_are_measured),
        cmocka_unit_test(resamples_are_even),
        cmocka_unit_test(intervals_cover),
        cmocka_unit_test(one_of_everything),
        cmocka_unit_test(criteria_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
