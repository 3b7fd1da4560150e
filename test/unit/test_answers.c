/*
 * Questions when memory fails: each request of each question refused once, and byte limits from none to
 * enough. Every time the answer is DT_LIMIT, told once, with nothing held and nothing in the caller's
 * hands. And the findings of a diagnosis, on studies that have something to find.
 */
#include "made.h"
#include "refusing.h"

enum { WORLDS = 40, PARAMETERS = 2 };

static void count(void *context, const dt_diagnostic *diagnostic)
{
    *(int *)context += diagnostic->severity == DT_ERROR;
}

static made *some_study(void)
{
    made *m = make(2, PARAMETERS, WORLDS);
    for (size_t w = 0; w < WORLDS; w++) {
        double *x = parameter_of(m, w, 0);
        x[0] = van_der_corput(w + 1, 2);
        x[1] = van_der_corput(w + 1, 3);
        for (size_t p = 0; p < 2; p++) {
            numbers(m, p, MORE)[w] = p == 0 ? x[0] : 0.4;
            numbers(m, p, LESS)[w] = x[1] > 0.5;
        }
    }
    return m;
}

typedef dt_status question(const made *m, const dt_options *options);

static dt_status ask_compare(const made *m, const dt_options *options)
{
    const dt_criterion require = {MORE, DT_ABOVE, 0.3};
    const dt_compare_how how = {.requirements = 1, .requirement = &require, .resamples = 10};
    dt_comparison *found = NULL;
    const dt_status status = dt_compare(&m->data, &how, options, &found);
    assert_true((status == DT_OK) == (found != NULL));
    dt_comparison_free(found);
    return status;
}

static dt_status ask_discover(const made *m, const dt_options *options)
{
    const dt_criterion where = {LESS, DT_ABOVE, 0.5};
    const dt_discover_how how = {.criteria = 1, .criterion = &where, .box = SIZE_MAX};
    dt_discovery *found = NULL;
    const dt_status status = dt_discover(&m->data, &how, options, &found);
    assert_true((status == DT_OK) == (found != NULL));
    dt_discovery_free(found);
    return status;
}

static dt_status ask_sensitivity(const made *m, const dt_options *options)
{
    dt_sensitivity *found = NULL;
    const dt_status status = dt_sensitivities(&m->data, 0, MORE, options, &found);
    assert_true((status == DT_OK) == (found != NULL));
    dt_sensitivity_free(found);
    return status;
}

static dt_status ask_decide(const made *m, const dt_options *options)
{
    dt_decision *found = NULL;
    const dt_status status = dt_decide(&m->data, MORE, options, &found);
    assert_true((status == DT_OK) == (found != NULL));
    dt_decision_free(found);
    return status;
}

static dt_status ask_diagnose(const made *m, const dt_options *options)
{
    const dt_diagnose_how how = {.worlds = 4, .jobs = 1};
    dt_diagnosis *found = NULL;
    const dt_status status = dt_diagnose(&m->data, &how, options, &found);
    assert_true((status == DT_OK) == (found != NULL));
    dt_diagnosis_free(found);
    return status;
}

static question *const QUESTIONS[] = {ask_compare, ask_discover, ask_sensitivity, ask_decide,
                                      ask_diagnose};
enum { COUNT = sizeof QUESTIONS / sizeof *QUESTIONS };

static void every_allocation_fails_once(void **state)
{
    (void)state;
    made *m = some_study();
    for (size_t q = 0; q < COUNT; q++) {
        dt_status status = DT_LIMIT;
        for (long n = 1; status != DT_OK; n++) {
            refusing r = {.refused = n};
            int errors = 0;
            const dt_options options = {
                .report = count, .report_context = &errors, .allocator = {resize, &r}
            };
            status = QUESTIONS[q](m, &options);
            assert_int_equal(r.held, 0);
            assert_int_equal(status, r.requests < n ? DT_OK : DT_LIMIT);
            assert_int_equal(errors, r.requests < n ? 0 : 1);
            assert_true(n < 10000);
        }
    }
    unmake(m);
}

