/*
 * Courses drawn in place of a history's rows: each value comes as often as it is predicted with, given the rows up to
 * where they begin; what has ended stands; and a course is the same whoever draws it, with whatever others.
 */
#include "play.h"

#include <math.h>

#include "detente_history.h"

enum { COURSES = 4000, STEPS = 3, MOST_VALUES = 40 };

static play_log told;

typedef struct drawn {
    dt_options options;
    dt_model *model;
    dt_history *history;
    dt_likelihood *likelihood;
    double world[32];
    size_t observables;
} drawn;

static drawn begin(dt_model *model, dt_history *history)
{
    drawn d = {.options = play_options(&told), .model = model, .history = history};
    const dt_history *given[] = {history};
    const dt_likelihood_how how = {.ahead = STEPS};
    d.observables = dt_model_observables(model);
    assert_int_equal(dt_likelihood_new(model, given, 1, &how, &d.options, &d.likelihood), DT_OK);
    dt_model_nominal(model, d.world);
    return d;
}

static void end(drawn *d)
{
    dt_likelihood_free(d->likelihood);
    dt_history_free(d->history);
    dt_model_free(d->model);
}

static int *draw(drawn *d, const dt_replicating *asked, int jobs)
{
    int *value = calloc(asked->courses * asked->steps * d->observables, sizeof *value);
    const dt_ensemble_options how = {.jobs = jobs};
    dt_status status = DT_LIMIT;
    assert_int_equal(dt_likelihood_replicate(d->likelihood, asked, d->world, 1, &how, &d->options,
                                             value, &status),
                     DT_OK);
    assert_int_equal(status, DT_OK);
    return value;
}

/* How often a value came in a step of all courses. */
static double share(const drawn *d, const int *value, size_t step, size_t observable, int wanted)
{
    size_t count = 0;
    for (size_t c = 0; c < COURSES; c++)
        count += value[(c * STEPS + step) * d->observables + observable] == wanted;
    return (double)count / COURSES;
}

static void compare_from(drawn *d, const char *path, size_t first)
{
    const size_t values = dt_model_observable_values(d->model);
    double predicted[STEPS * MOST_VALUES];
    assert_true(values <= MOST_VALUES);
    assert_int_equal(dt_likelihood_predict(d->likelihood, 0, first, 1, STEPS, d->world, 1, NULL,
                                           &d->options, predicted, NULL),
                     DT_OK);
    int *value = draw(d, &(dt_replicating){.first = first, .steps = STEPS, .courses = COURSES}, 1);
    for (size_t s = 0; s < STEPS; s++) {
        for (size_t i = 0; i < d->observables; i++) {
            const dt_observable what = dt_model_observable(d->model, i);
            for (size_t v = 0; v < what.values; v++) {
                const double p = predicted[s * values + what.first + v],
                             found = share(d, value, s, i, (int)v);
                if (fabs(found - p) > 4.5 * sqrt(p * (1 - p) / COURSES) + 1e-12)
                    fail_msg("%s from row %zu: %zu periods on, observable %zu is %zu in %g, not %g",
                             path, first, s + 1, i, v, found, p);
            }
        }
    }
    free(value);
}

/* Games with private variables, hidden stages, policies in force, and numbers of the calendar, with what was seen of them. */
static void values_come_as_predicted(void **state)
{
    (void)state;
    static const char *const name[] = {"history-1", "history-2", "history-4", "history-5",
                                       "history-6"};
    for (size_t m = 0; m < sizeof name / sizeof name[0]; m++) {
        char path[100];
        dt_options options = play_options(&told);
        dt_model *model;
        dt_history *history;
        snprintf(path, sizeof path, "test/history/%s.dtn", name[m]);
        assert_int_equal(dt_model_read(path, &options, &model), DT_OK);
        snprintf(path, sizeof path, "test/history/%s.csv", name[m]);
        assert_int_equal(dt_history_read(model, path, &options, &history), DT_OK);
        drawn d = begin(model, history);
        const size_t rows = dt_history_rows(history);
        compare_from(&d, path, 0);
        if (rows > STEPS + 1)
            compare_from(&d, path, rows - 1 - STEPS);
        end(&d);
    }
}

