/*
 * Fits: a normal observation of one number, whose posterior is known, with a second number that hangs
 * together with it and a third that it says nothing about; the mode and Laplace's evidence, which are
 * exact there; a file that was given up at any moment and taken up again ends as if nothing had happened.
 */
#include "studies.h"

#include "detente_fit.h"

enum { LAMBDA, SMALL_COST, LARGE_COST, CHANCE };
static const size_t FREE[] = {LARGE_COST, LAMBDA, SMALL_COST};
static const double SEEN = 0.8, ERROR = 0.5, PI = 3.14159265358979323846;

/* "Cost", a priori a standard normal number, was observed. */
static dt_status observed(void *context, size_t count, const double *world, double *loglik)
{
    long *asked = context;
    for (size_t i = 0; i < count; i++) {
        const double d = (world[i * PARAMETERS + LARGE_COST] - SEEN) / ERROR;
        loglik[i] = -0.5 * d * d - log(ERROR) - 0.5 * log(2 * PI);
    }
    if (asked)
        *asked += (long)count;
    return DT_OK;
}

static double known_evidence(void)
{
    const double v = 1 + ERROR * ERROR;
    return -0.5 * (SEEN * SEEN / v + log(2 * PI * v));
}

/* Of the normal scores of the two costs, for their rank correlation 0.6. */
static double known_correlation(void)
{
    return 2 * sin(PI * 0.6 / 6);
}

static dt_fit_plan plan_of(long *asked)
{
    static const size_t policy[] = {0, 2};
    return (dt_fit_plan){.loglik = observed,
                         .loglik_context = asked,
                         .fitted = "one number seen",
                         .free = 3,
                         .parameter = FREE,
                         .particles = 1024,
                         .seed = 9,
                         .policies = 2,
                         .policy = policy};
}

/* ---- what is known ---- */

static void assert_near(double found, double known, double within)
{
    if (!(fabs(found - known) <= within))
        print_error("%g is not %g\n", found, known);
    assert_true(fabs(found - known) <= within);
}

static void assert_known(const dt_fit *fit, double within)
{
    assert_int_equal(fit->numbers, 3);
    const dt_fitted_number *n = fit->number; /* in the order of declaration */
    assert_true(n[0].parameter == LAMBDA && n[1].parameter == SMALL_COST &&
                n[2].parameter == LARGE_COST);
    assert_true(n[0].uniform && !n[1].uniform && !n[2].uniform);
    const double v = 1 / (1 + 1 / (ERROR * ERROR)), mean = SEEN * v / (ERROR * ERROR);
    assert_near(n[2].prior_mean, 0, 1e-9);
    assert_near(n[2].prior_sd, 1, 2e-3);
    assert_near(n[2].prior_high, 1.6448536269514722, 1e-9);
    assert_near(n[2].mean, mean, within * sqrt(v));
    assert_near(n[2].sd, sqrt(v), within * sqrt(v));
    assert_near(n[2].low, mean - 1.6448536269514722 * sqrt(v), 3 * within * sqrt(v));
    assert_near(n[2].learned, 1 - v, 3 * within);
    assert_false(n[2].flat);
    /* beta(2, 3) and the uniform distribution on 0..4 */
    assert_near(n[1].prior_mean, 0.4, 1e-6);
    assert_near(n[1].prior_sd, 0.2, 1e-5);
    assert_near(n[0].prior_mean, 2, 1e-9);
    assert_near(n[0].prior_sd, 4 / sqrt(12), 1e-6);
    /* the strongest pair: what Cost has learned is passed on */
    const double r = known_correlation(), other = 1 - r * r * (1 - v);
    assert_true(fit->pairs == 3 && fit->pair[0].a == 1 && fit->pair[0].b == 2);
    assert_near(fit->pair[0].prior, r, 1e-9);
    assert_near(fit->pair[0].posterior, r * sqrt(v / other), 2 * within);
    assert_near(fit->pair[2].prior, 0, 1e-9);
}

static void the_posterior_of_a_normal_observation(void **state)
{
    (void)state;
    trial t;
    start(&t);
    long asked = 0;
    const dt_fit_plan plan = plan_of(&asked);
    dt_fit *fit;
    assert_int_equal(dt_fit_run(t.model, &plan, path_of("a"), NULL, &t.options, &fit), DT_OK);
    assert_true(fit->complete && fit->before == 0 && fit->without == 0 && fit->particles == 1024);
    assert_true(fit->evaluations + 16 == (uint64_t)asked); /* the first few are clocked */
    assert_true(fit->kept <= 0.2 && fit->accepted > 0.1);
    assert_true(fit->evidence_error > 0 && fit->evidence_error < 0.1);
    assert_near(fit->evidence, known_evidence(), 3 * fit->evidence_error);
    assert_known(fit, 0.12);
    assert_true(fit->number[0].flat);
    assert_near(fit->number[0].mean, 2, 0.15);
    for (size_t i = 0; i < 3; i++)
        assert_true(fit->number[i].effective > 200 && fit->number[i].effective <= 1024);
    dt_study *study = read_study(&t, path_of("a"));
    const dt_study_data *d = dt_study_read(study);
    assert_true(d->design == DT_DESIGN_POSTERIOR && d->worlds == 1024 && d->policies == 2);
    assert_true(d->evidence == fit->evidence && d->evidence_error == fit->evidence_error);
    assert_string_equal(d->fitted, "one number seen");
    double mean = 0;
    for (size_t w = 0; w < d->worlds; w++)
        mean += d->parameter[w * PARAMETERS + LARGE_COST] / 1024;
    assert_near(mean, fit->number[2].mean, 1e-12);
    dt_study_close(study);
    dt_fit_free(fit);
    dt_model_free(t.model);
}