static void every_limit_is_told(void **state)
{
    (void)state;
    made *m = some_study();
    for (size_t q = 0; q < COUNT; q++) {
        dt_status status = DT_LIMIT;
        for (size_t limit = 1; status != DT_OK; limit += 1 + limit / 4) {
            refusing r = {0};
            int errors = 0;
            const dt_options options = {
                .report = count,
                .report_context = &errors,
                .max_memory = limit,
                .allocator = {resize, &r}
            };
            status = QUESTIONS[q](m, &options);
            assert_int_equal(r.held, 0);
            assert_true(status == DT_OK || (status == DT_LIMIT && errors == 1));
            assert_true(limit < (size_t)1 << 30);
        }
    }
    unmake(m);
}

/* ---- findings ---- */

static dt_verdict verdict_of(const made *m, const char *name)
{
    const dt_diagnose_how how = {.quick = true};
    dt_diagnosis *d;
    assert_int_equal(dt_diagnose(&m->data, &how, &m->options, &d), DT_OK);
    dt_verdict found = DT_VERDICT_GOOD, worst = DT_VERDICT_GOOD;
    bool there = false;
    for (size_t i = 0; i < d->findings; i++) {
        worst = d->finding[i].verdict > worst ? d->finding[i].verdict : worst;
        if (strcmp(d->finding[i].name, name) == 0) {
            there = true;
            found = d->finding[i].verdict;
        }
    }
    assert_true(there);
    assert_int_equal(d->verdict, worst);
    dt_diagnosis_free(d);
    return found;
}

static void findings(void **state)
{
    (void)state;
    enum { MANY = 400 };
    made *m = make(2, 1, MANY);
    for (size_t w = 0; w < MANY; w++) {
        *parameter_of(m, w, 0) = van_der_corput(w + 1, 2);
        numbers(m, 0, MORE)[w] = van_der_corput(w + 1, 2);
        numbers(m, 1, MORE)[w] = 0.3;
        numbers(m, 0, LESS)[w] = van_der_corput(w + 1, 3);
        numbers(m, 1, LESS)[w] = 0.6;
    }
    assert_int_equal(verdict_of(m, "complete"), DT_VERDICT_GOOD);
    assert_int_equal(verdict_of(m, "failures"), DT_VERDICT_GOOD);
    assert_int_equal(verdict_of(m, "bands"), DT_VERDICT_GOOD);
    assert_int_equal(verdict_of(m, "halving"), DT_VERDICT_GOOD);
    assert_int_equal(verdict_of(m, "rationality"), DT_VERDICT_CAUTION); /* left out */
    assert_int_equal(verdict_of(m, "sources"), DT_VERDICT_CAUTION);     /* x0 is judgement */
    m->residual[7] = 1e-3;
    assert_int_equal(verdict_of(m, "residuals"), DT_VERDICT_BAD);
    m->status[3] = DT_NO;
    assert_int_equal(verdict_of(m, "failures"), DT_VERDICT_CAUTION);
    for (size_t w = 0; w < 5; w++)
        m->status[MANY + 10 + w] = DT_INVALID;
    assert_int_equal(verdict_of(m, "failures"), DT_VERDICT_BAD);
    m->status[MANY + 40] = DT_NOT_DONE;
    assert_int_equal(verdict_of(m, "complete"), DT_VERDICT_BAD);
    /* the first half says one thing, the second another, and all of it is firm by the worst regret */
    for (size_t w = 0; w < MANY; w++)
        numbers(m, 0, MORE)[w] = w < MANY / 2 ? 0 : 1;
    assert_int_equal(verdict_of(m, "halving"), DT_VERDICT_BAD);
    assert_int_equal(verdict_of(m, "bands"), DT_VERDICT_BAD);
    memset(m->status, DT_NO, 2 * MANY);
    assert_int_equal(verdict_of(m, "conclusions"), DT_VERDICT_BAD);
    unmake(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_fails_once),
        cmocka_unit_test(every_limit_is_told),
        cmocka_unit_test(findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