static const char ENDING[] =
    "model m\nhorizon 1\nlookahead 0\nactor A\nstate over : bool = no\nstage s : A {\n  A.on\n"
    "  A.off { over := yes }\n}\nend stopped when over\n";

/* Half of all goes on in each period. That the next row is there says that play went on after the first: so all courses
 * begin, whatever the first row was. */
static void what_has_ended_stands(void **state)
{
    (void)state;
    dt_options options = play_options(&told);
    dt_model *model = play_text(ENDING, &options);
    dt_history *history;
    static const char table[] = "s.A\n\"\"\n\"\"\n\"\"\n\"\"\n\"\"\n";
    assert_int_equal(dt_history_parse(model, "t", table, strlen(table), &options, &history), DT_OK);
    drawn d = begin(model, history);
    int *value = draw(&d, &(dt_replicating){.first = 1, .steps = STEPS, .courses = COURSES}, 1);
    for (size_t c = 0; c < COURSES; c++) {
        const int *course = value + c * STEPS * 2;
        bool over = false;
        for (size_t s = 0; s < STEPS; s++) {
            assert_true(over ? course[2 * s] == 1 && course[2 * s + 1] == 0
                             : course[2 * s + 1] == 1 + course[2 * s]);
            over = course[2 * s] == 1;
        }
    }
    for (size_t s = 0; s < STEPS; s++) {
        const double p = pow(0.5, (double)s + 1);
        assert_true(fabs(share(&d, value, s, 0, 0) - p) < 4.5 * sqrt(p * (1 - p) / COURSES));
    }
    free(value);
    end(&d);
}

static void courses_are_their_own(void **state)
{
    (void)state;
    dt_options options = play_options(&told);
    dt_model *model;
    dt_history *history;
    assert_int_equal(dt_model_read("test/history/history-6.dtn", &options, &model), DT_OK);
    assert_int_equal(dt_history_read(model, "test/history/history-6.csv", &options, &history),
                     DT_OK);
    drawn d = begin(model, history);
    enum { WORLDS = 6, EACH = 5 };
    const size_t one = STEPS * d.observables, params = dt_model_count(model, DT_PARAMETERS);
    double world[WORLDS * 32];
    for (size_t w = 0; w < WORLDS; w++)
        memcpy(world + w * params, d.world, params * sizeof *world);
    int *all[2];
    for (int j = 0; j < 2; j++) {
        const dt_replicating asked = {.first = 2, .steps = STEPS, .courses = EACH, .seed = 7};
        all[j] = calloc(WORLDS * EACH * one, sizeof **all);
        assert_int_equal(dt_likelihood_replicate(d.likelihood, &asked, world, WORLDS,
                                                 &(dt_ensemble_options){.jobs = 1 + 2 * j},
                                                 &d.options, all[j], NULL),
                         DT_OK);
    }
    assert_memory_equal(all[0], all[1], WORLDS * EACH * one * sizeof **all);
    /* the eighth alone, and of another seed */
    dt_replicating asked = {.first = 2, .steps = STEPS, .courses = 1, .seed = 7, .number = 7};
    int *alone = draw(&d, &asked, 1);
    assert_memory_equal(alone, all[0] + 7 * one, one * sizeof *alone);
    free(alone);
    asked.courses = EACH;
    asked.number = 0;
    asked.seed = 8;
    alone = draw(&d, &asked, 1);
    assert_memory_not_equal(alone, all[0], EACH * one * sizeof *alone);
    free(alone);
    for (int j = 0; j < 2; j++)
        free(all[j]);
    end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_as_predicted),
        cmocka_unit_test(what_has_ended_stands),
        cmocka_unit_test(courses_are_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