/* The density of the scores is normal, so that all of Laplace's approximation is exact. */
static void the_mode_and_its_curvature(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_fit_plan plan = plan_of(NULL);
    dt_fit *fit;
    assert_int_equal(dt_fit_mode(t.model, &plan, &t.options, &fit), DT_OK);
    assert_true(fit->peak && fit->slope < 1e-3 && !fit->study);
    assert_near(fit->evidence, known_evidence(), 1e-5);
    assert_true(isnan(fit->evidence_error));
    /* the coordinates are independent scores, Cost's being made of its own and of cost's */
    assert_near(fit->mode[LARGE_COST], SEEN / (1 + ERROR * ERROR), 1e-3);
    assert_near(fit->mode[LAMBDA], 2, 1e-3);
    assert_true(fit->mode[CHANCE] == 0.3);
    assert_near(fit->loglik,
                -0.5 * pow((fit->mode[LARGE_COST] - SEEN) / ERROR, 2) - log(ERROR) -
                    0.5 * log(2 * PI),
                1e-9);
    assert_known(fit, 0.06);
    dt_fit_free(fit);
    dt_model_free(t.model);
}

static void a_fit_to_nothing_is_the_prior(void **state)
{
    (void)state;
    trial t;
    start(&t);
    dt_fit_plan plan = plan_of(NULL);
    plan.loglik = NULL;
    dt_fit *fit;
    assert_int_equal(dt_fit_run(t.model, &plan, path_of("b"), NULL, &t.options, &fit), DT_OK);
    assert_true(fit->evidence == 0 && fit->evidence_error < 1e-12 && fit->steps == 1);
    for (size_t i = 0; i < 3; i++) {
        const dt_fitted_number *n = &fit->number[i];
        assert_true(n->flat);
        assert_near(n->mean, n->prior_mean, 4 * n->prior_sd / sqrt(n->effective));
        assert_near(n->sd, n->prior_sd, 4 * n->prior_sd / sqrt(2 * n->effective));
    }
    dt_fit_free(fit);
    dt_model_free(t.model);
}

/* ---- taken up again ---- */

/* Gives up at the call of this number. */
static bool give_up(void *context, const dt_fit_progress *progress)
{
    (void)progress;
    return --*(int *)context > 0;
}

static void a_fit_given_up_goes_on(void **state)
{
    (void)state;
    trial t;
    start(&t);
    const dt_fit_plan plan = plan_of(NULL);
    dt_fit *fit;
    assert_int_equal(dt_fit_run(t.model, &plan, path_of("whole"), NULL, &t.options, &fit), DT_OK);
    const double evidence = fit->evidence;
    const uint64_t evaluations = fit->evaluations, steps = fit->steps;
    dt_fit_free(fit);
    dt_status status = DT_LIMIT;
    int times = 0;
    uint64_t before = 0;
    for (int calls = 1; status == DT_LIMIT; calls += 3, times++) {
        int left = calls;
        const dt_fit_how how = {
            .jobs = 1 + calls % 2, .progress = give_up, .progress_context = &left};
        status = dt_fit_run(t.model, &plan, path_of("often"), &how, &t.options, &fit);
        if (!fit)
            continue;
        assert_true(fit->before >= before);
        before = fit->before;
        dt_study *study;
        if (!fit->complete && dt_study_open(path_of("often"), &t.options, &study) == DT_OK) {
            assert_true(dt_study_read(study)->done < 2048);
            dt_study_close(study);
        }
        assert_true(fit->evidence == evidence && fit->evaluations == evaluations);
        dt_fit_free(fit);
    }
    assert_int_equal(status, DT_OK);
    assert_true(times > 3 && before == steps);
    dt_study *one = read_study(&t, path_of("whole")), *other = read_study(&t, path_of("often"));
    assert_true(same_studies(one, other));
    dt_study_close(one);
    dt_study_close(other);
    /* complete: nothing is asked again */
    long asked = 0;
    const dt_fit_plan again = plan_of(&asked);
    assert_int_equal(dt_fit_run(t.model, &again, path_of("often"), NULL, &t.options, &fit), DT_OK);
    assert_true(asked == 0 && fit->complete && fit->evidence == evidence);
    dt_fit_free(fit);
    dt_model_free(t.model);
}

/* ---- what isn't one ---- */

static void assert_refused(trial *t, const dt_fit_plan *plan, const char *path, dt_status status,
                           const char *code, const char *message)
{
    t->log = (play_log){0};
    dt_fit *fit;
    assert_int_equal(dt_fit_run(t->model, plan, path, NULL, &t->options, &fit), status);
    assert_null(fit);
    if (strcmp(t->log.codes, code) != 0 || !strstr(t->log.message, message))
        print_error("%s, not %s: %s\n", t->log.codes, code, t->log.message);
    assert_string_equal(t->log.codes, code);
    assert_non_null(strstr(t->log.message, message));
}

static dt_status impossible(void *context, size_t count, const double *world, double *loglik)
{
    (void)context;
    (void)world;
    for (size_t i = 0; i < count; i++)
        loglik[i] = -INFINITY;
    return DT_OK;
}

static void plans_and_files_that_arent_right(void **state)
{
    (void)state;
    trial t;
    start(&t);
    dt_fit_plan plan = plan_of(NULL);
    plan.free = 0;
    assert_refused(&t, &plan, path_of("c"), DT_INVALID, "bad-fit", "nothing is fitted");
    plan = plan_of(NULL);
    plan.particles = 15;
    assert_refused(&t, &plan, path_of("c"), DT_INVALID, "bad-fit", "from 16 to 1048576");
    plan = plan_of(NULL);
    plan.parameter = (const size_t[]){0, 1, 4};
    assert_refused(&t, &plan, path_of("c"), DT_INVALID, "bad-design", "'still' can't vary");
    plan = plan_of(NULL);
    plan.loglik = impossible;
    assert_refused(&t, &plan, path_of("c"), DT_NO, "no-likelihood", "of 1024 draws of the prior");
    dt_fit *fit;
    t.log = (play_log){0};
    assert_int_equal(dt_fit_mode(t.model, &plan, &t.options, &fit), DT_NO);
    assert_string_equal(t.log.codes, "no-likelihood");
    /* a file that isn't finished is no study yet, and a fit of its own */
    int left = 3;
    plan = plan_of(NULL);
    const dt_fit_how how = {.progress = give_up, .progress_context = &left};
    assert_int_equal(dt_fit_run(t.model, &plan, path_of("d"), &how, &t.options, &fit), DT_LIMIT);
    assert_unreadable(&t, path_of("d"), "not-a-study", "it is a fit that isn't finished");
    plan.seed = 10;
    assert_refused(&t, &plan, path_of("d"), DT_INVALID, "study-differs",
                   "its seed is '9', not '10'");
    plan = plan_of(NULL);
    plan.fitted = "another number";
    assert_refused(&t, &plan, path_of("d"), DT_INVALID, "study-differs",
                   "is 'one number seen', not 'another number'");
    const dt_study_plan study = {.worlds = 8};
    t.log = (play_log){0};
    assert_int_equal(run(&t, &study, path_of("d"), NULL), DT_FILE);
    assert_string_equal(t.log.codes, "not-a-study");
    assert_int_equal(run(&t, &study, path_of("e"), NULL), DT_NO);
    plan = plan_of(NULL);
    assert_refused(&t, &plan, path_of("e"), DT_INVALID, "study-differs", "made by 'detente study'");
    alter(path_of("d"),
          "UPDATE fit SET value = CAST(x'01' || substr(value, 2) AS BLOB) WHERE key = 'particles'");
    assert_refused(&t, &plan, path_of("d"), DT_FILE, "study-damaged", "its particles aren't");
    dt_model_free(t.model);
}

/* Draws that a policy can't be solved for are told, and the others stay. */
static void draws_may_fail(void **state)
{
    (void)state;
    trial t;
    start(&t);
    static const size_t free[] = {CHANCE};
    dt_fit_plan plan = plan_of(NULL);
    plan.free = 1;
    plan.parameter = free;
    plan.particles = 64;
    dt_fit *fit;
    assert_int_equal(dt_fit_run(t.model, &plan, path_of("f"), NULL, &t.options, &fit), DT_NO);
    assert_true(fit->complete && fit->study->failed > 0 && fit->study->failed < 128);
    dt_fit_free(fit);
    dt_model_free(t.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_posterior_of_a_normal_observation),
        cmocka_unit_test(the_mode_and_its_curvature),
        cmocka_unit_test(a_fit_to_nothing_is_the_prior),
        cmocka_unit_test(a_fit_given_up_goes_on),
        cmocka_unit_test(plans_and_files_that_arent_right),
        cmocka_unit_test(draws_may_fail),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
